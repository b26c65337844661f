//! Holds: a checkout is decided, what it takes is reserved, and what it gives waits.
//!
//! A hold books what the receipt will take: points, uses of coupons and limits, money of
//! certificates. So nobody else can have it meanwhile, and a hold above the balance fails at the
//! hold. What the receipt will give is promised and recorded with the hold; confirming books the
//! promise as it stands, whatever changed meanwhile (I13). A hold that is cancelled, or whose
//! time is over, is voided like anything else that was booked.

use super::activity::{Activity, Purchase};
use super::book::Recorded;
use super::decision::{Decision, Effect, LotPart, Outcome, Reason, Refusal};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::purchase;
use super::working::WorkingLots;
use super::{Candidates, CodeProblem, Context, Means};
use crate::instrument::Status;
use crate::values::{ActivityId, InstrumentId, Key, Overflow};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A checkout may be held for a week at most.
pub const HOLD_MINUTES_MAX: u32 = 7 * 24 * 60;

/// Decides a receipt, and books only what it takes.
pub(super) fn decide_hold(
    context: Context<'_>,
    purchase: &Purchase,
    minutes: u32,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    if context.member.is_none() {
        return Err(Refusal::NoMember);
    }
    if !(1..=HOLD_MINUTES_MAX).contains(&minutes) {
        return Err(Refusal::HoldTooLong { most: HOLD_MINUTES_MAX });
    }
    let mut decision = purchase::decide(context, purchase, candidates, true)?;
    let lasts = SignedDuration::from_mins(i64::from(minutes));
    let mut ends_at = context.at.checked_add(lasts).map_err(|_| Refusal::CalendarRange)?;
    let promised: Vec<Effect> = decision.effects.clone();
    decision.effects.retain(|effect| is_taken(effect) || matches!(effect, Effect::Expire { .. }));
    for instrument in decision.effects.iter().filter_map(instrument_of) {
        // What a code pays for cannot be promised beyond the end of the code.
        let end = context.shared.instruments.get(&instrument).and_then(|known| known.ends_at);
        ends_at = end.map_or(ends_at, |end| ends_at.min(end));
    }
    let promised =
        promised.into_iter().filter(|effect| !matches!(effect, Effect::Expire { .. })).collect();
    decision.effects.push(Effect::Hold { ends_at, promised });
    decision.reasons.push(Reason { about: Key::new("hold"), outcome: Outcome::Held { ends_at } });
    Ok(decision)
}

/// What a receipt takes from the member or from what is shared.
const fn is_taken(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Spend { .. }
            | Effect::Pay { .. }
            | Effect::UseCoupon { .. }
            | Effect::Count { .. }
            | Effect::CountShared { .. }
    )
}

const fn instrument_of(effect: &Effect) -> Option<InstrumentId> {
    match effect {
        Effect::UseCoupon { instrument, .. }
        | Effect::Pay { means: Means::Certificate { instrument }, .. } => Some(*instrument),
        _ => None,
    }
}

/// Books what a hold promised.
pub(super) fn decide_confirmation(
    context: Context<'_>,
    records: &BTreeMap<ActivityId, Recorded>,
    hold: ActivityId,
    purchase: &Purchase,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let record = records.get(&hold).ok_or(Refusal::UnknownActivity { activity: hold })?;
    let Activity::Hold { purchase: held, .. } = &record.activity else {
        return Err(Refusal::UnknownActivity { activity: hold });
    };
    let Some((ends_at, promised)) = promise_of(record) else {
        return Err(Refusal::UnknownActivity { activity: hold });
    };
    if record.progress.voided || ends_at <= context.at {
        return Err(Refusal::HoldEnded { activity: hold });
    }
    if (Purchase { hold: None, ..purchase.clone() }) != *held {
        return Err(Refusal::HoldDiffers { activity: hold });
    }
    let day = context.programme.zone.day(context.at);
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let (mut effects, mut reasons) = (Vec::new(), record.decision.reasons.clone());
    reasons.retain(|reason| !matches!(reason.outcome, Outcome::Held { .. }));
    release(context, record, &mut effects)?;
    effects.push(Effect::EndHold { hold });
    let mut working = WorkingLots::new(context.programme, member, context.at);
    for effect in promised {
        match effect {
            // Tiers follow from the history, and debts from what is owed now.
            Effect::Tier { .. } | Effect::Repay { .. } => {}
            Effect::Visit { visits, activities, spent, .. } => {
                let (visits, activities, spent) = (*visits, *activities, *spent);
                effects.push(Effect::Visit { day, visits, activities, spent });
            }
            Effect::Earn { .. } => earn(context, &mut working, effect, &mut effects)?,
            other => effects.push(other.clone()),
        }
    }
    tier_changes(&context, Before { member, facts: &facts }, day, &mut effects, &mut reasons)?;
    let net = record.decision.net.clone();
    Ok(Decision { at: context.at, day, net, counters: Vec::new(), effects, reasons })
}

