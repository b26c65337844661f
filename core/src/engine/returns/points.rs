//! What a return does to points: spent ones come back, earned ones go, as the programme of the
//! purchase says. What was given is never decided anew.

use super::super::activity::Activity;
use super::super::award::{Recount, RecountLine};
use super::super::book::Recorded;
use super::super::decision::{Effect, LotPart, Outcome, Reason, Refusal, Shares};
use super::super::earn::recounted;
use super::super::working::lot_life;
use super::{Part, Returning};
use crate::member::{Expiry, LotLife};
use crate::programme::{
    EarnedPointsOnReturn, OwnPoints, PointKind, Programme, RestoredPoints, Settings, Shortfall,
    SpentPointsOnReturn,
};
use crate::values::{ActivityId, Key, Money, Overflow, Points, Rate, Rounding, divide, spread};
use std::collections::BTreeMap;

impl<'a> Returning<'a> {
    /// The programme that judged a purchase: it holds for its returns.
    pub(in crate::engine) fn programme_of(&self, record: &Recorded) -> Option<&'a Programme> {
        self.programmes.number(record.version).map(|version| &*version.programme)
    }

    pub(super) fn settings_of(&self, record: &Recorded) -> Settings {
        self.programme_of(record).map_or_else(Settings::default, |programme| programme.settings)
    }

    /// Gives spent points back: with the product that they paid for, or as the programme says.
    pub(super) fn restore_spends(
        &mut self,
        record: &Recorded,
        parts: &[Part],
        complete: bool,
    ) -> Result<(), Refusal> {
        let when = self.settings_of(record).spent_points_on_return;
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let Effect::Spend { by, points, amount, parts: lots, lines } = effect else { continue };
            let position = u32::try_from(position).map_err(|_| Overflow)?;
            if self.card_is_used(record, position) {
                continue;
            }
            let shares: BTreeMap<u32, i64> = match when {
                SpentPointsOnReturn::WholeReturnOnly => BTreeMap::new(),
                // What bought a benefit belongs to no line and returns with the last.
                SpentPointsOnReturn::InProportion if !lines.is_empty() => {
                    shares_of_receipt(record, by, *amount)?
                }
                _ => lines.iter().map(|(line, share)| (*line, share.units())).collect(),
            };
            let mut back = Vec::new();
            let mut sum = Points::ZERO;
            for part in parts {
                let Some(share) = shares.get(&part.line) else { continue };
                let before = record.progress.points_of(position, part.line);
                let points = Points::new(part.share_of(*share, before.units())?);
                if !points.is_zero() {
                    back.push((part.line, points));
                    sum = sum.plus(points)?;
                }
            }
            let before = record.progress.points_in_all(position)?;
            if complete && shares.is_empty() {
                sum = amount.minus(before)?;
            }
            if !sum.is_zero() {
                let spend = Spent { record, effect: position, by, points, lots };
                self.restore(&spend, before, sum, back)?;
            }
        }
        self.pay_card_debts(record)
    }

    /// Pays with stamps that came back what the member owes of them; the stamps of the receipt
    /// itself pay first, which were not there before it.
    pub(super) fn pay_card_debts(&mut self, record: &Recorded) -> Result<(), Refusal> {
        for effect in &record.decision.effects {
            if let Effect::Spend { by, points, .. } = effect
                && by == points
            {
                self.pay_debt(points, Some(record.id))?;
            }
        }
        Ok(())
    }

    /// Points that come back to a lot which has run out meanwhile run out again at once, unless
    /// the programme gives them time.
    pub(super) fn restore(
        &mut self,
        spent: &Spent<'_>,
        before: Points,
        amount: Points,
        lines: Vec<(u32, Points)>,
    ) -> Result<(), Refusal> {
        if self.is_closed() {
            let (of, effect, points) = (spent.record.id, spent.effect, spent.points.clone());
            self.effects.push(Effect::Carry { of, effect, points, amount, lines });
            return Ok(());
        }
        let parts = self.with_new_ends(spent, parts_to_restore(spent.lots, before, amount)?)?;
        if let Some(working) = &mut self.working {
            for part in &parts {
                working.put_back(spent.points, part)?;
            }
        }
        let activity = self.context.activity;
        for part in parts.iter().filter(|part| part.life.activity == activity) {
            let (points, amount, expires) = (spent.points.clone(), part.amount, part.life.expires);
            let outcome = Outcome::Renewed { points, amount, expires };
            self.reasons.push(Reason { about: spent.by.clone(), outcome });
        }
        let kept = parts.iter().filter(|part| part.life.activity != activity);
        let kept = Points::sum(kept.map(|part| part.amount))?;
        if !kept.is_zero() {
            let outcome = Outcome::Restored { points: spent.points.clone(), amount: kept };
            self.reasons.push(Reason { about: spent.by.clone(), outcome });
        }
        self.effects.push(Effect::Restore {
            of: spent.record.id,
            effect: spent.effect,
            points: spent.points.clone(),
            amount,
            parts,
            lines,
        });
        self.expire()?;
        if spent.by == spent.points {
            // What is owed is paid when all cards of the receipt are open again.
            return Ok(());
        }
        let first = self.own_lots_first(spent.record, false);
        self.pay_debt(spent.points, first)
    }

    /// Where a receipt could spend what it earned, its own lots give back first: they were not
    /// there before it, and are gone with it.
    /// The stamps of a card are like that, too.
    fn own_lots_first(&self, record: &Recorded, is_card: bool) -> Option<ActivityId> {
        let own = is_card || self.settings_of(record).own_points == OwnPoints::SameReceipt;
        own.then_some(record.id)
    }

    /// Moves parts that get a new end into a lot of their own; the others go back to theirs.
    fn with_new_ends(
        &mut self,
        spent: &Spent<'_>,
        parts: Vec<LotPart>,
    ) -> Result<Vec<LotPart>, Refusal> {
        let Some(programme) = self.programme_of(spent.record) else { return Ok(parts) };
        let Some((_, kind)) = programme.find_points(spent.points.as_str()) else {
            return Ok(parts);
        };
        let day = self.facts.day;
        let end = match (programme.settings.restored_points, kind.restored_grace) {
            (RestoredPoints::NewEnd, _) => lot_life(programme, kind, day)?.1,
            (RestoredPoints::OriginalEnd, Some(grace)) => {
                Expiry::At(programme.zone.end_of_day(grace.after(day)?)?)
            }
            (RestoredPoints::OriginalEnd, None) => return Ok(parts),
        };
        let all = programme.settings.restored_points == RestoredPoints::NewEnd;
        let (at, activity) = (self.context.at, self.context.activity);
        let Some(working) = &mut self.working else { return Ok(parts) };
        let mut kept = Vec::with_capacity(parts.len());
        let mut renewed = Points::ZERO;
        for part in parts {
            if all || working.ends_of(&part.life)?.is_some_and(|end| end <= at) {
                renewed = renewed.plus(part.amount)?;
            } else {
                kept.push(part);
            }
        }
        if !renewed.is_zero() {
            let life = LotLife {
                granted: renewed,
                available_at: None,
                awaits: None,
                expires: end,
                earned_on: day,
                activity,
            };
            kept.push(LotPart { lot: working.number_lot()?, amount: renewed, life });
        }
        Ok(kept)
    }

    /// Points that came back pay what is owed, like points just earned. Otherwise they could
    /// run out while the member goes on owing, though all was returned.
    fn pay_debt(&mut self, points: &Key, first: Option<ActivityId>) -> Result<(), Refusal> {
        let Some(working) = &mut self.working else { return Ok(()) };
        let mut paid = Points::ZERO;
        for part in working.pay_debt(points, first)? {
            paid = paid.plus(part.amount)?;
            let (points, amount, lot) = (points.clone(), part.amount, part.lot);
            self.effects.push(Effect::Repay { points, amount, lot });
        }
        if !paid.is_zero() {
            let outcome = Outcome::DebtRepaid { amount: paid };
            self.reasons.push(Reason { about: points.clone(), outcome });
        }
        Ok(())
    }

    pub(super) fn reverse_awards(
        &mut self,
        record: &Recorded,
        parts: &[Part],
    ) -> Result<(), Refusal> {
        let on_what_is_kept =
            self.settings_of(record).earned_points_on_return == EarnedPointsOnReturn::OnWhatIsKept;
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let Effect::Earn { points, amount, shares, recount, .. } = effect else { continue };
            if !self.is_void && self.kind_of(record, points).is_some_and(PointKind::stays) {
                continue;
            }
            let position = u32::try_from(position).map_err(|_| Overflow)?;
            if on_what_is_kept {
                let held = amount.minus(record.progress.points_in_all(position)?)?;
                let kept = kept_award(record, parts, held, shares, recount.as_deref())?;
                let back = held.minus(kept)?;
                if let (Some(part), false) = (parts.first(), back.is_zero()) {
                    self.reverse(record, position, back, vec![(part.line, back)])?;
                }
                continue;
            }
            let by_line = shares_by_line(*amount, shares, &record.decision.net)?;
            let mut lines = Vec::new();
            let mut sum = Points::ZERO;
            for part in parts {
                let Some(share) = by_line.get(&part.line) else { continue };
                let before = record.progress.points_of(position, part.line);
                let points = Points::new(part.share_of(*share, before.units())?);
                if !points.is_zero() {
                    lines.push((part.line, points));
                    sum = sum.plus(points)?;
                }
            }
            if !sum.is_zero() {
                self.reverse(record, position, sum, lines)?;
            }
        }
        Ok(())
    }

    pub(super) fn kind_of(&self, record: &Recorded, points: &Key) -> Option<&'a PointKind> {
        self.programme_of(record)?.find_points(points.as_str()).map(|(_, kind)| kind)
    }

    /// Takes points of one award back: first from its own lot, then not at all what of that
    /// lot had run out, then from the lots that end soonest. The rest is owed or forgiven, as
    /// the programme of the purchase says.
    pub(super) fn reverse(
        &mut self,
        record: &Recorded,
        position: u32,
        amount: Points,
        lines: Vec<(u32, Points)>,
    ) -> Result<(), Refusal> {
        let Some(Effect::Earn { by, points, lot, .. }) =
            record.decision.effects.get(position as usize)
        else {
            return Ok(());
        };
        if self.is_closed() {
            let (of, effect, points) = (record.id, position, points.clone());
            self.effects.push(Effect::Carry { of, effect, points, amount, lines });
            return Ok(());
        }
        let (Some(working), Some(member)) = (&mut self.working, self.context.member) else {
            return Ok(());
        };
        let mut taken = Vec::new();
        let mut missing = amount;
        let own = working.take_from_lot(*lot, missing)?;
        if !own.is_zero() {
            taken.push((*lot, own));
            missing = missing.minus(own)?;
        }
        let lapsed = self.lapsed_of(member, *lot)?.min(missing);
        missing = missing.minus(lapsed)?;
        let is_card = self.kind_of(record, points).is_some_and(|kind| kind.card.is_some());
        let first = self.own_lots_first(record, is_card);
        let Some(working) = &mut self.working else { return Ok(()) };
        if let Some(first) = first {
            let taking = working.take_from_activity(points, first, missing)?;
            taken.extend(taking.parts.into_iter().map(|part| (part.lot, part.amount)));
            missing = taking.missing;
        }
        if !missing.is_zero() {
            let taking = working.take(points, missing, true)?;
            taken.extend(taking.parts.into_iter().map(|part| (part.lot, part.amount)));
            missing = taking.missing;
        }
        let kind = self.kind_of(record, points);
        let short = self.settle_shortfall(kind, missing)?;
        let Short { owed, forgiven, withheld, money } = short;
        let Some(working) = &mut self.working else { return Ok(()) };
        working.owe(points, owed)?;
        self.reasons.push(Reason {
            about: by.clone(),
            outcome: Outcome::Reversed { points: points.clone(), amount, lapsed, owed, forgiven },
        });
        if !withheld.is_zero() {
            let outcome = Outcome::Withheld { points: points.clone(), amount: withheld, money };
            self.reasons.push(Reason { about: by.clone(), outcome });
        }
        self.effects.push(Effect::Reverse {
            of: record.id,
            effect: position,
            points: points.clone(),
            amount,
            day: record.decision.day,
            lines,
            taken,
            lapsed,
            lapsed_lot: (!lapsed.is_zero()).then_some(*lot),
            owed,
            forgiven,
            withheld,
            money,
        });
        Ok(())
    }

    /// What becomes of points that are to be taken back and are not there.
    fn settle_shortfall(
        &mut self,
        kind: Option<&PointKind>,
        missing: Points,
    ) -> Result<Short, Overflow> {
        let mut short = Short::default();
        match kind.map_or(Shortfall::Debt, |kind| kind.shortfall) {
            Shortfall::Debt => short.owed = missing,
            Shortfall::Forgiven => short.forgiven = missing,
            Shortfall::Withheld => {
                let exponent = self.context.programme.currency.exponent();
                let Some(worth) = kind.and_then(|kind| Worth::of(kind, exponent)) else {
                    short.owed = missing;
                    return Ok(short);
                };
                // What the refund does not cover is owed.
                short.withheld = missing.min(worth.points_for(self.refund_left)?);
                short.money = worth.money_for(short.withheld)?;
                short.owed = missing.minus(short.withheld)?;
                self.refund_left = self.refund_left.minus(short.money)?;
            }
        }
        Ok(short)
    }

    /// What of a lot ran out, before this decision or as its first step, and was not excused yet.
    fn lapsed_of(
        &self,
        member: &crate::member::MemberState,
        number: u32,
    ) -> Result<Points, Overflow> {
        let before = member
            .expired
            .iter()
            .filter(|expired| expired.number == number)
            .map(|expired| expired.amount);
        let mut lapsed = Points::sum(before)?;
        for effect in &self.effects {
            match effect {
                Effect::Expire { lot, amount, .. } if *lot == number => {
                    lapsed = lapsed.plus(*amount)?;
                }
                Effect::Reverse { lapsed: excused, lapsed_lot: Some(lot), .. }
                    if *lot == number =>
                {
                    lapsed = lapsed.minus(*excused)?;
                }
                _ => {}
            }
        }
        Ok(lapsed)
    }
}

