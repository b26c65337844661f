//! Making instruments in batches: small ones at once, large ones in slices.
//!
//! The codes of a slice are stored in the order in which they lie in the database, which is what
//! makes millions of them fast. All ids follow from the batch, so a slice that was interrupted is
//! gone on with and makes no code twice. Nothing here decides who may use a code.

use super::App;
use super::instruments::{InstrumentError, MadeCode, definition_of, end_of, made_code};
use crate::code_secret::CodeSecret;
use crate::store::nouns::directories::{
    Fingerprint, IdempotencyKey, StoredAnswer, answers_add, answers_find,
};
use crate::store::nouns::instruments::{
    BatchRow, CodeHash, batch_find, batch_write, code_place, codes_add, codes_find, codes_load,
};
use crate::store::{Reader, StoreError, Transaction};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use symbolon_core::instrument::{Instrument, InstrumentKind};
use symbolon_core::programme::{CertificateValues, Programme};
use symbolon_core::values::{ActivityId, InstrumentId, Money};

/// The most instruments of one batch. Their positions, tried again where a code is taken, fit 32
/// bits.
pub const BATCH_MAX: u32 = 100_000_000;
/// How often another code is tried for an instrument whose code is taken. Card numbers are short
/// enough to meet; that many meetings in a row mean that a prefix has no numbers left.
const TRIES_MAX: u32 = 40;
/// How many codes are stored in one transaction.
const STORED_AT_ONCE: usize = 25_000;
/// Fewer codes than this are not worth a thread of their own.
const MADE_PER_THREAD_MIN: usize = 10_000;

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Emission {
    pub instrument: String,
    pub count: u32,
    pub value: Option<Money>,
    /// Certificates that are given away count at once; others wait for their sale.
    pub is_active: bool,
}

/// Which try gave an instrument its code, by its place in the batch, where it was not the first.
pub type Tries = BTreeMap<u32, u32>;

/// Is told how many more codes are stored.
pub type Stored<'s> = &'s mut (dyn FnMut(u64) -> Result<(), InstrumentError> + Send);

/// A code that is to be stored: what it is found by, and its place in the batch.
type Hashed = (CodeHash, u32);

impl App {
    /// Checks what is asked and begins a batch; nothing is made yet.
    pub fn begin_batch(&self, emission: &Emission) -> Result<BatchRow, InstrumentError> {
        let created_at = self.world.now();
        let programmes = self.programmes();
        let programme = &programmes.latest().ok_or(InstrumentError::NoProgramme)?.programme;
        let template = template_of(programme, emission, created_at)?;
        if emission.count == 0 || emission.count > BATCH_MAX {
            return Err(InstrumentError::WrongCount);
        }
        Ok(BatchRow {
            batch: self.world.new_id(created_at),
            instrument: template.of.clone(),
            template,
            wanted: emission.count,
            made: 0,
            created_at,
        })
    }

    /// Makes a small batch under a key: the same key again gives the same codes.
    pub fn make_once(
        &self,
        emission: &Emission,
        key: &IdempotencyKey,
        request: Fingerprint,
    ) -> Result<(BatchRow, Vec<MadeCode>, bool), InstrumentError> {
        let secret = self.code_secret()?;
        if self.lanes.is_some() {
            return self.make_once_by_bucket(&secret, emission, key, request);
        }
        let new = self.begin_batch(emission);
        self.store.write(|transaction| {
            let known = answers_find(transaction, self.business, std::slice::from_ref(key))?;
            if let Some(known) = known.into_iter().flatten().next() {
                let batch = self.batch_of_key(transaction, &known, request)?;
                let codes = self.codes_between(transaction, &secret, &batch, 0..batch.made)?;
                return Ok((batch, codes, true));
            }
            let mut batch = match &new {
                Ok(batch) => batch.clone(),
                // An error of the store belongs to one attempt; these are the caller's.
                Err(_) => {
                    return self.begin_batch(emission).map(|batch| (batch, Vec::new(), false));
                }
            };
            let codes = self.make(transaction, &secret, &mut batch)?;
            self.batch_remember(transaction, &batch, key, request)?;
            Ok((batch, codes, false))
        })
    }

