//! Opens connections and sets them up alike.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{ErrorCode, OpenFlags};

use super::fault;
use super::limit::Limit;
use super::url::{Location, Mode};
use crate::deadline::{self, Deadline};
use crate::driver::Fault;
use crate::{Error, Result};

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 256;

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Read,
    Write,
}

/// What every connection to one database has in common.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) location: Location,
    /// How long SQLite waits for the lock of another connection.
    pub(super) patience: Duration,
    /// How long a statement may run.
    pub(super) statement_timeout: Option<Duration>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Location::Memory => f.write_str("the database in memory"),
            Location::File { path, .. } => write!(f, "{}", path.display()),
        }
    }
}

/// An open connection.
pub(super) struct Connection {
    pub(super) sqlite: rusqlite::Connection,
    pub(super) limit: Limit,
    /// Of the call that it is lent to.
    pub(super) deadline: Option<Deadline>,
    pub(super) place: Arc<Place>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({})", self.place)
    }
}

impl Connection {
    /// Opens one more connection.
    ///
    /// # Errors
    /// [`Error::Connect`] that names the file and says what is wrong with it.
    pub(super) fn open(place: &Arc<Place>, role: Role) -> Result<Self> {
        let sqlite = match &place.location {
            Location::Memory => rusqlite::Connection::open_in_memory().map_err(|error| place.refused(&error))?,
            Location::File { path, mode } => {
                look(path, *mode)?;
                let access = match mode {
                    Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
                    Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
                    Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
                };
                // A connection is used by one thread at a time: SQLite need not lock it again.
                let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                rusqlite::Connection::open_with_flags(path, flags).map_err(|error| place.refused(&error))?
            }
        };
        set_up(&sqlite, place, role).map_err(|error| place.refused(&error))?;
        if let Location::File { path, mode: Mode::Write | Mode::Create } = &place.location
            && sqlite.is_readonly(rusqlite::MAIN_DB).map_err(|error| place.refused(&error))?
        {
            return Err(refused(path, "the file is read-only; add `?mode=ro` to open it so"));
        }
        let limit = Limit::new(&sqlite);
        Ok(Self { sqlite, limit, deadline: None, place: Arc::clone(place) })
    }

    /// What runs from here on is for a call with that deadline.
    ///
    /// # Errors
    /// `timeout`, where it has passed.
    #[inline]
    pub(super) fn set_deadline(&mut self, deadline: Option<Deadline>) -> Result<()> {
        if self.deadline.is_none() && deadline.is_none() { Ok(()) } else { self.change_deadline(deadline) }
    }

    fn change_deadline(&mut self, deadline: Option<Deadline>) -> Result<()> {
        self.deadline = deadline;
        // A wait for a lock cannot be interrupted: it is to end by itself, not before the deadline.
        let patience = match deadline {
            Some(deadline) => self.place.patience.min(deadline.left() + Duration::from_millis(1)),
            None => self.place.patience,
        };
        self.sqlite.busy_timeout(patience).map_err(|error| Error::from(self.fault(&error)))?;
        deadline::check(deadline, || format!("{} to be free", self.place))
    }

    /// What a refusal means; where the deadline was its cause, that.
    #[cold]
    pub(super) fn fault(&self, error: &rusqlite::Error) -> Fault {
        let late = self.deadline.filter(|deadline| deadline.has_passed());
        match (late, error.sqlite_error_code()) {
            (Some(late), Some(ErrorCode::OperationInterrupted)) => {
                late.passed(format_args!("a statement on {}, which was stopped", self.place)).into()
            }
            (Some(late), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => {
                late.passed(format_args!("{}, which another connection has locked", self.place)).into()
            }
            _ => fault::of(error, &self.place),
        }
    }

    /// Runs a statement of the driver's own: `BEGIN`, `COMMIT`.
    pub(super) fn control(&self, sql: &str) -> Result<()> {
        let run = || self.sqlite.prepare_cached(sql)?.raw_execute();
        run().map(drop).map_err(|error| self.fault(&error).into())
    }

    /// Whether no transaction is open.
    pub(super) fn is_idle(&self) -> bool {
        self.sqlite.is_autocommit()
    }
}

impl Place {
    #[cold]
    fn refused(&self, error: &rusqlite::Error) -> Error {
        let reason = match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => "it is not a SQLite database".to_owned(),
            Some(ErrorCode::CannotOpen) => {
                "it cannot be opened; its folder and the file need to be accessible".to_owned()
            }
            Some(ErrorCode::ReadOnly) => "the file is read-only; add `?mode=ro` to open it so".to_owned(),
            Some(ErrorCode::DatabaseBusy) => format!("another connection held its lock for {:?}", self.patience),
            _ => fault::message(error),
        };
        Error::Connect { message: format!("cannot open {self}: {reason}") }
    }
}

/// Says better than SQLite does why a file cannot be opened.
fn look(path: &Path, mode: Mode) -> Result<()> {
    if path.is_dir() {
        return Err(refused(path, "it is a folder"));
    }
    if path.exists() {
        return Ok(());
    }
    if mode != Mode::Create {
        return Err(refused(path, "there is no such file; without `mode` it would be created"));
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(refused(path, &format!("there is no folder {}", folder.display())))
        }
        _ => Ok(()),
    }
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::Connect { message: format!("cannot open {}: {reason}", path.display()) }
}

fn set_up(sqlite: &rusqlite::Connection, place: &Place, role: Role) -> rusqlite::Result<()> {
    sqlite.busy_timeout(place.patience)?;
    sqlite.set_prepared_statement_cache_capacity(STATEMENTS);
    // A bound value that the planner looked at would have the statement prepared again: 4–5 times as slow.
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A misspelt column in double quotes is an error, not a string.
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    rusqlite::vtab::array::load_module(sqlite)?;
    #[cfg(feature = "decimal")]
    super::documents::add_functions(sqlite)?;
    #[cfg(feature = "decimal")]
    super::aggregates::add_functions(sqlite)?;
    #[cfg(feature = "decimal")]
    super::arithmetic::add_functions(sqlite)?;
    #[cfg(feature = "pattern")]
    super::regexp::add_functions(sqlite)?;
    sqlite.pragma_update(None, "foreign_keys", true)?;
    sqlite.pragma_update(None, "case_sensitive_like", true)?;
    match &place.location {
        Location::File { mode: Mode::Write | Mode::Create, .. } if role == Role::Write => {
            sqlite.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        }
        // Reads the header, so that what is no database is told apart now.
        Location::File { .. } => sqlite.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?,
        Location::Memory => {}
    }
    sqlite.pragma_update(None, "synchronous", "normal")?;
    if role == Role::Read {
        sqlite.pragma_update(None, "query_only", true)?;
    }
    Ok(())
}
