//! What a program meets at run time that is nobody's schema: places that cannot be opened, locks, tables of
//! another make, stored values of another type.

use std::fs;
use std::time::{Duration, Instant};

use relata::{Error, Result, SqliteExecution};
use relata_conformance::database::{Shared, url_of};
use relata_conformance::shop::{Db, NewCustomer, NewOrderItem, NewProduct, Repositories, customer, order, product};

use crate::support::{code, shop};

async fn refused(url: &str) -> String {
    match Db::connect(url).await.unwrap_err() {
        Error::Connect { message } => message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_url_that_is_not_understood_is_refused_without_its_secrets() {
    for url in
        ["", "shop.db", "sqlite", "mysqll://u:s3cret@h/d", "sqlite:", "sqlite:x.db?mode=maybe", "sqlite::memory:?x=1"]
    {
        let said = refused(url).await;
        assert!(!said.is_empty() && !said.contains("s3cret"), "{url}: {said}");
    }
    let unknown = Db::builder().datasource("crm", "sqlite::memory:").connect().await.unwrap_err();
    assert!(unknown.to_string().contains("`crm`") && unknown.to_string().contains("`db`"), "{unknown}");
    assert_eq!(code(Db::builder().connect().await), "connect");
}

#[tokio::test]
async fn a_place_that_cannot_be_opened_is_named() {
    let shared = Shared::new().unwrap();
    let folder = shared.folder();
    let said = refused(&url_of(&folder.join("no/such/folder.db"))).await;
    assert!(said.contains("folder.db"), "{said}");
    let said = refused(&url_of(folder)).await;
    assert!(said.to_lowercase().contains("director") || said.contains("folder"), "{said}");
    let said = refused(&format!("{}?mode=rw", url_of(&folder.join("missing.db")))).await;
    assert!(said.contains("missing.db"), "{said}");
    assert!(!folder.join("missing.db").exists());
    let text = folder.join("text.db");
    fs::write(&text, "this is not a database, and long enough to be read as one would be".repeat(20)).unwrap();
    let said = refused(&url_of(&text)).await;
    assert!(said.contains("text.db"), "{said}");
}

#[tokio::test]
async fn a_read_only_database_reads_and_says_why_it_does_not_write() {
    let shared = Shared::new().unwrap();
    let db: Db = shared.open().await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    drop(db);
    let db = Db::connect(&format!("{}?mode=ro", shared.url())).await.unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
    assert_eq!(code(db.customers().create(NewCustomer::new("Bob", "b@x")).await), "unavailable");
    assert_eq!(code(db.customers().delete_where(customer::all()).await), "unavailable");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_of_another_program_is_waited_for_and_then_retryable() {
    let shared = Shared::new().unwrap();
    let db: Db = shared.open_with(|builder| builder.busy_timeout(Duration::from_millis(50))).await.unwrap();
    let other = rusqlite::Connection::open(shared.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let busy = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap_err();
    assert_eq!(busy.code(), "serialization");
    assert!(busy.is_retryable() && began.elapsed() >= Duration::from_millis(40), "{busy}");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 0, "readers go on");
    let busy = db.transaction(async |tx| tx.customers().create(NewCustomer::new("Ann", "a@x")).await).await;
    assert_eq!(code(busy), "serialization");
    other.execute_batch("COMMIT").unwrap();
    db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_without_a_free_connection_times_out_and_recovers() {
    let (_, _) = shop().await;
    let db: Db = Db::builder().url("sqlite::memory:").pool_timeout(Duration::from_millis(50)).connect().await.unwrap();
    db.create_tables().await.unwrap();
    db.transaction(async |_| {
        assert_eq!(code(db.customers().count(customer::all()).await), "pool_timeout");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn tables_that_exist_in_another_form_are_named_and_nothing_is_made() {
    let shared = Shared::new().unwrap();
    let other = rusqlite::Connection::open(shared.file()).unwrap();
    other
        .execute_batch(
            "CREATE TABLE products (sku INTEGER PRIMARY KEY, title TEXT);
             CREATE TABLE coupons (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT, percent INTEGER NOT NULL) STRICT",
        )
        .unwrap();
    let Err(Error::Migration { differences }) = shared.open::<Repositories>().await else { panic!("it was taken") };
    let all = differences.join("\n");
    assert!(all.contains("products") && all.contains("title") && all.contains("sku"), "{all}");
    assert!(all.contains("coupons") && all.contains("code"), "{all}");
    let tables: i64 =
        other.query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'orders'", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 0);
}

#[tokio::test]
async fn a_table_that_is_missing_is_a_refusal_of_the_driver() {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    let missing = db.customers().find().await.unwrap_err();
    assert!(missing.code() == "driver" && missing.to_string().contains("customers"), "{missing}");
}

#[tokio::test]
async fn a_stored_value_that_does_not_fit_is_named_by_place_and_kind() {
    let shared = Shared::new().unwrap();
    let other = rusqlite::Connection::open(shared.file()).unwrap();
    other
        .execute_batch(
            "CREATE TABLE products (sku TEXT PRIMARY KEY, name);
             INSERT INTO products VALUES ('a', 'fine'), ('b', 7), ('c', NULL), ('d', x'ff'), ('e', CAST(x'ff' AS TEXT))",
        )
        .unwrap();
    let db = Db::connect(&shared.url()).await.unwrap();
    assert_eq!(db.products().get("a").await.unwrap().name, "fine");
    for sku in ["b", "c", "d", "e"] {
        let decode = db.products().get(sku).await.unwrap_err();
        assert!(
            matches!(&decode, Error::Decode { table: "products", column: "name", expected: "string", .. }),
            "{decode:?}"
        );
        assert!(!decode.to_string().contains('7'), "{decode}");
    }
    assert_eq!(code(db.products().find().await), "decode");
    assert_eq!(db.products().count(product::all()).await.unwrap(), 5);
}

#[tokio::test]
async fn a_row_of_an_include_that_does_not_fit_is_named_too() {
    let shared = Shared::new().unwrap();
    let db: Db = shared.open().await.unwrap();
    let other = rusqlite::Connection::open(shared.file()).unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    db.customers().orders(&ann).create(customer::NewOrder::new("o", 1)).await.unwrap();
    db.products().create(NewProduct::new("p", "p")).await.unwrap();
    db.order_items().create(NewOrderItem::new(1, 1, 1.0)).await.unwrap();
    other
        .execute_batch("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '') WHERE name = 'orders'")
        .unwrap();
    drop(other);
    let other = rusqlite::Connection::open(shared.file()).unwrap();
    other.execute_batch("UPDATE orders SET quantity = 'many'").unwrap();
    let db = Db::connect(&shared.url()).await.unwrap();
    let decode = db.customers().find().include(customer::orders()).await.unwrap_err();
    assert!(matches!(&decode, Error::Decode { table: "orders", column: "quantity", .. }), "{decode:?}");
    assert!(!decode.to_string().contains("many"), "{decode}");
    let decode = db.order_items().find().include(relata_conformance::shop::order_item::order()).await.unwrap_err();
    assert_eq!(decode.code(), "decode");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_of_execution_gives_the_same() {
    for execution in
        [SqliteExecution::default(), SqliteExecution::InPlace, SqliteExecution::BlockInPlace, SqliteExecution::Threads]
    {
        let db: Db = Db::builder().url("sqlite::memory:").sqlite_execution(execution).connect().await.unwrap();
        db.create_tables().await.unwrap();
        let made = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
        db.customers().orders(&made).create(customer::NewOrder::new("o", 1)).await.unwrap();
        assert_eq!(db.customers().get(1).include(customer::orders()).await.unwrap().orders.len(), 1);
        let result: Result<()> = db
            .transaction(async |tx| {
                tx.orders().delete_where(order::all()).await?;
                tx.customers().get(99).await.map(drop)
            })
            .await;
        assert_eq!(code(result), "not_found");
        assert_eq!(db.orders().count(order::all()).await.unwrap(), 1);
    }
}
