//! Brings SQLite's log into the database beside the commits, so that no commit waits for it.
//!
//! A commit that finds the log long wakes a thread. The thread copies what is in the log, and what
//! came meanwhile, until little is left; the next commit copies that, and the log begins anew. A
//! flush that fails on the way is as bad as one of a commit: the log may be all that there is.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode};

use super::Mode;
use super::error::StoreError;
use super::sqlite_error::problem;

/// The log is copied whenever so many pages of 4 KiB were added to it. Far more than by default,
/// because a page that changes often is then written once and not each time.
const PAGES_ADDED: u32 = 16_384;
/// So few pages are copied by a commit itself.
const PAGES_FOR_A_COMMIT: u32 = 256;
/// How often the thread begins anew because of what came meanwhile.
const PASSES_MAX: u32 = 6;
const CHECKPOINT: &str = "pragma wal_checkpoint(passive)";

/// The thread that copies. It ends when the writer is closed and this is dropped.
pub(super) struct LogKeeper {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the writer and the thread tell each other.
#[derive(Default)]
struct Progress {
    /// Pages in the log after the newest commit.
    pages: AtomicU32,
    /// Pages of the log that were copied last.
    copied: AtomicU32,
    /// Little is left, and the next commit is to copy it.
    is_nearly_done: AtomicBool,
}

impl LogKeeper {
    /// `lost` is set when something cannot be flushed.
    pub(super) fn start(
        path: &Path,
        connection: Connection,
        writer: &mut Connection,
        lost: Arc<AtomicBool>,
    ) -> Result<Self, StoreError> {
        let open_problem = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
            path: path.display().to_string(),
            source,
        };
        let (wake, woken) = sync_channel(1);
        let progress = Arc::new(Progress::default());
        let (waking, seen) = (wake.clone(), Arc::clone(&progress));
        let hooked = writer.wal_hook(Some(move |log: &mut rusqlite::hooks::Wal, pages: i32| {
            let pages = u32::try_from(pages).unwrap_or(0);
            if seen.pages.swap(pages, Ordering::AcqRel) > pages {
                // The log has begun anew.
                seen.copied.store(0, Ordering::Release);
            }
            if seen.is_nearly_done.swap(false, Ordering::AcqRel) {
                return unless_busy(log.checkpoint());
            }
            if pages.saturating_sub(seen.copied.load(Ordering::Acquire)) >= PAGES_ADDED {
                // Where this fails, it is awake already, and sees these pages, too.
                let _is_told = waking.try_send(());
            }
            Ok(())
        }));
        hooked.map_err(|error| open_problem(problem(None, Mode::Read, error, "hook").into()))?;
        let thread = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || copy_whenever_woken(&connection, &woken, &progress, &lost))
            .map_err(|error| open_problem(error.into()))?;
        Ok(Self { wake: Some(wake), thread: Some(thread) })
    }
}

impl Drop for LogKeeper {
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            // If it panicked, it told so itself, and its connection is closed.
            drop(thread.join());
        }
    }
}

/// Somebody else who copies the log at the same time is no problem.
fn unless_busy(done: rusqlite::Result<()>) -> rusqlite::Result<()> {
    match done {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        done => done,
    }
}

fn copy_whenever_woken(
    connection: &Connection,
    woken: &Receiver<()>,
    progress: &Progress,
    lost: &AtomicBool,
) {
    while let Ok(()) = woken.recv() {
        for _ in 0..PASSES_MAX {
            let copied = connection.query_row(CHECKPOINT, [], |row| row.get::<_, i64>(2));
            let copied = match copied {
                Ok(copied) => u32::try_from(copied).unwrap_or(0),
                Err(error) => {
                    let error = problem(Some(connection), Mode::Write, error, CHECKPOINT);
                    if matches!(error, StoreError::Busy) {
                        break;
                    }
                    tracing::error!(%error, "the log could not be brought into the database");
                    lost.store(true, Ordering::Release);
                    return;
                }
            };
            progress.copied.store(copied, Ordering::Release);
            let left = progress.pages.load(Ordering::Acquire).saturating_sub(copied);
            if left <= PAGES_FOR_A_COMMIT {
                break;
            }
        }
        progress.is_nearly_done.store(true, Ordering::Release);
    }
}
