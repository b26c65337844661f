//! Reads members from CSV, row by row: what a shop knew of them before this program was there.
//!
//! A row that cannot be understood is refused with its reason and its number, and the rest goes
//! on. Nothing is guessed: a phone number without its country is completed only where the caller
//! says which country. A file is never held in memory as a whole.

use crate::app::{IDENTIFIER_KINDS, IdentifierError, identifier_parse};
use crate::store::nouns::directories::Identifier;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use symbolon_core::condition::Type;
use symbolon_core::engine::NAME_BYTES_MAX;
use symbolon_core::member::{AttributeValue, MemberKind};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Points, parse_decimal};

/// How a file is to be read.
#[derive(Debug)]
pub struct MembersCsvOptions<'a> {
    /// "phone=Mobile email=Mail name=Name since=Joined points.bonus=Balance attribute.city=Town".
    pub map: &'a str,
    /// How dates are written, such as `%d.%m.%Y`; year, month and day where it is not given.
    pub date_format: Option<&'a str>,
    /// The country code that phone numbers without one belong to, such as 47.
    pub country_code: Option<&'a str>,
}

/// A member as a row describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The row in the file; the line of column names is row 1.
    pub number: u64,
    pub identifiers: Vec<Identifier>,
    pub kind: MemberKind,
    pub name: Option<String>,
    pub since: Option<Date>,
    pub attributes: BTreeMap<Key, AttributeValue>,
    /// What the member has from before.
    pub points: Vec<(Key, Points)>,
}

/// A row that is not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    pub number: u64,
    pub problem: String,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Identifier(&'static str),
    Kind,
    Name,
    Since,
    Attribute(Key, Type),
    Points(Key, u8),
}

/// A file that is being read.
pub struct MembersCsv<'a> {
    reader: csv::Reader<File>,
    record: csv::ByteRecord,
    columns: Vec<(usize, Meaning)>,
    options: &'a MembersCsvOptions<'a>,
}

impl std::fmt::Debug for MembersCsv<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MembersCsv")
    }
}

impl<'a> MembersCsv<'a> {
    /// Opens a file and understands its columns. An error here is one of the whole file.
    pub fn open(
        path: &Path,
        programme: &Programme,
        options: &'a MembersCsvOptions<'a>,
    ) -> Result<Self, String> {
        let failed = |error: csv::Error| format!("{} cannot be read: {error}", path.display());
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.flexible(false).from_path(path).map_err(failed)?;
        let headers = reader.headers().map_err(failed)?.clone();
        let mut columns = Vec::new();
        for pair in options.map.split_whitespace() {
            let (name, column) =
                pair.split_once('=').ok_or(format!("--map: `{pair}` is not name=column"))?;
            let meaning = meaning_of(name, programme)?;
            let position = headers.iter().position(|header| header.trim() == column);
            let position = position.ok_or_else(|| {
                let known: Vec<&str> = headers.iter().collect();
                format!("the file has no column `{column}`, only {}", known.join(", "))
            })?;
            columns.push((position, meaning));
        }
        let is_identifier =
            |(_, meaning): &(usize, Meaning)| matches!(meaning, Meaning::Identifier(_));
        if !columns.iter().any(is_identifier) {
            let kinds = IDENTIFIER_KINDS.join(", ");
            return Err(format!("--map: name at least one column to find members by: {kinds}"));
        }
        if options.country_code.is_some_and(|code| {
            code.is_empty() || code.len() > 3 || !code.bytes().all(|byte| byte.is_ascii_digit())
        }) {
            return Err("--country-code: write it in digits, such as 47".to_owned());
        }
        Ok(Self { reader, record: csv::ByteRecord::new(), columns, options })
    }

