//! The narrow waist: the only way to the database, the same over SQLite and PostgreSQL.
//!
//! A store runs closures in transactions and statements in closures. It must never know a table or
//! a noun of the domain, never ask a clock or a die, and never show a driver's type to its callers.
//!
//! Statements are plain lower-case SQL in the subset that both engines understand:
//! - parameters are `$1`, `$2`, …; each number from 1 to n occurs, in any order, as often as needed;
//! - `on conflict`, `returning`, window functions and `with` are in the subset;
//! - `'…'` is a text, `"…"` is a name and never a text, `true` and `false` are bools;
//! - `sum` and `avg` of integers change their type on PostgreSQL: write `cast(sum(x) as bigint)`;
//! - no `now()`, no `random()`: time and chance are parameters;
//! - a unique constraint that the program asks about by name is a `create unique index`.
//!
//! A statement that fails dooms its transaction: later statements are refused and nothing is kept,
//! even if the closure goes on and answers `Ok`. PostgreSQL behaves so, and code that was written
//! against SQLite has to find out there. Use `on conflict do nothing` where a row may be there.
//!
//! Transactions are never nested: a closure uses what it was given, not the store.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub mod citus;
mod error;
pub mod migrate;
pub mod nouns;
mod plain_sqlite;
mod postgres;
mod postgres_error;
mod postgres_lanes;
mod postgres_pool;
mod postgres_values;
mod row;
mod set_based;
mod sqlite;
mod sqlite_error;
mod sqlite_log;
#[cfg(test)]
mod tests;
mod value;

pub use error::{Cause, StoreError};
pub use migrate::Migration;
pub use plain_sqlite::PlainSqlite;
pub use row::{Cell, FromCell, Row};
pub use value::{Json, Typed, Value, ValueType};

/// How often a closure is run before a conflict with another writer is an error. Within each
/// attempt SQLite itself waits for the other writer (see `BUSY_TIMEOUT`), so few are enough.
const ATTEMPTS_MAX: u32 = 3;

/// Where the data is. Only made by `parse`, so that a path that means something else to SQLite
/// than to the operator never reaches it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Location);

#[derive(Clone, PartialEq, Eq)]
enum Location {
    SqliteFile(PathBuf),
    SqliteMemory,
    Postgres(Box<tokio_postgres::Config>),
}

impl DatabaseUrl {
    /// The errors never repeat the address, because it may contain a password.
    pub fn parse(address: &str) -> Result<DatabaseUrl, StoreError> {
        let problem = |problem: &str| Err(StoreError::Url { problem: problem.to_owned() });
        if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            // What the driver says of a wrong address may repeat a part of it.
            return match address.parse::<tokio_postgres::Config>() {
                Ok(config) if config.get_dbname().is_none() => {
                    problem("the database is missing; write `postgres://USER@HOST/DATABASE`")
                }
                Ok(config) if config.get_ssl_mode() == tokio_postgres::config::SslMode::Require => {
                    problem("this build speaks to PostgreSQL without TLS only; leave sslmode out")
                }
                Ok(config) => Ok(DatabaseUrl(Location::Postgres(Box::new(config)))),
                Err(_) => problem("write `postgres://USER:PASSWORD@HOST/DATABASE`"),
            };
        }
        match address.strip_prefix("sqlite:") {
            None => problem("write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`"),
            Some("") => problem("the path is missing; write `sqlite:PATH`"),
            Some(":memory:") => Ok(DatabaseUrl(Location::SqliteMemory)),
            // Elsewhere `sqlite://data.db` is a file here and `sqlite:///data.db` one in the root.
            Some(path) if path.starts_with("//") => {
                problem("write the path right after the colon, without `//`: `sqlite:PATH`")
            }
            Some(path) => Ok(DatabaseUrl(Location::SqliteFile(PathBuf::from(path)))),
        }
    }

    /// A file beside the database; none for a database in memory.
    #[must_use]
    pub fn beside(&self, ending: &str) -> Option<PathBuf> {
        match &self.0 {
            Location::SqliteFile(path) => {
                let mut name = path.clone().into_os_string();
                name.push(ending);
                Some(PathBuf::from(name))
            }
            Location::SqliteMemory | Location::Postgres(_) => None,
        }
    }

    /// Whether what is written there is there after the program has ended.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        !matches!(self.0, Location::SqliteMemory)
    }

    /// Whether something is there already, or would be made by opening it.
    #[must_use]
    pub fn exists(&self) -> bool {
        match &self.0 {
            Location::SqliteFile(path) => path.exists(),
            Location::SqliteMemory => false,
            // Opening it makes nothing: the database has to be there.
            Location::Postgres(_) => true,
        }
    }
}

