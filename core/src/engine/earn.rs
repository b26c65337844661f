//! The earn stage: points for what was really paid.
//!
//! The basis of every earning is what is left to pay of its lines: after discounts, and
//! without what points paid for. Rates are multiplied by tiers and by multiplying rules,
//! fixed amounts are not; each award is rounded once, at its end.

use super::decision::{Arithmetic, Effect, Outcome, Reason, Refusal, Shares};
use super::purchase::{Checkout, Matched};
use super::quotas::Quotas;
use super::working::WorkingLots;
use super::{Context, facts::DecisionFacts, payment};
use crate::condition::Condition;
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
            let mut amount = Money::ZERO;
            for line in 0..checkout.net.len() {
                amount = amount.plus(payment::earning_base(checkout, line)?)?;
            }
            let shares = match checkout.paid.is_nothing() {
                true => Shares::AllLines,
                false => weights_of(checkout, 0..u32::try_from(checkout.net.len()).unwrap_or(0))?,
            };
            return Ok(Some(Self { amount, lines: None, shares }));
        };
        let mut amount = Money::ZERO;
        let mut lines = Vec::new();
        for line in filter.on_lines(&checkout.facts).lines() {
            let line = line?;
            amount = amount.plus(payment::earning_base(checkout, line)?)?;
            lines.push(u32::try_from(line).map_err(|_| Overflow)?);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let shares = match checkout.paid.is_nothing() {
            true => Shares::Lines(lines.clone()),
            false => weights_of(checkout, lines.iter().copied())?,
        };
        Ok(Some(Self { amount, lines: Some(lines), shares }))
    }
}

