//! Makes connections, to one server or to the first of several that serves, and sets them up alike.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::Connection;
use super::fault;
use super::statements::Statements;
use crate::db::Settings;
use crate::network::client;
use crate::network::home::Home;
use crate::network::hosts::{Found, Hosts, Refusal};
use crate::network::pool::{Connector, Limits};
use crate::network::url::{Host, Parameter, Pooler, Role, Scheme, Target, Targets, TlsMode};
use crate::{Error, Result};

/// The URLs that lead here.
pub(super) const SCHEME: Scheme = Scheme {
    names: &["postgres", "postgresql"],
    database: "PostgreSQL",
    port: 5432,
    parameters: &[
        Parameter::Host,
        Parameter::SslMode,
        Parameter::SslRootCert,
        Parameter::ApplicationName,
        Parameter::ConnectTimeout,
        Parameter::LoadBalance,
        Parameter::SessionAttributes,
        Parameter::Pooler,
        Parameter::Prepared,
    ],
};

/// How long a connection may be silent before the system asks whether the other side is there.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// The oldest server that statements are written for.
const OLDEST: u32 = 15;

/// What every connection to one server has in common, as messages need it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) target: Target,
    /// Which of several servers it was asked to be.
    pub(super) role: Role,
    pub(super) statement_timeout: Option<Duration>,
    /// How many connections the pool may open.
    pub(super) connections: usize,
    /// What each transaction is set to, where a session is not one's own; otherwise nothing.
    transaction: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.fmt(f)
    }
}

impl Place {
    /// Each transaction may have another session of the server, and nothing can be set that outlives one.
    pub(super) fn is_pooled(&self) -> bool {
        self.transaction.is_some()
    }

    /// The beginning of a transaction, with what it is set to.
    pub(super) fn begun(&self, begin: Cow<'static, str>) -> Cow<'static, str> {
        let Some(set) = &self.transaction else { return begin };
        // What the beginning itself sets counts more.
        match begin.split_once("; ") {
            Some((begin, rest)) => format!("{begin}; {set}; {rest}").into(),
            None => format!("{begin}; {set}").into(),
        }
    }

    /// That a statement was stopped.
    pub(super) fn too_long(&self, message: &str) -> String {
        match self.statement_timeout {
            Some(timeout) => format!("a statement in {self} took longer than {timeout:?}: {message}"),
            None => format!("a statement in {self} was stopped: {message}"),
        }
    }
}

/// Makes connections.
pub(super) struct Maker {
    hosts: Hosts,
    servers: Vec<Server>,
    role: Role,
    /// How many connections were made.
    made: AtomicU64,
}

/// One of the servers of the database.
struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    mode: TlsMode,
    place: Arc<Place>,
    /// What is known of statements without names, on all connections.
    statements: Option<Statements>,
}

/// What a server says of itself as a session starts.
struct Told {
    version: Option<String>,
    /// It is `CockroachDB`, of that version.
    cockroach: Option<String>,
    /// It follows another one.
    standby: Option<bool>,
    /// Transactions do not write, unless they say so.
    read_only: Option<bool>,
}

impl Maker {
    pub(super) fn new(targets: &Targets, settings: &Settings) -> Result<(Self, Limits)> {
        let limits = Limits {
            connections: settings.connections(crate::db::connections_to_a_server),
            pool_timeout: settings.pool_timeout,
            connect_timeout: targets.first().connect_timeout.unwrap_or(settings.connect_timeout),
        };
        let hosts = Hosts::new(targets);
        let servers = targets.each.iter();
        let servers = servers.map(|target| Server::new(target, targets.role, settings, &limits));
        let servers = servers.collect::<Result<_>>()?;
        Ok((Self { hosts, servers, role: targets.role, made: AtomicU64::new(0) }, limits))
    }

    /// Whether a session is lent for one transaction at a time.
    pub(super) fn is_pooled(&self) -> bool {
        self.servers.iter().any(|server| server.place.is_pooled())
    }

    /// A connection to the first server that serves.
    ///
    /// # Errors
    /// Why none does.
    pub(super) async fn open(&self, limit: Duration) -> Result<Connection, Refusal> {
        let connection = self.hosts.first(limit, |at| self.servers[at].enter(self.role)).await?;
        self.made.fetch_add(1, Ordering::SeqCst);
        Ok(connection)
    }

    /// How many connections were made.
    pub(super) fn made(&self) -> u64 {
        self.made.load(Ordering::SeqCst)
    }
}

