//! Keys that stand in a directory, where lanes go by bucket: whether they are booked is seen only
//! where the activity or the member would be.

use super::super::command::{AnsweredBalance, Command, Remembered, Subject};
use super::super::workspace::Workspace;
use super::{About, Proof};
use crate::store::nouns::attempts::AttemptId;
use crate::store::nouns::claims::{
    self, ClaimKey, Claimed, answer_claims_find, identifier_claims_find, natural_claims_find,
};
use crate::store::nouns::directories::{
    Fingerprint, IdempotencyKey, Identifier, NaturalKey, StoredAnswer,
};
use crate::store::nouns::{activities, to_json};
use crate::store::{Reader, StoreError};
use symbolon_core::values::ActivityId;

/// Reads the first answers to callers' keys. Those that are booked are put together of what was
/// booked.
pub(in crate::pipeline) fn answers_claimed(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    keys: Vec<IdempotencyKey>,
) -> Result<(), StoreError> {
    let found = answer_claims_find(reader, workspace.business, &keys)?;
    let mut claimed: Vec<(IdempotencyKey, Fingerprint, ActivityId, AttemptId)> = Vec::new();
    for (key, found) in keys.into_iter().zip(found) {
        match found {
            None => {}
            Some((fingerprint, Claimed::Answer(answer))) => {
                workspace.answers.insert(key, StoredAnswer { fingerprint, answer });
            }
            Some((fingerprint, Claimed::Activity(activity, attempt))) => {
                claimed.push((key, fingerprint, activity, attempt));
            }
        }
    }
    if claimed.is_empty() {
        return Ok(());
    }
    let ids: Vec<ActivityId> = claimed.iter().map(|(_, _, activity, _)| *activity).collect();
    let rows = activities::activities_find(reader, workspace.business, &ids)?;
    let answered = claims::answered_find(reader, workspace.business, &ids)?;
    for (((key, fingerprint, activity, attempt), row), answered) in
        claimed.into_iter().zip(rows).zip(answered)
    {
        let (Some(row), Some(answered)) = (row, answered) else {
            let about = About::Claim(ClaimKey::Answer(key), Proof::Activity(activity));
            workspace.doubt(attempt, about);
            continue;
        };
        let Ok(balances) = serde_json::from_str::<Vec<AnsweredBalance>>(&answered) else {
            // Whoever asks is told; nobody else in the batch suffers from it.
            workspace.answers.insert(key, StoredAnswer { fingerprint, answer: answered });
            continue;
        };
        let answer = Remembered {
            activity,
            member: row.member,
            version: row.recorded.version,
            balances,
            decision: Some(row.recorded.decision),
        };
        let answer = to_json(&answer)?.0;
        workspace.answers.insert(key, StoredAnswer { fingerprint, answer });
    }
    Ok(())
}

pub(in crate::pipeline) fn identifiers_claimed(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    identifiers: Vec<Identifier>,
) -> Result<(), StoreError> {
    let found = identifier_claims_find(reader, workspace.business, &identifiers)?;
    for (identifier, found) in identifiers.into_iter().zip(found) {
        let Some((member, attempt)) = found else { continue };
        if let Some(attempt) = attempt {
            let key = ClaimKey::Identifier(identifier.clone());
            workspace.claimed.push((key, attempt, Proof::Member(member)));
        }
        workspace.identifiers.insert(identifier, member);
    }
    Ok(())
}

pub(in crate::pipeline) fn naturals_claimed(
    reader: &mut Reader<'_>,
    workspace: &mut Workspace,
    naturals: Vec<NaturalKey>,
) -> Result<(), StoreError> {
    let found = natural_claims_find(reader, workspace.business, &naturals)?;
    for (natural, found) in naturals.into_iter().zip(found) {
        let Some((known, attempt)) = found else { continue };
        if let Some(attempt) = attempt {
            let key = ClaimKey::Natural(natural.clone());
            workspace.claimed.push((key, attempt, Proof::Activity(known.activity)));
        }
        workspace.naturals.insert(natural, known);
    }
    Ok(())
}

/// Looks whether what was claimed is there. What is not stands for nothing yet; whoever wants the
/// same has to know first whether it will.
pub(in crate::pipeline) fn claims_not_booked(workspace: &mut Workspace, commands: &[Command]) {
    let wants_to_join = |identifier: &Identifier| {
        commands.iter().any(|command| match &command.subject {
            Subject::New { identifiers, .. } => identifiers.contains(identifier),
            Subject::IdentifiedOrNew(wanted) => wanted == identifier,
            _ => false,
        })
    };
    for (key, attempt, proof) in std::mem::take(&mut workspace.claimed) {
        let is_there = match proof {
            Proof::Activity(activity) => workspace.owners.contains_key(&activity),
            Proof::Member(member) => {
                workspace.members.get(&member).is_some_and(|working| working.book.member.is_some())
            }
        };
        if is_there {
            continue;
        }
        match &key {
            ClaimKey::Natural(natural) => {
                workspace.naturals.remove(natural);
            }
            ClaimKey::Identifier(identifier) => {
                workspace.identifiers.remove(identifier);
                // Nobody is found by it yet.
                if !wants_to_join(identifier) {
                    continue;
                }
            }
            ClaimKey::Answer(_) => {}
        }
        workspace.doubt(attempt, About::Claim(key, proof));
    }
}
