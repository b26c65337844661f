//! What a round means, shared out by bucket: what is booked in it, and what is asked of it.

use super::super::command::{Answer, Failure};
use super::super::workspace::Workspace;
use super::round::net_counts;
use super::{KeysTaken, Lanes, Pipeline};
use crate::store::nouns::activities::{self, ActivityRow, ProgressChange};
use crate::store::nouns::attempts::{self, AttemptId, Moved};
use crate::store::nouns::businesses::BusinessId;
use crate::store::nouns::calendar::{self, NextMoment};
use crate::store::nouns::claims::{self, AnswerClaim, ClaimKey, Claimed};
use crate::store::nouns::derived::{self, WaitingActivity};
use crate::store::nouns::directories::{Identifier, KnownActivity, NaturalKey};
use crate::store::nouns::entries;
use crate::store::nouns::holds::{self, OpenHold};
use crate::store::nouns::instruments::{CodeHash, InstrumentEntryRow, codes_add, codes_find};
use crate::store::nouns::members::{self, Chain, StateChange};
use crate::store::nouns::reservations::{
    CounterWish, InstrumentWish, counter_bucket, counter_reserve, counter_settle_known,
    instrument_reserve, instrument_settle,
};
use crate::store::nouns::tasks::{self, TaskKey, TaskRow};
use crate::store::{StoreError, Transaction};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_core::engine::{CounterKey, Effect, Progress};
use symbolon_core::instrument::Instrument;
use symbolon_core::ledger::Entry;
use symbolon_core::member::MemberState;
use symbolon_core::values::{ActivityId, Bucket, InstrumentId, MemberId};

/// What is booked in one bucket, all of it or nothing.
pub(super) struct Share {
    pub attempt: AttemptId,
    members: Vec<(MemberId, u64, MemberState, Chain)>,
    moments: Vec<NextMoment>,
    activities: Vec<(ActivityRow, String)>,
    opened_holds: Vec<OpenHold>,
    ended_holds: Vec<(MemberId, ActivityId)>,
    opened_tasks: Vec<TaskRow>,
    closed_tasks: Vec<TaskKey>,
    derived: Vec<WaitingActivity>,
    entries: Vec<(MemberId, Entry)>,
    progress: Vec<ProgressChange>,
    guests: Vec<(ActivityId, Progress, Progress)>,
    profiles: Vec<(MemberId, Option<String>, Timestamp)>,
    pub moved: Moved,
    /// Attempts of the bucket that can be forgotten.
    pub done: Vec<AttemptId>,
}

impl Share {
    fn new(attempt: AttemptId) -> Self {
        Self {
            attempt,
            members: Vec::new(),
            moments: Vec::new(),
            activities: Vec::new(),
            opened_holds: Vec::new(),
            ended_holds: Vec::new(),
            opened_tasks: Vec::new(),
            closed_tasks: Vec::new(),
            derived: Vec::new(),
            entries: Vec::new(),
            progress: Vec::new(),
            guests: Vec::new(),
            profiles: Vec::new(),
            moved: Moved::new(),
            done: Vec::new(),
        }
    }

    /// Books it. Says whether all members are still what they were when it was decided.
    fn write(
        &self,
        transaction: &mut Transaction<'_>,
        business: BusinessId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        attempts::attempt_book(transaction, business, self.attempt, &self.moved, now)?;
        let changes: Vec<StateChange<'_>> = self
            .members
            .iter()
            .map(|(member, before, state, chain)| {
                let (member, before, chain) = (*member, *before, *chain);
                StateChange { member, before, state, chain }
            })
            .collect();
        if !members::states_replace(transaction, business, &changes)? {
            return Ok(false);
        }
        for (activity, before, after) in &self.guests {
            let change = (before, after);
            if !activities::guest_progress_replace(transaction, business, *activity, change)? {
                return Ok(false);
            }
        }
        calendar::calendar_write(transaction, business, &self.moments)?;
        activities::activities_add_answered(transaction, business, &self.activities)?;
        holds::holds_add(transaction, business, &self.opened_holds)?;
        holds::holds_remove(transaction, &self.ended_holds)?;
        tasks::tasks_add(transaction, business, &self.opened_tasks)?;
        tasks::tasks_remove(transaction, &self.closed_tasks)?;
        derived::derived_add(transaction, business, &self.derived)?;
        entries::entries_add(transaction, business, &self.entries)?;
        activities::progress_write(transaction, business, &self.progress)?;
        members::profiles_add(transaction, business, &self.profiles)?;
        attempts::attempts_forget(transaction, business, &self.done)?;
        Ok(true)
    }
}

