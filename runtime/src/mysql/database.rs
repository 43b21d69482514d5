//! A connected database: a pool of connections, and what becomes of those that tasks leave behind.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use super::catalogue;
use super::lease::{Lease, Scope, unknown};
use super::open::{self, Connection, Opener, State};
use super::transaction::{Open, OpenTransaction};
use crate::db::{Settings, connections_to_a_server};
use crate::deadline::Deadline;
use crate::driver::{Access, BoxFuture, Capabilities, Driver, Session, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::network::home;
use crate::network::pool::{Held, Limits, Pool};
use crate::observe::{self, Again};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// How long what is done behind a task's back may take.
const BEHIND: Duration = Duration::from_secs(10);

/// A connected database.
#[derive(Debug)]
pub(super) struct Database {
    pool: Arc<Pool<Opener>>,
    capabilities: &'static Capabilities,
    patience: Duration,
}

/// What is done with a session: a task, or a test's statements.
pub(super) trait Work: Send {
    type Answer: Send + 'static;

    fn run(self, session: &mut dyn Session) -> impl Future<Output = Result<Self::Answer>> + Send;

    /// The same work, to be done again where the server gives it up in favour of another one's.
    fn again(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

impl Work for Box<Task> {
    type Answer = Answer;

    async fn run(mut self, session: &mut dyn Session) -> Result<Answer> {
        self.execute(session).await
    }

    fn again(&self) -> Option<Self> {
        Task::again(self).map(Box::new)
    }
}

/// How often work is done again that the server gave up: of many that store a row of one key at once, one goes on at a
/// time.
const AGAIN: usize = 20;

impl Database {
    /// Opens the first connection, which tells what the server can do; others when they are needed.
    pub(super) async fn open(opener: Opener, settings: &Settings) -> Result<Self> {
        let limits = Limits {
            connections: settings.connections(connections_to_a_server),
            pool_timeout: settings.pool_timeout,
            connect_timeout: opener.connect_timeout().unwrap_or(settings.connect_timeout),
        };
        let pool = Arc::new(Pool::new(opener, limits));
        let first = Arc::clone(&pool);
        let capabilities = home::run(async move { Ok(first.acquire().await?.server.flavour.capabilities()) }).await?;
        Ok(Self { pool, capabilities, patience: settings.pool_timeout })
    }

    /// Does `work` on a connection of its own.
    pub(super) async fn run_work<W: Work + 'static>(
        &self,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let scope = match access {
            Access::Read | Access::Write => None,
            Access::Snapshot => Some(Scope::READ),
            Access::Atomic => Some(Scope::WRITE),
        };
        let pool = Arc::clone(&self.pool);
        home::run(async move {
            let mut lent = Lent::acquire(pool, deadline).await?;
            let done = perform(&mut lent, scope, work).await;
            match done {
                // A single statement commits by itself.
                Err(error @ (Error::Unavailable { .. } | Error::Timeout { .. }))
                    if access == Access::Write && lent.state == State::Lost =>
                {
                    Err(unknown(&lent.place, &error))
                }
                done => done,
            }
        })
        .await
    }

    /// Opens a transaction on a connection, which it keeps to its end.
    pub(super) async fn open_transaction(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> Result<OpenTransaction> {
        let pool = Arc::clone(&self.pool);
        let open = home::run(async move { Open::begin(Lent::acquire(pool, deadline).await?, options).await }).await?;
        Ok(OpenTransaction::new(open, self.capabilities, self.patience))
    }

    #[cfg(test)]
    pub(super) fn pool(&self) -> &Arc<Pool<Opener>> {
        &self.pool
    }
}

/// Does `work`, within `scope` where there is one.
pub(super) async fn perform<W: Work>(connection: &mut Connection, scope: Option<Scope>, work: W) -> Result<W::Answer> {
    let mut lease = Lease::new(connection);
    let Some(scope) = scope else { return work.run(&mut lease).await };
    let (mut work, mut left) = (work, if scope.is_nested() { 0 } else { AGAIN });
    loop {
        let again = (left > 0).then(|| work.again()).flatten();
        left = left.saturating_sub(1);
        lease.begin(scope).await?;
        let error = match work.run(&mut lease).await {
            Ok(answer) => return lease.commit(scope).await.map(|()| answer),
            Err(error) => error,
        };
        let given_up = lease.connection.state == State::RolledBack && error.is_retryable();
        lease.undo(scope).await;
        match again.filter(|_| given_up) {
            Some(again) => {
                observe::retried(Again::Call, error.code());
                work = again;
            }
            None => return Err(error),
        }
    }
}

/// A connection that is lent to a task or a transaction. When it is dropped, it goes back as it should be found, if
/// need be after it has been cleaned up behind the caller's back.
#[derive(Debug)]
pub(super) struct Lent {
    /// `None` only while it is dropped.
    connection: Option<Held<Opener>>,
    pool: Arc<Pool<Opener>>,
}

impl Lent {
    /// For a call with that deadline.
    pub(super) async fn acquire(pool: Arc<Pool<Opener>>, deadline: Option<Deadline>) -> Result<Self> {
        let mut connection = pool.acquire_by(deadline).await?;
        connection.deadline = deadline;
        Ok(Self { connection: Some(connection), pool })
    }

    /// The runtime that it lives on.
    pub(super) fn home(&self) -> home::Home {
        self.connection.as_ref().expect(THERE).home()
    }
}

const THERE: &str = "the connection is there until it is dropped";

impl Deref for Lent {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect(THERE)
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect(THERE)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        connection.deadline = None;
        match connection.state {
            State::Idle => {}
            State::Lost | State::Unready => connection.discard(),
            // Where the server has rolled back by itself, this changes nothing.
            State::Open | State::RolledBack => connection.home().spawn(async move {
                let cleaned = tokio::time::timeout(BEHIND, connection.control("ROLLBACK", State::Idle)).await;
                if !matches!(cleaned, Ok(Ok(()))) {
                    connection.discard();
                }
            }),
            // Nobody reads the answer: the server need not go on, and it holds locks while it does.
            State::Busy => {
                let (home, place, id) = (connection.home(), Arc::clone(&connection.place), connection.conn.id());
                connection.discard();
                // Keeps the pool, whose end would otherwise be the end of the last one to tell.
                let pool = Arc::clone(&self.pool);
                home.spawn(async move {
                    // If that fails, the server finds out by itself that the connection is closed.
                    let _ = tokio::time::timeout(BEHIND, open::kill(&place, "CONNECTION", id)).await;
                    drop(pool);
                });
            }
        }
    }
}

impl Driver for Database {
    fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(self.run_work(task.access(self.capabilities), deadline, task))
    }

    fn begin(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async move {
            let transaction: Arc<dyn Transaction> = Arc::new(self.open_transaction(options, deadline).await?);
            Ok(transaction)
        })
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        let pool = Arc::clone(&self.pool);
        Box::pin(home::run(async move {
            let mut lent = Lent::acquire(pool, None).await?;
            catalogue::create_tables(&mut lent, tables).await
        }))
    }
}
