//! Reasons in words: why something was given, and why something was not.
//!
//! This is the one renderer for the receipt page, the member page, the API and the command
//! line, so that a cashier, a member and an auditor read the same sentence. It must never
//! judge anything anew: it only says what the reason holds.

use super::arithmetic::{bound_key, earned, multiplied};
use super::effects::tier_set;
use super::{
    Arg, Language, Speaker, companies, ending, games, instruments, others, people, prices,
    quantity, quotas, teams, time,
};
use jiff::Timestamp;
use jiff::civil::Date;
use symbolon_core::condition::Condition;
use symbolon_core::engine::{Outcome, Reason, ScheduleMiss};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Money, Points, Quantity};

/// What a reason means for whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was given.
    Given,
    /// Nothing was given, and why not.
    NotGiven,
    /// Something was taken: spent, taken back, expired.
    Taken,
    /// Something to know.
    Note,
}

impl Tone {
    /// For styling; never shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::NotGiven => "not-given",
            Self::Taken => "taken",
            Self::Note => "note",
        }
    }
}

/// A reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The rule, reward, ladder or point kind that it is about.
    pub about: String,
    pub tone: Tone,
    pub sentence: String,
}

impl Explanation {
    /// All of it in one line: `A point per dollar – 16 points: 16 full steps …`.
    #[must_use]
    pub fn line(&self, say: &Speaker<'_>) -> String {
        let args = [
            ("about", Arg::from(self.about.as_str())),
            ("sentence", self.sentence.as_str().into()),
        ];
        say.text("reason-line", &args)
    }
}

/// A reason in one line: `A point per dollar – 16 points: 16 full steps …`.
#[must_use]
pub fn reason_sentence(language: Language, programme: &Programme, reason: &Reason) -> String {
    let say = Speaker::new(language, programme);
    let mut explained = explain_reason(&say, reason);
    // This sentence may be read by whoever typed the code.
    if let Outcome::CodeRefused { position, why } = reason.outcome
        && instruments::is_hidden(why)
    {
        explained.about = instruments::code_number(&say, position);
        explained.sentence = say.text("reason-code-not-valid", &[]);
    }
    explained.line(&say)
}

/// A reason in words. The speaker's programme is the version that made the decision.
#[must_use]
pub fn explain_reason(say: &Speaker<'_>, reason: &Reason) -> Explanation {
    Explanation {
        about: about(say, reason),
        tone: tone(&reason.outcome),
        sentence: sentence(say, &reason.about, &reason.outcome),
    }
}

