//! Transactions: an async closure between begin and commit.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use crate::db::{Db, Handle, Schema};
use crate::driver::{Transaction, TransactionOptions};
use crate::{Error, Result};

/// An open transaction. Derefs to the emitted `Repositories`, as the database does.
pub struct Tx<R> {
    repositories: R,
    transaction: Arc<dyn Transaction>,
}

impl<R> Deref for Tx<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.repositories
    }
}

impl<R> fmt::Debug for Tx<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tx({:?})", self.transaction)
    }
}

impl<R: Schema> Db<R> {
    /// Runs `body` in a transaction: committed when it gives `Ok`, rolled back when it gives `Err`, panics or
    /// is dropped.
    ///
    /// Nothing runs until it is awaited. The closure ends with `Ok::<_, relata::Error>(…)` where nothing else
    /// fixes the error type.
    pub fn transaction<T, E, F>(&self, body: F) -> TransactionCall<'_, R, F, T, E>
    where
        F: AsyncFnOnce(&Tx<R>) -> Result<T, E>,
        E: From<Error>,
    {
        TransactionCall { db: self, body, of: PhantomData }
    }

    async fn begin(&self) -> Result<Tx<R>> {
        let transaction = self.handle().driver().begin(TransactionOptions::default()).await?;
        let handle = Handle::new(transaction.clone(), R::META);
        Ok(Tx { repositories: R::new(handle), transaction })
    }
}

impl<R: Schema> Tx<R> {
    async fn end<T, E: From<Error>>(&self, result: Result<T, E>) -> Result<T, E> {
        match result {
            Ok(value) => {
                self.transaction.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The closure's error is what went wrong; a connection that cannot even roll back is closed.
                let _ = self.transaction.rollback().await;
                Err(error)
            }
        }
    }
}

/// A transaction that is to be run.
#[must_use = "nothing runs until it is awaited"]
pub struct TransactionCall<'a, R, F, T, E> {
    db: &'a Db<R>,
    body: F,
    of: PhantomData<fn() -> (T, E)>,
}

impl<R, F, T, E> fmt::Debug for TransactionCall<'_, R, F, T, E> {
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

impl<'a, R, F, T, E> IntoFuture for TransactionCall<'a, R, F, T, E>
where
    R: Schema,
    F: for<'t> Body<'t, R, T, E> + Send + 'a,
    T: Send + 'a,
    E: From<Error> + Send + 'a,
{
    type Output = Result<T, E>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let tx = self.db.begin().await?;
            let result = (self.body)(&tx).await;
            tx.end(result).await
        })
    }
}

#[cfg(feature = "blocking")]
impl<R: Schema, F, T, E> TransactionCall<'_, R, F, T, E>
where
    F: AsyncFnOnce(&Tx<R>) -> Result<T, E>,
    E: From<Error>,
{
    /// Runs it on the calling thread; the closure need not be `Send`.
    ///
    /// # Errors
    /// Those of the closure, of begin and of commit.
    pub fn wait(self) -> Result<T, E> {
        crate::wait::block_on(async move {
            let tx = self.db.begin().await?;
            let result = (self.body)(&tx).await;
            tx.end(result).await
        })
    }
}
