//! Connections that reads of many tasks share.

use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::driver::TransactionOptions;

const BACKENDS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";

#[test]
fn reads_of_many_tasks_take_two_connections() {
    on_database(|own| async move {
        let database = Arc::new(own.open_with(Settings { max_connections: Some(8), ..settings() }).await);
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
        let read = |_| {
            let database = Arc::clone(&database);
            tokio::spawn(async move {
                for _ in 0..200 {
                    assert_eq!(run(&database, Access::Read, &["SELECT 1::bigint"]).await.unwrap(), [1]);
                }
            })
        };
        for task in (0..16).map(read).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert!(run(&database, Access::Read, &[BACKENDS]).await.unwrap()[0] <= 8);
        // Transactions are not kept waiting by what is shared, nor reads by transactions.
        let mut open = Vec::new();
        for _ in 0..6 {
            open.push(database.open_transaction(TransactionOptions::default(), None).await.unwrap());
        }
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
    });
}

#[test]
fn a_slow_read_is_passed_by() {
    on_database(|own| async move {
        let database = Arc::new(own.open_with(Settings { max_connections: Some(8), ..settings() }).await);
        let slow = Arc::clone(&database);
        // Brief by its looks only.
        let slow = tokio::spawn(async move { run(&slow, Access::Read, &["SELECT 1 FROM pg_sleep(1)"]).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let start = Instant::now();
        for _ in 0..50 {
            run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
        }
        assert!(start.elapsed() < Duration::from_millis(700), "{:?}", start.elapsed());
        slow.await.unwrap().unwrap();
    });
}

#[test]
fn a_shared_connection_that_is_lost_is_replaced() {
    on_database(|own| async move {
        let database = own.open().await;
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
        let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        own.aside().await.query_one(kill, &[]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
        own.aside().await.query_one(kill, &[]).await.unwrap();
        // Whoever is faster than the news of it is told.
        let error = run(&database, Access::Read, &["SELECT 1 FROM pg_sleep(0.2)"]).await;
        assert!(error.map_err(|error| error.code()).err().is_none_or(|code| code == "unavailable"));
        tokio::time::sleep(Duration::from_millis(50)).await;
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
    });
}

#[test]
fn nothing_is_shared_where_the_user_says_so() {
    on_database(|own| async move {
        let settings = Settings { share_reads: false, max_connections: Some(1), ..settings() };
        let database = own.open_with(settings).await;
        run(&database, Access::Read, &["SELECT 1"]).await.unwrap();
        assert_eq!(database.pool().open_and_idle(), (1, 1));
    });
}

#[test]
fn a_table_that_changes_does_not_break_prepared_statements() {
    on_database(|own| async move {
        let database = own.open_with(Settings { max_connections: Some(1), ..settings() }).await;
        let aside = own.aside().await;
        aside.batch_execute("INSERT INTO t VALUES (7)").await.unwrap();
        for change in ["ALTER TABLE t ADD y bigint", "ALTER TABLE t DROP y", "ALTER TABLE t ALTER x TYPE integer"] {
            assert_eq!(run(&database, Access::Read, &["SELECT * FROM t"]).await.unwrap(), [7]);
            aside.batch_execute(change).await.unwrap();
        }
        assert_eq!(run(&database, Access::Read, &["SELECT * FROM t"]).await.unwrap(), [7]);
    });
}
