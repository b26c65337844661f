//! The progress stage: offers, counters of limits, the history, and tiers that follow from it.

use super::decision::{Effect, Outcome, Reason, Refusal, add};
use super::facts::{self, DecisionFacts, Extra};
use super::payment;
use super::purchase::{Checkout, Matched, limit_period};
use super::{Context, apply_to_copy};
use crate::member::MemberState;
use crate::programme::Programme;
use jiff::civil::Date;

pub(super) fn offer(checkout: &mut Checkout<'_>, matched: &mut [Matched<'_>]) {
    for candidate in matched.iter_mut().filter(|candidate| !candidate.excluded) {
        if candidate.rule.offer.is_some() {
            candidate.gave = true;
            let by = candidate.rule.key.clone();
            checkout.reasons.push(Reason { about: by.clone(), outcome: Outcome::Offered });
            checkout.effects.push(Effect::Offer { by });
        }
    }
}

/// Counts each limited rule that gave something. A rule that gave nothing was not used.
pub(super) fn count_uses(
    checkout: &mut Checkout<'_>,
    matched: &[Matched<'_>],
) -> Result<(), Refusal> {
    if checkout.context.member.is_none() {
        return Ok(());
    }
    for candidate in matched.iter().filter(|candidate| candidate.gave) {
        if let Some(limit) = candidate.rule.limit {
            let from = limit_period(&checkout.context, checkout.facts.day, limit)?;
            let of = candidate.rule.key.clone();
            checkout.effects.push(Effect::Count { of, from, change: 1 });
        }
    }
    Ok(())
}

/// Writes the receipt into the member's history and says which tiers it changed.
pub(super) fn visit(checkout: &mut Checkout<'_>) -> Result<(), Refusal> {
    let Some(member) = checkout.context.member else { return Ok(()) };
    let spent = payment::spent(checkout)?;
    let day = checkout.facts.day;
    add(&mut checkout.effects, || Effect::Visit { day, visits: 1, activities: 1, spent });
    // A receipt only adds to the day's history, so the tiers after it need no copy of the state.
    let before = Before { member, facts: &checkout.facts };
    let mut changes = Vec::new();
    let extra =
        Extra { day, visits: 1, spent: i128::from(spent.units()), effects: &checkout.effects };
    for (position, ladder) in checkout.context.programme.ladders.iter().enumerate() {
        let after = checkout.facts.tier_after(ladder, &extra)?;
        // Nearly always nothing changes, and there is no list to make.
        if after != checkout.facts.tier(position) {
            changes.push((position, usize::from(after)));
        }
    }
    name_changes(
        checkout.context.programme,
        &before,
        &changes,
        &mut checkout.effects,
        &mut checkout.reasons,
    );
    Ok(())
}

/// Adds an effect and a reason for every ladder on which the tier is another one.
fn name_changes(
    programme: &Programme,
    before: &Before<'_, '_>,
    changes: &[(usize, usize)],
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) {
    for (position, new) in changes {
        let old = usize::from(before.facts.tier(*position));
        let ladder = &programme.ladders[*position];
        if let (Some(from), Some(to)) = (ladder.tiers.get(old), ladder.tiers.get(*new))
            && old != *new
        {
            let (from, to) = (from.key.clone(), to.key.clone());
            effects.push(Effect::Tier {
                ladder: ladder.key.clone(),
                from: from.clone(),
                to: to.clone(),
            });
            reasons.push(Reason {
                about: ladder.key.clone(),
                outcome: Outcome::TierReached { from, to },
            });
        }
    }
}

/// The tiers before the effects of a decision.
pub(super) struct Before<'a, 'b> {
    pub member: &'a MemberState,
    pub facts: &'b DecisionFacts<'a>,
}

/// Adds an effect and a reason for every ladder on which the effects move the member.
pub(super) fn tier_changes(
    context: &Context<'_>,
    before: Before<'_, '_>,
    day: Date,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    if context.programme.ladders.is_empty() {
        return Ok(());
    }
    let after = apply_to_copy(before.member, context, day, effects)?;
    let mut changes = Vec::new();
    for position in 0..context.programme.ladders.len() {
        changes.push((position, rank(context.programme, position, &after, day)?));
    }
    name_changes(context.programme, &before, &changes, effects, reasons);
    Ok(())
}

fn rank(
    programme: &Programme,
    ladder: usize,
    member: &MemberState,
    day: Date,
) -> Result<usize, Refusal> {
    let Some(ladder) = programme.ladders.get(ladder) else { return Ok(0) };
    Ok(usize::from(facts::tier_on(programme, ladder, member, day)?))
}
