//! What is special to staff: recognition among colleagues, and credit for whoever enrols a member.
//!
//! Both send points to somebody else and never touch that member here.

use super::Context;
use super::activity::NAME_BYTES_MAX;
use super::counters::CounterKey;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::derived::Sent;
use super::ending;
use super::facts::DecisionFacts;
use super::payment;
use super::progress::{Before, tier_changes};
use super::purchase::Checkout;
use super::working::WorkingLots;
use crate::member::{Counter, Holdings, MemberKind, MemberState};
use crate::programme::{Enrolment, QuotaPer};
use crate::values::{Key, MemberId, Money, Points};

/// The ids under which these are given and counted; no rule can have them.
pub(crate) const RECOGNITION: &str = "recognition";
pub(crate) const ENROLMENT: &str = "enrolment";

pub(super) fn decide_recognition(
    context: Context<'_>,
    to: MemberId,
    amount: Points,
    reason: &str,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    let rules = programme.staff.recognition.as_ref().ok_or(Refusal::NoRecognition)?;
    if member.kind != MemberKind::Employee {
        return Err(Refusal::NotStaff);
    }
    if context.member_id == Some(to) {
        return Err(Refusal::ToOneself);
    }
    if !amount.is_positive() {
        return Err(Refusal::AmountZero);
    }
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if reason.len() > NAME_BYTES_MAX {
        return Err(Refusal::NameTooLong { what: "reason".to_owned() });
    }
    let kind = programme.points.get(rules.points).ok_or(Refusal::NoRecognition)?;
    ending::check_kind(&context, rules.points)?;
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let day = facts.day;
    let most = match &rules.managers {
        Some((manager, most)) if manager.first_failing(&facts, None)?.is_none() => *most,
        _ => rules.allowance,
    };
    let counter = CounterKey {
        of: Key::new(RECOGNITION),
        per: QuotaPer::Member,
        scope: String::new(),
        unit: Key::new(&format!("points:{}", kind.key)),
        from: rules.every.first_day(day)?,
    };
    let left = most.minus(Points::new(member.used_of(&counter)))?.max(Points::ZERO);
    if amount > left {
        let points = kind.key.clone();
        return Err(Refusal::AllowanceUsed { points, left });
    }
    let mut working = WorkingLots::new(programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let (by, points) = (Key::new(RECOGNITION), kind.key.clone());
    send(to, &by, (&points, amount), Shares::None, (&mut effects, &mut reasons));
    effects.push(Effect::CountShared { counter, change: amount.units() });
    effects.push(Effect::Visit { day, visits: 0, activities: 1, spent: Money::ZERO });
    tier_changes(&context, Before { member, facts: &facts }, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// Notes who enrolled a member, once, on the day of joining; and sends the credit where joining is
/// enough for it.
pub(super) fn decide_enrolment(context: Context<'_>, by: MemberId) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let rules = context.programme.staff.enrolment.as_ref().ok_or(Refusal::NoEnrolment)?;
    if context.member_id == Some(by) {
        return Err(Refusal::ToOneself);
    }
    let day = context.programme.zone.day(context.at);
    if member.enrolled_by.is_some() || day != member.joined {
        return Err(Refusal::EnrolledAlready);
    }
    let mut effects = vec![Effect::EnrolledBy { by }];
    let mut reasons = Vec::new();
    if rules.first_purchase.is_none() {
        credit(&context, rules, by, Shares::None, (&mut effects, &mut reasons));
        effects.push(Effect::Count { of: Key::new(ENROLMENT), from: member.joined, change: 1 });
    }
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// Who is credited for a member that another one was merged into. A credit that is open goes on
/// with the survivor, unless that one had bought before and was no newcomer.
pub(super) fn enroller_of_both(
    context: &Context<'_>,
    member: &MemberState,
    theirs: &Holdings,
    reasons: &mut Vec<Reason>,
) -> Option<MemberId> {
    if member.enrolled_by.is_some() {
        return member.enrolled_by;
    }
    // Nobody is credited for himself, whichever of his two memberships he did it with.
    let is_own = |by: &MemberId| Some(*by) == context.member_id || member.was(*by);
    let by = theirs.enrolled_by.filter(|by| !is_own(by))?;
    let of = Key::new(ENROLMENT);
    let is_credited = |count: &Counter| count.of == of && count.used > 0;
    if member.counters.iter().chain(&theirs.counters).any(is_credited) {
        return Some(by);
    }
    let bought = member.earlier.as_ref().is_some_and(|earlier| earlier.visits > 0)
        || member.days.iter().any(|day| day.visits > 0);
    let outcome = match bought {
        true => Outcome::EnrolmentLapsed { by },
        false => Outcome::EnrolmentCarried { by },
    };
    reasons.push(Reason { about: of, outcome });
    (!bought).then_some(by)
}

/// Credits the enrolment with the newcomer's first real receipt.
pub(super) fn credit_enrolment(checkout: &mut Checkout<'_>) -> Result<(), Refusal> {
    let Some(member) = checkout.context.member else { return Ok(()) };
    let Some(by) = member.enrolled_by else { return Ok(()) };
    let Some(rules) = &checkout.context.programme.staff.enrolment else { return Ok(()) };
    let Some(least) = rules.first_purchase else { return Ok(()) };
    let of = Key::new(ENROLMENT);
    if member.used(&of, member.joined) > 0 {
        return Ok(());
    }
    let spent = payment::spent(checkout)?;
    if !spent.is_positive() || spent < least {
        return Ok(());
    }
    let (effects, reasons) = (&mut checkout.effects, &mut checkout.reasons);
    credit(&checkout.context, rules, by, Shares::AllLines, (effects, reasons));
    checkout.effects.push(Effect::Count { of, from: member.joined, change: 1 });
    Ok(())
}

fn credit(
    context: &Context<'_>,
    rules: &Enrolment,
    to: MemberId,
    shares: Shares,
    said: (&mut Vec<Effect>, &mut Vec<Reason>),
) {
    if let Some(last) = ending::earning_over(context) {
        let outcome = Outcome::EarningOver { last };
        said.1.push(Reason { about: Key::new(ENROLMENT), outcome });
        return;
    }
    if let Some(kind) = context.programme.points.get(rules.points) {
        send(to, &Key::new(ENROLMENT), (&kind.key, rules.give), shares, said);
    }
}

fn send(
    to: MemberId,
    by: &Key,
    (points, amount): (&Key, Points),
    shares: Shares,
    (effects, reasons): (&mut Vec<Effect>, &mut Vec<Reason>),
) {
    let outcome = Outcome::Sent { to, points: points.clone(), amount };
    reasons.push(Reason { about: by.clone(), outcome });
    let what = Sent::Points { points: points.clone(), amount };
    effects.push(Effect::Send { to, by: by.clone(), what, shares });
}
