//! What tiers and multiplying rules make of an award, in the way that the programme names.
//!
//! A multiplier may hold for some lines only; then every line has a factor of its own. The
//! factors stay exact.

use super::super::decision::Refusal;
use super::super::purchase::{Checkout, Matched};
use super::base::{Basis, LINES_EXPECTED};
use super::fraction::{Fraction, greatest_common_divisor};
use crate::condition::Condition;
use crate::programme::{EarnAmount, Earning, Multipliers, Tier};
use crate::values::{Key, Money, Overflow, Rate};

/// An earning of a rule that multiplies what others give.
pub(super) struct Multiplier<'a> {
    pub candidate: usize,
    pub points: usize,
    pub times: Rate,
    pub earning: &'a Earning,
    pub rule: &'a Key,
    pub used: Use,
}

/// What became of a multiplier on a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    Unused,
    Used,
    /// Only the highest holds, and this one is higher.
    Outdone(Key),
}

/// What an award is multiplied by.
pub(super) struct Factor {
    pub of_award: Fraction,
    /// Each tier or rule that multiplies, and by how much.
    pub named: Vec<(Key, Rate)>,
    /// What each line weighs, where their factors differ.
    pub weights: Option<Vec<(u32, i64)>>,
}

/// The multiplying rules among those that hold.
pub(super) fn among<'a>(
    matched: &[Matched<'a>],
    skip: impl Fn(usize) -> bool,
) -> Vec<Multiplier<'a>> {
    let mut multipliers = Vec::new();
    for (candidate, Matched { rule, .. }) in matched.iter().enumerate() {
        for earning in &rule.earn {
            if let (EarnAmount::Times(times), false) = (earning.amount, skip(candidate)) {
                let (points, rule) = (earning.points, &rule.key);
                let used = Use::Unused;
                multipliers.push(Multiplier { candidate, points, times, earning, rule, used });
            }
        }
    }
    multipliers
}

