//! Where the pages are. Templates and handlers take addresses from here, so that none dangles.

use crate::words::Language;
use std::fmt::Write as _;
use symbolon_core::values::{ActivityId, MemberId};

pub const OVERVIEW: &str = "/console";
pub const MEMBERS: &str = "/console/members";
pub const SEARCH: &str = "/console/search";
pub const SIGN_IN: &str = "/console/sign-in";
pub const SIGN_OUT: &str = "/console/sign-out";

#[must_use]
pub fn member(id: MemberId) -> String {
    format!("{MEMBERS}/{id}")
}

#[must_use]
pub fn receipt(id: ActivityId) -> String {
    format!("/console/receipts/{id}")
}

/// The part of a list that follows a cursor.
#[must_use]
pub fn after(list: &str, cursor: &str) -> String {
    with_parameter(list, "after", cursor)
}

/// The same page in another language.
#[must_use]
pub fn in_language(here: &str, language: Language) -> String {
    with_parameter(here, "lang", language.code())
}

/// Adds a parameter to an address, or exchanges it. What stands behind `#` goes.
fn with_parameter(address: &str, name: &str, value: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_other = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some(name);
    let mut link = format!("{path}?");
    for pair in query.split('&').filter(is_other) {
        link.push_str(pair);
        link.push('&');
    }
    link.push_str(name);
    link.push('=');
    link.push_str(&percent_encoded(value));
    link
}

/// Encodes everything but the unreserved characters of RFC 3986.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
