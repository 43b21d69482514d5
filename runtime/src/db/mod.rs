//! The database as a program holds it: connecting, creating tables.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::Result;
use crate::deadline::Deadline;
use crate::driver::BoxFuture;
use crate::meta::SchemaMeta;
use crate::sql::{Sql, SqlText};

mod builder;
mod handle;
mod inclusions;
mod observed;
#[cfg(feature = "pages")]
mod pages;
mod replicas;

pub use builder::Builder;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use builder::connections_to_a_server;
pub(crate) use builder::{Settings, known, position};
pub use handle::Handle;
pub(crate) use handle::{Database, Reached};
pub(crate) use replicas::Replicas;

/// The emitted `Repositories` of one schema.
pub trait Schema: Clone + Send + Sync + 'static {
    /// The schema's description.
    const META: &'static SchemaMeta;

    /// The repositories that work through `handle`.
    fn new(handle: Handle) -> Self;

    /// What they work through.
    fn handle(&self) -> &Handle;

    /// A statement in the database's own SQL, for functions that take `&Repositories` and so serve database and
    /// transaction alike; see [`Sql`](crate::Sql).
    fn sql(&self, text: impl SqlText) -> Sql<'_> {
        Sql::new::<Self>(self.handle(), None, text)
    }

    /// The same on the datasource of that name, for schemas of several.
    fn sql_on(&self, datasource: &str, text: impl SqlText) -> Sql<'_> {
        Sql::new::<Self>(self.handle(), Some(datasource), text)
    }

    /// The same repositories, each of whose calls is done within `limit` or is `timeout`; see [`Db::within`].
    #[must_use]
    fn within(&self, limit: Duration) -> Self {
        Self::new(self.handle().within(limit))
    }
}

/// A connected database, or one for each datasource of the schema. A clone is cheap and shares their connections.
///
/// Derefs to the emitted `Repositories`: `db.orders()`.
#[derive(Clone, Debug)]
pub struct Db<R> {
    repositories: R,
}

impl<R> Deref for Db<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.repositories
    }
}

impl<R: Schema> Db<R> {
    /// Of repositories that work through databases.
    pub(crate) fn of(repositories: R) -> Self {
        Self { repositories }
    }

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
    /// A URL may name several hosts of one database, `postgres://user@a:5432,b:5433/shop`: a connection is made to the
    /// first that serves, or with `load_balance_hosts=random` to any. PostgreSQL's `target_session_attrs` says which are
    /// meant, as with libpq; `pooler=transaction` is for `PgBouncer` and its like, with `prepared=named` where that takes
    /// named statements. MariaDB's `wsrep_sync_wait` is Galera's.
    ///
    /// For schemas of one datasource; several are given to [`builder`](Self::builder).
    ///
    /// # Errors
    /// `connect`: the URL is not understood, or what it names cannot be opened.
    pub fn connect(url: &str) -> Setup<'static, Self> {
        Self::builder().url(url).connect()
    }

    /// The same database, with a time for each call: what is not done within `limit` of its beginning is `timeout`, and
    /// the error says what was waited for. A transaction is a call, with all that is in it; a stream has the time for
    /// each of its statements.
    ///
    /// The server is told to stop what runs then, and a transaction is rolled back. Where a single write was under way
    /// or the database committed, and it does not say in half a second whether it did, the error is `commit_unknown`.
    /// The handle shares its connections with this one; it is cheap, and made for a request or a call:
    ///
    /// ```ignore
    /// let order = db.within(Duration::from_millis(200)).orders().get(7).await?;
    /// ```
    ///
    /// Limits are only tightened: of `db.within(a).within(b)`, the shorter one holds. Opening the database and
    /// [`create_tables`](Self::create_tables) have no limit of this kind.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        Self { repositories: Schema::within(&self.repositories, limit) }
    }

    /// The same database, with an end for all calls: what is not done at `deadline` is `timeout`, as with
    /// [`within`](Self::within). For a request that has so much time for all that it does.
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self { repositories: R::new(self.repositories.handle().until(Some(Deadline::at(deadline)))) }
    }

    /// Creates the tables and indexes that are missing, of each datasource in its database. Runs again without effect.
    ///
    /// # Errors
    /// `migration`: a table exists with other columns, types or keys; nothing is created in its database then.
    pub fn create_tables(&self) -> Setup<'_, ()> {
        Setup(Box::pin(async move {
            let handle = self.repositories.handle();
            for (database, datasource) in handle.databases().iter().zip(handle.schema().datasources) {
                let created = database.driver.create_tables(datasource.tables).await;
                created.map_err(|error| database.waits.explain(error))?;
            }
            Ok(())
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
