//! `symbolon emit`: makes coupons, certificates or cards, and writes their codes into a file.
//!
//! A batch is made in slices. A run that was killed is gone on with by the id of its batch: what
//! was made is written again, and no code is made twice.

use super::output::{CliError, print_json, print_line, progress_bar};
use super::{Format, SecretFile, open_existing};
use crate::app::{App, Emission, InstrumentError, MadeCode, definition_of};
use crate::store::nouns::instruments::BatchRow;
use clap::Args;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use symbolon_core::values::{ActivityId, Currency};

/// How many are made together. They are held in memory meanwhile, with 32 bytes each.
const SLICE: u32 = 10_000_000;
/// How many lines are written at once.
const LINES: u32 = 20_000;
/// What the id of a batch begins with, as in the API.
const BATCH_PREFIX: &str = "bat";

#[derive(Debug, Args)]
pub struct EmitArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
    /// The instrument of the programme.
    #[arg(long, required_unless_present = "resume")]
    instrument: Option<String>,
    /// How many.
    #[arg(long, required_unless_present = "resume")]
    count: Option<u32>,
    /// What each certificate is worth, such as 50.00.
    #[arg(long)]
    value: Option<String>,
    /// Certificates count at once, because they are given away; otherwise they wait for their sale.
    #[arg(long)]
    active: bool,
    /// The CSV file for the codes. Nobody else may read it.
    #[arg(long)]
    out: PathBuf,
    /// Goes on with a batch that was interrupted, by its id.
    #[arg(long, conflicts_with_all = ["instrument", "count", "value", "active"])]
    resume: Option<String>,
    #[command(flatten)]
    secret: SecretFile,
}

pub fn run(arguments: &EmitArguments, format: Format) -> Result<u8, CliError> {
    #[expect(clippy::disallowed_methods, reason = "the summary says how long it took")]
    let started = std::time::Instant::now();
    let app = arguments.secret.of(open_existing(&arguments.database)?);
    // A list of codes is worth money: another batch never writes over it.
    if arguments.resume.is_none() && arguments.out.exists() {
        let message = format!("{} is there already", arguments.out.display());
        let hint = "choose another file; with --resume, the list of a batch is written anew";
        return Err(CliError::usage(message).hinted(hint));
    }
    let mut batch = match &arguments.resume {
        Some(id) => find_batch(&app, id)?,
        None => {
            let batch = app.begin_batch(&emission(&app, arguments)?).map_err(failed)?;
            app.save_batch(&batch).map_err(CliError::caused)?;
            batch
        }
    };
    let id = batch_id(&batch);
    let mut list = CodeList::create(&app, &batch, &arguments.out)?;
    if format == Format::Text && arguments.resume.is_none() {
        print_line(&format!("batch {id}; if this stops half-way, go on with --resume {id}"));
    }
    let bar = progress_bar(u64::from(batch.wanted), "making codes");
    let again = |codes: Vec<MadeCode>| {
        bar.inc(codes.len() as u64);
        list.write(&codes).map_err(|error| InstrumentError::Store(list_problem(&error)))
    };
    app.reprint(&batch, LINES, again).map_err(failed)?;
    while batch.made < batch.wanted {
        let mut from = batch.made;
        let mut stored = |count| {
            bar.inc(count);
            Ok(())
        };
        let tries = app.make_slice(&mut batch, SLICE, &mut stored).map_err(failed)?;
        while from < batch.made {
            let until = from.saturating_add(LINES).min(batch.made);
            let codes = app.codes_made(&batch, from..until, &tries).map_err(failed)?;
            list.write(&codes).map_err(CliError::caused)?;
            from = until;
        }
    }
    list.finish().map_err(CliError::caused)?;
    bar.finish_and_clear();
    let seconds = started.elapsed().as_secs_f64();
    let out = arguments.out.display().to_string();
    match format {
        Format::Json => print_json(&json!({
            "batch": id,
            "instrument": batch.instrument,
            "made": batch.made,
            "file": out,
            "seconds": seconds,
        })),
        Format::Text => {
            let (made, of) = (batch.made, &batch.instrument);
            print_line(&format!("{made} codes of `{of}` in {out}, in {seconds:.1} s"));
        }
    }
    Ok(0)
}

fn emission(app: &App, arguments: &EmitArguments) -> Result<Emission, CliError> {
    let missing = || CliError::usage("--instrument and --count are needed");
    let instrument = arguments.instrument.clone().ok_or_else(missing)?;
    let count = arguments.count.ok_or_else(missing)?;
    let programmes = app.programmes();
    let currency = programmes.latest().map(|latest| latest.programme.currency);
    let value = match (&arguments.value, currency) {
        (Some(value), Some(currency)) => {
            let value = currency.parse(value);
            Some(value.map_err(|error| CliError::usage(format!("--value: {error}")))?)
        }
        _ => None,
    };
    Ok(Emission { instrument, count, value, is_active: arguments.active })
}

fn failed(error: InstrumentError) -> CliError {
    match error {
        InstrumentError::Store(error) => CliError::caused(error),
        other => CliError::usage(other),
    }
}

fn list_problem(error: &std::io::Error) -> crate::store::StoreError {
    crate::store::StoreError::Other {
        source: format!("the list cannot be written: {error}").into(),
    }
}

fn batch_id(batch: &BatchRow) -> String {
    let text = ActivityId::new(batch.batch).to_string();
    text.replacen(ActivityId::PREFIX, BATCH_PREFIX, 1)
}

fn find_batch(app: &App, id: &str) -> Result<BatchRow, CliError> {
    let text = id.replacen(BATCH_PREFIX, ActivityId::PREFIX, 1);
    let number: Result<ActivityId, _> = text.parse();
    let found = match number {
        Ok(number) => app.batch(number.number()).map_err(CliError::caused)?,
        Err(_) => None,
    };
    found.ok_or_else(|| CliError::usage(format!("there is no batch {id} in this database")))
}

/// The CSV file with the codes in clear.
struct CodeList {
    file: BufWriter<File>,
    /// What is the same in every row: the instrument, its value, the last day.
    rest: String,
}

impl CodeList {
    fn create(app: &App, batch: &BatchRow, path: &Path) -> Result<Self, CliError> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|error| {
            CliError::usage(format!("{} cannot be written: {error}", path.display()))
        })?;
        let programmes = app.programmes();
        let programme =
            definition_of(&programmes, batch.instrument.as_str()).map(|(programme, _)| programme);
        let face = batch.template.face;
        let format = |currency: Currency| currency.format(face);
        let value = programme
            .filter(|_| face.is_positive())
            .map_or(String::new(), |programme| format(programme.currency));
        let until =
            programme.zip(batch.template.ends_at).map_or(String::new(), |(programme, at)| {
                // The end is the first instant that no longer counts; people read the last day.
                let last = at.as_microsecond().saturating_sub(1);
                let last = jiff::Timestamp::from_microsecond(last).unwrap_or(at);
                programme.zone.day(last).to_string()
            });
        let rest = format!("{},{value},{until}", batch.instrument);
        let mut list = Self { file: BufWriter::new(file), rest };
        let head = "code,printed,barcode,instrument,value,valid_until";
        writeln!(list.file, "{head}").map_err(CliError::caused)?;
        Ok(list)
    }

    fn write(&mut self, codes: &[MadeCode]) -> std::io::Result<()> {
        for MadeCode { code, printed } in codes {
            // Codes are letters and digits, so nothing here needs quotes.
            writeln!(self.file, "{code},{printed},{code},{}", self.rest)?;
        }
        self.file.flush()
    }

    fn finish(mut self) -> std::io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()
    }
}
