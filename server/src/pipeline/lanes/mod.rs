//! Lanes by bucket: every transaction touches the rows of one bucket only.
//!
//! A batch is decided in rounds: as many commands as stand on nothing that is not booked yet. What
//! a round means is written by bucket. First what lies with other members' buckets is asked for:
//! keys are claimed, limits counted, instruments set aside. Then each bucket with members books
//! its share, if all that it asked for was given. Then what was set aside is confirmed, or undone.
//! A share that cannot be booked is read and decided again, and no other suffers.
//!
//! Wherever a server stops between, the rows that it left say what to do with them (`settle`).
//! Safety never rests on a clock: whether an attempt is booked is one row in one bucket.

mod claimed;
mod round;
mod settle;
mod share;

pub(super) use claimed::{
    answers_claimed, claims_not_booked, identifiers_claimed, naturals_claimed,
};
pub(super) use round::net_counts;
pub use settle::SETTLE_AFTER;
pub(super) use settle::{About, Doubt, Proof};

use super::command::{Answer, Command, Failure};
use super::workspace::Workspace;
use super::{BATCH_COMMANDS_MAX, Followed, Pipeline, following, prefetch, sorted};
use crate::code_secret::CodeSecret;
use crate::store::nouns::attempts::AttemptId;
use crate::store::nouns::derived::{self, WaitingActivity, WaitingKey};
use crate::store::nouns::directories::IdempotencyKey;
use crate::store::{Reader, StoreError};
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use settle::Waits;
use share::{Ask, Share, Written};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use symbolon_core::engine::Refusal;
use symbolon_core::programme::Programmes;

/// How many transactions of one round are under way at once.
const AT_ONCE: usize = 8;
/// How often holds whose time is over are looked for at most.
const HOLDS_EVERY: SignedDuration = SignedDuration::from_secs(1);
/// How often a share is decided anew because somebody else was faster.
const ROUNDS_LOST_MAX: u32 = 100;

/// What lanes by bucket need besides a pipeline.
#[derive(Debug, Clone)]
pub struct Lanes {
    world: Arc<World>,
    /// Attempts that are booked and confirmed; they are forgotten with the next booking of their
    /// bucket, so that this costs no transaction.
    done: Arc<Mutex<BTreeMap<u8, Vec<AttemptId>>>>,
    /// When somebody here last looked for holds whose time is over.
    holds_seen: Arc<Mutex<Option<Timestamp>>>,
}

impl Lanes {
    #[must_use]
    pub fn new(world: Arc<World>) -> Self {
        Self { world, done: Arc::default(), holds_seen: Arc::default() }
    }

    /// Looks for holds whose time is over, where that is due. It asks every machine, so not every
    /// request does it, nobody waits for another who does, and a hold may last a second longer.
    pub fn look_for_holds<T>(&self, look: impl FnOnce() -> T) -> Option<T> {
        let mut seen = self.holds_seen.try_lock().ok()?;
        let now = self.world.now();
        if seen.is_some_and(|seen| now.duration_since(seen).abs() < HOLDS_EVERY) {
            return None;
        }
        let found = look();
        *seen = Some(self.world.now());
        Some(found)
    }

    fn attempt(&self, bucket: symbolon_core::values::Bucket) -> AttemptId {
        AttemptId::new(self.world.new_id(self.world.now()), bucket)
    }

    fn take_done(&self, bucket: u8) -> Vec<AttemptId> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.remove(&bucket).unwrap_or_default()
    }

    fn add_done(&self, attempts: &[AttemptId]) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        for attempt in attempts {
            done.entry(attempt.bucket().number()).or_default().push(*attempt);
        }
    }
}

/// Commands that were decided together, in their order, from the first on.
struct Round {
    workspace: Workspace,
    /// Each answer, and the bucket whose booking it stands and falls with.
    answers: Vec<(Result<Answer, Failure>, Option<u8>)>,
}

/// What waits and cannot be booked, and why.
type Refused = Vec<(WaitingKey, String)>;

