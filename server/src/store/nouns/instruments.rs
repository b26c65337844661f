//! Instruments, their batches, codes and entries. Codes stand here as hashes only.

use super::businesses::BusinessId;
use super::{fixed_bytes, from_json, to_json, uuid};
use crate::store::{Json, Reader, Row, StoreError, Transaction, Value};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_core::instrument::{Instrument, InstrumentEntry};
use symbolon_core::values::{ActivityId, Bucket, InstrumentId, Key};

/// What a code is found by: a keyed hash of it.
pub type CodeHash = [u8; 16];

/// Instruments that were made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    pub batch: u128,
    /// The instrument of the programme.
    pub instrument: Key,
    /// What each of them was at first.
    pub template: Instrument,
    pub wanted: u32,
    pub made: u32,
    pub created_at: Timestamp,
}

/// The first columns of an instrument.
pub(super) fn own_values(business: BusinessId, instrument: InstrumentId) -> [Value; 3] {
    [instrument.bucket().number().into(), uuid(instrument.number()).into(), business.into()]
}

fn code_values(business: BusinessId, hash: &CodeHash) -> Vec<Value> {
    let bucket = Bucket::of(u128::from_be_bytes(*hash));
    vec![bucket.number().into(), business.into(), (&hash[..]).into()]
}

fn instrument_id(row: &Row) -> Result<InstrumentId, StoreError> {
    Ok(InstrumentId::new(row.get::<uuid::Uuid>("instrument_id")?.as_u128()))
}

pub fn secret_fingerprint_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Option<[u8; 32]>, StoreError> {
    let sql = "select fingerprint from code_secret where business_id = $1";
    let row = reader.query_optional(sql, &[business.into()])?;
    row.map(|row| fixed_bytes(&row, "fingerprint")).transpose()
}

pub fn secret_fingerprint_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    fingerprint: &[u8; 32],
    at: Timestamp,
) -> Result<(), StoreError> {
    transaction.execute(
        "insert into code_secret (business_id, fingerprint, created_at) values ($1, $2, $3)",
        &[business.into(), (&fingerprint[..]).into(), at.into()],
    )?;
    Ok(())
}

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeFound {
    pub instrument: InstrumentId,
    /// The batch that it was made in; none for a coupon that an activity issued.
    pub batch: Option<u128>,
}

/// The instruments that codes stand for.
pub fn codes_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    hashes: &[CodeHash],
) -> Result<Vec<Option<CodeFound>>, StoreError> {
    let keys: Vec<Vec<Value>> = hashes.iter().map(|hash| code_values(business, hash)).collect();
    let found = reader.query_each(
        "select instrument_id, batch_id from instrument_code
         where bucket = $1 and business_id = $2 and hash = $3",
        &keys,
    )?;
    let read = |row: &Row| {
        let batch = row.get::<Option<uuid::Uuid>>("batch_id")?.map(|batch| batch.as_u128());
        Ok(CodeFound { instrument: instrument_id(row)?, batch })
    };
    found.iter().map(|rows| rows.first().map(read).transpose()).collect()
}

fn code_rows(
    business: BusinessId,
    batch: Option<u128>,
    codes: &[(CodeHash, InstrumentId)],
) -> Vec<Vec<Value>> {
    let batch = batch.map(uuid);
    let row = |(hash, instrument): &(CodeHash, InstrumentId)| {
        let mut row = code_values(business, hash);
        row.extend([uuid(instrument.number()).into(), batch.into()]);
        row
    };
    codes.iter().map(row).collect()
}

/// Where a code lies: in the order of these, many codes are added fastest.
#[must_use]
pub fn code_place(hash: &CodeHash) -> (u8, u128) {
    let number = u128::from_be_bytes(*hash);
    (Bucket::of(number).number(), number)
}

/// Adds very many codes. Where one of them is there already, all fail with `StoreError::Unique`.
pub fn codes_load(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    batch: u128,
    codes: &[(CodeHash, InstrumentId)],
) -> Result<(), StoreError> {
    transaction.load(
        "insert into instrument_code (bucket, business_id, hash, instrument_id, batch_id)
         values ($1, $2, $3, $4, $5)",
        &code_rows(business, Some(batch), codes),
    )
}

/// Adds codes, and says for each whether it is new.
pub fn codes_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    batch: Option<u128>,
    codes: &[(CodeHash, InstrumentId)],
) -> Result<Vec<bool>, StoreError> {
    let added = transaction.execute_each(
        "insert into instrument_code (bucket, business_id, hash, instrument_id, batch_id)
         values ($1, $2, $3, $4, $5) on conflict (bucket, business_id, hash) do nothing",
        &code_rows(business, batch, codes),
    )?;
    Ok(added.into_iter().map(|count| count == 1).collect())
}

/// All columns of an instrument, with what its batch made of it.
const SELECT: &str = "select i.instrument_id, i.batch_id, i.state, b.template
    from instrument i left join instrument_batch b
    on b.business_id = i.business_id and b.batch_id = i.batch_id";

