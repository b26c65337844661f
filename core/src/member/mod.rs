//! The state of a member: a fold over what was booked, and nothing else.
//!
//! It holds what decisions need and no personal data. It never knows what time it is:
//! every question that depends on time takes the moment.

mod contact;
mod entitlements;
mod history;
mod lots;
mod people;
mod team;

pub use contact::Contact;
pub use entitlements::{GrantedBenefit, OpenTask, PaidMembership};
pub use history::{Day, Earlier, Measures};
pub use lots::{Ended, ExpiredLot, Expiry, Lot, LotLife};
pub use people::{Absorbed, Holdings, LINE_MAX, Referral};
pub use team::{InTeam, TEAM_PERIODS_MAX, TeamAward, TeamPart, TeamScore};

use crate::engine::CounterKey;
use crate::programme::QuotaPer;
use crate::values::{CalendarError, Key, MemberId, Overflow, Points, Quantity, Zone};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of how many categories it is kept how much a member bought. A shop has fewer; what a caller
/// makes up must not let a state grow without end.
pub const TASTES_MAX: usize = 200;

/// What kind of member: one engine serves all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberKind {
    #[default]
    Person,
    Company,
    Employee,
    /// People who share a purse.
    Household,
    /// Employees with goals in common.
    Team,
}

impl MemberKind {
    pub const ALL: [Self; 5] =
        [Self::Person, Self::Company, Self::Employee, Self::Household, Self::Team];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::Employee => "employee",
            Self::Household => "household",
            Self::Team => "team",
        }
    }

    /// Whether it is several people, who are its contacts.
    #[must_use]
    pub const fn has_contacts(self) -> bool {
        matches!(self, Self::Company | Self::Household)
    }
}

/// The value of a declared attribute or action field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributeValue {
    Text(String),
    Integer(i64),
    /// In millionths.
    Decimal(i64),
    Boolean(bool),
    Date(Date),
}

/// How often a limited rule or reward was used in the period that began on `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    pub of: Key,
    /// The first day of the period; the day of joining where the limit is for ever.
    pub from: Date,
    pub used: u32,
}

/// How much of a limit for one member was used in the period that began on `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaCount {
    /// The rule, reward or campaign.
    pub of: Key,
    /// What is counted: times, money, or a kind of points.
    pub unit: Key,
    pub from: Date,
    pub used: i64,
}

