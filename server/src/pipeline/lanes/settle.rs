//! What attempts left behind that nobody ended: claims and things that are set aside.
//!
//! An attempt that is in the way is waited for, and then given up for whoever made it: its row in
//! the bucket of its members is written first, so that it can be booked no more. Only then is
//! taken what it had. Waiting is for politeness; whoever waits too short makes others decide
//! again, and breaks nothing.

use super::super::workspace::Workspace;
use super::{Lanes, Pipeline};
use crate::store::nouns::attempts::{self, AttemptId, Fate, Moved};
use crate::store::nouns::claims::{self, ClaimKey};
use crate::store::nouns::reservations::{self, Reserved};
use crate::store::nouns::{activities, contacts, directories, members};
use crate::store::{Reader, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use symbolon_core::values::{ActivityId, InstrumentId, MemberId};

/// How long things stay set aside for an attempt that nobody ends.
pub const SETTLE_AFTER: SignedDuration = SignedDuration::from_secs(10);
/// How often an attempt in the way is looked at before it is given up: about half a second.
const LOOKS_MAX: u32 = 40;
/// The longest wait between two looks.
const WAIT_MAX: u32 = 16;

/// How often a batch has waited for the attempts of others.
#[derive(Debug, Default)]
pub(super) struct Waits(u32);

/// Something that stands in the way, of an attempt that may still be booked.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Doubt {
    pub attempt: AttemptId,
    pub about: About,
}

#[derive(Debug, Clone)]
pub(in crate::pipeline) enum About {
    /// A claim, and what would be there if it were booked.
    Claim(ClaimKey, Proof),
    Instrument,
}

/// What is there once a claim is booked, whoever did it.
#[derive(Debug, Clone, Copy)]
pub(in crate::pipeline) enum Proof {
    Activity(ActivityId),
    Member(MemberId),
}

/// Lets others go on, longer each time.
pub(super) fn wait_a_little(times: u32) {
    std::thread::park_timeout(Duration::from_millis(u64::from(times.min(WAIT_MAX))));
}

impl Workspace {
    pub(in crate::pipeline) fn doubt(&mut self, attempt: AttemptId, about: About) {
        self.doubts.push(Doubt { attempt, about });
    }
}

impl Pipeline {
    /// Ends what stands in the way, or waits a little for those who made it.
    pub(super) fn resolve(
        &self,
        lanes: &Lanes,
        doubts: &[Doubt],
        waits: &mut Waits,
    ) -> Result<(), StoreError> {
        let is_enough = waits.0 >= LOOKS_MAX;
        let attempts: BTreeSet<AttemptId> = doubts.iter().map(|doubt| doubt.attempt).collect();
        let mut fates: BTreeMap<AttemptId, Option<Fate>> = BTreeMap::new();
        for attempt in attempts {
            let fate = if is_enough {
                Some(self.fenced(lanes, attempt)?)
            } else {
                self.store.read(|reader| self.fate(reader, attempt))?
            };
            fates.insert(attempt, fate);
        }
        let mut waiting = false;
        for doubt in doubts {
            let fate = fates.get(&doubt.attempt).copied().flatten();
            match (&doubt.about, fate) {
                (_, None) => waiting = true,
                (About::Claim(key, proof), Some(Fate::GivenUp)) => {
                    self.void_claim(key, *proof, doubt.attempt)?;
                }
                // It is there now; what was read before is read again.
                (About::Claim(..), Some(Fate::Booked)) => {}
                (About::Instrument, Some(fate)) => self.settle_attempt(doubt.attempt, fate)?,
            }
        }
        if is_enough {
            // What it had set aside may be just what is wanted now.
            for (attempt, fate) in &fates {
                if let Some(Fate::GivenUp) = fate {
                    self.settle_attempt(*attempt, Fate::GivenUp)?;
                }
            }
            waits.0 = 0;
        } else if waiting {
            waits.0 += 1;
            wait_a_little(waits.0);
        }
        Ok(())
    }

    fn fate(
        &self,
        reader: &mut Reader<'_>,
        attempt: AttemptId,
    ) -> Result<Option<Fate>, StoreError> {
        attempts::attempt_fate(reader, self.business, attempt)
    }

    /// What became of an attempt; it is given up unless it is booked.
    fn fenced(&self, lanes: &Lanes, attempt: AttemptId) -> Result<Fate, StoreError> {
        if let Some(fate) = self.store.read(|reader| self.fate(reader, attempt))? {
            return Ok(fate);
        }
        let now = lanes.world.now();
        self.store.write(|transaction| {
            attempts::attempt_give_up(transaction, self.business, attempt, now)
        })?;
        // Another look, because it may have been booked at the very moment.
        let fate = self.store.read(|reader| self.fate(reader, attempt))?;
        Ok(fate.unwrap_or(Fate::Booked))
    }

