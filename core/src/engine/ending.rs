//! The end of a programme: what stops, and what becomes of what is left.
//!
//! After the last earning day rules give nothing for later; what makes the receipt at hand cheaper
//! goes on. After the last spending day nothing is spent of the kinds that end, and what a member
//! has of them is let go or becomes points of a kind that stays. From then on every decision
//! settles what it leaves behind, so that whatever comes late, or comes back, ends where it would
//! have ended had it come in time.

use super::decision::{Decision, Effect, LotPart, Outcome, Reason, Refusal};
use super::purchase::{Checkout, Matched};
use super::working::{WorkingLots, lot_life};
use super::{Candidates, Context, apply_to_copy};
use crate::member::{Ended, Lot, LotLife, MemberState};
use crate::programme::{Conversion, Ending, Programme, Remainder, Rule, Shortfall};
use crate::values::{ActivityId, Key, Points};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The last day on which rules gave something for later, where that is over.
pub(super) fn earning_over(context: &Context<'_>) -> Option<Date> {
    let ending = context.programme.ending.as_ref()?;
    (ending.earning_ends_at <= context.at).then_some(ending.last_earning_day)
}

/// Says of each rule that holds and gives nothing for later any more that it is so. Says whether
/// that time has come.
pub(super) fn stops_giving(checkout: &mut Checkout<'_>, matched: &[Matched<'_>]) -> bool {
    let Some(last) = earning_over(&checkout.context) else { return false };
    for Matched { rule, .. } in matched {
        if rule.gives_for_later() {
            checkout.reasons.push(over(rule, last));
        }
    }
    true
}

fn over(rule: &Rule, last: Date) -> Reason {
    Reason { about: rule.key.clone(), outcome: Outcome::EarningOver { last } }
}

/// Lets a rule that holds for something other than a receipt offer what it offers, and give
/// nothing for later, once that is over. Says whether it is.
pub(super) fn only_offers(
    context: &Context<'_>,
    rule: &Rule,
    candidates: Candidates,
    effects: &mut Vec<Effect>,
    reasons: &mut Vec<Reason>,
) -> bool {
    let Some(last) = earning_over(context).filter(|_| rule.gives_for_later()) else {
        return false;
    };
    if !rule.hidden || candidates == Candidates::All {
        reasons.push(over(rule, last));
    }
    if rule.offer.is_some() {
        reasons.push(Reason { about: rule.key.clone(), outcome: Outcome::Offered });
        effects.push(Effect::Offer { by: rule.key.clone() });
    }
    true
}

/// Tells a member at the till that the programme ends, as long as there is something to do.
pub(super) fn announce(checkout: &mut Checkout<'_>) {
    let context = &checkout.context;
    let Some(ending) = context.programme.ending.as_ref() else { return };
    let is_told = ending.announced.is_none_or(|day| day <= checkout.facts.day);
    if context.member.is_some() && is_told && context.at < ending.ends_at {
        let (last_earning, last_spending) = (ending.last_earning_day, ending.last_spending_day);
        let outcome = Outcome::EndingAnnounced { last_earning, last_spending };
        checkout.reasons.push(Reason { about: Ending::name(), outcome });
    }
}

/// Refuses what a programme that is over does no more.
pub(super) fn check_not_over(context: &Context<'_>) -> Result<(), Refusal> {
    match context.programme.ending.as_ref().filter(|ending| ending.ends_at <= context.at) {
        Some(ending) => Err(Refusal::ProgrammeEnded { last: ending.last_spending_day }),
        None => Ok(()),
    }
}

/// Refuses to spend, or to give, points of a kind that has ended.
pub(super) fn check_kind(context: &Context<'_>, kind: usize) -> Result<(), Refusal> {
    match &context.programme.ending {
        Some(ending) if ending.remainder_of(Some(kind)) != Remainder::Stays => {
            check_not_over(context)
        }
        _ => Ok(()),
    }
}

/// What becomes of points of a kind at the end.
fn remainder_of(programme: &Programme, ending: &Ending, points: &Key) -> Remainder {
    ending.remainder_of(programme.find_points(points.as_str()).map(|(position, _)| position))
}

