//! From what a caller asks to a command of the pipeline.

use super::App;
use super::referral::plain_email;
use crate::pipeline::{Command, Intent, ShownCodes, Subject};
use crate::store::StoreError;
use crate::store::nouns::directories::{IdempotencyKey, Identifier, fingerprint_of};
use jiff::Timestamp;

/// Why a text identifies nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentifierError {
    UnknownKind,
    NotAPhoneNumber,
    NotAnEmail,
    Empty,
    TooLong,
}

/// The kinds of identifiers there are.
pub const IDENTIFIER_KINDS: [&str; 4] = ["phone", "email", "card", "external"];

/// Brings an identifier into the one form in which it is stored and found.
///
/// A phone number is stored in E.164: a plus sign, the country code and the number, at most
/// fifteen digits. A number without its country is refused rather than guessed.
pub fn identifier_parse(kind: &str, value: &str) -> Result<Identifier, IdentifierError> {
    if !IDENTIFIER_KINDS.contains(&kind) {
        return Err(IdentifierError::UnknownKind);
    }
    let value = value.trim();
    if value.is_empty() {
        return Err(IdentifierError::Empty);
    }
    if value.len() > 100 {
        return Err(IdentifierError::TooLong);
    }
    let value = if kind == "phone" {
        let separators = [' ', '-', '(', ')', '.', '\u{a0}'];
        let plain: String = value.chars().filter(|c| !separators.contains(c)).collect();
        let digits = plain.strip_prefix('+').ok_or(IdentifierError::NotAPhoneNumber)?;
        let fits = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if !fits {
            return Err(IdentifierError::NotAPhoneNumber);
        }
        plain
    } else if kind == "email" {
        plain_email(value)?
    } else {
        value.to_owned()
    };
    Ok(Identifier { kind: kind.to_owned(), value })
}

/// When something happened, and when the server heard of it.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// As the caller says; the server's moment where he does not.
    pub given: Option<Timestamp>,
    pub recorded: Timestamp,
}

/// Makes a command with fresh ids. A moment that the caller did not give is no part of what
/// tells a request from its repetition: a retry comes later, and is the same request.
pub fn command_for(
    app: &App,
    subject: Subject,
    intent: Intent,
    moments: Moments,
    idempotency: Option<IdempotencyKey>,
) -> Result<Command, StoreError> {
    let Moments { given, recorded } = moments;
    let content = fingerprint_of(&(&intent.activity, given))?;
    // The names that the caller gives are part of what he asks: two receipts with the same lines
    // and different numbers are two. A day that follows from the server's clock is not his.
    let named = given.and(intent.natural.as_ref()).map(|natural| &natural.key);
    let request = fingerprint_of(&(format!("{subject:?}"), &content, &intent.label, named))?;
    Ok(Command {
        idempotency,
        content,
        request,
        subject,
        intent,
        shown: ShownCodes::default(),
        other: None,
        at: given.unwrap_or(recorded),
        recorded_at: recorded,
        any_age: false,
        new_activity: app.world.new_activity_id(recorded),
        new_member: app.world.new_member_id(recorded),
    })
}

/// Adds the codes that came with a receipt: they are part of what happened and of what is asked.
pub fn with_shown_codes(command: Command, shown: ShownCodes) -> Result<Command, StoreError> {
    if shown.is_empty() {
        return Ok(command);
    }
    let content = fingerprint_of(&(command.content, &shown))?;
    let request = fingerprint_of(&(command.request, &shown))?;
    Ok(Command { content, request, shown, ..command })
}
