//! Where a server is: `scheme://user:password@host:port/database?parameter=value`.
//!
//! Pure text; whether anything is there is seen when it is connected to. A password is read and given to the
//! driver, and shown nowhere: no message quotes a URL.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::percent;
use crate::{Error, Result};

/// What a driver's URLs look like.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// What they may begin with; the first is the one shown.
    pub(crate) names: &'static [&'static str],
    /// What messages call the database.
    pub(crate) database: &'static str,
    /// Where the server listens if the URL does not say.
    pub(crate) port: u16,
    /// What may follow the `?`.
    pub(crate) parameters: &'static [Parameter],
}

/// What may follow the `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each driver has some of its own")]
pub(crate) enum Parameter {
    /// A host, or a folder with a Unix socket.
    Host,
    /// A Unix socket.
    Socket,
    SslMode,
    SslRootCert,
    ApplicationName,
    ConnectTimeout,
}

impl Parameter {
    fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Socket => "socket",
            Self::SslMode => "sslmode",
            Self::SslRootCert => "sslrootcert",
            Self::ApplicationName => "application_name",
            Self::ConnectTimeout => "connect_timeout",
        }
    }
}

/// What a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    scheme: &'static str,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Password>,
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) database: Option<String>,
    pub(crate) tls: Tls,
    pub(crate) application_name: Option<String>,
    /// How long connecting may take, where the URL says.
    pub(crate) connect_timeout: Option<Duration>,
}

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// A name or an address.
    Tcp(String),
    /// A Unix socket, or the folder that it is in.
    Socket(PathBuf),
}

/// A password, which is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(String);

impl Password {
    /// For the driver, and nobody else.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Whether and how a connection is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tls {
    pub(crate) mode: TlsMode,
    /// The certificates that are trusted; those of the machine where none are named.
    pub(crate) roots: Option<PathBuf>,
}

/// How much of TLS is asked for; `sslmode`, as libpq has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsMode {
    /// Never.
    Disable,
    /// Where the server offers it; no certificate is checked.
    Prefer,
    /// Always; no certificate is checked.
    Require,
    /// Always; the certificate comes from somebody trusted.
    VerifyCa,
    /// Always; the certificate comes from somebody trusted and is that host's.
    VerifyFull,
}

/// Where servers listen that are not told otherwise: the port, whose it is, and what their URLs begin with.
const PORTS: [(u16, &str, &str); 2] = [(5432, "PostgreSQL", "postgres"), (3306, "MariaDB and MySQL", "mysql")];

impl Target {
    /// That the port is another server's, as far as its number tells.
    pub(crate) fn other_server(&self) -> Option<String> {
        let (port, server, scheme) =
            PORTS.into_iter().find(|&(port, _, scheme)| port == self.port && scheme != self.scheme)?;
        let is_port = matches!(self.host, Host::Tcp(_));
        is_port.then(|| format!("{port} is the port of {server}, whose URLs begin with `{scheme}://`"))
    }
}

impl fmt::Display for Target {
    /// The URL without password and parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        match &self.host {
            Host::Tcp(name) if name.contains(':') => write!(f, "[{name}]:{}", self.port)?,
            Host::Tcp(name) => write!(f, "{name}:{}", self.port)?,
            Host::Socket(path) => write!(f, "{}", path.display())?,
        }
        match &self.database {
            Some(database) => write!(f, "/{database}"),
            None => Ok(()),
        }
    }
}

