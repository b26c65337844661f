//! What the calendar brought: booked for whoever it came to, whenever somebody looks, each
//! occasion by its own day. The pipeline books what came before anything else of a member, so how
//! late this runs changes no answer; it only makes things happen that nobody asks for.

use super::lanes::together;
use super::{App, Moments, command_for};
use crate::pipeline::{Command, Failure, Intent, Subject};
use crate::store::StoreError;
use crate::store::nouns::{calendar, members};
use jiff::Timestamp;
use symbolon_core::engine::{Activity, Refusal, next_occasion};
use symbolon_core::programme::Programmes;
use symbolon_core::values::{BUCKETS, Key, MemberId};

/// How many members are looked at together.
const AT_ONCE: u32 = 256;

/// Books everything that came by now. Says to how many members something came.
pub fn run_calendar(app: &App) -> Result<usize, StoreError> {
    let programmes = app.programmes();
    if !programmes.all().iter().any(|version| !version.programme.occasions.is_empty()) {
        return Ok(0);
    }
    write_calendar(app, &programmes)?;
    let mut booked = 0;
    loop {
        let now = app.world.now();
        let due =
            app.store.read(|reader| calendar::calendar_due(reader, app.business, now, AT_ONCE))?;
        if due.is_empty() {
            return Ok(booked);
        }
        let commands: Vec<Command> =
            due.iter().map(|member| look_at(app, *member, now)).collect::<Result<_, _>>()?;
        let answers = app.pipeline().run(&programmes, &commands)?;
        let mut stuck = Vec::new();
        for (member, answer) in due.iter().zip(answers) {
            match answer {
                // All that came is booked before the command itself is looked at.
                Ok(_) | Err(Failure::Refused(Refusal::OccasionNotDue { .. })) => booked += 1,
                Err(failure) => {
                    tracing::error!(%member, ?failure, "an occasion cannot be booked");
                    stuck.push(*member);
                }
            }
        }
        put_off(app, &programmes, &due, now, &stuck)?;
    }
}

/// Books what came to one member by now, so that whoever looks at it sees it as it stands.
pub fn catch_up(app: &App, member: MemberId) -> Result<(), StoreError> {
    let next = app.store.read(|reader| calendar::calendar_find(reader, app.business, member))?;
    let now = app.world.now();
    if next.is_some_and(|next| next <= now) {
        let command = look_at(app, member, now)?;
        app.pipeline().run(&app.programmes(), &[command])?;
    }
    Ok(())
}

/// A command that does nothing but let the pipeline book what came to a member.
fn look_at(app: &App, member: MemberId, now: Timestamp) -> Result<Command, StoreError> {
    let day = app.programmes().at(now).map(|version| version.programme.zone.day(now));
    let (occasion, day) = (Key::new("calendar"), day.unwrap_or_default());
    let activity = Activity::Occasion { occasion, day };
    let intent = Intent { activity, natural: None, label: None };
    let moments = Moments { given: Some(now), recorded: now };
    let command = command_for(app, Subject::Member(member), intent, moments, None)?;
    Ok(Command { any_age: true, ..command })
}

/// Looks no more at moments that are over and brought nothing; the next thing that the member
/// does writes a new one. Without this the same members would be looked at for ever.
fn put_off(
    app: &App,
    programmes: &Programmes,
    due: &[MemberId],
    now: Timestamp,
    stuck: &[MemberId],
) -> Result<(), StoreError> {
    let still =
        app.store.read(|reader| calendar::calendar_due(reader, app.business, now, AT_ONCE))?;
    let again: Vec<MemberId> = due.iter().copied().filter(|one| still.contains(one)).collect();
    if again.is_empty() && stuck.is_empty() {
        return Ok(());
    }
    let looked_at: Vec<MemberId> = again.iter().chain(stuck).copied().collect();
    for members in together(app, &looked_at, |member| member.bucket()) {
        app.store.write(|transaction| {
            let states = members::states_find(transaction, app.business, &members)?;
            let (mut moments, mut nothing) = (Vec::new(), Vec::new());
            for (member, row) in members.iter().zip(states) {
                let Some(row) = row else {
                    nothing.push(*member);
                    continue;
                };
                let next = next_occasion(programmes, &row.state).map(|due| due.at);
                let next = next.filter(|next| now < *next && !stuck.contains(member));
                match next {
                    Some(next) => moments.push((*member, row.state.sequence, Some(next))),
                    None => nothing.push(*member),
                }
            }
            calendar::calendar_write(transaction, app.business, &moments)?;
            calendar::calendar_put_off(transaction, app.business, &nothing)
        })?;
    }
    Ok(())
}

/// Writes when something comes next to every member, once for each version of the programme:
/// what a new version waits for, nobody has been looked at for. It can be stopped and begins anew.
fn write_calendar(app: &App, programmes: &Programmes) -> Result<(), StoreError> {
    let latest = programmes.latest().map_or(0, |version| version.number);
    let written = app.store.read(|reader| calendar::calendar_version(reader, app.business))?;
    if written >= latest {
        return Ok(());
    }
    for bucket in 0..BUCKETS {
        let mut after = None;
        loop {
            let page = app.store.read(|reader| {
                members::members_after(reader, app.business, bucket, after, AT_ONCE)
            })?;
            let Some(last) = page.last() else { break };
            after = Some(last.member);
            let moments: Vec<calendar::NextMoment> = page
                .iter()
                .map(|walked| {
                    let state = &walked.state.state;
                    let next = next_occasion(programmes, state).map(|due| due.at);
                    (walked.member, state.sequence, next)
                })
                .collect();
            app.store.write(|transaction| {
                calendar::calendar_write(transaction, app.business, &moments)
            })?;
        }
    }
    app.store
        .write(|transaction| calendar::calendar_version_write(transaction, app.business, latest))
}