#[expect(clippy::too_many_lines, reason = "an arm for each, so that none is without words")]
fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::Earned { .. }
        | Outcome::Multiplied { .. }
        | Outcome::Discounted { .. }
        | Outcome::Offered
        | Outcome::GiftAdded { .. }
        | Outcome::TierReached { .. }
        | Outcome::Renewed { .. }
        | Outcome::Released { .. }
        | Outcome::Restored { .. } => Tone::Given,
        Outcome::Bounded { given, .. } if given.is_positive() => Tone::Given,
        Outcome::OutOfSchedule { .. }
        | Outcome::ConditionFalse { .. }
        | Outcome::NothingToCount
        | Outcome::Bounded { .. }
        | Outcome::Outdone { .. }
        | Outcome::BelowStep { .. }
        | Outcome::LimitReached { .. }
        | Outcome::Excluded { .. }
        | Outcome::QuotaReached { .. }
        | Outcome::QuotaTooSmall { .. }
        | Outcome::QuotaCut { .. }
        | Outcome::NotCombined { .. }
        | Outcome::TooManyDiscounts { .. }
        | Outcome::Floored { .. }
        | Outcome::Cut { .. }
        | Outcome::Announced { .. }
        | Outcome::NotForMembers
        | Outcome::NotForGuests
        | Outcome::NotEnoughPoints { .. }
        | Outcome::Unmatched { .. } => Tone::NotGiven,
        Outcome::Redeemed { .. }
        | Outcome::Reversed { .. }
        | Outcome::Withheld { .. }
        | Outcome::Expired { .. } => Tone::Taken,
        Outcome::DebtRepaid { .. }
        | Outcome::Refunded { .. }
        | Outcome::TierSet { .. }
        | Outcome::QuotaAlert { .. }
        | Outcome::Held { .. }
        | Outcome::Stacked { .. } => Tone::Note,
        Outcome::Adjusted { amount, .. } if amount.is_positive() => Tone::Given,
        Outcome::Adjusted { .. } => Tone::Taken,
        Outcome::CodeRefused { .. }
        | Outcome::CouponNotShown
        | Outcome::CouponUsed { .. }
        | Outcome::CouponIssued { .. }
        | Outcome::CouponUseGivenBack
        | Outcome::CouponUseKept { .. }
        | Outcome::IssuedCouponKept
        | Outcome::CertificateSold { .. }
        | Outcome::InstrumentTakenBack
        | Outcome::PaidWithCertificate { .. }
        | Outcome::Refilled { .. }
        | Outcome::PaidWithPoints { .. }
        | Outcome::PointsDoNotPay
        | Outcome::NotWholeSteps { .. }
        | Outcome::MoreThanPointsMayPay { .. } => instruments::tone(outcome),
        Outcome::TeamCounted { .. }
        | Outcome::TeamGoalReached { .. }
        | Outcome::TeamGoalLost
        | Outcome::EnrolmentCarried { .. }
        | Outcome::EnrolmentLapsed { .. } => teams::tone(outcome),
        Outcome::GiftGiven { .. }
        | Outcome::GiftTooMuch { .. }
        | Outcome::RebateBelowStep { .. } => companies::tone(outcome),
        Outcome::Received { .. } | Outcome::Sent { .. } | Outcome::Recalled { .. } => {
            others::tone(outcome)
        }
        Outcome::Referred { .. }
        | Outcome::Attributed { .. }
        | Outcome::NotReferred
        | Outcome::NotFirstPurchase
        | Outcome::ShareOver { .. }
        | Outcome::Shared { .. }
        | Outcome::ShareOfNobody { .. }
        | Outcome::TransferFee { .. }
        | Outcome::GoneMeanwhile { .. }
        | Outcome::MergedInto { .. }
        | Outcome::Absorbed { .. } => people::tone(outcome),
        Outcome::Stamped { .. }
        | Outcome::CardFilled { .. }
        | Outcome::Won { .. }
        | Outcome::NotWon { .. }
        | Outcome::PrizesGone
        | Outcome::DrawnWhenBooked
        | Outcome::Surprised { .. }
        | Outcome::MilestoneReached { .. }
        | Outcome::PrizeReceived { .. } => games::tone(outcome),
        Outcome::OccasionCame { .. }
        | Outcome::BenefitGranted { .. }
        | Outcome::BenefitUsed { .. }
        | Outcome::TaskOpened { .. }
        | Outcome::TaskDone { .. }
        | Outcome::MembershipPaid { .. }
        | Outcome::MembershipEnded { .. }
        | Outcome::Advanced { .. }
        | Outcome::SetOff { .. } => time::tone(outcome),
        Outcome::EndingAnnounced { .. }
        | Outcome::EarningOver { .. }
        | Outcome::EndedWithProgramme { .. }
        | Outcome::Converted { .. }
        | Outcome::TooFewToConvert { .. }
        | Outcome::DebtEnded { .. } => ending::tone(outcome),
    }
}

