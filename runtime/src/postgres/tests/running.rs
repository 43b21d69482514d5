//! Accesses, transactions and savepoints.

use super::*;
use crate::driver::{Isolation, Transaction, TransactionOptions};
use crate::postgres::transaction::OpenTransaction;

async fn begin(database: &Database) -> OpenTransaction {
    database.open_transaction(TransactionOptions::default(), None).await.unwrap()
}

async fn within(open: &OpenTransaction, access: Access, sql: &[&'static str]) -> Result<Vec<i64>> {
    open.run_work(access, None, Sql(sql.to_vec())).await
}

#[test]
fn several_writes_are_all_or_nothing() {
    on_database(|own| async move {
        let database = own.open().await;
        run(&database, Access::Atomic, &["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]).await.unwrap();
        let twice = ["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)"];
        let error = run(&database, Access::Atomic, &twice).await.unwrap_err();
        assert!(message(&error, "driver").contains("t_pkey"), "{error}");
        assert_eq!(count(&database).await, 2);
        let error = run(&database, Access::Snapshot, &["SELECT 2", "INSERT INTO t VALUES (4)"]).await.unwrap_err();
        assert!(message(&error, "unavailable").contains("read-only"), "{error}");
        assert_eq!(count(&database).await, 2);
    });
}

#[test]
fn a_transaction_is_kept_when_committed_and_gone_otherwise() {
    on_database(|own| async move {
        let database = own.open().await;
        let committed = begin(&database).await;
        within(&committed, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        assert_eq!(count(&database).await, 0, "not seen before it is committed");
        committed.commit(None).await.unwrap();
        assert_eq!(count(&database).await, 1);
        for again in [committed.commit(None), committed.rollback()] {
            let error = message(&again.await.unwrap_err(), "driver");
            assert!(error.contains("the transaction has ended"), "{error}");
        }
        assert!(within(&committed, Access::Read, &["SELECT 2"]).await.is_err());

        let open = begin(&database).await;
        within(&open, Access::Write, &["INSERT INTO t VALUES (2)"]).await.unwrap();
        open.rollback().await.unwrap();
        let open = begin(&database).await;
        within(&open, Access::Write, &["INSERT INTO t VALUES (3)"]).await.unwrap();
        drop(open);
        // Its lock on the row is gone as soon as the connection is back.
        run(&database, Access::Write, &["INSERT INTO t VALUES (3)"]).await.unwrap();
        assert_eq!(count(&database).await, 2);
        begin(&database).await.commit(None).await.unwrap();
        begin(&database).await.rollback().await.unwrap();
    });
}

#[test]
fn a_refused_call_in_a_transaction_undoes_itself_only() {
    on_database(|own| async move {
        let database = own.open().await;
        let open = begin(&database).await;
        within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        let again = within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).await;
        assert!(message(&again.unwrap_err(), "driver").contains("t_pkey"));
        within(&open, Access::Atomic, &["INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (1)"]).await.unwrap_err();
        within(&open, Access::Atomic, &["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (4)"]).await.unwrap();
        assert_eq!(within(&open, Access::Snapshot, &["SELECT x FROM t ORDER BY x"]).await.unwrap(), [1, 3, 4]);
        open.commit(None).await.unwrap();
        assert_eq!(count(&database).await, 3);
    });
}

#[test]
fn transactions_nest_to_any_depth() {
    on_database(|own| async move {
        let database = own.open().await;
        let outer = begin(&database).await;
        let first = outer.open_inside(None).await.unwrap();
        let deeper = first.open_inside(None).await.unwrap();
        within(&deeper, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        deeper.commit(None).await.unwrap();
        drop(deeper);
        first.commit(None).await.unwrap();
        drop(first);
        for (n, keep) in [("INSERT INTO t VALUES (2)", false), ("INSERT INTO t VALUES (3)", true)] {
            let inner = outer.open_inside(None).await.unwrap();
            within(&inner, Access::Write, &[n]).await.unwrap();
            if keep { inner.commit(None).await.unwrap() } else { inner.rollback().await.unwrap() }
        }
        let dropped = outer.open_inside(None).await.unwrap();
        within(&dropped, Access::Write, &["INSERT INTO t VALUES (4)"]).await.unwrap();
        drop(dropped);
        // Nothing ran in this one: it is not even begun.
        outer.open_inside(None).await.unwrap().commit(None).await.unwrap();
        drop(outer.open_inside(None).await.unwrap());
        assert_eq!(within(&outer, Access::Read, &["SELECT x FROM t ORDER BY x"]).await.unwrap(), [1, 3]);
        outer.commit(None).await.unwrap();
        assert_eq!(count(&database).await, 2);
    });
}

#[test]
fn isolation_and_read_only_are_as_asked() {
    on_database(|own| async move {
        let database = own.open().await;
        let levels = [
            (None, "SELECT (current_setting('transaction_isolation') = 'read committed')::int"),
            (
                Some(Isolation::ReadCommitted),
                "SELECT (current_setting('transaction_isolation') = 'read committed')::int",
            ),
            (
                Some(Isolation::RepeatableRead),
                "SELECT (current_setting('transaction_isolation') = 'repeatable read')::int",
            ),
            (Some(Isolation::Serializable), "SELECT (current_setting('transaction_isolation') = 'serializable')::int"),
        ];
        for (isolation, sql) in levels {
            for read_only in [false, true] {
                let open = database.open_transaction(TransactionOptions { isolation, read_only }, None).await.unwrap();
                assert_eq!(within(&open, Access::Read, &[sql]).await.unwrap(), [1], "{isolation:?}");
                let written = within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).await;
                assert_eq!(written.map_err(|error| error.code()).err(), read_only.then_some("unavailable"));
                within(&open, Access::Read, &["SELECT 2"]).await.unwrap();
                open.rollback().await.unwrap();
            }
        }
    });
}

#[test]
fn who_loses_against_another_transaction_may_try_again() {
    on_database(|own| async move {
        let database = own.open().await;
        run(&database, Access::Write, &["INSERT INTO t VALUES (1), (2)"]).await.unwrap();
        let options = TransactionOptions { isolation: Some(Isolation::Serializable), read_only: false };
        let one = database.open_transaction(options, None).await.unwrap();
        let other = database.open_transaction(options, None).await.unwrap();
        within(&one, Access::Read, &["SELECT sum(x)::bigint FROM t"]).await.unwrap();
        within(&other, Access::Read, &["SELECT sum(x)::bigint FROM t"]).await.unwrap();
        within(&one, Access::Write, &["INSERT INTO t VALUES (3)"]).await.unwrap();
        one.commit(None).await.unwrap();
        let lost = match within(&other, Access::Write, &["INSERT INTO t VALUES (4)"]).await {
            Ok(_) => other.commit(None).await.unwrap_err(),
            Err(error) => error,
        };
        assert!(lost.is_retryable(), "{lost}");
        assert_eq!(count(&database).await, 3);
    });
}

#[test]
fn a_failed_transaction_is_not_called_committed() {
    on_database(|own| async move {
        let database = own.open().await;
        let open = begin(&database).await;
        within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        let error = within(&open, Access::Read, &["SELECT x / 0 FROM t"]).await.unwrap_err();
        assert!(message(&error, "driver").contains("division by zero"), "{error}");
        let error = within(&open, Access::Write, &["INSERT INTO t VALUES (2)"]).await.unwrap_err();
        assert!(message(&error, "driver").contains("rolled back by the database"), "{error}");
        let error = open.commit(None).await.unwrap_err();
        assert!(message(&error, "driver").contains("rolled back by the database"), "{error}");
        drop(open);
        assert_eq!(count(&database).await, 0);
    });
}

#[test]
fn a_commit_without_an_answer_is_unknown() {
    on_database(|own| async move {
        let aside = own.aside().await;
        let slow_commit = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'; \
             CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()";
        aside.batch_execute(slow_commit).await.unwrap();
        let database = own.open().await;
        let open = begin(&database).await;
        within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        let committing = tokio::spawn(async move { open.commit(None).await });
        let kill =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'";
        until("the commit", async || aside.query_one(kill, &[]).await.unwrap().get::<_, i64>(0) > 0).await;
        let error = committing.await.unwrap().unwrap_err();
        assert!(message(&error, "commit_unknown").contains("may be stored, or not"), "{error}");

        // Lost before, it is certain.
        let open = begin(&database).await;
        within(&open, Access::Read, &["SELECT 2"]).await.unwrap();
        let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        aside.query_one(kill, &[]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let error = open.commit(None).await.unwrap_err();
        assert!(message(&error, "unavailable").contains("rolled back"), "{error}");
        drop(open);
        // Connections that the server closed are not handed out again.
        assert_eq!(count(&database).await, 0);
    });
}

#[test]
fn sixteen_tasks_read_and_write_on_four_connections() {
    on_database(|own| async move {
        let database = std::sync::Arc::new(own.open().await);
        let tasks = (0..16).map(|_| {
            let database = std::sync::Arc::clone(&database);
            tokio::spawn(async move {
                for _ in 0..25 {
                    let twice = "INSERT INTO t SELECT coalesce(max(x), 0) + 1 FROM t ON CONFLICT DO NOTHING";
                    run(&database, Access::Atomic, &["LOCK TABLE t", twice, twice]).await.unwrap();
                    let counts = ["SELECT count(*) FROM t", "SELECT count(*) FROM t"];
                    let seen = run(&database, Access::Snapshot, &counts).await.unwrap();
                    assert!(seen[0] == seen[1] && seen[0] % 2 == 0, "{seen:?}");
                    assert_eq!(run(&database, Access::Read, &["SELECT 1::bigint"]).await.unwrap(), [1]);
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(count(&database).await, 800);
        let (open, _) = database.pool().open_and_idle();
        assert!(open <= 4, "{open}");
    });
}
