//! Codes that members pass on to friends.
//!
//! A code follows from the secret and the member, so that it is always the same. It is entered in
//! the directory when somebody first gets to see it: nobody can use it before.

use super::App;
use super::requests::IdentifierError;
use crate::pipeline::{Command, OtherMember};
use crate::store::StoreError;
use crate::store::nouns::directories::{self, Identifier, fingerprint_of};
use symbolon_core::instrument::{grouped, read_code};
use symbolon_core::programme::CodeCase;
use symbolon_core::values::MemberId;

/// The kind of identifier that codes for friends are. Nobody is found by it but a referrer.
pub const REFERRAL_KIND: &str = "referral";

/// What a code for friends may stand for; nothing where no such code can exist.
#[must_use]
pub fn referral_identifier(text: &str) -> Option<Identifier> {
    let body = read_code(text, &[], CodeCase::Ignored).bodies.into_iter().next()?;
    Some(Identifier { kind: REFERRAL_KIND.to_owned(), value: body })
}

/// The code of a member for friends, as it is printed.
pub(super) fn referral_code(app: &App, member: MemberId) -> Result<String, StoreError> {
    let now = app.world.now();
    app.store.write(|transaction| {
        let body = app.codes.secret(transaction, app.business, now)?.referral(member);
        let identifier = Identifier { kind: REFERRAL_KIND.to_owned(), value: body.clone() };
        directories::identifier_claim(transaction, app.business, &identifier, member, now)?;
        Ok(grouped("", &body))
    })
}

/// The same for a code that is in the directory already.
pub(super) fn printed(identifier: &Identifier) -> String {
    grouped("", &identifier.value)
}

/// Adds another member that the activity names: it is part of what is asked.
pub fn with_other(command: Command, other: OtherMember) -> Result<Command, StoreError> {
    let named = format!("{other:?}");
    let content = fingerprint_of(&(command.content, &named))?;
    let request = fingerprint_of(&(command.request, &named))?;
    Ok(Command { content, request, other: Some(other), ..command })
}

/// One address for one person: letters small, what stands behind a plus sign left out, and the
/// dots that one large provider ignores (case 62). Mail to it reaches the same box.
pub(super) fn plain_email(value: &str) -> Result<String, IdentifierError> {
    let small = value.to_lowercase();
    let (local, domain) = small.rsplit_once('@').ok_or(IdentifierError::NotAnEmail)?;
    let local = local.split('+').next().unwrap_or_default();
    let is_google = matches!(domain, "gmail.com" | "googlemail.com");
    let local = if is_google { local.replace('.', "") } else { local.to_owned() };
    let domain = if is_google { "gmail.com" } else { domain };
    let is_plain = |text: &str| {
        !text.is_empty()
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    let has_dot = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    if !is_plain(&local) || !is_plain(domain) || !has_dot {
        return Err(IdentifierError::NotAnEmail);
    }
    Ok(format!("{local}@{domain}"))
}
