//! What a programme says of members among each other: shares for those who brought them, how many
//! one may bring, and points that go from hand to hand. Types alone.

use super::Earning;
use crate::values::{CalendarUnit, Period, Points, Rate};

/// A share of a receipt for those who brought the member.
#[derive(Debug)]
pub struct Sharing {
    /// The kind of points, the lines and what they count for.
    pub earning: Earning,
    pub of: ShareOf,
    /// The most of one receipt for all levels together.
    pub at_most: Option<Points>,
    pub purchases: SharedPurchases,
    /// For how long after the member was brought.
    pub within: Option<Period>,
    /// How long the points wait: the time in which the purchase may come back.
    pub after: Option<Period>,
    /// The most that one receiver gets of it.
    pub per_receiver: Option<ShareCap>,
}

/// What is shared, the nearest level first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareOf {
    /// Per cent of what is paid, as points of the same face value.
    Paid(Vec<Rate>),
    /// Per cent of the points of the same kind that the receipt earns.
    Points(Vec<Rate>),
    Fixed(Vec<Points>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedPurchases {
    All,
    First,
}

/// The most that a receiver gets in a period; for ever, where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShareCap {
    pub at_most: Points,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<CalendarUnit>,
}

/// How many members one may bring: `[referral]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferralCap {
    pub most: u32,
    pub every: Option<CalendarUnit>,
}

/// How points of a kind go from one member to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferRule {
    pub at_least: Points,
    pub step: Points,
    /// What the sender pays on top, and per cent of the amount.
    pub fee: Points,
    pub fee_percent: Rate,
}