/// Why a share was not written.
enum NotBooked {
    /// Somebody moved on, or the attempt was given up.
    Lost,
    Store(StoreError),
}

impl From<StoreError> for NotBooked {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unique { .. } | StoreError::Busy => Self::Lost,
            error => Self::Store(error),
        }
    }
}

impl Pipeline {
    /// Books a share. Says whether it is booked; where it is not, nothing of it is.
    pub(super) fn book_share(&self, share: &Share, now: Timestamp) -> Result<bool, StoreError> {
        let booked =
            self.store.write(|transaction| match share.write(transaction, self.business, now) {
                Ok(true) => Ok(()),
                Ok(false) => Err(NotBooked::Lost),
                Err(error) => Err(NotBooked::from(error)),
            });
        match booked {
            Ok(()) => Ok(true),
            Err(NotBooked::Lost) => Ok(false),
            Err(NotBooked::Store(error)) => Err(error),
        }
    }
}

/// What is asked of one bucket: claims of keys, and what is set aside of limits and instruments.
#[derive(Default)]
pub(super) struct Ask {
    naturals: Vec<(NaturalKey, KnownActivity, AttemptId)>,
    answers: Vec<AnswerClaim>,
    identifiers: Vec<(Identifier, MemberId, Timestamp, AttemptId)>,
    codes: Vec<(CodeHash, InstrumentId)>,
    counters: BTreeMap<CounterKey, CounterWish>,
    instruments: Vec<InstrumentWish>,
}

/// Who did not get what was asked for.
#[derive(Default)]
pub(super) struct NotGiven {
    pub attempts: BTreeSet<AttemptId>,
    /// Keys under which an earlier answer was to be kept.
    pub keys: KeysTaken,
}

/// Which buckets' shares were not booked, and which callers' keys were taken meanwhile.
#[derive(Default)]
pub(super) struct Written {
    pub failed: BTreeSet<u8>,
    pub keys_taken: KeysTaken,
}

impl Ask {
    /// Asks for everything. What is not to be had is told, and the rest is given all the same.
    pub(super) fn write(
        &self,
        transaction: &mut Transaction<'_>,
        business: BusinessId,
        now: Timestamp,
    ) -> Result<NotGiven, StoreError> {
        let mut not = NotGiven::default();
        let given = claims::natural_claims_add(transaction, business, &self.naturals)?;
        let lost = self.naturals.iter().zip(given).filter(|(_, given)| !given);
        not.attempts.extend(lost.map(|((.., attempt), _)| *attempt));
        let given = claims::identifier_claims_add(transaction, business, &self.identifiers)?;
        let lost = self.identifiers.iter().zip(given).filter(|(_, given)| !given);
        not.attempts.extend(lost.map(|((.., attempt), _)| *attempt));
        let given = claims::answer_claims_add(transaction, business, &self.answers)?;
        for ((key, _, claimed, _), _) in self.answers.iter().zip(given).filter(|(_, given)| !given)
        {
            match claimed {
                Claimed::Activity(_, attempt) => {
                    not.attempts.insert(*attempt);
                }
                Claimed::Answer(_) => {
                    not.keys.insert(key.clone());
                }
            }
        }
        let given = codes_add(transaction, business, None, &self.codes)?;
        for (code, _) in self.codes.iter().zip(given).filter(|(_, given)| !given) {
            // It may have been entered by an attempt to issue the same coupon.
            let known = codes_find(transaction, business, &[code.0])?;
            if known.first().copied().flatten().map(|found| found.instrument) != Some(code.1) {
                return Err(StoreError::Other { source: "a new code is not new".into() });
            }
        }
        for wish in self.counters.values() {
            if !counter_reserve(transaction, business, wish, now)? {
                not.attempts.extend(wish.parts.iter().map(|(attempt, ..)| *attempt));
            }
        }
        for wish in &self.instruments {
            if !instrument_reserve(transaction, business, wish, now)? {
                not.attempts.insert(wish.attempt);
            }
        }
        Ok(not)
    }