    /// The same where every transaction touches one bucket only. The key is kept before anything is
    /// made: whoever asks again goes on with the same batch.
    fn make_once_by_bucket(
        &self,
        secret: &CodeSecret,
        emission: &Emission,
        key: &IdempotencyKey,
        request: Fingerprint,
    ) -> Result<(BatchRow, Vec<MadeCode>, bool), InstrumentError> {
        let find = |reader: &mut Reader<'_>| {
            let known = answers_find(reader, self.business, std::slice::from_ref(key))?;
            match known.into_iter().flatten().next() {
                Some(known) => self.batch_of_key(reader, &known, request).map(Some),
                None => Ok(None),
            }
        };
        let (mut batch, is_again) = match self.store.read(find)? {
            Some(batch) => (batch, true),
            None => {
                let new = self.begin_batch(emission)?;
                self.save_batch(&new)?;
                let keep = |transaction: &mut Transaction<'_>| {
                    self.batch_remember(transaction, &new, key, request)
                };
                match self.store.write(keep) {
                    Ok(()) => (new, false),
                    // Somebody asked the same at the same moment.
                    Err(StoreError::Unique { .. }) => {
                        let found = self.store.read(find)?;
                        (found.ok_or(InstrumentError::UnknownBatch)?, true)
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let left = batch.wanted - batch.made;
        if left > 0 {
            self.make_slice(&mut batch, left, &mut |_| Ok(()))?;
        }
        let again = 0..batch.made;
        let codes =
            self.store.read(|reader| self.codes_between(reader, secret, &batch, again.clone()))?;
        Ok((batch, codes, is_again))
    }

    /// The batch that was made under a key.
    fn batch_of_key(
        &self,
        reader: &mut Reader<'_>,
        known: &StoredAnswer,
        request: Fingerprint,
    ) -> Result<BatchRow, InstrumentError> {
        if known.fingerprint != request {
            return Err(InstrumentError::KeyReused);
        }
        let batch: u128 = serde_json::from_str::<String>(&known.answer)
            .ok()
            .and_then(|text| u128::from_str_radix(&text, 16).ok())
            .ok_or(InstrumentError::KeyReused)?;
        batch_find(reader, self.business, batch)?.ok_or(InstrumentError::UnknownBatch)
    }

    fn batch_remember(
        &self,
        transaction: &mut Transaction<'_>,
        batch: &BatchRow,
        key: &IdempotencyKey,
        request: Fingerprint,
    ) -> Result<(), StoreError> {
        let answer = serde_json::Value::from(format!("{:032x}", batch.batch)).to_string();
        let stored = StoredAnswer { fingerprint: request, answer };
        answers_add(transaction, self.business, &[(key.clone(), stored, batch.created_at)])
    }

    /// Makes a batch that is small enough for one transaction.
    fn make(
        &self,
        transaction: &mut Transaction<'_>,
        secret: &CodeSecret,
        batch: &mut BatchRow,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let form = self.form_of(batch)?;
        let mut tries = Tries::new();
        let mut missing: Vec<u32> = (0..batch.wanted).collect();
        for attempt in 0..TRIES_MAX {
            let (rows, mut taken) = without_twins(hashed(secret, batch, &form, attempt, &missing));
            taken.extend(self.add_checked(transaction, batch, attempt, &rows)?);
            missing = taken;
            tries.extend(missing.iter().map(|place| (*place, attempt + 1)));
            if missing.is_empty() {
                batch.made = batch.wanted;
                batch_write(transaction, self.business, batch)?;
                return Ok(codes_of(secret, batch, &form, 0..batch.made, &tries));
            }
        }
        Err(InstrumentError::NumbersExhausted)
    }

    /// Makes the next instruments of a batch, in many transactions, and says which codes were not
    /// had at the first try. `stored` is told how many more are stored; where it fails, the slice
    /// stops there, and what is stored is found when it is made again.
    pub fn make_slice(
        &self,
        batch: &mut BatchRow,
        most: u32,
        stored: Stored<'_>,
    ) -> Result<Tries, InstrumentError> {
        let secret = self.code_secret()?;
        let form = self.form_of(batch)?;
        let until = batch.made.saturating_add(most).min(batch.wanted);
        let mut tries = Tries::new();
        let mut missing: Vec<u32> = (batch.made..until).collect();
        for attempt in 0..TRIES_MAX {
            let (rows, mut taken) = without_twins(hashed(&secret, batch, &form, attempt, &missing));
            taken.extend(self.store_all(batch, attempt, &rows, stored)?);
            missing = taken;
            tries.extend(missing.iter().map(|place| (*place, attempt + 1)));
            if missing.is_empty() {
                let next = BatchRow { made: until, ..batch.clone() };
                self.save_batch(&next)?;
                *batch = next;
                return Ok(tries);
            }
        }
        Err(InstrumentError::NumbersExhausted)
    }

    /// Stores codes in many transactions, several at a time where the database lets them, and gives
    /// the places of those that are taken. Each thread has a range of its own, so that nobody waits
    /// for another one's page.
    fn store_all(
        &self,
        batch: &BatchRow,
        attempt: u32,
        rows: &[Hashed],
        stored: Stored<'_>,
    ) -> Result<Vec<u32>, InstrumentError> {
        let share = rows.len().div_ceil(self.store.writers_max()).max(STORED_AT_ONCE);
        let stored = Mutex::new(stored);
        let store = |rows: &[Hashed]| {
            let mut taken = Vec::new();
            for rows in self.stored_together(rows) {
                let others = self.store_codes(batch, attempt, rows)?;
                let mut tell = stored.lock().unwrap_or_else(PoisonError::into_inner);
                tell((rows.len() - others.len()) as u64)?;
                taken.extend(others);
            }
            Ok::<_, InstrumentError>(taken)
        };
        let mut taken = Vec::new();
        std::thread::scope(|scope| {
            let start = |rows| scope.spawn(move || store(rows));
            let threads: Vec<_> = rows.chunks(share).map(start).collect();
            for thread in threads {
                match thread.join() {
                    Ok(others) => taken.extend(others?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(taken)
        })
    }

    /// The codes of each transaction: of one bucket, where a transaction may touch only one.
    fn stored_together<'r>(&self, rows: &'r [Hashed]) -> impl Iterator<Item = &'r [Hashed]> {
        let by_bucket = self.lanes.is_some();
        let is_one = move |one: &Hashed, next: &Hashed| {
            !by_bucket || code_place(&one.0).0 == code_place(&next.0).0
        };
        rows.chunk_by(is_one).flat_map(|rows| rows.chunks(STORED_AT_ONCE))
    }

    /// Stores codes in one transaction, and gives the places of those that are taken.
    fn store_codes(
        &self,
        batch: &BatchRow,
        attempt: u32,
        rows: &[Hashed],
    ) -> Result<Vec<u32>, InstrumentError> {
        let codes = with_ids(batch, attempt, rows);
        let load = |transaction: &mut Transaction<'_>| {
            codes_load(transaction, self.business, batch.batch, &codes)
        };
        match self.store.write(load) {
            Ok(()) => Ok(Vec::new()),
            // One of them was there: of another batch, or of this one before it was interrupted.
            Err(StoreError::Unique { .. }) => Ok(self
                .store
                .write(|transaction| self.add_checked(transaction, batch, attempt, rows))?),
            Err(error) => Err(error.into()),
        }
    }

    /// Adds codes one by one, and gives the places of those that something else has.
    fn add_checked(
        &self,
        transaction: &mut Transaction<'_>,
        batch: &BatchRow,
        attempt: u32,
        rows: &[Hashed],
    ) -> Result<Vec<u32>, StoreError> {
        let codes = with_ids(batch, attempt, rows);
        let added = codes_add(transaction, self.business, Some(batch.batch), &codes)?;
        let there = codes.iter().zip(&added).filter(|(_, is_new)| !**is_new);
        let hashes: Vec<CodeHash> = there.map(|((hash, _), _)| *hash).collect();
        let found = codes_find(transaction, self.business, &hashes)?;
        let owners: BTreeMap<CodeHash, InstrumentId> = hashes
            .into_iter()
            .zip(found)
            .filter_map(|(hash, found)| Some((hash, found?.instrument)))
            .collect();
        let is_other = |hash: &CodeHash, id| owners.get(hash).is_some_and(|owner| *owner != id);
        let taken = codes.iter().zip(rows).filter(|((hash, id), _)| is_other(hash, *id));
        Ok(taken.map(|(_, (_, place))| *place).collect())
    }

    fn form_of(&self, batch: &BatchRow) -> Result<Form, InstrumentError> {
        let programmes = self.programmes();
        let (_, definition) = definition_of(&programmes, batch.instrument.as_str())
            .ok_or(InstrumentError::UnknownInstrument)?;
        Ok(Form { kind: definition.kind(), prefix: definition.prefix.clone() })
    }

    /// The codes of places of a batch that was just made.
    pub fn codes_made(
        &self,
        batch: &BatchRow,
        places: std::ops::Range<u32>,
        tries: &Tries,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let form = self.form_of(batch)?;
        Ok(codes_of(&self.code_secret()?, batch, &form, places, tries))
    }

    /// The codes of places of a batch again, as they are found in the database.
    fn codes_between(
        &self,
        reader: &mut Reader<'_>,
        secret: &CodeSecret,
        batch: &BatchRow,
        places: std::ops::Range<u32>,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let form = self.form_of(batch)?;
        let mut tries = Tries::new();
        let mut missing: Vec<u32> = places.clone().collect();
        for attempt in 0..TRIES_MAX {
            let rows = hashed(secret, batch, &form, attempt, &missing);
            let hashes: Vec<CodeHash> = rows.iter().map(|(hash, _)| *hash).collect();
            let found = codes_find(reader, self.business, &hashes)?;
            missing.clear();
            for ((_, place), found) in rows.into_iter().zip(found) {
                let id = id_in_batch(batch, place, attempt);
                if found.is_none_or(|found| found.instrument != id) {
                    missing.push(place);
                }
            }
            if missing.is_empty() {
                return Ok(codes_of(secret, batch, &form, places, &tries));
            }
            tries.extend(missing.iter().map(|place| (*place, attempt + 1)));
        }
        Err(InstrumentError::UnknownBatch)
    }

    /// The codes that a batch has so far, chunk by chunk, for a list that was lost half-way.
    pub fn reprint(
        &self,
        batch: &BatchRow,
        chunk: u32,
        mut each: impl FnMut(Vec<MadeCode>) -> Result<(), InstrumentError>,
    ) -> Result<(), InstrumentError> {
        let secret = self.code_secret()?;
        let mut from = 0;
        while from < batch.made {
            let until = from.saturating_add(chunk).min(batch.made);
            let codes = self
                .store
                .read(|reader| self.codes_between(reader, &secret, batch, from..until))?;
            each(codes)?;
            from = until;
        }
        Ok(())
    }

    /// Writes a batch down before the first of it is made, so that it can be gone on with from
    /// any moment on.
    pub fn save_batch(&self, batch: &BatchRow) -> Result<(), StoreError> {
        self.store.write(|transaction| batch_write(transaction, self.business, batch))
    }

    pub fn batch(&self, batch: u128) -> Result<Option<BatchRow>, StoreError> {
        self.store.read(|reader| batch_find(reader, self.business, batch))
    }
}

/// What the codes of a batch look like.
struct Form {
    kind: InstrumentKind,
    prefix: String,
}

/// What the codes at places of a batch are found by, in the order in which they are stored. Each
/// place stands alone, so all cores share the work.
fn hashed(
    secret: &CodeSecret,
    batch: &BatchRow,
    form: &Form,
    attempt: u32,
    places: &[u32],
) -> Vec<Hashed> {
    let one = |place: &u32| {
        let id = id_in_batch(batch, *place, attempt);
        (secret.hash(&secret.body(id, form.kind, &form.prefix)), *place)
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = places.len().div_ceil(cores).max(MADE_PER_THREAD_MIN);
    let mut rows: Vec<Hashed> = Vec::with_capacity(places.len());
    std::thread::scope(|scope| {
        let make = |places: &[u32]| -> Vec<Hashed> { places.iter().map(one).collect() };
        let threads: Vec<_> =
            places.chunks(share).map(|places| scope.spawn(move || make(places))).collect();
        for thread in threads {
            match thread.join() {
                Ok(made) => rows.extend(made),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    rows.sort_unstable_by_key(|(hash, place)| (code_place(hash), *place));
    rows
}

/// Two places may have the same code: the first of them has it, the other one needs another.
fn without_twins(mut rows: Vec<Hashed>) -> (Vec<Hashed>, Vec<u32>) {
    let mut taken = Vec::new();
    rows.dedup_by(|next, kept| {
        let is_twin = next.0 == kept.0;
        if is_twin {
            taken.push(next.1);
        }
        is_twin
    });
    (rows, taken)
}

fn with_ids(batch: &BatchRow, attempt: u32, rows: &[Hashed]) -> Vec<(CodeHash, InstrumentId)> {
    rows.iter().map(|(hash, place)| (*hash, id_in_batch(batch, *place, attempt))).collect()
}

fn codes_of(
    secret: &CodeSecret,
    batch: &BatchRow,
    form: &Form,
    places: std::ops::Range<u32>,
    tries: &Tries,
) -> Vec<MadeCode> {
    let code = |place| {
        let attempt = tries.get(&place).copied().unwrap_or(0);
        made_code(secret, id_in_batch(batch, place, attempt), form.kind, &form.prefix)
    };
    places.map(code).collect()
}

/// The id at a place of a batch, for the first try or a later one. It follows from the batch, so
/// that a batch that is gone on with makes no code twice.
fn id_in_batch(batch: &BatchRow, place: u32, attempt: u32) -> InstrumentId {
    let of_batch = ActivityId::new(batch.batch);
    InstrumentId::issued_by(of_batch, place + attempt * BATCH_MAX)
}

/// The values that certificates of one kind can have.
fn possible_values(programme: &Programme, values: &CertificateValues) -> String {
    let said = |value: &Money| programme.currency.format(*value);
    match values {
        CertificateValues::OneOf(values) => {
            values.iter().map(said).collect::<Vec<_>>().join(" or ")
        }
        CertificateValues::Between { smallest, largest } => {
            format!("from {} to {}", said(smallest), said(largest))
        }
    }
}

/// What each instrument of a batch is at first.
fn template_of(
    programme: &Programme,
    emission: &Emission,
    at: Timestamp,
) -> Result<Instrument, InstrumentError> {
    let (_, definition) = programme
        .find_instrument(&emission.instrument)
        .ok_or(InstrumentError::UnknownInstrument)?;
    let of = definition.key.clone();
    if definition.kind() != InstrumentKind::Certificate && emission.value.is_some() {
        return Err(InstrumentError::ValueNotWanted);
    }
    let mut template = match definition.kind() {
        InstrumentKind::Coupon => {
            let coupon = definition.coupon().ok_or(InstrumentError::UnknownInstrument)?;
            if coupon.public.is_some() {
                return Err(InstrumentError::PublicCoupon);
            }
            Instrument::coupon(of, at, coupon.most_uses)
        }
        InstrumentKind::Certificate => {
            let form = definition.certificate().ok_or(InstrumentError::UnknownInstrument)?;
            if emission.value.is_some_and(|value| !form.values.contains(value)) {
                let possible = possible_values(programme, &form.values);
                return Err(InstrumentError::WrongValue { possible });
            }
            if emission.is_active && emission.value.is_none() {
                return Err(InstrumentError::ValueMissing);
            }
            let value = emission.value.unwrap_or_default();
            Instrument::certificate(of, at, value, emission.is_active)
        }
        InstrumentKind::Card => Instrument::card(of, at),
    };
    if template.active_from.is_some() {
        template.ends_at = end_of(programme, definition, at)?;
    }
    Ok(template)
}
