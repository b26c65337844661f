//! A member's book: the state and the records that returns refer to.
//!
//! The only way to change it is to book a decision. It is what the pipeline fills from the
//! store, what `verify` folds again from nothing, and what stories run on.

use super::activity::{Activity, Purchase, Returned};
use super::by_hand::{self, TierSetting};
use super::counters::SharedCounter;
use super::decision::{Decision, Effect, Refusal};
use super::joining;
use super::simple::{self, Adjusting};
use super::{
    Candidates, Context, Shared, calendar, contacts, credit, derived, ending, entitlement, events,
    gifts, hold, membership, merge, purchase, rebate, referral, returns, staff, teams, transfer,
};
use crate::instrument::{self, InstrumentEntry};
use crate::ledger;
use crate::member::MemberState;
use crate::programme::{Programmes, Version};
use crate::values::{ActivityId, MemberId, Money, Overflow, Points, Quantity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// An activity with the decision about it. Neither ever changes; `progress` does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub id: ActivityId,
    /// The place in the order in which the member's activities were booked.
    pub sequence: u64,
    /// The version of the programme that judged it.
    pub version: u32,
    pub activity: Activity,
    pub decision: Decision,
    pub progress: Progress,
    /// The shared things that the decision looked at, as they were before it.
    #[serde(default, skip_serializing_if = "Shared::is_empty")]
    pub seen: Shared,
}

impl Recorded {
    /// The shared things that the decision looked at, as they were before it: enough to decide
    /// it again alone.
    #[must_use]
    pub fn shared_seen(&self) -> Shared {
        let mut shared = self.seen.clone();
        for (key, used) in &self.decision.counters {
            let counter = SharedCounter { used: *used, held: Vec::new() };
            shared.counters.insert(key.clone(), counter);
        }
        shared
    }
}

/// How much of an activity was taken back by later ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    #[serde(default)]
    pub voided: bool,
    /// By line of the receipt.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lines: BTreeMap<u32, LineProgress>,
    /// Points taken back or restored, by position of the effect, then by line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub points: BTreeMap<u32, BTreeMap<u32, Points>>,
    /// Money given back to certificates, by position of the effect, then by line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub money: BTreeMap<u32, BTreeMap<u32, Money>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineProgress {
    pub returned: Quantity,
    pub refunded: Money,
}

/// The state of one member (or of nobody, for guests) with the records at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    pub member: Option<MemberState>,
    /// Whose book it is, where it is a member's.
    pub member_id: Option<MemberId>,
    pub records: BTreeMap<ActivityId, Recorded>,
    /// What belongs to no member and is at hand.
    pub shared: Shared,
}

/// The entries that a booking made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booked {
    /// Of points.
    pub entries: Vec<ledger::Entry>,
    /// Of certificates and coupons.
    pub instrument_entries: Vec<InstrumentEntry>,
}

impl Book {
    /// Decides, by the version in force at `at`, and books nothing. A quote is just this (I13).
    pub fn decide(
        &self,
        programmes: &Programmes,
        id: ActivityId,
        at: Timestamp,
        activity: &Activity,
        candidates: Candidates,
    ) -> Result<(u32, Decision), Refusal> {
        let at = self.moment_of(at, activity);
        // A receipt that was held is judged by the version that promised it.
        let version = match self.held_by(activity) {
            Some(number) => programmes.number(number),
            None => programmes.at(at),
        };
        let version = version.ok_or(Refusal::NoProgramme)?;
        let decision = self.decide_by(version, programmes, id, at, activity, candidates)?;
        Ok((version.number, decision))
    }

    /// The occasion of the calendar that comes next, if it came by `until` and is not booked: what
    /// is to be booked under which id, and the moment by which it is judged.
    #[must_use]
    pub fn occasion_due(
        &self,
        programmes: &Programmes,
        until: Timestamp,
    ) -> Option<(ActivityId, Timestamp, Activity)> {
        let (member, state) = (self.member_id?, self.member.as_ref()?);
        let due = calendar::next_occasion(programmes, state).filter(|due| due.at <= until)?;
        let (id, at) = (due.id(member), due.at);
        Some((id, at, Activity::Occasion { occasion: due.occasion, day: due.day }))
    }

