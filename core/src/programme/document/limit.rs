//! Limits: `limit = { … }` of a rule, a reward or a campaign, and `[campaign.NAME]`.
//!
//! One table may hold the short forms `per_member`, `total` and `budget` together; a list of
//! tables says each limit at length.

use super::Declared;
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{Campaign, Limit, OverBudget, Quota, QuotaMost, QuotaOver, QuotaPer};
use crate::values::{CalendarUnit, Key, Points};
use std::ops::Range;

/// The limits of a rule or a reward: how often for one member, and all others.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub member: Option<Limit>,
    pub quotas: Vec<Quota>,
}

pub(super) fn read_campaigns<'a>(
    reader: &Reader<'a>,
    nodes: Vec<(Key, Range<usize>, Node<'a>)>,
    declared: &Declared<'_>,
) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for (key, _, node) in nodes {
        let Some(mut table) = reader.fields(node, "the campaign") else { continue };
        let name = table
            .required("name", "{ en = \"…\" }")
            .map(|node| reader.texts(node, false))
            .unwrap_or_default();
        let limits = table
            .required("limit", "{ budget = \"1000.00\" }")
            .map(|node| (node, read_limits(reader, node, declared)));
        table.finish();
        let mut quotas = Vec::new();
        if let Some((node, limits)) = limits {
            if limits.member.is_some() {
                let hint = "write limit = [{ per = \"member\", times = 1 }]";
                reader.error(node.span(), "`per_member` is for rules and rewards", hint);
            }
            quotas = limits.quotas;
        }
        campaigns.push(Campaign { key, name, quotas });
    }
    campaigns
}

/// The limits of a rule or a reward, where it has any.
pub(super) fn read_limits_of<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Limits {
    let node = table.optional("limit");
    node.map(|node| read_limits(reader, node, declared)).unwrap_or_default()
}

fn read_limits<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Limits {
    let mut limits = Limits::default();
    if node.get_ref().is_array() {
        for node in reader.list(node) {
            limits.quotas.extend(read_quota(reader, node, declared));
        }
        if node.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            reader.error(node.span(), "there is no limit here", "leave `limit` out");
        }
        return limits;
    }
    let Some(mut table) = reader.fields(node, "the limit") else { return limits };
    let times = |node: Option<Node<'a>>| node.and_then(|node| read_times(reader, node));
    let (member_node, total_node) = (table.optional("per_member"), table.optional("total"));
    let budget_node = table.optional("budget");
    let every_node = table.optional("every");
    let every = every_node.and_then(|node| reader.calendar_unit(node));
    let over = read_over(reader, &mut table, declared);
    let span = table.span();
    table.finish();
    if member_node.or(total_node).or(budget_node).is_none() {
        let hint = "one or more of: per_member, total, budget; or a list of limits at length";
        reader.error(span, "it is not clear what is limited", hint);
    }
    if every_node.is_some() && every.is_none() {
        return limits;
    }
    limits.member = times(member_node).map(|times| Limit { times, every });
    let quota = |most| Quota { per: QuotaPer::All, most, every, alert_at: None, over };
    limits.quotas.extend(times(total_node).map(QuotaMost::Times).map(quota));
    let budget = budget_node.and_then(|node| reader.money(node, declared.currency));
    limits.quotas.extend(budget.map(QuotaMost::Money).map(quota));
    limits
}

fn read_times<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<u32> {
    let range = 1..=1_000_000_000;
    let times = reader.decimal_within(node, 0, range, "from 1 to 1000000000")?;
    u32::try_from(times).ok()
}

fn read_over<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> QuotaOver {
    let by_default = match declared.settings.over_budget {
        OverBudget::Stop => QuotaOver::Stop,
        OverBudget::Cut => QuotaOver::Cut,
    };
    let words = [("stop", QuotaOver::Stop), ("cut", QuotaOver::Cut), ("alert", QuotaOver::Alert)];
    let read = table.optional("over").map(|node| reader.choice(node, &words));
    read.flatten().unwrap_or(by_default)
}

/// One limit at length.
fn read_quota<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Option<Quota> {
    let mut table = reader.fields(node, "the limit")?;
    let per =
        table.required("per", "\"cashier\"").and_then(|node| reader.choice(node, &QuotaPer::ALL));
    let nodes = [table.optional("times"), table.optional("amount"), table.optional("points")];
    let every = table.optional("every").map(|node| reader.calendar_unit(node));
    let alert_node = table.optional("alert");
    let over = read_over(reader, &mut table, declared);
    let span = table.span();
    table.finish();
    let most = match nodes {
        [Some(node), None, None] => read_times(reader, node).map(QuotaMost::Times),
        [None, Some(node), None] => reader.money(node, declared.currency).map(QuotaMost::Money),
        [None, None, Some(node)] => read_points(reader, node, declared),
        _ => {
            let hint = "exactly one of: times; amount; points = { miles = 1000 }";
            reader.error(span, "it is not clear how much is the most", hint);
            return None;
        }
    }?;
    let alert_at = match alert_node {
        Some(node) => Some(read_alert(reader, node, &most, declared)?),
        None => None,
    };
    let every: Option<CalendarUnit> = match every {
        Some(every) => Some(every?),
        None => None,
    };
    Some(Quota { per: per?, most, every, alert_at, over })
}

fn read_points<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<QuotaMost> {
    let keys = declared.point_keys();
    let table = node.get_ref().as_table().filter(|table| table.len() == 1);
    let Some((kind, amount)) = table.and_then(|table| table.iter().next()) else {
        reader.error(node.span(), "expected one kind of points", "write points = { miles = 1000 }");
        return None;
    };
    let place = reader.reference_to(kind.get_ref(), kind.span(), "point kind", &keys)?;
    let kind = &declared.points[place];
    let range = 1..=1_000_000_000_000;
    let amount = reader.decimal_within(amount, kind.decimals, range, "above zero")?;
    Some(QuotaMost::Points { points: kind.key.clone(), amount: Points::new(amount) })
}

/// From how much on it is told: in the unit of the limit, and at most the limit.
fn read_alert<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    most: &QuotaMost,
    declared: &Declared<'_>,
) -> Option<i64> {
    let decimals = match most {
        QuotaMost::Times(_) => 0,
        QuotaMost::Money(_) => declared.currency.exponent(),
        QuotaMost::Points { points, .. } => {
            let kind = declared.points.iter().find(|kind| kind.key == *points);
            kind.map_or(0, |kind| kind.decimals)
        }
    };
    reader.decimal_within(node, decimals, 1..=most.units(), "above zero, at most the limit")
}
