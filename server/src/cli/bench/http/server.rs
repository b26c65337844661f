//! The server that is measured: another process of this very program, so that its memory and its
//! processor time are told apart from those of the load.

use crate::app::App;
use crate::cli::bench::machine::{self, Used};
use crate::cli::output::CliError;
use crate::store::StoreError;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts the server on a free port and waits until it says where it listens.
    pub fn start(database: &str, secret: &Path) -> Result<Self, CliError> {
        let program = std::env::current_exe().map_err(CliError::caused)?;
        let mut child = Command::new(program)
            .args(["serve", "--format", "json", "--listen", "127.0.0.1:0", "--database", database])
            .arg("--secret-file")
            .arg(secret)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(CliError::caused)?;
        let mut said = String::new();
        let mut output = child.stdout.take();
        let mut byte = [0];
        // It says one JSON object and then nothing more, so it is read up to its end only.
        while serde_json::from_str::<serde_json::Value>(&said).is_err() {
            match output.as_mut().map(|output| output.read(&mut byte)) {
                Some(Ok(1)) => said.push(char::from(byte[0])),
                _ => return Err(CliError::failed("the server did not start")),
            }
        }
        let said: serde_json::Value = serde_json::from_str(&said).map_err(CliError::caused)?;
        let Some(address) = said["address"].as_str() else {
            return Err(CliError::failed(format!("the server did not start: {}", said["error"])));
        };
        let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Ok(Self { child, address })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it ended although nobody told it to.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Every receipt has its answer by now; what was acknowledged needs no farewell.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What everybody used up to a moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    pub server: Used,
    pub load: Used,
    /// PostgreSQL, where it runs on this machine.
    pub database: f64,
    /// What PostgreSQL wrote into its log, and how often it brought it to the disk.
    pub log: Option<[u64; 2]>,
}

impl Spent {
    pub fn now(app: &App, server: u32, postmaster: Option<u32>) -> Result<Self, CliError> {
        let log = match postmaster {
            None => None,
            Some(_) => Some(log_of(app).map_err(CliError::caused)?),
        };
        Ok(Self {
            server: machine::of_process(server),
            load: machine::of_process(std::process::id()),
            database: postmaster.map_or(0.0, machine::of_family),
            log,
        })
    }

    pub fn since(self, before: Self) -> Self {
        let log = self.log.zip(before.log).map(|(now, before)| {
            [now[0].saturating_sub(before[0]), now[1].saturating_sub(before[1])]
        });
        Self {
            server: self.server.since(before.server),
            load: self.load.since(before.load),
            database: (self.database - before.database).max(0.0),
            log,
        }
    }
}

fn log_of(app: &App) -> Result<[u64; 2], StoreError> {
    let row = app.store.read(|reader| {
        reader.query_one(
            "select cast(wal_bytes as bigint) as bytes, wal_sync as flushes from pg_stat_wal",
            &[],
        )
    })?;
    Ok([row.get::<i64>("bytes")?.unsigned_abs(), row.get::<i64>("flushes")?.unsigned_abs()])
}

/// The process to which all of PostgreSQL belongs; none where it runs elsewhere.
pub fn postmaster(app: &App) -> Option<u32> {
    let row = app.store.read(|reader| reader.query_one("select pg_backend_pid() as pid", &[]));
    let pid: u32 = row.ok()?.get("pid").ok()?;
    machine::parent_of(pid)
}
