//! SQLite without the waist, for measuring beside it: what a program does that was written by hand
//! for this database alone. Nothing but a benchmark may use it.

use std::path::Path;

use rusqlite::{Connection, params_from_iter};

use super::Mode;
use super::error::StoreError;
use super::row::Cell;
use super::sqlite::{Bound, cell_from_sqlite};
use super::sqlite_error::problem;
use super::value::Value;

/// More than a ruler has statements.
const STATEMENTS_CACHED_MAX: usize = 64;

pub struct PlainSqlite(Connection);

impl std::fmt::Debug for PlainSqlite {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PlainSqlite")
    }
}

impl PlainSqlite {
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let connection =
            Connection::open(file).map_err(|error| problem(None, Mode::Write, error, "open"))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
        Ok(Self(connection))
    }

    /// Statements without values, one after the other.
    pub fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.0.execute_batch(sql).map_err(|error| self.problem(error, sql))
    }

    /// One prepared statement that writes; its parameters are `?1`, `?2`, ….
    pub fn run(&self, sql: &str, values: &[Value]) -> Result<(), StoreError> {
        let done = self.0.prepare_cached(sql).and_then(|mut statement| {
            statement.execute(params_from_iter(values.iter().map(Bound)))
        });
        done.map(|_| ()).map_err(|error| self.problem(error, sql))
    }

    /// The first row of one prepared statement that reads.
    pub fn row(&self, sql: &str, values: &[Value]) -> Result<Option<Vec<Cell>>, StoreError> {
        let read = || {
            let mut statement = self.0.prepare_cached(sql)?;
            let count = statement.column_count();
            let mut rows = statement.query(params_from_iter(values.iter().map(Bound)))?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let cells = (0..count).map(|at| row.get_ref(at).map(cell_from_sqlite));
            cells.collect::<rusqlite::Result<Vec<_>>>().map(Some)
        };
        read().map_err(|error| self.problem(error, sql))
    }

    fn problem(&self, error: rusqlite::Error, sql: &str) -> StoreError {
        problem(Some(&self.0), Mode::Write, error, sql)
    }
}
