//! Decisions: effects, and the reason for every effect and every non-effect. As data.
//!
//! A decision never says what it says in words; one renderer in the server does, in each
//! language, for cashier, member and auditor.

use super::award::{Bound, Combined, Recount};
use super::code_problem::{CodeProblem, Means};
use super::counters::CounterKey;
use crate::member::{AttributeValue, LotLife, MemberKind};
use crate::programme::{QuotaMost, QuotaPer};
use crate::values::{
    ActivityId, InstrumentId, Key, MemberId, Money, Overflow, Points, Quantity, Rate, Rounding,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was decided about one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The moment by which it was judged, and the day in the programme's time zone.
    pub at: Timestamp,
    pub day: Date,
    /// What is left to pay of each line of a receipt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub net: Vec<Money>,
    /// The shared counters that it looked at, with what could not be had of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<(CounterKey, i64)>,
    pub effects: Vec<Effect>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

impl Decision {
    /// What a return gives back in money; `None` where nothing came back.
    pub fn refund(&self) -> Result<Option<Money>, Overflow> {
        let mut refund = None;
        for effect in &self.effects {
            let part = match effect {
                Effect::ReturnLine { refund, .. } => *refund,
                Effect::Reverse { money, .. } if !money.is_zero() => money.negated()?,
                _ => continue,
            };
            refund = Some(refund.unwrap_or(Money::ZERO).plus(part)?);
        }
        Ok(refund)
    }
}

/// A part of a lot that an effect moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotPart {
    pub lot: u32,
    pub amount: Points,
    /// The lot as it was granted, so that it can be opened again with its original end (I5).
    pub life: LotLife,
}

/// How an award is spread over the lines of its receipt when some come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shares {
    /// By what was left to pay of every line.
    AllLines,
    /// By what was left to pay of these lines.
    Lines(Vec<u32>),
    /// By these weights.
    Weights(Vec<(u32, i64)>),
    /// Not earned on a receipt.
    None,
}

/// One thing that is booked. A decision's effects are all that changes a member's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Join {
        kind: MemberKind,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: BTreeMap<Key, AttributeValue>,
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
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        products: Vec<String>,
        #[serde(default = "one", skip_serializing_if = "is_one")]
        pieces: u32,
    },
    GrantBenefit {
        by: Key,
        benefit: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
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
    /// The member stands on another tier than before. It follows from the history.
    Tier {
        ladder: Key,
        from: Key,
        to: Key,
    },
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_one(pieces: &u32) -> bool {
    *pieces == 1
}

/// Why something was given, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule, reward, ladder or point kind that this is about.
    pub about: Key,
    pub outcome: Outcome,
}

