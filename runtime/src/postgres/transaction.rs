//! An open transaction: a connection, used by one task at a time, or by a transaction inside this one.

use std::borrow::Cow;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::catalogue;
use super::connection::Connection;
use super::database::{Returned, Work};
use super::fault;
use super::lease::{CAPABILITIES, Lease, Scope};
use crate::deadline::{self, Deadline};
use crate::driver::{Access, BoxFuture, Capabilities, Driver, Isolation, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::network::home;
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// A transaction that tasks run in, one after the other: who comes first runs first.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    open: Arc<Mutex<Open>>,
}

/// What is between begin and end; dropped before, it is rolled back.
#[derive(Debug)]
struct Open {
    /// `None` once the transaction has ended.
    on: Option<On>,
    /// It was made part of the one around it, or is about to be: there is nothing left to roll back to.
    released: bool,
}

/// What a transaction was begun on, and keeps to its end.
#[derive(Debug)]
enum On {
    Connection(Box<Returned>),
    /// The transaction around it, which can do nothing meanwhile, and how deep this one is in transactions.
    Transaction(OwnedMutexGuard<Open>, usize),
}

fn begin(options: TransactionOptions) -> Cow<'static, str> {
    let isolation = match options.isolation {
        None => "",
        Some(Isolation::ReadCommitted) => " ISOLATION LEVEL READ COMMITTED",
        Some(Isolation::RepeatableRead) => " ISOLATION LEVEL REPEATABLE READ",
        Some(Isolation::Serializable) => " ISOLATION LEVEL SERIALIZABLE",
    };
    format!("BEGIN{isolation}{}", if options.read_only { " READ ONLY" } else { "" }).into()
}

impl Open {
    /// How many transactions this one is inside of.
    fn depth(&self) -> usize {
        match &self.on {
            Some(On::Transaction(_, depth)) => *depth,
            Some(On::Connection(_)) | None => 0,
        }
    }

    /// # Errors
    /// When the transaction has ended.
    fn connection(&self) -> Result<&Connection> {
        // By a loop: however deep, the stack is not.
        let mut open = self;
        loop {
            match &open.on {
                None => return Err(ended()),
                Some(On::Connection(connection)) => return Ok(connection.get()),
                Some(On::Transaction(outer, _)) => open = outer,
            }
        }
    }

    async fn run<W: Work>(&self, scope: Option<Scope>, deadline: Option<Deadline>, work: W) -> Result<W::Answer> {
        let connection = self.connection()?;
        connection.set_deadline(deadline);
        let mut lease = Lease::new(connection, scope);
        let answer = work.run(&mut lease).await?;
        lease.commit().await?;
        Ok(answer)
    }

    async fn commit(&mut self, deadline: Option<Deadline>) -> Result<()> {
        self.connection()?.set_deadline(deadline);
        // From here on it has ended, and what is not committed is rolled back.
        let mut ending = Self { on: self.on.take(), released: false };
        match &ending.on {
            Some(On::Connection(connection)) => connection.get().commit().await?,
            Some(On::Transaction(outer, depth)) => {
                let connection = outer.connection()?;
                if !connection.unsay() {
                    let release = format!("RELEASE relata_{depth}");
                    ending.released = true;
                    connection.asks();
                    let released = connection.answer(1, pin!(connection.client.batch_execute(&release))).await?;
                    connection.is_answered();
                    if let Err(error) = released {
                        connection.failed(&error);
                        let error = fault::error(&error, &connection.place);
                        ending.released = false;
                        return Err(error);
                    }
                }
                ending.on = None;
            }
            None => {}
        }
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        match self.on.take() {
            None => Err(ended()),
            on => {
                let ending = Self { on, released: false };
                if let Some(On::Connection(connection)) = &ending.on {
                    connection.get().set_deadline(None);
                    // Its locks are gone when this returns. If it cannot be done, the connection is closed.
                    connection.get().tidy().await;
                }
                Ok(())
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // A connection ends what is open on it by itself, where it goes back.
        if let Some(On::Transaction(outer, depth)) = &self.on
            && !self.released
            && let Ok(connection) = outer.connection()
            && !connection.unsay()
        {
            connection.send(&format!("ROLLBACK TO relata_{depth}; RELEASE relata_{depth}"));
            connection.doubt();
        }
    }
}

/// Waits until what runs in a transaction has ended.
async fn turn(open: Arc<Mutex<Open>>, deadline: Option<Deadline>) -> Result<OwnedMutexGuard<Open>> {
    let what = || "another call of the transaction".to_owned();
    deadline::within(deadline, what, pin!(async { Ok(open.lock_owned().await) })).await
}

#[cold]
fn ended() -> Error {
    Error::Driver { message: "the transaction has ended; nothing more can run in it".to_owned() }
}

impl OpenTransaction {
    /// On a connection of its own; it begins with the first statement.
    pub(super) fn new(connection: Returned, options: TransactionOptions) -> Self {
        connection.get().say(begin(options));
        Self::of(On::Connection(Box::new(connection)))
    }

    fn of(on: On) -> Self {
        Self { open: Arc::new(Mutex::new(Open { on: Some(on), released: false })) }
    }

    /// Waits until what runs in it has ended, and then does `call` where its connection can be spoken to.
    async fn with<T, F>(
        &self,
        deadline: Option<Deadline>,
        call: impl FnOnce(OwnedMutexGuard<Open>) -> F + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send,
    {
        let open = Arc::clone(&self.open);
        home::run(async move { call(turn(open, deadline).await?).await }).await
    }

    /// Does `work` in the transaction.
    pub(super) async fn run_work<W: Work + 'static>(
        &self,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let scope = match access {
            Access::Read | Access::Snapshot => None,
            Access::Write | Access::Atomic => Some(Scope::NESTED),
        };
        self.with(deadline, move |open| async move { open.run(scope, deadline, work).await }).await
    }

    /// Opens a transaction inside of this one, when what runs in it has ended.
    pub(super) async fn open_inside(&self, deadline: Option<Deadline>) -> Result<Self> {
        let outer = turn(Arc::clone(&self.open), deadline).await?;
        let depth = outer.depth() + 1;
        outer.connection()?.say(format!("SAVEPOINT relata_{depth}").into());
        Ok(Self::of(On::Transaction(outer, depth)))
    }
}

impl Driver for OpenTransaction {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(self.run_work(task.access(&CAPABILITIES), deadline, task))
    }

    fn begin(&self, _: TransactionOptions, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async move {
            let transaction: Arc<dyn Transaction> = Arc::new(self.open_inside(deadline).await?);
            Ok(transaction)
        })
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.with(None, move |open| async move {
            let connection = open.connection()?;
            connection.set_deadline(None);
            catalogue::create_tables(connection, Scope::NESTED, tables).await
        }))
    }
}

impl Transaction for OpenTransaction {
    fn commit(&self, deadline: Option<Deadline>) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.with(deadline, move |mut open| async move { open.commit(deadline).await }))
    }

    fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.with(None, |mut open| async move { open.rollback().await }))
    }
}
