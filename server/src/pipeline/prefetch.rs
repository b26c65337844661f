//! Reads everything that a batch needs, one statement per table.

use super::command::{Command, OtherMember, Remembered, Subject};
use super::lanes::{
    About, answers_claimed, claims_not_booked, identifiers_claimed, naturals_claimed,
};
use super::others::LINE_WALK_MAX;
use super::workspace::{StoredInstrument, Working, Workspace};
use crate::store::nouns::instruments::CodeFound;
use crate::store::nouns::{activities, counters, directories, instruments, members, reservations};
use crate::store::{Reader, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_core::engine::{
    Activity, CounterKey, Purchase, Returned, Sent, SharedCounter, instruments_touched,
};
use symbolon_core::values::{ActivityId, InstrumentId, MemberId};

pub(super) fn prefetch(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
    counters_wanted: &BTreeSet<CounterKey>,
) -> Result<(), StoreError> {
    let business = workspace.business;
    let named: BTreeSet<MemberId> = members_of(commands);
    let named: Vec<MemberId> = named.into_iter().collect();
    let wanted_activities = directories(reader, workspace, commands, &named)?;
    let wanted: BTreeSet<MemberId> = workspace.identifiers.values().copied().collect();
    let wanted: Vec<MemberId> =
        wanted.into_iter().filter(|member| named.binary_search(member).is_err()).collect();
    let found = reader.query_all(&[
        members::states_ask(business, &wanted),
        activities::activities_ask(business, &wanted_activities),
    ])?;
    let [states, rows] = <[_; 2]>::try_from(found).unwrap_or_default();
    take_members(workspace, wanted, members::states_read(&states)?);
    let rows = activities::activities_read(&rows)?;
    let owners: BTreeSet<MemberId> = rows.iter().flatten().filter_map(|row| row.member).collect();
    let unread = owners.into_iter().filter(|member| !workspace.members.contains_key(member));
    read_members(reader, workspace, unread.collect())?;
    those_referred_to(reader, workspace, commands)?;
    for row in rows.into_iter().flatten() {
        workspace.owners.insert(row.recorded.id, row.member);
        let working = match row.member {
            Some(member) => workspace.members.entry(member).or_default(),
            None => {
                let progress = row.recorded.progress.clone();
                workspace.guest_progress.insert(row.recorded.id, progress);
                let working = workspace.guests.entry(row.recorded.id).or_default();
                working.chain = row.chain;
                working
            }
        };
        working.book.records.insert(row.recorded.id, row.recorded);
    }
    if workspace.by_bucket {
        claims_not_booked(workspace, commands);
    }
    receipts_to_match(reader, workspace, commands)?;
    goals_reached(reader, workspace, commands)?;
    codes_and_instruments(reader, workspace, commands)?;
    limit_counters(reader, workspace, commands, counters_wanted)
}

fn read_members(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    wanted: Vec<MemberId>,
) -> Result<(), StoreError> {
    let states = members::states_find(reader, workspace.business, &wanted)?;
    take_members(workspace, wanted, states);
    Ok(())
}

fn take_members(
    workspace: &mut Workspace,
    wanted: Vec<MemberId>,
    states: Vec<Option<members::StateRow>>,
) {
    for (member, row) in wanted.into_iter().zip(states) {
        let Some(row) = row else { continue };
        let stored = row.state.sequence;
        let mut working = Working { chain: row.chain, stored, ..Working::default() };
        working.book.member = Some(row.state);
        working.book.member_id = Some(member);
        workspace.members.insert(member, working);
    }
}

/// Reads those whom members were merged into, and the line of whoever is said to have brought a
/// member, until nobody new is named.
fn those_referred_to(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
) -> Result<(), StoreError> {
    for _ in 0..LINE_WALK_MAX {
        let states = workspace.members.values().filter_map(|working| working.book.member.as_ref());
        let mut wanted: BTreeSet<MemberId> = states.filter_map(|state| state.merged_into).collect();
        for command in commands {
            let brought = matches!(
                command.intent.activity,
                Activity::Attribution { .. } | Activity::Joining { .. }
            );
            let other = command.other.as_ref().filter(|_| brought);
            wanted.extend(other.and_then(|other| workspace.unread_in_line(other)));
            wanted.extend(workspace.person_of_gift(command));
        }
        wanted.retain(|member| !workspace.members.contains_key(member));
        if wanted.is_empty() {
            break;
        }
        read_members(reader, workspace, wanted.into_iter().collect())?;
    }
    Ok(())
}

/// Reads the counters of limits that the batch may look at. What is not there counts as unused.
fn limit_counters(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
    wanted: &BTreeSet<CounterKey>,
) -> Result<(), StoreError> {
    let keys: Vec<CounterKey> =
        workspace.counters_possible(commands).union(wanted).cloned().collect();
    workspace.shared.counters_are_partial = true;
    if keys.is_empty() {
        return Ok(());
    }
    let found = counters::counters_find(reader, workspace.business, &keys)?;
    for (key, used) in keys.into_iter().zip(found) {
        if workspace.by_bucket {
            workspace.stored_counters.insert(key.clone(), used);
        }
        let counter = SharedCounter { used, held: Vec::new() };
        workspace.shared.counters.insert(key, counter);
    }
    Ok(())
}

/// Looks up the codes that were shown, and reads what they and earlier activities refer to.
fn codes_and_instruments(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
) -> Result<(), StoreError> {
    let hashes: BTreeSet<_> = commands.iter().flat_map(|command| command.shown.hashes()).collect();
    let hashes: Vec<_> = hashes.into_iter().collect();
    if !hashes.is_empty() {
        let found = instruments::codes_find(reader, workspace.business, &hashes)?;
        let found = hashes.into_iter().zip(found).filter_map(|(hash, code)| Some((hash, code?)));
        workspace.codes.extend(found);
    }
    // Returns look at what their receipts had done; the records at hand are those of the batch.
    let books = workspace.members.values().chain(workspace.guests.values());
    let records = books.flat_map(|working| working.book.records.values());
    let touched = records.flat_map(instruments_touched);
    let mut wanted: BTreeMap<InstrumentId, Option<u128>> = touched.map(|id| (id, None)).collect();
    wanted.extend(workspace.codes.values().map(|code| (code.instrument, code.batch)));
    let wanted: Vec<CodeFound> =
        wanted.into_iter().map(|(instrument, batch)| CodeFound { instrument, batch }).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    if workspace.by_bucket {
        let ids: Vec<InstrumentId> = wanted.iter().map(|code| code.instrument).collect();
        let set_aside =
            reservations::instrument_reservations_find(reader, workspace.business, &ids)?;
        for attempt in set_aside.into_iter().flatten() {
            workspace.doubt(attempt, About::Instrument);
        }
    }
    let found = instruments::coded_instruments_find(reader, workspace.business, &wanted)?;
    for (code, instrument) in wanted.into_iter().zip(found) {
        let Some(instrument) = instrument else { continue };
        let stored = StoredInstrument { entries: instrument.entries, batch: code.batch };
        workspace.stored_instruments.insert(code.instrument, stored);
        workspace.shared.instruments.insert(code.instrument, instrument);
    }
    Ok(())
}

/// Looks up every key and identifier and the members that are named by their ids, and names the
/// activities that the batch refers to.
fn directories(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
    named: &[MemberId],
) -> Result<Vec<ActivityId>, StoreError> {
    let keys: Vec<_> = commands.iter().filter_map(|c| c.idempotency.clone()).collect();
    let identifiers: Vec<_> = commands
        .iter()
        .flat_map(|command| match &command.subject {
            Subject::Identified(identifier) | Subject::IdentifiedOrNew(identifier) => {
                std::slice::from_ref(identifier).to_vec()
            }
            // Whether somebody has one already.
            Subject::New { identifiers, .. } => identifiers.clone(),
            _ => Vec::new(),
        })
        .chain(commands.iter().filter_map(|command| match &command.other {
            Some(OtherMember::Identified(identifier)) => Some(identifier.clone()),
            _ => None,
        }))
        .collect();
    let naturals: Vec<_> = commands.iter().filter_map(|c| c.intent.natural.clone()).collect();
    if workspace.by_bucket {
        answers_claimed(reader, workspace, keys)?;
        identifiers_claimed(reader, workspace, identifiers)?;
        naturals_claimed(reader, workspace, naturals)?;
        read_members(reader, workspace, named.to_vec())?;
        return Ok(activities_named(workspace, commands));
    }
    let business = workspace.business;
    let found = reader.query_all(&[
        directories::answers_ask(business, &keys),
        directories::identifiers_ask(business, &identifiers),
        directories::natural_keys_ask(business, &naturals),
        members::states_ask(business, named),
    ])?;
    let [answers, owners, known, states] = <[_; 4]>::try_from(found).unwrap_or_default();
    take_members(workspace, named.to_vec(), members::states_read(&states)?);
    let answers = directories::answers_read(&answers)?;
    let found = keys.into_iter().zip(answers).filter_map(|(key, answer)| Some((key, answer?)));
    workspace.answers.extend(found);
    let owners = directories::identifiers_read(&owners)?;
    let found = identifiers.into_iter().zip(owners).filter_map(|(key, owner)| Some((key, owner?)));
    workspace.identifiers.extend(found);
    let known = directories::natural_keys_read(&known)?;
    let found = naturals.into_iter().zip(known).filter_map(|(key, known)| Some((key, known?)));
    workspace.naturals.extend(found);
    Ok(activities_named(workspace, commands))
}

/// The activities that keys, answers and commands name.
fn activities_named(workspace: &Workspace, commands: &[Command]) -> Vec<ActivityId> {
    let mut activities: BTreeSet<ActivityId> =
        workspace.naturals.values().map(|known| known.activity).collect();
    // The decision of an answer stands with its activity.
    let answers = workspace.answers.values();
    let answered = answers.filter_map(|answer| Remembered::read(&answer.answer).ok());
    activities.extend(answered.filter(|a| a.decision.is_none()).map(|a| a.activity));
    for command in commands {
        if let Subject::OwnerOf(activity) = &command.subject {
            activities.insert(*activity);
        }
        match &command.intent.activity {
            Activity::Void { of }
            | Activity::Event { of, .. }
            | Activity::Purchase(Purchase { hold: Some(of), .. }) => {
                activities.insert(*of);
            }
            Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => {
                activities.insert(*receipt);
            }
            Activity::Incoming(incoming) => {
                activities.insert(command.new_activity);
                if let Sent::TakeBack { of, .. } = &incoming.what {
                    activities.insert(*of);
                }
            }
            _ => {}
        }
    }
    activities.into_iter().collect()
}

/// The members that commands name by their ids.
fn members_of(commands: &[Command]) -> BTreeSet<MemberId> {
    let named = commands.iter().filter_map(|command| match &command.subject {
        Subject::Member(member) | Subject::Exactly(member) => Some(*member),
        _ => None,
    });
    let others = commands.iter().filter_map(|command| match &command.other {
        Some(OtherMember::Member(member)) => Some(*member),
        _ => None,
    });
    named.chain(others).collect()
}

/// What comes back may take back what a goal of a team gave, so the activity that gave it is read.
fn goals_reached(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
) -> Result<(), StoreError> {
    let mut wanted = BTreeSet::new();
    for command in commands {
        let (Activity::Incoming(incoming), Subject::Exactly(team)) =
            (&command.intent.activity, &command.subject)
        else {
            continue;
        };
        let Sent::Score { from, change, .. } = &incoming.what else { continue };
        let team = workspace.members.get(team).and_then(|team| team.book.member.as_ref());
        let score = team.and_then(|team| team.team_score(&incoming.by, *from));
        if *change < 0 {
            wanted.extend(score.and_then(|score| Some(score.award.as_ref()?.activity)));
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let wanted: Vec<ActivityId> = wanted.into_iter().collect();
    let rows = activities::activities_find(reader, workspace.business, &wanted)?;
    for row in rows.into_iter().flatten() {
        let Some(working) = row.member.and_then(|team| workspace.members.get_mut(&team)) else {
            continue;
        };
        working.book.records.entry(row.recorded.id).or_insert(row.recorded);
    }
    Ok(())
}

/// Returns without a receipt are matched to the member's latest receipts, so these are read.
fn receipts_to_match(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
) -> Result<(), StoreError> {
    let mut wanted = BTreeSet::new();
    for command in commands {
        let without_receipt = matches!(
            command.intent.activity,
            Activity::Return { returned: Returned::WithoutReceipt { .. } }
        );
        let member = match &command.subject {
            Subject::Member(member) | Subject::Exactly(member) => Some(*member),
            Subject::Identified(identifier) | Subject::IdentifiedOrNew(identifier) => {
                workspace.identifiers.get(identifier).copied()
            }
            _ => None,
        };
        wanted.extend(member.filter(|_| without_receipt));
    }
    for member in wanted {
        let Some(working) = workspace.members.get_mut(&member) else { continue };
        for row in activities::receipts_of_member(reader, workspace.business, member)? {
            working.book.records.entry(row.recorded.id).or_insert(row.recorded);
        }
    }
    Ok(())
}
