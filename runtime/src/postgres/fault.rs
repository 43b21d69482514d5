//! What PostgreSQL reports, as what it means; never with a bound value: details are left out, since they quote
//! rows.

use std::error::Error as StdError;
use std::io;

use tokio_postgres::Error as Postgres;
use tokio_postgres::error::{DbError, Severity, SqlState};

use super::connect::Place;
use super::encode::Unfit;
use crate::Error;
use crate::driver::{Constraint, Fault};
use crate::network::hosts::Refusal;

/// A statement that was refused.
#[cold]
pub(super) fn of(error: &Postgres, place: &Place) -> Fault {
    let Some(refusal) = error.as_db_error() else { return Fault::Other(broken(error, place)) };
    let constraint = || refusal.constraint().unwrap_or_default().to_owned();
    match *refusal.code() {
        SqlState::UNIQUE_VIOLATION | SqlState::EXCLUSION_VIOLATION => Fault::Unique(Constraint::Name(constraint())),
        SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION => {
            Fault::ForeignKey(Some(constraint()).filter(|name| !name.is_empty()))
        }
        SqlState::NOT_NULL_VIOLATION | SqlState::CHECK_VIOLATION => {
            Fault::Check { detail: refusal.message().to_owned() }
        }
        // What is wrong, after a colon, is none of the pattern's text.
        SqlState::INVALID_REGULAR_EXPRESSION => Fault::Pattern { detail: refusal.message().to_owned() },
        SqlState::NUMERIC_VALUE_OUT_OF_RANGE => Fault::Range { detail: message(refusal) },
        _ => Fault::Other(other(refusal, place)),
    }
}

/// A failure where no constraint is in play, or none that could be named.
#[cold]
pub(super) fn error(error: &Postgres, place: &Place) -> Error {
    of(error, place).into()
}

/// Whether the server ended what ran in favour of another one's, with which it could have waited for ever.
pub(super) fn is_deadlock(error: &Postgres) -> bool {
    error.as_db_error().is_some_and(|refusal| *refusal.code() == SqlState::T_R_DEADLOCK_DETECTED)
}

/// Whether the server stopped it because it was told to.
pub(super) fn is_stopped(error: &Postgres) -> bool {
    error.code() == Some(&SqlState::QUERY_CANCELED)
}

/// Whether the values of a statement are of other types than the server now takes.
pub(super) fn is_mistyped(error: &Postgres) -> bool {
    let mistyped = [SqlState::DATATYPE_MISMATCH, SqlState::UNDEFINED_FUNCTION, SqlState::INVALID_BINARY_REPRESENTATION];
    error.as_db_error().is_some_and(|refusal| mistyped.contains(refusal.code()))
}

/// Whether the server takes no changes, or the transaction does not.
pub(super) fn is_read_only(error: &Postgres) -> bool {
    error.as_db_error().is_some_and(|refusal| *refusal.code() == SqlState::READ_ONLY_SQL_TRANSACTION)
}

fn other(refusal: &DbError, place: &Place) -> Error {
    let message = message(refusal);
    match *refusal.code() {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            Error::Serialization { message: format!("the transaction lost against another one in {place}: {message}") }
        }
        SqlState::LOCK_NOT_AVAILABLE => {
            Error::Serialization { message: format!("a lock in {place} was not to be had: {message}") }
        }
        SqlState::QUERY_CANCELED => Error::Timeout { message: place.too_long(&message) },
        SqlState::DUPLICATE_PSTATEMENT => Error::Serialization {
            message: format!("another program has left a statement in the session that a pooler lent: {message}"),
        },
        _ if is_outdated(refusal) => Error::Serialization {
            message: format!("a table in {place} was altered since the statement was prepared: {message}"),
        },
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            Error::Unavailable { message: format!("{place} takes no changes here: {message}") }
        }
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN | SqlState::INVALID_SCHEMA_NAME => {
            let hint = "does the schema's `create_tables` run before, on this database?";
            Error::Driver { message: format!("{message} in {place}; {hint}") }
        }
        SqlState::IN_FAILED_SQL_TRANSACTION => Error::Driver {
            message: "the transaction was rolled back by the database after a failure; nothing more can run in it"
                .to_owned(),
        },
        SqlState::INSUFFICIENT_PRIVILEGE => Error::Driver {
            message: format!("{message} in {place}; grant that right to the user, or take one who has it"),
        },
        ref code if is_unavailable(code) => {
            Error::Unavailable { message: format!("{place} is not available: {message}") }
        }
        _ => Error::Driver { message },
    }
}

/// Classes 08 (connections), 53 (resources), 57P (the server goes down or comes up), 58 (its system), and a
/// transaction that was idle for too long.
fn is_unavailable(code: &SqlState) -> bool {
    ["08", "53", "57P", "58", "XX", IDLE].iter().any(|class| code.code().starts_with(class))
}

/// `idle_in_transaction_session_timeout`.
const IDLE: &str = "25P03";

