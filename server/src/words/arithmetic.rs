//! How an award came about, in words: its figures, what multiplied it, and how it was rounded.

use super::{Arg, Speaker, multiplier, percent};
use symbolon_core::engine::{Arithmetic, Bound, Combined};
use symbolon_core::values::{Key, Points, Rate, Rounding};

/// `16 points: 16 full steps of $1.00 in $16.40, 1 point each; Gold ×2, rounded down`.
pub(super) fn earned(
    say: &Speaker<'_>,
    points: &Key,
    amount: Points,
    arithmetic: &Arithmetic,
) -> String {
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

pub(super) const fn bound_key(bound: Bound) -> &'static str {
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

pub(super) fn multiplied(say: &Speaker<'_>, points: &Key, times: Rate) -> String {
    let args = [
        ("points", Arg::from(say.points_title(points))),
        ("times", multiplier(say.language, times).into()),
    ];
    say.text("reason-multiplied", &args)
}
