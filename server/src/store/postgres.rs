//! The waist over PostgreSQL: many writers, native types, one statement for many rows.
//!
//! Every transaction is `repeatable read`: what it read is what it was decided on, and a row that
//! somebody else changed meanwhile is a conflict and never overwritten; the store runs the closure
//! again then.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures_util::future::{join, join_all};
use futures_util::{StreamExt as _, TryStreamExt as _, pin_mut};
use pollster::block_on;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::{Client, Config, Statement};

use super::error::StoreError;
use super::postgres_error::problem;
use super::postgres_lanes::BucketSession;
use super::postgres_pool::{CONNECTIONS_MAX, Connection, Pool, lock};
use super::postgres_values::{Bound, cell_of};
use super::row::{Cell, Columns, Row};
use super::set_based::{self, COLUMNS_ADDED, SetBased, ToldBy};
use super::value::Value;
use super::{Ask, Engine, Mode, Post, Session, migrate};

/// Held while the schema is changed, so that servers that start together take turns. Any number
/// does that no other program uses on the same database.
const SCHEMA_LOCK: i64 = 0x5359_4d42;
/// A conflict is told at once and not waited for, so there are more attempts than on SQLite.
const ATTEMPTS_MAX: u32 = 30;

pub(super) struct Postgres {
    pool: Pool,
    /// Who writes now, so that a transaction inside another is an error here, too.
    writers: Mutex<HashSet<ThreadId>>,
    /// Whether transactions keep to one bucket; see `postgres_lanes`.
    by_bucket: AtomicBool,
}

/// A statement that the server knows, and what its rows are called.
pub(super) struct Prepared {
    statement: Statement,
    pub(super) columns: Arc<Columns>,
    pub(super) told_by: Option<ToldBy>,
}

impl Postgres {
    /// Opens one connection, so that a wrong address is told at once.
    pub(super) fn open(config: &Config) -> Result<Postgres, StoreError> {
        let pool = Pool::open(config)?;
        Ok(Postgres { pool, writers: Mutex::default(), by_bucket: AtomicBool::new(false) })
    }
}

impl Engine for Postgres {
    fn run(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let _turn = match mode {
            Mode::Write => Some(WriterTurn::take(&self.writers)?),
            Mode::Read => None,
        };
        let mut lease = self.pool.lease()?;
        let connection = lease.connection()?;
        let begin = match mode {
            Mode::Read => "begin isolation level repeatable read read only",
            Mode::Write => "begin isolation level repeatable read",
        };
        let mut open = OpenTransaction { connection, is_begun: false, is_over: false };
        let mut session = PostgresSession { open: &mut open, begin, posted: Vec::new() };
        let keep = if self.by_bucket.load(Ordering::Relaxed) {
            work(&mut BucketSession::new(session))?
        } else {
            let keep = work(&mut session)?;
            if keep {
                session.send_posted()?;
            }
            keep
        };
        open.end(keep)
    }

    fn writers_max(&self) -> usize {
        thread::available_parallelism().map_or(1, usize::from).min(CONNECTIONS_MAX / 2)
    }

    fn keep_to_buckets(&self) {
        self.by_bucket.store(true, Ordering::Relaxed);
    }

    fn attempts_max(&self) -> u32 {
        ATTEMPTS_MAX
    }

    fn wait_after(&self, attempts: u32) {
        // Longer each time, and not the same for two threads that met.
        let number = lock(&self.writers).len() as u64 + u64::from(attempts);
        let most = Duration::from_millis(number.min(u64::from(ATTEMPTS_MAX)));
        self.pool.wait_returned(most);
    }

    fn alone(&self, work: &mut dyn FnMut() -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut lease = self.pool.lease()?;
        let connection = lease.connection()?;
        control(connection, &format!("select pg_advisory_lock({SCHEMA_LOCK})"))?;
        let done = work();
        control(connection, &format!("select pg_advisory_unlock({SCHEMA_LOCK})"))?;
        done
    }
}

fn control(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    block_on(connection.client.batch_execute(sql)).map_err(|error| problem(&error, sql))
}

