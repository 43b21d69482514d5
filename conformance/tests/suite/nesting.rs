//! Transactions inside of transactions, and what is asked of them: isolation, and only to read.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::time::Duration;

use macro_rules_attribute::apply;
use relata::{Error, Isolation, Result};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Customer, Db, NewCustomer, OrderPatch, Repositories, Tx, customer, order};

use crate::support::{code, order as new_order, shop};

fn named(name: &str) -> NewCustomer {
    NewCustomer::new(name, format!("{name}@x"))
}

/// The names of customers made in a test, in order.
async fn made(at: &Repositories) -> Vec<String> {
    let rows = at.customers().find().filter(customer::id().gt(3)).order_by(customer::name()).await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[apply(on_every_database)]
async fn an_error_inside_undoes_what_was_done_inside(at: &Database) {
    let (db, _) = shop(at).await;
    db.transaction(async |tx| {
        tx.customers().create(named("a")).await?;
        let kept = tx.transaction(async |tx| tx.customers().create(named("b")).await).await?;
        assert_eq!(tx.customers().get(kept.id).await?, kept);
        let refused = tx
            .transaction(async |tx| {
                tx.customers().create(named("c")).await?;
                tx.customers().create(NewCustomer::new("d", "b@x")).await?;
                Ok::<_, Error>(())
            })
            .await;
        assert_eq!(code(refused), "conflict");
        assert_eq!(made(tx).await, ["a", "b"]);
        tx.customers().create(named("e")).await?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(made(&db).await, ["a", "b", "e"]);
}

#[apply(on_every_database)]
async fn what_an_inner_one_kept_goes_with_the_outer_one(at: &Database) {
    let (db, _) = shop(at).await;
    let refused = db
        .transaction(async |tx| {
            tx.transaction(async |tx| tx.customers().create(named("a")).await).await?;
            tx.customers().get(99).await
        })
        .await;
    assert_eq!(code(refused), "not_found");
    assert!(made(&db).await.is_empty());
}

/// Makes a customer and goes one deeper; every third level fails, and the one around it makes do.
fn descend(tx: &Tx, depth: u32) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
    Box::pin(async move {
        tx.customers().create(named(&format!("{depth:02}"))).await?;
        if depth == 0 {
            return Ok(());
        }
        let inner = tx
            .transaction(async |tx| {
                descend(tx, depth - 1).await?;
                if depth.is_multiple_of(3) { Err(Error::NotFound { model: "Customer", id: None }) } else { Ok(()) }
            })
            .await;
        assert_eq!(inner.is_err(), depth.is_multiple_of(3));
        Ok(())
    })
}

#[apply(on_every_database)]
async fn they_nest_to_any_depth_and_fit_a_task(at: &Database) {
    let (db, _) = shop(at).await;
    let at = db.clone();
    tokio::spawn(async move { at.transaction(async |tx| descend(tx, 20).await).await }).await.unwrap().unwrap();
    // What is below 18 went with 18's inner one.
    assert_eq!(made(&db).await, ["18", "19", "20"]);
}

#[apply(on_every_database)]
async fn one_dropped_inside_is_undone_and_the_outer_one_goes_on(at: &Database) {
    let (db, _) = shop(at).await;
    db.transaction(async |tx| {
        tx.customers().create(named("a")).await?;
        for waits in 0..6 {
            let inner = tx.transaction(async |tx| {
                for n in 0..3 {
                    tx.customers().create(named(&format!("b{n}"))).await?;
                    tokio::task::yield_now().await;
                }
                std::future::pending::<()>().await;
                Ok::<_, Error>(())
            });
            let dropped = tokio::time::timeout(Duration::from_millis(waits * 2), inner).await;
            assert!(dropped.is_err());
            assert_eq!(made(tx).await, ["a"]);
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(made(&db).await, ["a"]);
}

#[apply(on_every_database)]
fn they_nest_without_an_async_runtime(at: &Database) {
    let db = Db::connect(&at.url()).wait().unwrap();
    db.create_tables().wait().unwrap();
    let seen = db
        .transaction(async |tx| {
            tx.customers().create(named("a")).wait()?;
            // Neither closure is `Send`.
            let local = std::rc::Rc::new(named("b"));
            let inner = tx.transaction(async |tx| tx.customers().create((*local).clone()).await).wait()?;
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                let inner = tx.transaction(async |tx| {
                    tx.customers().create(named("c")).await?;
                    // A panic that nobody needs to read about.
                    resume_unwind(Box::new("on purpose"));
                    #[allow(unreachable_code, reason = "says what the transaction would give")]
                    Ok::<_, Error>(())
                });
                inner.wait()
            }));
            assert!(panicked.is_err());
            assert_eq!(inner.name, "b");
            tx.customers().count(customer::all()).await
        })
        .wait()
        .unwrap();
    assert_eq!(seen, 2);
}

#[apply(on_every_database)]
async fn calls_on_the_outer_one_wait_for_the_inner_one(at: &Database) {
    let (db, _) = shop(at).await;
    db.transaction(async |tx| {
        let inner = tx.transaction(async |inner| {
            inner.customers().create(named("a")).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            inner.customers().create(named("b")).await?;
            Err::<(), _>(Error::NotFound { model: "Customer", id: None })
        });
        let other = tx.transaction(async |inner| inner.customers().create(named("c")).await);
        let outer = async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            tx.customers().create(named("d")).await
        };
        let (inner, other, outer) = tokio::join!(inner.into_future(), other.into_future(), outer);
        assert!(inner.is_err() && other.is_ok() && outer.is_ok());
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(made(&db).await, ["c", "d"]);
}

#[apply(on_every_database)]
async fn waiting_for_oneself_ends_with_advice(at: &Database) {
    let settings = |builder: relata::Builder<_>| builder.max_connections(1).pool_timeout(Duration::from_millis(30));
    let db: Db = at.open_with(settings).await.unwrap();
    db.transaction(async |tx| {
        let inner = tx.transaction(async |_| tx.customers().create(named("a")).await).await;
        let text = inner.as_ref().unwrap_err().to_string();
        assert_eq!(code(inner), "pool_timeout");
        assert!(text.contains("a transaction inside this one") && text.contains("`tx` that it was given"), "{text}");

        let outside = [
            db.customers().create(named("b")).await.unwrap_err(),
            db.transaction(async |tx| tx.customers().create(named("c")).await).await.unwrap_err(),
            db.create_tables().await.unwrap_err(),
        ];
        for error in outside {
            assert_eq!(error.code(), "pool_timeout");
            let text = error.to_string();
            assert!(
                text.ends_with("1 transaction is open: inside of one, calls go through its `tx`, not `db`"),
                "{text}"
            );
        }
        tx.customers().create(named("d")).await
    })
    .await
    .unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn a_read_only_one_reads_and_refuses_to_write(at: &Database) {
    fn check<T: std::fmt::Debug>(refused: Result<T>) {
        let text = refused.as_ref().unwrap_err().to_string();
        assert_eq!(code(refused), "unavailable");
        assert_eq!(text, "the transaction is read-only: what is to write is begun without `.read_only()`");
    }

    let (db, [ann, ..]) = shop(at).await;
    let read = async |tx: &Tx| -> Result<Customer> {
        let row = tx.customers().get(ann.id).include(customer::orders().include(order::items())).await?;
        assert_eq!(row.orders.len(), 3);
        let patch = || OrderPatch { quantity: Some(9), ..Default::default() };
        check(tx.customers().create(named("a")).await);
        check(tx.orders().create_many([new_order(ann.id, 1), new_order(ann.id, 2)]).await);
        check(tx.orders().patch_by_id(row.orders[0].id, patch()).await);
        check(tx.orders().patch_where(order::all(), patch()).await);
        check(tx.customers().orders(&ann).delete(order::all()).await);
        check(tx.transaction(async |tx| tx.orders().delete_where(order::all()).await).await);
        assert_eq!(tx.orders().count(order::all()).await?, 4);
        Ok(row.into_customer())
    };
    assert_eq!(db.transaction(read).read_only().await.unwrap(), ann);
    for isolation in [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable] {
        assert_eq!(db.transaction(read).isolation(isolation).read_only().await.unwrap(), ann);
    }
    db.customers().create(named("b")).await.unwrap();
    assert_eq!(made(&db).await, ["b"]);
}

#[apply(on_every_database)]
async fn each_isolation_writes_and_fits_a_task(at: &Database) {
    let (db, _) = shop(at).await;
    for (n, isolation) in
        [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable].into_iter().enumerate()
    {
        let db = db.clone();
        let write = async move {
            let write = db.transaction(async |tx| tx.customers().create(named(&n.to_string())).await);
            write.isolation(isolation).await
        };
        tokio::spawn(write).await.unwrap().unwrap();
    }
    assert_eq!(made(&db).await, ["0", "1", "2"]);
}
