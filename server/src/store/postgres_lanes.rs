//! A session that keeps to buckets, so that a database that is spread over machines by bucket runs
//! each statement on the one machine that holds the bucket.
//!
//! A transaction that would write to two buckets is refused here, whatever the code above meant.
//! Keys are looked up bucket by bucket, each with its bucket as a plain condition; rows are
//! inserted with as many `values` as there are rows, because an `insert … select` is spread over
//! all machines. Statements that name no bucket are for tables that lie everywhere, or for scans
//! over all buckets, and pass as they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use pollster::block_on;

use super::Session;
use super::error::StoreError;
use super::postgres::{PostgresSession, Prepared, check_values, row_of};
use super::postgres_error::problem;
use super::postgres_values::Bound;
use super::row::Row;
use super::set_based::{self, COLUMNS_ADDED, SetBased, ToldBy};
use super::value::Value;

/// The most rows of one insert. Fewer are put together of powers of two, so that there are few
/// statements to prepare.
const ROWS_MAX: usize = 256;

pub(super) struct BucketSession<'open, 'connection> {
    inner: PostgresSession<'open, 'connection>,
    /// The bucket that the transaction writes to, once it wrote.
    bucket: Option<i64>,
}

impl<'open, 'connection> BucketSession<'open, 'connection> {
    pub(super) fn new(inner: PostgresSession<'open, 'connection>) -> Self {
        Self { inner, bucket: None }
    }

    /// Notes what a statement is about to write, and refuses a second bucket.
    fn check_bucket(&mut self, sql: &str, values: &[Value]) -> Result<(), StoreError> {
        if set_based::writes_by_bucket(sql) {
            let bucket = bucket_of(values, sql)?;
            if *self.bucket.get_or_insert(bucket) != bucket {
                return Err(StoreError::statement("a transaction writes to two buckets", sql));
            }
        }
        Ok(())
    }

    /// Inserts some rows with one statement and notes which of them it touched.
    fn insert(
        &mut self,
        sql: &str,
        rows: &[Vec<Value>],
        affected: &mut [u64],
    ) -> Result<(), StoreError> {
        let single = self.inner.prepare(sql)?;
        for values in rows {
            check_values(&single, values, sql)?;
        }
        let name = format!("{} rows: {sql}", rows.len());
        let prepared = self.inner.prepare_as(name, sql, |sql, types| {
            Ok((set_based::insert_rows(sql, types.len(), rows.len())?, 0))
        })?;
        let parameters: Vec<Bound<'_>> = rows.iter().flatten().map(Bound::One).collect();
        let Some(ToldBy::Key(key)) = &prepared.told_by else {
            let count = block_on(self.inner.count(&prepared, parameters, sql))?;
            if count != rows.len() as u64 {
                return Err(StoreError::statement("an insert that left rows out", sql));
            }
            affected.fill(1);
            return Ok(());
        };
        let told = (rows, &key[..], sql);
        block_on(self.inner.affect_by_key(&prepared, parameters, told, affected))
    }

    /// The statement for several keys of one bucket.
    fn prepare_bucket(&mut self, sql: &str) -> Result<Arc<Prepared>, StoreError> {
        self.inner.prepare_as(format!("bucket: {sql}"), sql, |sql, types| {
            let sql = set_based::select_each_in_bucket(sql, types)?;
            Ok((SetBased { sql, told_by: ToldBy::Place }, COLUMNS_ADDED))
        })
    }
}

/// The bucket is the first value of every statement that names one.
fn bucket_of(values: &[Value], sql: &str) -> Result<i64, StoreError> {
    match values.first() {
        Some(Value::Integer(bucket)) => Ok(*bucket),
        _ => Err(StoreError::statement("the first value is no bucket", sql)),
    }
}

impl Session for BucketSession<'_, '_> {
    fn query_stream(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), StoreError> {
        self.check_bucket(sql, values)?;
        self.inner.query_stream(sql, values, each)
    }

    fn query_each(&mut self, sql: &str, keys: &[Vec<Value>]) -> Result<Vec<Vec<Row>>, StoreError> {
        if !set_based::reads_by_bucket(sql) {
            return self.inner.query_each(sql, keys);
        }
        self.inner.settle()?;
        let mut by_bucket: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let (one, many) = (self.inner.prepare(sql)?, self.prepare_bucket(sql)?);
        for (place, values) in keys.iter().enumerate() {
            check_values(&one, values, sql)?;
            by_bucket.entry(bucket_of(values, sql)?).or_default().push(place);
        }
        // The keys of each bucket, and all buckets asked at once: nobody waits for each answer.
        let groups: Vec<(Vec<usize>, Vec<Vec<Value>>)> = by_bucket
            .into_values()
            .map(|places| {
                let own = places.iter().map(|place| keys[*place].clone()).collect();
                (places, own)
            })
            .collect();
        let questions = groups.iter().map(|(_, own)| match &own[..] {
            [values] => (Arc::clone(&one), values.iter().map(Bound::One).collect()),
            rows => {
                let count = rows.first().map_or(0, Vec::len);
                let mut parameters = vec![Bound::One(&rows[0][0])];
                parameters.extend((1..count).map(|place| Bound::Each { rows, place }));
                (Arc::clone(&many), parameters)
            }
        });
        let found = self.inner.rows_all(questions.collect(), sql)?;
        let mut answers = vec![Vec::new(); keys.len()];
        for ((places, _), rows) in groups.iter().zip(found) {
            for row in rows {
                if let [place] = places[..] {
                    answers[place].push(row_of(&row, &one.columns, 0)?);
                    continue;
                }
                let place: i64 = row.try_get(0).map_err(|error| problem(&error, sql))?;
                let place = usize::try_from(place - 1).ok().and_then(|place| places.get(place));
                let answer = place.and_then(|place| answers.get_mut(*place));
                let answer =
                    answer.ok_or_else(|| StoreError::statement("a place without a key", sql))?;
                answer.push(row_of(&row, &many.columns, COLUMNS_ADDED)?);
            }
        }
        Ok(answers)
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.check_bucket(sql, values)?;
        self.inner.execute(sql, values)
    }

    fn execute_each(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<Vec<u64>, StoreError> {
        if !set_based::writes_by_bucket(sql) {
            return self.inner.execute_each(sql, rows);
        }
        for values in rows {
            self.check_bucket(sql, values)?;
        }
        self.inner.settle()?;
        let mut affected = vec![0; rows.len()];
        if !sql.trim_start().starts_with("insert") {
            let prepared = self.inner.prepare(sql)?;
            for values in rows {
                check_values(&prepared, values, sql)?;
            }
            let each = rows.iter().map(|values| values.iter().map(Bound::One).collect()).collect();
            return self.inner.count_all(&prepared, each, sql);
        }
        let mut from = 0;
        while from < rows.len() {
            let left = (rows.len() - from).min(ROWS_MAX);
            let count = 1 << left.ilog2();
            self.insert(sql, &rows[from..from + count], &mut affected[from..from + count])?;
            from += count;
        }
        Ok(affected)
    }

    fn load(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        for values in rows {
            self.check_bucket(sql, values)?;
        }
        self.inner.load(sql, rows)
    }

    fn execute_schema(&mut self, sql: &str) -> Result<(), StoreError> {
        self.inner.execute_schema(sql)
    }
}
