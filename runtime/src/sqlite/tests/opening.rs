//! What can be opened, what cannot, and how a connection is set up.

use std::fs;

use super::*;

fn refused(url: &str) -> String {
    message(&open(url, SqliteExecution::InPlace).unwrap_err(), "connect")
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().display();

    let error = refused(&format!("sqlite:{folder}"));
    assert!(error.contains(&format!("{folder}: it is a folder")), "{error}");

    let error = refused(&format!("sqlite:{folder}/missing/shop.db"));
    assert!(error.contains(&format!("there is no folder {folder}/missing")), "{error}");

    let error = refused(&format!("sqlite:{folder}/shop.db?mode=rw"));
    assert!(error.contains("shop.db: there is no such file"), "{error}");

    let text = format!("{folder}/text.db");
    fs::write(&text, "this is a text and not a database, long enough for a header ".repeat(9)).unwrap();
    for mode in ["", "?mode=ro", "?mode=rw"] {
        let error = refused(&format!("sqlite:{text}{mode}"));
        assert!(error.contains("text.db: it is not a SQLite database"), "{error}");
    }
}

#[test]
fn a_file_opened_read_only_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    drop(file(folder.path(), SqliteExecution::InPlace));
    let database =
        open(&format!("sqlite:{}/test.db?mode=ro", folder.path().display()), SqliteExecution::InPlace).unwrap();
    assert_eq!(count(&database), 0);
    let error = message(&run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap_err(), "unavailable");
    assert!(error.contains("test.db is read-only"), "{error}");
    let error = run(&database, Access::Atomic, &["INSERT INTO t VALUES (1)"]).unwrap_err();
    assert_eq!(error.code(), "unavailable");
}

#[test]
fn reading_connections_do_not_write() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let error = run(&database, Access::Read, &["INSERT INTO t VALUES (1)"]).unwrap_err();
    assert_eq!(error.code(), "unavailable");
}

#[test]
fn connections_are_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    for access in [Access::Read, Access::Write] {
        let settings = [
            "PRAGMA foreign_keys",
            "PRAGMA synchronous",
            "PRAGMA busy_timeout",
            "SELECT 'a' LIKE 'A'",
            "SELECT 'a' LIKE 'a'",
            "PRAGMA trusted_schema",
        ];
        assert_eq!(run(&database, access, &settings).unwrap(), [1, 1, 20, 0, 1, 0]);
        let wal = "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'";
        assert_eq!(run(&database, access, &[wal]).unwrap(), [1]);
        assert_eq!(run(&database, access, &["SELECT \"nope\""]).unwrap_err().code(), "driver");
    }
}

#[test]
fn a_database_in_memory_is_one_for_all() {
    let database = open("sqlite::memory:", SqliteExecution::Auto).unwrap();
    run(&database, Access::Write, &["CREATE TABLE t (x INTEGER PRIMARY KEY) STRICT", "INSERT INTO t VALUES (1)"])
        .unwrap();
    for access in [Access::Read, Access::Snapshot, Access::Write, Access::Atomic] {
        assert_eq!(run(&database, access, &["SELECT count(*) FROM t"]).unwrap(), [1]);
    }
    let other = open("sqlite::memory:", SqliteExecution::Auto).unwrap();
    let error = message(&run(&other, Access::Read, &["SELECT count(*) FROM t"]).unwrap_err(), "driver");
    assert!(error.contains("no such table: t") && error.contains("create_tables"), "{error}");
}
