//! Transactions, isolation, locks and panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::driver::{Driver, Isolation, Transaction, TransactionOptions};
use crate::mysql::transaction::OpenTransaction;

fn begin(database: &Database) -> OpenTransaction {
    block_on(database.open_transaction(TransactionOptions::default(), None)).unwrap()
}

fn within(open: &OpenTransaction, access: Access, statements: &[&str]) -> Result<Vec<i64>> {
    block_on(open.run_work(access, None, sql(statements)))
}

#[test]
fn several_writes_are_all_or_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    run(&database, Access::Atomic, &["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]).unwrap();
    run(&database, Access::Atomic, &["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)"]).unwrap_err();
    assert_eq!(count(&database), 2);
    run(&database, Access::Snapshot, &["INSERT INTO t VALUES (9)"]).unwrap_err();
    assert_eq!(count(&database), 2);
}

#[test]
fn statements_are_prepared_again_after_many_others() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.open();
    let texts: Vec<String> = (0..300).map(|n| format!("SELECT {n}")).collect();
    let both = [&texts[..], &texts[..]].concat();
    let answers = block_on(database.run_work(Access::Snapshot, None, Sql(both))).unwrap();
    assert_eq!(answers, (0..300).chain(0..300).collect::<Vec<_>>());
}

#[test]
fn a_transaction_is_kept_when_committed_and_gone_otherwise() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let insert = |sql| {
        let open = begin(&database);
        within(&open, Access::Write, &[sql]).unwrap();
        open
    };
    let committed = insert("INSERT INTO t VALUES (1)");
    assert_eq!(count(&database), 0, "not seen before it is committed");
    block_on(committed.commit(None)).unwrap();
    assert_eq!(count(&database), 1);
    for again in [committed.commit(None), committed.rollback()] {
        let error = message(&block_on(again).unwrap_err(), "driver");
        assert!(error.contains("the transaction has ended"), "{error}");
    }
    assert!(within(&committed, Access::Read, &["SELECT 1"]).is_err());
    block_on(insert("INSERT INTO t VALUES (2)").rollback()).unwrap();
    drop(insert("INSERT INTO t VALUES (3)"));
    // Another connection is not kept waiting for what was dropped.
    run(&database, Access::Write, &["INSERT INTO t VALUES (3)"]).unwrap();
    assert_eq!(count(&database), 2);
}

#[test]
fn a_failed_call_in_a_transaction_undoes_itself_only() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let open = begin(&database);
    within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
    within(&open, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap_err();
    within(&open, Access::Atomic, &["INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (1)"]).unwrap_err();
    within(&open, Access::Atomic, &["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (4)"]).unwrap();
    assert_eq!(within(&open, Access::Snapshot, &["SELECT x FROM t ORDER BY x"]).unwrap(), [1, 3, 4]);
    block_on(open.commit(None)).unwrap();
    assert_eq!(count(&database), 3);
}

#[test]
fn transactions_inside_of_transactions_are_undone_by_themselves() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let outer = begin(&database);
    within(&outer, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
    for (n, end) in ["commit", "rollback", "drop"].iter().enumerate() {
        let inner = block_on(outer.open_inside(None)).unwrap();
        within(&inner, Access::Write, &[&format!("INSERT INTO t VALUES ({})", 10 + n)]).unwrap();
        let innermost = block_on(inner.open_inside(None)).unwrap();
        within(&innermost, Access::Atomic, &[&format!("INSERT INTO t VALUES ({})", 20 + n)]).unwrap();
        match *end {
            "commit" => {
                block_on(innermost.commit(None)).unwrap();
                block_on(inner.commit(None)).unwrap();
            }
            "rollback" => {
                block_on(innermost.commit(None)).unwrap();
                block_on(inner.rollback()).unwrap();
            }
            _ => {
                drop(innermost);
                drop(inner);
            }
        }
    }
    assert_eq!(within(&outer, Access::Read, &["SELECT x FROM t ORDER BY x"]).unwrap(), [1, 10, 20]);
    block_on(outer.commit(None)).unwrap();
    assert_eq!(count(&database), 3);
}

