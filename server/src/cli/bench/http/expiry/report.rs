//! What was measured of the month's end, for people and for programs.

use super::super::server::Spent;
use super::super::taken::{Faults, Taken};
use super::fill::Filled;
use super::{ExpiryArguments, Phase, Settled};
use crate::cli::Format;
use crate::cli::bench::machine::{self, Machine};
use crate::cli::bench::tools::{Spread, spread};
use crate::cli::output::{print_json, print_line};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub struct Report<'a> {
    pub arguments: &'a ExpiryArguments,
    pub machine: Machine,
    /// Where the database is a file.
    pub file_system: Option<String>,
    pub durability: BTreeMap<String, String>,
    pub filled: &'a Filled,
    /// Receipts per second when each connection waited for its answer.
    pub closed: f64,
    /// Receipts per second that arrived afterwards.
    pub rate: f64,
    pub before: &'a Phase,
    pub meanwhile: &'a Phase,
    pub settled: &'a Settled,
    pub memory_peak_mib: u64,
    pub wrong_in_database: u64,
    pub taken: &'a Taken,
}

impl Report<'_> {
    pub fn print(&self, format: Format) {
        match format {
            Format::Json => print_json(&self.json()),
            Format::Text => self.text(),
        }
    }

    fn lots_per_second(&self) -> f64 {
        self.settled.lots as f64 / self.settled.seconds.max(1e-9)
    }

    /// How many times as long the slowest hundredth waited while it ran.
    fn ratio(&self) -> f64 {
        self.meanwhile.outcome.latency_ms(990) / self.before.outcome.latency_ms(990).max(1e-9)
    }

    fn text(&self) {
        print_line(&machine::told(&self.machine, &self.durability));
        if let Some(kind) = &self.file_system {
            print_line(&format!("file system {kind}"));
        }
        let Filled { lots, members, seconds } = self.filled;
        print_line(&format!("{lots} lots of {members} members, filled in within {seconds:.0} s"));
        print_line(&format!(
            "{:.0} checkouts/s at their own pace; {:.0} arrive each second from then on",
            self.closed, self.rate
        ));
        phase_text("before", self.before);
        phase_text("meanwhile", self.meanwhile);
        print_line(&format!("p99 meanwhile to p99 before: × {:.2}", self.ratio()));
        let Settled { seconds, lots, members, spent } = self.settled;
        print_line(&format!(
            "{lots} lots of {members} members booked as run out in {seconds:.1} s: {:.0} lots/s; the \
             others were booked by receipts of their members",
            self.lots_per_second()
        ));
        let Spent { server, database, .. } = spent;
        print_line(&format!(
            "processor meanwhile, checkouts included: server {:.1} s, PostgreSQL {database:.1} s",
            server.cpu_seconds
        ));
        print_line(&format!("memory of the server: {} MiB at most", self.memory_peak_mib));
        let Faults { wrong, failed, turned_away, first } = &self.taken.faults;
        print_line(&format!(
            "{} receipts; wrong answers: {wrong}; failed: {failed}; turned away: {turned_away}; \
             wrong in the database: {}",
            self.taken.acknowledged.len(),
            self.wrong_in_database
        ));
        if let Some(first) = first {
            print_line(first);
        }
    }

    fn json(&self) -> Value {
        let Faults { wrong, failed, turned_away, .. } = &self.taken.faults;
        let Settled { seconds, lots, members, spent } = self.settled;
        json!({
            "benchmark": "expiry", "machine": self.machine, "file_system": self.file_system,
            "durability": self.durability,
            "lots": self.filled.lots, "members_with_lots": self.filled.members,
            "filled_in_seconds": self.filled.seconds,
            "members": self.arguments.members, "rules": self.arguments.rules,
            "connections": self.arguments.connections, "seconds": self.arguments.seconds,
            "closed_per_second": self.closed, "rate": self.rate,
            "before": phase_json(self.before), "meanwhile": phase_json(self.meanwhile),
            "p99_ratio": self.ratio(),
            "expiry": {
                "seconds": seconds, "lots": lots, "members": members,
                "lots_per_second": self.lots_per_second(),
                "processor_seconds": {
                    "server": spent.server.cpu_seconds, "postgres": spent.database,
                },
                "bytes_written": spent.log.map_or(spent.server.bytes_written, |log| log[0]),
            },
            "memory_peak_mib": self.memory_peak_mib, "receipts": self.taken.acknowledged.len(),
            "wrong_answers": wrong, "failed": failed, "turned_away": turned_away,
            "wrong_in_database": self.wrong_in_database,
        })
    }
}

fn phase_text(name: &str, phase: &Phase) {
    let at = |thousandths| phase.outcome.latency_ms(thousandths);
    let Spread { least, median, most } = spread(phase.p99_ms.iter().copied());
    print_line(&format!(
        "{name:>9}: {:.0} checkouts/s, p50 {:.2} ms, p99 {:.2} ms, largest {:.1} ms; p99 of {} \
         rounds {median:.2} ms ({least:.2} to {most:.2})",
        phase.per_second(),
        at(500),
        at(990),
        at(1_000),
        phase.p99_ms.len(),
    ));
}

fn phase_json(phase: &Phase) -> Value {
    let at = |thousandths| phase.outcome.latency_ms(thousandths);
    json!({
        "checkouts_per_second": phase.per_second(), "receipts": phase.receipts,
        "p50_ms": at(500), "p99_ms": at(990), "largest_ms": at(1_000),
        "rounds": phase.p99_ms.len(), "p99_ms_of_rounds": spread(phase.p99_ms.iter().copied()),
    })
}
