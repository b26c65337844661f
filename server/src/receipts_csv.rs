//! Reads recorded receipts from CSV: rows in, documents in their order of time out.
//!
//! A row that cannot be understood is refused with its reason and its number, and the rest
//! goes on; a file whose columns or dates cannot be understood is refused whole, before
//! anything is booked.

use crate::recorded::{Document, DocumentKind};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use symbolon_core::engine::{LINES_MAX, Line, Purchase};
use symbolon_core::programme::Programme;
use symbolon_core::values::{Key, Money, Quantity, parse_decimal};

/// How a file is to be read.
#[derive(Debug)]
pub struct CsvOptions<'a> {
    pub map: &'a str,
    pub rows_are: &'a str,
    pub date_format: Option<&'a str>,
    pub location: &'a str,
}

/// What a file held.
#[derive(Debug, Default)]
pub struct ReadCsv {
    pub documents: Vec<Document>,
    pub lines: u64,
    /// Refused rows by reason.
    pub refused: BTreeMap<String, u64>,
    /// The first refused rows, with their numbers.
    pub refused_examples: Vec<String>,
}

const EXAMPLES_MAX: usize = 10;

/// The names that a map may give to columns.
const NAMES: [&str; 14] = [
    "receipt",
    "sku",
    "category",
    "brand",
    "quantity",
    "unit_price",
    "unit_cost",
    "amount",
    "at",
    "member",
    "location",
    "till",
    "reference",
    "currency",
];

/// Where a value comes from.
enum Column {
    Index(usize),
    RowNumber,
}

