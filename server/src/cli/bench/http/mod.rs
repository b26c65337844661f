//! `symbolon bench checkout`: durable checkouts over HTTP, with rules, JSON, keys and reasons.
//!
//! The server is another process of this program on a database that holds nothing else. Every
//! answer is compared with what it must be, and at the end the database is: each acknowledged
//! receipt is there once with its points, nothing else is, and the ledger verifies.

mod expiry;
mod load;
mod pgbench;
mod report;
mod sample;
mod server;
mod shop;
mod sqlite_ruler;
mod taken;

use crate::app::{App, verify};
use crate::cli::Format;
use crate::cli::bench::machine;
use crate::cli::output::{CliError, progress_bar};
use crate::store::DatabaseUrl;
use crate::world::World;
use clap::{Args, ValueEnum};
pub use expiry::{ExpiryArguments, run as run_expiry};
use load::Load;
use pgbench::{Script, Scripts};
use server::{Server, Spent};
use sqlite_ruler::SqliteRuler;
use std::path::{Path, PathBuf};
use std::time::Duration;
use taken::Taken;

#[derive(Debug, Args)]
pub struct CheckoutArguments {
    /// An empty database, or one that this benchmark used before; a file in a folder of its own,
    /// which is removed afterwards, where none is named. The working directory must lie on a real
    /// disk for its flushes to mean anything.
    #[arg(long)]
    database: Option<String>,
    /// Whose receipts they are; several are measured side by side.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "uniform")]
    shape: Vec<Shape>,
    /// Receipts per second that arrive whatever becomes of those before, or a share of what each
    /// shape reached in its closed rounds, such as 50%. Latency counts from the moment at which
    /// each was to arrive.
    #[arg(long)]
    rate: Option<Rate>,
    /// Connections, each of which waits for its answer before it sends the next receipt.
    #[arg(long, default_value_t = 128)]
    connections: usize,
    /// Measured rounds; all that is measured side by side is alternated within each.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each round.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Members of the shop.
    #[arg(long, default_value_t = 10_000)]
    members: u32,
    /// Active rules, five of which match.
    #[arg(long, default_value_t = 100)]
    rules: usize,
    /// Measures the same writes without Symbolon beside it: on PostgreSQL by pgbench, in plain
    /// statements and folded into two round trips; on SQLite one transaction each.
    #[arg(long)]
    rulers: bool,
    /// Numbers of clients of pgbench that are tried; the best of each script is its ruler.
    #[arg(long, value_delimiter = ',', default_value = "4,8,16,32,64")]
    clients: Vec<u32>,
    /// Writes the scripts of pgbench into a folder, to be run by hand, too.
    #[arg(long, value_name = "DIR")]
    write_pgbench: Option<PathBuf>,
}

/// Whose receipts they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Any member's, each as likely.
    Uniform,
    /// A few members' most of the time: Zipf's law with exponent 0.99.
    Zipf,
    /// One member's every tenth time.
    Hot,
    /// Any member's; every receipt uses one budget.
    Budget,
}

/// How fast receipts arrive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rate {
    PerSecond(f64),
    /// Of what was reached when each connection waited for its answer.
    Share(f64),
}

impl std::str::FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| *number > 0.0);
        let read = match text.strip_suffix('%') {
            Some(share) => number(share).map(|share| Self::Share(share / 100.0)),
            None => number(text).map(Self::PerSecond),
        };
        read.ok_or_else(|| "a number of receipts per second, or a share such as 50%".to_owned())
    }
}

/// How many picks of members are made beforehand; the load takes them in turns.
const PICKS: usize = 1 << 18;

impl Shape {
    /// Which member each receipt is of.
    fn members(self, members: u32) -> Vec<u32> {
        let mut chance = fastrand::Rng::with_seed(5);
        let mut any = || chance.u32(0..members.max(1));
        match self {
            Self::Uniform | Self::Budget => (0..PICKS).map(|_| any()).collect(),
            Self::Hot => (0..PICKS).map(|pick| if pick % 10 == 0 { 0 } else { any() }).collect(),
            Self::Zipf => {
                let mut sums = Vec::with_capacity(members as usize);
                let mut sum = 0.0;
                for rank in 1..=members {
                    sum += f64::from(rank).powf(-0.99);
                    sums.push(sum);
                }
                let pick = |share: f64| sums.partition_point(|up_to| *up_to < share * sum);
                (0..PICKS)
                    .map(|_| u32::try_from(pick(chance.f64())).unwrap_or(0).min(members - 1))
                    .collect()
            }
        }
    }
}

/// One thing that is measured, with the outcome of each round.
#[derive(Debug)]
struct Measured {
    shape: Shape,
    is_open: bool,
    rounds: Vec<Round>,
}

#[derive(Debug)]
struct Round {
    per_second: f64,
    rate: Option<f64>,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    acknowledged: u64,
    spent: Spent,
    /// The server's own memory at the end of the round, in MiB.
    memory_mib: u64,
}