/// Written by hand, so that whoever adds an address with a password has to decide what is shown.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::SqliteFile(path) => write!(formatter, "sqlite:{}", path.display()),
            Location::SqliteMemory => write!(formatter, "sqlite::memory:"),
            Location::Postgres(config) => {
                let user = config.get_user().unwrap_or_default();
                let database = config.get_dbname().unwrap_or_default();
                write!(formatter, "postgres://{user}@…/{database}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Read,
    Write,
}

/// What `Store` needs of a database. One transaction, one attempt.
trait Engine: Send + Sync {
    /// Begins, runs the work, and commits if it says `Ok(true)`; in every other case, a panic
    /// included, nothing is kept. A conflict is `StoreError::Busy` and means that nothing was kept
    /// either; a commit that failed in any other way is `StoreError::Durability`.
    fn run(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError>;

    /// How many transactions that write go on at the same time.
    fn writers_max(&self) -> usize {
        1
    }

    /// How often a closure is run before a conflict with another writer is an error.
    fn attempts_max(&self) -> u32 {
        ATTEMPTS_MAX
    }

    /// Writes all that is committed at one moment into a new file, while others go on.
    fn back_up(&self, _to: &Path) -> Result<(), StoreError> {
        Err(StoreError::statement("PostgreSQL has its own tools for that: pg_dump", "backup"))
    }

    /// Lets the others go on before the next attempt.
    fn wait_after(&self, _attempts: u32) {}

    /// From now on every transaction that writes keeps to one bucket, and every statement that
    /// looks things up by bucket to one, too.
    fn keep_to_buckets(&self) {}

    /// Runs the work while no other server that asks for the same runs it.
    fn alone(&self, work: &mut dyn FnMut() -> Result<(), StoreError>) -> Result<(), StoreError> {
        work()
    }
}

/// What `Reader` and `Transaction` need of an open transaction. A session in `Mode::Read` refuses
/// statements that write; `query_each` refuses them always.
trait Session {
    fn query_stream(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), StoreError>;

    fn query_each(&mut self, sql: &str, keys: &[Vec<Value>]) -> Result<Vec<Vec<Row>>, StoreError>;

    /// Several statements for many keys. None of them waits for the answer of another.
    fn query_all(&mut self, asks: &[Ask]) -> Result<Vec<Vec<Vec<Row>>>, StoreError> {
        asks.iter().map(|ask| self.query_each(&ask.sql, &ask.keys)).collect()
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;

    fn execute_each(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<Vec<u64>, StoreError>;

    fn load(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), StoreError>;

    /// Like `execute_each`, done by the commit at the latest.
    fn post_each(&mut self, post: Post) -> Result<(), StoreError> {
        let affected = self.execute_each(post.sql, &post.rows)?;
        post.missing.check(&affected)
    }

    /// Statements of a migration, written with PostgreSQL's type names.
    fn execute_schema(&mut self, sql: &str) -> Result<(), StoreError>;
}

/// A statement that only reads, and the keys that it is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    pub sql: Cow<'static, str>,
    pub keys: Vec<Vec<Value>>,
}

/// Rows to be written, whose answer nobody waits for.
#[derive(Debug)]
struct Post {
    sql: &'static str,
    rows: Vec<Vec<Value>>,
    missing: Missing,
}

/// What a posted row means that touched nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It was there, or gone, already.
    IsFine,
    /// Somebody else was faster: all is read and decided again.
    IsConflict,
}

impl Missing {
    fn check(self, affected: &[u64]) -> Result<(), StoreError> {
        match self {
            Self::IsConflict if affected.contains(&0) => Err(StoreError::Busy),
            _ => Ok(()),
        }
    }
}

/// A handle to the database; clones share it.
#[derive(Clone)]
pub struct Store {
    url: DatabaseUrl,
    engine: Arc<dyn Engine>,
    writes_left: Arc<AtomicU64>,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Store").field(&self.url).finish()
    }
}

impl Store {
    pub fn open(url: &DatabaseUrl) -> Result<Store, StoreError> {
        let engine: Arc<dyn Engine> = match &url.0 {
            Location::SqliteFile(path) => Arc::new(sqlite::Sqlite::open_file(path)?),
            Location::SqliteMemory => Arc::new(sqlite::Sqlite::open_memory()?),
            Location::Postgres(config) => Arc::new(postgres::Postgres::open(config)?),
        };
        Ok(Store { url: url.clone(), engine, writes_left: Arc::new(AtomicU64::new(u64::MAX)) })
    }

    /// Whether several servers may write to the database at once.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.url.0, Location::Postgres(_))
    }

    /// Lets every transaction that writes touch one bucket only. One that would touch two is
    /// refused, and statements are put so that a machine that holds the bucket can run them alone.
    pub fn keep_to_buckets(&self) {
        self.engine.keep_to_buckets();
    }

    /// Refuses every transaction that writes after so many more were kept, as if the process had
    /// ended there. For tests of what is left then.
    pub fn end_after(&self, writes: u64) {
        self.writes_left.store(writes, Ordering::Relaxed);
    }

    /// How many threads are worth having for writes that have nothing to do with each other.
    #[must_use]
    pub fn writers_max(&self) -> usize {
        self.engine.writers_max()
    }

    /// Writes a copy of the whole database, as it is at one moment, into a file that is not there
    /// yet. Neither readers nor the writer wait for it. It is not brought to the disk.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        self.engine.back_up(to)
    }

    fn alone(&self, mut work: impl FnMut() -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.engine.alone(&mut work)
    }

    /// Runs the closure over one snapshot: what others write meanwhile is not seen. The closure
    /// may run again after a conflict, so it must not do anything but read.
    pub fn read<T, E: From<StoreError>>(
        &self,
        mut work: impl FnMut(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.answer(Mode::Read, |transaction| work(&mut transaction.reader))
    }

    /// Runs the closure in a transaction that is kept if it answers `Ok`, and of which nothing is
    /// kept if it answers `Err` or panics. After a conflict the closure runs again, so what it
    /// does beside its statements must be harmless to do twice.
    ///
    /// After `StoreError::Durability` the server has to stop: see there.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let left = |left: u64| left.checked_sub(1);
        if self.writes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_err() {
            return Err(E::from(StoreError::statement("nothing more is to be kept", "begin")));
        }
        self.answer(Mode::Write, work)
    }

    /// Carries the closure's answer around the engine, which knows nothing of its type.
    fn answer<T, E: From<StoreError>>(
        &self,
        mode: Mode,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut answer = None;
        self.attempt(mode, &mut |transaction| {
            let result = work(transaction);
            let keep = result.is_ok();
            answer = Some(result);
            keep
        })?;
        answer.unwrap_or_else(|| {
            Err(E::from(StoreError::statement("the engine did not run the transaction", "")))
        })
    }

    fn attempt(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Transaction<'_>) -> bool,
    ) -> Result<(), StoreError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let ended = self.engine.run(mode, &mut |session| {
                let mut transaction = Transaction { reader: Reader { session, failure: None } };
                let keep = work(&mut transaction);
                transaction.reader.verdict(keep)
            });
            match ended {
                Err(StoreError::Busy) if attempts < self.engine.attempts_max() => {
                    self.engine.wait_after(attempts);
                }
                ended => return ended,
            }
        }
    }
}

