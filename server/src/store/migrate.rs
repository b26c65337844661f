//! The schema and how it moves on.
//!
//! Migrations are written once, with PostgreSQL's type names, and are never changed after a
//! release: what was applied is remembered with a checksum. Each is one transaction. There is no
//! way back; a program that is older than its database refuses to start, and must never guess.

use std::error::Error;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::error::StoreError;
use super::row::Row;
use super::value::Value;
use super::{Store, Transaction};

/// One step of the schema, embedded in the program.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Ascending, from 1.
    pub number: u32,
    pub name: &'static str,
    pub sql: &'static str,
}

const CREATE_SCHEMA_MIGRATION: &str = "
    create table if not exists schema_migration (
        number bigint primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null
    );";

const SELECT_APPLIED: &str = "select number, name, checksum from schema_migration order by number";

const INSERT_APPLIED: &str =
    "insert into schema_migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)";

impl Store {
    /// Applies what is not applied yet, and answers the numbers of what it applied. If a migration
    /// fails, those before it stay applied and nothing of it remains.
    pub fn migrate(
        &self,
        migrations: &[Migration],
        applied_at: Timestamp,
    ) -> Result<Vec<u32>, StoreError> {
        check_order(migrations)?;
        let mut numbers = Vec::new();
        self.alone(|| {
            numbers = self.migrate_alone(migrations, applied_at)?;
            Ok(())
        })?;
        Ok(numbers)
    }

    fn migrate_alone(
        &self,
        migrations: &[Migration],
        applied_at: Timestamp,
    ) -> Result<Vec<u32>, StoreError> {
        let applied = self.write(|transaction| {
            transaction.execute_schema(CREATE_SCHEMA_MIGRATION)?;
            applied_list(transaction)
        })?;
        check_applied(migrations, &applied)?;
        let mut numbers = Vec::new();
        for migration in migrations {
            if applied.iter().any(|row| row.number == migration.number) {
                continue;
            }
            let newly_applied = self
                .write(|transaction| migration_apply(transaction, migration, applied_at))
                .map_err(|error| migration_problem(migration, error))?;
            if newly_applied {
                numbers.push(migration.number);
            }
        }
        Ok(numbers)
    }
}

struct AppliedRow {
    number: u32,
    name: String,
    checksum: String,
}

fn applied_list(transaction: &mut Transaction<'_>) -> Result<Vec<AppliedRow>, StoreError> {
    let applied = |row: &Row| {
        Ok(AppliedRow {
            number: row.get("number")?,
            name: row.get("name")?,
            checksum: row.get("checksum")?,
        })
    };
    let rows = transaction.query(SELECT_APPLIED, &[])?;
    rows.iter().map(applied).collect()
}

/// False if another server that started at the same time was faster.
fn migration_apply(
    transaction: &mut Transaction<'_>,
    migration: &Migration,
    applied_at: Timestamp,
) -> Result<bool, StoreError> {
    let checksum = checksum(migration.sql);
    for row in applied_list(transaction)? {
        if row.number == migration.number {
            return check_checksum(&row, &checksum).map(|()| false);
        }
    }
    transaction.execute_schema(migration.sql)?;
    let values =
        [migration.number.into(), migration.name.into(), checksum.into(), Value::from(applied_at)];
    transaction.execute(INSERT_APPLIED, &values)?;
    Ok(true)
}

fn check_order(migrations: &[Migration]) -> Result<(), StoreError> {
    let mut number_before = 0;
    for migration in migrations {
        if migration.number <= number_before {
            return Err(StoreError::Migration {
                number: migration.number,
                name: migration.name.to_owned(),
                problem: format!("its number has to be greater than {number_before}"),
            });
        }
        number_before = migration.number;
    }
    Ok(())
}

