//! The waist over SQLite: one writer, many readers, nothing lost after a commit.
//!
//! Every write begins `immediate`, because a transaction that reads first and writes later fails
//! at once when somebody else wrote in between, and no timeout helps. Reads have connections of
//! their own and never wait for the writer. A database in memory belongs to one connection, so its
//! reads go through the writer, one at a time.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Batch, CachedStatement, Connection, OpenFlags, ToSql};

use super::error::StoreError;
use super::row::{Cell, Columns, Row};
use super::sqlite_error::{preparing_problem, problem};
use super::sqlite_log::LogKeeper;
use super::value::{Value, days_from_date, microseconds_from_timestamp};
use super::{Engine, Mode, Session, migrate};

/// How long SQLite waits for a writer in another process, such as a backup or a command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const READERS_MAX: usize = 8;
/// More than the program has statements on its hot paths, so that none is prepared twice.
const STATEMENTS_CACHED_MAX: usize = 128;
const WRITER_CACHE_KIBIBYTES: u32 = 64 * 1024;
const READER_CACHE_KIBIBYTES: u32 = 16 * 1024;
/// Readers share these pages with the operating system instead of copying them.
const MAPPED_BYTES_MAX: u32 = 256 * 1024 * 1024;

pub(super) struct Sqlite {
    writer: Mutex<Connection>,
    /// Who is in the writer now, so that a nested transaction is an error and not a deadlock.
    writer_holder: Mutex<Option<ThreadId>>,
    /// None for a database in memory.
    readers: Option<ReaderPool>,
    /// Set when a commit or a flush failed, and never unset: see `StoreError::Durability`.
    durability_lost: Arc<AtomicBool>,
    /// None for a database in memory. After the others, because it waits until they are closed.
    _log_keeper: Option<LogKeeper>,
}

impl Sqlite {
    pub(super) fn open_file(path: &Path) -> Result<Sqlite, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_CREATE;
        let mut writer = open(path, flags, WRITER_CACHE_KIBIBYTES, "wal")?;
        let beside = open(path, OpenFlags::empty(), READER_CACHE_KIBIBYTES, "wal")?;
        let durability_lost = Arc::default();
        let keeper = LogKeeper::start(path, beside, &mut writer, Arc::clone(&durability_lost))?;
        Ok(Sqlite::over(writer, Some((ReaderPool::new(path), keeper)), durability_lost))
    }

    pub(super) fn open_memory() -> Result<Sqlite, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_CREATE;
        let path = Path::new(":memory:");
        let writer = open(path, flags, WRITER_CACHE_KIBIBYTES, "memory")?;
        Ok(Sqlite::over(writer, None, Arc::default()))
    }

    fn over(
        writer: Connection,
        of_file: Option<(ReaderPool, LogKeeper)>,
        durability_lost: Arc<AtomicBool>,
    ) -> Sqlite {
        let (readers, log_keeper) = of_file.unzip();
        Sqlite {
            writer: Mutex::new(writer),
            writer_holder: Mutex::new(None),
            readers,
            durability_lost,
            _log_keeper: log_keeper,
        }
    }
}

impl Engine for Sqlite {
    fn run(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        if let (Mode::Read, Some(readers)) = (mode, &self.readers) {
            let lease = readers.lease()?;
            return run_transaction(lease.connection()?, mode, work);
        }
        if mode == Mode::Write && self.durability_lost.load(Ordering::Acquire) {
            return Err(StoreError::Durability {
                source: "an earlier commit or flush failed".into(),
            });
        }
        let turn = WriterTurn::take(&self.writer_holder, &self.writer)?;
        let ended = run_transaction(&turn.connection, mode, work);
        if matches!(ended, Err(StoreError::Durability { .. })) {
            self.durability_lost.store(true, Ordering::Release);
        }
        ended
    }

    fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        let statement = "vacuum into $1";
        let Some(readers) = &self.readers else {
            return Err(StoreError::statement("a database in memory has no copy", statement));
        };
        let lease = readers.lease()?;
        let connection = lease.connection()?;
        let done = connection.execute(statement, [to.display().to_string()]);
        done.map_err(|error| problem(Some(connection), Mode::Read, error, statement))?;
        Ok(())
    }
}

/// A poisoned lock only says that a closure panicked; its transaction was rolled back on the way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct WriterTurn<'store> {
    holder: &'store Mutex<Option<ThreadId>>,
    connection: MutexGuard<'store, Connection>,
}

