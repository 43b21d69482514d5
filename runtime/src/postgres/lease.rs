//! One connection in the hands of one task: statements, values in, rows out.
//!
//! What begins several statements is sent together with the first of them, and what ends them is waited for only
//! where its answer matters: neither costs a round trip of its own.

use std::borrow::Cow;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_util::TryStreamExt;
use futures_util::future::join;
use tokio_postgres::Error as Postgres;

pub(crate) use super::capabilities::CAPABILITIES;
use super::connection::Connection;
use super::encode::Parameter;
use super::fault;
use crate::deadline;
use crate::driver::{self, Bind, Capabilities, Each, Fault, Inserted, Query, Reply, Session, Telling, Wanted};
use crate::meta::{Generated, ModelMeta};
use crate::row::Cells;
use crate::value::Value;
use crate::value::size::size;
use crate::{Error, Result};

/// The most bytes of new rows that one statement carries, and the most rows. The protocol's limit is 1 GiB a
/// message; memory is what matters on both sides.
const CHUNK: (usize, usize) = (8 << 20, 10_000);

/// How several statements are made one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    begin: &'static str,
    commit: &'static str,
    /// Whether the commit's answer matters.
    waits: bool,
    /// What makes questions possible after a refusal, which fails all that follows it.
    refused: Option<&'static str>,
    /// What makes writing possible again after that.
    again: Option<&'static str>,
    /// What is sent where it is dropped; where nothing is, whoever takes the connection back ends all.
    undo: Option<&'static str>,
}

impl Scope {
    /// One state of the database.
    pub(super) const READ: Self = Self {
        begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        commit: "COMMIT",
        waits: false,
        refused: None,
        again: None,
        undo: None,
    };
    /// One reading statement, where each takes a transaction of its own.
    pub(super) const READ_ONE: Self = Self { begin: "BEGIN READ ONLY", ..Self::READ };
    /// Tables, which are looked at when others that make some have ended, however long that takes.
    pub(super) const TABLES: Self = Self {
        begin: "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0",
        ..Self::WRITE
    };
    /// All or nothing. After a refusal nothing is kept, and nothing more can be written.
    pub(super) const WRITE: Self = Self {
        begin: "BEGIN",
        commit: "COMMIT",
        waits: true,
        refused: Some("ROLLBACK; BEGIN READ ONLY"),
        again: Some("ROLLBACK; BEGIN"),
        undo: None,
    };
    /// All or nothing inside a transaction, which a refusal leaves as it was.
    pub(super) const NESTED: Self = Self {
        begin: "SAVEPOINT relata",
        commit: "RELEASE relata",
        waits: false,
        refused: Some("ROLLBACK TO relata"),
        again: None,
        undo: Some("ROLLBACK TO relata; RELEASE relata"),
    };

    fn is_nested(&self) -> bool {
        self.undo.is_some()
    }
}

/// A connection that is lent for one task. What it began and did not commit is undone when it is dropped.
pub(super) struct Lease<'c> {
    connection: &'c Connection,
    scope: Option<Scope>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent.
    New,
    /// Statements ran.
    Open,
    /// A statement was refused.
    Refused,
    Committed,
}

/// Why a statement came to no end.
pub(super) enum Stop {
    /// The server's word, or its silence.
    Postgres(Postgres),
    /// Who receives the rows wants no more of them.
    Receiver(Error),
}

impl From<Postgres> for Stop {
    fn from(error: Postgres) -> Self {
        Self::Postgres(error)
    }
}

impl<'c> Lease<'c> {
    /// For single statements, or for several within a scope.
    pub(super) fn new(connection: &'c Connection, scope: Option<Scope>) -> Self {
        Self { connection, scope, state: State::New }
    }

    /// What goes before the first statement, if there is anything: the beginning of what is around it, and of the
    /// scope.
    fn before(&self) -> Option<String> {
        let mut before = self.connection.said();
        before.extend(self.scope.filter(|_| self.state == State::New).map(|scope| Cow::Borrowed(scope.begin)));
        if !self.connection.is_open()
            && let Some(begin) = before.first_mut()
        {
            *begin = self.connection.place.begun(std::mem::take(begin));
        }
        (!before.is_empty()).then(|| before.join("; "))
    }

    /// Whether the next statement runs within others, which its failure fails.
    fn is_among_others(&self) -> bool {
        self.scope.is_some() || self.connection.is_in_transaction()
    }

    /// Makes what was done permanent.
    pub(super) async fn commit(mut self) -> Result<()> {
        let (Some(scope), true) = (self.scope, self.state != State::New) else { return Ok(()) };
        if scope.waits {
            if self.state == State::Refused {
                let message = "a statement was refused, and with it all that were to be done together".to_owned();
                return Err(Error::Driver { message });
            }
            self.connection.commit().await?;
        } else {
            self.connection.send(scope.commit);
            if !scope.is_nested() {
                self.connection.set_closed();
            }
        }
        self.state = State::Committed;
        Ok(())
    }

