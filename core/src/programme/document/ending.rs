//! `[ending]`: the last days of a programme, and what becomes of what is left.

use super::Declared;
use crate::programme::reader::{Node, Reader};
use crate::programme::{Conversion, Ending, Occasion, PointKind, Remainder};
use crate::values::Points;
use jiff::civil::Date;
use toml::de::DeValue;

const POINTS_MAX: i64 = 1_000_000_000_000;

/// What is said of one kind, before it is known whether it fits what is said of the others.
struct Said<'a> {
    kind: usize,
    node: Node<'a>,
    remainder: Remainder,
}

pub(super) fn read_ending<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    declared: &Declared<'_>,
) -> Option<Ending> {
    let node = node?;
    let mut table = reader.fields(node, "the ending")?;
    let announced_node = table.optional("announced");
    let announced = announced_node.and_then(|node| read_day(reader, node));
    let [(_, earning), (spending_node, spending)] =
        ["last_earning_day", "last_spending_day"].map(|name| {
            let node = table.required(name, "2028-03-31");
            (node, node.and_then(|node| read_day(reader, node)))
        });
    let remainders = read_remainders(reader, table.optional("remainder"), declared);
    table.finish();
    let (earning, spending) = (earning?, spending?);
    if let (true, Some(node)) = (spending < earning, spending_node) {
        let hint =
            "let members spend on the last earning day at least, better for some months more";
        reader.error(node.span(), "nobody can spend what is earned last", hint);
    }
    if let (Some(announced), Some(node)) = (announced, announced_node)
        && spending < announced
    {
        let hint = "members must know of it while they can still spend";
        reader.error(node.span(), "the ending is announced when all is over", hint);
    }
    let days = (declared.zone.end_of_day(earning), declared.zone.end_of_day(spending));
    let ((Ok(earning_ends_at), Ok(ends_at)), Ok(settled_on)) = (days, spending.tomorrow()) else {
        reader.error(node.span(), "the days lie beyond the calendar", "");
        return None;
    };
    let remainders = remainders?;
    // The calendar settles it, whether any rule waits for the calendar or not.
    declared.occasions.borrow_mut().push(Occasion::Ending);
    Some(Ending {
        announced,
        last_earning_day: earning,
        last_spending_day: spending,
        earning_ends_at,
        ends_at,
        settled_on,
        remainders,
    })
}

fn read_day<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Date> {
    let text = match node.get_ref().as_datetime() {
        Some(moment) => moment.to_string(),
        None => reader.text(node)?.to_owned(),
    };
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    if day.is_none() {
        reader.error(node.span(), format!("`{text}` is not a day"), "write 2028-03-31");
    }
    day
}

const WORDS: [(&str, Remainder); 2] =
    [("expires", Remainder::Expires), ("stays", Remainder::Stays)];

/// One word for all kinds, or what becomes of each. Of a kind that is not named, the rest ends.
fn read_remainders<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    declared: &Declared<'_>,
) -> Option<Vec<Remainder>> {
    let kinds = declared.points;
    let mut remainders = vec![Remainder::Expires; kinds.len()];
    let Some(node) = node else { return Some(remainders) };
    if !matches!(node.get_ref(), DeValue::Table(_)) {
        let all = reader.choice(node, &WORDS)?;
        return Some(vec![all; kinds.len()]);
    }
    let said = read_each(reader, node, declared)?;
    for Said { kind, remainder, .. } in &said {
        remainders[*kind] = *remainder;
    }
    let mut is_sound = true;
    for Said { kind, node, remainder } in &said {
        let Remainder::Converts(Conversion { to, .. }) = remainder else { continue };
        let of_target = said.iter().find(|other| other.kind == *to);
        if of_target.is_some_and(|other| other.remainder != Remainder::Stays) {
            let message =
                format!("`{}` becomes `{}`, and that ends, too", kinds[*kind].key, kinds[*to].key);
            let hint = format!("write {} = \"stays\", or leave it out", kinds[*to].key);
            reader.error(node.span(), message, hint);
            is_sound = false;
        }
        // What others become need not be said to stay.
        remainders[*to] = Remainder::Stays;
    }
    is_sound.then_some(remainders)
}

/// Reads what is said of the kinds, each by its id.
fn read_each<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Vec<Said<'a>>> {
    let table = node.get_ref().as_table()?;
    let keys = declared.point_keys();
    let (mut said, mut is_sound) = (Vec::new(), true);
    for (key, node) in table {
        let kind = reader.reference_to(key.get_ref(), key.span(), "point kind", &keys);
        let remainder = match node.get_ref() {
            DeValue::Table(_) => read_conversion(reader, node, kind, declared),
            _ => reader.choice(node, &WORDS),
        };
        match (kind, remainder) {
            (Some(kind), Some(remainder)) => said.push(Said { kind, node, remainder }),
            _ => is_sound = false,
        }
    }
    is_sound.then_some(said)
}

/// `{ to = "cash", give = "0.01", per = 1, at_least = 100 }`.
fn read_conversion<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    kind: Option<usize>,
    declared: &Declared<'_>,
) -> Option<Remainder> {
    let mut table = reader.fields(node, "the conversion")?;
    let keys = declared.point_keys();
    let to_node = table.required("to", "\"cash\"");
    let to = to_node.and_then(|node| reader.reference(node, "point kind", &keys));
    let decimals = |kind: Option<usize>| {
        let kind: Option<&PointKind> = kind.and_then(|kind| declared.points.get(kind));
        kind.map_or(0, |kind| kind.decimals)
    };
    let amount = |node: Node<'a>, decimals: u8| {
        reader.decimal_within(node, decimals, 1..=POINTS_MAX, "above zero").map(Points::new)
    };
    let give = table.required("give", "\"0.01\"").and_then(|node| amount(node, decimals(to)));
    let one = Points::new(10_i64.pow(u32::from(decimals(kind))));
    let per = table.optional("per").map_or(Some(one), |node| amount(node, decimals(kind)));
    let least =
        table.optional("at_least").map_or(Some(Points::ZERO), |node| amount(node, decimals(kind)));
    table.finish();
    if let (true, Some(node)) = (to.is_some() && to == kind, to_node) {
        let hint = "name another kind, or write \"stays\"";
        reader.error(node.span(), "points cannot become what they are", hint);
        return None;
    }
    let to = to?;
    let rounding = declared.points[to].rounding;
    let (give, per, at_least) = (give?, per?, least?);
    Some(Remainder::Converts(Conversion { to, give, per, at_least, rounding }))
}
