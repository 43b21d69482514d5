//! A connected database: two lanes of connections, and where calls on them run.

use std::pin::pin;
use std::sync::Arc;

use super::catalogue;
use super::execution::Executor;
use super::lease::{CAPABILITIES, Lease, Scope};
use super::open::{Connection, Place, Role};
use super::transaction::{Open, OpenTransaction};
use super::url::Location;
use crate::db::Settings;
use crate::deadline::{self, Deadline};
use crate::driver::{Access, BoxFuture, Capabilities, Driver, Session, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::observe::PoolMeter;
use crate::pool::{Held, Pool};
use crate::query::{Answer, Task};
use crate::wait::block_on;
use crate::{Error, Result};

/// How many connections a file has at most, unless said.
const CONNECTIONS: usize = 5;

/// A connected database.
#[derive(Debug)]
pub(super) struct Database {
    /// The one connection that writes.
    writer: Arc<Pool<Connection>>,
    /// Those that read; of a database in memory, and of a pool of one, the same connection.
    readers: Arc<Pool<Connection>>,
    executor: Arc<Executor>,
}

/// What is done with a session: a task, or a test's statements.
pub(super) trait Work: Send {
    type Answer: Send + 'static;

    fn run(self, session: &mut dyn Session) -> impl Future<Output = Result<Self::Answer>> + Send;
}

impl Work for Box<Task> {
    type Answer = Answer;

    async fn run(mut self, session: &mut dyn Session) -> Result<Answer> {
        self.execute(session).await
    }
}

impl Work for &mut Task {
    type Answer = Answer;

    fn run(self, session: &mut dyn Session) -> impl Future<Output = Result<Answer>> + Send {
        self.execute(session)
    }
}

impl Database {
    /// Opens the writing connection; reading ones are opened when they are needed.
    pub(super) async fn open(location: Location, settings: &Settings) -> Result<Self> {
        let in_memory = location == Location::Memory;
        let connections = if in_memory { 1 } else { settings.connections(|| CONNECTIONS) };
        let executor = Arc::new(Executor::new(settings.sqlite_execution, connections));
        let place = Arc::new(Place {
            location,
            patience: settings.busy_timeout,
            statement_timeout: settings.statement_timeout,
        });

        let at = Arc::clone(&place);
        let first = executor.run(move || Connection::open(&at, Role::Write)).await?;
        let patience = Some(settings.pool_timeout);
        let at = Arc::clone(&place);
        let meter = PoolMeter::new(format!("{place} (writing)"), 1);
        let what = format!("writing connections to {place}");
        let writer = Pool::metered(what, 1, patience, meter, move || match at.location {
            Location::Memory => Err(Error::Unavailable { message: format!("{at} is lost: its connection failed") }),
            Location::File { .. } => Connection::open(&at, Role::Write),
        });
        writer.add(first);
        let readers = match connections - 1 {
            0 => Arc::clone(&writer),
            readers => {
                let meter = PoolMeter::new(format!("{place} (reading)"), readers);
                let what = format!("reading connections to {place}");
                Pool::metered(what, readers, patience, meter, move || Connection::open(&place, Role::Read))
            }
        };
        Ok(Self { writer, readers, executor })
    }

    fn lane(&self, access: Access) -> (&Arc<Pool<Connection>>, Option<Scope>) {
        match access {
            Access::Read => (&self.readers, None),
            Access::Snapshot => (&self.readers, Some(Scope::READ)),
            Access::Write => (&self.writer, None),
            Access::Atomic => (&self.writer, Some(Scope::WRITE)),
        }
    }

    /// Does `work` on a connection of the lane that it needs.
    pub(super) async fn run_work<W: Work + 'static>(
        &self,
        access: Access,
        deadline: Option<Deadline>,
        work: W,
    ) -> Result<W::Answer> {
        let (lane, scope) = self.lane(access);
        let connection = acquire(lane, deadline).await?;
        self.executor.run(move || on_connection(connection, scope, deadline, work)).await
    }

    /// Opens a transaction on a connection that it keeps to its end.
    pub(super) async fn open_transaction(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> Result<OpenTransaction> {
        let lane = if options.read_only { &self.readers } else { &self.writer };
        let connection = acquire(lane, deadline).await?;
        let open = self.executor.run(move || Open::begin(connection, options, deadline)).await?;
        Ok(OpenTransaction::new(open, Arc::clone(&self.executor)))
    }
}

/// A connection of that lane, in time.
async fn acquire(lane: &Arc<Pool<Connection>>, deadline: Option<Deadline>) -> Result<Held<Connection>> {
    deadline::within(deadline, || format!("one of the {}", lane.what()), pin!(lane.acquire())).await
}

fn on_connection<W: Work>(
    connection: Held<Connection>,
    scope: Option<Scope>,
    deadline: Option<Deadline>,
    work: W,
) -> Result<W::Answer> {
    let mut connection = Returned(Some(connection));
    perform(connection.get(), scope, deadline, work)
}

/// Does `work`, within `scope` where there is one. Sessions here answer at once, so that nothing is waited for.
pub(super) fn perform<W: Work>(
    connection: &mut Connection,
    scope: Option<Scope>,
    deadline: Option<Deadline>,
    work: W,
) -> Result<W::Answer> {
    connection.set_deadline(deadline)?;
    let Some(scope) = scope else { return block_on(work.run(&mut Lease::new(connection))) };
    let mut lease = Lease::begin(connection, scope)?;
    let answer = block_on(work.run(&mut lease))?;
    lease.commit()?;
    Ok(answer)
}

/// A connection on its way back: with a transaction still open, it is closed instead.
struct Returned(Option<Held<Connection>>);

impl Returned {
    fn get(&mut self) -> &mut Connection {
        self.0.as_mut().expect("the connection is there until it is dropped")
    }
}

impl Drop for Returned {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take()
            && !connection.is_idle()
        {
            connection.discard();
        }
    }
}

impl Driver for Database {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn run_now(&self, task: &mut Task, deadline: Option<Deadline>) -> Option<Result<Answer>> {
        let here = self.executor.here()?;
        let (lane, scope) = self.lane(task.access(&CAPABILITIES));
        let connection = lane.try_acquire()?;
        Some(here.run(|| on_connection(connection, scope, deadline, task)))
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
            let mut connection = self.writer.acquire().await?;
            connection.set_deadline(None)?;
            self.executor.run(move || catalogue::create_tables(&mut connection, Scope::WRITE, tables)).await
        })
    }
}
