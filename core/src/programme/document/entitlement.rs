//! Benefits, choices, memberships and credits: `[benefit.lounge]`, `[choice.gift]`,
//! `[membership.club]`, `[credit.advance]`.

use super::{Declared, read_condition};
use crate::condition::Type;
use crate::condition::{Condition, Expected, Scope};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    Attribute, Benefit, BenefitChoice, BenefitUses, Credit, CreditLimit, Granting, Membership,
    MembershipRefund,
};
use crate::values::{Key, Period, Points};
use std::ops::Range;

type Named<'a> = Vec<(Key, Range<usize>, Node<'a>)>;

/// The attribute from which tenure counts.
fn read_tenure_from<'a>(
    reader: &Reader<'a>,
    node: Option<Node<'a>>,
    attributes: &[Attribute],
) -> Option<Key> {
    let node = node?;
    let dates = attributes.iter().filter(|attribute| attribute.value_type == Type::Date);
    let keys: Vec<&str> = dates.map(|attribute| attribute.key.as_str()).collect();
    let place = reader.reference(node, "attribute of type date", &keys)?;
    Some(Key::new(keys[place]))
}

fn read_choices(reader: &Reader<'_>, fields: &mut Fields<'_, '_>) -> Vec<BenefitChoice> {
    let mut choices = Vec::new();
    for (key, _, node) in fields.named("choice") {
        let Some(mut table) = reader.fields(node, "the choice") else { continue };
        let name = read_name(reader, &mut table);
        let quota = read_quota(reader, table.optional("quota")).unwrap_or(1);
        let every = table.optional("every").and_then(|node| reader.calendar_unit(node));
        table.finish();
        choices.push(BenefitChoice { key, name, quota, every });
    }
    choices
}

/// What is read before the ladders, of which it may speak.
pub struct Beginnings<'a> {
    pub tenure_from: Option<Key>,
    pub choices: Vec<BenefitChoice>,
    pub benefits: Vec<Benefit>,
    /// The conditions of the benefits, which can be read only when the ladders are.
    pub conditions: Vec<Option<Node<'a>>>,
}

pub fn read_beginnings<'a>(
    reader: &Reader<'a>,
    fields: &mut Fields<'_, 'a>,
    attributes: &[Attribute],
) -> Beginnings<'a> {
    let tenure_from = read_tenure_from(reader, fields.optional("tenure_from"), attributes);
    let choices = read_choices(reader, fields);
    let (benefits, conditions) = read_benefits(reader, fields, &choices).into_iter().unzip();
    Beginnings { tenure_from, choices, benefits, conditions }
}

/// What benefits ask of a member.
pub fn read_conditions<'a>(
    reader: &Reader<'a>,
    nodes: Vec<Option<Node<'a>>>,
    declared: &Declared<'_>,
) -> Vec<Option<Condition>> {
    nodes.into_iter().map(|node| read_when(reader, node?, declared)).collect()
}

pub fn set_conditions(benefits: &mut [Benefit], conditions: Vec<Option<Condition>>) {
    for (benefit, condition) in benefits.iter_mut().zip(conditions) {
        benefit.when = condition;
    }
}

fn read_benefits<'a>(
    reader: &Reader<'a>,
    fields: &mut Fields<'_, 'a>,
    choices: &[BenefitChoice],
) -> Vec<(Benefit, Option<Node<'a>>)> {
    let choice_keys: Vec<&str> = choices.iter().map(|choice| choice.key.as_str()).collect();
    let mut benefits = Vec::new();
    for (key, span, node) in fields.named("benefit") {
        let Some(mut table) = reader.fields(node, "the benefit") else { continue };
        let name = read_name(reader, &mut table);
        let quota_node = table.optional("quota");
        let every_node = table.optional("every");
        let choice_node = table.optional("choice");
        let when = table.optional("when");
        let fulfil = table.optional("fulfil").and_then(|node| reader.period(node));
        table.finish();
        if every_node.is_some() && quota_node.is_none() {
            let hint = "write quota = 4, every = \"year\"";
            reader.error(span.clone(), "`every` speaks of `quota`, which is missing", hint);
        }
        if choice_node.is_some() && quota_node.is_some() {
            let hint = "how often it can be used says the choice";
            reader.error(span, "a benefit of a choice has no quota of its own", hint);
        }
        let quota = read_quota(reader, quota_node);
        let every = every_node.and_then(|node| reader.calendar_unit(node));
        let choice = choice_node.and_then(|node| reader.reference(node, "choice", &choice_keys));
        let uses = match (choice, quota) {
            (Some(choice), _) => BenefitUses::ByChoice(choice),
            (None, Some(quota)) => BenefitUses::AtMost { quota, every },
            (None, None) => BenefitUses::Unlimited,
        };
        let benefit = Benefit { key, name, uses, when: None, fulfil };
        benefits.push((benefit, when));
    }
    benefits
}

/// What a benefit asks of a member; it speaks of the member alone.
fn read_when<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Condition> {
    let scope = Scope { time: true, ..Scope::MEASURE };
    read_condition(reader, node, &declared.environment(scope, None), Expected::Bool)
}

fn read_name<'a>(reader: &Reader<'a>, table: &mut Fields<'_, 'a>) -> crate::values::Texts {
    let node = table.required("name", "{ en = \"…\" }");
    node.map(|node| reader.texts(node, false)).unwrap_or_default()
}

pub fn read_quota<'a>(reader: &Reader<'a>, node: Option<Node<'a>>) -> Option<u32> {
    let range = 1..=1_000_000_000;
    let quota = reader.decimal_within(node?, 0, range, "above zero")?;
    u32::try_from(quota).ok()
}

