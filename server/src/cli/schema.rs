//! `symbolon schema`: statements about the tables, for whoever runs the database.

use super::Format;
use super::output::{CliError, print_json, print_line};
use crate::store::citus::{DISTRIBUTED_SHARDS, citus_statements};
use crate::store::nouns::MIGRATIONS;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// Prints the statements that spread the tables over the machines of a Citus cluster. Those
    /// that are spread already are left alone, so they may be run again after an update.
    Citus,
}

pub fn run(command: &SchemaCommand, format: Format) -> Result<u8, CliError> {
    let SchemaCommand::Citus = command;
    let statements = citus_statements(MIGRATIONS).map_err(CliError::failed)?;
    match format {
        Format::Json => print_json(&json!({
            "shards": DISTRIBUTED_SHARDS,
            "statements": statements,
        })),
        Format::Text => {
            for statement in statements {
                print_line(&format!("{statement};"));
            }
        }
    }
    Ok(0)
}
