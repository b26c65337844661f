//! The test application: a shop on a database of its own, and callers with the same verbs.
//!
//! The real routers are called in-process. Time stands still until a test moves it, and chance
//! has a seed, so that a failure happens again.

use crate::throwaway;
use crate::written;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use symbolon::api::{self, ApiState};
use symbolon::app::{App, LaneChoice, VerifyReport, lanes_choose, verify};
use symbolon::pages::{self, PagesState};
use symbolon::pipeline::Queue;
use symbolon::store::{DatabaseUrl, Store, StoreError};
use symbolon::world::World;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// One runtime for all tests, so that tests themselves stay plain functions.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime")
});

/// A folder of its own, gone when the test is over.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("symbolon-it-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        // A process that crashed may have had the same id.
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::write(&path, content).expect("a file in the temporary folder");
        path
    }

    /// The address of a database for a shop: in the folder, or where the tests are told to run.
    pub fn shop_database(&self) -> String {
        postgres_database().unwrap_or_else(|| self.database("shop.db"))
    }

    /// The address of a database in the folder.
    pub fn database(&self, name: &str) -> String {
        format!("sqlite:{}", self.file(name).display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository")
}

pub fn programme_path(name: &str) -> PathBuf {
    repository().join("programmes").join(format!("{name}.toml"))
}

pub fn programme_text(name: &str) -> String {
    std::fs::read_to_string(programme_path(name)).expect(name)
}

/// The programmes that come with the product.
pub const PROGRAMMES: [&str; 6] =
    ["action-points", "boloco-card", "discount-card", "early-bird", "flying-club", "supplier-b2b"];

pub fn moment(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// Noon of a Tuesday in New York, where the shops of the tests begin.
pub fn start() -> Timestamp {
    moment("2027-03-02T17:00:00Z")
}

/// Work that a machine without it skips; where everything must run, its absence is a failure.
pub fn skip(test: &str, why: &str) {
    #[expect(clippy::disallowed_methods, reason = "whether everything must run is a setting")]
    let must_run = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!must_run, "{test} has to run here: {why}");
    eprintln!("SKIPPED {test}: {why}");
}

/// A shop that runs a programme.
pub struct Shop {
    pub app: App,
    pub queue: Queue,
    key: String,
    router: Router,
    address: String,
    // Dropped last: the database lies in it.
    folder: Option<Arc<Folder>>,
}

impl Shop {
    /// In memory, with one of the programmes that come with the product.
    pub fn open(programme: &str) -> Self {
        Self::with_text(&programme_text(programme))
    }

    pub fn with_text(text: &str) -> Self {
        if let Some(address) = postgres_database() {
            return Self::at_address(&address, Some(Folder::new()), text);
        }
        Self::at_address("sqlite::memory:", None, text)
    }

    /// In a file: readers do not wait for the writer there.
    pub fn in_file(programme: &str) -> Self {
        Self::in_file_with_text(&programme_text(programme))
    }

    /// In a file, with a programme of the test's own.
    pub fn in_file_with_text(text: &str) -> Self {
        let folder = Folder::new();
        let address = folder.shop_database();
        Self::at_address(&address, Some(folder), text)
    }

    /// On a database of the test's own, whichever the others run on.
    pub fn at(address: &str, text: &str) -> Self {
        Self::at_address(address, Some(Folder::new()), text)
    }

    fn at_address(address: &str, folder: Option<Folder>, text: &str) -> Self {
        let app = open_app(address, text, 7);
        let key = app.first_key().expect("a key").expect("the first key");
        Self::serve(app, key, address.to_owned(), folder.map(Arc::new))
    }

    /// On a database that is open already; its secret lies in the folder.
    pub fn of(app: App, address: &str, folder: &Arc<Folder>) -> Self {
        let key = app.new_key("test").expect("a key");
        Self::serve(app, key, address.to_owned(), Some(Arc::clone(folder)))
    }

    /// Another server on the same database, as a second machine has it: it makes ids of its own.
    pub fn another(&self) -> Self {
        let url = DatabaseUrl::parse(&self.address).expect("an address");
        let app = App::open(&url, World::staged(self.now(), 8)).expect("a database");
        Self::serve(app, self.key.clone(), self.address.clone(), self.folder.clone())
    }

    fn serve(app: App, key: String, address: String, folder: Option<Arc<Folder>>) -> Self {
        let app = match &folder {
            Some(folder) if address.starts_with("postgres:") => {
                app.with_secret_file(folder.file("shop.secret"))
            }
            _ => app,
        };
        let queue = app.start_queue().expect("a queue");
        let router = api::router(ApiState { app: app.clone(), queue: queue.clone() })
            .merge(pages::router(PagesState { app: app.clone(), is_open: false }));
        Self { app, queue, key, router, address, folder }
    }

    /// The till: a caller with the access key.
    pub fn till(&self) -> Caller {
        let key = Some(format!("Bearer {}", self.key));
        Caller { router: self.router.clone(), authorization: key, headers: Vec::new() }
    }

    /// A caller with whatever stands in its header, or nothing.
    pub fn stranger(&self, authorization: Option<&str>) -> Caller {
        let authorization = authorization.map(ToOwned::to_owned);
        Caller { router: self.router.clone(), authorization, headers: Vec::new() }
    }

    /// Somebody who looks at the pages of a server that asks nobody who he is.
    pub fn visitor(&self) -> Caller {
        let router = pages::router(PagesState { app: self.app.clone(), is_open: true });
        Caller { router, authorization: None, headers: Vec::new() }
    }

    /// The routes, for a server on a real port.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The address of its database.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    pub fn now(&self) -> Timestamp {
        self.app.world.now()
    }

    pub fn later(&self, by: SignedDuration) {
        self.app.world.set_now(self.now() + by);
    }

    /// Enrols a member by phone and gives the id.
    pub fn enrol(&self, phone: &str) -> String {
        let answer = self.till().post("/v1/members", &json!({ "phone": phone }));
        answer.expect(201)["id"].as_str().expect("an id").to_owned()
    }

    pub fn counts(&self) -> Counts {
        counts(&self.app.store)
    }

    /// Everything that is stored agrees with everything else.
    pub fn assert_clean(&self) -> VerifyReport {
        assert_clean(&self.app)
    }
}