/// When a hold ends, and what it promised.
#[must_use]
pub fn promise_of(record: &Recorded) -> Option<(Timestamp, &[Effect])> {
    record.decision.effects.iter().find_map(|effect| match effect {
        Effect::Hold { ends_at, promised } => Some((*ends_at, promised.as_slice())),
        _ => None,
    })
}

/// Gives back what the hold took, to the unit, so that the receipt can take it.
fn release(
    context: Context<'_>,
    record: &Recorded,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    for (position, effect) in record.decision.effects.iter().enumerate() {
        let position = u32::try_from(position).map_err(|_| Overflow)?;
        match effect {
            Effect::Spend { points, amount, parts, .. } => {
                let parts: Vec<LotPart> = parts.iter().rev().cloned().collect();
                effects.push(Effect::Restore {
                    of: record.id,
                    effect: position,
                    points: points.clone(),
                    amount: *amount,
                    parts,
                    lines: Vec::new(),
                });
            }
            Effect::Pay { means: Means::Certificate { instrument }, amount, lines } => {
                check_usable(context, *instrument)?;
                let (of, instrument, amount) = (record.id, *instrument, *amount);
                let lines = lines.clone();
                effects.push(Effect::Refill { of, effect: position, instrument, amount, lines });
            }
            Effect::UseCoupon { instrument, by, change } => {
                check_usable(context, *instrument)?;
                let (instrument, by, change) = (*instrument, by.clone(), -*change);
                effects.push(Effect::UseCoupon { instrument, by, change });
            }
            Effect::Count { of, from, change } => {
                effects.push(Effect::Count { of: of.clone(), from: *from, change: -*change });
            }
            Effect::CountShared { counter, change } => {
                let (counter, change) = (counter.clone(), -*change);
                effects.push(Effect::CountShared { counter, change });
            }
            _ => {}
        }
    }
    Ok(())
}

/// A code that was blocked meanwhile pays for nothing any more.
fn check_usable(context: Context<'_>, instrument: InstrumentId) -> Result<(), Refusal> {
    let known = context.shared.instruments.get(&instrument);
    let why = match known.map(|known| known.status(context.at)) {
        None => CodeProblem::Unknown,
        Some(Status::Blocked) => CodeProblem::Blocked,
        Some(Status::Returned) => CodeProblem::Returned,
        Some(_) => return Ok(()),
    };
    Err(Refusal::CodeRefused { position: 0, why })
}

/// Books a promised award as a lot of today.
fn earn(
    context: Context<'_>,
    working: &mut WorkingLots<'_>,
    promised: &Effect,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    let Effect::Earn { by, points, amount, shares, recount, .. } = promised else { return Ok(()) };
    let Some((position, kind)) = context.programme.find_points(points.as_str()) else {
        return Ok(());
    };
    let day = context.programme.zone.day(context.at);
    let (available_at, expires) = working.life(position, day)?;
    let granted = working.grant(kind, *amount)?;
    effects.push(Effect::Earn {
        by: by.clone(),
        points: points.clone(),
        amount: *amount,
        lot: granted.number,
        available_at,
        awaits: kind.pending.event().cloned(),
        expires,
        shares: shares.clone(),
        recount: recount.clone(),
    });
    if !granted.repaid.is_zero() {
        let (points, amount, lot) = (points.clone(), granted.repaid, granted.number);
        effects.push(Effect::Repay { points, amount, lot });
    }
    Ok(())
}
