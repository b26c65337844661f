//! Instruments: looking their codes up, blocking and activating them.
//!
//! A code is in clear here on its way in and out, and nowhere else: never in an error, a log or
//! a row.

use super::App;
use super::emission::BATCH_MAX;
use crate::code_secret::CodeSecret;
use crate::pipeline::{ShownCode, ShownCodes};
use crate::store::nouns::instruments::{
    CodeFound, CodeHash, InstrumentChange, InstrumentEntryRow, coded_instruments_find, codes_find,
    instrument_entries_add, instruments_write,
};
use crate::store::nouns::reservations::instrument_reservations_find;
use crate::store::{Reader, StoreError};
use jiff::Timestamp;
use std::collections::BTreeSet;
use symbolon_core::instrument::{
    Change, Instrument, InstrumentKind, Status, barcode_of, grouped, read_code,
};
use symbolon_core::programme::{CodeCase, InstrumentDefinition, Programme, Programmes};
use symbolon_core::values::{ActivityId, CalendarError, InstrumentId};

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
        let (code, instrument) = self.store.read(|reader| self.find_by(reader, &hashes))?;
        Ok((code.instrument, instrument))
    }

    fn find_by(
        &self,
        reader: &mut Reader<'_>,
        hashes: &[CodeHash],
    ) -> Result<(CodeFound, Instrument), InstrumentError> {
        let found = codes_find(reader, self.business, hashes)?;
        let code = found.into_iter().flatten().next().ok_or(InstrumentError::UnknownCode)?;
        let found = coded_instruments_find(reader, self.business, &[code])?;
        let instrument = found.into_iter().flatten().next().ok_or(InstrumentError::UnknownCode)?;
        Ok((code, instrument))
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
        let (code, _) = self.store.read(|reader| self.find_by(reader, &hashes))?;
        self.pipeline().free_instrument(code.instrument)?;
        self.store.write(|transaction| {
            let (code, mut instrument) = self.find_by(transaction, &hashes)?;
            let (id, batch) = (code.instrument, code.batch);
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
            let changes = [InstrumentChange { instrument: id, batch, before, state: &instrument }];
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

pub(super) fn end_of(
    programme: &Programme,
    definition: &InstrumentDefinition,
    from: Timestamp,
) -> Result<Option<Timestamp>, CalendarError> {
    let Some(lasts) = definition.lasts else { return Ok(None) };
    let day = lasts.after(programme.zone.day(from))?;
    programme.zone.end_of_day(day).map(Some)
}
