//! Discounts that share no line, limit, floor or cap with any other take off the same in every
//! set of rules. They stand apart: each is taken off in its turn, and no set is tried with it.

use super::desk::Desk;
use super::{Lines, late_condition};
use crate::engine::decision::Refusal;
use crate::engine::purchase::Matched;
use crate::programme::{Discount, Rule};

/// The lines that each discount speaks of, by the place of its rule among those that matched.
pub(super) fn lines_of_all(
    desk: &Desk<'_, '_>,
    matched: &[Matched<'_>],
) -> Result<Vec<Option<Lines>>, Refusal> {
    let mut all = Vec::with_capacity(matched.len());
    for candidate in matched {
        let discounting = candidate.rule.discount.as_ref();
        all.push(discounting.map(|discounting| Lines::of(desk, discounting)).transpose()?);
    }
    Ok(all)
}

/// Which discount touches a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Touching {
    Nobody,
    One(usize),
    Several,
}

/// The rules that take off the same in every set: no other rule excludes them or touches their
/// lines, and nothing is shared that one could use up before the other.
pub(super) fn apart_of(
    desk: &Desk<'_, '_>,
    matched: &[Matched<'_>],
    lines: &[Option<Lines>],
) -> Vec<usize> {
    let stacking = &desk.programme.stacking;
    let threshold = desk.programme.settings.threshold;
    let shares = |rule: &Rule| rule.exclusive || late_condition(rule, threshold).is_some();
    let mut discounts = matched.iter().filter(|candidate| candidate.rule.discount.is_some());
    let any_shared = stacking.most_rules.is_some()
        || stacking.most_percent.is_some()
        || stacking.margin_floor.is_some()
        || discounts.any(|candidate| shares(candidate.rule));
    if any_shared {
        return Vec::new();
    }
    let touched = |position: usize| {
        let discount = matched[position].rule.discount.as_ref();
        let prices = discount.and_then(|discounting| match &discounting.what {
            Discount::Prices(prices) => Some(prices),
            _ => None,
        });
        let is_touched = move |line: &u32| match (prices, desk.line(*line)) {
            (Some(prices), Some(line)) => prices.contains_key(line.product.as_str()),
            _ => true,
        };
        lines[position].iter().flat_map(Lines::all).filter(is_touched)
    };
    let mut touching = vec![Touching::Nobody; desk.purchase.lines.len()];
    for position in 0..matched.len() {
        for line in touched(position) {
            let known = &mut touching[line as usize];
            *known = match *known {
                Touching::Nobody => Touching::One(position),
                Touching::One(other) if other == position => continue,
                Touching::One(_) | Touching::Several => Touching::Several,
            };
        }
    }
    let is_apart = |position: &usize| {
        let rule = matched[*position].rule;
        let is_free = rule.group.is_none() && rule.quotas.is_empty() && rule.campaign.is_none();
        rule.discount.is_some()
            && is_free
            && touched(*position).all(|line| touching[line as usize] == Touching::One(*position))
    };
    (0..matched.len()).filter(is_apart).collect()
}
