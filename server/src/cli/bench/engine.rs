//! The engine alone: one receipt, decided with reasons, booked nowhere.

use super::rulers::{cart_text, read_cart, timed};
use super::{EngineArguments, workload};
use crate::cli::Format;
use crate::cli::output::{CliError, print_json, print_line};
use jiff::Timestamp;
use serde_json::json;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use symbolon_core::engine::{
    Activity, Book, Candidates, Context, Decision, Purchase, decide_purchase,
};
use symbolon_core::instrument::Instrument;
use symbolon_core::member::MemberKind;
use symbolon_core::programme::{Programme, Programmes, Version, read};
use symbolon_core::values::{ActivityId, InstrumentId, Key};

/// What is measured side by side.
#[derive(Clone, Copy)]
struct Size {
    rules: usize,
    pieces: Option<u32>,
    codes: u32,
}

/// One size, ready to be measured.
struct Subject {
    size: Size,
    programme: Arc<Programme>,
    book: Book,
    purchase: Purchase,
    expected: Decision,
    /// Every single decision, in nanoseconds.
    samples: Vec<u64>,
    /// The same receipt as JSON text, and how long it took each time to read it.
    text: String,
    reading: Vec<u64>,
    wrong: u64,
}

fn sizes(arguments: &EngineArguments) -> Vec<Size> {
    let mut all_pieces: Vec<Option<u32>> = arguments.pieces.iter().copied().map(Some).collect();
    if all_pieces.is_empty() {
        all_pieces.push(None);
    }
    let mut sizes = Vec::new();
    for rules in arguments.rules.iter().copied() {
        for pieces in all_pieces.iter().copied() {
            sizes.extend(arguments.codes.iter().map(|codes| Size { rules, pieces, codes: *codes }));
        }
    }
    sizes
}

pub fn run(arguments: &EngineArguments, format: Format) -> Result<u8, CliError> {
    let at: Timestamp = Timestamp::constant(1_800_000_000, 0);
    let mut subjects = Vec::new();
    for size in sizes(arguments) {
        subjects.push(prepare(arguments, size, at)?);
    }
    for round in 0..=arguments.rounds {
        for subject in &mut subjects {
            measure(subject, at, arguments.decisions, round > 0);
        }
    }
    let wrong: u64 = subjects.iter().map(|subject| subject.wrong).sum();
    let rows: Vec<_> = subjects.iter_mut().map(summarise).collect();
    match format {
        Format::Json => print_json(&json!({
            "benchmark": "engine", "lines": arguments.lines,
            "matching_rules": arguments.kind.matching_rules(),
            "rounds": arguments.rounds, "decisions_per_round": arguments.decisions,
            "wrong_answers": wrong,
            "sizes": rows.iter().map(|row| json!({
                "rules": row.size.rules, "pieces": row.size.pieces, "codes": row.size.codes,
                "median_ns": row.median, "p99_ns": row.p99, "reading_median_ns": row.reading,
                "effects": row.effects, "reasons": row.reasons,
            })).collect::<Vec<_>>(),
        })),
        Format::Text => {
            for row in &rows {
                let Size { rules, pieces, codes } = row.size;
                let pieces = pieces.map_or(String::new(), |pieces| format!(", {pieces:>5} pieces"));
                let codes = match &arguments.codes[..] {
                    [_] => String::new(),
                    _ => format!(", {codes:>7} codes"),
                };
                print_line(&format!(
                    "{rules:>7} rules{pieces}{codes}: median {:>7.2} µs, p99 {:>7.2} µs \
                     ({} effects, {} reasons); reading the receipt from JSON {:>5.2} µs (× {:.2})",
                    micros(row.median),
                    micros(row.p99),
                    row.effects,
                    row.reasons,
                    micros(row.reading),
                    row.median as f64 / row.reading.max(1) as f64,
                ));
            }
            if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
                let ratio = last.median as f64 / first.median.max(1) as f64;
                print_line(&format!("last to first: × {ratio:.2}; wrong answers: {wrong}"));
            }
        }
    }
    Ok(u8::from(wrong > 0))
}

fn micros(nanoseconds: u64) -> f64 {
    Duration::from_nanos(nanoseconds).as_secs_f64() * 1e6
}

fn prepare(arguments: &EngineArguments, size: Size, at: Timestamp) -> Result<Subject, CliError> {
    let kind = arguments.kind;
    let purchase = kind.purchase(arguments.lines, size.pieces);
    let reading = read("bench", &kind.programme_text(size.rules));
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
    let shown = Instrument::coupon(Key::new("shown"), moment, None);
    book.shared.instruments.insert(workload::SHOWN, shown);
    let joining = Activity::Joining {
        kind: MemberKind::Person,
        attributes: std::collections::BTreeMap::new(),
        line: Vec::new(),
    };
    book_one(&mut book, &programmes, 1, moment, joining)?;
    // The past is the same for every size, so that nothing else differs.
    let earlier = kind.purchase(arguments.lines, None);
    for number in 0..25 {
        moment += day * 7;
        book_one(&mut book, &programmes, 2 + number, moment, Activity::Purchase(earlier.clone()))?;
    }
    book.records.clear();
    let issued = (0..size.codes).map(|number| {
        let id = InstrumentId::new((u128::from(number) + 2) << 16);
        (id, Instrument::coupon(Key::new("other"), moment, Some(1)))
    });
    book.shared.instruments.extend(issued);
    let context = context(&programme, &book, at);
    // The answer with every rule tried is the yardstick for the answer by the index.
    let all = decide_purchase(context, &purchase, Candidates::All);
    let all = all.map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    let indexed = decide_purchase(context, &purchase, Candidates::Indexed);
    let expected = indexed.map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    let wrong = u64::from(all.effects != expected.effects || all.net != expected.net);
    let text = cart_text(&purchase);
    let wrong = wrong + u64::from(read_cart(&text).is_none());
    let (samples, reading) = (Vec::new(), Vec::new());
    Ok(Subject { size, programme, book, purchase, expected, samples, text, reading, wrong })
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

fn measure(subject: &mut Subject, at: Timestamp, decisions: usize, counts: bool) {
    for _ in 0..decisions {
        let context = context(&subject.programme, &subject.book, at);
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
        let started = Instant::now();
        let purchase = black_box(&subject.purchase);
        let decided = decide_purchase(black_box(context), purchase, Candidates::Indexed);
        let decided = black_box(decided);
        let elapsed = started.elapsed();
        if decided.as_ref() != Ok(&subject.expected) {
            subject.wrong += 1;
        }
        if counts {
            subject.samples.push(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX));
        }
    }
    // A block of its own: between decisions it would empty the processor's caches for them.
    for _ in 0..decisions {
        let taken = timed(|| read_cart(&subject.text));
        if counts {
            subject.reading.push(taken);
        }
    }
}

struct Row {
    size: Size,
    median: u64,
    p99: u64,
    reading: u64,
    effects: usize,
    reasons: usize,
}

fn summarise(subject: &mut Subject) -> Row {
    subject.samples.sort_unstable();
    subject.reading.sort_unstable();
    let at = |share: usize| {
        let position = subject.samples.len() * share / 1_000;
        subject.samples.get(position).copied().unwrap_or(0)
    };
    Row {
        size: subject.size,
        median: at(500),
        p99: at(990),
        reading: subject.reading.get(subject.reading.len() / 2).copied().unwrap_or(0),
        effects: subject.expected.effects.len(),
        reasons: subject.expected.reasons.len(),
    }
}
