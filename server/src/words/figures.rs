//! Numbers, money, points and percentages as each language writes them.
//!
//! Everything is written from integers in their smallest unit. The separators, the places
//! of the signs and the spaces are those of CLDR 48 for the four languages; a space inside
//! a figure never breaks at the end of a line.

use super::Language;
use intl_pluralrules::operands::PluralOperands;
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use symbolon_core::values::{Currency, Forms, Money, Points, Quantity, Rate, Texts};
use unic_langid::LanguageIdentifier;

/// A space at which no line breaks.
const NO_BREAK_SPACE: char = '\u{a0}';
/// The sign for "less than nothing"; a hyphen could be left alone at the end of a line.
const MINUS: char = '\u{2212}';

/// The sign between the groups of three digits, and the one before the decimals.
const fn separators(language: Language) -> (char, char) {
    match language {
        Language::En => (',', '.'),
        Language::Ru | Language::Uk | Language::Nb => (NO_BREAK_SPACE, ','),
    }
}

/// Writes units of `10^-decimals` with all their decimals: 123450 with 2 is `1,234.50`.
#[must_use]
pub fn number(language: Language, units: i64, decimals: u8) -> String {
    let sign = if units < 0 { MINUS.to_string() } else { String::new() };
    sign + &unsigned(language, units.unsigned_abs(), decimals)
}

/// Like `number`, without the zeros behind the last decimal that counts: `2.5`, not `2.500`.
#[must_use]
pub fn number_trimmed(language: Language, units: i64, decimals: u8) -> String {
    let (units, decimals) = trimmed(units, decimals);
    number(language, units, decimals)
}

fn trimmed(mut units: i64, mut decimals: u8) -> (i64, u8) {
    while decimals > 0 && units % 10 == 0 {
        units /= 10;
        decimals -= 1;
    }
    (units, decimals)
}

fn unsigned(language: Language, units: u64, decimals: u8) -> String {
    let (group, point) = separators(language);
    let decimals = usize::from(decimals);
    let digits = format!("{units:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// The sign of a currency, where it can mean no other one for readers of the language.
fn currency_sign(language: Language, code: &'static str) -> &'static str {
    match (code, language) {
        ("USD", _) => "$",
        ("EUR", _) => "€",
        ("GBP", _) => "£",
        ("JPY", _) => "¥",
        ("UAH", _) => "₴",
        ("RUB", _) => "₽",
        ("PLN", _) => "zł",
        ("CZK", _) => "Kč",
        ("KZT", _) => "₸",
        ("GEL", _) => "₾",
        ("TRY", _) => "₺",
        // Four countries pay in crowns; only at home is it clear which.
        ("NOK", Language::Nb) => "kr",
        _ => code,
    }
}

/// Money with all decimals of its currency: `£1,234.50`, `1 234,50 kr`, `KWD 1.234`.
#[must_use]
pub fn money(language: Language, amount: Money, currency: Currency) -> String {
    let sign = currency_sign(language, currency.code());
    let figure = unsigned(language, amount.units().unsigned_abs(), currency.exponent());
    let minus = if amount.units() < 0 { MINUS.to_string() } else { String::new() };
    let letters = sign.chars().all(char::is_alphabetic);
    match language {
        Language::En if letters => format!("{minus}{sign}{NO_BREAK_SPACE}{figure}"),
        Language::En => format!("{minus}{sign}{figure}"),
        Language::Ru | Language::Uk | Language::Nb => {
            format!("{minus}{figure}{NO_BREAK_SPACE}{sign}")
        }
    }
}

/// A percentage, without zeros that say nothing: `7.5%`, `7,5 %`.
#[must_use]
pub fn percent(language: Language, rate: Rate) -> String {
    let figure = number_trimmed(language, rate.units(), Rate::DECIMALS);
    match language {
        Language::En | Language::Uk => format!("{figure}%"),
        Language::Ru | Language::Nb => format!("{figure}{NO_BREAK_SPACE}%"),
    }
}

/// A factor: `×1.5`.
#[must_use]
pub fn multiplier(language: Language, rate: Rate) -> String {
    format!("×{}", number_trimmed(language, rate.units(), Rate::DECIMALS))
}

/// A number of pieces, or of kilograms: `2`, `0.75`.
#[must_use]
pub fn quantity(language: Language, quantity: Quantity) -> String {
    number_trimmed(language, quantity.units(), Quantity::DECIMALS)
}

/// Points with the name that the programme gives them, in the plural form that the number
/// asks for: `1 point`, `5 баллов`, `2,5 бала`. Where it gives no name, the number alone.
#[must_use]
pub fn points(language: Language, name: &Texts, amount: Points, decimals: u8) -> String {
    let figure = number_trimmed(language, amount.units(), decimals);
    match plural_form(language, name, amount.units(), decimals) {
        "" => figure,
        form => format!("{figure}{NO_BREAK_SPACE}{form}"),
    }
}

/// The form of a text that goes with a number. The rules are those of the language that the
/// text is in, which is another than the reader's where the programme gives no translation.
#[must_use]
pub fn plural_form(language: Language, text: &Texts, units: i64, decimals: u8) -> &str {
    found(language, text).map_or("", |(code, forms)| {
        let (units, decimals) = trimmed(units, decimals);
        forms.get(category(code, units, decimals))
    })
}

/// The name of a point kind on its own, as a heading. Russian and Ukrainian forms that go
/// with numbers are all oblique, so the one for a single point stands there.
#[must_use]
pub fn points_title(language: Language, name: &Texts) -> Option<&str> {
    let (code, forms) = found(language, name)?;
    Some(forms.get(if matches!(code, "ru" | "uk" | "be") { "one" } else { "other" }))
}

/// What `Texts::find` finds, together with the language that it is in.
fn found(language: Language, text: &Texts) -> Option<(&str, &Forms)> {
    let by_code = |code: &str| text.by_language.get_key_value(code);
    by_code(language.code())
        .or_else(|| by_code("en"))
        .or_else(|| text.by_language.iter().next())
        .map(|(code, forms)| (code.as_str(), forms))
}

/// The plural category of a number, by the rules of CLDR. `other` where the language is unknown.
fn category(code: &str, units: i64, decimals: u8) -> &'static str {
    let number = symbolon_core::values::format_decimal(units, decimals);
    let chosen = || {
        let language: LanguageIdentifier = code.parse().ok()?;
        let rules = PluralRules::create(language, PluralRuleType::CARDINAL).ok()?;
        rules.select(PluralOperands::try_from(number.as_str()).ok()?).ok()
    };
    match chosen() {
        Some(PluralCategory::ZERO) => "zero",
        Some(PluralCategory::ONE) => "one",
        Some(PluralCategory::TWO) => "two",
        Some(PluralCategory::FEW) => "few",
        Some(PluralCategory::MANY) => "many",
        Some(PluralCategory::OTHER) | None => "other",
    }
}
