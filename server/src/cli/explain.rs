//! `symbolon explain`: every rule, what it gave to a receipt or why it gave nothing.

use super::output::{CliError, print_json, print_line};
use super::{Format, open_existing};
use crate::app::{App, explain_receipt};
use crate::store::nouns::activities::activities_by_label;
use crate::words::{Language, Speaker, explain_reason};
use clap::Args;
use serde_json::json;
use symbolon_core::values::ActivityId;

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long)]
    database: String,
    /// The number that stands on the receipt, or its id (rcp_…).
    receipt: String,
    /// The language of the sentences: en, ru, uk, nb.
    #[arg(long, default_value = "en")]
    language: String,
}

pub fn run(arguments: &ExplainArguments, format: Format) -> Result<u8, CliError> {
    let language = Language::from_code(&arguments.language)
        .ok_or_else(|| CliError::usage("the languages are en, ru, uk, nb"))?;
    let app = open_existing(&arguments.database)?;
    let id = find(&app, &arguments.receipt)?;
    let explained = explain_receipt(&app, id).map_err(CliError::caused)?;
    let explained = explained.map_err(CliError::failed)?;
    let say = Speaker::new(language, &explained.version.programme);
    let sentences: Vec<_> =
        explained.decision.reasons.iter().map(|reason| explain_reason(&say, reason)).collect();
    match format {
        Format::Json => print_json(&json!({
            "id": id,
            "programme_version": explained.version.number,
            "at": explained.decision.at,
            "same_as_booked": explained.is_same,
            "effects": explained.decision.effects,
            "reasons": explained.decision.reasons.iter().zip(&sentences).map(|(reason, said)| {
                json!({
                    "about": reason.about,
                    "reason": reason.outcome.name(),
                    "sentence": said.line(&say),
                    "data": reason.outcome,
                })
            }).collect::<Vec<_>>(),
            "compared": explained.compared.iter().map(|(rule, facts)| json!({
                "rule": rule, "facts": facts,
            })).collect::<Vec<_>>(),
        })),
        Format::Text => {
            print_line(&format!(
                "{} judged by version {} at {}",
                arguments.receipt, explained.version.number, explained.decision.at
            ));
            for said in &sentences {
                print_line(&format!("  {}", said.line(&say)));
            }
            for (rule, facts) in &explained.compared {
                let facts: Vec<String> =
                    facts.iter().map(|(fact, value)| format!("{fact} = {value}")).collect();
                print_line(&format!("  {rule}: {}", facts.join(", ")));
            }
            if !explained.is_same {
                print_line("deciding again gives another decision: run `symbolon verify`");
            }
        }
    }
    Ok(u8::from(!explained.is_same))
}

fn find(app: &App, text: &str) -> Result<ActivityId, CliError> {
    let digits = text.split_once('_').map_or("", |(_, digits)| digits);
    if let Ok(id) = format!("{}_{digits}", ActivityId::PREFIX).parse() {
        return Ok(id);
    }
    let found = app
        .store
        .read(|reader| activities_by_label(reader, app.business, text, 10))
        .map_err(CliError::caused)?;
    match found.as_slice() {
        [] => Err(CliError::failed(format!("there is no receipt `{text}`"))),
        [only] => Ok(only.recorded.id),
        several => {
            let ids: Vec<String> = several.iter().map(|row| row.recorded.id.to_string()).collect();
            Err(CliError::failed(format!("several receipts have the number `{text}`"))
                .hinted(format!("name one by its id: {}", ids.join(", "))))
        }
    }
}
