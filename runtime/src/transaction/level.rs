//! What calls in a transaction run on: the driver's transaction, what it allows, and the wait for one inside it.
//!
//! A transaction and those inside it share a connection, so that only the innermost is used: the others wait
//! until it has ended. That and read-only are here, once for all databases.

use std::fmt;
use std::future::ready;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::deadline::{self, Deadline};
use crate::driver::{BoxFuture, Capabilities, Driver, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::pool::{Held, Pool};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// An open transaction, at the top or inside another.
pub(crate) struct Level {
    transaction: Arc<dyn Transaction>,
    read_only: bool,
    /// How long a call waits for a transaction inside this one.
    patience: Duration,
    /// Held by the transaction inside this one; there since the first such.
    turn: OnceLock<Arc<Pool<()>>>,
    course: Arc<Course>,
}

/// How it goes with a transaction and those inside it.
#[derive(Debug, Default)]
struct Course {
    /// Its last call lost against another transaction.
    lost: AtomicBool,
    /// Calls that have not ended.
    running: AtomicUsize,
}

/// A call has not ended; dropped, it has.
struct Running<'c>(&'c Course);

impl Course {
    fn run(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(self)
    }

    /// Notes what came of a call. One that succeeds shows that the transaction goes on.
    fn note<T>(&self, done: Result<T>) -> Result<T> {
        self.lost.store(done.as_ref().is_err_and(Error::is_retryable), Ordering::Relaxed);
        done
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The right to use what the outer transaction's calls wait for; dropped, they go on.
pub(super) type Turn = Held<()>;

impl Level {
    pub(super) fn new(transaction: Arc<dyn Transaction>, read_only: bool, patience: Duration) -> Arc<Self> {
        Self::of(transaction, read_only, patience, Arc::default())
    }

    fn of(transaction: Arc<dyn Transaction>, read_only: bool, patience: Duration, course: Arc<Course>) -> Arc<Self> {
        Arc::new(Self { transaction, read_only, patience, turn: OnceLock::new(), course })
    }

    /// Opens a transaction inside of this one.
    pub(super) async fn begin_inside(&self, deadline: Option<Deadline>) -> Result<(Arc<Self>, Turn)> {
        let turn = self.turn(self.turn.get_or_init(new_turn(self.patience)), deadline).await?;
        let inner = self.begin(TransactionOptions::default(), deadline).await?;
        Ok((Self::of(inner, self.read_only, self.patience, Arc::clone(&self.course)), turn))
    }

    pub(super) async fn commit(&self, deadline: Option<Deadline>) -> Result<()> {
        let _running = self.course.run();
        self.course.note(self.transaction.commit(deadline).await)
    }

    /// Whether its last call, or that of a transaction inside it, lost against another transaction.
    pub(super) fn was_lost(&self) -> bool {
        self.course.lost.load(Ordering::Relaxed)
    }

    /// Whether a call in it has not ended.
    pub(super) fn is_running(&self) -> bool {
        self.course.running.load(Ordering::Relaxed) > 0
    }

    pub(super) fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        self.transaction.rollback()
    }

    /// Waits until no transaction is open inside of this one.
    async fn turn(&self, turn: &Arc<Pool<()>>, deadline: Option<Deadline>) -> Result<Turn> {
        let what = || "a transaction inside this one to end".to_owned();
        deadline::within(deadline, what, pin!(turn.acquire())).await.map_err(|error| match error {
            Error::PoolTimeout { .. } => Error::PoolTimeout {
                message: format!(
                    "waited {:.1?} for a transaction inside this one to end: in the closure of the inner one, use the \
                     `tx` that it was given, not the outer one's",
                    self.patience
                ),
            },
            other => other,
        })
    }

    fn is_lent(&self) -> bool {
        self.turn.get().is_some_and(|turn| turn.try_acquire().is_none())
    }

    fn allow(&self, task: &Task) -> Result<()> {
        match task.lock() {
            _ if !self.read_only => Ok(()),
            Some((lock, _)) => Err(lock.read_only()),
            None if task.writes() => Err(refused()),
            None => Ok(()),
        }
    }
}

fn new_turn(patience: Duration) -> impl FnOnce() -> Arc<Pool<()>> {
    move || Pool::new("turns in a transaction".to_owned(), 1, Some(patience), || Ok(()))
}

#[cold]
fn refused() -> Error {
    let message = "the transaction is read-only: what is to write is begun without `.read_only()`".to_owned();
    Error::Unavailable { message }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transaction.fmt(f)
    }
}

impl Driver for Level {
    fn capabilities(&self) -> &'static Capabilities {
        self.transaction.capabilities()
    }

    fn run_now(&self, task: &mut Task, deadline: Option<Deadline>) -> Option<Result<Answer>> {
        if let Err(error) = self.allow(task) {
            return Some(Err(error));
        }
        if self.is_lent() {
            return None;
        }
        self.transaction.run_now(task, deadline).map(|done| self.course.note(done))
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        if let Err(error) = self.allow(&task) {
            return Box::pin(ready(Err(error)));
        }
        Box::pin(async move {
            if let Some(turn) = self.turn.get() {
                drop(self.turn(turn, deadline).await?);
            }
            let _running = self.course.run();
            self.course.note(self.transaction.run(task, deadline).await)
        })
    }

    /// For what is opened by [`begin_inside`](Self::begin_inside), which has waited.
    fn begin(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async move {
            let _running = self.course.run();
            self.course.note(self.transaction.begin(options, deadline).await)
        })
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        if self.read_only { Box::pin(ready(Err(refused()))) } else { self.transaction.create_tables(tables) }
    }
}