    /// What there is to confirm and to undo, if anything.
    pub(super) fn ending(&self, failed: &BTreeSet<AttemptId>) -> Option<Ending> {
        let mut ending = Ending::default();
        let mut undo = |key: ClaimKey, attempt: &AttemptId| {
            if failed.contains(attempt) {
                ending.claims.push((key, *attempt));
            }
        };
        for (natural, _, attempt) in &self.naturals {
            undo(ClaimKey::Natural(natural.clone()), attempt);
        }
        for (identifier, .., attempt) in &self.identifiers {
            undo(ClaimKey::Identifier(identifier.clone()), attempt);
        }
        for (key, _, claimed, _) in &self.answers {
            if let Claimed::Activity(_, attempt) = claimed {
                undo(ClaimKey::Answer(key.clone()), attempt);
            }
        }
        for wish in self.counters.values() {
            let outs = wish.parts.iter().map(|(attempt, taken, given_back)| {
                (*attempt, if failed.contains(attempt) { *taken } else { *given_back })
            });
            ending.counters.push((wish.counter.clone(), outs.collect()));
        }
        for wish in &self.instruments {
            let is_booked = !failed.contains(&wish.attempt);
            ending.instruments.push((wish.instrument, wish.attempt, is_booked));
        }
        let is_empty =
            ending.claims.is_empty() && ending.counters.is_empty() && ending.instruments.is_empty();
        (!is_empty).then_some(ending)
    }
}

/// The end of what was asked of one bucket.
#[derive(Default)]
pub(super) struct Ending {
    claims: Vec<(ClaimKey, AttemptId)>,
    /// With what comes out of each counter for each attempt.
    counters: Vec<(CounterKey, Vec<(AttemptId, i64)>)>,
    /// With whether the attempt is booked.
    instruments: Vec<(InstrumentId, AttemptId, bool)>,
}

impl Ending {
    pub(super) fn write(
        &self,
        transaction: &mut Transaction<'_>,
        business: BusinessId,
    ) -> Result<(), StoreError> {
        for (key, attempt) in &self.claims {
            claims::claim_remove(transaction, business, key, *attempt)?;
        }
        for (counter, outs) in &self.counters {
            counter_settle_known(transaction, business, counter, outs)?;
        }
        for (instrument, attempt, is_booked) in &self.instruments {
            instrument_settle(transaction, business, *instrument, *attempt, *is_booked)?;
        }
        Ok(())
    }
}

/// Shares and asks by bucket, while they are put together.
struct SharedOut<'a> {
    lanes: &'a Lanes,
    shares: BTreeMap<u8, Share>,
    asks: BTreeMap<u8, Ask>,
}

