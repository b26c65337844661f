//! `symbolon check`: reads programmes and runs their stories.

use super::Format;
use super::output::{CliError, print_json, print_line};
use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use symbolon_core::programme::{Problem, Programmes, Severity, Version, read};
use symbolon_core::story;

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Programme texts. Stories in a file of the same name with the ending `.stories` are run.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub fn run(arguments: &CheckArguments, format: Format) -> Result<u8, CliError> {
    let mut remarks: Vec<Problem> = Vec::new();
    let mut stories = 0;
    for file in &arguments.files {
        stories += check_file(file, &mut remarks)?;
    }
    let count = |severity| remarks.iter().filter(|remark| remark.severity == severity).count();
    let errors = count(Severity::Error);
    let (findings, notes) = (count(Severity::Finding), count(Severity::Note));
    match format {
        Format::Json => print_json(&json!({
            "ok": errors == 0, "errors": errors, "findings": findings, "notes": notes,
            "stories": stories, "remarks": remarks,
        })),
        Format::Text => {
            for remark in &remarks {
                print_line(&remark.to_string());
            }
            let files = arguments.files.len();
            print_line(&format!(
                "{files} checked, {errors} errors, {findings} findings, {notes} notes, \
                 {stories} stories told"
            ));
        }
    }
    Ok(u8::from(errors > 0))
}

/// Checks one file and tells its stories; answers how many there were.
fn check_file(file: &Path, remarks: &mut Vec<Problem>) -> Result<usize, CliError> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| CliError::usage(format!("{name} cannot be read: {error}")))?;
    let reading = read(&name, &text);
    remarks.extend(reading.remarks);
    let Some(programme) = reading.programme else { return Ok(0) };
    let stories_file = file.with_extension("stories");
    if !stories_file.exists() {
        return Ok(0);
    }
    let stories_name = stories_file.display().to_string();
    let text = std::fs::read_to_string(&stories_file)
        .map_err(|error| CliError::usage(format!("{stories_name} cannot be read: {error}")))?;
    let stories = match story::parse(&stories_name, &text) {
        Ok(stories) => stories,
        Err(problems) => {
            remarks.extend(problems);
            return Ok(0);
        }
    };
    let version = Version { number: 1, from: Timestamp::MIN, programme: Arc::new(programme) };
    let programmes = Programmes::new(vec![version]);
    for told in &stories {
        for failure in story::run(&programmes, told) {
            remarks.push(Problem {
                file: stories_name.clone(),
                line: failure.line,
                column: 1,
                severity: Severity::Error,
                message: format!("story \"{}\": {}", told.name, failure.message),
                hint: String::new(),
            });
        }
    }
    Ok(stories.len())
}
