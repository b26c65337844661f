//! From what PostgreSQL says to what the store says.
//!
//! It must never pass on a detail that may quote a value: only the code, the message of errors
//! that name things of the schema, and the names of constraints.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Error};

use super::error::{Cause, StoreError};

#[derive(Debug, thiserror::Error)]
#[error("PostgreSQL error {code}{message}, in: {statement}")]
struct Refusal {
    code: String,
    message: String,
    statement: String,
}

pub(super) fn problem(error: &Error, sql: &str) -> StoreError {
    let Some(told) = error.as_db_error() else {
        let closed = if error.is_closed() { "the connection is closed" } else { "no answer" };
        return StoreError::Other {
            source: Box::new(Refusal {
                code: String::new(),
                message: format!("{closed}: {}", without_values(error)),
                statement: sql.to_owned(),
            }),
        };
    };
    let code = told.code();
    if [
        &SqlState::T_R_SERIALIZATION_FAILURE,
        &SqlState::T_R_DEADLOCK_DETECTED,
        &SqlState::LOCK_NOT_AVAILABLE,
    ]
    .contains(&code)
    {
        return StoreError::Busy;
    }
    if *code == SqlState::UNIQUE_VIOLATION {
        let constraint = told.constraint().unwrap_or_default().to_owned();
        return StoreError::Unique { constraint };
    }
    if *code == SqlState::FOREIGN_KEY_VIOLATION {
        return StoreError::ForeignKey;
    }
    // Class 42 is about the statement, class 53 to 58 about the server; neither quotes a row.
    let class = &code.code()[..2];
    let message = match class {
        "42" | "53" | "54" | "55" | "57" | "58" | "25" | "3D" | "28" => {
            format!(": {}", told.message())
        }
        _ => told.constraint().map(|name| format!(" ({name})")).unwrap_or_default(),
    };
    StoreError::Other {
        source: Box::new(Refusal {
            code: code.code().to_owned(),
            message,
            statement: sql.to_owned(),
        }),
    }
}

/// What the driver says of itself quotes no value; what lies below it may.
fn without_values(error: &Error) -> String {
    let text = error.to_string();
    text.split(':').next().unwrap_or_default().to_owned()
}

/// A connection that could not be opened. The address may contain a password and is not repeated.
pub(super) fn opening_problem(config: &Config, source: Cause) -> StoreError {
    let database = config.get_dbname().unwrap_or("postgres");
    StoreError::Open { path: format!("{database} of PostgreSQL"), source }
}
