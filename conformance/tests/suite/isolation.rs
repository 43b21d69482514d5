//! What transactions at each level of isolation are kept from: the anomalies of the SQL standard, and write skew.

use std::time::Duration;

use macro_rules_attribute::apply;
use relata::{Error, Isolation, Result};
use relata_conformance::database::Database;
use relata_conformance::on_shared_databases;
use relata_conformance::shop::{Db, NewCustomer, OrderPatch, Tx, customer, order};
use tokio::sync::oneshot;

use crate::support::{order as new_order, shop};

const LEVELS: [Isolation; 3] = [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable];

fn patch(quantity: i64) -> OrderPatch {
    OrderPatch { quantity: Some(quantity), ..Default::default() }
}

/// Whether it lost against another transaction, and may be run again.
fn is_lost<T>(result: &Result<T>) -> bool {
    matches!(result, Err(error) if error.code() == "serialization" && error.is_retryable())
}

#[apply(on_shared_databases)]
async fn nobody_reads_what_is_not_committed(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    for level in LEVELS {
        let (wrote, writes) = oneshot::channel();
        let (end, ends) = oneshot::channel::<()>();
        let writer = db.transaction(async |tx| {
            tx.orders().patch_by_id(1, patch(99)).await?;
            tx.orders().create(new_order(ann.id, 99)).await?;
            let _ = wrote.send(());
            // Where a serializable reader locks what it reads, it comes after the end.
            let _ = tokio::time::timeout(Duration::from_millis(300), ends).await;
            Err::<(), _>(Error::NotFound { model: "Order", id: None })
        });
        let reader = async {
            writes.await.unwrap();
            let read = db.transaction(async |tx| {
                let quantity = tx.orders().get(1).await?.quantity;
                Ok::<_, Error>((quantity, tx.orders().count(order::quantity().eq(99)).await?))
            });
            let seen = read.isolation(level).read_only().await;
            let _ = end.send(());
            seen
        };
        let (_, seen) = tokio::join!(writer.isolation(Isolation::ReadCommitted).into_future(), reader);
        assert_eq!(seen.unwrap(), (1, 0), "{level:?}");
    }
}

#[apply(on_shared_databases)]
async fn what_was_read_reads_the_same_again(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    for level in [Isolation::RepeatableRead, Isolation::Serializable] {
        let before = db.orders().get(1).await.unwrap().quantity;
        let count = db.orders().count(order::all()).await.unwrap();
        let (read, reads) = oneshot::channel();
        let (changed, changes) = oneshot::channel::<()>();
        let reader = db.transaction(async |tx| {
            assert_eq!(tx.orders().get(1).await?.quantity, before);
            assert_eq!(tx.orders().count(order::all()).await?, count);
            let _ = read.send(());
            // Where rows that were read are locked, the writer comes after the end.
            let _ = tokio::time::timeout(Duration::from_millis(500), changes).await;
            assert_eq!(tx.orders().get(1).await?.quantity, before, "{level:?}");
            assert_eq!(tx.orders().count(order::all()).await?, count, "{level:?}");
            let row = tx.customers().get(ann.id).include(customer::orders()).await?;
            assert!(row.orders.iter().any(|order| order.quantity == before));
            Ok::<_, Error>(())
        });
        let writer = async {
            reads.await.unwrap();
            db.orders().patch_by_id(1, patch(before + 1)).await.unwrap();
            db.orders().create(new_order(ann.id, 1)).await.unwrap();
            let _ = changed.send(());
        };
        let (seen, ()) = tokio::join!(reader.isolation(level).into_future(), writer);
        seen.unwrap();
        assert_eq!(db.orders().get(1).await.unwrap().quantity, before + 1);
    }
}

#[apply(on_shared_databases)]
async fn each_statement_at_read_committed_sees_what_is_committed(at: &Database) {
    let (db, _) = shop(at).await;
    db.transaction(async |tx| {
        let before = tx.customers().count(customer::all()).await?;
        // Another connection, unless there is one writer at a time.
        let other = db.customers().create(NewCustomer::new("Dan", "dan@x")).into_future();
        if tokio::time::timeout(Duration::from_millis(500), other).await.is_ok() {
            assert_eq!(tx.customers().count(customer::all()).await?, before + 1);
        }
        Ok::<_, Error>(())
    })
    .isolation(Isolation::ReadCommitted)
    .await
    .unwrap();
}

/// Reads, lets others read too, and writes what was read plus one; again until it is not lost.
async fn raise(db: &Db) -> u32 {
    let mut lost = 0;
    loop {
        let raised = db
            .transaction(async |tx| {
                let quantity = tx.orders().get(1).await?.quantity;
                tokio::time::sleep(Duration::from_millis(5)).await;
                tx.orders().patch_by_id(1, patch(quantity + 1)).await?;
                Ok::<_, Error>(())
            })
            .isolation(Isolation::Serializable)
            .await;
        if !is_lost(&raised) {
            raised.unwrap();
            return lost;
        }
        lost += 1;
        // Those that lost together must not meet again for ever.
        tokio::time::sleep(Duration::from_millis(u64::from(lost.min(20)) * u64::from(std::process::id() % 7 + 1)))
            .await;
    }
}

#[apply(on_shared_databases)]
async fn no_update_is_lost_among_serializable_transactions(at: &Database) {
    let (db, _) = shop(at).await;
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { raise(&db).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(db.orders().get(1).await.unwrap().quantity, 7);
}

/// Gives one of Ann's orders away if she keeps one: each sees two of them, both together leave none.
async fn give_away(db: &Db, id: i64, bob: i64) -> Result<()> {
    let give = async |tx: &Tx| {
        let kept = tx.customers().orders(1).count(order::all()).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        if kept > 1 {
            let to = OrderPatch { customer_id: Some(bob), ..Default::default() };
            tx.orders().patch_by_id(id, to).await?;
        }
        Ok::<_, Error>(())
    };
    db.transaction(give).isolation(Isolation::Serializable).await
}

#[apply(on_shared_databases)]
async fn serializable_transactions_do_not_skew_each_others_writes(at: &Database) {
    let (db, [_, bob, _]) = shop(at).await;
    db.orders().delete_by_id(3).await.unwrap();
    let (first, second) = tokio::join!(give_away(&db, 1, bob.id), give_away(&db, 2, bob.id));
    for result in [&first, &second] {
        assert!(result.is_ok() || is_lost(result), "{result:?}");
    }
    assert!(first.is_ok() || second.is_ok(), "one of them wins: {first:?} {second:?}");
    assert!(db.customers().orders(1).count(order::all()).await.unwrap() >= 1);
}

#[apply(on_shared_databases)]
async fn those_that_wait_for_one_another_are_told_apart(at: &Database) {
    let (db, _) = shop(at).await;
    let both = tokio::sync::Barrier::new(2);
    let cross = async |one: i64, other: i64| {
        db.transaction(async |tx| {
            tx.orders().patch_by_id(one, patch(50)).await?;
            // Where one writes at a time, the other has not begun.
            let _ = tokio::time::timeout(Duration::from_millis(300), both.wait()).await;
            tx.orders().patch_by_id(other, patch(50)).await?;
            Ok::<_, Error>(())
        })
        .await
    };
    let (one, other) = tokio::join!(cross(1, 2), cross(2, 1));
    assert!(one.is_ok() || other.is_ok(), "one of them wins: {one:?} {other:?}");
    for result in [one, other] {
        assert!(result.is_ok() || is_lost(&result), "{result:?}");
    }
    assert_eq!(db.orders().count(order::quantity().eq(50)).await.unwrap(), 2);
}
