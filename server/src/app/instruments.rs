//! Instruments: making them in batches, looking their codes up, blocking and activating them.
//!
//! A code is in clear here on its way in and out, and nowhere else: never in an error, a log or
//! a row.

use super::App;
use crate::code_secret::CodeSecret;
use crate::pipeline::{ShownCode, ShownCodes};
use crate::store::nouns::directories::{
    Fingerprint, IdempotencyKey, StoredAnswer, answers_add, answers_find,
};
use crate::store::nouns::instruments::{
    BatchRow, CodeHash, InstrumentChange, InstrumentEntryRow, batch_find, batch_write, codes_add,
    codes_find, instrument_entries_add, instruments_add, instruments_find, instruments_write,
};
use crate::store::nouns::reservations::instrument_reservations_find;
use crate::store::{Reader, StoreError, Transaction};
use jiff::Timestamp;
use std::collections::BTreeSet;
use symbolon_core::instrument::{
    Change, Instrument, InstrumentKind, Status, barcode_of, grouped, read_code,
};
use symbolon_core::programme::{
    CertificateValues, CodeCase, InstrumentDefinition, Programme, Programmes,
};
use symbolon_core::values::{ActivityId, CalendarError, InstrumentId, Money};

/// The most instruments of one batch. Their positions, tried again where a code is taken, fit 32
/// bits.
pub const BATCH_MAX: u32 = 100_000_000;
/// How often another code is tried for an instrument whose code is taken. Card numbers are short
/// enough to meet; that many meetings in a row mean that a prefix has no numbers left.
pub(super) const TRIES_MAX: u32 = 40;

/// Why instruments were not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum InstrumentError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no programme yet")]
    NoProgramme,
    #[error("the programme has no instrument of this name")]
    UnknownInstrument,
    #[error("a public code is typed by anybody; nothing is issued")]
    PublicCoupon,
    #[error("a certificate of this instrument cannot have that value; it can have {possible}")]
    WrongValue { possible: String },
    #[error("make at least one and at most {BATCH_MAX}")]
    WrongCount,
    #[error("a certificate that counts at once needs a value")]
    ValueMissing,
    #[error("only certificates have a value")]
    ValueNotWanted,
    #[error("there is no such batch")]
    UnknownBatch,
    #[error("the key was used for another request")]
    KeyReused,
    #[error("the prefix has no free numbers left")]
    NumbersExhausted,
    #[error("a date is beyond what the calendar holds")]
    Calendar(#[from] CalendarError),
    /// Unknown, or not to be told apart from unknown.
    #[error("this code is not valid")]
    UnknownCode,
    #[error("the code is mistyped")]
    Mistyped,
    /// It stands where this cannot be done to it.
    #[error("it is {} and cannot be changed so", status.name())]
    NotAllowed { status: Status },
}

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Emission {
    pub instrument: String,
    pub count: u32,
    pub value: Option<Money>,
    /// Certificates that are given away count at once; others wait for their sale.
    pub is_active: bool,
}

/// One code, in clear, on its way to whoever asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCode {
    pub code: String,
    pub printed: String,
}

/// The definition of an instrument in the newest version that has it.
pub fn definition_of<'a>(
    programmes: &'a Programmes,
    instrument: &str,
) -> Option<(&'a Programme, &'a InstrumentDefinition)> {
    let found =
        |programme: &'a Programme| Some((programme, programme.find_instrument(instrument)?));
    let mut versions = programmes.all().iter().rev();
    let (programme, (_, definition)) = versions.find_map(|version| found(&version.programme))?;
    Some((programme, definition))
}

/// The code of an instrument as it is shown and printed.
pub(super) fn made_code(
    secret: &CodeSecret,
    id: InstrumentId,
    kind: InstrumentKind,
    prefix: &str,
) -> MadeCode {
    let body = secret.body(id, kind, prefix);
    match kind {
        InstrumentKind::Card => MadeCode { code: body.clone(), printed: body },
        _ => MadeCode { code: barcode_of(prefix, &body), printed: grouped(prefix, &body) },
    }
}

impl App {
    /// The secret of codes; made where the database has none yet.
    pub fn code_secret(&self) -> Result<CodeSecret, StoreError> {
        if let Some(secret) = self.codes.loaded() {
            return Ok(secret.clone());
        }
        let now = self.world.now();
        self.store.write(|transaction| self.codes.secret(transaction, self.business, now).cloned())
    }

