//! What SQLite reports, as what it means; never with a bound value.

use rusqlite::{Error as Sqlite, ErrorCode, ffi};

use super::open::Place;
use crate::Error;
use crate::driver::{Constraint, Fault};

/// What SQLite says of a sum of integers that is none.
pub(super) const OVERFLOW: &str = "integer overflow";

/// A statement that was refused.
#[cold]
pub(super) fn of(error: &Sqlite, place: &Place) -> Fault {
    let detail = || {
        let message = message(error);
        message.split_once("constraint failed: ").map_or(message.clone(), |(_, detail)| detail.to_owned())
    };
    match error.sqlite_extended_error_code() {
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
            Fault::Unique(constraint(&detail()))
        }
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Fault::ForeignKey(None),
        // `ON DELETE RESTRICT` is a trigger inside SQLite, and the message is all that tells.
        Some(ffi::SQLITE_CONSTRAINT_TRIGGER) if message(error) == "FOREIGN KEY constraint failed" => {
            Fault::ForeignKey(None)
        }
        Some(ffi::SQLITE_CONSTRAINT_NOTNULL | ffi::SQLITE_CONSTRAINT_CHECK) => Fault::Check { detail: message(error) },
        // Bound values are of the column's type: it was computed. An integer beyond 64 bits becomes a number.
        Some(ffi::SQLITE_CONSTRAINT_DATATYPE) => Fault::Range { detail: message(error) },
        _ if message(error) == OVERFLOW => Fault::Range { detail: message(error) },
        _ => Fault::Other(other(error, place)),
    }
}

/// `table.column, table.column`, or `index 'name'`.
fn constraint(detail: &str) -> Constraint {
    if let Some(name) = detail.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return Constraint::Name(name.to_owned());
    }
    let column = |part: &str| part.rsplit_once('.').map_or(part, |(_, column)| column).to_owned();
    Constraint::Columns(detail.split(", ").map(column).collect())
}

fn other(error: &Sqlite, place: &Place) -> Error {
    let message = message(error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Serialization {
            message: format!(
                "{place} is locked by another connection and did not become free within {:?}",
                place.patience
            ),
        },
        // Nobody else interrupts.
        Some(ErrorCode::OperationInterrupted) => Error::Timeout {
            message: format!(
                "a statement on {place} ran longer than {:?} and was stopped",
                place.statement_timeout.unwrap_or_default()
            ),
        },
        Some(
            code @ (ErrorCode::ReadOnly
            | ErrorCode::DiskFull
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::OutOfMemory),
        ) => {
            let state = match code {
                ErrorCode::ReadOnly => "is read-only",
                ErrorCode::DiskFull => "has no room left on its disk",
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => "is damaged",
                ErrorCode::OutOfMemory => "ran out of memory",
                _ => "cannot be read or written",
            };
            Error::Unavailable { message: format!("{place} {state}: {message}") }
        }
        _ if message.starts_with("no such table") || message.starts_with("no such column") => {
            let hint = "does the schema's `create_tables` run before, on this database?";
            Error::Driver { message: format!("{message} in {place}; {hint}") }
        }
        _ => Error::Driver { message },
    }
}

/// What SQLite says, without the statement.
pub(super) fn message(error: &Sqlite) -> String {
    match error {
        Sqlite::SqliteFailure(_, Some(message)) => message.clone(),
        Sqlite::SqliteFailure(code, None) => code.to_string(),
        Sqlite::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
