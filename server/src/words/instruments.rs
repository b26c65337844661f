//! Coupons, certificates and payments in words.
//!
//! The till and the auditor read why a code does not hold; whoever may be a stranger reads that
//! it does not, so that nobody learns by trying which codes there are.

use super::reasons::Tone;
use super::{Arg, Speaker, percent};
use jiff::Timestamp;
use symbolon_core::engine::{CodeProblem, Effect, Means, Outcome};
use symbolon_core::values::Key;

/// Whether a stranger must not learn more than that the code does not hold.
#[must_use]
pub const fn is_hidden(why: CodeProblem) -> bool {
    !matches!(why, CodeProblem::NotForThis | CodeProblem::Twice | CodeProblem::OnlyOne)
}

pub(super) fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::CouponUsed { .. }
        | Outcome::CouponIssued { .. }
        | Outcome::CouponUseGivenBack
        | Outcome::Refilled { .. } => Tone::Given,
        Outcome::PaidWithCertificate { .. }
        | Outcome::PaidWithPoints { .. }
        | Outcome::InstrumentTakenBack => Tone::Taken,
        Outcome::CertificateSold { .. }
        | Outcome::CouponUseKept { .. }
        | Outcome::IssuedCouponKept => Tone::Note,
        _ => Tone::NotGiven,
    }
}

/// The name of what a reason is about: an instrument, a point kind or a rule.
pub(super) fn about(say: &Speaker<'_>, about: &Key, outcome: &Outcome) -> String {
    match outcome {
        Outcome::PaidWithPoints { .. }
        | Outcome::PointsDoNotPay
        | Outcome::NotWholeSteps { .. }
        | Outcome::MoreThanPointsMayPay { .. } => say.points_title(about),
        Outcome::CodeRefused { position, .. } if say.instrument(about).is_none() => {
            code_number(say, *position)
        }
        _ => say.instrument(about).unwrap_or_else(|| say.giver(about)),
    }
}

/// `Code 1`: positions count from 0, people from 1.
pub(super) fn code_number(say: &Speaker<'_>, position: u32) -> String {
    say.text("reason-about-code", &[("position", (u64::from(position) + 1).to_string().into())])
}

/// Why a code does not hold, in full.
pub(super) fn code_problem(say: &Speaker<'_>, why: CodeProblem) -> String {
    let key = match why {
        CodeProblem::Unknown => "reason-code-unknown",
        CodeProblem::Used => "reason-code-used",
        CodeProblem::Expired => "reason-code-expired",
        CodeProblem::NotYet => "reason-code-not-yet",
        CodeProblem::Blocked => "reason-code-blocked",
        CodeProblem::Returned => "reason-code-returned",
        CodeProblem::NotActive => "reason-code-not-active",
        CodeProblem::NotYours => "reason-code-not-yours",
        CodeProblem::NotForThis => "reason-code-not-for-this",
        CodeProblem::Twice => "reason-code-twice",
        CodeProblem::OnlyOne => "reason-code-only-one",
    };
    say.text(key, &[])
}

pub(super) fn sentence(say: &Speaker<'_>, outcome: &Outcome) -> String {
    let plain = |key: &str| say.text(key, &[]);
    match outcome {
        Outcome::CodeRefused { why, .. } => code_problem(say, *why),
        Outcome::CouponNotShown => plain("reason-coupon-not-shown"),
        Outcome::CouponUsed { rule } => {
            say.text("reason-coupon-used", &[("rule", say.giver(rule).into())])
        }
        Outcome::CouponIssued { coupon, ends_at } => issued(say, coupon, *ends_at),
        Outcome::CouponUseGivenBack => plain("reason-coupon-use-given-back"),
        Outcome::CouponUseKept { has_ended: true } => plain("reason-coupon-use-ended"),
        Outcome::CouponUseKept { has_ended: false } => plain("reason-coupon-use-kept"),
        Outcome::IssuedCouponKept => plain("reason-issued-coupon-kept"),
        Outcome::CertificateSold { face, active } => {
            let key = if *active {
                "reason-certificate-sold"
            } else {
                "reason-certificate-sold-inactive"
            };
            say.text(key, &[("face", say.money(*face).into())])
        }
        Outcome::InstrumentTakenBack => plain("reason-instrument-taken-back"),
        Outcome::PaidWithCertificate { amount, left } => {
            let left = ("left", Arg::from(say.money(*left)));
            say.text("reason-paid-with-certificate", &[("amount", say.money(*amount).into()), left])
        }
        Outcome::Refilled { amount, has_ended } => {
            let key = if *has_ended { "reason-refilled-ended" } else { "reason-refilled" };
            say.text(key, &[("amount", say.money(*amount).into())])
        }
        Outcome::PaidWithPoints { points, amount, pays } => {
            let points = ("points", Arg::from(say.points(points, *amount)));
            say.text("reason-paid-with-points", &[points, ("amount", say.money(*pays).into())])
        }
        Outcome::PointsDoNotPay => plain("reason-points-do-not-pay"),
        Outcome::NotWholeSteps { points, step } => {
            say.text("reason-not-whole-steps", &[("step", say.points(points, *step).into())])
        }
        Outcome::MoreThanPointsMayPay { pays, most, percent: share } => {
            let args = [
                ("pays", Arg::from(say.money(*pays))),
                ("most", say.money(*most).into()),
                ("percent", percent(say.language, *share).into()),
            ];
            say.text("reason-more-than-points-may-pay", &args)
        }
        _ => String::new(),
    }
}

fn issued(say: &Speaker<'_>, coupon: &Key, ends_at: Option<Timestamp>) -> String {
    let name = say.instrument(coupon).unwrap_or_else(|| coupon.to_string());
    let coupon = ("coupon", Arg::from(name));
    match ends_at {
        None => say.text("reason-coupon-issued", &[coupon]),
        Some(end) => {
            let date = ("date", Arg::from(say.last_day(end)));
            say.text("reason-coupon-issued-until", &[coupon, date])
        }
    }
}

/// Says what an effect on an instrument, or a payment, did.
pub(super) fn effect(say: &Speaker<'_>, effect: &Effect) -> String {
    match effect {
        Effect::UseCoupon { by, change, .. } => {
            let key = if *change < 0 { "effect-coupon-given-back" } else { "effect-coupon-used" };
            say.text(key, &[("by", say.giver(by).into())])
        }
        Effect::IssueCoupon { by, coupon, .. } => {
            let name = say.instrument(coupon).unwrap_or_else(|| coupon.to_string());
            let args = [("by", Arg::from(say.giver(by))), ("coupon", name.into())];
            say.text("effect-coupon-issued", &args)
        }
        Effect::SellCertificate { line, face, .. } => {
            let line = ("line", Arg::from((u64::from(*line) + 1).to_string()));
            say.text("effect-certificate-sold", &[line, ("face", say.money(*face).into())])
        }
        Effect::Pay { means, amount: money, .. } => {
            let amount = ("amount", Arg::from(say.money(*money)));
            match means {
                Means::Points { points, amount: paid } => {
                    let points = ("points", Arg::from(say.points(points, *paid)));
                    say.text("effect-paid-with-points", &[points, amount])
                }
                Means::Certificate { .. } => say.text("effect-paid-with-certificate", &[amount]),
            }
        }
        Effect::Refill { amount, .. } => {
            say.text("effect-refill", &[("amount", say.money(*amount).into())])
        }
        Effect::TakeBackInstrument { .. } => say.text("effect-instrument-taken-back", &[]),
        _ => String::new(),
    }
}
