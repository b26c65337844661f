//! Gifts to persons that are no bribes: capped by worth, approved by a second person, disclosed.
//!
//! What a person gets counts on a counter of that person and not of the company that gives, so
//! that the cap holds whoever gives, in every interleaving (I7).

use super::activity::NAME_BYTES_MAX;
use super::counters::CounterKey;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal};
use super::facts::DecisionFacts;
use super::quotas::{Place, Quotas};
use super::working::WorkingLots;
use super::{Context, pay};
use crate::member::{Contact, MemberState};
use crate::programme::{QuotaPer, Reward};
use crate::values::{Key, MemberId, Money};
use jiff::civil::Date;

/// Whose gifts are counted, and from which day.
struct Receiver {
    contact: Option<Key>,
    person: Option<MemberId>,
    counter: CounterKey,
}

/// A gift as somebody ordered it.
pub(super) struct Order<'a> {
    pub reward: &'a Key,
    pub to: Option<&'a Key>,
    /// As whom the person of the contact goes on, where it was merged.
    pub person: Option<MemberId>,
    pub asked_by: &'a str,
    pub approved_by: Option<&'a str>,
}

pub(super) fn decide_gift(context: Context<'_>, order: &Order<'_>) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let programme = context.programme;
    let reward = programme
        .find_reward(order.reward.as_str())
        .ok_or_else(|| Refusal::UnknownReward { reward: order.reward.clone() })?;
    let (Some(worth), Some(gifts)) = (reward.gift, programme.companies.gifts) else {
        return Err(Refusal::UnknownReward { reward: order.reward.clone() });
    };
    check_answerable(order, gifts.approval_above.is_some_and(|above| worth > above))?;
    let facts = DecisionFacts::new(programme, Some(member), context.at);
    let from = gifts.every.first_day(facts.day)?;
    let receiver = receiver_of(&context, member, order, from)?;
    let used = context.shared.used(&receiver.counter, context.at)?;
    let left = gifts.per_person.minus(Money::new(used))?.max(Money::ZERO);
    if worth > left {
        let outcome = Outcome::GiftTooMuch { worth, left, from };
        let reason = Box::new(Reason { about: reward.key.clone(), outcome });
        return Err(Refusal::RewardNotPossible { reason });
    }
    let mut working = WorkingLots::new(programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    pay::check_reward(&context, &facts, reward, 0)?;
    let mut quotas = Quotas::default();
    pay::open_quotas(&mut quotas, &context, &Place::default(), facts.day, reward)?;
    quotas.take_reward(&reward.key, Money::ZERO)?;
    pay::spend(&mut working, &context, reward, &[], &mut effects, &mut reasons)?;
    pay::hand_over(&mut working, &context, facts.day, reward, &mut effects, &mut reasons)?;
    let approved_by = order.approved_by.map(|name| name.trim().to_owned());
    let outcome = Outcome::GiftGiven { worth, approved_by: approved_by.clone() };
    reasons.push(Reason { about: reward.key.clone(), outcome });
    effects.push(Effect::Gift {
        by: reward.key.clone(),
        contact: receiver.contact,
        person: receiver.person,
        worth,
        asked_by: order.asked_by.trim().to_owned(),
        approved_by,
    });
    let mut counters = quotas.seen();
    counters.push((receiver.counter.clone(), used));
    quotas.count(&mut effects, &mut reasons);
    effects.push(Effect::CountShared { counter: receiver.counter, change: worth.units() });
    let day = facts.day;
    effects.push(Effect::Visit { day, visits: 0, activities: 1, spent: Money::ZERO });
    Ok(Decision { at: context.at, day, net: Vec::new(), counters, effects, reasons })
}

/// Somebody asks by name; what is worth much is approved by somebody else.
fn check_answerable(order: &Order<'_>, needs_approval: bool) -> Result<(), Refusal> {
    let asker = order.asked_by.trim();
    let approver = order.approved_by.map(str::trim);
    if asker.is_empty() || approver.is_some_and(str::is_empty) {
        return Err(Refusal::ReasonMissing);
    }
    if asker.len() > NAME_BYTES_MAX || approver.is_some_and(|name| name.len() > NAME_BYTES_MAX) {
        return Err(Refusal::NameTooLong { what: "asked_by".to_owned() });
    }
    match approver {
        // `Ola` and `OLA` are one and the same person.
        Some(approver) if approver.to_lowercase() == asker.to_lowercase() => {
            Err(Refusal::ApprovedByAsker)
        }
        None if needs_approval => Err(Refusal::GiftNeedsApproval { reward: order.reward.clone() }),
        _ => Ok(()),
    }
}

fn receiver_of(
    context: &Context<'_>,
    member: &MemberState,
    order: &Order<'_>,
    from: Date,
) -> Result<Receiver, Refusal> {
    let own = context.member_id;
    let (contact, person) = match (member.kind.has_contacts(), order.to) {
        (true, None) => {
            return Err(Refusal::GiftNeedsRecipient { reward: order.reward.clone() });
        }
        (false, Some(_)) => return Err(Refusal::NoContacts),
        (false, None) => (None, own),
        (true, Some(to)) => {
            let known: Option<&Contact> = member.contacts.get(to);
            let known = known.ok_or_else(|| Refusal::UnknownContact { contact: to.clone() })?;
            (Some(to.clone()), known.person.map(|person| order.person.unwrap_or(person)))
        }
    };
    // Who is no member is known to this company alone.
    let scope = match (person, &contact, own) {
        (Some(person), ..) => person.to_string(),
        (None, Some(contact), Some(own)) => format!("{own}/{contact}"),
        _ => return Err(Refusal::NoMember),
    };
    Ok(Receiver { contact, person, counter: counter_of(scope, from) })
}

fn counter_of(scope: String, from: Date) -> CounterKey {
    let (of, unit) = (Key::new("gifts"), Key::new("money"));
    CounterKey { of, per: QuotaPer::Person, scope, unit, from }
}

/// What a member and its contacts got in the period counts for the one that it is merged into,
/// too: two that are one get no more than one. Gives the counters that were looked at.
pub(super) fn follow_merge(
    context: &Context<'_>,
    member: &MemberState,
    (owner, into): (MemberId, MemberId),
    effects: &mut Vec<Effect>,
) -> Result<Vec<(CounterKey, i64)>, Refusal> {
    let Some(gifts) = context.programme.companies.gifts else { return Ok(Vec::new()) };
    let from = gifts.every.first_day(context.programme.zone.day(context.at))?;
    let own = std::iter::once((owner.to_string(), into.to_string()));
    // Contacts that are members count by themselves.
    let strangers = member.contacts.iter().filter(|(_, contact)| contact.person.is_none());
    let named = strangers.map(|(name, _)| (format!("{owner}/{name}"), format!("{into}/{name}")));
    let mut seen = Vec::new();
    for (before, after) in own.chain(named) {
        let counter = counter_of(before, from);
        let used = context.shared.used(&counter, context.at)?;
        seen.push((counter, used));
        if used > 0 {
            effects.push(Effect::CountShared { counter: counter_of(after, from), change: used });
        }
    }
    Ok(seen)
}

/// A gift is no reward to be taken as any other.
pub(super) fn refuse_gift(reward: &Reward) -> Result<(), Refusal> {
    match reward.gift {
        Some(_) => Err(Refusal::GiftNeedsRecipient { reward: reward.key.clone() }),
        None => Ok(()),
    }
}
