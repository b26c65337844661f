//! What a member has besides points: benefits, memberships, tasks that somebody owes it, and
//! what was advanced. Types and lookups alone.

use super::{Ended, MemberState};
use crate::values::{ActivityId, Key, Money, Overflow, Points};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A benefit that a rule or a reward gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedBenefit {
    pub benefit: Key,
    pub activity: ActivityId,
    pub granted_at: Timestamp,
    /// The first instant at which it no longer counts.
    pub ends_at: Option<Timestamp>,
    /// So many uses are left; without it, it is had like one of a tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses_left: Option<u32>,
}

/// Something that somebody has to do for a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTask {
    /// The activity that opened it, and the position of its effect.
    pub activity: ActivityId,
    pub effect: u32,
    /// The benefit or reward.
    pub about: Key,
    pub due: Date,
}

/// A time for which a membership is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidMembership {
    pub membership: Key,
    /// The activity that paid for it.
    pub activity: ActivityId,
    pub paid_on: Date,
    pub fee: Money,
    /// The first and the last day of it.
    pub from: Date,
    pub until: Date,
}

impl MemberState {
    /// Whether a membership is paid for a day.
    #[must_use]
    pub fn has_membership(&self, membership: &str, day: Date) -> bool {
        let paid = |paid: &PaidMembership| {
            paid.membership.as_str() == membership && paid.from <= day && day <= paid.until
        };
        self.memberships.iter().any(paid)
    }

    /// The last day for which a membership is paid, as things stand.
    #[must_use]
    pub fn membership_until(&self, membership: &str) -> Option<Date> {
        let paid = self.memberships.iter().filter(|paid| paid.membership.as_str() == membership);
        paid.map(|paid| paid.until).max()
    }

    /// Adds to what became of points that ended with the programme.
    pub(crate) fn change_ended(&mut self, points: &Key, change: Ended) -> Result<(), Overflow> {
        let ended = self.ended.get(points).copied().unwrap_or_default().plus(change)?;
        if ended == Ended::default() {
            self.ended.remove(points);
        } else {
            self.ended.insert(points.clone(), ended);
        }
        Ok(())
    }

    /// What was advanced on a credit and is not set off.
    #[must_use]
    pub fn advanced(&self, credit: &str) -> Points {
        self.advances.get(credit).copied().unwrap_or(Points::ZERO)
    }
}
