//! What MySQL and MariaDB report, as what it means; never with a bound value.
//!
//! Their messages quote names and values alike. A name is kept where the number of the error says that it is
//! one; every other quotation is left out.

use std::io;

use mysql_async::{DriverError, Error as Failure, IoError, ServerError};

use super::open::Place;
use super::server::Server;
use crate::Error;
use crate::driver::{Constraint, Fault};
use crate::network::hosts::Refusal;

/// A statement that was refused, or did not reach the server.
#[cold]
pub(super) fn of(failure: &Failure, place: &Place) -> Fault {
    match failure {
        Failure::Server(error) => refused(error, place),
        Failure::Driver(DriverError::PacketTooLarge | DriverError::StmtParamsNumberExceedsLimit { .. }) => {
            too_large(place).into()
        }
        other => lost(other, place).into(),
    }
}

/// A failure where no constraint is in play, or none that could be named.
#[cold]
pub(super) fn error(failure: &Failure, place: &Place) -> Error {
    of(failure, place).into()
}

/// Whether the connection is lost, so that what the server did is not known.
pub(super) fn is_lost(failure: &Failure) -> bool {
    match failure {
        Failure::Server(error) => matches!(error.code, SHUTDOWN | KILLED | KILLED_BY_MYSQL),
        _ => true,
    }
}

/// Whether the node of a cluster has run nothing, and will run nothing: it is not prepared.
pub(super) fn is_unready(failure: &Failure) -> bool {
    matches!(failure, Failure::Server(error) if error.code == UNREADY)
}

/// The whole transaction is undone by this failure, or has to be: and not only the statement.
pub(super) fn ends_transaction(failure: &Failure, server: &Server) -> bool {
    match failure {
        Failure::Server(error) => match error.code {
            DEADLOCK | RECORD_CHANGED => true,
            LOCK_WAIT => server.undoes_after_waiting,
            _ => is_lost(failure),
        },
        _ => is_lost(failure),
    }
}

/// `WSREP has not yet prepared node for application use`.
const UNREADY: u16 = 1047;
/// A node could not spread what it was to commit, or not hear what became of it.
const DURING_COMMIT: u16 = 1180;
const SHUTDOWN: u16 = 1053;
const KILLED: u16 = 1927;
const KILLED_BY_MYSQL: u16 = 3169;
/// Under `innodb_snapshot_isolation`: what the transaction sees is outdated.
const RECORD_CHANGED: u16 = 1020;
/// Of a column, which the message names.
const OUT_OF_RANGE: u16 = 1264;
/// Of a type, within an expression, which the message quotes.
const COMPUTED_OUT_OF_RANGE: u16 = 1690;
const LOCK_WAIT: u16 = 1205;
/// MySQL's word for a lock that was not to be waited for; MariaDB has the same for both.
const LOCKED: u16 = 3572;
const DEADLOCK: u16 = 1213;

/// A statement that was to stop, or ran longer than the session allows.
const STOPPED: [u16; 3] = [1317, 1969, 3024];

/// Whether the server stopped it before its end.
pub(super) fn is_stopped(failure: &Failure) -> bool {
    matches!(failure, Failure::Server(error) if STOPPED.contains(&error.code))
}

