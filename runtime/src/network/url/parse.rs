//! Reads the text of a URL.
//!
//! Pure text; knows nothing of what is done with what it names.

use std::time::Duration;

use super::{Host, Parameter, Password, Pooler, Role, Scheme, Target, Targets, Tls, TlsMode};
use crate::percent;
use crate::{Error, Result};

impl Scheme {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`Error::Connect`] that says what was found and what is allowed.
    pub(crate) fn parse(&self, url: &str) -> Result<Targets> {
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
        let addresses = address.split(',').map(|address| self.address(address)).collect::<Result<Vec<_>>>()?;
        let mut read = Read {
            target: Target {
                scheme: self.names[0],
                user: self.text(user)?,
                password: password.map(|password| self.decoded(password)).transpose()?.map(Password),
                host: Host::Tcp(String::new()),
                port: self.port,
                database: self.text(database.unwrap_or_default())?,
                tls: Tls { mode: TlsMode::Prefer, roots: None },
                application_name: None,
                connect_timeout: None,
                pooler: Pooler::None,
                named: None,
                sync_wait: None,
            },
            hosts: None,
            role: Role::Any,
            random: false,
        };
        for pair in parameters.into_iter().flat_map(|parameters| parameters.split('&')) {
            self.parameter(pair, &mut read)?;
        }
        let Read { mut target, hosts, role, random } = read;
        match (target.tls.mode, &target.tls.roots) {
            (TlsMode::Disable | TlsMode::Prefer, Some(_)) => {
                return Err(self.refused("`sslrootcert` needs `sslmode=verify-ca` or `sslmode=verify-full`"));
            }
            // As libpq has it: who names certificates wants them checked.
            (TlsMode::Require, Some(_)) => target.tls.mode = TlsMode::VerifyCa,
            _ => {}
        }
        let each = self.placed(hosts, addresses)?.into_iter();
        let each = each.map(|(host, port)| Target { host, port, ..target.clone() }).collect();
        Ok(Targets { each, role, random })
    }

    /// Hosts with their ports. Those that a parameter names take the place of those before the path.
    fn placed(&self, named: Option<Vec<Host>>, addresses: Vec<(Host, u16)>) -> Result<Vec<(Host, u16)>> {
        let Some(hosts) = named else { return Ok(addresses) };
        let ports: Vec<_> = match &*addresses {
            [(_, one)] => vec![*one; hosts.len()],
            several if several.len() == hosts.len() => several.iter().map(|&(_, port)| port).collect(),
            several => {
                let (before, after) = (several.len(), hosts.len());
                return Err(self.refused(&format!(
                    "`host` names {after} hosts, and before the path stand {before}: of both, the ports count that stand \
                     there, one for all or one for each"
                )));
            }
        };
        Ok(hosts.into_iter().zip(ports).collect())
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
        Ok((host(&self.decoded(name)?), port))
    }

    fn parameter(&self, pair: &str, read: &mut Read) -> Result<()> {
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
        let target = &mut read.target;
        match known {
            Parameter::Host => read.hosts = Some(value.split(',').map(host).collect()),
            Parameter::Socket => read.hosts = Some(vec![Host::Socket(value.into())]),
            Parameter::SslRootCert => target.tls.roots = Some(value.into()),
            Parameter::ApplicationName => target.application_name = Some(value),
            Parameter::ConnectTimeout => {
                let seconds = value.parse().ok().filter(|&seconds| seconds > 0);
                let seconds =
                    seconds.ok_or_else(|| self.refused("`connect_timeout` is a number of seconds, from 1"))?;
                target.connect_timeout = Some(Duration::from_secs(seconds));
            }
            Parameter::SyncWait => {
                let bits = value.parse().ok().filter(|&bits| bits <= 15);
                target.sync_wait =
                    Some(bits.ok_or_else(|| self.refused("`wsrep_sync_wait` is a number from 0 to 15"))?);
            }
            Parameter::SslMode => {
                target.tls.mode = self.choice(
                    name,
                    &value,
                    &[
                        ("disable", TlsMode::Disable),
                        ("prefer", TlsMode::Prefer),
                        ("require", TlsMode::Require),
                        ("verify-ca", TlsMode::VerifyCa),
                        ("verify-full", TlsMode::VerifyFull),
                    ],
                )?;
            }
            Parameter::SessionAttributes => {
                read.role = self.choice(
                    name,
                    &value,
                    &[
                        ("any", Role::Any),
                        ("read-write", Role::ReadWrite),
                        ("read-only", Role::ReadOnly),
                        ("primary", Role::Primary),
                        ("standby", Role::Standby),
                        ("prefer-standby", Role::PreferStandby),
                    ],
                )?;
            }
            Parameter::LoadBalance => {
                read.random = self.choice(name, &value, &[("disable", false), ("random", true)])?;
            }
            Parameter::Pooler => {
                target.pooler =
                    self.choice(name, &value, &[("none", Pooler::None), ("transaction", Pooler::Transaction)])?;
            }
            Parameter::Prepared => {
                target.named = Some(self.choice(name, &value, &[("named", true), ("unnamed", false)])?);
            }
        }
        Ok(())
    }

    /// The one of some words that a parameter says.
    fn choice<T: Copy>(&self, name: &str, value: &str, choices: &[(&str, T)]) -> Result<T> {
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == value) {
            return Ok(*choice);
        }
        let words: Vec<_> = choices.iter().map(|(word, _)| format!("`{word}`")).collect();
        let (last, others) = words.split_last().expect("there is a choice");
        let known = format!("{} and {last}", others.join(", "));
        Err(self.refused(&format!("`{name}={value}` is not known; what is known is {known}")))
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

/// What was read so far.
struct Read {
    target: Target,
    /// Those that a parameter names.
    hosts: Option<Vec<Host>>,
    role: Role,
    random: bool,
}

fn host(name: &str) -> Host {
    match name {
        "" => Host::Tcp("localhost".to_owned()),
        path if path.starts_with('/') => Host::Socket(path.into()),
        name => Host::Tcp(name.to_owned()),
    }
}

/// What is before a character, and what is after it if it is there.
fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}
