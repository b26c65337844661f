//! Writes what a batch decided: one set of rows per table, states first.

use super::workspace::Workspace;
use crate::store::nouns::members::StateChange;
use crate::store::nouns::{activities, directories, entries, members};
use crate::store::{StoreError, Transaction};

pub(super) fn write(
    transaction: &mut Transaction<'_>,
    workspace: &Workspace,
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
    let written = members::states_write(transaction, business, &changes)?;
    if written.contains(&false) {
        // A member moved on since the batch was read: the whole batch is read and decided again.
        return Err(StoreError::Busy);
    }
    activities::activities_add(transaction, business, &workspace.new_activities)?;
    entries::entries_add(transaction, business, &workspace.new_entries)?;
    activities::progress_write(transaction, business, &workspace.progress_changes())?;
    directories::identifiers_add(transaction, business, &workspace.new_identifiers)?;
    members::profiles_add(transaction, business, &workspace.new_profiles)?;
    directories::natural_keys_add(transaction, business, &workspace.new_naturals)?;
    directories::answers_add(transaction, business, &workspace.new_answers)
}
