//! What the end of a programme does to points: they become others, or what is owed of them ends.

use super::{Account, Booking};
use crate::engine::Effect;
use crate::member::{Ended, LotLife};
use crate::values::{Overflow, Points};

impl Booking<'_> {
    pub(super) fn end(&mut self, effect: &Effect) -> Result<(), Overflow> {
        match effect {
            Effect::Convert { points, amount, parts, to, given, lot, available_at, expires } => {
                self.take_parts(points, parts, Account::Converted)?;
                self.state.change_ended(points, Ended { left: *amount, given: *given })?;
                let Some(lot) = lot else { return Ok(()) };
                let life = LotLife {
                    granted: *given,
                    available_at: *available_at,
                    awaits: None,
                    expires: *expires,
                    earned_on: self.day,
                    activity: self.activity,
                };
                self.grant(Account::Converted, to, *given, *lot, life)
            }
            Effect::EndDebt { points, amount, to, back, parts, owed, forgiven } => {
                let debt = self.state.debt(points.as_str()).minus(*amount)?;
                if debt < Points::ZERO {
                    return Err(Overflow);
                }
                self.set_debt(points, debt);
                let from = if to.is_some() { Account::Converted } else { Account::Forgiven };
                self.enter(points, (from, Account::Debt), *amount, None, self.at)?;
                let Some(to) = to else { return Ok(()) };
                let change = Ended { left: amount.negated()?, given: back.negated()? };
                self.state.change_ended(points, change)?;
                self.take_parts(to, parts, Account::Converted)?;
                self.owe(to, *owed, Account::Converted)?;
                let accounts = (Account::Forgiven, Account::Converted);
                self.enter(to, accounts, *forgiven, None, self.at)
            }
            _ => Ok(()),
        }
    }
}
