//! Transactions inside transactions.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use super::*;
use crate::driver::Transaction;
use crate::sqlite::transaction::OpenTransaction;

fn insert(open: &OpenTransaction, sql: &'static str) -> Result<Vec<i64>> {
    block_on(open.run_work(Access::Atomic, None, Sql(vec![sql])))
}

fn rows(database: &Database) -> Vec<i64> {
    run(database, Access::Read, &["SELECT x FROM t ORDER BY x"]).unwrap()
}

#[test]
fn an_inner_one_is_undone_by_itself_and_kept_by_the_outer_one() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        let outer = block_on(database.open_transaction(WRITING, None)).unwrap();
        insert(&outer, "INSERT INTO t VALUES (1)").unwrap();

        let kept = block_on(outer.open_inside(None)).unwrap();
        insert(&kept, "INSERT INTO t VALUES (2)").unwrap();
        block_on(kept.commit(None)).unwrap();
        let undone = block_on(outer.open_inside(None)).unwrap();
        insert(&undone, "INSERT INTO t VALUES (3)").unwrap();
        insert(&undone, "INSERT INTO t VALUES (1)").unwrap_err();
        block_on(undone.rollback()).unwrap();
        let dropped = block_on(outer.open_inside(None)).unwrap();
        insert(&dropped, "INSERT INTO t VALUES (4)").unwrap();
        drop(dropped);

        for over in [&kept, &undone] {
            for again in [over.commit(None), over.rollback()] {
                assert!(message(&block_on(again).unwrap_err(), "driver").contains("the transaction has ended"));
            }
            insert(over, "INSERT INTO t VALUES (5)").unwrap_err();
        }
        insert(&outer, "INSERT INTO t VALUES (6)").unwrap();
        assert!(rows(&database).is_empty(), "{way:?}");
        block_on(outer.commit(None)).unwrap();
        assert_eq!(rows(&database), [1, 2, 6], "{way:?}");

        let outer = block_on(database.open_transaction(WRITING, None)).unwrap();
        let inner = block_on(outer.open_inside(None)).unwrap();
        insert(&inner, "INSERT INTO t VALUES (7)").unwrap();
        block_on(inner.commit(None)).unwrap();
        block_on(outer.rollback()).unwrap();
        assert_eq!(rows(&database), [1, 2, 6], "{way:?}");
    }
}

#[test]
fn they_nest_to_any_depth() {
    const DEPTH: usize = 200;
    let database = open("sqlite::memory:", SqliteExecution::InPlace).unwrap();
    run(&database, Access::Write, &["CREATE TABLE t (x INTEGER PRIMARY KEY) STRICT"]).unwrap();
    let mut levels = vec![block_on(database.open_transaction(WRITING, None)).unwrap()];
    for level in 0..DEPTH {
        insert(&levels[level], "INSERT INTO t DEFAULT VALUES").unwrap();
        levels.push(block_on(levels[level].open_inside(None)).unwrap());
    }
    // From the innermost outwards, so that each third level takes the two inside it along.
    for level in (1..=DEPTH).rev() {
        let inner = levels.pop().unwrap();
        if level % 3 == 0 {
            block_on(inner.rollback()).unwrap();
        } else {
            block_on(inner.commit(None)).unwrap();
        }
    }
    block_on(levels.pop().unwrap().commit(None)).unwrap();
    assert_eq!(rows(&database), [1, 2, 3]);
}

#[test]
fn the_outer_one_waits_for_the_inner_one() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let outer = block_on(database.open_transaction(WRITING, None)).unwrap();
    let inner = block_on(outer.open_inside(None)).unwrap();
    insert(&inner, "INSERT INTO t VALUES (1)").unwrap();
    let mut waits = pin!(outer.run_work(Access::Read, None, Sql(vec!["SELECT count(*) FROM t"])));
    let mut context = Context::from_waker(Waker::noop());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    block_on(inner.rollback()).unwrap();
    assert_eq!(block_on(waits).unwrap(), [0]);
}

