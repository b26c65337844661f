//! Rules: `[[rule]]`.

use super::{Declared, is_new_key, read_condition};
use crate::condition::{Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    Audience, DiscountAmount, Discounting, EarnAmount, Earning, EarningBase, Limit, Rule, Schedule,
    Trigger,
};
use crate::values::{Key, Money, Points, Rate};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

const HUNDRED_PER_CENT: i64 = 100_000_000;

pub fn read_rules<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    declared: &Declared<'_>,
    known: &mut BTreeSet<Key>,
) -> Vec<Rule> {
    let mut rules = Vec::new();
    for node in node.map(|node| reader.list(node)).unwrap_or_default() {
        let Some(table) = reader.fields(node, "the rule") else { continue };
        let Some(rule) = read_rule(reader, table, declared) else { continue };
        if is_new_key(reader, &rule.key, node.span(), known) {
            rules.push(rule);
        }
    }
    // A total order that does not depend on the place in the file (I16).
    rules.sort_by(|a, b| (a.priority, &a.key).cmp(&(b.priority, &b.key)));
    rules
}

fn read_rule<'a>(
    reader: &Reader<'a>,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Rule> {
    let key = table.required("id", "\"my-rule\"").and_then(|node| reader.key(node));
    let name = table.optional("name").map(|node| reader.texts(node, false));
    let on =
        table.required("on", "\"purchase\"").and_then(|node| read_trigger(reader, node, declared));
    let audience = table
        .optional("for")
        .and_then(|node| {
            let words = [
                ("members", Audience::Members),
                ("guests", Audience::Guests),
                ("everyone", Audience::Everyone),
            ];
            reader.choice(node, &words)
        })
        .unwrap_or(Audience::Members);
    let schedule = read_schedule(reader, &mut table, declared);
    let (scope, action) = match on {
        Some(Trigger::Action(action)) => (Scope::ACTION, Some(action)),
        _ => (Scope::PURCHASE, None),
    };
    let environment = declared.environment(scope, action);
    let when = table
        .optional("when")
        .and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let span = table.span();
    let earn_node = table.optional("earn");
    let earn = earn_node.map_or_else(Vec::new, |node| {
        reader
            .one_or_more(node)
            .into_iter()
            .filter_map(|node| read_earning(reader, node, declared, on))
            .collect()
    });
    let discount_node = table.optional("discount");
    let discount = discount_node.and_then(|node| read_discount(reader, node, declared));
    let offer = table.optional("offer").map(|node| reader.texts(node, false));
    let group = table.optional("group").and_then(|node| reader.key(node));
    let priority = table
        .optional("priority")
        .and_then(|node| {
            reader.decimal_within(node, 0, -1_000_000..=1_000_000, "between -1000000 and 1000000")
        })
        .unwrap_or(0);
    let limit = table.optional("limit").and_then(|node| read_limit(reader, node));
    table.finish();
    if discount_node.is_some() && matches!(on, Some(Trigger::Action(_))) {
        reader.error(span.clone(), "an action has no price to discount", "use on = \"purchase\"");
    }
    // What stands there and cannot be read is a problem of its own.
    let earns =
        earn_node.is_some_and(|node| node.get_ref().as_array().is_none_or(|list| !list.is_empty()));
    if !earns && discount_node.is_none() && offer.is_none() {
        reader.error(
            span.clone(),
            "the rule does nothing",
            "give it `earn`, `discount` or `offer`",
        );
    }
    if audience == Audience::Guests && earns {
        reader.error(span, "guests have no account to earn on", "use for = \"members\"");
    }
    Some(Rule {
        key: key?,
        name: name.unwrap_or_default(),
        on: on?,
        audience,
        schedule,
        when,
        earn,
        discount,
        offer,
        group,
        priority,
        limit,
    })
}

fn read_trigger<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Trigger> {
    let text = reader.text(node)?;
    if text == "purchase" {
        return Some(Trigger::Purchase);
    }
    let Some(action) = text.strip_prefix("action:") else {
        reader.error(
            node.span(),
            format!("`{text}` is nothing that a rule can wait for"),
            "`purchase`, or `action:` and the id of a declared action",
        );
        return None;
    };
    let keys: Vec<&str> = declared.actions.iter().map(|action| action.key.as_str()).collect();
    reader.reference_to(action, node.span(), "action", &keys).map(Trigger::Action)
}