/// A spend that is given back.
pub(super) struct Spent<'a> {
    pub record: &'a Recorded,
    pub effect: u32,
    pub by: &'a Key,
    pub points: &'a Key,
    pub lots: &'a [LotPart],
}

/// Points that a return could not take back.
#[derive(Default)]
struct Short {
    owed: Points,
    forgiven: Points,
    /// Kept back from the refund, and for how much money.
    withheld: Points,
    money: Money,
}

/// What points are worth: so many smallest units of money for so many of points.
struct Worth {
    money: i128,
    points: i128,
}

impl Worth {
    fn of(kind: &PointKind, exponent: u8) -> Option<Self> {
        let worth = i128::from(kind.worth?.units());
        let points = 10_i128.pow(u32::from(kind.decimals)) * i128::from(Rate::ONE.units());
        Some(Self { money: worth * 10_i128.pow(u32::from(exponent)), points })
    }

    /// Rounded down: a part of the smallest unit is not kept back.
    fn money_for(&self, points: Points) -> Result<Money, Overflow> {
        let product = i128::from(points.units()).checked_mul(self.money).ok_or(Overflow)?;
        divide(product, self.points, Rounding::Down).map(Money::new)
    }

    /// The most points that so much money pays for.
    fn points_for(&self, money: Money) -> Result<Points, Overflow> {
        let product = i128::from(money.units()).checked_mul(self.points).ok_or(Overflow)?;
        let points = product.checked_div(self.money).ok_or(Overflow)?;
        // More than any number of points is as good as all of them.
        Ok(Points::new(i64::try_from(points).unwrap_or(i64::MAX)))
    }
}

