//! What belongs to no member and what decisions still read and change.
//!
//! It is handed to a decision like the member's state, and what a decision saw of it is recorded
//! with the decision, so that each member can be decided again alone.

use super::activity::{Activity, Payment, Presented, Purchase, Returned};
use super::book::Recorded;
use super::counters::{CounterKey, SharedCounter, pairs};
use super::decision::{Decision, Effect, Refusal};
use crate::instrument::{Instrument, changes_of};
use crate::programme::QuotaPer;
use crate::values::{ActivityId, InstrumentId, Overflow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The shared things at hand. What is not at hand does not exist for a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub instruments: BTreeMap<InstrumentId, Instrument>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "pairs")]
    pub counters: BTreeMap<CounterKey, SharedCounter>,
    /// One word of chance for the activity at hand, where it may win something. It is recorded
    /// with the decision that looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<u64>,
    /// A counter that is not at hand may still exist; otherwise it counts as unused.
    #[serde(skip)]
    pub counters_are_partial: bool,
}

impl Shared {
    /// Nothing at hand.
    pub const NOTHING: Self = Self {
        instruments: BTreeMap::new(),
        counters: BTreeMap::new(),
        chance: None,
        counters_are_partial: false,
    };

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.instruments.is_empty() && self.counters.is_empty() && self.chance.is_none()
    }

    /// What of a limit cannot be had at a moment.
    pub(super) fn used(&self, key: &CounterKey, at: Timestamp) -> Result<i64, Refusal> {
        match self.counters.get(key) {
            Some(counter) => Ok(counter.taken_at(at)),
            None if self.counters_are_partial => {
                Err(Refusal::CounterNotAtHand { counter: Box::new(key.clone()) })
            }
            None => Ok(0),
        }
    }

    /// Follows what a decision counted.
    pub(super) fn count(&mut self, effects: &[Effect]) -> Result<(), Overflow> {
        for effect in effects {
            let Effect::CountShared { counter, change } = effect else { continue };
            if counter.per != QuotaPer::Member {
                let known = self.counters.entry(counter.clone()).or_default();
                known.used = known.used.checked_add(*change).ok_or(Overflow)?;
            }
        }
        Ok(())
    }

    /// What of it a decision may have looked at, as it is now.
    pub(super) fn seen_by(
        &self,
        activity: &Activity,
        decision: &Decision,
        records: &BTreeMap<ActivityId, Recorded>,
    ) -> Self {
        // Also where nothing was won: whoever asks later why, asks with the same chance.
        let chance = self.chance.filter(|_| may_win(activity));
        if self.instruments.is_empty() {
            return Self { chance, ..Self::default() };
        }
        let mut ids = instruments_named(activity);
        for effect in &decision.effects {
            let of = match effect {
                Effect::ReturnLine { receipt, .. } => receipt,
                Effect::Voided { of } | Effect::EndHold { hold: of } => of,
                _ => continue,
            };
            ids.extend(records.get(of).into_iter().flat_map(instruments_touched));
        }
        let known = ids.into_iter().filter_map(|id| Some((id, self.instruments.get(&id)?.clone())));
        Self { instruments: known.collect(), chance, ..Self::default() }
    }
}

/// Whether an activity may win something by chance. What is held does not.
#[must_use]
pub const fn may_win(activity: &Activity) -> bool {
    matches!(activity, Activity::Purchase(Purchase { hold: None, .. }) | Activity::Action { .. })
}

/// The instruments that an activity names itself.
#[must_use]
pub fn instruments_named(activity: &Activity) -> BTreeSet<InstrumentId> {
    let (Activity::Purchase(purchase) | Activity::Hold { purchase, .. }) = activity else {
        return BTreeSet::new();
    };
    let presented = purchase.codes.iter().filter_map(|code| match code {
        Presented::Instrument(id) => Some(*id),
        Presented::Public(_) | Presented::Unknown => None,
    });
    presented.chain(purchase.lines.iter().filter_map(|line| line.sells)).collect()
}

/// The instruments that an activity changed or issued: a return of it looks at them again.
pub fn instruments_touched(record: &Recorded) -> impl Iterator<Item = InstrumentId> {
    record.decision.effects.iter().filter_map(|effect| match effect {
        Effect::IssueCoupon { instrument, .. } => Some(*instrument),
        other => changes_of(other).map(|(instrument, _)| instrument),
    })
}

/// The instruments that a decision about an activity needs at hand.
#[must_use]
pub fn instruments_needed(
    activity: &Activity,
    records: &BTreeMap<ActivityId, Recorded>,
) -> BTreeSet<InstrumentId> {
    let of = |id: &ActivityId| records.get(id).into_iter().flat_map(instruments_touched);
    match activity {
        Activity::Purchase(Purchase { hold: Some(hold), .. }) => of(hold).collect(),
        Activity::Purchase(_) | Activity::Hold { .. } => instruments_named(activity),
        Activity::Void { of: voided } => of(voided).collect(),
        Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => of(receipt).collect(),
        Activity::Return { returned: Returned::WithoutReceipt { .. } } => {
            records.values().flat_map(instruments_touched).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// Whether a receipt has nothing to do with instruments and payments at all, as most have not.
pub(super) fn is_plain(purchase: &Purchase) -> bool {
    let Purchase { codes, pay, lines, .. } = purchase;
    codes.is_empty() && pay.is_empty() && lines.iter().all(|line| line.sells.is_none())
}

/// Whether a payment with a presented certificate is asked for by name.
pub(super) fn pays_with(purchase: &Purchase, position: u32) -> bool {
    let names = |payment: &Payment| match payment {
        Payment::Certificate { presented, .. } => *presented == position,
        Payment::Points { .. } => false,
    };
    purchase.pay.iter().any(names)
}
