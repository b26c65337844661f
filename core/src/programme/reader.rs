//! Reads the tables of a programme text, keeping the position of every value.
//!
//! It collects every problem instead of stopping at the first, and a key that nobody
//! asked for is a problem too: a misspelt limit must never be no limit.

use super::problem::{Problem, Severity, Source, nearest};
use crate::values::{
    CalendarUnit, Currency, Forms, Key, Money, PLURAL_CATEGORIES, Period, Texts, parse_decimal,
    plural_categories,
};
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of the text and where it stands.
pub type Node<'a> = &'a Spanned<DeValue<'a>>;

/// How many problems of one severity are told. Nobody reads more at once, and a text of nothing but problems
/// must not keep a server busy with their places.
const PROBLEMS_MAX: usize = 200;
/// Ends of ranges from here on are there to keep sums within 64 bits, and for nothing else.
const LARGE: i64 = 1_000_000_000_000;
/// The longest text that a programme may hold, in characters.
const TEXT_LENGTH_MAX: usize = 2_000;

pub struct Reader<'a> {
    pub source: Source<'a>,
    problems: RefCell<Vec<Problem>>,
    errors: Cell<usize>,
    findings: Cell<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>) -> Self {
        Self {
            source,
            problems: RefCell::default(),
            errors: Cell::default(),
            findings: Cell::default(),
        }
    }

    /// Whether nothing is wrong so far.
    pub const fn is_sound(&self) -> bool {
        self.errors.get() == 0
    }

    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems
            .sort_by(|a, b| (a.line, a.column, &a.message).cmp(&(b.line, b.column, &b.message)));
        problems.dedup();
        problems
    }

    pub fn error(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.remark(Severity::Error, span, message.into(), hint.into());
    }

    pub fn finding(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.remark(Severity::Finding, span, message.into(), hint.into());
    }

    pub fn note(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.remark(Severity::Note, span, message.into(), hint.into());
    }

    fn remark(&self, severity: Severity, span: Range<usize>, message: String, hint: String) {
        let told = match severity {
            Severity::Error => &self.errors,
            Severity::Finding | Severity::Note => &self.findings,
        };
        told.set(told.get().saturating_add(1));
        let (message, hint) = match told.get().cmp(&PROBLEMS_MAX) {
            Ordering::Less => (message, hint),
            Ordering::Equal => ("more is wrong from here on".to_owned(), String::new()),
            Ordering::Greater => return,
        };
        let problem = self.source.problem(severity, &span, message, hint);
        self.problems.borrow_mut().push(problem);
    }

    fn wrong_type(&self, node: Node<'a>, wanted: &str) {
        let found = node.get_ref().type_str();
        self.error(node.span(), format!("expected {wanted}, found {found}"), "");
    }

    pub fn text(&self, node: Node<'a>) -> Option<&'a str> {
        let Some(text) = node.get_ref().as_str() else {
            self.wrong_type(node, "a text in quotation marks");
            return None;
        };
        if text.chars().count() > TEXT_LENGTH_MAX {
            self.error(
                node.span(),
                format!("the text is longer than {TEXT_LENGTH_MAX} characters"),
                "shorten it",
            );
            return None;
        }
        Some(text)
    }

    pub fn boolean(&self, node: Node<'a>) -> Option<bool> {
        let value = node.get_ref().as_bool();
        if value.is_none() {
            self.wrong_type(node, "true or false");
        }
        value
    }

    /// A name of the programme: small letters, digits and hyphens.
    pub fn key(&self, node: Node<'a>) -> Option<Key> {
        let text = self.text(node)?;
        self.check_key(text, node.span())
    }

    pub fn check_key(&self, text: &str, span: Range<usize>) -> Option<Key> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if begins && text.len() <= 60 && text.bytes().all(plain) {
            return Some(Key::new(text));
        }
        self.error(
            span,
            format!("`{text}` cannot be an id"),
            "an id begins with a small letter and has small letters, digits and hyphens, at most 60",
        );
        None
    }

    /// An exact decimal, written as a number or as a text.
    pub fn decimal(&self, node: Node<'a>, decimals: u8) -> Option<i64> {
        let text = match node.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => {
                self.wrong_type(node, "a number");
                return None;
            }
        };
        match parse_decimal(&text.replace('_', ""), decimals) {
            Ok(units) => Some(units),
            Err(cause) => {
                self.error(node.span(), format!("`{text}`: {cause}"), "");
                None
            }
        }
    }

    /// A decimal that must lie within a range, both ends included.
    pub fn decimal_within(
        &self,
        node: Node<'a>,
        decimals: u8,
        range: std::ops::RangeInclusive<i64>,
        range_in_words: &str,
    ) -> Option<i64> {
        let units = self.decimal(node, decimals)?;
        if range.contains(&units) {
            return Some(units);
        }
        // The words name the end of a range where it has a meaning of its own.
        let message = if units > *range.end() && *range.end() >= LARGE {
            "the number is too large".to_owned()
        } else {
            format!("this must be {range_in_words}")
        };
        self.error(node.span(), message, "");
        None
    }

    /// Money of the programme's currency, above zero.
    pub fn money(&self, node: Node<'a>, currency: Currency) -> Option<Money> {
        let range = 1..=i64::MAX / 1_000_000;
        self.decimal_within(node, currency.exponent(), range, "an amount above zero")
            .map(Money::new)
    }

    pub fn period(&self, node: Node<'a>) -> Option<Period> {
        let text = self.text(node)?;
        let period = Period::parse(text);
        if period.is_none() {
            self.error(
                node.span(),
                format!("`{text}` is not a period"),
                "write a number and a unit, such as `14 days`, `1 month` or `2 years`",
            );
        }
        period
    }

    pub fn calendar_unit(&self, node: Node<'a>) -> Option<CalendarUnit> {
        let text = self.text(node)?;
        let unit = CalendarUnit::parse(text);
        if unit.is_none() {
            self.error(
                node.span(),
                format!("`{text}` is not a period of the calendar"),
                "one of: day, week, month, quarter, year",
            );
        }
        unit
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, node: Node<'a>, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let hint = match nearest(text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of: {}", words.join(", ")),
            };
            self.error(node.span(), format!("`{text}` is not possible here"), hint);
        }
        found
    }

    /// The position in `known` of the thing that the node names.
    pub fn reference(&self, node: Node<'a>, what: &str, known: &[&str]) -> Option<usize> {
        let name = self.text(node)?;
        self.reference_to(name, node.span(), what, known)
    }

    pub fn reference_to(
        &self,
        name: &str,
        span: Range<usize>,
        what: &str,
        known: &[&str],
    ) -> Option<usize> {
        let found = known.iter().position(|candidate| *candidate == name);
        if found.is_none() {
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("the programme declares no {what}"),
                None => format!("declared: {}", known.join(", ")),
            };
            self.error(span, format!("there is no {what} `{name}`"), hint);
        }
        found
    }

    pub fn list(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let Some(list) = node.get_ref().as_array() else {
            self.wrong_type(node, "a list in square brackets");
            return Vec::new();
        };
        list.iter().collect()
    }

    /// A list, or one value that stands for a list of one.
    pub fn one_or_more(&self, node: Node<'a>) -> Vec<Node<'a>> {
        if node.get_ref().is_array() { self.list(node) } else { vec![node] }
    }

    pub fn fields<'r>(&'r self, node: Node<'a>, what: &str) -> Option<Fields<'r, 'a>> {
        let Some(table) = node.get_ref().as_table() else {
            self.wrong_type(node, &format!("a table ({what})"));
            return None;
        };
        Some(Fields::new(self, table, node.span(), what))
    }

    /// A text per language: `name = "…"` (taken as English), or `name.en = …`, each one
    /// text or a table of plural forms. Where `counted` is set, every form that the
    /// language needs must be there, so that nobody reads "1 points".
    pub fn texts(&self, node: Node<'a>, counted: bool) -> Texts {
        let mut texts = Texts::default();
        match node.get_ref() {
            DeValue::String(_) => {
                self.language_texts("en", node, counted, &mut texts);
            }
            DeValue::Table(table) if table.is_empty() => {
                self.error(node.span(), "there is no text here", "write { en = \"…\" }");
            }
            DeValue::Table(table) => {
                for (language, forms) in table {
                    let code = language.get_ref().as_ref();
                    let plain =
                        code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                    if !(2..=12).contains(&code.len()) || !plain {
                        self.error(
                            language.span(),
                            format!("`{code}` is not a language"),
                            "use a code of BCP 47 such as en, ru, uk, nb",
                        );
                        continue;
                    }
                    self.language_texts(code, forms, counted, &mut texts);
                }
            }
            _ => self.wrong_type(node, "a text, or a table of texts by language"),
        }
        texts
    }

    fn language_texts(&self, language: &str, node: Node<'a>, counted: bool, texts: &mut Texts) {
        let mut by_category = BTreeMap::new();
        // A form that stands there and cannot be read is a problem of its own.
        let mut standing: Vec<&str> = Vec::new();
        match node.get_ref() {
            DeValue::Table(table) => {
                for (category, form) in table {
                    let name = category.get_ref().as_ref();
                    let Some(known) = PLURAL_CATEGORIES.iter().find(|known| **known == name) else {
                        self.error(
                            category.span(),
                            format!("`{name}` is not a plural form"),
                            format!("one of: {}", PLURAL_CATEGORIES.join(", ")),
                        );
                        continue;
                    };
                    standing.push(known);
                    if let Some(text) = self.text(form) {
                        by_category.insert(*known, text.to_owned());
                    }
                }
            }
            _ => {
                let Some(text) = self.text(node) else { return };
                standing.push("other");
                by_category.insert("other", text.to_owned());
            }
        }
        let needed = if counted { plural_categories(language) } else { &["other"] };
        let missing: Vec<&str> =
            needed.iter().filter(|form| !standing.contains(form)).copied().collect();
        if !missing.is_empty() {
            self.error(
                node.span(),
                format!("plural forms are missing for `{language}`: {}", missing.join(", ")),
                format!(
                    "write {language} = {{ {} }}",
                    needed
                        .iter()
                        .map(|form| format!("{form} = \"…\""))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            );
        }
        texts.by_language.insert(language.to_owned(), Forms { by_category });
    }

    /// Where `offset` of the text inside a string value stands in the source.
    pub fn span_inside(&self, node: Node<'a>, offset: usize, length: usize) -> Range<usize> {
        let span = node.span();
        let raw = &self.source.text[span.clone()];
        // A line break right behind three quotes does not belong to the text.
        let quotes = ["\"\"\"\r\n", "\"\"\"\n", "\"\"\"", "'''\r\n", "'''\n", "'''", "\"", "'"];
        let quote = quotes.into_iter().find(|quote| raw.starts_with(quote)).map_or(0, str::len);
        if raw.starts_with('"') && raw.contains('\\') {
            // With escapes, offsets no longer match; the start of the value is honest.
            return span;
        }
        let start = (span.start + quote + offset).min(span.end);
        start..(start + length).min(span.end)
    }
}