fn read_earning<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    on: Option<Trigger>,
) -> Option<Earning> {
    let mut table = reader.fields(node, "the earning")?;
    let keys = declared.point_keys();
    let points = table
        .required("points", "\"points\"")
        .and_then(|node| reader.reference(node, "point kind", &keys));
    let decimals = points.map_or(0, |points| declared.points[points].decimals);
    let give_node = table.optional("give");
    let give = give_node.filter(|_| points.is_some()).and_then(|node| {
        reader.decimal_within(node, decimals, 1..=1_000_000_000_000, "above zero").map(Points::new)
    });
    let per_node = table.optional("per");
    let per = per_node.and_then(|node| reader.money(node, declared.currency));
    let steps = table
        .optional("steps")
        .and_then(|node| reader.choice(node, &[("full", true), ("proportional", false)]));
    let percent_node = table.optional("percent");
    let percent = percent_node.and_then(|node| read_percent(reader, node));
    let times_node = table.optional("times");
    let times = times_node.and_then(|node| {
        let range = 1..=1_000 * Rate::ONE.units();
        reader.decimal_within(node, Rate::DECIMALS, range, "above 0, at most 1000").map(Rate::new)
    });
    let environment = declared.environment(Scope::LINES, None);
    let filter_node = table.optional("where");
    let filter =
        filter_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let bounds = read_bounds(reader, &mut table, decimals);
    let base_node = table.optional("base");
    let base = base_node.and_then(|node| reader.choice(node, EarningBase::ANSWERS));
    let span = table.span();
    table.finish();
    if steps.is_some() && per_node.is_none() {
        reader.error(span.clone(), "`steps` speaks of `per`, which is missing", "");
    }
    // By what stands there, not by what could be read: that has its own problem already.
    let stands = [give_node, per_node, percent_node, times_node].map(|node| node.is_some());
    let amount = match stands {
        [true, true, false, false] => give.zip(per).map(|(give, per)| EarnAmount::PerAmount {
            give,
            per,
            steps: steps.unwrap_or(true),
        }),
        [true, false, false, false] => give.map(EarnAmount::Fixed),
        [false, false, true, false] => percent.map(EarnAmount::Percent),
        [false, false, false, true] => times.map(EarnAmount::Times),
        _ => {
            reader.error(
                span,
                "it is not clear how much is earned",
                "exactly one of: give; give and per; percent; times",
            );
            return None;
        }
    };
    let by_amount = stands != [true, false, false, false];
    let on_receipt = filter_node.is_some() || bounds.stand || base_node.is_some();
    if matches!(on, Some(Trigger::Action(_))) && (by_amount || on_receipt) {
        reader.error(span, "an action has no amount to earn by", "use `give` alone");
        return None;
    }
    let of_others = times_node.is_some();
    if of_others && (bounds.stand || base_node.is_some()) {
        reader.error(
            span,
            "`times` multiplies what other rules give, it gives nothing that could be bounded",
            "write `at_least`, `at_most` and `base` where the points are given",
        );
        return None;
    }
    let Bounds { at_least, at_most, .. } = bounds;
    Some(Earning { points: points?, amount: amount?, filter, base, at_least, at_most })
}

/// The least and the most that an earning gives on a receipt.
struct Bounds {
    at_least: Option<Points>,
    at_most: Option<Points>,
    /// Whether the text has any.
    stand: bool,
}

fn read_bounds<'a>(reader: &Reader<'a>, table: &mut Fields<'_, 'a>, decimals: u8) -> Bounds {
    let (least_node, most_node) = (table.optional("at_least"), table.optional("at_most"));
    let read = |node: Option<Node<'a>>| {
        let node = node?;
        let range = 1..=1_000_000_000_000;
        reader.decimal_within(node, decimals, range, "above zero").map(Points::new)
    };
    let (at_least, at_most) = (read(least_node), read(most_node));
    if let (Some(least), Some(most), Some(node)) = (at_least, at_most, most_node)
        && most < least
    {
        reader.error(node.span(), "`at_most` is below `at_least`", "exchange them");
    }
    Bounds { at_least, at_most, stand: least_node.is_some() || most_node.is_some() }
}

fn read_percent<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Rate> {
    reader
        .decimal_within(node, Rate::DECIMALS, 1..=HUNDRED_PER_CENT, "above 0, at most 100")
        .map(Rate::new)
}