/// The name of what a reason is about.
#[expect(clippy::too_many_lines, reason = "an arm for each, so that none is without words")]
fn about(say: &Speaker<'_>, reason: &Reason) -> String {
    match &reason.outcome {
        Outcome::DebtRepaid { .. } | Outcome::Expired { .. } | Outcome::Adjusted { .. } => {
            say.points_title(&reason.about)
        }
        Outcome::TierReached { .. } | Outcome::TierSet { .. } => say.ladder(&reason.about),
        Outcome::Released { .. } => say.event(&reason.about),
        Outcome::TeamCounted { .. }
        | Outcome::TeamGoalReached { .. }
        | Outcome::TeamGoalLost
        | Outcome::EnrolmentCarried { .. }
        | Outcome::EnrolmentLapsed { .. }
        | Outcome::GiftGiven { .. }
        | Outcome::GiftTooMuch { .. }
        | Outcome::RebateBelowStep { .. } => say.giver(&reason.about),
        Outcome::Received { .. } | Outcome::Sent { .. } | Outcome::Recalled { .. } => {
            say.giver(&reason.about)
        }
        Outcome::Stamped { .. }
        | Outcome::CardFilled { .. }
        | Outcome::Won { .. }
        | Outcome::NotWon { .. }
        | Outcome::PrizesGone
        | Outcome::DrawnWhenBooked
        | Outcome::Surprised { .. }
        | Outcome::MilestoneReached { .. }
        | Outcome::PrizeReceived { .. } => games::about(say, &reason.about, &reason.outcome),
        // A product: it has the name that the till gave it.
        Outcome::Unmatched { .. } => reason.about.to_string(),
        Outcome::Refunded { .. } => say.text("reason-about-receipt", &[]),
        Outcome::Stacked { .. } => say.text("reason-about-discounts", &[]),
        Outcome::Held { .. } => say.text("reason-about-receipt", &[]),
        Outcome::NotEnoughPoints { points, .. } if *points == reason.about => {
            say.points_title(points)
        }
        Outcome::Redeemed { .. } | Outcome::NotEnoughPoints { .. } => say.reward(&reason.about),
        Outcome::Earned { .. }
        | Outcome::Multiplied { .. }
        | Outcome::Outdone { .. }
        | Outcome::Bounded { .. }
        | Outcome::Withheld { .. }
        | Outcome::Renewed { .. }
        | Outcome::Discounted { .. }
        | Outcome::Offered
        | Outcome::OutOfSchedule { .. }
        | Outcome::ConditionFalse { .. }
        | Outcome::NothingToCount
        | Outcome::BelowStep { .. }
        | Outcome::LimitReached { .. }
        | Outcome::Excluded { .. }
        | Outcome::QuotaReached { .. }
        | Outcome::QuotaTooSmall { .. }
        | Outcome::QuotaCut { .. }
        | Outcome::QuotaAlert { .. }
        | Outcome::NotCombined { .. }
        | Outcome::TooManyDiscounts { .. }
        | Outcome::Floored { .. }
        | Outcome::Cut { .. }
        | Outcome::GiftAdded { .. }
        | Outcome::Announced { .. }
        | Outcome::NotForMembers
        | Outcome::NotForGuests
        | Outcome::Reversed { .. }
        | Outcome::Restored { .. } => say.giver(&reason.about),
        Outcome::CodeRefused { .. }
        | Outcome::CouponNotShown
        | Outcome::CouponUsed { .. }
        | Outcome::CouponIssued { .. }
        | Outcome::CouponUseGivenBack
        | Outcome::CouponUseKept { .. }
        | Outcome::IssuedCouponKept
        | Outcome::CertificateSold { .. }
        | Outcome::InstrumentTakenBack
        | Outcome::PaidWithCertificate { .. }
        | Outcome::Refilled { .. }
        | Outcome::PaidWithPoints { .. }
        | Outcome::PointsDoNotPay
        | Outcome::NotWholeSteps { .. }
        | Outcome::MoreThanPointsMayPay { .. } => {
            instruments::about(say, &reason.about, &reason.outcome)
        }
        Outcome::Referred { .. }
        | Outcome::Attributed { .. }
        | Outcome::NotReferred
        | Outcome::NotFirstPurchase
        | Outcome::ShareOver { .. }
        | Outcome::Shared { .. }
        | Outcome::ShareOfNobody { .. }
        | Outcome::TransferFee { .. }
        | Outcome::GoneMeanwhile { .. }
        | Outcome::MergedInto { .. }
        | Outcome::Absorbed { .. } => people::about(say, &reason.about, &reason.outcome),
        Outcome::OccasionCame { .. }
        | Outcome::BenefitGranted { .. }
        | Outcome::BenefitUsed { .. }
        | Outcome::TaskOpened { .. }
        | Outcome::TaskDone { .. }
        | Outcome::MembershipPaid { .. }
        | Outcome::MembershipEnded { .. }
        | Outcome::Advanced { .. }
        | Outcome::SetOff { .. } => time::about(say, &reason.about, &reason.outcome),
        Outcome::EndingAnnounced { .. }
        | Outcome::EarningOver { .. }
        | Outcome::EndedWithProgramme { .. }
        | Outcome::Converted { .. }
        | Outcome::TooFewToConvert { .. }
        | Outcome::DebtEnded { .. } => ending::about(say, &reason.about, &reason.outcome),
    }
}