    /// The version that judged the hold which an activity confirms.
    fn held_by(&self, activity: &Activity) -> Option<u32> {
        let Activity::Purchase(Purchase { hold: Some(hold), .. }) = activity else { return None };
        self.records.get(hold).map(|record| record.version)
    }

    /// The moment by which an activity is judged. What is booked after another activity and
    /// speaks of it happened after it, whatever the clock of a till says (case 26).
    fn moment_of(&self, at: Timestamp, activity: &Activity) -> Timestamp {
        let of = match activity {
            Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => receipt,
            Activity::Void { of } | Activity::Event { of, .. } => of,
            Activity::Purchase(Purchase { hold: Some(hold), .. }) => hold,
            _ => return at,
        };
        self.records.get(of).map_or(at, |record| at.max(record.decision.at))
    }

    /// What a decision may look at.
    fn context_of<'c>(
        &'c self,
        version: &'c Version,
        activity: ActivityId,
        at: Timestamp,
    ) -> Context<'c> {
        let member = self.member.as_ref();
        Context {
            programme: &version.programme,
            member,
            member_id: self.member_id.filter(|_| member.is_some()),
            shared: &self.shared,
            at,
            activity,
        }
    }

    /// Decides by a version that is named, as a recorded activity names the one that judged it.
    pub fn decide_by(
        &self,
        version: &Version,
        programmes: &Programmes,
        id: ActivityId,
        at: Timestamp,
        activity: &Activity,
        candidates: Candidates,
    ) -> Result<Decision, Refusal> {
        let context = self.context_of(version, id, self.moment_of(at, activity));
        let decision = self.decide_alone(context, programmes, activity, candidates)?;
        teams::count_for_team(&context, &self.records, activity, decision)
    }

    /// What an activity means for the member alone.
    fn decide_alone(
        &self,
        context: Context<'_>,
        programmes: &Programmes,
        activity: &Activity,
        candidates: Candidates,
    ) -> Result<Decision, Refusal> {
        if let Some(into) = context.member.and_then(|member| member.merged_into)
            && !merge::is_for_closed(activity)
        {
            return Err(Refusal::MemberMerged { into });
        }
        let decided = match activity {
            Activity::Joining { .. } | Activity::Import { .. } => {
                let context = Context { member_id: self.member_id, ..context };
                joining::decide(context, activity, candidates)
            }
            Activity::Hold { purchase, minutes } => {
                hold::decide_hold(context, purchase, *minutes, candidates)
            }
            Activity::Purchase(purchase @ Purchase { hold: Some(held), .. }) => {
                hold::decide_confirmation(context, &self.records, *held, purchase)
            }
            Activity::Purchase(purchase) => {
                purchase::decide_purchase(context, purchase, candidates)
            }
            Activity::Return { returned } => {
                returns::decide_return(context, programmes, &self.records, returned)
            }
            Activity::Void { of } => returns::decide_void(context, programmes, &self.records, *of),
            Activity::Action { action, fields } => {
                simple::decide_action(context, action, fields, candidates)
            }
            Activity::Redemption { reward, contact } => {
                contacts::check_contact(&context, contact.as_ref(), true)?;
                simple::decide_redemption(context, reward)
            }
            Activity::Adjustment { points, amount, reason, actor } => {
                let amount = *amount;
                simple::decide_adjustment(context, &Adjusting { points, amount, reason, actor })
            }
            Activity::Settlement => simple::decide_settlement(context),
            Activity::TierSetting { ladder, tier, until, reason, actor } => {
                let setting = TierSetting { ladder, tier: tier.as_ref(), until: *until };
                by_hand::decide_tier_setting(context, &setting, reason, actor)
            }
            Activity::Incoming(incoming) => {
                derived::decide_incoming(context, programmes, &self.records, incoming)
            }
            Activity::ContactSet { contact, details } => {
                contacts::decide_contact(context, contact, Some(details))
            }
            Activity::ContactRemoved { contact } => {
                contacts::decide_contact(context, contact, None)
            }
            Activity::Gift { reward, to, person, asked_by, approved_by } => {
                let (to, person, approved_by) = (to.as_ref(), *person, approved_by.as_deref());
                let order = gifts::Order { reward, to, person, asked_by, approved_by };
                gifts::decide_gift(context, &order)
            }
            Activity::Recognition { to, amount, reason } => {
                staff::decide_recognition(context, *to, *amount, reason)
            }
            Activity::TeamSetting { team } => teams::decide_team(context, *team),
            Activity::Enrolment { by } => staff::decide_enrolment(context, *by),
            Activity::Rebate { from, until } => rebate::decide_rebate(context, *from, *until),
            Activity::Attribution { line, reason, actor } => {
                referral::decide_attribution(context, line, reason, actor)
            }
            Activity::Transfer { to, points, amount } => {
                transfer::decide_transfer(context, *to, points, *amount)
            }
            Activity::Merge { into } => merge::decide_merge(context, *into),
            Activity::Event { of, event } => {
                events::decide_event(context, programmes, &self.records, *of, event)
            }
            Activity::Occasion { occasion, day } => {
                calendar::decide_occasion(context, occasion, *day, candidates)
            }
            Activity::BenefitUse { benefit, note } => {
                entitlement::decide_benefit_use(context, benefit, note)
            }
            Activity::Fulfilment { of, effect, note, actor } => {
                entitlement::decide_fulfilment(context, *of, *effect, note, actor)
            }
            Activity::MembershipPayment { membership } => {
                membership::decide_membership_payment(context, membership)
            }
            Activity::Advance { credit, amount } => {
                credit::decide_advance(context, credit, *amount)
            }
            Activity::SetOff { credit, amount, against } => {
                credit::decide_set_off(context, credit, *amount, *against)
            }
        };
        ending::settle(context, decided?)
    }

    /// Books a decision that was made on this very book. On an error nothing has changed. An id
    /// that is booked already is refused, so that one decision takes effect once (I8).
    pub fn book(
        &mut self,
        id: ActivityId,
        version: u32,
        activity: Activity,
        decision: Decision,
    ) -> Result<Booked, Overflow> {
        if self.records.contains_key(&id) {
            return Err(Overflow);
        }
        let mut state = match &self.member {
            Some(state) => Some(state.clone()),
            None => ledger::joined(&decision),
        };
        let entries = match &mut state {
            Some(state) => ledger::book(state, id, &decision)?,
            None => Vec::new(),
        };
        let touched = self.progressed(&decision)?;
        let seen = self.shared.seen_by(&activity, &decision, &self.records);
        let (instruments, instrument_entries) =
            instrument::book_changes(&self.shared.instruments, decision.at, &decision.effects)?;
        self.shared.count(&decision.effects)?;
        self.shared.instruments.extend(instruments);
        self.records.extend(touched);
        let sequence = state.as_ref().map_or(0, |state| state.sequence);
        let progress = Progress::default();
        let recorded = Recorded { id, sequence, version, activity, decision, progress, seen };
        self.records.insert(id, recorded);
        self.member = state;
        Ok(Booked { entries, instrument_entries })
    }

    /// Books a decision of which no record is kept: for deciding a past again, where it is known
    /// that no return, void or event of it will come. A shop never forgets; it uses `book`.
    ///
    /// On an error the book is half changed and must be thrown away.
    pub fn book_unrecorded(
        &mut self,
        id: ActivityId,
        decision: &Decision,
    ) -> Result<Vec<ledger::Entry>, Overflow> {
        if self.member.is_none() {
            self.member = ledger::joined(decision);
        }
        let touched = self.progressed(decision)?;
        self.records.extend(touched);
        let (instruments, _) =
            instrument::book_changes(&self.shared.instruments, decision.at, &decision.effects)?;
        self.shared.count(&decision.effects)?;
        self.shared.instruments.extend(instruments);
        match &mut self.member {
            Some(state) => ledger::book(state, id, decision),
            None => Ok(Vec::new()),
        }
    }

    /// The records that a decision takes something back from, with their new progress.
    fn progressed(&self, decision: &Decision) -> Result<BTreeMap<ActivityId, Recorded>, Overflow> {
        let mut touched: BTreeMap<ActivityId, Recorded> = BTreeMap::new();
        for effect in &decision.effects {
            let of = match effect {
                Effect::ReturnLine { receipt, .. } => *receipt,
                Effect::Reverse { of, .. }
                | Effect::Restore { of, .. }
                | Effect::Refill { of, .. }
                | Effect::Recall { of, .. }
                | Effect::Carry { of, .. }
                | Effect::EndHold { hold: of }
                | Effect::Voided { of } => *of,
                _ => continue,
            };
            let record = match touched.entry(of) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => match self.records.get(&of) {
                    Some(record) => free.insert(record.clone()),
                    None => continue,
                },
            };
            record.progress.apply(effect)?;
        }
        Ok(touched)
    }
}

