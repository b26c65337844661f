//! Two members that are one: all that one has goes to the other, and it is closed.
//!
//! What has happened to the closed member stays on its own records, and so do returns of its old
//! receipts: they are decided there, and what they do to points, limits and history goes on to
//! the survivor. What somebody sends to a closed member goes on, too. Nothing is lost and nothing
//! doubled (I20, case 54).

use super::Context;
use super::activity::Activity;
use super::book::Recorded;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::derived::{Back, Incoming, Sent};
use super::facts::DecisionFacts;
use super::progress::{Before, tier_changes};
use super::staff::ENROLMENT;
use super::working::WorkingLots;
use super::{apply_to_copy, events, gifts, returns, staff, teams};
use crate::member::{Absorbed, Counter, HandTier, Holdings, MemberState};
use crate::programme::{Programme, Programmes};
use crate::values::{ActivityId, Key, MemberId, Overflow};
use jiff::civil::Date;
use std::collections::BTreeMap;

type Records = BTreeMap<ActivityId, Recorded>;

/// What the reasons about merging are filed under.
fn about_merge() -> Key {
    Key::new("merge")
}

/// Whether a closed member still decides about it: what happened before stands on its records.
#[must_use]
pub const fn is_for_closed(activity: &Activity) -> bool {
    matches!(
        activity,
        Activity::Return { .. }
            | Activity::Void { .. }
            | Activity::Event { .. }
            | Activity::Incoming(_)
            | Activity::Settlement
    )
}

pub(super) fn decide_merge(context: Context<'_>, into: MemberId) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let owner = context.member_id.ok_or(Refusal::NoMember)?;
    if owner == into || member.was(into) {
        return Err(Refusal::MergeIntoItself);
    }
    teams::check_merge(member)?;
    let day = context.programme.zone.day(context.at);
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let left = apply_to_copy(member, &context, day, &effects)?;
    let what = Sent::Holdings(Box::new(left.holdings(owner)));
    reasons.push(Reason { about: about_merge(), outcome: Outcome::MergedInto { into } });
    effects.push(Effect::Send { to: into, by: about_merge(), what, shares: Shares::None });
    effects.extend(teams::leave(member));
    let counters = gifts::follow_merge(&context, member, (owner, into), &mut effects)?;
    effects.push(Effect::Close { into });
    Ok(Decision { at: context.at, day, net: Vec::new(), counters, effects, reasons })
}