impl<'store> WriterTurn<'store> {
    fn take(
        holder: &'store Mutex<Option<ThreadId>>,
        writer: &'store Mutex<Connection>,
    ) -> Result<WriterTurn<'store>, StoreError> {
        let this_thread = thread::current().id();
        if *lock(holder) == Some(this_thread) {
            return Err(StoreError::statement(
                "a transaction was begun inside another; use the one that the closure was given",
                "begin",
            ));
        }
        let connection = lock(writer);
        *lock(holder) = Some(this_thread);
        Ok(WriterTurn { holder, connection })
    }
}

impl Drop for WriterTurn<'_> {
    fn drop(&mut self) {
        // The connection is released after this, as a field; nobody else is in between.
        *lock(self.holder) = None;
    }
}

struct ReaderPool {
    path: Box<Path>,
    state: Mutex<ReaderPoolState>,
    returned: Condvar,
}

#[derive(Default)]
struct ReaderPoolState {
    idle: Vec<Connection>,
    /// Idle or lent.
    open_count: usize,
}

impl ReaderPool {
    fn new(path: &Path) -> ReaderPool {
        ReaderPool { path: path.into(), state: Mutex::default(), returned: Condvar::new() }
    }

    fn lease(&self) -> Result<ReaderLease<'_>, StoreError> {
        let mut state = lock(&self.state);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(ReaderLease { pool: self, connection: Some(connection) });
            }
            if state.open_count < READERS_MAX {
                break;
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // Opening takes a while, so the place is taken first and the others are not kept waiting.
        // If opening fails, dropping the lease gives the place back.
        state.open_count += 1;
        drop(state);
        let mut lease = ReaderLease { pool: self, connection: None };
        let flags = OpenFlags::empty();
        lease.connection = Some(open(&self.path, flags, READER_CACHE_KIBIBYTES, "wal")?);
        Ok(lease)
    }
}

struct ReaderLease<'pool> {
    pool: &'pool ReaderPool,
    connection: Option<Connection>,
}

impl ReaderLease<'_> {
    fn connection(&self) -> Result<&Connection, StoreError> {
        self.connection
            .as_ref()
            .ok_or_else(|| StoreError::statement("the lease has no connection", "begin"))
    }
}

impl Drop for ReaderLease<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.pool.state);
        match self.connection.take() {
            // A connection whose transaction could not be ended would show its snapshot for ever.
            Some(connection) if connection.is_autocommit() => state.idle.push(connection),
            _ => state.open_count -= 1,
        }
        self.pool.returned.notify_one();
    }
}

fn open(
    path: &Path,
    flags: OpenFlags,
    cache_kibibytes: u32,
    journal_mode_expected: &str,
) -> Result<Connection, StoreError> {
    let open_problem = |source: StoreError| StoreError::Open {
        path: path.display().to_string(),
        source: source.into(),
    };
    // Without `URI`, a path that begins with `file:` is a path. Without SQLite's own mutex, because
    // a connection is used by one thread at a time here anyway.
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| open_problem(problem(None, Mode::Read, error, "open")))?;
    configure(&connection, cache_kibibytes, journal_mode_expected).map_err(open_problem)?;
    Ok(connection)
}

fn configure(
    connection: &Connection,
    cache_kibibytes: u32,
    journal_mode_expected: &str,
) -> Result<(), StoreError> {
    let settings = format!(
        "pragma synchronous = full;
         pragma fullfsync = on;
         pragma checkpoint_fullfsync = on;
         pragma foreign_keys = on;
         pragma cache_size = -{cache_kibibytes};
         pragma mmap_size = {MAPPED_BYTES_MAX};"
    );
    let journal = "pragma journal_mode = wal";
    let refused = |statement| move |error| problem(Some(connection), Mode::Read, error, statement);
    // First, because switching to the write-ahead log may already meet another process.
    connection.busy_timeout(BUSY_TIMEOUT).map_err(refused("busy_timeout"))?;
    let journal_mode: String =
        connection.query_row(journal, [], |row| row.get(0)).map_err(refused(journal))?;
    if journal_mode != journal_mode_expected {
        return Err(StoreError::statement(
            format!("the file system allows only the journal mode {journal_mode}"),
            journal,
        ));
    }
    // `fullfsync` matters on macOS only, where a plain flush stops at the cache of the disk.
    connection.execute_batch(&settings).map_err(refused("pragma"))?;
    // A misspelt name in double quotes would otherwise silently be a text, unlike in PostgreSQL.
    for config in [DbConfig::SQLITE_DBCONFIG_DQS_DML, DbConfig::SQLITE_DBCONFIG_DQS_DDL] {
        connection.set_db_config(config, false).map_err(refused("config"))?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
    Ok(())
}

fn run_transaction(
    connection: &Connection,
    mode: Mode,
    work: &mut dyn FnMut(&mut dyn Session) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let open = OpenTransaction::begin(connection, mode)?;
    let keep = work(&mut SqliteSession { connection, mode })?;
    if keep {
        open.commit()
    } else {
        // Dropping rolls back.
        Ok(())
    }
}

/// Rolls back when dropped, so that a panic in a closure leaves nothing behind.
struct OpenTransaction<'connection> {
    connection: &'connection Connection,
    mode: Mode,
}

