//! Nothing is lost: a real server is killed again and again while tills send, and every receipt
//! that was answered is there once, every other at most once.
//!
//! The driver remembers outside of the server what was asked and what was answered. `cargo test`
//! plays a few rounds; `SYMBOLON_CHAOS_ROUNDS=1000` plays as many as one likes. A round that fails
//! names its seed; `SYMBOLON_CHAOS_SEED` plays it again.

use crate::support::{Folder, by_bucket, programme_path, skip};
use crate::throwaway::Server;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use symbolon::app::{App, verify};
use symbolon::store::{DatabaseUrl, StoreError};
use symbolon::world::World;

const TILLS: u64 = 6;
const MEMBERS: u64 = 5;

/// Every lunch counts on a limit and on a budget, and every tenth or so ends one of them.
const WITH_LIMITS: &str = r#"
format = 1
id = "chaos"
name = "Chaos"
currency = "USD"
timezone = "America/New_York"
[points.points]
name.en = { one = "point", other = "points" }
[[rule]]
id = "points"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00" }
[[rule]]
id = "tenth"
on = "purchase"
for = "everyone"
limit = [{ per = "till", amount = "300.00", over = "cut" }, { per = "all", times = 100000 }]
discount = { percent = 10 }
"#;

/// What was sent under a key, and the receipt that the answer named.
type Sent = BTreeMap<String, (Value, Option<String>)>;

pub fn setting(name: &str, otherwise: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "how long to play is a setting")]
    let value = std::env::var(name).ok();
    value.and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// A server in a process of its own.
pub struct Running {
    child: Child,
    pub address: String,
    pub key: Option<String>,
}

impl Running {
    pub fn start(database: &str, folder: &Folder) -> Self {
        Self::start_in(database, folder, &[])
    }

    /// In an environment of its own. What it logs goes to the file `log`.
    pub fn start_in(database: &str, folder: &Folder, environment: &[(&str, &str)]) -> Self {
        let log = std::fs::File::create(folder.file("log")).expect("a log");
        let lanes = by_bucket() && database.starts_with("postgres:");
        let programme = if lanes {
            // With a limit and a budget for all, so that much is set aside in other buckets.
            folder.write("lanes.toml", WITH_LIMITS).display().to_string()
        } else {
            programme_path("boloco-card").display().to_string()
        };
        let secret = folder.file("codes.secret").display().to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_symbolon"))
            .args(["--format", "json", "serve", "--listen", "127.0.0.1:0"])
            .args(["--database", database, "--programme", &programme, "--secret-file", &secret])
            .args(if lanes { &["--lanes", "bucket"][..] } else { &[] })
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let said = serde_json::Deserializer::from_reader(out).into_iter::<Value>().next();
        let said = said.expect("it says where it is").expect("JSON");
        let address = said["address"].as_str().expect("an address");
        let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, address, key: said["access_key"].as_str().map(ToOwned::to_owned) }
    }

    /// Waits until it ends by itself, and gives its exit code.
    pub fn ends(mut self) -> Option<i32> {
        self.child.wait().expect("a child").code()
    }

    /// As a power cut does: no handler of it runs.
    pub fn kill(mut self) {
        self.child.kill().expect("a child");
        self.child.wait().expect("a child");
    }
}

/// One request on a connection of its own. Nothing where no whole answer came.
pub fn post(
    address: &str,
    key: &str,
    once: &str,
    path: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: till\r\nauthorization: Bearer {key}\r\n\
         idempotency-key: {once}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // A body that was cut off is no answer.
    Some((status, serde_json::from_str(body).ok()?))
}

pub fn phone(member: u64) -> String {
    format!("+1202555{member:04}")
}

pub fn receipt(till: u64, number: &str, chance: &mut fastrand::Rng) -> Value {
    let lines: Vec<Value> = (0..chance.u64(1..4))
        .map(|_| {
            let price = format!("{}.{:02}", chance.u64(1..30), chance.u64(0..100));
            json!({ "product": "lunch", "quantity": "1", "unit_price": price })
        })
        .collect();
    json!({
        "member": { "phone": phone(chance.u64(0..MEMBERS)) },
        "number": number, "location": "centre", "till": till.to_string(), "lines": lines,
    })
}

/// Sends receipts until the server is gone. Says what was sent and what was answered.
fn sell(address: &str, key: &str, till: u64, round: u64, seed: u64, stop: &AtomicBool) -> Sent {
    let mut chance = fastrand::Rng::with_seed(seed ^ till << 32);
    let mut sent = Sent::new();
    for number in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let once = format!("r{round}-t{till}-n{number}");
        let body = receipt(till, &once, &mut chance);
        let answer = post(address, key, &once, "/v1/receipts", &body);
        let id = answer.and_then(|(status, answer)| {
            (status == 201).then(|| answer["id"].as_str().expect("an id").to_owned())
        });
        let is_gone = id.is_none();
        sent.insert(once, (body, id));
        if is_gone {
            break;
        }
    }
    sent
}

/// How often each receipt number is booked.
pub fn booked(app: &App) -> BTreeMap<String, i64> {
    let rows = app.store.read(|reader| {
        let sql =
            "select label, count(*) as n from activity where label is not null group by label";
        let rows = reader.query(sql, &[])?;
        rows.iter().map(|row| Ok((row.get("label")?, row.get("n")?))).collect()
    });
    rows.map_err(|error: StoreError| error.to_string()).expect("the receipts")
}