/// A thread's turn to write.
struct WriterTurn<'store>(&'store Mutex<HashSet<ThreadId>>);

impl<'store> WriterTurn<'store> {
    fn take(writers: &'store Mutex<HashSet<ThreadId>>) -> Result<Self, StoreError> {
        if lock(writers).insert(thread::current().id()) {
            Ok(Self(writers))
        } else {
            Err(StoreError::statement("a transaction was begun inside another", "begin"))
        }
    }
}

impl Drop for WriterTurn<'_> {
    fn drop(&mut self) {
        lock(self.0).remove(&thread::current().id());
    }
}

/// Rolls back when dropped, so that a panic in a closure leaves nothing behind.
struct OpenTransaction<'connection> {
    connection: &'connection mut Connection,
    /// It begins with its first statement, on the same way.
    is_begun: bool,
    is_over: bool,
}

impl OpenTransaction<'_> {
    fn end(mut self, keep: bool) -> Result<(), StoreError> {
        if !keep || !self.is_begun {
            // Dropping rolls back, where there is anything to roll back.
            return Ok(());
        }
        self.is_over = true;
        let Err(error) = block_on(self.connection.client.batch_execute("commit")) else {
            return Ok(());
        };
        match problem(&error, "commit") {
            // The server said no: nothing is kept.
            told if error.code().is_some() => Err(told),
            // Nobody said anything: the connection broke, and only asking again can tell.
            told => Err(StoreError::Unsure { source: told.into() }),
        }
    }
}

impl Drop for OpenTransaction<'_> {
    fn drop(&mut self) {
        if self.is_begun && !self.is_over {
            // If this fails the connection is closed, and is not lent again.
            drop(control(self.connection, "rollback"));
        }
    }
}

pub(super) struct PostgresSession<'open, 'connection> {
    open: &'open mut OpenTransaction<'connection>,
    begin: &'static str,
    posted: Vec<Post>,
}

impl PostgresSession<'_, '_> {
    fn client(&self) -> &Client {
        &self.open.connection.client
    }

