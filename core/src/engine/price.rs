//! The price stage: discounts on lines and on the receipt.
//!
//! Rules apply in the programme's order, each to what earlier ones left. Of a group only the
//! rule that gives most is applied. A line never costs less than nothing.

use super::decision::{DiscountHow, Effect, Outcome, Reason, Refusal};
use super::purchase::{Checkout, Matched};
use crate::condition::Condition;
use crate::programme::{DiscountAmount, Discounting, Rule};
use crate::values::{Key, Money, Rounding, divide, line_amount, spread_over};

const HUNDRED_PER_CENT: i128 = 100_000_000;

/// A discount worked out but not taken.
pub(super) struct Offered {
    pub basis: Money,
    pub amount: Money,
    pub lines: Vec<(u32, Money)>,
}

pub(super) fn discount(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    for position in 0..matched.len() {
        if matched[position].excluded {
            continue;
        }
        let rule = matched[position].rule;
        let winner = match &rule.group {
            Some(group) => settle_group(checkout, matched, group, position)?,
            None => position,
        };
        let rule = matched[winner].rule;
        if let Some(discounting) = &rule.discount
            && !matched[winner].gave
        {
            matched[winner].gave = apply(checkout, &rule.key, discounting)?;
        }
    }
    Ok(())
}

/// Finds the rule of a group that gives most on the prices as they are now, and excludes the
/// others. Among equals the earlier one wins. A rule that has nothing to give on this receipt
/// neither wins nor loses: it must change no answer (I16).
fn settle_group(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
    group: &Key,
    first: usize,
) -> Result<usize, Refusal> {
    let Some(amount) = offers(checkout, matched[first].rule)? else { return Ok(first) };
    let mut best = (first, amount);
    let mut rivals = vec![first];
    for (position, candidate) in matched.iter().enumerate().skip(first + 1) {
        if candidate.rule.group.as_ref() != Some(group) || candidate.excluded {
            continue;
        }
        let Some(amount) = offers(checkout, candidate.rule)? else { continue };
        if amount > best.1 {
            best = (position, amount);
        }
        rivals.push(position);
    }
    let by = matched[best.0].rule.key.clone();
    for position in rivals.into_iter().filter(|position| *position != best.0) {
        matched[position].excluded = true;
        checkout.reasons.push(Reason {
            about: matched[position].rule.key.clone(),
            outcome: Outcome::Excluded { group: group.clone(), by: by.clone() },
        });
    }
    Ok(best.0)
}

/// What a rule would take off now; `None` where it has nothing at all to give on this receipt.
fn offers(checkout: &Checkout<'_>, rule: &Rule) -> Result<Option<Money>, Refusal> {
    if let Some(discounting) = &rule.discount {
        let amount = work_out(checkout, discounting)?.amount;
        if !amount.is_zero() {
            return Ok(Some(amount));
        }
    }
    let mut gives = rule.offer.is_some();
    for earning in &rule.earn {
        let Some(filter) = &earning.filter else { return Ok(Some(Money::ZERO)) };
        for line in 0..checkout.net.len() {
            gives = gives || filter.evaluate(&checkout.facts, Some(line))?;
        }
    }
    Ok(gives.then_some(Money::ZERO))
}

/// Takes a discount off the lines. Says whether there was anything to take it from.
fn apply(
    checkout: &mut Checkout<'_>,
    by: &Key,
    discounting: &Discounting,
) -> Result<bool, Refusal> {
    let offered = work_out(checkout, discounting)?;
    if offered.amount.is_zero() {
        let outcome = Outcome::NothingToCount;
        checkout.reasons.push(Reason { about: by.clone(), outcome });
        return Ok(false);
    }
    let how = match discounting.amount {
        DiscountAmount::Percent(rate) => DiscountHow::Percent(rate),
        DiscountAmount::Sum(sum) => DiscountHow::Sum(sum),
        DiscountAmount::UnitPrice(price) => DiscountHow::UnitPrice(price),
    };
    take_off(checkout, by, offered, how)?;
    Ok(true)
}

/// Books a discount that was worked out.
pub(super) fn take_off(
    checkout: &mut Checkout<'_>,
    by: &Key,
    offered: Offered,
    how: DiscountHow,
) -> Result<(), Refusal> {
    let Offered { basis, amount, lines } = offered;
    for (line, part) in &lines {
        let net = &mut checkout.net[*line as usize];
        *net = net.minus(*part)?;
    }
    checkout.effects.push(Effect::Discount { by: by.clone(), amount, lines });
    checkout
        .reasons
        .push(Reason { about: by.clone(), outcome: Outcome::Discounted { amount, basis, how } });
    Ok(())
}

