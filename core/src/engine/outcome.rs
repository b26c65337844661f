//! Outcomes: why something was given or was not, as data.
//!
//! One renderer in the server says them in words; nothing here is a sentence.

use super::award::Bound;
use super::code_problem::CodeProblem;
use super::decision::{Arithmetic, DiscountHow, ScheduleMiss};
use super::earn::ShareHow;
use crate::programme::{QuotaMost, QuotaPer};
use crate::values::{Key, MemberId, Money, Points, Quantity, Rate};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    /// What the checkout takes is reserved until then.
    Held {
        ends_at: Timestamp,
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
    /// It came from an activity of somebody else.
    Received {
        points: Key,
        amount: Points,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<MemberId>,
    },
    /// It goes to somebody else.
    Sent {
        to: MemberId,
        points: Key,
        amount: Points,
    },
    /// What had been sent is taken back from its receiver.
    Recalled {
        from: MemberId,
        points: Key,
        amount: Points,
    },
    /// A person gets a gift; it counts towards what he may get in the period.
    GiftGiven {
        worth: Money,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<String>,
    },
    /// The gift would be worth more than is left of what a person may get.
    GiftTooMuch {
        worth: Money,
        left: Money,
        /// The first day of the period.
        from: Date,
    },
    /// The volume of the period reaches no step of the rebate; so much is lacking.
    RebateBelowStep {
        volume: Money,
        step: Money,
    },
    /// The team has come to so much of what the goal asks for.
    TeamCounted {
        unit: Key,
        total: i64,
        target: i64,
    },
    /// The team reached the goal: so many of it get so much in all.
    TeamGoalReached {
        members: u32,
        points: Key,
        amount: Points,
    },
    /// So much came back that the team reaches the goal no longer.
    TeamGoalLost,
    /// Whoever enrolled the merged member is credited with a receipt of this one.
    EnrolmentCarried {
        by: MemberId,
    },
    /// Nobody is credited: this member was no newcomer.
    EnrolmentLapsed {
        by: MemberId,
    },
    /// Somebody brought the member.
    Referred {
        by: MemberId,
    },
    /// A person wrote down who brought the member.
    Attributed {
        by: MemberId,
        reason: String,
        actor: String,
    },
    /// Nobody brought the member.
    NotReferred,
    NotFirstPurchase,
    /// What the member buys is shared no longer.
    ShareOver {
        /// The last day on which it was.
        until: Date,
    },
    /// A share goes to one who brought the member.
    Shared {
        to: MemberId,
        /// 1 is the nearest.
        level: u8,
        points: Key,
        amount: Points,
        how: ShareHow,
    },
    /// Nobody stands on the levels beyond the line of the member.
    ShareOfNobody {
        points: Key,
        amount: Points,
    },
    TransferFee {
        points: Key,
        amount: Points,
    },
    /// Points that were asked back are no longer there.
    GoneMeanwhile {
        points: Key,
        amount: Points,
    },
    MergedInto {
        into: MemberId,
    },
    Absorbed {
        from: MemberId,
    },
    NotWholeSteps {
        points: Key,
        step: Points,
    },
    /// So many stamps lie on the card that `of` of them fill.
    Stamped {
        points: Key,
        on_card: Points,
        of: Points,
    },
    CardFilled {
        points: Key,
        of: Points,
    },
    /// The number drawn, of one hundred, is below the chance.
    Won {
        prize: Key,
        number: Rate,
        below: Rate,
    },
    NotWon {
        number: Rate,
        below: Rate,
    },
    /// Of no prize is any left, or the budget is used up.
    PrizesGone,
    /// A question draws nothing, and a hold does not.
    DrawnWhenBooked,
    /// A gift; the category is the one that the member likes.
    Surprised {
        prize: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<String>,
    },
    /// This is the n-th member.
    MilestoneReached {
        members: u32,
    },
    /// A prize of a draw or a challenge.
    PrizeReceived {
        place: u32,
        prize: Key,
    },
    MoreThanPointsMayPay {
        pays: Money,
        most: Money,
        percent: Rate,
    },
    /// The calendar brought it.
    OccasionCame {
        day: Date,
    },
    BenefitGranted {
        benefit: Key,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uses: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// A benefit was used; so often it can still be used, where that is limited.
    BenefitUsed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<u32>,
    },
    TaskOpened {
        due: Date,
    },
    TaskDone {
        note: String,
        actor: String,
        /// So many days after it was due.
        late: u32,
    },
    MembershipPaid {
        fee: Money,
        from: Date,
        until: Date,
    },
    MembershipEnded {
        refund: Money,
    },
    /// So much was advanced; so much is open, of at most so much.
    Advanced {
        points: Key,
        amount: Points,
        open: Points,
        most: Points,
    },
    SetOff {
        points: Key,
        amount: Points,
        open: Points,
    },
    /// The programme ends: what can still be earned and spent can be until these days.
    EndingAnnounced {
        last_earning: Date,
        last_spending: Date,
    },
    /// The programme gives nothing for later since that day.
    EarningOver {
        last: Date,
    },
    /// What was left when the programme ended.
    EndedWithProgramme {
        points: Key,
        amount: Points,
    },
    /// What was left when the programme ended became points of another kind.
    Converted {
        points: Key,
        amount: Points,
        to: Key,
        given: Points,
    },
    /// What was left was less than what becomes anything.
    TooFewToConvert {
        points: Key,
        amount: Points,
    },
    /// What was owed of points that have ended; taken of the kind that they became, if anything.
    DebtEnded {
        points: Key,
        amount: Points,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Key>,
        #[serde(default, skip_serializing_if = "Points::is_zero_ref")]
        back: Points,
    },
}