impl Progress {
    /// Follows one effect of a later activity on this one.
    pub fn apply(&mut self, effect: &Effect) -> Result<(), Overflow> {
        match effect {
            Effect::ReturnLine { line, quantity, refund, .. } => {
                let progress = self.lines.entry(*line).or_default();
                progress.returned = progress.returned.plus(*quantity)?;
                progress.refunded = progress.refunded.plus(*refund)?;
            }
            Effect::Recall { effect, amount, lines, .. } if lines.is_empty() => {
                let taken = self.points.entry(*effect).or_default().entry(0).or_default();
                *taken = taken.plus(*amount)?;
            }
            Effect::Reverse { effect, lines, .. }
            | Effect::Restore { effect, lines, .. }
            | Effect::Carry { effect, lines, .. }
            | Effect::Recall { effect, lines, .. } => {
                let by_line = self.points.entry(*effect).or_default();
                for (line, amount) in lines {
                    let taken = by_line.entry(*line).or_default();
                    *taken = taken.plus(*amount)?;
                }
            }
            Effect::Refill { effect, lines, .. } => {
                let by_line = self.money.entry(*effect).or_default();
                for (line, amount) in lines {
                    let refilled = by_line.entry(*line).or_default();
                    *refilled = refilled.plus(*amount)?;
                }
            }
            Effect::Voided { .. } | Effect::EndHold { .. } => self.voided = true,
            _ => {}
        }
        Ok(())
    }

    #[must_use]
    pub fn line(&self, line: u32) -> LineProgress {
        self.lines.get(&line).copied().unwrap_or_default()
    }

    #[must_use]
    pub fn points_of(&self, effect: u32, line: u32) -> Points {
        self.points
            .get(&effect)
            .and_then(|by_line| by_line.get(&line))
            .copied()
            .unwrap_or(Points::ZERO)
    }

    /// What a certificate got back of one payment, for a line.
    #[must_use]
    pub fn money_of(&self, effect: u32, line: u32) -> Money {
        let by_line = self.money.get(&effect);
        by_line.and_then(|by_line| by_line.get(&line)).copied().unwrap_or_default()
    }

    /// What a certificate got back of one payment in all.
    pub fn money_in_all(&self, effect: u32) -> Result<Money, Overflow> {
        Money::sum(self.money.get(&effect).into_iter().flat_map(BTreeMap::values).copied())
    }

    /// Points taken back from, or restored of, one effect in all.
    pub fn points_in_all(&self, effect: u32) -> Result<Points, Overflow> {
        Points::sum(self.points.get(&effect).into_iter().flat_map(BTreeMap::values).copied())
    }
}