fn read_instrument(row: &Row) -> Result<Instrument, StoreError> {
    let column = if row.get::<Option<Json>>("state")?.is_some() { "state" } else { "template" };
    from_json(row, column)
}

/// Instruments that something happened to. The others are as their batches made them.
pub fn instruments_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    instruments: &[InstrumentId],
) -> Result<Vec<Option<Instrument>>, StoreError> {
    let keys: Vec<Vec<Value>> =
        instruments.iter().map(|id| own_values(business, *id).to_vec()).collect();
    let sql =
        format!("{SELECT} where i.bucket = $1 and i.instrument_id = $2 and i.business_id = $3");
    let found = reader.query_each(&sql, &keys)?;
    found.iter().map(|rows| rows.first().map(read_instrument).transpose()).collect()
}

/// What codes stand for, as it is now.
pub fn coded_instruments_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    codes: &[CodeFound],
) -> Result<Vec<Option<Instrument>>, StoreError> {
    let ids: Vec<InstrumentId> = codes.iter().map(|code| code.instrument).collect();
    let mut found = instruments_find(reader, business, &ids)?;
    let untouched = |(code, found): (&CodeFound, &Option<Instrument>)| match found {
        Some(_) => None,
        None => code.batch,
    };
    let batches: BTreeSet<u128> = codes.iter().zip(&found).filter_map(untouched).collect();
    let batches: Vec<u128> = batches.into_iter().collect();
    let templates: BTreeMap<u128, Instrument> = batches_find(reader, business, &batches)?
        .into_iter()
        .flatten()
        .map(|batch| (batch.batch, batch.template))
        .collect();
    for (code, found) in codes.iter().zip(&mut found) {
        if found.is_none() {
            *found = code.batch.and_then(|batch| templates.get(&batch).cloned());
        }
    }
    Ok(found)
}

/// An instrument on the walk through a whole database.
#[derive(Debug)]
pub struct WalkedInstrument {
    pub instrument: InstrumentId,
    /// What it was at first, where a batch made it.
    pub template: Option<Instrument>,
    pub state: Instrument,
}

/// The instruments of a bucket that something happened to, or that an activity issued.
pub fn instruments_changed_after(
    reader: &mut Reader<'_>,
    business: BusinessId,
    bucket: u8,
    after: Option<InstrumentId>,
    most: u32,
) -> Result<Vec<WalkedInstrument>, StoreError> {
    let after = uuid(after.map_or(0, InstrumentId::number));
    let sql = format!(
        "{SELECT} where i.bucket = $1 and i.instrument_id > $2 and i.business_id = $3
         and i.state is not null order by i.instrument_id limit $4"
    );
    let rows = reader.query(&sql, &[bucket.into(), after.into(), business.into(), most.into()])?;
    rows.iter()
        .map(|row| {
            let template = row.get::<Option<Json>>("template")?.is_some();
            Ok(WalkedInstrument {
                instrument: instrument_id(row)?,
                template: if template { Some(from_json(row, "template")?) } else { None },
                state: from_json(row, "state")?,
            })
        })
        .collect()
}

/// A state to be written, and the version that it was computed from.
#[derive(Debug)]
pub struct InstrumentChange<'a> {
    pub instrument: InstrumentId,
    /// The batch that made it, where this is the first that happens to it.
    pub batch: Option<u128>,
    pub before: u32,
    pub state: &'a Instrument,
}

/// Writes states. Says for each whether it was written: what moved on meanwhile is not.
pub fn instruments_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    changes: &[InstrumentChange<'_>],
) -> Result<Vec<bool>, StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(changes.len());
    for change in changes {
        let mut row = own_values(business, change.instrument).to_vec();
        row.extend([
            uuid(change.batch.unwrap_or(0)).into(),
            change.state.entries.into(),
            change.before.into(),
            to_json(change.state)?.into(),
        ]);
        rows.push(row);
    }
    let written = transaction.execute_each(
        "insert into instrument
         (bucket, instrument_id, business_id, batch_id, version, previous_version, state)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (bucket, instrument_id) do update
         set version = excluded.version, previous_version = excluded.previous_version,
             state = excluded.state
         where instrument.version = excluded.previous_version
           and instrument.business_id = excluded.business_id",
        &rows,
    )?;
    Ok(written.into_iter().map(|count| count == 1).collect())
}

/// Gives an instrument a row of its own, as its batch made it, unless it has one.
pub fn instrument_add_untouched(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    batch: u128,
    instrument: InstrumentId,
) -> Result<(), StoreError> {
    let mut row = own_values(business, instrument).to_vec();
    row.extend([uuid(batch).into(), 0_i64.into(), 0_i64.into()]);
    transaction.execute_each(
        "insert into instrument
         (bucket, instrument_id, business_id, batch_id, version, previous_version)
         values ($1, $2, $3, $4, $5, $6) on conflict (bucket, instrument_id) do nothing",
        &[row],
    )?;
    Ok(())
}

