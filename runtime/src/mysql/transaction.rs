//! An open transaction: a connection, used by one task at a time, or by a transaction inside this one.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::database::{Lent, Work, perform};
use super::lease::Scope;
use super::open::{Connection, State};
use crate::deadline::{self, Deadline};
use crate::driver::{Access, BoxFuture, Capabilities, Driver, Isolation, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::network::home::{self, Home};
use crate::pool::{Held, Pool};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// A transaction that tasks run in. Its connection waits in a pool of one, so that who comes first runs first.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    open: Arc<Pool<Open>>,
    capabilities: &'static Capabilities,
    /// How long a call waits for a transaction inside this one.
    patience: Duration,
}

/// What is between begin and end; dropped before, it is rolled back.
#[derive(Debug)]
pub(super) struct Open {
    /// `None` once the transaction has ended.
    on: Option<On>,
    home: Home,
}

/// What a transaction was begun on, and keeps to its end.
#[derive(Debug)]
enum On {
    Connection(Box<Lent>),
    /// The transaction around it, which can do nothing meanwhile, and how deep this one is in transactions.
    Transaction(Held<Open>, usize),
}

impl Open {
    pub(super) async fn begin(mut connection: Lent, options: TransactionOptions) -> Result<Self> {
        let isolation = match options.isolation {
            None => "",
            Some(Isolation::ReadCommitted) => "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ",
            Some(Isolation::RepeatableRead) => "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ",
            Some(Isolation::Serializable) => "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; ",
        };
        let mode = if options.read_only { " READ ONLY" } else { "" };
        connection.control(&format!("{isolation}START TRANSACTION{mode}"), State::Open).await?;
        let home = connection.home();
        Ok(Self { on: Some(On::Connection(Box::new(connection))), home })
    }