/// The answers of a batch, and what follows for other members.
type Booked = (Vec<Result<Answer, Failure>>, Vec<WaitingActivity>);

impl Pipeline {
    /// As `run`, by bucket. An error of the store means that some of the batch may be booked:
    /// asking again with the same key tells.
    pub(super) fn run_in_lanes(
        &self,
        lanes: &Lanes,
        programmes: &Arc<Programmes>,
        commands: &[Command],
    ) -> Result<Vec<Result<Answer, Failure>>, StoreError> {
        let (answers, mut sent) = self.book_in_lanes(lanes, programmes, commands, true)?;
        while !sent.is_empty() {
            match self.follow_these(lanes, programmes, &sent) {
                Ok((_, next)) => sent = next,
                Err(error) => {
                    tracing::error!(%error, "what follows for other members waits");
                    break;
                }
            }
        }
        Ok(answers)
    }

    /// As `follow`, by bucket: all that waits anywhere.
    pub(super) fn follow_in_lanes(
        &self,
        lanes: &Lanes,
        programmes: &Arc<Programmes>,
    ) -> Result<usize, StoreError> {
        let mut booked = 0;
        loop {
            let most = u32::try_from(BATCH_COMMANDS_MAX).unwrap_or(u32::MAX);
            let waiting =
                self.store.read(|reader| derived::derived_waiting(reader, self.business, most))?;
            if waiting.is_empty() {
                return Ok(booked);
            }
            let (new, _) = self.follow_these(lanes, programmes, &waiting)?;
            booked += new;
            if new == 0 {
                return Ok(booked);
            }
        }
    }

    /// Books what waits. Says how much of it is done, and what is to follow then.
    fn follow_these(
        &self,
        lanes: &Lanes,
        programmes: &Arc<Programmes>,
        waiting: &[WaitingActivity],
    ) -> Result<(usize, Vec<WaitingActivity>), StoreError> {
        let commands: Vec<Command> = waiting.iter().map(following).collect::<Result<_, _>>()?;
        let (answers, mut sent) = self.book_in_lanes(lanes, programmes, &commands, false)?;
        let Followed { done, refused, waits_on } = sorted(waiting.iter().zip(&answers));
        self.forget_followed(&done, &refused)?;
        let is_ended = |one: &WaitingActivity| {
            done.contains(&one.key) || refused.iter().any(|(key, _)| *key == one.key)
        };
        sent.extend(waiting.iter().filter(|one| !is_ended(one)).cloned());
        Ok((waiting.len() - waits_on, sent))
    }

    /// Forgets what waited and is booked, and marks what cannot be.
    fn forget_followed(
        &self,
        done: &[WaitingKey],
        refused: &[(WaitingKey, String)],
    ) -> Result<(), StoreError> {
        let mut by_bucket: BTreeMap<u8, (Vec<WaitingKey>, Refused)> = BTreeMap::new();
        for key in done {
            by_bucket.entry(key.bucket.number()).or_default().0.push(*key);
        }
        for (key, reason) in refused {
            let of_bucket = by_bucket.entry(key.bucket.number()).or_default();
            of_bucket.1.push((*key, reason.clone()));
        }
        self.each(by_bucket.into_values().collect(), |(done, refused)| {
            self.store.write(|transaction| {
                derived::derived_remove(transaction, &done)?;
                derived::derived_refuse(transaction, self.business, &refused)
            })
        })
        .into_iter()
        .collect()
    }

    /// Adds what follows from something that is no member's, such as a draw.
    pub(crate) fn send(&self, waiting: &[WaitingActivity]) -> Result<(), StoreError> {
        let mut by_bucket: BTreeMap<u8, Vec<WaitingActivity>> = BTreeMap::new();
        for one in waiting {
            by_bucket.entry(one.key.bucket.number()).or_default().push(one.clone());
        }
        for waiting in by_bucket.into_values() {
            self.store
                .write(|transaction| derived::derived_add(transaction, self.business, &waiting))?;
        }
        Ok(())
    }

