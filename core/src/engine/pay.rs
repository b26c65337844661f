//! The pay stage: rewards that the member takes on this receipt and pays for with points.
//!
//! A reward that cannot be had refuses the whole receipt: a till must never believe that
//! points were spent which were not.

use super::decision::{Arithmetic, Effect, LotPart, Outcome, Reason, Refusal, Shares};
use super::entitlement::open_task_of;
use super::facts::DecisionFacts;
use super::price;
use super::purchase::{Checkout, limit_period, limit_reached};
use super::quotas::{Place, Quotas, quotas_of};
use super::working::WorkingLots;
use super::{Context, activity::Claim, ending, gifts};
use crate::programme::{Gives, Reward};
use crate::values::{Key, Money, Points, spread};
use std::sync::Arc;

pub(super) fn redeem_claims(checkout: &mut Checkout<'_>) -> Result<(), Refusal> {
    let claims = &checkout.purchase.rewards;
    for (position, claim) in claims.iter().enumerate() {
        let earlier = &claims[..position];
        let same = earlier.iter().filter(|other| other.reward == claim.reward).count();
        redeem_claim(checkout, claim, same)?;
    }
    Ok(())
}

fn redeem_claim(
    checkout: &mut Checkout<'_>,
    claim: &Claim,
    same_before: usize,
) -> Result<(), Refusal> {
    let programme = checkout.context.programme;
    let reward = programme
        .find_reward(claim.reward.as_str())
        .ok_or_else(|| Refusal::UnknownReward { reward: claim.reward.clone() })?;
    gifts::refuse_gift(reward)?;
    check_reward(&checkout.context, &checkout.facts, reward, same_before)?;
    let place = Place::of(checkout.purchase, None);
    open_quotas(&mut checkout.quotas, &checkout.context, &place, checkout.facts.day, reward)?;
    let offered = match &reward.gives {
        Gives::Discount(discounting) => {
            let mut offered = price::Offered::default();
            price::offer(checkout, discounting, false, &mut offered)?;
            Some(offered)
        }
        Gives::FreeItem { filter } => {
            let piece = price::free_piece(checkout, filter.as_ref(), claim.line)?;
            if let Some((line, _)) = &piece {
                let (by, line) = (reward.key.clone(), Some(*line));
                let products = Arc::default();
                checkout.effects.push(Effect::FreeItem { by, line, products, pieces: 1 });
            }
            piece.map(|(_, offered)| offered)
        }
        Gives::Benefit { .. } => None,
        // Points come by a redemption: on a receipt they would be paid and earned at once.
        Gives::Points { .. } => None,
    };
    let mut off = Money::ZERO;
    let is_benefit = matches!(reward.gives, Gives::Benefit { .. });
    let lines = match offered {
        Some(mut offered) if offered.gives() => {
            if let Some(outcome) = price::claim_beyond_quotas(checkout, &reward.key, &offered) {
                return Err(not_possible(&reward.key, outcome));
            }
            let lines = offered.lines.clone();
            off = offered.amount;
            price::take_off(checkout, &reward.key, true, &mut offered)?;
            lines
        }
        // A benefit takes nothing off; anything else must find something to take off.
        _ if is_benefit => Vec::new(),
        _ => return Err(not_possible(&reward.key, Outcome::NothingToCount)),
    };
    checkout.quotas.take_reward(&reward.key, off)?;
    let working = checkout.working.as_mut().ok_or(Refusal::NoMember)?;
    spend(
        working,
        &checkout.context,
        reward,
        &lines,
        &mut checkout.effects,
        &mut checkout.reasons,
    )?;
    grant_benefit(&checkout.context, checkout.facts.day, reward, &mut checkout.effects)?;
    let (effects, reasons) = (&mut checkout.effects, &mut checkout.reasons);
    open_task_of(checkout.context.programme, checkout.facts.day, reward, effects, reasons)?;
    count_reward(&checkout.context, checkout.facts.day, reward, &mut checkout.effects)
}

/// Opens the limits of a reward; one that is used up refuses the claim.
pub(super) fn open_quotas<'a>(
    quotas: &mut Quotas<'a>,
    context: &Context<'a>,
    place: &Place<'_>,
    day: jiff::civil::Date,
    reward: &'a Reward,
) -> Result<(), Refusal> {
    let counted = quotas_of(context, &reward.key, &reward.quotas, None);
    match quotas.open(context, place, day, &reward.key, counted)? {
        Some(outcome) => Err(not_possible(&reward.key, outcome)),
        None => Ok(()),
    }
}

fn not_possible(reward: &Key, outcome: Outcome) -> Refusal {
    Refusal::RewardNotPossible { reason: Box::new(Reason { about: reward.clone(), outcome }) }
}