#[expect(clippy::too_many_lines, reason = "an arm for each, so that none is without words")]
fn sentence(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Earned { points, amount, arithmetic } => earned(say, points, *amount, arithmetic),
        Outcome::Multiplied { points, times } => multiplied(say, points, *times),
        Outcome::Discounted { amount, basis, how } => {
            prices::discounted(say, *amount, *basis, *how)
        }
        Outcome::Held { ends_at } => {
            say.text("reason-held", &[("until", say.moment(*ends_at).into())])
        }
        Outcome::QuotaReached { .. }
        | Outcome::QuotaTooSmall { .. }
        | Outcome::QuotaCut { .. }
        | Outcome::QuotaAlert { .. } => quotas::sentence(say, outcome),
        Outcome::NotCombined { .. }
        | Outcome::TooManyDiscounts { .. }
        | Outcome::Stacked { .. }
        | Outcome::Floored { .. }
        | Outcome::Cut { .. }
        | Outcome::GiftAdded { .. }
        | Outcome::Announced { .. } => prices::stacking(say, outcome),
        Outcome::Outdone { .. }
        | Outcome::Bounded { .. }
        | Outcome::Withheld { .. }
        | Outcome::Renewed { .. }
        | Outcome::Released { .. }
        | Outcome::TierSet { .. } => of_choices(say, about, outcome),
        Outcome::Offered => offered(say, about),
        Outcome::Redeemed { points, amount } => {
            with_amount(say, "reason-redeemed", points, *amount)
        }
        Outcome::DebtRepaid { amount } => with_amount(say, "reason-debt-repaid", about, *amount),
        Outcome::TierReached { from, to } => tier_reached(say, about, from, to),
        Outcome::OutOfSchedule { schedule } => out_of_schedule(say, about, *schedule),
        Outcome::ConditionFalse { part } => condition_false(say, about, *part),
        Outcome::NothingToCount => say.text("reason-nothing-to-count", &[]),
        Outcome::BelowStep { basis, step } => below_step(say, *basis, *step),
        Outcome::LimitReached { times, from } => limit_reached(say, *times, *from),
        Outcome::Excluded { group, by } => excluded(say, group, by),
        Outcome::NotForMembers => say.text("reason-not-for-members", &[]),
        Outcome::NotForGuests => say.text("reason-not-for-guests", &[]),
        Outcome::NotEnoughPoints { points, needed, available, pending } => {
            not_enough(say, points, [*needed, *available, *pending])
        }
        Outcome::Unmatched { quantity } => unmatched(say, *quantity),
        Outcome::Reversed { points, amount, lapsed, owed, forgiven } => {
            reversed(say, points, *amount, [*lapsed, *owed, *forgiven])
        }
        Outcome::Restored { points, amount } => {
            with_amount(say, "reason-restored", points, *amount)
        }
        Outcome::Refunded { amount } => {
            say.text("reason-refunded", &[("amount", say.money(*amount).into())])
        }
        Outcome::Expired { points, amount, at } => expired(say, points, *amount, *at),
        Outcome::Adjusted { points, amount, reason, actor } => {
            adjusted(say, points, *amount, [reason, actor])
        }
        Outcome::CodeRefused { .. }
        | Outcome::CouponNotShown
        | Outcome::CouponUsed { .. }
        | Outcome::CouponIssued { .. }
        | Outcome::CouponUseGivenBack
        | Outcome::CouponUseKept { .. }
        | Outcome::IssuedCouponKept
        | Outcome::CertificateSold { .. }
        | Outcome::InstrumentTakenBack
        | Outcome::PaidWithCertificate { .. }
        | Outcome::Refilled { .. }
        | Outcome::PaidWithPoints { .. }
        | Outcome::PointsDoNotPay
        | Outcome::NotWholeSteps { .. }
        | Outcome::MoreThanPointsMayPay { .. } => instruments::sentence(say, outcome),
        Outcome::TeamCounted { .. }
        | Outcome::TeamGoalReached { .. }
        | Outcome::TeamGoalLost
        | Outcome::EnrolmentCarried { .. }
        | Outcome::EnrolmentLapsed { .. } => teams::sentence(say, outcome),
        Outcome::GiftGiven { .. }
        | Outcome::GiftTooMuch { .. }
        | Outcome::RebateBelowStep { .. } => companies::sentence(say, outcome),
        Outcome::Received { .. } | Outcome::Sent { .. } | Outcome::Recalled { .. } => {
            others::sentence(say, outcome)
        }
        Outcome::Referred { .. }
        | Outcome::Attributed { .. }
        | Outcome::NotReferred
        | Outcome::NotFirstPurchase
        | Outcome::ShareOver { .. }
        | Outcome::Shared { .. }
        | Outcome::ShareOfNobody { .. }
        | Outcome::TransferFee { .. }
        | Outcome::GoneMeanwhile { .. }
        | Outcome::MergedInto { .. }
        | Outcome::Absorbed { .. } => people::sentence(say, outcome),
        Outcome::Stamped { .. }
        | Outcome::CardFilled { .. }
        | Outcome::Won { .. }
        | Outcome::NotWon { .. }
        | Outcome::PrizesGone
        | Outcome::DrawnWhenBooked
        | Outcome::Surprised { .. }
        | Outcome::MilestoneReached { .. }
        | Outcome::PrizeReceived { .. } => games::sentence(say, about, outcome),
        Outcome::OccasionCame { .. }
        | Outcome::BenefitGranted { .. }
        | Outcome::BenefitUsed { .. }
        | Outcome::TaskOpened { .. }
        | Outcome::TaskDone { .. }
        | Outcome::MembershipPaid { .. }
        | Outcome::MembershipEnded { .. }
        | Outcome::Advanced { .. }
        | Outcome::SetOff { .. } => time::sentence(say, outcome),
        Outcome::EndingAnnounced { .. }
        | Outcome::EarningOver { .. }
        | Outcome::EndedWithProgramme { .. }
        | Outcome::Converted { .. }
        | Outcome::TooFewToConvert { .. }
        | Outcome::DebtEnded { .. } => ending::sentence(say, outcome),
    }
}