    /// Sends what goes before the first statement, and that many statements with it, and waits for all.
    pub(super) async fn ask<T>(
        &mut self,
        statements: u32,
        work: impl Future<Output = Result<T, Stop>>,
    ) -> Result<T, Fault> {
        let connection = self.connection;
        deadline::check(connection.deadline(), || format!("a statement in {}", connection.place))?;
        connection.asks();
        // Preparing one is a request of its own, and takes its time too.
        let statements = statements.saturating_mul(2).saturating_add(1);
        let answer = match self.before() {
            None => connection.answer(statements, pin!(work)).await?,
            Some(before) => {
                connection.set_open();
                self.state = State::Open;
                // The first poll sends both.
                let both = join(connection.client.batch_execute(&before), work);
                let (begun, answer) = connection.answer(statements, pin!(both)).await?;
                begun.map_err(Stop::Postgres).and(answer)
            }
        };
        let error = match answer {
            // Rows are still arriving: whoever takes the connection back waits for them.
            Err(Stop::Receiver(error)) => return Err(Fault::Other(error)),
            Err(Stop::Postgres(error)) => error,
            Ok(answer) => {
                connection.is_answered();
                return Ok(answer);
            }
        };
        connection.is_answered();
        connection.failed(&error);
        if is_outdated(&error) {
            connection.statements.forget_all();
        }
        self.refused(&error);
        match connection.overdue() {
            Some(late) if fault::is_stopped(&error) => Err(late.passed(connection.statement()).into()),
            _ => Err(fault::of(&error, &connection.place)),
        }
    }

    fn refused(&mut self, error: &Postgres) {
        if error.as_db_error().is_none() {
            return;
        }
        if let Some(sql) = self.scope.and_then(|scope| scope.refused) {
            self.state = State::Refused;
            self.connection.send(&self.begun_anew(sql));
        }
        self.connection.doubt();
    }

