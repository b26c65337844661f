//! Booking what has run out, so that sums over entries show it. No balance changes by it: whoever
//! asks for one is told what it is at that moment, whether this ran or not (I14).
//!
//! It looks at every member, a page at a time. In a server, what it books goes along with what tills
//! book, so that they hardly wait for it. How far it is stands in the database: another server, or
//! the next start, goes on from there.

use super::App;
use super::{Moments, command_for};
use crate::pipeline::{Answer, Command, Failure, Intent, Queue, QueueError, Subject};
use crate::store::StoreError;
use crate::store::nouns::housekeeping::{Position, Work, work_find, work_write};
use crate::store::nouns::members::{self, WalkedMember};
use jiff::Timestamp;
use symbolon_core::engine::Activity;
use symbolon_core::programme::Programmes;
use symbolon_core::values::BUCKETS;

const JOB: &str = "expiry";
/// How many members are looked at together.
const PAGE: u32 = 500;
/// How many are booked in one transaction where no server is.
const AT_ONCE: usize = 64;

/// Who books: the commands of a page, in any number of transactions.
type Booking<'a> = &'a dyn Fn(Vec<Command>) -> Result<Vec<Result<Answer, Failure>>, StoreError>;

/// Goes on with the work of the day, or begins it. Says how many members had something that ran
/// out, once there is nothing more to do on this day. `go_on` is asked after every page.
pub fn settle_expired(app: &App, go_on: &mut dyn FnMut() -> bool) -> Result<u64, StoreError> {
    settle_day(app, &|commands| book_directly(app, &commands), go_on)
}

/// The same in a server: what callers ask of its queue goes first.
pub fn settle_expired_aside(
    app: &App,
    queue: &Queue,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<u64, StoreError> {
    let book = |commands| {
        queue.book_aside(commands).map_err(|error| match error {
            QueueError::Store(problem) => StoreError::Other { source: problem.into() },
            QueueError::Full | QueueError::Stopped => {
                StoreError::Other { source: "the pipeline has stopped".into() }
            }
        })
    };
    settle_day(app, &book, go_on)
}

fn settle_day(
    app: &App,
    book: Booking<'_>,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<u64, StoreError> {
    let programmes = app.programmes();
    let now = app.world.now();
    let Some(version) = programmes.at(now) else { return Ok(0) };
    let today = version.programme.zone.day(now);
    let known = app.store.read(|reader| work_find(reader, app.business, JOB))?;
    let begin = Position { bucket: 0, after: None };
    let mut work = match known {
        Some(work) if work.day >= today && work.position.is_none() => return Ok(0),
        // What was begun on an earlier day is finished as it was begun; what has run out since is
        // looked for afterwards.
        Some(work) if work.position.is_some() => work,
        _ => Work { day: today, judged_at: now, position: Some(begin) },
    };
    let mut settled = 0;
    loop {
        while let Some(position) = work.position {
            let (count, next) = settle_page(app, book, &programmes, (work.judged_at, position))?;
            settled += count;
            work.position = next;
            app.store.write(|transaction| work_write(transaction, app.business, JOB, &work))?;
            if !go_on() {
                return Ok(settled);
            }
        }
        if work.day >= today {
            return Ok(settled);
        }
        work = Work { day: today, judged_at: now, position: Some(begin) };
    }
}

/// Books for every member what has run out at `at`.
pub fn settle_all(app: &App, at: Timestamp) -> Result<u64, StoreError> {
    let programmes = app.programmes();
    let mut settled = 0;
    let mut position = Some(Position { bucket: 0, after: None });
    while let Some(from) = position {
        let book: Booking<'_> = &|commands| book_directly(app, &commands);
        let (count, next) = settle_page(app, book, &programmes, (at, from))?;
        settled += count;
        position = next;
    }
    Ok(settled)
}

/// Books what ran out for the members of a page. Gives where the next page begins.
fn settle_page(
    app: &App,
    book: Booking<'_>,
    programmes: &Programmes,
    (at, from): (Timestamp, Position),
) -> Result<(u64, Option<Position>), StoreError> {
    let Position { bucket, after } = from;
    let page = app
        .store
        .read(|reader| members::members_after(reader, app.business, bucket, after, PAGE))?;
    let next = match page.last() {
        Some(last) => Some(Position { bucket, after: Some(last.member) }),
        None if bucket + 1 < BUCKETS => Some(Position { bucket: bucket + 1, after: None }),
        None => None,
    };
    let mut commands = Vec::new();
    for walked in page.iter().filter(|walked| has_expired(programmes, walked, at)) {
        let intent = Intent { activity: Activity::Settlement, natural: None, label: None };
        let moments = Moments { given: Some(at), recorded: at };
        let command = command_for(app, Subject::Exactly(walked.member), intent, moments, None)?;
        commands.push(Command { any_age: true, ..command });
    }
    if commands.is_empty() {
        return Ok((0, next));
    }
    let answers = book(commands)?;
    for failure in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        tracing::error!(?failure, "what ran out cannot be booked");
    }
    Ok((answers.iter().filter(|answer| answer.is_ok()).count() as u64, next))
}

/// Books without a queue, few at once: others may write to the same database.
fn book_directly(
    app: &App,
    commands: &[Command],
) -> Result<Vec<Result<Answer, Failure>>, StoreError> {
    let (pipeline, programmes) = (app.pipeline(), app.programmes());
    let mut answers = Vec::with_capacity(commands.len());
    for commands in commands.chunks(AT_ONCE) {
        answers.extend(pipeline.run(&programmes, commands)?);
    }
    Ok(answers)
}

fn has_expired(programmes: &Programmes, walked: &WalkedMember, at: Timestamp) -> bool {
    let Some(version) = programmes.at(at) else { return false };
    let (state, zone) = (&walked.state.state, &version.programme.zone);
    let last_activity = state.last_activity();
    state.lots.iter().any(|lot| lot.is_expired(at, last_activity, zone).unwrap_or(false))
}
