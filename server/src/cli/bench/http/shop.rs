//! The shop that is measured: its programme, its members, its receipts, and what each receipt must
//! earn, worked out here without the engine.

use super::super::workload;
use super::Shape;
use crate::app::{App, AppError, Moments, command_for};
use crate::cli::output::{CliError, progress_bar};
use crate::pipeline::{BATCH_COMMANDS_MAX, Command, Intent, Subject};
use crate::store::nouns::directories::Identifier;
use crate::store::nouns::members;
use crate::store::{StoreError, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use symbolon_core::engine::Activity;
use symbolon_core::member::MemberKind;

/// Its name is how a database is known that holds nothing but what a benchmark left.
pub const PROGRAMME: &str = "bench-checkout";

/// What matches the receipts. Prices are whole euros and the discount of the coffee is a whole
/// euro, so that what is earned can be worked out by anybody.
const HEAD: &str = r#"format = 1
id = "bench-checkout"
name = { en = "Bench" }
currency = "EUR"
timezone = "Europe/Oslo"

[points.points]
name.en = { one = "point", other = "points" }
expires = "12 months after earning"

[points.status]
name.en = { one = "status point", other = "status points" }
spendable = false

[ladder.club]
measure = 'earned("status", months(12))'
tier = [{ id = "red" }, { id = "silver", from = 1000 }, { id = "gold", from = 1000000 }]

[[rule]]
id = "m-points"
on = "purchase"
earn = [{ points = "points", give = 1, per = "1.00" }, { points = "status", give = 1, per = "10.00" }]

[[rule]]
id = "m-coffee"
on = "purchase"
discount = { percent = 5, where = 'line.category == "coffee"' }

[[rule]]
id = "m-tea"
on = "purchase"
earn = { points = "points", give = 1, per = "1.00", where = 'line.category == "tea"' }

[[rule]]
id = "m-many"
on = "purchase"
when = 'receipt.location == "centre" && receipt.quantity >= 5'
earn = { points = "points", give = 5 }

[[rule]]
id = "m-campaign"
on = "purchase"
when = 'receipt.location == "campaign"'
limit = { total = 1000000000, budget = "1000000000.00" }
discount = { sum = "1.00", where = 'line.category == "bread"' }
"#;
const MATCHING: usize = 5;

/// A programme with so many active rules.
pub fn programme_text(rules: usize) -> String {
    let mut text = String::from(HEAD);
    for number in 0..rules.saturating_sub(MATCHING) {
        let body = workload::other_plain_rule(number);
        // Writing into a text cannot fail.
        let _ = write!(text, "\n[[rule]]\nid = \"o-{number}\"\non = \"purchase\"\n{body}\n");
    }
    text
}

/// How a member is named at the till.
pub fn phone(member: u32) -> String {
    format!("+479{member:07}")
}

/// A receipt without its number and its member, and what it earns.
pub struct Cart {
    /// The rest of the body, from the till on.
    pub body: String,
    pub points: i64,
}

/// How many coffees, teas and loaves each cart has.
const CARTS: [[i64; 3]; 8] =
    [[1, 1, 1], [1, 2, 1], [2, 1, 1], [1, 1, 3], [2, 2, 2], [1, 3, 1], [3, 1, 1], [1, 2, 4]];

pub fn carts(shape: Shape) -> Vec<Cart> {
    CARTS.iter().map(|pieces| cart(shape, *pieces)).collect()
}

fn cart(shape: Shape, [coffee, tea, bread]: [i64; 3]) -> Cart {
    let location = if shape == Shape::Budget { "campaign" } else { "centre" };
    let body = format!(
        "\"location\":\"{location}\",\"till\":\"1\",\"currency\":\"EUR\",\"lines\":[\
         {{\"product\":\"coffee-250\",\"category\":\"coffee\",\"quantity\":\"{coffee}\",\"unit_price\":\"20.00\"}},\
         {{\"product\":\"tea-100\",\"category\":\"tea\",\"quantity\":\"{tea}\",\"unit_price\":\"6.00\"}},\
         {{\"product\":\"bread-rye\",\"category\":\"bread\",\"quantity\":\"{bread}\",\"unit_price\":\"4.00\"}}]}}"
    );
    // Five per cent off each coffee of twenty.
    let net = 19 * coffee + 6 * tea + 4 * bread;
    let once_more_for_tea = 6 * tea;
    let points = match shape {
        Shape::Budget => net - 1 + once_more_for_tea,
        _ if coffee + tea + bread >= 5 => net + once_more_for_tea + 5,
        _ => net + once_more_for_tea,
    };
    Cart { body, points }
}

/// Makes the shop on an empty database, or finds the one that an earlier run left.
pub fn open(app: &App, rules: usize, wanted: u32) -> Result<(), CliError> {
    let known = app.programmes();
    let known = known.latest().map(|latest| latest.programme.key.clone());
    if known.as_ref().is_some_and(|key| key.as_str() != PROGRAMME) {
        return Err(CliError::usage("this database holds a business")
            .hinted("name an empty database: receipts of the benchmark are booked in it"));
    }
    let now = app.world.now();
    app.publish("bench.toml", &programme_text(rules), now).map_err(CliError::caused)?;
    let there = app
        .store
        .read(|reader| members::members_count(reader, app.business))
        .map_err(CliError::caused)?;
    let there = u32::try_from(there).unwrap_or(u32::MAX);
    let bar = progress_bar(u64::from(wanted.saturating_sub(there)), "enrolling");
    let all: Vec<u32> = (there..wanted).collect();
    for some in all.chunks(BATCH_COMMANDS_MAX) {
        enrol(app, some).map_err(CliError::caused)?;
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Lets members join now.
pub fn enrol(app: &App, members: &[u32]) -> Result<(), AppError> {
    let now = app.world.now();
    let mut commands = Vec::with_capacity(members.len());
    for member in members {
        let identifier = Identifier { kind: "phone".to_owned(), value: phone(*member) };
        let subject = Subject::New { identifiers: vec![identifier], name: None };
        let activity = Activity::Joining {
            kind: MemberKind::Person,
            attributes: BTreeMap::new(),
            line: Vec::new(),
        };
        let intent = Intent { activity, natural: None, label: None };
        let moments = Moments { given: None, recorded: now };
        commands.push(command_for(app, subject, intent, moments, None)?);
    }
    book(app, &commands)
}

/// Books commands, each of which must succeed.
pub fn book(app: &App, commands: &[Command]) -> Result<(), AppError> {
    for answer in app.pipeline().run(&app.programmes(), commands)? {
        if let Err(failure) = answer {
            return Err(StoreError::Other { source: format!("{failure:?}").into() }.into());
        }
    }
    Ok(())
}

/// What the database says of the receipts of one run, by their place in it.
#[derive(Debug, Default)]
pub struct Booked {
    /// The points of each receipt that is there.
    pub points: BTreeMap<u64, i64>,
    /// Receipts that are there twice, or whose number is none of the run's.
    pub odd: u64,
}

/// Reads every receipt of a run with what it earned, from the entries alone.
pub fn booked(app: &App, run: &str) -> Result<Booked, StoreError> {
    let mut booked = Booked::default();
    app.store.read(|reader| {
        reader.query_stream(
            "select a.label, e.amount from activity a
             left join entry e on e.bucket = a.bucket and e.member_id = a.member_id
               and e.activity_id = a.activity_id and e.points = 'points'
             where a.business_id = $1 and a.kind = 'receipt'",
            &[Value::from(app.business)],
            |row| {
                let label: Option<String> = row.get("label")?;
                let Some(rest) = label.as_deref().and_then(|label| label.strip_prefix(run)) else {
                    return Ok::<_, StoreError>(true);
                };
                let amount = row.get::<Option<i64>>("amount")?.unwrap_or(0);
                match rest.parse::<u64>() {
                    Ok(number) => *booked.points.entry(number).or_default() += amount,
                    Err(_) => booked.odd += 1,
                }
                Ok(true)
            },
        )?;
        let row = reader.query_one(
            "select count(*) as twice from (select label from activity
             where business_id = $1 and kind = 'receipt' group by label having count(*) > 1) t",
            &[Value::from(app.business)],
        )?;
        booked.odd += row.get::<i64>("twice")?.unsigned_abs();
        Ok::<_, StoreError>(())
    })?;
    Ok(booked)
}