    /// Begins inside of `outer`.
    async fn begin_inside(mut outer: Held<Self>) -> Result<Self> {
        let depth = outer.depth() + 1;
        let home = outer.home.clone();
        outer.connection()?.control(&format!("SAVEPOINT relata_{depth}"), State::Open).await?;
        Ok(Self { on: Some(On::Transaction(outer, depth)), home })
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
                None => return Err(ended()),
                Some(On::Connection(connection)) => {
                    return match connection.state {
                        State::Open => Ok(connection),
                        state => Err(gone(state)),
                    };
                }
                Some(On::Transaction(outer, _)) => open = outer,
            }
        }
    }

    async fn commit(&mut self, deadline: Option<Deadline>) -> Result<()> {
        self.connection()?.deadline = deadline;
        // From here on it has ended, and what is not committed is rolled back.
        let mut ending = Self { on: self.on.take(), home: self.home.clone() };
        match &mut ending.on {
            Some(On::Connection(connection)) => connection.commit().await,
            Some(On::Transaction(outer, depth)) => {
                let release = format!("RELEASE SAVEPOINT relata_{depth}");
                outer.connection()?.control(&release, State::Open).await?;
                ending.on = None;
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn rollback(&mut self) -> Result<()> {
        match self.on.take() {
            None => Err(ended()),
            Some(on) => {
                undo(on).await;
                Ok(())
            }
        }
    }
}

/// Rolls back; what cannot be rolled back is closed, which comes to the same.
async fn undo(on: On) {
    match on {
        On::Connection(mut connection) => {
            connection.deadline = None;
            let open = matches!(connection.state, State::Open | State::RolledBack);
            if open && connection.control("ROLLBACK", State::Idle).await.is_err() {
                connection.state = State::Lost;
            }
        }
        On::Transaction(mut outer, depth) => {
            // Where there is no connection, the server has rolled back all of it, and the outer one says so.
            let Ok(connection) = outer.connection() else { return };
            connection.deadline = None;
            for undo in [format!("ROLLBACK TO SAVEPOINT relata_{depth}"), format!("RELEASE SAVEPOINT relata_{depth}")] {
                if connection.control(&undo, State::Open).await.is_err() && connection.state == State::Open {
                    connection.state = State::Lost;
                }
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        match self.on.take() {
            // It knows by itself what is to be done.
            None | Some(On::Connection(_)) => {}
            Some(on) => self.home.clone().spawn(undo(on)),
        }
    }
}

#[cold]
fn ended() -> Error {
    Error::Driver { message: "the transaction has ended; nothing more can run in it".to_owned() }
}

#[cold]
fn gone(state: State) -> Error {
    match state {
        State::RolledBack => Error::Serialization {
            message:
                "the transaction was rolled back by the database in favour of another one; nothing more can run in it"
                    .to_owned(),
        },
        _ => Error::Unavailable {
            message: "the transaction was rolled back, since its connection is lost; nothing more can run in it"
                .to_owned(),
        },
    }
}

impl OpenTransaction {
    pub(super) fn new(open: Open, capabilities: &'static Capabilities, patience: Duration) -> Self {
        let what = "connections of a transaction".to_owned();
        let pool = Pool::new(what, 1, Some(patience), || Err(ended()));
        pool.add(open);
        Self { open: pool, capabilities, patience }
    }

    /// Does `work` in the transaction, when what runs in it has ended.
    pub(super) async fn run_work<W: Work + 'static>(
        &self,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let scope = match access {
            Access::Read | Access::Snapshot | Access::Write => None,
            Access::Atomic => Some(Scope::NESTED),
        };
        let mut open = self.acquire(deadline).await?;
        let home = open.home.clone();
        let call = async move {
            let connection = open.connection()?;
            connection.deadline = deadline;
            perform(connection, scope, work).await
        };
        home::run(Finished::new(home, call)).await
    }

    /// Its connection, when what runs in it has ended.
    async fn acquire(&self, deadline: Option<Deadline>) -> Result<Held<Open>> {
        deadline::within(deadline, || "another call of the transaction".to_owned(), pin!(self.open.acquire())).await
    }

    /// Opens a transaction inside of this one, when what runs in it has ended.
    pub(super) async fn open_inside(&self, deadline: Option<Deadline>) -> Result<Self> {
        let mut outer = self.acquire(deadline).await?;
        outer.connection()?.deadline = deadline;
        let home = outer.home.clone();
        let open = home::run(Finished::new(home, Open::begin_inside(outer))).await?;
        Ok(Self::new(open, self.capabilities, self.patience))
    }
}

/// A call in a transaction. Dropped before its end, it is brought to its end behind the caller's back: stopped
/// half-way, it would take the whole transaction with it.
struct Finished<T: Send + 'static> {
    call: Option<BoxFuture<'static, Result<T>>>,
    home: Home,
}

impl<T: Send + 'static> Finished<T> {
    fn new(home: Home, call: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self { call: Some(Box::pin(call)), home }
    }
}

impl<T: Send + 'static> Future for Finished<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        // Taken out: a call that panics is not polled again.
        let mut call = self.call.take().expect("a call is polled to its end once");
        let polled = call.as_mut().poll(context);
        if polled.is_pending() {
            self.call = Some(call);
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Finished<T> {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            // Whoever would be told is gone.
            self.home.spawn(async move { drop(call.await) });
        }
    }
}

impl Driver for OpenTransaction {
    fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(self.run_work(task.access(self.capabilities), deadline, task))
    }

    fn begin(&self, _: TransactionOptions, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async move {
            let transaction: Arc<dyn Transaction> = Arc::new(self.open_inside(deadline).await?);
            Ok(transaction)
        })
    }

    fn create_tables(&self, _: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let message = "MariaDB and MySQL commit a transaction when a table is created in it: create the tables outside \
                           of transactions";
            Err(Error::Driver { message: message.to_owned() })
        })
    }
}

impl Transaction for OpenTransaction {
    fn commit(&self, deadline: Option<Deadline>) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut open = self.acquire(deadline).await?;
            let home = open.home.clone();
            home::run(Finished::new(home, async move { open.commit(deadline).await })).await
        })
    }

    fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let mut open = self.open.acquire().await?;
            let home = open.home.clone();
            home::run(Finished::new(home, async move { open.rollback().await })).await
        })
    }
}
