//! A PostgreSQL of the tests' own, thrown away when they end.
//!
//! It is started once, by the first test that asks for a database, with sockets in its folder and
//! no address on any network. Where PostgreSQL is not installed, tests say that they were skipped.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;
use symbolon::store::{DatabaseUrl, Store};

/// A server that runs, and the shell that ends it as soon as these tests are gone.
pub struct Server {
    folder: PathBuf,
    watching: Mutex<Child>,
}

/// What the shared server need not do, because nobody cuts its power.
const WITHOUT_FLUSHES: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

static SERVER: LazyLock<Result<Server, String>> =
    LazyLock::new(|| Server::start("shared", WITHOUT_FLUSHES));

/// The address of a new, empty database; or why there is none.
pub fn new_database() -> Result<String, String> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.as_ref().map_err(Clone::clone)?;
    server.new_database(&format!("test_{}", COUNTER.fetch_add(1, Ordering::Relaxed)))
}

impl Server {
    /// The folder of its socket.
    pub fn host(&self) -> String {
        self.folder.display().to_string()
    }

    /// The address of a new, empty database on this server.
    pub fn new_database(&self, name: &str) -> Result<String, String> {
        let sql = format!("create database {name}");
        // Two at a time want the same template.
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let made = Command::new(tool("psql")?)
            .args(["-h", &self.folder.display().to_string(), "-U", "symbolon", "-d", "postgres"])
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-c", &sql])
            .output()
            .map_err(|error| format!("psql: {error}"))?;
        drop(turn);
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into_owned());
        }
        let host = self.folder.display().to_string().replace('/', "%2F");
        Ok(format!("postgres://symbolon@{host}/{name}"))
    }

    /// Stops the server at once, as if its power were cut, and starts it again.
    pub fn crash_and_start(&self) -> Result<(), String> {
        let before = self.starts();
        self.tell("crash")?;
        // Whoever answers before the next start is the one that is about to be stopped.
        for _ in 0..30_000 {
            if self.starts() > before {
                return self.wait();
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err("PostgreSQL was not started again".to_owned())
    }

    /// How often it was started.
    fn starts(&self) -> usize {
        std::fs::read(self.folder.join("starts")).map_or(0, |lines| lines.len())
    }

    fn tell(&self, line: &str) -> Result<(), String> {
        let mut watching = self.watching.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let input = watching.stdin.as_mut().ok_or("the shell has no input")?;
        writeln!(input, "{line}").and_then(|()| input.flush()).map_err(|error| error.to_string())
    }

    /// Starts a server of its own. It ends with the tests.
    pub fn start(name: &str, settings: &str) -> Result<Server, String> {
        let server = start(name, settings)?;
        server.wait()?;
        Ok(server)
    }

    /// Waits until it answers.
    fn wait(&self) -> Result<(), String> {
        let host = self.folder.display().to_string().replace('/', "%2F");
        let url = DatabaseUrl::parse(&format!("postgres://symbolon@{host}/postgres"))
            .map_err(|error| error.to_string())?;
        let mut last = String::new();
        for _ in 0..30_000 {
            match Store::open(&url) {
                Ok(_) => return Ok(()),
                Err(error) => last = format!("{error:?}"),
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("PostgreSQL did not start: {last}\n{log}"))
    }
}

fn start(name: &str, settings: &str) -> Result<Server, String> {
    let folder = std::env::temp_dir().join(format!("symbolon-pg-{}-{name}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let data = folder.join("data");
    let (initdb, postgres) = (tool("initdb")?, tool("postgres")?);
    let owner = unprivileged(&folder)?;
    let quoted = |path: &Path| format!("'{}'", path.display());
    // The standard input ends when the tests do, however they end; then the server is stopped at
    // once and its folder goes.
    let script = format!(
        "{initdb} -D {data} -U symbolon -A trust -E UTF8 --locale=C --no-sync >{log} 2>&1 || exit 1
         begin() {{
            echo >>{starts}
            {postgres} -D {data} -k {folder} -c listen_addresses= -c max_connections=400 \
                -c deadlock_timeout=100ms {settings} >>{log} 2>&1 &
            pid=$!
         }}
         begin
         while read -r line; do kill -QUIT $pid; wait $pid; begin; done
         kill -QUIT $pid
         wait $pid
         rm -rf {data}",
        initdb = quoted(&initdb),
        postgres = quoted(&postgres),
        data = quoted(&data),
        folder = quoted(&folder),
        log = quoted(&folder.join("log")),
        starts = quoted(&folder.join("starts")),
    );
    let mut command = match owner {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--", "sh", "-c", &script]);
            command
        }
        None => {
            let mut command = Command::new("sh");
            command.args(["-c", &script]);
            command
        }
    };
    let watching = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the server cannot be started: {error}"))?;
    Ok(Server { folder, watching: Mutex::new(watching) })
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package made.
fn unprivileged(folder: &Path) -> Result<Option<&'static str>, String> {
    let id = Command::new("id").arg("-u").output().map_err(|error| error.to_string())?;
    if id.stdout.trim_ascii() != b"0" {
        return Ok(None);
    }
    for user in ["postgres", "nobody"] {
        let owned = Command::new("chown").arg(user).arg(folder).status();
        if owned.is_ok_and(|status| status.success()) {
            return Ok(Some(user));
        }
    }
    Err("PostgreSQL does not run as root, and there is no other user".to_owned())
}

/// A program of PostgreSQL: on the path, or where Debian keeps those that are not.
pub fn tool(name: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|v| v.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.ok_or_else(|| format!("{name} of PostgreSQL is not installed"))
}