    /// What a typed code may be, without looking it up.
    pub fn read_shown(&self, text: &str) -> Result<ShownCode, StoreError> {
        let programmes = self.programmes();
        let Some(latest) = programmes.latest() else { return Ok(ShownCode::Mistyped) };
        let programme = &latest.programme;
        if let Some(public) = programme.find_public_code(text) {
            return Ok(ShownCode::Public(public.key.clone()));
        }
        // Codes of instruments that a later version dropped are still read, and looked up.
        let prefixes: BTreeSet<&str> =
            programmes.all().iter().flat_map(|version| version.programme.code_prefixes()).collect();
        let prefixes: Vec<&str> = prefixes.into_iter().collect();
        let reading = read_code(text, &prefixes, programme.settings.code_case);
        if reading.is_mistyped() {
            return Ok(ShownCode::Mistyped);
        }
        let secret = self.code_secret()?;
        let bodies = reading.bodies.iter().chain(&reading.card);
        Ok(ShownCode::Hashes(bodies.map(|body| secret.hash(body)).collect()))
    }

    /// The codes of a receipt and of the certificates that it sells.
    pub fn read_all_shown(
        &self,
        codes: &[String],
        sells: &[(usize, String)],
    ) -> Result<ShownCodes, StoreError> {
        let codes = codes.iter().map(|code| self.read_shown(code)).collect::<Result<_, _>>()?;
        let sells = sells
            .iter()
            .map(|(position, code)| Ok((*position, self.read_shown(code)?)))
            .collect::<Result<_, StoreError>>()?;
        Ok(ShownCodes { codes, sells })
    }

    /// The code of a coupon that a receipt issued.
    pub fn code_of_issued(
        &self,
        coupon: &str,
        id: InstrumentId,
    ) -> Result<Option<MadeCode>, StoreError> {
        let programmes = self.programmes();
        let Some((_, definition)) = definition_of(&programmes, coupon) else { return Ok(None) };
        let secret = self.code_secret()?;
        Ok(Some(made_code(&secret, id, definition.kind(), &definition.prefix)))
    }

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

