//! The values that go into a statement.
//!
//! Each has a type of its own, known even for null, so that PostgreSQL can be told the type of
//! every parameter and each engine can use its native one. There is no floating-point value here,
//! and there must never be one: nothing near a balance may be inexact.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    Integer,
    Text,
    Bool,
    Bytes,
    Uuid,
    Timestamp,
    Date,
    Json,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null(ValueType),
    Integer(i64),
    /// Shared, because the words of a programme are repeated in many rows.
    Text(Arc<str>),
    Bool(bool),
    Bytes(Vec<u8>),
    Uuid(Uuid),
    /// Kept to the microsecond; what is finer is dropped towards the past, on every engine.
    Timestamp(Timestamp),
    Date(Date),
    /// Already serialised. PostgreSQL may give it back with other spaces and another order of keys.
    Json(String),
}

impl Value {
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        match self {
            Value::Null(value_type) => *value_type,
            Value::Integer(_) => ValueType::Integer,
            Value::Text(_) => ValueType::Text,
            Value::Bool(_) => ValueType::Bool,
            Value::Bytes(_) => ValueType::Bytes,
            Value::Uuid(_) => ValueType::Uuid,
            Value::Timestamp(_) => ValueType::Timestamp,
            Value::Date(_) => ValueType::Date,
            Value::Json(_) => ValueType::Json,
        }
    }
}

/// A serialised JSON text, so that it is not mistaken for a plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub String);

/// What type a null of this Rust type has. Newtypes of the domain implement it beside their
/// `From<…> for Value`, and thereby get `Option` for free.
pub trait Typed {
    const VALUE_TYPE: ValueType;
}

impl<T: Typed + Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null(T::VALUE_TYPE), Into::into)
    }
}

/// One line per Rust type: its value type, and how it becomes a value.
macro_rules! values {
    ($($rust_type:ty => $variant:ident, $value:ident => $convert:expr;)*) => {$(
        impl Typed for $rust_type {
            const VALUE_TYPE: ValueType = ValueType::$variant;
        }
        impl From<$rust_type> for Value {
            fn from($value: $rust_type) -> Value {
                Value::$variant($convert)
            }
        }
    )*};
}

values! {
    i64 => Integer, value => value;
    i32 => Integer, value => value.into();
    u32 => Integer, value => value.into();
    u16 => Integer, value => value.into();
    u8 => Integer, value => value.into();
    bool => Bool, value => value;
    &str => Text, value => value.into();
    String => Text, value => value.into();
    Arc<str> => Text, value => value;
    &[u8] => Bytes, value => value.to_vec();
    Vec<u8> => Bytes, value => value;
    Uuid => Uuid, value => value;
    Timestamp => Timestamp, value => value;
    Date => Date, value => value;
    Json => Json, value => value.0;
}

const NANOSECONDS_PER_MICROSECOND: i128 = 1_000;
const HOURS_PER_DAY: i64 = 24;
const EPOCH_DATE: Date = Date::constant(1970, 1, 1);

/// Microseconds since 1970, rounded towards the past, so that two moments never change their order.
pub(super) fn microseconds_from_timestamp(timestamp: Timestamp) -> i64 {
    let microseconds = timestamp.as_nanosecond().div_euclid(NANOSECONDS_PER_MICROSECOND);
    // Cannot saturate: jiff ends at the year 9999, where microseconds take 58 of the 63 bits.
    i64::try_from(microseconds).unwrap_or(i64::MAX)
}

pub(super) fn timestamp_from_microseconds(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds).ok()
}

/// Days since 1970. A number and not an ISO text, because `date + 7` and `date - date` then mean
/// in SQLite just what they mean in PostgreSQL, and it orders dates of any year.
pub(super) fn days_from_date(date: Date) -> i64 {
    date.duration_since(EPOCH_DATE).as_hours() / HOURS_PER_DAY
}

pub(super) fn date_from_days(days: i64) -> Option<Date> {
    let hours = days.checked_mul(HOURS_PER_DAY)?;
    // `SignedDuration::from_hours` panics beyond this bound, and a stored number can be anything.
    if hours.unsigned_abs() > SignedDuration::MAX.as_hours().unsigned_abs() {
        return None;
    }
    EPOCH_DATE.checked_add(SignedDuration::from_hours(hours)).ok()
}