impl Scheme {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`Error::Connect`] that says what was found and what is allowed.
    pub(crate) fn parse(&self, url: &str) -> Result<Target> {
        let rest = self.names.iter().find_map(|name| url.strip_prefix(name)?.strip_prefix("://"));
        let rest = rest.ok_or_else(|| self.refused(&format!("it does not begin with `{}://`", self.names[0])))?;
        let (place, parameters) = split(rest, '?');
        let (authority, database) = split(place, '/');
        if [database, parameters].into_iter().flatten().any(|part| part.contains('@')) {
            // What stands there may be the rest of a password: it is not quoted.
            return Err(self.refused(
                "an `@` follows a `/` or `?`; in a user or password, `/` is written `%2F`, `?` is `%3F` and `@` is `%40`",
            ));
        }
        let (account, address) = match authority.rsplit_once('@') {
            Some((account, address)) => (Some(account), address),
            None => (None, authority),
        };
        let (user, password) = split(account.unwrap_or_default(), ':');
        let (host, port) = self.address(address)?;
        let mut target = Target {
            scheme: self.names[0],
            user: self.text(user)?,
            password: password.map(|password| self.decoded(password)).transpose()?.map(Password),
            host,
            port,
            database: self.text(database.unwrap_or_default())?,
            tls: Tls { mode: TlsMode::Prefer, roots: None },
            application_name: None,
            connect_timeout: None,
        };
        for pair in parameters.into_iter().flat_map(|parameters| parameters.split('&')) {
            self.parameter(pair, &mut target)?;
        }
        match (target.tls.mode, &target.tls.roots) {
            (TlsMode::Disable | TlsMode::Prefer, Some(_)) => {
                return Err(self.refused("`sslrootcert` needs `sslmode=verify-ca` or `sslmode=verify-full`"));
            }
            // As libpq has it: who names certificates wants them checked.
            (TlsMode::Require, Some(_)) => target.tls.mode = TlsMode::VerifyCa,
            _ => {}
        }
        Ok(target)
    }

    fn address(&self, address: &str) -> Result<(Host, u16)> {
        let (name, port) = if let Some(rest) = address.strip_prefix('[') {
            let (name, rest) =
                rest.split_once(']').ok_or_else(|| self.refused("the address after `[` has no closing `]`"))?;
            (name, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').unwrap_or("?")) })
        } else {
            split(address, ':')
        };
        let port = match port {
            None => self.port,
            // What stands there may be the beginning of a password.
            Some(port) => port.parse().ok().filter(|&port| port > 0).ok_or_else(|| {
                self.refused("the port, after the `:` that follows the host, is not a number from 1 to 65535")
            })?,
        };
        Ok((self.host(self.decoded(name)?)?, port))
    }

    fn host(&self, name: String) -> Result<Host> {
        if name.starts_with('/') {
            return Ok(Host::Socket(name.into()));
        }
        if name.contains(',') {
            return Err(self.refused("several hosts are named, and one is expected"));
        }
        Ok(Host::Tcp(if name.is_empty() { "localhost".to_owned() } else { name }))
    }

    fn parameter(&self, pair: &str, target: &mut Target) -> Result<()> {
        let (name, value) = split(pair, '=');
        let known = self.parameters.iter().find(|parameter| parameter.name() == name);
        let Some(known) = known else {
            let all: Vec<_> = self.parameters.iter().map(|parameter| parameter.name()).collect();
            return Err(
                self.refused(&format!("the parameter `{name}` is not known; what is known is `{}`", all.join("`, `")))
            );
        };
        let value = self.decoded(value.unwrap_or_default())?;
        if value.is_empty() {
            return Err(self.refused(&format!("the parameter `{name}` has no value")));
        }
        match known {
            Parameter::Host => target.host = self.host(value)?,
            Parameter::Socket => target.host = Host::Socket(value.into()),
            Parameter::SslRootCert => target.tls.roots = Some(value.into()),
            Parameter::ApplicationName => target.application_name = Some(value),
            Parameter::ConnectTimeout => {
                let seconds = value.parse().ok().filter(|&seconds| seconds > 0);
                let seconds =
                    seconds.ok_or_else(|| self.refused("`connect_timeout` is a number of seconds, from 1"))?;
                target.connect_timeout = Some(Duration::from_secs(seconds));
            }
            Parameter::SslMode => {
                target.tls.mode = match value.as_str() {
                    "disable" => TlsMode::Disable,
                    "prefer" => TlsMode::Prefer,
                    "require" => TlsMode::Require,
                    "verify-ca" => TlsMode::VerifyCa,
                    "verify-full" => TlsMode::VerifyFull,
                    other => {
                        return Err(self.refused(&format!(
                            "`sslmode={other}` is not known; what is known is `disable`, `prefer`, `require`, `verify-ca` \
                             and `verify-full`"
                        )));
                    }
                };
            }
        }
        Ok(())
    }

    fn text(&self, text: &str) -> Result<Option<String>> {
        if text.is_empty() { Ok(None) } else { self.decoded(text).map(Some) }
    }

    fn decoded(&self, text: &str) -> Result<String> {
        percent::decode(text).filter(|text| !text.contains('\0')).ok_or_else(|| {
            self.refused(
                "`%` is followed by two hexadecimal digits that are part of UTF-8 text, and `%25` stands for itself",
            )
        })
    }

    #[cold]
    pub(crate) fn refused(&self, reason: &str) -> Error {
        let (name, database) = (self.names[0], self.database);
        Error::Connect {
            message: format!(
                "the URL of the {database} database is not understood: {reason} (write \
                 `{name}://user:password@host:{}/database`)",
                self.port
            ),
        }
    }
}

