//! Printing for people and for programs.

use super::Format;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::error::Error;
use std::fmt::Display;
use std::io::Write;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub struct CliError {
    pub exit: u8,
    pub message: String,
    pub hint: String,
}

impl CliError {
    /// The command was used wrongly; nothing was done.
    pub fn usage(message: impl Display) -> Self {
        Self { exit: 2, message: message.to_string(), hint: String::new() }
    }

    /// What was asked could not be done.
    pub fn failed(message: impl Display) -> Self {
        Self { exit: 1, message: message.to_string(), hint: String::new() }
    }

    /// What was asked could not be done, with the whole chain of causes for the operator.
    pub fn caused(error: impl Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        Self { exit: 1, message, hint: String::new() }
    }

    #[must_use]
    pub fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

pub fn print_error(error: &CliError, format: Format) {
    match format {
        Format::Json => print_json(&json!({ "error": error.message, "hint": error.hint })),
        Format::Text => {
            eprintln!("symbolon: {}", error.message);
            if !error.hint.is_empty() {
                eprintln!("  {}", error.hint);
            }
        }
    }
}

/// Prints to standard output. A reader that went away (`| head`) is no error.
pub fn print_line(line: &str) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

pub fn print_json(value: &Value) {
    print_line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// A bar on a terminal; nothing where the error output is not one.
pub fn progress_bar(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let style = ProgressStyle::with_template("{msg} [{wide_bar}] {human_pos}/{human_len} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
