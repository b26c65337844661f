//! Reasons in words: why something was given, and why something was not.
//!
//! This is the one renderer for the receipt page, the member page, the API and the command
//! line, so that a cashier, a member and an auditor read the same sentence. It must never
//! judge anything anew: it only says what the reason holds.

use super::effects::tier_set;
use super::{
    Arg, Language, Speaker, companies, instruments, multiplier, others, percent, prices, quantity,
    quotas,
};
use jiff::Timestamp;
use jiff::civil::Date;
use symbolon_core::condition::Condition;
use symbolon_core::engine::{Arithmetic, Bound, Combined, Outcome, Reason, ScheduleMiss};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Money, Points, Rate, Rounding};

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
        Outcome::GiftGiven { .. }
        | Outcome::GiftTooMuch { .. }
        | Outcome::RebateBelowStep { .. } => companies::tone(outcome),
        Outcome::Received { .. } | Outcome::Sent { .. } | Outcome::Recalled { .. } => {
            others::tone(outcome)
        }
    }
}

/// The name of what a reason is about.
fn about(say: &Speaker<'_>, reason: &Reason) -> String {
    match &reason.outcome {
        Outcome::DebtRepaid { .. } | Outcome::Expired { .. } | Outcome::Adjusted { .. } => {
            say.points_title(&reason.about)
        }
        Outcome::TierReached { .. } | Outcome::TierSet { .. } => say.ladder(&reason.about),
        Outcome::Released { .. } => say.event(&reason.about),
        Outcome::GiftGiven { .. }
        | Outcome::GiftTooMuch { .. }
        | Outcome::RebateBelowStep { .. } => say.giver(&reason.about),
        Outcome::Received { .. } | Outcome::Sent { .. } | Outcome::Recalled { .. } => {
            say.giver(&reason.about)
        }
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
    }
}

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
        Outcome::Excluded { group, by } => {
            let args = [("group", Arg::from(group.as_str())), ("by", say.giver(by).into())];
            say.text("reason-excluded", &args)
        }
        Outcome::NotForMembers => say.text("reason-not-for-members", &[]),
        Outcome::NotForGuests => say.text("reason-not-for-guests", &[]),
        Outcome::NotEnoughPoints { points, needed, available, pending } => {
            not_enough(say, points, [*needed, *available, *pending])
        }
        Outcome::Unmatched { quantity: unmatched } => {
            let args = [("quantity", Arg::from(quantity(say.language, *unmatched)))];
            say.text("reason-unmatched", &args)
        }
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
        Outcome::GiftGiven { .. }
        | Outcome::GiftTooMuch { .. }
        | Outcome::RebateBelowStep { .. } => companies::sentence(say, outcome),
        Outcome::Received { .. } | Outcome::Sent { .. } | Outcome::Recalled { .. } => {
            others::sentence(say, outcome)
        }
    }
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

/// `16 points: 16 full steps of $1.00 in $16.40, 1 point each; Gold ×2, rounded down`.
fn earned(say: &Speaker<'_>, points: &Key, amount: Points, arithmetic: &Arithmetic) -> String {
    let given = Arg::from(say.points(points, amount));
    match arithmetic {
        Arithmetic::Fixed => say.text("reason-earned-fixed", &[("amount", given)]),
        Arithmetic::FixedTimes { give, multipliers, combined, rounding } => {
            let exact = Exact::new(&[give.units()], &[1]);
            let args = [("amount", given), ("give", say.points(points, *give).into())];
            let sentence = say.text("reason-earned-fixed-times", &args);
            sentence
                + &multiplied_and_rounded(say, exact, (multipliers, *combined), amount, *rounding)
        }
        Arithmetic::PerAmount { basis, give, per, steps, multipliers, combined, rounding } => {
            let (whole, part) = (basis.units(), per.units());
            let full = whole.checked_div(part).unwrap_or(0);
            let args = [
                ("amount", given),
                ("basis", say.money(*basis).into()),
                ("per", say.money(*per).into()),
                ("give", say.points(points, *give).into()),
                ("steps", Arg::Count(full)),
            ];
            let (key, exact) = if *steps {
                ("reason-earned-steps", Exact::new(&[full, give.units()], &[1]))
            } else {
                ("reason-earned-rate", Exact::new(&[whole, give.units()], &[part]))
            };
            let sentence = say.text(key, &args);
            sentence
                + &multiplied_and_rounded(say, exact, (multipliers, *combined), amount, *rounding)
        }
        Arithmetic::Percent { basis, percent: rate, multipliers, combined, rounding } => {
            let args = [
                ("amount", given),
                ("basis", say.money(*basis).into()),
                ("percent", percent(say.language, *rate).into()),
            ];
            let decimals =
                say.programme.find_points(points.as_str()).map_or(0, |(_, k)| k.decimals);
            let face = 10_i64.saturating_pow(u32::from(decimals));
            let unit = 10_i64.saturating_pow(u32::from(say.programme.currency.exponent()));
            let exact = Exact::new(&[basis.units(), rate.units(), face], &[100_000_000, unit]);
            let sentence = say.text("reason-earned-percent", &args);
            sentence
                + &multiplied_and_rounded(say, exact, (multipliers, *combined), amount, *rounding)
        }
    }
}