/// Whether the member may have the reward at all.
pub(super) fn check_reward(
    context: &Context<'_>,
    facts: &DecisionFacts<'_>,
    reward: &Reward,
    same_before: usize,
) -> Result<(), Refusal> {
    if context.member.is_none() {
        return Err(not_possible(&reward.key, Outcome::NotForGuests));
    }
    let given = match reward.gives {
        Gives::Points { points, .. } => Some(points),
        _ => None,
    };
    for kind in reward.cost.iter().map(|(kind, _)| *kind).chain(given) {
        ending::check_kind(context, kind)?;
    }
    if let Some(condition) = &reward.when
        && let Some(part) = condition.first_failing(facts, None)?
    {
        let part = u32::try_from(part).unwrap_or(u32::MAX);
        return Err(not_possible(&reward.key, Outcome::ConditionFalse { part }));
    }
    if let Some(outcome) = limit_reached(context, facts.day, &reward.key, reward.limit)? {
        return Err(not_possible(&reward.key, outcome));
    }
    // Claims of the same reward earlier on this receipt count as used, too.
    if let (Some(limit), Some(member)) = (reward.limit, context.member) {
        let from = limit_period(context, facts.day, limit)?;
        let used = u64::from(member.used(&reward.key, from));
        if used + u64::try_from(same_before).unwrap_or(u64::MAX) >= u64::from(limit.times) {
            return Err(not_possible(
                &reward.key,
                Outcome::LimitReached { times: limit.times, from },
            ));
        }
    }
    Ok(())
}

/// Takes what the reward costs. `lines` are the parts of the discount it gave.
pub(super) fn spend(
    working: &mut WorkingLots<'_>,
    context: &Context<'_>,
    reward: &Reward,
    lines: &[(u32, Money)],
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    for (position, cost) in &reward.cost {
        let Some(kind) = context.programme.points.get(*position) else { continue };
        let (available, pending) = working.available(&kind.key)?;
        // Points owed are not there to be spent.
        let owed = working.debts.get(&kind.key).copied().unwrap_or(Points::ZERO);
        let free = available.minus(owed.min(available))?;
        if free < *cost {
            let (points, needed) = (kind.key.clone(), *cost);
            let outcome = Outcome::NotEnoughPoints { points, needed, available: free, pending };
            return Err(not_possible(&reward.key, outcome));
        }
        let parts: Vec<LotPart> = working.take(&kind.key, *cost, false)?.parts;
        let weights: Vec<i64> = lines.iter().map(|(_, part)| part.units()).collect();
        let shares = if lines.is_empty() { Vec::new() } else { spread(cost.units(), &weights)? };
        effects.push(Effect::Spend {
            by: reward.key.clone(),
            points: kind.key.clone(),
            amount: *cost,
            parts,
            lines: lines
                .iter()
                .zip(shares)
                .filter(|(_, share)| *share != 0)
                .map(|((line, _), share)| (*line, Points::new(share)))
                .collect(),
        });
        reasons.push(Reason {
            about: reward.key.clone(),
            outcome: Outcome::Redeemed { points: kind.key.clone(), amount: *cost },
        });
    }
    Ok(())
}

pub(super) fn grant_benefit(
    context: &Context<'_>,
    day: jiff::civil::Date,
    reward: &Reward,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    let Gives::Benefit { benefit, lasts, uses } = &reward.gives else { return Ok(()) };
    let Some(benefit) = context.programme.benefits.get(*benefit) else { return Ok(()) };
    let ends_at = match lasts {
        Some(period) => Some(context.programme.zone.end_of_day(period.after(day)?)?),
        None => None,
    };
    effects.push(Effect::GrantBenefit {
        by: reward.key.clone(),
        benefit: benefit.key.clone(),
        ends_at,
        uses: *uses,
    });
    Ok(())
}

/// Puts the points that a reward gives on the member's account.
fn give_points(
    working: &mut WorkingLots<'_>,
    context: &Context<'_>,
    day: jiff::civil::Date,
    reward: &Reward,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let Gives::Points { points: position, amount } = reward.gives else { return Ok(()) };
    let Some(kind) = context.programme.points.get(position) else { return Ok(()) };
    let (available_at, expires) = working.life(position, day)?;
    let granted = working.grant(kind, amount)?;
    let (by, points, lot) = (reward.key.clone(), kind.key.clone(), granted.number);
    let arithmetic = Arithmetic::Fixed;
    let outcome = Outcome::Earned { points: points.clone(), amount, arithmetic };
    reasons.push(Reason { about: by.clone(), outcome });
    effects.push(Effect::Earn {
        by,
        points: points.clone(),
        amount,
        lot,
        available_at,
        awaits: kind.pending.event().cloned(),
        expires,
        shares: Shares::None,
        recount: None,
    });
    if !granted.repaid.is_zero() {
        let amount = granted.repaid;
        let outcome = Outcome::DebtRepaid { amount };
        reasons.push(Reason { about: points.clone(), outcome });
        effects.push(Effect::Repay { points, amount, lot });
    }
    Ok(())
}

/// What a reward that is taken without a receipt gives, and the count of it.
pub(super) fn hand_over(
    working: &mut WorkingLots<'_>,
    context: &Context<'_>,
    day: jiff::civil::Date,
    reward: &Reward,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    grant_benefit(context, day, reward, effects)?;
    give_points(working, context, day, reward, effects, reasons)?;
    open_task_of(context.programme, day, reward, effects, reasons)?;
    if matches!(reward.gives, Gives::FreeItem { .. }) {
        let by = reward.key.clone();
        let products = Arc::default();
        effects.push(Effect::FreeItem { by, line: None, products, pieces: 1 });
    }
    count_reward(context, day, reward, effects)
}

pub(super) fn count_reward(
    context: &Context<'_>,
    day: jiff::civil::Date,
    reward: &Reward,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    if let Some(limit) = reward.limit {
        let from = limit_period(context, day, limit)?;
        effects.push(Effect::Count { of: reward.key.clone(), from, change: 1 });
    }
    Ok(())
}
