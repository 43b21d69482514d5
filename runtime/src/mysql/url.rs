//! Where a database is: `mysql://user:password@host:3306/shop`, `mariadb://…`, `mysql://user@host/shop?socket=/run/mysqld/mysqld.sock`.

use crate::Result;
use crate::network::url::{Parameter, Scheme, Target};

const SCHEME: Scheme = Scheme {
    names: &["mysql", "mariadb"],
    database: "MariaDB or MySQL",
    port: 3306,
    parameters: &[
        Parameter::Socket,
        Parameter::SslMode,
        Parameter::SslRootCert,
        Parameter::ApplicationName,
        Parameter::ConnectTimeout,
    ],
};

/// Reads a URL.
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) that says what was found and what is allowed.
pub(super) fn parse(url: &str) -> Result<Target> {
    let target = SCHEME.parse(url)?;
    match target.database {
        Some(_) => Ok(target),
        // Statements name tables by themselves, and there is no database to look in unless it is said.
        None => Err(SCHEME.refused("it names no database")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::url::Host;

    #[test]
    fn both_names_lead_to_the_same_port() {
        for name in ["mysql", "mariadb"] {
            let target = parse(&format!("{name}://root@db.example.com/shop")).unwrap();
            assert_eq!((target.host, target.port), (Host::Tcp("db.example.com".to_owned()), 3306));
        }
        let target = parse("mysql://root@localhost/shop?socket=%2Frun%2Fmysqld%2Fmysqld.sock").unwrap();
        assert_eq!(target.host, Host::Socket("/run/mysqld/mysqld.sock".into()));
        assert_eq!(parse("mysql://h?host=/run").unwrap_err().code(), "connect");
    }
}