/// Whether a member has, or owes, points that end with the programme.
#[must_use]
pub fn has_remainder(programme: &Programme, member: &MemberState) -> bool {
    let Some(ending) = &programme.ending else { return false };
    let ends = |points: &Key| remainder_of(programme, ending, points) != Remainder::Stays;
    member.lots.iter().any(|lot| ends(&lot.points)) || member.debts.keys().any(ends)
}

/// The day on which the calendar settles what a member has, given the day after which it looks.
/// What a decision by an older version left behind comes the day after.
pub(super) fn settled_on(programme: &Programme, member: &MemberState, after: Date) -> Option<Date> {
    let ending = programme.ending.as_ref()?;
    if !has_remainder(programme, member) {
        return None;
    }
    if after < ending.settled_on {
        return Some(ending.settled_on);
    }
    let last = member.lots.iter().map(|lot| lot.life.earned_on).max();
    last.map_or(after, |last| last.max(after)).tomorrow().ok()
}

/// Settles what a decision leaves of kinds that have ended.
pub(super) fn settle(context: Context<'_>, mut decision: Decision) -> Result<Decision, Refusal> {
    let programme = context.programme;
    let (Some(ending), Some(member)) = (&programme.ending, context.member) else {
        return Ok(decision);
    };
    let booked = member.occasions.get(&Ending::name());
    let is_over =
        ending.ends_at <= context.at || booked.is_some_and(|day| ending.settled_on <= *day);
    if !is_over {
        return Ok(decision);
    }
    let after = apply_to_copy(member, &context, decision.day, &decision.effects)?;
    if !has_remainder(programme, &after) {
        return Ok(decision);
    }
    let mut settling = Settling {
        programme,
        ending,
        activity: context.activity,
        at: context.at.max(ending.ends_at),
        day: decision.day,
        state: &after,
        working: WorkingLots::new(programme, &after, context.at),
        effects: &mut decision.effects,
        reasons: &mut decision.reasons,
    };
    settling.settle()?;
    Ok(decision)
}

/// The settling of what one decision leaves behind.
struct Settling<'s, 'a> {
    programme: &'a Programme,
    ending: &'a Ending,
    activity: ActivityId,
    /// When points end that are let go.
    at: Timestamp,
    day: Date,
    /// As the decision leaves it.
    state: &'s MemberState,
    working: WorkingLots<'s>,
    effects: &'s mut Vec<Effect>,
    reasons: &'s mut Vec<Reason>,
}

impl Settling<'_, '_> {
    /// What is there first: what is owed is paid with what it becomes.
    fn settle(&mut self) -> Result<(), Refusal> {
        self.working.expire(self.effects, self.reasons)?;
        let owed: BTreeSet<Key> = self.working.debts.keys().cloned().collect();
        let had: BTreeSet<Key> = self.working.lots.iter().map(|lot| lot.points.clone()).collect();
        for points in owed.intersection(&had) {
            self.repay(points)?;
        }
        for points in &had {
            match remainder_of(self.programme, self.ending, points) {
                Remainder::Stays => {}
                Remainder::Expires => self.let_go(points)?,
                Remainder::Converts(conversion) => self.convert(points, &conversion)?,
            }
        }
        for points in &owed {
            let debt = self.working.debts.get(points).copied().unwrap_or(Points::ZERO);
            match remainder_of(self.programme, self.ending, points) {
                _ if debt.is_zero() => {}
                Remainder::Stays => {}
                Remainder::Expires => self.end_debt(points, debt, None)?,
                Remainder::Converts(conversion) => {
                    self.end_debt(points, debt, Some(&conversion))?;
                }
            }
        }
        Ok(())
    }

    fn say(&mut self, about: &Key, outcome: Outcome) {
        self.reasons.push(Reason { about: about.clone(), outcome });
    }

    fn repay(&mut self, points: &Key) -> Result<(), Refusal> {
        let parts = self.working.pay_debt(points, None)?;
        let amount = Points::sum(parts.iter().map(|part| part.amount))?;
        for part in parts {
            let (points, amount, lot) = (points.clone(), part.amount, part.lot);
            self.effects.push(Effect::Repay { points, amount, lot });
        }
        if !amount.is_zero() {
            self.say(points, Outcome::DebtRepaid { amount });
        }
        Ok(())
    }

