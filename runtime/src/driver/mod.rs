//! The boundary to databases: what a driver offers and what the planner may ask of it.
//!
//! A driver is one folder that implements [`Driver`], [`Transaction`] and [`Session`]; planning and
//! execution above it read [`Capabilities`] and never the name of an engine.

mod capabilities;

use std::borrow::Cow;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::deadline::Deadline;
use crate::filter::Mistake;
use crate::meta::{ModelMeta, PropertyMeta, TableMeta};
use crate::query::{Answer, Task};
use crate::row::Cells;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
use crate::value::Mismatch;
use crate::value::Value;
use crate::{Error, Result};

#[cfg(feature = "mysql")]
pub(crate) use capabilities::JsonColumn;
pub(crate) use capabilities::{Arithmetic, Capabilities, Counter, Cut, Dialect, Documents, Lists, Placeholder};

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

/// A connected database, or an open transaction on one.
pub(crate) trait Driver: Debug + Send + Sync {
    /// What its statements may use.
    fn capabilities(&self) -> &'static Capabilities;

    /// Runs a task here and now, where the database is called in place and a connection is free. `None`:
    /// nothing was done, and it takes a [`run`](Self::run).
    fn run_now(&self, task: &mut Task, deadline: Option<Deadline>) -> Option<Result<Answer>>;

    /// Runs a task on a connection of its own, or on the transaction's. Nothing happens before the first
    /// poll; dropped, it leaves nothing half done and the connection usable. What is not done by the deadline is
    /// stopped, and `timeout` says what was waited for; where nobody knows whether it was done, it is
    /// `commit_unknown`.
    fn run(&self, task: Box<Task>, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>>;

    /// Opens a transaction; within one, a savepoint, which takes no options. The layer above lets nothing run
    /// on the outer one until the savepoint has ended or is dropped, and no write into a read-only one.
    fn begin(
        &self,
        options: TransactionOptions,
        deadline: Option<Deadline>,
    ) -> BoxFuture<'_, Result<Arc<dyn Transaction>>>;

    /// Creates what is missing of these tables and their indexes; what exists and differs is
    /// [`Error::Migration`].
    fn create_tables(&self, tables: &'static [TableMeta]) -> BoxFuture<'_, Result<()>>;
}

/// What is asked of a transaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TransactionOptions {
    /// The database's own default where nothing is said.
    pub(crate) isolation: Option<Isolation>,
    pub(crate) read_only: bool,
}

/// What a transaction sees of others that run beside it. A database may keep them further apart than asked, as
/// the SQL standard allows, never less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// Each statement sees what was committed before it began.
    ReadCommitted,
    /// What was read once reads the same again.
    RepeatableRead,
    /// As if transactions ran one after the other; those that cannot fail with `serialization`.
    Serializable,
}

/// An open transaction. Dropped without a commit, it is rolled back.
pub(crate) trait Transaction: Driver {
    /// Makes everything permanent; waits for a task that is still running. After the deadline nothing is committed any
    /// more.
    fn commit(&self, deadline: Option<Deadline>) -> BoxFuture<'_, Result<()>>;

    /// Undoes everything; waits for a task that is still running.
    fn rollback(&self) -> BoxFuture<'_, Result<()>>;
}

/// One connection in the hands of one task.
pub(crate) trait Session: Send {
    /// What statements may use here.
    fn capabilities(&self) -> &'static Capabilities;

    /// Runs a statement and hands over each row as it arrives.
    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()>;

    /// Runs statements that need nothing of each other, and hands over each row to its own receiver. They run one
    /// after the other where nothing is gained by sending all at once.
    fn query_many<'s>(&'s mut self, queries: Vec<Query<'s>>) -> Reply<'s, ()> {
        Reply::Later(Box::pin(async move {
            for Query { sql, binds, each } in queries {
                self.query(sql, binds, each).await?;
            }
            Ok(())
        }))
    }

    /// Whether [`query_many`](Self::query_many) sends all at once.
    fn sends_at_once(&self) -> bool {
        false
    }

    /// Inserts rows, each a value for every property, and puts into them what the database generates. An
    /// error says which row was refused.
    fn insert<'s>(&'s mut self, model: &'static ModelMeta, rows: &'s mut [Vec<Value<'static>>]) -> Reply<'s, Inserted> {
        self.insert_telling(model, rows, None)
    }

    /// The same, telling of each statement that it takes.
    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        telling: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted>;

    /// Runs a statement that answers no rows, and says how many it changed.
    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64>;

    /// Runs a statement of any kind, passing over the rows that it may answer, and says how many it changed.
    fn run<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        self.execute(sql, binds)
    }

    /// Looks whether the transaction that is around it all is still open, after a statement that may have ended it.
    ///
    /// # Errors
    /// When it is not.
    fn settle(&mut self) -> Result<()> {
        Ok(())
    }

