//! Lanes, transactions, locks, cancellation and panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;
use std::time::Instant;

use super::*;
use crate::driver::Transaction;

#[test]
fn several_writes_are_all_or_nothing() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        run(&database, Access::Atomic, &["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]).unwrap();
        let error =
            run(&database, Access::Atomic, &["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)"]).unwrap_err();
        assert!(message(&error, "driver").contains("a unique key is violated: x"), "{way:?}: {error}");
        assert_eq!(count(&database), 2, "{way:?}");
    }
}

#[test]
fn a_transaction_is_kept_when_committed_and_gone_otherwise() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        let insert = |sql| {
            let open = block_on(database.open_transaction(WRITING, None)).unwrap();
            block_on(open.run_work(Access::Write, None, Sql(vec![sql]))).unwrap();
            open
        };

        let committed = insert("INSERT INTO t VALUES (1)");
        assert_eq!(count(&database), 0, "not seen before it is committed");
        block_on(committed.commit(None)).unwrap();
        assert_eq!(count(&database), 1, "{way:?}");
        for again in [committed.commit(None), committed.rollback()] {
            let error = message(&block_on(again).unwrap_err(), "driver");
            assert!(error.contains("the transaction has ended"), "{error}");
        }
        assert!(block_on(committed.run_work(Access::Read, None, Sql(vec!["SELECT 1"]))).is_err());

        block_on(insert("INSERT INTO t VALUES (2)").rollback()).unwrap();
        drop(insert("INSERT INTO t VALUES (3)"));
        assert_eq!(count(&database), 1, "{way:?}");
        run(&database, Access::Write, &["INSERT INTO t VALUES (4)"]).unwrap();
    }
}

#[test]
fn a_failed_call_in_a_transaction_undoes_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::Auto);
    let open = block_on(database.open_transaction(WRITING, None)).unwrap();
    let work = |access, sql: &[&'static str]| block_on(open.run_work(access, None, Sql(sql.to_vec())));
    work(Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
    work(Access::Atomic, &["INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (1)"]).unwrap_err();
    work(Access::Atomic, &["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (4)"]).unwrap();
    assert_eq!(work(Access::Snapshot, &["SELECT x FROM t ORDER BY x"]).unwrap(), [1, 3, 4]);
    block_on(open.commit(None)).unwrap();
    assert_eq!(count(&database), 3);
}

#[test]
fn a_transaction_that_sqlite_ended_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let open = block_on(database.open_transaction(WRITING, None)).unwrap();
    block_on(open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)", "ROLLBACK"]))).unwrap();
    let error = block_on(open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (2)"]))).unwrap_err();
    assert!(message(&error, "driver").contains("rolled back by the database"), "{error}");
    assert!(block_on(open.commit(None)).is_err());
    drop(open);
    run(&database, Access::Write, &["INSERT INTO t VALUES (3)"]).unwrap();
    assert_eq!(count(&database), 1);
}

#[test]
fn nothing_happens_before_the_first_poll_nor_after_a_drop() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        drop(database.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)"])));
        drop(database.open_transaction(WRITING, None));
        assert_eq!(count(&database), 0, "{way:?}");
    }
}

#[test]
fn a_transaction_dropped_while_it_works_elsewhere_leaves_nothing() {
    const SLOW: &str = "WITH RECURSIVE n(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) INSERT INTO t SELECT x FROM n";
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::Threads);
    for _ in 0..20 {
        let open = block_on(database.open_transaction(WRITING, None)).unwrap();
        {
            let mut work = pin!(open.run_work(Access::Atomic, None, Sql(vec!["INSERT INTO t VALUES (1)", SLOW])));
            assert!(work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        drop(open);
        // The writing connection comes back by itself, clean.
        let mut settled = settings(SqliteExecution::InPlace);
        settled.pool_timeout = Duration::from_secs(20);
        let start = Instant::now();
        while let Err(error) = run(&database, Access::Write, &["DELETE FROM t"]) {
            assert!(error.code() == "pool_timeout" && start.elapsed() < settled.pool_timeout, "{error}");
        }
        assert_eq!(count(&database), 0);
    }
}

#[test]
fn a_begin_dropped_while_it_works_elsewhere_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::Threads);
    for _ in 0..200 {
        {
            let mut begin = pin!(database.open_transaction(WRITING, None));
            let _ = begin.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        run(&database, Access::Write, &["DELETE FROM t"]).unwrap();
    }
}

