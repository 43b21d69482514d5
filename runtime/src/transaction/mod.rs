//! Transactions: an async closure between begin and its end, within others to any depth.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::db::{Database, Db, Handle, Schema, known, position};
use crate::deadline::Deadline;
use crate::driver::{Driver, TransactionOptions};
use crate::{Error, Result, observe};

mod attempts;
mod call;
mod level;
mod waits;

pub use call::{Body, TransactionCall};
pub(crate) use level::Level;
use level::Turn;
use waits::Counted;
pub(crate) use waits::Waits;

/// An open transaction. Derefs to the emitted `Repositories`, as the database does.
pub struct Tx<R> {
    repositories: R,
    level: Arc<Level>,
    /// The position of the one that it is on.
    datasource: usize,
    observed: observe::Transaction,
    /// The last field: what waits for this transaction goes on when it is gone.
    _around: Around,
}

/// What a transaction keeps waiting.
enum Around {
    Database { _count: Counted },
    Transaction { _turn: Turn },
}

impl<R> Deref for Tx<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.repositories
    }
}

impl<R> fmt::Debug for Tx<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tx({:?})", self.level)
    }
}

impl<R: Schema> Db<R> {
    /// Runs `body` in a transaction: committed when it gives `Ok`, rolled back when it gives `Err`, panics or
    /// is dropped.
    ///
    /// Nothing runs until it is awaited; before that, [`isolation`](TransactionCall::isolation),
    /// [`read_only`](TransactionCall::read_only), [`retry`](TransactionCall::retry) and
    /// [`deadline`](TransactionCall::deadline) say more about it. The closure ends with
    /// `Ok::<_, relata::Error>(…)` where nothing else fixes the error type.
    ///
    /// What belongs to the transaction goes through the closure's argument: `self` has other connections.
    ///
    /// For schemas of one datasource; with several it is `cross_datasource`, and [`transaction_on`] names one.
    ///
    /// [`transaction_on`]: Self::transaction_on
    pub fn transaction<T, E, F>(&self, body: F) -> TransactionCall<'_, Self, F, T, E>
    where
        F: AsyncFnOnce(&Tx<R>) -> Result<T, E>,
        E: From<Error>,
    {
        TransactionCall::new(Place::Databases(self.handle(), None), body)
    }

    /// The same on the datasource of that name, for schemas of several. No transaction spans two: a call in it on a
    /// model of another datasource is `cross_datasource`, before any statement.
    pub fn transaction_on<'a, T, E, F>(&'a self, datasource: &'a str, body: F) -> TransactionCall<'a, Self, F, T, E>
    where
        F: AsyncFnOnce(&Tx<R>) -> Result<T, E>,
        E: From<Error>,
    {
        TransactionCall::new(Place::Databases(self.handle(), Some(datasource)), body)
    }
}

impl<R: Schema> Tx<R> {
    /// Runs `body` in a transaction inside this one, a savepoint: where it gives `Err`, panics or is dropped,
    /// only what was done in it is undone, and this one goes on. What it did is kept when all around it commit.
    ///
    /// It has the isolation of the outermost, and is read-only where that is. Until it has ended, calls on the
    /// outer ones wait, for `pool_timeout` at most.
    pub fn transaction<T, E, F>(&self, body: F) -> TransactionCall<'_, Self, F, T, E>
    where
        F: AsyncFnOnce(&Self) -> Result<T, E>,
        E: From<Error>,
    {
        TransactionCall::new(Place::Transaction(self.handle(), &self.level, self.datasource), body)
    }

    /// The same repositories in this transaction, each of whose calls is done within `limit` or is `timeout`; see
    /// [`Db::within`].
    #[must_use]
    pub fn within(&self, limit: Duration) -> R {
        Schema::within(&**self, limit)
    }

    fn new(
        outer: &Handle,
        level: Arc<Level>,
        (datasource, deadline): (usize, Option<Deadline>),
        observed: observe::Transaction,
        around: Around,
    ) -> Self {
        let handle = outer.inside(Arc::clone(&level), datasource).until(deadline);
        Self { repositories: R::new(handle), level, datasource, observed, _around: around }
    }
}

/// Where a transaction is opened.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// On the datasource of that name, or on the only one.
    Databases(&'a Handle, Option<&'a str>),
    /// Inside of another one, which is on the datasource at that position.
    Transaction(&'a Handle, &'a Level, usize),
}

impl Place<'_> {
    fn handle(&self) -> &Handle {
        match self {
            Self::Databases(handle, _) | Self::Transaction(handle, ..) => handle,
        }
    }

    async fn begin<R: Schema>(self, options: TransactionOptions, deadline: Option<Deadline>) -> Result<Tx<R>> {
        match self {
            Self::Databases(handle, name) => {
                let datasource = named::<R>(name)?;
                let Database { driver, waits } = &handle.databases()[datasource];
                let observed = observe::Transaction::new(driver.capabilities().system, options, false);
                let begun = driver.begin(options, deadline).await.map_err(|error| waits.explain(error));
                let transaction = observed.begun(begun)?;
                let level = Level::new(transaction, options.read_only, waits.pool_timeout);
                let around = Around::Database { _count: waits.count() };
                Ok(Tx::new(handle, level, (datasource, deadline), observed, around))
            }
            Self::Transaction(handle, outer, datasource) => {
                let observed = observe::Transaction::new(outer.capabilities().system, options, true);
                let (level, turn) = observed.begun(outer.begin_inside(deadline).await)?;
                Ok(Tx::new(handle, level, (datasource, deadline), observed, Around::Transaction { _turn: turn }))
            }
        }
    }
}

/// The position of the datasource of that name, or of the only one.
fn named<R: Schema>(name: Option<&str>) -> Result<usize> {
    match name {
        Some(name) => position::<R>(name).map_err(|message| Error::Connect { message }),
        None if R::META.datasources.len() == 1 => Ok(0),
        None => Err(Error::CrossDatasource {
            message: format!(
                "a transaction is on one datasource, and the schema has several: begin it with \
                 `transaction_on(name, …)`; {}",
                known::<R>()
            ),
        }),
    }
}