/// A benefit that a rule grants: its id, or `{ id, lasts, uses }`.
pub fn read_granting<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Granting> {
    let keys = declared.benefit_keys();
    if node.get_ref().as_str().is_some() {
        let benefit = reader.reference(node, "benefit", &keys)?;
        return Some(Granting { benefit, lasts: None, uses: None });
    }
    let mut table = reader.fields(node, "the benefit")?;
    let benefit = table
        .required("id", "\"lounge\"")
        .and_then(|node| reader.reference(node, "benefit", &keys));
    let lasts = table.optional("lasts").and_then(|node| reader.period(node));
    let uses = read_quota(reader, table.optional("uses"));
    table.finish();
    Some(Granting { benefit: benefit?, lasts, uses })
}

pub fn read_memberships<'a>(
    reader: &Reader<'a>,
    nodes: Named<'a>,
    declared: &Declared<'_>,
) -> Vec<Membership> {
    let mut memberships = Vec::new();
    for (key, _, node) in nodes {
        let Some(mut table) = reader.fields(node, "the membership") else { continue };
        let name = read_name(reader, &mut table);
        let fee =
            table.required("fee", "\"29.00\"").and_then(|n| reader.money(n, declared.currency));
        let period = table.required("period", "\"1 year\"").and_then(|node| reader.period(node));
        let keys = declared.benefit_keys();
        let benefits = table.optional("benefits").map_or_else(Vec::new, |node| {
            let nodes = reader.one_or_more(node).into_iter();
            nodes.filter_map(|node| reader.reference(node, "benefit", &keys)).collect()
        });
        let tiers = table
            .optional("tiers")
            .map_or_else(Vec::new, |node| read_tiers(reader, node, declared));
        let refund = table.optional("refund").and_then(|node| read_refund(reader, node));
        table.finish();
        let (Some(fee), Some(period)) = (fee, period) else { continue };
        let refund = refund.unwrap_or(MembershipRefund { whole_within: None, in_proportion: true });
        memberships.push(Membership { key, name, fee, period, benefits, tiers, refund });
    }
    memberships
}

/// `{ club = "gold" }`.
fn read_tiers<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Vec<(usize, u16)> {
    let mut tiers = Vec::new();
    let Some(table) = node.get_ref().as_table() else {
        reader.error(node.span(), "expected a table of ladders", "write { club = \"gold\" }");
        return tiers;
    };
    let keys: Vec<&str> = declared.ladders.iter().map(|ladder| ladder.key.as_str()).collect();
    for (ladder, tier) in table {
        let place = reader.reference_to(ladder.get_ref(), ladder.span(), "ladder", &keys);
        let Some(place) = place else { continue };
        let known = &declared.ladders[place].tiers;
        let names: Vec<&str> = known.iter().map(|tier| tier.key.as_str()).collect();
        let rank = reader.reference(tier, "tier", &names);
        if let Some(rank) = rank.and_then(|rank| u16::try_from(rank).ok()) {
            tiers.push((place, rank));
        }
    }
    tiers.sort_unstable();
    tiers
}

/// `{ whole_within = "14 days", then = "in-proportion" }`.
fn read_refund<'a>(reader: &Reader<'a>, node: Node<'a>) -> Option<MembershipRefund> {
    let mut table = reader.fields(node, "the refund")?;
    let whole_within = table.optional("whole_within").and_then(|node| reader.period(node));
    let words = [("in-proportion", true), ("nothing", false)];
    let then = table.optional("then").and_then(|node| reader.choice(node, &words));
    table.finish();
    Some(MembershipRefund { whole_within, in_proportion: then.unwrap_or(true) })
}

pub fn read_credits<'a>(
    reader: &Reader<'a>,
    nodes: Named<'a>,
    declared: &Declared<'_>,
) -> Vec<Credit> {
    let mut credits = Vec::new();
    for (key, span, node) in nodes {
        let Some(mut table) = reader.fields(node, "the credit") else { continue };
        let name = read_name(reader, &mut table);
        let points = table
            .required("points", "\"account\"")
            .and_then(|node| reader.reference(node, "point kind", &declared.point_keys()));
        let decimals = points.map_or(0, |points| declared.points[points].decimals);
        let limits_node = table.required("limits", "[{ amount = 5000 }]");
        let limits: Vec<CreditLimit> = limits_node.map_or_else(Vec::new, |node| {
            let nodes = reader.one_or_more(node).into_iter();
            nodes.filter_map(|node| read_limit(reader, node, declared, decimals)).collect()
        });
        table.finish();
        let Some(points) = points else { continue };
        if !declared.points[points].spendable {
            reader.error(span, "what is advanced could not be spent", "its kind is not spendable");
            continue;
        }
        credits.push(Credit { key, name, points, limits });
    }
    credits
}

fn read_limit<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
    decimals: u8,
) -> Option<CreditLimit> {
    let mut table = reader.fields(node, "the limit")?;
    let when_node = table.optional("when");
    let when = when_node.and_then(|node| read_when(reader, node, declared));
    let amount = table.required("amount", "5000").and_then(|node| {
        let range = 1..=1_000_000_000_000;
        reader.decimal_within(node, decimals, range, "above zero").map(Points::new)
    });
    table.finish();
    if when_node.is_some() && when.is_none() {
        return None;
    }
    Some(CreditLimit { when, amount: amount? })
}

/// How long something may take: `fulfil = "10 days"`.
pub fn read_fulfil<'a>(reader: &Reader<'a>, table: &mut Fields<'_, 'a>) -> Option<Period> {
    table.optional("fulfil").and_then(|node| reader.period(node))
}
