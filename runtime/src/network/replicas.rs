//! A primary database and replicas that follow it: which reads go where.
//!
//! What a program has written itself it reads back, whatever the replicas lag behind: after a write, reads go to the
//! primary until a replica has got as far. Nobody waits for that, and nobody is asked while nothing is written: the
//! number of writes is counted here, and a replica is looked at only when that number has changed since it was found to
//! have them all. What fails on a replica runs again on the primary.
//!
//! Knows no protocol: how far a database has got is its driver's business.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::home::{self, Home};
use crate::deadline::Deadline;
use crate::driver::{BoxFuture, Capabilities, Driver, Transaction, TransactionOptions};
use crate::meta::TableMeta;
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// How long a replica that failed is left alone.
const SHUNNED: Duration = Duration::from_secs(2);

/// How seldom a replica is looked at, while the program reads and writes without pause.
const BETWEEN: Duration = Duration::from_millis(5);

/// The longest pause between looks at a replica that is behind.
const LONGEST: Duration = Duration::from_millis(80);

/// How long a look follows a replica that is behind. The next read begins another.
const PATIENCE: Duration = Duration::from_secs(1);

/// A database that may follow another one, or be followed.
pub(crate) trait Node: Driver {
    /// How far what is committed here reaches.
    fn position(&self) -> BoxFuture<'_, Result<i64>>;

    /// How far it has got in following another one; `None` where it follows none.
    fn reached(&self) -> BoxFuture<'_, Result<Option<i64>>>;

    /// How many connections were made to it. While that stays, nobody has met a server that was started anew, which may
    /// be less far than before.
    fn connections(&self) -> u64;

    /// Runs a task that only reads, on a connection that is none of those made after so many.
    fn read(
        &self,
        task: Box<Task>,
        connections: u64,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Answer, Unread>>;
}

/// Why a replica has not answered.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The primary would say the same.
    Refused(Error),
    /// It is not to be reached, or not any more.
    Gone(Box<Task>),
    /// It served, and not this: what it applies was in the way, or a new connection was all there was.
    NotNow(Box<Task>),
}

/// A primary, and replicas that are read from.
#[derive(Debug)]
pub(crate) struct Replicated(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    primary: Arc<dyn Node>,
    replicas: Vec<Replica>,
    /// A read need not see what was written before it.
    stale: bool,
    /// How many writes have ended here, whatever came of them, and one for those of before.
    writes: AtomicU64,
    /// Whose turn it is.
    turn: AtomicUsize,
}

#[derive(Debug)]
struct Replica {
    node: Arc<dyn Node>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The writes that it was found to have, and how many connections there were.
    has: Option<(u64, u64)>,
    /// Somebody looks how far it is.
    looking: bool,
    /// Nobody looks before.
    next: Instant,
}

impl Replica {
    fn new(node: Arc<dyn Node>) -> Self {
        Self { node, state: Mutex::new(State { has: None, looking: false, next: Instant::now() }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is not read from before it was looked at again.
    fn leave(&self, pause: Duration) {
        let mut state = self.lock();
        state.has = None;
        state.next = Instant::now() + pause;
    }
}

impl Replicated {
    pub(crate) fn new(primary: Arc<dyn Node>, replicas: Vec<Arc<dyn Node>>, stale: bool) -> Self {
        let replicas = replicas.into_iter().map(Replica::new).collect();
        Self(Arc::new(Inner { primary, replicas, stale, writes: AtomicU64::new(1), turn: AtomicUsize::new(0) }))
    }
}

/// A write that is under way. When it has ended, and also when nobody waits for it any more, replicas lack it.
struct Writing<'a>(&'a Inner);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.writes.fetch_add(1, Ordering::SeqCst);
    }
}

/// A look at a replica that is under way.
struct Looking {
    inner: Arc<Inner>,
    at: usize,
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.inner.replicas[self.at].lock().looking = false;
    }
}

/// What came of a look.
enum Seen {
    Has {
        writes: u64,
        connections: u64,
    },
    Behind,
    /// A connection was made meanwhile: what was seen may be of another server.
    Unsure,
    /// It follows nobody.
    Leads,
}

