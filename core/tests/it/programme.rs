//! Reading programmes: what is wrong with a text, where, and what to do; and what is right.

mod findings;
mod problems;
mod sound;

use std::fmt::Write as _;
use symbolon_core::programme::{Reading, Severity, read};

/// The lines that every programme needs; what a row adds begins on line 6.
pub const HEAD: &str =
    "format = 1\nid = \"test\"\nname = \"Test\"\ncurrency = \"USD\"\ntimezone = \"UTC\"\n";

/// Every remark of a severity as `line:column: message | hint`, one on each line.
fn remarks(reading: &Reading, severity: Severity) -> String {
    let mut told = String::new();
    for remark in reading.remarks.iter().filter(|remark| remark.severity == severity) {
        let hint =
            if remark.hint.is_empty() { String::new() } else { format!(" | {}", remark.hint) };
        let _ = writeln!(told, "{}:{}: {}{hint}", remark.line, remark.column, remark.message);
    }
    told
}

/// Reads a text that must be no programme; gives what is wrong with it.
fn errors(text: &str) -> String {
    let reading = read("test.toml", text);
    assert!(reading.programme.is_none(), "half a programme was read:\n{text}");
    assert!(reading.remarks.iter().all(|remark| remark.file == "test.toml"));
    remarks(&reading, Severity::Error)
}