impl Outcome {
    /// The stable name of the kind of reason, the same as in its record.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "an arm for each, so that none is without a name")]
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
            Self::Held { .. } => "held",
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
            Self::Received { .. } => "received",
            Self::Sent { .. } => "sent",
            Self::Recalled { .. } => "recalled",
            Self::GiftGiven { .. } => "gift-given",
            Self::GiftTooMuch { .. } => "gift-too-much",
            Self::RebateBelowStep { .. } => "rebate-below-step",
            Self::TeamCounted { .. } => "team-counted",
            Self::TeamGoalReached { .. } => "team-goal-reached",
            Self::TeamGoalLost => "team-goal-lost",
            Self::EnrolmentCarried { .. } => "enrolment-carried",
            Self::EnrolmentLapsed { .. } => "enrolment-lapsed",
            Self::Referred { .. } => "referred",
            Self::Attributed { .. } => "attributed",
            Self::NotReferred => "not-referred",
            Self::NotFirstPurchase => "not-first-purchase",
            Self::ShareOver { .. } => "share-over",
            Self::Shared { .. } => "shared",
            Self::ShareOfNobody { .. } => "share-of-nobody",
            Self::TransferFee { .. } => "transfer-fee",
            Self::GoneMeanwhile { .. } => "gone-meanwhile",
            Self::MergedInto { .. } => "merged-into",
            Self::Absorbed { .. } => "absorbed",
            Self::NotWholeSteps { .. } => "not-whole-steps",
            Self::Stamped { .. } => "stamped",
            Self::CardFilled { .. } => "card-filled",
            Self::Won { .. } => "won",
            Self::NotWon { .. } => "not-won",
            Self::PrizesGone => "prizes-gone",
            Self::DrawnWhenBooked => "drawn-when-booked",
            Self::Surprised { .. } => "surprised",
            Self::MilestoneReached { .. } => "milestone-reached",
            Self::PrizeReceived { .. } => "prize-received",
            Self::MoreThanPointsMayPay { .. } => "more-than-points-may-pay",
            Self::OccasionCame { .. } => "occasion-came",
            Self::BenefitGranted { .. } => "benefit-granted",
            Self::BenefitUsed { .. } => "benefit-used",
            Self::TaskOpened { .. } => "task-opened",
            Self::TaskDone { .. } => "task-done",
            Self::MembershipPaid { .. } => "membership-paid",
            Self::MembershipEnded { .. } => "membership-ended",
            Self::Advanced { .. } => "advanced",
            Self::SetOff { .. } => "set-off",
            Self::EndingAnnounced { .. } => "ending-announced",
            Self::EarningOver { .. } => "earning-over",
            Self::EndedWithProgramme { .. } => "ended-with-programme",
            Self::Converted { .. } => "converted",
            Self::TooFewToConvert { .. } => "too-few-to-convert",
            Self::DebtEnded { .. } => "debt-ended",
        }
    }
}
