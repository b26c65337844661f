//! `symbolon calendar`: books what the calendar brought. A server does so by itself.

use super::output::{CliError, print_json, print_line};
use super::{Format, SecretFile, open_existing};
use crate::app::run_calendar;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct CalendarArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, default_value = "sqlite:symbolon.db")]
    database: String,
    #[command(flatten)]
    secret: SecretFile,
}

pub fn run(arguments: &CalendarArguments, format: Format) -> Result<u8, CliError> {
    let app = arguments.secret.of(open_existing(&arguments.database)?);
    let members = run_calendar(&app).map_err(CliError::caused)?;
    match format {
        Format::Json => print_json(&json!({ "members": members })),
        Format::Text => print_line(&format!("members to whom something came: {members}")),
    }
    Ok(0)
}
