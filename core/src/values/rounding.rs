//! Named rounding. A programme names the way it rounds and prints it in words.

use super::Overflow;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How a quotient becomes a whole number of smallest units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Towards zero: 2.9 becomes 2.
    Down,
    /// Away from zero: 2.1 becomes 3.
    Up,
    /// To the nearest, a half away from zero: 2.5 becomes 3.
    HalfUp,
    /// To the nearest, a half to the even neighbour: 2.5 becomes 2 (IEEE 754, ISO 80000-1 B rule A).
    HalfEven,
}

impl Rounding {
    pub const ALL: [Self; 4] = [Self::Down, Self::Up, Self::HalfUp, Self::HalfEven];

    /// The name used in a programme text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::HalfUp => "half-up",
            Self::HalfEven => "half-even",
        }
    }
}

/// Divides exactly and rounds once, in the named way. A divisor of zero counts as an overflow.
pub fn divide(numerator: i128, divisor: i128, rounding: Rounding) -> Result<i64, Overflow> {
    // Most receipts fit 64 bits, where the machine divides several times faster.
    if let (Ok(small), Ok(by)) = (i64::try_from(numerator), i64::try_from(divisor)) {
        let quotient = small.checked_div(by).ok_or(Overflow)?;
        let remainder = small % by;
        // A remainder is below 2^63, so that twice as much still fits 64 bits without a sign.
        let half = (remainder.unsigned_abs() * 2).cmp(&by.unsigned_abs());
        let away = if (small < 0) == (by < 0) { 1 } else { -1 };
        let moves = rounds_away(rounding, remainder != 0, half, quotient % 2 != 0);
        return quotient.checked_add(if moves { away } else { 0 }).ok_or(Overflow);
    }
    let quotient = numerator.checked_div(divisor).ok_or(Overflow)?;
    let remainder = numerator.checked_rem(divisor).ok_or(Overflow)?;
    let twice = remainder.unsigned_abs().checked_mul(2).ok_or(Overflow)?;
    let half = twice.cmp(&divisor.unsigned_abs());
    let away = if (numerator < 0) == (divisor < 0) { 1 } else { -1 };
    let moves = rounds_away(rounding, remainder != 0, half, quotient % 2 != 0);
    i64::try_from(quotient + if moves { away } else { 0 }).map_err(|_| Overflow)
}

/// Whether a quotient moves away from zero, by how its remainder compares with half a divisor.
fn rounds_away(rounding: Rounding, remains: bool, half: Ordering, is_odd: bool) -> bool {
    match rounding {
        Rounding::Down => false,
        Rounding::Up => remains,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && is_odd),
    }
}