/// A database, removed at the end where it was made for this run.
struct Place {
    address: String,
    file: Option<PathBuf>,
    temporary: Option<PathBuf>,
}

impl Place {
    /// The database that is named, or a file in a folder of its own below another one.
    fn of(database: Option<&str>, folder: Option<&Path>) -> Result<Self, CliError> {
        if let Some(address) = database {
            let file = address.strip_prefix("sqlite:").map(PathBuf::from);
            return Ok(Self { address: address.to_owned(), file, temporary: None });
        }
        let name = format!("symbolon-bench-{}", std::process::id());
        let folder = folder.map_or_else(|| PathBuf::from(&name), |folder| folder.join(&name));
        std::fs::create_dir_all(&folder).map_err(CliError::caused)?;
        let file = folder.join("shop.db");
        let address = format!("sqlite:{}", file.display());
        Ok(Self { address, file: Some(file), temporary: Some(folder) })
    }
}

impl Place {
    /// The file with the secret of codes: beside a file, and for a database elsewhere one that the
    /// next run on the same database finds again.
    fn secret(&self, business: u128) -> PathBuf {
        match &self.file {
            Some(file) => file.with_extension("secret"),
            None => std::env::temp_dir().join(format!("symbolon-bench-{business:032x}.secret")),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = &self.temporary {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

/// Everything that a run works with.
struct Bench<'a> {
    arguments: &'a CheckoutArguments,
    app: App,
    server: Server,
    key: String,
    postmaster: Option<u32>,
    taken: Taken,
}

/// The rulers of the database at hand.
enum Rulers {
    None,
    Postgres { scripts: Scripts, clients: [u32; 2] },
    Sqlite(Box<SqliteRuler>),
}

/// What a ruler reached in each round.
#[derive(Debug)]
struct RulerRates {
    name: &'static str,
    /// How many clients it has, where there can be several.
    clients: Option<u32>,
    per_second: Vec<f64>,
    /// Seconds of processor time for each checkout, its own and PostgreSQL's together.
    processor: Vec<f64>,
}

pub fn run(arguments: &CheckoutArguments, format: Format) -> Result<u8, CliError> {
    if arguments.members == 0 || arguments.connections == 0 || arguments.rounds == 0 {
        return Err(CliError::usage("members, connections and rounds begin at 1"));
    }
    let place = Place::of(arguments.database.as_deref(), None)?;
    let url = DatabaseUrl::parse(&place.address).map_err(CliError::usage)?;
    let is_postgres = place.file.is_none();
    let app = App::open(&url, World::Real).map_err(CliError::caused)?;
    shop::open(&app, arguments.rules, arguments.members)?;
    let key = app.new_key("bench").map_err(CliError::caused)?;
    let server = Server::start(&place.address, &place.secret(app.business.0))?;
    let taken = Taken::new(&app)?;
    let postmaster = if is_postgres { server::postmaster(&app) } else { None };
    let mut bench = Bench { arguments, app, server, key, postmaster, taken };
    // Until caches are filled and members have a history; nothing of it is measured.
    for shape in &arguments.shape {
        bench.round(*shape, None)?;
    }
    let mut rulers = bench.rulers(&place)?;
    let (measured, rates) = bench.measure(&mut rulers)?;
    let memory = machine::memory(bench.server.pid());
    let wrong_in_database = bench.check()?;
    let wrong = bench.taken.faults.wrong + bench.taken.faults.failed + wrong_in_database;
    let report = report::Report {
        arguments,
        machine: machine::machine(),
        file_system: place.file.as_deref().map(machine::file_system),
        durability: machine::durability(&bench.app).map_err(CliError::caused)?,
        measured: &measured,
        rulers: &rates,
        memory,
        wrong_in_database,
        faults: &bench.taken.faults,
        receipts: bench.taken.acknowledged.len(),
    };
    report.print(format);
    Ok(u8::from(wrong > 0))
}

impl Bench<'_> {
    /// One round of a load.
    fn round(&mut self, shape: Shape, rate: Option<f64>) -> Result<Round, CliError> {
        let carts = shop::carts(shape);
        let members = shape.members(self.arguments.members);
        let pid = self.server.pid();
        let before = Spent::now(&self.app, pid, self.postmaster)?;
        let load = Load {
            address: &self.server.address,
            key: &self.key,
            run: &self.taken.run,
            carts: &carts,
            members: &members,
            connections: self.arguments.connections,
            rate,
            lasts: Duration::from_secs(self.arguments.seconds),
            first: self.taken.sent,
        };
        let outcome = load::send(&load)?;
        let spent = Spent::now(&self.app, pid, self.postmaster)?.since(before);
        if self.server.has_ended() {
            return Err(CliError::failed("the server has ended; its log says why"));
        }
        let round = Round {
            per_second: outcome.per_second(),
            rate,
            p50_ms: outcome.latency_ms(500),
            p99_ms: outcome.latency_ms(990),
            max_ms: outcome.latency_ms(1_000),
            acknowledged: outcome.acknowledged.len() as u64,
            spent,
            memory_mib: machine::memory(pid).own_mib,
        };
        self.taken.take_in(outcome);
        Ok(round)
    }

    /// Alternates all that is measured, round by round.
    fn measure(
        &mut self,
        rulers: &mut Rulers,
    ) -> Result<(Vec<Measured>, Vec<RulerRates>), CliError> {
        let arguments = self.arguments;
        let mut all = Vec::new();
        for shape in &arguments.shape {
            all.push(Measured { shape: *shape, is_open: false, rounds: Vec::new() });
            if arguments.rate.is_some() {
                all.push(Measured { shape: *shape, is_open: true, rounds: Vec::new() });
            }
        }
        let mut rates = rulers.rates();
        let bar = progress_bar(arguments.rounds as u64, "measuring");
        for _ in 0..arguments.rounds {
            let mut closed = 0.0;
            for measured in &mut all {
                let rate = match (measured.is_open, arguments.rate) {
                    (false, _) | (_, None) => None,
                    (true, Some(Rate::PerSecond(rate))) => Some(rate),
                    (true, Some(Rate::Share(share))) => Some(closed * share),
                };
                let round = self.round(measured.shape, rate)?;
                if !measured.is_open {
                    closed = round.per_second;
                }
                measured.rounds.push(round);
            }
            rulers.round(&mut rates, arguments.seconds, self.postmaster)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok((all, rates))
    }

    /// Prepares the rulers, and finds the best number of clients of each script.
    fn rulers(&self, place: &Place) -> Result<Rulers, CliError> {
        let arguments = self.arguments;
        if !arguments.rulers && arguments.write_pgbench.is_none() {
            return Ok(Rulers::None);
        }
        let sample = sample::newest(&self.app).map_err(CliError::caused)?;
        let sample = sample.ok_or_else(|| CliError::failed("no receipt was booked"))?;
        if let Some(file) = &place.file {
            let beside = file.with_extension("ruler.db");
            drop(std::fs::remove_file(&beside));
            let ruler = SqliteRuler::new(&self.app, file, &beside, sample)?;
            return Ok(Rulers::Sqlite(Box::new(ruler)));
        }
        let own = std::env::temp_dir().join(format!("symbolon-pgbench-{}", std::process::id()));
        let folder: &Path = arguments.write_pgbench.as_deref().unwrap_or(&own);
        let mut scripts = Scripts::write(folder, &place.address, arguments.members, &sample)?;
        if !arguments.rulers {
            return Ok(Rulers::None);
        }
        scripts.set_up()?;
        let mut best = [0; 2];
        for (script, best) in [Script::Plain, Script::Folded].into_iter().zip(&mut best) {
            let mut most = 0.0;
            for clients in &arguments.clients {
                let (rate, _) = scripts.run(script, *clients, arguments.seconds.min(4))?;
                if rate > most {
                    (most, *best) = (rate, *clients);
                }
            }
        }
        Ok(Rulers::Postgres { scripts, clients: best })
    }

    /// Compares the database with all that was acknowledged. Says how many faults there are.
    fn check(&mut self) -> Result<u64, CliError> {
        let faults = self.taken.compare(&self.app)?;
        let bar = progress_bar(u64::from(self.arguments.members), "verifying");
        let report = verify(&self.app, |done| bar.inc(done)).map_err(CliError::caused)?;
        bar.finish_and_clear();
        Ok(faults + self.taken.differences(&report))
    }
}

impl Rulers {
    fn rates(&self) -> Vec<RulerRates> {
        let ruler = |name, clients| RulerRates {
            name,
            clients,
            per_second: Vec::new(),
            processor: Vec::new(),
        };
        match self {
            Self::None => Vec::new(),
            Self::Postgres { clients: [plain, folded], .. } => vec![
                ruler("pgbench, plain statements", Some(*plain)),
                ruler("pgbench, two round trips", Some(*folded)),
            ],
            Self::Sqlite(_) => vec![ruler("one transaction each", None)],
        }
    }

    /// One round of each ruler.
    fn round(
        &mut self,
        rates: &mut [RulerRates],
        seconds: u64,
        postmaster: Option<u32>,
    ) -> Result<(), CliError> {
        let own = std::process::id();
        for (place, rates) in rates.iter_mut().enumerate() {
            let used = || {
                machine::of_process(own).cpu_seconds
                    + machine::of_ended_children(own)
                    + postmaster.map_or(0.0, machine::of_family)
            };
            let before = used();
            let (rate, count) = match self {
                Self::None => return Ok(()),
                Self::Sqlite(ruler) => ruler.run(Duration::from_secs(seconds))?,
                Self::Postgres { scripts, clients } => {
                    let script = if place == 0 { Script::Plain } else { Script::Folded };
                    scripts.run(script, clients[place], seconds)?
                }
            };
            rates.per_second.push(rate);
            rates.processor.push((used() - before) / count.max(1) as f64);
        }
        Ok(())
    }
}
