//! The boundary to databases: what a driver offers and what the planner may ask of it.
//!
//! A driver is one folder that implements [`Driver`], [`Transaction`] and [`Session`]; planning and
//! execution above it read [`Capabilities`] and never the name of an engine.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::meta::{ModelMeta, PropertyMeta, SchemaMeta};
use crate::query::{Answer, Task};
use crate::row::Cells;
use crate::value::Value;
use crate::{Error, Result};

/// A future that a driver gives out.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a task needs of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// One reading statement.
    Read,
    /// Several reading statements that must see one state of the database.
    Snapshot,
    /// One writing statement.
    Write,
    /// Several statements of which some write: all or nothing.
    Atomic,
}

/// What statements may use; facts about a database, not its name.
#[derive(Debug)]
pub(crate) struct Capabilities {
    /// The table-valued function whose rows are a bound list's elements, in a column `value`.
    pub(crate) list: &'static str,
    /// The same of composite keys, bound as JSON.
    pub(crate) json_list: &'static str,
    /// By which names every row can be told from the others of its table, if no column hides them.
    pub(crate) row_ids: &'static [&'static str],
    /// The limit that is none: an offset must not stand alone.
    pub(crate) no_limit: &'static str,
}

/// A connected database, or an open transaction on one.
pub(crate) trait Driver: Debug + Send + Sync {
    /// Runs a task here and now, where the database is called in place and a connection is free. `None`:
    /// nothing was done, and it takes a [`run`](Self::run).
    fn run_now(&self, task: &mut Task) -> Option<Result<Answer>>;

    /// Runs a task on a connection of its own, or on the transaction's. Nothing happens before the first
    /// poll; dropped, it leaves nothing half done and the connection usable.
    fn run(&self, task: Box<Task>) -> BoxFuture<'_, Result<Answer>>;

    /// Opens a transaction.
    fn begin(&self) -> BoxFuture<'_, Result<Arc<dyn Transaction>>>;

    /// Creates what is missing of the schema's tables and indexes; what exists and differs is
    /// [`Error::Migration`].
    fn create_tables(&self, schema: &'static SchemaMeta) -> BoxFuture<'_, Result<()>>;
}

/// An open transaction. Dropped without a commit, it is rolled back.
pub(crate) trait Transaction: Driver {
    /// Makes everything permanent; waits for a task that is still running.
    fn commit(&self) -> BoxFuture<'_, Result<()>>;

    /// Undoes everything; waits for a task that is still running.
    fn rollback(&self) -> BoxFuture<'_, Result<()>>;
}

/// One connection in the hands of one task.
pub(crate) trait Session: Send {
    /// What statements may use here.
    fn capabilities(&self) -> &'static Capabilities;

    /// Runs a statement and hands over each row as it arrives.
    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()>;

    /// Inserts rows, each a value for every property, and puts into them what the database generates. An
    /// error says which row was refused.
    fn insert<'s>(&'s mut self, model: &'static ModelMeta, rows: &'s mut [Vec<Value<'static>>]) -> Reply<'s, Inserted>;

    /// Runs a statement that answers no rows, and says how many it changed.
    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64>;
}

/// Receives the rows of a query until it has enough; an error stops it too.
pub(crate) type Each<'s> = &'s mut (dyn FnMut(Cells<'_>) -> Result<Wanted> + Send);

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    More,
    Enough,
}

/// Whether all rows were inserted, or the position of the one that was refused and why.
pub(crate) type Inserted = Result<(), (usize, Fault)>;

/// One bound value of a statement.
#[derive(Debug)]
pub(crate) enum Bind<'a> {
    /// Stored as the property is.
    Value(&'a Value<'a>, &'static PropertyMeta),
    /// Any number of values of one property, bound as one table-valued argument.
    List(&'a [Value<'static>], &'static PropertyMeta),
    /// Text that is no property's value: a pattern, a name.
    Text(&'a str),
    /// Any number of keys as stored, bound as one table-valued argument. Composite keys are bound as JSON.
    Keys(&'a [Key]),
}

/// A key value in stored form, to compare and to hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    /// Of several columns.
    Composite(Box<[Key]>),
}

/// Why a statement was refused, before names of the schema are put to it.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A unique constraint, by table and columns or by the index's name.
    Unique { detail: String },
    /// A foreign key; which one, the database may not say.
    ForeignKey,
    /// NOT NULL or CHECK; table and column, or the constraint.
    Check { detail: String },
    /// Anything else, already worded.
    Other(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Other(error) => error,
            Fault::ForeignKey => Self::Driver { message: "a foreign key is violated".to_owned() },
            Fault::Unique { detail } | Fault::Check { detail } => Self::Driver { message: detail },
        }
    }
}

/// A driver's answer: there already, or to be waited for.
pub(crate) enum Reply<'s, T> {
    /// From a database that is called in place.
    Ready(Option<Result<T, Fault>>),
    /// From one that is not.
    #[allow(dead_code, reason = "for drivers that wait on a network")]
    Later(BoxFuture<'s, Result<T, Fault>>),
}

impl<T> Reply<'_, T> {
    pub(crate) fn ready(result: Result<T, Fault>) -> Self {
        Self::Ready(Some(result))
    }
}

impl<T: Unpin> Future for Reply<'_, T> {
    type Output = Result<T, Fault>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Ready(result) => Poll::Ready(result.take().expect("a reply is polled to its end once")),
            Self::Later(future) => future.as_mut().poll(context),
        }
    }
}
