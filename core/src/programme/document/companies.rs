//! Companies and their people: `[contacts]`, `[gifts]`, `[rebate]`, and `split` of a rule or a
//! point kind.

use super::discount::read_percent;
use crate::engine::{ENROLMENT, REBATE, RECOGNITION};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    CONTACT_ROLES, Companies, CompanyPoints, EarnedPointsOnReturn, Gifts, PendingRule, PointKind,
    Rebate, Reward, Rule, Settings, Staff, Trigger,
};
use crate::values::{CalendarUnit, Currency, Key, Money, Rate};
use std::collections::BTreeSet;
use std::ops::Range;

/// The tables as they stand, until the point kinds are known.
pub(super) struct Nodes<'a> {
    pub partners: Vec<(Key, Range<usize>, Node<'a>)>,
    contacts: Option<Node<'a>>,
    gifts: Option<Node<'a>>,
    rebate: Option<Node<'a>>,
    pub recognition: Option<Node<'a>>,
    pub enrolment: Option<Node<'a>>,
    pub goals: Vec<(Key, Range<usize>, Node<'a>)>,
    /// Where the programme stands.
    whole: Range<usize>,
}

impl<'a> Nodes<'a> {
    pub fn take(fields: &mut Fields<'_, 'a>) -> Self {
        Self {
            partners: fields.named("partner"),
            contacts: fields.optional("contacts"),
            gifts: fields.optional("gifts"),
            rebate: fields.optional("rebate"),
            recognition: fields.optional("recognition"),
            enrolment: fields.optional("enrolment"),
            goals: fields.named("team_goal"),
            whole: fields.span(),
        }
    }
}

/// The ids under which something gives that is no rule: no rule can have them.
pub(super) fn reserved(companies: &Companies, staff: &Staff) -> BTreeSet<Key> {
    let rebate = companies.rebate.iter().map(|_| REBATE);
    let recognition = staff.recognition.iter().map(|_| RECOGNITION);
    let enrolment = staff.enrolment.iter().map(|_| ENROLMENT);
    let goals = staff.goals.iter().map(|goal| goal.key.clone());
    rebate.chain(recognition).chain(enrolment).map(Key::new).chain(goals).collect()
}

pub(super) fn read_companies<'a>(
    reader: &Reader<'a>,
    nodes: &Nodes<'a>,
    currency: Currency,
    points: &[PointKind],
) -> Companies {
    Companies {
        roles: nodes.contacts.map_or_else(default_roles, |node| read_roles(reader, node)),
        gifts: nodes.gifts.and_then(|node| read_gifts(reader, node, currency)),
        rebate: nodes.rebate.and_then(|node| read_rebate(reader, node, currency, points)),
    }
}

fn default_roles() -> Vec<Key> {
    CONTACT_ROLES.map(Key::new).to_vec()
}

fn read_roles<'a>(reader: &Reader<'a>, node: Node<'a>) -> Vec<Key> {
    let Some(mut table) = reader.fields(node, "the contacts") else { return Vec::new() };
    let node = table.required("roles", "[\"decision-maker\", \"user\"]");
    table.finish();
    let mut roles = Vec::new();
    for node in node.map(|node| reader.list(node)).unwrap_or_default() {
        let Some(role) = reader.key(node) else { continue };
        if roles.contains(&role) {
            reader.error(node.span(), format!("the role `{role}` stands twice"), "name it once");
        }
        roles.push(role);
    }
    roles
}

fn read_gifts<'a>(reader: &Reader<'a>, node: Node<'a>, currency: Currency) -> Option<Gifts> {
    let mut table = reader.fields(node, "the gifts")?;
    let per_person =
        table.required("per_person", "\"100.00\"").and_then(|node| reader.money(node, currency));
    let every = table.required("every", "\"year\"").and_then(|node| reader.calendar_unit(node));
    let above_node = table.optional("approval_above");
    let above = above_node.map(|node| read_amount(reader, node, currency));
    table.finish();
    let approval_above = match above {
        Some(above) => Some(above?),
        None => None,
    };
    Some(Gifts { per_person: per_person?, every: every?, approval_above })
}

/// An amount that may be zero.
fn read_amount<'a>(reader: &Reader<'a>, node: Node<'a>, currency: Currency) -> Option<Money> {
    let range = 0..=i64::MAX / 1_000_000;
    reader.decimal_within(node, currency.exponent(), range, "zero or more").map(Money::new)
}