/// Whether the shops of the tests run on PostgreSQL instead of SQLite.
pub fn on_postgres() -> bool {
    #[expect(clippy::disallowed_methods, reason = "which database the tests run on is a setting")]
    let wanted = std::env::var("SYMBOLON_TEST_DATABASE");
    wanted.is_ok_and(|value| value == "postgres")
}

/// A new database on PostgreSQL, where the tests are told to run on that.
pub fn postgres_database() -> Option<String> {
    on_postgres().then(|| throwaway::new_database().expect("PostgreSQL"))
}

/// A statement that does damage, for the database that the tests run on: only there are JSON
/// columns no texts and moments no numbers.
pub fn damaging(sql: &str) -> String {
    if !on_postgres() {
        return sql.to_owned();
    }
    let sql = sql.replace("at = at + 1", "at = at + interval '1 microsecond'");
    let id = "00000000-0000-0000-0000-000000000001";
    let sql = sql.replace(&format!("x'{}'", id.replace('-', "")), &format!("'{id}'"));
    let Some((before, call)) = sql.split_once("replace(") else { return sql };
    let (column, rest) = call.split_once(',').expect("a column");
    let (texts, after) = rest.split_once(')').expect("an end");
    // What is written for every checkout stays letter by letter as it was written.
    let table = sql.trim_start().split(' ').nth(1).unwrap_or_default();
    match table {
        "member_state" | "idempotency_key" => return sql.clone(),
        "activity" => {
            return format!("{before}cast(replace(cast({column} as text),{texts}) as json){after}");
        }
        _ => {}
    }
    let texts = texts.replace("\":", "\": ");
    format!("{before}cast(replace(cast({column} as text),{texts}) as jsonb){after}")
}

/// Whether the tests run with lanes by bucket.
pub fn by_bucket() -> bool {
    #[expect(clippy::disallowed_methods, reason = "which lanes the tests have is a setting")]
    let wanted = std::env::var("SYMBOLON_TEST_LANES");
    wanted.is_ok_and(|value| value == "bucket")
}

pub fn open_app(address: &str, text: &str, seed: u64) -> App {
    let lanes = if by_bucket() { LaneChoice::Bucket } else { LaneChoice::One };
    open_with_lanes(address, text, seed, lanes)
}

pub fn open_with_lanes(address: &str, text: &str, seed: u64, lanes: LaneChoice) -> App {
    let url = DatabaseUrl::parse(address).expect("an address");
    let app = App::open(&url, World::staged(start(), seed)).expect("a database");
    let app = lanes_choose(app, lanes).expect("lanes");
    if lanes == LaneChoice::Bucket && address.starts_with("postgres:") {
        written::watch(&app.store);
    }
    app.publish("programme.toml", text, start()).expect("a programme");
    app
}

