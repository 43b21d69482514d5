//! What a program meets at run time that is nobody's schema: locks, tables of another make, stored values of
//! another type.

use std::time::{Duration, Instant};

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::{Database, Place};
use relata_conformance::shop::{Db, NewCustomer, NewOrderItem, NewProduct, customer, order, order_item, product};
use relata_conformance::{on_every_database, on_shared_databases};

use crate::support::{code, shop};

#[apply(on_shared_databases)]
async fn a_lock_of_another_program_is_waited_for_and_then_given_up(at: &Database) {
    let patience = Duration::from_millis(500);
    let db: Db = at.open_with(|builder| builder.busy_timeout(patience).statement_timeout(patience)).await.unwrap();
    let said = if at.place() == Place::Sqlite { "serialization" } else { "timeout" };
    let mut other = at.intruder().await.unwrap();
    other.lock("customers").await.unwrap();
    let began = Instant::now();
    let busy = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap_err();
    assert_eq!(busy.code(), said);
    assert!(began.elapsed() >= Duration::from_millis(400) && began.elapsed() < Duration::from_secs(5), "{busy}");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 0, "readers go on");
    let busy = db.transaction(async |tx| tx.customers().create(NewCustomer::new("Ann", "a@x")).await).await;
    assert_eq!(code(busy), said);
    other.run("COMMIT").await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
}

#[apply(on_shared_databases)]
async fn a_lock_that_goes_in_time_is_waited_for(at: &Database) {
    let (db, _) = shop(at).await;
    let mut other = at.intruder().await.unwrap();
    other.lock("customers").await.unwrap();
    let write = tokio::spawn(async move { db.customers().create(NewCustomer::new("Dan", "d@x")).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!write.is_finished());
    other.run("COMMIT").await.unwrap();
    assert_eq!(write.await.unwrap().unwrap().name, "Dan");
}

#[apply(on_every_database)]
async fn a_pool_without_a_free_connection_times_out_and_recovers(at: &Database) {
    let (db, _) = shop(at).await;
    drop(db);
    let settings = |builder: relata::Builder<_>| builder.max_connections(1).pool_timeout(Duration::from_millis(50));
    let db: Db = at.open_with(settings).await.unwrap();
    let before = db.customers().count(customer::all()).await.unwrap();
    db.transaction(async |tx| {
        tx.customers().create(NewCustomer::new("Dan", "d@x")).await?;
        assert_eq!(code(db.customers().count(customer::all()).await), "pool_timeout");
        assert_eq!(code(db.transaction(async |_| Ok::<_, Error>(())).await), "pool_timeout");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), before + 1);
}

#[apply(on_every_database)]
async fn a_table_that_is_missing_is_a_refusal_of_the_driver(at: &Database) {
    let db: Db = at.connect().await.unwrap();
    let missing = db.customers().find().await.unwrap_err();
    assert!(missing.code() == "driver" && missing.to_string().contains("customers"), "{missing}");
    let missing = db.customers().create(NewCustomer::new("Ann", "s3cret@x")).await.unwrap_err();
    assert!(missing.code() == "driver" && missing.to_string().contains("customers"), "{missing}");
    assert!(!missing.to_string().contains("s3cret"), "{missing}");
    let made = db.transaction(async |tx| tx.customers().create(NewCustomer::new("Ann", "a@x")).await).await;
    assert_eq!(code(made), "driver");
    db.create_tables().await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
}

#[apply(on_shared_databases)]
async fn a_column_that_is_missing_is_a_refusal_of_the_driver(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    at.intruder().await.unwrap().run("ALTER TABLE orders RENAME COLUMN quantity TO amount").await.unwrap();
    let missing = db.orders().find().await.unwrap_err();
    assert!(missing.code() == "driver" && missing.to_string().contains("quantity"), "{missing}");
    let missing = db.customers().orders(&ann).create(customer::NewOrder::new("s3cret", 1)).await.unwrap_err();
    assert!(missing.code() == "driver" && missing.to_string().contains("quantity"), "{missing}");
    assert!(!missing.to_string().contains("s3cret"), "{missing}");
    assert_eq!(db.customers().get(ann.id).await.unwrap(), ann, "and only there");
}

#[apply(on_shared_databases)]
async fn a_column_that_comes_while_the_program_runs_is_nobodys_business(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(db.customers().get(ann.id).await.unwrap(), ann);
    at.intruder().await.unwrap().run("ALTER TABLE customers ADD COLUMN extra INTEGER").await.unwrap();
    assert_eq!(db.customers().get(ann.id).await.unwrap(), ann);
    assert_eq!(db.customers().find().order_by(customer::id()).first().await.unwrap(), Some(ann));
    db.customers().create(NewCustomer::new("Dan", "d@x")).await.unwrap();
}

#[apply(on_shared_databases)]
async fn a_column_of_another_type_is_named_by_place_and_kind(at: &Database) {
    let mut other = at.intruder().await.unwrap();
    other.run("CREATE TABLE products (sku VARCHAR(255) PRIMARY KEY, name INT)").await.unwrap();
    other.run("INSERT INTO products VALUES ('a', 4711), ('b', NULL)").await.unwrap();
    let db: Db = at.connect().await.unwrap();
    for sku in ["a", "b"] {
        let decode = db.products().get(sku).await.unwrap_err();
        assert!(
            matches!(&decode, Error::Decode { table: "products", column: "name", expected: "string", .. }),
            "{decode:?}"
        );
        assert!(!decode.to_string().contains("4711"), "{decode}");
    }
    assert_eq!(code(db.products().find().await), "decode");
    assert_eq!(db.products().count(product::all()).await.unwrap(), 2);
}

#[apply(on_shared_databases)]
async fn a_row_of_an_include_that_does_not_fit_is_named_too(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.products().create(NewProduct::new("p", "p")).await.unwrap();
    db.order_items().create(NewOrderItem::new(1, 1, 1.0)).await.unwrap();
    let mut other = at.intruder().await.unwrap();
    other.run("ALTER TABLE orders RENAME COLUMN quantity TO amount").await.unwrap();
    other.run("ALTER TABLE orders ADD COLUMN quantity INTEGER").await.unwrap();
    let decode = db.customers().find().include(customer::orders()).await.unwrap_err();
    assert!(matches!(&decode, Error::Decode { table: "orders", column: "quantity", .. }), "{decode:?}");
    assert_eq!(code(db.order_items().find().include(order_item::order()).await), "decode");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 4);
    assert_eq!(db.customers().get(ann.id).await.unwrap(), ann);
}
