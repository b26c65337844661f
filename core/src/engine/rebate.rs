//! What a contract gives a company back for the volume of a period that is over.
//!
//! It goes to the company's account and never to a person: a rebate for a person would be a
//! bribe. Each period is decided once; what was decided can be voided and decided again.

use super::Context;
use super::decision::{Arithmetic, Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::ending;
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::working::{WorkingLots, lot_life};
use crate::member::{MemberKind, MemberState};
use crate::programme::{PointKind, Programme, Rebate};
use crate::values::{Key, Money, Overflow, Points, Rate, Rounding, divide};
use jiff::civil::Date;

/// The id under which rebates are given and counted; no rule can have it.
pub(crate) const REBATE: &str = "rebate";

pub(super) fn decide_rebate(
    context: Context<'_>,
    from: Date,
    until: Date,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    let rebate = programme.companies.rebate.as_ref().ok_or(Refusal::NoRebate)?;
    if member.kind != MemberKind::Company {
        return Err(Refusal::RebateForCompanies);
    }
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let day = facts.day;
    let of = Key::new(REBATE);
    check_period(rebate, member, (from, until), day)?;
    if member.used(&of, from) > 0 {
        return Err(Refusal::RebateGiven { from });
    }
    let kind = programme.points.get(rebate.points).ok_or(Refusal::NoRebate)?;
    ending::check_kind(&context, rebate.points)?;
    let volume = member.spent_between(from, until)?;
    let mut working = WorkingLots::new(programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let reached = rebate.steps.iter().rfind(|(step, _)| *step <= volume);
    let amount = match reached {
        Some((_, percent)) => amount_of(programme, kind, volume, *percent)?,
        None => Points::ZERO,
    };
    let points = kind.key.clone();
    if let (Some((_, percent)), true) = (reached, amount.is_positive()) {
        let arithmetic = Arithmetic::Percent {
            basis: volume,
            percent: *percent,
            multipliers: Vec::new(),
            combined: Default::default(),
            rounding: Rounding::Down,
        };
        let outcome = Outcome::Earned { points: points.clone(), amount, arithmetic };
        reasons.push(Reason { about: of.clone(), outcome });
        let (available_at, expires) = lot_life(programme, kind, day)?;
        let granted = working.grant(kind, amount)?;
        effects.push(Effect::Earn {
            by: of.clone(),
            points: points.clone(),
            amount,
            lot: granted.number,
            available_at,
            awaits: None,
            expires,
            shares: Shares::None,
            recount: None,
        });
        if !granted.repaid.is_zero() {
            let (amount, lot) = (granted.repaid, granted.number);
            reasons.push(Reason { about: points.clone(), outcome: Outcome::DebtRepaid { amount } });
            effects.push(Effect::Repay { points, amount, lot });
        }
    } else {
        let step = rebate.steps.first().map_or(Money::ZERO, |(step, _)| *step);
        let outcome = Outcome::RebateBelowStep { volume, step };
        reasons.push(Reason { about: of.clone(), outcome });
    }
    effects.push(Effect::Count { of, from, change: 1 });
    tier_changes(&context, Before { member, facts: &facts }, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// A whole period of the calendar, which is over and whose days are still kept apart.
fn check_period(
    rebate: &Rebate,
    member: &MemberState,
    (from, until): (Date, Date),
    today: Date,
) -> Result<(), Refusal> {
    let is_whole = rebate.every.first_day(from)? == from && rebate.every.last_day(from)? == until;
    let is_kept = member.earlier.as_ref().is_none_or(|earlier| earlier.until < from);
    if is_whole && until < today && is_kept { Ok(()) } else { Err(Refusal::RebatePeriod) }
}

/// The share of a volume as points of the same face value, rounded down once.
fn amount_of(
    programme: &Programme,
    kind: &PointKind,
    volume: Money,
    percent: Rate,
) -> Result<Points, Overflow> {
    let points_unit = 10_i128.pow(u32::from(kind.decimals));
    let money_unit = 10_i128.pow(u32::from(programme.currency.exponent()));
    let product = i128::from(volume.units())
        .checked_mul(i128::from(percent.units()))
        .and_then(|product| product.checked_mul(points_unit))
        .ok_or(Overflow)?;
    divide(product, 100_000_000 * money_unit, Rounding::Down).map(Points::new)
}