/// The first statement of a transaction that failed.
#[derive(Debug)]
struct Failure {
    kind: FailureKind,
    statement: String,
}

#[derive(Clone, Copy, Debug)]
enum FailureKind {
    Conflict,
    Durability,
    Statement,
}

/// One snapshot of the database. Code that holds only a reader cannot write.
pub struct Reader<'session> {
    session: &'session mut dyn Session,
    failure: Option<Failure>,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader<'_> {
    /// All rows. For a result without a bound of its own use `query_stream`.
    pub fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        self.run(sql, |session| {
            session.query_stream(sql, values, &mut |row| {
                rows.push(row);
                true
            })
        })?;
        Ok(rows)
    }

    /// The row, or none. More than one is an error.
    pub fn query_optional(
        &mut self,
        sql: &str,
        values: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        let mut rows = self.query(sql, values)?;
        let row = rows.pop();
        if rows.is_empty() { Ok(row) } else { Err(StoreError::statement("more than one row", sql)) }
    }

    /// The row. None or more than one is an error.
    pub fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Row, StoreError> {
        self.query_optional(sql, values)?.ok_or_else(|| StoreError::statement("no row", sql))
    }

    /// Runs one statement that only reads for every key, and answers in the order of the keys.
    /// All keys have the same number of values, of the same types.
    ///
    /// SQLite loops over one prepared statement, which costs it next to nothing. PostgreSQL is
    /// asked once: the waist rewrites the statement to `unnest(…) cross join lateral (…)`.
    /// So the order of the rows of one key is the statement's own `order by` or unknown.
    pub fn query_each(
        &mut self,
        sql: &str,
        keys: &[Vec<Value>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.run(sql, |session| session.query_each(sql, keys))
    }

    /// Runs several statements as `query_each` does, and answers in their order. PostgreSQL is
    /// asked all of them at once, so that they cost one way to it and back.
    pub fn query_all(&mut self, asks: &[Ask]) -> Result<Vec<Vec<Vec<Row>>>, StoreError> {
        let named = asks.first().map_or("", |ask| ask.sql.as_ref());
        self.run(named, |session| session.query_all(asks))
    }

    /// Hands over row by row, for scans too large to collect, until the closure answers `false` or
    /// fails.
    pub fn query_stream<E: From<StoreError>>(
        &mut self,
        sql: &str,
        values: &[Value],
        mut each: impl FnMut(Row) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut failure = None;
        self.run(sql, |session| {
            session.query_stream(sql, values, &mut |row| match each(row) {
                Ok(go_on) => go_on,
                Err(error) => {
                    failure = Some(error);
                    false
                }
            })
        })?;
        failure.map_or(Ok(()), Err)
    }

    /// The one door to the session: refuses statements after a failed one, and notes a failure.
    fn run<T>(
        &mut self,
        sql: &str,
        statement: impl FnOnce(&mut dyn Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.failure.is_some() {
            return Err(StoreError::statement(
                "an earlier statement of this transaction failed, so no other is run",
                sql,
            ));
        }
        let result = statement(self.session);
        if let Err(error) = &result {
            self.failure = Some(Failure {
                kind: match error {
                    StoreError::Busy => FailureKind::Conflict,
                    StoreError::Durability { .. } => FailureKind::Durability,
                    _ => FailureKind::Statement,
                },
                statement: sql.to_owned(),
            });
        }
        result
    }

    /// Whether the transaction is kept. A conflict and a loss of durability are reported even when
    /// the closure turned them into an error of its own, because the store has to act on them.
    fn verdict(self, keep: bool) -> Result<bool, StoreError> {
        let Some(failure) = self.failure else {
            return Ok(keep);
        };
        match failure.kind {
            FailureKind::Conflict => Err(StoreError::Busy),
            FailureKind::Durability => Err(StoreError::Durability {
                source: format!("reported while running: {}", failure.statement).into(),
            }),
            FailureKind::Statement if keep => Err(StoreError::statement(
                "a statement failed, so nothing is kept although the closure went on",
                &failure.statement,
            )),
            FailureKind::Statement => Ok(false),
        }
    }
}

/// A transaction that may write, and that reads what it wrote: it has all methods of `Reader`.
#[derive(Debug)]
pub struct Transaction<'session> {
    reader: Reader<'session>,
}

