//! Decisions: effects, and the reason for every effect and every non-effect. As data.
//!
//! A decision never says what it says in words; one renderer in the server does, in each
//! language, for cashier, member and auditor.

pub use super::effect::Effect;
pub use super::outcome::Outcome;
pub use super::refusal::Refusal;

use super::award::Combined;
use super::counters::CounterKey;
use crate::member::LotLife;
use crate::values::{Key, Money, Overflow, Points, Rate, Rounding};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What was decided about one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The moment by which it was judged, and the day in the programme's time zone.
    pub at: Timestamp,
    pub day: Date,
    /// What is left to pay of each line of a receipt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub net: Vec<Money>,
    /// The shared counters that it looked at, with what could not be had of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<(CounterKey, i64)>,
    pub effects: Vec<Effect>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

impl Decision {
    /// What a return gives back in money; `None` where nothing came back.
    pub fn refund(&self) -> Result<Option<Money>, Overflow> {
        let mut refund = None;
        for effect in &self.effects {
            let part = match effect {
                Effect::ReturnLine { refund, .. } => *refund,
                Effect::EndMembership { refund, .. } if !refund.is_zero() => *refund,
                Effect::Reverse { money, .. } if !money.is_zero() => money.negated()?,
                _ => continue,
            };
            refund = Some(refund.unwrap_or(Money::ZERO).plus(part)?);
        }
        Ok(refund)
    }
}

/// Adds one to a list, made where it stays. There is room for it before it is made; what is
/// pushed is made first and then copied, which takes longer than to make it.
#[inline]
pub(super) fn add<T>(list: &mut Vec<T>, make: impl FnOnce() -> T) {
    list.extend(std::iter::once_with(make));
}

/// A part of a lot that an effect moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotPart {
    pub lot: u32,
    pub amount: Points,
    /// The lot as it was granted, so that it can be opened again with its original end (I5).
    pub life: LotLife,
}

/// How an award is spread over the lines of its receipt when some come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shares {
    /// By what was left to pay of every line.
    AllLines,
    /// By what was left to pay of these lines.
    Lines(Vec<u32>),
    /// By these weights.
    Weights(Vec<(u32, i64)>),
    /// Not earned on a receipt.
    None,
}

/// Why something was given, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule, reward, ladder or point kind that this is about.
    pub about: Key,
    pub outcome: Outcome,
}

/// How an award came about: `steps × give × multiplier`, rounded once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arithmetic {
    Fixed,
    PerAmount {
        basis: Money,
        give: Points,
        per: Money,
        steps: bool,
        /// Each tier or rule that multiplies, and by how much.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        multipliers: Vec<(Key, Rate)>,
        #[serde(default, skip_serializing_if = "Combined::is_multiplied")]
        combined: Combined,
        rounding: Rounding,
    },
    Percent {
        basis: Money,
        percent: Rate,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        multipliers: Vec<(Key, Rate)>,
        #[serde(default, skip_serializing_if = "Combined::is_multiplied")]
        combined: Combined,
        rounding: Rounding,
    },
    /// A fixed amount in a programme that multiplies those, too.
    FixedTimes {
        give: Points,
        multipliers: Vec<(Key, Rate)>,
        #[serde(default, skip_serializing_if = "Combined::is_multiplied")]
        combined: Combined,
        rounding: Rounding,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiscountHow {
    Percent(Rate),
    /// A percentage of the lowest price of the thirty days before.
    PercentOfLowest(Rate),
    Sum(Money),
    UnitPrice(Money),
    PriceList,
    FreePiece,
    /// So many sets of pieces that are bought and pieces that one gets.
    Set {
        buy: u32,
        get: u32,
        times: u32,
    },
    Bundle {
        times: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduleMiss {
    NotYet(Timestamp),
    Over(Timestamp),
    Weekday,
    Hour,
}
