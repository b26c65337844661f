//! `symbolon replay`: books recorded receipts from a CSV file.

use super::output::{CliError, print_json, print_line, progress_bar};
use super::programme_file::{programme_of, programme_text};
use super::{Format, SecretFile, open};
use crate::app::{self, LedgerOverview, ReplayReport};
use crate::receipts_csv::{CsvOptions, ReadCsv, read_csv};
use crate::recorded::Document;
use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use std::path::PathBuf;
use symbolon_core::values::format_decimal;

#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// The programme text that judges the receipts.
    #[arg(long)]
    programme: PathBuf,
    /// The CSV file, with a line of column names.
    #[arg(long)]
    receipts: PathBuf,
    /// Which column is what: "receipt=invoice sku=sku quantity=quantity unit_price=unit_price
    /// at=at member=customer"; also category, brand, amount, location, till, reference.
    /// `receipt=#row` makes every row a receipt.
    #[arg(long)]
    map: String,
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
    /// What the rows are: `receipts`, or `action:ID`.
    #[arg(long = "as", default_value = "receipts")]
    rows_are: String,
    /// How dates are written, such as %d-%m-%Y; found out by itself where it is clear.
    #[arg(long)]
    date_format: Option<String>,
    /// The location, where no column says it.
    #[arg(long, default_value = "replay")]
    location: String,
    /// Another currency than the programme's text names.
    #[arg(long)]
    currency: Option<String>,
    #[command(flatten)]
    secret: SecretFile,
}

pub fn run(arguments: &ReplayArguments, format: Format) -> Result<u8, CliError> {
    #[expect(clippy::disallowed_methods, reason = "the summary says how long it took")]
    let started = std::time::Instant::now();
    let name = arguments.programme.display().to_string();
    let text = programme_text(&arguments.programme, arguments.currency.as_deref())?;
    let programme = programme_of(&name, &text)?;
    let options = CsvOptions {
        map: &arguments.map,
        rows_are: &arguments.rows_are,
        date_format: arguments.date_format.as_deref(),
        location: &arguments.location,
    };
    let csv = read_csv(&arguments.receipts, &programme, &options).map_err(CliError::usage)?;
    let app = arguments.secret.of(open(&arguments.database)?);
    app.publish(&name, &text, app.world.now()).map_err(CliError::caused)?;
    let bar = progress_bar(csv.documents.len() as u64, "booking");
    let report = app::run_documents(&app, &csv.documents, |done| bar.inc(done as u64))
        .map_err(CliError::caused)?;
    bar.finish_and_clear();
    if let Some(end) = csv.documents.iter().map(|document: &Document| document.at).max() {
        app::settle_all(&app, end).map_err(CliError::caused)?;
    }
    let overview = app::ledger_overview(&app).map_err(CliError::caused)?;
    let seconds = started.elapsed().as_secs_f64();
    let end = csv.documents.iter().map(|document| document.at).max();
    match format {
        Format::Json => {
            print_json(&summary(&app, &csv, &report, &overview, end, seconds));
        }
        Format::Text => print_summary(&app, &csv, &report, &overview, seconds),
    }
    Ok(0)
}

fn decimals_of(app: &app::App, points: &str) -> u8 {
    let programmes = app.programmes();
    let kind = programmes
        .latest()
        .and_then(|latest| latest.programme.find_points(points).map(|(_, kind)| kind.decimals));
    kind.unwrap_or(0)
}

fn summary(
    app: &app::App,
    csv: &ReadCsv,
    report: &ReplayReport,
    overview: &LedgerOverview,
    end: Option<Timestamp>,
    seconds: f64,
) -> serde_json::Value {
    let points: serde_json::Map<String, serde_json::Value> = overview
        .points
        .iter()
        .map(|kind| {
            let decimals = decimals_of(app, &kind.points);
            let text = |units: i64| format_decimal(units, decimals);
            let sums = json!({
                "earned": text(kind.earned),
                "reversed": text(kind.reversed),
                "redeemed": text(kind.redeemed),
                "expired": text(kind.expired),
                "adjusted": text(kind.adjusted),
                "balance": text(kind.balance),
            });
            (kind.points.clone(), sums)
        })
        .collect();
    json!({
        "this_run": {
            "receipts": report.receipts,
            "returns": report.returns,
            "actions": report.actions,
            "already_booked": report.already_booked,
            "return_lines": {
                "matched": report.matched_return_lines,
                "partly_matched": report.partly_matched_return_lines,
                "unmatched": report.unmatched_return_lines,
            },
            "documents_refused": report.refused,
            "lines": csv.lines,
            "lines_refused": csv.refused,
            "lines_refused_first": csv.refused_examples,
        },
        "in_database": {
            "members": overview.members,
            "receipts": overview.receipts,
            "returns": overview.returns,
            "points": points,
            "at": end,
        },
        "seconds": seconds,
    })
}

fn print_summary(
    app: &app::App,
    csv: &ReadCsv,
    report: &ReplayReport,
    overview: &LedgerOverview,
    seconds: f64,
) {
    print_line(&format!(
        "{} receipts, {} returns and {} actions booked, {} were booked already, in {seconds:.1} s",
        report.receipts, report.returns, report.actions, report.already_booked
    ));
    if report.returns > 0 {
        print_line(&format!(
            "return lines: {} matched, {} partly, {} unmatched",
            report.matched_return_lines,
            report.partly_matched_return_lines,
            report.unmatched_return_lines
        ));
    }
    for (reason, count) in csv.refused.iter().chain(&report.refused) {
        print_line(&format!("refused: {count} × {reason}"));
    }
    for example in &csv.refused_examples {
        print_line(&format!("  {example}"));
    }
    print_line(&format!(
        "in the database: {} members, {} receipts, {} returns",
        overview.members, overview.receipts, overview.returns
    ));
    for kind in &overview.points {
        let decimals = decimals_of(app, &kind.points);
        let text = |units: i64| format_decimal(units, decimals);
        print_line(&format!(
            "  {}: earned {}, reversed {}, redeemed {}, expired {}, balance {}",
            kind.points,
            text(kind.earned),
            text(kind.reversed),
            text(kind.redeemed),
            text(kind.expired),
            text(kind.balance)
        ));
    }
}
