//! `symbolon backtest`: recorded receipts decided again under two programmes, side by side.

mod report;

use super::output::{CliError, print_json, print_line, progress_bar};
use super::programme_file::{programme_of, programme_text};
use super::{Format, open_existing};
use crate::insight::{History, Worths, back_test, history_of_database};
use crate::receipts_csv::{CsvOptions, read_csv};
use crate::words::Language;
use clap::Args;
use report::Report;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Rate, parse_decimal};

/// Where recorded receipts come from.
#[derive(Debug, Args)]
pub struct PastArguments {
    /// The database whose receipts are decided again: sqlite:PATH.
    #[arg(long, conflicts_with = "receipts")]
    pub database: Option<String>,
    /// A CSV file of receipts, with a line of column names.
    #[arg(long, requires = "map")]
    pub receipts: Option<PathBuf>,
    /// Which column is what, as for `replay`; `unit_cost` is what one piece cost the shop.
    #[arg(long)]
    pub map: Option<String>,
    /// What the rows are: `receipts`, or `action:ID`.
    #[arg(long = "as", default_value = "receipts")]
    pub rows_are: String,
    /// How dates are written, such as %d-%m-%Y; found out by itself where it is clear.
    #[arg(long)]
    pub date_format: Option<String>,
    /// The location, where no column says it.
    #[arg(long, default_value = "replay")]
    pub location: String,
}

#[derive(Debug, Args)]
pub struct BackTestArguments {
    /// The first programme: usually the one in force.
    #[arg(long)]
    programme: PathBuf,
    /// The programme to compare it with.
    #[arg(long)]
    against: PathBuf,
    #[command(flatten)]
    past: PastArguments,
    /// Another currency than the programmes' texts name.
    #[arg(long)]
    currency: Option<String>,
    /// What one point of a kind is worth in money, such as miles=0.01, where the programme does
    /// not say it, or says something else.
    #[arg(long, value_name = "KIND=MONEY")]
    worth: Vec<String>,
    /// How many receipts that differ are shown.
    #[arg(long, default_value_t = crate::insight::DIFFERENCES_MAX)]
    differences: usize,
    /// How many threads decide; all cores where nothing is said.
    #[arg(long)]
    threads: Option<usize>,
    /// The language of the reasons: en, ru, uk, nb.
    #[arg(long, default_value = "en")]
    language: String,
}

pub fn run(arguments: &BackTestArguments, format: Format) -> Result<u8, CliError> {
    let language = Language::from_code(&arguments.language)
        .ok_or_else(|| CliError::usage("the languages are en, ru, uk, nb"))?;
    let currency = arguments.currency.as_deref();
    let read = |path: &PathBuf| {
        let text = programme_text(path, currency)?;
        programme_of(&path.display().to_string(), &text)
    };
    let (first, second) = (read(&arguments.programme)?, read(&arguments.against)?);
    if first.currency != second.currency {
        return Err(CliError::usage(format!(
            "one programme counts in {} and the other in {}",
            first.currency.code(),
            second.currency.code()
        ))
        .hinted("name one currency for both with --currency"));
    }
    let worths = parse_worths(&arguments.worth, [&first, &second])?;
    let past = read_past(&arguments.past, &first)?;
    let threads = arguments
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = progress_bar(past.history.activities() as u64, "deciding");
    let test = back_test(&past.history, [&first, &second], threads, &|done| bar.inc(done));
    bar.finish_and_clear();
    let mut report = Report {
        names: [&arguments.programme, &arguments.against].map(|path| path.display().to_string()),
        programmes: [first, second],
        worths,
        past,
        test,
        language,
        differences: arguments.differences,
        segments: Vec::new(),
    };
    report.divide();
    let errors: u64 =
        report.test.sides.iter().map(|side| side.errors + side.wrong_balances()).sum();
    match format {
        Format::Json => print_json(&report.json()),
        Format::Text => report.text().iter().for_each(|line| print_line(line)),
    }
    if errors > 0 {
        return Err(CliError::failed(format!("{errors} figures do not add up")));
    }
    Ok(0)
}

/// A past, and what of the file could not be read.
#[derive(Debug)]
pub struct ReadPast {
    pub history: History,
    pub refused: BTreeMap<String, u64>,
    pub examples: Vec<String>,
}

/// Reads the receipts that arguments name.
pub fn read_past(
    arguments: &PastArguments,
    programme: &Arc<Programme>,
) -> Result<ReadPast, CliError> {
    match (&arguments.database, &arguments.receipts, &arguments.map) {
        (Some(address), None, _) => {
            let app = open_existing(address)?;
            let bar = progress_bar(0, "reading");
            let progress = |done| bar.inc(done);
            let history = history_of_database(&app.store, app.business, progress);
            bar.finish_and_clear();
            let history = history.map_err(CliError::caused)?;
            Ok(ReadPast { history, refused: BTreeMap::new(), examples: Vec::new() })
        }
        (None, Some(path), Some(map)) => {
            let options = CsvOptions {
                map,
                rows_are: &arguments.rows_are,
                date_format: arguments.date_format.as_deref(),
                location: &arguments.location,
            };
            let csv = read_csv(path, programme, &options).map_err(CliError::usage)?;
            let history = History::of_documents(csv.documents);
            Ok(ReadPast { history, refused: csv.refused, examples: csv.refused_examples })
        }
        _ => Err(CliError::usage("name the receipts: --database, or --receipts with --map")),
    }
}

/// `miles=0.01` for every kind of points that a programme has.
pub fn parse_worths(
    texts: &[String],
    programmes: [&Arc<Programme>; 2],
) -> Result<Worths, CliError> {
    let mut worths = Worths::new();
    for text in texts {
        let (kind, worth) = text
            .split_once('=')
            .ok_or_else(|| CliError::usage(format!("--worth: `{text}` is not KIND=MONEY")))?;
        if programmes.iter().all(|programme| programme.find_points(kind).is_none()) {
            return Err(CliError::usage(format!("--worth: there are no points `{kind}`")));
        }
        let worth = parse_decimal(worth, Rate::DECIMALS)
            .map_err(|cause| CliError::usage(format!("--worth: `{text}`: {cause}")))?;
        if worth < 0 {
            return Err(CliError::usage(format!("--worth: `{text}` is below zero")));
        }
        worths.insert(Key::new(kind), Rate::new(worth));
    }
    Ok(worths)
}
