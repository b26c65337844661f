//! The queue in front of the pipeline: whatever waits becomes the next batch.
//!
//! It has a bound. A caller that finds it full is told to come back, and memory never grows
//! with the load. It needs no timer: alone, a command is a batch of one.

use super::{Answer, BATCH_COMMANDS_MAX, Command, Failure, Pipeline};
use crate::store::StoreError;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;
use symbolon_core::programme::Programmes;
use tokio::sync::{oneshot, watch};

/// How many commands may wait before callers are turned away.
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
    sender: SyncSender<Waiting>,
    /// Closed when the thread has ended, for whatever reason.
    alive: watch::Receiver<()>,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queue")
    }
}

impl Queue {
    /// Starts the thread that owns the pipeline; `prepare` runs before each batch. It ends when the last queue is dropped, after
    /// everything that waits is answered, or when the store can no longer be trusted.
    pub fn start(
        pipeline: Pipeline,
        programmes: SharedProgrammes,
        prepare: impl Fn() -> Result<(), StoreError> + Send + 'static,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (sender, receiver) = sync_channel(WAITING_MAX);
        let (living, alive) = watch::channel(());
        let thread = std::thread::Builder::new().name("pipeline".to_owned()).spawn(move || {
            work(&pipeline, &programmes, &prepare, &receiver);
            drop(living);
        })?;
        Ok((Self { sender, alive }, thread))
    }

    /// Waits until the pipeline has ended although it is still needed: its store can no longer be
    /// trusted, or it panicked. Nothing more is booked then, and the server has to stop.
    pub async fn has_ended(&self) {
        let mut alive = self.alive.clone();
        while alive.changed().await.is_ok() {}
    }

    /// Puts a command into the queue and waits for its answer, which comes after the commit.
    pub async fn submit(&self, command: Command) -> Answered {
        let (answer, answered) = oneshot::channel();
        match self.sender.try_send(Waiting { command, answer }) {
            Ok(()) => answered.await.unwrap_or(Err(QueueError::Stopped)),
            Err(TrySendError::Full(_)) => Err(QueueError::Full),
            Err(TrySendError::Disconnected(_)) => Err(QueueError::Stopped),
        }
    }
}

fn work(
    pipeline: &Pipeline,
    programmes: &SharedProgrammes,
    prepare: &dyn Fn() -> Result<(), StoreError>,
    receiver: &Receiver<Waiting>,
) {
    while let Ok(first) = receiver.recv() {
        let mut commands = vec![first.command];
        let mut answers = vec![first.answer];
        while commands.len() < BATCH_COMMANDS_MAX
            && let Ok(next) = receiver.try_recv()
        {
            commands.push(next.command);
            answers.push(next.answer);
        }
        let current = match programmes.read() {
            Ok(current) => Arc::clone(&current),
            // A thread that panicked while publishing left the old versions in place.
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        };
        match prepare().and_then(|()| pipeline.run(&current, &commands)) {
            Ok(decided) => {
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