struct Columns(BTreeMap<&'static str, Column>);

impl Columns {
    fn parse(map: &str, headers: &csv::StringRecord) -> Result<Self, String> {
        let mut columns = BTreeMap::new();
        for pair in map.split_whitespace() {
            let (name, column) =
                pair.split_once('=').ok_or(format!("--map: `{pair}` is not name=column"))?;
            let name = NAMES
                .into_iter()
                .find(|known| *known == name)
                .ok_or(format!("--map: `{name}` is not one of {}", NAMES.join(", ")))?;
            let column = if column == "#row" {
                Column::RowNumber
            } else {
                let index = headers.iter().position(|header| header.trim() == column);
                Column::Index(index.ok_or_else(|| {
                    let known: Vec<&str> = headers.iter().collect();
                    format!("the file has no column `{column}`, only {}", known.join(", "))
                })?)
            };
            columns.insert(name, column);
        }
        Ok(Self(columns))
    }

    fn require(&self, name: &str) -> Result<(), String> {
        if self.0.contains_key(name) {
            Ok(())
        } else {
            Err(format!("--map: `{name}=…` is missing"))
        }
    }

    fn get(&self, name: &str, record: &csv::StringRecord, row: u64) -> Option<String> {
        let value = match self.0.get(name)? {
            Column::Index(index) => record.get(*index)?.trim().to_owned(),
            Column::RowNumber => row.to_string(),
        };
        (!value.is_empty()).then_some(value)
    }
}

/// One understood row.
struct Row {
    number: u64,
    at: Timestamp,
    member: Option<String>,
    document: String,
    location: String,
    till: Option<String>,
    line: Option<RowLine>,
}

struct RowLine {
    line: Line,
    is_return: bool,
}

/// Reads a file.
pub fn read_csv(
    path: &Path,
    programme: &Programme,
    options: &CsvOptions<'_>,
) -> Result<ReadCsv, String> {
    let shown = path.display();
    let action = match options.rows_are {
        "receipts" => None,
        other => {
            let action = other.strip_prefix("action:").ok_or("--as: `receipts` or `action:ID`")?;
            let known = programme.find_action(action);
            known.ok_or(format!("the programme declares no action `{action}`"))?;
            Some(Key::new(action))
        }
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .from_path(path)
        .map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let headers = reader.headers().map_err(|error| format!("{shown} is not CSV: {error}"))?.clone();
    let columns = Columns::parse(options.map, &headers)?;
    columns.require("at")?;
    if action.is_some() {
        columns.require("member")?;
    } else {
        columns.require("receipt")?;
        if columns.require("amount").is_err() {
            columns.require("quantity")?;
            columns.require("unit_price")?;
        }
    }
    let mut records = Vec::new();
    for record in reader.records() {
        records.push(record.map_err(|error| format!("{shown} is broken: {error}"))?);
    }
    let dates = Dates::find(&columns, &records, options.date_format)?;
    let mut read = ReadCsv { lines: records.len() as u64, ..ReadCsv::default() };
    let mut rows = Vec::with_capacity(records.len());
    for (position, record) in records.iter().enumerate() {
        let number = position as u64 + 1;
        match read_row(&columns, &dates, programme, options, action.is_some(), record, number) {
            Ok(row) => rows.push(row),
            Err(reason) => read.refuse(number, &reason),
        }
    }
    read.documents = match action {
        Some(action) => actions(rows, &action, programme),
        None => documents(rows, programme, &mut read),
    };
    read.documents.sort_by_key(|document| document.at);
    Ok(read)
}

impl ReadCsv {
    fn refuse(&mut self, row: u64, reason: &str) {
        *self.refused.entry(reason.to_owned()).or_default() += 1;
        if self.refused_examples.len() < EXAMPLES_MAX {
            self.refused_examples.push(format!("row {row}: {reason}"));
        }
    }
}

fn read_row(
    columns: &Columns,
    dates: &Dates,
    programme: &Programme,
    options: &CsvOptions<'_>,
    is_action: bool,
    record: &csv::StringRecord,
    number: u64,
) -> Result<Row, String> {
    let get = |name: &str| columns.get(name, record, number);
    let local = get("at").and_then(|text| dates.parse(&text)).ok_or("the date is missing")?;
    let at = programme.zone.instant(local).map_err(|error| error.to_string())?;
    let member = get("member");
    let location = get("location").unwrap_or_else(|| options.location.to_owned());
    let till = get("till");
    if let Some(currency) = get("currency")
        && currency != programme.currency.code()
    {
        return Err(format!("the currency is not {}", programme.currency.code()));
    }
    if is_action {
        let member = member.ok_or("the member is missing")?;
        // Without a reference, one action of a kind per member and day.
        let document = get("reference").unwrap_or_else(|| member.clone());
        let member = Some(member);
        return Ok(Row { number, at, member, document, location, till, line: None });
    }
    let document = get("receipt").ok_or("the receipt number is missing")?;
    let (quantity, price) = match get("amount") {
        Some(amount) => (Quantity::ONE.units(), amount),
        None => {
            let quantity = get("quantity").ok_or("the quantity is missing")?;
            let quantity = parse_decimal(&quantity, Quantity::DECIMALS)
                .map_err(|cause| format!("the quantity is wrong: {cause}"))?;
            (quantity, get("unit_price").ok_or("the price is missing")?)
        }
    };
    let unit_price =
        programme.currency.parse(&price).map_err(|cause| format!("the price is wrong: {cause}"))?;
    if unit_price < Money::ZERO {
        return Err("the price is negative".to_owned());
    }
    if quantity == 0 {
        return Err("the quantity is zero".to_owned());
    }
    let unit_cost = match get("unit_cost") {
        Some(cost) => {
            let cost = programme.currency.parse(&cost);
            let cost = cost.map_err(|cause| format!("the cost is wrong: {cause}"))?;
            Some(cost).filter(|cost| *cost >= Money::ZERO)
        }
        None => None,
    };
    let line = Line {
        product: get("sku").unwrap_or_else(|| "purchase".to_owned()),
        category: get("category"),
        brand: get("brand"),
        quantity: Quantity::new(quantity.checked_abs().ok_or("the quantity is too large")?),
        unit_price,
        unit_cost,
        ..Line::default()
    };
    let line = Some(RowLine { line, is_return: quantity < 0 });
    Ok(Row { number, at, member, document, location, till, line })
}

/// One action per reference and day; without a reference, per member and day. Further rows of
/// the same are the same visit, written once more.
fn actions(rows: Vec<Row>, action: &Key, programme: &Programme) -> Vec<Document> {
    let mut seen = BTreeSet::new();
    rows.into_iter()
        .filter(|row| {
            let day = programme.zone.day(row.at);
            seen.insert((row.location.clone(), row.document.clone(), day))
        })
        .map(|row| Document {
            at: row.at,
            member: row.member,
            number: row.document,
            location: row.location,
            till: row.till,
            kind: DocumentKind::Action(action.clone()),
        })
        .collect()
}

/// Puts rows of one number and day together: what was bought into a receipt, what came back into
/// a return. Many tills begin anew with 1 each morning, so the number alone is not enough.
fn documents(rows: Vec<Row>, programme: &Programme, read: &mut ReadCsv) -> Vec<Document> {
    let mut order: Vec<Document> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    for row in rows {
        let Some(RowLine { line, is_return }) = row.line else { continue };
        let day = programme.zone.day(row.at);
        let key = (row.location.clone(), row.document.clone(), row.till.clone(), day, is_return);
        let place = *places.entry(key).or_insert_with(|| {
            let kind = if is_return {
                DocumentKind::Return(Vec::new())
            } else {
                DocumentKind::Receipt(Box::new(Purchase {
                    location: Some(row.location.clone()),
                    till: row.till.clone(),
                    ..Purchase::default()
                }))
            };
            order.push(Document {
                at: row.at,
                member: row.member.clone(),
                number: row.document.clone(),
                location: row.location.clone(),
                till: row.till.clone(),
                kind,
            });
            order.len() - 1
        });
        let document = &mut order[place];
        if document.member != row.member {
            read.refuse(row.number, "the member differs from the receipt's first row");
            continue;
        }
        // A receipt is as old as its first line.
        document.at = document.at.min(row.at);
        match &mut document.kind {
            DocumentKind::Receipt(purchase) if purchase.lines.len() < LINES_MAX => {
                purchase.lines.push(line);
            }
            DocumentKind::Return(products) if products.len() < LINES_MAX => {
                products.push((line.product, line.quantity));
            }
            _ => read.refuse(row.number, "the receipt has too many lines"),
        }
    }
    order
}

/// How the dates of a file are written.
enum Dates {
    Iso,
    Format(String),
}

/// Forms that are tried where none is named.
const FORMATS: [&str; 8] = [
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y %H:%M",
];

/// What a form contains that says the time of the day, too.
const TIMES: [&str; 7] = ["%H", "%I", "%k", "%l", "%R", "%T", "%c"];

impl Dates {
    /// Takes the named form, or the one form that fits every row. Two that fit are a question
    /// to the person, not to chance.
    fn find(
        columns: &Columns,
        records: &[csv::StringRecord],
        named: Option<&str>,
    ) -> Result<Self, String> {
        if let Some(format) = named {
            return Ok(Self::Format(format.to_owned()));
        }
        let texts: Vec<String> = records
            .iter()
            .enumerate()
            .filter_map(|(row, record)| columns.get("at", record, row as u64 + 1))
            .collect();
        let fits = |dates: &Self| texts.iter().all(|text| dates.parse(text).is_some());
        if fits(&Self::Iso) {
            return Ok(Self::Iso);
        }
        let candidates = FORMATS.map(|format| Self::Format(format.to_owned()));
        let mut fitting = candidates.into_iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => Err("the dates can be read in two ways: say which with \
                                       --date-format, such as --date-format %d/%m/%Y"
                .to_owned()),
            _ => Err("not all dates are written in one known form: say which with \
                      --date-format, such as --date-format %d-%m-%Y"
                .to_owned()),
        }
    }

    /// A date without a time is taken as noon, which lies on that day in every zone.
    fn parse(&self, text: &str) -> Option<DateTime> {
        let noon = Time::constant(12, 0, 0, 0);
        match self {
            Self::Iso if !text.contains(['T', 't', ' ']) => {
                text.parse::<Date>().ok().map(|day| day.to_datetime(noon))
            }
            Self::Iso => text.parse::<DateTime>().ok(),
            Self::Format(format) if TIMES.iter().any(|time| format.contains(time)) => {
                DateTime::strptime(format, text).ok()
            }
            Self::Format(format) => {
                Date::strptime(format, text).ok().map(|day| day.to_datetime(noon))
            }
        }
    }
}