    fn book_in_lanes(
        &self,
        lanes: &Lanes,
        programmes: &Arc<Programmes>,
        commands: &[Command],
        may_win: bool,
    ) -> Result<Booked, StoreError> {
        let luck = if may_win { self.luck(programmes, commands)? } else { None };
        let mut answers: Vec<Option<Result<Answer, Failure>>> = vec![None; commands.len()];
        let mut open: Vec<usize> = (0..commands.len()).collect();
        let mut waits = Waits::default();
        let (mut sent, mut lost) = (Vec::new(), 0);
        while !open.is_empty() {
            let asked: Cow<'_, [Command]> = if open.len() == commands.len() {
                Cow::Borrowed(commands)
            } else {
                open.iter().map(|place| commands[*place].clone()).collect()
            };
            let round = self
                .store
                .read(|reader| self.decide_round(reader, programmes, &asked, luck.as_ref()))?;
            let Round { workspace, answers: decided } = round;
            if !workspace.doubts.is_empty() {
                self.resolve(lanes, &workspace.doubts, &mut waits)?;
                continue;
            }
            let derived = workspace.new_derived.clone();
            let Written { failed, keys_taken } = self.write_round(lanes, workspace, &decided)?;
            let is_booked = |one: &WaitingActivity| !failed.contains(&one.key.bucket.number());
            sent.extend(derived.into_iter().filter(is_booked));
            let mut still_open = Vec::new();
            let count = decided.len();
            for (place, (answer, bucket)) in open.iter().zip(decided) {
                let key = commands[*place].idempotency.as_ref();
                let is_lost = bucket.is_some_and(|bucket| failed.contains(&bucket))
                    || key.is_some_and(|key| keys_taken.contains(key));
                if is_lost {
                    still_open.push(*place);
                } else {
                    answers[*place] = Some(answer);
                }
            }
            if still_open.is_empty() {
                lost = 0;
            } else {
                lost += 1;
                if lost > ROUNDS_LOST_MAX {
                    return Err(StoreError::Busy);
                }
                settle::wait_a_little(lost);
            }
            still_open.extend(open.drain(..).skip(count));
            open = still_open;
        }
        let nothing = || Err(Failure::Inconsistent("a command without an answer".to_owned()));
        let answers = answers.into_iter().map(|answer| answer.unwrap_or_else(nothing));
        Ok((answers.collect(), sent))
    }

    fn luck(
        &self,
        programmes: &Programmes,
        commands: &[Command],
    ) -> Result<Option<CodeSecret>, StoreError> {
        let wins = programmes.all().iter().any(|version| version.programme.has_wins());
        match commands.first().filter(|_| wins) {
            Some(first) => self.code_secret(first.recorded_at).map(Some),
            None => Ok(None),
        }
    }

    /// The secret of codes. Only the very first time is there something to write, and that lies in
    /// no bucket.
    fn code_secret(&self, now: Timestamp) -> Result<CodeSecret, StoreError> {
        if let Some(secret) = self.codes.loaded() {
            return Ok(secret.clone());
        }
        self.store.write(|transaction| self.codes.secret(transaction, self.business, now).cloned())
    }

    /// Reads what the commands need, and decides as many of them as stand on nothing that is not
    /// booked yet.
    fn decide_round(
        &self,
        reader: &mut Reader<'_>,
        programmes: &Arc<Programmes>,
        commands: &[Command],
        luck: Option<&CodeSecret>,
    ) -> Result<Round, StoreError> {
        let mut wanted = BTreeSet::new();
        loop {
            let mut workspace = Workspace::new(self.business, Arc::clone(programmes));
            workspace.by_bucket = true;
            workspace.luck = luck.cloned();
            prefetch::prefetch(reader, &mut workspace, commands, &wanted)?;
            let mut answers = Vec::new();
            if !workspace.doubts.is_empty() {
                return Ok(Round { workspace, answers });
            }
            let before = wanted.len();
            for command in commands {
                let Some(bucket) = workspace.joins_round(command) else { break };
                let activities = workspace.new_activities.len();
                let answer = workspace.decide(command);
                if let Err(Failure::Refused(Refusal::CounterNotAtHand { counter })) = &answer {
                    wanted.insert((**counter).clone());
                }
                let bucket = bucket.filter(|_| {
                    // What was booked before is booked, whatever becomes of this round.
                    !answer.as_ref().is_ok_and(|answer| answer.replayed)
                });
                answers.push((answer, bucket));
                if workspace.closes_round(activities) {
                    break;
                }
            }
            // Every turn reads a counter more, and a programme has only so many.
            if wanted.len() == before {
                return Ok(Round { workspace, answers });
            }
        }
    }

    /// Writes what a round decided, bucket by bucket. Says which buckets' share was not booked.
    fn write_round(
        &self,
        lanes: &Lanes,
        workspace: Workspace,
        answers: &[(Result<Answer, Failure>, Option<u8>)],
    ) -> Result<Written, StoreError> {
        let now = lanes.world.now();
        let (mut shares, asks) = self.shared_out(lanes, workspace, answers)?;
        let mut written = Written::default();
        let asks: Vec<Ask> = asks.into_values().collect();
        let asked = self.each(asks.iter().collect(), |ask: &Ask| {
            self.store.write(|transaction| ask.write(transaction, self.business, now))
        });
        let mut failed: BTreeSet<AttemptId> = BTreeSet::new();
        for answer in asked {
            let not_given = answer?;
            failed.extend(not_given.attempts);
            written.keys_taken.extend(not_given.keys);
        }
        let booking: Vec<&mut Share> =
            shares.values_mut().filter(|share| !failed.contains(&share.attempt)).collect();
        let booked = self.each(booking, |share: &mut Share| {
            share.done = lanes.take_done(share.attempt.bucket().number());
            (share.attempt, self.book_share(share, now))
        });
        let mut done = Vec::new();
        for (attempt, is_booked) in booked {
            if is_booked? {
                done.push(attempt);
            } else {
                failed.insert(attempt);
            }
        }
        for share in shares.values() {
            if failed.contains(&share.attempt) {
                written.failed.insert(share.attempt.bucket().number());
                lanes.add_done(&share.done);
            }
        }
        self.end_round(lanes, &asks, &shares, (&done, &failed));
        Ok(written)
    }

    /// Confirms what was set aside for what is booked, and undoes the rest. What fails here is done
    /// by `settle` later: what is booked is booked.
    fn end_round(
        &self,
        lanes: &Lanes,
        asks: &[Ask],
        shares: &BTreeMap<u8, Share>,
        (done, failed): (&[AttemptId], &BTreeSet<AttemptId>),
    ) {
        let ends: Vec<_> = asks.iter().filter_map(|ask| ask.ending(failed)).collect();
        let ended = self.each(ends, |ending| {
            self.store.write(|transaction| ending.write(transaction, self.business))
        });
        let mut problem = ended.into_iter().find_map(Result::err);
        for share in shares.values().filter(|share| done.contains(&share.attempt)) {
            for moved in &share.moved {
                if let Err(error) = self.move_names(*moved) {
                    problem = Some(error);
                }
            }
        }
        match problem {
            None => lanes.add_done(done),
            Some(error) => tracing::error!(%error, "what was set aside waits to be confirmed"),
        }
    }

    /// Runs work for several buckets, some of it at once where the database allows that.
    fn each<T: Send, R: Send>(&self, jobs: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
        if jobs.len() < 2 || !self.store.is_shared() {
            return jobs.into_iter().map(work).collect();
        }
        let mut results: Vec<Option<R>> = jobs.iter().map(|_| None).collect();
        let threads = jobs.len().min(AT_ONCE);
        let queue = Mutex::new(jobs.into_iter().zip(&mut results));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                        let Some((job, result)) = next else { break };
                        *result = Some(work(job));
                    }
                });
            }
        });
        drop(queue);
        results.into_iter().flatten().collect()
    }
}

/// Callers' keys that somebody else took meanwhile.
pub(super) type KeysTaken = BTreeSet<IdempotencyKey>;
