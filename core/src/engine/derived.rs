//! What a decision about one member means for another: it travels as an activity of its own.
//!
//! A decision reads and writes one member. A share for a friend, a transfer, a prize leaves it as
//! an effect that names whom it is for; the activity that brings it there has an id which follows
//! from the cause, so that it happens exactly once however often it is sent, delayed or repeated.
//! Nothing here knows how it gets there.

use super::Context;
use super::book::Recorded;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::facts::DecisionFacts;
use super::prizes::{Gift, Giving, give};
use super::progress::{Before, tier_changes};
use super::returns;
use super::working::{WorkingLots, lot_life};
use crate::programme::Programmes;
use crate::values::{ActivityId, Key, MemberId, Points};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What reaches a member because of an activity of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// The activity that it follows from.
    pub cause: ActivityId,
    /// The position of the effect that sent it, among those of the cause.
    pub effect: u32,
    /// Whose activity that was; nobody where it was not a member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<MemberId>,
    /// The rule or the like that sent it.
    pub by: Key,
    pub what: Sent,
}

/// What one member's activity sends to another member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sent {
    Points {
        points: Key,
        /// Above zero.
        amount: Points,
    },
    /// A prize of a draw or a challenge, which stands in `by`.
    Prize {
        /// Which place in it.
        place: u32,
        prize: Key,
        gift: Gift,
    },
    /// Takes back points that an earlier activity of this kind had brought.
    TakeBack {
        /// The activity that had brought them.
        of: ActivityId,
        points: Key,
        amount: Points,
    },
}

/// An activity that follows from a decision about another member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// It follows from the cause, so that the same is never booked twice.
    pub id: ActivityId,
    pub to: MemberId,
    pub incoming: Incoming,
}

/// The activities that follow for others from a decision about an activity of `from`.
#[must_use]
pub fn derived_of(id: ActivityId, from: Option<MemberId>, decision: &Decision) -> Vec<Derived> {
    let mut derived = Vec::new();
    for (position, effect) in (0_u32..).zip(&decision.effects) {
        let (to, by, what) = match effect {
            Effect::Send { to, by, what, .. } => (*to, by, what.clone()),
            Effect::Recall { of, effect, to, by, points, amount, .. } => {
                let of = ActivityId::derived(*of, *effect, *to);
                (*to, by, Sent::TakeBack { of, points: points.clone(), amount: *amount })
            }
            _ => continue,
        };
        let incoming = Incoming { cause: id, effect: position, from, by: by.clone(), what };
        derived.push(Derived { id: ActivityId::derived(id, position, to), to, incoming });
    }
    derived
}

pub(super) fn decide_incoming(
    context: Context<'_>,
    programmes: &Programmes,
    records: &BTreeMap<ActivityId, Recorded>,
    incoming: &Incoming,
) -> Result<Decision, Refusal> {
    match &incoming.what {
        Sent::Points { points, amount } => receive_points(context, incoming, points, *amount),
        Sent::Prize { place, prize, gift } => {
            receive_prize(context, incoming, (*place, prize), gift)
        }
        Sent::TakeBack { of, amount, .. } => {
            returns::decide_take_back(context, programmes, records, *of, *amount)
        }
    }
}

/// Points that somebody else's activity gives. They live as if they were earned here.
fn receive_points(
    context: Context<'_>,
    incoming: &Incoming,
    points: &Key,
    amount: Points,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    if !amount.is_positive() {
        return Err(Refusal::AmountZero);
    }
    let (_, kind) = context
        .programme
        .find_points(points.as_str())
        .ok_or_else(|| Refusal::UnknownPoints { points: points.clone() })?;
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let day = facts.day;
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let (available_at, expires) = lot_life(context.programme, kind, day)?;
    let granted = working.grant(kind, amount)?;
    reasons.push(Reason {
        about: incoming.by.clone(),
        outcome: Outcome::Received { points: points.clone(), amount, from: incoming.from },
    });
    effects.push(Effect::Earn {
        by: incoming.by.clone(),
        points: points.clone(),
        amount,
        lot: granted.number,
        available_at,
        awaits: None,
        expires,
        shares: Shares::None,
        recount: None,
    });
    if !granted.repaid.is_zero() {
        let (points, amount, lot) = (points.clone(), granted.repaid, granted.number);
        reasons.push(Reason { about: points.clone(), outcome: Outcome::DebtRepaid { amount } });
        effects.push(Effect::Repay { points, amount, lot });
    }
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}

/// A prize that somebody won.
fn receive_prize(
    context: Context<'_>,
    incoming: &Incoming,
    (place, prize): (u32, &Key),
    gift: &Gift,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let facts = DecisionFacts::new(context.programme, Some(member), context.at);
    let day = facts.day;
    let mut working = WorkingLots::new(context.programme, member, context.at);
    let (mut effects, mut reasons) = (Vec::new(), Vec::new());
    working.expire(&mut effects, &mut reasons)?;
    let outcome = Outcome::PrizeReceived { place, prize: prize.clone() };
    reasons.push(Reason { about: incoming.by.clone(), outcome });
    let giving = Giving {
        day,
        by: &incoming.by,
        working: Some(&mut working),
        shares: Shares::None,
        effects: &mut effects,
        reasons: &mut reasons,
    };
    give(&context, giving, gift)?;
    let before = Before { member, facts: &facts };
    tier_changes(&context, before, day, &mut effects, &mut reasons)?;
    Ok(Decision { at: context.at, day, net: Vec::new(), counters: Vec::new(), effects, reasons })
}
