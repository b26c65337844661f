//! Values of the waist in PostgreSQL's native types, and back, in its binary form.
//!
//! The server says which type a parameter has; a value that does not fit is an error and never
//! bent. Nothing here is a floating-point number.

use std::error::Error;

use bytes::BytesMut;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type};

use super::error::StoreError;
use super::row::Cell;
use super::value::{Value, date_from_days, days_from_date, microseconds_from_timestamp};

type Problem = Box<dyn Error + Sync + Send>;

/// PostgreSQL counts from the year 2000, the waist from 1970.
const MICROSECONDS_BETWEEN: i64 = 946_684_800_000_000;
const DAYS_BETWEEN: i64 = 10_957;

/// A parameter: one value, or one value of each row as an array.
#[derive(Debug)]
pub(super) enum Bound<'v> {
    One(&'v Value),
    Each { rows: &'v [Vec<Value>], place: usize },
}

/// A value on its own, so that arrays can be made of them.
#[derive(Debug)]
struct Single<'v>(&'v Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Problem> {
        match self {
            Bound::One(value) => Single(value).to_sql(kind, out),
            Bound::Each { rows, place } => {
                let values: Vec<Single<'_>> = rows.iter().map(|row| Single(&row[*place])).collect();
                values.to_sql(kind, out)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

impl ToSql for Single<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Problem> {
        match (self.0, kind) {
            (Value::Null(_), _) => return Ok(IsNull::Yes),
            (Value::Integer(value), &Type::INT2) => {
                return i16::try_from(*value)?.to_sql(kind, out);
            }
            (Value::Integer(value), &Type::INT4) => {
                return i32::try_from(*value)?.to_sql(kind, out);
            }
            (Value::Integer(value), &Type::INT8) => return value.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => {
                out.extend_from_slice(text.as_bytes());
            }
            (Value::Bool(value), &Type::BOOL) => return value.to_sql(kind, out),
            (Value::Bytes(bytes), &Type::BYTEA) => return bytes.to_sql(kind, out),
            (Value::Uuid(uuid), &Type::UUID) => out.extend_from_slice(uuid.as_bytes()),
            (Value::Timestamp(at), &Type::TIMESTAMPTZ) => {
                let since_2000 = microseconds_from_timestamp(*at) - MICROSECONDS_BETWEEN;
                out.extend_from_slice(&since_2000.to_be_bytes());
            }
            (Value::Date(date), &Type::DATE) => {
                let since_2000 = i32::try_from(days_from_date(*date) - DAYS_BETWEEN)?;
                out.extend_from_slice(&since_2000.to_be_bytes());
            }
            (Value::Json(text), &Type::JSONB) => {
                // The version of the binary form.
                out.extend_from_slice(&[1]);
                out.extend_from_slice(text.as_bytes());
            }
            (Value::Json(text), &Type::JSON | &Type::TEXT) => {
                out.extend_from_slice(text.as_bytes());
            }
            (value, kind) => {
                let given = value.value_type();
                return Err(format!("a parameter of type {kind} was given {given:?}").into());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// What stands in a column, in the waist's own form.
struct Read(Cell);

impl<'a> FromSql<'a> for Read {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Problem> {
        let bytes = raw;
        Ok(Read(match *kind {
            Type::INT2 => Cell::Integer(i16::from_sql(kind, bytes)?.into()),
            Type::INT4 => Cell::Integer(i32::from_sql(kind, bytes)?.into()),
            Type::INT8 => Cell::Integer(i64::from_sql(kind, bytes)?),
            Type::TEXT | Type::VARCHAR | Type::NAME => {
                Cell::Text(<&str>::from_sql(kind, bytes)?.into())
            }
            Type::BOOL => Cell::Bool(bool::from_sql(kind, bytes)?),
            Type::BYTEA => Cell::Bytes(bytes.to_vec()),
            Type::UUID => Cell::Uuid(uuid::Uuid::from_slice(bytes)?),
            Type::TIMESTAMPTZ => timestamp(i64::from_be_bytes(bytes.try_into()?)),
            Type::DATE => date(i32::from_be_bytes(bytes.try_into()?)),
            Type::JSONB => match bytes.split_first() {
                Some((1, text)) => Cell::Json(std::str::from_utf8(text)?.into()),
                _ => Cell::Foreign,
            },
            Type::JSON => Cell::Json(std::str::from_utf8(bytes)?.into()),
            _ => Cell::Foreign,
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Problem> {
        Ok(Read(Cell::Null))
    }

    fn accepts(kind: &Type) -> bool {
        matches!(kind.kind(), Kind::Simple | Kind::Array(_) | Kind::Pseudo)
    }
}

/// Infinity and what lies beyond the calendar have no moment here.
fn timestamp(since_2000: i64) -> Cell {
    let since_1970 = since_2000.checked_add(MICROSECONDS_BETWEEN);
    let moment = since_1970.and_then(|since| Timestamp::from_microsecond(since).ok());
    moment.map_or(Cell::Foreign, Cell::Timestamp)
}

fn date(since_2000: i32) -> Cell {
    let found: Option<Date> = date_from_days(i64::from(since_2000) + DAYS_BETWEEN);
    found.map_or(Cell::Foreign, Cell::Date)
}

/// One column of a row.
pub(super) fn cell_of(
    row: &tokio_postgres::Row,
    position: usize,
    sql: &str,
) -> Result<Cell, StoreError> {
    let read: Read = row
        .try_get(position)
        .map_err(|_| StoreError::statement("a column that cannot be read", sql))?;
    Ok(read.0)
}

impl Cell {
    /// A value as the column that it was put into gives it back.
    pub(super) fn of(value: &Value) -> Cell {
        match value {
            Value::Null(_) => Cell::Null,
            Value::Integer(value) => Cell::Integer(*value),
            Value::Text(text) => Cell::Text(text.clone()),
            Value::Bool(value) => Cell::Bool(*value),
            Value::Bytes(bytes) => Cell::Bytes(bytes.clone()),
            Value::Uuid(uuid) => Cell::Uuid(*uuid),
            Value::Timestamp(at) => {
                let whole = SignedDuration::from_micros(microseconds_from_timestamp(*at));
                Timestamp::UNIX_EPOCH.checked_add(whole).map_or(Cell::Foreign, Cell::Timestamp)
            }
            Value::Date(date) => Cell::Date(*date),
            Value::Json(text) => Cell::Json(text.as_str().into()),
        }
    }
}