/// The ledger is clean; and where lanes go by bucket, no transaction so far touched two.
pub fn assert_clean(app: &App) -> VerifyReport {
    if app.store.is_shared() && app.pipeline().lanes.is_some() {
        assert_eq!(written::over_buckets(&app.store), Vec::<String>::new());
    }
    let report = verify(app, |_| {}).expect("the database can be read");
    assert_eq!(report.differences, Vec::<String>::new());
    report
}

/// How many rows each table has that a command may write to.
pub type Counts = BTreeMap<&'static str, i64>;

const TABLES: [&str; 8] = [
    "activity",
    "activity_progress",
    "entry",
    "idempotency_key",
    "identifier",
    "member_profile",
    "member_state",
    "natural_key",
];

pub fn counts(store: &Store) -> Counts {
    let counted = store.read(|reader| {
        TABLES
            .into_iter()
            .map(|table| {
                let row = reader.query_one(&format!("select count(*) as n from {table}"), &[])?;
                Ok::<_, StoreError>((table, row.get("n")?))
            })
            .collect()
    });
    counted.expect("the tables can be counted")
}

/// A caller of routes that are no shop's.
pub fn caller(router: Router, key: &str) -> Caller {
    Caller { router, authorization: Some(format!("Bearer {key}")), headers: Vec::new() }
}

/// Somebody who calls the server.
#[derive(Clone)]
pub struct Caller {
    router: Router,
    authorization: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Caller {
    /// The same caller with an idempotency key.
    pub fn once(&self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn header(&self, name: &'static str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.push((name, value.to_owned()));
        caller
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "application/json", Vec::new())
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, body.to_string())
    }

    /// Sends a body letter by letter, which JSON values cannot express.
    pub fn post_text(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send(Method::POST, path, "application/json", body.into())
    }

    pub fn post_form(&self, path: &str, body: &str) -> Answer {
        let form = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, form, body.as_bytes().to_vec())
    }

    pub fn send(&self, method: Method, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        RUNTIME.block_on(self.clone().sending(method, path, content_type, body))
    }

    /// For tests that send many at once.
    pub async fn sending(
        self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, content_type);
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let (parts, body) =
            self.router.oneshot(request).await.expect("a router always answers").into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The JSON of an answer that has to have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.text());
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The answer is problem details with this status and code; gives the whole of it.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{}",
            self.text()
        );
        let problem: Value = serde_json::from_slice(&self.body).expect("JSON");
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("urn:symbolon:problem:{code}"));
        for field in ["title", "detail"] {
            let text = problem[field].as_str().unwrap_or_default();
            assert!(!text.is_empty() && !text.contains('⟦'), "{field}: {problem}");
        }
        problem
    }

    pub fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }
}

/// A receipt as a till sends it, with defaults.
#[derive(Debug, Clone)]
pub struct Receipt(Value);

pub fn receipt(number: &str) -> Receipt {
    Receipt(json!({ "number": number, "location": "harbour", "till": "1", "lines": [] }))
}

/// A receipt without a number, which needs an idempotency key.
pub fn receipt_without_number() -> Receipt {
    Receipt(json!({ "location": "harbour", "till": "1", "lines": [] }))
}

impl Receipt {
    pub fn of(self, phone: &str) -> Self {
        self.with("member", json!({ "phone": phone }))
    }

    pub fn line(mut self, product: &str, quantity: &str, unit_price: &str) -> Self {
        let line = json!({ "product": product, "quantity": quantity, "unit_price": unit_price });
        self.0["lines"].as_array_mut().expect("lines").push(line);
        self
    }

    pub fn claims(self, reward: &str) -> Self {
        self.with("rewards", json!([{ "reward": reward }]))
    }

    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }

    pub fn json(&self) -> Value {
        self.0.clone()
    }
}

/// Runs the real program to its end.
pub fn symbolon(arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_symbolon"))
        .args(arguments)
        .output()
        .expect("the program starts");
    Ran { arguments: arguments.join(" "), output }
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Ran {
    arguments: String,
    output: Output,
}

impl Ran {
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub fn error(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// The same, once its exit code is checked.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        let Self { arguments, .. } = &self;
        let shown = format!("{arguments}\n{}\n{}", self.out(), self.error());
        assert_eq!(self.output.status.code(), Some(code), "{shown}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.output.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", self.arguments, self.out()))
    }
}
