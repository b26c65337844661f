//! Recorded receipts in memory: how many a core decides and books in a second.

use super::ReplayBenchArguments;
use crate::app::{App, run_documents, settle_all};
use crate::cli::Format;
use crate::cli::output::{CliError, print_json, print_line};
use crate::cli::programme_file::{programme_of, programme_text};
use crate::insight::{History, Recount, recount};
use crate::receipts_csv::{CsvOptions, read_csv};
use crate::recorded::{Document, DocumentKind};
use crate::store::DatabaseUrl;
use crate::store::nouns::directories::{Identifier, identifiers_find};
use crate::store::nouns::members::member_walked;
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use symbolon_core::engine::{Line, Purchase};
use symbolon_core::member::MemberState;
use symbolon_core::programme::Programme;
use symbolon_core::values::{Money, Quantity};

const FLYING_CLUB: &str = include_str!("../../../../programmes/flying-club.toml");

/// The made-up receipts are the same every time.
const SEED: u64 = 4;

pub fn run(arguments: &ReplayBenchArguments, format: Format) -> Result<u8, CliError> {
    let (name, text) = match &arguments.programme {
        Some(path) => {
            (path.display().to_string(), programme_text(path, arguments.currency.as_deref())?)
        }
        None => ("flying-club".to_owned(), FLYING_CLUB.to_owned()),
    };
    let programme = programme_of(&name, &text)?;
    let documents = match (&arguments.receipts, &arguments.map) {
        (Some(path), Some(map)) => {
            let options =
                CsvOptions { map, rows_are: "receipts", date_format: None, location: "bench" };
            read_csv(path, &programme, &options).map_err(CliError::usage)?.documents
        }
        _ => made_up(arguments.count),
    };
    let history = History::of_documents(documents.clone());
    let receipts = history.receipts();
    let members = history.members.iter().filter(|member| member.member.is_some()).count();
    let every = (members / arguments.sample.max(1)).max(1);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let one = measure(&history, &programme, 1, arguments.rounds);
    let all = measure(&history, &programme, threads, arguments.rounds);
    let kept = recount(&history, &programme, 1, Some(every), &|_| {});
    let mut wrong = one.wrong + all.wrong + u64::from(kept.figures != one.recount.figures);
    let compared = kept.kept.len();
    wrong += compare(&name, &text, documents, kept)?;
    let per_second = |seconds: f64| receipts as f64 / seconds;
    let per_core = per_second(all.median) / all.recount.threads as f64;
    match format {
        Format::Json => print_json(&json!({
            "benchmark": "replay", "programme": name, "receipts": receipts, "members": members,
            "rounds": arguments.rounds,
            "one_thread": { "seconds": one.median, "receipts_per_second": per_second(one.median) },
            "all_threads": {
                "threads": all.recount.threads, "seconds": all.median,
                "receipts_per_second": per_second(all.median),
                "receipts_per_second_per_core": per_core,
            },
            "members_compared_with_the_pipeline": compared,
            "wrong_answers": wrong,
        })),
        Format::Text => {
            print_line(&format!("{receipts} receipts of {members} members by {name}"));
            print_line(&format!(
                "one thread: {:.0} receipts/s; {} threads: {:.0} receipts/s, {per_core:.0} per core",
                per_second(one.median),
                all.recount.threads,
                per_second(all.median),
            ));
            print_line(&format!(
                "{compared} members compared with the pipeline; wrong answers: {wrong}"
            ));
        }
    }
    Ok(u8::from(wrong > 0))
}

struct Measured {
    recount: Recount,
    median: f64,
    /// Balances that entries do not explain, and rounds that came to something else.
    wrong: u64,
}

fn measure(
    history: &History,
    programme: &Arc<Programme>,
    threads: usize,
    rounds: usize,
) -> Measured {
    let first = recount(history, programme, threads, None, &|_| {});
    let mut wrong = first.figures.wrong_balances() + first.figures.errors;
    let mut seconds = Vec::new();
    for _ in 0..rounds.max(1) {
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
        let started = Instant::now();
        let again = recount(history, programme, threads, None, &|_| {});
        seconds.push(started.elapsed().as_secs_f64());
        wrong += u64::from(again.figures != first.figures);
    }
    seconds.sort_by(f64::total_cmp);
    Measured { recount: first, median: seconds[seconds.len() / 2], wrong }
}