fn refused(error: &ServerError, place: &Place) -> Fault {
    let message = error.message.as_str();
    match error.code {
        1062 | 1169 | 1586 => match key(message) {
            Some(key) => Fault::Unique(Constraint::Name(key)),
            None => Fault::Unique(Constraint::Name("PRIMARY".to_owned())),
        },
        1216 | 1217 | 1451 | 1452 => Fault::ForeignKey(after(message, "CONSTRAINT ")),
        // A column or a constraint is quoted, and nothing else.
        1048 | 1364 | 1406 | 3819 | 4025 => Fault::Check { detail: message.to_owned() },
        OUT_OF_RANGE => Fault::Range { detail: message.to_owned() },
        COMPUTED_OUT_OF_RANGE => Fault::Range { detail: masked(message) },
        1265 | 1292 | 1366 | 1411 => Fault::Check { detail: masked(message) },
        // What is wrong stands in quotes, and none of the pattern's text.
        1139 | 3685..=3699 => Fault::Pattern { detail: message.to_owned() },
        DEADLOCK => Error::Serialization {
            message: format!("{place} rolled the transaction back, since it and another one waited for each other"),
        }
        .into(),
        LOCK_WAIT | LOCKED => Error::Serialization {
            message: format!("a lock in {place} is held by another transaction, and was not to be had in time"),
        }
        .into(),
        RECORD_CHANGED => {
            Error::Serialization { message: format!("a row in {place} was changed by another transaction") }.into()
        }
        code if STOPPED.contains(&code) => place.interrupted().into(),
        1290 | 1792 | 1836 | 1021 | 1114 | 1026 | 1037 | 1041 | 1040 | 1203 | 1226 | 3 | 14 => {
            Error::Unavailable { message: format!("{place}: {}", masked_unless_name(error)) }.into()
        }
        1153 => too_large(place).into(),
        UNREADY => Error::Unavailable {
            message: format!(
                "{place} is not part of its cluster now, and runs nothing; the next call asks another node"
            ),
        }
        .into(),
        DURING_COMMIT => Error::CommitUnknown {
            message: format!("whether {place} committed the changes is not known: {}", masked(message)),
        }
        .into(),
        _ if is_lost(&Failure::Server(error.clone())) => {
            Error::Unavailable { message: format!("{place} closed the connection: {}", masked(message)) }.into()
        }
        1046 => Error::Driver { message: format!("{place} is not there any more: it was dropped") }.into(),
        1146 | 1054 | 1049 => {
            let hint = "does the schema's `create_tables` run before, on this database?";
            Error::Driver { message: format!("{message} in {place}; {hint}") }.into()
        }
        1044 | 1142 | 1143 | 1227 | 1370 => {
            let message = format!("{message} in {place}; grant that right to the user, or take one who has it");
            Error::Driver { message }.into()
        }
        _ => Error::Driver { message: masked_unless_name(error) }.into(),
    }
}

/// Why a connection cannot be made. What one server says of a user, a password or a database the others say too.
#[cold]
pub(super) fn of_connecting(failure: &Failure, place: &Place) -> Refusal {
    let elsewhere = !matches!(failure, Failure::Server(error) if matches!(error.code, 1044 | 1045 | 1049 | 1698));
    let other_server =
        || place.target.other_server().unwrap_or_else(|| "is it MariaDB or MySQL that listens there?".to_owned());
    let reason = match failure {
        Failure::Server(error) => match error.code {
            1045 | 1698 => "the user or the password is wrong, or that user may not come from here".to_owned(),
            1044 => {
                "this user may not use that database; grant the rights to it, or is there no such database?".to_owned()
            }
            1049 => "there is no such database; create it first".to_owned(),
            1040 | 1203 | 1226 => {
                "the server has no connection left; fewer by `max_connections`, or more on the server".to_owned()
            }
            UNREADY => "it is not part of its cluster now, and takes no statements".to_owned(),
            1129 | 1130 => "the server lets nobody in from this host".to_owned(),
            _ => masked_unless_name(error),
        },
        Failure::Driver(DriverError::NoClientSslFlagFromServer) => {
            "it offers no TLS, which `sslmode` asks for; `sslmode=disable` or `sslmode=prefer` does without".to_owned()
        }
        Failure::Driver(DriverError::UnknownAuthPlugin { name }) => {
            format!("it asks for the authentication `{name}`, which is not supported")
        }
        Failure::Io(IoError::Tls(error)) => format!("TLS failed: {error}"),
        Failure::Io(IoError::Io(error)) if error.to_string().contains("lookup address") => {
            format!("{error}; is the host spelt right?")
        }
        Failure::Io(IoError::Io(error))
            if matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::InvalidInput
                    | io::ErrorKind::Other
            ) =>
        {
            format!("{}; {}", of_io(error), other_server())
        }
        Failure::Io(IoError::Io(error)) => of_io(error),
        other => format!("{other}; {}", other_server()),
    };
    Refusal::new(place, reason, elsewhere)
}

fn of_io(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "nothing listens there; is the server running, and is the port right?".to_owned()
        }
        io::ErrorKind::NotFound => "there is no such socket; is the server running?".to_owned(),
        io::ErrorKind::PermissionDenied => "the socket may not be opened by this user".to_owned(),
        // What rustls says of a certificate comes as data that is not valid.
        io::ErrorKind::InvalidData => format!("TLS failed: {error}"),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "the server closed the connection".to_owned()
        }
        _ => error.to_string(),
    }
}

