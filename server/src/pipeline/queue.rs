//! The queue in front of the pipeline: whatever waits becomes the next batch.
//!
//! It has a bound. A caller that finds it full is told to come back, and memory never grows
//! with the load. It needs no timer: alone, a command is a batch of one.
//!
//! Where the database takes several writers, there are several threads, and a member's commands
//! go to one of them. They stand to each other as servers on one database do: whatever meets all
//! the same is a conflict, and is read and decided again. So threads are only ever a matter of
//! speed.
//!
//! Work that nobody waits for, such as the month's end, lies aside. A few of it go along with
//! every batch, fewer than callers have in it: so it costs no transaction and no flush of its own,
//! and never holds up a caller for longer than his own batch takes. Where nobody calls for a while,
//! it goes alone.

use super::lanes::net_counts;
use super::{Answer, BATCH_COMMANDS_MAX, Command, Failure, Pipeline, Subject};
use crate::store::StoreError;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, TrySendError, channel,
    sync_channel,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use symbolon_core::programme::Programmes;
use tokio::sync::{oneshot, watch};

/// How many commands may wait, for all threads together, before callers are turned away.
const WAITING_MAX: usize = 4_096;
/// One command from aside goes along with so many of callers, but at least one of it.
const CALLERS_PER_ASIDE: usize = 2;
/// How many from aside go along with a batch at most.
const BESIDE_MAX: usize = 16;
/// How many from aside make a batch where no caller waits; whoever comes meanwhile waits for it.
const ALONE_MAX: usize = 32;
/// How long what lies aside waits for callers to go along with.
const PATIENCE: Duration = Duration::from_millis(10);

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
    reply: Reply,
}

/// Who is told the answer.
enum Reply {
    Caller(oneshot::Sender<Answered>),
    /// Whoever laid it aside, as the one at this place.
    Aside(usize, Sender<(usize, Answered)>),
}

impl Reply {
    /// Somebody who went away does not want the answer any more; it is booked.
    fn give(self, answered: Answered) {
        match self {
            Self::Caller(sender) => drop(sender.send(answered)),
            Self::Aside(place, sender) => drop(sender.send((place, answered))),
        }
    }
}

/// What the pipeline's thread is told.
enum Message {
    Command(Box<Waiting>),
    /// Nobody took anything from aside for a while.
    LookAside,
}

/// What nobody waits for at a till.
type Aside = Arc<Mutex<VecDeque<Waiting>>>;

/// A thread that panicked ends the server; until then, others go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The programmes in force, shared with whoever publishes a version.
pub type SharedProgrammes = Arc<RwLock<Arc<Programmes>>>;

