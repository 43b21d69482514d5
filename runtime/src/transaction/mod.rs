//! Transactions: an async closure between begin and its end, within others to any depth.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use crate::db::{Database, Db, Handle, Schema, known, position};
use crate::driver::{Isolation, TransactionOptions};
use crate::{Error, Result};

mod level;
mod waits;

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
    /// Nothing runs until it is awaited; before that, [`isolation`](TransactionCall::isolation) and
    /// [`read_only`](TransactionCall::read_only) say more about it. The closure ends with
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

    fn new(outer: &Handle, level: Arc<Level>, datasource: usize, around: Around) -> Self {
        let handle = outer.within(Arc::clone(&level), datasource);
        Self { repositories: R::new(handle), level, datasource, _around: around }
    }

    async fn end<T, E: From<Error>>(&self, result: Result<T, E>) -> Result<T, E> {
        match result {
            Ok(value) => {
                self.level.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The closure's error is what went wrong; a connection that cannot even roll back is closed.
                let _ = self.level.rollback().await;
                Err(error)
            }
        }
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
    async fn begin<R: Schema>(self, options: TransactionOptions) -> Result<Tx<R>> {
        match self {
            Self::Databases(handle, name) => {
                let datasource = named::<R>(name)?;
                let Database { driver, waits } = &handle.databases()[datasource];
                let transaction = driver.begin(options).await.map_err(|error| waits.explain(error))?;
                let level = Level::new(transaction, options.read_only, waits.pool_timeout);
                Ok(Tx::new(handle, level, datasource, Around::Database { _count: waits.count() }))
            }
            Self::Transaction(handle, outer, datasource) => {
                let (level, turn) = outer.begin_inside().await?;
                Ok(Tx::new(handle, level, datasource, Around::Transaction { _turn: turn }))
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

/// A transaction that is to be run, in a database (`At` is [`Db`]) or inside another one ([`Tx`]).
#[must_use = "nothing runs until it is awaited"]
pub struct TransactionCall<'a, At, F, T, E> {
    place: Place<'a>,
    options: TransactionOptions,
    body: F,
    #[allow(clippy::type_complexity, reason = "three names in a row are not complex")]
    of: PhantomData<fn() -> (At, T, E)>,
}

impl<'a, At, F, T, E> TransactionCall<'a, At, F, T, E> {
    fn new(place: Place<'a>, body: F) -> Self {
        Self { place, options: TransactionOptions::default(), body, of: PhantomData }
    }
}

/// What is fixed where a transaction begins; one inside another has it from there.
impl<R, F, T, E> TransactionCall<'_, Db<R>, F, T, E> {
    /// At least this isolation; unless said, what the database has by itself.
    ///
    /// A database may give more, as the SQL standard has it: SQLite's transactions are always serializable.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.options.isolation = Some(isolation);
        self
    }

    /// Only reads: a write in it is `unavailable`, before the database is asked. On SQLite it takes a connection
    /// that reads, and no lock that a writer waits for.
    pub fn read_only(mut self) -> Self {
        self.options.read_only = true;
        self
    }
}

impl<At, F, T, E> fmt::Debug for TransactionCall<'_, At, F, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransactionCall")
    }
}

/// An async closure over a transaction whose future is `Send`; every one is, whose captures and what it
/// awaits are.
pub trait Body<'t, R: 'static, T, E>: FnOnce(&'t Tx<R>) -> Self::Future {
    /// What it returns.
    type Future: Future<Output = Result<T, E>> + Send;
}

impl<'t, R, T, E, F, Fut> Body<'t, R, T, E> for F
where
    R: 'static,
    F: FnOnce(&'t Tx<R>) -> Fut,
    Fut: Future<Output = Result<T, E>> + Send,
{
    type Future = Fut;
}

impl<'a, At, R, F, T, E> IntoFuture for TransactionCall<'a, At, F, T, E>
where
    At: Deref<Target = R>,
    R: Schema,
    F: for<'t> Body<'t, R, T, E> + Send + 'a,
    T: Send + 'a,
    E: From<Error> + Send + 'a,
{
    type Output = Result<T, E>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { place, options, body, .. } = self;
        Box::pin(async move {
            let tx = place.begin(options).await?;
            let result = body(&tx).await;
            tx.end(result).await
        })
    }
}

#[cfg(feature = "blocking")]
impl<At, R, F, T, E> TransactionCall<'_, At, F, T, E>
where
    At: Deref<Target = R>,
    R: Schema,
    F: AsyncFnOnce(&Tx<R>) -> Result<T, E>,
    E: From<Error>,
{
    /// Runs it on the calling thread; the closure need not be `Send`.
    ///
    /// # Errors
    /// Those of the closure, of begin and of commit.
    pub fn wait(self) -> Result<T, E> {
        let Self { place, options, body, .. } = self;
        crate::wait::block_on(async move {
            let tx = place.begin(options).await?;
            let result = body(&tx).await;
            tx.end(result).await
        })
    }
}