/// One step of the way from facts to effects, with its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// `amount` points by the arithmetic that is given.
    Earned {
        points: Key,
        amount: Points,
        arithmetic: Arithmetic,
    },
    /// The rule multiplied what others give.
    Multiplied {
        points: Key,
        times: Rate,
    },
    /// Only the highest multiplier holds, and that one is higher.
    Outdone {
        by: Key,
    },
    /// `given` points instead of those that the arithmetic gives, by a bound of the programme.
    Bounded {
        points: Key,
        computed: Points,
        arithmetic: Arithmetic,
        given: Points,
        bound: Bound,
    },
    Discounted {
        amount: Money,
        /// What it was computed on.
        basis: Money,
        how: DiscountHow,
    },
    Offered,
    /// A reward was given for these points.
    Redeemed {
        points: Key,
        amount: Points,
    },
    /// Points earned or given back went to what the member owed.
    DebtRepaid {
        amount: Points,
    },
    TierReached {
        from: Key,
        to: Key,
    },
    /// The rule is not, or no longer, or not at this hour in force.
    OutOfSchedule {
        schedule: ScheduleMiss,
    },
    /// The part of the condition at this position, counted from 0, is false.
    ConditionFalse {
        part: u32,
    },
    /// No line passes the rule's filter, or nothing is left of those that do.
    NothingToCount,
    /// The amount does not reach one step; so much is lacking.
    BelowStep {
        basis: Money,
        step: Money,
    },
    LimitReached {
        times: u32,
        from: Date,
    },
    /// A limit for all, for a place, a till, a cashier, a code, or of an amount is used up.
    QuotaReached {
        per: QuotaPer,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        scope: String,
        most: QuotaMost,
        /// The first day of its period; nothing where it is for ever.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Date>,
    },
    /// The award is more than what limits leave, and is not given at all.
    QuotaTooSmall {
        wanted: QuotaMost,
        left: QuotaMost,
    },
    /// Only what limits leave is given.
    QuotaCut {
        wanted: QuotaMost,
        given: QuotaMost,
    },
    /// A limit has come as near as somebody wants to know; nothing stops.
    QuotaAlert {
        per: QuotaPer,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        scope: String,
        most: QuotaMost,
        /// In the smallest unit of what is counted.
        used: i64,
        alert_at: i64,
    },
    /// Another rule of the group gives more, or the same and comes first.
    Excluded {
        group: Key,
        by: Key,
    },
    /// An exclusive rule stands with no other, and the other way round.
    NotCombined {
        by: Key,
    },
    /// More rules than the programme allows would take something off.
    TooManyDiscounts {
        most: u32,
    },
    /// Of the discounts that exclude each other, the best possible set was taken.
    Stacked {
        /// The least for the shop instead of the most for the member.
        for_shop: bool,
        /// What the set takes off.
        amount: Money,
        /// No other set takes off more than this; less, where it is for the shop.
        bound: Money,
        /// How many sets were looked at.
        tried: u32,
        /// The set is the best one, and not only the best one found.
        exact: bool,
    },
    /// So much of the discount is not given, because lines would cost less than their floor.
    Floored {
        amount: Money,
    },
    /// So much of the discount is not given, because it is more than is allowed at most.
    Cut {
        amount: Money,
    },
    /// Something is handed over on top, so many times.
    GiftAdded {
        times: u32,
    },
    /// The rule will be in force from then on; members may be told of it.
    Announced {
        from: Timestamp,
    },
    NotForMembers,
    NotForGuests,
    /// There are fewer points than the reward costs.
    NotEnoughPoints {
        points: Key,
        needed: Points,
        available: Points,
        pending: Points,
    },
    /// So much of a product could not be matched to any purchase; it takes nothing.
    Unmatched {
        quantity: Quantity,
    },
    /// Taken back from an award of that rule.
    Reversed {
        points: Key,
        amount: Points,
        lapsed: Points,
        owed: Points,
        forgiven: Points,
    },
    /// Kept back from the refund for points that were to be taken back and are gone.
    Withheld {
        points: Key,
        amount: Points,
        money: Money,
    },
    Restored {
        points: Key,
        amount: Points,
    },
    /// Given back with a new end, because the programme says so.
    Renewed {
        points: Key,
        amount: Points,
        expires: crate::member::Expiry,
    },
    /// Points that waited for an event can be spent from then on.
    Released {
        points: Key,
        amount: Points,
        available_at: Timestamp,
    },
    TierSet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Key>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        reason: String,
        actor: String,
    },
    Refunded {
        amount: Money,
    },
    Expired {
        points: Key,
        amount: Points,
        at: Timestamp,
    },
    Adjusted {
        points: Key,
        amount: Points,
        reason: String,
        actor: String,
    },
    /// The code at this position, counted from 0, does not hold.
    CodeRefused {
        position: u32,
        why: CodeProblem,
    },
    /// The coupon that the rule asks for was not shown, or does not hold.
    CouponNotShown,
    CouponUsed {
        rule: Key,
    },
    CouponIssued {
        coupon: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    CouponUseGivenBack,
    /// All came back, and the use of the coupon does not.
    CouponUseKept {
        has_ended: bool,
    },
    /// What had issued the coupon came back, but it was used meanwhile.
    IssuedCouponKept,
    CertificateSold {
        face: Money,
        active: bool,
    },
    InstrumentTakenBack,
    PaidWithCertificate {
        amount: Money,
        left: Money,
    },
    Refilled {
        amount: Money,
        /// Nobody can use it any more all the same.
        has_ended: bool,
    },
    PaidWithPoints {
        points: Key,
        amount: Points,
        pays: Money,
    },
    PointsDoNotPay,
    NotWholeSteps {
        points: Key,
        step: Points,
    },
    MoreThanPointsMayPay {
        pays: Money,
        most: Money,
        percent: Rate,
    },
}

