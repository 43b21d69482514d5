//! What a database is opened with: its URL and settings, and the driver that the URL names.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Database, Db, Handle, Replicas, Schema, Setup};
use crate::across::inclusion::Inclusion;
use crate::driver::Driver;
use crate::observe::{self, Observing};
use crate::transaction::Waits;
use crate::{Error, Result};

/// Settings of a database that is about to be opened.
///
/// Three times are limited, each with an error of its own: waiting for a free connection
/// ([`pool_timeout`](Self::pool_timeout)), opening one ([`connect_timeout`](Self::connect_timeout)) and running a
/// statement ([`statement_timeout`](Self::statement_timeout)).
pub struct Builder<R> {
    /// For each datasource of the schema, in its order.
    urls: Vec<Option<String>>,
    /// The same.
    pub(super) replicas: Vec<Replicas>,
    /// The first thing said that cannot be meant.
    mistake: Option<String>,
    settings: Settings,
    pub(super) inclusion: Inclusion,
    pub(super) observing: Observing,
    #[cfg(feature = "pages")]
    pub(super) page_key: Option<crate::page::PageKey>,
    of: std::marker::PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for Builder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL may hold a password.
        let url = |url: &String| scheme(url).map_or_else(|| "…".to_owned(), |scheme| format!("{scheme}:…"));
        let urls: Vec<_> = self.urls.iter().map(|given| given.as_ref().map(url)).collect();
        f.debug_struct("Builder").field("urls", &urls).field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What a driver is told besides the URL. What the URL says too goes before.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// See [`Self::connections`].
    pub(crate) max_connections: Option<usize>,
    pub(crate) pool_timeout: Duration,
    #[allow(dead_code, reason = "for servers; a file is there at once")]
    pub(crate) connect_timeout: Duration,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) busy_timeout: Duration,
    #[allow(dead_code, reason = "for servers; a file does not ask who opens it")]
    pub(crate) application_name: Option<String>,
    #[cfg(feature = "postgres")]
    pub(crate) share_reads: bool,
    #[cfg(feature = "sqlite")]
    pub(crate) sqlite_execution: crate::sqlite::SqliteExecution,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_connections: None,
            pool_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(10),
            statement_timeout: None,
            busy_timeout: Duration::from_secs(5),
            application_name: None,
            #[cfg(feature = "postgres")]
            share_reads: true,
            #[cfg(feature = "sqlite")]
            sqlite_execution: crate::sqlite::SqliteExecution::default(),
        }
    }
}

impl Settings {
    /// How many connections there may be, at least one: what was asked for, or the driver's default.
    pub(crate) fn connections(&self, default: impl FnOnce() -> usize) -> usize {
        self.max_connections.unwrap_or_else(default).max(1)
    }
}

/// How many connections a server is sent at most, unless said: two for each core of this machine, at least four.
#[cfg(any(feature = "postgres", feature = "mysql", test))]
pub(crate) fn connections_to_a_server() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| cores.get().saturating_mul(2).max(4))
}

impl<R: Schema> Db<R> {
    /// Opens a database with settings.
    pub fn builder() -> Builder<R> {
        let urls = vec![None; R::META.datasources.len()];
        Builder {
            replicas: urls.iter().map(|_| Replicas::default()).collect(),
            urls,
            mistake: None,
            settings: Settings::default(),
            inclusion: Inclusion::default(),
            observing: Observing::default(),
            #[cfg(feature = "pages")]
            page_key: None,
            of: std::marker::PhantomData,
        }
    }
}

impl<R: Schema> Builder<R> {
    /// Where the schema's only datasource lives.
    #[must_use]
    pub fn url(self, url: impl Into<String>) -> Self {
        match R::META.datasources {
            [only] => self.datasource(only.name, url),
            _ => self.mistaken(|| {
                format!(
                    "one URL was given for a schema of several datasources: {}; give each its own by \
                     `.datasource(name, url)`",
                    known::<R>()
                )
            }),
        }
    }

    /// Where the datasource of that name lives. Every datasource of the schema is given once; the settings hold for
    /// all of them, and each has connections of its own.
    #[must_use]
    pub fn datasource(mut self, name: &str, url: impl Into<String>) -> Self {
        match position::<R>(name) {
            Err(message) => self.mistaken(|| message),
            Ok(at) if self.urls[at].is_some() => {
                self.mistaken(|| format!("the datasource `{name}` was given two URLs; {}", known::<R>()))
            }
            Ok(at) => {
                self.urls[at] = Some(url.into());
                self
            }
        }
    }

    /// The first mistake is the one to be told.
    pub(super) fn mistaken(mut self, message: impl FnOnce() -> String) -> Self {
        self.mistake.get_or_insert_with(message);
        self
    }

