//! Reading and printing exact decimals. Never by way of a float.

use std::fmt;

/// Why a text is not an exact decimal of the wanted precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// Not of the form `-123.45`.
    NotANumber,
    /// More decimals than the unit has; the unit's decimals are given.
    TooManyDecimals(u8),
    /// Does not fit 64 bits in its smallest unit.
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => {
                write!(f, "this is not a plain decimal number such as 12 or 12.50")
            }
            Self::TooManyDecimals(0) => write!(f, "only whole numbers are possible here"),
            Self::TooManyDecimals(n) => write!(f, "at most {n} decimals are possible here"),
            Self::TooLarge => write!(f, "the number is too large"),
        }
    }
}

/// Reads `text` as a number of units of `10^-decimals`: `"12.5"` with 2 decimals is 1250.
///
/// Accepts an optional minus sign, digits and one point. Zeros behind the last
/// possible decimal are accepted, because `2.10` and `2.100` are one number.
pub fn parse_decimal(text: &str, decimals: u8) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
        return Err(DecimalError::NotANumber);
    }
    if fraction.trim_end_matches('0').len() > usize::from(decimals) {
        return Err(DecimalError::TooManyDecimals(decimals));
    }
    let mut units: i64 = 0;
    let kept = fraction.bytes().chain(std::iter::repeat(b'0')).take(usize::from(decimals));
    for byte in whole.bytes().chain(kept) {
        let digit = i64::from(byte - b'0');
        units = units
            .checked_mul(10)
            .and_then(|units| {
                // Negative numbers count downwards, so that the smallest i64 can be read too.
                if negative { units.checked_sub(digit) } else { units.checked_add(digit) }
            })
            .ok_or(DecimalError::TooLarge)?;
    }
    Ok(units)
}

/// Prints units of `10^-decimals` with all decimals: 1250 with 2 decimals is `12.50`.
#[must_use]
pub fn format_decimal(units: i64, decimals: u8) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = units.unsigned_abs().to_string();
    let decimals = usize::from(decimals);
    if decimals == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len() - decimals);
    format!("{sign}{whole}.{fraction}")
}