/// A tier that a person set, and the days on which it holds, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandTier {
    pub tier: Key,
    pub from: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl HandTier {
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Everything that a decision about a member depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberState {
    pub kind: MemberKind,
    pub joined: Date,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<Key, AttributeValue>,
    /// Open lots by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "lots::listed")]
    pub lots: Vec<Lot>,
    /// What expired, by lot: a return does not take it a second time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expired: Vec<ExpiredLot>,
    /// What the member owes, by point kind; never zero, never negative.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub debts: BTreeMap<Key, Points>,
    /// Days with activity, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// Everything before the first of `days`, added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<QuotaCount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<GrantedBenefit>,
    /// How much the member bought of each category of goods, where the programme keeps it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tastes: BTreeMap<String, Quantity>,
    /// Tiers that a person set, by ladder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hand_tiers: BTreeMap<Key, HandTier>,
    /// The people of a company or a household.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contacts: BTreeMap<Key, Contact>,
    /// The employee who enrolled the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_by: Option<MemberId>,
    /// The team of an employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<InTeam>,
    /// The employees of a team, each with the day since which.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub crew: BTreeMap<MemberId, Date>,
    /// What a team did towards its goals, by goal and period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team_scores: Vec<TeamScore>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// Members that were merged into this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absorbed: Vec<Absorbed>,
    /// The member that this one was merged into: it has nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<MemberId>,
    /// The last day on which each occasion of the calendar was booked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub occasions: BTreeMap<Key, Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<OpenTask>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<PaidMembership>,
    /// What was advanced and is not set off, by credit; never zero, never negative.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub advances: BTreeMap<Key, Points>,
    /// What became of points of kinds that ended with the programme and became others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ended: BTreeMap<Key, Ended>,
    pub next_lot: u32,
    /// How many entries the ledger has for this member.
    pub entries: u64,
    /// How many activities were booked for this member; the version of this state.
    pub sequence: u64,
}

impl MemberState {
    #[must_use]
    pub fn new(kind: MemberKind, joined: Date) -> Self {
        Self {
            kind,
            joined,
            attributes: BTreeMap::new(),
            lots: Vec::new(),
            expired: Vec::new(),
            debts: BTreeMap::new(),
            days: Vec::new(),
            earlier: None,
            counters: Vec::new(),
            quotas: Vec::new(),
            benefits: Vec::new(),
            tastes: BTreeMap::new(),
            hand_tiers: BTreeMap::new(),
            contacts: BTreeMap::new(),
            enrolled_by: None,
            team: None,
            crew: BTreeMap::new(),
            team_scores: Vec::new(),
            referral: None,
            absorbed: Vec::new(),
            merged_into: None,
            occasions: BTreeMap::new(),
            tasks: Vec::new(),
            memberships: Vec::new(),
            advances: BTreeMap::new(),
            ended: BTreeMap::new(),
            next_lot: 1,
            entries: 0,
            sequence: 0,
        }
    }

    #[must_use]
    pub fn used(&self, of: &Key, from: Date) -> u32 {
        self.counters
            .iter()
            .find(|counter| counter.from == from && counter.of == *of)
            .map_or(0, |counter| counter.used)
    }

    /// What of a limit for one member is used.
    #[must_use]
    pub fn used_of(&self, key: &CounterKey) -> i64 {
        let is_it = |count: &&QuotaCount| {
            count.from == key.from && count.of == key.of && count.unit == key.unit
        };
        self.quotas.iter().find(is_it).map_or(0, |count| count.used)
    }

    /// Counts on a limit for one member; others are not counted here. Zero is never stored.
    pub(crate) fn count_quota(&mut self, key: &CounterKey, change: i64) -> Result<(), Overflow> {
        if key.per != QuotaPer::Member {
            return Ok(());
        }
        let place = |count: &QuotaCount| (count.of.clone(), count.unit.clone(), count.from);
        let wanted = (key.of.clone(), key.unit.clone(), key.from);
        match self.quotas.binary_search_by_key(&wanted, place) {
            Ok(position) => {
                let count = &mut self.quotas[position];
                count.used = count.used.checked_add(change).ok_or(Overflow)?;
                if count.used == 0 {
                    self.quotas.remove(position);
                }
            }
            Err(position) => {
                let (of, unit, from) = wanted;
                self.quotas.insert(position, QuotaCount { of, unit, from, used: change });
            }
        }
        Ok(())
    }

    /// How much the member bought of a category, as far as it is kept.
    #[must_use]
    pub fn taste(&self, category: &str) -> Quantity {
        self.tastes.get(category).copied().unwrap_or(Quantity::ZERO)
    }

    /// Follows what was bought or came back. What is not above zero is not kept, and no category
    /// beyond the most that are kept.
    pub(crate) fn change_tastes(&mut self, changes: &[(String, Quantity)]) -> Result<(), Overflow> {
        for (category, change) in changes {
            let now = self.taste(category).plus(*change)?;
            if !now.is_positive() {
                self.tastes.remove(category);
            } else if self.tastes.len() < TASTES_MAX || self.tastes.contains_key(category) {
                self.tastes.insert(category.clone(), now);
            }
        }
        Ok(())
    }

    #[must_use]
    pub fn debt(&self, points: &str) -> Points {
        self.debts.get(points).copied().unwrap_or(Points::ZERO)
    }

    /// The points of a kind at a moment.
    pub fn balance(
        &self,
        points: &str,
        at: Timestamp,
        zone: &Zone,
    ) -> Result<Balance, CalendarError> {
        let mut balance = Balance { debt: self.debt(points), ..Balance::default() };
        let last_activity = self.last_activity();
        for lot in self.lots.iter().filter(|lot| lot.points.as_str() == points) {
            if lot.is_expired(at, last_activity, zone)? {
                continue;
            }
            let side =
                if lot.is_pending(at) { &mut balance.pending } else { &mut balance.available };
            // The ledger books no lots whose total does not fit.
            *side = side.plus(lot.remaining).unwrap_or(Points::new(i64::MAX));
        }
        Ok(balance)
    }

    /// The benefits bought with points that count at `at`.
    pub fn benefits_at(&self, at: Timestamp) -> impl Iterator<Item = &GrantedBenefit> {
        self.benefits
            .iter()
            .filter(move |granted| granted.ends_at.is_none_or(|ends_at| at < ends_at))
    }
}

/// What a member has of one point kind. The balance is `available + pending − debt` (I2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub available: Points,
    pub pending: Points,
    pub debt: Points,
}

impl Balance {
    /// The balance in one number; negative where the member owes.
    #[must_use]
    pub fn total(self) -> i128 {
        i128::from(self.available.units()) + i128::from(self.pending.units())
            - i128::from(self.debt.units())
    }
}
