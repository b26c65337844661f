//! Returns and voids: they take back exactly what was given, line by line.
//!
//! Nothing is decided anew. Every effect of a purchase remembers its lines, so a return of
//! `q` of `Q` takes the floor of the share of that line, and the last part takes the rest:
//! never more than was given, and after a full return exactly all of it (I6, cases 27–32).

use super::Context;
use super::activity::{Activity, Purchase, Returned};
use super::book::Recorded;
use super::decision::{Decision, Effect, LotPart, Outcome, Reason, Refusal, Shares};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::returns_quotas::give_back_quotas;
use super::working::WorkingLots;
use crate::programme::{Programmes, Shortfall};
use crate::values::{ActivityId, Key, Money, Overflow, Points, Quantity, Rounding, divide, spread};
use std::collections::BTreeMap;

type Records = BTreeMap<ActivityId, Recorded>;

/// How much of each line of a receipt comes back.
type Lines = BTreeMap<u32, Quantity>;

pub(super) fn decide_return(
    context: Context<'_>,
    programmes: &Programmes,
    records: &Records,
    returned: &Returned,
) -> Result<Decision, Refusal> {
    let mut returning = Returning::begin(context, programmes)?;
    match returned {
        Returned::OfReceipt { receipt, lines } => {
            let record =
                records.get(receipt).ok_or(Refusal::UnknownActivity { activity: *receipt })?;
            if context.at < record.decision.at {
                return Err(Refusal::EarlierThanPurchase);
            }
            let mut wanted = Lines::new();
            for (line, quantity) in lines {
                if !quantity.is_positive() {
                    return Err(Refusal::QuantityNotPositive { line: *line as usize });
                }
                let sum = wanted.entry(*line).or_default();
                *sum = sum.plus(*quantity)?;
            }
            if wanted.is_empty() {
                return Err(Refusal::NothingReturned);
            }
            returning.take_back_lines(record, &wanted)?;
        }
        Returned::WithoutReceipt { products } => {
            returning.match_products(records, products)?;
        }
    }
    returning.finish()
}

pub(super) fn decide_void(
    context: Context<'_>,
    programmes: &Programmes,
    records: &Records,
    of: ActivityId,
) -> Result<Decision, Refusal> {
    let record = records.get(&of).ok_or(Refusal::UnknownActivity { activity: of })?;
    if context.at < record.decision.at {
        return Err(Refusal::EarlierThanPurchase);
    }
    if record.progress.voided {
        return Err(Refusal::AlreadyVoided { activity: of });
    }
    let mut returning = Returning::begin(context, programmes)?;
    match &record.activity {
        Activity::Purchase(purchase) => {
            let mut rest = Lines::new();
            for (line, bought) in purchase.lines.iter().enumerate() {
                let line = u32::try_from(line).map_err(|_| Overflow)?;
                let left = bought.quantity.minus(record.progress.line(line).returned)?;
                if left.is_positive() {
                    rest.insert(line, left);
                }
            }
            if rest.is_empty() {
                return Err(Refusal::AlreadyVoided { activity: of });
            }
            returning.take_back_lines(record, &rest)?;
        }
        Activity::Action { .. } | Activity::Redemption { .. } => returning.take_back_all(record)?,
        _ => return Err(Refusal::NotReversible { activity: of }),
    }
    returning.effects.push(Effect::Voided { of });
    returning.finish()
}

pub(super) struct Returning<'a> {
    pub(super) context: Context<'a>,
    pub(super) programmes: &'a Programmes,
    facts: DecisionFacts<'a>,
    working: Option<WorkingLots<'a>>,
    pub(super) effects: Vec<Effect>,
    pub(super) reasons: Vec<Reason>,
}

/// A part of a line on its way back.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) line: u32,
    pub(super) quantity: Quantity,
    bought: Quantity,
    /// Nothing of the line stays with the customer.
    is_last: bool,
}

impl Part {
    /// The part's share of a whole of which `before` went back already.
    pub(super) fn share_of(self, whole: i64, before: i64) -> Result<i64, Overflow> {
        let rest = whole.checked_sub(before).ok_or(Overflow)?;
        if self.is_last {
            return Ok(rest);
        }
        let product = i128::from(whole) * i128::from(self.quantity.units());
        let share = divide(product, i128::from(self.bought.units()), Rounding::Down)?;
        Ok(share.min(rest))
    }
}

