//! What of the calendar a rule waits for: `on = "birthday"`, `on = "tenure"` with `after`.

use super::Declared;
use crate::condition::Type;
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{Keep, Occasion, Trigger};
use crate::values::{CalendarUnit, Key, Period};

const WORDS: [&str; 10] = [
    "birthday",
    "anniversary",
    "tenure",
    "inactive",
    "before-expiry",
    "week-end",
    "month-end",
    "quarter-end",
    "year-end",
    "tier-review",
];

/// The words by which rules wait for the calendar, for hints.
pub fn words() -> String {
    format!("{}, before-membership-end", WORDS.join(", "))
}

/// Reads the keys that say more about an occasion. `None` where the word is none of the calendar;
/// `Some(None)` where the occasion cannot be read, which has its own problem then.
pub fn read_occasion<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    word: &str,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Option<Trigger>> {
    let occasion = match word {
        "birthday" => read_birthday(reader, node, table, declared),
        "anniversary" => Some(Occasion::Anniversary),
        "tenure" => read_period(reader, table, "after").map(|after| Occasion::Tenure { after }),
        "inactive" => read_period(reader, table, "after").map(|after| Occasion::Inactive { after }),
        "before-expiry" => {
            let keys = declared.point_keys();
            let points = table
                .required("points", "\"points\"")
                .and_then(|node| reader.reference(node, "point kind", &keys));
            let before = read_period(reader, table, "before");
            points.zip(before).map(|(points, before)| Occasion::BeforeExpiry {
                points: declared.points[points].key.clone(),
                before,
            })
        }
        "tier-review" => read_review(reader, table, declared),
        "before-membership-end" => {
            let keys: Vec<&str> = declared.memberships.iter().map(|m| m.key.as_str()).collect();
            let membership = table
                .required("membership", "\"club\"")
                .and_then(|node| reader.reference(node, "membership", &keys));
            let before = read_period(reader, table, "before");
            membership.zip(before).map(|(place, before)| Occasion::BeforeMembershipEnd {
                membership: declared.memberships[place].key.clone(),
                before,
            })
        }
        _ => {
            let unit = word.strip_suffix("-end").and_then(CalendarUnit::parse);
            Some(Occasion::EndOf(unit.filter(|unit| *unit != CalendarUnit::Day)?))
        }
    };
    Some(occasion.map(|occasion| {
        let mut known = declared.occasions.borrow_mut();
        let place = known.iter().position(|other| *other == occasion);
        Trigger::Occasion(place.unwrap_or_else(|| {
            known.push(occasion);
            known.len() - 1
        }))
    }))
}

fn read_period<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    name: &'static str,
) -> Option<Period> {
    table.required(name, "\"6 months\"").and_then(|node| reader.period(node))
}

/// The attribute that holds the date: the one that is named, or the one called `birthday`.
fn read_birthday<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Occasion> {
    let dates = declared.attributes.iter().filter(|known| known.value_type == Type::Date);
    let keys: Vec<&str> = dates.map(|attribute| attribute.key.as_str()).collect();
    let place = match table.optional("attribute") {
        Some(node) => reader.reference(node, "attribute of type date", &keys)?,
        None => reader.reference_to("birthday", node.span(), "attribute of type date", &keys)?,
    };
    Some(Occasion::Birthday { attribute: Key::new(keys[place]) })
}

fn read_review<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Occasion> {
    let keys: Vec<&str> = declared.ladders.iter().map(|ladder| ladder.key.as_str()).collect();
    let node = table.required("ladder", "\"club\"")?;
    let ladder = &declared.ladders[reader.reference(node, "ladder", &keys)?];
    if !matches!(ladder.keep, Keep::Until { .. }) {
        reader.error(
            node.span(),
            "tiers of this ladder are never reviewed",
            "with keep = \"until the end of the year\" they are, each year",
        );
        return None;
    }
    Some(Occasion::TierReview { ladder: ladder.key.clone() })
}
