//! `symbolon key`: makes an access key.

use super::output::{CliError, print_json, print_line};
use super::{Format, open_existing};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct KeyArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
    /// What the key is for: a till, a shop.
    #[arg(long, default_value = "key")]
    name: String,
}

pub fn run(arguments: &KeyArguments, format: Format) -> Result<u8, CliError> {
    let app = open_existing(&arguments.database)?;
    let key = app.new_key(&arguments.name).map_err(CliError::caused)?;
    match format {
        Format::Json => print_json(&json!({ "access_key": key, "name": arguments.name })),
        Format::Text => print_line(&format!("access key, shown only once: {key}")),
    }
    Ok(0)
}
