//! Reads everything that a batch needs, one statement per table.

use super::command::{Command, OtherMember, Subject};
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
    let wanted_activities = directories_and_activities(reader, workspace, commands)?;
    let mut wanted_members = members_of(workspace, commands);
    let rows = activities::activities_find(reader, workspace.business, &wanted_activities)?;
    wanted_members.extend(rows.iter().flatten().filter_map(|row| row.member));
    read_members(reader, workspace, wanted_members)?;
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
    wanted: BTreeSet<MemberId>,
) -> Result<(), StoreError> {
    let wanted: Vec<MemberId> = wanted.into_iter().collect();
    let states = members::states_find(reader, workspace.business, &wanted)?;
    for (member, row) in wanted.into_iter().zip(states) {
        let Some(row) = row else { continue };
        let stored = row.state.sequence;
        let mut working = Working { chain: row.chain, stored, ..Working::default() };
        working.book.member = Some(row.state);
        working.book.member_id = Some(member);
        workspace.members.insert(member, working);
    }
    Ok(())
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
        read_members(reader, workspace, wanted)?;
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

/// Looks up every key and identifier, and names the activities that the batch refers to.
fn directories_and_activities(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    commands: &[Command],
) -> Result<Vec<ActivityId>, StoreError> {
    let business = workspace.business;
    let keys: Vec<_> = commands.iter().filter_map(|c| c.idempotency.clone()).collect();
    if workspace.by_bucket {
        answers_claimed(reader, workspace, keys)?;
    } else {
        let answers = directories::answers_find(reader, business, &keys)?;
        let found = keys.into_iter().zip(answers).filter_map(|(key, answer)| Some((key, answer?)));
        workspace.answers.extend(found);
    }

    let identifiers: Vec<_> = commands
        .iter()
        .flat_map(|command| match &command.subject {
            Subject::Identified(identifier) | Subject::IdentifiedOrNew(identifier) => {
                vec![identifier.clone()]
            }
            Subject::New { identifiers, .. } => identifiers.clone(),
            Subject::Guest | Subject::Member(_) | Subject::Exactly(_) | Subject::OwnerOf(_) => {
                Vec::new()
            }
        })
        .chain(commands.iter().filter_map(|command| match &command.other {
            Some(OtherMember::Identified(identifier)) => Some(identifier.clone()),
            _ => None,
        }))
        .collect();
    if workspace.by_bucket {
        identifiers_claimed(reader, workspace, identifiers)?;
    } else {
        let owners = directories::identifiers_find(reader, business, &identifiers)?;
        let found = identifiers.into_iter().zip(owners);
        workspace.identifiers.extend(found.filter_map(|(key, owner)| Some((key, owner?))));
    }

    let naturals: Vec<_> = commands.iter().filter_map(|c| c.intent.natural.clone()).collect();
    if workspace.by_bucket {
        naturals_claimed(reader, workspace, naturals)?;
    } else {
        let known = directories::natural_keys_find(reader, business, &naturals)?;
        let found = naturals.into_iter().zip(known).filter_map(|(key, known)| Some((key, known?)));
        workspace.naturals.extend(found);
    }

    let mut activities: BTreeSet<ActivityId> =
        workspace.naturals.values().map(|known| known.activity).collect();
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
    Ok(activities.into_iter().collect())
}

fn members_of(workspace: &Workspace, commands: &[Command]) -> BTreeSet<MemberId> {
    let named = commands.iter().filter_map(|command| match &command.subject {
        Subject::Member(member) | Subject::Exactly(member) => Some(*member),
        _ => None,
    });
    let others = commands.iter().filter_map(|command| match &command.other {
        Some(OtherMember::Member(member)) => Some(*member),
        _ => None,
    });
    named.chain(others).chain(workspace.identifiers.values().copied()).collect()
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
