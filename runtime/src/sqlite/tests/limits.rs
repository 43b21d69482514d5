//! Time limits: of statements, of locks, of waiting for a connection.

use std::time::Instant;

use super::*;
use crate::driver::Transaction;

const FOREVER: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0";
const FOREVER_IN_ROWS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 'row' FROM n";
const FOREVER_WRITING: &str =
    "INSERT INTO t WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0";

fn limited(folder: &Path, way: SqliteExecution, limit: Duration) -> Database {
    drop(file(folder, way));
    let settings = Settings { statement_timeout: Some(limit), ..settings(way) };
    block_on(Database::open(url::parse(&format!("sqlite:{}/test.db", folder.display())).unwrap(), &settings)).unwrap()
}

#[test]
fn a_statement_is_stopped_when_its_time_is_over() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = limited(folder.path(), way, Duration::from_millis(30));
        for (access, sql) in [
            (Access::Read, FOREVER),
            (Access::Snapshot, FOREVER_IN_ROWS),
            (Access::Write, FOREVER_WRITING),
            (Access::Atomic, FOREVER_WRITING),
        ] {
            let start = Instant::now();
            let error = message(&run(&database, access, &[sql]).unwrap_err(), "timeout");
            assert!(error.contains("test.db ran longer than 30ms and was stopped"), "{way:?}: {error}");
            assert!(start.elapsed() >= Duration::from_millis(30), "{way:?}");
        }
        run(&database, Access::Atomic, &["INSERT INTO t VALUES (1)"]).unwrap();
        assert_eq!(count(&database), 1, "{way:?}");
    }
}

#[test]
fn each_statement_has_the_whole_time() {
    let folder = tempfile::tempdir().unwrap();
    let database = limited(folder.path(), SqliteExecution::InPlace, Duration::from_millis(200));
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(500) {
        assert_eq!(run(&database, Access::Snapshot, &["SELECT 1", "SELECT 2"]).unwrap(), [1, 2]);
    }
}

#[test]
fn a_statement_stopped_in_a_transaction_ends_it_if_it_wrote() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = limited(folder.path(), way, Duration::from_millis(30));
        let open = block_on(database.open_transaction(WRITING, None)).unwrap();
        let work = |access, sql| block_on(open.run_work(access, None, Sql(vec![sql])));
        work(Access::Write, "INSERT INTO t VALUES (1)").unwrap();
        assert_eq!(work(Access::Read, FOREVER).unwrap_err().code(), "timeout");
        work(Access::Write, "INSERT INTO t VALUES (2)").unwrap();
        assert_eq!(work(Access::Read, "SELECT count(*) FROM t").unwrap(), [2], "{way:?}: a read ends nothing");

        assert_eq!(work(Access::Write, FOREVER_WRITING).unwrap_err().code(), "timeout");
        let error = message(&work(Access::Read, "SELECT 1").unwrap_err(), "driver");
        assert!(error.contains("rolled back by the database"), "{way:?}: {error}");
        block_on(open.commit(None)).unwrap_err();
        drop(open);
        run(&database, Access::Write, &["INSERT INTO t VALUES (3)"]).unwrap();
        assert_eq!(count(&database), 1, "{way:?}");
    }
}

/// A connection of another program, to a file in the mode that SQLite has by itself.
fn other_program(folder: &Path) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(folder.join("test.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1)").unwrap();
    other
}

fn waited<T>(call: impl FnOnce() -> T) -> (T, bool) {
    let start = Instant::now();
    let answer = call();
    (answer, start.elapsed() >= Duration::from_millis(20) && start.elapsed() < Duration::from_secs(5))
}

#[test]
fn locks_of_a_file_without_wal_are_waited_for_to_a_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let other = other_program(folder.path());
    let url = format!("sqlite:{}/test.db", folder.path().display());
    let reading = open(&format!("{url}?mode=ro"), SqliteExecution::InPlace).unwrap();
    assert_eq!(count(&reading), 1);

    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let (refused, in_time) = waited(|| run(&reading, Access::Read, &["SELECT count(*) FROM t"]).unwrap_err());
    let text = message(&refused, "serialization");
    assert!(in_time && text.contains("test.db is locked by another connection"), "{text}");
    for mode in ["", "?mode=ro"] {
        let (refused, in_time) =
            waited(|| open(&format!("{url}{mode}"), SqliteExecution::InPlace).map(drop).unwrap_err());
        let text = message(&refused, "connect");
        assert!(in_time && text.contains("another connection held its lock for 20ms"), "{text}");
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(count(&reading), 1);
}

#[test]
fn a_file_that_another_program_made_is_turned_to_wal() {
    let folder = tempfile::tempdir().unwrap();
    let other = other_program(folder.path());
    for mode in ["DELETE", "TRUNCATE", "PERSIST"] {
        other.pragma_update(None, "journal_mode", mode).unwrap();
        let database = file(folder.path(), SqliteExecution::InPlace);
        let open = block_on(database.open_transaction(WRITING, None)).unwrap();
        block_on(open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t DEFAULT VALUES"]))).unwrap();
        let seen: i64 = other.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        block_on(open.commit(None)).unwrap();
        assert_eq!(count(&database), seen + 1, "{mode}");
    }
}

#[test]
fn a_file_that_cannot_have_its_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    drop(other_program(folder.path()));
    std::fs::create_dir(folder.path().join("test.db-wal")).unwrap();
    let url = format!("sqlite:{}/test.db", folder.path().display());
    let error = open(&url, SqliteExecution::InPlace).map(drop).unwrap_err();
    let text = message(&error, "connect");
    assert!(text.contains("test.db: it cannot be opened; its folder and the file need to be accessible"), "{text}");
}
