//! What can go wrong in the store, for the operator and for the code above.
//!
//! An error here must never contain a parameter value or a value of a row: they may be personal
//! data, and errors end in logs. Statements, names of tables, columns and constraints, and the
//! database's codes are enough to find the cause.

use std::error::Error;

/// The cause below an error, without any value.
pub type Cause = Box<dyn Error + Send + Sync + 'static>;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer was in the way each time that the store tried.
    #[error("the database is busy with another writer")]
    Busy,

    /// The constraint has the name that PostgreSQL would give it, on every engine: a unique index
    /// its own name, a primary key `table_pkey`, a `unique` in a table `table_column_column_key`.
    #[error("a row with this key is already there ({constraint})")]
    Unique { constraint: String },

    #[error("a row refers to another that is not there")]
    ForeignKey,

    /// What is stored is not what the program expects to have stored.
    #[error("column `{column}` does not hold {expected}, in: {statement}")]
    Inconsistent { column: String, expected: &'static str, statement: String },

    /// A mistake of the program, not of the data: a statement the waist cannot run as it is.
    #[error("{problem}, in: {statement}")]
    Statement { problem: String, statement: String },

    /// What was said to be kept may not have been kept. After this the store refuses every
    /// further write, because a flush that is tried again can succeed without having flushed.
    #[error("the database could not keep what was written; the server has to stop")]
    Durability { source: Cause },

    /// The connection broke while it was committed: it may be kept or not. Asking again with the
    /// same key tells.
    #[error("the connection to the database broke while something was kept; ask again")]
    Unsure { source: Cause },

    #[error("migration {number} ({name}): {problem}")]
    Migration { number: u32, name: String, problem: String },

    /// Never holds the address itself, which may contain a password.
    #[error("the address of the database: {problem}")]
    Url { problem: String },

    #[error("cannot open the database {path}")]
    Open { path: String, source: Cause },

    #[error("the database refused a statement")]
    Other { source: Cause },
}

impl StoreError {
    pub(super) fn statement(problem: impl Into<String>, statement: &str) -> StoreError {
        StoreError::Statement { problem: problem.into(), statement: statement.to_owned() }
    }
}
