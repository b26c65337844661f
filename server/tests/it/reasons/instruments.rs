//! Reasons and effects of coupons, certificates and payments, and what strangers learn of codes.

use super::{at, cafe, key};
use std::collections::BTreeSet;
use symbolon::words::{Language, Speaker, explain_reason, reason_sentence};
use symbolon_core::engine::{CodeProblem, Effect, Means, Outcome, Reason};
use symbolon_core::values::{ActivityId, InstrumentId, Money, Points, Rate};

pub fn instrument_reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let end = at("2028-01-01T05:00:00Z");
    let refused = |why| Outcome::CodeRefused { position: 0, why };
    vec![
        ("code", refused(CodeProblem::Unknown), "Code 1 – this code is not valid"),
        ("gift", refused(CodeProblem::Used), "Code 1 – this code is not valid"),
        ("gift", refused(CodeProblem::Expired), "Code 1 – this code is not valid"),
        ("gift", refused(CodeProblem::NotYours), "Code 1 – this code is not valid"),
        ("code", refused(CodeProblem::Twice), "Code 1 – not used: the same code was shown twice"),
        (
            "per-dollar",
            Outcome::CouponNotShown,
            "A point per dollar – not given: only with a coupon",
        ),
        (
            "spring",
            Outcome::CouponUsed { rule: key("per-dollar") },
            "spring – used for “A point per dollar”",
        ),
        (
            "per-dollar",
            Outcome::CouponIssued { coupon: key("spring"), ends_at: None },
            "A point per dollar – a coupon was issued: spring",
        ),
        (
            "per-dollar",
            Outcome::CouponIssued { coupon: key("spring"), ends_at: Some(end) },
            "A point per dollar – a coupon was issued: spring, until 31~December 2027 inclusive",
        ),
        ("spring", Outcome::CouponUseGivenBack, "spring – can be used again"),
        (
            "spring",
            Outcome::CouponUseKept { has_ended: true },
            "spring – stays used, because it does not count any more",
        ),
        (
            "spring",
            Outcome::CouponUseKept { has_ended: false },
            "spring – stays used, as the programme says",
        ),
        ("spring", Outcome::IssuedCouponKept, "spring – was used meanwhile and is not taken back"),
        (
            "gift",
            Outcome::CertificateSold { face: Money::new(5000), active: true },
            "gift – sold for $50.00",
        ),
        (
            "gift",
            Outcome::CertificateSold { face: Money::new(5000), active: false },
            "gift – sold for $50.00, not activated yet",
        ),
        ("gift", Outcome::InstrumentTakenBack, "gift – taken back; it does not count any more"),
        (
            "gift",
            Outcome::PaidWithCertificate { amount: Money::new(3000), left: Money::new(2000) },
            "gift – paid $30.00; $20.00 is left on it",
        ),
        (
            "gift",
            Outcome::Refilled { amount: Money::new(3000), has_ended: false },
            "gift – $30.00 back on the certificate",
        ),
        (
            "gift",
            Outcome::Refilled { amount: Money::new(3000), has_ended: true },
            "gift – $30.00 back on the certificate, which does not count any more",
        ),
    ]
}

/// The till and the auditor read why a code does not hold; the sentence that may reach whoever
/// typed it is the same for all of these (case 63).
#[test]
fn case_63_a_stranger_learns_nothing_about_a_code_and_the_till_does() {
    let cafe = cafe();
    for language in Language::ALL {
        let say = Speaker::new(language, &cafe);
        let (mut told, mut known) = (BTreeSet::new(), BTreeSet::new());
        for why in CodeProblem::ALL {
            let outcome = Outcome::CodeRefused { position: 2, why };
            let reason = Reason { about: key("gift"), outcome };
            let stranger = reason_sentence(language, &cafe, &reason);
            if !["not-for-this", "twice", "only-one"].contains(&why.name()) {
                told.insert(stranger);
            }
            let sentence = explain_reason(&say, &reason).sentence;
            assert!(!sentence.contains('⟦'), "{sentence}");
            known.insert(sentence);
        }
        assert_eq!((told.len(), known.len()), (1, CodeProblem::ALL.len()), "{told:?} {known:?}");
    }
}

pub fn payment_reasons() -> Vec<(&'static str, Outcome, &'static str)> {
    let more = Outcome::MoreThanPointsMayPay {
        pays: Money::new(900),
        most: Money::new(450),
        percent: Rate::new(50_000_000),
    };
    vec![
        (
            "points",
            Outcome::PaidWithPoints {
                points: key("points"),
                amount: Points::new(450),
                pays: Money::new(450),
            },
            "Points – 450~points paid $4.50",
        ),
        (
            "points",
            Outcome::PointsDoNotPay,
            "Points – not possible: these points do not pay for receipts",
        ),
        (
            "points",
            Outcome::NotWholeSteps { points: key("points"), step: Points::new(100) },
            "Points – not possible: only whole multiples of 100~points",
        ),
        (
            "points",
            more,
            "Points – not possible: it would pay $9.00, and at most $4.50 can be paid so (50%)",
        ),
    ]
}

pub fn instrument_effects() -> Vec<Effect> {
    let (id, end) = (ActivityId::new(1), at("2028-01-01T05:00:00Z"));
    let instrument = InstrumentId::new(1);
    let (amount, lines) = (Money::new(500), Vec::new());
    let pay = |means| Effect::Pay { means, amount, lines: Vec::new() };
    vec![
        Effect::UseCoupon { instrument, by: key("per-dollar"), change: 1 },
        Effect::UseCoupon { instrument, by: key("per-dollar"), change: -1 },
        Effect::IssueCoupon {
            by: key("per-dollar"),
            coupon: key("spring"),
            instrument,
            holder: None,
            most_uses: Some(1),
            ends_at: Some(end),
        },
        Effect::SellCertificate { instrument, line: 0, face: amount, active: true, ends_at: None },
        pay(Means::Certificate { instrument }),
        pay(Means::Points { points: key("points"), amount: Points::new(500) }),
        Effect::Refill { of: id, effect: 0, instrument, amount, lines },
        Effect::TakeBackInstrument { of: id, instrument },
    ]
}
