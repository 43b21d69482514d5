//! Makes connections, to one server or to the first of several that serves, and sets them up alike.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, DriverError, Error as Failure, Opts, OptsBuilder, SslOpts};

use super::fault;
use super::server::{Flavour, Server};
use super::statements::Statements;
use super::tls;
use crate::db::Settings;
use crate::deadline::Deadline;
use crate::network::hosts::{Found, Hosts, Refusal};
use crate::network::pool::Connector;
use crate::network::url::{Host, Target, Targets, TlsMode};
use crate::{Error, Result};

/// The most bytes of a packet in the protocol; what a server takes is asked after the login.
const PROTOCOL_PACKET: usize = 1 << 30;

/// The most seconds that the server takes for a wait; those for rows are limited to 100 days.
const LONGEST_LOCK_WAIT: u64 = 100 * 24 * 60 * 60;

/// What every connection to one server has in common.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) target: Target,
    /// How long a statement may run.
    pub(super) statement_timeout: Option<Duration>,
    /// How long one waits for a lock of another's.
    pub(super) busy_timeout: Duration,
    pub(super) application_name: Option<String>,
    /// The server stops statements that run too long, if it can; otherwise the driver does.
    pub(super) server_stops: bool,
    /// When a connection was last found to be lost.
    pub(super) lost: Mutex<Option<Instant>>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.fmt(f)
    }
}

impl Place {
    pub(super) fn new(target: &Target, settings: &Settings) -> Self {
        Self {
            application_name: target.application_name.clone().or_else(|| settings.application_name.clone()),
            target: target.clone(),
            statement_timeout: settings.statement_timeout,
            server_stops: true,
            busy_timeout: settings.busy_timeout,
            lost: Mutex::default(),
        }
    }

    /// A connection is lost: those that nobody used since may be so too, as after a restart of the server, and each
    /// of them would fail another call.
    pub(super) fn lose(&self) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// The same in whole seconds, which the server counts in; at least one, since none is no wait at all.
    pub(super) fn lock_wait(&self) -> u64 {
        let seconds = self.busy_timeout.as_secs() + u64::from(self.busy_timeout.subsec_nanos() > 0);
        seconds.clamp(1, LONGEST_LOCK_WAIT)
    }

    fn is_trusted(&self, used: Instant) -> bool {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|lost| lost < used)
    }

    /// A statement was stopped before its end.
    #[cold]
    pub(super) fn interrupted(&self) -> Error {
        match self.statement_timeout {
            Some(limit) => {
                Error::Timeout { message: format!("a statement in {self} took longer than {limit:?}, and was stopped") }
            }
            None => Error::Driver { message: format!("the statement was stopped by somebody else in {self}") },
        }
    }
}

/// An open connection.
pub(super) struct Connection {
    pub(super) conn: Conn,
    pub(super) statements: Statements,
    pub(super) server: Server,
    pub(super) place: Arc<Place>,
    pub(super) state: State,
    /// Of the call that it is lent to.
    pub(super) deadline: Option<Deadline>,
    /// When it was used last.
    pub(super) used: Instant,
}

/// What the server is doing for a connection, as far as is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Idle,
    /// A transaction is open, and no statement runs.
    Open,
    /// A statement was sent whose answer is not read to its end: if the one who reads it is gone, nobody knows what
    /// comes next.
    Busy,
    /// The transaction that was open is rolled back by the server.
    RolledBack,
    /// The connection is of no use any more.
    Lost,
    /// The node is not part of its cluster, and has refused to run what it was sent.
    Unready,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({}, {:?})", self.place, self.state)
    }
}

/// Makes connections.
#[derive(Debug)]
pub(super) struct Opener {
    hosts: Hosts,
    places: Vec<Arc<Place>>,
}

impl Opener {
    pub(super) fn new(targets: &Targets, places: Vec<Place>) -> Self {
        Self { hosts: Hosts::new(targets), places: places.into_iter().map(Arc::new).collect() }
    }

    /// How long connecting may take, where the URL says.
    pub(super) fn connect_timeout(&self) -> Option<Duration> {
        self.places.first().and_then(|place| place.target.connect_timeout)
    }
}

impl Connector for Opener {
    type Connection = Connection;

    async fn connect(&self, limit: Duration) -> Result<Connection> {
        self.hosts.first(limit, |at| open(&self.places[at])).await.map_err(|refusal| refusal.error)
    }

    fn is_usable(&self, connection: &mut Connection) -> bool {
        // The server closes what nobody uses; a second is left for what is under way.
        let fresh = connection.used.elapsed() + Duration::from_secs(1) < connection.server.idle_limit;
        let trusted = connection.place.is_trusted(connection.used);
        connection.state == State::Idle && !connection.conn.is_disconnected() && fresh && trusted
    }

    fn place(&self) -> String {
        self.hosts.place().to_owned()
    }
}