impl SharedOut<'_> {
    fn share(&mut self, bucket: Bucket) -> &mut Share {
        let lanes = self.lanes;
        self.shares.entry(bucket.number()).or_insert_with(|| Share::new(lanes.attempt(bucket)))
    }

    fn ask(&mut self, bucket: Bucket) -> &mut Ask {
        self.asks.entry(bucket.number()).or_default()
    }

    /// What is booked of members and guests.
    fn add_books(&mut self, workspace: &mut Workspace) {
        for moment in workspace.next_moments() {
            self.share(moment.0.bucket()).moments.push(moment);
        }
        for hold in workspace.opened_holds() {
            self.share(hold.0.bucket()).opened_holds.push(hold);
        }
        for hold in workspace.ended_holds() {
            self.share(hold.0.bucket()).ended_holds.push(hold);
        }
        for task in workspace.opened_tasks() {
            self.share(task.member.bucket()).opened_tasks.push(task);
        }
        for task in workspace.closed_tasks() {
            self.share(task.0.bucket()).closed_tasks.push(task);
        }
        for change in workspace.progress_changes() {
            let (member, activity, after) = change;
            let share = self.share(activity.bucket());
            match workspace.guest_progress.get(&activity).filter(|_| member.is_none()) {
                Some(before) => share.guests.push((activity, before.clone(), after)),
                None => share.progress.push((member, activity, after)),
            }
        }
        for (member, working) in std::mem::take(&mut workspace.members) {
            let Some(state) = working.book.member.filter(|_| working.changed) else { continue };
            let change = (member, working.stored, state, working.chain);
            self.share(member.bucket()).members.push(change);
        }
        for waiting in std::mem::take(&mut workspace.new_derived) {
            self.share(waiting.key.bucket).derived.push(waiting);
        }
        for entry in std::mem::take(&mut workspace.new_entries) {
            self.share(entry.0.bucket()).entries.push(entry);
        }
        for profile in std::mem::take(&mut workspace.new_profiles) {
            self.share(profile.0.bucket()).profiles.push(profile);
        }
        for moved in std::mem::take(&mut workspace.moved_identifiers) {
            self.share(moved.0.bucket()).moved.push(moved);
        }
    }

    /// Keys that are claimed.
    fn add_claims(&mut self, workspace: &mut Workspace) {
        for (natural, known) in std::mem::take(&mut workspace.new_naturals) {
            let attempt = self.share(known.activity.bucket()).attempt;
            let bucket = ClaimKey::Natural(natural.clone()).bucket();
            self.ask(bucket).naturals.push((natural, known, attempt));
        }
        let answers = std::mem::take(&mut workspace.new_answers);
        let answered_by = std::mem::take(&mut workspace.answered_by);
        for ((key, stored, at), activity) in answers.into_iter().zip(answered_by) {
            let claimed = match activity {
                Some(activity) => {
                    let attempt = self.share(activity.bucket()).attempt;
                    Claimed::Activity(activity, attempt)
                }
                // What it repeats is booked, so the answer stands.
                None => Claimed::Answer(stored.answer),
            };
            let bucket = ClaimKey::Answer(key.clone()).bucket();
            self.ask(bucket).answers.push((key, stored.fingerprint, claimed, at));
        }
        for (identifier, member, at) in std::mem::take(&mut workspace.new_identifiers) {
            let attempt = self.share(member.bucket()).attempt;
            let bucket = ClaimKey::Identifier(identifier.clone()).bucket();
            self.ask(bucket).identifiers.push((identifier, member, at, attempt));
        }
    }

    fn add_counters(&mut self, workspace: &Workspace) -> Result<(), StoreError> {
        for row in &workspace.new_activities {
            let attempt = self.share(row.recorded.id.bucket()).attempt;
            for (counter, change) in net_counts(&row.recorded.decision.effects) {
                if change == 0 {
                    continue;
                }
                let seen = workspace.stored_counters.get(&counter).copied().unwrap_or(0);
                let ask = self.ask(counter_bucket(&counter)?);
                let wish = ask.counters.entry(counter.clone()).or_insert_with(|| CounterWish {
                    counter,
                    seen,
                    parts: Vec::new(),
                });
                let (taken, given_back) = (change.max(0), change.min(0).saturating_neg());
                match wish.parts.iter_mut().find(|(of, ..)| *of == attempt) {
                    Some(part) => {
                        part.1 = part.1.saturating_add(taken);
                        part.2 = part.2.saturating_add(given_back);
                    }
                    None => wish.parts.push((attempt, taken, given_back)),
                }
            }
        }
        Ok(())
    }

    /// Instruments that activities changed or issued. No two activities of a round share one.
    fn add_instruments(
        &mut self,
        workspace: &mut Workspace,
        code_of: impl Fn(InstrumentId, &Instrument) -> Result<CodeHash, StoreError>,
    ) -> Result<(), StoreError> {
        let mut touched: BTreeMap<InstrumentId, (Bucket, Vec<InstrumentEntryRow>)> =
            BTreeMap::new();
        for row in &workspace.new_activities {
            for effect in &row.recorded.decision.effects {
                let Effect::IssueCoupon { instrument, .. } = effect else { continue };
                let bucket = row.recorded.id.bucket();
                touched.entry(*instrument).or_insert_with(|| (bucket, Vec::new()));
                let Some(state) = workspace.shared.instruments.get(instrument) else { continue };
                let hash = code_of(*instrument, state)?;
                let bucket = Bucket::of(u128::from_be_bytes(hash));
                self.ask(bucket).codes.push((hash, *instrument));
            }
        }
        for entry in std::mem::take(&mut workspace.new_instrument_entries) {
            let bucket = entry.activity.bucket();
            let of = touched.entry(entry.entry.instrument);
            of.or_insert_with(|| (bucket, Vec::new())).1.push(entry);
        }
        for (instrument, (bucket, entries)) in touched {
            let Some(state) = workspace.shared.instruments.get(&instrument).cloned() else {
                continue;
            };
            let attempt = self.share(bucket).attempt;
            let stored = workspace.stored_instruments.get(&instrument);
            let (seen, batch) = (stored.map(|it| it.entries), stored.and_then(|it| it.batch));
            let wish = InstrumentWish { attempt, instrument, seen, batch, state, entries };
            self.ask(instrument.bucket()).instruments.push(wish);
        }
        Ok(())
    }
}

