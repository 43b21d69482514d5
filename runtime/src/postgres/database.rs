//! A connected database: a pool of connections, each for one task at a time, and few that reads share.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use super::catalogue;
use super::connect::{Maker, SCHEME};
use super::connection::Connection;
use super::lease::{CAPABILITIES, Lease, Scope};
use super::readers::Readers;
use super::transaction::OpenTransaction;
use crate::db::Settings;
use crate::deadline::{self, Deadline};
use crate::driver::{Access, BoxFuture, Capabilities, Driver, Session, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::network::home;
use crate::network::pool::{Held, Limits, Pool};
use crate::observe::{self, Again};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// A connected database. A clone shares its connections.
#[derive(Debug, Clone)]
pub(super) struct Database(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) pool: Pool<Maker>,
    readers: Readers,
    /// A session is lent for one transaction at a time, so that every statement has one.
    pooled: bool,
}

/// What is done with a session: a task, or a test's statements.
pub(super) trait Work: Send {
    type Answer: Send + 'static;

    /// Whether it looks for one row by its key, and so is done in no time.
    fn is_brief(&self) -> bool;

    /// Whether nobody knows what its statement does, so that even one that reads may change something.
    fn is_unknown(&self) -> bool {
        false
    }

    fn run(self, session: &mut dyn Session) -> impl Future<Output = Result<Self::Answer>> + Send;

