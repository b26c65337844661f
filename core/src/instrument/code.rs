//! The text of codes: how it is written, printed and read.
//!
//! Chance is an argument: nothing here draws it, and nothing here knows whose code it is. A
//! code that is mistyped is told from one that nobody knows by its last character.

use crate::programme::CodeCase;
use crate::values::Overflow;

/// What codes are made of: digits and capital letters without those that look alike (0 O 1 I L
/// S U). Their number is a prime, so that one check character finds every single wrong
/// character and every exchange of neighbours.
pub const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRTVWXYZ";

/// How many random characters a coupon and a certificate have, before the check character.
pub const COUPON_LENGTH: usize = 12;
pub const CERTIFICATE_LENGTH: usize = 16;
/// How many digits a card has, its check digit among them: the shape of EAN-13.
pub const CARD_DIGITS: usize = 13;

const SIZE: u32 = 29;
/// Doubling runs through all of 1 to 28 before it repeats, so no two neighbouring places of a
/// code ever weigh the same.
const GENERATOR: u32 = 2;
/// Characters between two hyphens in print.
const GROUP: usize = 4;
/// No text longer than this is looked at at all.
const TEXT_CHARACTERS_MAX: usize = 64;

/// What a text may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeReading {
    /// The codes that it can stand for, without prefix, check character included. More than one
    /// only where a code happens to begin like a prefix.
    pub bodies: Vec<String>,
    /// A card number with a right check digit.
    pub card: Option<String>,
}

impl CodeReading {
    /// No such code can exist: somebody mistyped it.
    #[must_use]
    pub fn is_mistyped(&self) -> bool {
        self.bodies.is_empty() && self.card.is_none()
    }
}

fn value_of(character: u8) -> Option<u32> {
    let place = ALPHABET.iter().position(|known| *known == character)?;
    u32::try_from(place).ok()
}

/// The weighted sum of a text; zero for a text that ends with its check character.
fn weighted_sum(text: &[u8]) -> Option<u32> {
    let (mut sum, mut weight) = (0, 1);
    for character in text.iter().rev() {
        sum = (sum + weight * value_of(*character)?) % SIZE;
        weight = weight * GENERATOR % SIZE;
    }
    Some(sum)
}

/// A code of `length` random characters and its check character. Of the 128 bits of chance, 16
/// characters use 78, so no character is likelier than another by more than one in 2⁴⁹.
#[must_use]
pub fn code_of(chance: [u8; 16], length: usize) -> String {
    let mut rest = u128::from_be_bytes(chance);
    let mut text = String::with_capacity(length + 1);
    for _ in 0..length {
        let place = usize::try_from(rest % u128::from(SIZE)).unwrap_or(0);
        text.push(char::from(ALPHABET[place]));
        rest /= u128::from(SIZE);
    }
    // The check character has the weight 1 and makes the sum zero; the others weigh one place more.
    let sum = weighted_sum(text.as_bytes()).unwrap_or(0) * GENERATOR % SIZE;
    let check = usize::try_from((SIZE - sum) % SIZE).unwrap_or(0);
    text.push(char::from(ALPHABET[check]));
    text
}

/// A card number: the prefix, random digits and the check digit of EAN-13.
pub fn card_number_of(prefix: &str, chance: [u8; 16]) -> Result<String, Overflow> {
    let is_digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits || prefix.len() >= CARD_DIGITS - 1 {
        return Err(Overflow);
    }
    let mut rest = u128::from_be_bytes(chance);
    let mut text = prefix.to_owned();
    while text.len() < CARD_DIGITS - 1 {
        let digit = u8::try_from(rest % 10).unwrap_or(0);
        text.push(char::from(b'0' + digit));
        rest /= 10;
    }
    let check = (10 - ean_sum(text.as_bytes(), 3) % 10) % 10;
    text.push(char::from(b'0' + u8::try_from(check).unwrap_or(0)));
    Ok(text)
}

/// The sum of EAN-13: digits weigh 1 and 3 by turns; `last` is the weight of the last one.
fn ean_sum(digits: &[u8], last: u32) -> u32 {
    let mut weight = last;
    digits.iter().rev().fold(0, |sum, digit| {
        let sum = sum + weight * u32::from(digit.wrapping_sub(b'0'));
        weight = 4 - weight;
        sum
    })
}

/// The code as it is printed: the prefix, a hyphen, and groups of four.
#[must_use]
pub fn grouped(prefix: &str, body: &str) -> String {
    let mut text = String::with_capacity(prefix.len() + body.len() * 2);
    text.push_str(prefix);
    for (position, character) in body.chars().enumerate() {
        let ends_group = position % GROUP == 0 && position + 1 < body.len();
        if (position == 0 && !prefix.is_empty()) || (position > 0 && ends_group) {
            text.push('-');
        }
        text.push(character);
    }
    text
}

/// What a barcode holds: the prefix and the code without hyphens.
#[must_use]
pub fn barcode_of(prefix: &str, body: &str) -> String {
    format!("{prefix}{body}")
}

/// A text without separators, and without the differences that people cannot see.
#[must_use]
pub fn plain_text(text: &str, case: CodeCase) -> String {
    let kept = text.chars().filter(|character| {
        !character.is_whitespace()
            && !matches!(character, '-' | '_' | '.' | '\u{2013}' | '\u{2014}')
    });
    match case {
        CodeCase::Matters => kept.take(TEXT_CHARACTERS_MAX).collect(),
        CodeCase::Ignored => {
            kept.take(TEXT_CHARACTERS_MAX).flat_map(char::to_uppercase).map(look_alike).collect()
        }
    }
}

/// What nobody prints is read as what it looks like: O as Q, S as 5, U as V, and the letters of
/// a Cyrillic keyboard as the Latin ones with the same shape.
const fn look_alike(character: char) -> char {
    match character {
        'O' | '0' | 'О' => 'Q',
        'S' | 'Ѕ' => '5',
        'U' => 'V',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'Ј' => 'J',
        'К' => 'K',
        'М' => 'M',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        other => other,
    }
}

/// Reads a text that somebody typed or scanned. `prefixes` are those that codes may begin with.
#[must_use]
pub fn read_code(text: &str, prefixes: &[&str], case: CodeCase) -> CodeReading {
    let plain = plain_text(text, case);
    let mut bodies = Vec::new();
    let mut add = |body: &str| {
        let length = body.len();
        let known_length = length == COUPON_LENGTH + 1 || length == CERTIFICATE_LENGTH + 1;
        if known_length && weighted_sum(body.as_bytes()) == Some(0) {
            let body = body.to_owned();
            if !bodies.contains(&body) {
                bodies.push(body);
            }
        }
    };
    add(&plain);
    for prefix in prefixes {
        let prefix = plain_text(prefix, case);
        if let Some(body) = plain.strip_prefix(&prefix) {
            add(body);
        }
    }
    CodeReading { bodies, card: read_card(text) }
}

/// A card number, with a scanner's separators or without.
fn read_card(text: &str) -> Option<String> {
    let digits: String =
        text.chars().filter(|character| !matches!(character, ' ' | '-')).take(20).collect();
    let is_card = digits.len() == CARD_DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && ean_sum(digits.as_bytes(), 1).is_multiple_of(10);
    is_card.then_some(digits)
}
