//! Calls that are dropped, at every point where they wait, and statements that take too long.

use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Instant;

use super::*;
use crate::driver::{Transaction, TransactionOptions};
use crate::mysql::transaction::OpenTransaction;

/// How many of the database's connections have a transaction open, or run a statement.
fn busy(scratch: &Scratch) -> i64 {
    let name = &scratch.name;
    with_admin(async |conn| {
        let open = format!(
            "SELECT COUNT(*) FROM information_schema.INNODB_TRX AS t JOIN information_schema.PROCESSLIST AS p ON p.ID = \
             t.trx_mysql_thread_id WHERE p.DB = '{name}'"
        );
        let open: Option<i64> = conn.query_first(open).await?;
        let running =
            format!("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '{name}' AND COMMAND <> 'Sleep'");
        let running: Option<i64> = conn.query_first(running).await?;
        Ok(open.unwrap_or(0) + running.unwrap_or(0))
    })
    .unwrap()
}

/// Polls a call so many times, waiting for what it waits for, and drops it. Whether it came to its end before.
async fn polled<T>(times: usize, call: impl Future<Output = T>) -> bool {
    let mut call = pin!(call);
    for _ in 0..times {
        let mut woken = false;
        let done = std::future::poll_fn(|context| match call.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if woken => Poll::Ready(false),
            Poll::Pending => {
                woken = true;
                Poll::Pending
            }
        })
        .await;
        if done {
            return true;
        }
    }
    false
}

#[test]
fn a_call_that_is_dropped_at_any_point_leaves_nothing_half_done() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let inserts = ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)"];
    let mut ended = 0;
    for times in 0.. {
        let done = runtime.block_on(polled(times, database.run_work(Access::Atomic, None, sql(&inserts))));
        soon("the server has no open transaction", || busy(&scratch) == 0);
        let rows = count(&database);
        assert!(rows == 0 || rows == 3, "{rows} rows after {times} polls");
        assert!(!done || rows == 3);
        run(&database, Access::Write, &["DELETE FROM t"]).unwrap();
        ended += usize::from(done);
        if ended == 3 {
            break;
        }
    }
}

#[test]
fn a_transaction_that_is_dropped_at_any_point_leaves_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut ended = 0;
    for times in 0.. {
        let whole = async {
            let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
            open.run_work(Access::Write, None, sql(&["INSERT INTO t VALUES (1)"])).await.unwrap();
            let inner = open.open_inside(None).await.unwrap();
            inner.run_work(Access::Atomic, None, sql(&["INSERT INTO t VALUES (2)"])).await.unwrap();
            inner.commit(None).await.unwrap();
            open.commit(None).await.unwrap();
        };
        let done = runtime.block_on(polled(times, whole));
        soon("the server has no open transaction", || busy(&scratch) == 0);
        let rows = count(&database);
        assert!(rows == 0 || rows == 2, "{rows} rows after {times} polls");
        run(&database, Access::Write, &["DELETE FROM t"]).unwrap();
        ended += usize::from(done);
        if ended == 3 {
            break;
        }
    }
}

#[test]
fn a_call_that_is_dropped_in_a_transaction_leaves_the_transaction_whole() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for times in 0..12 {
        runtime.block_on(async {
            let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
            open.run_work(Access::Write, None, sql(&["INSERT INTO t VALUES (1)"])).await.unwrap();
            let work = sql(&["INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)"]);
            polled(times, open.run_work(Access::Atomic, None, work)).await;
            let seen = open.run_work(Access::Read, None, sql(&["SELECT COUNT(*) FROM t"])).await.unwrap();
            assert!(seen == [1] || seen == [3], "{seen:?} after {times} polls");
            open.commit(None).await.unwrap();
        });
        assert!([1, 3].contains(&count(&database)));
        run(&database, Access::Write, &["DELETE FROM t"]).unwrap();
    }
}

#[test]
fn a_long_statement_that_nobody_waits_for_is_stopped_on_the_server() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let start = Instant::now();
    runtime.block_on(async {
        let long = database.run_work(Access::Read, None, sql(&["SELECT SLEEP(30)"]));
        tokio::time::timeout(Duration::from_millis(200), long).await.unwrap_err();
    });
    soon("the server runs nothing", || busy(&scratch) == 0);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(count(&database), 0);
}