    /// The most connections that are open at once, at least 1. Unless said, 5 to a file of SQLite, of which one
    /// writes; to a server two for each core of this machine, at least 4. `sqlite::memory:` always has one.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.max_connections = Some(connections);
        self
    }

    /// How long a call waits for a connection that others use before it is `pool_timeout`; 5 s unless said. A
    /// call on the outer one of two nested transactions waits as long for the inner one to end.
    #[must_use]
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.settings.pool_timeout = timeout;
        self
    }

    /// How long opening a connection to a server may take, TLS and login included, before it is `connect`; 10 s
    /// unless said. For PostgreSQL, MariaDB and MySQL. A file of SQLite is there at once or not at all; for its
    /// lock see [`busy_timeout`](Self::busy_timeout).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a statement may run before it is stopped, and the call is `timeout`; without limit unless said.
    /// On every database. A call may consist of several statements.
    ///
    /// A transaction in which a statement was stopped may have been rolled back by that, on SQLite if the
    /// statement wrote; calls in it then say so.
    #[must_use]
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.settings.statement_timeout = Some(timeout);
        self
    }

    /// How long a call waits for another's lock before it is `serialization`; 5 s unless said. On SQLite that is the
    /// lock on the file, on a server those on rows and tables.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.settings.busy_timeout = timeout;
        self
    }

    /// Under which name connections show in what a server lists: `application_name` of PostgreSQL, unless said the
    /// program's, and the connection attribute `program_name` of MariaDB and MySQL, unless said none. No effect on
    /// SQLite.
    #[must_use]
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.settings.application_name = Some(name.into());
        self
    }

    /// Whether reads of one row by its key, outside of transactions, share connections; they do unless said
    /// otherwise. For PostgreSQL, with three connections or more.
    ///
    /// Up to two connections then serve the reads of all tasks, several at once: with 16 tasks nearly twice as many
    /// reads a second as with 16 connections. A read may wait for others on its connection; where one takes longer
    /// than some milliseconds, those that follow get connections of their own.
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn share_reads(mut self, share: bool) -> Self {
        self.settings.share_reads = share;
        self
    }

    /// On which thread SQLite runs.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn sqlite_execution(mut self, execution: crate::sqlite::SqliteExecution) -> Self {
        self.settings.sqlite_execution = execution;
        self
    }

    /// Opens it: each datasource, in the order of their names.
    ///
    /// # Errors
    /// `connect`: a URL is missing, too many or not understood, or what it names cannot be opened.
    pub fn connect(self) -> Setup<'static, Db<R>> {
        Setup(Box::pin(async move {
            if let Some(message) = self.mistake {
                return Err(Error::Connect { message });
            }
            observe::describe();
            let mut databases = Vec::with_capacity(self.urls.len());
            for ((url, replicas), datasource) in self.urls.into_iter().zip(self.replicas).zip(R::META.datasources) {
                let Some(url) = url else { return Err(missing::<R>(datasource.name)) };
                let opened = open(&url, &self.settings, &replicas).await;
                let driver = opened.map_err(|error| at::<R>(datasource.name, error))?;
                databases.push(Database { driver, waits: Waits::new(self.settings.pool_timeout) });
            }
            let inclusion = (!self.inclusion.is_empty()).then(|| Arc::new(self.inclusion));
            let handle = Handle::new(databases.into(), R::META, inclusion).watched_by(self.observing.asked());
            #[cfg(feature = "pages")]
            let handle = handle.with_page_key(self.page_key.map_or_else(crate::page::PageKey::random, Ok)?);
            Ok(Db { repositories: R::new(handle) })
        }))
    }
}

/// The position of the datasource of that name.
///
/// # Errors
/// A sentence, where there is none.
pub(crate) fn position<R: Schema>(name: &str) -> Result<usize, String> {
    let position = R::META.datasources.iter().position(|datasource| datasource.name == name);
    position.ok_or_else(|| format!("the schema has no datasource `{name}`; {}", known::<R>()))
}

/// The datasources that there are: ``it has `crm`, `db` ``.
pub(crate) fn known<R: Schema>() -> String {
    let names: Vec<_> = R::META.datasources.iter().map(|datasource| format!("`{}`", datasource.name)).collect();
    format!("it has {}", names.join(", "))
}

#[cold]
fn missing<R: Schema>(name: &str) -> Error {
    let message = match R::META.datasources {
        [_] => "no URL was given: call `.url(url)` before `.connect()`".to_owned(),
        _ => format!(
            "the datasource `{name}` was given no URL: call `.datasource(\"{name}\", url)` before `.connect()`; {}",
            known::<R>()
        ),
    };
    Error::Connect { message }
}