#[test]
fn one_dropped_while_it_works_elsewhere_undoes_itself_only() {
    const SLOW: &str = "WITH RECURSIVE n(x) AS (SELECT 1000 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) INSERT INTO t SELECT x FROM n";
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::Threads);
    for round in 0..10 {
        let outer = block_on(database.open_transaction(WRITING, None)).unwrap();
        insert(&outer, "INSERT INTO t DEFAULT VALUES").unwrap();
        let inner = block_on(outer.open_inside(None)).unwrap();
        {
            let mut work = pin!(inner.run_work(Access::Write, None, Sql(vec![SLOW])));
            assert!(work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        drop(inner);
        block_on(outer.commit(None)).unwrap();
        assert_eq!(count(&database), round + 1);
    }
}

/// Polls a future so often at most, each time it wakes, and then drops it.
fn poll_times(times: usize, future: impl Future<Output = ()>) {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    for n in 0..times {
        if future.as_mut().poll(&mut context).is_ready() {
            return;
        }
        if n + 1 < times {
            thread::park();
        }
    }
}

#[test]
fn dropped_at_any_point_nothing_is_half_done() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(way);
        settings.pool_timeout = Duration::from_secs(20);
        let url = format!("sqlite:{}/test.db", folder.path().display());
        drop(file(folder.path(), way));
        let database = block_on(Database::open(url::parse(&url).unwrap(), &settings)).unwrap();
        let add = || Sql(vec!["INSERT INTO t DEFAULT VALUES"]);
        for polls in 0..12 {
            // The whole of it: three rows, or none.
            poll_times(polls, async {
                let outer = database.open_transaction(WRITING, None).await.unwrap();
                outer.run_work(Access::Write, None, add()).await.unwrap();
                let inner = outer.open_inside(None).await.unwrap();
                inner.run_work(Access::Atomic, None, add()).await.unwrap();
                yield_once().await;
                inner.commit(None).await.unwrap();
                outer.run_work(Access::Write, None, add()).await.unwrap();
                outer.commit(None).await.unwrap();
            });
            let rows = run(&database, Access::Atomic, &["SELECT count(*) FROM t", "DELETE FROM t"]).unwrap();
            assert!(rows == [0] || rows == [3], "{way:?} {polls}: {rows:?}");

            // The inner one alone: its two rows or none, and the outer one's two.
            let outer = block_on(database.open_transaction(WRITING, None)).unwrap();
            insert(&outer, "INSERT INTO t DEFAULT VALUES").unwrap();
            poll_times(polls, async {
                let inner = outer.open_inside(None).await.unwrap();
                inner.run_work(Access::Write, None, add()).await.unwrap();
                yield_once().await;
                inner.run_work(Access::Write, None, add()).await.unwrap();
                inner.commit(None).await.unwrap();
            });
            insert(&outer, "INSERT INTO t DEFAULT VALUES").unwrap();
            block_on(outer.commit(None)).unwrap();
            let rows = run(&database, Access::Atomic, &["SELECT count(*) FROM t", "DELETE FROM t"]).unwrap();
            assert!(rows == [2] || rows == [4], "{way:?} {polls}: {rows:?}");
        }
    }
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn what_the_database_ended_is_ended_at_every_level() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let outer = block_on(database.open_transaction(WRITING, None)).unwrap();
    let inner = block_on(outer.open_inside(None)).unwrap();
    insert(&inner, "INSERT INTO t VALUES (1)").unwrap();
    block_on(inner.run_work(Access::Write, None, Sql(vec!["ROLLBACK"]))).unwrap();
    for level in [&inner, &outer] {
        let error = block_on(level.commit(None)).unwrap_err();
        if std::ptr::eq(level, &raw const inner) {
            drop(block_on(level.rollback()));
        }
        assert!(message(&error, "driver").contains("rolled back by the database"), "{error}");
    }
    drop((inner, outer));
    run(&database, Access::Write, &["INSERT INTO t VALUES (2)"]).unwrap();
    assert_eq!(rows(&database), [2]);
}

#[test]
fn a_read_only_one_sees_one_state_and_blocks_no_writer() {
    for &way in EVERY_WAY {
        let folder = tempfile::tempdir().unwrap();
        let database = file(folder.path(), way);
        let other = file(folder.path(), way);
        let reading = block_on(database.open_transaction(READING, None)).unwrap();
        let see = || block_on(reading.run_work(Access::Read, None, Sql(vec!["SELECT count(*) FROM t"]))).unwrap();
        assert_eq!(see(), [0]);
        run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
        run(&other, Access::Atomic, &["INSERT INTO t VALUES (2)"]).unwrap();
        assert_eq!((see(), count(&database)), (vec![0], 2), "{way:?}");
        let error = insert(&reading, "INSERT INTO t VALUES (3)").unwrap_err();
        assert_eq!(error.code(), "unavailable");
        let inner = block_on(reading.open_inside(None)).unwrap();
        assert_eq!(block_on(inner.run_work(Access::Read, None, Sql(vec!["SELECT count(*) FROM t"]))).unwrap(), [0]);
        block_on(inner.commit(None)).unwrap();
        block_on(reading.commit(None)).unwrap();
        assert_eq!(count(&database), 2, "{way:?}");
    }
}

#[test]
fn a_read_only_one_shares_the_only_connection() {
    let database = open("sqlite::memory:", SqliteExecution::Auto).unwrap();
    run(&database, Access::Write, &["CREATE TABLE t (x INTEGER PRIMARY KEY) STRICT"]).unwrap();
    let reading = block_on(database.open_transaction(READING, None)).unwrap();
    let error = message(&run(&database, Access::Read, &["SELECT 1"]).unwrap_err(), "pool_timeout");
    assert!(error.contains("1 in use"), "{error}");
    block_on(reading.commit(None)).unwrap();
    run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
}
