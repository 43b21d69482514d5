//! Where a database is: `mysql://user:password@host:3306/shop`, `mariadb://…`, `mysql://user@host/shop?socket=/run/mysqld/mysqld.sock`.

use crate::Result;
use crate::network::url::{Parameter, Scheme, Targets};

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
        Parameter::LoadBalance,
        Parameter::SyncWait,
    ],
};

/// Reads a URL.
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) that says what was found and what is allowed.
pub(super) fn parse(url: &str) -> Result<Targets> {
    let targets = SCHEME.parse(url)?;
    match targets.first().database {
        Some(_) => Ok(targets),
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
            let target = parse(&format!("{name}://root@db.example.com/shop")).unwrap().each.remove(0);
            assert_eq!((target.host, target.port), (Host::Tcp("db.example.com".to_owned()), 3306));
        }
        let target = parse("mysql://root@localhost/shop?socket=%2Frun%2Fmysqld%2Fmysqld.sock").unwrap().each.remove(0);
        assert_eq!(target.host, Host::Socket("/run/mysqld/mysqld.sock".into()));
        let cluster = parse("mysql://root@a,b:3307/shop?wsrep_sync_wait=1").unwrap();
        assert_eq!(cluster.to_string(), "mysql://root@a:3306,b:3307/shop");
        assert!(cluster.each.iter().all(|node| node.sync_wait == Some(1)));
        assert_eq!(parse("mysql://h?host=/run").unwrap_err().code(), "connect");
    }
}
