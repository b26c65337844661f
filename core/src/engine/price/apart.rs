//! Discounts that share no line, limit, floor or cap with any other that could stand with them
//! take off the same in every set that they are in. Those that nothing excludes stand apart: no
//! set is tried with them. Of the others, the best of each group can be chosen by itself.

use super::desk::Desk;
use super::late_condition;
use super::lines::LineLists;
use crate::engine::purchase::Matched;
use crate::programme::{Discount, Discounting, Rule};

/// Lines that several discounts touch which could stand together.
const SEVERAL: usize = usize::MAX;

/// Of each rule whether it takes off the same in every set that it is in: nothing that could
/// stand with it touches its lines, and nothing is shared that one could use up before the other.
pub(super) fn untouched_of(
    desk: &Desk<'_, '_>,
    matched: &[Matched<'_>],
    lists: &LineLists,
) -> Vec<bool> {
    let mut untouched = vec![false; matched.len()];
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
    // By line, who touches it: 0 is nobody.
    let mut touching = vec![0_usize; desk.purchase.lines.len()];
    let touched = |position: usize| {
        let discounting = matched[position].rule.discount.as_ref();
        let lines = lists.get(position).map_or(&[][..], |lines| lines.all);
        lines.iter().map(|line| *line as usize).filter(move |line| {
            discounting.is_some_and(|discounting| is_touched(desk, discounting, *line))
        })
    };
    for position in 0..matched.len() {
        let owner = owner_of(matched, position);
        for line in touched(position) {
            let known = touching[line];
            touching[line] = if known == 0 || known == owner { owner } else { SEVERAL };
        }
    }
    for (position, candidate) in matched.iter().enumerate() {
        // Rules of one campaign draw on the same limits.
        if candidate.rule.discount.is_some() && candidate.rule.campaign.is_none() {
            let owner = owner_of(matched, position);
            untouched[position] = touched(position).all(|line| touching[line] == owner);
        }
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

/// A price list touches only what it names, of all the lines that it speaks of.
fn is_touched(desk: &Desk<'_, '_>, discounting: &Discounting, line: usize) -> bool {
    let Discount::Prices(prices) = &discounting.what else { return true };
    let line = desk.purchase.lines.get(line);
    line.is_none_or(|line| prices.contains_key(line.product.as_str()))
}
