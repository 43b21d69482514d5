//! The database as a program holds it: connecting, creating tables, and the handle that repositories share.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::driver::{BoxFuture, Driver};
use crate::meta::SchemaMeta;
use crate::{Error, Result};

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
}

impl Handle {
    pub(crate) fn new(driver: Arc<dyn Driver>, schema: &'static SchemaMeta) -> Self {
        Self { driver, schema }
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
}

impl<R> Deref for Db<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.repositories
    }
}

impl<R: Schema> Db<R> {
    /// Opens the database at `url`: `sqlite:shop.db`, `sqlite::memory:` (one database for the whole pool).
    ///
    /// # Errors
    /// `connect`: the URL is not understood, or what it names cannot be opened.
    pub fn connect(url: &str) -> Setup<'static, Self> {
        Self::builder().url(url).connect()
    }

    /// Opens a database with settings.
    pub fn builder() -> Builder<R> {
        Builder { url: None, unknown: None, settings: Settings::default(), of: std::marker::PhantomData }
    }

    /// Creates the tables and indexes that are missing. Runs again without effect.
    ///
    /// # Errors
    /// `migration`: a table exists with other columns, types or keys; nothing is created then.
    pub fn create_tables(&self) -> Setup<'_, ()> {
        Setup(Box::pin(async move {
            let handle = self.repositories.handle();
            handle.driver().create_tables(handle.schema()).await
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

/// Settings of a database that is about to be opened.
#[derive(Debug)]
pub struct Builder<R> {
    url: Option<String>,
    unknown: Option<String>,
    settings: Settings,
    of: std::marker::PhantomData<fn() -> R>,
}

/// What a driver is told besides the URL.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) max_connections: usize,
    pub(crate) pool_timeout: Duration,
    pub(crate) busy_timeout: Duration,
    #[cfg(feature = "sqlite")]
    pub(crate) sqlite_execution: crate::sqlite::SqliteExecution,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_connections: 5,
            pool_timeout: Duration::from_secs(5),
            busy_timeout: Duration::from_secs(5),
            #[cfg(feature = "sqlite")]
            sqlite_execution: crate::sqlite::SqliteExecution::default(),
        }
    }
}

impl<R: Schema> Builder<R> {
    /// Where the schema's only datasource lives.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Where the datasource of that name lives.
    #[must_use]
    pub fn datasource(mut self, name: &str, url: impl Into<String>) -> Self {
        if R::META.datasources.contains(&name) {
            self.url = Some(url.into());
        } else {
            self.unknown = Some(name.to_owned());
        }
        self
    }

    /// The most connections that are open at once; 5 unless said. `sqlite::memory:` always has one.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.max_connections = connections;
        self
    }

    /// How long a call waits for a connection before it is `pool_timeout`; 5 s unless said.
    #[must_use]
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.settings.pool_timeout = timeout;
        self
    }

    /// How long a call waits for another process's lock before it is `serialization`; 5 s unless said.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.settings.busy_timeout = timeout;
        self
    }

    /// On which thread SQLite runs.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn sqlite_execution(mut self, execution: crate::sqlite::SqliteExecution) -> Self {
        self.settings.sqlite_execution = execution;
        self
    }

    /// Opens it.
    ///
    /// # Errors
    /// `connect`: no URL, or one that is not understood or cannot be opened.
    pub fn connect(self) -> Setup<'static, Db<R>> {
        Setup(Box::pin(async move {
            let refused = |message: String| Err(Error::Connect { message });
            if let Some(name) = self.unknown {
                let known = R::META.datasources.join("`, `");
                return refused(format!("the schema has no datasource `{name}`; it has `{known}`"));
            }
            let Some(url) = self.url else {
                return refused("no URL was given: call `.datasource(name, url)` before `.connect()`".to_owned());
            };
            let driver = open(&url, &self.settings).await?;
            Ok(Db { repositories: R::new(Handle::new(driver, R::META)) })
        }))
    }
}

/// The driver that the URL's scheme names.
async fn open(url: &str, settings: &Settings) -> Result<Arc<dyn Driver>> {
    let scheme = url.split(':').next().unwrap_or_default();
    match scheme {
        #[cfg(feature = "sqlite")]
        "sqlite" => crate::sqlite::connect(url, settings).await,
        #[cfg(not(feature = "sqlite"))]
        "sqlite" => {
            Err(Error::Connect { message: "this program is built without relata's feature `sqlite`".to_owned() })
        }
        // The URL may hold a password: only its scheme is shown.
        other => Err(Error::Connect {
            message: format!(
                "no driver for URLs that begin with `{other}:`; write `sqlite:file.db` or `sqlite::memory:`"
            ),
        }),
    }
}