#[derive(Clone)]
pub struct Queue {
    senders: Arc<[SyncSender<Message>]>,
    aside: Aside,
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
    aside: Aside,
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
        let (prepare, counting, aside) = (Box::new(prepare), Mutex::new(()), Aside::default());
        let taken = Arc::clone(&aside);
        let common = Arc::new(Common { pipeline, programmes, prepare, counting, aside: taken });
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
        Ok(Self { senders: senders.into(), aside, has_ended })
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
        let waiting = Waiting { command, reply: Reply::Caller(answer) };
        let Some(sender) = self.sender_for(place_of(&waiting.command)) else {
            return Err(QueueError::Stopped);
        };
        match sender.try_send(Message::Command(Box::new(waiting))) {
            Ok(()) => answered.await.unwrap_or(Err(QueueError::Stopped)),
            Err(TrySendError::Full(_)) => Err(QueueError::Full),
            Err(TrySendError::Disconnected(_)) => Err(QueueError::Stopped),
        }
    }

    fn sender_for(&self, place: u64) -> Option<&SyncSender<Message>> {
        let place = place % (self.senders.len() as u64).max(1);
        usize::try_from(place).ok().and_then(|place| self.senders.get(place))
    }

    /// Lays commands aside and blocks until all of them are answered, each after its commit.
    pub fn book_aside(
        &self,
        commands: Vec<Command>,
    ) -> Result<Vec<Result<Answer, Failure>>, QueueError> {
        let mut answers = Vec::new();
        answers.resize_with(commands.len(), || None);
        let (sender, receiver) = channel();
        let laid = commands.into_iter().enumerate().map(|(place, command)| {
            let reply = Reply::Aside(place, sender.clone());
            Waiting { command, reply }
        });
        lock(&self.aside).extend(laid);
        for _ in 0..answers.len() {
            match self.answer_aside(&receiver) {
                Ok((place, answer)) => answers[place] = Some(answer),
                Err(error) => {
                    // Whoever laid them aside finds out what is booked, and lays the rest aside
                    // again.
                    lock(&self.aside).clear();
                    return Err(error);
                }
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// The next answer. Where callers take nothing along for a while, the thread is asked to.
    fn answer_aside(
        &self,
        receiver: &Receiver<(usize, Answered)>,
    ) -> Result<(usize, Result<Answer, Failure>), QueueError> {
        loop {
            let before = lock(&self.aside).len();
            match receiver.recv_timeout(PATIENCE) {
                Ok((place, answered)) => return Ok((place, answered?)),
                Err(RecvTimeoutError::Disconnected) => return Err(QueueError::Stopped),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // Nobody is there any more, and what lies aside would lie there for ever.
            if *self.has_ended.borrow() {
                return Err(QueueError::Stopped);
            }
            let left = lock(&self.aside).len();
            if left > 0 && left == before {
                // Where the queue is full, callers are there, and will take something along.
                if let Some(sender) = self.sender_for(0) {
                    drop(sender.try_send(Message::LookAside));
                }
            }
        }
    }
}

/// What was taken out of the queue for a batch.
#[derive(Default)]
struct Batch {
    commands: Vec<Command>,
    replies: Vec<Reply>,
}

impl Batch {
    fn add(&mut self, waiting: Waiting) {
        self.commands.push(waiting.command);
        self.replies.push(waiting.reply);
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Command(waiting) => self.add(*waiting),
            Message::LookAside => {}
        }
    }

    /// Takes some of what lies aside along. Says whether nothing else is in the batch.
    fn take_along(&mut self, aside: &Aside) -> bool {
        let callers = self.commands.len();
        let most = match callers {
            0 => ALONE_MAX,
            callers => (callers / CALLERS_PER_ASIDE).clamp(1, BESIDE_MAX),
        };
        let mut aside = lock(aside);
        let count = most.min(aside.len());
        aside.drain(..count).for_each(|waiting| self.add(waiting));
        callers == 0
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

fn work(common: &Common, receiver: &Receiver<Message>) {
    let (mut was_alone, mut counted) = (false, false);
    loop {
        let mut batch = Batch::default();
        // As long as no caller comes, what lies aside goes on without being asked for.
        let goes_on = was_alone && !lock(&common.aside).is_empty();
        match if goes_on { receiver.try_recv() } else { receiver.recv().map_err(Into::into) } {
            Ok(first) => batch.hear(first),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
        while batch.commands.len() < BATCH_COMMANDS_MAX
            && let Ok(next) = receiver.try_recv()
        {
            batch.hear(next);
        }
        was_alone = batch.take_along(&common.aside);
        let Batch { commands, replies } = batch;
        if commands.is_empty() {
            continue;
        }
        let current = match common.programmes.read() {
            Ok(current) => Arc::clone(&current),
            // A thread that panicked while publishing left the old versions in place.
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        };
        // Batches that count tend to follow one another.
        let turn = counted.then(|| lock(&common.counting));
        let ran = (common.prepare)().and_then(|()| common.pipeline.run(&current, &commands));
        drop(turn);
        match ran {
            Ok(decided) => {
                counted = has_counted(&decided);
                for (reply, decided) in replies.into_iter().zip(decided) {
                    reply.give(Ok(decided));
                }
            }
            Err(error) => {
                let fatal = matches!(error, StoreError::Durability { .. });
                tracing::error!(%error, "a batch was not booked");
                for reply in replies {
                    reply.give(Err(QueueError::Store(error.to_string())));
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