    /// Makes the next instruments of a batch, in one transaction, and gives their codes.
    pub fn make_chunk(
        &self,
        batch: &mut BatchRow,
        most: u32,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let secret = self.code_secret()?;
        if self.lanes.is_some() {
            return self.make_by_bucket(&secret, batch, most);
        }
        let (made, codes) = self.store.write(|transaction| {
            let mut next = batch.clone();
            let codes = self.make(transaction, &secret, &mut next, most)?;
            Ok::<_, InstrumentError>((next, codes))
        })?;
        *batch = made;
        Ok(codes)
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
                let codes = self.codes_again(transaction, &secret, &batch)?;
                return Ok((batch, codes, true));
            }
            let mut batch = match &new {
                Ok(batch) => batch.clone(),
                // An error of the store belongs to one attempt; these are the caller's.
                Err(_) => {
                    return self.begin_batch(emission).map(|batch| (batch, Vec::new(), false));
                }
            };
            let wanted = batch.wanted;
            let codes = self.make(transaction, &secret, &mut batch, wanted)?;
            self.batch_remember(transaction, &batch, key, request)?;
            Ok((batch, codes, false))
        })
    }

    /// The batch that was made under a key.
    pub(super) fn batch_of_key(
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

    pub(super) fn batch_remember(
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

    fn make(
        &self,
        transaction: &mut Transaction<'_>,
        secret: &CodeSecret,
        batch: &mut BatchRow,
        most: u32,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let programmes = self.programmes();
        let (_, definition) = definition_of(&programmes, batch.instrument.as_str())
            .ok_or(InstrumentError::UnknownInstrument)?;
        let (kind, prefix) = (definition.kind(), definition.prefix.as_str());
        let until = batch.made.saturating_add(most).min(batch.wanted);
        let mut ids: Vec<Option<InstrumentId>> = vec![None; (until - batch.made) as usize];
        let mut missing: Vec<u32> = (batch.made..until).collect();
        for attempt in 0..TRIES_MAX {
            let mut rows: Vec<(CodeHash, InstrumentId, u32)> = missing
                .iter()
                .map(|place| {
                    let id = id_in_batch(batch, *place, attempt);
                    (secret.hash(&secret.body(id, kind, prefix)), id, *place)
                })
                .collect();
            // In the order of their keys, which is kinder to the database.
            rows.sort_unstable();
            let codes: Vec<(CodeHash, InstrumentId)> =
                rows.iter().map(|(hash, id, _)| (*hash, *id)).collect();
            let added = codes_add(transaction, self.business, &codes)?;
            missing.clear();
            for ((_, id, place), is_new) in rows.into_iter().zip(added) {
                if is_new {
                    ids[(place - batch.made) as usize] = Some(id);
                } else {
                    missing.push(place);
                }
            }
            if missing.is_empty() {
                break;
            }
        }
        let ids: Vec<InstrumentId> =
            ids.into_iter().collect::<Option<_>>().ok_or(InstrumentError::NumbersExhausted)?;
        let mut sorted = ids.clone();
        sorted.sort_unstable_by_key(|id| (id.bucket(), *id));
        instruments_add(transaction, self.business, batch.batch, &sorted)?;
        batch.made = until;
        batch_write(transaction, self.business, batch)?;
        Ok(ids.iter().map(|id| made_code(secret, *id, kind, prefix)).collect())
    }

    /// The codes of a batch again, from the ids that follow from it.
    pub(super) fn codes_again(
        &self,
        reader: &mut Reader<'_>,
        secret: &CodeSecret,
        batch: &BatchRow,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        self.codes_between(reader, secret, batch, 0..batch.made)
    }

    fn codes_between(
        &self,
        reader: &mut Reader<'_>,
        secret: &CodeSecret,
        batch: &BatchRow,
        places: std::ops::Range<u32>,
    ) -> Result<Vec<MadeCode>, InstrumentError> {
        let programmes = self.programmes();
        let (_, definition) = definition_of(&programmes, batch.instrument.as_str())
            .ok_or(InstrumentError::UnknownInstrument)?;
        let (kind, prefix) = (definition.kind(), definition.prefix.as_str());
        let first = places.start;
        let mut codes: Vec<Option<MadeCode>> = vec![None; places.len()];
        let mut missing: Vec<u32> = places.collect();
        for attempt in 0..TRIES_MAX {
            if missing.is_empty() {
                break;
            }
            let ids: Vec<InstrumentId> =
                missing.iter().map(|place| id_in_batch(batch, *place, attempt)).collect();
            let found = instruments_find(reader, self.business, &ids)?;
            let tried = std::mem::take(&mut missing);
            for ((place, id), found) in tried.into_iter().zip(ids).zip(found) {
                match found {
                    Some(_) => {
                        codes[(place - first) as usize] = Some(made_code(secret, id, kind, prefix));
                    }
                    None => missing.push(place),
                }
            }
        }
        codes.into_iter().collect::<Option<_>>().ok_or(InstrumentError::UnknownBatch)
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

    /// The instrument that a typed code stands for.
    pub fn instrument_of_code(
        &self,
        text: &str,
    ) -> Result<(InstrumentId, Instrument), InstrumentError> {
        let hashes = match self.read_shown(text)? {
            ShownCode::Mistyped => return Err(InstrumentError::Mistyped),
            ShownCode::Public(_) => return Err(InstrumentError::PublicCoupon),
            ShownCode::Hashes(hashes) => hashes,
        };
        self.store.read(|reader| self.find_by(reader, &hashes))
    }

    fn find_by(
        &self,
        reader: &mut Reader<'_>,
        hashes: &[CodeHash],
    ) -> Result<(InstrumentId, Instrument), InstrumentError> {
        let found = codes_find(reader, self.business, hashes)?;
        let id = found.into_iter().flatten().next().ok_or(InstrumentError::UnknownCode)?;
        let found = instruments_find(reader, self.business, &[id])?;
        let instrument = found.into_iter().flatten().next().ok_or(InstrumentError::UnknownCode)?;
        Ok((id, instrument))
    }

    /// Whether a card number is one that was emitted here, and may be used.
    pub fn emitted_card(&self, text: &str) -> Result<EmittedCard, StoreError> {
        let programmes = self.programmes();
        let has_cards = programmes.all().iter().any(|version| {
            let mut instruments = version.programme.instruments.iter();
            instruments.any(|definition| definition.kind() == InstrumentKind::Card)
        });
        let Some(number) = read_code(text, &[], CodeCase::Ignored).card.filter(|_| has_cards)
        else {
            return Ok(EmittedCard::NotOurs);
        };
        let hash = self.code_secret()?.hash(&number);
        let now = self.world.now();
        let found = self.store.read(|reader| self.find_by(reader, &[hash]));
        match found {
            Ok((_, card)) if card.kind != InstrumentKind::Card => Ok(EmittedCard::NotOurs),
            Ok((_, card)) if card.status(now) == Status::Active => Ok(EmittedCard::Active(number)),
            Ok(_) => Ok(EmittedCard::Blocked),
            Err(InstrumentError::Store(error)) => Err(error),
            Err(_) => Ok(EmittedCard::NotOurs),
        }
    }

    /// Blocks, unblocks or activates what a code stands for, with the reason and the name of
    /// whoever did it.
    pub fn mark_instrument(
        &self,
        text: &str,
        mark: Mark,
        reason: &str,
        actor: &str,
    ) -> Result<(InstrumentId, Instrument), InstrumentError> {
        let hashes = match self.read_shown(text)? {
            ShownCode::Mistyped => return Err(InstrumentError::Mistyped),
            ShownCode::Public(_) => return Err(InstrumentError::PublicCoupon),
            ShownCode::Hashes(hashes) => hashes,
        };
        let now = self.world.now();
        let (id, _) = self.store.read(|reader| self.find_by(reader, &hashes))?;
        self.pipeline().free_instrument(id)?;
        self.store.write(|transaction| {
            let (id, mut instrument) = self.find_by(transaction, &hashes)?;
            let before = instrument.entries;
            let change = match mark {
                Mark::Block => Change::Block,
                Mark::Unblock => Change::Unblock,
                Mark::Activate => {
                    let programmes = self.programmes();
                    let found = definition_of(&programmes, instrument.of.as_str());
                    let (programme, definition) =
                        found.ok_or(InstrumentError::UnknownInstrument)?;
                    Change::Activate { ends_at: end_of(programme, definition, now)? }
                }
            };
            let entry = instrument
                .apply(id, &change, now)
                .map_err(|refused| InstrumentError::NotAllowed { status: refused.status })?;
            let changes = [InstrumentChange { instrument: id, before, state: &instrument }];
            if instruments_write(transaction, self.business, &changes)?.contains(&false) {
                return Err(StoreError::Busy.into());
            }
            // What somebody set aside becomes what he decided, and nothing else.
            let set_aside = instrument_reservations_find(transaction, self.business, &[id])?;
            if set_aside.iter().any(Option::is_some) {
                return Err(StoreError::Busy.into());
            }
            let row = InstrumentEntryRow {
                entry,
                activity: ActivityId::new(0),
                reason: Some(reason.to_owned()),
                actor: Some(actor.to_owned()),
            };
            instrument_entries_add(transaction, self.business, &[row])?;
            Ok((id, instrument))
        })
    }
}

/// What a card number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmittedCard {
    /// Somebody else's number, or none.
    NotOurs,
    /// The number in the form in which it is stored and found.
    Active(String),
    Blocked,
}

/// What a person does to an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Block,
    Unblock,
    Activate,
}

/// The id at a place of a batch, for the first try or a later one. It follows from the batch, so
/// that a batch that is gone on with makes no code twice.
pub(super) fn id_in_batch(batch: &BatchRow, place: u32, attempt: u32) -> InstrumentId {
    let of_batch = ActivityId::new(batch.batch);
    InstrumentId::issued_by(of_batch, place + attempt * BATCH_MAX)
}

fn end_of(
    programme: &Programme,
    definition: &InstrumentDefinition,
    from: Timestamp,
) -> Result<Option<Timestamp>, CalendarError> {
    let Some(lasts) = definition.lasts else { return Ok(None) };
    let day = lasts.after(programme.zone.day(from))?;
    programme.zone.end_of_day(day).map(Some)
}

/// What each instrument of a batch is at first.
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
