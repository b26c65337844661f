//! The earn stage: points for what was really paid.
//!
//! The basis of every earning is what is left to pay of its lines: after discounts, and
//! without what points paid for. Rates are multiplied by tiers and by multiplying rules,
//! fixed amounts are not; each award is rounded once, at its end.

use super::decision::{Arithmetic, Effect, Outcome, Reason, Refusal, Shares};
use super::purchase::{Checkout, Matched};
use super::working::WorkingLots;
use super::{Context, facts::DecisionFacts};
use crate::programme::{EarnAmount, Earning, PointKind, Rule};
use crate::values::{Key, Money, Overflow, Points, Rate, divide};

/// An earning rule that multiplies, with the lines it holds for.
struct Multiplier<'a> {
    points: usize,
    times: Rate,
    earning: &'a Earning,
    rule: &'a Key,
}

pub(super) fn earn_on_receipt(
    checkout: &mut Checkout<'_>,
    matched: &mut [Matched<'_>],
) -> Result<(), Refusal> {
    if checkout.working.is_none() {
        for candidate in matched.iter().filter(|candidate| !candidate.rule.earn.is_empty()) {
            let about = candidate.rule.key.clone();
            checkout.reasons.push(Reason { about, outcome: Outcome::NotForGuests });
        }
        return Ok(());
    }
    let mut multipliers = Vec::new();
    for candidate in matched.iter().filter(|candidate| !candidate.excluded) {
        for earning in &candidate.rule.earn {
            if let EarnAmount::Times(times) = earning.amount {
                let (points, rule) = (earning.points, &candidate.rule.key);
                multipliers.push(Multiplier { points, times, earning, rule });
            }
        }
    }
    let mut multiplied = vec![false; multipliers.len()];
    for candidate in matched.iter_mut().filter(|candidate| !candidate.excluded) {
        for earning in &candidate.rule.earn {
            let gave = match earning.amount {
                EarnAmount::Times(_) => false,
                EarnAmount::Fixed(amount) => {
                    fixed_on_receipt(checkout, candidate.rule, earning, amount)?
                }
                _ => by_amount(checkout, candidate.rule, earning, &multipliers, &mut multiplied)?,
            };
            candidate.gave |= gave;
        }
    }
    for (multiplier, used) in multipliers.iter().zip(multiplied) {
        let points = checkout.context.programme.points[multiplier.points].key.clone();
        let outcome = if used {
            Outcome::Multiplied { points, times: multiplier.times }
        } else {
            Outcome::NothingToCount
        };
        checkout.reasons.push(Reason { about: multiplier.rule.clone(), outcome });
        if used && let Some(candidate) = matched.iter_mut().find(|c| c.rule.key == *multiplier.rule)
        {
            candidate.gave = true;
        }
    }
    Ok(())
}

fn fixed_on_receipt(
    checkout: &mut Checkout<'_>,
    rule: &Rule,
    earning: &Earning,
    amount: Points,
) -> Result<bool, Refusal> {
    let Some(basis) = Basis::of(checkout, earning)? else {
        let about = rule.key.clone();
        checkout.reasons.push(Reason { about, outcome: Outcome::NothingToCount });
        return Ok(false);
    };
    let award =
        Award { rule: &rule.key, amount, shares: basis.shares, arithmetic: Arithmetic::Fixed };
    book_on_receipt(checkout, earning.points, award)?;
    Ok(true)
}

/// The lines an earning is computed on, and what is left to pay of them.
struct Basis {
    amount: Money,
    lines: Option<Vec<u32>>,
    shares: Shares,
}

impl Basis {
    /// `None` where a filter passes no line.
    fn of(checkout: &Checkout<'_>, earning: &Earning) -> Result<Option<Self>, Refusal> {
        let Some(filter) = &earning.filter else {
            let amount = Money::sum(checkout.net.iter().copied())?;
            return Ok(Some(Self { amount, lines: None, shares: Shares::AllLines }));
        };
        let mut amount = Money::ZERO;
        let mut lines = Vec::new();
        for line in filter.on_lines(&checkout.facts).lines() {
            let line = line?;
            amount = amount.plus(checkout.net[line])?;
            lines.push(u32::try_from(line).map_err(|_| Overflow)?);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let shares = Shares::Lines(lines.clone());
        Ok(Some(Self { amount, lines: Some(lines), shares }))
    }
}

fn by_amount(
    checkout: &mut Checkout<'_>,
    rule: &Rule,
    earning: &Earning,
    multipliers: &[Multiplier<'_>],
    multiplied: &mut [bool],
) -> Result<bool, Refusal> {
    let kind = &checkout.context.programme.points[earning.points];
    let Some(mut basis) = Basis::of(checkout, earning)? else {
        let about = rule.key.clone();
        checkout.reasons.push(Reason { about, outcome: Outcome::NothingToCount });
        return Ok(false);
    };
    let (base, divisor) = rate_of(checkout, kind, earning.amount, basis.amount)?;
    let mut factors = tier_factors(checkout, earning.points);
    let whole = multiply_all(&factors)?;
    let mut product = Fraction { numerator: base, divisor }.times(whole)?;
    for (position, multiplier) in multipliers.iter().enumerate() {
        if multiplier.points != earning.points {
            continue;
        }
        if let Some(weighted) = weigh(checkout, &basis, multiplier)? {
            product = product.times(weighted.factor)?;
            factors.push((multiplier.rule.clone(), multiplier.times));
            multiplied[position] = true;
            if let Some(weights) = weighted.weights {
                basis.shares = Shares::Weights(weights);
            }
        }
    }
    let amount = Points::new(divide(product.numerator, product.divisor, kind.rounding)?);
    let outcome = match earning.amount {
        EarnAmount::PerAmount { per, .. } if amount.is_zero() => {
            Some(Outcome::BelowStep { basis: basis.amount, step: per })
        }
        _ if amount.is_zero() => Some(Outcome::NothingToCount),
        _ => None,
    };
    if let Some(outcome) = outcome {
        checkout.reasons.push(Reason { about: rule.key.clone(), outcome });
        return Ok(false);
    }
    let (rounding, multipliers) = (kind.rounding, factors);
    let arithmetic = match earning.amount {
        EarnAmount::Percent(percent) => {
            Arithmetic::Percent { basis: basis.amount, percent, multipliers, rounding }
        }
        EarnAmount::PerAmount { give, per, steps } => {
            let basis = basis.amount;
            Arithmetic::PerAmount { basis, give, per, steps, multipliers, rounding }
        }
        EarnAmount::Fixed(_) | EarnAmount::Times(_) => Arithmetic::Fixed,
    };
    let award = Award { rule: &rule.key, amount, shares: basis.shares, arithmetic };
    book_on_receipt(checkout, earning.points, award)?;
    Ok(true)
}

/// A product that is divided and rounded once, at its end.
#[derive(Clone, Copy)]
struct Fraction {
    numerator: i128,
    divisor: i128,
}

impl Fraction {
    fn times(self, other: Self) -> Result<Self, Overflow> {
        Ok(Self {
            numerator: self.numerator.checked_mul(other.numerator).ok_or(Overflow)?,
            divisor: self.divisor.checked_mul(other.divisor).ok_or(Overflow)?,
        })
    }
}

/// What the rate gives on an amount, before any multiplier: numerator and divisor.
fn rate_of(
    checkout: &Checkout<'_>,
    kind: &PointKind,
    amount: EarnAmount,
    basis: Money,
) -> Result<(i128, i128), Overflow> {
    let basis = i128::from(basis.units());
    match amount {
        EarnAmount::PerAmount { give, per, steps } => {
            let (give, per) = (i128::from(give.units()), i128::from(per.units()));
            if steps { Ok((basis / per * give, 1)) } else { Ok((basis * give, per)) }
        }
        EarnAmount::Percent(rate) => {
            // One unit of money is worth one point of the same face value.
            let points_unit = 10_i128.pow(u32::from(kind.decimals));
            let exponent = checkout.context.programme.currency.exponent();
            let money_unit = 10_i128.pow(u32::from(exponent));
            let product = basis.checked_mul(i128::from(rate.units())).ok_or(Overflow)?;
            Ok((product.checked_mul(points_unit).ok_or(Overflow)?, 100_000_000 * money_unit))
        }
        EarnAmount::Fixed(_) | EarnAmount::Times(_) => Ok((0, 1)),
    }
}

/// The multipliers of the tiers that the member has.
fn tier_factors(checkout: &Checkout<'_>, points: usize) -> Vec<(Key, Rate)> {
    let mut factors = Vec::new();
    for (position, ladder) in checkout.context.programme.ladders.iter().enumerate() {
        let multiplies = |tier: &crate::programme::Tier| !tier.multiplies.is_empty();
        if !ladder.tiers.iter().any(multiplies) {
            continue;
        }
        let tier = &ladder.tiers[usize::from(checkout.facts.tier(position))];
        for (_, rate) in tier.multiplies.iter().filter(|(kind, _)| *kind == points) {
            factors.push((tier.key.clone(), *rate));
        }
    }
    factors
}

fn multiply_all(factors: &[(Key, Rate)]) -> Result<Fraction, Overflow> {
    let one = Fraction { numerator: 1, divisor: 1 };
    factors.iter().try_fold(one, |product, (_, rate)| {
        product.times(Fraction {
            numerator: i128::from(rate.units()),
            divisor: i128::from(Rate::ONE.units()),
        })
    })
}

struct Weighted {
    factor: Fraction,
    /// Weights of the lines, where the multiplier does not hold for all of them.
    weights: Option<Vec<(u32, i64)>>,
}

/// What a multiplying rule does to a basis: its full rate where it holds for all lines, the
/// mean rate by amount where it holds for some, nothing where it holds for none.
fn weigh(
    checkout: &Checkout<'_>,
    basis: &Basis,
    multiplier: &Multiplier<'_>,
) -> Result<Option<Weighted>, Refusal> {
    let times = i128::from(multiplier.times.units());
    let one = i128::from(Rate::ONE.units());
    let Some(filter) = &multiplier.earning.filter else {
        let factor = Fraction { numerator: times, divisor: one };
        return Ok(Some(Weighted { factor, weights: None }));
    };
    let all: Vec<u32> = match &basis.lines {
        Some(lines) => lines.clone(),
        None => (0..u32::try_from(checkout.net.len()).map_err(|_| Overflow)?).collect(),
    };
    let earlier = match &basis.shares {
        Shares::Weights(weights) => Some(weights),
        _ => None,
    };
    let mut weights = Vec::with_capacity(all.len());
    let (mut plain, mut heavy, mut holds) = (0_i128, 0_i128, false);
    let test = filter.on_lines(&checkout.facts);
    for line in all {
        let before = match earlier {
            Some(weights) => {
                weights.iter().find(|(other, _)| *other == line).map_or(0, |(_, weight)| *weight)
            }
            None => checkout.net[line as usize].units(),
        };
        let passes = test.holds(line as usize)?;
        holds |= passes;
        plain += i128::from(before) * one;
        // Weights stay near to money's size, so that several multipliers cannot overflow them.
        let mut weight = before;
        if passes {
            let product = i128::from(before) * times;
            heavy += product;
            weight = i64::try_from(product / one).map_err(|_| Overflow)?;
        } else {
            heavy += i128::from(before) * one;
        }
        weights.push((line, weight));
    }
    if !holds || plain == 0 {
        return Ok(None);
    }
    let factor = Fraction { numerator: heavy, divisor: plain };
    Ok(Some(Weighted { factor, weights: Some(weights) }))
}

/// Points about to be booked.
struct Award<'a> {
    rule: &'a Key,
    amount: Points,
    shares: Shares,
    arithmetic: Arithmetic,
}

fn book_on_receipt(
    checkout: &mut Checkout<'_>,
    points: usize,
    award: Award<'_>,
) -> Result<(), Refusal> {
    let Some(working) = checkout.working.as_mut() else { return Ok(()) };
    let day = checkout.facts.day;
    book(
        working,
        &checkout.context,
        day,
        points,
        award,
        &mut checkout.effects,
        &mut checkout.reasons,
    )
}

fn book(
    working: &mut WorkingLots<'_>,
    context: &Context<'_>,
    day: jiff::civil::Date,
    points: usize,
    award: Award<'_>,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let kind = &context.programme.points[points];
    let (available_at, expires) = working.life(points, day)?;
    let granted = working.grant(kind, award.amount)?;
    effects.push(Effect::Earn {
        by: award.rule.clone(),
        points: kind.key.clone(),
        amount: award.amount,
        lot: granted.number,
        available_at,
        expires,
        shares: award.shares,
    });
    reasons.push(Reason {
        about: award.rule.clone(),
        outcome: Outcome::Earned {
            points: kind.key.clone(),
            amount: award.amount,
            arithmetic: award.arithmetic,
        },
    });
    if !granted.repaid.is_zero() {
        effects.push(Effect::Repay {
            points: kind.key.clone(),
            amount: granted.repaid,
            lot: granted.number,
        });
        reasons.push(Reason {
            about: kind.key.clone(),
            outcome: Outcome::DebtRepaid { amount: granted.repaid },
        });
    }
    Ok(())
}

/// Books what a rule gives for an action: fixed amounts only.
pub(super) fn earn_on_action(
    working: &mut WorkingLots<'_>,
    context: &Context<'_>,
    facts: &DecisionFacts<'_>,
    rule: &Rule,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let mut gave = false;
    for earning in &rule.earn {
        if let EarnAmount::Fixed(amount) = earning.amount {
            let (shares, arithmetic) = (Shares::None, Arithmetic::Fixed);
            let award = Award { rule: &rule.key, amount, shares, arithmetic };
            book(working, context, facts.day, earning.points, award, effects, reasons)?;
            gave = true;
        }
    }
    Ok(gave)
}