/// Spent points by line, by what the lines of the receipt would cost without the reward: what was
/// free is a part of the receipt, too.
fn shares_of_receipt(
    record: &Recorded,
    by: &Key,
    amount: Points,
) -> Result<BTreeMap<u32, i64>, Overflow> {
    let mut weights: Vec<i64> = record.decision.net.iter().map(|net| net.units()).collect();
    for effect in &record.decision.effects {
        let Effect::Discount { by: of, lines, .. } = effect else { continue };
        for (line, part) in lines.iter().filter(|_| of == by) {
            let weight = &mut weights[*line as usize];
            *weight = weight.checked_add(part.units()).ok_or(Overflow)?;
        }
    }
    Ok((0_u32..).zip(spread(amount.units(), &weights)?).collect())
}

/// The lots that take points back: what was spent last returns first, each lot at most what
/// was taken from it (I5).
fn parts_to_restore(
    lots: &[LotPart],
    before: Points,
    amount: Points,
) -> Result<Vec<LotPart>, Overflow> {
    let (mut skip, mut want, mut parts) = (before, amount, Vec::new());
    for lot in lots.iter().rev() {
        let skipped = lot.amount.min(skip);
        skip = skip.minus(skipped)?;
        let part = lot.amount.minus(skipped)?.min(want);
        want = want.minus(part)?;
        if !part.is_zero() {
            parts.push(LotPart { lot: lot.lot, amount: part, life: lot.life.clone() });
        }
    }
    // More than was taken can never come back.
    if want.is_zero() { Ok(parts) } else { Err(Overflow) }
}

