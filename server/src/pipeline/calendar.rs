//! What the calendar brought to a member is booked before anything else of that member: each
//! occasion once, by its own moment, in order. So a pause changes no answer (I14).

use super::command::{Command, Failure, Intent, ShownCodes};
use super::workspace::Workspace;
use crate::store::nouns::calendar::NextMoment;
use crate::store::nouns::directories::fingerprint_of;
use crate::store::nouns::tasks::{TaskKey, TaskRow};
use symbolon_core::engine::{Activity, Effect, Refusal, next_occasion};
use symbolon_core::values::MemberId;

impl Workspace {
    /// Books the occasions that came before a command. One that cannot be booked stays for later
    /// and is told; it must not stand in the way of what a member does.
    pub(super) fn let_occasions_happen(
        &mut self,
        command: &Command,
        member: MemberId,
    ) -> Result<(), Failure> {
        loop {
            let Some(working) = self.members.get(&member) else { return Ok(()) };
            let due = working.book.occasion_due(&self.programmes, command.at);
            let Some((id, at, activity)) = due else { return Ok(()) };
            let content = fingerprint_of(&activity)
                .map_err(|error| Failure::Inconsistent(error.to_string()))?;
            let occasion = Command {
                idempotency: None,
                content,
                request: content,
                intent: Intent { activity, natural: None, label: None },
                shown: ShownCodes::default(),
                at,
                any_age: true,
                new_activity: id,
                ..command.clone()
            };
            match self.book_for(&occasion, Some(member), id) {
                Ok(_) => {}
                // The counter is read, and the whole batch is decided again.
                Err(failure @ Failure::Refused(Refusal::CounterNotAtHand { .. })) => {
                    return Err(failure);
                }
                Err(failure) => {
                    tracing::error!(%member, ?failure, "an occasion cannot be booked");
                    return Ok(());
                }
            }
        }
    }

    /// When something comes next to the members that the batch changed.
    pub fn next_moments(&self) -> Vec<NextMoment> {
        if self.programmes.all().iter().all(|version| version.programme.occasions.is_empty()) {
            return Vec::new();
        }
        let changed = self.members.iter().filter(|(_, working)| working.changed);
        changed
            .filter_map(|(member, working)| {
                let state = working.book.member.as_ref()?;
                let next = next_occasion(&self.programmes, state).map(|due| due.at);
                Some((*member, state.sequence, next))
            })
            .collect()
    }

    /// What the batch asks somebody to do, and is not done within the batch.
    pub fn opened_tasks(&self) -> Vec<TaskRow> {
        let mut opened = Vec::new();
        for row in &self.new_activities {
            let Some(member) = row.member else { continue };
            let note = match &row.recorded.activity {
                Activity::BenefitUse { note, .. } if !note.is_empty() => Some(note.clone()),
                _ => None,
            };
            for (effect, asked) in (0_u32..).zip(&row.recorded.decision.effects) {
                let Effect::OpenTask { about, due, partner } = asked else { continue };
                opened.push(TaskRow {
                    member,
                    activity: row.recorded.id,
                    effect,
                    about: about.as_str().to_owned(),
                    partner: partner.as_ref().map(|partner| partner.as_str().to_owned()),
                    note: note.clone(),
                    due: *due,
                    opened_at: row.recorded.decision.at,
                });
            }
        }
        opened
    }

    /// What is done with the batch, or no longer to be done.
    pub fn closed_tasks(&self) -> Vec<TaskKey> {
        let mut closed = Vec::new();
        for row in &self.new_activities {
            let effects = row.recorded.decision.effects.iter();
            closed.extend(effects.filter_map(|effect| match effect {
                Effect::CloseTask { of, effect, .. } => Some((row.member?, *of, *effect)),
                _ => None,
            }));
        }
        closed
    }
}
