//! Steps: how large a discount is depends on how many, how much, when or who.

use super::desk::{Desk, Offered, View};
use super::plain::plain;
use super::quick;
use crate::engine::decision::{DiscountHow, Refusal};
use crate::programme::{DiscountAmount, Each, Plain, PriceBase, Step, StepFrom, Steps, StepsBy};
use crate::values::{Money, Quantity};

pub(super) fn steps(
    desk: &Desk<'_, '_>,
    view: View<'_>,
    lines: &[u32],
    steps: &Steps,
) -> Result<Offered, Refusal> {
    let of_step = |lines: &[u32], step: Option<&Step>| match step {
        Some(step) => {
            let what = plain_of(step.amount);
            let mut offered = Offered::default();
            if quick::on_lines(desk, view, lines, &what, &mut offered)? {
                return Ok(offered);
            }
            plain(desk, view, lines, &what)
        }
        None => Ok(Offered::default()),
    };
    let units = |quantity: Quantity| i128::from(quantity.units());
    match &steps.by {
        StepsBy::LineQuantity => {
            let (mut all, mut most) = (Offered::default(), Money::ZERO);
            let mut floored = Money::ZERO;
            for line in lines {
                let step = reached(steps, units(desk.quantity(*line)));
                let one = of_step(&[*line], step)?;
                all.basis = all.basis.plus(one.basis)?;
                all.amount = all.amount.plus(one.amount)?;
                floored = floored.plus(one.floored())?;
                all.lines.extend(one.lines);
                // Where lines reach different steps, the reason names the one that gives most; it
                // must not follow the order in which the lines were scanned.
                if one.amount > most {
                    (most, all.how) = (one.amount, one.how);
                } else if one.amount == most {
                    all.how = larger(all.how, one.how);
                }
            }
            all.set_floored(floored);
            Ok(all)
        }
        StepsBy::Quantity => {
            let all = Quantity::sum(lines.iter().map(|line| desk.quantity(*line)))?;
            of_step(lines, reached(steps, units(all)))
        }
        StepsBy::Amount => {
            let all = Money::sum(lines.iter().map(|line| desk.amount(*line)))?;
            of_step(lines, reached(steps, i128::from(all.units())))
        }
        StepsBy::Tier(ladder) => {
            // A guest stands on no ladder.
            let rank = desk.facts.is_member().then(|| i128::from(desk.facts.tier(*ladder)));
            of_step(lines, rank.and_then(|rank| reached(steps, rank)))
        }
        StepsBy::Measure(measure) => {
            let number = measure.evaluate_number(desk.facts)?;
            of_step(lines, reached(steps, number))
        }
        StepsBy::Date => {
            let at = desk.facts.at();
            let is_open = |step: &&Step| matches!(step.from, StepFrom::Until(until) if at < until);
            of_step(lines, steps.steps.iter().find(is_open))
        }
    }
}

/// Of two ways that give the same, one that does not depend on which came first.
fn larger(one: Option<DiscountHow>, other: Option<DiscountHow>) -> Option<DiscountHow> {
    let rank = |how: Option<DiscountHow>| match how {
        None => (0, 0),
        Some(DiscountHow::Percent(rate) | DiscountHow::PercentOfLowest(rate)) => (1, rate.units()),
        Some(DiscountHow::Sum(money) | DiscountHow::UnitPrice(money)) => (2, money.units()),
        Some(_) => (3, 0),
    };
    if rank(other) > rank(one) { other } else { one }
}

const fn plain_of(amount: DiscountAmount) -> Plain {
    Plain { amount, base: PriceBase::Price, each: Each::Receipt, pieces: None }
}

/// The last step that a measure reaches.
fn reached(steps: &Steps, measure: i128) -> Option<&Step> {
    let is_reached = |step: &&Step| matches!(step.from, StepFrom::Measure(from) if from <= measure);
    steps.steps.iter().rev().find(is_reached)
}