/// An exact quotient, to see whether an amount was rounded; nothing where it does not fit.
#[derive(Debug, Clone, Copy)]
struct Exact(Option<(i128, i128)>);

impl Exact {
    fn new(factors: &[i64], divisors: &[i64]) -> Self {
        let product = |numbers: &[i64]| {
            numbers.iter().try_fold(1_i128, |so_far, one| so_far.checked_mul(i128::from(*one)))
        };
        Self(product(factors).zip(product(divisors)))
    }

    fn times(self, rate: Rate) -> Self {
        Self(self.0.and_then(|(numerator, divisor)| {
            let numerator = numerator.checked_mul(i128::from(rate.units()))?;
            Some((numerator, divisor.checked_mul(i128::from(Rate::ONE.units()))?))
        }))
    }

    fn compare(self, amount: Points) -> Rounded {
        let difference = self.0.and_then(|(numerator, divisor)| {
            let whole = i128::from(amount.units()).checked_mul(divisor)?;
            Some((numerator.checked_sub(whole)?, divisor))
        });
        match difference {
            Some((0, _)) => Rounded::No,
            Some((rest, divisor)) if rest.abs() >= divisor => Rounded::OfAPart,
            Some(_) | None => Rounded::Yes,
        }
    }
}

enum Rounded {
    No,
    Yes,
    /// The figures give another amount, because a multiplier was for some of the lines only.
    OfAPart,
}

fn multiplied_and_rounded(
    say: &Speaker<'_>,
    basis: Exact,
    (multipliers, combined): (&[(Key, Rate)], Combined),
    amount: Points,
    rounding: Rounding,
) -> String {
    let mut text = String::new();
    let mut exact = basis;
    let (mut extras, mut highest) = (0, 0);
    for (key, rate) in multipliers {
        if combined == Combined::Multiplied {
            exact = exact.times(*rate);
        }
        extras += rate.units() - Rate::ONE.units();
        highest = highest.max(rate.units());
        let separator = if text.is_empty() { "; " } else { ", " };
        let factor = multiplier(say.language, *rate);
        text += &format!("{separator}{}\u{a0}{factor}", say.multiplier_name(key));
    }
    // What is said of several says nothing new of one.
    let together = match combined {
        Combined::Multiplied => None,
        Combined::Added => Some(((Rate::ONE.units() + extras).max(0), "reason-multipliers-added")),
        Combined::Highest => Some((highest, "reason-multipliers-highest")),
    };
    if let Some((units, key)) = together.filter(|_| !multipliers.is_empty()) {
        exact = exact.times(Rate::new(units));
        if multipliers.len() > 1 {
            text += &format!(", {}", say.text(key, &[]));
        }
    }
    match exact.compare(amount) {
        Rounded::No => text,
        Rounded::Yes => text + ", " + &say.text(rounding_key(rounding), &[]),
        Rounded::OfAPart => text + ", " + &say.text("reason-on-some-lines", &[]),
    }
}

const fn bound_key(bound: Bound) -> &'static str {
    match bound {
        Bound::AtLeast => "reason-at-least",
        Bound::AtMost => "reason-at-most",
        Bound::PerReceipt => "reason-at-most-per-receipt",
        Bound::PerDay => "reason-at-most-per-day",
        Bound::PerMonth => "reason-at-most-per-month",
    }
}

const fn rounding_key(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Down => "rounding-down",
        Rounding::Up => "rounding-up",
        Rounding::HalfUp => "rounding-half-up",
        Rounding::HalfEven => "rounding-half-even",
    }
}

fn multiplied(say: &Speaker<'_>, points: &Key, times: Rate) -> String {
    let args = [
        ("points", Arg::from(say.points_title(points))),
        ("times", multiplier(say.language, times).into()),
    ];
    say.text("reason-multiplied", &args)
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