impl Inner {
    /// A replica that has all that was written here, with its number of connections. Those that may lack something are
    /// looked at, behind the caller's back.
    async fn pick(self: &Arc<Self>) -> Option<(&Replica, u64)> {
        let writes = self.writes.load(Ordering::SeqCst);
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        for n in 0..self.replicas.len() {
            let at = (first.wrapping_add(n)) % self.replicas.len();
            let replica = &self.replicas[at];
            let connections = replica.node.connections();
            {
                let mut state = replica.lock();
                match state.has {
                    Some((has, of)) if of == connections && (self.stale || has == writes) => {
                        return Some((replica, connections));
                    }
                    _ if state.looking || state.next > Instant::now() => continue,
                    _ => state.looking = true,
                }
            }
            let looking = Looking { inner: Arc::clone(self), at };
            // Where it cannot be begun, the call itself says why.
            let _ = home::run(async move {
                Home::here().spawn(looking.follow());
                Ok(())
            })
            .await;
        }
        None
    }

    async fn read(self: &Arc<Self>, task: Box<Task>, deadline: Option<Deadline>) -> Result<Answer> {
        let Some((replica, connections)) = self.pick().await else { return self.primary.run(task, deadline).await };
        let task = match replica.node.read(task, connections, deadline).await {
            Ok(answer) => return Ok(answer),
            Err(Unread::Refused(error)) => return Err(error),
            Err(Unread::Gone(task)) => {
                replica.leave(SHUNNED);
                task
            }
            Err(Unread::NotNow(task)) => task,
        };
        self.primary.run(task, deadline).await
    }

    /// Looks once. `known` is where the primary was after that many writes, asked of it where they are more by now.
    async fn look(&self, replica: &Replica, known: &mut Option<(u64, i64)>) -> Result<Seen> {
        let (writes, connections) = (self.writes.load(Ordering::SeqCst), replica.node.connections());
        let position = match *known {
            Some((of, position)) if of == writes => position,
            // No position is before it.
            _ if self.stale => i64::MIN,
            _ => self.primary.position().await?,
        };
        *known = Some((writes, position));
        let reached = replica.node.reached().await?;
        Ok(match reached {
            None => Seen::Leads,
            Some(reached) if reached < position => Seen::Behind,
            Some(_) if replica.node.connections() != connections => Seen::Unsure,
            Some(_) => Seen::Has { writes, connections },
        })
    }
}

impl Looking {
    /// Looks until the replica has all that was written, or it seems to take long.
    async fn follow(self) {
        let replica = &self.inner.replicas[self.at];
        let (end, mut pause, mut known) = (Instant::now() + PATIENCE, BETWEEN, None);
        while Instant::now() < end {
            match self.inner.look(replica, &mut known).await {
                Ok(Seen::Has { writes, connections }) => {
                    let mut state = replica.lock();
                    state.has = Some((writes, connections));
                    state.next = Instant::now() + BETWEEN;
                    return;
                }
                Ok(Seen::Behind) => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST);
                }
                Ok(Seen::Unsure) => {}
                Ok(Seen::Leads) | Err(_) => return replica.leave(SHUNNED),
            }
        }
    }
}

impl Driver for Replicated {
    fn capabilities(&self) -> &'static Capabilities {
        self.0.primary.capabilities()
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(async move {
            // What a program's own statement does besides reading, nobody knows.
            if task.writes() || task.lock().is_some() || task.is_unknown() {
                let _writing = Writing(&self.0);
                return self.0.primary.run(task, deadline).await;
            }
            self.0.read(task, deadline).await
        })
    }

    fn begin(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        Box::pin(async move {
            let transaction = self.0.primary.begin(options, deadline).await?;
            if options.read_only {
                return Ok(transaction);
            }
            let transaction: Arc<dyn Transaction> = Arc::new(Open { transaction, inner: Arc::clone(&self.0) });
            Ok(transaction)
        })
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let _writing = Writing(&self.0);
            self.0.primary.create_tables(tables).await
        })
    }
}

/// A transaction on the primary, whose end replicas lack.
#[derive(Debug)]
struct Open {
    transaction: Arc<dyn Transaction>,
    inner: Arc<Inner>,
}

impl Driver for Open {
    fn capabilities(&self) -> &'static Capabilities {
        self.transaction.capabilities()
    }

    fn run_now(&self, task: &mut Task, deadline: Option<Deadline>) -> Option<Result<Answer>> {
        self.transaction.run_now(task, deadline)
    }

    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        self.transaction.run(task, deadline)
    }

    /// What is done in it is stored with this one.
    fn begin(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        self.transaction.begin(options, deadline)
    }

    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        self.transaction.create_tables(tables)
    }
}

impl Transaction for Open {
    fn commit(&self, deadline: Option<Deadline>) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let _writing = Writing(&self.inner);
            self.transaction.commit(deadline).await
        })
    }

    fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        self.transaction.rollback()
    }
}

#[cfg(all(test, feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod tests;
