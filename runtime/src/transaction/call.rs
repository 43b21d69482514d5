//! A transaction as a value: what is said of it before it runs, and the two ways of running it.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::ops::{ControlFlow, Deref};
use std::pin::{Pin, pin};
use std::time::Duration;

use super::attempts::{Attempts, Retry};
use super::{Place, Tx};
use crate::db::{Db, Schema};
use crate::driver::{Isolation, TransactionOptions};
use crate::{Error, Result};

/// A transaction that is to be run, in a database (`At` is [`Db`]) or inside another one ([`Tx`]).
#[must_use = "nothing runs until it is awaited"]
pub struct TransactionCall<'a, At, F, T, E> {
    place: Place<'a>,
    options: TransactionOptions,
    deadline: Option<Duration>,
    retry: Option<Retry<F>>,
    body: F,
    #[allow(clippy::type_complexity, reason = "three names in a row are not complex")]
    of: PhantomData<fn() -> (At, T, E)>,
}

impl<'a, At, F, T, E> TransactionCall<'a, At, F, T, E> {
    pub(super) fn new(place: Place<'a>, body: F) -> Self {
        let options = TransactionOptions::default();
        Self { place, options, deadline: None, retry: None, body, of: PhantomData }
    }

    /// All of it, from waiting for a connection to the commit and every attempt of it, is done within `limit`, or is
    /// `timeout` and rolled back. The error says what was waited for.
    ///
    /// The server is told to stop what runs then. Where the limit is reached while the database commits, and it does
    /// not say in half a second whether it did, the error is `commit_unknown`. Of the closure's own waiting, what it
    /// awaits is dropped.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    fn attempts<R: Schema>(self) -> Attempts<'a, R, F> {
        Attempts::new(self.place, self.options, self.deadline, self.retry, self.body)
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

    /// Runs all of it again, up to `times` times, where it lost against others: `serialization` at the begin, in the
    /// last call of the closure before it failed, or at the commit (SQLSTATE 40001 and 40P01 and locks that are not
    /// to be had, MySQL's 1205 and 1213, `SQLITE_BUSY`). Nothing of it is stored then. What may be stored, as in
    /// `commit_unknown`, is never run again.
    ///
    /// The closure runs once an attempt, on a clone of what it captures, and so must not do what cannot be done
    /// twice: send a mail, count outside the database. Between attempts it waits for a random time of up to 10 ms,
    /// 20 ms, 40 ms and so on to 1 s, without a connection; a wait that would end after the
    /// [`deadline`](Self::deadline) is not begun. The last attempt's error is returned.
    ///
    /// The waits are exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015).
    pub fn retry(mut self, times: u32) -> Self
    where
        F: Clone,
    {
        self.retry = Some(Retry { times, again: F::clone });
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
        let mut attempts = self.attempts::<R>();
        Box::pin(async move {
            loop {
                let (tx, body) = attempts.begin().await?;
                let result = attempts.in_time(&tx, pin!(tx.observed.around(pin!(body(&tx))))).await;
                if let ControlFlow::Break(result) = attempts.end(tx, result).await {
                    return result;
                }
            }
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
        let mut attempts = self.attempts::<R>();
        crate::wait::block_on(async move {
            loop {
                let (tx, body) = attempts.begin().await?;
                let result = attempts.in_time(&tx, pin!(tx.observed.around(pin!(body(&tx))))).await;
                if let ControlFlow::Break(result) = attempts.end(tx, result).await {
                    return result;
                }
            }
        })
    }
}
