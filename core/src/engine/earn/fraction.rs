//! Exact fractions of points. They are rounded once, at the end of an award or of a receipt,
//! and never before.

use crate::values::{Overflow, Rate, Rounding, divide};

/// A product or sum that is not rounded yet. Nothing here is negative, and no divisor is zero.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Fraction {
    pub numerator: i128,
    pub divisor: i128,
}

impl Fraction {
    pub const ZERO: Self = Self { numerator: 0, divisor: 1 };
    pub const ONE: Self = Self { numerator: 1, divisor: 1 };

    pub fn of(rate: Rate) -> Self {
        Self { numerator: i128::from(rate.units()), divisor: i128::from(Rate::ONE.units()) }
    }

    pub fn whole(units: i64) -> Self {
        Self { numerator: i128::from(units), divisor: 1 }
    }

    pub fn times(self, other: Self) -> Result<Self, Overflow> {
        // Most numbers fit 64 bits, of which no product leaves 128.
        let narrow = |number: i128| i64::try_from(number).ok().map(i128::from);
        if let (Some(a), Some(b), Some(c), Some(d)) = (
            narrow(self.numerator),
            narrow(self.divisor),
            narrow(other.numerator),
            narrow(other.divisor),
        ) {
            return Ok(Self { numerator: a * c, divisor: b * d });
        }
        let product = |a: Self, b: Self| {
            let numerator = a.numerator.checked_mul(b.numerator)?;
            Some(Self { numerator, divisor: a.divisor.checked_mul(b.divisor)? })
        };
        // Reducing is slow and seldom needed: only several multipliers come near 128 bits.
        product(self, other)
            .or_else(|| {
                let crosswise = |numerator, divisor| Self { numerator, divisor }.reduced();
                let one = crosswise(self.numerator, other.divisor);
                product(one, crosswise(other.numerator, self.divisor))
            })
            .ok_or(Overflow)
    }

    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        let (one, two) = (self.reduced(), other.reduced());
        let divisor = common_multiple(one.divisor, two.divisor)?;
        let sum = one.over(divisor)?.checked_add(two.over(divisor)?);
        Ok(Self { numerator: sum.ok_or(Overflow)?, divisor })
    }

    /// The numerator over another divisor, a multiple of its own.
    fn over(self, divisor: i128) -> Result<i128, Overflow> {
        self.numerator.checked_mul(divisor / self.divisor).ok_or(Overflow)
    }

    pub fn reduced(self) -> Self {
        let common = greatest_common_divisor(self.numerator, self.divisor).max(1);
        let narrow = |number: i128| u64::try_from(number).ok();
        if let (Some(numerator), Some(divisor), Some(common)) =
            (narrow(self.numerator), narrow(self.divisor), narrow(common))
        {
            let (numerator, divisor) = (numerator / common, divisor / common);
            return Self { numerator: i128::from(numerator), divisor: i128::from(divisor) };
        }
        Self { numerator: self.numerator / common, divisor: self.divisor / common }
    }

    pub fn rounded(self, rounding: Rounding) -> Result<i64, Overflow> {
        divide(self.numerator, self.divisor, rounding)
    }

    /// Whether it is more than a whole number. Nothing is multiplied, so nothing can overflow.
    pub fn is_above(self, units: i64) -> bool {
        let floor = self.numerator / self.divisor;
        let rest = self.numerator % self.divisor;
        floor > i128::from(units) || (floor == i128::from(units) && rest != 0)
    }

    /// Whether it is less than a whole number.
    pub fn is_below(self, units: i64) -> bool {
        self.numerator / self.divisor < i128::from(units)
    }
}

/// Rounds the sum of fractions once and shares the result out: to each its whole part, and what
/// is left to the largest remainders, the earlier one first among equals.
pub(super) fn share_out(fractions: &[Fraction], rounding: Rounding) -> Result<Vec<i64>, Overflow> {
    let reduced: Vec<Fraction> = fractions.iter().map(|fraction| fraction.reduced()).collect();
    let divisor =
        reduced.iter().try_fold(1, |common, fraction| common_multiple(common, fraction.divisor))?;
    let mut numerators = Vec::with_capacity(reduced.len());
    let mut sum = 0_i128;
    for fraction in reduced {
        let numerator = fraction.over(divisor)?;
        sum = sum.checked_add(numerator).ok_or(Overflow)?;
        numerators.push(numerator);
    }
    let mut left = divide(sum, divisor, rounding)?;
    let mut parts = Vec::with_capacity(numerators.len());
    for numerator in &numerators {
        let part = i64::try_from(numerator / divisor).map_err(|_| Overflow)?;
        left = left.checked_sub(part).ok_or(Overflow)?;
        parts.push(part);
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|position| (-(numerators[*position] % divisor), *position));
    let extra = usize::try_from(left).map_err(|_| Overflow)?;
    for position in order.into_iter().take(extra) {
        parts[position] += 1;
    }
    Ok(parts)
}

fn common_multiple(a: i128, b: i128) -> Result<i128, Overflow> {
    (a / greatest_common_divisor(a, b).max(1)).checked_mul(b).ok_or(Overflow)
}

pub(super) fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    // Rates and most amounts fit 64 bits, where the machine divides several times faster.
    if let (Ok(mut a), Ok(mut b)) = (u64::try_from(a), u64::try_from(b)) {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return i128::from(a);
    }
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
