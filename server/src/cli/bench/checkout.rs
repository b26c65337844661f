//! The neutral checkout workload: carts, rules and the right answers, in a file that any other
//! engine can read, too. Its rules become a programme text; nothing else is translated.

use super::EngineArguments;
use super::rulers::{plain_loop, read_cart, timed};
use crate::cli::Format;
use crate::cli::output::{CliError, print_json, print_line};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use symbolon_core::engine::{
    Activity, Book, Candidates, Context, Effect, Line, Outcome, Purchase, decide_purchase,
    matching_rules,
};
use symbolon_core::member::{AttributeValue, MemberKind};
use symbolon_core::programme::{Programme, Programmes, Version, read};
use symbolon_core::values::{ActivityId, Key, Money, Quantity, format_decimal};

#[derive(Deserialize)]
struct Workload {
    format: String,
    carts: Vec<CartIn>,
    rules: Vec<RuleIn>,
    expected: Vec<ExpectedIn>,
}

#[derive(Deserialize, Serialize)]
pub struct CartIn {
    id: String,
    pub group: String,
    pub store: String,
    pub subtotal: i64,
    pub lines: Vec<LineIn>,
}

#[derive(Deserialize, Serialize)]
pub struct LineIn {
    id: String,
    pub sku: String,
    pub category: String,
    quantity: i64,
    unit_price: i64,
    subtotal: i64,
}

#[derive(Deserialize)]
pub struct RuleIn {
    id: String,
    pub when: WhenIn,
    pub target: TargetIn,
    discount: DiscountIn,
    priority: i64,
}

#[derive(Deserialize)]
pub struct WhenIn {
    pub min_subtotal: Option<i64>,
    pub groups: Option<Vec<String>>,
    pub stores: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub struct TargetIn {
    pub categories: Option<Vec<String>>,
    pub skus: Option<Vec<String>>,
    #[serde(default)]
    pub order: bool,
}

#[derive(Deserialize)]
struct DiscountIn {
    percent: Option<i64>,
    fixed_per_unit: Option<i64>,
}

#[derive(Deserialize)]
struct ExpectedIn {
    cart: String,
    matches: Vec<String>,
    adjustments: Vec<AdjustmentIn>,
    discount: i64,
    total: i64,
}

#[derive(Deserialize)]
struct AdjustmentIn {
    rule: String,
    line: String,
    amount: i64,
}

/// The programme that says what the rules of a workload say.
fn programme_text(rules: &[RuleIn]) -> String {
    let quoted = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        format!("[{}]", names.join(", "))
    };
    let mut text = String::from(
        "format = 1\nid = \"checkout\"\nname = \"Checkout\"\ncurrency = \"EUR\"\n\
         timezone = \"UTC\"\n[attribute.group]\ntype = \"text\"\n",
    );
    for rule in rules {
        let mut when = Vec::new();
        if let Some(least) = rule.when.min_subtotal {
            when.push(format!("receipt.total >= {}", format_decimal(least, 2)));
        }
        if let Some(groups) = &rule.when.groups {
            when.push(format!("member.group in {}", quoted(groups)));
        }
        if let Some(stores) = &rule.when.stores {
            when.push(format!("receipt.location in {}", quoted(stores)));
        }
        let filter = match (&rule.target.categories, &rule.target.skus) {
            (Some(categories), _) => format!(", where = 'line.category in {}'", quoted(categories)),
            (None, Some(skus)) => format!(", where = 'line.product in {}'", quoted(skus)),
            (None, None) => String::new(),
        };
        let amount = match (rule.discount.percent, rule.discount.fixed_per_unit) {
            (Some(percent), _) => format!("percent = {percent}"),
            (None, Some(sum)) => format!("sum = \"{}\", each = \"piece\"", format_decimal(sum, 2)),
            (None, None) => String::new(),
        };
        let when = match when.is_empty() {
            true => String::new(),
            false => format!("when = '{}'\n", when.join(" && ")),
        };
        let (id, priority) = (&rule.id, rule.priority);
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "[[rule]]\nid = \"{id}\"\non = \"purchase\"\npriority = {priority}\n{when}\
             discount = {{ {amount}{filter} }}\n"
        );
    }
    text
}

/// One file, ready to be measured.
struct Subject {
    rules: Vec<RuleIn>,
    programme: Arc<Programme>,
    carts: Vec<ReadyCart>,
    wrong: u64,
    samples: Samples,
}

/// One cart: as a receipt of a member, as it is in the file, and as text.
struct ReadyCart {
    book: Book,
    purchase: Purchase,
    cart: CartIn,
    text: String,
}