/// Shares and asks, each by its bucket.
type Shares = (BTreeMap<u8, Share>, BTreeMap<u8, Ask>);

impl Pipeline {
    pub(super) fn shared_out(
        &self,
        lanes: &Lanes,
        mut workspace: Workspace,
        answers: &[(Result<Answer, Failure>, Option<u8>)],
    ) -> Result<Shares, StoreError> {
        let mut out = SharedOut { lanes, shares: BTreeMap::new(), asks: BTreeMap::new() };
        out.add_books(&mut workspace);
        out.add_claims(&mut workspace);
        out.add_counters(&workspace)?;
        out.add_instruments(&mut workspace, |id, state| {
            let secret = self.code_secret(state.issued_at)?;
            // A prefix is for people; the code itself does not depend on it.
            Ok(secret.hash(&secret.body(id, state.kind, "")))
        })?;
        let answered: BTreeMap<ActivityId, &Answer> = answers
            .iter()
            .filter_map(|(answer, _)| answer.as_ref().ok())
            .filter(|answer| !answer.replayed)
            .map(|answer| (answer.activity, answer))
            .collect();
        for row in std::mem::take(&mut workspace.new_activities) {
            let balances = match answered.get(&row.recorded.id) {
                Some(answer) => crate::store::nouns::to_json(&answer.balances)?.0,
                // Nobody was answered with what happened on the way.
                None => "[]".to_owned(),
            };
            out.share(row.recorded.id.bucket()).activities.push((row, balances));
        }
        // In the order of their keys, so that no two wait for each other.
        for ask in out.asks.values_mut() {
            ask.naturals.sort_by(|a, b| a.0.cmp(&b.0));
            ask.answers.sort_by(|a, b| a.0.cmp(&b.0));
            ask.identifiers.sort_by(|a, b| a.0.cmp(&b.0));
            ask.codes.sort_unstable();
        }
        Ok((out.shares, out.asks))
    }
}
