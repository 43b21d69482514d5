//! One connection in the hands of one task: statements, values in, rows out.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mysql_async::consts::StatusFlags;
use mysql_async::prelude::Queryable;
use mysql_async::{Error as Failure, Params, Value as Wire};
use tokio::time::timeout;

use super::open::{self, Connection, Place, State};
use super::{fault, insert, lists, values};
use crate::deadline::{self, Deadline};
use crate::driver::{Bind, Capabilities, Each, Fault, Inserted, Reply, Session, Telling, Wanted};
use crate::meta::{ModelMeta, PropertyMeta};
use crate::row::Cells;
use crate::sql::bind::property_of;
use crate::value::Value;
use crate::{Error, Result};

/// How several statements are made one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    begin: &'static str,
    commit: &'static str,
    undo: &'static str,
    /// Within a transaction that goes on.
    nested: bool,
}

impl Scope {
    /// One state of the database.
    pub(super) const READ: Self = Self {
        begin: "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        commit: "COMMIT",
        undo: "ROLLBACK",
        nested: false,
    };
    /// All or nothing.
    pub(super) const WRITE: Self =
        Self { begin: "START TRANSACTION", commit: "COMMIT", undo: "ROLLBACK", nested: false };
    /// All or nothing inside a transaction. A savepoint of a name takes the place of the one before.
    pub(super) const NESTED: Self = Self {
        begin: "SAVEPOINT relata",
        commit: "RELEASE SAVEPOINT relata",
        undo: "ROLLBACK TO SAVEPOINT relata",
        nested: true,
    };

    /// Within a transaction, which is somebody else's to run again.
    pub(super) fn is_nested(self) -> bool {
        self.nested
    }
}

/// How long a server that was told to stop a statement may take to say that it did.
const GRACE: Duration = Duration::from_secs(2);

/// A connection that is lent for one task.
pub(super) struct Lease<'c> {
    pub(super) connection: &'c mut Connection,
}

impl<'c> Lease<'c> {
    pub(super) fn new(connection: &'c mut Connection) -> Self {
        Self { connection }
    }

    /// Begins what is all or nothing.
    pub(super) async fn begin(&mut self, scope: Scope) -> Result<()> {
        self.connection.control(scope.begin, State::Open).await
    }

    /// Makes permanent what was done since `begin`.
    pub(super) async fn commit(&mut self, scope: Scope) -> Result<()> {
        if scope.nested {
            self.connection.control(scope.commit, State::Open).await
        } else {
            self.connection.commit().await
        }
    }

    /// Undoes what was done since `begin`, unless the server has done so. What cannot be undone is lost, with its
    /// connection.
    pub(super) async fn undo(&mut self, scope: Scope) {
        if self.connection.state == State::Open {
            // What is done is to be undone, however late.
            self.connection.deadline = None;
            let after = if scope.nested { State::Open } else { State::Idle };
            if self.connection.control(scope.undo, after).await.is_err() {
                self.connection.state = State::Lost;
            }
        }
    }

    /// The bound values of a statement.
    fn bind(&self, binds: &[Bind<'_>]) -> Result<Params, Fault> {
        let mut bound = Vec::with_capacity(binds.len());
        for bind in binds {
            bound.push(match bind {
                Bind::Value(value, property) => value_of(value, property)?,
                Bind::Free(value, _) => {
                    let property = property_of(value);
                    values::encode(value, &property).map_err(|mismatch| Fault::unfit(&property, &mismatch))?
                }
                Bind::Text(text) => Wire::Bytes(text.as_bytes().to_vec()),
                Bind::List(values, property) => {
                    let json =
                        lists::of_values(values, property).map_err(|mismatch| Fault::unfit(property, &mismatch))?;
                    Wire::Bytes(json.into_bytes())
                }
                Bind::Keys(keys) => Wire::Bytes(lists::of_keys(keys).into_bytes()),
                Bind::KeyValue(key) => key.map_or(Wire::NULL, lists::of_key),
                Bind::KeyPart(..) => return Err(Error::Driver { message: "no array is bound here".to_owned() }.into()),
            });
        }
        self.fits(bound.iter())?;
        Ok(if bound.is_empty() { Params::Empty } else { Params::Positional(bound) })
    }

    /// Refuses what the server would answer by closing the connection.
    pub(super) fn fits<'v>(&self, values: impl Iterator<Item = &'v Wire>) -> Result<(), Fault> {
        let size = values.map(size).sum::<usize>();
        if size > self.connection.server.max_packet {
            Err(fault::too_large(&self.connection.place).into())
        } else {
            Ok(())
        }
    }

