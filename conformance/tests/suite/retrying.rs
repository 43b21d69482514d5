//! Transactions that lose against others and run again, and those that must not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use macro_rules_attribute::apply;
use relata::{Error, Isolation, Result};
use relata_conformance::database::{Database, Place};
use relata_conformance::shop::{Db, NewCustomer, OrderPatch, customer, order};
use relata_conformance::{on_every_database, on_shared_databases};

use crate::support::{code, shop};

fn patch(quantity: i64) -> OrderPatch {
    OrderPatch { quantity: Some(quantity), ..Default::default() }
}

#[apply(on_shared_databases)]
async fn what_loses_runs_again_until_it_is_done(at: &Database) {
    let (db, _) = shop(at).await;
    let runs = Arc::new(AtomicU32::new(0));
    let raise = async |db: &Db, runs: &AtomicU32| {
        db.transaction(async |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            let quantity = tx.orders().get(1).await?.quantity;
            tokio::time::sleep(Duration::from_millis(2)).await;
            tx.orders().patch_by_id(1, patch(quantity + 1)).await?;
            Ok::<_, Error>(())
        })
        .isolation(Isolation::Serializable)
        .retry(100)
        .await
    };
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (db, runs) = (db.clone(), Arc::clone(&runs));
            tokio::spawn(async move { raise(&db, &runs).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(db.orders().get(1).await.unwrap().quantity, 7, "each of them is stored once");
    assert!(runs.load(Ordering::Relaxed) >= 6);
    if at.place() != Place::Sqlite {
        assert!(runs.load(Ordering::Relaxed) > 6, "some lost");
    }
}

#[apply(on_shared_databases)]
async fn those_that_wait_for_one_another_both_get_through(at: &Database) {
    let (db, _) = shop(at).await;
    let both = tokio::sync::Barrier::new(2);
    let cross = async |one: i64, other: i64| {
        db.transaction(async |tx| {
            tx.orders().patch_by_id(one, patch(50)).await?;
            let _ = tokio::time::timeout(Duration::from_millis(200), both.wait()).await;
            tx.orders().patch_by_id(other, patch(50)).await?;
            Ok::<_, Error>(())
        })
        .retry(10)
        .await
    };
    let (one, other) = tokio::join!(cross(1, 2), cross(2, 1));
    one.unwrap();
    other.unwrap();
}

#[apply(on_every_database)]
async fn what_is_refused_for_good_runs_once(at: &Database) {
    let (db, _) = shop(at).await;
    let runs = AtomicU32::new(0);
    let run = |runs: &AtomicU32| runs.fetch_add(1, Ordering::Relaxed);
    let missing = db.transaction(async |tx| {
        run(&runs);
        tx.orders().get(99).await
    });
    assert_eq!(code(missing.retry(5).await), "not_found");
    let taken = db.transaction(async |tx| {
        run(&runs);
        tx.customers().create(NewCustomer::new("Ann", "ann@x")).await
    });
    assert_eq!(code(taken.retry(5).await), "conflict");
    // What the program calls retryable itself is its own affair.
    let own = db.transaction(async |_| {
        run(&runs);
        Err::<(), _>(Error::Serialization { message: "made up".to_owned() })
    });
    assert_eq!(code(own.retry(5).await), "serialization");
    assert_eq!(runs.load(Ordering::Relaxed), 3);
}

#[derive(Debug)]
enum Mine {
    Full,
    Refused,
}

impl From<Error> for Mine {
    fn from(_: Error) -> Self {
        Self::Refused
    }
}

#[apply(on_shared_databases)]
async fn a_lock_that_goes_between_two_attempts_is_no_error(at: &Database) {
    let db: Db = at.open_with(|builder| builder.busy_timeout(Duration::from_millis(50))).await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    let mut other = at.intruder().await.unwrap();
    other.lock("customers").await.unwrap();
    let (runs, name) = (AtomicU32::new(0), "Bob".to_owned());
    // What is captured by value is cloned, and the closure's errors are of any type.
    let create = {
        let runs = &runs;
        db.transaction(async move |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            let email = format!("{name}@x");
            tx.customers().create(NewCustomer::new(name, email)).await?;
            Ok::<_, Mine>(())
        })
    };
    let gone = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        other.run("COMMIT").await.unwrap();
    };
    let (created, ()) = tokio::join!(create.retry(1000).into_future(), gone);
    created.unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 2);
    // Once nothing is in the way, an error of the closure's own is its last word.
    let full = db.transaction(async |_| {
        runs.store(0, Ordering::Relaxed);
        Err::<(), _>(Mine::Full)
    });
    assert!(matches!(full.retry(3).await, Err(Mine::Full)));
}

