//! Discounts that share no line, limit, floor or cap with any other take off the same in every
//! set of rules. They stand apart: each is taken off in its turn, and no set is tried with it.

use super::desk::Desk;
use super::late_condition;
use super::lines::LineLists;
use crate::engine::purchase::Matched;
use crate::programme::{Discount, Discounting, Rule};

/// Which discount touches a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Touching {
    Nobody,
    One(usize),
    Several,
}

impl Touching {
    fn and(self, position: usize) -> Self {
        match self {
            Self::Nobody => Self::One(position),
            Self::One(other) if other == position => self,
            Self::One(_) | Self::Several => Self::Several,
        }
    }
}

/// Of each rule whether it takes off the same in every set: no other rule excludes them or touches their
/// lines, and nothing is shared that one could use up before the other.
pub(super) fn apart_of(
    desk: &Desk<'_, '_>,
    matched: &[Matched<'_>],
    lists: &LineLists,
) -> Vec<bool> {
    let stacking = &desk.programme.stacking;
    let threshold = desk.programme.settings.threshold;
    let shares = |rule: &Rule| rule.exclusive || late_condition(rule, threshold).is_some();
    let mut discounts = matched.iter().filter(|candidate| candidate.rule.discount.is_some());
    let any_shared = stacking.most_rules.is_some()
        || stacking.most_percent.is_some()
        || stacking.margin_floor.is_some()
        || discounts.any(|candidate| shares(candidate.rule));
    if any_shared {
        return vec![false; matched.len()];
    }
    let mut touching = vec![Touching::Nobody; desk.purchase.lines.len()];
    let touched = |position: usize| {
        let discounting = matched[position].rule.discount.as_ref();
        let lines = lists.get(position).map_or(&[][..], |lines| lines.all);
        lines.iter().filter(move |line| {
            discounting.is_some_and(|discounting| is_touched(desk, discounting, **line))
        })
    };
    for position in 0..matched.len() {
        for line in touched(position) {
            let known = &mut touching[*line as usize];
            *known = known.and(position);
        }
    }
    let is_alone = |position: usize| {
        touched(position).all(|line| touching[*line as usize] == Touching::One(position))
    };
    let is_apart = |(position, candidate): (usize, &Matched<'_>)| {
        may_be_apart(candidate.rule) && is_alone(position)
    };
    matched.iter().enumerate().map(is_apart).collect()
}

/// A price list touches only what it names, of all the lines that it speaks of.
fn is_touched(desk: &Desk<'_, '_>, discounting: &Discounting, line: u32) -> bool {
    match (&discounting.what, desk.line(line)) {
        (Discount::Prices(prices), Some(line)) => prices.contains_key(line.product.as_str()),
        _ => true,
    }
}

fn may_be_apart(rule: &Rule) -> bool {
    let is_free = rule.group.is_none() && rule.quotas.is_empty() && rule.campaign.is_none();
    rule.discount.is_some() && is_free
}
