//! Servers that cannot be connected to, and statements that are refused: each its own clear error.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;
use crate::documented::Shown;

async fn refused(url: &str) -> String {
    let settings = Settings { connect_timeout: Duration::from_secs(10), ..Settings::default() };
    let text = message(&Database::open(url, &settings).await.unwrap_err(), "connect");
    assert!(!text.contains("s3cret"), "{text}");
    text
}

#[test]
fn what_cannot_be_connected_to_says_why_and_where() {
    let Some(server) = server() else { return };
    one_thread().block_on(async {
        let text = refused("postgres://alice:s3cret@host.invalid/db").await;
        assert!(text.contains("postgres://alice@host.invalid:5432/db") && text.contains("host spelt right"), "{text}");
        Shown::Postgres.check("host unknown", &text);
        let text = refused("postgres://alice:s3cret@127.0.0.1:1/db").await;
        assert!(text.contains("does the server run"), "{text}");
        Shown::Postgres.check("nobody listens", &text);
        let text = refused(&format!("postgres://a:s3cret@127.0.0.1:{}/db?sslmode=disable", says(REFUSES))).await;
        assert!(text.contains("is the password in the URL the right one?"), "{text}");
        Shown::Postgres.check("user or password", &text);
        let text = refused("postgres://alice:s3cret@/db?host=/nowhere").await;
        assert!(text.contains("/nowhere/db") && text.contains("the folder of its socket"), "{text}");
        let (server, _) = server.rsplit_once('/').unwrap();
        let text = refused(&format!("{server}/relata_no_such_database")).await;
        assert!(text.contains("\"relata_no_such_database\" does not exist") && text.contains("create it"), "{text}");
        Shown::Postgres.check("database missing", &text);
        let text = refused(&format!("{server}/postgres?sslmode=verify-full&sslrootcert=/nowhere.pem")).await;
        assert!(text.contains("`/nowhere.pem` (`sslrootcert`) cannot be read"), "{text}");
    });
}

#[test]
fn a_server_that_only_looks_like_postgresql_is_named() {
    one_thread().block_on(async {
        let port = greets_with(&[("server_version", "13.0.0"), ("crdb_version", "CockroachDB CCL v25.1.0")]);
        let text = refused(&format!("postgres://a:s3cret@127.0.0.1:{port}/db?sslmode=disable")).await;
        assert!(text.contains("is CockroachDB CCL v25.1.0") && text.contains("not supported"), "{text}");
    });
}

/// Greets as a server of that version does.
fn greets_as(version: &str) -> u16 {
    greets_with(&[("server_version", version)])
}

/// Greets as a server does that says this of itself.
fn greets_with(told: &[(&str, &str)]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut greeting = b"R\0\0\0\x08\0\0\0\0".to_vec();
    let told = told.iter().map(|(name, value)| (b'S', format!("{name}\0{value}\0")));
    for (kind, body) in told.chain([(b'K', "\0\0\0\x01\0\0\0\x01".to_owned())]) {
        greeting.push(kind);
        greeting.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
        greeting.extend(body.as_bytes());
    }
    greeting.extend(b"Z\0\0\0\x05I");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream.write_all(&greeting).unwrap();
        // Until the other side goes.
        while stream.read(&mut request).is_ok_and(|read| read > 0) {}
    });
    port
}

/// What a server says of a password that is wrong.
const REFUSES: &[u8] = b"E\0\0\0\x47SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"a\"\0\0";

/// A server that says something to whoever comes and speaks, and then good-bye.
fn says(words: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        // TLS is asked for, and once more without.
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]).unwrap();
            stream.write_all(words).unwrap();
        }
    });
    port
}

#[test]
fn what_is_no_such_server_is_doubted() {
    one_thread().block_on(async {
        for words in [&b""[..], b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"] {
            for mode in ["prefer", "disable"] {
                let text = refused(&format!("postgres://a:s3cret@127.0.0.1:{}/db?sslmode={mode}", says(words))).await;
                assert!(text.contains("is it PostgreSQL that listens there?"), "{text}");
                Shown::Postgres.check("another kind of server", &text);
            }
        }
        let asks = says(b"R\0\0\0\x08\0\0\0\x03");
        let text = refused(&format!("postgres://a@127.0.0.1:{asks}/db?sslmode=disable")).await;
        assert!(text.contains("asks for a password, and the URL has none"), "{text}");
        if std::net::TcpStream::connect("127.0.0.1:3306").is_ok() {
            let text = refused("postgres://a:s3cret@127.0.0.1:3306/db").await;
            Shown::Postgres.check("another kind of server", &text);
            assert!(text.contains("3306 is the port of MariaDB and MySQL, whose URLs begin with `mysql://`"), "{text}");
        }
    });
}

