//! What effects do to what a member has besides points, and to what was advanced.

use super::{Account, Booking};
use crate::engine::Effect;
use crate::member::{LotLife, OpenTask, PaidMembership};
use crate::values::{Key, Overflow, Points};

impl Booking<'_> {
    /// Occasions, uses of benefits, tasks and memberships.
    pub(super) fn entitle(&mut self, effect: &Effect) -> Result<(), Overflow> {
        match effect {
            Effect::Occasion { occasion, day } => {
                self.state.occasions.insert(occasion.clone(), *day);
            }
            Effect::UseBenefit { benefit, granted: Some(granted), change } => {
                let mine = self
                    .state
                    .benefits
                    .iter_mut()
                    .find(|known| known.benefit == *benefit && known.activity == *granted);
                // A grant that was taken back meanwhile gets no use back.
                if let Some(uses) = mine.and_then(|known| known.uses_left.as_mut()) {
                    *uses = uses.checked_add_signed(-*change).ok_or(Overflow)?;
                }
            }
            Effect::OpenTask { about, due, .. } => self.state.tasks.push(OpenTask {
                activity: self.activity,
                effect: self.effect,
                about: about.clone(),
                due: *due,
            }),
            Effect::CloseTask { of, effect, .. } => {
                self.state.tasks.retain(|task| task.activity != *of || task.effect != *effect);
            }
            Effect::PayMembership { membership, from, until, fee } => {
                self.state.memberships.push(PaidMembership {
                    membership: membership.clone(),
                    activity: self.activity,
                    paid_on: self.day,
                    fee: *fee,
                    from: *from,
                    until: *until,
                });
            }
            Effect::EndMembership { of, last, .. } => {
                for paid in &mut self.state.memberships {
                    if let (true, Some(last)) = (paid.activity == *of, last) {
                        paid.until = *last;
                    }
                }
                if last.is_none() {
                    self.state.memberships.retain(|paid| paid.activity != *of);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What is advanced, and what of it is set off.
    pub(super) fn advance(&mut self, effect: &Effect) -> Result<(), Overflow> {
        match effect {
            Effect::Advance { credit, points, amount, lot, expires } => {
                self.change_advance(credit, *amount)?;
                let life = LotLife {
                    granted: *amount,
                    available_at: None,
                    awaits: None,
                    expires: *expires,
                    earned_on: self.day,
                    activity: self.activity,
                };
                self.grant(Account::Advanced, points, *amount, *lot, life)
            }
            Effect::SetOff { credit, points, amount, parts } => {
                self.change_advance(credit, amount.negated()?)?;
                if parts.is_empty() {
                    let accounts = (Account::Issued, Account::Advanced);
                    return self.enter(points, accounts, *amount, None, self.at);
                }
                self.take_parts(points, parts, Account::Advanced)
            }
            _ => Ok(()),
        }
    }

    fn change_advance(&mut self, credit: &Key, change: Points) -> Result<(), Overflow> {
        let open = self.state.advanced(credit.as_str()).plus(change)?;
        if open < Points::ZERO {
            // More than was advanced cannot be set off: refuse like an overflow.
            return Err(Overflow);
        }
        if open.is_zero() {
            self.state.advances.remove(credit);
        } else {
            self.state.advances.insert(credit.clone(), open);
        }
        Ok(())
    }
}