impl Server {
    fn new(target: &Target, role: Role, settings: &Settings, limits: &Limits) -> Result<Self> {
        let mut config = Config::new();
        let tls = match &target.host {
            Host::Tcp(name) => {
                config.host(name);
                client::config(&target.tls)?.map(MakeRustlsConnect::new)
            }
            // What does not leave the machine is not encrypted, as with libpq.
            Host::Socket(path) => {
                config.host_path(path);
                None
            }
        };
        config.port(target.port).ssl_mode(ssl_mode(if tls.is_some() { target.tls.mode } else { TlsMode::Disable }));
        if let Some(user) = &target.user {
            config.user(user);
        }
        if let Some(password) = &target.password {
            config.password(password.reveal());
        }
        if let Some(database) = &target.database {
            config.dbname(database);
        }
        if let Some(name) =
            target.application_name.clone().or_else(|| settings.application_name.clone()).or_else(program)
        {
            config.application_name(name);
        }
        // A connection that is gone without a word, as behind a router that forgot it, is found out in minutes.
        config.keepalives_idle(KEEPALIVE);
        let set = session(settings.statement_timeout, settings.busy_timeout);
        let transaction = (target.pooler == Pooler::Transaction).then(|| {
            let set = set.iter().map(|(name, value)| format!("SET LOCAL {name} = '{value}'"));
            set.collect::<Vec<_>>().join("; ")
        });
        if transaction.is_none() {
            // That costs no round trip.
            let set: Vec<_> = set.iter().map(|(name, value)| format!("-c {name}={value}")).collect();
            config.options(set.join(" "));
        }
        let named = target.named.unwrap_or(transaction.is_none());
        let statements = (!named).then(Statements::unnamed);
        let mode = target.tls.mode;
        let (statement_timeout, connections) = (settings.statement_timeout, limits.connections);
        let place = Place { target: target.clone(), role, statement_timeout, connections, transaction };
        Ok(Self { config, tls, mode, place: Arc::new(place), statements })
    }

    /// A connection, if the server is of that kind.
    async fn enter(&self, role: Role) -> Result<Found<Connection>, Refusal> {
        let (connection, told) = self.open().await.map_err(|error| fault::refused(&error, &self.place))?;
        if let Some(version) = told.cockroach {
            let place = &self.place;
            let message = format!(
                "{place} is {version}, which takes no columns with the collation `C`, that texts are sorted by: it is \
                 not supported"
            );
            return Err(Refusal::everywhere(Error::Connect { message }));
        }
        if let Some(version) = told.version.as_deref().filter(|version| is_old(version)) {
            let place = &self.place;
            let message = format!("{place} is PostgreSQL {version}, and version {OLDEST} or newer is needed");
            return Err(Refusal::everywhere(Error::Connect { message }));
        }
        if role == Role::Any {
            return Ok(Found::Asked(connection));
        }
        let (standby, read_only) = match (told.standby, told.read_only) {
            (Some(standby), Some(read_only)) => (standby, read_only),
            // Something in between keeps it to itself.
            _ => asked(&connection).await.map_err(|error| fault::refused(&error, &self.place))?,
        };
        let another = |is: &str| {
            let reason = format!("it is {is}, and `target_session_attrs` asks for another kind of server");
            Err(Refusal::new(&self.place, reason, true))
        };
        match role {
            Role::ReadWrite | Role::Primary if standby => another("a standby"),
            Role::ReadWrite if read_only => another("set to `default_transaction_read_only`"),
            Role::ReadOnly if !standby && !read_only => another("a server that takes writes"),
            Role::Standby if !standby => another("a primary"),
            Role::PreferStandby if !standby => Ok(Found::Spare(connection)),
            _ => Ok(Found::Asked(connection)),
        }
    }

    async fn open(&self) -> Result<(Connection, Told), tokio_postgres::Error> {
        let Some(tls) = &self.tls else { return self.open_by(&self.config, NoTls).await };
        let first = match self.open_by(&self.config, tls.clone()).await {
            Err(error) if self.mode == TlsMode::Prefer && is_about_tls(&error) => error,
            result => return result,
        };
        let mut plain = self.config.clone();
        plain.ssl_mode(SslMode::Disable);
        self.open_by(&plain, NoTls).await.map_err(|_| first)
    }

    async fn open_by<T>(&self, config: &Config, tls: T) -> Result<(Connection, Told), tokio_postgres::Error>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
        T: Send,
    {
        let (client, connection) = config.connect(tls).await?;
        let is_on = |name| connection.parameter(name).map(|value| value == "on");
        let told = Told {
            version: connection.parameter("server_version").map(str::to_owned),
            cockroach: connection.parameter("crdb_version").map(str::to_owned),
            standby: is_on("in_hot_standby"),
            read_only: is_on("default_transaction_read_only"),
        };
        Home::here().spawn(async move {
            // Whoever waits for an answer is told that the connection is closed.
            let _ = connection.await;
        });
        let statements = self.statements.clone().unwrap_or_default();
        let connection = Connection::new(client, Arc::clone(&self.place), self.tls.clone(), statements);
        Ok((connection, told))
    }
}

