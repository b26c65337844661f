//! What a decision about one member means for another: it travels as an activity of its own.
//!
//! A decision reads and writes one member. A share for a friend, a transfer, a prize leaves it as
//! an effect that names whom it is for; the activity that brings it there has an id which follows
//! from the cause, so that it happens exactly once however often it is sent, delayed or repeated.
//! Nothing here knows how it gets there.

use super::Context;
use super::book::Recorded;
use super::counters::CounterKey;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, Shares};
use super::facts::DecisionFacts;
use super::prizes::{Gift, Giving, give};
use super::progress::{Before, tier_changes};
use super::quotas::period;
use super::transfer::{self, CallingBack, moved_lots};
use super::working::{WorkingLots, lot_life};
use super::{merge, returns, teams};
use crate::member::{Expiry, Holdings};
use crate::programme::{Programmes, QuotaMost, QuotaPer, ShareCap};
use crate::values::{ActivityId, Key, MemberId, Points, Quantity};
use jiff::Timestamp;
use jiff::civil::Date;
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
    /// A share of what somebody bought whom the member, or one of those he brought, had brought.
    Share {
        points: Key,
        /// Above zero.
        amount: Points,
        /// 1 is the nearest.
        level: u8,
        /// Pending before this moment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        available_at: Option<Timestamp>,
        /// The most that the receiver gets of these shares.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap: Option<ShareCap>,
    },
    /// Points that another member hands over.
    Lots {
        points: Key,
        lots: Vec<MovedLot>,
        /// They were the receiver's own before.
        #[serde(default, skip_serializing_if = "is_false")]
        back: bool,
    },
    /// Asks for points that were handed over, as far as they are still there.
    CallBack {
        /// The activity that had brought them.
        of: ActivityId,
        points: Key,
        amount: Points,
        to: MemberId,
    },
    /// The sender is in the receiving team since that day, or no longer.
    Crew {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Date>,
    },
    /// What the sender did counts towards a goal of the receiving team, which stands in `by`.
    Score {
        /// What is counted: times, or a kind of points.
        unit: Key,
        /// The first day of the period.
        from: Date,
        /// Below zero for what came back.
        change: i64,
    },
    /// All that a member had that is merged into the receiver.
    Holdings(Box<Holdings>),
    /// What comes back of something that a member had done who was merged into the receiver.
    Carried { owner: MemberId, record: Box<Recorded>, back: Back },
}

/// Points on their way, with the end that they had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedLot {
    pub amount: Points,
    pub expires: Expiry,
    pub earned_on: Date,
}

/// What comes back of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Back {
    /// Parts of lines of a receipt.
    Lines {
        lines: Vec<(u32, Quantity)>,
        /// Nothing of the receipt stays: it never happened.
        #[serde(default, skip_serializing_if = "is_false")]
        void: bool,
    },
    All,
    /// Points that somebody else's activity had brought.
    Points(Points),
    /// Nothing; what its points waited for has happened.
    Event(Key),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Sent {
    /// Points that are given, and that a return of their cause takes back.
    #[must_use]
    pub const fn given(&self) -> Option<(&Key, Points)> {
        match self {
            Self::Points { points, amount } | Self::Share { points, amount, .. } => {
                Some((points, *amount))
            }
            _ => None,
        }
    }
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
            Effect::HandOver { to, by, points, parts, back, .. } => {
                let lots = moved_lots(parts);
                (*to, by, Sent::Lots { points: points.clone(), lots, back: *back })
            }
            Effect::CallBack { of, effect, to, by, points, amount } => {
                // Whoever calls has handed something over, so he is a member.
                let Some(from) = from else { continue };
                let of = ActivityId::derived(*of, *effect, *to);
                let (points, amount) = (points.clone(), *amount);
                (*to, by, Sent::CallBack { of, points, amount, to: from })
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
    if let Some(into) = context.member.and_then(|member| member.merged_into) {
        return merge::pass_on(context, programmes, records, incoming, into);
    }
    match &incoming.what {
        Sent::Points { points, amount } => {
            receive_points(context, incoming, &Given::plain(points, *amount))
        }
        Sent::Share { points, amount, available_at, cap, .. } => {
            let (amount, available_at, cap) = (*amount, *available_at, *cap);
            receive_points(context, incoming, &Given { points, amount, available_at, cap })
        }
        Sent::Prize { place, prize, gift } => {
            receive_prize(context, incoming, (*place, prize), gift)
        }
        Sent::TakeBack { of, amount, .. } => {
            returns::decide_take_back(context, programmes, records, *of, *amount)
        }
        Sent::Lots { points, lots, back } => {
            transfer::receive_lots(context, incoming, points, lots, *back)
        }
        Sent::CallBack { of, points, amount, to } => {
            let calling = CallingBack { of: *of, points, amount: *amount, to: *to };
            transfer::give_back(context, incoming, &calling)
        }
        Sent::Crew { since } => teams::receive_crew(context, incoming, *since),
        Sent::Score { unit, from, change } => {
            teams::receive_score(context, incoming, (unit, *from, *change))
        }
        Sent::Holdings(holdings) => merge::absorb(context, holdings),
        Sent::Carried { owner, record, back } => {
            merge::decide_carried(context, programmes, *owner, record, back)
        }
    }
}

/// Points that somebody else's activity gives.
struct Given<'g> {
    points: &'g Key,
    amount: Points,
    /// Pending before this moment.
    available_at: Option<Timestamp>,
    cap: Option<ShareCap>,
}

impl<'g> Given<'g> {
    const fn plain(points: &'g Key, amount: Points) -> Self {
        Self { points, amount, available_at: None, cap: None }
    }

    /// What the most for a receiver leaves of it, and the counter that it counts on.
    fn within_cap(
        &self,
        context: &Context<'_>,
        incoming: &Incoming,
        day: Date,
    ) -> Result<(Points, Option<CounterKey>), Refusal> {
        let (Some(cap), Some(member)) = (self.cap, context.member) else {
            return Ok((self.amount, None));
        };
        let words = QuotaMost::Points { points: self.points.clone(), amount: cap.at_most };
        let counter = CounterKey {
            of: incoming.by.clone(),
            per: QuotaPer::Member,
            scope: String::new(),
            unit: words.unit(),
            from: period(cap.every, day)?,
        };
        let left = cap.at_most.units().saturating_sub(member.used_of(&counter)).max(0);
        Ok((self.amount.min(Points::new(left)), Some(counter)))
    }
}

/// Points that somebody else's activity gives. They live as if they were earned here.
fn receive_points(
    context: Context<'_>,
    incoming: &Incoming,
    given: &Given<'_>,
) -> Result<Decision, Refusal> {
    let member = context.member.ok_or(Refusal::NoMember)?;
    let points = given.points;
    if !given.amount.is_positive() {
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
    let (amount, counter) = given.within_cap(&context, incoming, day)?;
    if amount < given.amount {
        let words = |amount: Points| QuotaMost::Points { points: points.clone(), amount };
        let outcome = Outcome::QuotaCut { wanted: words(given.amount), given: words(amount) };
        reasons.push(Reason { about: incoming.by.clone(), outcome });
    }
    if amount.is_zero() {
        return Ok(Decision {
            at: context.at,
            day,
            net: Vec::new(),
            counters: Vec::new(),
            effects,
            reasons,
        });
    }
    let (available_at, expires) = lot_life(context.programme, kind, day)?;
    let available_at = available_at.max(given.available_at);
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
    if let Some(counter) = counter {
        effects.push(Effect::CountShared { counter, change: amount.units() });
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
