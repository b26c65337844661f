//! A disk that fails under a real server: nothing that was answered is lost, nothing that was not
//! is there twice, and the server says that it stopped instead of pretending.
//!
//! The faults come from a small library that is laid before the server's C library; it needs a C
//! compiler, which building the program needs as well.

use crate::chaos::{Running, booked, phone, post, receipt};
use crate::support::{Folder, skip};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use symbolon::app::{App, verify};
use symbolon::store::DatabaseUrl;
use symbolon::world::World;

/// More receipts than are booked before any of the faults below.
const RECEIPTS_MAX: u64 = 400;

fn failing_disk(folder: &Folder) -> Result<PathBuf, String> {
    let source = folder.write("disk.c", include_str!("faults/disk.c"));
    let library = folder.file("disk.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .output()
        .map_err(|error| format!("there is no C compiler: {error}"))?;
    match made.status.success() {
        true => Ok(library),
        false => Err(String::from_utf8_lossy(&made.stderr).into_owned()),
    }
}

/// Sells until the disk fails. After a failed flush nothing of earlier writes is certain: the
/// server has to stop by itself, and to say so.
fn play(library: &str, kind: &str, after: u64) {
    let folder = Folder::new();
    let database = folder.database("shop.db");
    let (armed, path) = (folder.file("armed"), folder.file("shop.db"));
    let (armed, path) = (armed.display().to_string(), path.display().to_string());
    let number = after.to_string();
    let running = Running::start_in(
        &database,
        &folder,
        &[
            ("LD_PRELOAD", library),
            ("FAULT_KIND", kind),
            ("FAULT_AFTER", &number),
            ("FAULT_ARMED", &armed),
            ("FAULT_PATH", &path),
        ],
    );
    let key = running.key.clone().expect("the first key");
    for member in 0..5 {
        let body = json!({ "phone": phone(member) });
        let enrolled = post(&running.address, &key, &format!("m{member}"), "/v1/members", &body);
        assert_eq!(enrolled.map(|(status, _)| status), Some(201));
    }
    folder.write("armed", "");
    let mut chance = fastrand::Rng::with_seed(after);
    let mut sent: Vec<(String, Value, Option<Value>)> = Vec::new();
    let mut failures = 0;
    // A server that stopped for good answers nobody; on a full disk it goes on refusing.
    let enough = if kind == "flush" { 1 } else { 3 };
    while failures < enough {
        let once = format!("n{}", sent.len());
        let body = receipt(1, &once, &mut chance);
        let answer = post(&running.address, &key, &once, "/v1/receipts", &body);
        let is_booked = answer.as_ref().is_some_and(|(status, _)| *status == 201);
        failures += u32::from(!is_booked);
        sent.push((once, body, answer.filter(|_| is_booked).map(|(_, answer)| answer)));
        assert!((sent.len() as u64) < RECEIPTS_MAX, "{kind} {after}: the disk never failed");
    }
    if kind == "flush" {
        assert_eq!(running.ends(), Some(1), "{kind} {after}");
        let log = std::fs::read_to_string(folder.file("log")).expect("the log");
        assert!(log.contains("lost its durability"), "{kind} {after}: {log}");
        assert!(log.contains("the server has stopped"), "{kind} {after}: {log}");
    } else {
        running.kill();
    }
    std::fs::remove_file(folder.file("armed")).expect("it is there");

    // The disk is well again. What was answered is there once, all else at most once.
    let running = Running::start(&database, &folder);
    let url = DatabaseUrl::parse(&database).expect("an address");
    let app = App::open(&url, World::Real).expect("the database");
    let there = booked(&app);
    for (once, body, answer) in &sent {
        let times = there.get(once).copied().unwrap_or(0);
        assert!(times <= 1, "{kind} {after}, {once}: booked {times} times");
        assert!(answer.is_none() || times == 1, "{kind} {after}, {once}: answered, and lost");
        let again = post(&running.address, &key, once, "/v1/receipts", body);
        let (status, again) = again.expect("an answer");
        assert!(status == 200 || status == 201, "{kind} {after}, {once}: {again}");
        assert!(answer.as_ref().is_none_or(|answer| answer["id"] == again["id"]));
    }
    let report = verify(&app, |_| {}).expect("it can be read");
    assert_eq!(report.differences, Vec::<String>::new(), "{kind} {after}");
    assert_eq!(report.members, 5);
    running.kill();
}

/// Case 23, I9: flushes that fail, a disk that is full, and one that takes half of a write.
#[test]
fn case_23_i9_a_disk_that_fails_loses_nothing_that_was_answered() {
    let test = "case_23_i9_a_disk_that_fails_loses_nothing_that_was_answered";
    if !cfg!(target_os = "linux") {
        return skip(test, "LD_PRELOAD is of Linux");
    }
    let folder = Folder::new();
    let library = match failing_disk(&folder) {
        Ok(library) => library.display().to_string(),
        Err(why) => return skip(test, &why),
    };
    for after in [1, 2, 3, 7, 20] {
        for kind in ["flush", "write", "short"] {
            play(&library, kind, after);
        }
    }
}