#[test]
fn who_may_not_is_told_what_to_grant() {
    on_database(|own| async move {
        let aside = own.aside().await;
        let user = format!("{}_u", own.name);
        let make = format!("CREATE ROLE {user} LOGIN CONNECTION LIMIT 1 PASSWORD 'right'");
        aside.batch_execute(&make).await.unwrap();
        let (_, address) = own.server.rsplit_once('@').unwrap();
        let (address, _) = address.rsplit_once('/').unwrap();
        let url = format!("postgres://{user}:right@{address}/{}", own.name);
        let database = Database::open(&url, &settings()).await.unwrap();
        let mut denied = Vec::new();
        for sql in ["CREATE TABLE u (x bigint)", "SELECT x FROM t"] {
            denied.push(run(&database, Access::Read, &[sql]).await.unwrap_err());
        }
        let settings = Settings { connect_timeout: Duration::from_secs(10), ..Settings::default() };
        let many = Database::open(&url, &settings).await.unwrap_err();
        drop(database);
        let unnamed = format!("postgres://{user}:right@{address}");
        // The connection that is closed counts for a moment.
        let unnamed = loop {
            let unnamed = Database::open(&unnamed, &settings).await.unwrap_err();
            if !unnamed.to_string().contains("too many") {
                break unnamed;
            }
        };
        let revoke = format!("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", own.name);
        aside.batch_execute(&revoke).await.unwrap();
        let closed = Database::open(&url, &settings).await.unwrap_err();
        aside.batch_execute(&format!("DROP ROLE {user}")).await.unwrap();
        for error in denied {
            let text = message(&error, "driver");
            assert!(text.contains("permission denied for") && text.contains("grant that right"), "{text}");
        }
        for (error, row) in
            [(many, "too many connections"), (unnamed, "none in the URL"), (closed, "no right to use it")]
        {
            Shown::Postgres.check(row, &message(&error, "connect"));
        }
    });
}

#[test]
fn a_server_that_takes_no_changes_says_so() {
    on_database(|own| async move {
        let only = format!("ALTER DATABASE {} SET default_transaction_read_only = on", own.name);
        own.aside().await.batch_execute(&only).await.unwrap();
        let database = own.open().await;
        let error = run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap_err();
        assert!(message(&error, "unavailable").contains("takes no changes here"), "{error}");
        assert_eq!(count(&database).await, 0);
    });
}

#[test]
fn a_server_that_is_too_old_is_not_used() {
    one_thread().block_on(async {
        let url = |version| format!("postgres://a@127.0.0.1:{}/db?sslmode=disable", greets_as(version));
        let text = refused(&url("14.9 (Debian 14.9-1)")).await;
        assert!(text.contains("is PostgreSQL 14.9 (Debian 14.9-1), and version 15 or newer is needed"), "{text}");
        Database::open(&url("18beta1"), &Settings::default()).await.unwrap();
    });
}

#[test]
fn what_is_missing_leads_to_create_tables() {
    on_database(|own| async move {
        let database = own.open().await;
        for sql in ["SELECT x FROM missing", "SELECT y FROM t"] {
            let text = message(&run(&database, Access::Read, &[sql]).await.unwrap_err(), "driver");
            assert!(text.contains("does not exist in postgres://") && text.contains("`create_tables`"), "{text}");
        }
    });
}

#[test]
fn refusals_show_no_values() {
    on_database(|own| async move {
        let aside = own.aside().await;
        let tables = "CREATE TABLE u (a varchar(3), b bigint NOT NULL CHECK (b < 10), c bigint REFERENCES t)";
        aside.batch_execute(tables).await.unwrap();
        let database = own.open().await;
        for (sql, code, part) in [
            ("INSERT INTO u VALUES ('s3cret', 1)", "driver", "too long"),
            ("INSERT INTO u VALUES ('a', 's3cret')", "driver", "invalid input syntax for type bigint"),
            ("INSERT INTO u VALUES ('a', 11)", "driver", "u_b_check"),
            ("INSERT INTO u (a) VALUES ('a')", "driver", "\"b\""),
            ("INSERT INTO u VALUES ('a', 1, 4711)", "driver", "`u_c_fkey`"),
            ("INSERT INTO t VALUES (4711), (4711)", "driver", "`t_pkey`"),
            ("SELECT 's3cret'::jsonb", "driver", "json"),
        ] {
            let text = message(&run(&database, Access::Write, &[sql]).await.unwrap_err(), code);
            assert!(text.contains(part) && !text.contains("s3cret") && !text.contains("4711"), "{sql}: {text}");
        }
    });
}

#[test]
fn a_server_that_goes_is_unavailable_and_one_that_comes_back_serves() {
    on_database(|own| async move {
        let database = own.open().await;
        let text = message(
            &run(&database, Access::Read, &["SELECT count(pg_terminate_backend(pg_backend_pid()))"]).await.unwrap_err(),
            "unavailable",
        );
        assert!(text.contains("postgres://"), "{text}");
        assert_eq!(count(&database).await, 0);
    });
}

#[test]
fn locks_that_wait_for_each_other_are_told_apart() {
    on_database(|own| async move {
        let database = std::sync::Arc::new(own.open().await);
        run(&database, Access::Write, &["INSERT INTO t VALUES (1), (2)"]).await.unwrap();
        let change = |first, second| {
            let database = std::sync::Arc::clone(&database);
            let wait = "SELECT 2::bigint FROM pg_sleep(0.2)";
            tokio::spawn(async move { run(&database, Access::Atomic, &[first, wait, second]).await })
        };
        let one = change("UPDATE t SET x = x WHERE x = 1", "UPDATE t SET x = x WHERE x = 2");
        let other = change("UPDATE t SET x = x WHERE x = 2", "UPDATE t SET x = x WHERE x = 1");
        let lost = [one.await.unwrap(), other.await.unwrap()].into_iter().find_map(Result::err).unwrap();
        assert!(lost.is_retryable(), "{lost}");
    });
}
