//! `symbolon bench expiry`: the month's end. All points of very many members run out at one moment,
//! the server's housekeeping books that, and tills go on selling.
//!
//! The points ran out years ago, and a mark in the database keeps the housekeeping from looking. So
//! tills can be measured before, on the very server that is measured while it runs; taking the mark
//! away is all that happens between. Tills sell to members who have nothing that runs out, because
//! what is measured must be the same work before and meanwhile; every tenth receipt is of a member
//! whose points run out, so that both book the same points at the same time. Before, these are a few
//! members in turns; meanwhile, any of them.

mod fill;
mod report;

use super::load::{self, Load, Outcome};
use super::server::{Server, Spent};
use super::taken::{Taken, booked_of_kind};
use super::{Place, Rate, Shape, server, shop};
use crate::app::{App, verify, verify_buckets};
use crate::cli::Format;
use crate::cli::bench::machine;
use crate::cli::output::{CliError, progress_bar};
use crate::store::DatabaseUrl;
use crate::world::World;
use clap::Args;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use symbolon_core::values::BUCKETS;

#[derive(Debug, Args)]
pub struct ExpiryArguments {
    /// An empty database; a file in a folder of its own, which is removed afterwards, where none is
    /// named.
    #[arg(long)]
    database: Option<String>,
    /// Lots that run out, all at one moment.
    #[arg(long, default_value_t = 1_000_000)]
    lots: u32,
    /// How many of them each member has.
    #[arg(long, default_value_t = 10)]
    lots_per_member: u32,
    /// Members of the shop besides.
    #[arg(long, default_value_t = 10_000)]
    members: u32,
    /// Receipts per second that arrive whatever becomes of those before, or a share of what was
    /// reached when each connection waited for its answer.
    #[arg(long, default_value = "50%")]
    rate: Rate,
    /// Connections, each of which waits for its answer before it sends the next receipt.
    #[arg(long, default_value_t = 128)]
    connections: usize,
    /// Rounds that are measured before; while the housekeeping runs, as many as it takes.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each round.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Active rules, five of which match.
    #[arg(long, default_value_t = 100)]
    rules: usize,
    /// Members whose books are folded again at the end, at least; everybody's where there are no
    /// more.
    #[arg(long, default_value_t = 150_000)]
    verified: u32,
    /// Where the file of the database lies; the working directory otherwise.
    #[arg(long, conflicts_with = "database")]
    folder: Option<PathBuf>,
}

/// How long the housekeeping may take to notice that there is something to do.
const NOTICED_WITHIN: Duration = Duration::from_secs(60);
/// How often somebody looks whether it is done.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// One receipt of so many is of a member whose points run out.
const MIXED_EVERY: usize = 10;
/// Before, these are the first of so many of those members.
const KNOWN_OF: u32 = 100;

/// Rounds of the same load.
#[derive(Debug, Default)]
struct Phase {
    /// All latencies of all rounds, and how many receipts were acknowledged.
    outcome: Outcome,
    receipts: u64,
    /// The p99 of each round, in milliseconds.
    p99_ms: Vec<f64>,
}

impl Phase {
    fn add(&mut self, outcome: &mut Outcome) {
        self.p99_ms.push(outcome.latency_ms(990));
        self.receipts += outcome.acknowledged.len() as u64;
        self.outcome.seconds += outcome.seconds;
        self.outcome.latencies.append(&mut outcome.latencies);
        self.outcome.latencies.sort_unstable();
    }

    fn per_second(&self) -> f64 {
        self.receipts as f64 / self.outcome.seconds.max(1e-9)
    }
}

/// What the housekeeping did.
#[derive(Debug)]
struct Settled {
    seconds: f64,
    /// Lots that it booked itself; the others were booked by receipts of their members.
    lots: u64,
    members: u64,
    spent: Spent,
}

/// Everything that a run works with.
struct Bench<'a> {
    arguments: &'a ExpiryArguments,
    app: App,
    server: Server,
    key: String,
    postmaster: Option<u32>,
    taken: Taken,
}

