//! Figures of findings: exact fractions, and how they are written.

use crate::programme::{Discount, DiscountAmount, Discounting, Got, Plain, PointKind, Programme};
use crate::values::{
    CalendarUnit, Money, Period, PeriodUnit, Points, Rate, Rounding, divide, format_decimal,
};

pub const HUNDRED_PER_CENT: i64 = 100_000_000;

/// An exact ratio of two positive numbers.
#[derive(Debug, Clone, Copy)]
pub struct Fraction {
    pub above: i128,
    pub below: i128,
}

impl Fraction {
    /// Nothing where a part is not positive or the product does not fit.
    pub fn of(above: &[i64], below: &[i64]) -> Option<Self> {
        let product = |parts: &[i64]| {
            parts.iter().try_fold(1_i128, |product, part| {
                product.checked_mul(i128::from(*part)).filter(|product| *product > 0)
            })
        };
        Some(Self { above: product(above)?, below: product(below)? })
    }

    pub fn is_more_than(self, above: i128, below: i128) -> bool {
        let left = self.above.checked_mul(below);
        let right = self.below.checked_mul(above);
        matches!((left, right), (Some(left), Some(right)) if left > right)
    }

    pub fn is_less_than(self, above: i128, below: i128) -> bool {
        let left = self.above.checked_mul(below);
        let right = self.below.checked_mul(above);
        matches!((left, right), (Some(left), Some(right)) if left < right)
    }

    /// As per cent, rounded to a tenth.
    pub fn in_per_cent(self) -> String {
        let tenths = self
            .above
            .checked_mul(1_000)
            .and_then(|product| divide(product, self.below, Rounding::HalfUp).ok());
        tenths.map_or_else(|| "very many %".to_owned(), |tenths| trimmed(tenths, 1) + " %")
    }
}

/// A decimal without superfluous zeros.
pub fn trimmed(units: i64, decimals: u8) -> String {
    let text = format_decimal(units, decimals);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

pub fn per_cent(rate: Rate) -> String {
    trimmed(rate.units(), Rate::DECIMALS) + " %"
}

pub fn money(programme: &Programme, amount: Money) -> String {
    programme.currency.format(amount)
}

/// Points with the id of their kind, such as `50 miles`.
pub fn points(kind: &PointKind, amount: i128) -> String {
    let amount = i64::try_from(amount).unwrap_or(i64::MAX);
    format!("{} `{}`", format_decimal(amount, kind.decimals), kind.key)
}

pub fn points_of(kind: &PointKind, amount: Points) -> String {
    points(kind, i128::from(amount.units()))
}

/// Ten to the power of so many decimals.
pub fn power_of_ten(decimals: u8) -> i64 {
    10_i64.checked_pow(u32::from(decimals)).unwrap_or(i64::MAX)
}

/// The most days that a period can have.
pub fn most_days(period: Period) -> i64 {
    let days = match period.unit {
        PeriodUnit::Days => 1,
        PeriodUnit::Weeks => 7,
        PeriodUnit::Months => 31,
        PeriodUnit::Years => 366,
    };
    i64::from(period.count) * days
}

/// The fewest and the most days of a period of the calendar.
pub const fn days_of(unit: CalendarUnit) -> (i64, i64) {
    match unit {
        CalendarUnit::Day => (1, 1),
        CalendarUnit::Week => (7, 7),
        CalendarUnit::Month => (28, 31),
        CalendarUnit::Quarter => (90, 92),
        CalendarUnit::Year => (365, 366),
    }
}

/// The share of the price of the pieces it speaks of that a discount takes at most, where that
/// follows from the text.
pub fn largest_share(discounting: &Discounting) -> Option<Rate> {
    let percent = |amount: DiscountAmount| match amount {
        DiscountAmount::Percent(rate) => Some(rate),
        DiscountAmount::Sum(_) | DiscountAmount::UnitPrice(_) => None,
    };
    match &discounting.what {
        Discount::Plain(Plain { amount, .. }) => percent(*amount),
        Discount::Steps(steps) => {
            steps.steps.iter().filter_map(|step| percent(step.amount)).max_by_key(|r| r.units())
        }
        // Of a set all pieces are paid together: "two and one free" is a third.
        Discount::Pieces(set) if matches!(set.got, Got::Same(_)) => {
            let rate = i128::from(percent(set.amount)?.units());
            let (buy, get) = (i128::from(set.buy), i128::from(set.get));
            divide(rate * get, buy + get, Rounding::Down).ok().map(Rate::new)
        }
        Discount::Bundle(bundle) => percent(bundle.amount),
        Discount::Pieces(_) | Discount::Prices(_) => None,
    }
}