/// Nanoseconds of every single job.
#[derive(Default)]
struct Samples {
    whole: Vec<u64>,
    predicates: Vec<u64>,
    reading: Vec<u64>,
    plain_loop: Vec<u64>,
}

/// Medians and 99th percentiles of one file, in nanoseconds.
struct Row {
    rules: usize,
    whole: [u64; 2],
    predicates: [u64; 2],
    reading: u64,
    plain_loop: u64,
}

impl Row {
    fn of(subject: &mut Subject) -> Self {
        let both = |samples: &mut Vec<u64>| {
            samples.sort_unstable();
            [at_share(samples, 500), at_share(samples, 990)]
        };
        let Samples { whole, predicates, reading, plain_loop } = &mut subject.samples;
        Self {
            rules: subject.rules.len(),
            whole: both(whole),
            predicates: both(predicates),
            reading: both(reading)[0],
            plain_loop: both(plain_loop)[0],
        }
    }
}

pub fn run(arguments: &EngineArguments, format: Format) -> Result<u8, CliError> {
    let at = Timestamp::constant(1_800_000_000, 0);
    let mut subjects = Vec::new();
    for file in &arguments.workload {
        subjects.push(prepare(file, at)?);
    }
    for round in 0..=arguments.rounds {
        for subject in &mut subjects {
            measure(subject, at, arguments.decisions, round > 0);
        }
    }
    let wrong: u64 = subjects.iter().map(|subject| subject.wrong).sum();
    let rows: Vec<Row> = subjects.iter_mut().map(Row::of).collect();
    match format {
        Format::Json => print_json(&json!({
            "benchmark": "checkout", "rounds": arguments.rounds,
            "decisions_per_round": arguments.decisions, "wrong_answers": wrong,
            "sizes": rows.iter().map(|row| json!({
                "rules": row.rules, "median_ns": row.whole[0], "p99_ns": row.whole[1],
                "predicates_median_ns": row.predicates[0], "predicates_p99_ns": row.predicates[1],
                "reading_median_ns": row.reading, "plain_loop_median_ns": row.plain_loop,
            })).collect::<Vec<_>>(),
        })),
        Format::Text => print_rows(&rows, wrong),
    }
    Ok(u8::from(wrong > 0))
}

fn print_rows(rows: &[Row], wrong: u64) {
    for row in rows {
        let [whole, whole_p99] = row.whole.map(micros);
        let [predicates, predicates_p99] = row.predicates.map(micros);
        let (reading, plain_loop) = (micros(row.reading), micros(row.plain_loop));
        print_line(&format!(
            "{:>7} rules: whole decision median {whole:>6.2} µs, p99 {whole_p99:>6.2} µs; \
             predicates alone {predicates:>6.2} µs, p99 {predicates_p99:>6.2} µs",
            row.rules
        ));
        print_line(&format!(
            "               beside it: reading the cart from JSON {reading:>6.2} µs (× {:.2}), \
             a plain loop over all rules {plain_loop:>6.2} µs (× {:.2})",
            whole / reading.max(0.001),
            whole / plain_loop.max(0.001),
        ));
    }
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        let ratio = last.whole[0] as f64 / first.whole[0].max(1) as f64;
        print_line(&format!("last to first: × {ratio:.2}; wrong answers: {wrong}"));
    }
}

fn micros(nanoseconds: u64) -> f64 {
    Duration::from_nanos(nanoseconds).as_secs_f64() * 1e6
}

fn at_share(samples: &[u64], share: usize) -> u64 {
    samples.get(samples.len() * share / 1_000).copied().unwrap_or(0)
}

fn prepare(file: &Path, at: Timestamp) -> Result<Subject, CliError> {
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| CliError::usage(format!("{name}: {error}")))?;
    let workload: Workload =
        serde_json::from_str(&text).map_err(|error| CliError::usage(format!("{name}: {error}")))?;
    if workload.format != "symbolon-anchors/checkout/1" {
        return Err(CliError::usage(format!("{name}: not a checkout workload")));
    }
    let reading = read("workload", &programme_text(&workload.rules));
    let programme = reading.programme.ok_or_else(|| {
        let remarks: Vec<String> = reading.remarks.iter().map(ToString::to_string).collect();
        CliError::failed(remarks.join("\n"))
    })?;
    let programme = Arc::new(programme);
    let version = Version { number: 1, from: Timestamp::MIN, programme: Arc::clone(&programme) };
    let programmes = Programmes::new(vec![version]);
    let Workload { carts: all_carts, rules, expected, .. } = workload;
    let mut carts = Vec::new();
    let mut wrong = 0;
    for (number, cart) in all_carts.into_iter().enumerate() {
        let expected = expected.iter().find(|expected| expected.cart == cart.id);
        let expected = expected
            .ok_or_else(|| CliError::usage(format!("{name}: {} has no answer", cart.id)))?;
        let book = member_of(&programmes, &cart.group, number, at)?;
        let purchase = purchase_of(&cart);
        wrong += u64::from(!is_right(&programme, &book, &purchase, &cart, expected, at)?);
        // A ruler that answered wrongly would measure nothing.
        wrong += u64::from(plain_loop(&rules, &cart) != expected.matches.len());
        let text = serde_json::to_string(&cart).map_err(CliError::failed)?;
        wrong += u64::from(read_cart(&text).is_none());
        carts.push(ReadyCart { book, purchase, cart, text });
    }
    Ok(Subject { rules, programme, carts, wrong, samples: Samples::default() })
}