    /// Begins, and sends what was posted, before a statement that is waited for.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        if self.posted.is_empty() {
            return self.ensure_begun();
        }
        self.send_posted()
    }

    fn ensure_begun(&mut self) -> Result<(), StoreError> {
        if !self.open.is_begun {
            self.open.is_begun = true;
            control(self.open.connection, self.begin)?;
        }
        Ok(())
    }

    /// Sends all that was posted at once, and waits for all of it.
    fn send_posted(&mut self) -> Result<(), StoreError> {
        let posted = std::mem::take(&mut self.posted);
        if posted.is_empty() {
            return Ok(());
        }
        self.ensure_begun()?;
        let mut prepared = Vec::with_capacity(posted.len());
        for post in &posted {
            prepared.push(self.prepare_rows(post.sql, &post.rows)?);
        }
        let this = &*self;
        let all = posted.iter().zip(&prepared);
        let sent = all.map(|(post, prepared)| this.affect(prepared, &post.rows, post.sql));
        // The first error is the cause; those after it only say that the transaction has failed.
        for (post, affected) in posted.iter().zip(block_on(join_all(sent))) {
            post.missing.check(&affected?)?;
        }
        Ok(())
    }

    fn prepare_rows(
        &mut self,
        sql: &str,
        rows: &[Vec<Value>],
    ) -> Result<Arc<Prepared>, StoreError> {
        let prepared = self.prepare_set(sql, |sql, types| {
            set_based::execute_each(sql, types).map(|set| (set, 0))
        })?;
        for values in rows {
            check_values(&prepared, values, sql)?;
        }
        Ok(prepared)
    }

    fn prepare_keys(
        &mut self,
        sql: &str,
        keys: &[Vec<Value>],
    ) -> Result<Arc<Prepared>, StoreError> {
        let prepared = self.prepare_set(sql, |sql, types| {
            let sql = set_based::select_each(sql, types)?;
            Ok((SetBased { sql, told_by: ToldBy::Place }, COLUMNS_ADDED))
        })?;
        for values in keys {
            check_values(&prepared, values, sql)?;
        }
        Ok(prepared)
    }

    /// The rows of each key.
    async fn ask(
        &self,
        prepared: &Prepared,
        keys: &[Vec<Value>],
        sql: &str,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut answers = vec![Vec::new(); keys.len()];
        let parameters = transposed(keys, keys.first().map_or(0, Vec::len));
        self.stream(prepared, parameters, sql, &mut |row| {
            let place: i64 = row.try_get(0).map_err(|error| problem(&error, sql))?;
            let place = usize::try_from(place - 1).ok().and_then(|place| answers.get_mut(place));
            let answer =
                place.ok_or_else(|| StoreError::statement("a place without a key", sql))?;
            answer.push(row_of(&row, &prepared.columns, COLUMNS_ADDED)?);
            Ok(true)
        })
        .await?;
        Ok(answers)
    }

    /// How many rows each row of values touched.
    async fn affect(
        &self,
        prepared: &Prepared,
        rows: &[Vec<Value>],
        sql: &str,
    ) -> Result<Vec<u64>, StoreError> {
        let mut affected = vec![0; rows.len()];
        let parameters = transposed(rows, rows.first().map_or(0, Vec::len));
        match prepared.told_by.as_ref().unwrap_or(&ToldBy::Count) {
            ToldBy::Count => {
                if self.count(prepared, parameters, sql).await? != rows.len() as u64 {
                    return Err(StoreError::statement("an insert that left rows out", sql));
                }
                affected.fill(1);
            }
            ToldBy::Place => {
                self.stream(prepared, parameters, sql, &mut |row| {
                    let place: i64 = row.try_get(0).map_err(|error| problem(&error, sql))?;
                    let place = usize::try_from(place - 1).ok();
                    if let Some(count) = place.and_then(|place| affected.get_mut(place)) {
                        *count += 1;
                    }
                    Ok(true)
                })
                .await?;
            }
            ToldBy::Key(key) => {
                self.affect_by_key(prepared, parameters, (rows, key, sql), &mut affected).await?;
            }
        }
        Ok(affected)
    }

    /// Notes which rows a statement touched that gives back their keys.
    pub(super) async fn affect_by_key(
        &self,
        prepared: &Prepared,
        parameters: Vec<Bound<'_>>,
        (rows, key, sql): (&[Vec<Value>], &[usize], &str),
        affected: &mut [u64],
    ) -> Result<(), StoreError> {
        let mut touched: HashMap<Vec<Cell>, u64> = HashMap::new();
        self.stream(prepared, parameters, sql, &mut |row| {
            let cells = row_of(&row, &prepared.columns, 0)?.into_cells();
            *touched.entry(cells).or_default() += 1;
            Ok(true)
        })
        .await?;
        for (values, count) in rows.iter().zip(affected) {
            let cells: Vec<Cell> = key.iter().map(|at| Cell::of(&values[*at])).collect();
            // Of two rows with one key, the first was taken.
            if let Some(left) = touched.get_mut(&cells).filter(|left| **left > 0) {
                *left -= 1;
                *count = 1;
            }
        }
        Ok(())
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Arc<Prepared>, StoreError> {
        if let Some(known) = self.open.connection.statements.get(sql) {
            return Ok(Arc::clone(known));
        }
        let prepared = self.prepared(sql, sql, 0, None)?;
        self.open.connection.statements.insert(sql.to_owned(), Arc::clone(&prepared));
        Ok(prepared)
    }

    fn prepared(
        &self,
        sql: &str,
        named: &str,
        skipped: usize,
        told_by: Option<ToldBy>,
    ) -> Result<Arc<Prepared>, StoreError> {
        let statement =
            block_on(self.client().prepare(sql)).map_err(|error| problem(&error, named))?;
        let names = statement.columns().iter().skip(skipped);
        let columns = Arc::new(Columns {
            names: names.map(|column| Box::from(column.name())).collect(),
            statement: named.into(),
        });
        Ok(Arc::new(Prepared { statement, columns, told_by }))
    }

    /// The statement for many rows that follows from one for a single row.
    fn prepare_set(
        &mut self,
        sql: &str,
        rewrite: impl FnOnce(&str, &[String]) -> Result<(SetBased, usize), String>,
    ) -> Result<Arc<Prepared>, StoreError> {
        self.prepare_as(format!("each: {sql}"), sql, rewrite)
    }

    pub(super) fn prepare_as(
        &mut self,
        name: String,
        sql: &str,
        rewrite: impl FnOnce(&str, &[String]) -> Result<(SetBased, usize), String>,
    ) -> Result<Arc<Prepared>, StoreError> {
        if let Some(known) = self.open.connection.statements.get(&name) {
            return Ok(Arc::clone(known));
        }
        let single = self.prepare(sql)?;
        let types: Vec<String> =
            single.statement.params().iter().map(|kind| kind.name().to_owned()).collect();
        let (set, skipped) =
            rewrite(sql, &types).map_err(|problem| StoreError::statement(problem, sql))?;
        let prepared = self.prepared(&set.sql, sql, skipped, Some(set.told_by))?;
        self.open.connection.statements.insert(name, Arc::clone(&prepared));
        Ok(prepared)
    }

    /// Runs a statement several times without waiting between, and says how many rows each touched.
    pub(super) fn count_all(
        &self,
        prepared: &Prepared,
        parameters: Vec<Vec<Bound<'_>>>,
        sql: &str,
    ) -> Result<Vec<u64>, StoreError> {
        let client = self.client();
        let runs = parameters.into_iter().map(|one| client.execute_raw(&prepared.statement, one));
        let counts = block_on(join_all(runs));
        counts.into_iter().map(|count| count.map_err(|error| problem(&error, sql))).collect()
    }

    /// Asks several questions without waiting between. The rows of each come by its number.
    pub(super) fn rows_all(
        &self,
        questions: Vec<(Arc<Prepared>, Vec<Bound<'_>>)>,
        sql: &str,
    ) -> Result<Vec<Vec<tokio_postgres::Row>>, StoreError> {
        let client = self.client();
        let runs = questions.into_iter().map(|(prepared, parameters)| async move {
            client.query_raw(&prepared.statement, parameters).await?.try_collect::<Vec<_>>().await
        });
        let rows = block_on(join_all(runs));
        rows.into_iter().map(|rows| rows.map_err(|error| problem(&error, sql))).collect()
    }

    /// Runs a statement and says how many rows it touched.
    pub(super) async fn count(
        &self,
        prepared: &Prepared,
        parameters: Vec<Bound<'_>>,
        sql: &str,
    ) -> Result<u64, StoreError> {
        let count = self.client().execute_raw(&prepared.statement, parameters).await;
        count.map_err(|error| problem(&error, sql))
    }

    pub(super) async fn stream(
        &self,
        prepared: &Prepared,
        parameters: Vec<Bound<'_>>,
        sql: &str,
        each: &mut dyn FnMut(tokio_postgres::Row) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let failed = |error: &tokio_postgres::Error| problem(error, sql);
        let rows = self.client().query_raw(&prepared.statement, parameters).await;
        let rows = rows.map_err(|error| failed(&error))?;
        pin_mut!(rows);
        while let Some(row) = rows.next().await {
            if !each(row.map_err(|error| failed(&error))?)? {
                break;
            }
        }
        Ok(())
    }
}

/// One value for every parameter, none with a character that no text may hold.
pub(super) fn check_values(
    prepared: &Prepared,
    values: &[Value],
    sql: &str,
) -> Result<(), StoreError> {
    let taken = prepared.statement.params().len();
    if values.len() != taken {
        let given = values.len();
        return Err(StoreError::statement(format!("{given} values for {taken} parameters"), sql));
    }
    if values.iter().any(super::sqlite::has_nul) {
        return Err(StoreError::statement("a text value contains U+0000", sql));
    }
    Ok(())
}

/// The values of all rows by parameter instead of by row.
fn transposed<'v>(rows: &'v [Vec<Value>], count: usize) -> Vec<Bound<'v>> {
    (0..count).map(|place| Bound::Each { rows, place }).collect()
}