#[test]
fn isolation_and_reading_only_are_as_asked() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let levels = [(Some(Isolation::ReadCommitted), [0, 1]), (Some(Isolation::RepeatableRead), [0, 0]), (None, [0, 0])];
    for (isolation, seen) in levels {
        run(&database, Access::Write, &["DELETE FROM t"]).unwrap();
        let options = TransactionOptions { isolation, read_only: true };
        let open = block_on(database.open_transaction(options, None)).unwrap();
        let before = within(&open, Access::Read, &["SELECT COUNT(*) FROM t"]).unwrap();
        run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).unwrap();
        let after = within(&open, Access::Read, &["SELECT COUNT(*) FROM t"]).unwrap();
        assert_eq!([before[0], after[0]], seen, "{isolation:?}");
        let error = within(&open, Access::Write, &["INSERT INTO t VALUES (2)"]).unwrap_err();
        assert!(message(&error, "unavailable").contains("READ ONLY"), "{error}");
        block_on(open.rollback()).unwrap();
    }
    // Serializable readers lock what they read.
    let options = TransactionOptions { isolation: Some(Isolation::Serializable), read_only: false };
    let open = block_on(database.open_transaction(options, None)).unwrap();
    within(&open, Access::Read, &["SELECT COUNT(*) FROM t"]).unwrap();
    let blocked = ["SET SESSION innodb_lock_wait_timeout = 1", "INSERT INTO t VALUES (7)"];
    let error = run(&database, Access::Write, &blocked).unwrap_err();
    assert!(error.is_retryable() && message(&error, "serialization").contains("lock"), "{error}");
    block_on(open.commit(None)).unwrap();
}

#[test]
fn the_one_that_loses_a_deadlock_is_told_and_stays_told() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    run(&database, Access::Write, &["INSERT INTO t VALUES (1), (2)"]).unwrap();
    let (one, other) = (begin(&database), begin(&database));
    within(&one, Access::Write, &["UPDATE t SET x = 11 WHERE x = 1"]).unwrap();
    within(&other, Access::Write, &["UPDATE t SET x = 12 WHERE x = 2"]).unwrap();
    let results = std::thread::scope(|scope| {
        let crossing = |open, statement: &'static str| scope.spawn(move || within(open, Access::Write, &[statement]));
        let first = crossing(&one, "UPDATE t SET x = 21 WHERE x = 2");
        let second = crossing(&other, "UPDATE t SET x = 22 WHERE x = 1");
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1, "{results:?}");
    for (open, result) in [&one, &other].into_iter().zip(&results) {
        match result {
            Ok(_) => block_on(open.commit(None)).unwrap(),
            Err(error) => {
                assert!(message(error, "serialization").contains("waited for each other"), "{error}");
                let again = within(open, Access::Read, &["SELECT 1"]).unwrap_err();
                assert!(message(&again, "serialization").contains("rolled back by the database"), "{again}");
                assert_eq!(block_on(open.commit(None)).unwrap_err().code(), "serialization");
            }
        }
    }
    drop((one, other));
    assert_eq!(count(&database), 2);
}

#[test]
fn calls_side_by_side_in_a_transaction_take_turns() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let open = begin(&database);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let open = &open;
            scope.spawn(move || within(open, Access::Write, &[&format!("INSERT INTO t VALUES ({n})")]).unwrap());
        }
    });
    block_on(open.commit(None)).unwrap();
    assert_eq!(count(&database), 8);
}

/// Statements, and then a panic.
struct Panics(&'static str);

impl Work for Panics {
    type Answer = ();

    async fn run(self, session: &mut dyn Session) -> Result<()> {
        session.execute(self.0, &[]).await?;
        panic!("in the middle");
    }
}

#[test]
fn a_panic_goes_to_the_caller_and_leaves_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        block_on(database.run_work(Access::Atomic, None, Panics("INSERT INTO t VALUES (1)")))
    }));
    assert!(panicked.is_err());
    run(&database, Access::Atomic, &["INSERT INTO t VALUES (1)"]).unwrap();
    assert_eq!(count(&database), 1);
}

#[test]
fn tables_are_not_created_inside_of_a_transaction() {
    let Some(scratch) = Scratch::new() else { return };
    let database = scratch.with_table();
    let open = begin(&database);
    let error = block_on(open.create_tables(&[])).unwrap_err();
    assert!(message(&error, "driver").contains("outside of transactions"), "{error}");
}

#[test]
fn every_runtime_serves_and_none_does() {
    use std::sync::Arc;
    use tokio::runtime::Builder;

    async fn work(database: Arc<Database>) {
        let error = database.run_work(Access::Write, None, sql(&["SELECT * FROM missing"])).await.unwrap_err();
        assert!(message(&error, "driver").contains("create_tables"), "{error}");
        let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
        open.run_work(Access::Write, None, sql(&["INSERT INTO t SELECT COALESCE(MAX(x), 0) + 1 FROM t"]))
            .await
            .unwrap();
        open.commit(None).await.unwrap();
    }

    let Some(scratch) = Scratch::new() else { return };
    let database = Arc::new(scratch.with_table());
    block_on(work(Arc::clone(&database)));
    let many = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let one = Builder::new_current_thread().enable_all().build().unwrap();
    for runtime in [&many, &one] {
        runtime.block_on(work(Arc::clone(&database)));
        runtime.block_on(async { tokio::spawn(work(Arc::clone(&database))).await.unwrap() });
    }
    assert_eq!(count(&database), 5);
}
