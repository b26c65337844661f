//! The end of a programme: when it stops giving, when points can be spent for the last time, and
//! what becomes of what is left. Types alone; what follows from them is decided by the engine.

use super::Rule;
use crate::values::{Key, Overflow, Points, Rounding, divide};
use jiff::Timestamp;
use jiff::civil::Date;

/// How a programme ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// From when receipts tell of it; without it, as soon as the version is in force.
    pub announced: Option<Date>,
    pub last_earning_day: Date,
    pub last_spending_day: Date,
    /// The first instant at which no rule gives anything for later.
    pub earning_ends_at: Timestamp,
    /// The first instant at which nothing can be spent, and by which the remainder is judged.
    pub ends_at: Timestamp,
    /// The day of that instant.
    pub settled_on: Date,
    /// By position of the point kind.
    pub remainders: Vec<Remainder>,
}

/// What becomes of the points of a kind that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    Expires,
    /// The kind outlives the programme, such as money on an account.
    Stays,
    Converts(Conversion),
}

/// Points that become points of a kind that stays: `give` for `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// The position of the other kind.
    pub to: usize,
    pub give: Points,
    pub per: Points,
    /// Less than this becomes nothing.
    pub at_least: Points,
    /// That of the other kind.
    pub rounding: Rounding,
}

impl Conversion {
    /// What so many points become. What is owed becomes nothing.
    pub fn of(&self, left: Points) -> Result<Points, Overflow> {
        if !left.is_positive() || left < self.at_least {
            return Ok(Points::ZERO);
        }
        let product = i128::from(left.units()) * i128::from(self.give.units());
        divide(product, i128::from(self.per.units()), self.rounding).map(Points::new)
    }
}

impl Ending {
    /// What becomes of a kind that stands at a position. A kind that the programme does not know
    /// any longer buys nothing, so it ends like the others.
    #[must_use]
    pub fn remainder_of(&self, position: Option<usize>) -> Remainder {
        let known = position.and_then(|position| self.remainders.get(position));
        known.copied().unwrap_or(Remainder::Expires)
    }

    /// The name under which the calendar books it.
    #[must_use]
    pub fn name() -> Key {
        Key::new("ending")
    }
}

impl Rule {
    /// Whether it gives something besides what makes the receipt at hand cheaper: points, shares,
    /// prizes, benefits, coupons.
    #[must_use]
    pub const fn gives_for_later(&self) -> bool {
        !self.earn.is_empty()
            || self.share.is_some()
            || self.plays()
            || self.benefit.is_some()
            || self.issue.is_some()
    }
}