impl<'a> Returning<'a> {
    fn begin(context: Context<'a>, programmes: &'a Programmes) -> Result<Self, Refusal> {
        let mut returning = Self {
            context,
            programmes,
            facts: DecisionFacts::new(context.programme, context.member, context.at),
            working: context
                .member
                .map(|state| WorkingLots::new(context.programme, state, context.at)),
            effects: Vec::new(),
            reasons: Vec::new(),
        };
        returning.expire()?;
        Ok(returning)
    }

    fn expire(&mut self) -> Result<(), Refusal> {
        if let Some(working) = &mut self.working {
            working.expire(&mut self.effects, &mut self.reasons)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Decision, Refusal> {
        let day = self.facts.day;
        if let Some(member) = self.context.member {
            let before = Before { member, facts: &self.facts };
            tier_changes(&self.context, before, day, &mut self.effects, &mut self.reasons)?;
        }
        let Self { context, effects, reasons, .. } = self;
        Ok(Decision {
            at: context.at,
            day,
            net: Vec::new(),
            counters: Vec::new(),
            effects,
            reasons,
        })
    }

    /// Matches products to the member's latest purchases, the newest first. What cannot be
    /// matched is reported and takes nothing.
    fn match_products(
        &mut self,
        records: &Records,
        products: &[(String, Quantity)],
    ) -> Result<(), Refusal> {
        if products.is_empty() {
            return Err(Refusal::NothingReturned);
        }
        let mut wanted: BTreeMap<&str, Quantity> = BTreeMap::new();
        for (position, (product, quantity)) in products.iter().enumerate() {
            if !quantity.is_positive() {
                return Err(Refusal::QuantityNotPositive { line: position });
            }
            let sum = wanted.entry(product).or_default();
            *sum = sum.plus(*quantity)?;
        }
        let mut newest: Vec<&Recorded> = records
            .values()
            .filter(|record| matches!(record.activity, Activity::Purchase(_)))
            .filter(|record| record.decision.at <= self.context.at)
            .collect();
        newest.sort_by_key(|record| std::cmp::Reverse((record.decision.at, record.sequence)));
        for record in newest {
            let lines = matching_lines(record, &mut wanted)?;
            if !lines.is_empty() {
                self.take_back_lines(record, &lines)?;
            }
        }
        for (product, quantity) in wanted {
            if !quantity.is_zero() {
                let about = Key::new(product);
                self.reasons.push(Reason { about, outcome: Outcome::Unmatched { quantity } });
            }
        }
        Ok(())
    }

    fn take_back_lines(&mut self, record: &Recorded, wanted: &Lines) -> Result<(), Refusal> {
        let Activity::Purchase(purchase) = &record.activity else {
            return Err(Refusal::NotReversible { activity: record.id });
        };
        if record.progress.voided {
            return Err(Refusal::AlreadyVoided { activity: record.id });
        }
        let parts = parts_of(purchase, record, wanted)?;
        let back = self.money_back(record, purchase, &parts)?;
        let mut refunds = Money::ZERO;
        for (part, refund) in parts.iter().zip(&back.refunds) {
            let refund = *refund;
            refunds = refunds.plus(refund)?;
            self.effects.push(Effect::ReturnLine {
                receipt: record.id,
                line: part.line,
                quantity: part.quantity,
                refund,
            });
        }
        self.reasons.push(Reason {
            about: Key::new("receipt"),
            outcome: Outcome::Refunded { amount: refunds },
        });
        self.refill(record, &back)?;
        self.take_back_sold(record, purchase, &parts)?;
        let complete = is_complete(purchase, record, &parts);
        if complete {
            self.release_coupons(record)?;
        }
        if self.context.member.is_none() {
            return Ok(());
        }
        let version = self.programmes.number(record.version);
        let programme = version.map(|version| version.programme.as_ref());
        give_back_quotas(programme, record, &parts, complete, &mut self.effects)?;
        self.restore_spends(record, &parts, complete)?;
        self.reverse_awards(record, &parts)?;
        let (visits, activities) = if complete { (-1, -1) } else { (0, 0) };
        if complete {
            self.release(record);
        }
        let day = record.decision.day;
        let spent = self.spent_back(record, purchase, &parts, &back)?.negated()?;
        self.effects.push(Effect::Visit { day, visits, activities, spent });
        Ok(())
    }

    /// Gives spent points back, by the shares of the lines that their reward made cheaper.
    fn restore_spends(
        &mut self,
        record: &Recorded,
        parts: &[Part],
        complete: bool,
    ) -> Result<(), Refusal> {
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let Effect::Spend { by, points, amount, parts: lots, lines } = effect else { continue };
            let position = u32::try_from(position).map_err(|_| Overflow)?;
            let mut back = Vec::new();
            let mut sum = Points::ZERO;
            for part in parts {
                let Some((_, share)) = lines.iter().find(|(line, _)| *line == part.line) else {
                    continue;
                };
                let before = record.progress.points_of(position, part.line);
                let points = Points::new(part.share_of(share.units(), before.units())?);
                if !points.is_zero() {
                    back.push((part.line, points));
                    sum = sum.plus(points)?;
                }
            }
            let before = record.progress.points_in_all(position)?;
            if complete && lines.is_empty() {
                sum = amount.minus(before)?;
            }
            if !sum.is_zero() {
                let spend = Spent { of: record.id, effect: position, by, points, lots };
                self.restore(&spend, before, sum, back)?;
            }
        }
        Ok(())
    }

    /// Points that come back to a lot which has run out meanwhile run out again at once.
    fn restore(
        &mut self,
        spent: &Spent<'_>,
        before: Points,
        amount: Points,
        lines: Vec<(u32, Points)>,
    ) -> Result<(), Refusal> {
        let parts = parts_to_restore(spent.lots, before, amount)?;
        if let Some(working) = &mut self.working {
            for part in &parts {
                working.put_back(spent.points, part)?;
            }
        }
        self.reasons.push(Reason {
            about: spent.by.clone(),
            outcome: Outcome::Restored { points: spent.points.clone(), amount },
        });
        self.effects.push(Effect::Restore {
            of: spent.of,
            effect: spent.effect,
            points: spent.points.clone(),
            amount,
            parts,
            lines,
        });
        self.expire()?;
        self.pay_debt(spent.points)
    }

    /// Points that came back pay what is owed, like points just earned. Otherwise they could
    /// run out while the member goes on owing, though all was returned.
    fn pay_debt(&mut self, points: &Key) -> Result<(), Refusal> {
        let Some(working) = &mut self.working else { return Ok(()) };
        let mut paid = Points::ZERO;
        for part in working.pay_debt(points)? {
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

    fn reverse_awards(&mut self, record: &Recorded, parts: &[Part]) -> Result<(), Refusal> {
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let Effect::Earn { amount, shares, .. } = effect else { continue };
            let position = u32::try_from(position).map_err(|_| Overflow)?;
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

    /// Takes points of one award back: first from its own lot, then not at all what of that
    /// lot had run out, then from the lots that end soonest. The rest is owed or forgiven, as
    /// the programme of the purchase says.
    fn reverse(
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
        let Some(working) = &mut self.working else { return Ok(()) };
        if !missing.is_zero() {
            let taking = working.take(points, missing, true)?;
            taken.extend(taking.parts.into_iter().map(|part| (part.lot, part.amount)));
            missing = taking.missing;
        }
        let shortfall = self
            .programmes
            .number(record.version)
            .and_then(|version| version.programme.find_points(points.as_str()))
            .map_or(Shortfall::Debt, |(_, kind)| kind.shortfall);
        let (owed, forgiven) = match shortfall {
            Shortfall::Debt => (missing, Points::ZERO),
            Shortfall::Forgiven => (Points::ZERO, missing),
        };
        working.owe(points, owed)?;
        self.reasons.push(Reason {
            about: by.clone(),
            outcome: Outcome::Reversed { points: points.clone(), amount, lapsed, owed, forgiven },
        });
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
        });
        Ok(())
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

    /// Gives back what limits counted, and takes back benefits that points had bought.
    fn release(&mut self, record: &Recorded) {
        for effect in &record.decision.effects {
            match effect {
                Effect::Count { of, from, change } => self.effects.push(Effect::Count {
                    of: of.clone(),
                    from: *from,
                    change: -*change,
                }),
                // A receipt's are given back by the share of what came back.
                Effect::CountShared { counter, change }
                    if !matches!(record.activity, Activity::Purchase(_)) =>
                {
                    let (counter, change) = (counter.clone(), -*change);
                    self.effects.push(Effect::CountShared { counter, change });
                }
                Effect::GrantBenefit { benefit, .. } => {
                    self.effects.push(Effect::RevokeBenefit {
                        benefit: benefit.clone(),
                        activity: record.id,
                    });
                }
                _ => {}
            }
        }
    }

    /// Takes an activity back that has no lines: an action or a redemption.
    fn take_back_all(&mut self, record: &Recorded) -> Result<(), Refusal> {
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let position = u32::try_from(position).map_err(|_| Overflow)?;
            match effect {
                Effect::Spend { by, points, amount, parts: lots, .. } => {
                    let spent = Spent { of: record.id, effect: position, by, points, lots };
                    self.restore(&spent, Points::ZERO, *amount, Vec::new())?;
                }
                Effect::Earn { amount, .. } => {
                    self.reverse(record, position, *amount, Vec::new())?;
                }
                Effect::Visit { day, visits, activities, spent } => {
                    self.effects.push(Effect::Visit {
                        day: *day,
                        visits: -*visits,
                        activities: -*activities,
                        spent: spent.negated()?,
                    });
                }
                _ => {}
            }
        }
        self.release(record);
        self.release_coupons(record)
    }
}

/// A spend that is given back.
struct Spent<'a> {
    of: ActivityId,
    effect: u32,
    by: &'a Key,
    points: &'a Key,
    lots: &'a [LotPart],
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
pub(super) fn shares_by_line(
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

/// Checks the wanted quantities against what is still with the customer.
fn parts_of(purchase: &Purchase, record: &Recorded, wanted: &Lines) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::with_capacity(wanted.len());
    for (line, quantity) in wanted {
        let bought = purchase
            .lines
            .get(*line as usize)
            .map(|bought| bought.quantity)
            .ok_or(Refusal::UnknownLine { line: *line })?;
        let left = bought.minus(record.progress.line(*line).returned)?;
        if *quantity > left {
            return Err(Refusal::MoreThanBought { line: *line, left });
        }
        let (line, quantity) = (*line, *quantity);
        parts.push(Part { line, quantity, bought, is_last: quantity == left });
    }
    Ok(parts)
}

/// Whether nothing of a receipt stays with the customer after these parts.
fn is_complete(purchase: &Purchase, record: &Recorded, parts: &[Part]) -> bool {
    purchase.lines.iter().enumerate().all(|(position, bought)| {
        let returning = parts.iter().find(|part| part.line as usize == position);
        let line = u32::try_from(position).unwrap_or(u32::MAX);
        match returning {
            Some(part) => part.is_last,
            None => record.progress.line(line).returned == bought.quantity,
        }
    })
}

/// The lines of a receipt that hold wanted products; what they cover is no longer wanted.
fn matching_lines(
    record: &Recorded,
    wanted: &mut BTreeMap<&str, Quantity>,
) -> Result<Lines, Overflow> {
    let mut lines = Lines::new();
    let Activity::Purchase(purchase) = &record.activity else { return Ok(lines) };
    if record.progress.voided {
        return Ok(lines);
    }
    for (position, bought) in purchase.lines.iter().enumerate() {
        let Some(rest) = wanted.get_mut(bought.product.as_str()) else { continue };
        let line = u32::try_from(position).map_err(|_| Overflow)?;
        let left = bought.quantity.minus(record.progress.line(line).returned)?;
        let part = left.min(*rest);
        if part.is_positive() {
            lines.insert(line, part);
            *rest = rest.minus(part)?;
        }
    }
    Ok(lines)
}