async fn open(place: &Arc<Place>) -> Result<Found<Connection>, Refusal> {
    let refused = |failure: Failure| fault::of_connecting(&failure, place);
    let mut conn = connect(place).await?;
    let told: Option<(String, u64, i64, u64, bool)> = conn
        .query_first(
            "SELECT VERSION(), @@max_allowed_packet, @@auto_increment_increment, @@wait_timeout, \
             @@innodb_rollback_on_timeout",
        )
        .await
        .map_err(refused)?;
    let (version, max_packet, increment, idle, undoes_after_waiting) =
        told.ok_or_else(|| Refusal::new(place, "the server tells no version".to_owned(), true))?;
    let flavour = Flavour::of(&version).map_err(|reason| Refusal::new(place, reason, false))?;
    let clustered = is_clustered(&mut conn).await.map_err(refused)?;
    if clustered && !is_ready(&mut conn).await.map_err(refused)? {
        return Err(Refusal::new(place, UNREADY.to_owned(), true));
    }
    let server = Server {
        flavour,
        max_packet: usize::try_from(max_packet).unwrap_or(usize::MAX),
        increment: (!clustered).then_some(increment),
        idle_limit: Duration::from_secs(idle),
        undoes_after_waiting,
        stops: flavour == Flavour::MariaDb && place.server_stops,
    };
    conn.query_drop(session(place, server)).await.map_err(refused)?;
    let (statements, place) = (Statements::default(), Arc::clone(place));
    let connection =
        Connection { conn, statements, server, place, state: State::Idle, deadline: None, used: Instant::now() };
    Ok(Found::Asked(connection))
}

/// What is said of a node that cannot serve.
const UNREADY: &str = "it is not part of its Galera cluster now (`wsrep_ready` is off): does it still join, or has it lost \
                       the majority of the nodes?";

/// Whether the server is a node of a Galera cluster.
async fn is_clustered(conn: &mut Conn) -> Result<bool, Failure> {
    shown_on(conn, "SHOW VARIABLES LIKE 'wsrep_on'").await
}

/// Whether the node takes statements.
async fn is_ready(conn: &mut Conn) -> Result<bool, Failure> {
    shown_on(conn, "SHOW STATUS LIKE 'wsrep_ready'").await
}

async fn shown_on(conn: &mut Conn, show: &str) -> Result<bool, Failure> {
    let shown: Option<(String, String)> = conn.query_first(show).await?;
    Ok(shown.is_some_and(|(_, value)| value == "ON"))
}

/// What is set alike on every connection, whatever the server's defaults are. Text is sorted by as many bytes as the
/// longest key has, and not by its first 1024 only. An id of 0 that is given is stored.
fn session(place: &Place, server: Server) -> String {
    let limit = match place.statement_timeout {
        Some(limit) if server.stops => format!(", max_statement_time = {:.6}", limit.as_secs_f64().max(0.000_001)),
        _ => String::new(),
    };
    let lock_wait = place.lock_wait();
    let sync = place.target.sync_wait.map(|bits| format!(", wsrep_sync_wait = {bits}")).unwrap_or_default();
    format!(
        "SET NAMES utf8mb4 COLLATE {}, innodb_lock_wait_timeout = {lock_wait}, lock_wait_timeout = {lock_wait}, \
         time_zone = '+00:00', autocommit = 1, completion_type = 0, sql_auto_is_null = 0, sql_select_limit = 18446744073709551615, max_sort_length = 4096, sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,\
         NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'{limit}{sync}",
        server.flavour.collation()
    )
}

/// Connects as `sslmode` says: to `prefer` TLS is to ask for it, and to do without where it is not offered.
async fn connect(place: &Place) -> Result<Conn, Refusal> {
    let refused = |failure: Failure| fault::of_connecting(&failure, place);
    let ssl = tls::options(&place.target).map_err(Refusal::everywhere)?;
    let prefer = place.target.tls.mode == TlsMode::Prefer;
    match Conn::new(options(place, ssl)).await {
        Err(Failure::Driver(DriverError::NoClientSslFlagFromServer)) if prefer => {
            Conn::new(options(place, None)).await.map_err(refused)
        }
        made => made.map_err(refused),
    }
}

fn options(place: &Place, ssl: Option<SslOpts>) -> Opts {
    let Target { user, password, host, port, database, .. } = &place.target;
    let mut options = OptsBuilder::default()
        .user(user.clone())
        .pass(password.as_ref().map(|password| password.reveal().to_owned()))
        .db_name(database.clone())
        .ssl_opts(ssl)
        .prefer_socket(false)
        // Which statements are kept is decided here: none may be closed by the client.
        .stmt_cache_size(usize::MAX)
        // An UPDATE counts the rows that matched, also those that were so before.
        .client_found_rows(true)
        // Both would be asked for in a round trip of their own.
        .max_allowed_packet(Some(PROTOCOL_PACKET))
        .wait_timeout(Some(0));
    options = match host {
        Host::Tcp(name) => options.ip_or_hostname(name.clone()).tcp_port(*port),
        Host::Socket(path) => options.socket(Some(path.to_string_lossy().into_owned())),
    };
    if let Some(name) = &place.application_name {
        options = options.connect_attribute("program_name", name.clone());
    }
    options.into()
}

/// Tells the server to stop what another connection does: the statement (`QUERY`), or all of it (`CONNECTION`).
///
/// # Errors
/// When no connection can be made to tell it by.
pub(super) async fn kill(place: &Arc<Place>, what: &str, id: u32) -> Result<()> {
    let mut conn = connect(place).await.map_err(|refusal| refusal.error)?;
    let told = conn.query_drop(format!("KILL {what} {id}")).await.map_err(|failure| fault::error(&failure, place));
    // The server would find out that the connection is closed; told, it need not.
    let _ = conn.disconnect().await;
    told
}
