//! The model gives points on a receipt: bases, multipliers, rounding, and which rule of a group.

use super::super::random::{Amount, Earn};
use super::sale::{Held, Sale, passes};
use super::sums::{Fraction, rounded, shared};
use super::world::{Anew, Now, World};
use symbolon_core::programme::{
    EarnedPointsOnReturn, EarningBase, EarningTax, FixedPoints, Multipliers, PointsOnlyReceipt,
    PointsRounding, RewardDiscount, SpentPointsOnReturn,
};
use symbolon_core::values::Rounding;

/// An award that is not rounded yet.
struct Exact {
    rule: usize,
    kind: usize,
    amount: Fraction,
    lines: Vec<usize>,
    weights: Vec<i128>,
    anew: Option<Anew>,
}

/// What multiplies: hundredths, whose rule it is, and on which lines.
struct Times {
    hundredths: i128,
    rule: Option<usize>,
    everywhere: bool,
    lines: Vec<usize>,
}

impl World<'_> {
    /// The rival that gives most: by one kind, by worth, or simply the first.
    pub fn most(&self, totals: &[(String, Vec<(usize, i64)>)]) -> String {
        let mut kinds: Vec<usize> =
            totals.iter().flat_map(|(_, list)| list.iter().map(|(kind, _)| *kind)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        self.most_by(&kinds, totals)
    }

    fn most_by(&self, kinds: &[usize], totals: &[(String, Vec<(usize, i64)>)]) -> String {
        let all_worth = kinds.iter().all(|kind| self.kind(*kind).worth.is_some());
        let value = |list: &[(usize, i64)]| -> i128 {
            let each = list.iter().map(|(kind, amount)| {
                let shape = self.kind(*kind);
                let worth = i128::from(shape.worth.unwrap_or(0));
                let face = 10_i128.pow(6 - u32::from(shape.decimals));
                match kinds {
                    [only] => i128::from(if kind == only { *amount } else { 0 }),
                    _ => i128::from(*amount) * worth * face,
                }
            });
            each.sum()
        };
        if kinds.len() > 1 && !all_worth {
            return totals[0].0.clone();
        }
        let best = totals.iter().rev().max_by_key(|(_, list)| value(list)).unwrap();
        best.0.clone()
    }
}

impl<'w> Sale<'w> {
    /// Groups in which nothing was taken off: the rule with which the receipt gives most stays.
    pub fn settle_groups(
        &mut self,
        world: &World<'_>,
        now: Now,
        all: &[Held<'w>],
        rules: &mut Vec<Held<'w>>,
    ) {
        let off = |key: &String| self.answer.discounts.iter().any(|(by, _)| by == key);
        let mut groups: Vec<u8> = Vec::new();
        let giving = all.iter().filter(|(_, rule, _)| self.can_give(rule));
        for group in giving.filter_map(|(_, rule, _)| rule.group) {
            let mut members = all.iter().filter(|(_, rule, _)| rule.group == Some(group));
            if !groups.contains(&group) && !members.any(|(key, ..)| off(key)) {
                groups.push(group);
            }
        }
        let in_groups = |rule: &Held<'_>| rule.1.group.is_some_and(|group| groups.contains(&group));
        rules.retain(|rule| !in_groups(rule));
        let order = |rules: &mut Vec<Held<'_>>| {
            rules.sort_by_key(|(key, rule, _)| (rule.priority, key.clone()));
        };
        for group in &groups {
            let rivals: Vec<&Held<'_>> = all
                .iter()
                .filter(|(_, rule, _)| rule.group == Some(*group) && self.can_give(rule))
                .collect();
            let mut kinds: Vec<usize> = rivals
                .iter()
                .flat_map(|(_, rule, _)| rule.earn.iter().map(|earn| earn.kind))
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            let mut totals = Vec::new();
            for rival in &rivals {
                let (mut world, mut sale, mut with) = (world.clone(), self.clone(), rules.clone());
                with.push((*rival).clone());
                order(&mut with);
                sale.earn(&mut world, now, &mut with);
                let earned = sale.answer.earned.iter().map(|(_, kind, amount)| (*kind, *amount));
                totals.push((rival.0.clone(), earned.collect()));
            }
            if totals.is_empty() {
                continue;
            }
            let winner = world.most_by(&kinds, &totals);
            rules.extend(rivals.into_iter().filter(|(key, ..)| *key == winner).cloned());
        }
        order(rules);
    }

    /// What each line counts for.
    fn bases(&self, world: &World<'_>) -> Vec<i64> {
        let settings = world.shape.settings;
        let mut bases = self.net.clone();
        for (by, parts) in &self.answer.discounts {
            let keeps = match by.strip_prefix("rule-") {
                None => settings.reward_discount == RewardDiscount::KeepsBase,
                Some(position) => match settings.earning_base {
                    EarningBase::AfterDiscounts => false,
                    EarningBase::BeforeDiscounts => true,
                    EarningBase::AfterLineDiscounts => {
                        let position: usize = position.parse().unwrap();
                        let discount = world.shape.rules[position].discount;
                        discount.is_some_and(|discount| discount.filter.is_none())
                    }
                },
            };
            for (line, part) in parts.iter().filter(|_| keeps) {
                bases[*line as usize] += part;
            }
        }
        if settings.earning_tax == EarningTax::WithoutTax {
            for (base, line) in bases.iter_mut().zip(&self.purchase.lines) {
                let tax = line.tax.map_or(0, |tax| i128::from(tax.units()));
                let product = i128::from(*base) * 100_000_000;
                *base = rounded(product, 100_000_000 + tax, Rounding::Down);
            }
        }
        bases
    }