fn unmatched(say: &Speaker<'_>, missing: Quantity) -> String {
    say.text("reason-unmatched", &[("quantity", quantity(say.language, missing).into())])
}

fn excluded(say: &Speaker<'_>, group: &Key, by: &Key) -> String {
    let args = [("group", Arg::from(group.as_str())), ("by", say.giver(by).into())];
    say.text("reason-excluded", &args)
}

/// What follows from choices of the programme about points and tiers.
fn of_choices(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Outdone { by } => {
            say.text("reason-outdone", &[("by", say.multiplier_name(by).into())])
        }
        Outcome::Bounded { points, computed, arithmetic, given, bound } => {
            let bound = with_amount(say, bound_key(*bound), points, *given);
            earned(say, points, *computed, arithmetic) + "; " + &bound
        }
        Outcome::Withheld { points, amount, money } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("money", say.money(*money).into()),
            ];
            say.text("reason-withheld", &args)
        }
        Outcome::Renewed { points, amount, expires } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("expiry", say.expiry(expires).into()),
            ];
            say.text("reason-renewed", &args)
        }
        Outcome::Released { points, amount, available_at } => {
            let args = [
                ("amount", Arg::from(say.points(points, *amount))),
                ("from", say.moment(*available_at).into()),
            ];
            say.text("reason-released", &args)
        }
        Outcome::TierSet { tier, until, reason, actor } => {
            let keys = ["reason-tier-set", "reason-tier-set-until", "reason-tier-set-free"];
            tier_set(say, keys, about, tier.as_ref(), *until, [reason, actor])
        }
        _ => String::new(),
    }
}

fn with_amount(say: &Speaker<'_>, key: &str, points: &Key, amount: Points) -> String {
    say.text(key, &[("amount", say.points(points, amount).into())])
}

fn offered(say: &Speaker<'_>, rule: &Key) -> String {
    let offer = say.rule(rule).and_then(|rule| rule.offer.as_ref());
    let offer = offer.map_or_else(|| rule.to_string(), |texts| say.name(texts, rule));
    say.text("reason-offered", &[("offer", offer.into())])
}

fn tier_reached(say: &Speaker<'_>, ladder: &Key, from: &Key, to: &Key) -> String {
    let found = say.programme.ladders.iter().find(|known| known.key == *ladder);
    let rank = |tier: &Key| {
        found.and_then(|ladder| ladder.tiers.iter().position(|known| known.key == *tier))
    };
    let key = if rank(to) >= rank(from) { "reason-tier-up" } else { "reason-tier-down" };
    let args = [("from", Arg::from(say.tier(ladder, from))), ("to", say.tier(ladder, to).into())];
    say.text(key, &args)
}

