//! Servers that are not there, not to be entered or not as asked: each its own error, within its time.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Instant;

use super::*;
use crate::documented::Shown;

/// Why a URL cannot be connected to.
fn refusal(url: &str) -> String {
    let start = Instant::now();
    let settings = Settings { connect_timeout: Duration::from_millis(800), ..settings() };
    let error = open(url, &settings, |_| {}).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(!format!("{error}{error:?}").contains("s3cret"), "{error:?}");
    message(&error, "connect")
}

/// The server's address, without scheme, user and database.
fn address() -> String {
    let server = server();
    let (_, rest) = server.split_once("://").unwrap();
    rest.rsplit_once('@').map_or(rest, |(_, address)| address).to_owned()
}

#[test]
fn every_way_not_to_connect_is_told_apart() {
    let Some(scratch) = Scratch::new() else { return };
    let address = address();
    for (url, reason) in [
        (format!("mysql://nobody:s3cret@{address}/{}", scratch.name), "user or the password is wrong"),
        (format!("mysql://root:s3cret@{address}/{}", scratch.name), "user or the password is wrong"),
        (format!("mysql://root:s3cret@{address}"), "it names no database"),
        (format!("{}_no", scratch.url()), "no such database"),
        ("mysql://root:s3cret@127.0.0.1:1/x".to_owned(), "nothing listens there"),
        ("mysql://root:s3cret@no-such-host.invalid/x".to_owned(), "is the host spelt right?"),
        ("mysql://root:s3cret@h/x?socket=/no/such.sock".to_owned(), "no such socket"),
        ("mysql://root:s3cret@10.255.255.1:3306/x".to_owned(), "cannot connect to mysql://root@10.255.255.1:3306"),
        (format!("{}?sslmode=verify-ca", scratch.url()), "not offered"),
        (
            format!("{}?sslmode=verify-full&sslrootcert=/no/such.pem", scratch.url()),
            "`/no/such.pem` (`sslrootcert`) cannot be read",
        ),
        (format!("{}?sslmode=verify-full&sslrootcert=Cargo.toml", scratch.url()), "no certificate in PEM form"),
        (format!("{}?sslmod=require", scratch.url()), "`sslmod` is not known"),
    ] {
        let reason_found = refusal(&url);
        let timed_out = url.contains("10.255") && reason_found.contains("took longer than 800ms");
        assert!(timed_out || reason_found.contains(reason), "{url}: {reason_found}");
        let row = match reason {
            "user or the password is wrong" => "user or password",
            "it names no database" => "none in the URL",
            "no such database" => "database missing",
            "nothing listens there" => "nobody listens",
            "is the host spelt right?" => "host unknown",
            _ => continue,
        };
        Shown::Mysql.check(row, &reason_found);
    }
}

#[test]
fn tls_is_asked_for_and_may_be_refused() {
    let Some(scratch) = Scratch::new() else { return };
    let database = open(&format!("{}?sslmode=prefer", scratch.url()), &settings(), |_| {}).unwrap();
    assert_eq!(run(&database, Access::Read, &["SELECT 1"]).unwrap(), [1]);
    let offered = with_admin(async |conn| {
        let have: Option<(String, String)> = conn.query_first("SHOW VARIABLES LIKE 'have_ssl'").await?;
        Ok(have.is_none_or(|(_, have)| have == "YES"))
    });
    let required = format!("{}?sslmode=require", scratch.url());
    if offered.unwrap() {
        open(&required, &settings(), |_| {}).unwrap();
    } else {
        let text = refusal(&required);
        assert!(text.contains("offers no TLS"), "{text}");
        Shown::Mysql.check("no TLS, or a certificate that does not pass", &text);
    }
}

#[test]
fn a_connection_bears_the_programs_name_and_its_settings() {
    let Some(scratch) = Scratch::new() else { return };
    let settings = Settings { application_name: Some("the shop".to_owned()), ..settings() };
    let database = open(&scratch.url(), &settings, |_| {}).unwrap();
    let answers = run(
        &database,
        Access::Read,
        &[
            "SELECT @@time_zone = '+00:00'",
            "SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'",
            "SELECT @@collation_connection LIKE '%_bin'",
            "SELECT @@autocommit",
            "SELECT COUNT(*) < 2 FROM performance_schema.session_connect_attrs WHERE ATTR_NAME = 'program_name' AND \
             ATTR_VALUE <> 'the shop'",
        ],
    );
    assert_eq!(answers.unwrap(), [1, 1, 1, 1, 1]);
}

#[test]
fn a_database_that_goes_is_named() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let drop = format!("DROP DATABASE {}", scratch.name);
    let error = run(&database, Access::Atomic, &[&drop, "SELECT * FROM t"]).unwrap_err();
    let text = message(&error, "driver");
    assert!(text.contains(&scratch.name) && text.contains("it was dropped"), "{text}");
}

/// A server that says something to whoever comes, and then nothing or good-bye.
fn says(words: &'static [u8], stays: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(words).unwrap();
        // Until the other side goes.
        while stays && stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
    });
    port
}

#[test]
fn what_is_no_such_server_is_doubted() {
    for (words, stays, reason) in [
        (&b""[..], true, "took longer than 800ms: are host and port right"),
        (b"", false, "is it MariaDB or MySQL that listens there?"),
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", false, "is it MariaDB or MySQL"),
    ] {
        let text = refusal(&format!("mysql://root:s3cret@127.0.0.1:{}/x", says(words, stays)));
        assert!(text.contains(reason), "{text}");
        Shown::Mysql.check(if stays { "nobody answers" } else { "another kind of server" }, &text);
    }
}

