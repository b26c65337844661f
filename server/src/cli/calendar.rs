//! `symbolon calendar`: books what the calendar brought and what ran out. A server does so by itself.

use super::output::{CliError, print_json, print_line};
use super::{Format, SecretFile, open_existing};
use crate::app::App;
use crate::app::{run_calendar, settle_expired};
use clap::Args;
use jiff::civil::Date;
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
    let expired = settle_expired(&app, &mut || true).map_err(CliError::caused)?;
    match format {
        Format::Json => print_json(&json!({ "members": members, "expired": expired })),
        Format::Text => {
            print_line(&format!("members to whom something came: {members}"));
            print_line(&format!("members of whom something ran out: {expired}"));
            if let Some(last) = ended_on(&app) {
                let proof = "`symbolon ending` proves that nothing is left";
                print_line(&format!(
                    "the programme ended on {last}, and what was left of its points is settled; {proof}"
                ));
            }
        }
    }
    Ok(0)
}

/// The last spending day of the latest version, where it is over.
fn ended_on(app: &App) -> Option<Date> {
    let programmes = app.programmes();
    let ending = programmes.latest()?.programme.ending.as_ref()?;
    (ending.ends_at <= app.world.now()).then_some(ending.last_spending_day)
}