/// Works a discount out on what is left of the lines.
///
/// A percentage is taken of the sum of its lines, rounded once, half up, and spread over
/// them by largest remainder: the receipt's discount is right to the smallest unit, and so
/// is the sum of the lines' (I12).
pub(super) fn work_out(
    checkout: &Checkout<'_>,
    discounting: &Discounting,
) -> Result<Offered, Refusal> {
    let (mut lines, basis) = choose(checkout, discounting.filter.as_ref())?;
    let amount = match discounting.amount {
        DiscountAmount::Percent(rate) => {
            let product = i128::from(basis.units()) * i128::from(rate.units());
            Money::new(divide(product, HUNDRED_PER_CENT, Rounding::HalfUp)?)
        }
        DiscountAmount::Sum(sum) => sum.min(basis),
        DiscountAmount::UnitPrice(price) => return unit_price(checkout, basis, price, lines),
    };
    let parts = spread_over(amount.units(), lines.iter().map(|(_, net)| net.units()))?;
    for ((_, net), part) in lines.iter_mut().zip(parts) {
        *net = Money::new(part);
    }
    lines.retain(|(_, part)| !part.is_zero());
    Ok(Offered { basis, amount, lines })
}

/// The lines that a discount is taken from, with what is left to pay of each, and of all.
fn choose(
    checkout: &Checkout<'_>,
    filter: Option<&Condition>,
) -> Result<(Vec<(u32, Money)>, Money), Refusal> {
    // Filters pass few lines; without one, all are chosen.
    let mut lines = Vec::with_capacity(if filter.is_some() { 0 } else { checkout.net.len() });
    let mut basis = Money::ZERO;
    let mut add = |line: usize| -> Result<(), Refusal> {
        let net = checkout.net[line];
        if net.is_positive() {
            lines.push((u32::try_from(line).map_err(|_| Refusal::Overflow)?, net));
            basis = basis.plus(net)?;
        }
        Ok(())
    };
    match filter {
        Some(filter) => {
            filter.on_lines(&checkout.facts).lines().try_for_each(|line| add(line?))?;
        }
        None => (0..checkout.net.len()).try_for_each(add)?,
    }
    Ok((lines, basis))
}

fn unit_price(
    checkout: &Checkout<'_>,
    basis: Money,
    price: Money,
    mut lines: Vec<(u32, Money)>,
) -> Result<Offered, Refusal> {
    let mut amount = Money::ZERO;
    for (line, net) in &mut lines {
        let quantity = checkout.purchase.lines[*line as usize].quantity;
        let wanted = line_amount(price, quantity, Rounding::HalfUp)?;
        *net = net.minus(wanted.min(*net))?;
        amount = amount.plus(*net)?;
    }
    lines.retain(|(_, part)| !part.is_zero());
    Ok(Offered { basis, amount, lines })
}

/// One piece of a line for nothing: of the line that was named, or of the dearest that passes.
/// What is left to pay of a line is for the pieces that were not free yet.
pub(super) fn free_piece(
    checkout: &Checkout<'_>,
    filter: Option<&Condition>,
    named: Option<u32>,
) -> Result<Option<(u32, Offered)>, Refusal> {
    let mut best: Option<(usize, i128, i128)> = None;
    let test = filter.map(|filter| filter.on_lines(&checkout.facts));
    for (position, net) in checkout.net.iter().enumerate() {
        let wanted = named.is_none_or(|line| line as usize == position);
        let passes = match &test {
            Some(test) => test.holds(position)?,
            None => true,
        };
        let quantity = still_paid_for(checkout, position);
        if !wanted || !passes || !net.is_positive() || quantity <= 0 {
            continue;
        }
        let net = i128::from(net.units());
        // Prices of a piece are compared as fractions, so that nothing is rounded here.
        let dearer = best
            .is_none_or(|(_, best_net, best_quantity)| net * best_quantity > best_net * quantity);
        if dearer {
            best = Some((position, net, quantity));
        }
    }
    let Some((position, net, quantity)) = best else { return Ok(None) };
    let one = 1_000.min(quantity);
    let amount = Money::new(divide(net * one, quantity, Rounding::HalfUp)?);
    let line = u32::try_from(position).map_err(|_| Refusal::Overflow)?;
    let basis = Money::new(i64::try_from(net).map_err(|_| Refusal::Overflow)?);
    Ok(Some((line, Offered { basis, amount, lines: vec![(line, amount)] })))
}

/// What of a line is paid for, in thousandths: what was bought without the pieces that earlier
/// rewards of this receipt gave for nothing.
fn still_paid_for(checkout: &Checkout<'_>, position: usize) -> i128 {
    let is_of_line = |effect: &&Effect| match effect {
        Effect::FreeItem { line: Some(line), .. } => *line as usize == position,
        _ => false,
    };
    let pieces = checkout.effects.iter().filter(is_of_line).fold(0_i128, |pieces, _| pieces + 1);
    i128::from(checkout.purchase.lines[position].quantity.units()) - 1_000 * pieces
}
