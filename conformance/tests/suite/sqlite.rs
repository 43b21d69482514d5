//! What is of SQLite only: files and places of files, tables that are not strict, and the threads that it runs on.

use std::fs;
use std::path::Path;

use macro_rules_attribute::apply;
use relata::{Error, Result, SqliteExecution};
use relata_conformance::database::Database;
use relata_conformance::shop::{Db, NewCustomer, NewOrderItem, NewProduct, customer, order, product};
use relata_conformance::{on_no_database, on_sqlite};

use crate::support::code;

fn url_of(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

async fn refused(url: &str) -> String {
    match Db::connect(url).await.unwrap_err() {
        Error::Connect { message } => message,
        other => panic!("{other:?}"),
    }
}

#[apply(on_no_database)]
fn a_url_that_is_not_understood_is_refused_without_its_secrets() {
    for url in
        ["", "shop.db", "sqlite", "mysqll://u:s3cret@h/d", "sqlite:", "sqlite:x.db?mode=maybe", "sqlite::memory:?x=1"]
    {
        match Db::connect(url).wait().unwrap_err() {
            Error::Connect { message } => {
                assert!(!message.is_empty() && !message.contains("s3cret"), "{url}: {message}");
            }
            other => panic!("{other:?}"),
        }
    }
    let unknown = Db::builder().datasource("crm", "sqlite::memory:").connect().wait().unwrap_err();
    assert!(unknown.to_string().contains("`crm`") && unknown.to_string().contains("`db`"), "{unknown}");
    assert_eq!(code(Db::builder().connect().wait()), "connect");
}

#[apply(on_sqlite)]
async fn a_place_that_cannot_be_opened_is_named(at: &Database) {
    let folder = at.folder();
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

#[apply(on_sqlite)]
async fn a_read_only_database_reads_and_says_why_it_does_not_write(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    drop(db);
    let db = Db::connect(&format!("{}?mode=ro", at.url())).await.unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
    assert_eq!(code(db.customers().create(NewCustomer::new("Bob", "b@x")).await), "unavailable");
    assert_eq!(code(db.customers().delete_where(customer::all()).await), "unavailable");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
}

#[apply(on_sqlite)]
async fn a_stored_value_that_does_not_fit_is_named_by_place_and_kind(at: &Database) {
    let mut other = at.intruder().await.unwrap();
    other
        .run(
            "CREATE TABLE products (sku TEXT PRIMARY KEY, name);
             INSERT INTO products VALUES ('a', 'fine'), ('b', 7), ('c', NULL), ('d', x'ff'), ('e', CAST(x'ff' AS TEXT))",
        )
        .await
        .unwrap();
    let db = Db::connect(&at.url()).await.unwrap();
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

#[apply(on_sqlite)]
async fn a_row_of_an_include_that_does_not_fit_is_named_too(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let mut other = at.intruder().await.unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    db.customers().orders(&ann).create(customer::NewOrder::new("o", 1)).await.unwrap();
    db.products().create(NewProduct::new("p", "p")).await.unwrap();
    db.order_items().create(NewOrderItem::new(1, 1, 1.0)).await.unwrap();
    other
        .run("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '') WHERE name = 'orders'")
        .await
        .unwrap();
    drop(other);
    let mut other = at.intruder().await.unwrap();
    other.run("UPDATE orders SET quantity = 'many'").await.unwrap();
    let db = Db::connect(&at.url()).await.unwrap();
    let decode = db.customers().find().include(customer::orders()).await.unwrap_err();
    assert!(matches!(&decode, Error::Decode { table: "orders", column: "quantity", .. }), "{decode:?}");
    assert!(!decode.to_string().contains("many"), "{decode}");
    let decode = db.order_items().find().include(relata_conformance::shop::order_item::order()).await.unwrap_err();
    assert_eq!(decode.code(), "decode");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 1);
}

#[apply(on_sqlite)]
async fn every_way_of_execution_gives_the_same(at: &Database) {
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