fn read_rebate<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    currency: Currency,
    points: &[PointKind],
) -> Option<Rebate> {
    let mut table = reader.fields(node, "the rebate")?;
    let keys: Vec<&str> = points.iter().map(|kind| kind.key.as_str()).collect();
    let points = table
        .required("points", "\"credit\"")
        .and_then(|node| reader.reference(node, "point kind", &keys));
    let every_node = table.required("every", "\"year\"");
    let every = every_node.and_then(|node| reader.calendar_unit(node));
    if let (Some(CalendarUnit::Day | CalendarUnit::Week), Some(node)) = (every, every_node) {
        let hint = "write \"month\", \"quarter\" or \"year\"";
        reader.error(node.span(), "a rebate is for the volume of a longer time", hint);
    }
    let steps_node = table.required("steps", "[{ from = \"50000.00\", percent = \"2\" }]");
    table.finish();
    let mut steps: Vec<(Money, Rate)> = Vec::new();
    for node in steps_node.map(|node| reader.list(node)).unwrap_or_default() {
        let Some(mut step) = reader.fields(node, "the step") else { continue };
        let from =
            step.required("from", "\"50000.00\"").and_then(|node| reader.money(node, currency));
        let percent = step.required("percent", "\"2\"").and_then(|node| read_percent(reader, node));
        step.finish();
        let (Some(from), Some(percent)) = (from, percent) else { continue };
        if steps.last().is_some_and(|(before, _)| from <= *before) {
            let hint = "write the steps from the lowest to the highest";
            reader.error(node.span(), "this step begins where an earlier one does", hint);
        }
        steps.push((from, percent));
    }
    if let (true, Some(node)) = (steps.is_empty(), steps_node) {
        let hint = "write [{ from = \"50000.00\", percent = \"2\" }]";
        reader.error(node.span(), "the rebate has no step", hint);
    }
    Some(Rebate { points: points?, every: every?, steps })
}

/// The split of a rule, where it has one.
pub(super) fn read_split_of<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    on: Option<Trigger>,
) -> Option<Rate> {
    let node = table.optional("split")?;
    if let Some(Trigger::Action(_)) = on {
        let hint = "split what is earned on = \"purchase\"";
        reader.error(node.span(), "an action is one person's, and nothing is split", hint);
    }
    read_split(reader, node)
}

/// `{ person = "30" }`: the person's share in per cent, none and all included.
pub(super) fn read_split<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<Rate> {
    let mut table = reader.fields(node, "the split")?;
    let person = table.required("person", "\"30\"");
    table.finish();
    let words = "in per cent, from 0 to 100";
    reader.decimal_within(person?, Rate::DECIMALS, 0..=100_000_000, words).map(Rate::new)
}

/// `{ worth = "40.00" }` of a reward.
pub(super) fn read_gift<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    currency: Currency,
) -> Option<Money> {
    let mut table = reader.fields(node, "the gift")?;
    let worth = table.required("worth", "\"40.00\"");
    table.finish();
    worth.and_then(|node| reader.money(node, currency))
}

/// The point kinds, rules and rewards of a programme.
type Parts<'p> = (&'p [PointKind], &'p [Rule], &'p [Reward]);

/// Refuses what could not be obeyed to the letter.
pub(super) fn check(
    reader: &Reader<'_>,
    nodes: &Nodes<'_>,
    (settings, companies): (Settings, &Companies),
    (points, rules, rewards): Parts<'_>,
) {
    if rewards.iter().any(|reward| reward.gift.is_some()) && companies.gifts.is_none() {
        let hint = "add [gifts] with per_person = \"100.00\" and every = \"year\"";
        let message = "a gift without a most for one person may be a bribe";
        reader.error(nodes.whole.clone(), message, hint);
    }
    for (place, kind) in points.iter().enumerate() {
        if splits(settings, rules, place, kind) {
            check_split(reader, &nodes.whole, settings, kind);
        }
    }
}

/// Whether a part of what is earned of a kind may go to a person.
fn splits(settings: Settings, rules: &[Rule], place: usize, kind: &PointKind) -> bool {
    let by_default = settings.company_points == CompanyPoints::PersonOwned;
    let of_kind = kind.split.map_or(by_default, |share| !share.is_zero());
    rules.iter().any(|rule| {
        let gives = rule.earn.iter().any(|earning| earning.points == place);
        gives && rule.split.map_or(of_kind, |share| !share.is_zero())
    })
}

fn check_split(reader: &Reader<'_>, whole: &Range<usize>, settings: Settings, kind: &PointKind) {
    let key = &kind.key;
    let error = |why: &str, hint: &str| {
        reader.error(whole.clone(), format!("`{key}` cannot be split with a person: {why}"), hint);
    };
    if settings.earned_points_on_return == EarnedPointsOnReturn::OnWhatIsKept {
        error(
            "what is kept of a receipt would be computed twice",
            "leave earned_points_on_return = \"on-what-is-kept\" out, or do not split",
        );
    }
    if kind.at_most.per_day.is_some() || kind.at_most.per_month.is_some() {
        error(
            "one part of a day or a month would be another member's",
            "leave per_day and per_month out of `at_most`, or do not split",
        );
    }
    if matches!(kind.pending, PendingRule::AfterEvent { .. }) {
        error(
            "the event of a receipt would release the company's part alone",
            "let the points wait for a time instead, or do not split",
        );
    }
}