/// What is before a character, and what is after it if it is there.
fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEME: Scheme = Scheme {
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

    fn parse(url: &str) -> Target {
        SCHEME.parse(url).unwrap()
    }

    fn tcp(name: &str) -> Host {
        Host::Tcp(name.to_owned())
    }

    #[test]
    fn every_part_may_be_left_out() {
        let whole = parse("postgres://alice:s3cret@db.example.com:6000/shop");
        assert_eq!(whole.user.as_deref(), Some("alice"));
        assert_eq!(whole.password.as_ref().map(Password::reveal), Some("s3cret"));
        assert_eq!((whole.host, whole.port), (tcp("db.example.com"), 6000));
        assert_eq!(whole.database.as_deref(), Some("shop"));
        assert_eq!(whole.tls, Tls { mode: TlsMode::Prefer, roots: None });

        let least = parse("postgresql://");
        assert_eq!((least.user, least.password, least.database), (None, None, None));
        assert_eq!((least.host, least.port), (tcp("localhost"), 5432));
        let empty = parse("postgres://alice:@/");
        assert_eq!(empty.password.as_ref().map(Password::reveal), Some(""));
        assert_eq!((empty.host, empty.database), (tcp("localhost"), None));
    }

    #[test]
    fn addresses_of_every_kind() {
        assert_eq!(parse("postgres://[::1]:6000/db").host, tcp("::1"));
        assert_eq!(parse("postgres://[::1]:6000/db").port, 6000);
        assert_eq!(parse("postgres://[fe80::1]").to_string(), "postgres://[fe80::1]:5432");
        assert_eq!(parse("postgres://127.0.0.1/db").host, tcp("127.0.0.1"));
        let socket = Host::Socket("/var/run/postgresql".into());
        assert_eq!(parse("postgres:///db?host=/var/run/postgresql").host, socket);
        assert_eq!(parse("postgres://%2Fvar%2Frun%2Fpostgresql:6000/db").host, socket);
        assert_eq!(parse("postgres://%2Fvar%2Frun%2Fpostgresql:6000/db").port, 6000);
        assert_eq!(parse("postgres://a@b/db?host=c").host, tcp("c"));
    }

    #[test]
    fn escapes_are_resolved_in_every_part() {
        let target = parse("postgres://al%40ce:p%3A%2F%3F%23%25w@h/sh%20op?application_name=caf%C3%A9%26co");
        assert_eq!(target.user.as_deref(), Some("al@ce"));
        assert_eq!(target.password.as_ref().map(Password::reveal), Some("p:/?#%w"));
        assert_eq!(target.database.as_deref(), Some("sh op"));
        assert_eq!(target.application_name.as_deref(), Some("café&co"));
        // Before the last `@` of the authority, everything is the account's.
        assert_eq!(parse("postgres://a:b@c@h").password.as_ref().map(Password::reveal), Some("b@c"));
        assert_eq!(parse("postgres://a:b#c@h").password.as_ref().map(Password::reveal), Some("b#c"));
    }

    #[test]
    fn parameters_are_read() {
        let target = parse("postgres://h/db?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&connect_timeout=3");
        assert_eq!(target.tls, Tls { mode: TlsMode::VerifyFull, roots: Some("/etc/ca.pem".into()) });
        assert_eq!(target.connect_timeout, Some(Duration::from_secs(3)));
        for (word, mode) in [("disable", TlsMode::Disable), ("prefer", TlsMode::Prefer), ("require", TlsMode::Require)]
        {
            assert_eq!(parse(&format!("postgres://h?sslmode={word}")).tls.mode, mode);
        }
        assert_eq!(parse("postgres://h?sslmode=require&sslrootcert=a.pem").tls.mode, TlsMode::VerifyCa);
    }

    #[test]
    fn what_is_not_understood_is_refused_and_never_shows_a_password() {
        for (url, reason) in [
            ("mysql://a:s3cret@h/db", "does not begin with `postgres://`"),
            ("postgres:a:s3cret@h", "does not begin"),
            ("postgres://a:s3cret@h:x/db", "the port"),
            ("postgres://a:s3cret@h:0", "the port"),
            ("postgres://a:s3cret@h:70000", "the port"),
            ("postgres://a:s3cret@[::1", "closing `]`"),
            ("postgres://a:s3cret@[::1]5432", "the port"),
            ("postgres://a:s3cret@h,i/db", "several hosts"),
            ("postgres://a:s3cret%@h", "hexadecimal"),
            ("postgres://a:s3cret@h/%ff", "UTF-8"),
            ("postgres://a:s3cret@h/a%00b", "UTF-8"),
            ("postgres://a:s3cret/s3cret@h/db", "`%2F`"),
            ("postgres://a:12?s3cret@h/db", "`%3F`"),
            ("postgres://a:s3cret@h?sslmod=require", "`sslmod` is not known; what is known is `host`, `sslmode`"),
            ("postgres://a:s3cret@h?sslmode=on", "`sslmode=on` is not known"),
            ("postgres://a:s3cret@h?sslmode", "has no value"),
            ("postgres://a:s3cret@h?", "is not known"),
            ("postgres://a:s3cret@h?socket=/run/s", "`socket` is not known"),
            ("postgres://a:s3cret@h?connect_timeout=0", "number of seconds"),
            ("postgres://a:s3cret@h?sslrootcert=a.pem", "`sslmode=verify-ca`"),
        ] {
            let error = SCHEME.parse(url).unwrap_err();
            assert_eq!(error.code(), "connect", "{url}");
            let text = error.to_string();
            assert!(
                text.contains(reason) && text.contains("postgres://user:password@host:5432/database"),
                "{url}: {text}"
            );
            assert!(!text.contains("s3cret") && !format!("{error:?}").contains("s3cret"), "{text}");
        }
        let other = parse("postgres://h:3306/db").other_server().unwrap();
        assert!(other.contains("3306") && other.contains("MariaDB") && other.contains("`mysql://`"), "{other}");
        for url in ["postgres://h/db", "postgres://h:6000/db", "postgres://h:3306/db?host=/run/pg"] {
            assert_eq!(parse(url).other_server(), None, "{url}");
        }
        let target = parse("postgres://alice:s3cret@h:6000/shop?sslmode=require");
        assert_eq!(target.to_string(), "postgres://alice@h:6000/shop");
        assert!(!format!("{target:?}").contains("s3cret"), "{target:?}");
        let socket = parse("postgres://alice:s3cret@/shop?host=/run/pg");
        assert_eq!(socket.to_string(), "postgres://alice@/run/pg/shop");
    }
}
