//! The rows that come out of a statement.
//!
//! A row is read by column name and by Rust type; what does not fit is an inconsistency that names
//! the column, never a default. Rows own what they hold, so that they outlive the transaction.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::error::StoreError;
use super::value::{Json, date_from_days, timestamp_from_microseconds};

/// What all rows of one result share. Made once per result, when its first row arrives.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) names: Box<[Box<str>]>,
    pub(super) statement: Box<str>,
}

/// One column of one row as the engine gave it. SQLite knows only the first four and keeps the
/// richer types in them (see `FromCell`); PostgreSQL gives the richer ones themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    Null,
    Integer(i64),
    Text(Arc<str>),
    Bytes(Vec<u8>),
    Bool(bool),
    Uuid(Uuid),
    Timestamp(Timestamp),
    Date(Date),
    Json(Arc<str>),
    /// Something for which the waist has no value, such as a floating-point number.
    Foreign,
}

#[derive(Clone)]
pub struct Row {
    columns: Arc<Columns>,
    cells: Vec<Cell>,
}

impl Row {
    pub(super) fn new(columns: Arc<Columns>, cells: Vec<Cell>) -> Row {
        Row { columns, cells }
    }

    pub(super) fn into_cells(self) -> Vec<Cell> {
        self.cells
    }

    /// The value of a column. `&str` and `&[u8]` borrow from the row and copy nothing.
    pub fn get<'row, T: FromCell<'row>>(&'row self, column: &str) -> Result<T, StoreError> {
        // A walk over a dozen short names that lie in memory already is cheaper than any map.
        let cell = self
            .columns
            .names
            .iter()
            .position(|name| **name == *column)
            .and_then(|position| self.cells.get(position));
        let Some(cell) = cell else {
            return Err(self.inconsistent(column, "anything, as there is no such column"));
        };
        T::from_cell(cell).ok_or_else(|| self.inconsistent(column, T::EXPECTED))
    }

    fn inconsistent(&self, column: &str, expected: &'static str) -> StoreError {
        StoreError::Inconsistent {
            column: column.to_owned(),
            expected,
            statement: self.columns.statement.to_string(),
        }
    }
}

/// Shows the names of the columns only: rows hold personal data, and what can be printed will be
/// printed into a log one day.
impl fmt::Debug for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.columns.names).finish()
    }
}

/// A Rust type that can be read from a column. Newtypes of the domain implement it by asking the
/// type that they wrap.
///
/// Where SQLite has no type of its own, the waist reads the one that it writes there: a uuid from
/// 16 bytes, a timestamp from microseconds since 1970, a date from days since 1970, a bool from 0
/// or 1, JSON from text. The same is accepted on every engine, so that engines differ in nothing.
pub trait FromCell<'row>: Sized {
    /// Completes "column … does not hold …".
    const EXPECTED: &'static str;

    fn from_cell(cell: &'row Cell) -> Option<Self>;
}

/// One line per Rust type: what it is called, and from which cells it is read.
macro_rules! readable {
    ($($rust_type:ty: $expected:literal, { $($pattern:pat => $convert:expr),+ $(,)? })*) => {$(
        impl<'row> FromCell<'row> for $rust_type {
            const EXPECTED: &'static str = $expected;

            fn from_cell(cell: &'row Cell) -> Option<Self> {
                match cell {
                    $($pattern => $convert,)+
                    _ => None,
                }
            }
        }
    )*};
}

readable! {
    i64: "an integer", { Cell::Integer(value) => Some(*value) }
    i32: "an integer of 32 bits", { Cell::Integer(value) => i32::try_from(*value).ok() }
    u32: "an integer from 0 to 4294967295", { Cell::Integer(value) => u32::try_from(*value).ok() }
    u16: "an integer from 0 to 65535", { Cell::Integer(value) => u16::try_from(*value).ok() }
    u8: "an integer from 0 to 255", { Cell::Integer(value) => u8::try_from(*value).ok() }
    bool: "a bool", {
        Cell::Bool(value) => Some(*value),
        Cell::Integer(0) => Some(false),
        Cell::Integer(1) => Some(true),
    }
    &'row str: "a text", { Cell::Text(text) | Cell::Json(text) => Some(text) }
    String: "a text", { Cell::Text(text) | Cell::Json(text) => Some(text.to_string()) }
    Arc<str>: "a text", { Cell::Text(text) | Cell::Json(text) => Some(Arc::clone(text)) }
    Json: "a JSON text", { Cell::Text(text) | Cell::Json(text) => Some(Json(text.to_string())) }
    &'row [u8]: "bytes", { Cell::Bytes(bytes) => Some(bytes) }
    Vec<u8>: "bytes", { Cell::Bytes(bytes) => Some(bytes.clone()) }
    Uuid: "a uuid", {
        Cell::Uuid(uuid) => Some(*uuid),
        Cell::Bytes(bytes) => Uuid::from_slice(bytes).ok(),
    }
    Timestamp: "a timestamp", {
        Cell::Timestamp(timestamp) => Some(*timestamp),
        Cell::Integer(microseconds) => timestamp_from_microseconds(*microseconds),
    }
    Date: "a date", {
        Cell::Date(date) => Some(*date),
        Cell::Integer(days) => date_from_days(*days),
    }
}

impl<'row, T: FromCell<'row>> FromCell<'row> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_cell(cell: &'row Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}