impl<'session> Deref for Transaction<'session> {
    type Target = Reader<'session>;

    fn deref(&self) -> &Reader<'session> {
        &self.reader
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl Transaction<'_> {
    /// Runs an insert, update or delete without `returning` (with it, use `query`) and answers how
    /// many rows it affected.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.reader.run(sql, |session| session.execute(sql, values))
    }

    /// Runs one statement for every row of values, and answers how many rows each of them affected.
    ///
    /// SQLite loops over one prepared statement. PostgreSQL is given one statement for all
    /// rows, so only these forms are allowed, without `returning`:
    /// `insert into … values ($1, …, $n) [on conflict …]`, and `update` or `delete` by key. All
    /// rows have the same number of values, of the same types, and no two rows of one call may
    /// touch the same row with `on conflict do update`, `update` or `delete`.
    pub fn execute_each(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<Vec<u64>, StoreError> {
        self.reader.run(sql, |session| session.execute_each(sql, rows))
    }

    /// Inserts very many rows, all of them new: where one is there already, the transaction fails
    /// with `StoreError::Unique`. Only `insert into … (…) values ($1, …, $n)` is allowed.
    ///
    /// SQLite loops over one prepared statement. PostgreSQL is given the rows with `copy`, which
    /// costs it about half of what an insert does. Both are kindest to rows in the order of their
    /// key.
    pub fn load(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        self.reader.run(sql, |session| session.load(sql, rows))
    }

    /// Runs a statement as `execute_each` does, before the next statement that is not posted and
    /// before the commit, which fail if it fails. SQLite runs it at once; PostgreSQL is given all
    /// that was posted together, so that it costs one way to it and back.
    pub fn post_each(
        &mut self,
        sql: &'static str,
        rows: Vec<Vec<Value>>,
        missing: Missing,
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.reader.run(sql, |session| session.post_each(Post { sql, rows, missing }))
    }

    /// Only for migrations.
    fn execute_schema(&mut self, sql: &str) -> Result<(), StoreError> {
        // Errors name the migration instead of repeating the whole of it.
        self.reader.run("a migration", |session| session.execute_schema(sql))
    }
}