/// An entry with what caused it: an activity, or a person with a reason.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InstrumentEntryRow {
    pub entry: InstrumentEntry,
    /// The id zero where a person did it.
    pub activity: ActivityId,
    pub reason: Option<String>,
    pub actor: Option<String>,
}

pub fn instrument_entries_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    entries: &[InstrumentEntryRow],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(entries.len());
    for InstrumentEntryRow { entry, activity, reason, actor } in entries {
        let mut row = own_values(business, entry.instrument).to_vec();
        row.extend([
            entry.number.into(),
            uuid(activity.number()).into(),
            to_json(&entry.change)?.into(),
            entry.from.name().into(),
            entry.to.name().into(),
            entry.amount.units().into(),
            entry.at.into(),
            reason.clone().into(),
            actor.clone().into(),
        ]);
        rows.push(row);
    }
    transaction.execute_each(
        "insert into instrument_entry
         (bucket, instrument_id, business_id, number, activity_id, change, from_account,
          to_account, amount, at, reason, actor)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &rows,
    )?;
    Ok(())
}

/// An entry as it is stored: its figures apart from the change that they follow from.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    pub number: u32,
    pub activity: ActivityId,
    pub change: symbolon_core::instrument::Change,
    pub accounts: (String, String),
    pub amount: i64,
    pub at: Timestamp,
}

/// All entries of an instrument in their order.
pub fn entries_of_instrument(
    reader: &mut Reader<'_>,
    business: BusinessId,
    instrument: InstrumentId,
) -> Result<Vec<StoredEntry>, StoreError> {
    let rows = reader.query(
        "select number, activity_id, change, from_account, to_account, amount, at
         from instrument_entry where bucket = $1 and instrument_id = $2 and business_id = $3
         order by number",
        &own_values(business, instrument),
    )?;
    rows.iter()
        .map(|row| {
            Ok(StoredEntry {
                number: row.get("number")?,
                activity: ActivityId::new(row.get::<uuid::Uuid>("activity_id")?.as_u128()),
                change: from_json(row, "change")?,
                accounts: (row.get("from_account")?, row.get("to_account")?),
                amount: row.get("amount")?,
                at: row.get("at")?,
            })
        })
        .collect()
}

/// How many entries there are for instruments that have no state. There should be none.
pub fn instrument_entries_of_nothing_count(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select count(*) as entries from instrument_entry e where e.business_id = $1
         and not exists (select 1 from instrument i where i.bucket = e.bucket
         and i.instrument_id = e.instrument_id and i.state is not null)",
        &[business.into()],
    )?;
    row.get("entries")
}

/// What is left on all certificates together, whether they still count or not.
pub fn instrument_value_left(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<i64, StoreError> {
    let row = reader.query_one(
        "select cast(coalesce(sum(case when to_account = 'left' then amount else 0 end)
                - sum(case when from_account = 'left' then amount else 0 end), 0) as bigint)
                as value_left
         from instrument_entry where business_id = $1",
        &[business.into()],
    )?;
    row.get("value_left")
}

fn read_batch(row: &Row) -> Result<BatchRow, StoreError> {
    Ok(BatchRow {
        batch: row.get::<uuid::Uuid>("batch_id")?.as_u128(),
        instrument: Key::new(row.get::<&str>("instrument")?),
        template: from_json(row, "template")?,
        wanted: row.get("wanted")?,
        made: row.get("made")?,
        created_at: row.get("created_at")?,
    })
}

pub fn batches_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    batches: &[u128],
) -> Result<Vec<Option<BatchRow>>, StoreError> {
    let keys: Vec<Vec<Value>> =
        batches.iter().map(|batch| vec![business.into(), uuid(*batch).into()]).collect();
    let found = reader.query_each(
        "select batch_id, instrument, template, wanted, made, created_at from instrument_batch
         where business_id = $1 and batch_id = $2",
        &keys,
    )?;
    found.iter().map(|rows| rows.first().map(read_batch).transpose()).collect()
}

pub fn batch_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    batch: u128,
) -> Result<Option<BatchRow>, StoreError> {
    Ok(batches_find(reader, business, &[batch])?.into_iter().flatten().next())
}

/// Writes how far a batch is; a new one is added.
pub fn batch_write(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    batch: &BatchRow,
) -> Result<(), StoreError> {
    let row = vec![
        business.into(),
        uuid(batch.batch).into(),
        batch.instrument.as_str().into(),
        to_json(&batch.template)?.into(),
        batch.wanted.into(),
        batch.made.into(),
        batch.created_at.into(),
    ];
    transaction.execute_each(
        "insert into instrument_batch
         (business_id, batch_id, instrument, template, wanted, made, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (business_id, batch_id) do update set made = excluded.made",
        &[row],
    )?;
    Ok(())
}
