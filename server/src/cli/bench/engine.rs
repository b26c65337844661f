//! The engine alone: one receipt, decided with reasons, booked nowhere.

use super::{EngineArguments, workload};
use crate::cli::Format;
use crate::cli::output::{CliError, print_json, print_line};
use jiff::Timestamp;
use serde_json::json;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use symbolon_core::engine::{Activity, Book, Candidates, Context, Decision, decide_purchase};
use symbolon_core::member::MemberKind;
use symbolon_core::programme::{Programme, Programmes, Version, read};
use symbolon_core::values::ActivityId;

/// One size of the programme, ready to be measured.
struct Subject {
    rules: usize,
    programme: Arc<Programme>,
    book: Book,
    expected: Decision,
    /// Every single decision, in nanoseconds.
    samples: Vec<u64>,
    wrong: u64,
}

pub fn run(arguments: &EngineArguments, format: Format) -> Result<u8, CliError> {
    let at: Timestamp = Timestamp::constant(1_800_000_000, 0);
    let purchase = workload::purchase(arguments.lines);
    let mut subjects = Vec::new();
    for rules in &arguments.rules {
        subjects.push(prepare(*rules, at, &purchase)?);
    }
    for round in 0..=arguments.rounds {
        for subject in &mut subjects {
            measure(subject, at, &purchase, arguments.decisions, round > 0);
        }
    }
    let wrong: u64 = subjects.iter().map(|subject| subject.wrong).sum();
    let rows: Vec<_> = subjects.iter_mut().map(summarise).collect();
    match format {
        Format::Json => print_json(&json!({
            "benchmark": "engine", "lines": arguments.lines, "matching_rules": 10,
            "rounds": arguments.rounds, "decisions_per_round": arguments.decisions,
            "wrong_answers": wrong,
            "sizes": rows.iter().map(|row| json!({
                "rules": row.rules, "median_ns": row.median, "p99_ns": row.p99,
                "effects": row.effects, "reasons": row.reasons,
            })).collect::<Vec<_>>(),
        })),
        Format::Text => {
            for row in &rows {
                print_line(&format!(
                    "{:>7} rules: median {:>7.2} µs, p99 {:>7.2} µs ({} effects, {} reasons)",
                    row.rules,
                    micros(row.median),
                    micros(row.p99),
                    row.effects,
                    row.reasons
                ));
            }
            if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
                let ratio = last.median as f64 / first.median.max(1) as f64;
                print_line(&format!("largest to smallest: × {ratio:.2}; wrong answers: {wrong}"));
            }
        }
    }
    Ok(u8::from(wrong > 0))
}

fn micros(nanoseconds: u64) -> f64 {
    Duration::from_nanos(nanoseconds).as_secs_f64() * 1e6
}

fn prepare(
    rules: usize,
    at: Timestamp,
    purchase: &symbolon_core::engine::Purchase,
) -> Result<Subject, CliError> {
    let reading = read("bench", &workload::programme_text(rules));
    let programme = reading.programme.ok_or_else(|| {
        let remarks: Vec<String> = reading.remarks.iter().map(ToString::to_string).collect();
        CliError::failed(remarks.join("\n"))
    })?;
    let programme = Arc::new(programme);
    let version = Version { number: 1, from: Timestamp::MIN, programme: Arc::clone(&programme) };
    let programmes = Programmes::new(vec![version]);
    let mut book = Book::default();
    // A member with a past: some months of weekly receipts, so that tiers and visits count.
    let day = jiff::SignedDuration::from_hours(24);
    let mut moment = at - day * 200;
    let joining = Activity::Joining {
        kind: MemberKind::Person,
        attributes: std::collections::BTreeMap::new(),
        line: Vec::new(),
    };
    book_one(&mut book, &programmes, 1, moment, joining)?;
    for number in 0..25 {
        moment += day * 7;
        book_one(&mut book, &programmes, 2 + number, moment, Activity::Purchase(purchase.clone()))?;
    }
    book.records.clear();
    let context = context(&programme, &book, at);
    // The answer with every rule tried is the yardstick for the answer by the index.
    let all = decide_purchase(context, purchase, Candidates::All);
    let all = all.map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    let indexed = decide_purchase(context, purchase, Candidates::Indexed);
    let expected = indexed.map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    let wrong = u64::from(all.effects != expected.effects);
    Ok(Subject { rules, programme, book, expected, samples: Vec::new(), wrong })
}

fn book_one(
    book: &mut Book,
    programmes: &Programmes,
    number: u128,
    at: Timestamp,
    activity: Activity,
) -> Result<(), CliError> {
    let id = ActivityId::new(number << 16);
    let (version, decision) = book
        .decide(programmes, id, at, &activity, Candidates::Indexed)
        .map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    book.book(id, version, activity, decision).map_err(CliError::failed)?;
    Ok(())
}

fn context<'a>(programme: &'a Programme, book: &'a Book, at: Timestamp) -> Context<'a> {
    Context {
        programme,
        member: book.member.as_ref(),
        member_id: book.member_id,
        shared: &book.shared,
        at,
        activity: ActivityId::new(u128::MAX),
    }
}

fn measure(
    subject: &mut Subject,
    at: Timestamp,
    purchase: &symbolon_core::engine::Purchase,
    decisions: usize,
    counts: bool,
) {
    for _ in 0..decisions {
        let context = context(&subject.programme, &subject.book, at);
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
        let started = Instant::now();
        let decided = decide_purchase(black_box(context), black_box(purchase), Candidates::Indexed);
        let decided = black_box(decided);
        let elapsed = started.elapsed();
        if decided.as_ref() != Ok(&subject.expected) {
            subject.wrong += 1;
        }
        if counts {
            subject.samples.push(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX));
        }
    }
}

struct Row {
    rules: usize,
    median: u64,
    p99: u64,
    effects: usize,
    reasons: usize,
}

fn summarise(subject: &mut Subject) -> Row {
    subject.samples.sort_unstable();
    let at = |share: usize| {
        let position = subject.samples.len() * share / 1_000;
        subject.samples.get(position).copied().unwrap_or(0)
    };
    Row {
        rules: subject.rules,
        median: at(500),
        p99: at(990),
        effects: subject.expected.effects.len(),
        reasons: subject.expected.reasons.len(),
    }
}