pub(super) fn row_of(
    row: &tokio_postgres::Row,
    columns: &Arc<Columns>,
    skipped: usize,
) -> Result<Row, StoreError> {
    let cells: Result<Vec<Cell>, StoreError> =
        (skipped..row.len()).map(|position| cell_of(row, position, &columns.statement)).collect();
    Ok(Row::new(Arc::clone(columns), cells?))
}

impl Session for PostgresSession<'_, '_> {
    fn query_stream(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), StoreError> {
        self.settle()?;
        let prepared = self.prepare(sql)?;
        check_values(&prepared, values, sql)?;
        let parameters = values.iter().map(Bound::One).collect();
        block_on(self.stream(&prepared, parameters, sql, &mut |row| {
            Ok(each(row_of(&row, &prepared.columns, 0)?))
        }))
    }

    fn query_each(&mut self, sql: &str, keys: &[Vec<Value>]) -> Result<Vec<Vec<Row>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.settle()?;
        let prepared = self.prepare_keys(sql, keys)?;
        block_on(self.ask(&prepared, keys, sql))
    }

    fn query_all(&mut self, asks: &[Ask]) -> Result<Vec<Vec<Vec<Row>>>, StoreError> {
        if asks.iter().all(|ask| ask.keys.is_empty()) {
            return Ok(vec![Vec::new(); asks.len()]);
        }
        self.send_posted()?;
        let mut all = Vec::with_capacity(asks.len());
        for ask in asks {
            let prepared = match ask.keys.is_empty() {
                true => None,
                false => Some(self.prepare_keys(&ask.sql, &ask.keys)?),
            };
            all.push((ask, prepared));
        }
        let begins = !std::mem::replace(&mut self.open.is_begun, true);
        let this = &*self;
        let begin = async {
            match begins {
                true => this.client().batch_execute(this.begin).await,
                false => Ok(()),
            }
        };
        let asked = join_all(all.iter().map(|(ask, prepared)| async move {
            match prepared {
                Some(prepared) => this.ask(prepared, &ask.keys, &ask.sql).await,
                None => Ok(Vec::new()),
            }
        }));
        // Statements are answered in the order in which they are sent, and this sends `begin`
        // first.
        let (begun, answers) = block_on(join(begin, asked));
        begun.map_err(|error| problem(&error, this.begin))?;
        answers.into_iter().collect()
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.settle()?;
        let prepared = self.prepare(sql)?;
        if !prepared.statement.columns().is_empty() {
            return Err(StoreError::statement("a statement that gives rows was executed", sql));
        }
        check_values(&prepared, values, sql)?;
        let parameters = values.iter().map(Bound::One).collect();
        block_on(self.count(&prepared, parameters, sql))
    }

    fn execute_each(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<Vec<u64>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        self.settle()?;
        let prepared = self.prepare_rows(sql, rows)?;
        block_on(self.affect(&prepared, rows, sql))
    }

    fn post_each(&mut self, post: Post) -> Result<(), StoreError> {
        self.posted.push(post);
        Ok(())
    }

    fn load(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        let Some(first) = rows.first() else { return Ok(()) };
        self.settle()?;
        let prepared = self.prepare(sql)?;
        let types = prepared.statement.params();
        let copy =
            set_based::copy_of(sql).map_err(|problem| StoreError::statement(problem, sql))?;
        check_values(&prepared, first, sql)?;
        let sent = block_on(async {
            let sink = self.client().copy_in(&copy).await?;
            let writer = BinaryCopyInWriter::new(sink, types);
            pin_mut!(writer);
            for values in rows {
                writer.as_mut().write_raw(values.iter().map(Bound::One)).await?;
            }
            writer.finish().await
        });
        let sent = sent.map_err(|error| problem(&error, sql))?;
        if sent != rows.len() as u64 {
            return Err(StoreError::statement("a load that left rows out", sql));
        }
        Ok(())
    }

    fn execute_schema(&mut self, sql: &str) -> Result<(), StoreError> {
        // What SQLite could not be told is refused here, too.
        migrate::schema_for_sqlite(sql)
            .map_err(|problem| StoreError::statement(problem, "a migration"))?;
        self.settle()?;
        // What only PostgreSQL has stands in comments, which SQLite passes over.
        control(self.open.connection, &sql.replace("-- postgresql: ", ""))
    }
}