impl<'connection> OpenTransaction<'connection> {
    fn begin(
        connection: &'connection Connection,
        mode: Mode,
    ) -> Result<OpenTransaction<'connection>, StoreError> {
        let begin = match mode {
            Mode::Read => "begin deferred",
            Mode::Write => "begin immediate",
        };
        control(connection, begin)
            .map_err(|error| problem(Some(connection), Mode::Read, error, begin))?;
        Ok(OpenTransaction { connection, mode })
    }

    fn commit(self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            return Err(transaction_over("commit"));
        }
        let Err(error) = control(self.connection, "commit") else {
            return Ok(());
        };
        match problem(Some(self.connection), self.mode, error, "commit") {
            // Nothing was written yet in these cases, and the transaction can be rolled back.
            told @ (StoreError::Busy | StoreError::ForeignKey) => Err(told),
            told if self.mode == Mode::Read => Err(told),
            told @ StoreError::Durability { .. } => Err(told),
            told => Err(StoreError::Durability { source: told.into() }),
        }
    }
}

impl Drop for OpenTransaction<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // If this fails, the writer's next `begin` fails and says so, and a reader's connection
            // is not lent again: nothing can be kept by mistake, and there is no one to tell here.
            drop(control(self.connection, "rollback"));
        }
    }
}

fn control(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

/// Some errors, such as a full disk, make SQLite roll back by itself. What would come after that
/// would be committed statement by statement, so it must not be run.
fn transaction_over(sql: &str) -> StoreError {
    StoreError::statement("the transaction has already ended", sql)
}

struct SqliteSession<'connection> {
    connection: &'connection Connection,
    mode: Mode,
}

/// A statement, and for each of its parameters the place in the values. SQLite takes `$2` for a
/// name and numbers names as they appear, so `$2` may well be its first parameter.
struct Prepared<'connection> {
    statement: CachedStatement<'connection>,
    places: Vec<usize>,
}

impl SqliteSession<'_> {
    fn problem(&self, error: rusqlite::Error, sql: &str) -> StoreError {
        problem(Some(self.connection), self.mode, error, sql)
    }

    fn prepare(&self, sql: &str, allowed: Mode) -> Result<Prepared<'_>, StoreError> {
        if self.connection.is_autocommit() {
            return Err(transaction_over(sql));
        }
        let statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| preparing_problem(self.connection, self.mode, error, sql))?;
        if allowed == Mode::Read && !statement.readonly() {
            return Err(StoreError::statement("only a statement that reads may run here", sql));
        }
        let count = statement.parameter_count();
        let mut places = Vec::with_capacity(count);
        for position in 1..=count {
            let place = statement
                .parameter_name(position)
                .and_then(|name| name.strip_prefix('$')?.parse().ok())
                .filter(|number| (1..=count).contains(number))
                .ok_or_else(|| {
                    StoreError::statement("the parameters must be $1 to $n, without a gap", sql)
                })?;
            places.push(place - 1);
        }
        Ok(Prepared { statement, places })
    }

    fn bind(
        &self,
        prepared: &mut Prepared<'_>,
        values: &[Value],
        sql: &str,
    ) -> Result<(), StoreError> {
        if values.len() != prepared.places.len() {
            let (given, taken) = (values.len(), prepared.places.len());
            let problem = format!("{given} values for {taken} parameters");
            return Err(StoreError::statement(problem, sql));
        }
        for (position, place) in prepared.places.iter().enumerate() {
            let Some(value) = values.get(*place) else {
                return Err(StoreError::statement("a parameter without a value", sql));
            };
            if has_nul(value) {
                return Err(StoreError::statement("a text value contains U+0000", sql));
            }
            prepared
                .statement
                .raw_bind_parameter(position + 1, Bound(value))
                .map_err(|error| self.problem(error, sql))?;
        }
        Ok(())
    }

    fn fetch(
        &self,
        prepared: &mut Prepared<'_>,
        sql: &str,
        columns: &mut Option<Arc<Columns>>,
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = prepared.statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| self.problem(error, sql))? {
            // Only once there is a row, because a first step may prepare the statement anew.
            let columns = columns.get_or_insert_with(|| {
                let statement: &rusqlite::Statement<'_> = row.as_ref();
                Arc::new(Columns {
                    names: statement.column_names().map(Box::from).collect(),
                    statement: sql.into(),
                })
            });
            let mut cells = Vec::with_capacity(columns.names.len());
            for position in 0..columns.names.len() {
                let cell = row.get_ref(position).map_err(|error| self.problem(error, sql))?;
                cells.push(cell_from_sqlite(cell));
            }
            if !each(Row::new(Arc::clone(columns), cells)) {
                break;
            }
        }
        Ok(())
    }

    fn execute_bound(&self, prepared: &mut Prepared<'_>, sql: &str) -> Result<u64, StoreError> {
        let affected =
            prepared.statement.raw_execute().map_err(|error| self.problem(error, sql))?;
        Ok(affected as u64)
    }
}

