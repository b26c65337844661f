//! The four exact integers. They are different types so that money is never added to points.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A sum or product that does not fit. The operation is refused; nothing wraps (I21).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number does not fit 64 bits in its smallest unit")
    }
}

impl std::error::Error for Overflow {}

macro_rules! exact_integer {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            pub const ZERO: Self = Self(0);

            /// Takes a number of smallest units.
            #[must_use]
            pub const fn new(units: i64) -> Self {
                Self(units)
            }

            /// The number of smallest units.
            #[must_use]
            pub const fn units(self) -> i64 {
                self.0
            }

            pub fn plus(self, other: Self) -> Result<Self, Overflow> {
                self.0.checked_add(other.0).map(Self).ok_or(Overflow)
            }

            pub fn minus(self, other: Self) -> Result<Self, Overflow> {
                self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
            }

            pub fn negated(self) -> Result<Self, Overflow> {
                self.0.checked_neg().map(Self).ok_or(Overflow)
            }

            /// Adds up; an empty list is zero.
            pub fn sum(items: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
                items.into_iter().try_fold(Self::ZERO, Self::plus)
            }

            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// For serde, which hands fields over by reference.
            #[must_use]
            pub const fn is_zero_ref(&self) -> bool {
                self.0 == 0
            }

            #[must_use]
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }
        }
    };
}

exact_integer! {
    /// Money in the minor unit of the programme's currency (cents, øre, yen).
    Money
}
exact_integer! {
    /// Points in the smallest unit of their point kind.
    Points
}
exact_integer! {
    /// A quantity in thousandths of a piece, kilogram or whatever the product is sold in.
    Quantity
}
exact_integer! {
    /// A rate, percentage or multiplier in millionths: 1.5 is 1,500,000.
    Rate
}

impl Quantity {
    /// Decimals of a quantity.
    pub const DECIMALS: u8 = 3;
    pub const ONE: Self = Self(1000);
}

impl Rate {
    /// Decimals of a rate.
    pub const DECIMALS: u8 = 6;
    pub const ONE: Self = Self(1_000_000);
}