/// What is applied has to be the beginning of what the program knows, unchanged.
fn check_applied(migrations: &[Migration], applied: &[AppliedRow]) -> Result<(), StoreError> {
    let number_known_max = migrations.last().map_or(0, |migration| migration.number);
    for (position, row) in applied.iter().enumerate() {
        let refuse = |problem: &str| {
            Err(StoreError::Migration {
                number: row.number,
                name: row.name.clone(),
                problem: problem.to_owned(),
            })
        };
        if row.number > number_known_max {
            return refuse(
                "the database is newer than this program; start the newer program, or restore the \
                 backup made before it migrated",
            );
        }
        match migrations.get(position) {
            Some(migration) if migration.number == row.number => {
                check_checksum(row, &checksum(migration.sql))?;
            }
            _ => {
                return refuse(
                    "it was applied to the database, but the program does not have it or has \
                     another before it that was never applied",
                );
            }
        }
    }
    Ok(())
}

fn check_checksum(row: &AppliedRow, checksum: &str) -> Result<(), StoreError> {
    if row.checksum == checksum {
        return Ok(());
    }
    Err(StoreError::Migration {
        number: row.number,
        name: row.name.clone(),
        problem: "its text was changed after it was applied; write a further migration instead"
            .to_owned(),
    })
}

/// Says which migration failed and all that is known of the cause, except where the caller has to
/// tell the kind of error apart.
fn migration_problem(migration: &Migration, error: StoreError) -> StoreError {
    if matches!(
        error,
        StoreError::Busy | StoreError::Durability { .. } | StoreError::Migration { .. }
    ) {
        return error;
    }
    let mut problem = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(problem, ": {error}");
        cause = error.source();
    }
    StoreError::Migration { number: migration.number, name: migration.name.to_owned(), problem }
}

