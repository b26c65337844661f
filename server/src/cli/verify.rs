//! `symbolon verify`: proves the ledger.

use super::output::{CliError, print_json, print_line, progress_bar};
use super::{Format, open_existing};
use crate::app;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
}

pub fn run(arguments: &VerifyArguments, format: Format) -> Result<u8, CliError> {
    let app = open_existing(&arguments.database)?;
    let overview = app::ledger_overview(&app).map_err(CliError::caused)?;
    let bar = progress_bar(u64::try_from(overview.members).unwrap_or(0), "verifying members");
    let report = app::verify(&app, |done| bar.inc(done)).map_err(CliError::caused)?;
    bar.finish_and_clear();
    match format {
        Format::Json => print_json(&json!({ "clean": report.is_clean(), "report": report })),
        Format::Text => {
            for difference in &report.differences {
                print_line(difference);
            }
            print_line(&format!(
                "{} members, {} activities, {} entries, {} coupons, certificates and cards and \
                 {} guest activities folded again: {}",
                report.members,
                report.activities,
                report.entries,
                report.instruments,
                report.guest_activities,
                if report.is_clean() {
                    "no difference".to_owned()
                } else {
                    let found = report.differences.len() as u64 + report.more_differences;
                    format!("{found} differences")
                }
            ));
        }
    }
    Ok(u8::from(!report.is_clean()))
}