impl Outcome {
    /// The stable name of the kind of reason, the same as in its record.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Earned { .. } => "earned",
            Self::Multiplied { .. } => "multiplied",
            Self::Outdone { .. } => "outdone",
            Self::Bounded { .. } => "bounded",
            Self::Discounted { .. } => "discounted",
            Self::Offered { .. } => "offered",
            Self::Redeemed { .. } => "redeemed",
            Self::DebtRepaid { .. } => "debt-repaid",
            Self::TierReached { .. } => "tier-reached",
            Self::OutOfSchedule { .. } => "out-of-schedule",
            Self::ConditionFalse { .. } => "condition-false",
            Self::NothingToCount { .. } => "nothing-to-count",
            Self::BelowStep { .. } => "below-step",
            Self::LimitReached { .. } => "limit-reached",
            Self::QuotaReached { .. } => "quota-reached",
            Self::QuotaTooSmall { .. } => "quota-too-small",
            Self::QuotaCut { .. } => "quota-cut",
            Self::QuotaAlert { .. } => "quota-alert",
            Self::Excluded { .. } => "excluded",
            Self::NotCombined { .. } => "not-combined",
            Self::TooManyDiscounts { .. } => "too-many-discounts",
            Self::Stacked { .. } => "stacked",
            Self::Floored { .. } => "floored",
            Self::Cut { .. } => "cut",
            Self::GiftAdded { .. } => "gift-added",
            Self::Announced { .. } => "announced",
            Self::NotForMembers { .. } => "not-for-members",
            Self::NotForGuests { .. } => "not-for-guests",
            Self::NotEnoughPoints { .. } => "not-enough-points",
            Self::Unmatched { .. } => "unmatched",
            Self::Reversed { .. } => "reversed",
            Self::Withheld { .. } => "withheld",
            Self::Restored { .. } => "restored",
            Self::Renewed { .. } => "renewed",
            Self::Released { .. } => "released",
            Self::TierSet { .. } => "tier-set",
            Self::Refunded { .. } => "refunded",
            Self::Expired { .. } => "expired",
            Self::Adjusted { .. } => "adjusted",
            Self::CodeRefused { .. } => "code-refused",
            Self::CouponNotShown { .. } => "coupon-not-shown",
            Self::CouponUsed { .. } => "coupon-used",
            Self::CouponIssued { .. } => "coupon-issued",
            Self::CouponUseGivenBack { .. } => "coupon-use-given-back",
            Self::CouponUseKept { .. } => "coupon-use-kept",
            Self::IssuedCouponKept { .. } => "issued-coupon-kept",
            Self::CertificateSold { .. } => "certificate-sold",
            Self::InstrumentTakenBack { .. } => "instrument-taken-back",
            Self::PaidWithCertificate { .. } => "paid-with-certificate",
            Self::Refilled { .. } => "refilled",
            Self::PaidWithPoints { .. } => "paid-with-points",
            Self::PointsDoNotPay { .. } => "points-do-not-pay",
            Self::NotWholeSteps { .. } => "not-whole-steps",
            Self::MoreThanPointsMayPay { .. } => "more-than-points-may-pay",
        }
    }
}

