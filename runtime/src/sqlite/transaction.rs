//! An open transaction: the writing connection, used by one task at a time.

use std::sync::Arc;

use super::catalogue;
use super::database::{Work, perform};
use super::execution::Executor;
use super::lease::{CAPABILITIES, Scope};
use super::open::Connection;
use crate::driver::{Access, BoxFuture, Driver, Transaction, TransactionOptions};
use crate::meta::SchemaMeta;
use crate::pool::{Held, Pool};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// A transaction that tasks run in. Its connection waits in a pool of one, so that who comes first runs first.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    open: Arc<Pool<Open>>,
    executor: Arc<Executor>,
}

/// The connection between begin and end; dropped before, it is rolled back.
#[derive(Debug)]
pub(super) struct Open {
    /// `None` once the transaction has ended.
    connection: Option<Held<Connection>>,
}

impl Open {
    /// Begins. The lock is taken at once: taken at the first write, it could be refused half-way.
    pub(super) fn begin(connection: Held<Connection>) -> Result<Self> {
        connection.control("BEGIN IMMEDIATE")?;
        Ok(Self { connection: Some(connection) })
    }

    fn connection(&mut self) -> Result<&mut Connection> {
        match &mut self.connection {
            None => Err(ended("has ended")),
            // Some failures, a full disk among them, make SQLite roll back by itself.
            Some(connection) if connection.is_idle() => Err(ended("was rolled back by the database after a failure")),
            Some(connection) => Ok(connection),
        }
    }

    fn commit(&mut self) -> Result<()> {
        self.connection()?;
        // From here on it has ended, and what is not committed is rolled back.
        let ending = Self { connection: self.connection.take() };
        ending.connection.as_ref().map_or(Ok(()), |connection| connection.control("COMMIT"))
    }

    fn rollback(&mut self) -> Result<()> {
        match self.connection.take() {
            None => Err(ended("has ended")),
            connection => {
                drop(Self { connection });
                Ok(())
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_idle() && (connection.control("ROLLBACK").is_err() || !connection.is_idle()) {
            connection.discard();
        }
    }
}

#[cold]
fn ended(how: &str) -> Error {
    Error::Driver { message: format!("the transaction {how}; nothing more can run in it") }
}

impl OpenTransaction {
    pub(super) fn new(open: Open, executor: Arc<Executor>) -> Self {
        // Waiting has no limit: what is waited for is another task of the same transaction.
        let pool = Pool::new("connections of a transaction".to_owned(), 1, None, || Err(ended("has ended")));
        pool.add(open);
        Self { open: pool, executor }
    }

    /// Does `work` in the transaction, when what runs in it has ended.
    pub(super) async fn run_work<W: Work + 'static>(&self, access: Access, work: W) -> Result<W::Answer> {
        let scope = nested(access);
        let mut open = self.open.acquire().await?;
        self.executor.run(move || perform(open.connection()?, scope, work)).await
    }
}

fn nested(access: Access) -> Option<Scope> {
    match access {
        Access::Read | Access::Snapshot | Access::Write => None,
        Access::Atomic => Some(Scope::NESTED),
    }
}

impl Driver for OpenTransaction {
    fn run_now(&self, task: &mut Task) -> Option<Result<Answer>> {
        let here = self.executor.here()?;
        let mut open = self.open.try_acquire()?;
        let scope = nested(task.access(&CAPABILITIES));
        Some(here.run(|| perform(open.connection()?, scope, task)))
    }

    fn run(&self, task: Box<Task>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(self.run_work(task.access(&CAPABILITIES), task))
    }

    fn begin(&self, _options: TransactionOptions) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async {
            let message = "a transaction is open already; every call in it is all or nothing by itself".to_owned();
            Err(Error::Driver { message })
        })
    }

    fn create_tables(&self, schema: &'static SchemaMeta) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut open = self.open.acquire().await?;
            let create = move || catalogue::create_tables(open.connection()?, Scope::NESTED, schema);
            self.executor.run(create).await
        })
    }
}

impl Transaction for OpenTransaction {
    fn commit(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let mut open = self.open.acquire().await?;
            self.executor.run(move || open.commit()).await
        })
    }

    fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let mut open = self.open.acquire().await?;
            self.executor.run(move || open.rollback()).await
        })
    }
}
