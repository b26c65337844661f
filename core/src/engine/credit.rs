//! Credit in advance: a member may have something before it is paid, up to a limit, and what was
//! advanced is set off later. It lies in an account of its own, so that what is open is always
//! the sum of entries.

use super::Context;
use super::activity::SetOffAgainst;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::ending;
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::working::{WorkingLots, lot_life};
use crate::programme::{Credit, PointKind, Programme};
use crate::values::{Key, Points};

fn find<'a>(
    programme: &'a Programme,
    credit: &Key,
) -> Result<(&'a Credit, &'a PointKind), Refusal> {
    let found = programme.credits.iter().find(|known| known.key == *credit);
    let found = found.and_then(|found| Some((found, programme.points.get(found.points)?)));
    found.ok_or_else(|| Refusal::UnknownCredit { credit: credit.clone() })
}

/// The most that may be open: the highest of the limits that hold.
fn limit(credit: &Credit, facts: &DecisionFacts<'_>) -> Result<Points, Refusal> {
    let mut most = Points::ZERO;
    for limit in &credit.limits {
        let holds = match &limit.when {
            Some(condition) => condition.first_failing(facts, None)?.is_none(),
            None => true,
        };
        if holds {
            most = most.max(limit.amount);
        }
    }
    Ok(most)
}

pub(super) fn decide_advance(
    context: Context<'_>,
    credit: &Key,
    amount: Points,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let (credit, kind) = find(context.programme, credit)?;
    ending::check_kind(&context, credit.points)?;
    if !amount.is_positive() {
        return Err(Refusal::AmountZero);
    }
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let day = facts.day;
    let (most, before) = (limit(credit, &facts)?, member.advanced(credit.key.as_str()));
    let open = before.plus(amount)?;
    if most < open {
        return Err(Refusal::OverCredit { credit: credit.key.clone(), most, open: before });
    }
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let (_, expires) = lot_life(context.programme, kind, day)?;
    let granted = working.grant(kind, amount)?;
    let (points, lot) = (kind.key.clone(), granted.number);
    let outcome = Outcome::Advanced { points: points.clone(), amount, open, most };
    reasons.push(Reason { about: credit.key.clone(), outcome });
    let credit = credit.key.clone();
    effects.push(Effect::Advance { credit, points: points.clone(), amount, lot, expires });
    repay(&mut effects, &mut reasons, &points, granted.repaid, lot);
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// What was owed is paid first, as with all points that come.
fn repay(
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
    points: &Key,
    amount: Points,
    lot: u32,
) {
    if !amount.is_zero() {
        let about = points.clone();
        reasons.push(Reason { about: about.clone(), outcome: Outcome::DebtRepaid { amount } });
        effects.push(Effect::Repay { points: about, amount, lot });
    }
}

pub(super) fn decide_set_off(
    context: Context<'_>,
    credit: &Key,
    amount: Points,
    against: SetOffAgainst,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let (credit, kind) = find(context.programme, credit)?;
    if !amount.is_positive() {
        return Err(Refusal::AmountZero);
    }
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let day = facts.day;
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let before = member.advanced(credit.key.as_str());
    let off = amount.min(before);
    let points = kind.key.clone();
    let mut set_off = |parts, effects: &mut Vec<Effect>| -> Result<(), Refusal> {
        let open = before.minus(off)?;
        let outcome = Outcome::SetOff { points: points.clone(), amount: off, open };
        reasons.push(Reason { about: credit.key.clone(), outcome });
        let (credit, points) = (credit.key.clone(), points.clone());
        effects.push(Effect::SetOff { credit, points, amount: off, parts });
        Ok(())
    };
    match against {
        SetOffAgainst::Balance => {
            if off < amount {
                let credit = credit.key.clone();
                return Err(Refusal::NothingAdvanced { credit, open: before });
            }
            let taking = working.take(&kind.key, amount, false)?;
            if !taking.missing.is_zero() {
                let available = amount.minus(taking.missing)?;
                return Err(Refusal::NotEnoughToTake { available });
            }
            set_off(taking.parts, &mut effects)?;
        }
        SetOffAgainst::Payment => {
            if off.is_positive() {
                set_off(Vec::new(), &mut effects)?;
            }
            let rest = amount.minus(off)?;
            if rest.is_positive() {
                let (available_at, expires) = lot_life(context.programme, kind, day)?;
                let granted = working.grant(kind, rest)?;
                let lot = granted.number;
                let outcome =
                    Outcome::Received { points: points.clone(), amount: rest, from: None };
                reasons.push(Reason { about: credit.key.clone(), outcome });
                effects.push(Effect::Earn {
                    by: credit.key.clone(),
                    points: points.clone(),
                    amount: rest,
                    lot,
                    available_at,
                    awaits: None,
                    expires,
                    shares: Shares::None,
                    recount: None,
                });
                repay(&mut effects, &mut reasons, &points, granted.repaid, lot);
            }
        }
    }
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}
