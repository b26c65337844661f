//! Writes what a batch decided: one set of rows per table, states first.

use super::workspace::Workspace;
use crate::code_secret::CodeKeeper;
use crate::store::nouns::instruments::{InstrumentChange, codes_add};
use crate::store::nouns::members::StateChange;
use crate::store::nouns::{
    activities, calendar, contacts, counters, derived, directories, entries, holds, instruments,
    members, tasks,
};
use crate::store::{StoreError, Transaction};

pub(super) fn write(
    transaction: &mut Transaction<'_>,
    workspace: &Workspace,
    codes: &CodeKeeper,
) -> Result<(), StoreError> {
    let business = workspace.business;
    let changes: Vec<StateChange<'_>> = workspace
        .members
        .iter()
        .filter(|(_, working)| working.changed)
        .filter_map(|(member, working)| {
            let (member, before, chain) = (*member, working.stored, working.chain);
            Some(StateChange { member, before, state: working.book.member.as_ref()?, chain })
        })
        .collect();
    // Where a member moved on since the batch was read, all is read and decided again.
    members::states_write(transaction, business, &changes)?;
    calendar::calendar_write(transaction, business, &workspace.next_moments())?;
    instruments_write(transaction, workspace, codes)?;
    counters::counters_add(transaction, business, &workspace.counter_changes())?;
    activities::activities_add(transaction, business, &workspace.new_activities)?;
    holds::holds_add(transaction, business, &workspace.opened_holds())?;
    holds::holds_remove(transaction, &workspace.ended_holds())?;
    tasks::tasks_add(transaction, business, &workspace.opened_tasks())?;
    tasks::tasks_remove(transaction, &workspace.closed_tasks())?;
    derived::derived_add(transaction, business, &workspace.new_derived)?;
    derived::derived_remove(transaction, &workspace.booked_derived)?;
    entries::entries_add(transaction, business, &workspace.new_entries)?;
    activities::progress_write(transaction, business, &workspace.progress_changes())?;
    directories::identifiers_add(transaction, business, &workspace.new_identifiers)?;
    directories::identifiers_move(transaction, business, &workspace.moved_identifiers)?;
    contacts::contact_names_move(transaction, business, &workspace.moved_identifiers)?;
    members::profiles_add(transaction, business, &workspace.new_profiles)?;
    directories::natural_keys_add(transaction, business, &workspace.new_naturals)?;
    directories::answers_add(transaction, business, &workspace.new_answers)
}

/// Writes the instruments that the batch changed or issued, with the codes of the new ones.
fn instruments_write(
    transaction: &mut Transaction<'_>,
    workspace: &Workspace,
    codes: &CodeKeeper,
) -> Result<(), StoreError> {
    let business = workspace.business;
    let mut changes = Vec::new();
    for (id, state) in &workspace.shared.instruments {
        let stored = workspace.stored_instruments.get(id);
        if stored.map(|stored| stored.entries) != Some(state.entries) {
            let (before, batch) = stored.map_or((0, None), |stored| (stored.entries, stored.batch));
            changes.push(InstrumentChange { instrument: *id, batch, before, state });
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let written = instruments::instruments_write(transaction, business, &changes)?;
    if written.contains(&false) {
        // Another server used it since the batch was read: all is read and decided again.
        return Err(StoreError::Busy);
    }
    instruments::instrument_entries_add(transaction, business, &workspace.new_instrument_entries)?;
    let mut new_codes = Vec::with_capacity(workspace.issued.len());
    for id in &workspace.issued {
        let Some(issued) = workspace.shared.instruments.get(id) else { continue };
        let secret = codes.secret(transaction, business, issued.issued_at)?;
        // A prefix is for people; the code itself does not depend on it.
        new_codes.push((secret.hash(&secret.body(*id, issued.kind, "")), *id));
    }
    if codes_add(transaction, business, None, &new_codes)?.contains(&false) {
        return Err(StoreError::Other { source: "a new code is not new".into() });
    }
    Ok(())
}
