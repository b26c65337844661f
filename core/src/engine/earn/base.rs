//! What each line of a receipt counts for when points are earned on it.
//!
//! The price stage says what is left to pay; the programme says which discounts lower what is
//! earned, and whether tax earns. Nothing is given here.

use super::super::decision::{Effect, Refusal, Shares};
use super::super::payment;
use super::super::purchase::{Checkout, Matched};
use crate::condition::Fact;
use crate::engine::LineKind;
use crate::programme::{
    Earning, EarningBase, EarningTax, OwnPoints, PointsOnlyReceipt, RewardDiscount,
};
use crate::values::{Key, Money, Overflow, Rate, Rounding, divide};
use std::ops::Range;

const HUNDRED_PER_CENT: i128 = 100_000_000;

/// Most filters pass few lines.
pub(super) const LINES_EXPECTED: usize = 4;

/// What the lines count for, for each base that an earning of the receipt names.
pub(super) struct Bases<'c> {
    /// What is left to pay of each line.
    net: &'c [Money],
    /// Whether shares of an award may stand by what is left to pay.
    net_is_base: bool,
    computed: [Option<Vec<Money>>; 3],
    goods_only: bool,
}

const fn place(base: EarningBase) -> usize {
    match base {
        EarningBase::AfterDiscounts => 0,
        EarningBase::AfterLineDiscounts => 1,
        EarningBase::BeforeDiscounts => 2,
    }
}

impl<'c> Bases<'c> {
    pub fn of(checkout: &'c Checkout<'_>, matched: &[Matched<'_>]) -> Result<Self, Overflow> {
        let settings = &checkout.context.programme.settings;
        let claims = !checkout.purchase.rewards.is_empty();
        let rewards_keep = claims && settings.reward_discount == RewardDiscount::KeepsBase;
        // Rewards that are taken after earning change what is left to pay.
        let net_moves = claims && settings.own_points == OwnPoints::SameReceipt;
        let without_tax = settings.earning_tax == EarningTax::WithoutTax;
        let mut bases = Self {
            net: &checkout.net,
            net_is_base: !rewards_keep && !net_moves && !without_tax && checkout.paid.is_nothing(),
            computed: [None, None, None],
            goods_only: checkout.facts.all_goods(),
        };
        let named = matched.iter().flat_map(|candidate| {
            let shared = candidate.rule.share.as_ref().map(|share| &share.earning);
            candidate.rule.earn.iter().chain(shared)
        });
        for base in named.map(|earning| earning.base.unwrap_or(settings.earning_base)) {
            let is_plain = bases.net_is_base && base == EarningBase::AfterDiscounts;
            if is_plain || bases.computed[place(base)].is_some() {
                continue;
            }
            let mut amounts = Vec::with_capacity(checkout.net.len());
            for line in 0..checkout.net.len() {
                amounts.push(payment::earning_base(checkout, line)?);
            }
            for effect in &checkout.effects {
                let Effect::Discount { by, lines, .. } = effect else { continue };
                let keeps = if is_reward(checkout, by) {
                    rewards_keep
                } else {
                    match base {
                        EarningBase::AfterDiscounts => false,
                        EarningBase::AfterLineDiscounts => is_receipt_wide(matched, by),
                        EarningBase::BeforeDiscounts => true,
                    }
                };
                for (line, part) in lines.iter().filter(|_| keeps) {
                    let amount = &mut amounts[*line as usize];
                    *amount = amount.plus(*part)?;
                }
            }
            if without_tax {
                for (amount, line) in amounts.iter_mut().zip(&checkout.purchase.lines) {
                    *amount = line.tax.map_or(Ok(*amount), |tax| before_tax(*amount, tax))?;
                }
            }
            bases.computed[place(base)] = Some(amounts);
        }
        Ok(bases)
    }

    /// What each line counts for by one base.
    pub fn amounts(&self, base: EarningBase) -> &[Money] {
        self.computed[place(base)].as_deref().unwrap_or(self.net)
    }

    fn is_net(&self, base: EarningBase) -> bool {
        self.computed[place(base)].is_none()
    }
}

fn is_reward(checkout: &Checkout<'_>, by: &Key) -> bool {
    checkout.context.programme.find_reward(by.as_str()).is_some()
}

/// A discount without a filter is one on the receipt, not on lines.
fn is_receipt_wide(matched: &[Matched<'_>], by: &Key) -> bool {
    let rule = matched.iter().find(|candidate| candidate.rule.key == *by);
    let discount = rule.and_then(|candidate| candidate.rule.discount.as_ref());
    discount.is_some_and(|discounting| discounting.filter.is_none())
}

/// What of an amount is not tax. A part of the smallest unit earns nothing.
fn before_tax(amount: Money, tax: Rate) -> Result<Money, Overflow> {
    if !tax.is_positive() {
        return Ok(amount);
    }
    let product = i128::from(amount.units()) * HUNDRED_PER_CENT;
    let whole = HUNDRED_PER_CENT + i128::from(tax.units());
    divide(product, whole, Rounding::Down).map(Money::new)
}

/// The lines that an earning is computed on, and what they count for.
pub(super) struct Basis {
    pub base: EarningBase,
    pub amount: Money,
    /// `None` is all lines.
    pub lines: Option<Vec<u32>>,
}

/// The positions of some lines, or of all.
pub(super) enum Positions<'b> {
    All(Range<u32>),
    Some(std::slice::Iter<'b, u32>),
}

impl Iterator for Positions<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        match self {
            Self::All(lines) => lines.next(),
            Self::Some(lines) => lines.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::All(lines) => lines.size_hint(),
            Self::Some(lines) => lines.size_hint(),
        }
    }
}

