//! Occasions: what the calendar brings, such as a birthday. Types alone; when one falls is found
//! by the engine.

use crate::values::{CalendarUnit, Key, Period};

/// Something that the calendar brings to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// The day of an attribute that holds a date, in every later year.
    Birthday { attribute: Key },
    /// The day from which tenure counts, in every later year.
    Anniversary,
    /// Once, when tenure is so long.
    Tenure { after: Period },
    /// Once in each idle time, when it is so long.
    Inactive { after: Period },
    /// Each day that lies this long before points end.
    BeforeExpiry { points: Key, before: Period },
    /// The last day of each period.
    EndOf(CalendarUnit),
    /// The first day of each period for which tiers of a ladder are kept.
    TierReview { ladder: Key },
    /// Before a membership runs out.
    BeforeMembershipEnd { membership: Key, before: Period },
    /// The day after points could be spent for the last time. No rule waits for it.
    Ending,
}

impl Occasion {
    /// The word by which a rule waits for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Birthday { .. } => "birthday",
            Self::Anniversary => "anniversary",
            Self::Tenure { .. } => "tenure",
            Self::Inactive { .. } => "inactive",
            Self::BeforeExpiry { .. } => "before-expiry",
            Self::EndOf(CalendarUnit::Day) => "day-end",
            Self::EndOf(CalendarUnit::Week) => "week-end",
            Self::EndOf(CalendarUnit::Month) => "month-end",
            Self::EndOf(CalendarUnit::Quarter) => "quarter-end",
            Self::EndOf(CalendarUnit::Year) => "year-end",
            Self::TierReview { .. } => "tier-review",
            Self::BeforeMembershipEnd { .. } => "before-membership-end",
            Self::Ending => "ending",
        }
    }

    /// The name under which it is booked: the same occasion of another version has the same.
    #[must_use]
    pub fn name(&self) -> Key {
        let word = self.word();
        match self {
            Self::Birthday { attribute: of } | Self::TierReview { ladder: of } => {
                Key::new(&format!("{word}:{of}"))
            }
            Self::Tenure { after } | Self::Inactive { after } => {
                Key::new(&format!("{word}:{after}"))
            }
            Self::BeforeExpiry { points: of, before }
            | Self::BeforeMembershipEnd { membership: of, before } => {
                Key::new(&format!("{word}:{of}:{before}"))
            }
            Self::Anniversary | Self::EndOf(_) | Self::Ending => Key::new(word),
        }
    }
}