pub(super) fn read_discount<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Discounting> {
    let mut table = reader.fields(node, "the discount")?;
    let percent_node = table.optional("percent");
    let percent = percent_node.and_then(|node| read_percent(reader, node));
    let sum_node = table.optional("sum");
    let sum = sum_node.and_then(|node| reader.money(node, declared.currency));
    let price_node = table.optional("price");
    let price = price_node.and_then(|node| {
        let range = 0..=i64::MAX / 1_000_000;
        let exponent = declared.currency.exponent();
        reader.decimal_within(node, exponent, range, "zero or more").map(Money::new)
    });
    let environment = declared.environment(Scope::LINES, None);
    let filter_node = table.optional("where");
    let filter =
        filter_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let span = table.span();
    table.finish();
    let amount = match [percent_node, sum_node, price_node].map(|node| node.is_some()) {
        [true, false, false] => percent.map(DiscountAmount::Percent),
        [false, true, false] => sum.map(DiscountAmount::Sum),
        [false, false, true] => price.map(DiscountAmount::UnitPrice),
        _ => {
            reader.error(
                span,
                "it is not clear how large the discount is",
                "exactly one of: percent, sum, price",
            );
            return None;
        }
    };
    if price_node.is_some() && filter_node.is_none() {
        reader.error(
            span,
            "a fixed price for every product of the receipt is hardly meant",
            "say which lines: where = 'line.category == \"…\"'",
        );
    }
    Some(Discounting { amount: amount?, filter })
}

pub(super) fn read_limit<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Limit> {
    let mut table = reader.fields(node, "the limit")?;
    let times = table
        .required("per_member", "1")
        .and_then(|node| reader.decimal_within(node, 0, 1..=1_000_000, "from 1 to 1000000"));
    let every = table.optional("every").map(|node| reader.calendar_unit(node));
    table.finish();
    let times = u32::try_from(times?).ok()?;
    match every {
        Some(every) => Some(Limit { times, every: Some(every?) }),
        None => Some(Limit { times, every: None }),
    }
}

const WEEKDAYS: [(&str, usize); 7] = [
    ("monday", 0),
    ("tuesday", 1),
    ("wednesday", 2),
    ("thursday", 3),
    ("friday", 4),
    ("saturday", 5),
    ("sunday", 6),
];

fn read_schedule<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Schedule {
    let from_node = table.optional("from");
    let until_node = table.optional("until");
    let from = from_node.and_then(|node| read_moment(reader, node, declared, false));
    let until = until_node.and_then(|node| read_moment(reader, node, declared, true));
    if let (Some(from), Some(until), Some(node)) = (from, until, until_node)
        && until <= from
    {
        reader.error(node.span(), "the rule ends before it begins", "exchange `from` and `until`");
    }
    let weekdays = table.optional("weekdays").map(|node| {
        let mut days = [false; 7];
        if node.get_ref().as_array().is_some_and(|days| days.is_empty()) {
            let hint = "name at least one day, or leave `weekdays` out";
            reader.error(node.span(), "the rule is in force on no day", hint);
        }
        for node in reader.one_or_more(node) {
            if let Some(day) = reader.choice(node, &WEEKDAYS) {
                days[day] = true;
            }
        }
        days
    });
    let hours = table.optional("hours").map_or_else(Vec::new, |node| {
        reader.one_or_more(node).into_iter().filter_map(|node| read_hours(reader, node)).collect()
    });
    Schedule { from, until, weekdays, hours }
}

/// A date, a local date and time, or a moment with its offset. A date as an end counts whole.
fn read_moment<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    is_end: bool,
) -> Option<Timestamp> {
    let value = node.get_ref();
    let text = match value.as_datetime() {
        Some(moment) => moment.to_string(),
        None => reader.text(node)?.to_owned(),
    };
    let moment = if let Ok(moment) = text.parse::<Timestamp>() {
        Some(moment)
    } else if let (Ok(day), true) = (text.parse::<Date>(), text.len() == 10) {
        if is_end { declared.zone.end_of_day(day) } else { declared.zone.start_of_day(day) }.ok()
    } else {
        text.parse::<DateTime>().ok().and_then(|local| declared.zone.instant(local).ok())
    };
    if moment.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` is neither a date nor a moment"),
            "write 2027-02-14, or 2027-02-14T18:00:00 in the programme's time zone",
        );
    }
    moment
}

fn read_hours<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<(u16, u16)> {
    let text = reader.text(node)?;
    let minute = |clock: &str| -> Option<u16> {
        let (hour, minute) = clock.split_once(':')?;
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !two_digits(hour) || !two_digits(minute) {
            return None;
        }
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
    };
    let span = text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
    if span.is_none() {
        reader.error(
            node.span(),
            format!("`{text}` is not a span of hours"),
            "write 14:00-16:00; 22:00-02:00 goes on past midnight",
        );
    }
    span
}
