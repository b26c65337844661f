//! Lots: what was earned at once, with its own pending time and its own end.

use crate::values::{ActivityId, CalendarError, Key, Overflow, Period, Points, Zone};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// When a lot stops counting. At `e` it is gone already: it counts at `t` iff `t < e` (I14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiry {
    Never,
    At(Timestamp),
    /// At the end of the day that lies this long after the member's last activity.
    Idle(Period),
}

/// What stays the same for a lot from its grant to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotLife {
    pub granted: Points,
    /// Pending before this moment; `None` is spendable at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_at: Option<Timestamp>,
    /// The event that it waits for; pending until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<Key>,
    pub expires: Expiry,
    pub earned_on: Date,
    /// The activity that granted it.
    pub activity: ActivityId,
}

/// An open lot: something of it is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Unique within the member, in order of granting.
    pub number: u32,
    pub points: Key,
    pub remaining: Points,
    pub life: LotLife,
}

/// How much of a lot ran out unused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiredLot {
    pub number: u32,
    pub amount: Points,
}

/// What was left of points when the programme ended, in all, and what it has become. What was
/// taken back afterwards is taken off both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Negative, where more was owed than was left.
    pub left: Points,
    pub given: Points,
}

impl Ended {
    pub(crate) fn plus(self, other: Self) -> Result<Self, Overflow> {
        let (left, given) = (self.left.plus(other.left)?, self.given.plus(other.given)?);
        Ok(Self { left, given })
    }
}

impl LotLife {
    /// The day from which idleness counts for the lot. It cannot end for idleness before the
    /// member could be idle with it.
    pub(crate) fn idle_since(&self, last_activity: Date) -> Date {
        last_activity.max(self.earned_on)
    }

    /// The first instant at which the lot no longer counts.
    pub fn expires_at(
        &self,
        last_activity: Date,
        zone: &Zone,
    ) -> Result<Option<Timestamp>, CalendarError> {
        match self.expires {
            Expiry::Never => Ok(None),
            Expiry::At(at) => Ok(Some(at)),
            Expiry::Idle(period) => {
                zone.end_of_day(period.after(self.idle_since(last_activity))?).map(Some)
            }
        }
    }
}

impl Lot {
    pub fn is_expired(
        &self,
        at: Timestamp,
        last_activity: Date,
        zone: &Zone,
    ) -> Result<bool, CalendarError> {
        Ok(self.life.expires_at(last_activity, zone)?.is_some_and(|expires_at| expires_at <= at))
    }

    #[must_use]
    pub fn is_pending(&self, at: Timestamp) -> bool {
        self.life.awaits.is_some()
            || self.life.available_at.is_some_and(|available_at| at < available_at)
    }
}
