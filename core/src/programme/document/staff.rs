//! Staff: `[recognition]`, `[enrolment]` and `[team_goal.NAME]`.

use super::companies::Nodes;
use super::{Declared, read_condition};
use crate::condition::{Expected, Scope};
use crate::engine::{ENROLMENT, REBATE, RECOGNITION, TEAM};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    Enrolment, GoalCounts, GoalGives, GoalMembers, GoalReturn, Recognition, Staff, TeamGoal,
};
use crate::values::{Key, Money, Points};

pub(super) fn read_staff<'a>(
    reader: &Reader<'a>,
    nodes: &Nodes<'a>,
    declared: &Declared<'_>,
) -> Staff {
    Staff {
        recognition: nodes.recognition.and_then(|node| read_recognition(reader, node, declared)),
        enrolment: nodes.enrolment.and_then(|node| read_enrolment(reader, node, declared)),
        goals: read_goals(reader, nodes, declared),
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

/// The ids under which something is given, counted or told that is no goal.
const TAKEN: [&str; 6] = [ENROLMENT, REBATE, RECOGNITION, TEAM, "gifts", "merge"];

fn read_goals<'a>(
    reader: &Reader<'a>,
    nodes: &Nodes<'a>,
    declared: &Declared<'_>,
) -> Vec<TeamGoal> {
    let mut goals = Vec::new();
    for (key, span, node) in &nodes.goals {
        let Some(table) = reader.fields(node, "the team goal") else { continue };
        if TAKEN.contains(&key.as_str()) {
            reader.error(span.clone(), format!("the id `{key}` is used twice"), "ids are unique");
        }
        goals.extend(read_goal(reader, key.clone(), table, declared));
    }
    goals
}

fn read_goal<'a>(
    reader: &Reader<'a>,
    key: Key,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<TeamGoal> {
    let name = table.required("name", "{ en = \"…\" }");
    let name = name.map(|node| reader.texts(node, false)).unwrap_or_default();
    let counts = table
        .required("counts", "\"action:course-passed\"")
        .and_then(|node| read_counts(reader, node, declared));
    let decimals = match counts {
        Some(GoalCounts::Points(points)) => declared.points[points].decimals,
        _ => 0,
    };
    let target = table.required("target", "10").filter(|_| counts.is_some()).and_then(|node| {
        reader.decimal_within(node, decimals, 1..=1_000_000_000_000, "above zero")
    });
    let every = table.required("every", "\"month\"").and_then(|node| reader.calendar_unit(node));
    let gives = table
        .required("gives", "{ points = \"thanks\", each = 100 }")
        .and_then(|node| read_gives(reader, node, declared));
    let words =
        [("everybody", GoalMembers::Everybody), ("from-the-start", GoalMembers::FromTheStart)];
    let members = table.optional("members").map(|node| reader.choice(node, &words));
    let words = [("take-back", GoalReturn::TakeBack), ("keep", GoalReturn::Keep)];
    let on_return = table.optional("on_return").map(|node| reader.choice(node, &words));
    table.finish();
    let (points, gives) = gives?;
    Some(TeamGoal {
        key,
        name,
        counts: counts?,
        target: target?,
        every: every?,
        points,
        gives,
        members: members.unwrap_or_else(|| Some(GoalMembers::default()))?,
        on_return: on_return.unwrap_or_else(|| Some(GoalReturn::default()))?,
    })
}

/// `action:course-passed`, or `earned:thanks`.
fn read_counts<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<GoalCounts> {
    let text = reader.text(node)?;
    if let Some(points) = text.strip_prefix("earned:") {
        let keys = declared.point_keys();
        return reader
            .reference_to(points, node.span(), "point kind", &keys)
            .map(GoalCounts::Points);
    }
    if let Some(action) = text.strip_prefix("action:") {
        let keys: Vec<&str> = declared.actions.iter().map(|kind| kind.key.as_str()).collect();
        return reader.reference_to(action, node.span(), "action", &keys).map(GoalCounts::Action);
    }
    let hint = "`action:` and an action, or `earned:` and a kind of points";
    reader.error(node.span(), format!("`{text}` is nothing that a team counts"), hint);
    None
}

/// `{ points = "thanks", each = 100 }`, or `{ points = "thanks", pot = 1000, split = "by-score" }`.
fn read_gives<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<(usize, GoalGives)> {
    let mut table = reader.fields(node, "what the goal gives")?;
    let points = read_kind(reader, &mut table, declared);
    let (each_node, pot_node) = (table.optional("each"), table.optional("pot"));
    let split_node = table.optional("split");
    table.finish();
    let each = read_amount(reader, each_node, points, declared);
    let pot = read_amount(reader, pot_node, points, declared);
    let words = [("equally", false), ("by-score", true)];
    let split = split_node.map(|node| reader.choice(node, &words));
    if each_node.is_some() == pot_node.is_some() || (split_node.is_some() && pot_node.is_none()) {
        let hint = "exactly one of: each, pot (a pot may have `split`)";
        reader.error(node.span(), "it is not said what each member of the team gets", hint);
        return None;
    }
    let gives = match pot_node {
        None => GoalGives::Each(each?),
        Some(_) => GoalGives::Pot { amount: pot?, by_score: split.unwrap_or(Some(false))? },
    };
    Some((points?, gives))
}
