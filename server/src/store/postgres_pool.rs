//! Connections to PostgreSQL, opened as they are needed and kept.
//!
//! The work of a closure blocks its thread and no other; the bytes are moved by a runtime of this
//! module's own.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pollster::block_on;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, NoTls};

use super::error::StoreError;
use super::postgres::Prepared;
use super::postgres_error::{opening_problem, problem};

/// Connections that are open at once; a caller beyond them waits.
pub(super) const CONNECTIONS_MAX: usize = 16;

pub(super) struct Pool {
    config: Config,
    runtime: Option<Runtime>,
    kept: Mutex<Kept>,
    returned: Condvar,
}

#[derive(Default)]
struct Kept {
    idle: Vec<Connection>,
    /// Idle or lent.
    open_count: usize,
}

pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) statements: HashMap<String, Arc<Prepared>>,
}

impl Pool {
    /// Opens one connection, so that a wrong address is told at once.
    pub(super) fn open(config: &Config) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|error| opening_problem(config, error.into()))?;
        let pool = Self {
            config: config.clone(),
            runtime: Some(runtime),
            kept: Mutex::default(),
            returned: Condvar::new(),
        };
        drop(pool.lease()?);
        Ok(pool)
    }

    pub(super) fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let mut kept = lock(&self.kept);
        loop {
            match kept.idle.pop() {
                // A server that was restarted left closed connections behind.
                Some(connection) if connection.client.is_closed() => kept.open_count -= 1,
                Some(connection) => {
                    return Ok(Lease { pool: self, connection: Some(connection) });
                }
                None if kept.open_count < CONNECTIONS_MAX => break,
                None => {
                    kept = self.returned.wait(kept).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        // Opening takes a while, so the place is taken first; dropping the lease gives it back.
        kept.open_count += 1;
        drop(kept);
        let mut lease = Lease { pool: self, connection: None };
        lease.connection = Some(self.connect()?);
        Ok(lease)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let Some(runtime) = &self.runtime else {
            return Err(opening_problem(&self.config, "the store is closing".into()));
        };
        let config = self.config.clone();
        let opening = runtime.spawn(async move {
            let (client, connection) = config.connect(NoTls).await?;
            // It ends when the client is dropped; what went wrong is told to the client.
            drop(tokio::spawn(connection));
            Ok::<Client, tokio_postgres::Error>(client)
        });
        let client = block_on(opening)
            .map_err(|error| opening_problem(&self.config, error.into()))?
            .map_err(|error| opening_problem(&self.config, error.into()))?;
        // What is said to be kept is kept, whatever the server's own settings are.
        block_on(client.batch_execute("set synchronous_commit = on; set time zone 'UTC'"))
            .map_err(|error| problem(&error, "set"))?;
        Ok(Connection { client, statements: HashMap::new() })
    }

    /// Waits until somebody gives a connection back, and so long at most.
    pub(super) fn wait_returned(&self, most: Duration) {
        drop(self.returned.wait_timeout(lock(&self.kept), most));
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // A runtime that is dropped waits, which is not allowed where others wait on one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

pub(super) struct Lease<'pool> {
    pool: &'pool Pool,
    connection: Option<Connection>,
}

impl Lease<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection
            .as_mut()
            .ok_or_else(|| StoreError::statement("the lease has no connection", "begin"))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut kept = lock(&self.pool.kept);
        match self.connection.take() {
            Some(connection) if !connection.client.is_closed() => kept.idle.push(connection),
            _ => kept.open_count -= 1,
        }
        self.pool.returned.notify_one();
    }
}

/// A poisoned lock only says that a closure panicked; its transaction was rolled back on the way.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