impl Connector for Maker {
    type Connection = Connection;

    async fn connect(&self, limit: Duration) -> Result<Connection> {
        self.open(limit).await.map_err(|refusal| refusal.error)
    }

    fn is_usable(&self, connection: &mut Connection) -> bool {
        !connection.is_lost() && connection.is_clean() && !connection.is_demoted()
    }

    fn place(&self) -> String {
        self.hosts.place().to_owned()
    }
}

/// Whether the server follows another one, and whether its transactions do not write.
async fn asked(connection: &Connection) -> Result<(bool, bool), tokio_postgres::Error> {
    let sql = "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')::boolean";
    let answers = connection.client.simple_query(sql).await?;
    let is_true =
        |at| answers.iter().any(|answer| matches!(answer, SimpleQueryMessage::Row(row) if row.get(at) == Some("t")));
    Ok((is_true(0), is_true(1)))
}

fn ssl_mode(mode: TlsMode) -> SslMode {
    match mode {
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    }
}

/// Whether it may go without TLS: it failed, or the server lets that user in without it only.
fn is_about_tls(error: &tokio_postgres::Error) -> bool {
    fault::is_tls(error) || error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// What a session is set to.
fn session(statement_timeout: Option<Duration>, lock_timeout: Duration) -> Vec<(&'static str, String)> {
    // No limit is written 0, and a limit of less than a millisecond is one.
    let millis = |limit: Duration| limit.as_millis().clamp(1, i32::MAX.unsigned_abs().into()).to_string();
    let mut set = vec![
        ("TimeZone", "UTC".to_owned()),
        ("standard_conforming_strings", "on".to_owned()),
        ("lock_timeout", millis(lock_timeout)),
    ];
    set.extend(statement_timeout.map(|limit| ("statement_timeout", millis(limit))));
    set
}

/// What the server calls this program in its lists.
fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Path::file_stem(&path)?.to_str().map(str::to_owned)
}

fn is_old(version: &str) -> bool {
    major(version).is_some_and(|major| major < OLDEST)
}

/// `15` of `15.4 (Debian 15.4-1)`.
fn major(version: &str) -> Option<u32> {
    let digits = version.find(|character: char| !character.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok().and_then(NonZero::new).map(NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        assert_eq!(major("15.20 (Debian 15.20-0+deb12u1)"), Some(15));
        assert_eq!(major("18beta1"), Some(18));
        assert_eq!(major("9.6.24"), Some(9));
        assert_eq!(major("devel"), None);
    }

    #[test]
    fn a_limit_is_never_none_by_rounding() {
        let set = |statement, lock| session(statement, lock).split_off(2);
        let lock = |millis: &str| ("lock_timeout", millis.to_owned());
        let statement = |millis: &str| ("statement_timeout", millis.to_owned());
        let five = Duration::from_secs(5);
        assert_eq!(set(None, five), [lock("5000")]);
        assert_eq!(set(Some(Duration::from_micros(1)), five), [lock("5000"), statement("1")]);
        assert_eq!(set(Some(Duration::from_secs(3)), five), [lock("5000"), statement("3000")]);
        assert_eq!(set(Some(Duration::MAX), Duration::ZERO), [lock("1"), statement("2147483647")]);
    }

    #[test]
    fn a_transaction_of_a_pooler_is_set_as_it_begins() {
        let server = |url: &str| {
            let targets = SCHEME.parse(url).unwrap();
            let (maker, _) = Maker::new(&targets, &Settings::default()).unwrap();
            maker
        };
        let plain = server("postgres://h/db");
        let place = &plain.servers[0].place;
        assert!(!place.is_pooled() && plain.servers[0].statements.is_none());
        assert_eq!(place.begun("BEGIN".into()), "BEGIN");
        let pooled = server("postgres://h/db?pooler=transaction");
        let place = &pooled.servers[0].place;
        assert!(place.is_pooled() && pooled.servers[0].statements.is_some());
        let set =
            "SET LOCAL TimeZone = 'UTC'; SET LOCAL standard_conforming_strings = 'on'; SET LOCAL lock_timeout = '5000'";
        assert_eq!(place.begun("BEGIN".into()), format!("BEGIN; {set}"));
        assert_eq!(
            place.begun("BEGIN; SET LOCAL lock_timeout = 0".into()),
            format!("BEGIN; {set}; SET LOCAL lock_timeout = 0")
        );
        let named = server("postgres://h/db?pooler=transaction&prepared=named");
        assert!(named.servers[0].place.is_pooled() && named.servers[0].statements.is_none());
    }
}
