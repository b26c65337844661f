//! The queue in front of the pipeline: whatever waits becomes the next batch.
//!
//! It has a bound. A caller that finds it full is told to come back, and memory never grows
//! with the load. It needs no timer: alone, a command is a batch of one.
//!
//! Where the database takes several writers, there are several threads, and a member's commands
//! go to one of them. They stand to each other as servers on one database do: whatever meets all
//! the same is a conflict, and is read and decided again. So threads are only ever a matter of
//! speed.

use super::lanes::net_counts;
use super::{Answer, BATCH_COMMANDS_MAX, Command, Failure, Pipeline, Subject};
use crate::store::StoreError;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use symbolon_core::programme::Programmes;
use tokio::sync::{oneshot, watch};

/// How many commands may wait, for all threads together, before callers are turned away.
const WAITING_MAX: usize = 4_096;

/// Why a command got no answer.
#[derive(Debug)]
pub enum QueueError {
    /// Too many wait already; nothing was booked.
    Full,
    /// The pipeline has stopped, for a reason that is in the log.
    Stopped,
    Store(String),
}

type Answered = Result<Result<Answer, Failure>, QueueError>;

struct Waiting {
    command: Command,
    answer: oneshot::Sender<Answered>,
}

/// The programmes in force, shared with whoever publishes a version.
pub type SharedProgrammes = Arc<RwLock<Arc<Programmes>>>;

#[derive(Clone)]
pub struct Queue {
    senders: Arc<[SyncSender<Waiting>]>,
    has_ended: watch::Receiver<bool>,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queue")
    }
}

/// Tells that a thread has ended, however it ended.
struct Living(Arc<watch::Sender<bool>>);

impl Drop for Living {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// What all threads of a queue have in common.
struct Common {
    pipeline: Pipeline,
    programmes: SharedProgrammes,
    prepare: Box<dyn Fn() -> Result<(), StoreError> + Send + Sync>,
    /// Whose turn it is to count for limits that are not a member's own: whoever counts at the
    /// same time as somebody else would only have to decide again.
    counting: Mutex<()>,
}

impl Queue {
    /// Starts the threads that own the pipeline; `prepare` runs before each batch. They end when
    /// the last queue is dropped, after everything that waits is answered, or when the store can
    /// no longer be trusted.
    pub fn start(
        pipeline: Pipeline,
        programmes: SharedProgrammes,
        prepare: impl Fn() -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        // Lanes by bucket share a batch out to threads of their own.
        let threads = if pipeline.lanes.is_some() { 1 } else { pipeline.store.writers_max() };
        let (living, has_ended) = watch::channel(false);
        let living = Arc::new(living);
        let (prepare, counting) = (Box::new(prepare), Mutex::new(()));
        let common = Arc::new(Common { pipeline, programmes, prepare, counting });
        let mut senders = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (sender, receiver) = sync_channel(WAITING_MAX / threads);
            let (living, common) = (Living(Arc::clone(&living)), Arc::clone(&common));
            std::thread::Builder::new().name("pipeline".to_owned()).spawn(move || {
                work(&common, &receiver);
                drop(living);
            })?;
            senders.push(sender);
        }
        Ok(Self { senders: senders.into(), has_ended })
    }

    /// Waits until a thread has ended although it is still needed: its store can no longer be
    /// trusted, or it panicked. Nothing more is booked then, and the server has to stop.
    pub async fn has_ended(&self) {
        // An error says that all of them have ended.
        drop(self.has_ended.clone().wait_for(|has_ended| *has_ended).await);
    }

    /// Puts a command into the queue and waits for its answer, which comes after the commit.
    pub async fn submit(&self, command: Command) -> Answered {
        let (answer, answered) = oneshot::channel();
        let place = place_of(&command) % self.senders.len() as u64;
        let Some(sender) = usize::try_from(place).ok().and_then(|place| self.senders.get(place))
        else {
            return Err(QueueError::Stopped);
        };
        match sender.try_send(Waiting { command, answer }) {
            Ok(()) => answered.await.unwrap_or(Err(QueueError::Stopped)),
            Err(TrySendError::Full(_)) => Err(QueueError::Full),
            Err(TrySendError::Disconnected(_)) => Err(QueueError::Stopped),
        }
    }
}

/// The same number for what concerns the same member, as far as a command tells by itself.
fn place_of(command: &Command) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &command.subject {
        Subject::Guest => match &command.intent.natural {
            Some(natural) => natural.key.hash(&mut hasher),
            None => command.new_activity.number().hash(&mut hasher),
        },
        Subject::Member(member) | Subject::Exactly(member) => member.number().hash(&mut hasher),
        Subject::OwnerOf(activity) => activity.number().hash(&mut hasher),
        Subject::Identified(identifier) | Subject::IdentifiedOrNew(identifier) => {
            identifier.value.hash(&mut hasher);
        }
        Subject::New { identifiers, .. } => {
            identifiers.first().map(|identifier| &identifier.value).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Whether a batch counted for a limit that is not a member's own.
fn has_counted(answers: &[Result<Answer, Failure>]) -> bool {
    let booked = answers.iter().flatten().filter(|answer| !answer.replayed);
    booked.into_iter().any(|answer| !net_counts(&answer.decision.effects).is_empty())
}

fn work(common: &Common, receiver: &Receiver<Waiting>) {
    let mut counted = false;
    while let Ok(first) = receiver.recv() {
        let mut commands = vec![first.command];
        let mut answers = vec![first.answer];
        while commands.len() < BATCH_COMMANDS_MAX
            && let Ok(next) = receiver.try_recv()
        {
            commands.push(next.command);
            answers.push(next.answer);
        }
        let current = match common.programmes.read() {
            Ok(current) => Arc::clone(&current),
            // A thread that panicked while publishing left the old versions in place.
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        };
        // Batches that count tend to follow one another.
        let turn = counted.then(|| common.counting.lock().unwrap_or_else(PoisonError::into_inner));
        let ran = (common.prepare)().and_then(|()| common.pipeline.run(&current, &commands));
        drop(turn);
        match ran {
            Ok(decided) => {
                counted = has_counted(&decided);
                for (answer, decided) in answers.into_iter().zip(decided) {
                    // A caller that went away does not want the answer any more; it is booked.
                    drop(answer.send(Ok(decided)));
                }
            }
            Err(error) => {
                let fatal = matches!(error, StoreError::Durability { .. });
                tracing::error!(%error, "a batch was not booked");
                for answer in answers {
                    drop(answer.send(Err(QueueError::Store(error.to_string()))));
                }
                if fatal {
                    // What was said to be kept may not be: better no answer than a wrong one.
                    tracing::error!("the store lost its durability, the pipeline stops");
                    return;
                }
            }
        }
    }
}
