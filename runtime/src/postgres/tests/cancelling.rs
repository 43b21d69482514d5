//! Calls that are dropped at any moment leave nothing open, and connections that can be used.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::driver::{Transaction, TransactionOptions};

/// Polls a call so many times, giving the server time in between, and drops it. Whether it came to its end.
async fn cut<T>(call: impl Future<Output = Result<T>>, polls: usize) -> bool {
    let mut call = pin!(call);
    for _ in 0..polls {
        if let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            result.map(drop).unwrap();
            return true;
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    false
}

/// Drops a call after one poll, after two, and so on until it comes to its end; after each, all must be as if it
/// had never been, or as if it had been done.
async fn at_every_await<T, F: Future<Output = Result<T>>>(own: &Own, database: &Database, mut call: impl FnMut() -> F) {
    let aside = own.aside().await;
    for polls in 0..100 {
        let done = cut(call(), polls).await;
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' \
             AND pid <> pg_backend_pid()";
        until("an idle server", async || aside.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0).await;
        let stored = count(database).await;
        assert!(stored == 0 || stored == 2, "half done: {stored}");
        run(database, Access::Write, &["DELETE FROM t"]).await.unwrap();
        if done {
            return;
        }
    }
    panic!("it never came to its end");
}

#[test]
fn several_writes() {
    on_database(|own| async move {
        let database = own.open().await;
        let both = ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"];
        at_every_await(&own, &database, || run(&database, Access::Atomic, &both)).await;
        at_every_await(&own, &database, || run(&database, Access::Write, &["INSERT INTO t VALUES (1), (2)"])).await;
    });
}

#[test]
fn reads_shared_and_not() {
    on_database(|own| async move {
        let database = own.open().await;
        at_every_await(&own, &database, || run(&database, Access::Read, &["SELECT 1"])).await;
        at_every_await(&own, &database, || {
            run(&database, Access::Read, &["SELECT x FROM generate_series(1, 99999) x"])
        })
        .await;
        at_every_await(&own, &database, || run(&database, Access::Snapshot, &["SELECT 2", "SELECT 3"])).await;
    });
}

#[test]
fn transactions_with_what_runs_in_them() {
    on_database(|own| async move {
        let database = own.open().await;
        at_every_await(&own, &database, || async {
            let open = database.open_transaction(TransactionOptions::default(), None).await?;
            open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)"])).await?;
            let inner = open.open_inside(None).await?;
            inner.run_work(Access::Atomic, None, Sql(vec!["SELECT 2", "INSERT INTO t VALUES (2)"])).await?;
            inner.commit(None).await?;
            drop(inner);
            open.commit(None).await
        })
        .await;
    });
}

#[test]
fn a_call_that_is_cut_off_in_a_transaction_is_undone_alone() {
    on_database(|own| async move {
        let database = own.open().await;
        for polls in 0..20 {
            let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
            open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)"])).await.unwrap();
            let more = Sql(vec!["INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)"]);
            let done = cut(open.run_work(Access::Atomic, None, more), polls).await;
            open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (4)"])).await.unwrap();
            open.commit(None).await.unwrap();
            assert_eq!(count(&database).await, if done { 4 } else { 2 }, "after {polls} polls");
            run(&database, Access::Write, &["DELETE FROM t"]).await.unwrap();
            if done {
                return;
            }
        }
        panic!("it never came to its end");
    });
}

#[test]
fn a_long_statement_that_nobody_waits_for_is_stopped() {
    on_database(|own| async move {
        let database = own.open().await;
        let sleeping = run(&database, Access::Write, &["SELECT 2::bigint FROM pg_sleep(60)"]);
        assert!(tokio::time::timeout(Duration::from_millis(100), sleeping).await.is_err());
        let aside = own.aside().await;
        let active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'";
        until("the end of the sleep", async || aside.query_one(active, &[]).await.unwrap().get::<_, i64>(0) == 0).await;
        // What tells the server to stop may reach it later, and must not stop what another call asks.
        until("the end of the connection", async || database.pool().open_and_idle().0 == 0).await;
        assert_eq!(count(&database).await, 0);
        let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
        let sleeping = open.run_work(Access::Read, None, Sql(vec!["SELECT 2::bigint FROM pg_sleep(60)"]));
        assert!(tokio::time::timeout(Duration::from_millis(100), sleeping).await.is_err());
        open.rollback().await.unwrap();
        let next = database.pool().acquire().await.unwrap();
        assert!(next.is_clean() && !next.is_lost());
    });
}

#[test]
fn a_transaction_whose_inner_commit_is_cut_off_is_not_rolled_back_in_secret() {
    on_database(|own| async move {
        let database = own.open().await;
        for polls in 0..3 {
            let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
            open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)"])).await.unwrap();
            let inner = open.open_inside(None).await.unwrap();
            inner.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (2)"])).await.unwrap();
            cut(inner.commit(None), polls).await;
            drop(inner);
            open.commit(None).await.unwrap();
            let stored = count(&database).await;
            assert!(stored == 1 || stored == 2, "committed, and {stored} rows are stored after {polls} polls");
            run(&database, Access::Write, &["DELETE FROM t"]).await.unwrap();
        }
    });
}
