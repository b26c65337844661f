//! Effects: all that is booked, and all that changes a state.
//!
//! An effect says what happened, with every figure that a later return needs. It must never say
//! why: reasons do.

use super::award::Recount;
use super::code_problem::Means;
use super::counters::CounterKey;
use super::decision::{LotPart, Shares};
use super::derived::Sent;
use crate::member::{AttributeValue, Contact, Holdings, InTeam, MemberKind, TeamAward};
use crate::values::{ActivityId, InstrumentId, Key, MemberId, Money, Points, Quantity};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One thing that is booked. A decision's effects are all that changes a member's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Join {
        kind: MemberKind,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: BTreeMap<Key, AttributeValue>,
        /// Where it is not the day of the decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Date>,
    },
    /// Changes the history of a day.
    Visit {
        day: Date,
        visits: i32,
        activities: i32,
        spent: Money,
    },
    Discount {
        by: Key,
        amount: Money,
        /// Its parts by line; they sum to `amount` (I12).
        lines: Vec<(u32, Money)>,
    },
    /// Something to offer to whoever stands at the till.
    Offer {
        by: Key,
    },
    Earn {
        by: Key,
        points: Key,
        amount: Points,
        lot: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        available_at: Option<Timestamp>,
        /// The event that the points wait for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        awaits: Option<Key>,
        expires: crate::member::Expiry,
        shares: Shares,
        /// Where a return computes the award anew: what that needs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recount: Option<Box<Recount>>,
    },
    /// Points just earned, or just given back, pay what the member owed.
    Repay {
        points: Key,
        amount: Points,
        lot: u32,
    },
    Spend {
        by: Key,
        points: Key,
        amount: Points,
        parts: Vec<LotPart>,
        /// Which lines the reward made cheaper, by how many points each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<(u32, Points)>,
    },
    /// A piece for nothing: on a line of the receipt, or handed over without one.
    FreeItem {
        by: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
        /// The products to choose from, where it is handed over on top.
        #[serde(default, skip_serializing_if = "is_empty")]
        products: Arc<[String]>,
        #[serde(default = "one", skip_serializing_if = "is_one")]
        pieces: u32,
    },
    GrantBenefit {
        by: Key,
        benefit: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
        /// So many uses; without it, the benefit is had like one of a tier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uses: Option<u32>,
    },
    RevokeBenefit {
        benefit: Key,
        activity: ActivityId,
    },
    /// Moves the counter of a limit.
    Count {
        of: Key,
        from: Date,
        change: i32,
    },
    /// Moves a counter of a limit that is not only for one member, or not of times.
    CountShared {
        counter: CounterKey,
        change: i64,
    },
    Expire {
        points: Key,
        lot: u32,
        amount: Points,
        at: Timestamp,
    },
    /// Part of a line came back.
    ReturnLine {
        receipt: ActivityId,
        line: u32,
        quantity: Quantity,
        refund: Money,
    },
    /// Nothing is left of that activity; a second void is refused.
    Voided {
        of: ActivityId,
    },
    /// Takes an award back, wholly or in part.
    Reverse {
        of: ActivityId,
        /// The position of the `Earn` among the effects of that activity.
        effect: u32,
        points: Key,
        amount: Points,
        /// The day on which it had been earned.
        day: Date,
        /// Shares by line of the receipt; empty where it was no receipt.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<(u32, Points)>,
        /// What was still there, by lot.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        taken: Vec<(u32, Points)>,
        /// What had run out by itself and is not taken twice.
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        lapsed: Points,
        /// The lot that it had run out of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lapsed_lot: Option<u32>,
        /// What the member now owes.
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        owed: Points,
        /// What was let go.
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        forgiven: Points,
        /// What was kept back from the refund instead, and for how much money.
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        withheld: Points,
        #[serde(default, skip_serializing_if = "Money::is_zero_ref")]
        money: Money,
    },
    /// Gives spent points back to the lots they came from.
    Restore {
        of: ActivityId,
        /// The position of the `Spend` among the effects of that activity.
        effect: u32,
        points: Key,
        amount: Points,
        parts: Vec<LotPart>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<(u32, Points)>,
    },
    /// Points given by a person.
    Give {
        points: Key,
        amount: Points,
        lot: u32,
        expires: crate::member::Expiry,
        reason: String,
        actor: String,
    },
    /// Points taken by a person.
    Take {
        points: Key,
        amount: Points,
        parts: Vec<LotPart>,
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        owed: Points,
        reason: String,
        actor: String,
    },
    /// A coupon opened a rule, or gets that use back.
    UseCoupon {
        instrument: InstrumentId,
        by: Key,
        /// 1 or -1.
        change: i32,
    },
    IssueCoupon {
        by: Key,
        coupon: Key,
        instrument: InstrumentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<MemberId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most_uses: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// A line of the receipt sold a certificate.
    SellCertificate {
        instrument: InstrumentId,
        line: u32,
        face: Money,
        /// It counts at once; otherwise it waits to be activated by hand.
        active: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// Something other than money pays for a part of the receipt.
    Pay {
        means: Means,
        amount: Money,
        /// Its parts by line; they sum to `amount`.
        lines: Vec<(u32, Money)>,
    },
    /// A certificate gets back what it paid, wholly or in part.
    Refill {
        of: ActivityId,
        /// The position of the `Pay` among the effects of that activity.
        effect: u32,
        instrument: InstrumentId,
        amount: Money,
        lines: Vec<(u32, Money)>,
    },
    /// The sale of a certificate, or the issue of a coupon, is taken back.
    TakeBackInstrument {
        of: ActivityId,
        instrument: InstrumentId,
    },
    /// A checkout is held; what it will give waits here.
    Hold {
        /// The first instant at which it is held no longer.
        ends_at: Timestamp,
        promised: Vec<Effect>,
    },
    /// A hold became a receipt.
    EndHold {
        hold: ActivityId,
    },
    /// The event that a lot waited for has happened.
    Release {
        event: Key,
        points: Key,
        lot: u32,
        available_at: Timestamp,
    },
    /// A person sets a tier, or takes back that it was set.
    SetTier {
        ladder: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Key>,
        /// The last day on which it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        reason: String,
        actor: String,
    },
    /// Something goes to another member, by an activity of its own.
    Send {
        to: MemberId,
        by: Key,
        what: Sent,
        /// How it is taken back when lines of the receipt come back.
        shares: Shares,
    },
    /// What was sent is taken back from its receiver, wholly or in part.
    Recall {
        of: ActivityId,
        /// The position of the `Send` among the effects of that activity.
        effect: u32,
        to: MemberId,
        by: Key,
        points: Key,
        amount: Points,
        /// Shares by line of the receipt; empty where it was no receipt.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<(u32, Points)>,
    },
    /// Who brought the member, the nearest first.
    Attribute {
        line: Vec<MemberId>,
    },
    /// Points leave for another member.
    HandOver {
        to: MemberId,
        by: Key,
        points: Key,
        amount: Points,
        parts: Vec<LotPart>,
        /// They had come from there.
        #[serde(default, skip_serializing_if = "is_false")]
        back: bool,
    },
    /// Points of another member arrive.
    Arrive {
        points: Key,
        amount: Points,
        lot: u32,
        expires: crate::member::Expiry,
        /// By whoever had them first.
        earned_on: Date,
    },
    /// Points that were handed over are asked back.
    CallBack {
        of: ActivityId,
        /// The position of the `HandOver` among the effects of that activity.
        effect: u32,
        to: MemberId,
        by: Key,
        points: Key,
        amount: Points,
    },
    /// What is taken back of an earlier activity concerns the member that this one was merged into.
    Carry {
        of: ActivityId,
        /// The position of the `Earn` or `Spend` among the effects of that activity.
        effect: u32,
        points: Key,
        amount: Points,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<(u32, Points)>,
    },
    /// The member is merged into another one: nothing is left here.
    Close {
        into: MemberId,
    },
    /// All that another member had is the member's from now on.
    Absorb {
        holdings: Box<Holdings>,
    },
    /// What of each category of goods the member bought, or gave back.
    Taste {
        changes: Vec<(String, Quantity)>,
    },
    /// The member stands on another tier than before. It follows from the history.
    Tier {
        ladder: Key,
        from: Key,
        to: Key,
    },
    /// A contact is as it says from now on; without details there is none any longer.
    SetContact {
        contact: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        details: Option<Contact>,
    },
    /// An employee is in this team from now on, or in none.
    SetTeam {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<InTeam>,
    },
    /// Somebody is in this team since that day, or no longer.
    Crew {
        member: MemberId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Date>,
    },
    /// What somebody of the team did counts towards a goal.
    TeamScore {
        goal: Key,
        /// The first day of the period.
        from: Date,
        member: MemberId,
        /// In the smallest unit of what is counted; below zero for what came back.
        change: i64,
    },
    /// A goal is reached, with what was given for it, or reached no longer.
    TeamGoal {
        goal: Key,
        from: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        award: Option<TeamAward>,
    },
    /// The member is known to have been enrolled by that employee.
    EnrolledBy {
        by: MemberId,
    },
    /// A person gets something of worth from us.
    Gift {
        by: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Key>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<MemberId>,
        worth: Money,
        asked_by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<String>,
    },
    /// An occasion of the calendar is booked for a day.
    Occasion {
        occasion: Key,
        day: Date,
    },
    /// A benefit is used, or a use of it is given back.
    UseBenefit {
        benefit: Key,
        /// The activity that had granted the use; nothing, where it is had by tier or the like.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        granted: Option<ActivityId>,
        /// 1 or -1.
        change: i32,
    },
    /// Somebody has to do something for the member.
    OpenTask {
        /// The benefit or reward.
        about: Key,
        due: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        partner: Option<Key>,
    },
    /// It is done, or no longer to be done.
    CloseTask {
        of: ActivityId,
        /// The position of the `OpenTask` among the effects of that activity.
        effect: u32,
        about: Key,
        done: bool,
    },
    /// A membership is paid for a time.
    PayMembership {
        membership: Key,
        from: Date,
        until: Date,
        fee: Money,
    },
    /// A membership that was paid ends, with what is given back of its fee.
    EndMembership {
        of: ActivityId,
        membership: Key,
        /// The last day on which it still holds; nothing, where it never did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last: Option<Date>,
        refund: Money,
    },
    /// Points are advanced before what they stand for is paid.
    Advance {
        credit: Key,
        points: Key,
        amount: Points,
        lot: u32,
        expires: crate::member::Expiry,
    },
    /// What was advanced is set off, against a payment that came or against what the member has.
    SetOff {
        credit: Key,
        points: Key,
        amount: Points,
        /// The lots that it is taken from; none, where a payment came.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parts: Vec<LotPart>,
    },
    /// What was left of points when the programme ended becomes points of another kind.
    Convert {
        points: Key,
        amount: Points,
        parts: Vec<LotPart>,
        to: Key,
        /// Nothing, where it was too little.
        given: Points,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        available_at: Option<Timestamp>,
        expires: crate::member::Expiry,
    },
    /// What is owed of points that have ended is owed no longer.
    EndDebt {
        points: Key,
        amount: Points,
        /// The kind that such points became.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Key>,
        /// What is taken of it instead: from its lots, and the rest owed or let go.
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        back: Points,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parts: Vec<LotPart>,
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        owed: Points,
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        forgiven: Points,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn is_empty(list: &[String]) -> bool {
    list.is_empty()
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_one(pieces: &u32) -> bool {
    *pieces == 1
}