fn out_of_schedule(say: &Speaker<'_>, rule: &Key, miss: ScheduleMiss) -> String {
    let schedule = say.rule(rule).map(|rule| &rule.schedule);
    match miss {
        ScheduleMiss::NotYet(from) => {
            say.text("reason-not-yet", &[("from", say.moment(from).into())])
        }
        ScheduleMiss::Over(until) => {
            say.text("reason-over", &[("until", say.moment(until).into())])
        }
        ScheduleMiss::Weekday => {
            let days = schedule.and_then(|schedule| schedule.weekdays).unwrap_or([false; 7]);
            say.text("reason-weekday", &[("days", say.weekdays(&days).into())])
        }
        ScheduleMiss::Hour => {
            let hours = schedule.map(|schedule| say.hours(&schedule.hours)).unwrap_or_default();
            say.text("reason-hour", &[("hours", hours.into())])
        }
    }
}

/// The core prints conditions in English so far; other languages show what was written.
fn condition_false(say: &Speaker<'_>, about: &Key, part: u32) -> String {
    let reward = || say.programme.find_reward(about.as_str())?.when.as_ref();
    let condition = say.rule(about).and_then(|rule| rule.when.as_ref()).or_else(reward);
    let words = condition.and_then(|condition| condition_part(say.language, condition, part));
    match words {
        Some(words) => say.text("reason-condition", &[("condition", words.into())]),
        None => say.text("reason-condition-unknown", &[]),
    }
}

fn condition_part(language: Language, condition: &Condition, part: u32) -> Option<String> {
    let part = usize::try_from(part).ok()?;
    match language {
        Language::En => condition.conjunct_sentence(part),
        Language::Ru | Language::Uk | Language::Nb => {
            condition.conjuncts().get(part).map(|part| format!("`{}`", part.text()))
        }
    }
}

fn below_step(say: &Speaker<'_>, basis: Money, step: Money) -> String {
    let missing = step.minus(basis).unwrap_or(Money::ZERO);
    // A multiplier of zero, too, leaves nothing; then no amount is missing.
    if !missing.is_positive() {
        return say.text("reason-nothing-left", &[("basis", say.money(basis).into())]);
    }
    let args = [
        ("missing", Arg::from(say.money(missing))),
        ("step", say.money(step).into()),
        ("basis", say.money(basis).into()),
    ];
    say.text("reason-below-step", &args)
}

fn limit_reached(say: &Speaker<'_>, times: u32, from: Date) -> String {
    let args = [("times", Arg::Count(i64::from(times))), ("from", say.date(from).into())];
    say.text("reason-limit-reached", &args)
}

fn not_enough(
    say: &Speaker<'_>,
    points: &Key,
    [needed, available, pending]: [Points; 3],
) -> String {
    let args = [
        ("needed", Arg::from(say.points(points, needed))),
        ("available", say.points(points, available).into()),
    ];
    let sentence = say.text("reason-not-enough", &args);
    if pending.is_zero() {
        return sentence;
    }
    sentence + &with_amount(say, "reason-and-pending", points, pending)
}

fn reversed(
    say: &Speaker<'_>,
    points: &Key,
    amount: Points,
    [lapsed, owed, forgiven]: [Points; 3],
) -> String {
    let mut sentence = with_amount(say, "reason-reversed", points, amount);
    let parts = [
        ("reason-of-that-lapsed", lapsed),
        ("reason-of-that-owed", owed),
        ("reason-of-that-forgiven", forgiven),
    ];
    for (key, part) in parts.into_iter().filter(|(_, part)| !part.is_zero()) {
        sentence += "; ";
        sentence += &with_amount(say, key, points, part);
    }
    sentence
}

fn expired(say: &Speaker<'_>, points: &Key, amount: Points, at: Timestamp) -> String {
    let args =
        [("amount", Arg::from(say.points(points, amount))), ("date", say.last_day(at).into())];
    say.text("reason-expired", &args)
}

fn adjusted(
    say: &Speaker<'_>,
    points: &Key,
    amount: Points,
    [reason, actor]: [&String; 2],
) -> String {
    let args = [
        ("amount", Arg::from(say.points_change(points, amount))),
        ("reason", reason.as_str().into()),
        ("actor", actor.as_str().into()),
    ];
    say.text("reason-adjusted", &args)
}
