//! What a member is to others: who brought it, and what it took over when two became one.
//!
//! A member knows others by their ids alone. Nothing here looks at the state of another.

use super::{
    AttributeValue, Contact, Counter, Day, Earlier, Ended, ExpiredLot, GrantedBenefit, HandTier,
    InTeam, Lot, MemberState, OpenTask, PaidMembership, QuotaCount,
};
use crate::engine::CounterKey;
use crate::programme::QuotaPer;
use crate::values::{Key, MemberId, Overflow, Points, Quantity};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many of those who brought each other are kept: no rule shares with more levels.
pub const LINE_MAX: usize = 10;

/// Who brought a member, and since when that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// The nearest first, as it was then; never empty.
    pub line: Vec<MemberId>,
    pub since: Date,
}

/// A member that was merged into this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorbed {
    pub member: MemberId,
    /// What is added to the numbers of its lots.
    pub lots_from: u32,
}

/// All that a member has, on its way to the one that it is merged into. In the effect that books
/// it there, numbers and days are those of the survivor, and `counters`, `hand_tiers`,
/// `attributes`, `referral` and `enrolled_by` are what the survivor has after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    pub owner: MemberId,
    pub joined: Date,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<Key, AttributeValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expired: Vec<ExpiredLot>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub debts: BTreeMap<Key, Points>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<QuotaCount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<GrantedBenefit>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contacts: BTreeMap<Key, Contact>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tastes: BTreeMap<String, Quantity>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub occasions: BTreeMap<Key, Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<OpenTask>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<PaidMembership>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub advances: BTreeMap<Key, Points>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ended: BTreeMap<Key, Ended>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hand_tiers: BTreeMap<Key, HandTier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_by: Option<MemberId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<InTeam>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absorbed: Vec<Absorbed>,
    pub next_lot: u32,
}

impl MemberState {
    /// Those who brought the member, the nearest first.
    #[must_use]
    pub fn line(&self) -> &[MemberId] {
        self.referral.as_ref().map_or(&[], |referral| &referral.line)
    }

    /// Whether the id is this member's, or that of one which was merged into it.
    #[must_use]
    pub fn was(&self, member: MemberId) -> bool {
        self.absorbed.iter().any(|absorbed| absorbed.member == member)
    }

    /// All that the member has.
    #[must_use]
    pub fn holdings(&self, owner: MemberId) -> Holdings {
        Holdings {
            owner,
            joined: self.joined,
            attributes: self.attributes.clone(),
            lots: self.lots.clone(),
            expired: self.expired.clone(),
            debts: self.debts.clone(),
            days: self.days.clone(),
            earlier: self.earlier.clone(),
            counters: self.counters.clone(),
            quotas: self.quotas.clone(),
            benefits: self.benefits.clone(),
            contacts: self.contacts.clone(),
            tastes: self.tastes.clone(),
            occasions: self.occasions.clone(),
            tasks: self.tasks.clone(),
            memberships: self.memberships.clone(),
            advances: self.advances.clone(),
            ended: self.ended.clone(),
            hand_tiers: self.hand_tiers.clone(),
            referral: self.referral.clone(),
            enrolled_by: self.enrolled_by,
            team: self.team,
            absorbed: self.absorbed.clone(),
            next_lot: self.next_lot,
        }
    }

    /// Leaves the member with nothing; what it had is on its way to `into`.
    pub(crate) fn close(&mut self, into: MemberId) {
        let mut closed = Self::new(self.kind, self.joined);
        closed.merged_into = Some(into);
        (closed.next_lot, closed.entries) = (self.next_lot, self.entries);
        closed.sequence = self.sequence;
        // Whoever looks at a closed member still sees who brought it.
        closed.referral = self.referral.take();
        *self = closed;
    }

    /// Takes over all but points and debts, which are booked.
    pub(crate) fn take_over(&mut self, holdings: &Holdings) -> Result<(), Overflow> {
        self.joined = holdings.joined;
        self.attributes.clone_from(&holdings.attributes);
        self.counters.clone_from(&holdings.counters);
        self.hand_tiers.clone_from(&holdings.hand_tiers);
        self.referral.clone_from(&holdings.referral);
        self.enrolled_by = holdings.enrolled_by;
        self.absorbed.extend(holdings.absorbed.iter().cloned());
        self.benefits.extend(holdings.benefits.iter().cloned());
        self.expired.extend(holdings.expired.iter().cloned());
        self.next_lot = holdings.next_lot;
        for (key, contact) in &holdings.contacts {
            // Whoever is known to both stays as the survivor knows him.
            self.contacts.entry(key.clone()).or_insert_with(|| contact.clone());
        }
        self.tasks.extend(holdings.tasks.iter().cloned());
        self.memberships.extend(holdings.memberships.iter().cloned());
        for (occasion, day) in &holdings.occasions {
            // What the calendar brought to either of them it does not bring again.
            let last = self.occasions.entry(occasion.clone()).or_insert(*day);
            *last = (*last).max(*day);
        }
        for (credit, advanced) in &holdings.advances {
            let sum = self.advances.entry(credit.clone()).or_default();
            *sum = sum.plus(*advanced)?;
        }
        for (points, theirs) in &holdings.ended {
            self.change_ended(points, *theirs)?;
        }
        let tastes: Vec<(String, Quantity)> =
            holdings.tastes.iter().map(|(category, much)| (category.clone(), *much)).collect();
        self.change_tastes(&tastes)?;
        for quota in &holdings.quotas {
            let QuotaCount { of, unit, from, used } = quota.clone();
            let scope = String::new();
            let key = CounterKey { of, per: QuotaPer::Member, scope, unit, from };
            self.count_quota(&key, used)?;
        }
        self.take_over_history(holdings.days.as_slice(), holdings.earlier.as_ref())
    }
}