/// An award by line, spread by largest remainder over what was paid for each.
pub(in crate::engine) fn shares_by_line(
    amount: Points,
    shares: &Shares,
    net: &[Money],
) -> Result<BTreeMap<u32, i64>, Overflow> {
    let weight = |line: u32| net.get(line as usize).map_or(0, |net| net.units());
    let weights: Vec<(u32, i64)> = match shares {
        Shares::AllLines => (0..u32::try_from(net.len()).map_err(|_| Overflow)?)
            .map(|line| (line, weight(line)))
            .collect(),
        Shares::Lines(lines) => lines.iter().map(|line| (*line, weight(*line))).collect(),
        Shares::Weights(weights) => weights.clone(),
        Shares::None => return Ok(BTreeMap::new()),
    };
    let amounts: Vec<i64> = weights.iter().map(|(_, weight)| *weight).collect();
    let parts = spread(amount.units(), &amounts)?;
    Ok(weights.into_iter().map(|(line, _)| line).zip(parts).collect())
}

/// What an award comes to on what is kept after these parts: never more than is still held.
fn kept_award(
    record: &Recorded,
    parts: &[Part],
    held: Points,
    shares: &Shares,
    recount: Option<&Recount>,
) -> Result<Points, Overflow> {
    let Activity::Purchase(purchase) = &record.activity else { return Ok(Points::ZERO) };
    let mut left = BTreeMap::new();
    for (line, bought) in (0_u32..).zip(&purchase.lines) {
        let back = parts.iter().find(|part| part.line == line).map(|part| part.quantity);
        let returned = record.progress.line(line).returned.plus(back.unwrap_or_default())?;
        left.insert(line, (returned, bought.quantity));
    }
    let Some(recount) = recount else {
        // A fixed amount stays with the last piece that it was given for.
        let is_kept = |line: &u32| left.get(line).is_some_and(|(back, bought)| back < bought);
        let stays = match shares {
            Shares::AllLines => left.keys().any(is_kept),
            Shares::Lines(lines) => lines.iter().any(is_kept),
            Shares::Weights(weights) => weights.iter().any(|(line, _)| is_kept(line)),
            Shares::None => false,
        };
        return Ok(if stays { held } else { Points::ZERO });
    };
    let mut kept = BTreeMap::new();
    for RecountLine { line, base, .. } in &recount.lines {
        let Some((returned, bought)) = left.get(line) else { continue };
        let product = i128::from(base.units()) * i128::from(returned.units());
        let back = divide(product, i128::from(bought.units()), Rounding::Down)?;
        let rest = if returned == bought { Money::ZERO } else { base.minus(Money::new(back))? };
        kept.insert(*line, rest);
    }
    Ok(recounted(recount, &kept)?.min(held))
}
