//! Calls from every kind of thread, and the three times that are limited.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::driver::{Transaction, TransactionOptions};
use crate::wait::block_on;

async fn work(database: &Database) -> Result<i64> {
    run(database, Access::Atomic, &["INSERT INTO t SELECT count(*) + 1 FROM t"]).await?;
    let open = database.open_transaction(TransactionOptions::default(), None).await?;
    open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t SELECT count(*) + 1 FROM t"])).await?;
    open.commit(None).await?;
    drop(database.open_transaction(TransactionOptions::default(), None).await?);
    run(database, Access::Read, &["SELECT 1"]).await?;
    Ok(run(database, Access::Read, &["SELECT count(*) FROM t"]).await?[0])
}

#[test]
fn a_thread_without_a_runtime_waits() {
    let Some(own) = Own::new() else { return };
    let database = block_on(Database::open(&own.url(), &settings())).unwrap();
    block_on(run(&database, Access::Write, &["CREATE TABLE t (x bigint PRIMARY KEY)"])).unwrap();
    assert_eq!(block_on(work(&database)).unwrap(), 2);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| block_on(run(&database, Access::Read, &["SELECT 1"])).unwrap());
        }
    });
    let open = block_on(database.open_transaction(TransactionOptions::default(), None)).unwrap();
    block_on(open.run_work(Access::Write, None, Sql(vec!["DELETE FROM t"]))).unwrap();
    drop(open);
    assert_eq!(block_on(count(&database)), 2);
    // A panic on the other thread arrives here.
    let panics = std::panic::AssertUnwindSafe(|| block_on(database.run_work(Access::Read, None, Panics)));
    assert!(std::panic::catch_unwind(panics).is_err());
    assert_eq!(block_on(count(&database)), 2);
}

struct Panics;

impl Work for Panics {
    type Answer = ();

    fn is_brief(&self) -> bool {
        false
    }

    async fn run(self, _: &mut dyn Session) -> Result<()> {
        panic!("in the middle");
    }
}

#[test]
fn every_runtime_serves_and_none_keeps_others_waiting() {
    let Some(own) = Own::new() else { return };
    let (many, one, other) = (many_threads(), one_thread(), one_thread());
    let database = Arc::new(one.block_on(own.open()));
    one.block_on(run(&database, Access::Write, &["CREATE TABLE t (x bigint PRIMARY KEY)"])).unwrap();
    // Connections that live on a runtime of one thread are of no use while it stands still.
    assert_eq!(other.block_on(work(&database)).unwrap(), 2);
    assert_eq!(one.block_on(work(&database)).unwrap(), 4);
    assert_eq!(block_on(work(&database)).unwrap(), 6);
    let shared = Arc::clone(&database);
    assert_eq!(
        many.block_on(async move { tokio::spawn(async move { work(&shared).await }).await.unwrap() }).unwrap(),
        8
    );
    drop(many);
    assert_eq!(other.block_on(work(&database)).unwrap(), 10);
}

#[test]
fn waiting_hands_over_where_it_can_and_is_an_error_where_it_cannot() {
    let Some(own) = Own::new() else { return };
    let many = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let database = Arc::new(many.block_on(own.open()));
    let shared = Arc::clone(&database);
    let waits = move || block_on(run(&shared, Access::Read, &["SELECT 2::bigint"]));
    let on_worker = waits.clone();
    assert_eq!(many.block_on(async { tokio::spawn(async move { on_worker() }).await.unwrap() }).unwrap(), [2]);
    assert_eq!(many.block_on(async { waits() }).unwrap(), [2]);

    let one = one_thread();
    let error = one.block_on(async { waits() }).unwrap_err();
    assert!(message(&error, "unavailable").contains("use `.await` there"), "{error}");
    let aside = waits.clone();
    assert_eq!(one.block_on(async { tokio::task::spawn_blocking(aside).await.unwrap() }).unwrap(), [2]);
}

#[test]
fn who_waits_for_a_connection_is_told_after_its_patience() {
    on_database(|own| async move {
        let patience = Duration::from_millis(50);
        let few = Settings { max_connections: Some(1), pool_timeout: patience, ..Settings::default() };
        let database = own.open_with(few).await;
        let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
        let error = run(&database, Access::Read, &["SELECT 1"]).await.unwrap_err();
        let text = message(&error, "pool_timeout");
        assert!(text.contains("one of the 1 connections to postgres://") && text.contains("1 in use"), "{text}");
        drop(open);
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://alice:s3cret@127.0.0.1:{}/db", silent.local_addr().unwrap().port());
    let start = Instant::now();
    let brief = Settings { connect_timeout: Duration::from_millis(80), ..Settings::default() };
    let error = block_on(Database::open(&url, &brief)).unwrap_err();
    let text = message(&error, "connect");
    crate::documented::Shown::Postgres.check("nobody answers", &text);
    assert!(text.contains("took longer than 80ms") && !text.contains("s3cret"), "{text}");
    // The URL goes before.
    let error = block_on(Database::open(&format!("{url}?connect_timeout=1"), &brief)).unwrap_err();
    assert!(message(&error, "connect").contains("took longer than 1s"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_statement_that_takes_too_long_is_stopped() {
    on_database(|own| async move {
        let brief = Settings { statement_timeout: Some(Duration::from_millis(60)), ..settings() };
        let database = own.open_with(brief).await;
        let start = Instant::now();
        let error = run(&database, Access::Read, &["SELECT 2::bigint FROM pg_sleep(30)"]).await.unwrap_err();
        assert!(message(&error, "timeout").contains("took longer than 60ms"), "{error}");
        let both = ["INSERT INTO t VALUES (1)", "SELECT 2::bigint FROM pg_sleep(30)"];
        let error = run(&database, Access::Atomic, &both).await.unwrap_err();
        assert_eq!(error.code(), "timeout");
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(count(&database).await, 0);
    });
}
