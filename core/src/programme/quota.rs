//! Limits beyond a count for one member: for all, for a place, a person at the till, a code, a
//! campaign; by count, by money, by points. Types alone.

use crate::values::{CalendarUnit, Key, Money, Points, Texts};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Rules that share limits and budgets.
#[derive(Debug)]
pub struct Campaign {
    pub key: Key,
    pub name: Texts,
    pub quotas: Vec<Quota>,
}

/// At most so much, for one of something, in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    pub per: QuotaPer,
    pub most: QuotaMost,
    /// For ever, where there is no period.
    pub every: Option<CalendarUnit>,
    /// From how much on it is told to whoever watches; nothing stops by that.
    pub alert_at: Option<i64>,
    pub over: QuotaOver,
}

/// Whose count it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaPer {
    All,
    Member,
    Location,
    Till,
    Cashier,
    Code,
    /// A person who gets gifts; no rule counts by it.
    Person,
    /// Whoever brings members: `[referral]` alone counts so.
    Referrer,
}

impl QuotaPer {
    pub const ALL: [(&'static str, Self); 6] = [
        ("all", Self::All),
        ("member", Self::Member),
        ("location", Self::Location),
        ("till", Self::Till),
        ("cashier", Self::Cashier),
        ("code", Self::Code),
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Member => "member",
            Self::Location => "location",
            Self::Till => "till",
            Self::Cashier => "cashier",
            Self::Code => "code",
            Self::Person => "person",
            Self::Referrer => "referrer",
        }
    }
}

/// How much, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaMost {
    /// Receipts, actions or rewards on which something was given.
    Times(u32),
    /// Money taken off.
    Money(Money),
    /// Points given, of one kind.
    Points { points: Key, amount: Points },
}

impl QuotaMost {
    /// In the smallest unit of what is counted.
    #[must_use]
    pub fn units(&self) -> i64 {
        match self {
            Self::Times(times) => i64::from(*times),
            Self::Money(money) => money.units(),
            Self::Points { amount, .. } => amount.units(),
        }
    }

    /// The word under which it is counted: times, money, or the kind of points.
    #[must_use]
    pub fn unit(&self) -> Key {
        static TIMES: LazyLock<Key> = LazyLock::new(|| Key::new("times"));
        static MONEY: LazyLock<Key> = LazyLock::new(|| Key::new("money"));
        match self {
            Self::Times(_) => TIMES.clone(),
            Self::Money(_) => MONEY.clone(),
            Self::Points { points, .. } => Key::new(&format!("points:{points}")),
        }
    }
}

/// What happens to an award that is more than what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaOver {
    /// It is not given at all.
    Stop,
    /// What is left is given.
    Cut,
    /// It is given; the alert is all there is.
    Alert,
}
