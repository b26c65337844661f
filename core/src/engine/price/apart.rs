//! Discounts that share no line, limit, floor or cap with any other take off the same in every
//! set of rules. They stand apart: each is taken off in its turn, and no set is tried with it.

use super::desk::Desk;
use super::{Lines, late_condition};
use crate::engine::decision::Refusal;
use crate::engine::purchase::Matched;
use crate::programme::{Discount, Discounting, Rule};

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
    let mut touching = vec![Touching::Nobody; desk.purchase.lines.len()];
    let mut touches = Vec::with_capacity(touching.len());
    for (position, (candidate, lines)) in matched.iter().zip(lines).enumerate() {
        let (Some(discounting), Some(lines)) = (&candidate.rule.discount, lines) else { continue };
        lines.all().for_each(|line| {
            if is_touched(desk, discounting, line) {
                touches.push((position, line));
                let known = &mut touching[line as usize];
                *known = match *known {
                    Touching::Nobody => Touching::One(position),
                    Touching::One(other) if other == position => *known,
                    Touching::One(_) | Touching::Several => Touching::Several,
                };
            }
        });
    }
    let mut is_apart: Vec<bool> =
        matched.iter().map(|candidate| may_be_apart(candidate.rule)).collect();
    for (position, line) in touches {
        is_apart[position] &= touching[line as usize] == Touching::One(position);
    }
    (0..matched.len()).filter(|position| is_apart[*position]).collect()
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
