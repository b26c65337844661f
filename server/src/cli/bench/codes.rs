//! Unguessable codes, made, stored and found, beside the loading of codes that lie ready.

use super::LoadArguments;
use super::loads::{Loaded, Measured, compare};
use super::tools::{Folder, Place, seconds};
use crate::app::{App, Emission, InstrumentError, MadeCode, Tries};
use crate::cli::Format;
use crate::cli::output::CliError;
use crate::store::nouns::instruments::BatchRow;
use crate::world::World;
use std::io::{BufWriter, Write};
use std::path::Path;
use symbolon_core::instrument::InstrumentKind;

const PROGRAMME: &str = r#"
format = 1
id = "bench-codes"
name = { en = "Codes" }
currency = "EUR"
timezone = "Europe/Oslo"

[instrument.leaflet]
kind = "coupon"
name = { en = "Leaflet" }
prefix = "TEN"
lasts = "30 days"
"#;
/// The made-up codes are the same every time.
const SEED: u64 = 12;
/// Letters and digits that nobody mistakes for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;
/// So many codes are looked up again.
const LOOKED_UP: u32 = 1_000;

const LOADED: Loaded = Loaded {
    benchmark: "codes",
    ours: "codes made, stored and indexed",
    ruler: "codes that lie ready, loaded by",
};

pub fn run(arguments: &LoadArguments, format: Format) -> Result<u8, CliError> {
    let write_ready = |ready: &Path| write_ready_codes(ready, arguments.count);
    compare(&LOADED, arguments, format, write_ready, ruler, |place, folder, _| {
        measure(place, folder, arguments.count)
    })
}

/// What somebody would write by hand for codes that lie ready in a file, in the order of the key.
fn ruler(place: &Place, ready: &Path) -> String {
    let file = ready.display();
    match place {
        Place::Sqlite(_) => format!(
            "pragma journal_mode = wal;\npragma synchronous = full;\n\
             create table code (code text not null primary key, batch integer not null) \
             without rowid;\nbegin;\n.import --csv {file} code\ncommit;\n"
        ),
        Place::Postgres { .. } => format!(
            "set synchronous_commit = on;\nbegin;\n\
             create table code (code text not null, batch bigint not null);\n\
             \\copy code from '{file}' csv\n\
             alter table code add primary key (code);\ncommit;\n"
        ),
    }
}

fn write_ready_codes(path: &Path, count: u32) -> std::io::Result<()> {
    let mut chance = fastrand::Rng::with_seed(SEED);
    let mut codes: Vec<[u8; LENGTH]> = (0..count)
        .map(|_| std::array::from_fn(|_| ALPHABET[chance.usize(0..ALPHABET.len())]))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for code in codes {
        file.write_all(&code)?;
        file.write_all(b",1\n")?;
    }
    file.flush()
}

fn measure(place: &Place, folder: &Folder, count: u32) -> Result<Measured, CliError> {
    let app = App::open(&place.url()?, World::Real).map_err(CliError::caused)?;
    let app = app.with_secret_file(place.file(folder, "secret"));
    app.publish("bench-codes", PROGRAMME, app.world.now()).map_err(CliError::caused)?;
    let emission =
        Emission { instrument: "leaflet".to_owned(), count, value: None, is_active: false };
    let ((batch, tries), took) = seconds(|| make(&app, &emission).map_err(CliError::caused))?;
    let wrong = look_up(&app, &batch, &tries).map_err(CliError::caused)?;
    Measured::of(&app, took, wrong)
}

fn make(app: &App, emission: &Emission) -> Result<(BatchRow, Tries), InstrumentError> {
    let mut batch = app.begin_batch(emission)?;
    app.save_batch(&batch)?;
    let tries = app.make_slice(&mut batch, emission.count, &mut |_| Ok(()))?;
    Ok((batch, tries))
}

/// Counts codes that are not found as what they are, and others that are found although nobody
/// made them.
fn look_up(app: &App, batch: &BatchRow, tries: &Tries) -> Result<u64, InstrumentError> {
    let mut wrong = u64::from(batch.made != batch.wanted);
    let step = (batch.made / LOOKED_UP).max(1);
    let places = (0..batch.made).step_by(step as usize);
    for place in places {
        for MadeCode { code, .. } in app.codes_made(batch, place..place + 1, tries)? {
            let is_found = app
                .instrument_of_code(&code)
                .is_ok_and(|(_, found)| found.kind == InstrumentKind::Coupon);
            let other = another(&code);
            let is_nothing = matches!(
                app.instrument_of_code(&other),
                Err(InstrumentError::UnknownCode | InstrumentError::Mistyped)
            );
            wrong += u64::from(!is_found) + u64::from(!is_nothing);
        }
    }
    Ok(wrong)
}

/// A code with two letters changed, as somebody who guesses would write it.
fn another(code: &str) -> String {
    let changed = |letter: char| if letter == 'A' { 'B' } else { 'A' };
    let mut letters: Vec<char> = code.chars().collect();
    for place in [1, 3] {
        if let Some(letter) = letters.get_mut(place) {
            *letter = changed(*letter);
        }
    }
    letters.into_iter().collect()
}
