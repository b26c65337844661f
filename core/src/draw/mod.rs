//! Prize draws that anybody can draw again.
//!
//! Before the first ticket is given, the draw publishes a commitment to a secret seed and to its
//! terms. When it closes, the list of tickets is fixed by a digest; when it is drawn, the seed is
//! shown. Everything that is hashed is plain text, so that a few lines of any language come to
//! the same winners. Nothing here has chance, a clock or a file: seed and hash are handed in.

mod lots;
mod publication;

pub use publication::{Drawn, Problem, Publication, PublishedPrize, Tickets, Winner};

use serde::{Deserialize, Serialize};

/// SHA-256. The core has no hash of its own that is fit for promises, so it is given one.
pub type Hash = fn(&[u8]) -> [u8; 32];

/// How often one holder may win.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PerHolder {
    /// Once: with the first prize all tickets of the holder leave the drum.
    #[default]
    One,
    /// As often as a ticket of the holder is drawn; each ticket wins once.
    Any,
}

impl PerHolder {
    /// The answers as they are written.
    pub const ALL: [(&'static str, Self); 2] = [("one", Self::One), ("any", Self::Any)];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Any => "any",
        }
    }
}

/// Bytes as small hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS[usize::from(digit)]));
        }
    }
    text
}
