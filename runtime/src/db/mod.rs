//! The database as a program holds it: connecting, creating tables, and the handle that repositories share.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::driver::{BoxFuture, Driver};
use crate::meta::SchemaMeta;
use crate::transaction::Waits;
use crate::{Error, Result};

mod builder;

pub use builder::Builder;
pub(crate) use builder::Settings;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use builder::connections_to_a_server;

/// The emitted `Repositories` of one schema.
pub trait Schema: Clone + Send + Sync + 'static {
    /// The schema's description.
    const META: &'static SchemaMeta;

    /// The repositories that work through `handle`.
    fn new(handle: Handle) -> Self;

    /// What they work through.
    fn handle(&self) -> &Handle;
}

/// What repositories work through: a database, or a transaction on it.
#[derive(Clone)]
pub struct Handle {
    driver: Arc<dyn Driver>,
    schema: &'static SchemaMeta,
    /// Of a database; the calls of a transaction wait for its own ones only.
    waits: Option<Arc<Waits>>,
}

impl Handle {
    pub(crate) fn new(driver: Arc<dyn Driver>, schema: &'static SchemaMeta, waits: Option<Arc<Waits>>) -> Self {
        Self { driver, schema, waits }
    }

    /// An error of the driver, with what is known here of its cause.
    #[cold]
    pub(crate) fn explain(&self, error: Error) -> Error {
        match &self.waits {
            Some(waits) => waits.explain(error),
            None => error,
        }
    }

    pub(crate) fn driver(&self) -> &dyn Driver {
        &*self.driver
    }

    pub(crate) fn schema(&self) -> &'static SchemaMeta {
        self.schema
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.driver.fmt(f)
    }
}

/// A connected database. A clone is cheap and shares its connections.
///
/// Derefs to the emitted `Repositories`: `db.orders()`.
#[derive(Clone, Debug)]
pub struct Db<R> {
    repositories: R,
    waits: Arc<Waits>,
}

impl<R> Deref for Db<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.repositories
    }
}

impl<R: Schema> Db<R> {
    /// Opens the database at `url`, on the connector that its scheme names; each is a feature of this crate.
    ///
    /// | URL | database | feature |
    /// | --- | --- | --- |
    /// | `sqlite:shop.db`, `sqlite:///var/lib/shop.db`, with `?mode=ro`, `rw` or `rwc` | a file of SQLite | `sqlite` |
    /// | `sqlite::memory:` | SQLite, one database for the whole pool | `sqlite` |
    /// | `postgres://user:password@host:5432/shop`, `postgresql://…` | PostgreSQL | `postgres` |
    /// | `mysql://user:password@host:3306/shop`, `mariadb://…` | MariaDB, MySQL | `mysql` |
    ///
    /// Servers take the parameters `sslmode` (`disable`, `prefer`, which is the default, `require`, `verify-ca`,
    /// `verify-full`), `sslrootcert`, `application_name` and `connect_timeout`, and for Unix sockets `host`
    /// (PostgreSQL) and `socket` (MariaDB, MySQL).
    ///
    /// # Errors
    /// `connect`: the URL is not understood, or what it names cannot be opened.
    pub fn connect(url: &str) -> Setup<'static, Self> {
        Self::builder().url(url).connect()
    }

    pub(crate) fn waits(&self) -> &Arc<Waits> {
        &self.waits
    }

    /// Creates the tables and indexes that are missing. Runs again without effect.
    ///
    /// # Errors
    /// `migration`: a table exists with other columns, types or keys; nothing is created then.
    pub fn create_tables(&self) -> Setup<'_, ()> {
        Setup(Box::pin(async move {
            let handle = self.repositories.handle();
            let created = handle.driver().create_tables(handle.schema()).await;
            created.map_err(|error| handle.explain(error))
        }))
    }
}

/// A call that opens a database or makes its tables. Nothing runs until it is awaited.
#[must_use = "nothing runs until it is awaited"]
pub struct Setup<'a, T>(BoxFuture<'a, Result<T>>);

impl<T> fmt::Debug for Setup<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Setup")
    }
}

impl<T> Future for Setup<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

#[cfg(feature = "blocking")]
impl<T> Setup<'_, T> {
    /// Runs it on the calling thread.
    ///
    /// # Errors
    /// Those of awaiting it.
    pub fn wait(self) -> Result<T> {
        crate::wait::block_on(self)
    }
}