    /// What ends a transaction and begins another one, if it does.
    fn begun_anew(&self, sql: &'static str) -> Cow<'static, str> {
        match sql.split_once("; ") {
            Some((end, begin)) => format!("{end}; {}", self.connection.place.begun(begin.into())).into(),
            None => sql.into(),
        }
    }

    async fn rows(&mut self, query: Query<'_>) -> Result<(), Fault> {
        let (connection, Query { sql, binds, each }) = (self.connection, query);
        let among = self.is_among_others();
        self.ask(1, async {
            match rows(connection, sql, binds, each).await {
                // Nothing has been done yet: the statement is prepared anew for the table as it is now.
                Err(Stop::Postgres(error)) if is_to_be_prepared(connection, &error) => {
                    connection.statements.forget(sql);
                    if among { Err(error.into()) } else { rows(connection, sql, binds, each).await }
                }
                result => result,
            }
        })
        .await
    }

    async fn many(&mut self, queries: Vec<Query<'_>>) -> Result<(), Fault> {
        let connection = self.connection;
        self.ask(u32::try_from(queries.len()).unwrap_or(u32::MAX), async {
            let running = queries.into_iter().map(|Query { sql, binds, each }| rows(connection, sql, binds, each));
            all(running.map(Box::pin).collect()).await
        })
        .await
    }

    async fn change(&mut self, sql: &str, binds: &[Bind<'_>]) -> Result<u64, Fault> {
        let connection = self.connection;
        let among = self.is_among_others();
        self.ask(1, async {
            match change(connection, sql, binds).await {
                Err(Stop::Postgres(error)) if is_to_be_prepared(connection, &error) => {
                    connection.statements.forget(sql);
                    if among { Err(error.into()) } else { change(connection, sql, binds).await }
                }
                result => result,
            }
        })
        .await
    }

    /// One row by the statement of one row, several by one statement over arrays, in chunks.
    async fn add(
        &mut self,
        model: &'static ModelMeta,
        rows: &mut [Vec<Value<'static>>],
        mut telling: Option<&mut dyn Telling>,
    ) -> Inserted {
        let many = model.sql.insert_many.postgres;
        let mut done = 0;
        while done < rows.len() {
            let count = if many.is_empty() { 1 } else { chunk(&rows[done..]) };
            let part = &mut rows[done..done + count];
            let connection = self.connection;
            let sql = if count == 1 { model.sql.insert.postgres } else { many };
            let sql = driver::begin(&mut telling, sql);
            self.ask(1, insert(connection, &sql, model, part)).await.map_err(|fault| (done, fault))?;
            driver::inserted(&mut telling, count);
            done += count;
        }
        Ok(())
    }
}

/// How many rows go into one statement: one at least.
fn chunk(rows: &[Vec<Value<'static>>]) -> usize {
    let (most_bytes, most_rows) = CHUNK;
    let mut bytes = 0;
    let fits = |row: &&Vec<Value<'_>>| {
        bytes += row.iter().map(size).sum::<usize>();
        bytes <= most_bytes
    };
    rows.iter().take(most_rows).take_while(fits).count().max(1)
}

async fn rows(connection: &Connection, sql: &str, binds: &[Bind<'_>], each: Each<'_>) -> Result<(), Stop> {
    let Connection { client, statements, .. } = connection;
    let parameters = binds.iter().map(Parameter::Bind).collect();
    let mut rows = pin!(statements.query(client, sql, parameters, || connection.runs()).await?);
    while let Some(row) = rows.try_next().await? {
        if each(Cells::Postgres(&row)).map_err(Stop::Receiver)? == Wanted::Enough {
            // What may still come is passed over as it arrives.
            return Ok(());
        }
    }
    Ok(())
}

async fn change(connection: &Connection, sql: &str, binds: &[Bind<'_>]) -> Result<u64, Stop> {
    let Connection { client, statements, .. } = connection;
    let parameters = binds.iter().map(Parameter::Bind).collect();
    Ok(statements.execute(client, sql, parameters, || connection.runs()).await?)
}

async fn insert(
    connection: &Connection,
    sql: &str,
    model: &'static ModelMeta,
    new: &mut [Vec<Value<'static>>],
) -> Result<(), Stop> {
    let Connection { client, statements, .. } = connection;
    let generated = model.properties.iter().position(|property| property.generated == Generated::Database);
    let mut ids = Vec::with_capacity(if generated.is_some() { new.len() } else { 0 });
    {
        let given = model.properties.iter().enumerate().filter(|(at, _)| Some(*at) != generated);
        let binds: Vec<Bind<'_>>;
        let parameters: Vec<_> = if let [row] = &*new {
            binds = given.map(|(at, property)| Bind::Value(&row[at], property)).collect();
            binds.iter().map(Parameter::Bind).collect()
        } else {
            given.map(|(at, property)| Parameter::Column(new, at, property)).collect()
        };
        if generated.is_none() {
            statements.execute(client, sql, parameters, || connection.runs()).await?;
            return Ok(());
        }
        let mut stored = pin!(statements.query(client, sql, parameters, || connection.runs()).await?);
        while let Some(row) = stored.try_next().await? {
            ids.push(row.try_get::<_, i64>(0).or_else(|_| row.try_get::<_, i32>(0).map(i64::from))?);
        }
    }
    if ids.len() != new.len() {
        let (table, all, found) = (model.table, new.len(), ids.len());
        let message = format!("{all} rows were inserted into `{table}`, and {found} came back: is there a trigger?");
        return Err(Stop::Receiver(Error::Driver { message }));
    }
    // Rows are inserted in the order of the arrays, and each takes the next number.
    ids.sort_unstable();
    if let Some(at) = generated {
        for (row, id) in new.iter_mut().zip(ids) {
            row[at] = Value::Int(id);
        }
    }
    Ok(())
}

/// Whether a statement is to be prepared anew, before anything of it is done: its plan is outdated, or the types are that
/// are known of its values.
fn is_to_be_prepared(connection: &Connection, error: &Postgres) -> bool {
    is_outdated(error) || (connection.statements.are_unnamed() && fault::is_mistyped(error))
}

/// Whether what is prepared on the connection is outdated.
fn is_outdated(error: &Postgres) -> bool {
    error.as_db_error().is_some_and(fault::is_outdated)
}

impl Session for Lease<'_> {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()> {
        Reply::Later(Box::pin(self.rows(Query { sql, binds, each })))
    }

    fn query_many<'s>(&'s mut self, queries: Vec<Query<'s>>) -> Reply<'s, ()> {
        Reply::Later(Box::pin(self.many(queries)))
    }

    fn sends_at_once(&self) -> bool {
        true
    }

    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        telling: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted> {
        Reply::Later(Box::pin(async move { Ok(self.add(model, rows, telling).await) }))
    }

    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::Later(Box::pin(self.change(sql, binds)))
    }

    fn start_over(&mut self) -> bool {
        if self.state == State::Refused {
            if let Some(sql) = self.scope.and_then(|scope| scope.again) {
                self.connection.send(&self.begun_anew(sql));
            }
            self.state = State::Open;
        }
        true
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let (Some(scope), State::Open | State::Refused) = (self.scope, self.state)
            && let Some(undo) = scope.undo
        {
            self.connection.send(undo);
        }
    }
}

/// Polls all to their ends, so that all are sent before the first is answered.
async fn all<F: Future<Output = Result<(), Stop>> + Unpin>(running: Vec<F>) -> Result<(), Stop> {
    let mut running: Vec<_> = running.into_iter().map(Some).collect();
    let mut failed = None;
    std::future::poll_fn(move |context| {
        let mut pending = false;
        for slot in &mut running {
            let Some(future) = slot else { continue };
            match Pin::new(future).poll(context) {
                Poll::Pending => pending = true,
                Poll::Ready(result) => {
                    *slot = None;
                    failed = failed.take().or(result.err());
                }
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(failed.take().map_or(Ok(()), Err)) }
    })
    .await
}
