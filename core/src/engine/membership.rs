//! Memberships that are paid for: paying, going on, and ending before their time.

use super::Context;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::tenure::days_between;
use super::working::WorkingLots;
use crate::member::{MemberState, PaidMembership};
use crate::programme::{Ladder, Programme};
use crate::values::{CalendarError, Key, Money, Rounding, divide};
use jiff::civil::Date;

/// The least tier on a ladder that memberships which are paid for a day give.
pub(super) fn least_tier(
    programme: &Programme,
    ladder: &Ladder,
    member: &MemberState,
    day: Date,
) -> u16 {
    if member.memberships.is_empty() {
        return 0;
    }
    let place = programme.ladders.iter().position(|known| known.key == ladder.key);
    let paid = programme.memberships.iter();
    let paid = paid.filter(|known| member.has_membership(known.key.as_str(), day));
    let tiers = paid.flat_map(|known| &known.tiers).filter(|(of, _)| Some(*of) == place);
    tiers.map(|(_, rank)| *rank).max().unwrap_or(0)
}

/// A fee was paid. Where the membership is paid already, the new time follows the old one.
pub(super) fn decide_membership_payment(
    context: Context<'_>,
    membership: &Key,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    super::ending::check_not_over(&context)?;
    let programme = context.programme;
    let found = programme.memberships.iter().find(|known| known.key == *membership);
    let found =
        found.ok_or_else(|| Refusal::UnknownMembership { membership: membership.clone() })?;
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let day = facts.day;
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    WorkingLots::new(programme, member, context.at).expire(&mut effects, &mut reasons)?;
    let paid_until = member.membership_until(membership.as_str()).filter(|until| day <= *until);
    let from = match paid_until {
        Some(until) => until.tomorrow().map_err(|_| CalendarError)?,
        None => day,
    };
    let until = found.period.after(from)?.yesterday().map_err(|_| CalendarError)?;
    let (membership, fee) = (found.key.clone(), found.fee);
    let outcome = Outcome::MembershipPaid { fee, from, until };
    reasons.push(Reason { about: membership.clone(), outcome });
    effects.push(Effect::PayMembership { membership, from, until, fee });
    effects.push(Effect::Visit { day, visits: 0, activities: 1, spent: Money::ZERO });
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// The end of a membership that was paid, and what of the fee is given back: all of it within
/// the time that the programme says or before it began, then the share of the days that are left
/// after the day of the ending. None where it is over.
pub(super) fn ending(
    programme: &Programme,
    paid: &PaidMembership,
    day: Date,
) -> Result<Option<Effect>, Refusal> {
    if paid.until < day {
        return Ok(None);
    }
    let known = programme.memberships.iter().find(|known| known.key == paid.membership);
    let whole_until = match known.and_then(|known| known.refund.whole_within) {
        Some(within) => Some(within.after(paid.paid_on)?),
        None => None,
    };
    let is_whole = day < paid.from || whole_until.is_some_and(|until| day <= until);
    let in_proportion = known.is_some_and(|known| known.refund.in_proportion);
    let refund = if is_whole {
        paid.fee
    } else if in_proportion {
        let left = i128::from(days_between(day, paid.until));
        let all = i128::from(days_between(paid.from, paid.until)) + 1;
        Money::new(divide(i128::from(paid.fee.units()) * left, all, Rounding::Down)?)
    } else {
        Money::ZERO
    };
    let last = Some(day).filter(|_| !is_whole);
    let (of, membership) = (paid.activity, paid.membership.clone());
    Ok(Some(Effect::EndMembership { of, membership, last, refund }))
}