/// Whether a prepared statement is of no use any more: the table is another, or somebody dropped it. The text of the
/// first is in the server's language; where it comes from is not.
pub(super) fn is_outdated(refusal: &DbError) -> bool {
    match *refusal.code() {
        SqlState::FEATURE_NOT_SUPPORTED => refusal.routine() == Some("RevalidateCachedQuery"),
        // The second behind a pooler, where another program has left one of that name.
        SqlState::INVALID_SQL_STATEMENT_NAME | SqlState::DUPLICATE_PSTATEMENT => true,
        _ => false,
    }
}

/// The message without what it quotes of values: `invalid input syntax for type integer: "…"`. Each language has marks
/// of its own; a colon goes before them in all.
fn message(refusal: &DbError) -> String {
    let message = refusal.message();
    let quotes_values = refusal.code().code().starts_with("22");
    let end = message.find([':', '：']).filter(|_| quotes_values).unwrap_or(message.len());
    message[..end].to_owned()
}

/// A failure before or beside the server's answer.
fn broken(error: &Postgres, place: &Place) -> Error {
    if let Some(unfit) = error.source().and_then(|source| source.downcast_ref::<Unfit>()) {
        return Error::Driver { message: unfit.to_string() };
    }
    if is_lost(error) {
        return Error::Unavailable { message: format!("the connection to {place} is lost{}", because(error)) };
    }
    Error::Driver { message: format!("{error}{}", because(error)) }
}

/// Whether no answer will come any more.
pub(super) fn is_lost(error: &Postgres) -> bool {
    error.is_closed()
        || error.to_string() == "error communicating with the server"
        || error.as_db_error().is_some_and(is_last_word)
}

/// Whether the server closes the connection after it.
fn is_last_word(refusal: &DbError) -> bool {
    matches!(refusal.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
        || refusal.code().code().starts_with("57P")
}

/// Whether the connection was closed, and the transaction ended before: there is no doubt about it.
pub(super) fn is_rolled_back(error: &Postgres) -> bool {
    error.code().is_some_and(|code| code.code() == IDLE)
}

fn because(error: &Postgres) -> String {
    error.source().map_or_else(String::new, |source| format!(": {source}"))
}

/// Whether the server can be spoken to, and only TLS cannot be agreed upon.
pub(super) fn is_tls(error: &Postgres) -> bool {
    error.to_string() == "error performing TLS handshake"
}

/// A connection that cannot be made. What one server says of a user, a password or a database the others say too; one
/// that is starting, stopping or full says nothing of the others.
#[cold]
pub(super) fn refused(error: &Postgres, place: &Place) -> Refusal {
    let (reason, elsewhere) = match error.as_db_error() {
        Some(refusal) => (by_server(refusal, place), is_unavailable(refusal.code())),
        None => on_the_way(error, place),
    };
    Refusal::new(place, reason, elsewhere)
}

fn by_server(refusal: &DbError, place: &Place) -> String {
    let message = refusal.message();
    match *refusal.code() {
        SqlState::INVALID_PASSWORD => format!("{message}; is the password in the URL the right one?"),
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            format!("{message}; does that user exist, and does the server's `pg_hba.conf` let it in from here?")
        }
        SqlState::INVALID_CATALOG_NAME if place.target.database.is_none() => {
            format!("{message}; the URL names no database, and then it is the one that is called like the user")
        }
        SqlState::INSUFFICIENT_PRIVILEGE => format!("{message}; `GRANT CONNECT ON DATABASE …` lets that user in"),
        SqlState::INVALID_CATALOG_NAME => format!("{message}; create it first, or is it named otherwise?"),
        SqlState::TOO_MANY_CONNECTIONS => format!(
            "{message}; the server's `max_connections`, or what that role or database may have, are in use: let fewer \
             programs connect, or give each a smaller pool (this one has {})",
            place.connections
        ),
        _ if message.contains("startup parameter") => format!(
            "{message}; is it PgBouncer or its like that listens there? `pooler=transaction` in the URL goes without"
        ),
        _ => message.to_owned(),
    }
}

/// What went wrong before the server said anything, and whether another one may be better.
fn on_the_way(error: &Postgres, place: &Place) -> (String, bool) {
    let source = error.source();
    let text = source.map_or_else(|| error.to_string(), ToString::to_string);
    if is_tls(error) {
        let reason =
            format!("TLS: {text}; `sslmode=disable` goes without it, `sslmode=require` without checking certificates");
        return (reason, true);
    }
    if text == "password missing" {
        return ("the server asks for a password, and the URL has none".to_owned(), false);
    }
    let not_understood = || {
        format!("{text}; {}", place.target.other_server().as_deref().unwrap_or("is it PostgreSQL that listens there?"))
    };
    let Some(io) = source.and_then(|source| source.downcast_ref::<io::Error>()) else {
        return (not_understood(), true);
    };
    let reason = match io.kind() {
        io::ErrorKind::ConnectionRefused => format!("{text}; does the server run, and listen there?"),
        io::ErrorKind::NotFound => format!("{text}; is there a server, and is that the folder of its socket?"),
        _ if text.contains("lookup address") => format!("{text}; is the host spelt right?"),
        // The last one is what is made of bytes that are not the protocol's.
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::InvalidData
        | io::ErrorKind::Other => not_understood(),
        _ => text,
    };
    (reason, true)
}
