//! Returns and voids: they take back exactly what was given, line by line.
//!
//! Nothing is decided anew. Every effect of a purchase remembers its lines, so a return of
//! `q` of `Q` takes the floor of the share of that line, and the last part takes the rest:
//! never more than was given, and after a full return exactly all of it (I6, cases 27–32).

mod entitlement;
mod games;
pub(super) mod points;
mod sent;

use super::activity::{Activity, Purchase, Returned};
use super::book::Recorded;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::derived::Back;
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::returns_instruments::MoneyBack;
use super::returns_quotas::give_back_quotas;
use super::transfer;
use super::working::WorkingLots;
use super::{Context, merge};
use crate::programme::{Ending, Programmes, QuotaPer, VoidedReceipts};
use crate::values::{ActivityId, Key, Money, Overflow, Points, Quantity, Rounding, divide};
use jiff::civil::Date;
use points::Spent;
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
    if record.progress.voided {
        return Err(match record.activity {
            Activity::Hold { .. } => Refusal::HoldEnded { activity: of },
            _ => Refusal::AlreadyVoided { activity: of },
        });
    }
    let mut returning = Returning::begin(context, programmes)?;
    returning.is_void = true;
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
        Activity::Transfer { .. } => {
            returning.take_back_all(record)?;
            returning.effects.extend(transfer::calls(of, &record.decision.effects));
        }
        // It would come again at once.
        Activity::Occasion { occasion, .. } if *occasion == Ending::name() => {
            return Err(Refusal::NotReversible { activity: of });
        }
        Activity::Action { .. }
        | Activity::Redemption { .. }
        | Activity::Gift { .. }
        | Activity::Recognition { .. }
        | Activity::Rebate { .. }
        | Activity::Occasion { .. }
        | Activity::BenefitUse { .. } => returning.take_back_all(record)?,
        Activity::MembershipPayment { .. } => returning.end_membership(record)?,
        Activity::Hold { .. } => {
            returning.take_back_all(record)?;
            returning.refill_all(record);
        }
        _ => return Err(Refusal::NotReversible { activity: of }),
    }
    returning.effects.push(Effect::Voided { of });
    returning.finish()
}

/// Takes points back that somebody else's activity had brought: at most what is left of them.
pub(super) fn decide_take_back(
    context: Context<'_>,
    programmes: &Programmes,
    records: &Records,
    of: ActivityId,
    amount: Points,
) -> Result<Decision, Refusal> {
    context.member.ok_or(Refusal::NoMember)?;
    let record = records.get(&of).ok_or(Refusal::UnknownActivity { activity: of })?;
    let mut returning = Returning::begin(context, programmes)?;
    for (position, effect) in (0_u32..).zip(&record.decision.effects) {
        let Effect::Earn { amount: given, .. } = effect else { continue };
        let left = given.minus(record.progress.points_in_all(position)?)?;
        let back = amount.min(left);
        if back.is_positive() {
            returning.reverse(record, position, back, vec![(0, back)])?;
            returning.free_cap(record, back);
            returning.effects.extend(merge::carried(&context, record, Back::Points(back)));
        }
    }
    returning.finish()
}

/// Takes back what a record of a merged member did to points, limits and history: what else it
/// did was taken back by that member's own decision.
pub(super) fn take_back_carried(
    context: Context<'_>,
    programmes: &Programmes,
    record: &Recorded,
    lines: Option<&Vec<(u32, Quantity)>>,
    void: bool,
) -> Result<Decision, Refusal> {
    let mut returning = Returning::begin(context, programmes)?;
    (returning.is_void, returning.is_carried) = (void, true);
    match (lines, &record.activity) {
        (Some(lines), Activity::Purchase(purchase)) => {
            let wanted: Lines = lines.iter().copied().collect();
            let parts = parts_of(purchase, record, &wanted)?;
            let complete = is_complete(purchase, record, &parts);
            let back = returning.money_back(record, purchase, &parts)?;
            let version = programmes.number(record.version);
            let programme = version.map(|version| version.programme.as_ref());
            let mut counted = Vec::new();
            give_back_quotas(programme, record, &parts, complete, &mut counted)?;
            counted.retain(counts_for_member);
            returning.effects.extend(counted);
            returning.take_back_from_member(record, (purchase, &parts), &back, complete)?;
        }
        _ => returning.take_back_all(record)?,
    }
    returning.finish()
}

/// Whether an effect counts on a limit for the member alone.
fn counts_for_member(effect: &Effect) -> bool {
    matches!(effect, Effect::CountShared { counter, .. } if counter.per == QuotaPer::Member)
}