pub fn run(arguments: &ExpiryArguments, format: Format) -> Result<u8, CliError> {
    let numbers = [arguments.lots, arguments.lots_per_member, arguments.members];
    if numbers.contains(&0) || arguments.connections == 0 || arguments.rounds == 0 {
        let message = "lots, members, connections and rounds begin at 1";
        return Err(CliError::usage(message));
    }
    let place = Place::of(arguments.database.as_deref(), arguments.folder.as_deref())?;
    let url = DatabaseUrl::parse(&place.address).map_err(CliError::usage)?;
    let app = App::open(&url, World::Real).map_err(CliError::caused)?;
    let filled = fill::fill(&app, arguments)?;
    fill::hold_off(&app).map_err(CliError::caused)?;
    let key = app.new_key("bench").map_err(CliError::caused)?;
    let server = Server::start(&place.address, &place.secret(app.business.0))?;
    let postmaster = if place.file.is_none() { server::postmaster(&app) } else { None };
    let taken = Taken::new(&app)?;
    let mut bench = Bench { arguments, app, server, key, postmaster, taken };
    // Until caches are filled and members have a history; nothing of it is measured.
    bench.round(None, true)?;
    let mut closed = Phase::default();
    closed.add(&mut bench.round(None, true)?);
    let rate = match arguments.rate {
        Rate::PerSecond(rate) => rate,
        Rate::Share(share) => closed.per_second() * share,
    };
    let mut before = Phase::default();
    let bar = progress_bar(arguments.rounds as u64, "measuring before");
    for _ in 0..arguments.rounds {
        before.add(&mut bench.round(Some(rate), true)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let (settled, meanwhile) = bench.let_expire(rate)?;
    let memory = machine::memory(bench.server.pid()).largest_mib;
    let wrong_in_database = bench.check(&filled)?;
    let wrong = bench.taken.faults.wrong + bench.taken.faults.failed + wrong_in_database;
    let report = report::Report {
        arguments,
        machine: machine::machine(),
        file_system: place.file.as_deref().map(machine::file_system),
        durability: machine::durability(&bench.app).map_err(CliError::caused)?,
        filled: &filled,
        closed: closed.per_second(),
        rate,
        before: &before,
        meanwhile: &meanwhile,
        settled: &settled,
        memory_peak_mib: memory,
        wrong_in_database,
        taken: &bench.taken,
    };
    report.print(format);
    Ok(u8::from(wrong > 0))
}

impl Bench<'_> {
    /// Whom receipts are of, in turns.
    fn members(&self, is_before: bool) -> Vec<u32> {
        let ordinary = self.arguments.members;
        let expiring = fill::members_of(self.arguments);
        let known = if is_before { expiring.div_ceil(KNOWN_OF) } else { expiring };
        let mut members = Shape::Uniform.members(ordinary);
        let mut chance = fastrand::Rng::with_seed(7);
        for member in members.iter_mut().step_by(MIXED_EVERY) {
            *member = ordinary + chance.u32(0..known);
        }
        members
    }

    fn round(&mut self, rate: Option<f64>, is_before: bool) -> Result<Outcome, CliError> {
        let carts = shop::carts(Shape::Uniform);
        let members = self.members(is_before);
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
        let mut outcome = load::send(&load)?;
        if self.server.has_ended() {
            return Err(CliError::failed("the server has ended; its log says why"));
        }
        // Figures are the caller's; everything else is kept until the database is compared.
        let figures = Outcome {
            seconds: outcome.seconds,
            latencies: std::mem::take(&mut outcome.latencies),
            acknowledged: outcome.acknowledged.clone(),
            ..Outcome::default()
        };
        self.taken.take_in(outcome);
        Ok(figures)
    }

    /// Lets the housekeeping begin, and sells until it is done. Only rounds that lie wholly within
    /// count, where there is one.
    fn let_expire(&mut self, rate: f64) -> Result<(Settled, Phase), CliError> {
        let (app, pid) = (self.app.clone(), self.server.pid());
        let spent_before = Spent::now(&app, pid, self.postmaster)?;
        fill::let_begin(&app).map_err(CliError::caused)?;
        let began = wait_for_begin(&app)?;
        let (ended, stopped) = (OnceLock::new(), AtomicBool::new(false));
        let mut meanwhile = Phase::default();
        std::thread::scope(|scope| {
            scope.spawn(|| watch(&app, &ended, &stopped));
            let done = loop {
                let mut outcome = match self.round(Some(rate), false) {
                    Ok(outcome) => outcome,
                    Err(error) => break Err(error),
                };
                let is_over = ended.get().is_some();
                if !is_over || meanwhile.receipts == 0 {
                    meanwhile.add(&mut outcome);
                }
                if is_over {
                    break Ok(());
                }
            };
            stopped.store(true, Ordering::Relaxed);
            done
        })?;
        let spent = Spent::now(&self.app, pid, self.postmaster)?.since(spent_before);
        let ended: Timestamp = ended.get().copied().unwrap_or(began);
        let lots = fill::settled(&self.app).map_err(CliError::caused)?;
        let members = booked_of_kind(&self.app, "settlement")?;
        let seconds = ended.duration_since(began).as_secs_f64();
        Ok((Settled { seconds, lots, members, spent }, meanwhile))
    }

    /// Compares the database with all that was acknowledged and all that ran out. Says how many
    /// faults there are.
    fn check(&mut self, filled: &fill::Filled) -> Result<u64, CliError> {
        let mut faults = self.taken.compare(&self.app)?;
        faults += fill::compare(&self.app, filled).map_err(CliError::caused)?;
        let all = u64::from(self.arguments.members + filled.members);
        let share = u64::from(self.arguments.verified) * u64::from(BUCKETS);
        let buckets = u8::try_from(share.div_ceil(all)).unwrap_or(BUCKETS).clamp(1, BUCKETS);
        let bar = progress_bar(all * u64::from(buckets) / u64::from(BUCKETS), "verifying");
        let report = if buckets == BUCKETS {
            verify(&self.app, |done| bar.inc(done))
        } else {
            verify_buckets(&self.app, 0..buckets, |done| bar.inc(done))
        };
        bar.finish_and_clear();
        Ok(faults + self.taken.differences(&report.map_err(CliError::caused)?))
    }
}

/// Waits until the housekeeping has something to do, and says by which moment it judges.
fn wait_for_begin(app: &App) -> Result<Timestamp, CliError> {
    let waiting = load::now();
    while waiting.elapsed() < NOTICED_WITHIN {
        if let Some(work) = fill::work(app).map_err(CliError::caused)? {
            return Ok(work.judged_at);
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
    Err(CliError::failed("the housekeeping of the server does not begin"))
}

/// Notes when the housekeeping is done.
fn watch(app: &App, ended: &OnceLock<Timestamp>, stopped: &AtomicBool) {
    while !stopped.load(Ordering::Relaxed) {
        if matches!(fill::work(app), Ok(Some(work)) if work.position.is_none()) {
            let _ = ended.set(app.world.now());
            return;
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
}
