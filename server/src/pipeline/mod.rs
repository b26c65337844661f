//! The hot path: many commands, one batch: prefetch, decide, write.
//!
//! Whatever waits becomes a batch. One set-based read brings everything it needs, decisions
//! are made one after another in memory so that later commands see the effect of earlier
//! ones, one set-based write and one commit follow, then the answers. A command that fails
//! fails alone. This is the only door through which a balance changes.

mod command;
mod prefetch;
mod queue;
mod workspace;
mod write;

pub use command::{
    Answer, AnsweredBalance, Command, Failure, Intent, ShownCode, ShownCodes, Subject,
};
pub use queue::{Queue, QueueError};

use crate::code_secret::CodeKeeper;
use crate::store::nouns::businesses::BusinessId;
use crate::store::{Reader, Store, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;
use symbolon_core::engine::Refusal;
use symbolon_core::programme::Programmes;
use workspace::Workspace;
pub(crate) use workspace::link;

/// How many commands are decided and written together at most.
pub const BATCH_COMMANDS_MAX: usize = 256;

/// Decides and books batches of commands of one business.
#[derive(Debug, Clone)]
pub struct Pipeline {
    pub store: Store,
    pub business: BusinessId,
    /// Where the codes of coupons that a receipt issues come from.
    pub codes: CodeKeeper,
}

impl Pipeline {
    /// Decides and books commands in their order, in one transaction. An error of the store
    /// means that nothing of the batch is booked.
    pub fn run(
        &self,
        programmes: &Arc<Programmes>,
        commands: &[Command],
    ) -> Result<Vec<Result<Answer, Failure>>, StoreError> {
        self.store.write(|transaction| {
            let (workspace, answers) = self.decide(transaction, programmes, commands)?;
            write::write(transaction, &workspace, &self.codes)?;
            Ok(answers)
        })
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
            let (_, answers) = self.decide(reader, programmes, commands)?;
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
    ) -> Result<(Workspace, Vec<Result<Answer, Failure>>), StoreError> {
        let mut wanted = BTreeSet::new();
        loop {
            let mut workspace = Workspace::new(self.business, Arc::clone(programmes));
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