pub(super) struct Returning<'a> {
    pub(super) context: Context<'a>,
    pub(super) programmes: &'a Programmes,
    facts: DecisionFacts<'a>,
    working: Option<WorkingLots<'a>>,
    pub(super) effects: Vec<Effect>,
    pub(super) reasons: Vec<Reason>,
    /// What of the refunds was not kept back for points that are missing.
    refund_left: Money,
    /// What is voided never happened; what is returned did.
    is_void: bool,
    /// The record is of a member that was merged into this one.
    is_carried: bool,
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
            refund_left: Money::ZERO,
            is_void: false,
            is_carried: false,
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
        self.refund_left = self.refund_left.plus(refunds)?;
        self.refill(record, &back)?;
        self.take_back_sold(record, purchase, &parts)?;
        let complete = is_complete(purchase, record, &parts);
        if complete {
            self.release_coupons(record)?;
        }
        let version = self.programmes.number(record.version);
        let programme = version.map(|version| version.programme.as_ref());
        // A guest has no account, and takes as much of a limit for all as anybody.
        let mut counted = Vec::new();
        give_back_quotas(programme, record, &parts, complete, &mut counted)?;
        if self.is_closed() {
            counted.retain(|effect| !counts_for_member(effect));
        }
        self.effects.append(&mut counted);
        if self.context.member.is_none() {
            return Ok(());
        }
        let lines = wanted.iter().map(|(line, quantity)| (*line, *quantity)).collect();
        let carried = Back::Lines { lines, void: self.is_void };
        self.take_back_from_member(record, (purchase, &parts), &back, complete)?;
        self.recall_sent(record, &parts)?;
        self.effects.extend(merge::carried(&self.context, record, carried));
        Ok(())
    }

    /// Whether the member was merged into another one: what it had is there.
    fn is_closed(&self) -> bool {
        self.context.member.is_some_and(|member| member.merged_into.is_some())
    }

    /// Takes back what a receipt did to the points, limits and history of the member.
    fn take_back_from_member(
        &mut self,
        record: &Recorded,
        (purchase, parts): (&Purchase, &[Part]),
        back: &MoneyBack,
        complete: bool,
    ) -> Result<(), Refusal> {
        self.restore_spends(record, parts, complete)?;
        self.reverse_awards(record, parts)?;
        if self.is_closed() {
            return Ok(());
        }
        let counts = self.settings_of(record).voided_receipts == VoidedReceipts::Counted;
        let activities = if complete { -1 } else { 0 };
        let visits = if counts { 0 } else { activities };
        if complete {
            self.release(record);
        }
        self.take_back_tastes(record, purchase, parts)?;
        let day = record.decision.day;
        let spent = self.spent_back(record, purchase, parts, back)?.negated()?;
        self.effects.push(Effect::Visit { day, visits, activities, spent });
        Ok(())
    }

    /// The day from which a limit counts now: for ever is from the day of joining, and a member
    /// that others were merged into may have joined earlier than it seemed.
    fn counted_from(&self, record: &Recorded, of: &Key, from: Date) -> Date {
        let programme = self.programme_of(record);
        let for_ever = programme.is_some_and(|programme| merge::is_for_ever(programme, of));
        self.context.member.filter(|_| for_ever).map_or(from, |member| member.joined)
    }

    /// Gives back what a limit for receivers of shares counted.
    fn free_cap(&mut self, record: &Recorded, back: Points) {
        for effect in &record.decision.effects {
            if let Effect::CountShared { counter, .. } = effect
                && !self.is_closed()
            {
                let (counter, change) = (counter.clone(), -back.units());
                self.effects.push(Effect::CountShared { counter, change });
            }
        }
    }

    /// Gives back what limits counted, and takes back benefits that points had bought.
    fn release(&mut self, record: &Recorded) {
        for effect in &record.decision.effects {
            match effect {
                Effect::Count { of, from, change } => {
                    let from = self.counted_from(record, of, *from);
                    let (of, change) = (of.clone(), -*change);
                    self.effects.push(Effect::Count { of, from, change });
                }
                // A receipt's are given back by the share of what came back.
                Effect::CountShared { counter, .. }
                    if self.is_carried && counter.per != QuotaPer::Member => {}
                Effect::CountShared { counter, change }
                    if !matches!(record.activity, Activity::Purchase(_))
                        && counter.unit.as_str() != "pieces" =>
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
        self.release_entitlements(record);
    }

    /// Takes an activity back that has no lines: an action or a redemption.
    fn take_back_all(&mut self, record: &Recorded) -> Result<(), Refusal> {
        for (position, effect) in record.decision.effects.iter().enumerate() {
            let position = u32::try_from(position).map_err(|_| Overflow)?;
            match effect {
                Effect::Spend { .. } if self.card_is_used(record, position) => {}
                Effect::Spend { by, points, amount, parts: lots, .. } => {
                    let spent = Spent { record, effect: position, by, points, lots };
                    self.restore(&spent, Points::ZERO, *amount, Vec::new())?;
                }
                Effect::Earn { amount, .. } => {
                    self.reverse(record, position, *amount, Vec::new())?;
                }
                // What was sent is recalled by whoever sent it.
                Effect::Send { what, .. } if !self.is_carried => {
                    let Some((_, amount)) = what.given() else { continue };
                    let left = amount.minus(record.progress.points_in_all(position)?)?;
                    self.recall(record, position, left, Vec::new())?;
                }
                Effect::Visit { day, visits, activities, spent } if !self.is_closed() => {
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
        if self.is_closed() {
            self.effects.extend(merge::carried(&self.context, record, Back::All));
            self.release_shared(record);
        } else {
            self.pay_card_debts(record)?;
            self.release(record);
        }
        if self.is_carried { Ok(()) } else { self.release_coupons(record) }
    }

    /// Gives back what limits counted that are not the member's.
    fn release_shared(&mut self, record: &Recorded) {
        for effect in &record.decision.effects {
            if let Effect::CountShared { counter, change } = effect
                && counter.per != QuotaPer::Member
            {
                let (counter, change) = (counter.clone(), -*change);
                self.effects.push(Effect::CountShared { counter, change });
            }
        }
    }
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
