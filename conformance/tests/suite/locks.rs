//! Rows that stay locked until a transaction ends, and what becomes of those who meet them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use macro_rules_attribute::apply;
use relata::{Error, Isolation};
use relata_conformance::database::{Database, Place};
use relata_conformance::references::{self, NewTag, NewUser, tag};
use relata_conformance::shop::{CustomerPatch, Order, OrderPatch, Tx, customer, order};
use relata_conformance::{on_every_database, on_servers};
use tokio::sync::oneshot;

use crate::support::{items, shop};

fn ids(rows: &[Order]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

/// What a second transaction does while the first holds its locks. Of rows that do not match, MariaDB keeps locks at the
/// level of its own.
macro_rules! meanwhile {
    ($db:expr, async |$first:ident| $locks:block, async |$second:ident| $meets:block $(,)?) => {
        let (locked, has_locked) = oneshot::channel();
        let (end, ends) = oneshot::channel::<()>();
        let holder = async {
            let held = $db.transaction(async |$first| {
                $locks
                let _ = locked.send(());
                let _ = ends.await;
                Ok::<_, Error>(())
            });
            held.isolation(Isolation::ReadCommitted).await.unwrap();
        };
        let meets = async {
            has_locked.await.unwrap();
            let met = $db.transaction(async |$second| {
                $meets
                Ok::<_, Error>(())
            });
            let met = met.isolation(Isolation::ReadCommitted).await;
            let _ = end.send(());
            met.unwrap();
        };
        tokio::join!(holder, meets);
    };
}

#[apply(on_servers)]
async fn a_row_that_is_locked_is_left_out_or_refused(at: &Database) {
    let (db, _) = shop(at).await;
    meanwhile!(
        db,
        async |tx| {
            let locked = tx.orders().get(2).for_update().await?;
            assert_eq!(locked.id, 2);
        },
        async |tx| {
            let all = || tx.orders().find().order_by(order::id());
            // Who only reads reads it.
            assert_eq!(ids(&all().await?), [1, 2, 3, 4]);
            assert_eq!(ids(&all().for_update().skip_locked().await?), [1, 3, 4]);
            assert_eq!(ids(&all().for_no_key_update().skip_locked().limit(2).await?), [1, 3]);
            assert_eq!(ids(&all().for_share().skip_locked().await?), [1, 3, 4]);
            assert_eq!(tx.orders().find_by_id(2).for_share().skip_locked().await?, None);
            // A failure is undone by a transaction inside.
            for refused in [
                tx.transaction(async |tx| tx.orders().get(2).for_update().no_wait().await.map(drop)).await,
                tx.transaction(async |tx| tx.orders().find().for_share().no_wait().await.map(drop)).await,
            ] {
                let error = refused.unwrap_err();
                assert_eq!((error.code(), error.is_retryable()), ("serialization", true), "{error}");
            }
            assert_eq!(ids(&all().filter(order::id().gt(2)).for_update().no_wait().await?), [3, 4]);
        },
    );
}

#[apply(on_servers)]
async fn shared_locks_go_together(at: &Database) {
    let (db, _) = shop(at).await;
    meanwhile!(
        db,
        async |tx| {
            tx.orders().get(2).for_share().await?;
        },
        async |tx| {
            tx.orders().get(2).for_share().no_wait().await?;
            let changing = tx.transaction(async |tx| tx.orders().get(2).for_update().no_wait().await.map(drop)).await;
            assert_eq!(changing.unwrap_err().code(), "serialization");
        },
    );
}

#[apply(on_servers)]
async fn who_locks_is_waited_for(at: &Database) {
    let (db, _) = shop(at).await;
    let ended = Arc::new(AtomicBool::new(false));
    let (locked, has_locked) = oneshot::channel();
    let first = {
        let ended = Arc::clone(&ended);
        let db = &db;
        async move {
            let raise = async |tx: &Tx| {
                let row = tx.orders().get(1).for_update().await?;
                let _ = locked.send(());
                tokio::time::sleep(Duration::from_millis(300)).await;
                ended.store(true, Ordering::SeqCst);
                tx.orders().patch_by_id(1, raised(&row)).await
            };
            db.transaction(raise).await.unwrap();
        }
    };
    let second = async {
        has_locked.await.unwrap();
        let raise = async |tx: &Tx| {
            let row = tx.orders().get(1).for_update().await?;
            assert!(ended.load(Ordering::SeqCst));
            tx.orders().patch_by_id(1, raised(&row)).await
        };
        db.transaction(raise).await.unwrap();
    };
    tokio::join!(first, second);
    assert_eq!(db.orders().get(1).await.unwrap().quantity, 3);
}

fn raised(row: &Order) -> OrderPatch {
    OrderPatch { quantity: Some(row.quantity + 1), ..Default::default() }
}

#[apply(on_servers)]
async fn nothing_but_the_rows_asked_for_is_locked(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    for order in db.orders().find().await.unwrap() {
        items(&db, &order).await;
    }
    meanwhile!(
        db,
        async |tx| {
            let of_ann = order::customer().matches(customer::name().eq("Ann"));
            let find = tx
                .orders()
                .find()
                .filter(of_ann.and(order::customer_id().eq(ann.id)))
                .order_by(order::customer().order(customer::name()));
            let rows = find.include(order::customer().include(customer::account())).include(order::items());
            let rows = rows.for_update().await?;
            assert_eq!(rows.len(), 3);
            assert!(rows.iter().all(|row| row.customer.name == "Ann" && row.items.len() == 2));
        },
        async |tx| {
            assert_eq!(tx.customers().find().for_update().no_wait().await?.len(), 3);
            assert_eq!(tx.order_items().find().for_update().no_wait().await?.len(), 8);
            tx.customers().patch_by_id(ann.id, CustomerPatch { score: Some(Some(1)), ..Default::default() }).await?;
            let free = tx.orders().find().for_update().skip_locked().await?;
            assert_eq!(free.iter().map(|row| row.customer_id).collect::<Vec<_>>(), [bob.id]);
        },
    );
}

#[apply(on_every_database)]
async fn through_every_find(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.transaction(async |tx| {
        let mine = || tx.customers().orders(&ann).find();
        assert_eq!(mine().for_update().await?.len(), 3);
        assert_eq!(mine().order_by(order::id()).for_update().first().await?.unwrap().id, 1);
        assert_eq!(mine().filter(order::quantity().eq(2)).for_share().one().await?.id, 2);
        assert_eq!(tx.orders().find_by_id(1).for_no_key_update().await?.unwrap().id, 1);
        let page = mine().order_by(order::quantity()).for_update().page(None, 2).await?;
        assert_eq!((ids(&page.rows), page.next.is_some()), (vec![1, 2], true));
        let mut rows = mine().for_update().include(order::customer()).stream();
        let first = futures_util::TryStreamExt::try_next(&mut rows).await?.unwrap();
        assert_eq!(first.customer.name, "Ann");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let db: references::Db = at.open().await.unwrap();
    let tags = db.tags().create_many([NewTag::new("a"), NewTag::new("b")]).await.unwrap();
    let listed = tags.iter().map(|tag| tag.id).collect();
    let user = db.users().create(NewUser { tag_ids: Some(listed), ..NewUser::new("Ann") }).await.unwrap();
    db.transaction(async |tx| {
        assert_eq!(tx.users().tags(&user).find().for_update().await?.len(), 2);
        assert_eq!(tx.users().tags(&user).find().order_by(tag::slug().desc()).for_share().limit(1).await?[0].slug, "b");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

#[apply(on_every_database)]
async fn outside_of_a_transaction_it_is_refused(at: &Database) {
    let (db, _) = shop(at).await;
    let refused = |error: Error, said: &str| {
        assert_eq!(error.code(), "unavailable");
        assert!(error.to_string().contains(said), "{error}");
    };
    let all = || db.orders().find();
    refused(all().for_update().await.unwrap_err(), "`for_update` locks rows until the transaction ends");
    refused(db.orders().get(1).for_share().await.unwrap_err(), "`for_share`");
    refused(all().for_no_key_update().first().await.unwrap_err(), "`for_no_key_update`");
    refused(all().for_update().page(None, 1).await.unwrap_err(), "`for_update`");
    let mut rows = all().for_update().stream();
    refused(futures_util::TryStreamExt::try_next(&mut rows).await.unwrap_err(), "`for_update`");
    let read = db.transaction(async |tx| tx.orders().find().for_update().await);
    refused(read.read_only().await.unwrap_err(), "read-only: for `for_update`");
    let outcome = db
        .transaction(async |tx| {
            let all = || tx.orders().find();
            refused(all().skip_locked().await.unwrap_err(), "say which one before");
            refused(all().no_wait().await.unwrap_err(), "say which one before");
            refused(all().for_update().count().await.unwrap_err(), "only counted");
            refused(all().for_share().exists().await.unwrap_err(), "only counted");
            // Nothing was asked, so that the transaction goes on.
            assert_eq!(all().for_update().await?.len(), 4);
            Ok::<_, Error>(())
        })
        .await;
    outcome.unwrap();
}

#[apply(on_every_database)]
async fn explain_tells_the_clauses(at: &Database) {
    let (db, _) = shop(at).await;
    let (update, no_key, share) = match at.place() {
        Place::Sqlite | Place::SqliteMemory => ("", "", ""),
        Place::Postgres | Place::PostgresLinguistic => (" FOR UPDATE", " FOR NO KEY UPDATE", " FOR SHARE"),
        Place::Mysql => (" FOR UPDATE", " FOR UPDATE", " LOCK IN SHARE MODE"),
    };
    let with = |clause: &str, how: &str| if clause.is_empty() { String::new() } else { format!("{clause}{how}") };
    let find = || db.orders().find().order_by(order::id()).limit(1);
    let plain = find().explain().remove(0).sql;
    for (told, clause) in [
        (find().for_update().explain(), with(update, "")),
        (find().for_no_key_update().no_wait().explain(), with(no_key, " NOWAIT")),
        (find().for_share().skip_locked().explain(), with(share, " SKIP LOCKED")),
        // The last one said holds.
        (find().no_wait().for_share().skip_locked().for_update().explain(), with(update, " SKIP LOCKED")),
    ] {
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].sql, format!("{plain}{clause}"));
    }
    // What is included has statements of its own, which lock nothing.
    let told = find().include(order::customer()).for_update().explain();
    assert_eq!(told.iter().map(|statement| statement.path.as_str()).collect::<Vec<_>>(), ["", "customer"]);
    assert!(told[0].sql.ends_with(update) && !told[1].sql.contains(" FOR "), "{told:?}");
    assert_eq!(find().include(order::customer()).explain().len(), 1);
}