#[test]
fn nothing_happens_before_the_first_poll() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    drop(database.run_work(Access::Write, None, sql(&["INSERT INTO t VALUES (1)"])));
    drop(database.open_transaction(TransactionOptions::default(), None));
    let mut never = pin!(database.run_work(Access::Write, None, sql(&["INSERT INTO t VALUES (1)"])));
    assert_eq!(count(&database), 0);
    assert!(never.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_pending());
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_by_the_server_or_by_the_driver() {
    let Some(scratch) = Scratch::new() else { return };
    for server_stops in [true, false] {
        let settings = Settings { statement_timeout: Some(Duration::from_millis(300)), ..settings() };
        let database = open(&scratch.url(), &settings, |place| place.server_stops = server_stops).unwrap();
        let tables = [
            "CREATE TABLE t (x BIGINT PRIMARY KEY)",
            "CREATE TABLE d (x INT)",
            "INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
        ];
        run(&database, Access::Write, &tables).unwrap();
        // More rows than are counted in time; a sleep that is stopped would answer all the same.
        let many = "d a, d b, d c, d e, d f, d g, d h, d i, d j";
        let start = Instant::now();
        for access in [Access::Read, Access::Atomic] {
            let error = run(&database, access, &["SELECT 1", &format!("SELECT COUNT(*) FROM {many}")]).unwrap_err();
            assert!(message(&error, "timeout").contains("300ms"), "{error}");
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let transaction = block_on(database.open_transaction(TransactionOptions::default(), None)).unwrap();
        block_on(transaction.run_work(Access::Write, None, sql(&["INSERT INTO t VALUES (1)"]))).unwrap();
        let long = format!("INSERT INTO t SELECT 2 FROM {many} GROUP BY 1 HAVING COUNT(*) > 0");
        let error = block_on(transaction.run_work(Access::Write, None, sql(&[&long]))).unwrap_err();
        message(&error, "timeout");
        block_on(transaction.commit(None)).unwrap();
        assert_eq!(run(&database, Access::Read, &["SELECT x FROM t"]).unwrap(), [1]);
        run(&database, Access::Write, &["DROP TABLE t, d"]).unwrap();
        assert_eq!(database.pool().open_and_idle().0, 1, "no connection was lost");
    }
}

#[test]
fn who_waits_for_a_connection_is_told_after_its_patience() {
    let Some(scratch) = Scratch::new() else { return };
    let settings = Settings { max_connections: Some(1), pool_timeout: Duration::from_millis(100), ..settings() };
    let database = open(&scratch.url(), &settings, |_| {}).unwrap();
    let open = block_on(database.open_transaction(TransactionOptions::default(), None)).unwrap();
    let error = message(&run(&database, Access::Read, &["SELECT 1"]).unwrap_err(), "pool_timeout");
    assert!(error.contains("1 connections to mysql://") && error.contains("1 in use"), "{error}");
    drop(open);
    soon("the connection comes back", || run(&database, Access::Read, &["SELECT 1"]).is_ok());
}

#[test]
fn a_connection_that_the_server_closed_is_told_and_replaced() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let killed = |open: bool| {
        let id = |answer: Result<Vec<i64>>| answer.unwrap()[0];
        let transaction = block_on(database.open_transaction(TransactionOptions::default(), None)).unwrap();
        let connection = id(block_on(transaction.run_work(Access::Read, None, sql(&["SELECT CONNECTION_ID()"]))));
        if open {
            admin(&[&format!("KILL {connection}")]).unwrap();
        }
        transaction
    };
    let transaction = killed(true);
    let lost = block_on(transaction.run_work(Access::Write, None, sql(&["INSERT INTO t VALUES (1)"]))).unwrap_err();
    message(&lost, "unavailable");
    let again = block_on(transaction.run_work(Access::Read, None, sql(&["SELECT 1"]))).unwrap_err();
    assert!(message(&again, "unavailable").contains("its connection is lost"), "{again}");
    drop(transaction);
    let committing = killed(true);
    let unknown = block_on(committing.commit(None)).unwrap_err();
    assert!(message(&unknown, "commit_unknown").contains("is not known"), "{unknown}");
    drop((committing, killed(false)));
    assert_eq!(count(&database), 0);
}

#[test]
fn connections_that_went_together_fail_one_call() {
    let Some(scratch) = Scratch::new() else { return };
    let settings = Settings { max_connections: Some(4), ..settings() };
    let database = open(&scratch.url(), &settings, |_| {}).unwrap();
    let id = |open: &OpenTransaction| {
        block_on(open.run_work(Access::Read, None, sql(&["SELECT CONNECTION_ID()"]))).unwrap()[0]
    };
    let open = [(); 4].map(|()| block_on(database.open_transaction(TransactionOptions::default(), None)).unwrap());
    let kills: Vec<_> = open.iter().map(|open| format!("KILL {}", id(open))).collect();
    for open in &open {
        block_on(open.rollback()).unwrap();
    }
    drop(open);
    assert_eq!(database.pool().open_and_idle(), (4, 4));
    admin(&kills.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let failed = (0..8).filter(|_| run(&database, Access::Read, &["SELECT 1"]).is_err()).count();
    assert_eq!(failed, 1, "the first one that is lost tells of the others");
}
