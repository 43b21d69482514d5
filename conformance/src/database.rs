//! The databases that tests run on: the only place that names them. Each test has one of its own, which goes with
//! it, whatever comes of the test.
//!
//! Knows where servers are, how a database is made there, and what other programs may do to it; knows nothing of
//! what is tested.

mod intruder;
mod meter;
mod mysql;
mod postgres;
mod server;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use relata::{Builder, Db, Result, Schema};
use tempfile::TempDir;

pub use intruder::{Intruder, Raw, Sql};
pub use meter::Meter;
use server::{Kind, Server};

/// What databases are made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// SQLite, in a file.
    Sqlite,
    /// SQLite in memory: one connection, and no other program can reach it.
    SqliteMemory,
    /// PostgreSQL, in a database as the server makes it.
    Postgres,
    /// PostgreSQL, in a database that sorts and compares as people do.
    PostgresLinguistic,
    /// MariaDB or MySQL, with the server's collation.
    Mysql,
}

impl Place {
    /// Every place.
    pub const ALL: &[Self] = &[Self::Sqlite, Self::SqliteMemory, Self::Postgres, Self::PostgresLinguistic, Self::Mysql];

    /// Those whose databases are shared by connections, and by other programs.
    pub const SHARED: &[Self] = &[Self::Sqlite, Self::Postgres, Self::PostgresLinguistic, Self::Mysql];

    /// Those that are on servers.
    pub const SERVERS: &[Self] = &[Self::Postgres, Self::PostgresLinguistic, Self::Mysql];

    /// The first word of its tests' names: `sqlite::keys::uuid`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::SqliteMemory => "sqlite_memory",
            Self::Postgres => "postgres",
            Self::PostgresLinguistic => "postgres_linguistic",
            Self::Mysql => "mysql",
        }
    }

    /// Whether the runtime of its tests has several threads: both kinds of runtime meet every driver but one.
    pub(crate) fn has_threads(self) -> bool {
        !matches!(self, Self::SqliteMemory | Self::PostgresLinguistic)
    }

    /// The server that it is on.
    ///
    /// # Errors
    /// Why its server cannot be used.
    fn server(self) -> Result<Option<&'static Server>, &'static str> {
        match self {
            Self::Sqlite | Self::SqliteMemory => Ok(None),
            Self::Postgres | Self::PostgresLinguistic => Server::of(Kind::Postgres).map(Some),
            Self::Mysql => Server::of(Kind::Mysql).map(Some),
        }
    }

    /// Whether tests can run there.
    ///
    /// # Errors
    /// Why they cannot.
    pub(crate) fn reach(self) -> Result<(), &'static str> {
        self.server().map(drop)
    }
}

/// Removes what this run has left on servers. No test runs any more.
pub fn leave() {
    Server::leave();
}

/// A database of a test's own.
#[derive(Debug)]
pub struct Database {
    place: Place,
    home: Home,
    files: AtomicU32,
}

/// Where it is, and what must go with it.
#[derive(Debug)]
enum Home {
    Memory,
    Folder(TempDir),
    Server { server: &'static Server, name: String },
}

impl Database {
    /// A new one, empty. Blocks, so it is called outside of any async runtime.
    ///
    /// # Errors
    /// When the place cannot make it.
    pub fn new(place: Place) -> Raw<Self> {
        let home = match place.server()? {
            None if place == Place::SqliteMemory => Home::Memory,
            None => Home::Folder(tempfile::tempdir()?),
            Some(server) => Home::Server { server, name: server.create(place == Place::PostgresLinguistic)? },
        };
        Ok(Self { place, home, files: AtomicU32::new(0) })
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Its URL.
    pub fn url(&self) -> String {
        match &self.home {
            Home::Memory => "sqlite::memory:".to_owned(),
            Home::Folder(_) => format!("sqlite:{}", self.file().display()),
            Home::Server { server, name } => server.url_of(name),
        }
    }

    /// The folder that it has for itself, where it is a file.
    pub fn folder(&self) -> &Path {
        match &self.home {
            Home::Folder(folder) => folder.path(),
            Home::Memory | Home::Server { .. } => Path::new(""),
        }
    }

    /// Its file, where it is one.
    pub fn file(&self) -> PathBuf {
        self.folder().join(format!("test{}.db", self.files.load(Ordering::Relaxed)))
    }

    /// Opened as it is, without tables.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn connect<R: Schema>(&self) -> Result<Db<R>> {
        Db::connect(&self.url()).await
    }

    /// Opened, with its tables.
    ///
    /// # Errors
    /// When it cannot be opened, or its tables cannot be created.
    pub async fn open<R: Schema>(&self) -> Result<Db<R>> {
        self.open_with(|builder| builder).await
    }

    /// Opened with settings, with its tables.
    ///
    /// # Errors
    /// When it cannot be opened, or its tables cannot be created.
    pub async fn open_with<R: Schema>(&self, settings: impl FnOnce(Builder<R>) -> Builder<R>) -> Result<Db<R>> {
        let builder = Db::builder().url(self.url());
        let builder = match self.replica().filter(|_| R::META.datasources.len() == 1) {
            Some(replica) => builder.read_replica(replica),
            None => builder,
        };
        let db = settings(builder).connect().await?;
        db.create_tables().await?;
        Ok(db)
    }

    /// The URL of a copy that follows it, where there is one.
    fn replica(&self) -> Option<String> {
        match &self.home {
            Home::Memory | Home::Folder(_) => None,
            Home::Server { server, name } => server.replica_of(name),
        }
    }

    /// Opened with tables that have no rows and whose ids count from 1, whatever they held before.
    ///
    /// # Errors
    /// When it cannot be emptied or opened, or its tables cannot be created.
    pub async fn open_empty<R: Schema>(&self) -> Raw<Db<R>> {
        match &self.home {
            Home::Memory => {}
            Home::Folder(_) => {
                self.files.fetch_add(1, Ordering::Relaxed);
            }
            Home::Server { .. } => self.intruder().await?.empty_tables().await?,
        }
        Ok(self.open().await?)
    }

    /// What counts the statements that are sent to it, where it is on a server.
    ///
    /// # Errors
    /// When it is not on a server, or the machine has no port left.
    pub fn meter(&self) -> Raw<Meter> {
        match &self.home {
            Home::Memory | Home::Folder(_) => Err("nothing is sent to a database within the program".into()),
            Home::Server { server, name } => Meter::new(server.kind(), &server.direct(name)),
        }
    }

    /// Another program that has it open.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn intruder(&self) -> Raw<Intruder> {
        match &self.home {
            Home::Memory => Err("a database in memory is nobody else's".into()),
            Home::Folder(_) => Ok(Intruder::sqlite(&self.file())?),
            Home::Server { server, name } => server.intruder(name).await,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Home::Server { server, name } = &mut self.home {
            server.take_back(std::mem::take(name), self.place == Place::PostgresLinguistic);
        }
    }
}
