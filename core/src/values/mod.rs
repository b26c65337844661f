//! Exact values: money, points, quantities, rates, periods, ids and texts.
//!
//! Everything is an integer in its smallest unit with its decimals declared. Nothing
//! here wraps, saturates or touches a float: what does not fit is an error (I21).

mod calendar;
mod decimal;
mod exact;
mod identity;
mod language;
mod money;
mod rounding;
mod spread;

pub use calendar::{CalendarError, CalendarUnit, Period, PeriodUnit, Zone};
pub use decimal::{DecimalError, format_decimal, parse_decimal};
pub use exact::{Money, Overflow, Points, Quantity, Rate};
pub(crate) use identity::same_text;
pub use identity::{ActivityId, BUCKETS, Bucket, IdError, InstrumentId, Key, MemberId};
pub use language::{Forms, PLURAL_CATEGORIES, Texts, plural_categories};
pub use money::{Currency, MoneyFormatError, line_amount};
pub use rounding::{Rounding, divide};
pub use spread::spread;
pub(crate) use spread::{spread_first, spread_in_place, spread_last};
