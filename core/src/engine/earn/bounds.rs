//! The least and the most that an earning gives, and the most of a kind that a member earns on a
//! receipt, a day, a month. What lies beyond is lost; nothing is put off.

use super::super::award::Bound;
use super::super::decision::Effect;
use super::super::derived::Sent;
use super::super::{Context, Refusal};
use super::Award;
use super::fraction::Fraction;
use crate::programme::{EarnAmount, Earning, PointKind};
use crate::values::{CalendarUnit, Money, Points};
use jiff::civil::Date;

/// Keeps an award within `at_least` and `at_most` of its earning. Gives the bound that changed
/// it, and what it would have been.
pub(super) fn of_earning(
    kind: &PointKind,
    earning: &Earning,
    exact: &mut Fraction,
    basis: Money,
) -> Result<Option<(Bound, Points)>, Refusal> {
    if let Some(most) = earning.at_most
        && exact.is_above(most.units())
    {
        let computed = Points::new(exact.rounded(kind.rounding)?);
        *exact = Fraction::whole(most.units());
        return Ok(Some((Bound::AtMost, computed)));
    }
    let counts = basis.is_positive() || matches!(earning.amount, EarnAmount::Fixed(_));
    if let Some(least) = earning.at_least.filter(|_| counts)
        && exact.is_below(least.units())
    {
        let computed = Points::new(exact.rounded(kind.rounding)?);
        *exact = Fraction::whole(least.units());
        return Ok(Some((Bound::AtLeast, computed)));
    }
    Ok(None)
}

/// Cuts an award to what the bounds of its kind leave.
pub(super) fn of_kind(
    context: &Context<'_>,
    day: Date,
    kind: &PointKind,
    effects: &[Effect],
    award: &mut Award<'_>,
) -> Result<(), Refusal> {
    let most = kind.at_most;
    if most.is_none() {
        return Ok(());
    }
    let here = Points::sum(effects.iter().filter_map(|effect| match effect {
        Effect::Earn { points, amount, .. }
        | Effect::Send { what: Sent::Points { points, amount }, .. }
            if *points == kind.key =>
        {
            Some(*amount)
        }
        _ => None,
    }))?;
    let earned_in = |unit: CalendarUnit| -> Result<Points, Refusal> {
        let Some(member) = context.member else { return Ok(here) };
        // The whole period counts, also what a late receipt finds after it.
        let (first, last) = (unit.first_day(day)?, unit.last_day(day)?);
        let before = member.earned_between(first, last, &kind.key)?;
        Ok(before.plus(here)?)
    };
    let is_receipt = !matches!(award.shares, super::Shares::None);
    let bounds = [
        (Bound::PerReceipt, most.per_receipt.filter(|_| is_receipt), None),
        (Bound::PerDay, most.per_day, Some(CalendarUnit::Day)),
        (Bound::PerMonth, most.per_month, Some(CalendarUnit::Month)),
    ];
    for (bound, most, unit) in bounds {
        let Some(most) = most else { continue };
        let before = unit.map_or(Ok(here), earned_in)?;
        let room = most.minus(before)?.max(Points::ZERO);
        if award.amount > room {
            let computed = award.bound.map_or(award.amount, |(_, computed)| computed);
            award.amount = room;
            award.bound = Some((bound, computed));
        }
    }
    Ok(())
}