/// The shares of lines where not all was paid in money: what is left to pay is no measure then.
fn weights_of(
    checkout: &Checkout<'_>,
    lines: impl Iterator<Item = u32>,
) -> Result<Shares, Overflow> {
    let base = |line: u32| Ok((line, payment::earning_base(checkout, line as usize)?.units()));
    lines.map(base).collect::<Result<_, _>>().map(Shares::Weights)
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
    let mut weights: Option<Weights> = None;
    for (position, multiplier) in multipliers.iter().enumerate() {
        if multiplier.points != earning.points {
            continue;
        }
        let used = match &multiplier.earning.filter {
            None => {
                product = product.times(Fraction::of(multiplier.times))?;
                true
            }
            Some(filter) => weigh(checkout, &basis, filter, multiplier.times, &mut weights)?,
        };
        if used {
            factors.push((multiplier.rule.clone(), multiplier.times));
            multiplied[position] = true;
        }
    }
    if let Some(weights) = weights {
        product = product.times(weights.mean()?)?;
        basis.shares = Shares::Weights(weights.shares()?);
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
    const ONE: Self = Self { numerator: 1, divisor: 1 };

    fn of(rate: Rate) -> Self {
        Self { numerator: i128::from(rate.units()), divisor: i128::from(Rate::ONE.units()) }
    }

    fn times(self, other: Self) -> Result<Self, Overflow> {
        let product = |a: Self, b: Self| {
            let numerator = a.numerator.checked_mul(b.numerator)?;
            Some(Self { numerator, divisor: a.divisor.checked_mul(b.divisor)? })
        };
        // Reducing is slow and seldom needed: only several multipliers come near 128 bits.
        product(self, other)
            .or_else(|| {
                let crosswise = |numerator, divisor| Self { numerator, divisor }.reduced();
                let one = crosswise(self.numerator, other.divisor);
                product(one, crosswise(other.numerator, self.divisor))
            })
            .ok_or(Overflow)
    }

    /// In lowest terms. Nothing here is negative, and no divisor is zero.
    fn reduced(self) -> Self {
        let common = greatest_common_divisor(self.numerator, self.divisor).max(1);
        Self { numerator: self.numerator / common, divisor: self.divisor / common }
    }
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    // Rates and most amounts fit 64 bits, where the machine divides several times faster.
    if let (Ok(mut a), Ok(mut b)) = (u64::try_from(a), u64::try_from(b)) {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return i128::from(a);
    }
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
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
    factors.iter().try_fold(Fraction::ONE, |product, (_, rate)| product.times(Fraction::of(*rate)))
}

/// What each line of a basis weighs once rules have multiplied some of its lines.
struct Weights {
    by_line: Vec<(u32, i128)>,
    /// What the weights would sum to if nothing were multiplied.
    plain: i128,
}

impl Weights {
    /// The mean of the multipliers, by what is left to pay of each line.
    fn mean(&self) -> Result<Fraction, Overflow> {
        let mut weights = self.by_line.iter().map(|(_, weight)| *weight);
        let sum = weights.try_fold(0_i128, i128::checked_add).ok_or(Overflow)?;
        Ok(Fraction { numerator: sum, divisor: self.plain })
    }

    /// As shares. What does not fit 64 bits loses its last places, the same for all lines.
    fn shares(mut self) -> Result<Vec<(u32, i64)>, Overflow> {
        let most = self.by_line.iter().map(|(_, weight)| *weight).max().unwrap_or(0);
        if most > i128::from(i64::MAX) {
            // Dividing is slow, and seldom needed: only several multipliers come so far.
            let common =
                |common, (_, weight): &(u32, i128)| greatest_common_divisor(*weight, common);
            let mut scale = self.by_line.iter().fold(0, common).max(1);
            while most / scale > i128::from(i64::MAX) {
                scale = scale.checked_mul(2).ok_or(Overflow)?;
            }
            self.by_line.iter_mut().for_each(|(_, weight)| *weight /= scale);
        }
        let narrow = |(line, weight): (u32, i128)| Ok((line, i64::try_from(weight)?));
        let shares: Result<_, std::num::TryFromIntError> =
            self.by_line.into_iter().map(narrow).collect();
        shares.map_err(|_| Overflow)
    }
}

/// Lets a rule multiply those lines of a basis that pass its filter. Says whether there are any.
fn weigh(
    checkout: &Checkout<'_>,
    basis: &Basis,
    filter: &Condition,
    times: Rate,
    weights: &mut Option<Weights>,
) -> Result<bool, Refusal> {
    if !basis.amount.is_positive() {
        return Ok(false);
    }
    let lines: Vec<u32> = match &basis.lines {
        Some(lines) => lines.clone(),
        None => (0..u32::try_from(checkout.net.len()).map_err(|_| Overflow)?).collect(),
    };
    let mut passing = Vec::with_capacity(lines.len());
    let test = filter.on_lines(&checkout.facts);
    for line in &lines {
        passing.push(test.holds(*line as usize)?);
    }
    if !passing.contains(&true) {
        return Ok(false);
    }
    let Weights { mut by_line, plain } = match weights.take() {
        Some(weights) => weights,
        None => {
            let base = |line: u32| {
                let base = payment::earning_base(checkout, line as usize)?;
                Ok((line, i128::from(base.units())))
            };
            let by_line = lines.into_iter().map(base).collect::<Result<_, Overflow>>()?;
            Weights { by_line, plain: i128::from(basis.amount.units()) }
        }
    };
    let factor = Fraction::of(times).reduced();
    for ((_, weight), passes) in by_line.iter_mut().zip(passing) {
        let by = if passes { factor.numerator } else { factor.divisor };
        if by != 1 {
            *weight = weight.checked_mul(by).ok_or(Overflow)?;
        }
    }
    let plain = plain.checked_mul(factor.divisor).ok_or(Overflow)?;
    *weights = Some(Weights { by_line, plain });
    Ok(true)
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
    let mut award = award;
    let kind = &checkout.context.programme.points[points].key;
    if let Some(outcome) = checkout.quotas.keep_points(award.rule, kind, &mut award.amount)? {
        checkout.reasons.push(Reason { about: award.rule.clone(), outcome });
        if award.amount.is_zero() {
            return Ok(());
        }
    }
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

/// What earning on an action changes besides the effects.
pub(super) struct OnAction<'o, 'w, 'q> {
    pub working: &'o mut WorkingLots<'w>,
    pub quotas: &'o mut Quotas<'q>,
}

/// Books what a rule gives for an action: fixed amounts only.
pub(super) fn earn_on_action(
    earning_on: &mut OnAction<'_, '_, '_>,
    context: &Context<'_>,
    facts: &DecisionFacts<'_>,
    rule: &Rule,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let mut gave = false;
    for earning in &rule.earn {
        if let EarnAmount::Fixed(amount) = earning.amount {
            let mut amount = amount;
            let kind = &context.programme.points[earning.points].key;
            if let Some(outcome) = earning_on.quotas.keep_points(&rule.key, kind, &mut amount)? {
                reasons.push(Reason { about: rule.key.clone(), outcome });
                if amount.is_zero() {
                    continue;
                }
            }
            let working = &mut *earning_on.working;
            let (shares, arithmetic) = (Shares::None, Arithmetic::Fixed);
            let award = Award { rule: &rule.key, amount, shares, arithmetic };
            book(working, context, facts.day, earning.points, award, effects, reasons)?;
            gave = true;
        }
    }
    Ok(gave)
}
