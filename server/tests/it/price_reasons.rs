//! Samples of reasons about prices, with what English readers read.

use jiff::Timestamp;
use jiff::civil::date;
use symbolon_core::engine::{DiscountHow, Outcome};
use symbolon_core::programme::{QuotaMost, QuotaPer};
use symbolon_core::values::{Key, Money, Points, Rate};

fn stacked(for_shop: bool, exact: bool) -> Outcome {
    let (amount, bound) = (Money::new(500), Money::new(if exact { 500 } else { 620 }));
    Outcome::Stacked { for_shop, amount, bound, tried: 7, exact }
}

fn discounted(how: DiscountHow) -> Outcome {
    Outcome::Discounted { amount: Money::new(164), basis: Money::new(1640), how }
}

type Sample = (&'static str, Outcome, &'static str);

/// Samples about limits.
fn quota_reasons() -> Vec<Sample> {
    vec![
        (
            "per-dollar",
            Outcome::QuotaReached {
                per: QuotaPer::All,
                scope: String::new(),
                most: QuotaMost::Times(3),
                from: None,
            },
            "A point per dollar – not given: the limit is used up (3 times in all)",
        ),
        (
            "per-dollar",
            Outcome::QuotaReached {
                per: QuotaPer::Till,
                scope: "centre/1".to_owned(),
                most: QuotaMost::Money(Money::new(5_000)),
                from: Some(date(2027, 1, 1)),
            },
            "A point per dollar – not given: the limit is used up ($50.00 for the till “centre/1”, \
             since 1~January 2027)",
        ),
        (
            "per-dollar",
            Outcome::QuotaTooSmall {
                wanted: QuotaMost::Money(Money::new(164)),
                left: QuotaMost::Money(Money::new(40)),
            },
            "A point per dollar – not given: $1.64 would be due, the limit leaves $0.40",
        ),
        (
            "per-dollar",
            Outcome::QuotaCut {
                wanted: QuotaMost::Points { points: Key::new("points"), amount: Points::new(16) },
                given: QuotaMost::Points { points: Key::new("points"), amount: Points::new(5) },
            },
            "A point per dollar – 5~points instead of 16~points: the limit leaves no more",
        ),
        (
            "per-dollar",
            Outcome::QuotaAlert {
                per: QuotaPer::Cashier,
                scope: "Eva".to_owned(),
                most: QuotaMost::Times(20),
                used: 16,
                alert_at: 15,
            },
            "A point per dollar – 16 times of 20 times for the cashier “Eva” are used; the alert is \
             set to 15 times",
        ),
    ]
}

/// What is about a rule, what is said, and how it reads.
pub fn price_reasons() -> Vec<Sample> {
    let mut all = quota_reasons();
    let rate = Rate::new(10_000_000);
    all.extend([
        (
            "per-dollar",
            discounted(DiscountHow::PercentOfLowest(rate)),
            "A point per dollar – $1.64 off $16.40: 10% less than the lowest price of the last 30 days",
        ),
        (
            "per-dollar",
            discounted(DiscountHow::PriceList),
            "A point per dollar – $1.64 off $16.40: prices of the list",
        ),
        (
            "per-dollar",
            discounted(DiscountHow::Set { buy: 2, get: 1, times: 3 }),
            "A point per dollar – $1.64 off $16.40: buy 2, get 1, × 3",
        ),
        (
            "per-dollar",
            discounted(DiscountHow::Bundle { times: 2 }),
            "A point per dollar – $1.64 off $16.40: bundle × 2",
        ),
        (
            "double-days",
            Outcome::NotCombined { by: Key::new("per-dollar") },
            "double-days – not given: it cannot be combined with “A point per dollar”",
        ),
        (
            "double-days",
            Outcome::TooManyDiscounts { most: 1 },
            "double-days – not given: at most 1 discount applies to one receipt",
        ),
        (
            "stacking",
            stacked(false, true),
            "Discounts – $5.00 is the most that discounts which exclude each other can give \
             together (combinations examined: 7)",
        ),
        (
            "stacking",
            stacked(true, true),
            "Discounts – $5.00 is the least that discounts which exclude each other can give \
             together (combinations examined: 7)",
        ),
        (
            "stacking",
            stacked(false, false),
            "Discounts – $5.00 is the best of 7 combinations examined; no other gives more than $6.20",
        ),
        (
            "stacking",
            stacked(true, false),
            "Discounts – $5.00 is the lowest of 7 combinations examined; no other gives less than $6.20",
        ),
        (
            "per-dollar",
            Outcome::Floored { amount: Money::new(20) },
            "A point per dollar – $0.20 not given: the price would fall below its floor",
        ),
        (
            "per-dollar",
            Outcome::Cut { amount: Money::new(20) },
            "A point per dollar – $0.20 not given: above the highest discount allowed",
        ),
        (
            "hold",
            Outcome::Held { ends_at: Timestamp::constant(1_830_315_600, 0) },
            "Receipt – held until 1~January 2028, 00:00",
        ),
        (
            "per-dollar",
            Outcome::GiftAdded { times: 2 },
            "A point per dollar – handed over as a gift (× 2)",
        ),
        (
            "per-dollar",
            Outcome::Announced { from: Timestamp::constant(1_830_315_600, 0) },
            "A point per dollar – not yet: starts 1~January 2028, 00:00",
        ),
    ]);
    all
}
