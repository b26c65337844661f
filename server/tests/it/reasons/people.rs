//! Samples of what members are to each other.

use super::{at, key};
use jiff::civil::date;
use symbolon_core::engine::{Effect, MovedLot, Outcome, Reason, Refusal, Sent, ShareHow, Shares};
use symbolon_core::member::{Expiry, Holdings, MemberKind, MemberState};
use symbolon_core::programme::{QuotaMost, QuotaPer};
use symbolon_core::values::{ActivityId, MemberId, Money, Points, Rate};

const BEN: MemberId = MemberId::new(1);

pub fn reasons_about_people() -> Vec<(&'static str, Outcome, &'static str)> {
    let (points, amount) = (key("points"), Points::new(16));
    let shared = |how| Outcome::Shared { to: BEN, level: 2, points: key("points"), amount, how };
    let percent = Rate::new(5_000_000);
    vec![
        (
            "referral",
            Outcome::Referred { by: BEN },
            "Friends – mem_00000000000000000000000001 brought the member",
        ),
        (
            "referral",
            Outcome::Attributed { by: BEN, reason: "a letter".into(), actor: "Eva".into() },
            "Friends – mem_00000000000000000000000001 brought the member: a letter (Eva)",
        ),
        ("per-dollar", Outcome::NotReferred, "A point per dollar – nobody brought the member"),
        (
            "per-dollar",
            Outcome::NotFirstPurchase,
            "A point per dollar – only the first purchase counts",
        ),
        (
            "per-dollar",
            Outcome::ShareOver { until: date(2027, 3, 2) },
            "A point per dollar – what the member buys was shared until 2~March 2027",
        ),
        (
            "per-dollar",
            shared(ShareHow::OfPaid { percent, basis: Money::new(32_000) }),
            "A point per dollar – 16~points for mem_00000000000000000000000001: 5% of $320.00, level 2",
        ),
        (
            "per-dollar",
            shared(ShareHow::OfPoints { percent, basis: Points::new(320) }),
            "A point per dollar – 16~points for mem_00000000000000000000000001: 5% of 320~points, level 2",
        ),
        (
            "per-dollar",
            shared(ShareHow::Fixed),
            "A point per dollar – 16~points for mem_00000000000000000000000001, level 2",
        ),
        (
            "per-dollar",
            Outcome::ShareOfNobody { points: points.clone(), amount },
            "A point per dollar – 16~points for nobody: nobody stands on the other levels",
        ),
        (
            "points",
            Outcome::TransferFee { points: points.clone(), amount },
            "Points – 16~points for the transfer",
        ),
        (
            "points",
            Outcome::GoneMeanwhile { points, amount },
            "Points – 16~points are no longer there",
        ),
        (
            "merge",
            Outcome::MergedInto { into: BEN },
            "Merging – goes on as mem_00000000000000000000000001",
        ),
        (
            "merge",
            Outcome::Absorbed { from: BEN },
            "Merging – takes over all of mem_00000000000000000000000001",
        ),
    ]
}

fn holdings() -> Box<Holdings> {
    Box::new(MemberState::new(MemberKind::Person, date(2027, 1, 1)).holdings(BEN))
}

pub fn effects_among_people() -> Vec<Effect> {
    let (points, amount, to) = (key("points"), Points::new(16), BEN);
    let (by, of) = (key("per-dollar"), ActivityId::new(1));
    let lot = MovedLot { amount, expires: Expiry::Never, earned_on: date(2027, 1, 1) };
    let sent = [
        Sent::Share {
            points: points.clone(),
            amount,
            level: 1,
            available_at: Some(at("2027-03-02T00:00:00Z")),
            cap: None,
        },
        Sent::Lots { points: points.clone(), lots: vec![lot], back: false },
        Sent::CallBack { of, points: points.clone(), amount, to },
        Sent::Holdings(holdings()),
    ];
    let send = |what| Effect::Send { to, by: by.clone(), what, shares: Shares::None };
    let mut effects: Vec<Effect> = sent.into_iter().map(send).collect();
    let parts = Vec::new();
    effects.extend([
        Effect::Attribute { line: vec![BEN] },
        Effect::HandOver { to, by: by.clone(), points: points.clone(), amount, parts, back: false },
        Effect::Arrive {
            points: points.clone(),
            amount,
            lot: 1,
            expires: Expiry::Never,
            earned_on: date(2027, 1, 1),
        },
        Effect::CallBack { of, effect: 0, to, by, points: points.clone(), amount },
        Effect::Carry { of, effect: 0, points, amount, lines: Vec::new() },
        Effect::Close { into: BEN },
        Effect::Absorb { holdings: holdings() },
    ]);
    effects
}

pub fn refusals_among_people() -> Vec<Refusal> {
    let points = || key("points");
    let outcome = Outcome::QuotaReached {
        per: QuotaPer::Referrer,
        scope: BEN.to_string(),
        most: QuotaMost::Times(10),
        from: Some(date(2027, 3, 1)),
    };
    vec![
        Refusal::NoReferrer,
        Refusal::ReferralCycle,
        Refusal::AlreadyReferred,
        Refusal::AttributionTooLate,
        Refusal::TooManyReferrals { reason: Box::new(Reason { about: key("referral"), outcome }) },
        Refusal::TransferToOneself,
        Refusal::TransferNotAllowed { points: points() },
        Refusal::TransferTooSmall { points: points(), least: Points::new(10) },
        Refusal::TransferNotWholeSteps { points: points(), step: Points::new(5) },
        Refusal::MergeIntoItself,
        Refusal::MemberMerged { into: BEN },
    ]
}
