//! The public tools that a load of rows is laid beside: `psql` and `sqlite3`, with scripts that
//! anybody can run by hand.
//!
//! What they load lies ready in a file, so that only the loading is measured.

use crate::cli::output::CliError;
use crate::store::DatabaseUrl;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A folder that is removed with everything in it when the benchmark ends.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Beside what else is temporary on this machine, or where `--folder` says.
    pub fn new(parent: Option<&Path>) -> Result<Self, CliError> {
        let name = format!("symbolon-bench-{}", std::process::id());
        let path = parent.map_or_else(std::env::temp_dir, Path::to_path_buf).join(name);
        std::fs::create_dir_all(&path).map_err(CliError::caused)?;
        Ok(Self(path))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is only temporary files that stay.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Seconds that a job takes.
pub fn seconds<T>(job: impl FnOnce() -> Result<T, CliError>) -> Result<(T, f64), CliError> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
    let started = Instant::now();
    let done = job()?;
    Ok((done, started.elapsed().as_secs_f64()))
}

/// The smallest, the middle and the largest of some figures.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

pub fn spread(figures: impl IntoIterator<Item = f64>) -> Spread {
    let mut all: Vec<f64> = figures.into_iter().collect();
    all.sort_by(f64::total_cmp);
    let at = |place: usize| all.get(place).copied().unwrap_or_default();
    let last = all.len().saturating_sub(1);
    Spread { least: at(0), median: at(all.len() / 2), most: at(last) }
}

/// Where a round measures: an SQLite file of its own, or a database of its own on a server.
#[derive(Debug)]
pub enum Place {
    Sqlite(PathBuf),
    Postgres { server: String, database: String },
}

impl Place {
    /// A new place for each round. `address` is a database on the server in which others are made.
    pub fn new(address: Option<&str>, folder: &Folder, name: &str) -> Result<Self, CliError> {
        let Some(server) = address.filter(|address| address.starts_with("postgres")) else {
            if address.is_some() {
                let hint = "leave it out for SQLite: each round has a file of its own";
                return Err(CliError::usage("--database is for PostgreSQL here").hinted(hint));
            }
            return Ok(Self::Sqlite(folder.file(&format!("{name}.db"))));
        };
        let database = format!("symbolon_bench_{}_{name}", std::process::id());
        let place = Self::Postgres { server: server.to_owned(), database: database.clone() };
        run("psql", &psql_arguments(server), &format!("create database {database};"))?;
        Ok(place)
    }

    pub fn address(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres { server, database } => in_database(server, database),
        }
    }

    /// A file of its own in a folder, such as for its secret.
    pub fn file(&self, folder: &Folder, extension: &str) -> PathBuf {
        match self {
            Self::Sqlite(path) => path.with_extension(extension),
            Self::Postgres { database, .. } => folder.file(&format!("{database}.{extension}")),
        }
    }

    pub fn url(&self) -> Result<DatabaseUrl, CliError> {
        DatabaseUrl::parse(&self.address()).map_err(CliError::usage)
    }

    pub fn tool(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite3",
            Self::Postgres { .. } => "psql",
        }
    }

    /// Runs a script with the public tool.
    pub fn run_script(&self, script: &str) -> Result<(), CliError> {
        match self {
            Self::Sqlite(path) => {
                let arguments = ["-bail".to_owned(), path.display().to_string()];
                run("sqlite3", &arguments, script)
            }
            Self::Postgres { .. } => run("psql", &psql_arguments(&self.address()), script),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Postgres { server, database } = self {
            let script = format!("drop database if exists {database} with (force);");
            if let Err(error) = run("psql", &psql_arguments(server), &script) {
                tracing::warn!(message = error.message, "a database of the benchmark stays");
            }
        }
    }
}

/// The same server, another database.
fn in_database(server: &str, database: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let host = address.rsplit_once('/').map_or(address, |(host, _)| host);
    format!("{host}/{database}{options}")
}

fn psql_arguments(address: &str) -> Vec<String> {
    ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", address].map(str::to_owned).to_vec()
}

fn run(tool: &str, arguments: &[String], script: &str) -> Result<(), CliError> {
    let failed = |what: String| CliError::failed(format!("{tool}: {what}"));
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            failed(error.to_string()).hinted("the ruler is run with it, so it has to be installed")
        })?;
    if let Some(mut input) = child.stdin.take() {
        // A tool that ended early says why by itself.
        drop(input.write_all(script.as_bytes()));
    }
    let ended = child.wait_with_output().map_err(CliError::caused)?;
    let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
    if ended.status.success() { Ok(()) } else { Err(failed(said)) }
}