#[test]
fn the_port_of_another_database_is_known() {
    if std::net::TcpStream::connect("127.0.0.1:5432").is_err() {
        return;
    }
    let text = refusal("mysql://root:s3cret@127.0.0.1:5432/x");
    assert!(text.contains("5432 is the port of PostgreSQL, whose URLs begin with `postgres://`"), "{text}");
    Shown::Mysql.check("another kind of server", &text);
}

/// Greets as a server of that version does, and lets everybody in.
fn greets_as(version: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Protocol 10, version, connection, half a challenge, capabilities (4.1 and plug-ins among them), character set,
    // state, length of the challenge, the other half, and how to authenticate.
    let greeting = [
        b"\x0a",
        version.as_bytes(),
        b"\0\x01\0\0\0abcdefgh\0\xff\xf7\x2d\x02\0\x3b\0\x15\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0mysql_native_password\0",
    ]
    .concat();
    let column = b"\x03def\0\0\0\x01v\0\x0c\x21\0\xff\0\0\0\xfd\0\0\0\0\0";
    let row: Vec<u8> = [version, "16777216", "1", "28800", "0"]
        .iter()
        .flat_map(|value| [&[u8::try_from(value.len()).unwrap()], value.as_bytes()].concat())
        .collect();
    let end: &[u8] = b"\xfe\0\0\x02\0";
    let answer = [b"\x05", &column[..], column, column, column, column, end, &row, end].map(<[u8]>::to_vec);
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut send = |first: u8, packets: &[Vec<u8>]| {
            for (number, packet) in (first..).zip(packets) {
                let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
                stream.write_all(&[&length[..3], &[number], packet].concat()).unwrap();
            }
            stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0)
        };
        // The login is let in, the first question answered; no other one comes.
        let _ = send(0, &[greeting]) && send(2, &[b"\0\0\0\x02\0\0\0".to_vec()]) && send(1, &answer);
    });
    port
}

#[test]
fn a_server_that_is_too_old_is_not_used() {
    for (version, name) in [("5.7.44-log", "MySQL"), ("10.5.26-MariaDB", "MariaDB")] {
        let text = refusal(&format!("mysql://root:s3cret@127.0.0.1:{}/x?sslmode=disable", greets_as(version)));
        assert!(text.contains(&format!("the server is too old: it is {name} `{version}`")), "{text}");
    }
}

#[test]
fn who_may_not_is_told_what_to_grant() {
    let Some(scratch) = Scratch::new() else { return };
    drop(scratch.with_table());
    let (name, user) = (&scratch.name, format!("{}_u", scratch.name));
    let made = [
        format!("CREATE USER `{user}`@'%' IDENTIFIED BY 'right' WITH MAX_USER_CONNECTIONS 1"),
        format!("GRANT INSERT ON `{name}`.* TO `{user}`@'%'"),
    ];
    admin(&made.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let url = format!("mysql://{user}:right@{}/{name}", address());
    let database = open(&url, &settings(), |_| {});
    let gone = format!("DROP USER `{user}`@'%'");
    let refusals = database.map(|database| {
        let denied = ["CREATE TABLE u (x INT)", "SELECT * FROM t"]
            .map(|sql| message(&run(&database, Access::Read, &[sql]).unwrap_err(), "driver"));
        let wrong = url.replace(":right@", ":s3cret@");
        let many = refusal(&url);
        drop(database);
        let foreign = format!("mysql://{user}:right@{}/mysql", address());
        // The connection that is closed counts for a moment.
        let mut last = refusal(&foreign);
        soon("the connection goes", || {
            last = refusal(&foreign);
            !last.contains("no connection left")
        });
        (denied, refusal(&wrong), many, last)
    });
    admin(&[&gone]).unwrap();
    let (denied, wrong, many, foreign) = refusals.unwrap();
    for text in denied {
        assert!(text.contains("command denied to user") && text.contains("grant that right"), "{text}");
    }
    Shown::Mysql.check("user or password", &wrong);
    Shown::Mysql.check("too many connections", &many);
    Shown::Mysql.check("no right to use it", &foreign);
    assert!(wrong.contains("the user or the password is wrong"), "{wrong}");
    assert!(many.contains("the server has no connection left"), "{many}");
    assert!(foreign.contains("may not use that database"), "{foreign}");
}

#[test]
fn a_socket_is_entered_without_tls() {
    let Some(scratch) = Scratch::new() else { return };
    let socket = with_admin(async |conn| conn.query_first::<String, _>("SELECT @@socket").await).unwrap().unwrap();
    let address = format!("localhost/{}?socket={socket}", scratch.name);
    let url = scratch.url().replace(&format!("{}/{}", self::address(), scratch.name), &address);
    // The server may be another machine's, whose socket is not here.
    if !std::path::Path::new(&socket).exists() {
        return;
    }
    for mode in ["", "&sslmode=require"] {
        let database = open(&format!("{url}{mode}"), &settings(), |_| {}).unwrap();
        assert_eq!(run(&database, Access::Read, &["SELECT 1"]).unwrap(), [1]);
    }
}
