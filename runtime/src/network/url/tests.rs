//! What URLs name, and which are refused.

use std::time::Duration;

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
        Parameter::LoadBalance,
        Parameter::SessionAttributes,
        Parameter::Pooler,
        Parameter::Prepared,
        Parameter::SyncWait,
    ],
};

fn parse(url: &str) -> Target {
    let mut targets = SCHEME.parse(url).unwrap();
    assert_eq!(targets.each.len(), 1, "{url}");
    targets.each.remove(0)
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
    for (word, mode) in [("disable", TlsMode::Disable), ("prefer", TlsMode::Prefer), ("require", TlsMode::Require)] {
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
        ("postgres://a:s3cret@h:1,i:x/db", "the port"),
        ("postgres://a:s3cret@h,i/db?host=a,b,c", "`host` names 3 hosts, and before the path stand 2"),
        ("postgres://a:s3cret@h?target_session_attrs=leader", "what is known is `any`, `read-write`"),
        ("postgres://a:s3cret@h?load_balance_hosts=1", "what is known is `disable` and `random`"),
        ("postgres://a:s3cret@h?pooler=session", "what is known is `none` and `transaction`"),
        ("postgres://a:s3cret@h?prepared=0", "what is known is `named` and `unnamed`"),
        ("postgres://a:s3cret@h?wsrep_sync_wait=16", "from 0 to 15"),
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
        assert!(text.contains(reason) && text.contains("postgres://user:password@host:5432/database"), "{url}: {text}");
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

#[test]
fn several_hosts_are_several_servers_of_one_database() {
    let targets = SCHEME
        .parse(
            "postgres://alice:s3cret@a:6000,b,[::1]:7/shop?target_session_attrs=read-write&load_balance_hosts=random",
        )
        .unwrap();
    let each: Vec<_> = targets.each.iter().map(Target::address).collect();
    assert_eq!(each, ["a:6000", "b:5432", "[::1]:7"]);
    assert_eq!((targets.role, targets.random), (Role::ReadWrite, true));
    assert_eq!(targets.to_string(), "postgres://alice@a:6000,b:5432,[::1]:7/shop");
    assert!(targets.each.iter().all(|target| target.password.as_ref().map(Password::reveal) == Some("s3cret")));

    let addresses = |url: &str| SCHEME.parse(url).unwrap().each.iter().map(Target::address).collect::<Vec<_>>();
    assert_eq!(addresses("postgres:///db?host=a,/run/pg"), ["a:5432", "/run/pg"]);
    assert_eq!(addresses("postgres://:6000/db?host=a,b"), ["a:6000", "b:6000"]);
    assert_eq!(addresses("postgres://x:1,y:2/db?host=a,b"), ["a:1", "b:2"]);
    assert_eq!(addresses("postgres://,b/db"), ["localhost:5432", "b:5432"]);
}
