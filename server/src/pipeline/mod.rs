//! The hot path: many commands, one batch: prefetch, decide, write.
//!
//! Whatever waits becomes a batch. One set-based read brings everything it needs, decisions
//! are made one after another in memory so that later commands see the effect of earlier
//! ones, one set-based write and one commit follow, then the answers. A command that fails
//! fails alone. This is the only door through which a balance changes.

mod calendar;
mod command;
mod lanes;
mod others;
mod prefetch;
mod queue;
mod workspace;
mod write;

pub use command::{
    Answer, AnsweredBalance, Command, Failure, Intent, OtherMember, ShownCode, ShownCodes, Subject,
};
pub use lanes::{Lanes, SETTLE_AFTER};
pub use queue::{Queue, QueueError};

use crate::code_secret::{CodeKeeper, CodeSecret};
use crate::store::nouns::businesses::BusinessId;
use crate::store::nouns::derived::{self, WaitingActivity, WaitingKey};
use crate::store::nouns::directories::fingerprint_of;
use crate::store::{Reader, Store, StoreError, Transaction};
use std::collections::BTreeSet;
use std::sync::Arc;
use symbolon_core::engine::{Activity, Refusal};
use symbolon_core::programme::Programmes;
use symbolon_core::values::MemberId;
use workspace::Workspace;
pub(crate) use workspace::link;

/// How many commands are decided and written together at most.
pub const BATCH_COMMANDS_MAX: usize = 256;
/// How often a batch is decided anew because another server wrote the same.
const ATTEMPTS_MAX: u32 = 5;

/// Decides and books batches of commands of one business.
#[derive(Debug, Clone)]
pub struct Pipeline {
    pub store: Store,
    pub business: BusinessId,
    /// Where the codes of coupons that a receipt issues come from.
    pub codes: CodeKeeper,
    /// Where every transaction touches one bucket only: what is needed for that.
    pub lanes: Option<Lanes>,
}

impl Pipeline {
    /// Decides and books commands in their order, in one transaction. An error of the store
    /// means that nothing of the batch is booked, but where lanes go by bucket.
    pub fn run(
        &self,
        programmes: &Arc<Programmes>,
        commands: &[Command],
    ) -> Result<Vec<Result<Answer, Failure>>, StoreError> {
        if let Some(lanes) = &self.lanes {
            return self.run_in_lanes(lanes, programmes, commands);
        }
        let wins = programmes.all().iter().any(|version| version.programme.has_wins());
        let first = commands.first().filter(|_| wins);
        let (answers, sends) = self.retried(|transaction| {
            let luck = match first {
                Some(first) => {
                    let now = first.recorded_at;
                    Some(self.codes.secret(transaction, self.business, now)?.clone())
                }
                None => None,
            };
            let (workspace, answers) = self.decide(transaction, programmes, commands, luck)?;
            write::write(transaction, &workspace, &self.codes)?;
            Ok((answers, !workspace.new_derived.is_empty()))
        })?;
        if sends {
            // What was asked is booked; what follows from it for others waits in the store and
            // is tried again with the next that follows.
            if let Err(error) = self.follow(programmes) {
                tracing::error!(%error, "what follows for other members waits");
            }
        }
        Ok(answers)
    }

    /// Books what earlier activities mean for other members, until nothing waits. Says how many
    /// were booked. However often it runs, and wherever it was stopped, each is booked once.
    pub fn follow(&self, programmes: &Arc<Programmes>) -> Result<usize, StoreError> {
        if let Some(lanes) = &self.lanes {
            return self.follow_in_lanes(lanes, programmes);
        }
        let mut booked = 0;
        loop {
            let done = self.retried(|transaction| {
                let most = u32::try_from(BATCH_COMMANDS_MAX).unwrap_or(u32::MAX);
                let waiting = derived::derived_waiting(transaction, self.business, most)?;
                if waiting.is_empty() {
                    return Ok(0);
                }
                let commands: Vec<Command> =
                    waiting.iter().map(following).collect::<Result<_, _>>()?;
                let (mut workspace, answers) =
                    self.decide(transaction, programmes, &commands, None)?;
                let sorted = sorted(waiting.iter().zip(&answers));
                let Followed { done, refused, waits_on } = sorted;
                workspace.booked_derived = done;
                write::write(transaction, &workspace, &self.codes)?;
                derived::derived_refuse(transaction, self.business, &refused)?;
                Ok(waiting.len() - waits_on)
            })?;
            booked += done;
            if done == 0 {
                return Ok(booked);
            }
        }
    }