    /// All that is there of a kind, pending or not.
    fn take_all(&mut self, points: &Key) -> Result<(Points, Vec<LotPart>), Refusal> {
        let (available, pending) = self.working.available(points)?;
        let amount = available.plus(pending)?;
        Ok((amount, self.working.take(points, amount, true)?.parts))
    }

    fn let_go(&mut self, points: &Key) -> Result<(), Refusal> {
        let (amount, parts) = self.take_all(points)?;
        for part in parts {
            let (points, lot, amount, at) = (points.clone(), part.lot, part.amount, self.at);
            self.effects.push(Effect::Expire { points, lot, amount, at });
        }
        if !amount.is_zero() {
            self.say(points, Outcome::EndedWithProgramme { points: points.clone(), amount });
        }
        Ok(())
    }

    /// What a kind has become so far.
    fn so_far(&self, points: &Key) -> Ended {
        self.state.ended.get(points).copied().unwrap_or_default()
    }

    /// All that ever was left becomes what the conversion says of the whole, less what it has
    /// become already: so the order in which it comes changes nothing.
    fn convert(&mut self, points: &Key, conversion: &Conversion) -> Result<(), Refusal> {
        let (amount, parts) = self.take_all(points)?;
        let Some(kind) = self.programme.points.get(conversion.to).filter(|_| !amount.is_zero())
        else {
            return Ok(());
        };
        let Ended { left, given } = self.so_far(points);
        let due = conversion.of(left.plus(amount)?)?.minus(given)?.max(Points::ZERO);
        let (available_at, expires) = lot_life(self.programme, kind, self.day)?;
        let granted = if due.is_zero() { None } else { Some(self.working.grant(kind, due)?) };
        let (points, to) = (points.clone(), kind.key.clone());
        let outcome = if due.is_zero() {
            Outcome::TooFewToConvert { points: points.clone(), amount }
        } else {
            Outcome::Converted { points: points.clone(), amount, to: to.clone(), given: due }
        };
        self.say(&points, outcome);
        self.effects.push(Effect::Convert {
            points,
            amount,
            parts,
            to: to.clone(),
            given: due,
            lot: granted.map(|granted| granted.number),
            available_at,
            expires,
        });
        let Some(granted) = granted else { return Ok(()) };
        if !granted.repaid.is_zero() {
            let (points, amount, lot) = (to.clone(), granted.repaid, granted.number);
            self.effects.push(Effect::Repay { points, amount, lot });
            self.say(&to, Outcome::DebtRepaid { amount });
        }
        let remaining = due.minus(granted.repaid)?;
        if !remaining.is_zero() {
            let (activity, earned_on) = (self.activity, self.day);
            let life =
                LotLife { granted: due, available_at, awaits: None, expires, earned_on, activity };
            self.working.open(Lot { number: granted.number, points: to, remaining, life });
        }
        Ok(())
    }

    /// Nobody can earn what is owed any more: it is let go, or what it would have become is taken.
    fn end_debt(
        &mut self,
        points: &Key,
        amount: Points,
        conversion: Option<&Conversion>,
    ) -> Result<(), Refusal> {
        let kind = conversion.and_then(|conversion| self.programme.points.get(conversion.to));
        let (mut parts, mut back, mut missing) = (Vec::new(), Points::ZERO, Points::ZERO);
        if let (Some(conversion), Some(kind)) = (conversion, kind) {
            let Ended { left, given } = self.so_far(points);
            back = given.minus(conversion.of(left.minus(amount)?)?)?.max(Points::ZERO);
            if !back.is_zero() {
                let taking = self.working.take(&kind.key, back, true)?;
                (parts, missing) = (taking.parts, taking.missing);
            }
        }
        let is_forgiven = kind.is_some_and(|kind| kind.shortfall == Shortfall::Forgiven);
        let (owed, forgiven) =
            if is_forgiven { (Points::ZERO, missing) } else { (missing, Points::ZERO) };
        let to = kind.map(|kind| kind.key.clone());
        let outcome = Outcome::DebtEnded {
            points: points.clone(),
            amount,
            to: to.clone().filter(|_| !back.is_zero()),
            back,
        };
        self.say(points, outcome);
        let points = points.clone();
        self.effects.push(Effect::EndDebt { points, amount, to, back, parts, owed, forgiven });
        Ok(())
    }
}