    /// Runs a statement and hands over its rows; all of them are read, wanted or not, since they are on their way.
    pub(super) async fn rows(&mut self, sql: &str, params: Params, each: Each<'_>) -> Result<(), Fault> {
        let before = self.connection.send()?;
        let limit = self.connection.limit();
        let Connection { conn, statements, .. } = &mut *self.connection;
        let (mut wanted, mut refused) = (Wanted::More, None);
        let answer = async {
            let statement = statements.prepare(conn, sql).await?;
            let result = conn.exec_iter(&statement, params).await?;
            let take = |row: mysql_async::Row| {
                if wanted == Wanted::More {
                    wanted = each(Cells::Mysql(&row)).unwrap_or_else(|error| {
                        refused = Some(error);
                        Wanted::Enough
                    });
                }
            };
            result.for_each_and_drop(take).await
        };
        let answer = limit.keep(pin!(answer)).await;
        self.connection.received(before, answer)?;
        refused.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Runs a statement that answers no rows, and says how many it changed, and which id it generated first.
    pub(super) async fn change(&mut self, sql: &str, params: Params) -> Result<(u64, Option<u64>), Fault> {
        let before = self.connection.send()?;
        let limit = self.connection.limit();
        let Connection { conn, statements, .. } = &mut *self.connection;
        let answer = async {
            let statement = statements.prepare(conn, sql).await?;
            conn.exec_drop(&statement, params).await?;
            Ok((conn.affected_rows(), conn.last_insert_id()))
        };
        let answer = limit.keep(pin!(answer)).await;
        self.connection.received(before, answer)
    }
}

impl Connection {
    /// Runs a statement of the driver's own, after which the connection is in that state.
    pub(super) async fn control(&mut self, sql: &str, after: State) -> Result<()> {
        let before = self.send()?;
        self.sent(sql, before, after).await
    }

    async fn sent(&mut self, sql: &str, before: State, after: State) -> Result<()> {
        let limit = self.limit();
        let answer = limit.keep(pin!(self.conn.query_drop(sql))).await;
        self.received(before, answer)?;
        self.state = after;
        Ok(())
    }

    /// Ends the transaction. If the connection is lost meanwhile, nobody knows how it ended.
    pub(super) async fn commit(&mut self) -> Result<()> {
        // What is not sent leaves the transaction open.
        let before = self.send()?;
        match self.sent("COMMIT", before, State::Idle).await {
            Err(error) if self.state == State::Lost => Err(unknown(&self.place, &error)),
            // With the connection goes what was not committed.
            Err(error) if self.state == State::Unready => Err(error),
            // What the server does not commit, it rolls back.
            Err(error) => {
                self.state = State::Idle;
                Err(error)
            }
            Ok(()) => Ok(()),
        }
    }

    /// Looks whether the transaction is still open after a statement that may have ended it, as a procedure can.
    fn is_still_open(&mut self) -> Result<()> {
        if self.state == State::Open
            && let Some(told) = self.conn.last_ok_packet()
            && !told.status_flags().contains(StatusFlags::SERVER_STATUS_IN_TRANS)
        {
            self.state = State::RolledBack;
            let message = "the statement has ended the transaction: what was done in it before is stored or undone, as \
                           the statement did";
            return Err(Error::Driver { message: message.to_owned() });
        }
        Ok(())
    }

    /// A statement is about to be sent, unless it is too late for it.
    fn send(&mut self) -> Result<State> {
        deadline::check(self.deadline, || format!("a statement in {}", self.place))?;
        Ok(std::mem::replace(&mut self.state, State::Busy))
    }

    /// How long a statement that is sent now may run.
    fn limit(&self) -> Limit {
        let server = self.place.statement_timeout.map(|time| if self.server.stops { time + GRACE } else { time });
        Limit { place: Arc::clone(&self.place), id: self.conn.id(), statement: server, deadline: self.deadline }
    }

    /// The deadline, if it has passed.
    fn overdue(&self) -> Option<Deadline> {
        self.deadline.filter(|deadline| deadline.has_passed())
    }

