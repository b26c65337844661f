//! Proves the instruments: each state is the fold of its entries, each entry comes from an
//! activity or from a person, and each effect on an instrument has its entry.

use super::App;
use super::verify::VerifyReport;
use crate::store::nouns::activities::{self, ActivityRow};
use crate::store::nouns::attempts::{Fate, attempt_fate};
use crate::store::nouns::instruments::{
    StoredEntry, WalkedInstrument, entries_of_instrument, instrument_entries_of_nothing_count,
    instruments_changed_after, instruments_find,
};
use crate::store::nouns::reservations::instrument_reservation_find;
use crate::store::{Reader, StoreError};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_core::engine::Effect;
use symbolon_core::instrument::{
    Change, Instrument, InstrumentKind, ValueAccount, changes_of, issued_by,
};
use symbolon_core::values::{ActivityId, BUCKETS, InstrumentId};

/// How many instruments are read at once.
const PAGE: u32 = 500;

/// Walks over every instrument that something happened to.
pub(super) fn verify_instruments(app: &App, report: &mut VerifyReport) -> Result<(), StoreError> {
    for bucket in 0..BUCKETS {
        let mut after = None;
        loop {
            let page = app.store.read(|reader| {
                let page = instruments_changed_after(reader, app.business, bucket, after, PAGE)?;
                let mut read = Vec::with_capacity(page.len());
                for mut walked in page {
                    let id = walked.instrument;
                    let mut entries = entries_of_instrument(reader, app.business, id)?;
                    if let Some((state, rest)) = booked_beside(reader, app, id)? {
                        walked.state = state;
                        entries.extend(rest);
                    }
                    let causes = causes_of(reader, app, &entries)?;
                    read.push((walked, entries, causes));
                }
                Ok::<_, StoreError>(read)
            })?;
            let Some((last, ..)) = page.last() else { break };
            after = Some(last.instrument);
            for (walked, entries, causes) in &page {
                report.instruments += 1;
                for problem in problems_of(walked, entries, causes) {
                    report.difference(format!("{}: {problem}", walked.instrument));
                }
            }
        }
    }
    let lost =
        app.store.read(|reader| instrument_entries_of_nothing_count(reader, app.business))?;
    if lost > 0 {
        report.difference(format!("{lost} entries belong to no instrument"));
    }
    Ok(())
}

/// What an instrument is by what is booked and only waits to be confirmed.
fn booked_beside(
    reader: &mut Reader<'_>,
    app: &App,
    instrument: InstrumentId,
) -> Result<Option<(Instrument, Vec<StoredEntry>)>, StoreError> {
    if app.lanes.is_none() {
        return Ok(None);
    }
    let set_aside = instrument_reservation_find(reader, app.business, instrument)?;
    let Some((attempt, state, entries)) = set_aside else { return Ok(None) };
    if attempt_fate(reader, app.business, attempt)? != Some(Fate::Booked) {
        return Ok(None);
    }
    let entries = entries.into_iter().map(|row| StoredEntry {
        number: row.entry.number,
        activity: row.activity,
        accounts: (row.entry.from.name().to_owned(), row.entry.to.name().to_owned()),
        amount: row.entry.amount.units(),
        at: row.entry.at,
        change: row.entry.change,
    });
    Ok(Some((state, entries.collect())))
}

/// The activities that entries say they come from.
type Causes = BTreeMap<ActivityId, ActivityRow>;

fn causes_of(
    reader: &mut Reader<'_>,
    app: &App,
    entries: &[StoredEntry],
) -> Result<Causes, StoreError> {
    let ids: BTreeSet<ActivityId> = entries.iter().map(|entry| entry.activity).collect();
    let ids: Vec<ActivityId> = ids.into_iter().filter(|id| id.number() != 0).collect();
    let found = activities::activities_find(reader, app.business, &ids)?;
    Ok(ids.into_iter().zip(found).filter_map(|(id, row)| Some((id, row?))).collect())
}