/// Books the documents of a sample of members through the pipeline, and counts the members who
/// stand elsewhere there.
fn compare(
    name: &str,
    text: &str,
    mut documents: Vec<Document>,
    recount: Recount,
) -> Result<u64, CliError> {
    let end = documents.iter().map(|document| document.at).max().unwrap_or(Timestamp::MIN);
    let sample: BTreeMap<String, MemberState> = recount.kept.into_iter().collect();
    documents.retain(|document| {
        document.member.as_ref().is_some_and(|member| sample.contains_key(member))
    });
    let url = DatabaseUrl::parse("sqlite::memory:").map_err(CliError::usage)?;
    let app = App::open(&url, World::Real).map_err(CliError::caused)?;
    app.publish(name, text, app.world.now()).map_err(CliError::caused)?;
    run_documents(&app, &documents, |_| {}).map_err(CliError::caused)?;
    settle_all(&app, end).map_err(CliError::caused)?;
    let mut wrong = 0;
    for (member, state) in &sample {
        let identifier = Identifier { kind: "external".to_owned(), value: member.clone() };
        let booked = app.store.read(|reader| {
            let found = identifiers_find(reader, app.business, std::slice::from_ref(&identifier))?;
            match found.into_iter().next().flatten() {
                Some(id) => member_walked(reader, app.business, id),
                None => Ok(None),
            }
        });
        let booked = booked.map_err(CliError::caused)?;
        let is_same = booked.is_some_and(|booked| stands_the_same(&booked.state.state, state));
        wrong += u64::from(!is_same);
    }
    Ok(wrong)
}

/// Ids differ, because each run makes its own; nothing else may.
fn stands_the_same(booked: &MemberState, counted: &MemberState) -> bool {
    let lots = |state: &MemberState| -> Vec<_> {
        let lots = state.lots.iter();
        lots.map(|lot| (lot.number, lot.points.clone(), lot.remaining, lot.life.expires)).collect()
    };
    lots(booked) == lots(counted)
        && booked.days == counted.days
        && booked.earlier == counted.earlier
        && booked.debts == counted.debts
        && booked.expired == counted.expired
        && booked.counters == counted.counters
        && booked.quotas == counted.quotas
        && booked.entries == counted.entries
        && booked.joined == counted.joined
}

/// Receipts of one to three lines over eighteen months; a few buy often, most seldom.
fn made_up(count: usize) -> Vec<Document> {
    let mut chance = fastrand::Rng::with_seed(SEED);
    let start = Timestamp::constant(1_735_732_800, 0);
    let members = count / 3 + 1;
    let mut documents: Vec<Document> = (0..count)
        .map(|number| {
            let lines = (0..chance.usize(1..=3))
                .map(|_| Line {
                    product: format!("product-{}", chance.u16(0..500)),
                    category: Some(["music", "books", "games"][chance.usize(0..3)].to_owned()),
                    quantity: Quantity::new(i64::from(chance.u8(1..=3)) * Quantity::ONE.units()),
                    unit_price: Money::new(i64::from(chance.u16(99..4_999))),
                    ..Line::default()
                })
                .collect();
            // The smaller of two draws: the first members come more often than the last.
            let member = chance.usize(0..members).min(chance.usize(0..members));
            Document {
                at: start + SignedDuration::from_mins(chance.i64(0..788_400)),
                member: Some(format!("member-{member}")),
                number: number.to_string(),
                location: "bench".to_owned(),
                till: None,
                kind: DocumentKind::Receipt(Box::new(Purchase {
                    location: Some("bench".to_owned()),
                    lines,
                    ..Purchase::default()
                })),
            }
        })
        .collect();
    documents.sort_by_key(|document| document.at);
    documents
}