/// How an award came about: `steps × give × multiplier`, rounded once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arithmetic {
    Fixed,
    PerAmount {
        basis: Money,
        give: Points,
        per: Money,
        steps: bool,
        /// Each tier or rule that multiplies, and by how much.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        multipliers: Vec<(Key, Rate)>,
        #[serde(default, skip_serializing_if = "Combined::is_multiplied")]
        combined: Combined,
        rounding: Rounding,
    },
    Percent {
        basis: Money,
        percent: Rate,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        multipliers: Vec<(Key, Rate)>,
        #[serde(default, skip_serializing_if = "Combined::is_multiplied")]
        combined: Combined,
        rounding: Rounding,
    },
    /// A fixed amount in a programme that multiplies those, too.
    FixedTimes {
        give: Points,
        multipliers: Vec<(Key, Rate)>,
        #[serde(default, skip_serializing_if = "Combined::is_multiplied")]
        combined: Combined,
        rounding: Rounding,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiscountHow {
    Percent(Rate),
    /// A percentage of the lowest price of the thirty days before.
    PercentOfLowest(Rate),
    Sum(Money),
    UnitPrice(Money),
    PriceList,
    FreePiece,
    /// So many sets of pieces that are bought and pieces that one gets.
    Set {
        buy: u32,
        get: u32,
        times: u32,
    },
    Bundle {
        times: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduleMiss {
    NotYet(Timestamp),
    Over(Timestamp),
    Weekday,
    Hour,
}

/// Why an activity is not booked at all. Nothing changes then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    NoProgramme,
    NoMember,
    AlreadyMember,
    NoLines,
    TooManyLines {
        most: usize,
    },
    NegativePrice {
        line: usize,
    },
    QuantityNotPositive {
        line: usize,
    },
    NameTooLong {
        what: String,
    },
    Overflow,
    CalendarRange,
    UnknownReward {
        reward: Key,
    },
    UnknownAction {
        action: Key,
    },
    UnknownPoints {
        points: Key,
    },
    UnknownAttribute {
        attribute: Key,
    },
    WrongAttributeType {
        attribute: Key,
    },
    /// The reward needs a receipt to take something off.
    RewardNeedsReceipt {
        reward: Key,
    },
    /// The reward cannot be had; the reason says why.
    RewardNotPossible {
        reason: Box<Reason>,
    },
    UnknownActivity {
        activity: ActivityId,
    },
    /// The activity is of a kind that cannot be returned or voided.
    NotReversible {
        activity: ActivityId,
    },
    AlreadyVoided {
        activity: ActivityId,
    },
    UnknownLine {
        line: u32,
    },
    MoreThanBought {
        line: u32,
        left: Quantity,
    },
    NothingReturned,
    UnknownEvent {
        event: Key,
    },
    UnknownLadder {
        ladder: Key,
    },
    UnknownTier {
        tier: Key,
    },
    /// What is set by hand would be over before it begins.
    EndsBeforeToday,
    AmountZero,
    /// The decision needs a counter that was not read; whoever reads it decides again.
    CounterNotAtHand {
        counter: Box<CounterKey>,
    },
    ReasonMissing,
    NotEnoughToTake {
        available: Points,
    },
    TooManyCodes {
        most: usize,
    },
    /// The programme books no receipt with a code that does not hold.
    CodeRefused {
        position: u32,
        why: CodeProblem,
    },
    /// The payment cannot be made; the reason says why.
    PaymentNotPossible {
        reason: Box<Reason>,
    },
    /// The same points were named by two payments.
    PaidTwice {
        points: Key,
    },
    /// The programme lets one means pay for a receipt besides money.
    OneMeansOnly,
    /// The line cannot sell that certificate: for another price, more than one, or sold already.
    CertificateNotForSale {
        line: u32,
    },
    /// The certificate that the line sold was used already.
    CertificateUsed {
        line: u32,
    },
}

impl From<crate::values::Overflow> for Refusal {
    fn from(_: crate::values::Overflow) -> Self {
        Self::Overflow
    }
}

impl From<crate::values::CalendarError> for Refusal {
    fn from(_: crate::values::CalendarError) -> Self {
        Self::CalendarRange
    }
}

impl From<crate::condition::EvaluateError> for Refusal {
    fn from(_: crate::condition::EvaluateError) -> Self {
        Self::Overflow
    }
}

impl Refusal {
    /// The stable code of the refusal, as in the table of the API's errors.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProgramme => "no-programme",
            Self::NoMember => "no-member",
            Self::AlreadyMember => "already-member",
            Self::NoLines => "no-lines",
            Self::TooManyLines { .. } => "too-many-lines",
            Self::NegativePrice { .. } => "negative-price",
            Self::QuantityNotPositive { .. } => "quantity-not-positive",
            Self::NameTooLong { .. } => "name-too-long",
            Self::Overflow => "number-too-large",
            Self::CalendarRange => "date-out-of-range",
            Self::UnknownReward { .. } => "unknown-reward",
            Self::UnknownAction { .. } => "unknown-action",
            Self::UnknownPoints { .. } => "unknown-points",
            Self::UnknownAttribute { .. } => "unknown-attribute",
            Self::WrongAttributeType { .. } => "wrong-attribute-type",
            Self::RewardNeedsReceipt { .. } => "reward-needs-receipt",
            Self::RewardNotPossible { .. } => "reward-not-possible",
            Self::UnknownActivity { .. } => "unknown-activity",
            Self::NotReversible { .. } => "not-reversible",
            Self::AlreadyVoided { .. } => "already-voided",
            Self::UnknownLine { .. } => "unknown-line",
            Self::MoreThanBought { .. } => "more-than-bought",
            Self::NothingReturned => "nothing-returned",
            Self::UnknownEvent { .. } => "unknown-event",
            Self::UnknownLadder { .. } => "unknown-ladder",
            Self::UnknownTier { .. } => "unknown-tier",
            Self::EndsBeforeToday => "ends-before-today",
            Self::AmountZero => "amount-zero",
            Self::CounterNotAtHand { .. } => "counter-not-at-hand",
            Self::ReasonMissing => "reason-missing",
            Self::NotEnoughToTake { .. } => "not-enough-to-take",
            Self::TooManyCodes { .. } => "too-many-codes",
            Self::CodeRefused { .. } => "code-refused",
            Self::PaymentNotPossible { .. } => "payment-not-possible",
            Self::PaidTwice { .. } => "paid-twice",
            Self::OneMeansOnly => "one-means-only",
            Self::CertificateNotForSale { .. } => "certificate-not-for-sale",
            Self::CertificateUsed { .. } => "certificate-used",
        }
    }
}
