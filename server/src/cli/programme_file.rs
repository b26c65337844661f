//! Reading a programme text for commands that take one, in whatever currency they are told.

use super::output::CliError;
use std::path::Path;
use std::sync::Arc;
use symbolon_core::programme::{Programme, read};

/// The text of a programme, with another currency where one is named.
pub fn programme_text(path: &Path, currency: Option<&str>) -> Result<String, CliError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::usage(format!("{name} cannot be read: {error}")))?;
    match currency {
        Some(currency) => with_currency(&text, currency),
        None => Ok(text),
    }
}

/// A checked programme, or the problems of its text.
pub fn programme_of(name: &str, text: &str) -> Result<Arc<Programme>, CliError> {
    let reading = read(name, text);
    match reading.programme {
        Some(programme) => Ok(Arc::new(programme)),
        None => {
            let remarks: Vec<String> = reading.remarks.iter().map(ToString::to_string).collect();
            Err(CliError::failed(remarks.join("\n")).hinted("run `symbolon check` on it"))
        }
    }
}

/// The text with another currency. Only the top-level key is touched.
fn with_currency(text: &str, currency: &str) -> Result<String, CliError> {
    let mut found = false;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let is_key = line
                .trim_start()
                .strip_prefix("currency")
                .is_some_and(|rest| rest.trim_start().starts_with('='));
            if is_key && !found {
                found = true;
                return format!("currency = \"{currency}\"");
            }
            line.to_owned()
        })
        .collect();
    if found {
        Ok(lines.join("\n") + "\n")
    } else {
        Err(CliError::usage("the programme names no currency that --currency could replace"))
    }
}