/// Takes over all that another member had.
pub(super) fn absorb(context: Context<'_>, holdings: &Holdings) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let own = context.member_id.ok_or(Refusal::NoMember)?;
    let day = context.programme.zone.day(context.at);
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    WorkingLots::new(context.programme, member, context.at).expire(&mut effects, &mut reasons)?;
    let (from, team) = (holdings.owner, holdings.team);
    reasons.push(Reason { about: about_merge(), outcome: Outcome::Absorbed { from } });
    let enrolled_by = staff::enroller_of_both(&context, member, holdings, &mut reasons);
    let mut holdings = Box::new(as_own(context.programme, member, own, holdings)?);
    holdings.enrolled_by = enrolled_by;
    effects.push(Effect::Absorb { holdings });
    // One may owe what the other has, and what came may have run out on its way.
    let after = apply_to_copy(member, &context, day, &effects)?;
    let mut working = WorkingLots::new(context.programme, &after, context.at);
    working.expire(&mut effects, &mut reasons)?;
    for points in after.debts.keys() {
        for part in working.pay_debt(points, None)? {
            let (points, amount, lot) = (points.clone(), part.amount, part.lot);
            reasons.push(Reason { about: points.clone(), outcome: Outcome::DebtRepaid { amount } });
            effects.push(Effect::Repay { points, amount, lot });
        }
    }
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    teams::take_place(member, team, &mut effects);
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// What another member had, in the numbers and days of the survivor.
fn as_own(
    programme: &Programme,
    member: &MemberState,
    own: MemberId,
    theirs: &Holdings,
) -> Result<Holdings, Refusal> {
    let mut holdings = theirs.clone();
    let lots_from = member.next_lot.checked_sub(1).ok_or(Overflow)?;
    let renumber = |number: &mut u32| -> Result<(), Overflow> {
        *number = number.checked_add(lots_from).ok_or(Overflow)?;
        Ok(())
    };
    holdings.lots.iter_mut().try_for_each(|lot| renumber(&mut lot.number))?;
    holdings.expired.iter_mut().try_for_each(|lot| renumber(&mut lot.number))?;
    holdings.absorbed.iter_mut().try_for_each(|other| renumber(&mut other.lots_from))?;
    renumber(&mut holdings.next_lot)?;
    holdings.absorbed.insert(0, Absorbed { member: theirs.owner, lots_from });
    // Whoever was known longer was known; limits for ever count from the day of joining.
    holdings.joined = member.joined.min(theirs.joined);
    holdings.counters = counters_of_both(programme, member, theirs, holdings.joined);
    holdings.hand_tiers = tiers_of_both(programme, member, theirs);
    for (key, value) in &member.attributes {
        holdings.attributes.insert(key.clone(), value.clone());
    }
    let is_other = |other: &MemberId| {
        *other != own
            && !member.was(*other)
            && !holdings.absorbed.iter().any(|a| a.member == *other)
    };
    let mut referral = member.referral.clone();
    if let Some(kept) = &mut referral {
        kept.line.retain(is_other);
    }
    let mut referral = referral.filter(|kept| !kept.line.is_empty());
    if referral.is_none() {
        referral.clone_from(&theirs.referral);
        if let Some(taken) = &mut referral {
            taken.line.retain(is_other);
        }
    }
    holdings.referral = referral.filter(|kept| !kept.line.is_empty());
    Ok(holdings)
}

/// Whether a rule's or reward's count for one member has no period.
pub(super) fn is_for_ever(programme: &Programme, of: &Key) -> bool {
    // Whoever was enrolled is credited once, however long ago that was.
    if of.as_str() == ENROLMENT {
        return true;
    }
    let limit = match programme.find_rule(of.as_str()) {
        Some(rule) => rule.limit,
        None => programme.find_reward(of.as_str()).and_then(|reward| reward.limit),
    };
    limit.is_some_and(|limit| limit.every.is_none())
}

fn counters_of_both(
    programme: &Programme,
    member: &MemberState,
    theirs: &Holdings,
    joined: Date,
) -> Vec<Counter> {
    let mut sums: BTreeMap<(Key, Date), u32> = BTreeMap::new();
    let of_both = [(member.joined, &member.counters), (theirs.joined, &theirs.counters)];
    for (began, counters) in of_both {
        for Counter { of, from, used } in counters {
            let moves = *from == began && is_for_ever(programme, of);
            let from = if moves { joined } else { *from };
            let sum = sums.entry((of.clone(), from)).or_default();
            *sum = sum.saturating_add(*used);
        }
    }
    sums.into_iter().map(|((of, from), used)| Counter { of, from, used }).collect()
}

/// Of two tiers that persons set on one ladder, the higher one; of the same, the one that holds
/// longer.
fn tiers_of_both(
    programme: &Programme,
    member: &MemberState,
    theirs: &Holdings,
) -> BTreeMap<Key, HandTier> {
    let mut tiers = theirs.hand_tiers.clone();
    for (ladder, own) in &member.hand_tiers {
        let rank = |set: &HandTier| {
            let ladder = programme.ladders.iter().find(|known| known.key == *ladder);
            let rank = ladder.and_then(|known| known.tiers.iter().position(|t| t.key == set.tier));
            (rank, set.until.is_none(), set.until)
        };
        let is_higher = tiers.get(ladder).is_none_or(|other| rank(other) <= rank(own));
        if is_higher {
            tiers.insert(ladder.clone(), own.clone());
        }
    }
    tiers
}

/// What arrives at a closed member goes on to the survivor.
pub(super) fn pass_on(
    context: Context<'_>,
    programmes: &Programmes,
    records: &Records,
    incoming: &Incoming,
    into: MemberId,
) -> Result<Decision, Refusal> {
    let what = match &incoming.what {
        Sent::TakeBack { of, points, amount } => match passed_on_as(records, *of, into) {
            Some(of) => Sent::TakeBack { of, points: points.clone(), amount: *amount },
            // It was booked here: what is left of it is known here.
            None => return returns::decide_take_back(context, programmes, records, *of, *amount),
        },
        Sent::CallBack { of, points, amount, to } => {
            let of = passed_on_as(records, *of, into).unwrap_or(*of);
            Sent::CallBack { of, points: points.clone(), amount: *amount, to: *to }
        }
        other => other.clone(),
    };
    let (to, by) = (into, incoming.by.clone());
    let day = context.programme.zone.day(context.at);
    let effects = vec![Effect::Send { to, by, what, shares: Shares::None }];
    let reasons = vec![Reason { about: about_merge(), outcome: Outcome::MergedInto { into } }];
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// The id that an activity has at the survivor which was passed on from here.
fn passed_on_as(records: &Records, of: ActivityId, into: MemberId) -> Option<ActivityId> {
    let record = records.get(&of)?;
    let sent =
        (0_u32..).zip(&record.decision.effects).find_map(|(position, effect)| match effect {
            Effect::Send { to, .. } if *to == into => Some(position),
            _ => None,
        })?;
    Some(ActivityId::derived(of, sent, into))
}

/// What a return at a closed member means for the survivor.
pub(super) fn carried(context: &Context<'_>, record: &Recorded, back: Back) -> Option<Effect> {
    let (to, owner) = (context.member?.merged_into?, context.member_id?);
    let what = Sent::Carried { owner, record: Box::new(record.clone()), back };
    Some(Effect::Send { to, by: about_merge(), what, shares: Shares::None })
}

/// Takes back, restores and releases what a record of a member did that was merged into this one.
pub(super) fn decide_carried(
    context: Context<'_>,
    programmes: &Programmes,
    owner: MemberId,
    record: &Recorded,
    back: &Back,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let absorbed = member.absorbed.iter().find(|known| known.member == owner);
    // What the member had is still on its way; this waits for it.
    let absorbed = absorbed.ok_or(Refusal::UnknownActivity { activity: record.id })?;
    let record = as_own_record(absorbed, record)?;
    match back {
        Back::Event(event) => {
            let id = record.id;
            let records = Records::from([(id, record)]);
            events::decide_event(context, programmes, &records, id, event)
        }
        Back::Points(amount) => {
            let id = record.id;
            let records = Records::from([(id, record)]);
            returns::decide_take_back(context, programmes, &records, id, *amount)
        }
        Back::Lines { lines, void } => {
            returns::take_back_carried(context, programmes, &record, Some(lines), *void)
        }
        Back::All => returns::take_back_carried(context, programmes, &record, None, true),
    }
}

/// A record in the lot numbers of the survivor.
fn as_own_record(absorbed: &Absorbed, record: &Recorded) -> Result<Recorded, Overflow> {
    let mut record = record.clone();
    for effect in &mut record.decision.effects {
        match effect {
            Effect::Earn { lot, .. } => {
                *lot = lot.checked_add(absorbed.lots_from).ok_or(Overflow)?;
            }
            Effect::Spend { parts, .. } => {
                for part in parts {
                    part.lot = part.lot.checked_add(absorbed.lots_from).ok_or(Overflow)?;
                }
            }
            _ => {}
        }
    }
    Ok(record)
}
