//! Computing an award anew on what is kept of its receipt, where the programme takes points back
//! so. What is needed for it is recorded with the award: no rule is asked again.

use super::super::award::{Recount, RecountLine};
use super::super::decision::Refusal;
use super::super::purchase::Checkout;
use super::base::Basis;
use super::fraction::Fraction;
use super::multipliers::{Multiplier, factor_of_line};
use super::rate_parts;
use crate::programme::{Earning, PointKind};
use crate::values::{Money, Overflow, Points, Rate, Rounding};
use std::collections::BTreeMap;

pub(super) fn record(
    checkout: &Checkout<'_>,
    kind: &PointKind,
    earning: &Earning,
    (basis, amounts): (&Basis, &[Money]),
    multipliers: &[Multiplier<'_>],
) -> Result<Box<Recount>, Refusal> {
    let (give, per, steps) = rate_parts(checkout, kind, earning.amount)?;
    let narrow = |number: i128| i64::try_from(number).map_err(|_| Overflow);
    let mut lines = Vec::new();
    for line in basis.positions(amounts.len()) {
        let factor = factor_of_line(checkout, line, earning.points, multipliers)?;
        let (times, of) = match (narrow(factor.numerator), narrow(factor.divisor)) {
            (Ok(times), Ok(of)) => (times, of),
            // So many multipliers are told to the millionth.
            _ => {
                let one = Rate::ONE.units();
                let millionths = factor.times(Fraction::whole(one))?.rounded(Rounding::Down)?;
                (millionths, one)
            }
        };
        lines.push(RecountLine { line, base: amounts[line as usize], times, of });
    }
    Ok(Box::new(Recount {
        give: narrow(give)?,
        per: narrow(per)?,
        steps,
        at_least: earning.at_least,
        at_most: earning.at_most,
        rounding: kind.rounding,
        lines,
    }))
}

/// What an award comes to on what is kept; `kept` gives the part of each line's base.
pub(in crate::engine) fn recounted(
    recount: &Recount,
    kept: &BTreeMap<u32, Money>,
) -> Result<Points, Overflow> {
    let (mut basis, mut weighted) = (Money::ZERO, Fraction::ZERO);
    for RecountLine { line, times, of, .. } in &recount.lines {
        let Some(amount) = kept.get(line).filter(|amount| !amount.is_zero()) else { continue };
        basis = basis.plus(*amount)?;
        let factor = Fraction { numerator: i128::from(*times), divisor: i128::from(*of) };
        weighted = weighted.plus(Fraction::whole(amount.units()).times(factor)?)?;
    }
    if !basis.is_positive() {
        return Ok(Points::ZERO);
    }
    let rate = if recount.steps {
        let steps = basis.units() / recount.per;
        let share = Fraction { numerator: i128::from(steps), divisor: i128::from(basis.units()) };
        share.times(Fraction::whole(recount.give))?
    } else {
        Fraction { numerator: i128::from(recount.give), divisor: i128::from(recount.per) }
    };
    let amount = Points::new(weighted.times(rate)?.rounded(recount.rounding)?);
    let amount = recount.at_most.map_or(amount, |most| amount.min(most));
    Ok(recount.at_least.map_or(amount, |least| amount.max(least)))
}
