//! Counters of limits that belong to no member.

use super::businesses::BusinessId;
use super::{inconsistent, to_json};
use crate::store::{Missing, Reader, Row, StoreError, Transaction, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use symbolon_core::engine::CounterKey;
use symbolon_core::values::Bucket;

/// The primary key of a counter.
pub(super) fn key_values(business: BusinessId, key: &CounterKey) -> Result<Vec<Value>, StoreError> {
    let text = to_json(key)?.0;
    Ok(vec![bucket_of_text(&text).number().into(), business.into(), text.into()])
}

pub(super) fn bucket_of(key: &CounterKey) -> Result<Bucket, StoreError> {
    Ok(bucket_of_text(&to_json(key)?.0))
}

fn bucket_of_text(text: &str) -> Bucket {
    let digest = Sha256::digest(text.as_bytes());
    let mut number = [0; 16];
    number.copy_from_slice(&digest[..16]);
    Bucket::of(u128::from_be_bytes(number))
}

/// What is used of each counter; nothing was where there is no row.
pub fn counters_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    keys: &[CounterKey],
) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<Vec<Value>> =
        keys.iter().map(|key| key_values(business, key)).collect::<Result<_, _>>()?;
    let found = reader.query_each(
        "select used from limit_counter
         where bucket = $1 and business_id = $2 and counter = $3",
        &rows,
    )?;
    found.iter().map(|rows| rows.first().map_or(Ok(0), |row| row.get("used"))).collect()
}

/// Adds to counters what a batch counted.
pub fn counters_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    changes: &BTreeMap<CounterKey, i64>,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(changes.len());
    for (key, change) in changes.iter().filter(|(_, change)| **change != 0) {
        let mut row = key_values(business, key)?;
        row.extend([key.of.as_str().into(), (*change).into()]);
        rows.push(row);
    }
    counter_rows_add(transaction, rows)
}

/// Adds to counters, given by their key, what is limited, and what is added.
pub(super) fn counter_rows_add(
    transaction: &mut Transaction<'_>,
    rows: Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    transaction.post_each(
        "insert into limit_counter (bucket, business_id, counter, limit_of, used)
         values ($1, $2, $3, $4, $5)
         on conflict (bucket, business_id, counter)
         do update set used = limit_counter.used + excluded.used",
        rows,
        Missing::IsFine,
    )
}

/// Every counter of a business that is not at zero.
pub fn counters_list(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<(CounterKey, i64)>, StoreError> {
    let rows = reader.query(
        "select counter, used from limit_counter where business_id = $1 and used <> 0
         order by counter",
        &[business.into()],
    )?;
    rows.iter().map(|row| Ok((counter_of(row)?, row.get("used")?))).collect()
}

pub(super) fn counter_of(row: &Row) -> Result<CounterKey, StoreError> {
    let text: String = row.get("counter")?;
    serde_json::from_str(&text)
        .map_err(|error| inconsistent("counter", "the key of a counter", error.to_string()))
}
