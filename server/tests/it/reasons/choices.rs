//! Samples of reasons and effects that follow from choices which are not the default.

use super::{at, earned, key, per_amount};
use jiff::civil::{Date, date};
use symbolon_core::engine::{Arithmetic, Bound, Combined, Effect, Outcome, Shares};
use symbolon_core::member::Expiry;
use symbolon_core::values::{Money, Points, Rate, Rounding};

fn combined(amount: i64, combined: Combined, rates: &[(&str, i64)]) -> Outcome {
    let multipliers = rates.iter().map(|(by, rate)| (key(by), Rate::new(*rate))).collect();
    let (give, rounding) = (Points::new(10), Rounding::Down);
    earned(amount, Arithmetic::FixedTimes { give, multipliers, combined, rounding })
}

fn bounded(given: i64, bound: Bound) -> Outcome {
    Outcome::Bounded {
        points: key("points"),
        computed: Points::new(16),
        arithmetic: per_amount(1640, &[], true),
        given: Points::new(given),
        bound,
    }
}

fn tier_set(tier: Option<&str>, until: Option<Date>) -> Outcome {
    let (reason, actor) = ("goodwill".to_owned(), "Ana".to_owned());
    Outcome::TierSet { tier: tier.map(key), until, reason, actor }
}

/// What follows from choices of a programme that are not the default.
pub fn reasons_of_choices() -> Vec<(&'static str, Outcome, &'static str)> {
    let points = || key("points");
    let both = [("gold", 1_500_000), ("double-days", 2_000_000)];
    let computed =
        "A point per dollar – 16~points: 16 full steps of $1.00 in $16.40, 1~point each; ";
    let bounds = [
        (bounded(20, Bound::AtLeast), "20~points given, the least for this on a receipt"),
        (bounded(5, Bound::AtMost), "5~points given, the most for this on a receipt"),
        (bounded(5, Bound::PerReceipt), "5~points given, as far as the most on a receipt allows"),
        (bounded(0, Bound::PerDay), "0~points given, as far as the most in a day allows"),
        (bounded(1, Bound::PerMonth), "1~point given, as far as the most in a month allows"),
    ];
    let mut reasons: Vec<(&'static str, Outcome, &'static str)> = bounds
        .into_iter()
        .map(|(outcome, said)| {
            let said: &'static str = Box::leak(format!("{computed}{said}").into_boxed_str());
            ("per-dollar", outcome, said)
        })
        .collect();
    reasons.extend([
        (
            "per-dollar",
            combined(25, Combined::Added, &both),
            "A point per dollar – 25~points: 10~points as a fixed amount; Gold~×1.5, \
             double-days~×2, what each adds is added up",
        ),
        (
            "per-dollar",
            combined(20, Combined::Highest, &both),
            "A point per dollar – 20~points: 10~points as a fixed amount; Gold~×1.5, \
             double-days~×2, of several on a line only the highest counts",
        ),
        (
            "per-dollar",
            combined(15, Combined::Highest, &both[..1]),
            "A point per dollar – 15~points: 10~points as a fixed amount; Gold~×1.5",
        ),
        (
            "double-days",
            Outcome::Outdone { by: key("gold") },
            "double-days – not used: only the highest multiplier counts, and “Gold” is higher",
        ),
        (
            "per-dollar",
            Outcome::Withheld { points: points(), amount: Points::new(50), money: Money::new(100) },
            "A point per dollar – $1.00 kept back from the refund for 50~points that are no \
             longer there",
        ),
        (
            "coffee",
            Outcome::Renewed { points: points(), amount: Points::new(50), expires: Expiry::Never },
            "A coffee – 50~points given back with a new end (no end)",
        ),
        (
            "delivered",
            Outcome::Released {
                points: points(),
                amount: Points::new(9),
                available_at: at("2027-01-15T05:00:00Z"),
            },
            "delivered – 9~points available from 15~January 2027, 00:00",
        ),
        ("club", tier_set(Some("gold"), None), "Club – “Gold” set by Ana: “goodwill”"),
        (
            "club",
            tier_set(Some("gold"), Some(date(2027, 12, 31))),
            "Club – “Gold” set until the end of 31~December 2027 by Ana: “goodwill”",
        ),
        ("club", tier_set(None, None), "Club – no longer set by hand; by Ana: “goodwill”"),
    ]);
    reasons
}

/// What follows from choices of a programme that are not the default.
pub fn effects_of_choices() -> Vec<Effect> {
    let points = || key("points");
    let end = at("2028-01-01T05:00:00Z");
    let awaiting = Effect::Earn {
        by: key("per-dollar"),
        points: points(),
        amount: Points::new(16),
        lot: 1,
        available_at: None,
        awaits: Some(key("delivered")),
        expires: Expiry::Never,
        shares: Shares::None,
        recount: None,
    };
    let set = |tier: Option<&str>, until| Effect::SetTier {
        ladder: key("club"),
        tier: tier.map(key),
        until,
        reason: "goodwill".to_owned(),
        actor: "Ana".to_owned(),
    };
    vec![
        awaiting,
        Effect::Release { event: key("delivered"), points: points(), lot: 1, available_at: end },
        set(Some("gold"), Some(date(2027, 12, 31))),
        set(Some("gold"), None),
        set(None, None),
    ]
}
