//! What is set aside in other buckets for an attempt, until it is confirmed or undone.
//!
//! Each reservation is confirmed or undone once, by whoever takes its row away. Each function that
//! writes is for one bucket.

use super::attempts::AttemptId;
use super::businesses::BusinessId;
use super::counters;
use super::instruments::{
    InstrumentChange, InstrumentEntryRow, instrument_add_untouched, instrument_entries_add,
    instruments_write, own_values,
};
use super::{from_json, inconsistent, to_json};
use crate::store::{Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use symbolon_core::engine::CounterKey;
use symbolon_core::instrument::Instrument;
use symbolon_core::values::{Bucket, InstrumentId};

/// What attempts want of a counter.
#[derive(Debug, Clone)]
pub struct CounterWish {
    pub counter: CounterKey,
    /// What the decisions were made on.
    pub seen: i64,
    /// For each attempt: what it takes at once, and what it gives back when it is booked.
    pub parts: Vec<(AttemptId, i64, i64)>,
}

/// Counts on a counter and sets it aside, if it is as it was seen. Says whether it was.
pub fn counter_reserve(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    wish: &CounterWish,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let key = counters::key_values(business, &wish.counter)?;
    let taken: i64 = wish.parts.iter().map(|(_, taken, _)| taken).sum();
    if taken > 0 {
        if wish.seen == 0 {
            let mut row = key.clone();
            row.extend([wish.counter.of.as_str().into(), 0_i64.into()]);
            transaction.execute_each(
                "insert into limit_counter (bucket, business_id, counter, limit_of, used)
                 values ($1, $2, $3, $4, $5) on conflict (bucket, business_id, counter) do nothing",
                &[row],
            )?;
        }
        let mut row = key.clone();
        row.extend([taken.into(), wish.seen.into()]);
        let counted = transaction.execute_each(
            "update limit_counter set used = used + $4
             where bucket = $1 and business_id = $2 and counter = $3 and used = $5",
            &[row],
        )?;
        if counted != [1] {
            return Ok(false);
        }
    }
    let rows: Vec<Vec<Value>> = wish
        .parts
        .iter()
        .map(|(attempt, taken, given_back)| {
            let mut row = key.clone();
            row.extend([attempt.value(), (*taken).into(), (*given_back).into(), at.into()]);
            row
        })
        .collect();
    transaction.execute_each(
        "insert into counter_reservation
         (bucket, business_id, counter, attempt_id, taken, given_back, reserved_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &rows,
    )?;
    Ok(true)
}

/// The bucket of a counter.
pub fn counter_bucket(counter: &CounterKey) -> Result<Bucket, StoreError> {
    counters::bucket_of(counter)
}

/// Ends what was set aside of a counter: what was given back, or else what was taken, comes out.
pub fn counter_settle(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    counter: &CounterKey,
    attempt: AttemptId,
    is_booked: bool,
) -> Result<(), StoreError> {
    let key = counters::key_values(business, counter)?;
    let mut row = key.clone();
    row.push(attempt.value());
    let gone = transaction.query(
        "delete from counter_reservation
         where bucket = $1 and business_id = $2 and counter = $3 and attempt_id = $4
         returning taken, given_back",
        &row,
    )?;
    for gone in gone {
        let out: i64 = gone.get(if is_booked { "given_back" } else { "taken" })?;
        if out != 0 {
            let mut row = key.clone();
            row.extend([counter.of.as_str().into(), out.saturating_neg().into()]);
            counters::counter_rows_add(transaction, vec![row])?;
        }
    }
    Ok(())
}

/// Ends what was set aside of a counter for attempts: each with what comes out of it then. Those
/// that somebody else has ended already count for nothing.
pub fn counter_settle_known(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    counter: &CounterKey,
    outs: &[(AttemptId, i64)],
) -> Result<(), StoreError> {
    let key = counters::key_values(business, counter)?;
    let rows: Vec<Vec<Value>> = outs
        .iter()
        .map(|(attempt, _)| {
            let mut row = key.clone();
            row.push(attempt.value());
            row
        })
        .collect();
    let gone = transaction.execute_each(
        "delete from counter_reservation
         where bucket = $1 and business_id = $2 and counter = $3 and attempt_id = $4",
        &rows,
    )?;
    let outs = outs.iter().zip(gone).filter(|(_, gone)| *gone == 1);
    let out: i64 = outs.map(|((_, out), _)| out).sum();
    if out != 0 {
        let mut row = key;
        row.extend([counter.of.as_str().into(), out.saturating_neg().into()]);
        counters::counter_rows_add(transaction, vec![row])?;
    }
    Ok(())
}

/// What an attempt makes of an instrument.
#[derive(Debug, Clone)]
pub struct InstrumentWish {
    pub attempt: AttemptId,
    pub instrument: InstrumentId,
    /// The version that it was decided on; nothing where the attempt issues it.
    pub seen: Option<u32>,
    /// The batch that its code names.
    pub batch: Option<u128>,
    pub state: Instrument,
    pub entries: Vec<InstrumentEntryRow>,
}

/// Sets an instrument aside, if it is as it was seen and nobody else has it. Says whether it was.
pub fn instrument_reserve(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    wish: &InstrumentWish,
    at: Timestamp,
) -> Result<bool, StoreError> {
    if let (Some(0), Some(batch)) = (wish.seen, wish.batch) {
        instrument_add_untouched(transaction, business, batch, wish.instrument)?;
    }
    if let Some(seen) = wish.seen {
        // It is written as it is, so that whoever changes it at the same moment is noticed.
        let mut row = own_values(business, wish.instrument).to_vec();
        row.push(seen.into());
        let same = transaction.execute_each(
            "update instrument set version = $4
             where bucket = $1 and instrument_id = $2 and business_id = $3 and version = $4",
            &[row],
        )?;
        if same != [1] {
            return Ok(false);
        }
    }
    let mut row = own_values(business, wish.instrument).to_vec();
    row.extend([
        wish.attempt.value(),
        wish.seen.unwrap_or(0).into(),
        to_json(&wish.state)?.into(),
        to_json(&wish.entries)?.into(),
        at.into(),
    ]);
    let added = transaction.execute_each(
        "insert into instrument_reservation
         (bucket, instrument_id, business_id, attempt_id, previous_version, state, entries,
          reserved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (bucket, instrument_id) do nothing",
        &[row],
    )?;
    Ok(added == [1])
}

/// Ends what was set aside of an instrument: it becomes what was decided, or stays as it is.
pub fn instrument_settle(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    instrument: InstrumentId,
    attempt: AttemptId,
    is_booked: bool,
) -> Result<(), StoreError> {
    let mut row = own_values(business, instrument).to_vec();
    row.push(attempt.value());
    let gone = transaction.query(
        "delete from instrument_reservation
         where bucket = $1 and instrument_id = $2 and business_id = $3 and attempt_id = $4
         returning previous_version, state, entries",
        &row,
    )?;
    for gone in gone.iter().filter(|_| is_booked) {
        let state: Instrument = from_json(gone, "state")?;
        let before: u32 = gone.get("previous_version")?;
        let changes = [InstrumentChange { instrument, batch: None, before, state: &state }];
        if instruments_write(transaction, business, &changes)? != [true] {
            let found = format!("{instrument} moved on while it was set aside");
            return Err(inconsistent("version", "what it was when it was set aside", found));
        }
        let entries: Vec<InstrumentEntryRow> = from_json(gone, "entries")?;
        instrument_entries_add(transaction, business, &entries)?;
    }
    Ok(())
}

/// Who has set instruments aside.
pub fn instrument_reservations_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    instruments: &[InstrumentId],
) -> Result<Vec<Option<AttemptId>>, StoreError> {
    let keys: Vec<Vec<Value>> =
        instruments.iter().map(|id| own_values(business, *id).to_vec()).collect();
    let found = reader.query_each(
        "select attempt_id from instrument_reservation
         where bucket = $1 and instrument_id = $2 and business_id = $3",
        &keys,
    )?;
    let read = |row: &Row| Ok(AttemptId::stored(row.get("attempt_id")?));
    found.iter().map(|rows| rows.first().map(read).transpose()).collect()
}

/// What will become of an instrument that is set aside.
pub fn instrument_reservation_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    instrument: InstrumentId,
) -> Result<Option<(AttemptId, Instrument, Vec<InstrumentEntryRow>)>, StoreError> {
    let row = reader.query_optional(
        "select attempt_id, state, entries from instrument_reservation
         where bucket = $1 and instrument_id = $2 and business_id = $3",
        &own_values(business, instrument),
    )?;
    let Some(row) = row else { return Ok(None) };
    let attempt = AttemptId::stored(row.get("attempt_id")?);
    Ok(Some((attempt, from_json(&row, "state")?, from_json(&row, "entries")?)))
}

/// Something that is set aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reserved {
    Counter(CounterKey),
    Instrument(InstrumentId),
}

