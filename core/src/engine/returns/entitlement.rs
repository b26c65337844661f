//! What a void gives back besides points: uses of benefits, tasks, and memberships.

use super::Returning;
use crate::engine::book::Recorded;
use crate::engine::decision::{Effect, Outcome, Reason, Refusal};
use crate::engine::membership;
use crate::values::Overflow;

impl Returning<'_> {
    /// Gives uses of benefits back, and asks nobody any more for what was not done yet.
    pub(super) fn release_entitlements(&mut self, record: &Recorded) {
        for (position, effect) in (0_u32..).zip(&record.decision.effects) {
            match effect {
                Effect::UseBenefit { benefit, granted, change } => {
                    let (benefit, granted, change) = (benefit.clone(), *granted, -*change);
                    self.effects.push(Effect::UseBenefit { benefit, granted, change });
                }
                Effect::OpenTask { about, .. } => {
                    let is_open = self.context.member.is_some_and(|member| {
                        let mut open = member.tasks.iter();
                        open.any(|task| task.activity == record.id && task.effect == position)
                    });
                    if is_open {
                        let (of, about) = (record.id, about.clone());
                        let effect = position;
                        self.effects.push(Effect::CloseTask { of, effect, about, done: false });
                    }
                }
                _ => {}
            }
        }
    }

    /// Ends a membership before its time, with what the programme gives back of the fee. The
    /// version that took the fee says how much that is.
    pub(super) fn end_membership(&mut self, record: &Recorded) -> Result<(), Refusal> {
        let member = self.context.member.ok_or(Refusal::NoMember)?;
        let version = self.programmes.number(record.version);
        let programme = version.map_or(self.context.programme, |version| &*version.programme);
        let not_reversible = Refusal::NotReversible { activity: record.id };
        let paid = member.memberships.iter().find(|paid| paid.activity == record.id);
        let Some(paid) = paid else { return Err(not_reversible) };
        let ending = membership::ending(programme, paid, self.facts.day)?;
        let Some(effect) = ending else { return Err(not_reversible) };
        if let Effect::EndMembership { membership, last, refund, .. } = &effect {
            let (about, refund) = (membership.clone(), *refund);
            self.reasons.push(Reason { about, outcome: Outcome::MembershipEnded { refund } });
            if last.is_none() {
                // It never was, so the day of its payment holds no activity for it either.
                self.take_back_visits(record)?;
            }
        }
        self.effects.push(effect);
        Ok(())
    }

    fn take_back_visits(&mut self, record: &Recorded) -> Result<(), Overflow> {
        for effect in &record.decision.effects {
            if let Effect::Visit { day, visits, activities, spent } = effect {
                let (visits, activities, spent) = (-*visits, -*activities, spent.negated()?);
                self.effects.push(Effect::Visit { day: *day, visits, activities, spent });
            }
        }
        Ok(())
    }
}