    /// Begins anew after a refusal: what this task has written is undone, and it may write again. Whether others
    /// can write at the same time, so that there is a point in it.
    fn start_over(&mut self) -> bool {
        false
    }
}

/// Is told of the statements that a session puts together by itself.
pub(crate) trait Telling: Send {
    /// One is about to be run; gives the text that is to be run in its place.
    fn begin<'t>(&mut self, sql: &'t str) -> Cow<'t, str>;

    /// It has inserted so many rows. What was refused is not told.
    fn inserted(&mut self, rows: usize);
}

/// The text to be run, and a word that it is about to be.
pub(crate) fn begin<'t>(telling: &mut Option<&mut dyn Telling>, sql: &'t str) -> Cow<'t, str> {
    match telling {
        Some(telling) => telling.begin(sql),
        None => Cow::Borrowed(sql),
    }
}

/// A word that so many rows were inserted.
pub(crate) fn inserted(telling: &mut Option<&mut dyn Telling>, rows: usize) {
    if let Some(telling) = telling {
        telling.inserted(rows);
    }
}

/// A statement, its bound values, and who receives its rows.
pub(crate) struct Query<'s> {
    pub(crate) sql: &'s str,
    pub(crate) binds: &'s [Bind<'s>],
    pub(crate) each: Each<'s>,
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
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bind<'a> {
    /// Stored as the property is.
    Value(&'a Value<'a>, &'static PropertyMeta),
    /// Any number of values of one property, bound as one table-valued argument.
    List(&'a [Value<'static>], &'static PropertyMeta),
    /// A value that is no property's, and which of the statement's values it is, from 1.
    Free(
        &'a Value<'a>,
        #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "for servers that refuse a value's type"))] u32,
    ),
    /// Text that is no property's value: a pattern, a name.
    Text(&'a str),
    /// Any number of keys as stored, bound as one argument: a list, or JSON where they are composite.
    Keys(&'a [Key]),
    /// That part of composite keys, bound as an array.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "for databases that have arrays"))]
    KeyPart(&'a [Key], usize),
    /// A key of one column by itself; of none, NULL.
    KeyValue(Option<&'a Key>),
}

/// A key value in stored form, to compare and to hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    /// Days since 1970-01-01.
    Day(i32),
    /// Microseconds since midnight.
    Clock(i64),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// Units of 10^-scale, without zeros at the end.
    Exact(i128, u32),
    /// Of several columns.
    Composite(Box<[Key]>),
}

/// Why a statement was refused, before names of the schema are put to it.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A unique constraint.
    Unique(Constraint),
    /// A foreign key, by its constraint's name; the database may not say which.
    ForeignKey(Option<String>),
    /// NOT NULL or CHECK; table and column, or the constraint.
    Check { detail: String },
    /// A number that is out of the range of its column or type.
    Range { detail: String },
    /// A regular expression that the database does not take, in words without it.
    #[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code, reason = "SQLite takes all"))]
    Pattern { detail: String },
    /// Anything else, already worded.
    Other(Error),
}

/// How a database names a unique constraint.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "each driver has its own")]
pub(crate) enum Constraint {
    /// By its name or its index's, unquoted. `PRIMARY` is the primary key.
    Name(String),
    /// By its columns.
    Columns(Vec<String>),
}

impl Fault {
    /// A value that the property cannot store.
    #[cold]
    #[cfg(any(feature = "sqlite", feature = "mysql"))]
    pub(crate) fn unfit(property: &PropertyMeta, mismatch: &Mismatch) -> Self {
        let (name, expected, found) = (property.name, mismatch.expected(), mismatch.found());
        Self::Other(Error::Driver { message: format!("`{name}` is {expected}, and was given {found}") })
    }
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
            Fault::ForeignKey(None) => Self::Driver { message: "a foreign key is violated".to_owned() },
            Fault::ForeignKey(Some(name)) => Self::Driver { message: format!("the foreign key `{name}` is violated") },
            Fault::Unique(Constraint::Name(name)) => {
                Self::Driver { message: format!("the unique key `{name}` is violated") }
            }
            Fault::Unique(Constraint::Columns(columns)) => {
                Self::Driver { message: format!("a unique key is violated: {}", columns.join(", ")) }
            }
            Fault::Check { detail } | Fault::Range { detail } => Self::Driver { message: detail },
            // Where in a filter it stands is known to who asks.
            Fault::Pattern { detail } => {
                let message = format!("the database takes no such pattern: {detail}");
                Self::InvalidFilter { mistakes: vec![Mistake { path: String::new(), message }] }
            }
        }
    }
}

/// A driver's answer: there already, or to be waited for.
pub(crate) enum Reply<'s, T> {
    /// From a database that is called in place.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "for drivers that are called in place"))]
    Ready(Option<Result<T, Fault>>),
    /// From one that is not.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        allow(dead_code, reason = "for databases that are waited for")
    )]
    Later(BoxFuture<'s, Result<T, Fault>>),
}

impl<T> Reply<'_, T> {
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "for drivers that are called in place"))]
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