impl Reserved {
    pub fn bucket(&self) -> Result<Bucket, StoreError> {
        match self {
            Self::Counter(counter) => counters::bucket_of(counter),
            Self::Instrument(instrument) => Ok(instrument.bucket()),
        }
    }

    /// Confirms it where its attempt is booked, and undoes it otherwise.
    pub fn settle(
        &self,
        transaction: &mut Transaction<'_>,
        business: BusinessId,
        attempt: AttemptId,
        is_booked: bool,
    ) -> Result<(), StoreError> {
        match self {
            Self::Counter(counter) => {
                counter_settle(transaction, business, counter, attempt, is_booked)
            }
            Self::Instrument(instrument) => {
                instrument_settle(transaction, business, *instrument, attempt, is_booked)
            }
        }
    }
}

/// Everything that was set aside by a moment.
pub fn reservations_list(
    reader: &mut Reader<'_>,
    business: BusinessId,
    by: Timestamp,
) -> Result<Vec<(AttemptId, Reserved)>, StoreError> {
    let mut all = Vec::new();
    let rows = reader.query(
        "select counter, attempt_id from counter_reservation
         where business_id = $1 and reserved_at <= $2",
        &[business.into(), by.into()],
    )?;
    for row in rows {
        let counter = counters::counter_of(&row)?;
        all.push((AttemptId::stored(row.get("attempt_id")?), Reserved::Counter(counter)));
    }
    let rows = reader.query(
        "select instrument_id, attempt_id from instrument_reservation
         where business_id = $1 and reserved_at <= $2",
        &[business.into(), by.into()],
    )?;
    for row in rows {
        let instrument = InstrumentId::new(row.get::<uuid::Uuid>("instrument_id")?.as_u128());
        all.push((AttemptId::stored(row.get("attempt_id")?), Reserved::Instrument(instrument)));
    }
    Ok(all)
}

