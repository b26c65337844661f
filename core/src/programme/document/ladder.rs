//! Ladders of tiers: `[ladder.club]`.

use super::{Declared, is_new_key, read_condition};
use crate::condition::{Condition, Environment, Expected, Fact, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{ByHand, Keep, Ladder, Tier};
use crate::values::{CalendarUnit, Key, Period, Rate};
use std::collections::BTreeSet;
use std::ops::Range;

pub fn read_ladders<'a>(
    reader: &Reader<'a>,
    nodes: Vec<(Key, Range<usize>, Node<'a>)>,
    declared: &Declared<'_>,
) -> Vec<Ladder> {
    let mut ladders = Vec::new();
    for (key, _, node) in nodes {
        let Some(mut table) = reader.fields(node, "the ladder") else { continue };
        let name = table.optional("name").map(|node| reader.texts(node, false));
        let environment = declared.environment(Scope::MEASURE, None);
        let measure = table
            .required("measure", "'spent(months(12))'")
            .and_then(|node| read_measure(reader, node, &environment));
        let keep = table.optional("keep").and_then(|node| read_keep(reader, node));
        let grace = table.optional("grace").and_then(|node| reader.period(node));
        let by_hand = table.optional("by_hand").and_then(|node| {
            reader.choice(node, &[("floor", ByHand::Floor), ("frozen", ByHand::Frozen)])
        });
        let tiers = table
            .required("tier", "[{ id = \"basic\" }, { id = \"gold\", from = 1000 }]")
            .map(|node| read_tiers(reader, node, declared))
            .unwrap_or_default();
        table.finish();
        if let Some(measure) = measure {
            ladders.push(Ladder {
                key,
                name: name.unwrap_or_default(),
                measure,
                tiers,
                keep: keep.unwrap_or(Keep::AtOnce),
                grace: grace.unwrap_or(Period::NONE),
                by_hand: by_hand.unwrap_or(ByHand::Floor),
            });
        }
    }
    ladders
}

/// A measure is asked for days of the past: it must follow from the history alone.
fn read_measure<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    environment: &Environment,
) -> Option<Condition> {
    let measure = read_condition(reader, node, environment, Expected::Number)?;
    if measure
        .uses()
        .iter()
        .any(|fact| matches!(fact, Fact::MemberBalance(_) | Fact::MemberLacks(_)))
    {
        reader.error(
            node.span(),
            "a balance of the past is not known, so no tier can stand on it",
            "measure what was earned, such as earned(\"miles\", months(12))",
        );
        return None;
    }
    let is_tenure = |fact: &Fact| {
        matches!(fact, Fact::MemberTenureDays | Fact::MemberTenureMonths | Fact::MemberTenureYears)
    };
    let is_sum = |fact: &Fact| {
        matches!(fact, Fact::MemberVisits(_) | Fact::MemberSpent(_) | Fact::MemberEarned { .. })
    };
    let uses = measure.uses();
    if uses.iter().any(is_tenure) && uses.iter().any(is_sum) {
        reader.error(
            node.span(),
            "a measure of tenure and of purchases rises and falls on any day",
            "use two ladders: one of tenure, and one of what was bought",
        );
        return None;
    }
    Some(measure)
}

fn read_keep<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Keep> {
    let text = reader.text(node)?;
    let keep = match text {
        "while the measure holds" => Some(Keep::AtOnce),
        "always" => Some(Keep::Always),
        _ => text.strip_prefix("until the end of the ").and_then(|rest| {
            let (following, unit) = match rest.strip_prefix("next ") {
                Some(unit) => (1, unit),
                None => (0, rest),
            };
            CalendarUnit::parse(unit).map(|unit| Keep::Until { unit, following })
        }),
    };
    if keep.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` does not say how long a tier is kept"),
            "one of: while the measure holds; until the end of the year; until the end of the \
             next year (or quarter, month); always",
        );
    }
    keep
}

fn read_tiers<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    let mut known = BTreeSet::new();
    let list = reader.list(node);
    if list.is_empty() && node.get_ref().is_array() {
        reader.error(node.span(), "the ladder has no tiers", "name at least one");
    }
    for (position, node) in list.into_iter().enumerate() {
        let Some(mut table) = reader.fields(node, "the tier") else { continue };
        let key = table.required("id", "\"gold\"").and_then(|node| reader.key(node));
        let name = table.optional("name").map(|node| reader.texts(node, false));
        let from_node = table.optional("from");
        let from = match from_node {
            None => Some(0),
            Some(node) => reader.decimal_within(node, Rate::DECIMALS, 0..=i64::MAX, "zero or more"),
        };
        let is_readable = from.is_some();
        let from = from.map_or(0, i128::from);
        if let Some(last) = tiers.last() {
            if from <= last.from && is_readable {
                reader.error(
                    from_node.map_or(node.span(), toml::Spanned::span),
                    format!("a tier must begin above the tier before it (`{}`)", last.key),
                    "list the tiers from the lowest to the highest, each with a larger `from`",
                );
            }
        } else if position == 0 && from != 0 {
            reader.error(
                from_node.map_or(node.span(), toml::Spanned::span),
                "the first tier is everybody's, it has no `from`",
                "put a tier without `from` before it",
            );
        }
        let multiplies = read_multipliers(reader, &mut table, declared);
        let benefits = table.optional("benefits").map_or_else(Vec::new, |node| {
            let keys = declared.benefit_keys();
            reader
                .list(node)
                .into_iter()
                .filter_map(|node| reader.reference(node, "benefit", &keys))
                .collect()
        });
        table.finish();
        if let Some(key) = key.filter(|key| is_new_key(reader, key, node.span(), &mut known)) {
            tiers.push(Tier { key, name: name.unwrap_or_default(), from, multiplies, benefits });
        }
    }
    tiers
}

fn read_multipliers<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Vec<(usize, Rate)> {
    let keys = declared.point_keys();
    let mut multipliers = Vec::new();
    for (key, span, node) in table.named("multiplies") {
        let position = reader.reference_to(key.as_str(), span, "point kind", &keys);
        let range = 0..=1_000 * Rate::ONE.units();
        let rate = reader.decimal_within(node, Rate::DECIMALS, range, "from 0 to 1000");
        if let (Some(position), Some(rate)) = (position, rate) {
            multipliers.push((position, Rate::new(rate)));
        }
    }
    multipliers
}