/// The factor of an award on a basis. It is noted of each multiplier whether it came to bear.
pub(super) fn factor_of(
    checkout: &Checkout<'_>,
    (basis, amounts): (&Basis, &[Money]),
    points: usize,
    multipliers: &mut [Multiplier<'_>],
) -> Result<Factor, Refusal> {
    let mode = checkout.context.programme.settings.multipliers;
    let named = tier_factors(checkout, points);
    if mode != Multipliers::Multiply {
        return combined(checkout, (basis, amounts), points, multipliers, named);
    }
    let mut factor = Factor { of_award: multiply_all(&named)?, named, weights: None };
    let mut weights: Option<Weights> = None;
    let of_lines =
        |known: &&Multiplier<'_>| known.points == points && known.earning.filter.is_some();
    let is_only = multipliers.iter().filter(of_lines).count() == 1;
    for multiplier in multipliers.iter_mut().filter(|known| known.points == points) {
        let holds = match &multiplier.earning.filter {
            None => {
                factor.of_award = factor.of_award.times(Fraction::of(multiplier.times))?;
                true
            }
            Some(filter) => match passing(checkout, basis, filter)? {
                None => false,
                Some(places) => {
                    let times = Fraction::of(multiplier.times).reduced();
                    let once = || weigh_once((basis, amounts), &places, times);
                    if let Some((mean, shares)) = is_only.then(once).flatten() {
                        factor.of_award = factor.of_award.times(mean)?;
                        factor.weights = Some(shares);
                    } else {
                        weights = Some(weigh((basis, amounts), places, times, weights.take())?);
                    }
                    true
                }
            },
        };
        if holds {
            factor.named.push((multiplier.rule.clone(), multiplier.times));
            multiplier.used = Use::Used;
        }
    }
    if let Some(weights) = weights {
        factor.of_award = factor.of_award.times(weights.mean()?)?;
        factor.weights = Some(weights.shares()?);
    }
    Ok(factor)
}

/// The multipliers of the tiers that the member has.
fn tier_factors(checkout: &Checkout<'_>, points: usize) -> Vec<(Key, Rate)> {
    let mut factors = Vec::new();
    for (position, ladder) in checkout.context.programme.ladders.iter().enumerate() {
        let multiplies = |tier: &Tier| !tier.multiplies.is_empty();
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
    /// The mean of the multipliers, by what each line counts for.
    fn mean(&self) -> Result<Fraction, Overflow> {
        let mut weights = self.by_line.iter().map(|(_, weight)| *weight);
        let sum = weights.try_fold(0_i128, i128::checked_add).ok_or(Overflow)?;
        Ok(Fraction { numerator: sum, divisor: self.plain })
    }

    /// As shares. What does not fit 64 bits loses its last places, the same for all lines.
    fn shares(mut self) -> Result<Vec<(u32, i64)>, Overflow> {
        // Only several multipliers come so far that something does not fit.
        if let Ok(shares) = self.fitting() {
            return Ok(shares);
        }
        let most = self.by_line.iter().map(|(_, weight)| *weight).max().unwrap_or(0);
        let common = |common, (_, weight): &(u32, i128)| greatest_common_divisor(*weight, common);
        let mut scale = self.by_line.iter().fold(0, common).max(1);
        while most / scale > i128::from(i64::MAX) {
            scale = scale.checked_mul(2).ok_or(Overflow)?;
        }
        self.by_line.iter_mut().for_each(|(_, weight)| *weight /= scale);
        self.fitting()
    }

    fn fitting(&self) -> Result<Vec<(u32, i64)>, Overflow> {
        // A collected `Result` knows no length beforehand, and would grow its list step by step.
        let mut shares = Vec::with_capacity(self.by_line.len());
        for (line, weight) in &self.by_line {
            shares.push((*line, i64::try_from(*weight).map_err(|_| Overflow)?));
        }
        Ok(shares)
    }
}

/// Which lines of a basis pass a filter, by their places in it and in order; `None` where there
/// is no amount or no such line.
fn passing(
    checkout: &Checkout<'_>,
    basis: &Basis,
    filter: &Condition,
) -> Result<Option<Vec<u32>>, Refusal> {
    if !basis.amount.is_positive() {
        return Ok(None);
    }
    let mut passing = Vec::with_capacity(LINES_EXPECTED);
    match &basis.lines {
        // All lines are gone over in one loop, which is much shorter than to ask of each.
        None => filter.push_lines(&checkout.facts, &mut passing)?,
        Some(lines) => {
            let test = filter.on_lines(&checkout.facts);
            for (place, line) in (0_u32..).zip(lines) {
                if test.holds(*line as usize)? {
                    passing.push(place);
                }
            }
        }
    }
    Ok((!passing.is_empty()).then_some(passing))
}

/// The mean of the only multiplier of some lines and what each line weighs; none where that
/// leaves 64 bits.
fn weigh_once(
    (basis, amounts): (&Basis, &[Money]),
    passing: &[u32],
    times: Fraction,
) -> Option<(Fraction, Vec<(u32, i64)>)> {
    let (factor, one) = (i64::try_from(times.numerator).ok()?, i64::try_from(times.divisor).ok()?);
    let of = |line: u32| (line, amounts[line as usize].units());
    let mut shares: Vec<(u32, i64)> = match &basis.lines {
        None => (0_u32..).zip(amounts).map(|(line, amount)| (line, amount.units())).collect(),
        Some(lines) => lines.iter().map(|line| of(*line)).collect(),
    };
    // Most multipliers are whole numbers, and leave all but a few lines as they are.
    let mut sum = basis.amount.units();
    if one != 1 {
        sum = sum.checked_mul(one)?;
        for (_, weight) in &mut shares {
            *weight = weight.checked_mul(one)?;
        }
    }
    for place in passing {
        let (line, weight) = &mut shares[*place as usize];
        let multiplied = of(*line).1.checked_mul(factor)?;
        sum = sum.checked_sub(*weight)?.checked_add(multiplied)?;
        *weight = multiplied;
    }
    let divisor = i128::from(basis.amount.units()) * i128::from(one);
    Some((Fraction { numerator: i128::from(sum), divisor }, shares))
}

/// Lets a rule multiply those lines of a basis that pass its filter.
fn weigh(
    (basis, amounts): (&Basis, &[Money]),
    passing: Vec<u32>,
    factor: Fraction,
    weights: Option<Weights>,
) -> Result<Weights, Overflow> {
    let Weights { mut by_line, plain } = weights.unwrap_or_else(|| Weights {
        by_line: basis
            .positions(amounts.len())
            .map(|line| (line, i128::from(amounts[line as usize].units())))
            .collect(),
        plain: i128::from(basis.amount.units()),
    });
    let mut passing = passing.into_iter().peekable();
    for (place, (_, weight)) in (0_u32..).zip(&mut by_line) {
        let passes = passing.next_if_eq(&place).is_some();
        let by = if passes { factor.numerator } else { factor.divisor };
        if by != 1 {
            *weight = weight.checked_mul(by).ok_or(Overflow)?;
        }
    }
    let plain = plain.checked_mul(factor.divisor).ok_or(Overflow)?;
    Ok(Weights { by_line, plain })
}

/// A tier or a rule among those that are added up or compared.
struct Source {
    key: Key,
    times: Rate,
    /// The position of its rule among the multipliers; none for a tier.
    multiplier: Option<usize>,
    /// On which lines of the basis, by their places in it; `None` is all.
    passing: Option<Vec<u32>>,
    /// Whether it came to bear on any line.
    counts: bool,
    outdone_by: Option<Key>,
}

/// The factor where extras add up, or where only the highest multiplier holds.
fn combined(
    checkout: &Checkout<'_>,
    (basis, amounts): (&Basis, &[Money]),
    points: usize,
    multipliers: &mut [Multiplier<'_>],
    tiers: Vec<(Key, Rate)>,
) -> Result<Factor, Refusal> {
    let mode = checkout.context.programme.settings.multipliers;
    let source = |key, times, multiplier, passing| {
        let (counts, outdone_by) = (false, None);
        Source { key, times, multiplier, passing, counts, outdone_by }
    };
    let mut sources: Vec<Source> =
        tiers.into_iter().map(|(key, times)| source(key, times, None, None)).collect();
    for (position, multiplier) in multipliers.iter().enumerate() {
        let (key, times) = (multiplier.rule.clone(), multiplier.times);
        if multiplier.points != points {
            continue;
        }
        match &multiplier.earning.filter {
            None => sources.push(source(key, times, Some(position), None)),
            Some(filter) => {
                if let Some(passing) = passing(checkout, basis, filter)? {
                    sources.push(source(key, times, Some(position), Some(passing)));
                }
            }
        }
    }
    let one = i128::from(Rate::ONE.units());
    let (of_award, weights) = if sources.iter().any(|source| source.passing.is_some()) {
        let mut by_line = Vec::new();
        for (place, line) in (0_u32..).zip(basis.positions(amounts.len())) {
            let amount = i128::from(amounts[line as usize].units());
            let weight = amount.checked_mul(times_at(mode, &mut sources, place));
            by_line.push((line, weight.ok_or(Overflow)?));
        }
        let plain = i128::from(basis.amount.units()).checked_mul(one).ok_or(Overflow)?;
        let weights = Weights { by_line, plain };
        (weights.mean()?, Some(weights.shares()?))
    } else {
        (Fraction { numerator: times_at(mode, &mut sources, 0), divisor: one }, None)
    };
    let mut named = Vec::new();
    for Source { key, times, multiplier, counts, outdone_by, .. } in sources {
        if let Some(position) = multiplier {
            match outdone_by.filter(|_| !counts) {
                None => multipliers[position].used = Use::Used,
                Some(by) if multipliers[position].used == Use::Unused => {
                    multipliers[position].used = Use::Outdone(by);
                }
                Some(_) => {}
            }
        }
        if counts {
            named.push((key, times));
        }
    }
    Ok(Factor { of_award, named, weights })
}

/// What one line is multiplied by, in millionths.
fn times_at(mode: Multipliers, sources: &mut [Source], place: u32) -> i128 {
    let one = i128::from(Rate::ONE.units());
    let is_among = |places: &Vec<u32>| places.binary_search(&place).is_ok();
    let holds = |source: &Source| source.passing.as_ref().is_none_or(is_among);
    let (mut extras, mut highest) = (0, None::<usize>);
    for position in 0..sources.len() {
        if !holds(&sources[position]) {
            continue;
        }
        let times = sources[position].times;
        extras += i128::from(times.units()) - one;
        sources[position].counts |= mode == Multipliers::Add;
        if highest.is_none_or(|other| sources[other].times < times) {
            highest = Some(position);
        }
    }
    let (Some(highest), Multipliers::Highest) = (highest, mode) else {
        // Below nothing there is nothing.
        return (one + extras).max(0);
    };
    let winner = sources[highest].key.clone();
    for (position, source) in sources.iter_mut().enumerate() {
        if position == highest {
            source.counts = true;
        } else if holds(source) {
            source.outdone_by.get_or_insert_with(|| winner.clone());
        }
    }
    i128::from(sources[highest].times.units())
}

/// The factor of one line, for computing an award anew later.
pub(super) fn factor_of_line(
    checkout: &Checkout<'_>,
    line: u32,
    points: usize,
    multipliers: &[Multiplier<'_>],
) -> Result<Fraction, Refusal> {
    let mode = checkout.context.programme.settings.multipliers;
    let mut rates: Vec<Rate> =
        tier_factors(checkout, points).into_iter().map(|(_, rate)| rate).collect();
    for multiplier in multipliers.iter().filter(|multiplier| multiplier.points == points) {
        let holds = match &multiplier.earning.filter {
            None => true,
            Some(filter) => filter.on_lines(&checkout.facts).holds(line as usize)?,
        };
        if holds {
            rates.push(multiplier.times);
        }
    }
    let one = i128::from(Rate::ONE.units());
    let units = match mode {
        Multipliers::Multiply => {
            let product = rates.iter().try_fold(Fraction::ONE, |product, rate| {
                product.times(Fraction::of(*rate)).map(Fraction::reduced)
            });
            return Ok(product?);
        }
        Multipliers::Add => {
            rates.iter().fold(one, |sum, rate| sum + i128::from(rate.units()) - one).max(0)
        }
        Multipliers::Highest => {
            rates.iter().max().map_or(one, |highest| i128::from(highest.units()))
        }
    };
    Ok(Fraction { numerator: units, divisor: one }.reduced())
}
