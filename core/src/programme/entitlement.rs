//! Benefits as entitlements, and memberships that are paid for. Types alone.

use crate::condition::Condition;
use crate::values::{CalendarUnit, Key, Money, Period, Texts};

/// A service or a right that is not money.
#[derive(Debug)]
pub struct Benefit {
    pub key: Key,
    pub name: Texts,
    /// How often whoever has it may use it.
    pub uses: BenefitUses,
    /// Who has it, besides those whom a tier, a membership, a rule or a reward gives it.
    pub when: Option<Condition>,
    /// Within which time somebody has to do what was asked for.
    pub fulfil: Option<Period>,
}

/// How often a benefit may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BenefitUses {
    Unlimited,
    AtMost {
        quota: u32,
        /// For ever, where there is no period.
        every: Option<CalendarUnit>,
    },
    /// As often as a choice leaves; its position.
    ByChoice(usize),
}

/// Benefits among which a member chooses: each use of one counts for all of them.
#[derive(Debug)]
pub struct BenefitChoice {
    pub key: Key,
    pub name: Texts,
    pub quota: u32,
    pub every: Option<CalendarUnit>,
}

/// A benefit that a rule grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granting {
    /// The position of the benefit.
    pub benefit: usize,
    /// How long it lasts; for good, where that is not said.
    pub lasts: Option<Period>,
    /// So many uses; otherwise the benefit is had like one of a tier.
    pub uses: Option<u32>,
}

/// A membership that is paid for.
#[derive(Debug)]
pub struct Membership {
    pub key: Key,
    pub name: Texts,
    pub fee: Money,
    /// What one fee pays for.
    pub period: Period,
    /// Positions of the benefits that it gives.
    pub benefits: Vec<usize>,
    /// The least tier on a ladder while it is paid, by positions.
    pub tiers: Vec<(usize, u16)>,
    pub refund: MembershipRefund,
}

/// What whoever ends a membership gets back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipRefund {
    /// The whole fee within this time after it was paid.
    pub whole_within: Option<Period>,
    /// Later, the share of the days that are left; otherwise nothing.
    pub in_proportion: bool,
}
