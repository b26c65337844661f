//! Points that go from one member to another, and back where the receiver still has them.
//!
//! What leaves one member arrives at the other by an activity of its own; between the two it lies
//! in neither. Points that wait and debts stay where they are. Nothing here is earned.

use super::Context;
use super::decision::{Decision, Effect, LotPart, Outcome, Reason, Refusal};
use super::derived::{Incoming, MovedLot};
use super::ending;
use super::working::{WorkingLots, lot_life};
use crate::programme::{PointKind, TransferRule, TransferredPoints};
use crate::values::{ActivityId, Key, MemberId, Points, divide};

const HUNDRED_PER_CENT: i128 = 100_000_000;

pub(super) fn decide_transfer(
    context: Context<'_>,
    to: MemberId,
    points: &Key,
    amount: Points,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    if context.member_id == Some(to) || member.was(to) {
        return Err(Refusal::TransferToOneself);
    }
    let (position, kind) = context
        .programme
        .find_points(points.as_str())
        .ok_or_else(|| Refusal::UnknownPoints { points: points.clone() })?;
    ending::check_kind(&context, position)?;
    let rule =
        kind.transfer.ok_or_else(|| Refusal::TransferNotAllowed { points: points.clone() })?;
    let fee = check_amount(kind, rule, amount)?;
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let (available, _) = working.available(points)?;
    if available.minus(member.debt(points.as_str()))? < amount.plus(fee)? {
        return Err(Refusal::NotEnoughToTake { available });
    }
    let parts = working.take(points, amount, false)?.parts;
    let outcome = Outcome::Sent { to, points: points.clone(), amount };
    reasons.push(Reason { about: points.clone(), outcome });
    let by = points.clone();
    effects.push(Effect::HandOver { to, by, points: points.clone(), amount, parts, back: false });
    if !fee.is_zero() {
        let parts = working.take(points, fee, false)?.parts;
        let outcome = Outcome::TransferFee { points: points.clone(), amount: fee };
        reasons.push(Reason { about: points.clone(), outcome });
        let (by, points) = (points.clone(), points.clone());
        effects.push(Effect::Spend { by, points, amount: fee, parts, lines: Vec::new() });
    }
    let day = context.programme.zone.day(context.at);
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// Refuses amounts that the programme does not let go; says what it costs.
fn check_amount(kind: &PointKind, rule: TransferRule, amount: Points) -> Result<Points, Refusal> {
    if !amount.is_positive() {
        return Err(Refusal::AmountZero);
    }
    let points = || kind.key.clone();
    if amount < rule.at_least {
        return Err(Refusal::TransferTooSmall { points: points(), least: rule.at_least });
    }
    if amount.units() % rule.step.units() != 0 {
        return Err(Refusal::TransferNotWholeSteps { points: points(), step: rule.step });
    }
    let product = i128::from(amount.units()) * i128::from(rule.fee_percent.units());
    let share = divide(product, HUNDRED_PER_CENT, kind.rounding)?;
    Ok(rule.fee.plus(Points::new(share))?)
}

/// What of some lots goes on its way.
pub(super) fn moved_lots(parts: &[LotPart]) -> Vec<MovedLot> {
    let moved = |part: &LotPart| MovedLot {
        amount: part.amount,
        expires: part.life.expires,
        earned_on: part.life.earned_on,
    };
    parts.iter().map(moved).collect()
}

/// Points of another member arrive.
pub(super) fn receive_lots(
    context: Context<'_>,
    incoming: &Incoming,
    points: &Key,
    lots: &[MovedLot],
    back: bool,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let (_, kind) = context
        .programme
        .find_points(points.as_str())
        .ok_or_else(|| Refusal::UnknownPoints { points: points.clone() })?;
    let day = context.programme.zone.day(context.at);
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    // What comes back was the member's own.
    let new_end = context.programme.settings.transferred_points == TransferredPoints::NewEnd;
    let end = if new_end && !back { Some(lot_life(context.programme, kind, day)?.1) } else { None };
    let amount = Points::sum(lots.iter().map(|lot| lot.amount))?;
    let outcome = Outcome::Received { points: points.clone(), amount, from: incoming.from };
    reasons.push(Reason { about: incoming.by.clone(), outcome });
    let mut repaid = Points::ZERO;
    for lot in lots {
        let granted = working.grant(kind, lot.amount)?;
        effects.push(Effect::Arrive {
            points: points.clone(),
            amount: lot.amount,
            lot: granted.number,
            expires: end.unwrap_or(lot.expires),
            earned_on: if end.is_some() { day } else { lot.earned_on },
        });
        if !granted.repaid.is_zero() {
            repaid = repaid.plus(granted.repaid)?;
            let (points, amount, lot) = (points.clone(), granted.repaid, granted.number);
            effects.push(Effect::Repay { points, amount, lot });
        }
    }
    if !repaid.is_zero() {
        let outcome = Outcome::DebtRepaid { amount: repaid };
        reasons.push(Reason { about: points.clone(), outcome });
    }
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// What a call for points asks back, and for whom.
pub(super) struct CallingBack<'c> {
    /// The activity that had brought them.
    pub of: ActivityId,
    pub points: &'c Key,
    pub amount: Points,
    pub to: MemberId,
}

/// Points go back to whom they came from, as far as they are still there.
pub(super) fn give_back(
    context: Context<'_>,
    incoming: &Incoming,
    calling: &CallingBack<'_>,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let CallingBack { of, points, amount, to } = *calling;
    let day = context.programme.zone.day(context.at);
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let taking = working.take_from_activity(points, of, amount)?;
    let amount = amount.minus(taking.missing)?;
    if !amount.is_zero() {
        let (by, parts) = (incoming.by.clone(), taking.parts);
        let outcome = Outcome::Sent { to, points: points.clone(), amount };
        reasons.push(Reason { about: by.clone(), outcome });
        let points = points.clone();
        effects.push(Effect::HandOver { to, by, points, amount, parts, back: true });
    }
    if !taking.missing.is_zero() {
        let outcome = Outcome::GoneMeanwhile { points: points.clone(), amount: taking.missing };
        reasons.push(Reason { about: points.clone(), outcome });
    }
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// The effects that call points back which were handed over, with their positions.
pub(super) fn calls(of: ActivityId, effects: &[Effect]) -> Vec<Effect> {
    let call = |(position, effect): (u32, &Effect)| match effect {
        Effect::HandOver { to, by, points, amount, .. } => {
            let (by, points) = (by.clone(), points.clone());
            Some(Effect::CallBack { of, effect: position, to: *to, by, points, amount: *amount })
        }
        _ => None,
    };
    (0_u32..).zip(effects).filter_map(call).collect()
}
