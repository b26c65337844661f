//! Counters of limits that belong to no member: for all, for a place, a till, a cashier, a code.
//!
//! A counter is a fold over the effects that counted on it. It must never know a limit.

use crate::programme::QuotaPer;
use crate::values::{ActivityId, Key, same_text};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// Which counter of a limit it is.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
pub struct CounterKey {
    /// The rule, reward or campaign.
    pub of: Key,
    pub per: QuotaPer,
    /// The location, till, cashier or code; empty where it is for all, or for one member.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// What is counted: times, money, or a kind of points.
    pub unit: Key,
    /// The first day of the period.
    pub from: Date,
}

/// How much of a limit is used, and what is held for checkouts that are not paid yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedCounter {
    pub used: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
}

/// A part of a limit that is held until a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub hold: ActivityId,
    /// The first instant at which it is held no longer.
    pub ends_at: Timestamp,
    pub amount: i64,
}

/// Nearly all counters are for all. Their empty texts are not compared as texts: to compare
/// nothing at no address costs some processors more than the rest of the key.
impl PartialEq for CounterKey {
    fn eq(&self, other: &Self) -> bool {
        let Self { of, per, scope, unit, from } = self;
        let same_scope = same_text(scope, &other.scope);
        *of == other.of
            && *per == other.per
            && same_scope
            && *unit == other.unit
            && *from == other.from
    }
}

impl Hash for CounterKey {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self { of, per, scope, unit, from } = self;
        (of, per, scope, unit, from).hash(hasher);
    }
}

impl PartialOrd for CounterKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of the fields, as they stand.
impl Ord for CounterKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let Self { of, per, scope, unit, from } = self;
        let by_scope = || match (scope.is_empty(), other.scope.is_empty()) {
            (false, false) => scope.cmp(&other.scope),
            (is_empty, other_is_empty) => other_is_empty.cmp(&is_empty),
        };
        let before = of.cmp(&other.of).then_with(|| per.cmp(&other.per)).then_with(by_scope);
        before.then_with(|| unit.cmp(&other.unit)).then_with(|| from.cmp(&other.from))
    }
}

impl SharedCounter {
    /// What cannot be had at a moment: what is used, and what is held.
    #[must_use]
    pub fn taken_at(&self, at: Timestamp) -> i64 {
        let held = self.held.iter().filter(|held| at < held.ends_at);
        held.fold(self.used, |sum, held| sum.saturating_add(held.amount))
    }
}

/// A map with keys that are no texts, written as a list of pairs.
pub(super) mod pairs {
    use super::{CounterKey, SharedCounter};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<S: Serializer>(
        map: &BTreeMap<CounterKey, SharedCounter>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<CounterKey, SharedCounter>, D::Error> {
        Ok(Vec::<(CounterKey, SharedCounter)>::deserialize(deserializer)?.into_iter().collect())
    }
}
