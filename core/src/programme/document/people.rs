//! `share = { … }` of a rule, `transfer = { … }` of a point kind, and `[referral]`.

use super::discount::read_percent;
use super::{Declared, read_condition};
use crate::condition::{Expected, Scope};
use crate::member::LINE_MAX;
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    EarnAmount, Earning, EarningBase, ReferralCap, ShareCap, ShareOf, SharedPurchases, Sharing,
    TransferRule,
};
use crate::values::{Period, Points, Rate};

const POINTS_MAX: i64 = 1_000_000_000_000;

fn read_points<'a>(reader: &Reader<'a>, node: Node<'a>, decimals: u8) -> Option<Points> {
    reader.decimal_within(node, decimals, 1..=POINTS_MAX, "above zero").map(Points::new)
}

/// The share of those who brought the member.
pub(super) fn read_sharing<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Sharing> {
    let mut table = reader.fields(node, "the share")?;
    let keys = declared.point_keys();
    let points = table
        .required("points", "\"points\"")
        .and_then(|node| reader.reference(node, "point kind", &keys));
    let decimals = points.map_or(0, |points| declared.points[points].decimals);
    let (levels_node, give_node) = (table.optional("levels"), table.optional("give"));
    let of_node = table.optional("of");
    let of_points = of_node
        .and_then(|node| reader.choice(node, &[("paid", false), ("points", true)]))
        .unwrap_or(false);
    let environment = declared.environment(Scope::LINES, None);
    let filter_node = table.optional("where");
    let filter =
        filter_node.and_then(|node| read_condition(reader, node, &environment, Expected::Bool));
    let base_node = table.optional("base");
    let base = base_node.and_then(|node| reader.choice(node, EarningBase::ANSWERS));
    let at_most_node = table.optional("at_most");
    let at_most = at_most_node.and_then(|node| read_points(reader, node, decimals));
    let purchases = table.optional("purchases").and_then(|node| {
        let words = [("all", SharedPurchases::All), ("first", SharedPurchases::First)];
        reader.choice(node, &words)
    });
    let mut period = |name| table.optional(name).and_then(|node| reader.period(node));
    let (within, after): (Option<Period>, Option<Period>) = (period("within"), period("after"));
    let per_receiver =
        table.optional("per_receiver").and_then(|node| read_cap(reader, node, decimals));
    let span = table.span();
    table.finish();
    let of = match (levels_node, give_node) {
        (Some(node), None) => {
            let levels = read_levels(reader, node, |node| read_percent(reader, node))?;
            if of_points { ShareOf::Points(levels) } else { ShareOf::Paid(levels) }
        }
        (None, Some(node)) => {
            ShareOf::Fixed(read_levels(reader, node, |node| read_points(reader, node, decimals))?)
        }
        _ => {
            let hint = "one of: levels = [\"5\", \"2\"] in per cent; give = [\"100\", \"50\"]";
            reader.error(span, "it is not clear what is shared", hint);
            return None;
        }
    };
    let by_lines = filter_node.or(base_node).is_some();
    if (of_points && by_lines) || (give_node.is_some() && of_node.or(base_node).is_some()) {
        let hint = "`where` and `base` choose what `levels` of what is paid are computed on";
        reader.error(span, "nothing here is computed on lines", hint);
        return None;
    }
    if filter_node.is_some() && filter.is_none() {
        return None;
    }
    let earning = Earning {
        points: points?,
        amount: EarnAmount::Fixed(Points::new(1)),
        filter,
        base,
        at_least: None,
        at_most: None,
        per_piece: false,
    };
    let purchases = purchases.unwrap_or(SharedPurchases::All);
    Some(Sharing { earning, of, at_most, purchases, within, after, per_receiver })
}

fn read_levels<'a, T>(
    reader: &Reader<'a>,
    node: Node<'a>,
    read: impl Fn(Node<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let nodes = reader.one_or_more(node);
    if nodes.is_empty() || nodes.len() > LINE_MAX {
        let message = format!("a share has from 1 to {LINE_MAX} levels");
        reader.error(node.span(), message, "one figure for each level, the nearest first");
        return None;
    }
    nodes.into_iter().map(read).collect()
}

fn read_cap<'a>(reader: &Reader<'a>, node: Node<'a>, decimals: u8) -> Option<ShareCap> {
    let mut table = reader.fields(node, "the most for a receiver")?;
    let at_most =
        table.required("at_most", "\"500\"").and_then(|node| read_points(reader, node, decimals));
    let every = table.optional("every").map(|node| reader.calendar_unit(node));
    table.finish();
    let every = match every {
        Some(every) => Some(every?),
        None => None,
    };
    Some(ShareCap { at_most: at_most?, every })
}

/// How many members one may bring.
pub(super) fn read_referral<'a>(
    reader: &Reader<'a>,
    fields: &mut Fields<'_, 'a>,
) -> Option<ReferralCap> {
    let node = fields.optional("referral")?;
    let mut table = reader.fields(node, "the referral")?;
    let most = table
        .required("most", "10")
        .and_then(|node| reader.decimal_within(node, 0, 1..=1_000_000, "from 1 to 1000000"));
    let every = table.optional("every").map(|node| reader.calendar_unit(node));
    table.finish();
    let every = match every {
        Some(every) => Some(every?),
        None => None,
    };
    Some(ReferralCap { most: u32::try_from(most?).ok()?, every })
}

/// How points of a kind go from one member to another.
pub(super) fn read_transfer<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    decimals: u8,
    spendable: bool,
) -> Option<TransferRule> {
    let mut table = reader.fields(node, "the transfer")?;
    let mut amount =
        |name| table.optional(name).and_then(|node| read_points(reader, node, decimals));
    let [at_least, step, fee] = ["at_least", "step", "fee"].map(&mut amount);
    let fee_percent = table.optional("fee_percent").and_then(|node| read_percent(reader, node));
    table.finish();
    if !spendable {
        let hint = "leave `spendable = false` out, or `transfer`";
        reader.error(node.span(), "points that cannot be spent cannot be given away", hint);
    }
    let one = Points::new(1);
    Some(TransferRule {
        at_least: at_least.unwrap_or(one),
        step: step.unwrap_or(one),
        fee: fee.unwrap_or(Points::ZERO),
        fee_percent: fee_percent.unwrap_or(Rate::new(0)),
    })
}
