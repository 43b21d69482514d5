//! Makes connections and sets them up alike.

use std::fmt;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::Connection;
use super::fault;
use crate::db::Settings;
use crate::network::client;
use crate::network::home::Home;
use crate::network::pool::{Connector, Limits};
use crate::network::url::{Host, Parameter, Scheme, Target, TlsMode};
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
    ],
};

/// How long a connection may be silent before the system asks whether the other side is there.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// The oldest server that statements are written for.
const OLDEST: u32 = 15;

/// What every connection to one database has in common, as messages need it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) target: Target,
    pub(super) statement_timeout: Option<Duration>,
    /// How many connections the pool may open.
    pub(super) connections: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.fmt(f)
    }
}

impl Place {
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
    config: Config,
    tls: Option<MakeRustlsConnect>,
    mode: TlsMode,
    place: Arc<Place>,
}

impl Maker {
    pub(super) fn new(target: Target, settings: &Settings) -> Result<(Self, Limits)> {
        let limits = Limits {
            connections: settings.connections(crate::db::connections_to_a_server),
            pool_timeout: settings.pool_timeout,
            connect_timeout: target.connect_timeout.unwrap_or(settings.connect_timeout),
        };
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
        config.options(session(settings.statement_timeout, settings.busy_timeout));
        let mode = target.tls.mode;
        let (statement_timeout, connections) = (settings.statement_timeout, limits.connections);
        let place = Arc::new(Place { target, statement_timeout, connections });
        Ok((Self { config, tls, mode, place }, limits))
    }

    async fn open(&self) -> Result<(Connection, Option<String>), tokio_postgres::Error> {
        let Some(tls) = &self.tls else { return self.open_by(&self.config, NoTls).await };
        let first = match self.open_by(&self.config, tls.clone()).await {
            Err(error) if self.mode == TlsMode::Prefer && is_about_tls(&error) => error,
            result => return result,
        };
        let mut plain = self.config.clone();
        plain.ssl_mode(SslMode::Disable);
        self.open_by(&plain, NoTls).await.map_err(|_| first)
    }

    async fn open_by<T>(&self, config: &Config, tls: T) -> Result<(Connection, Option<String>), tokio_postgres::Error>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
        T: Send,
    {
        let (client, connection) = config.connect(tls).await?;
        let version = connection.parameter("server_version").map(str::to_owned);
        Home::here().spawn(async move {
            // Whoever waits for an answer is told that the connection is closed.
            let _ = connection.await;
        });
        let connection = Connection::new(client, Arc::clone(&self.place), self.tls.clone());
        Ok((connection, version))
    }
}

impl Connector for Maker {
    type Connection = Connection;

    async fn connect(&self) -> Result<Connection> {
        let (connection, version) = self.open().await.map_err(|error| fault::refused(&error, &self.place))?;
        match version.as_deref() {
            Some(version) if major(version).is_some_and(|major| major < OLDEST) => Err(Error::Connect {
                message: format!("{} is PostgreSQL {version}, and version {OLDEST} or newer is needed", self.place),
            }),
            _ => Ok(connection),
        }
    }

    fn is_usable(&self, connection: &mut Connection) -> bool {
        !connection.is_lost() && connection.is_clean()
    }

    fn place(&self) -> String {
        self.place.to_string()
    }

    fn other_server(&self) -> Option<String> {
        self.place.target.other_server()
    }
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

/// What a session is set to, as it starts: that costs no round trip.
fn session(statement_timeout: Option<Duration>, lock_timeout: Duration) -> String {
    // No limit is written 0, and a limit of less than a millisecond is one.
    let millis = |limit: Duration| limit.as_millis().clamp(1, i32::MAX.unsigned_abs().into());
    let statement = statement_timeout.map(|limit| format!(" -c statement_timeout={}", millis(limit)));
    format!(
        "-c TimeZone=UTC -c standard_conforming_strings=on -c lock_timeout={}{}",
        millis(lock_timeout),
        statement.unwrap_or_default()
    )
}

/// What the server calls this program in its lists.
fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Path::file_stem(&path)?.to_str().map(str::to_owned)
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
        let lock = Duration::from_secs(5);
        let settings = "-c TimeZone=UTC -c standard_conforming_strings=on -c lock_timeout=5000";
        assert_eq!(session(None, lock), settings);
        assert!(session(Some(Duration::from_micros(1)), lock).ends_with("statement_timeout=1"));
        assert!(session(Some(Duration::from_secs(3)), lock).ends_with("statement_timeout=3000"));
        assert!(
            session(Some(Duration::MAX), Duration::ZERO).ends_with("lock_timeout=1 -c statement_timeout=2147483647")
        );
    }
}
