//! The members whose points run out, what keeps the housekeeping waiting, and what must be there in
//! the end. Everything is booked through the pipeline, as years ago.

use super::super::shop;
use super::ExpiryArguments;
use crate::app::{App, AppError, Moments, command_for};
use crate::cli::output::{CliError, progress_bar};
use crate::pipeline::{BATCH_COMMANDS_MAX, Command, Intent, Subject};
use crate::store::nouns::directories::Identifier;
use crate::store::nouns::housekeeping::{Work, work_find, work_write};
use crate::store::{StoreError, Value};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Write;
use symbolon_core::engine::Activity;
use symbolon_core::member::MemberKind;

/// What the housekeeping of this job is called in the database.
const JOB: &str = "expiry";
/// How much each lot holds.
const LOT: i64 = 10;
/// When the first of the members joined, and the next ones each a millisecond later: their ids are
/// in the order of time, as everybody's are.
const JOINED: Timestamp = Timestamp::constant(1_673_784_000, 0);
/// The rules that gave the points ended with that month.
const LAST_DAY: &str = "2023-01-31";

/// What was filled in.
pub struct Filled {
    pub lots: u64,
    pub members: u32,
    pub seconds: f64,
}

/// How many members there are whose points run out.
pub fn members_of(arguments: &ExpiryArguments) -> u32 {
    arguments.lots.div_ceil(arguments.lots_per_member)
}

/// The programme of `bench checkout`, and points of which joining gave so many lots.
fn programme_text(rules: usize, lots: u32) -> String {
    let mut text = shop::programme_text(rules);
    text.push_str(
        "\n[points.old]\nname.en = { one = \"old point\", other = \"old points\" }\n\
         expires = \"12 months after the end of the month\"\n",
    );
    for number in 0..lots {
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            "\n[[rule]]\nid = \"old-{number}\"\non = \"joining\"\nuntil = {LAST_DAY}\n\
             earn = {{ points = \"old\", give = {LOT} }}\n"
        );
    }
    text
}

/// Makes the shop on an empty database.
pub fn fill(app: &App, arguments: &ExpiryArguments) -> Result<Filled, CliError> {
    if app.programmes().latest().is_some() {
        return Err(CliError::usage("this database holds a business")
            .hinted("name an empty database: what ran out cannot run out again"));
    }
    let text = programme_text(arguments.rules, arguments.lots_per_member);
    app.publish("bench.toml", &text, app.world.now()).map_err(CliError::caused)?;
    let (ordinary, expiring) = (arguments.members, members_of(arguments));
    let began = super::load::now();
    let bar = progress_bar(u64::from(ordinary + expiring), "enrolling");
    let all: Vec<u32> = (0..ordinary).collect();
    for some in all.chunks(BATCH_COMMANDS_MAX) {
        shop::enrol(app, some).map_err(CliError::caused)?;
        bar.inc(some.len() as u64);
    }
    let all: Vec<u32> = (0..expiring).collect();
    for some in all.chunks(BATCH_COMMANDS_MAX) {
        join(app, ordinary, some).map_err(CliError::caused)?;
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    let seconds = began.elapsed().as_secs_f64();
    let lots = u64::from(expiring) * u64::from(arguments.lots_per_member);
    Ok(Filled { lots, members: expiring, seconds })
}

/// Lets members join as they did then.
fn join(app: &App, ordinary: u32, members: &[u32]) -> Result<(), AppError> {
    let mut commands = Vec::with_capacity(members.len());
    for member in members {
        let joined = JOINED + SignedDuration::from_millis(i64::from(*member));
        let identifier =
            Identifier { kind: "phone".to_owned(), value: shop::phone(ordinary + member) };
        let subject = Subject::New { identifiers: vec![identifier], name: None };
        let activity = Activity::Joining {
            kind: MemberKind::Person,
            attributes: BTreeMap::new(),
            line: Vec::new(),
        };
        let intent = Intent { activity, natural: None, label: None };
        let moments = Moments { given: Some(joined), recorded: joined };
        let command = command_for(app, subject, intent, moments, None)?;
        commands.push(Command { any_age: true, ..command });
    }
    shop::book(app, &commands)
}

/// Says that the day's work is done, of a day that is far away: so nothing is done before that.
pub fn hold_off(app: &App) -> Result<(), StoreError> {
    let now = app.world.now();
    let work = Work { day: jiff::civil::date(9999, 1, 1), judged_at: now, position: None };
    app.store.write(|transaction| work_write(transaction, app.business, JOB, &work))
}

/// Takes that back.
pub fn let_begin(app: &App) -> Result<(), StoreError> {
    app.store.write(|transaction| {
        let sql = "delete from housekeeping where business_id = $1 and job = $2";
        transaction.execute(sql, &[app.business.into(), JOB.into()]).map(|_| ())
    })
}

/// How far the housekeeping is; none, before it begins.
pub fn work(app: &App) -> Result<Option<Work>, StoreError> {
    app.store.read(|reader| work_find(reader, app.business, JOB))
}

/// How many lots the housekeeping booked as run out, and no receipt.
pub fn settled(app: &App) -> Result<u64, StoreError> {
    app.store.read(|reader| {
        let row = reader.query_one(
            "select count(*) as lots from activity a join entry e
               on e.bucket = a.bucket and e.member_id = a.member_id
               and e.activity_id = a.activity_id
             where a.business_id = $1 and a.kind = 'settlement'
               and e.points = 'old' and e.to_account = 'expired'",
            &[app.business.into()],
        )?;
        Ok(row.get::<i64>("lots")?.unsigned_abs())
    })
}

/// Compares what ran out with what was there. Says how many faults there are: lots that did not
/// run out, or twice, or not wholly, and points that somebody still has.
pub fn compare(app: &App, filled: &Filled) -> Result<u64, StoreError> {
    let business = [Value::from(app.business)];
    app.store.read(|reader| {
        let booked = reader.query_one(
            "select count(*) as entries, cast(coalesce(sum(amount), 0) as bigint) as points
             from entry where business_id = $1 and points = 'old' and to_account = 'expired'",
            &business,
        )?;
        let distinct = reader.query_one(
            "select count(*) as lots from (select bucket, member_id, lot from entry
             where business_id = $1 and points = 'old' and to_account = 'expired'
             group by bucket, member_id, lot having sum(amount) = 10) whole",
            &business,
        )?;
        let left = reader.query_one(
            "select cast(coalesce(sum(case when to_account = 'lots' then amount
                 when from_account = 'lots' then -amount else 0 end), 0) as bigint) as points
             from entry where business_id = $1 and points = 'old'",
            &business,
        )?;
        let points = i64::try_from(filled.lots).unwrap_or(i64::MAX).saturating_mul(LOT);
        let entries = booked.get::<i64>("entries")?.unsigned_abs();
        Ok(entries.abs_diff(filled.lots)
            + distinct.get::<i64>("lots")?.unsigned_abs().abs_diff(filled.lots)
            + u64::from(booked.get::<i64>("points")? != points)
            + u64::from(left.get::<i64>("points")? != 0))
    })
}
