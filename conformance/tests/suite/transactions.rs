//! Transactions: what is kept, what is undone, who waits for whom; and calls without an async runtime.

use std::future::{Future as _, IntoFuture as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use macro_rules_attribute::apply;
use relata::{Error, Result};
use relata_conformance::database::Database;
use relata_conformance::shop::{Db, NewCustomer, NewOrder, OrderPatch, Repositories, customer, order};
use relata_conformance::{on_every_database, on_shared_databases, on_sqlite};
use tokio::sync::oneshot;

use crate::support::{order as new_order, shop};

fn dan() -> NewCustomer {
    NewCustomer::new("Dan", "dan@x")
}

async fn count(at: &Repositories) -> u64 {
    at.customers().count(customer::all()).await.unwrap()
}

#[apply(on_every_database)]
async fn ok_commits_and_gives_the_closures_value(at: &Database) {
    let (db, _) = shop(at).await;
    let made = db
        .transaction(async |tx| {
            let dan = tx.customers().create(dan()).await?;
            tx.customers().orders(dan.id).create(customer::NewOrder::new("first", 1)).await
        })
        .await
        .unwrap();
    assert_eq!(db.orders().customer(made.id).await.unwrap().name, "Dan");
}

#[apply(on_every_database)]
async fn err_rolls_back_and_is_given_back(at: &Database) {
    #[derive(Debug)]
    enum Own {
        Mine(u32),
        Database(Error),
    }
    impl From<Error> for Own {
        fn from(error: Error) -> Self {
            Self::Database(error)
        }
    }
    let (db, _) = shop(at).await;
    let own = db
        .transaction(async |tx| {
            tx.customers().create(dan()).await?;
            Err::<(), _>(Own::Mine(7))
        })
        .await;
    assert!(matches!(own, Err(Own::Mine(7))));
    let database = db
        .transaction(async |tx| {
            tx.customers().create(dan()).await?;
            tx.orders().get(99).await?;
            Ok::<_, Own>(())
        })
        .await;
    assert!(matches!(database, Err(Own::Database(Error::NotFound { .. }))));
    assert_eq!(count(&db).await, 3);
}

#[apply(on_every_database)]
async fn reads_inside_see_the_own_writes_includes_and_accessors_too(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.transaction(async |tx| {
        let made = tx.orders().create(new_order(ann.id, 77)).await?;
        assert_eq!(tx.orders().customer(made.id).await?, ann);
        let row = tx.customers().get(ann.id).include(customer::orders()).await?;
        assert_eq!(row.orders.len(), 4);
        assert_eq!(tx.customers().count(customer::orders().any(order::quantity().eq(77))).await?, 1);
        tx.customers().orders(&ann).delete(order::quantity().ne(77)).await?;
        assert_eq!(tx.customers().orders(&ann).find().one().await?, made);
        Err::<(), _>(Error::NotFound { model: "Order", id: None })
    })
    .await
    .unwrap_err();
    assert_eq!(db.customers().orders(ann.id).count(order::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn a_refused_statement_leaves_the_transaction_usable(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.transaction(async |tx| {
        let taken = tx.customers().create(NewCustomer::new("Other", "ann@x")).await.unwrap_err();
        assert_eq!(taken.code(), "conflict");
        let many = [NewCustomer::new("E", "e@x"), NewCustomer::new("F", "ann@x")];
        assert_eq!(tx.customers().create_many(many).await.unwrap_err().code(), "conflict");
        assert_eq!(count(tx).await, 3, "all or nothing inside of a transaction too");
        tx.orders().create(new_order(ann.id, 50)).await?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(db.orders().count(order::quantity().eq(50)).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn a_panic_rolls_back(at: &Database) {
    let (db, _) = shop(at).await;
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            db.transaction(async |tx| {
                tx.customers().create(dan()).await?;
                // A panic that nobody needs to read about.
                std::panic::resume_unwind(Box::new("on purpose"));
                #[allow(unreachable_code, reason = "says what the transaction would give")]
                Ok::<_, Error>(())
            })
            .await
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(count(&db).await, 3);
    db.customers().create(dan()).await.unwrap();
}

#[apply(on_every_database)]
async fn a_dropped_transaction_is_rolled_back(at: &Database) {
    let (db, _) = shop(at).await;
    let (began, begins) = oneshot::channel();
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            db.transaction(async |tx| {
                tx.customers().create(dan()).await?;
                let _ = began.send(());
                std::future::pending::<()>().await;
                Ok::<_, Error>(())
            })
            .await
        }
    });
    begins.await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    db.customers().create(dan()).await.unwrap();
    assert_eq!(count(&db).await, 4);
}

#[apply(on_every_database)]
async fn a_call_dropped_at_any_point_is_done_whole_or_not_at_all(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let mut before = db.orders().count(order::all()).await.unwrap();
    for polls in 0..4 {
        let many = (1..=50).map(|n| new_order(ann.id, n));
        let mut call = Box::pin(db.orders().create_many(many).into_future());
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        for _ in 0..polls {
            if call.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(call);
        let after = db.orders().count(order::all()).await.unwrap();
        assert!(after == before || after == before + 50, "{before} {after}");
        before = after;
    }
    db.orders().create(new_order(ann.id, 1)).await.unwrap();
}

#[apply(on_every_database)]
async fn a_spawned_transaction_captures_by_value_by_reference_and_mutably(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let (id, orders) = tokio::spawn(async move {
        let quantities = vec![100, 101];
        let name = String::from("Dan");
        let mut made = Vec::new();
        let id = db
            .transaction(async |tx| {
                let dan = tx.customers().create(NewCustomer::new(name, "dan@x")).await?;
                for quantity in &quantities {
                    made.push(tx.orders().create(NewOrder::new(dan.id, "by reference", *quantity)).await?);
                }
                Ok::<_, Error>(dan.id)
            })
            .await?;
        assert_eq!(made.len(), quantities.len());
        Ok::<_, Error>((id, db.customers().orders(id).count(order::all()).await?))
    })
    .await
    .unwrap()
    .unwrap();
    assert!(id > ann.id);
    assert_eq!(orders, 2);
}

/// Reads, waits, writes what was read plus one: loses updates wherever two run at once.
async fn raise(db: &Db, id: i64) -> Result<()> {
    db.transaction(async |tx| {
        let quantity = tx.orders().get(id).await?.quantity;
        tokio::time::sleep(Duration::from_millis(5)).await;
        let patch = OrderPatch { quantity: Some(quantity + 1), ..Default::default() };
        tx.orders().patch_by_id(id, patch).await?;
        Ok::<_, Error>(())
    })
    .await
}

#[apply(on_sqlite)]
async fn writers_wait_for_one_another(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let order = db.orders().create(new_order(ann.id, 1)).await.unwrap();
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { raise(&db, order.id).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(db.orders().get(order.id).await.unwrap().quantity, 11);
}

#[apply(on_shared_databases)]
async fn readers_do_not_see_what_is_not_committed(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let (began, begins) = oneshot::channel();
    let (end, ends) = oneshot::channel::<()>();
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            db.transaction(async |tx| {
                tx.customers().create(dan()).await?;
                let _ = began.send(());
                let _ = ends.await;
                Ok::<_, Error>(())
            })
            .await
        }
    });
    begins.await.unwrap();
    assert_eq!(count(&db).await, 0);
    end.send(()).unwrap();
    task.await.unwrap().unwrap();
    assert_eq!(count(&db).await, 1);
}

#[apply(on_every_database)]
async fn many_tasks_read_and_write_at_once(at: &Database) {
    let db: Db = at.open_with(|builder| builder.max_connections(3)).await.unwrap();
    let done = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let (db, done) = (db.clone(), done.clone());
            tokio::spawn(async move {
                let new = NewCustomer::new(format!("c{n}"), format!("c{n}@x"));
                let made = db.customers().create(new).await?;
                let row = db.customers().get(made.id).include(customer::orders()).await?;
                assert_eq!(row.orders, []);
                done.fetch_add(1, Ordering::Relaxed);
                Ok::<_, Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!((done.load(Ordering::Relaxed), count(&db).await), (50, 50));
}

#[apply(on_every_database)]
fn everything_works_without_an_async_runtime(at: &Database) {
    let db = Db::connect(&at.url()).wait().unwrap();
    db.create_tables().wait().unwrap();
    let made = db.customers().create(dan()).wait().unwrap();
    let order = db.customers().orders(&made).create(customer::NewOrder::new("o", 1)).wait().unwrap();
    let row = db.customers().get(made.id).include(customer::orders()).wait().unwrap();
    assert_eq!(row.orders, [order.clone()]);
    assert_eq!(db.orders().customer(&order).wait().unwrap(), made);
    assert_eq!(db.customers().find().count().wait().unwrap(), 1);
    let mut local = std::rc::Rc::new(0);
    let sum = db
        .transaction(async |tx| {
            *std::rc::Rc::make_mut(&mut local) += tx.orders().create(new_order(made.id, 5)).await?.quantity;
            tx.orders().delete_by_id(99).await.unwrap_err();
            Ok::<_, Error>(*local)
        })
        .wait()
        .unwrap();
    assert_eq!(sum, 5);
    let refused = db.transaction(async |tx| tx.orders().delete_by_id(99).await).wait();
    assert_eq!(refused.unwrap_err().code(), "not_found");
    assert_eq!(db.orders().count(order::all()).wait().unwrap(), 2);
}

#[apply(on_every_database)]
fn threads_wait_for_one_another_without_an_async_runtime(at: &Database) {
    let db = Db::connect(&at.url()).wait().unwrap();
    db.create_tables().wait().unwrap();
    let owner = db.customers().create(dan()).wait().unwrap();
    std::thread::scope(|scope| {
        for n in 1..=8 {
            let (db, owner) = (&db, &owner);
            scope.spawn(move || {
                for _ in 0..5 {
                    db.transaction(async |tx| {
                        tx.customers().orders(owner).create(customer::NewOrder::new("o", n)).await
                    })
                    .wait()
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(db.orders().count(order::all()).wait().unwrap(), 40);
}
