//! One programme deciding a past in memory, one book after another.
//!
//! It books into books that nobody stores. What it must do exactly as the pipeline does: every
//! decision by the engine, in order, on the state that the ones before it left.

use super::past::{Memory, Past, PastMember};
use super::walk::Following;
use jiff::Timestamp;
use std::sync::Arc;
use symbolon_core::engine::{
    Activity, Book, Candidates, Decision, Purchase, Refusal, Shared, derived_of,
};
use symbolon_core::ledger::Entry;
use symbolon_core::programme::{Programme, Programmes, Version};
use symbolon_core::values::{ActivityId, MemberId};

/// A return without a receipt is matched to so many of a member's newest receipts.
const RECEIPTS_MATCHED_MAX: usize = crate::store::nouns::activities::RECEIPTS_MATCHED_MAX as usize;

/// A programme, and what of its limits for all is used.
#[derive(Debug)]
pub struct Judge {
    programmes: Programmes,
    programme: Arc<Programme>,
    /// What belongs to no member, where the past is decided in one order for all.
    pub shared: Shared,
    shares: bool,
}

/// What follows for others from one decision.
#[must_use]
pub fn following_of(
    side: usize,
    past: &Past,
    member: Option<MemberId>,
    decision: &Decision,
) -> Vec<Following> {
    let derived = derived_of(past.id, member, decision);
    derived.into_iter().map(|derived| Following { side, at: past.at, derived }).collect()
}

/// What came of one activity.
#[derive(Debug)]
pub struct Told {
    pub decision: Decision,
    /// What it moved, in points.
    pub entries: Vec<Entry>,
    /// Why it could not be had as it was asked for: it was decided without the rewards, codes
    /// and payments that the programme does not have.
    pub without: Option<Refusal>,
}

impl Judge {
    #[must_use]
    pub fn new(programme: &Arc<Programme>, shares: bool) -> Self {
        let version = Version { number: 1, from: Timestamp::MIN, programme: Arc::clone(programme) };
        Self {
            programmes: Programmes::new(vec![version]),
            programme: Arc::clone(programme),
            shared: Shared::default(),
            shares,
        }
    }

    #[must_use]
    pub fn programme(&self) -> &Arc<Programme> {
        &self.programme
    }

    /// A book for somebody nothing is known of.
    #[must_use]
    pub fn open(member: &PastMember) -> Book {
        Book { member_id: member.member, ..Book::default() }
    }

    /// Decides one activity and books it. `memory` says what later ones may speak of.
    pub fn decide(
        &mut self,
        book: &mut Book,
        past: &Past,
        memory: Memory,
    ) -> Result<Told, Refusal> {
        if self.shares {
            std::mem::swap(&mut book.shared, &mut self.shared);
        }
        for (id, instrument) in &past.shown {
            book.shared.instruments.entry(*id).or_insert_with(|| instrument.clone());
        }
        let told = self.decide_on(book, past, memory);
        if self.shares {
            std::mem::swap(&mut book.shared, &mut self.shared);
        }
        told
    }

    /// Decides and books what another member's activity means for this one.
    pub fn follow(
        &mut self,
        book: &mut Book,
        following: &Following,
    ) -> Result<(Past, Told), Refusal> {
        let Following { at, derived, .. } = following;
        let activity = Activity::Incoming(derived.incoming.clone());
        let (at, shown) = (*at, Vec::new());
        let past = Past { at, id: derived.id, label: None, activity, shown };
        let told = self.decide(book, &past, Memory::Everything)?;
        Ok((past, told))
    }

    fn decide_on(&self, book: &mut Book, past: &Past, memory: Memory) -> Result<Told, Refusal> {
        let first = self.ask(book, past, &past.activity);
        let (decision, without, activity) = match (first, plainly(&past.activity)) {
            (Ok(decision), _) => (decision, None, None),
            (Err(refusal), Some(plain)) => {
                let activity = Activity::Purchase(plain);
                (self.ask(book, past, &activity)?, Some(refusal), Some(activity))
            }
            (Err(refusal), None) => return Err(refusal),
        };
        let is_receipt = matches!(past.activity, Activity::Purchase(_));
        let is_kept = match memory {
            Memory::Nothing => {
                book.records.clear();
                false
            }
            Memory::NewestReceipts => is_receipt,
            Memory::Everything => true,
        };
        if !is_kept {
            let booked = book.book_unrecorded(past.id, &decision);
            let entries = booked.map_err(|_| Refusal::Overflow)?;
            return Ok(Told { decision, entries, without });
        }
        let activity = activity.unwrap_or_else(|| past.activity.clone());
        let booked = book.book(past.id, 1, activity, decision.clone());
        let entries = booked.map_err(|_| Refusal::Overflow)?.entries;
        if memory == Memory::NewestReceipts && book.records.len() > RECEIPTS_MATCHED_MAX {
            // In a past from a file ids follow the time.
            book.records.pop_first();
        }
        Ok(Told { decision, entries, without })
    }

    fn ask(&self, book: &Book, past: &Past, activity: &Activity) -> Result<Decision, Refusal> {
        let asked =
            book.decide(&self.programmes, past.id, past.at, activity, Candidates::Indexed)?;
        Ok(asked.1)
    }

    /// Books what has run out at the end, so that sums over entries show it.
    pub fn settle(&self, book: &mut Book, at: Timestamp) -> Result<Vec<Entry>, Refusal> {
        book.records.clear();
        let id = ActivityId::new(u128::MAX);
        let activity = Activity::Settlement;
        let decided = book.decide(&self.programmes, id, at, &activity, Candidates::Indexed)?;
        book.book_unrecorded(id, &decided.1).map_err(|_| Refusal::Overflow)
    }
}

/// The receipt without the rewards, codes and payments on it; nothing where it has none.
fn plainly(activity: &Activity) -> Option<Purchase> {
    let Activity::Purchase(purchase) = activity else { return None };
    let is_plain = purchase.rewards.is_empty()
        && purchase.codes.is_empty()
        && purchase.pay.is_empty()
        && purchase.hold.is_none();
    if is_plain {
        return None;
    }
    let mut plain = purchase.clone();
    plain.rewards.clear();
    plain.codes.clear();
    plain.pay.clear();
    plain.hold = None;
    Some(plain)
}
