//! Staff: `[recognition]` and `[enrolment]`.

use super::companies::Nodes;
use super::{Declared, read_condition};
use crate::condition::{Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{Enrolment, Recognition, Staff};
use crate::values::{Money, Points};

pub(super) fn read_staff<'a>(
    reader: &Reader<'a>,
    nodes: &Nodes<'a>,
    declared: &Declared<'_>,
) -> Staff {
    Staff {
        recognition: nodes.recognition.and_then(|node| read_recognition(reader, node, declared)),
        enrolment: nodes.enrolment.and_then(|node| read_enrolment(reader, node, declared)),
    }
}

fn read_kind<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<usize> {
    let keys = declared.point_keys();
    let node = table.required("points", "\"thanks\"")?;
    reader.reference(node, "point kind", &keys)
}

fn read_amount<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    points: Option<usize>,
    declared: &Declared<'_>,
) -> Option<Points> {
    let decimals = declared.points[points?].decimals;
    let range = 1..=1_000_000_000_000;
    reader.decimal_within(node?, decimals, range, "above zero").map(Points::new)
}

fn read_recognition<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Recognition> {
    let mut table = reader.fields(node, "the recognition")?;
    let points = read_kind(reader, &mut table, declared);
    let allowance_node = table.required("allowance", "100");
    let allowance = read_amount(reader, allowance_node, points, declared);
    let every = table.required("every", "\"month\"").and_then(|node| reader.calendar_unit(node));
    let most_node = table.optional("managers");
    let most = read_amount(reader, most_node, points, declared);
    let environment = declared.environment(Scope::MEASURE, None);
    let who_node = table.optional("manager");
    let who = who_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let span = table.span();
    table.finish();
    if most_node.is_some() != who_node.is_some() {
        let hint = "write manager = 'member.manager' and managers = 500, or neither";
        reader.error(span, "either it is not said who a manager is, or what managers give", hint);
    }
    let managers = match who_node {
        Some(_) => Some((who?, most?)),
        None => None,
    };
    Some(Recognition { points: points?, allowance: allowance?, every: every?, managers })
}

fn read_enrolment<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Enrolment> {
    let mut table = reader.fields(node, "the enrolment")?;
    let points = read_kind(reader, &mut table, declared);
    let give_node = table.required("give", "50");
    let give = read_amount(reader, give_node, points, declared);
    let after_first = table
        .required("after", "\"first-purchase\"")
        .and_then(|node| reader.choice(node, &[("first-purchase", true), ("joining", false)]));
    let least_node = table.optional("at_least");
    let least = least_node.map(|node| reader.money(node, declared.currency));
    table.finish();
    if let (Some(false), Some(node)) = (after_first, least_node) {
        let hint = "write after = \"first-purchase\", or leave `at_least` out";
        reader.error(node.span(), "there is no purchase that could be worth so much", hint);
    }
    let least = match least {
        Some(least) => least?,
        None => Money::ZERO,
    };
    let first_purchase = after_first?.then_some(least);
    Some(Enrolment { points: points?, give: give?, first_purchase })
}
