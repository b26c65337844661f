//! Rewards that points buy: `[[reward]]`.

use super::companies::read_gift;
use super::discount::read_discount;
use super::entitlement::{read_fulfil, read_quota};
use super::limit::read_limits_of;
use super::{Declared, is_new_key, read_condition};
use crate::condition::{Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{Gives, Quota, QuotaMost, QuotaOver, QuotaPer, Reward};
use crate::values::{Key, Points};
use std::collections::BTreeSet;

pub fn read_rewards<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    declared: &Declared<'_>,
    known: &mut BTreeSet<Key>,
) -> Vec<Reward> {
    let mut rewards: Vec<Reward> = Vec::new();
    for node in node.map(|node| reader.list(node)).unwrap_or_default() {
        let Some(table) = reader.fields(node, "the reward") else { continue };
        let Some(reward) = read_reward(reader, table, declared) else { continue };
        if is_new_key(reader, &reward.key, node.span(), known) {
            rewards.push(reward);
        }
    }
    rewards.sort_by(|a, b| a.key.cmp(&b.key));
    rewards
}

fn read_reward<'a>(
    reader: &Reader<'a>,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<Reward> {
    let key = table.required("id", "\"free-coffee\"").and_then(|node| reader.key(node));
    let name = table
        .required("name", "{ en = \"…\" }")
        .map(|node| reader.texts(node, false))
        .unwrap_or_default();
    let cost = table
        .required("cost", "{ points = 50 }")
        .map(|node| read_cost(reader, node, declared))
        .unwrap_or_default();
    let gives = table
        .required("gives", "{ item = {} }")
        .and_then(|node| read_gives(reader, node, declared));
    // A reward may be bought without a receipt, so its condition sees the member alone.
    let environment = declared.environment(Scope { time: true, ..Scope::MEASURE }, None);
    let when = table
        .optional("when")
        .and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let mut limits = read_limits_of(reader, &mut table, declared);
    if let Some(stock) = read_quota(reader, table.optional("stock")) {
        // What is in stock is a limit for all, for ever: it is counted in the same way.
        limits.quotas.push(Quota {
            per: QuotaPer::All,
            most: QuotaMost::Times(stock),
            every: None,
            alert_at: None,
            over: QuotaOver::Stop,
        });
    }
    let fulfil = read_fulfil(reader, &mut table);
    let keys: Vec<&str> = declared.partners.iter().map(|partner| partner.key.as_str()).collect();
    let partner =
        table.optional("partner").and_then(|node| reader.reference(node, "partner", &keys));
    let gift_node = table.optional("gift");
    let gift = gift_node.and_then(|node| read_gift(reader, node, declared.currency));
    table.finish();
    if let (Some(node), Some(Gives::Discount(_))) = (gift_node, &gives) {
        let hint = "a gift is an item or a benefit";
        reader.error(node.span(), "a gift takes nothing off a receipt", hint);
    }
    Some(Reward {
        key: key?,
        name,
        cost,
        gives: gives?,
        when,
        limit: limits.member,
        quotas: limits.quotas,
        gift,
        fulfil,
        partner,
    })
}

fn read_cost<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Vec<(usize, Points)> {
    let keys = declared.point_keys();
    let mut cost = Vec::new();
    let Some(table) = node.get_ref().as_table() else {
        reader.error(node.span(), "expected a table of points", "write { miles = 9000 }");
        return cost;
    };
    for (key, amount) in table {
        let Some(position) = reader.reference_to(key.get_ref(), key.span(), "point kind", &keys)
        else {
            continue;
        };
        let kind = &declared.points[position];
        if !kind.spendable {
            reader.error(
                key.span(),
                format!("`{}` cannot be spent", kind.key),
                "its kind says spendable = false",
            );
        }
        let range = 1..=1_000_000_000_000;
        if let Some(units) = reader.decimal_within(amount, kind.decimals, range, "above zero") {
            cost.push((position, Points::new(units)));
        }
    }
    cost.sort_by_key(|(position, _)| *position);
    if table.is_empty() {
        reader.error(node.span(), "the reward costs nothing", "write { miles = 9000 }");
    }
    cost
}

fn read_gives<'a>(reader: &Reader<'a>, node: Node<'a>, declared: &Declared<'_>) -> Option<Gives> {
    let mut table = reader.fields(node, "what the reward gives")?;
    let discount_node = table.optional("discount");
    let item_node = table.optional("item");
    let benefit_node = table.optional("benefit");
    let lasts_node = table.optional("lasts");
    let uses_node = table.optional("uses");
    let points_node = table.optional("points");
    let span = table.span();
    table.finish();
    let named = [discount_node, item_node, benefit_node, points_node];
    let of_benefit = lasts_node.is_some() || uses_node.is_some();
    if named.iter().flatten().count() != 1 || (of_benefit && benefit_node.is_none()) {
        reader.error(
            span,
            "it is not clear what the reward gives",
            "exactly one of: discount, item, benefit, points (a benefit may have `lasts` and \
             `uses`)",
        );
        return None;
    }
    if let Some(node) = points_node {
        let cost = read_cost(reader, node, declared);
        let [(points, amount)] = cost.as_slice() else {
            if cost.len() > 1 {
                reader.error(span, "a reward gives points of one kind", "write { account = 100 }");
            }
            return None;
        };
        return Some(Gives::Points { points: *points, amount: *amount });
    }
    if let Some(node) = discount_node {
        return read_discount(reader, node, declared)
            .map(|discounting| Gives::Discount(Box::new(discounting)));
    }
    if let Some(node) = benefit_node {
        let benefit = reader.reference(node, "benefit", &declared.benefit_keys());
        let lasts = match lasts_node {
            Some(node) => Some(reader.period(node)?),
            None => None,
        };
        let uses = read_quota(reader, uses_node);
        return Some(Gives::Benefit { benefit: benefit?, lasts, uses });
    }
    let mut item = reader.fields(item_node?, "the free item")?;
    let environment = declared.environment(Scope::LINES, None);
    let filter_node = item.optional("where");
    let filter =
        filter_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    item.finish();
    if filter_node.is_some() && filter.is_none() {
        return None;
    }
    Some(Gives::FreeItem { filter })
}