impl Session for SqliteSession<'_> {
    fn query_stream(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), StoreError> {
        let mut prepared = self.prepare(sql, self.mode)?;
        self.bind(&mut prepared, values, sql)?;
        self.fetch(&mut prepared, sql, &mut None, each)
    }

    fn query_each(&mut self, sql: &str, keys: &[Vec<Value>]) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut prepared = self.prepare(sql, Mode::Read)?;
        let mut columns = None;
        let mut answers = Vec::with_capacity(keys.len());
        for values in keys {
            self.bind(&mut prepared, values, sql)?;
            let mut rows = Vec::new();
            self.fetch(&mut prepared, sql, &mut columns, &mut |row| {
                rows.push(row);
                true
            })?;
            answers.push(rows);
        }
        Ok(answers)
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut prepared = self.prepare(sql, self.mode)?;
        self.bind(&mut prepared, values, sql)?;
        self.execute_bound(&mut prepared, sql)
    }

    fn execute_each(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<Vec<u64>, StoreError> {
        let mut prepared = self.prepare(sql, self.mode)?;
        let mut affected = Vec::with_capacity(rows.len());
        for values in rows {
            self.bind(&mut prepared, values, sql)?;
            affected.push(self.execute_bound(&mut prepared, sql)?);
        }
        Ok(affected)
    }

    fn load(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        // What PostgreSQL could not be told is refused here, too.
        super::set_based::copy_of(sql).map_err(|problem| StoreError::statement(problem, sql))?;
        let mut prepared = self.prepare(sql, self.mode)?;
        for values in rows {
            self.bind(&mut prepared, values, sql)?;
            self.execute_bound(&mut prepared, sql)?;
        }
        Ok(())
    }

    fn execute_schema(&mut self, sql: &str) -> Result<(), StoreError> {
        let name = "a migration";
        if self.connection.is_autocommit() {
            return Err(transaction_over(name));
        }
        // What only SQLite is told stands in comments, which PostgreSQL passes over.
        let sql = migrate::schema_for_sqlite(&sql.replace("-- sqlite: ", ""))
            .map_err(|problem| StoreError::statement(problem, name))?;
        let mut statements = Batch::new(self.connection, &sql);
        while let Some(mut statement) = statements
            .next()
            .map_err(|error| preparing_problem(self.connection, self.mode, error, name))?
        {
            statement.raw_execute().map_err(|error| self.problem(error, name))?;
        }
        Ok(())
    }
}

/// PostgreSQL has no text with this character, so no engine may take one.
pub(super) fn has_nul(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains('\0'),
        Value::Json(text) => text.contains('\0'),
        _ => false,
    }
}

pub(super) struct Bound<'value>(pub(super) &'value Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null(_) => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bool(value) => ValueRef::Integer(i64::from(*value)),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Uuid(uuid) => ValueRef::Blob(uuid.as_bytes()),
            Value::Timestamp(timestamp) => {
                ValueRef::Integer(microseconds_from_timestamp(*timestamp))
            }
            Value::Date(date) => ValueRef::Integer(days_from_date(*date)),
            Value::Json(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

pub(super) fn cell_from_sqlite(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        ValueRef::Text(bytes) => {
            str::from_utf8(bytes).map_or(Cell::Foreign, |text| Cell::Text(text.into()))
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => Cell::Foreign,
    }
}