/// The fields of one table. Ask for each by name, then call `finish`.
pub struct Fields<'r, 'a> {
    reader: &'r Reader<'a>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    what: String,
    asked: Vec<&'static str>,
}

impl<'r, 'a> Fields<'r, 'a> {
    pub fn new(
        reader: &'r Reader<'a>,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        what: &str,
    ) -> Self {
        Self { reader, table, span, what: what.to_owned(), asked: Vec::new() }
    }

    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether a key stands in the table; it is not asked for by that.
    pub fn has(&self, name: &str) -> bool {
        self.table.iter().any(|(key, _)| key.get_ref() == name)
    }

    pub const fn reader(&self) -> &'r Reader<'a> {
        self.reader
    }

    pub fn optional(&mut self, name: &'static str) -> Option<Node<'a>> {
        self.asked.push(name);
        self.table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    pub fn required(&mut self, name: &'static str, example: &str) -> Option<Node<'a>> {
        let found = self.optional(name);
        if found.is_none() {
            // The table's header is where a reader looks for what is missing in it.
            self.reader.error(
                self.span.clone(),
                format!("`{name}` is missing in {}", self.what),
                format!("add {name} = {example}"),
            );
        }
        found
    }

    /// The entries of a table of tables: `[points.miles]`, `[points.stars]` …
    pub fn named(&mut self, name: &'static str) -> Vec<(Key, Range<usize>, Node<'a>)> {
        let reader = self.reader;
        let Some(node) = self.optional(name) else { return Vec::new() };
        let Some(table) = node.get_ref().as_table() else {
            reader.wrong_type(node, &format!("tables such as [{name}.some-name]"));
            return Vec::new();
        };
        let mut entries: Vec<_> = table
            .iter()
            .filter_map(|(key, value)| {
                Some((reader.check_key(key.get_ref(), key.span())?, key.span(), value))
            })
            .collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let hint = match nearest(name, self.asked.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", self.asked.join(", ")),
            };
            self.reader.error(key.span(), format!("{} has no key `{name}`", self.what), hint);
        }
    }
}
