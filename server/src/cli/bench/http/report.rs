//! What was measured, for people and for programs.

use super::taken::Faults;
use super::{CheckoutArguments, Measured, Round, RulerRates};
use crate::cli::Format;
use crate::cli::bench::machine::{self, Machine, Memory};
use crate::cli::bench::tools::{Spread, spread};
use crate::cli::output::{print_json, print_line};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub struct Report<'a> {
    pub arguments: &'a CheckoutArguments,
    pub machine: Machine,
    /// Where the database is a file.
    pub file_system: Option<String>,
    pub durability: BTreeMap<String, String>,
    pub measured: &'a [Measured],
    pub rulers: &'a [RulerRates],
    pub memory: Memory,
    /// Receipts that are missing, there twice, wrong or never acknowledged, and differences that
    /// verifying found.
    pub wrong_in_database: u64,
    pub faults: &'a Faults,
    pub receipts: usize,
}

fn name_of(measured: &Measured) -> String {
    let shape = format!("{:?}", measured.shape).to_lowercase();
    if measured.is_open { format!("{shape}, open") } else { shape }
}

/// Microseconds of processor time for each receipt: server, load, database.
fn processor(rounds: &[Round]) -> [f64; 3] {
    let each = |of: fn(&Round) -> f64| {
        spread(rounds.iter().map(|round| of(round) * 1e6 / round.acknowledged.max(1) as f64)).median
    };
    [
        each(|round| round.spent.server.cpu_seconds),
        each(|round| round.spent.load.cpu_seconds),
        each(|round| round.spent.database),
    ]
}

/// Bytes written and flushes for each receipt, as far as somebody tells.
fn written(rounds: &[Round]) -> (f64, Option<f64>) {
    let each = |of: &dyn Fn(&Round) -> u64| {
        spread(rounds.iter().map(|round| of(round) as f64 / round.acknowledged.max(1) as f64))
            .median
    };
    let log = |place: usize| move |round: &Round| round.spent.log.map_or(0, |log| log[place]);
    if rounds.iter().any(|round| round.spent.log.is_some()) {
        (each(&log(0)), Some(each(&log(1))))
    } else {
        (each(&|round| round.spent.server.bytes_written), None)
    }
}

impl Report<'_> {
    pub fn print(&self, format: Format) {
        match format {
            Format::Json => print_json(&self.json()),
            Format::Text => self.text(),
        }
    }

    /// How many times as fast as a ruler each round was, round by round.
    fn ratio(&self, rates: &[f64]) -> Option<Spread> {
        let uniform = self.measured.iter().find(|measured| !measured.is_open)?;
        let both = uniform.rounds.iter().zip(rates);
        Some(spread(both.map(|(round, rate)| round.per_second / rate.max(1e-9))))
    }

    fn text(&self) {
        print_line(&machine::told(&self.machine, &self.durability));
        if let Some(kind) = &self.file_system {
            print_line(&format!("file system {kind}"));
        }
        for measured in self.measured {
            self.text_of(measured);
        }
        for ruler in self.rulers {
            self.text_of_ruler(ruler);
        }
        let Memory { own_mib, of_files_mib, largest_mib } = self.memory;
        print_line(&format!(
            "memory of the server: {own_mib} MiB of its own and {of_files_mib} MiB of files that it \
             looks into; {largest_mib} MiB at most"
        ));
        let Faults { wrong, failed, turned_away, first } = self.faults;
        print_line(&format!(
            "{} receipts; wrong answers: {wrong}; failed: {failed}; turned away: {turned_away}; \
             wrong in the database: {}",
            self.receipts, self.wrong_in_database
        ));
        if let Some(first) = first {
            print_line(first);
        }
    }

    fn text_of_ruler(&self, ruler: &RulerRates) {
        let Spread { least, median, most } = spread(ruler.per_second.iter().copied());
        let clients = ruler.clients.map_or(String::new(), |count| format!(", {count} clients"));
        let processor = spread(ruler.processor.iter().copied()).median * 1e6;
        print_line(&format!(
            "{}{clients}: {median:.0} checkouts/s ({least:.0} to {most:.0}), each {processor:.0} µs \
             of processor",
            ruler.name
        ));
        if let Some(Spread { least, median, most }) = self.ratio(&ruler.per_second) {
            print_line(&format!("    ours to that: × {median:.2} ({least:.2} to {most:.2})"));
        }
    }

    fn text_of(&self, measured: &Measured) {
        let rounds = &measured.rounds;
        let Spread { least, median, most } = spread(rounds.iter().map(|round| round.per_second));
        let of = |of: fn(&Round) -> f64| spread(rounds.iter().map(of));
        let (p50, p99, max) =
            (of(|round| round.p50_ms), of(|round| round.p99_ms), of(|round| round.max_ms));
        print_line(&format!(
            "{:>13}: {median:.0} checkouts/s ({least:.0} to {most:.0}), p50 {:.2} ms, p99 {:.2} ms, \
             largest {:.1} ms",
            name_of(measured),
            p50.median,
            p99.median,
            max.median,
        ));
        let [server, load, database] = processor(rounds);
        let (bytes, flushes) = written(rounds);
        let flushes = flushes.map_or(String::new(), |count| format!(", {count:.3} flushes"));
        print_line(&format!(
            "               each: {:.0} µs of processor (server {server:.0}, load {load:.0}, \
             PostgreSQL {database:.0}), {bytes:.0} bytes written{flushes}",
            server + load + database,
        ));
        let memory: Vec<String> = rounds.iter().map(|round| round.memory_mib.to_string()).collect();
        print_line(&format!("               own MiB after each round: {}", memory.join(" ")));
    }

    fn json(&self) -> Value {
        let measured = self.measured.iter().map(|measured| {
            let rounds = &measured.rounds;
            let [server, load, database] = processor(rounds);
            let (bytes, flushes) = written(rounds);
            let of = |of: fn(&Round) -> f64| spread(rounds.iter().map(of));
            json!({
                "shape": measured.shape,
                "load": if measured.is_open { "open" } else { "closed" },
                "rate": rounds.first().and_then(|round| round.rate),
                "checkouts_per_second": of(|round| round.per_second),
                "p50_ms": of(|round| round.p50_ms), "p99_ms": of(|round| round.p99_ms),
                "largest_ms": of(|round| round.max_ms),
                "processor_us": { "server": server, "load": load, "postgres": database },
                "bytes_written": bytes, "flushes": flushes,
                "memory_mib": rounds.iter().map(|round| round.memory_mib).collect::<Vec<_>>(),
            })
        });
        let rulers = self.rulers.iter().map(|ruler| {
            json!({
                "ruler": ruler.name, "clients": ruler.clients,
                "checkouts_per_second": spread(ruler.per_second.iter().copied()),
                "processor_us": spread(ruler.processor.iter().copied()).median * 1e6,
                "ours_to_that": self.ratio(&ruler.per_second),
            })
        });
        json!({
            "benchmark": "checkout", "machine": self.machine, "file_system": self.file_system,
            "durability": self.durability,
            "rules": self.arguments.rules, "members": self.arguments.members,
            "connections": self.arguments.connections, "rounds": self.arguments.rounds,
            "seconds": self.arguments.seconds,
            "measured": measured.collect::<Vec<_>>(), "rulers": rulers.collect::<Vec<_>>(),
            "memory": self.memory, "receipts": self.receipts,
            "wrong_answers": self.faults.wrong, "failed": self.faults.failed,
            "turned_away": self.faults.turned_away,
            "wrong_in_database": self.wrong_in_database,
        })
    }
}
