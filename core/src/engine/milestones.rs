//! Milestones: the thousandth member. Every joining counts on one counter until it is reached.

use super::Context;
use super::counters::CounterKey;
use super::decision::{Effect, Outcome, Reason, Refusal, Shares};
use super::prizes::{Giving, gift_of, give};
use super::quotas::FOR_EVER;
use super::working::WorkingLots;
use crate::programme::{Milestone, Programme, QuotaPer};
use crate::values::Key;
use jiff::civil::Date;

/// The counter of a milestone.
pub(super) fn counter_of(milestone: &Milestone) -> CounterKey {
    CounterKey {
        of: milestone.key.clone(),
        per: QuotaPer::All,
        scope: String::new(),
        unit: Key::new("times"),
        from: FOR_EVER,
    }
}

/// The counters that a joining looks at.
pub(super) fn counters_of(programme: &Programme) -> impl Iterator<Item = CounterKey> {
    programme.games.milestones.iter().map(counter_of)
}

/// Counts a joining on every milestone that is not reached yet, and gives the prize of the one
/// that it reaches. Gives the counters that were looked at.
pub(super) fn on_joining(
    context: &Context<'_>,
    day: Date,
    working: &mut WorkingLots<'_>,
    (effects, reasons): (&mut Vec<Effect>, &mut Vec<Reason>),
) -> Result<Vec<(CounterKey, i64)>, Refusal> {
    let mut seen = Vec::new();
    if super::ending::earning_over(context).is_some() {
        return Ok(seen);
    }
    for milestone in &context.programme.games.milestones {
        let counter = counter_of(milestone);
        let used = context.shared.used(&counter, context.at)?;
        seen.push((counter.clone(), used));
        let before = used.saturating_add(i64::from(milestone.already));
        if before >= i64::from(milestone.members) {
            continue;
        }
        effects.push(Effect::CountShared { counter, change: 1 });
        if before + 1 < i64::from(milestone.members) {
            continue;
        }
        let outcome = Outcome::MilestoneReached { members: milestone.members };
        reasons.push(Reason { about: milestone.key.clone(), outcome });
        let gift = gift_of(context.programme, &milestone.prize, day)?;
        let (by, working, shares) = (&milestone.key, Some(&mut *working), Shares::None);
        give(context, Giving { day, by, working, shares, effects, reasons }, &gift)?;
    }
    Ok(seen)
}
