//! What the machine says: processor time, memory and bytes of processes, and what it is.
//!
//! It reads `/proc`. Where there is none, figures are missing and nothing else changes.

use crate::app::App;
use crate::store::StoreError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a process used so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Used {
    pub cpu_seconds: f64,
    /// Bytes that were handed to the disk.
    pub bytes_written: u64,
}

impl Used {
    pub fn since(self, before: Self) -> Self {
        Self {
            cpu_seconds: (self.cpu_seconds - before.cpu_seconds).max(0.0),
            bytes_written: self.bytes_written.saturating_sub(before.bytes_written),
        }
    }
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// The fields of `/proc/PID/stat` after the name, which may hold anything.
fn stat(pid: u32) -> Vec<u64> {
    let text = read(format!("/proc/{pid}/stat"));
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect()
}

/// Linux counts in hundredths of a second wherever Rust runs on it.
const TICKS_PER_SECOND: f64 = 100.0;

fn ticks(fields: &[u64], places: std::ops::Range<usize>) -> f64 {
    let sum: u64 = fields.get(places).map_or(0, |ticks| ticks.iter().sum());
    sum as f64 / TICKS_PER_SECOND
}

/// What one process used.
pub fn of_process(pid: u32) -> Used {
    let io = read(format!("/proc/{pid}/io"));
    let written = io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok());
    Used { cpu_seconds: ticks(&stat(pid), 11..13), bytes_written: written.unwrap_or(0) }
}

/// What all children of a process used that have ended.
pub fn of_ended_children(parent: u32) -> f64 {
    ticks(&stat(parent), 13..15)
}

/// What a process and all its children used, those included that have ended.
pub fn of_family(parent: u32) -> f64 {
    let mut seconds = ticks(&stat(parent), 11..15);
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let fields = stat(pid);
        if fields.get(1) == Some(&u64::from(parent)) {
            seconds += ticks(&fields, 11..13);
        }
    }
    seconds
}

/// The parent of a process.
pub fn parent_of(pid: u32) -> Option<u32> {
    stat(pid).get(1).and_then(|parent| u32::try_from(*parent).ok()).filter(|parent| *parent > 1)
}

/// Memory of a process, in MiB.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Memory {
    /// Its own, now.
    pub own_mib: u64,
    /// Pages of files that it looks into, now. The system keeps them for everybody, and takes them
    /// back as it likes.
    pub of_files_mib: u64,
    /// Both together, at their largest.
    pub largest_mib: u64,
}

pub fn memory(pid: u32) -> Memory {
    let status = read(format!("/proc/{pid}/status"));
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kibibytes.unwrap_or(0) / 1_024
    };
    Memory { own_mib: of("RssAnon:"), of_files_mib: of("RssFile:"), largest_mib: of("VmHWM:") }
}

/// What is measured on.
#[derive(Debug, Serialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_mib: u64,
    pub kernel: String,
}

pub fn machine() -> Machine {
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()))
    };
    let total = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let total = total.split_whitespace().next().and_then(|total| total.parse::<u64>().ok());
    Machine {
        processor: field(&read("/proc/cpuinfo"), "model name").unwrap_or_default(),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        memory_mib: total.unwrap_or(0) / 1_024,
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
    }
}

/// The kind of file system that a path lies on.
pub fn file_system(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mounts = read("/proc/mounts");
    let holding = mounts.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (place, kind) = (fields.nth(1)?, fields.next()?);
        path.starts_with(place).then_some((place.len(), kind))
    });
    holding.max_by_key(|(length, _)| *length).map_or(String::new(), |(_, kind)| kind.to_owned())
}

/// Machine and promises in two lines, for people.
pub fn told(machine: &Machine, durability: &BTreeMap<String, String>) -> String {
    let Machine { processor, cores, memory_mib, kernel } = machine;
    let promised: Vec<String> =
        durability.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!(
        "{cores} cores of {processor}, {memory_mib} MiB, Linux {kernel}\n{}",
        promised.join(", ")
    )
}

/// What is promised of a commit, as the engine itself says.
pub fn durability(app: &App) -> Result<BTreeMap<String, String>, StoreError> {
    let is_postgres = app.store.is_shared();
    let of_postgres = [
        "server_version",
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "wal_sync_method",
        "shared_buffers",
        "max_wal_size",
    ];
    let of_sqlite = ["journal_mode", "synchronous", "page_size"];
    let names: &[&str] = if is_postgres { &of_postgres } else { &of_sqlite };
    let mut found = BTreeMap::new();
    for name in names {
        let sql = match is_postgres {
            true => format!("select current_setting('{name}') as value"),
            false => format!("select cast({name} as text) as value from pragma_{name}"),
        };
        let value = match app.store.read(|reader| reader.query_optional(&sql, &[])) {
            Ok(Some(row)) => row.get::<String>("value")?,
            _ => continue,
        };
        found.insert((*name).to_owned(), value);
    }
    Ok(found)
}
