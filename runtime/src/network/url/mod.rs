//! Where a server is, or several are that hold the same database:
//! `scheme://user:password@host:port,other:port/database?parameter=value`.
//!
//! Pure text; whether anything is there is seen when it is connected to. A password is read and given to the
//! driver, and shown nowhere: no message quotes a URL.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

mod parse;

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
    /// In which order hosts are tried.
    LoadBalance,
    /// Which of several hosts are meant.
    SessionAttributes,
    /// What stands between this program and the server.
    Pooler,
    /// Whether statements are prepared under names.
    Prepared,
    /// How far a node of a cluster catches up before a statement.
    SyncWait,
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
            Self::LoadBalance => "load_balance_hosts",
            Self::SessionAttributes => "target_session_attrs",
            Self::Pooler => "pooler",
            Self::Prepared => "prepared",
            Self::SyncWait => "wsrep_sync_wait",
        }
    }
}

/// What a URL names: servers that hold the same database, one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Targets {
    /// In the URL's order. They differ in host and port only.
    pub(crate) each: Vec<Target>,
    /// Which of them are meant.
    pub(crate) role: Role,
    /// They are tried in any order, and not in that of the URL.
    pub(crate) random: bool,
}

/// Which of several servers are meant; `target_session_attrs`, as libpq has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Any,
    /// It takes writes, unless a transaction says otherwise.
    ReadWrite,
    /// It takes none, unless a transaction says otherwise.
    ReadOnly,
    /// It follows no other one.
    Primary,
    /// It follows another one.
    Standby,
    /// The same, and where there is none, any.
    PreferStandby,
}

/// What stands between this program and the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Pooler {
    /// Nothing that matters: a connection is one session of the server.
    #[default]
    None,
    /// What lends the server's sessions for one transaction at a time.
    Transaction,
}

/// One server.
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
    pub(crate) pooler: Pooler,
    /// Whether statements are prepared under names, where the URL says.
    pub(crate) named: Option<bool>,
    /// `wsrep_sync_wait` of Galera: which statements wait until the node has applied what the cluster committed.
    pub(crate) sync_wait: Option<u8>,
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

    /// Host and port, as the URL has them.
    pub(crate) fn address(&self) -> String {
        match &self.host {
            Host::Tcp(name) if name.contains(':') => format!("[{name}]:{}", self.port),
            Host::Tcp(name) => format!("{name}:{}", self.port),
            Host::Socket(path) => path.display().to_string(),
        }
    }

    /// The URL without password and parameters, with these addresses.
    fn shown(&self, addresses: &str) -> String {
        let user = self.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        let database = self.database.as_ref().map(|database| format!("/{database}")).unwrap_or_default();
        format!("{}://{user}{addresses}{database}", self.scheme)
    }
}

impl fmt::Display for Target {
    /// The URL without password and parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(&self.address()))
    }
}

impl Targets {
    /// What they have in common is the same in each.
    pub(crate) fn first(&self) -> &Target {
        self.each.first().expect("a URL names a host")
    }
}

impl fmt::Display for Targets {
    /// The URL without password and parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<_> = self.each.iter().map(Target::address).collect();
        f.write_str(&self.first().shown(&addresses.join(",")))
    }
}

#[cfg(test)]
mod tests;