/// FNV-1a, 64 bits. It guards against an edit by accident and needs no dependency. Carriage returns
/// do not count, because a checkout on Windows may add them.
fn checksum(sql: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in sql.bytes().filter(|byte| *byte != b'\r') {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// PostgreSQL's name, SQLite's name. There are no others, because the waist has no other values.
const TYPES_FOR_SQLITE: [(&str, &str); 10] = [
    ("bigint", "integer"),
    ("boolean", "integer"),
    ("bytea", "blob"),
    ("date", "integer"),
    ("integer", "integer"),
    ("jsonb", "text"),
    ("smallint", "integer"),
    ("text", "text"),
    ("timestamptz", "integer"),
    ("uuid", "blob"),
];

/// Words that begin a constraint of a table where a column could begin.
const CONSTRAINT_WORDS: [&str; 6] =
    ["check", "constraint", "exclude", "foreign", "primary", "unique"];

/// The statements of a migration for SQLite: the type of every column becomes SQLite's own, and
/// every `create table` becomes `strict`, or `strict, without rowid` if the line that closes it
/// carries the comment `-- clustered`. All else, comments included, stays letter by letter.
///
/// The error is a sentence.
pub fn schema_for_sqlite(sql: &str) -> Result<String, String> {
    let mut translation = Translation::default();
    let mut rest = sql;
    while let Some(piece) = Piece::first(rest)? {
        rest = &rest[piece.text.len()..];
        translation.take(piece, rest)?;
    }
    Ok(translation.out)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PieceKind {
    /// A word, or a name in double quotes.
    Word,
    /// A text, a blank, a comment, a number or an operator: nothing that the translation changes.
    Other,
    /// One of `( ) , ;`.
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
struct Piece<'sql> {
    kind: PieceKind,
    text: &'sql str,
}

impl<'sql> Piece<'sql> {
    fn first(sql: &'sql str) -> Result<Option<Piece<'sql>>, String> {
        let Some(first) = sql.chars().next() else {
            return Ok(None);
        };
        let is_word = |char: char| char.is_alphanumeric() || char == '_' || char == '$';
        let (kind, length) = match first {
            '(' | ')' | ',' | ';' => (PieceKind::Mark(first), 1),
            // A doubled quote inside reads as two texts in a row, which changes nothing here.
            '\'' => (PieceKind::Other, length_until(sql, 1, "'", "a text")?),
            '"' => (PieceKind::Word, length_until(sql, 1, "\"", "a quoted name")?),
            '-' if sql.starts_with("--") => (PieceKind::Other, sql.find('\n').unwrap_or(sql.len())),
            '/' if sql.starts_with("/*") => {
                (PieceKind::Other, length_until(sql, 2, "*/", "a comment")?)
            }
            first if is_word(first) => {
                let length = sql.find(|char| !is_word(char)).unwrap_or(sql.len());
                (PieceKind::Word, length)
            }
            first => (PieceKind::Other, first.len_utf8()),
        };
        let text = &sql[..length];
        Ok(Some(Piece { kind, text }))
    }
}

fn length_until(sql: &str, start: usize, end: &str, what: &str) -> Result<usize, String> {
    sql[start..]
        .find(end)
        .map(|position| start + position + end.len())
        .ok_or_else(|| format!("{what} does not end"))
}

/// Where in a column definition the next word stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Position {
    #[default]
    Outside,
    Name,
    Type,
}

#[derive(Default)]
struct Translation {
    out: String,
    depth: usize,
    /// The words of the current statement outside of parentheses, in lower case.
    head: Vec<String>,
    in_table: bool,
    position: Position,
}

impl Translation {
    /// `rest` is what comes after the piece.
    fn take(&mut self, piece: Piece<'_>, rest: &str) -> Result<(), String> {
        match piece.kind {
            PieceKind::Word => return self.take_word(piece.text),
            PieceKind::Other => {}
            PieceKind::Mark('(') => {
                self.depth += 1;
                if self.depth == 1 && self.creates_table() {
                    self.in_table = true;
                    self.position = Position::Name;
                }
            }
            PieceKind::Mark(')') => {
                self.depth = self
                    .depth
                    .checked_sub(1)
                    .ok_or("a parenthesis is closed that was not opened")?;
                if self.depth == 0 && self.in_table {
                    self.in_table = false;
                    self.position = Position::Outside;
                    self.out.push_str(table_end(rest));
                    return Ok(());
                }
            }
            PieceKind::Mark(',') if self.in_table && self.depth == 1 => {
                self.position = Position::Name;
            }
            PieceKind::Mark(';') if self.depth == 0 => {
                self.head.clear();
                self.position = Position::Outside;
            }
            PieceKind::Mark(_) => {}
        }
        self.out.push_str(piece.text);
        Ok(())
    }

    fn take_word(&mut self, word: &str) -> Result<(), String> {
        let lower = word.to_lowercase();
        let mut translated = word;
        match self.position {
            Position::Outside => {}
            // `alter table t add [column] name type`.
            Position::Name if !self.in_table && lower == "column" => {}
            Position::Name if CONSTRAINT_WORDS.contains(&&*lower) => {
                self.position = Position::Outside;
            }
            Position::Name => self.position = Position::Type,
            Position::Type => {
                self.position = Position::Outside;
                translated = type_for_sqlite(&lower)?;
            }
        }
        if self.depth == 0 {
            let adds = lower == "add" && self.head.starts_with(&["alter".into(), "table".into()]);
            self.head.push(lower);
            if adds {
                self.position = Position::Name;
            }
        }
        self.out.push_str(translated);
        Ok(())
    }

    fn creates_table(&self) -> bool {
        let mut words = self.head.iter().map(String::as_str);
        words.next() == Some("create")
            && words.next() == Some("table")
            && !words.any(|word| word == "as")
    }
}

fn type_for_sqlite(name: &str) -> Result<&'static str, String> {
    TYPES_FOR_SQLITE
        .iter()
        .find(|(postgres, _)| *postgres == name)
        .map(|(_, sqlite)| *sqlite)
        .ok_or_else(|| {
            let known: Vec<&str> = TYPES_FOR_SQLITE.iter().map(|(name, _)| *name).collect();
            format!("the type {name} is not one of {}", known.join(", "))
        })
}

fn table_end(rest: &str) -> &'static str {
    let line = rest.lines().next().unwrap_or_default();
    match line.split_once("--") {
        Some((_, comment)) if comment.trim() == "clustered" => ") strict, without rowid",
        _ => ") strict",
    }
}