/// Plays rounds of selling at so many servers, killing one, and looking at what is left.
fn play(database: &str, servers: u64, rounds: u64, crash: impl Fn(u64) -> bool) {
    let folder = Folder::new();
    let seed = setting("SYMBOLON_CHAOS_SEED", 42);
    let first = Running::start(database, &folder);
    let key = first.key.clone().expect("the first key");
    let mut all_running = VecDeque::from([first]);
    while (all_running.len() as u64) < servers {
        all_running.push_back(Running::start(database, &folder));
    }
    for member in 0..MEMBERS {
        let enrolled = post(
            &all_running[0].address,
            &key,
            &format!("m{member}"),
            "/v1/members",
            &json!({ "phone": phone(member) }),
        );
        assert_eq!(enrolled.map(|(status, _)| status), Some(201));
    }
    let url = DatabaseUrl::parse(database).expect("an address");
    let mut all = Sent::new();
    let mut answered = 0;
    for round in 0..rounds {
        let seed = seed.wrapping_add(round);
        let stop = Arc::new(AtomicBool::new(false));
        let sent = Arc::new(Mutex::new(Sent::new()));
        let tills: Vec<_> = (0..TILLS)
            .map(|till| {
                let at = usize::try_from(till % servers).expect("few servers");
                let (address, key) = (all_running[at].address.clone(), key.clone());
                let (stop, sent) = (Arc::clone(&stop), Arc::clone(&sent));
                std::thread::spawn(move || {
                    let of_till = sell(&address, &key, till, round, seed, &stop);
                    sent.lock().expect("the sent").extend(of_till);
                })
            })
            .collect();
        for _ in 0..fastrand::Rng::with_seed(seed).u64(2..120) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let database_went = crash(round);
        // The one that has run longest goes; the others go on selling.
        all_running.pop_front().expect("a server").kill();
        for _ in 0..if servers > 1 { 20 } else { 0 } {
            std::thread::sleep(Duration::from_millis(1));
        }
        stop.store(true, Ordering::Relaxed);
        for till in tills {
            till.join().expect("a till");
        }
        let sent = std::mem::take(&mut *sent.lock().expect("the sent"));
        let not_answered = sent.values().filter(|(_, id)| id.is_none()).count() as u64;
        // Where the database stays, only the tills of the killed server miss an answer.
        let at_killed = TILLS.div_ceil(servers);
        assert!(database_went || not_answered <= at_killed, "seed {seed}: {not_answered}");
        all_running.push_back(Running::start(database, &folder));
        let running = &all_running[0];
        let app = App::open(&url, World::Real).expect("the database");
        let there = booked(&app);
        for (once, (_, id)) in &sent {
            let times = there.get(once).copied().unwrap_or(0);
            let told = format!("seed {seed}, {once}, database killed: {database_went}");
            assert!(times <= 1, "{told}: booked {times} times");
            assert!(id.is_none() || times == 1, "{told}: answered, and lost");
        }
        // Asked again, an answered one has the same answer, and every other one is booked now.
        for (once, (body, id)) in &sent {
            let again = post(&running.address, &key, once, "/v1/receipts", body);
            let (status, answer) = again.unwrap_or_else(|| panic!("seed {seed}: no answer"));
            assert!(status == 200 || status == 201, "seed {seed}, {once}: {answer}");
            if let Some(id) = id {
                answered += 1;
                assert_eq!(answer["id"].as_str(), Some(id.as_str()), "seed {seed}, {once}");
            }
        }
        all.extend(sent);
        if round % 20 == 0 || round + 1 == rounds {
            let there = booked(&app);
            assert!(all.keys().all(|once| there.get(once) == Some(&1)), "seed {seed}");
            assert_eq!(there.len(), all.len(), "seed {seed}");
            let report = verify(&app, |_| {}).expect("it can be read");
            assert_eq!(report.differences, Vec::<String>::new(), "seed {seed}");
        }
    }
    all_running.into_iter().for_each(Running::kill);
    assert!(answered > 0, "no receipt was answered in {rounds} rounds");
    eprintln!("{rounds} rounds: {} receipts, {answered} of them answered", all.len());
}

#[test]
fn case_20_case_21_i9_a_killed_server_loses_nothing_on_sqlite() {
    let folder = Folder::new();
    let database = folder.database("chaos.db");
    play(&database, 1, setting("SYMBOLON_CHAOS_ROUNDS", 12), |_| false);
}

#[test]
fn case_20_case_21_i9_a_killed_server_and_database_lose_nothing_on_postgres() {
    let test = "case_20_case_21_i9_a_killed_server_and_database_lose_nothing_on_postgres";
    let server = match Server::start("chaos", "") {
        Ok(server) => server,
        Err(why) => return skip(test, &why),
    };
    let database = server.new_database("chaos").expect("a database");
    play(&database, 1, setting("SYMBOLON_CHAOS_ROUNDS", 12), |round| {
        let crashes = round % 2 == 1;
        if crashes {
            server.crash_and_start().expect("PostgreSQL starts again");
        }
        crashes
    });
}

/// Two servers on one database: one is killed again and again, and the other goes on selling.
#[test]
fn case_20_case_21_i9_one_of_two_servers_is_killed_on_postgres() {
    let test = "case_20_case_21_i9_one_of_two_servers_is_killed_on_postgres";
    let server = match Server::start("chaos-two", "") {
        Ok(server) => server,
        Err(why) => return skip(test, &why),
    };
    let database = server.new_database("chaos").expect("a database");
    play(&database, 2, setting("SYMBOLON_CHAOS_ROUNDS", 12), |round| {
        let crashes = round % 4 == 3;
        if crashes {
            server.crash_and_start().expect("PostgreSQL starts again");
        }
        crashes
    });
}
