//! Streaming replication: how far a server has got in its log, and reads on one that follows.

use std::sync::{Arc, Mutex, PoisonError};

use super::connect::{Maker, SCHEME};
use super::database::{Database, Work};
use super::lease::CAPABILITIES;
use crate::db::Settings;
use crate::deadline::Deadline;
use crate::driver::{Access, BoxFuture, Session, Wanted};
use crate::network::home;
use crate::network::replicas::{Node, Unread};
use crate::network::url::Pooler;
use crate::query::{Answer, Task};
use crate::row::Cells;
use crate::value::Raw;
use crate::{Error, Result};

/// One number, if there is one.
struct Number(&'static str);

/// The end of what is in the log, and not only of what is written to the disk: commits that do not wait for it count.
const POSITION: Number = Number("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");

const REACHED: Number =
    Number("SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END");

/// What a cluster is told from others by; the same on all that follow it.
const CLUSTER: Number = Number("SELECT system_identifier FROM pg_control_system()");

impl Work for Number {
    type Answer = Option<i64>;

    /// It must not wait for a read that somebody else sent before.
    fn is_brief(&self) -> bool {
        false
    }

    async fn run(self, session: &mut dyn Session) -> Result<Option<i64>> {
        let mut number = None;
        let mut each = |cells: Cells<'_>| {
            if let Raw::Int(told) = cells.raw(0) {
                number = Some(told);
            }
            Ok(Wanted::Enough)
        };
        session.query(self.0, &[], &mut each).await?;
        Ok(number)
    }
}

/// A task that may have to run elsewhere: it is there again where it did not come to its end.
struct Lent {
    task: Arc<Mutex<Option<Box<Task>>>>,
    is_brief: bool,
    replica: Database,
    connections: u64,
}

impl Work for Lent {
    type Answer = Result<Answer, Why>;

    fn is_brief(&self) -> bool {
        self.is_brief
    }

    async fn run(self, session: &mut dyn Session) -> Result<Self::Answer> {
        if self.replica.connections() != self.connections {
            return Ok(Err(Why::New));
        }
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut task = task.expect("a task is run once");
        let done = task.execute(session).await;
        if done.is_err() {
            *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        }
        done.map(Ok)
    }
}

/// Why a task was not run at all.
enum Why {
    /// The server may be another one than the one that was looked at.
    New,
}

impl Node for Database {
    fn position(&self) -> BoxFuture<'_, Result<i64>> {
        Box::pin(async { self.run_work(Access::Read, None, POSITION).await?.ok_or_else(untold) })
    }

    fn reached(&self) -> BoxFuture<'_, Result<Option<i64>>> {
        Box::pin(self.run_work(Access::Read, None, REACHED))
    }

    fn connections(&self) -> u64 {
        self.pool().connector().made()
    }

    fn read(
        &self,
        task: Box<Task>,
        connections: u64,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Answer, Unread>> {
        Box::pin(async move {
            let (access, is_brief) = (task.access(&CAPABILITIES), task.finds_by_key());
            let kept = Arc::new(Mutex::new(Some(task)));
            let lent = Lent { task: Arc::clone(&kept), is_brief, replica: self.clone(), connections };
            let done = self.run_work(access, deadline, lent).await;
            let task = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (done, task) {
                (Ok(Ok(answer)), _) => Ok(answer),
                // Not run, or ended since it stood in the way of what comes from the primary.
                (Ok(Err(Why::New)) | Err(Error::Serialization { .. }), Some(task)) => Err(Unread::NotNow(task)),
                (Err(Error::Connect { .. } | Error::Unavailable { .. }), Some(task)) => Err(Unread::Gone(task)),
                (Err(error), _) => Err(Unread::Refused(error)),
                (Ok(Err(Why::New)), None) => unreachable!("what is not run is still there"),
            }
        })
    }
}

#[cold]
fn untold() -> Error {
    Error::Driver { message: "the server does not say how far its log has got".to_owned() }
}

impl Database {
    /// Opens a replica of this database. Where it is not to be reached now, it is looked for later.
    ///
    /// # Errors
    /// [`Error::Connect`]: the URL is not understood, names several hosts or a pooler; the server lets nobody in by it,
    /// or follows another one.
    pub(super) async fn open_replica(&self, url: &str, settings: &Settings) -> Result<Self> {
        let refused = |message: &str| Error::Connect { message: format!("a read replica: {message}") };
        let told = |error| match error {
            Error::Connect { message } => refused(&message),
            error => error,
        };
        let targets = SCHEME.parse(url).map_err(told)?;
        if targets.each.len() > 1 {
            let message = "its URL names several hosts, and how far each has got would not be known: give each replica \
                           a URL of its own";
            return Err(refused(message));
        }
        if targets.first().pooler == Pooler::Transaction {
            let message = "it is not read through a pooler, which would hide that the server was started anew: name the \
                           server itself";
            return Err(refused(message));
        }
        let (maker, limits) = Maker::new(&targets, settings).map_err(told)?;
        let replica = Self::of(maker, settings, limits);
        let first = replica.clone();
        let here = home::run(async move {
            match first.pool().connector().open(limits.connect_timeout).await {
                Ok(_) => Ok(true),
                // It may be there when it is needed.
                Err(refusal) if refusal.elsewhere => Ok(false),
                Err(refusal) => Err(refusal.error),
            }
        });
        if here.await.map_err(told)? {
            // Who may not ask is not told.
            let [here, there] = [self, &replica].map(|database| database.run_work(Access::Read, None, CLUSTER));
            if let (Ok(Some(here)), Ok(Some(there))) = (here.await, there.await)
                && here != there
            {
                let message = format!("{targets} does not follow the primary: it belongs to another cluster");
                return Err(refused(&message));
            }
        }
        Ok(replica)
    }
}