#[apply(on_shared_databases)]
async fn attempts_are_used_up_and_the_last_refusal_is_told(at: &Database) {
    let db: Db = at.open_with(|builder| builder.busy_timeout(Duration::from_millis(30))).await.unwrap();
    let mut other = at.intruder().await.unwrap();
    other.lock("customers").await.unwrap();
    let create = |times| {
        let create = db.transaction(async |tx| tx.customers().create(NewCustomer::new("Ann", "ann@x")).await);
        create.retry(times)
    };
    let refused = create(2).await.unwrap_err();
    assert!(refused.is_retryable(), "{refused}");
    assert!(refused.to_string().contains("`.retry(n)`"), "{refused}");
    // A deadline ends it however many are left.
    let late = create(u32::MAX).deadline(Duration::from_millis(400)).await.unwrap_err();
    assert!(["serialization", "timeout"].contains(&late.code()), "{late}");
    other.run("COMMIT").await.unwrap();
    create(0).await.unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
}

#[apply(on_shared_databases)]
async fn a_refusal_that_the_closure_got_over_is_no_reason_to_run_again(at: &Database) {
    let db: Db = at.open_with(|builder| builder.busy_timeout(Duration::from_millis(30))).await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    let mut other = at.intruder().await.unwrap();
    let runs = AtomicU32::new(0);
    if at.place() != Place::Sqlite {
        other.lock("customers").await.unwrap();
    }
    let run = db.transaction(async |tx| {
        runs.fetch_add(1, Ordering::Relaxed);
        let inner = tx.transaction(async |tx| tx.customers().create(NewCustomer::new("Bob", "bob@x")).await);
        assert_eq!(inner.await.is_err(), at.place() != Place::Sqlite);
        // The savepoint is gone, and the transaction goes on.
        tx.orders().count(order::all()).await?;
        Err::<(), _>(Error::NotFound { model: "Order", id: None })
    });
    let result: Result<()> = run.retry(5).await;
    assert_eq!(code(result), "not_found");
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[cfg(test)]
mod blocking {
    use super::*;

    #[apply(on_shared_databases)]
    fn it_runs_again_without_an_async_runtime(at: &Database) {
        let db: Db = Db::connect(&at.url()).wait().unwrap();
        db.create_tables().wait().unwrap();
        db.customers().create(NewCustomer::new("Ann", "ann@x")).wait().unwrap();
        let raise = |db: &Db| {
            let raise = db.transaction(async |tx| {
                let ann = tx.customers().get(1).await?;
                std::thread::sleep(Duration::from_millis(2));
                let count = ann.name.len() + 1;
                tx.customers().replace(customer_named(ann, "A".repeat(count))).await?;
                Ok::<_, Error>(())
            });
            raise.isolation(Isolation::Serializable).retry(100).wait()
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| raise(&db).unwrap())).collect();
            for thread in threads {
                thread.join().unwrap();
            }
        });
        assert_eq!(db.customers().get(1).wait().unwrap().name.len(), 7);
    }

    fn customer_named(
        customer: relata_conformance::shop::Customer,
        name: String,
    ) -> relata_conformance::shop::Customer {
        relata_conformance::shop::Customer { name, ..customer }
    }
}
