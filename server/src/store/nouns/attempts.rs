//! Attempts of lanes by bucket, and which lanes a database has.
//!
//! An attempt is booked or given up, never both: either writes the key of its one row.

use super::businesses::BusinessId;
use super::{from_json, to_json, uuid};
use crate::store::{Json, Reader, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::values::{ActivityId, Bucket, MemberId};

/// One attempt to book what some members of a bucket ask. It lies in that bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttemptId(u128);

impl AttemptId {
    /// An attempt for a bucket, from a number that was never used.
    #[must_use]
    pub fn new(number: u128, bucket: Bucket) -> Self {
        Self(ActivityId::new(number).in_bucket(bucket).number())
    }

    #[must_use]
    pub const fn stored(id: uuid::Uuid) -> Self {
        Self(id.as_u128())
    }

    #[must_use]
    pub fn bucket(self) -> Bucket {
        Bucket::of(self.0)
    }

    pub(super) fn value(self) -> Value {
        uuid(self.0).into()
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Booked,
    GivenUp,
}

/// Members that were merged: whose identifiers and names of contacts go to whom.
pub type Moved = Vec<(MemberId, MemberId)>;

fn own_values(business: BusinessId, attempt: AttemptId) -> [Value; 3] {
    [attempt.bucket().number().into(), attempt.value(), business.into()]
}

/// Books an attempt. One that was given up is an error that undoes the transaction.
pub fn attempt_book(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    attempt: AttemptId,
    moved: &Moved,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut row = own_values(business, attempt).to_vec();
    let moved = if moved.is_empty() { None } else { Some(to_json(moved)?) };
    row.extend([false.into(), moved.into(), at.into()]);
    transaction.execute_each(
        "insert into booking_attempt
         (bucket, attempt_id, business_id, given_up, moved, begun_at)
         values ($1, $2, $3, $4, $5, $6)",
        &[row],
    )?;
    Ok(())
}

/// Gives an attempt up, unless it is booked already.
pub fn attempt_give_up(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    attempt: AttemptId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut row = own_values(business, attempt).to_vec();
    row.extend([true.into(), at.into()]);
    transaction.execute_each(
        "insert into booking_attempt (bucket, attempt_id, business_id, given_up, begun_at)
         values ($1, $2, $3, $4, $5) on conflict (bucket, attempt_id) do nothing",
        &[row],
    )?;
    Ok(())
}

/// What became of an attempt. Nothing is known of one that goes on, nor of one that was booked,
/// confirmed and forgotten.
pub fn attempt_fate(
    reader: &mut Reader<'_>,
    business: BusinessId,
    attempt: AttemptId,
) -> Result<Option<Fate>, StoreError> {
    let row = reader.query_optional(
        "select given_up from booking_attempt
         where bucket = $1 and attempt_id = $2 and business_id = $3",
        &own_values(business, attempt),
    )?;
    let given_up = row.map(|row| row.get::<bool>("given_up")).transpose()?;
    Ok(given_up.map(|given_up| if given_up { Fate::GivenUp } else { Fate::Booked }))
}

/// Forgets attempts of a bucket that were booked, and of which nothing is left to be confirmed.
/// Those that were given up stay: whoever makes one may still come.
pub fn attempts_forget(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    attempts: &[AttemptId],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = attempts
        .iter()
        .map(|attempt| {
            let mut row = own_values(business, *attempt).to_vec();
            row.push(false.into());
            row
        })
        .collect();
    transaction.execute_each(
        "delete from booking_attempt
         where bucket = $1 and attempt_id = $2 and business_id = $3 and given_up = $4",
        &rows,
    )?;
    Ok(())
}

/// Attempts that were booked by a moment and are not forgotten, with what is still to be moved.
pub fn attempts_booked(
    reader: &mut Reader<'_>,
    business: BusinessId,
    by: Timestamp,
) -> Result<Vec<(AttemptId, Moved)>, StoreError> {
    let rows = reader.query(
        "select attempt_id, moved from booking_attempt
         where business_id = $1 and given_up = $2 and begun_at <= $3 order by attempt_id",
        &[business.into(), false.into(), by.into()],
    )?;
    rows.iter()
        .map(|row| {
            let attempt = AttemptId::stored(row.get("attempt_id")?);
            let moved = match row.get::<Option<Json>>("moved")? {
                Some(_) => from_json(row, "moved")?,
                None => Moved::new(),
            };
            Ok((attempt, moved))
        })
        .collect()
}

/// The lanes that a database was told to have; nothing where nobody said.
pub fn lanes_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Option<String>, StoreError> {
    let row = reader.query_optional(
        "select lanes from lane_setting where business_id = $1",
        &[business.into()],
    )?;
    row.map(|row| row.get("lanes")).transpose()
}

pub fn lanes_choose(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    lanes: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    transaction.execute(
        "insert into lane_setting (business_id, lanes, chosen_at) values ($1, $2, $3)
         on conflict (business_id) do update
         set lanes = excluded.lanes, chosen_at = excluded.chosen_at",
        &[business.into(), lanes.into(), at.into()],
    )?;
    Ok(())
}