    /// How much of the file is read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next row, or none at the end. A file that cannot be read on is an error of its own.
    pub fn next_row(&mut self) -> Result<Option<Result<MemberRow, RefusedRow>>, String> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) if matches!(error.kind(), csv::ErrorKind::UnequalLengths { .. }) => {
                let number = error.position().map_or(0, |position| position.record() + 1);
                let problem = "the row has another number of columns than the first one".to_owned();
                return Ok(Some(Err(RefusedRow { number, problem })));
            }
            Err(error) => return Err(format!("the file cannot be read on: {error}")),
        }
        let number = self.record.position().map_or(0, |position| position.record() + 1);
        Ok(Some(self.read(number).map_err(|problem| RefusedRow { number, problem })))
    }

    fn read(&self, number: u64) -> Result<MemberRow, String> {
        let mut row = MemberRow {
            number,
            identifiers: Vec::new(),
            kind: MemberKind::Person,
            name: None,
            since: None,
            attributes: BTreeMap::new(),
            points: Vec::new(),
        };
        for (position, meaning) in &self.columns {
            let bytes = self.record.get(*position).unwrap_or_default();
            let text = std::str::from_utf8(bytes).map_err(|_| "the row is not UTF-8")?.trim();
            if text.is_empty() {
                continue;
            }
            if text.contains(char::is_control) {
                return Err("a field holds a character that nobody can see".to_owned());
            }
            self.take(meaning, text, &mut row)?;
        }
        if row.identifiers.is_empty() {
            return Err("there is nothing to find the member by".to_owned());
        }
        Ok(row)
    }

    fn take(&self, meaning: &Meaning, text: &str, row: &mut MemberRow) -> Result<(), String> {
        match meaning {
            Meaning::Identifier(kind) => row.identifiers.push(self.identifier(kind, text)?),
            Meaning::Kind => {
                row.kind = MemberKind::ALL
                    .into_iter()
                    .find(|kind| kind.name() == text)
                    .ok_or("the kind is person, company or another kind of the programme")?;
            }
            Meaning::Name if text.len() > NAME_BYTES_MAX => {
                return Err(format!("the name is longer than {NAME_BYTES_MAX} bytes"));
            }
            Meaning::Name => row.name = Some(text.to_owned()),
            Meaning::Since => row.since = Some(self.date(text)?),
            Meaning::Attribute(key, value_type) => {
                row.attributes.insert(key.clone(), self.attribute(key, *value_type, text)?);
            }
            Meaning::Points(key, decimals) => {
                let amount = parse_decimal(text, *decimals)
                    .map_err(|error| format!("the points are wrong: {error}"))?;
                if amount < 0 {
                    return Err("the points are less than nothing".to_owned());
                }
                if amount > 0 {
                    row.points.push((key.clone(), Points::new(amount)));
                }
            }
        }
        Ok(())
    }

    fn identifier(&self, kind: &str, text: &str) -> Result<Identifier, String> {
        let completed = match self.options.country_code {
            Some(code) if kind == "phone" => with_country(text, code),
            _ => None,
        };
        identifier_parse(kind, completed.as_deref().unwrap_or(text)).map_err(|error| {
            let said = match error {
                IdentifierError::NotAPhoneNumber if self.options.country_code.is_none() => {
                    "it has no country code; --country-code says which one is meant"
                }
                IdentifierError::NotAPhoneNumber => "it is no phone number",
                IdentifierError::NotAnEmail => "it is not written like ana@example.org",
                IdentifierError::TooLong => "it is longer than 100 bytes",
                IdentifierError::Empty | IdentifierError::UnknownKind => "it cannot be used",
            };
            format!("{kind}: {said}")
        })
    }

    fn date(&self, text: &str) -> Result<Date, String> {
        let read = match self.options.date_format {
            Some(format) => Date::strptime(format, text).ok(),
            None => text.parse().ok(),
        };
        read.ok_or_else(|| match self.options.date_format {
            Some(format) => format!("a date is not written as {format}"),
            None => "a date is not written as 2019-05-03; --date-format says how it is".to_owned(),
        })
    }

    fn attribute(&self, key: &Key, value: Type, text: &str) -> Result<AttributeValue, String> {
        let wrong = || format!("{key}: the value has another type");
        Ok(match value {
            Type::Int => AttributeValue::Integer(text.parse().map_err(|_| wrong())?),
            Type::Decimal => AttributeValue::Decimal(parse_decimal(text, 6).map_err(|_| wrong())?),
            Type::Bool => match text {
                "true" | "yes" | "1" => AttributeValue::Boolean(true),
                "false" | "no" | "0" => AttributeValue::Boolean(false),
                _ => return Err(wrong()),
            },
            Type::Date => AttributeValue::Date(self.date(text)?),
            _ => AttributeValue::Text(text.to_owned()),
        })
    }
}

fn meaning_of(name: &str, programme: &Programme) -> Result<Meaning, String> {
    if let Some(kind) = IDENTIFIER_KINDS.into_iter().find(|kind| *kind == name) {
        return Ok(Meaning::Identifier(kind));
    }
    if let Some(attribute) = name.strip_prefix("attribute.") {
        let declared = programme.attributes.iter().find(|known| known.key.as_str() == attribute);
        let declared =
            declared.ok_or(format!("--map: the programme has no attribute `{attribute}`"))?;
        return Ok(Meaning::Attribute(declared.key.clone(), declared.value_type));
    }
    if let Some(points) = name.strip_prefix("points.") {
        let (_, kind) = programme
            .find_points(points)
            .ok_or(format!("--map: the programme has no points `{points}`"))?;
        return Ok(Meaning::Points(kind.key.clone(), kind.decimals));
    }
    match name {
        "kind" => Ok(Meaning::Kind),
        "name" => Ok(Meaning::Name),
        "since" => Ok(Meaning::Since),
        _ => Err(format!(
            "--map: `{name}` is not one of {}, kind, name, since, attribute.NAME, points.NAME",
            IDENTIFIER_KINDS.join(", ")
        )),
    }
}

/// A phone number that is written as within its country, with the code of the country; none where
/// it has one. What people dial first within a country (0 nearly everywhere, 8 in those of code 7)
/// is left out, and so is the 00 that stands for a plus sign.
fn with_country(text: &str, code: &str) -> Option<String> {
    if text.starts_with('+') {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let others = |c: char| !c.is_ascii_digit() && !" -().\u{a0}".contains(c);
    if text.contains(others) {
        return None;
    }
    if let Some(rest) = digits.strip_prefix("00") {
        return Some(format!("+{rest}"));
    }
    let within = match code {
        "7" => digits.strip_prefix('8').filter(|rest| rest.len() == 10),
        _ => digits.strip_prefix('0'),
    };
    Some(format!("+{code}{}", within.unwrap_or(&digits)))
}

#[cfg(test)]
mod tests {
    use super::with_country;

    /// The forms in which one number stands in one list are one number.
    #[test]
    fn phone_numbers_of_a_country() {
        for (code, written, read) in [
            ("47", "912 34 567", Some("+4791234567")),
            ("47", "0047 912 34 567", Some("+4791234567")),
            ("47", "+47 912 34 567", None),
            ("380", "(067) 123-45-67", Some("+380671234567")),
            ("44", "020 7946 0018", Some("+442079460018")),
            ("7", "8 912 345-67-89", Some("+79123456789")),
            ("7", "9123456789", Some("+79123456789")),
            ("47", "call Ana", None),
        ] {
            assert_eq!(with_country(written, code).as_deref(), read, "{code} {written}");
        }
    }
}
