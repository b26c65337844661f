//! From what SQLite says to what the store says.
//!
//! It must never pass on a message that may quote a value, and never leave a name of a constraint
//! that PostgreSQL would not give.

use rusqlite::{Connection, ErrorCode, ffi};

use super::Mode;
use super::error::StoreError;

/// What SQLite said, without what it may quote: messages of running statements can contain values
/// (a malformed JSON path, for instance), so only those that cannot are passed on. Otherwise the
/// meaning of the code has to do.
#[derive(Debug, thiserror::Error)]
#[error("SQLite error {code}: {message}, in: {statement}")]
struct Refusal {
    code: i32,
    message: String,
    statement: String,
}

/// A statement that could not be prepared. No value was bound to it yet, so what SQLite says of it,
/// such as `no such column: points`, can be passed on whole.
pub(super) fn preparing_problem(
    connection: &Connection,
    mode: Mode,
    error: rusqlite::Error,
    sql: &str,
) -> StoreError {
    match error {
        rusqlite::Error::SqliteFailure(error, Some(message))
        | rusqlite::Error::SqlInputError { error, msg: message, .. }
            if error.extended_code == ffi::SQLITE_ERROR =>
        {
            StoreError::Other {
                source: Box::new(Refusal {
                    code: error.extended_code,
                    message,
                    statement: sql.to_owned(),
                }),
            }
        }
        error => problem(Some(connection), mode, error, sql),
    }
}

pub(super) fn problem(
    connection: Option<&Connection>,
    mode: Mode,
    error: rusqlite::Error,
    sql: &str,
) -> StoreError {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => (code, message),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, Some(msg)),
        rusqlite::Error::ExecuteReturnedResults => {
            return StoreError::statement("a statement that gives rows was executed", sql);
        }
        other => return StoreError::statement(other.to_string(), sql),
    };
    let constraint_message = match code.code {
        ErrorCode::ConstraintViolation => message,
        _ => None,
    };
    let refusal = |constraint_message: Option<String>| {
        Box::new(Refusal {
            code: code.extended_code,
            message: constraint_message
                .unwrap_or_else(|| ffi::code_to_str(code.extended_code).to_owned()),
            statement: sql.to_owned(),
        })
    };
    match (code.code, code.extended_code) {
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => StoreError::Busy,
        (
            _,
            extended @ (ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID),
        ) => StoreError::Unique {
            constraint: constraint_name(
                connection,
                extended,
                &constraint_message.unwrap_or_default(),
            ),
        },
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => StoreError::ForeignKey,
        // A write that met one of these cannot know what is on the disk.
        (ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _)
            if mode == Mode::Write =>
        {
            StoreError::Durability { source: refusal(None) }
        }
        _ => StoreError::Other { source: refusal(constraint_message) },
    }
}

/// The name that PostgreSQL would give the constraint, out of `UNIQUE constraint failed: t.a, t.b`
/// or `UNIQUE constraint failed: index 'name'`, which is all that SQLite says.
fn constraint_name(connection: Option<&Connection>, extended_code: i32, message: &str) -> String {
    let failed = message.rsplit_once("constraint failed: ").map_or(message, |(_, failed)| failed);
    if let Some(index) = failed.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut table = "";
    let mut columns = Vec::new();
    for part in failed.split(", ") {
        let Some((part_table, column)) = part.split_once('.') else {
            return failed.to_owned();
        };
        table = part_table;
        columns.push(column);
    }
    if extended_code != ffi::SQLITE_CONSTRAINT_UNIQUE {
        return format!("{table}_pkey");
    }
    connection
        .and_then(|connection| unique_index_name(connection, table, &columns).ok().flatten())
        .unwrap_or_else(|| format!("{table}_{}_key", columns.join("_")))
}

/// The one index made by `create unique index` over these columns. None if the constraint stands
/// in the table itself, or if several partial indexes could be meant.
fn unique_index_name(
    connection: &Connection,
    table: &str,
    columns: &[&str],
) -> rusqlite::Result<Option<String>> {
    let sql = "select list.name from pragma_index_list(?1) as list
        where list.\"unique\" = 1 and list.origin = 'c' and ?2 = (
            select group_concat(name, ', ' order by seqno) from pragma_index_info(list.name))";
    let mut statement = connection.prepare(sql)?;
    let names = statement
        .query_map([table, &columns.join(", ")], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(match <[String; 1]>::try_from(names) {
        Ok([name]) => Some(name),
        Err(_) => None,
    })
}