fn member_of(
    programmes: &Programmes,
    group: &str,
    number: usize,
    at: Timestamp,
) -> Result<Book, CliError> {
    let mut book = Book::default();
    let group = AttributeValue::Text(group.to_owned());
    let attributes = BTreeMap::from([(Key::new("group"), group)]);
    let joining = Activity::Joining { kind: MemberKind::Person, attributes, line: Vec::new() };
    let id = ActivityId::new((number as u128 + 1) << 16);
    let (version, decision) = book
        .decide(programmes, id, at, &joining, Candidates::Indexed)
        .map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    book.book(id, version, joining, decision).map_err(CliError::failed)?;
    book.records.clear();
    Ok(book)
}

fn purchase_of(cart: &CartIn) -> Purchase {
    let line = |line: &LineIn| Line {
        product: line.sku.clone(),
        category: Some(line.category.clone()),
        quantity: Quantity::new(line.quantity * 1_000),
        unit_price: Money::new(line.unit_price),
        ..Line::default()
    };
    Purchase {
        location: Some(cart.store.clone()),
        lines: cart.lines.iter().map(line).collect(),
        ..Purchase::default()
    }
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

/// Whether a cart gets its right answer: every rule that matches, every part of every discount,
/// and the total.
fn is_right(
    programme: &Programme,
    book: &Book,
    purchase: &Purchase,
    cart: &CartIn,
    expected: &ExpectedIn,
    at: Timestamp,
) -> Result<bool, CliError> {
    let decision = decide_purchase(context(programme, book, at), purchase, Candidates::Indexed)
        .map_err(|refusal| CliError::failed(format!("{refusal:?}")))?;
    let mut matches = BTreeSet::new();
    for reason in &decision.reasons {
        if matches!(reason.outcome, Outcome::Discounted { .. } | Outcome::NothingToCount) {
            matches.insert(reason.about.as_str());
        }
    }
    let mut adjustments = BTreeSet::new();
    for effect in &decision.effects {
        if let Effect::Discount { by, lines, .. } = effect {
            for (line, part) in lines {
                let line = cart.lines.get(*line as usize).map_or("", |line| line.id.as_str());
                adjustments.insert((by.as_str(), line, part.units()));
            }
        }
    }
    let total: i64 = decision.net.iter().map(|net| net.units()).sum();
    let off: i64 = adjustments.iter().map(|(.., part)| part).sum();
    let expected_matches = expected.matches.iter().map(String::as_str).collect();
    let expected_adjustments = expected
        .adjustments
        .iter()
        .map(|one| (one.rule.as_str(), one.line.as_str(), one.amount))
        .collect();
    Ok(matches == expected_matches
        && adjustments == expected_adjustments
        && total == expected.total
        && off == expected.discount)
}

/// Each job has a block of its own within the round: one after the other, they would empty the
/// processor's caches for each other, and a plain loop over many rules most of all.
fn measure(subject: &mut Subject, at: Timestamp, decisions: usize, counts: bool) {
    let Subject { rules, programme, carts, samples, .. } = subject;
    let carts = || carts.iter().cycle().take(decisions);
    let add = |samples: &mut Vec<u64>, taken: u64| {
        if counts {
            samples.push(taken);
        }
    };
    for ReadyCart { book, purchase, .. } in carts() {
        let context = context(programme, book, at);
        let (all, indexed) = (black_box(purchase), Candidates::Indexed);
        let taken = timed(|| decide_purchase(black_box(context), all, indexed));
        add(&mut samples.whole, taken);
    }
    for ReadyCart { book, purchase, .. } in carts() {
        let context = context(programme, book, at);
        let taken = timed(|| matching_rules(black_box(context), black_box(purchase)));
        add(&mut samples.predicates, taken);
    }
    for ReadyCart { text, .. } in carts() {
        add(&mut samples.reading, timed(|| read_cart(text)));
    }
    for ReadyCart { cart, .. } in carts() {
        add(&mut samples.plain_loop, timed(|| plain_loop(rules, black_box(cart))));
    }
}