impl Basis {
    /// `None` where no line passes. Lines that are not goods pass only filters that ask for it.
    pub fn of(
        checkout: &Checkout<'_>,
        bases: &Bases<'_>,
        earning: &Earning,
    ) -> Result<Option<Self>, Refusal> {
        let base = earning.base.unwrap_or(checkout.context.programme.settings.earning_base);
        let amounts = bases.amounts(base);
        let lines = match &earning.filter {
            None if bases.goods_only => None,
            None => {
                let kinds = checkout.purchase.lines.iter().map(|line| line.kind);
                let goods = (0_u32..).zip(kinds).filter(|(_, kind)| *kind == LineKind::Goods);
                Some(goods.map(|(line, _)| line).collect())
            }
            Some(filter) => {
                let mut lines = Vec::with_capacity(LINES_EXPECTED);
                filter.push_lines(&checkout.facts, &mut lines)?;
                if !bases.goods_only && !filter.mentions(Fact::LineKind) {
                    let kind = |line: u32| checkout.purchase.lines[line as usize].kind;
                    lines.retain(|line| kind(*line) == LineKind::Goods);
                }
                Some(lines)
            }
        };
        let amount = match &lines {
            None => Money::sum(amounts.iter().copied())?,
            Some(lines) => Money::sum(lines.iter().map(|line| amounts[*line as usize]))?,
        };
        if lines.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        Ok(Some(Self { base, amount, lines }))
    }

    /// How an award on it is spread over its lines when some come back.
    pub fn into_shares(self, bases: &Bases<'_>) -> Shares {
        if !bases.is_net(self.base) {
            let amounts = bases.amounts(self.base);
            let weight = |line: u32| (line, amounts[line as usize].units());
            return Shares::Weights(self.positions(amounts.len()).map(weight).collect());
        }
        self.lines.map_or(Shares::AllLines, Shares::Lines)
    }

    /// Its lines, of a receipt with so many.
    pub fn positions(&self, count: usize) -> Positions<'_> {
        match &self.lines {
            None => Positions::All(0..u32::try_from(count).unwrap_or(u32::MAX)),
            Some(lines) => Positions::Some(lines.iter()),
        }
    }

    /// Whether nothing is left to pay of its lines because points paid for the rest, and the
    /// programme gives nothing for that (case 38).
    pub fn is_paid_with_points(&self, checkout: &Checkout<'_>) -> bool {
        let settings = &checkout.context.programme.settings;
        if checkout.purchase.rewards.is_empty()
            || settings.points_only_receipt == PointsOnlyReceipt::Earns
        {
            return false;
        }
        let mut lines = self.positions(checkout.net.len());
        let taken_by_points = |line: u32| {
            checkout.effects.iter().any(|effect| match effect {
                Effect::Discount { by, lines, .. } => {
                    lines.iter().any(|(of, _)| *of == line) && is_reward(checkout, by)
                }
                _ => false,
            })
        };
        let nothing_left = lines.all(|line| checkout.net[line as usize].is_zero());
        nothing_left && self.positions(checkout.net.len()).any(taken_by_points)
    }
}