    /// That a statement was told to stop, or came to no end in time.
    #[cold]
    fn interrupted(&self) -> Error {
        match self.overdue() {
            Some(deadline) => deadline.passed(format_args!("a statement in {}, which was to be stopped", self.place)),
            None => self.place.interrupted(),
        }
    }

    /// The statement's answer is read to its end.
    fn received<T>(&mut self, before: State, answer: Answered<T>) -> Result<T, Fault> {
        self.used = Instant::now();
        let failure = match answer {
            Answered::Whole(Ok(value)) => {
                self.state = before;
                return Ok(value);
            }
            Answered::Whole(Err(failure)) => failure,
            Answered::Never => {
                self.state = State::Lost;
                self.place.lose();
                return Err(self.interrupted().into());
            }
        };
        self.state = if fault::is_unready(&failure) {
            self.place.lose();
            State::Unready
        } else if fault::is_lost(&failure) {
            self.place.lose();
            State::Lost
        } else if before == State::Open && fault::ends_transaction(&failure, &self.server) {
            State::RolledBack
        } else {
            before
        };
        Err(if fault::is_stopped(&failure) { self.interrupted().into() } else { fault::of(&failure, &self.place) })
    }
}

#[cold]
pub(super) fn unknown(place: &Place, error: &Error) -> Error {
    Error::CommitUnknown { message: format!("whether {place} committed the changes is not known: {error}") }
}

/// What came of a statement.
enum Answered<T> {
    Whole(Result<T, Failure>),
    /// The server neither answered in time, nor when it was told to stop.
    Never,
}

/// How long a statement may run.
struct Limit {
    place: Arc<Place>,
    id: u32,
    /// Of each statement.
    statement: Option<Duration>,
    /// Of the call that it is part of.
    deadline: Option<Deadline>,
}

impl Limit {
    /// Waits for a statement as long as it may run. The server is told to stop it where it does not do so by itself.
    async fn keep<T>(&self, mut statement: Pin<&mut impl Future<Output = Result<T, Failure>>>) -> Answered<T> {
        let left = self.deadline.map(Deadline::left);
        let (patience, grace) = match (self.statement, left) {
            (None, None) => return Answered::Whole(statement.await),
            (Some(limit), left) if left.is_none_or(|left| limit <= left) => (limit, GRACE),
            (_, left) => (left.unwrap_or_default(), deadline::GRACE / 2),
        };
        if let Ok(answer) = timeout(patience, statement.as_mut()).await {
            return Answered::Whole(answer);
        }
        // If that fails, the connection is closed, and the server finds out.
        let _ = timeout(grace, open::kill(&self.place, "QUERY", self.id)).await;
        match timeout(grace, statement).await {
            Ok(answer) => Answered::Whole(answer),
            Err(_) => Answered::Never,
        }
    }
}

/// About how many bytes a bound value takes.
pub(super) fn size(value: &Wire) -> usize {
    match value {
        Wire::Bytes(bytes) => bytes.len() + 9,
        _ => 16,
    }
}

pub(super) fn value_of(value: &Value<'_>, property: &'static PropertyMeta) -> Result<Wire, Fault> {
    values::encode(value, property).map_err(|mismatch| Fault::unfit(property, &mismatch))
}

impl Session for Lease<'_> {
    fn capabilities(&self) -> &'static Capabilities {
        self.connection.server.flavour.capabilities()
    }

    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()> {
        Reply::Later(Box::pin(async move {
            let params = self.bind(binds)?;
            self.rows(sql, params, each).await
        }))
    }

    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        telling: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted> {
        Reply::Later(Box::pin(async move { Ok(insert::insert(self, model, rows, telling).await) }))
    }

    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::Later(Box::pin(async move {
            let params = self.bind(binds)?;
            self.change(sql, params).await.map(|(changed, _)| changed)
        }))
    }

    fn run<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::Later(Box::pin(async move {
            let params = self.bind(binds)?;
            let mut rows = 0;
            let mut count = |_: Cells<'_>| {
                rows += 1;
                Ok(Wanted::More)
            };
            self.rows(sql, params, &mut count).await?;
            // Of rows that are answered, as by RETURNING, the server does not say how many were changed.
            Ok(if rows > 0 { rows } else { self.connection.conn.affected_rows() })
        }))
    }

    fn settle(&mut self) -> Result<()> {
        self.connection.is_still_open()
    }
}