#[cold]
fn lost(failure: &Failure, place: &Place) -> Error {
    let reason = match failure {
        Failure::Io(IoError::Io(error)) => of_io(error),
        Failure::Driver(DriverError::ConnectionClosed) => "it is closed".to_owned(),
        other => other.to_string(),
    };
    Error::Unavailable { message: format!("the connection to {place} is lost: {reason}") }
}

/// What is sent, or comes back, is more than the server takes.
#[cold]
pub(super) fn too_large(place: &Place) -> Error {
    Error::Driver {
        message: format!(
            "a statement with its values is larger than {place} takes at once; raise `max_allowed_packet` on the server"
        ),
    }
}

/// The key's name in `Duplicate entry 'value' for key 'name'`. MySQL puts the table before it.
fn key(message: &str) -> Option<String> {
    let (_, name) = message.rsplit_once("for key '")?;
    let name = name.strip_suffix('\'')?;
    Some(name.rsplit_once('.').map_or(name, |(_, key)| key).to_owned())
}

/// The identifier in backticks that follows a word; a backtick within it is written twice.
fn after(message: &str, word: &str) -> Option<String> {
    let (_, rest) = message.split_once(word)?;
    let mut rest = rest.strip_prefix('`')?.chars();
    let mut name = String::new();
    while let Some(character) = rest.next() {
        if character == '`' && rest.next() != Some('`') {
            return Some(name);
        }
        name.push(character);
    }
    None
}

/// The message, where what it quotes can only be names, and without quotations otherwise.
fn masked_unless_name(error: &ServerError) -> String {
    match error.code {
        1007 | 1008 | 1022 | 1044 | 1045 | 1049 | 1050 | 1051 | 1054 | 1060 | 1061 | 1072 | 1091 | 1142 | 1143
        | 1146 | 1176 | 1227 | 1267 | 1273 | 1290 | 1305 | 1370 | 1792 | 1822 | 1824 | 1826 | 3780 => {
            error.message.clone()
        }
        _ => masked(&error.message),
    }
}

/// The message without what it quotes: from the first mark to the last, since a value may hold marks too.
fn masked(message: &str) -> String {
    match (message.find('\''), message.rfind('\'')) {
        (Some(first), Some(last)) if first < last => format!("{}'…'{}", &message[..first], &message[last + 1..]),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_of_messages() {
        assert_eq!(
            key("Duplicate entry 'a' for key 'b' for key 'users_email_key'").as_deref(),
            Some("users_email_key")
        );
        assert_eq!(key("Duplicate entry '' for key 'users.PRIMARY'").as_deref(), Some("PRIMARY"));
        assert_eq!(key("Duplicate entry"), None);
        let message = "a foreign key constraint fails (`db`.`c`, CONSTRAINT `c_p``x_fkey` FOREIGN KEY (`p_id`))";
        assert_eq!(after(message, "CONSTRAINT ").as_deref(), Some("c_p`x_fkey"));
        assert_eq!(after("a foreign key constraint fails", "CONSTRAINT "), None);
    }

    #[test]
    fn values_are_left_out_of_messages() {
        assert_eq!(
            masked("Incorrect integer value: 'it's secret' for column `db`.`t`.`x` at row 1"),
            "Incorrect integer value: '…' for column `db`.`t`.`x` at row 1"
        );
        assert_eq!(masked("no quotation, isn't it"), "no quotation, isn't it");
        assert_eq!(masked("Truncated incorrect DOUBLE value: 'secret'"), "Truncated incorrect DOUBLE value: '…'");
    }

    #[test]
    fn a_lock_that_is_waited_for_too_long_ends_a_transaction_where_the_server_says_so() {
        let failure = |code| Failure::Server(ServerError { code, message: String::new(), state: "HY000".to_owned() });
        let server = |undoes_after_waiting| Server {
            flavour: crate::mysql::server::Flavour::MariaDb,
            max_packet: 0,
            increment: Some(1),
            idle_limit: std::time::Duration::ZERO,
            stops: true,
            undoes_after_waiting,
        };
        assert!(!ends_transaction(&failure(LOCK_WAIT), &server(false)));
        assert!(ends_transaction(&failure(LOCK_WAIT), &server(true)));
        assert!(ends_transaction(&failure(DEADLOCK), &server(false)));
        assert!(!ends_transaction(&failure(1062), &server(true)));
    }
}