    pub fn earn(&mut self, world: &mut World<'_>, now: Now, rules: &mut [Held<'_>]) {
        let bases = self.bases(world);
        let tier = world.tier(now.day);
        let mut exact = Vec::new();
        for place in 0..rules.len() {
            for earn in &rules[place].1.earn.clone() {
                let lines = self.lines_of(earn.filter);
                if lines.is_empty() || matches!(earn.amount, Amount::Times(_)) {
                    continue;
                }
                let (mut award, used) = self.exact(world, tier, earn, &lines, &bases, rules);
                award.rule = place;
                for multiplier in used {
                    rules[multiplier].2 = true;
                }
                exact.push(award);
            }
        }
        let amounts = self.round(world, &exact);
        for (award, amount) in exact.into_iter().zip(amounts) {
            if amount == 0 {
                continue;
            }
            rules[award.rule].2 = true;
            let key = rules[award.rule].0.clone();
            let shares = award.lines.iter().zip(shared(amount, &award.weights));
            let shares =
                shares.map(|(line, share)| (u32::try_from(*line).unwrap(), share, 0)).collect();
            let (kind, anew) = (award.kind, award.anew);
            let (past, answer) = (&mut self.past, &mut self.answer);
            world.award(now, past, answer, &key, kind, amount, shares, anew);
        }
    }

    fn round(&self, world: &World<'_>, exact: &[Exact]) -> Vec<i64> {
        let alone = |award: &Exact| {
            rounded(award.amount.0, award.amount.1, world.kind(award.kind).rounding)
        };
        if world.shape.settings.points_rounding == PointsRounding::EachAward {
            return exact.iter().map(alone).collect();
        }
        let mut amounts: Vec<i64> = exact
            .iter()
            .map(|award| rounded(award.amount.0, award.amount.1, Rounding::Down))
            .collect();
        for kind in 0..world.shape.kinds.len() {
            let of_kind: Vec<usize> =
                (0..exact.len()).filter(|place| exact[*place].kind == kind).collect();
            let sum =
                of_kind.iter().fold(Fraction(0, 1), |sum, place| sum.plus(exact[*place].amount));
            let total = rounded(sum.0, sum.1, world.kind(kind).rounding);
            let mut given = vec![false; exact.len()];
            while of_kind.iter().map(|place| amounts[*place]).sum::<i64>() < total {
                // One more to the one whose rest is largest among those that got none.
                let rest = |place: usize| {
                    let Fraction(top, bottom) = exact[place].amount;
                    (top % bottom, bottom)
                };
                let free = of_kind.iter().copied().filter(|place| !given[*place]);
                let next = free
                    .reduce(|best, other| {
                        let ((a, b), (c, d)) = (rest(best), rest(other));
                        if c * b > a * d { other } else { best }
                    })
                    .unwrap();
                given[next] = true;
                amounts[next] += 1;
            }
        }
        amounts
    }

    /// One award, with the rules that multiplied it.
    fn exact(
        &self,
        world: &World<'_>,
        tier: usize,
        earn: &Earn,
        lines: &[usize],
        bases: &[i64],
        rules: &[Held<'_>],
    ) -> (Exact, Vec<usize>) {
        let settings = world.shape.settings;
        let basis: i64 = lines.iter().map(|line| bases[*line]).sum();
        let plain: Vec<i128> = lines.iter().map(|line| i128::from(bases[*line])).collect();
        let award = |amount, weights, anew| {
            let (kind, lines) = (earn.kind, lines.to_vec());
            Exact { rule: 0, kind, amount, lines, weights, anew }
        };
        let is_fixed = matches!(earn.amount, Amount::Fixed(_));
        let by_points = |line: usize| {
            self.answer.discounts.iter().any(|(by, parts)| {
                by.starts_with("reward-") && parts.iter().any(|(of, _)| *of as usize == line)
            })
        };
        if is_fixed
            && settings.points_only_receipt == PointsOnlyReceipt::EarnsNothing
            && lines.iter().all(|line| self.net[*line] == 0)
            && lines.iter().any(|line| by_points(*line))
        {
            return (award(Fraction(0, 1), plain, None), Vec::new());
        }
        let rate = world.rate(earn, basis);
        if is_fixed && settings.fixed_points == FixedPoints::NotMultiplied {
            return (award(rate, plain, None), Vec::new());
        }
        let times = self.times(world, tier, earn, lines, basis, rules);
        let mode = settings.multipliers;
        let factor = |line: usize, winners: &mut Vec<usize>| -> Fraction {
            let on_line = times.iter().filter(|one| one.everywhere || one.lines.contains(&line));
            match mode {
                Multipliers::Multiply => on_line.fold(Fraction(1, 1), |product, one| {
                    winners.extend(one.rule);
                    product.times(one.hundredths, 100)
                }),
                Multipliers::Add => {
                    let mut sum = 100;
                    for one in on_line {
                        winners.extend(one.rule);
                        sum += one.hundredths - 100;
                    }
                    Fraction(sum.max(0), 100)
                }
                Multipliers::Highest => {
                    let best = on_line.reduce(|best, other| {
                        if other.hundredths > best.hundredths { other } else { best }
                    });
                    winners.extend(best.and_then(|best| best.rule));
                    best.map_or(Fraction(1, 1), |best| Fraction(best.hundredths, 100))
                }
            }
        };
        let mut used = Vec::new();
        let factors: Vec<Fraction> = lines.iter().map(|line| factor(*line, &mut used)).collect();
        // All that was drawn is in hundredths, so this many of them are whole.
        let whole = 100_i128.pow(u32::try_from(times.len()).unwrap().max(1));
        let weights: Vec<i128> = plain
            .iter()
            .zip(&factors)
            .map(|(base, Fraction(top, bottom))| base * (top * (whole / bottom)))
            .collect();
        let amount = if basis > 0 {
            rate.times(weights.iter().sum(), i128::from(basis) * whole)
        } else {
            rate.times(factors[0].0, factors[0].1)
        };
        let keeps = settings.earned_points_on_return == EarnedPointsOnReturn::OnWhatIsKept;
        let anew = (keeps && !is_fixed).then(|| Anew {
            earn: *earn,
            lines: (lines.iter().zip(factors))
                .map(|(line, factor)| (u32::try_from(*line).unwrap(), bases[*line], factor))
                .collect(),
        });
        (award(amount, weights, anew), used)
    }

    fn times(
        &self,
        world: &World<'_>,
        tier: usize,
        earn: &Earn,
        lines: &[usize],
        basis: i64,
        rules: &[Held<'_>],
    ) -> Vec<Times> {
        let mut times = Vec::new();
        let tiers = world.shape.ladder.as_ref().map(|ladder| &ladder.tiers[tier]);
        if let (Some(rate), 0) = (tiers.and_then(|tier| tier.multiplies), earn.kind) {
            let hundredths = i128::from(rate / 10_000);
            times.push(Times { hundredths, rule: None, everywhere: true, lines: Vec::new() });
        }
        for (place, (_, rule, _)) in rules.iter().enumerate() {
            for other in rule.earn.iter().filter(|other| other.kind == earn.kind) {
                let Amount::Times(rate) = other.amount else { continue };
                let on: Vec<usize> = lines
                    .iter()
                    .copied()
                    .filter(|line| passes(other.filter, self.product(*line)))
                    .collect();
                let everywhere = other.filter.is_none();
                if everywhere || (basis > 0 && !on.is_empty()) {
                    let hundredths = i128::from(rate / 10_000);
                    times.push(Times { hundredths, rule: Some(place), everywhere, lines: on });
                }
            }
        }
        times
    }

    /// What was spent on the receipt, by line, as the programme gives it back.
    pub fn share_spends(&mut self, world: &World<'_>) {
        for spend in self.past.spends.iter_mut().filter(|spend| !spend.shares.is_empty()) {
            let mut weights: Vec<i128> = self.net.iter().map(|net| i128::from(*net)).collect();
            for (by, parts) in &self.answer.discounts {
                for (line, part) in parts.iter().filter(|_| *by == spend.by) {
                    weights[*line as usize] += i128::from(*part);
                }
            }
            match world.shape.settings.spent_points_on_return {
                SpentPointsOnReturn::WithProduct => {}
                SpentPointsOnReturn::WholeReturnOnly => spend.shares.clear(),
                SpentPointsOnReturn::InProportion => {
                    let shares = shared(spend.amount, &weights);
                    spend.shares =
                        (0..).zip(shares).map(|(line, share)| (line, share, 0)).collect();
                }
            }
        }
    }
}

impl World<'_> {
    /// What an earning gives on an amount before anything is multiplied.
    pub fn rate(&self, earn: &Earn, basis: i64) -> Fraction {
        match earn.amount {
            Amount::Per { give, per, steps: true } => {
                Fraction(i128::from(basis / per) * i128::from(give), 1)
            }
            Amount::Per { give, per, steps: false } => {
                Fraction(i128::from(basis) * i128::from(give), i128::from(per))
            }
            Amount::Percent(rate) => {
                let face = 10_i128.pow(u32::from(self.kind(earn.kind).decimals));
                let unit = 10_i128.pow(u32::from(self.shape.exponent()));
                Fraction(i128::from(basis) * i128::from(rate), 100_000_000).times(face, unit)
            }
            Amount::Fixed(amount) => Fraction(i128::from(amount), 1),
            Amount::Times(_) => Fraction(0, 1),
        }
    }
}