    /// The same work, to be done again where the server gives it up in favour of another one's.
    fn again(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// How often work is done again that the server gave up: of many that store a row of several unique keys at once, one
/// goes on at a time.
const AGAIN: usize = 20;

impl Work for Box<Task> {
    type Answer = Answer;

    fn is_brief(&self) -> bool {
        self.finds_by_key()
    }

    fn is_unknown(&self) -> bool {
        Task::is_unknown(self)
    }

    async fn run(mut self, session: &mut dyn Session) -> Result<Answer> {
        self.execute(session).await
    }

    fn again(&self) -> Option<Self> {
        Task::again(self).map(Box::new)
    }
}

impl Database {
    /// Opens the first connection; others are opened when they are needed.
    pub(super) async fn open(url: &str, settings: &Settings) -> Result<Self> {
        let (maker, limits) = Maker::new(&SCHEME.parse(url)?, settings)?;
        let database = Self::of(maker, settings, limits);
        let first = Arc::clone(&database.0);
        home::run(async move { first.pool.acquire().await.map(drop) }).await?;
        Ok(database)
    }

    /// Opens no connection before one is needed.
    pub(super) fn of(maker: Maker, settings: &Settings, limits: Limits) -> Self {
        let pooled = maker.is_pooled();
        // What requests of several share is a session, and a pooler lends none.
        let readers = Readers::new(settings.share_reads && !pooled, &limits);
        Self(Arc::new(Inner { pool: Pool::new(maker, limits), readers, pooled }))
    }

    pub(super) fn pool(&self) -> &Pool<Maker> {
        &self.0.pool
    }

    /// Does `work` on a connection that serves its access.
    pub(super) async fn run_work<W: Work + 'static>(
        &self,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let inner = Arc::clone(&self.0);
        home::run(async move { inner.run_work(access, deadline, work).await }).await
    }

    /// Opens a transaction on a connection, which it keeps to its end.
    pub(super) async fn open_transaction(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> Result<OpenTransaction> {
        let inner = Arc::clone(&self.0);
        let connection = home::run(async move { inner.pool.acquire_by(deadline).await }).await?;
        Ok(OpenTransaction::new(Returned::new(connection), options))
    }
}

impl Inner {
    async fn run_work<W: Work>(&self, access: Access, deadline: Option<Deadline>, work: W) -> Result<W::Answer> {
        let access = match access {
            Access::Write if self.pooled => Access::Atomic,
            Access::Read if self.pooled && work.is_unknown() => Access::Atomic,
            access => access,
        };
        let scope = match access {
            Access::Read if self.pooled => Some(Scope::READ_ONE),
            Access::Read if work.is_brief() => {
                if deadline.is_some() {
                    return Box::pin(self.share_in_time(deadline, work)).await;
                }
                if let Some(reader) = self.readers.acquire(&self.pool).await? {
                    return perform(&reader, None, work).await;
                }
                None
            }
            Access::Read | Access::Write => None,
            Access::Snapshot => Some(Scope::READ),
            Access::Atomic => Some(Scope::WRITE),
        };
        self.run_apart(scope, access, deadline, work).await
    }

    /// Does `work` on a connection that reads share, or on one of its own.
    async fn share_in_time<W: Work>(&self, deadline: Option<Deadline>, work: W) -> Result<W::Answer> {
        let reader = self.pool.in_time(deadline, pin!(self.readers.acquire(&self.pool))).await?;
        let Some(reader) = reader else { return self.run_apart(None, Access::Read, deadline, work).await };
        // Others wait for the same connection: it is not told to stop.
        let what = || format!("a statement in {}", reader.place);
        deadline::within(deadline, what, pin!(perform(&reader, None, work))).await
    }

    /// Does `work` on a connection of its own.
    async fn run_apart<W: Work>(
        &self,
        scope: Option<Scope>,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let (mut work, mut left) = (work, AGAIN);
        loop {
            let again = (left > 0).then(|| work.again()).flatten();
            left = left.saturating_sub(1);
            let connection = Returned::new(self.pool.acquire_by(deadline).await?);
            connection.get().set_deadline(deadline);
            let done = perform(connection.get(), scope, work).await;
            match (done, again) {
                // Nothing of it is done: what the server gives up is rolled back.
                (Err(error @ Error::Serialization { .. }), Some(again)) if connection.get().was_given_up() => {
                    observe::retried(Again::Call, error.code());
                    work = again;
                }
                (done, _) => return known(done, access, connection.get()),
            }
        }
    }
}

/// What came of work, as far as that is known.
fn known<T>(done: Result<T>, access: Access, connection: &Connection) -> Result<T> {
    match done {
        // A single statement commits by itself.
        Err(Error::Unavailable { .. } | Error::Timeout { .. })
            if access == Access::Write && connection.is_outcome_unknown() =>
        {
            Err(connection.unknown())
        }
        done => done,
    }
}

/// Does `work`, within `scope` where there is one.
async fn perform<W: Work>(connection: &Connection, scope: Option<Scope>, work: W) -> Result<W::Answer> {
    let mut lease = Lease::new(connection, scope);
    let answer = work.run(&mut lease).await?;
    lease.commit().await?;
    Ok(answer)
}

/// A connection on its way back: what was left unfinished on it is ended first, whatever becomes of its user.
#[derive(Debug)]
pub(super) struct Returned(Option<Held<Maker>>);

impl Returned {
    pub(super) fn new(connection: Held<Maker>) -> Self {
        Self(Some(connection))
    }

    pub(super) fn get(&self) -> &Connection {
        self.0.as_ref().expect("the connection is there until it is dropped")
    }
}

impl Drop for Returned {
    fn drop(&mut self) {
        let Some(connection) = self.0.take() else { return };
        // Whoever has it next, also reads that share it, has another deadline or none.
        connection.set_deadline(None);
        if connection.is_clean() {
            return;
        }
        let home = connection.home();
        home.spawn(async move {
            if !connection.tidy().await {
                connection.discard();
            }
        });
    }
}

impl Driver for Database {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(self.run_work(task.access(&CAPABILITIES), deadline, task))
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
        Box::pin(async move {
            let inner = Arc::clone(&self.0);
            home::run(async move {
                let connection = Returned::new(inner.pool.acquire().await?);
                catalogue::create_tables(connection.get(), Scope::TABLES, tables).await
            })
            .await
        })
    }
}
