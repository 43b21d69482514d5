//! An open transaction: a connection, used by one task at a time, or by a transaction inside this one.

use std::pin::pin;
use std::sync::Arc;

use super::catalogue;
use super::database::{Work, perform};
use super::execution::Executor;
use super::lease::{CAPABILITIES, Scope};
use super::open::Connection;
use crate::deadline::{self, Deadline};
use crate::driver::{Access, BoxFuture, Capabilities, Driver, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::pool::{Held, Pool};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// A transaction that tasks run in. Its connection waits in a pool of one, so that who comes first runs first.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    open: Arc<Pool<Open>>,
    executor: Arc<Executor>,
}

/// What is between begin and end; dropped before, it is rolled back.
#[derive(Debug)]
pub(super) struct Open {
    /// `None` once the transaction has ended.
    on: Option<On>,
}

/// What a transaction was begun on, and keeps to its end.
#[derive(Debug)]
enum On {
    Connection(Held<Connection>),
    /// The transaction around it, which can do nothing meanwhile, and how deep this one is in transactions.
    Transaction(Held<Open>, usize),
}

impl Open {
    /// Begins. To write, the lock is taken at once: taken at the first write, it could be refused half-way.
    pub(super) fn begin(
        mut connection: Held<Connection>,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> Result<Self> {
        connection.set_deadline(deadline)?;
        // Each level of isolation is this one: SQLite's transactions are serializable.
        connection.control(if options.read_only { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
        Ok(Self { on: Some(On::Connection(connection)) })
    }

    /// Begins inside of `outer`.
    fn begin_inside(mut outer: Held<Self>) -> Result<Self> {
        let depth = outer.depth() + 1;
        outer.connection()?.control(&format!("SAVEPOINT relata_{depth}"))?;
        Ok(Self { on: Some(On::Transaction(outer, depth)) })
    }

    /// How many transactions this one is inside of.
    fn depth(&self) -> usize {
        match &self.on {
            Some(On::Transaction(_, depth)) => *depth,
            Some(On::Connection(_)) | None => 0,
        }
    }

    fn connection(&mut self) -> Result<&mut Connection> {
        // By a loop: however deep, the stack is not.
        let mut open = self;
        loop {
            match &mut open.on {
                None => return Err(ended("has ended")),
                // Some failures, a full disk among them, make SQLite roll back by itself.
                Some(On::Connection(connection)) if connection.is_idle() => {
                    return Err(ended("was rolled back by the database after a failure"));
                }
                Some(On::Connection(connection)) => return Ok(connection),
                Some(On::Transaction(outer, _)) => open = outer,
            }
        }
    }

    fn commit(&mut self, deadline: Option<Deadline>) -> Result<()> {
        self.connection()?.set_deadline(deadline)?;
        // From here on it has ended, and what is not committed is rolled back.
        let mut ending = Self { on: self.on.take() };
        match &mut ending.on {
            Some(On::Connection(connection)) => connection.control("COMMIT")?,
            Some(On::Transaction(outer, depth)) => {
                let release = format!("RELEASE relata_{depth}");
                outer.connection()?.control(&release)?;
                ending.on = None;
            }
            None => {}
        }
        Ok(())
    }

    fn rollback(&mut self) -> Result<()> {
        match self.on.take() {
            None => Err(ended("has ended")),
            on => {
                drop(Self { on });
                Ok(())
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        match self.on.take() {
            None => {}
            Some(On::Connection(connection)) => {
                let is_over = || connection.is_idle();
                let undone = is_over() || (connection.control("ROLLBACK").is_ok() && is_over());
                if !undone {
                    connection.discard();
                }
            }
            Some(On::Transaction(mut outer, depth)) => {
                // Where there is no connection, the database has rolled back all of it, and the outer one says so.
                let undone = outer.connection().ok().is_none_or(|connection| {
                    let undo = [format!("ROLLBACK TO relata_{depth}"), format!("RELEASE relata_{depth}")];
                    undo.iter().all(|sql| connection.control(sql).is_ok()) || connection.is_idle()
                });
                if !undone {
                    outer.discard();
                }
            }
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
    pub(super) async fn run_work<W: Work + 'static>(
        &self,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let scope = nested(access);
        let mut open = self.acquire(deadline).await?;
        self.executor.run(move || perform(open.connection()?, scope, deadline, work)).await
    }

    /// Its connection, when what runs in it has ended.
    async fn acquire(&self, deadline: Option<Deadline>) -> Result<Held<Open>> {
        deadline::within(deadline, || "another call of the transaction".to_owned(), pin!(self.open.acquire())).await
    }

    /// Opens a transaction inside of this one, when what runs in it has ended.
    pub(super) async fn open_inside(&self, deadline: Option<Deadline>) -> Result<Self> {
        let outer = self.acquire(deadline).await?;
        let open = self.executor.run(move || Open::begin_inside(outer)).await?;
        Ok(Self::new(open, Arc::clone(&self.executor)))
    }
}

fn nested(access: Access) -> Option<Scope> {
    match access {
        Access::Read | Access::Snapshot | Access::Write => None,
        Access::Atomic => Some(Scope::NESTED),
    }
}

impl Driver for OpenTransaction {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn run_now(&self, task: &mut Task, deadline: Option<Deadline>) -> Option<Result<Answer>> {
        let here = self.executor.here()?;
        let mut open = self.open.try_acquire()?;
        let scope = nested(task.access(&CAPABILITIES));
        Some(here.run(|| perform(open.connection()?, scope, deadline, task)))
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(self.run_work(task.access(&CAPABILITIES), deadline, task))
    }

    /// A savepoint has the isolation of its transaction.
    fn begin(&self, _: TransactionOptions, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async move {
            let transaction: Arc<dyn Transaction> = Arc::new(self.open_inside(deadline).await?);
            Ok(transaction)
        })
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut open = self.open.acquire().await?;
            let create = move || catalogue::create_tables(open.connection()?, Scope::NESTED, tables);
            self.executor.run(create).await
        })
    }
}

impl Transaction for OpenTransaction {
    fn commit(&self, deadline: Option<Deadline>) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut open = self.acquire(deadline).await?;
            self.executor.run(move || open.commit(deadline)).await
        })
    }

    fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let mut open = self.open.acquire().await?;
            self.executor.run(move || open.rollback()).await
        })
    }
}
