//! Currencies of ISO 4217 with their exponents, and the price of a line.

use super::{
    DecimalError, Money, Overflow, Quantity, Rounding, divide, format_decimal, parse_decimal,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency of ISO 4217: its three letters and how many decimals its minor unit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

/// The active currencies of ISO 4217:2015 (list one), grouped by exponent. Units of account,
/// metals and test codes are left out: no receipt is written in them.
const EXPONENT_TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL \
    BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP \
    GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK \
    LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR \
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
    SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
const EXPONENT_ZERO: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const EXPONENT_THREE: &str = "BHD IQD JOD KWD LYD OMR TND";

impl Currency {
    /// Finds a currency by its code in capital letters.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        [(EXPONENT_TWO, 2), (EXPONENT_ZERO, 0), (EXPONENT_THREE, 3)].into_iter().find_map(
            |(codes, exponent)| {
                let code = codes.split(' ').find(|known| *known == code)?;
                Some(Self { code, exponent })
            },
        )
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Decimals of the minor unit: UAH 2, JPY 0, KWD 3.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// Reads `12.50` as money of this currency.
    pub fn parse(self, text: &str) -> Result<Money, MoneyFormatError> {
        parse_decimal(text, self.exponent)
            .map(Money::new)
            .map_err(|cause| MoneyFormatError { currency: self.code, cause })
    }

    /// Prints money of this currency with all its decimals and without a sign of the currency.
    #[must_use]
    pub fn format(self, money: Money) -> String {
        format_decimal(money.units(), self.exponent)
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::find(&code).ok_or_else(|| serde::de::Error::custom("not a currency of ISO 4217"))
    }
}

/// A text that is not an amount of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyFormatError {
    pub currency: &'static str,
    pub cause: DecimalError,
}

impl fmt::Display for MoneyFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an amount of {}: {}", self.currency, self.cause)
    }
}

/// The amount of a line: quantity times unit price, rounded once for the line (case 41).
pub fn line_amount(
    unit_price: Money,
    quantity: Quantity,
    rounding: Rounding,
) -> Result<Money, Overflow> {
    // Whole pieces are by far the most, and need no division and no rounding.
    if quantity.units() % Quantity::ONE.units() == 0 {
        let pieces = quantity.units() / Quantity::ONE.units();
        return unit_price.units().checked_mul(pieces).map(Money::new).ok_or(Overflow);
    }
    let product = i128::from(unit_price.units()) * i128::from(quantity.units());
    divide(product, i128::from(Quantity::ONE.units()), rounding).map(Money::new)
}