/// What one attempt has set aside.
pub fn reservations_of(
    reader: &mut Reader<'_>,
    business: BusinessId,
    attempt: AttemptId,
) -> Result<Vec<Reserved>, StoreError> {
    let values = [business.into(), attempt.value()];
    let mut all = Vec::new();
    let rows = reader.query(
        "select counter from counter_reservation where business_id = $1 and attempt_id = $2",
        &values,
    )?;
    for row in rows {
        all.push(Reserved::Counter(counters::counter_of(&row)?));
    }
    let rows = reader.query(
        "select instrument_id from instrument_reservation
         where business_id = $1 and attempt_id = $2",
        &values,
    )?;
    for row in rows {
        let id = InstrumentId::new(row.get::<uuid::Uuid>("instrument_id")?.as_u128());
        all.push(Reserved::Instrument(id));
    }
    Ok(all)
}

/// What is set aside of counters: for which attempt, what was taken, what is to be given back.
pub fn counter_reservations_list(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<(CounterKey, AttemptId, i64, i64)>, StoreError> {
    let rows = reader.query(
        "select counter, attempt_id, taken, given_back from counter_reservation
         where business_id = $1",
        &[business.into()],
    )?;
    rows.iter()
        .map(|row| {
            let counter = counters::counter_of(row)?;
            let attempt = AttemptId::stored(row.get("attempt_id")?);
            Ok((counter, attempt, row.get("taken")?, row.get("given_back")?))
        })
        .collect()
}