    /// Removes a claim of an attempt that was given up, unless what it stands for is there: an
    /// attempt that was booked long ago is forgotten, and could be taken for one that goes on.
    fn void_claim(
        &self,
        key: &ClaimKey,
        proof: Proof,
        attempt: AttemptId,
    ) -> Result<(), StoreError> {
        let is_there = self.store.read(|reader| match proof {
            Proof::Activity(activity) => {
                let found = activities::activities_find(reader, self.business, &[activity])?;
                Ok::<_, StoreError>(found.iter().any(Option::is_some))
            }
            Proof::Member(member) => {
                let found = members::states_find(reader, self.business, &[member])?;
                Ok(found.iter().any(Option::is_some))
            }
        })?;
        if is_there {
            return Ok(());
        }
        self.store
            .write(|transaction| claims::claim_remove(transaction, self.business, key, attempt))
    }

    /// Confirms or undoes all that an attempt has set aside.
    fn settle_attempt(&self, attempt: AttemptId, fate: Fate) -> Result<(), StoreError> {
        let reserved = self
            .store
            .read(|reader| reservations::reservations_of(reader, self.business, attempt))?;
        for one in reserved {
            self.settle_one(&one, attempt, fate)?;
        }
        Ok(())
    }

    fn settle_one(
        &self,
        reserved: &Reserved,
        attempt: AttemptId,
        fate: Fate,
    ) -> Result<(), StoreError> {
        self.store.write(|transaction| {
            reserved.settle(transaction, self.business, attempt, fate == Fate::Booked)
        })
    }

    /// Waits until nobody has set an instrument aside any more.
    pub(crate) fn free_instrument(&self, instrument: InstrumentId) -> Result<(), StoreError> {
        let Some(lanes) = &self.lanes else { return Ok(()) };
        let mut waits = Waits::default();
        loop {
            let found = self.store.read(|reader| {
                reservations::instrument_reservations_find(reader, self.business, &[instrument])
            })?;
            let Some(attempt) = found.into_iter().next().flatten() else { return Ok(()) };
            let doubt = Doubt { attempt, about: About::Instrument };
            self.resolve(lanes, &[doubt], &mut waits)?;
        }
    }

    /// Lets the identifiers and the names of contacts of a member that was merged go to the other.
    /// It may be done again.
    pub(super) fn move_names(&self, moved: (MemberId, MemberId)) -> Result<(), StoreError> {
        let (from, to) = moved;
        let own = self
            .store
            .read(|reader| directories::identifiers_of_member(reader, self.business, from))?;
        let buckets: BTreeSet<u8> = own
            .into_iter()
            .map(|identifier| ClaimKey::Identifier(identifier).bucket().number())
            .collect();
        for bucket in buckets {
            self.store.write(|transaction| {
                claims::identifiers_move_in(transaction, self.business, bucket, moved)
            })?;
        }
        let names =
            self.store.read(|reader| contacts::contact_names_read(reader, self.business, from))?;
        if names.is_empty() {
            return Ok(());
        }
        self.store.write(|transaction| {
            contacts::contact_names_add(transaction, self.business, to, &names)
        })?;
        self.store
            .write(|transaction| contacts::contact_names_remove(transaction, self.business, from))
    }

    /// Ends what attempts left behind that began by a moment: confirms what is booked, and gives
    /// up the rest. Says how much there was. It may run at any time, on any server, and be stopped.
    pub fn settle(&self, by: Timestamp) -> Result<usize, StoreError> {
        let Some(lanes) = &self.lanes else { return Ok(0) };
        let open =
            self.store.read(|reader| reservations::reservations_list(reader, self.business, by))?;
        let mut fates: BTreeMap<AttemptId, Fate> = BTreeMap::new();
        for (attempt, reserved) in &open {
            let fate = match fates.get(attempt) {
                Some(fate) => *fate,
                None => self.fenced(lanes, *attempt)?,
            };
            fates.insert(*attempt, fate);
            self.settle_one(reserved, *attempt, fate)?;
        }
        // Whatever of these was set aside is older than they are, and so it is settled now.
        let booked =
            self.store.read(|reader| attempts::attempts_booked(reader, self.business, by))?;
        for (attempt, moved) in &booked {
            self.settle_attempt(*attempt, Fate::Booked)?;
            self.finish_moves(moved)?;
            self.store.write(|transaction| {
                attempts::attempts_forget(transaction, self.business, &[*attempt])
            })?;
        }
        Ok(open.len() + booked.len())
    }

    fn finish_moves(&self, moved: &Moved) -> Result<(), StoreError> {
        moved.iter().try_for_each(|moved| self.move_names(*moved))
    }
}