/// What it was at first: what its batch made, or a coupon as an activity issues it.
fn first_state(walked: &WalkedInstrument) -> Instrument {
    match &walked.template {
        Some(template) => template.clone(),
        None => {
            let state = &walked.state;
            let made = Instrument::coupon(state.of.clone(), state.issued_at, state.most_uses);
            Instrument { holder: state.holder, ends_at: state.ends_at, ..made }
        }
    }
}

fn problems_of(walked: &WalkedInstrument, entries: &[StoredEntry], causes: &Causes) -> Vec<String> {
    let mut problems = Vec::new();
    let mut state = first_state(walked);
    let mut left = i128::from(state.value_left.units());
    for entry in entries {
        match state.apply(walked.instrument, &entry.change, entry.at) {
            Ok(applied) => {
                let accounts = (applied.from.name(), applied.to.name());
                let stored = (entry.accounts.0.as_str(), entry.accounts.1.as_str());
                let same = accounts == stored
                    && applied.amount.units() == entry.amount
                    && applied.number == entry.number;
                if !same {
                    problems.push(format!("entry {} differs from its change", entry.number));
                }
            }
            Err(refused) => {
                let status = refused.status.name();
                problems.push(format!("entry {} is impossible: it was {status}", entry.number));
            }
        }
        let amount = i128::from(entry.amount);
        left += if entry.accounts.1 == ValueAccount::Left.name() { amount } else { 0 };
        left -= if entry.accounts.0 == ValueAccount::Left.name() { amount } else { 0 };
        if entry.activity.number() != 0 && !has_cause(walked.instrument, entry, causes) {
            problems.push(format!("entry {} comes from no effect", entry.number));
        }
    }
    if state != walked.state {
        problems.push("the state differs from the fold of its entries".to_owned());
    }
    if walked.state.kind == InstrumentKind::Certificate
        && left != i128::from(walked.state.value_left.units())
    {
        problems.push("the value left differs from the sum of its entries".to_owned());
    }
    problems
}

fn has_cause(instrument: InstrumentId, entry: &StoredEntry, causes: &Causes) -> bool {
    causes.get(&entry.activity).is_some_and(|row| {
        changes_in(&row.recorded.decision.effects)
            .any(|(id, change)| id == instrument && change == entry.change)
    })
}

fn changes_in(effects: &[Effect]) -> impl Iterator<Item = (InstrumentId, Change)> {
    effects.iter().filter_map(changes_of)
}

/// The other way round: what activities did to instruments, and what of it has no entry.
pub(super) fn missing_entries(
    reader: &mut Reader<'_>,
    app: &App,
    rows: &[ActivityRow],
) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    let mut known: BTreeMap<InstrumentId, Vec<StoredEntry>> = BTreeMap::new();
    for row in rows {
        let id = row.recorded.id;
        let effects = &row.recorded.decision.effects;
        for (instrument, change) in changes_in(effects) {
            let entries = match known.entry(instrument) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => {
                    let mut entries = entries_of_instrument(reader, app.business, instrument)?;
                    let beside = booked_beside(reader, app, instrument)?;
                    entries.extend(beside.into_iter().flat_map(|(_, rest)| rest));
                    free.insert(entries)
                }
            };
            let is_same = |entry: &&StoredEntry| entry.activity == id && entry.change == change;
            let wanted = changes_in(effects)
                .filter(|(other, same)| *other == instrument && *same == change)
                .count();
            if entries.iter().filter(is_same).count() != wanted {
                problems.push(format!("{id}: {} of {instrument} has no entry", change.name()));
            }
        }
        for effect in effects {
            let Some((instrument, issued)) = issued_by(effect, row.recorded.decision.at) else {
                continue;
            };
            let found = instruments_find(reader, app.business, &[instrument])?;
            let found = match found.into_iter().flatten().next() {
                Some(found) => Some(found),
                None => booked_beside(reader, app, instrument)?.map(|(state, _)| state),
            };
            let is_same = found.is_some_and(|found| {
                (found.of, found.holder, found.issued_at, found.most_uses, found.ends_at)
                    == (
                        issued.of,
                        issued.holder,
                        issued.issued_at,
                        issued.most_uses,
                        issued.ends_at,
                    )
            });
            if !is_same {
                problems.push(format!("{id}: {instrument} is not what was issued"));
            }
        }
    }
    Ok(problems)
}
