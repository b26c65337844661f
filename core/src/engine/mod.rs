//! The engine: a pure function from programme, member state, activity and moment to a decision.
//!
//! It must never look at a clock, at chance or at the outside world, and never change what it
//! is given. The same question gets the same answer on every machine and for ever (I11).

mod activity;
mod award;
mod book;
mod by_hand;
mod calendar;
mod challenge;
mod chance;
mod code_problem;
mod codes;
mod contacts;
mod counters;
mod credit;
mod decision;
mod derived;
mod earn;
mod effect;
mod ending;
mod entitlement;
mod events;
mod facts;
mod games;
mod gifts;
mod hold;
mod joining;
mod line_marks;
mod membership;
mod merge;
mod milestones;
mod outcome;
mod partners;
mod pay;
mod payment;
mod price;
mod prizes;
mod progress;
mod purchase;
mod quotas;
mod rebate;
mod referral;
mod refusal;
mod returns;
mod returns_instruments;
mod returns_quotas;
mod schedule;
mod shared;
mod simple;
mod staff;
mod teams;
mod tenure;
mod transfer;
mod working;

pub use activity::{
    Activity, CODES_MAX, Claim, LINES_MAX, Line, LineKind, NAME_BYTES_MAX, Payment, Presented,
    Purchase, Returned, SetOffAgainst,
};
pub use award::{Bound, Combined, Recount, RecountLine};
pub use book::{Book, Booked, LineProgress, Progress, Recorded};
pub use calendar::{DueOccasion, next_occasion};
pub use challenge::{
    Awarded, Placed, Scored, awards_of, derived_prizes, drawn_awards, published_prizes, ranked,
    score_of, tickets_of,
};
pub use code_problem::{CodeProblem, Means};
pub use counters::{CounterKey, Held, SharedCounter};
pub use decision::{
    Arithmetic, Decision, DiscountHow, Effect, LotPart, Outcome, Reason, Refusal, ScheduleMiss,
    Shares,
};
pub use derived::{Back, Derived, Incoming, MovedLot, Sent, derived_of};
pub use earn::ShareHow;
pub use ending::has_remainder;
pub use entitlement::{Entitlement, entitlements};
pub use facts::{DecisionFacts, measure_on, tier_on};
pub use hold::{HOLD_MINUTES_MAX, promise_of};
pub use merge::is_for_closed;
pub use partners::{Clearing, StatementLine, house_of};
pub use prizes::{Gift, gift_of};
pub use quotas::counters_possible;
pub(crate) use rebate::REBATE;
pub use schedule::{Announcement, announcements};
pub use shared::{Shared, instruments_named, instruments_needed, instruments_touched, may_win};
pub(crate) use staff::{ENROLMENT, RECOGNITION};
pub(crate) use teams::TEAM;
pub(crate) use working::put_back;

use crate::ledger;
use crate::member::MemberState;
use crate::programme::Programme;
use crate::values::{ActivityId, MemberId, Overflow};
use jiff::Timestamp;
use jiff::civil::Date;

/// Everything besides the activity that a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub programme: &'a Programme,
    /// `None` for a guest.
    pub member: Option<&'a MemberState>,
    /// Whose state it is; personal coupons belong to an id.
    pub member_id: Option<MemberId>,
    /// What belongs to no member and is at hand.
    pub shared: &'a Shared,
    /// The moment by which the activity is judged.
    pub at: Timestamp,
    /// The id that the activity will have when it is booked.
    pub activity: ActivityId,
}

/// Which rules are looked at. The answer is the same; with all of them, every rule that gave
/// nothing is named with its reason, which is what explaining needs and a till does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Candidates {
    Indexed,
    All,
}

/// The state as it would be after some effects.
fn apply_to_copy(
    member: &MemberState,
    context: &Context<'_>,
    day: Date,
    effects: &[Effect],
) -> Result<MemberState, Overflow> {
    let mut copy = member.clone();
    ledger::book_effects(&mut copy, context.activity, context.at, day, effects)?;
    Ok(copy)
}

/// The rules that hold for a receipt, by their place in the programme: the conditions alone,
/// before anything is computed. For benchmarks.
pub fn matching_rules(context: Context<'_>, purchase: &Purchase) -> Result<Vec<u32>, Refusal> {
    purchase::matching_rules(context, purchase)
}

/// Decides about a receipt. Public for benchmarks and quotes; booking goes through a `Book`.
pub fn decide_purchase(
    context: Context<'_>,
    purchase: &Purchase,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    purchase::decide_purchase(context, purchase, candidates)
}