/// Which of several datasources cannot be opened.
#[cold]
fn at<R: Schema>(name: &str, error: Error) -> Error {
    match (R::META.datasources, error) {
        ([_, _, ..], Error::Connect { message }) => {
            Error::Connect { message: format!("datasource `{name}`: {message}") }
        }
        (_, error) => error,
    }
}

/// The driver that the URL's scheme names.
async fn open(url: &str, settings: &Settings, replicas: &Replicas) -> Result<Arc<dyn Driver>> {
    match scheme(url) {
        Some(other @ ("sqlite" | "mysql" | "mariadb")) if !replicas.urls.is_empty() => Err(no_replicas(other)),
        #[cfg(feature = "sqlite")]
        Some("sqlite") => crate::sqlite::connect(url, settings).await,
        #[cfg(feature = "mysql")]
        Some("mysql" | "mariadb") => crate::mysql::connect(url, settings).await,
        #[cfg(feature = "postgres")]
        Some("postgres" | "postgresql") => Box::pin(crate::postgres::connect(url, settings, replicas)).await,
        other => Err(no_driver(other)),
    }
}

/// A database that has no replicas, or none whose state can be told.
#[cold]
fn no_replicas(scheme: &str) -> Error {
    let instead = match scheme {
        "sqlite" => "SQLite is a file, which every connection reads as it is",
        _ => {
            "of MariaDB and MySQL no replica is read from; of a Galera cluster, name all nodes in one URL: \
             `mysql://user@a,b,c/database`"
        }
    };
    Error::Connect { message: format!("a read replica was given to a database at `{scheme}:`: {instead}") }
}

/// What stands before the URL's first colon, if it looks like the name of a scheme. No more of a URL is ever
/// shown: it may hold a password.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (named && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))).then_some(scheme)
}

/// The schemes that are known, with the features that they take.
const SCHEMES: [(&str, &str); 5] = [
    ("sqlite", "sqlite"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
    ("mysql", "mysql"),
    ("mariadb", "mysql"),
];

#[cold]
fn no_driver(scheme: Option<&str>) -> Error {
    let message = match scheme.map(|scheme| (scheme, SCHEMES.iter().find(|(known, _)| *known == scheme))) {
        Some((scheme, Some((_, feature)))) => {
            format!(
                "a URL that begins with `{scheme}:` takes relata's feature `{feature}`, and this program is built without it"
            )
        }
        found => {
            let found = found.map_or_else(
                || "the URL does not begin with a scheme".to_owned(),
                |(scheme, _)| format!("no driver for URLs that begin with `{scheme}:`"),
            );
            format!(
                "{found}; write `sqlite:shop.db`, `sqlite::memory:`, `postgres://user@host/database` or \
                 `mysql://user@host/database` (also `postgresql:` and `mariadb:`)"
            )
        }
    };
    Error::Connect { message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_shown_and_nothing_else_of_a_url() {
        for (url, shown) in [
            ("oracle://scott:tiger@host/db", "that begin with `oracle:`"),
            ("Postgres://scott:tiger@host/db", "that begin with `Postgres:`"),
            ("host=db password=tiger", "does not begin with a scheme"),
            ("tiger@host:5432/db", "does not begin with a scheme"),
            ("tiger", "does not begin with a scheme"),
            ("", "does not begin with a scheme"),
        ] {
            let error = no_driver(scheme(url));
            assert_eq!(error.code(), "connect");
            let error = error.to_string();
            assert!(error.contains(shown) && !error.contains("tiger"), "{error}");
            for (known, _) in SCHEMES {
                assert!(error.contains(&format!("{known}:")), "{known} in {error}");
            }
        }
    }

    #[test]
    fn a_feature_that_is_off_is_named() {
        for (scheme, feature) in SCHEMES {
            let error = no_driver(Some(scheme)).to_string();
            assert!(
                error.contains(&format!("`{scheme}:`")) && error.contains(&format!("feature `{feature}`")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_database_without_replicas_says_so() {
        let replicas = Replicas { urls: vec!["postgres://a:s3cret@h/db".to_owned()], stale: false };
        for (url, why) in
            [("sqlite::memory:", "SQLite is a file"), ("mysql://root:s3cret@h/db", "name all nodes in one URL")]
        {
            let Err(error) = crate::wait::block_on(open(url, &Settings::default(), &replicas)) else { panic!("{url}") };
            assert_eq!(error.code(), "connect");
            let text = error.to_string();
            assert!(text.contains(why) && !text.contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn there_is_always_a_connection() {
        let asked = |connections| Settings { max_connections: connections, ..Settings::default() };
        assert_eq!(asked(None).connections(|| 7), 7);
        assert_eq!(asked(Some(3)).connections(|| 7), 3);
        assert_eq!(asked(Some(0)).connections(|| 7), 1);
        assert!(connections_to_a_server() >= 4);
    }
}
