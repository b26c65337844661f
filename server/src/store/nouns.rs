//! The statements of the domain, by noun. Rows in, rows out; nothing is decided here.

pub mod activities;
pub mod attempts;
pub mod businesses;
pub mod calendar;
pub mod claims;
pub mod contacts;
pub mod counters;
pub mod derived;
pub mod directories;
pub mod entries;
pub mod games;
pub mod holds;
pub mod housekeeping;
pub mod instruments;
pub mod members;
pub mod reservations;
pub mod tasks;

use super::migrate::Migration;
use super::{Json, Row, StoreError, Value};
use businesses::BusinessId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use symbolon_core::values::MemberId;
use uuid::Uuid;

/// All migrations in order. A released one never changes.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "start", sql: include_str!("../../migrations/0001_start.sql") },
    Migration {
        number: 2,
        name: "instruments",
        sql: include_str!("../../migrations/0002_instruments.sql"),
    },
    Migration {
        number: 3,
        name: "limit-counters",
        sql: include_str!("../../migrations/0003_limit_counters.sql"),
    },
    Migration {
        number: 4,
        name: "open-holds",
        sql: include_str!("../../migrations/0004_open_holds.sql"),
    },
    Migration {
        number: 5,
        name: "derived",
        sql: include_str!("../../migrations/0005_derived.sql"),
    },
    Migration {
        number: 7,
        name: "companies",
        sql: include_str!("../../migrations/0007_companies.sql"),
    },
    Migration {
        number: 8,
        name: "calendar",
        sql: include_str!("../../migrations/0008_calendar.sql"),
    },
    Migration { number: 9, name: "games", sql: include_str!("../../migrations/0009_games.sql") },
    Migration {
        number: 10,
        name: "codes-of-batches",
        sql: include_str!("../../migrations/0010_codes_of_batches.sql"),
    },
    Migration {
        number: 11,
        name: "housekeeping",
        sql: include_str!("../../migrations/0011_housekeeping.sql"),
    },
    Migration { number: 12, name: "lanes", sql: include_str!("../../migrations/0012_lanes.sql") },
    Migration { number: 13, name: "texts", sql: include_str!("../../migrations/0013_texts.sql") },
];

fn inconsistent(column: &str, expected: &'static str, found: String) -> StoreError {
    StoreError::Inconsistent { column: column.to_owned(), expected, statement: found }
}

/// Reads a JSON column into a type of the core. A row that does not fit is an inconsistency
/// that names its column, never a default.
fn from_json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
    let text: Json = row.get(column)?;
    serde_json::from_str(&text.0)
        .map_err(|error| inconsistent(column, "JSON of a known form", error.to_string()))
}

/// Serialises for a JSON column. Types of the core always can be.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<Json, StoreError> {
    serde_json::to_string(value)
        .map(Json)
        .map_err(|error| StoreError::Other { source: Box::new(error) })
}

fn fixed_bytes(row: &Row, column: &str) -> Result<[u8; 32], StoreError> {
    let bytes: &[u8] = row.get(column)?;
    bytes.try_into().map_err(|_| inconsistent(column, "32 bytes", String::new()))
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn member_id(row: &Row, column: &str) -> Result<MemberId, StoreError> {
    Ok(MemberId::new(row.get::<Uuid>(column)?.as_u128()))
}

/// The first columns of every table of a member.
fn member_values(business: BusinessId, member: MemberId) -> [Value; 3] {
    [member.bucket().number().into(), uuid(member.number()).into(), business.into()]
}
