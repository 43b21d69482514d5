//! Servers that are not there, not to be entered or not as asked: each its own error, within its time.

use std::time::Instant;

use super::*;

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
        (format!("{}_no", scratch.url()), "no such database"),
        ("mysql://root:s3cret@127.0.0.1:1/x".to_owned(), "nothing listens there"),
        (
            "mysql://root:s3cret@no-such-host.invalid/x".to_owned(),
            "cannot connect to mysql://root@no-such-host.invalid:3306",
        ),
        ("mysql://root:s3cret@h/x?socket=/no/such.sock".to_owned(), "no such socket"),
        ("mysql://root:s3cret@10.255.255.1:3306/x".to_owned(), "cannot connect to mysql://root@10.255.255.1:3306"),
        (format!("{}?sslmode=verify-ca", scratch.url()), "not offered"),
        (format!("{}?sslmode=verify-full&sslrootcert=/no/such.pem", scratch.url()), "cannot connect"),
        (format!("{}?sslmod=require", scratch.url()), "`sslmod` is not known"),
    ] {
        let reason_found = refusal(&url);
        let timed_out = url.contains("10.255") && reason_found.contains("took longer than 800ms");
        assert!(timed_out || reason_found.contains(reason), "{url}: {reason_found}");
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
        assert!(refusal(&required).contains("offers no TLS"));
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
fn a_url_without_a_database_says_so_when_one_is_needed() {
    let Some(_scratch) = Scratch::new() else { return };
    let database = open(&server(), &settings(), |_| {}).unwrap();
    let error = run(&database, Access::Read, &["SELECT * FROM t"]).unwrap_err();
    assert!(message(&error, "driver").contains("no database is chosen"), "{error}");
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