#[test]
fn commit_waits_for_what_runs() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::Threads);
    let open = block_on(database.open_transaction(WRITING, None)).unwrap();
    {
        let mut work = pin!(open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)"])));
        let _ = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    block_on(open.commit(None)).unwrap();
    assert_eq!(count(&database), 1);
}

#[test]
fn a_panic_goes_to_the_caller_and_leaves_nothing() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            block_on(database.run_work(Access::Atomic, None, Panics("INSERT INTO t VALUES (1)")))
        }));
        assert!(panicked.is_err(), "{way:?}");
        assert_eq!(count(&database), 0, "{way:?}");
        run(&database, Access::Atomic, &["INSERT INTO t VALUES (2)"]).unwrap();
    }
}

#[test]
fn a_file_that_another_connection_locks_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let other = file(folder.path(), SqliteExecution::InPlace);
    let open = block_on(other.open_transaction(WRITING, None)).unwrap();
    for access in [Access::Write, Access::Atomic] {
        let error = run(&database, access, &["INSERT INTO t VALUES (1)"]).unwrap_err();
        assert!(error.is_retryable());
        let text = message(&error, "serialization");
        assert!(text.contains("test.db is locked by another connection") && text.contains("20ms"), "{text}");
    }
    assert_eq!(block_on(database.open_transaction(WRITING, None)).unwrap_err().code(), "serialization");
    assert_eq!(count(&database), 0, "reading goes on");
    block_on(open.rollback()).unwrap();
    run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
}

#[test]
fn who_waits_for_the_writer_is_told_after_its_patience() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let open = block_on(database.open_transaction(WRITING, None)).unwrap();
    let error = message(&run(&database, Access::Write, &["DELETE FROM t"]).unwrap_err(), "pool_timeout");
    assert!(error.contains("1 writing connections to") && error.contains("1 in use"), "{error}");
    drop(open);
    run(&database, Access::Write, &["DELETE FROM t"]).unwrap();
}

#[test]
fn readers_work_while_one_writes() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..100 {
                    run(&database, Access::Atomic, &["INSERT INTO t DEFAULT VALUES", "INSERT INTO t DEFAULT VALUES"])
                        .unwrap();
                }
            });
            scope.spawn(|| {
                for _ in 0..300 {
                    let counts = ["SELECT count(*) FROM t", "SELECT count(*) FROM t"];
                    let seen = run(&database, Access::Snapshot, &counts).unwrap();
                    assert!(seen[0] == seen[1] && seen[0] % 2 == 0, "{seen:?}");
                }
            });
        });
        assert_eq!(count(&database), 200, "{way:?}");
    }
}

#[cfg(feature = "tokio")]
#[test]
fn every_way_works_in_every_runtime() {
    use std::sync::Arc;
    use tokio::runtime::Builder;
    use tokio::task::LocalSet;

    async fn work(database: Arc<Database>) {
        database.run_work(Access::Atomic, None, Sql(vec!["INSERT INTO t DEFAULT VALUES"])).await.unwrap();
        let open = database.open_transaction(WRITING, None).await.unwrap();
        open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t DEFAULT VALUES"])).await.unwrap();
        open.commit(None).await.unwrap();
    }

    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = Arc::new(file(folder.path(), way));
        let many = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let one = Builder::new_current_thread().build().unwrap();
        for runtime in [&many, &one] {
            runtime.block_on(work(Arc::clone(&database)));
            runtime.block_on(async { tokio::spawn(work(Arc::clone(&database))).await.unwrap() });
            runtime.block_on(LocalSet::new().run_until(async {
                tokio::task::spawn_local(work(Arc::clone(&database))).await.unwrap();
            }));
        }
        assert_eq!(count(&database), 12, "{way:?}");
    }
}