    /// Writes. Where another server was faster with the same key, the same number or the same
    /// phone, everything is read and decided again, and finds what that server left.
    fn retried<T>(
        &self,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        for _ in 1..ATTEMPTS_MAX {
            match self.store.write(&mut work) {
                Err(StoreError::Unique { .. }) => {}
                ended => return ended,
            }
        }
        self.store.write(work)
    }

    /// Decides without booking. The same path as `run`, on a reading transaction: what a quote
    /// says is what the commit does if nothing changed between (I13).
    pub fn quote(
        &self,
        programmes: &Arc<Programmes>,
        command: &Command,
    ) -> Result<Result<Answer, Failure>, StoreError> {
        self.store.read(|reader| {
            let commands = std::slice::from_ref(command);
            // A question draws nothing, or it would be asked until it wins.
            let (_, answers) = self.decide(reader, programmes, commands, None)?;
            let nothing = || Failure::Inconsistent("a quote without an answer".to_owned());
            Ok::<_, StoreError>(answers.into_iter().next().unwrap_or_else(|| Err(nothing())))
        })
    }

    /// Reads what a batch needs and decides it in memory. Where a decision asks for the counter
    /// of a limit that was not read, it is read, and the whole batch is decided again.
    fn decide(
        &self,
        reader: &mut Reader<'_>,
        programmes: &Arc<Programmes>,
        commands: &[Command],
        luck: Option<CodeSecret>,
    ) -> Result<(Workspace, Vec<Result<Answer, Failure>>), StoreError> {
        let mut wanted = BTreeSet::new();
        loop {
            let mut workspace = Workspace::new(self.business, Arc::clone(programmes));
            workspace.by_bucket = self.lanes.is_some();
            workspace.luck.clone_from(&luck);
            prefetch::prefetch(reader, &mut workspace, commands, &wanted)?;
            let answers: Vec<_> =
                commands.iter().map(|command| workspace.decide(command)).collect();
            let missing = answers.iter().filter_map(|answer| match answer {
                Err(Failure::Refused(Refusal::CounterNotAtHand { counter })) => Some(counter),
                _ => None,
            });
            let before = wanted.len();
            wanted.extend(missing.map(|counter| (**counter).clone()));
            // Every round reads a counter more, and a programme has only so many.
            if wanted.len() == before {
                return Ok((workspace, answers));
            }
        }
    }
}

/// What became of activities that waited.
struct Followed {
    done: Vec<WaitingKey>,
    refused: Vec<(WaitingKey, String)>,
    /// How many refer to something that is still on its way.
    waits_on: usize,
}

/// Sorts activities that waited by what their commands were answered.
fn sorted<'a>(
    answered: impl Iterator<Item = (&'a WaitingActivity, &'a Result<Answer, Failure>)> + Clone,
) -> Followed {
    let mut followed = Followed { done: Vec::new(), refused: Vec::new(), waits_on: 0 };
    let any_booked = answered.clone().any(|(_, answer)| answer.is_ok());
    for (waiting, answer) in answered {
        let Err(failure) = answer else {
            followed.done.push(waiting.key);
            continue;
        };
        // It refers to something that is still on its way, perhaps in this batch.
        let is_early = matches!(failure, Failure::Refused(Refusal::UnknownActivity { .. }));
        if is_early && any_booked {
            followed.waits_on += 1;
            continue;
        }
        tracing::error!(id = %waiting.derived.id, ?failure, "what follows for a member is refused");
        followed.refused.push((waiting.key, format!("{failure:?}")));
    }
    followed
}

/// The command that books what waits.
fn following(waiting: &WaitingActivity) -> Result<Command, StoreError> {
    let WaitingActivity { derived, at, recorded_at, .. } = waiting;
    let activity = Activity::Incoming(derived.incoming.clone());
    let content = fingerprint_of(&activity)?;
    Ok(Command {
        idempotency: None,
        content,
        request: content,
        // What is for a closed member goes on from there.
        subject: Subject::Exactly(derived.to),
        intent: Intent { activity, natural: None, label: None },
        shown: ShownCodes::default(),
        other: None,
        at: *at,
        recorded_at: *recorded_at,
        any_age: true,
        new_activity: derived.id,
        // Nobody joins by what others did.
        new_member: MemberId::new(0),
    })
}
