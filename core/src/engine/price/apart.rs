//! Discounts that share no line, limit, floor or cap with any other that could stand with them
//! take off the same in every set that they are in. Those that nothing excludes stand apart: no
//! set is tried with them. Of the others, the best of each group can be chosen by itself.

use super::desk::Desk;
use super::late_condition;
use super::lines::LineLists;
use crate::engine::purchase::Matched;
use crate::programme::{Discount, Rule};
use crate::values::Money;
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeMap;

/// Something of each rule that matched, which are nearly always few.
pub(super) type ByRule<T> = SmallVec<[T; 32]>;

/// Of each rule whether it takes off the same in every set that it is in: nothing that could
/// stand with it touches its lines, and nothing is shared that one could use up before the other.
pub(super) fn untouched_of(
    desk: &Desk<'_, '_>,
    matched: &[Matched<'_>],
    lists: &LineLists,
) -> ByRule<bool> {
    let mut untouched: ByRule<bool> = smallvec![false; matched.len()];
    let stacking = &desk.programme.stacking;
    let threshold = desk.programme.settings.threshold;
    let shares = |rule: &Rule| rule.exclusive || late_condition(rule, threshold).is_some();
    let mut discounts = matched.iter().filter(|candidate| candidate.rule.discount.is_some());
    let any_shared = stacking.most_rules.is_some()
        || stacking.most_percent.is_some()
        || stacking.margin_floor.is_some()
        || discounts.any(|candidate| shares(candidate.rule));
    if any_shared {
        return untouched;
    }
    // By line, who touches it first: 0 is nobody. Whoever meets another one there is not alone,
    // and neither is the other one.
    let mut touching: SmallVec<[usize; 32]> = smallvec![0; desk.purchase.lines.len()];
    let mut meets: ByRule<bool> = smallvec![false; matched.len() + 1];
    let mut owners = ByRule::<usize>::with_capacity(matched.len());
    for (position, candidate) in matched.iter().enumerate() {
        let Some(discounting) = &candidate.rule.discount else {
            owners.push(0);
            continue;
        };
        let owner = owner_of(matched, position);
        owners.push(owner);
        let prices = match &discounting.what {
            Discount::Prices(prices) => Some(prices),
            _ => None,
        };
        for line in lists.all_of(position) {
            if prices.is_some_and(|prices| !names(desk, prices, *line)) {
                continue;
            }
            let first = &mut touching[*line as usize];
            if *first == 0 {
                *first = owner;
            } else if *first != owner {
                (meets[*first], meets[owner]) = (true, true);
            }
        }
    }
    for (position, owner) in owners.into_iter().enumerate() {
        // Rules of one campaign draw on the same limits.
        let draws_alone = owner != 0 && matched[position].rule.campaign.is_none();
        untouched[position] = draws_alone && !meets[owner];
    }
    untouched
}

/// Whether nothing excludes a rule that is untouched, and no limit ends it.
pub(super) fn is_apart(rule: &Rule) -> bool {
    rule.group.is_none() && !rule.is_under_quotas()
}

/// A number for those rules of which at most one stands: a group, or one rule alone.
fn owner_of(matched: &[Matched<'_>], position: usize) -> usize {
    let Some(group) = &matched[position].rule.group else { return position + 1 };
    let is_first = |known: &Matched<'_>| {
        known.rule.discount.is_some() && known.rule.group.as_ref() == Some(group)
    };
    1 + matched[..position].iter().position(is_first).unwrap_or(position)
}

/// Whether a price list, which touches only the lines that it names, names a line.
fn names(desk: &Desk<'_, '_>, prices: &BTreeMap<Box<str>, Money>, line: u32) -> bool {
    desk.line(line).is_none_or(|line| prices.contains_key(line.product.as_str()))
}
