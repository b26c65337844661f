//! Batches of instruments where every transaction touches one bucket only: codes first, then the
//! instruments, then how far the batch is. Ids and codes follow from the batch, so each step may be
//! done again, and a batch that was stopped is gone on with.

use super::instruments::{TRIES_MAX, id_in_batch, made_code};
use super::lanes::together;
use super::{App, Emission, InstrumentError, MadeCode, definition_of};
use crate::code_secret::CodeSecret;
use crate::store::nouns::directories::{Fingerprint, IdempotencyKey, answers_find};
use crate::store::nouns::instruments::{
    BatchRow, CodeHash, batch_write, codes_add, codes_find, instruments_add_again,
};
use crate::store::{Reader, StoreError};
use symbolon_core::instrument::InstrumentKind;
use symbolon_core::values::{Bucket, InstrumentId};

/// A code, what it stands for, and its place in the batch.
type Placed = (CodeHash, InstrumentId, u32);

impl App {
    pub(super) fn make_by_bucket(
        &self,
        secret: &CodeSecret,
        batch: &mut BatchRow,
        most: u32,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let programmes = self.programmes();
        let (_, definition) = definition_of(&programmes, batch.instrument.as_str())
            .ok_or(InstrumentError::UnknownInstrument)?;
        let (kind, prefix) = (definition.kind(), definition.prefix.as_str());
        let until = batch.made.saturating_add(most).min(batch.wanted);
        let ids = self.ids_with_codes(secret, batch, (batch.made, until), (kind, prefix))?;
        for ids in together(self, &ids, |id| id.bucket()) {
            self.store.write(|transaction| {
                instruments_add_again(transaction, self.business, batch.batch, &ids)
            })?;
        }
        batch.made = until;
        self.store.write(|transaction| batch_write(transaction, self.business, batch))?;
        Ok(ids.iter().map(|id| made_code(secret, *id, kind, prefix)).collect())
    }

    /// The ids at places of a batch, with their codes entered. A code that is somebody else's makes
    /// another id for its place.
    fn ids_with_codes(
        &self,
        secret: &CodeSecret,
        batch: &BatchRow,
        (from, until): (u32, u32),
        (kind, prefix): (InstrumentKind, &str),
    ) -> Result<Vec<InstrumentId>, InstrumentError> {
        let mut ids: Vec<Option<InstrumentId>> = vec![None; (until - from) as usize];
        let mut missing: Vec<u32> = (from..until).collect();
        for attempt in 0..TRIES_MAX {
            let mut rows: Vec<Placed> = missing
                .iter()
                .map(|place| {
                    let id = id_in_batch(batch, *place, attempt);
                    (secret.hash(&secret.body(id, kind, prefix)), id, *place)
                })
                .collect();
            rows.sort_unstable();
            missing.clear();
            for rows in together(self, &rows, |row| Bucket::of(u128::from_be_bytes(row.0))) {
                let owners = self.store.write(|transaction| {
                    let codes: Vec<(CodeHash, InstrumentId)> =
                        rows.iter().map(|(hash, id, _)| (*hash, *id)).collect();
                    let added = codes_add(transaction, self.business, &codes)?;
                    let known: Vec<CodeHash> = codes
                        .iter()
                        .zip(&added)
                        .filter(|(_, is_new)| !**is_new)
                        .map(|((hash, _), _)| *hash)
                        .collect();
                    let mut known =
                        codes_find(transaction, self.business, &known)?.into_iter().flatten();
                    let owner = |((_, id), is_new): (&(CodeHash, InstrumentId), bool)| {
                        if is_new { Some(*id) } else { known.next() }
                    };
                    Ok::<Vec<_>, StoreError>(codes.iter().zip(added).map(owner).collect())
                })?;
                for ((_, id, place), owner) in rows.into_iter().zip(owners) {
                    if owner == Some(id) {
                        ids[(place - from) as usize] = Some(id);
                    } else {
                        missing.push(place);
                    }
                }
            }
            if missing.is_empty() {
                break;
            }
        }
        ids.into_iter().collect::<Option<_>>().ok_or(InstrumentError::NumbersExhausted)
    }

    /// The key is kept before anything is made: whoever asks again goes on with the same batch.
    pub(super) fn make_once_by_bucket(
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
        if let Some(batch) = self.store.read(find)? {
            return self.made_again(secret, batch);
        }
        let mut batch = self.begin_batch(emission)?;
        self.store.write(|transaction| batch_write(transaction, self.business, &batch))?;
        let kept =
            self.store.write(|transaction| self.batch_remember(transaction, &batch, key, request));
        match kept {
            Ok(()) => {}
            // Somebody asked the same at the same moment.
            Err(StoreError::Unique { .. }) => {
                let batch = self.store.read(find)?.ok_or(InstrumentError::UnknownBatch)?;
                return self.made_again(secret, batch);
            }
            Err(error) => return Err(error.into()),
        }
        let wanted = batch.wanted;
        let codes = self.make_by_bucket(secret, &mut batch, wanted)?;
        Ok((batch, codes, false))
    }

    fn made_again(
        &self,
        secret: &CodeSecret,
        mut batch: BatchRow,
    ) -> Result<(BatchRow, Vec<MadeCode>, bool), InstrumentError> {
        let left = batch.wanted - batch.made;
        if left > 0 {
            self.make_by_bucket(secret, &mut batch, left)?;
        }
        let codes = self.store.read(|reader| self.codes_again(reader, secret, &batch))?;
        Ok((batch, codes, true))
    }
}
