//! What calls in a transaction run on: the driver's transaction, what it allows, and the wait for one inside it.
//!
//! A transaction and those inside it share a connection, so that only the innermost is used: the others wait
//! until it has ended. That and read-only are here, once for all databases.

use std::fmt;
use std::future::ready;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

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
}

/// The right to use what the outer transaction's calls wait for; dropped, they go on.
pub(super) type Turn = Held<()>;

impl Level {
    pub(super) fn new(transaction: Arc<dyn Transaction>, read_only: bool, patience: Duration) -> Arc<Self> {
        Arc::new(Self { transaction, read_only, patience, turn: OnceLock::new() })
    }

    /// Opens a transaction inside of this one.
    pub(super) async fn begin_inside(&self) -> Result<(Arc<Self>, Turn)> {
        let turn = self.turn(self.turn.get_or_init(new_turn(self.patience))).await?;
        let inner = self.begin(TransactionOptions::default()).await?;
        Ok((Self::new(inner, self.read_only, self.patience), turn))
    }

    pub(super) fn commit(&self) -> BoxFuture<'_, Result<()>> {
        self.transaction.commit()
    }

    pub(super) fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        self.transaction.rollback()
    }

    /// Waits until no transaction is open inside of this one.
    async fn turn(&self, turn: &Arc<Pool<()>>) -> Result<Turn> {
        turn.acquire().await.map_err(|error| match error {
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

    fn run_now(&self, task: &mut Task) -> Option<Result<Answer>> {
        if let Err(error) = self.allow(task) {
            return Some(Err(error));
        }
        if self.is_lent() { None } else { self.transaction.run_now(task) }
    }

    fn run(&self, task: Box<Task>) -> BoxFuture<'_, Result<Answer>> {
        if let Err(error) = self.allow(&task) {
            return Box::pin(ready(Err(error)));
        }
        match self.turn.get() {
            None => self.transaction.run(task),
            Some(turn) => Box::pin(async move {
                drop(self.turn(turn).await?);
                self.transaction.run(task).await
            }),
        }
    }

    /// For what is opened by [`begin_inside`](Self::begin_inside), which has waited.
    fn begin(&self, options: TransactionOptions) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        self.transaction.begin(options)
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        if self.read_only { Box::pin(ready(Err(refused()))) } else { self.transaction.create_tables(tables) }
    }
}
