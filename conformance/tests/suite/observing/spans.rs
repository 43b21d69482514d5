//! Calls and transactions as spans, and slow statements as events.

use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use macro_rules_attribute::apply;
use relata::{Error, Filter, Isolation, Result, SentStatement};
use relata_conformance::database::{Database, Place};
use relata_conformance::on_every_database;
use relata_conformance::shop::{Db, NewCustomer, Order, OrderPatch, Tx, customer, order};
use relata_conformance::through::{self, NewPatient, NewPhysician, physician};
use serde_json::json;

use super::traced::Traced;
use crate::places;
use crate::support::{code, items, order as new_order, shop};

/// The database by its name among those that everybody knows.
async fn system(at: &Database, db: &Db) -> &'static str {
    match at.place() {
        Place::Sqlite | Place::SqliteMemory => "sqlite",
        Place::Postgres | Place::PostgresLinguistic => "postgresql",
        Place::Mysql => {
            let version = db.sql("SELECT VERSION()").rows::<String>().one().await.unwrap();
            if version.contains("MariaDB") { "mariadb" } else { "mysql" }
        }
    }
}

#[apply(on_every_database)]
async fn a_read_says_what_it_reads(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let first = db.customers().orders(&ann).find().order_by(order::id()).first().await.unwrap().unwrap();
    items(&db, &first).await;
    let system = system(at, &db).await;
    let (db, recorder) = db.recorded();
    let traced = Traced::new();
    let found = db.customers().find().include(customer::orders().include(order::items())).include(customer::account());
    let found = found.await.unwrap();
    let call = traced.call();
    // Customers, orders, items; an account there is none.
    let statements = recorder.statements().len().to_string();
    let rows = (found.len() + 4 + 2).to_string();
    call.shows(&[
        ("otel.name", "find Customer"),
        ("otel.kind", "client"),
        ("db.system.name", system),
        ("db.operation.name", "find"),
        ("db.collection.name", "customers"),
        ("db.response.returned_rows", &rows),
        ("relata.model", "Customer"),
        ("relata.include", "orders.items, account"),
        ("relata.statements", &statements),
        ("relata.changed_rows", "0"),
    ]);
    assert!(call.get("relata.elapsed").unwrap().parse::<f64>().unwrap() > 0.0);
    for absent in ["relata.relation", "error.type", "otel.status_code"] {
        assert_eq!(call.get(absent), None, "{absent}");
    }

    db.orders().customer(&first).await.unwrap();
    let along = [("db.operation.name", "find"), ("relata.model", "Customer"), ("relata.relation", "Order.customer")];
    traced.call().shows(&along);
    db.customers().orders(&ann).find().include(order::customer()).await.unwrap();
    traced.call().shows(&[
        ("relata.model", "Order"),
        ("relata.relation", "Customer.orders"),
        ("relata.include", "customer"),
    ]);
    db.customers().orders(&ann).count(order::all()).await.unwrap();
    traced.call().shows(&[("db.operation.name", "count"), ("relata.relation", "Customer.orders")]);
    db.sql("SELECT name FROM customers").rows::<String>().await.unwrap();
    let call = traced.call();
    call.shows(&[("otel.name", "sql"), ("db.response.returned_rows", "3"), ("relata.statements", "1")]);
    assert_eq!(call.get("relata.model"), None);
}

#[apply(on_every_database)]
async fn a_write_says_what_it_changes(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let traced = Traced::new();
    let shown = |operation, changed| {
        traced.call().shows(&[("db.operation.name", operation), ("relata.changed_rows", changed)]);
    };
    db.orders().create_many((1..=3).map(|n| new_order(ann.id, n))).await.unwrap();
    shown("create", "3");
    let owner = ann.id;
    db.orders().create_all((1..=5).map(move |n| new_order(owner, n))).await.unwrap();
    shown("create_all", "5");
    let patch = || OrderPatch { quantity: Some(9), ..OrderPatch::default() };
    db.orders().patch_where(order::quantity().le(2), patch()).await.unwrap();
    shown("update", "6");
    db.customers().orders(&ann).patch(order::quantity().eq(9), patch()).await.unwrap();
    traced.call().shows(&[("db.operation.name", "update"), ("relata.relation", "Customer.orders")]);
    db.orders().delete_where(order::quantity().eq(9)).await.unwrap();
    traced.call().shows(&[("db.operation.name", "delete"), ("relata.model", "Order")]);
    let orders = customer::orders().create([customer::NewOrder::new("an order", 1)]);
    db.customers().create(NewCustomer::new("Dan", "dan@x")).with(orders).await.unwrap();
    traced.call().shows(&[("relata.model", "Customer"), ("relata.changed_rows", "2"), ("relata.statements", "2")]);
}

#[apply(on_every_database)]
async fn links_name_their_relation(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    let physician = db.physicians().create(NewPhysician::new("x")).await.unwrap();
    let traced = Traced::new();
    let data = physician::PatientLink::new(1);
    db.physicians().patients(&physician).create_with(NewPatient::new("y"), data).await.unwrap();
    traced.call().shows(&[("db.operation.name", "create"), ("relata.relation", "Physician.patients")]);
    db.physicians().find().include(physician::patients().with_link()).await.unwrap();
    traced.call().shows(&[("relata.model", "Physician"), ("relata.include", "patients")]);
    db.physicians().patients(&physician).with_link().await.unwrap();
    traced.call().shows(&[("db.operation.name", "find"), ("relata.relation", "Physician.patients")]);
}

#[apply(on_every_database)]
async fn an_error_is_told_by_its_code(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let system = system(at, &db).await;
    let traced = Traced::new();
    let failed = |operation, code, statements| {
        let call = traced.call();
        call.shows(&[("db.operation.name", operation), ("error.type", code), ("otel.status_code", "ERROR")]);
        call.shows(&[("relata.statements", statements)]);
    };
    assert_eq!(code(db.customers().get(999).await), "not_found");
    failed("get", "not_found", "1");
    assert_eq!(code(db.customers().find().one().await), "conflict");
    failed("one", "conflict", "1");
    // Refused before the database is asked.
    assert_eq!(code(db.orders().create(new_order(ann.id, 0)).await), "validation");
    failed("create", "validation", "0");
    let filter: Filter<Order> = serde_json::from_value(json!({ "where": { "nobody": 1 } })).unwrap();
    assert_eq!(code(db.orders().find_with(filter).await), "invalid_filter");
    failed("find", "invalid_filter", "0");
    traced.call().shows(&[("relata.model", "Order"), ("db.system.name", system)]);
    assert_eq!(code(db.sql("SELECT ? FROM customers").rows::<i64>().await), "invalid_sql");
    failed("sql", "invalid_sql", "0");
    // Refused by the database, which is then asked what was wrong.
    assert_eq!(code(db.customers().create(NewCustomer::new("Ann", &*ann.email)).await), "conflict");
    traced.call().shows(&[("db.operation.name", "create"), ("error.type", "conflict")]);
}

#[apply(on_every_database)]
async fn a_call_that_nobody_waits_for_is_cancelled(at: &Database) {
    let (db, _) = shop(at).await;
    let traced = Traced::new();
    drop(db.customers().find().into_future());
    assert_eq!(traced.named("relata.call").len(), 0, "nothing runs until it is polled");
    let holder = db.transaction(async |tx: &Tx| {
        tx.customers().count(customer::all()).await?;
        // The only connection is taken, or the call is not at its end at once.
        let mut call = Box::pin(
            tx.transaction(async |inner| {
                let mut outer = Box::pin(tx.customers().find().into_future());
                assert!(outer.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                drop(outer);
                inner.customers().count(customer::all()).await
            })
            .into_future(),
        );
        call.as_mut().await
    });
    holder.await.unwrap();
    let cancelled: Vec<_> =
        traced.named("relata.call").into_iter().filter(|call| call.get("error.type").is_some()).collect();
    assert_eq!(cancelled.len(), 1, "{cancelled:#?}");
    cancelled[0].shows(&[("db.operation.name", "find"), ("error.type", "cancelled"), ("relata.statements", "0")]);
}

#[apply(on_every_database)]
async fn calls_are_within_their_transaction(at: &Database) {
    let (db, _) = shop(at).await;
    let system = system(at, &db).await;
    let traced = Traced::new();
    let done: Result<()> = db
        .transaction(async |tx: &Tx| {
            tx.customers().count(customer::all()).await?;
            let undone = tx.transaction(async |inner| {
                inner.orders().find().await?;
                Err::<(), _>(Error::NotFound { model: "Order", id: None })
            });
            assert_eq!(code(undone.await), "not_found");
            Ok(())
        })
        .isolation(Isolation::Serializable)
        .await;
    done.unwrap();
    let all: Vec<_> = traced.all().into_iter().filter(|seen| seen.target == "relata").collect();
    let names: Vec<_> = all.iter().map(|seen| (seen.name, seen.within, seen.closed)).collect();
    assert_eq!(
        names,
        [
            ("relata.transaction", None, true),
            ("relata.call", Some(0), true),
            ("relata.transaction", Some(0), true),
            ("relata.call", Some(2), true),
        ]
    );
    all[0].shows(&[
        ("otel.name", "transaction"),
        ("db.system.name", system),
        ("relata.isolation", "serializable"),
        ("relata.read_only", "false"),
        ("relata.nested", "false"),
        ("relata.outcome", "committed"),
    ]);
    all[2].shows(&[("relata.nested", "true"), ("relata.outcome", "rolled_back")]);
    assert_eq!(all[0].get("error.type"), None);

    // Dropped while it is open.
    let mut open = Box::pin(
        db.transaction(async |tx: &Tx| {
            tx.customers().count(customer::all()).await?;
            std::future::pending::<Result<()>>().await
        })
        .into_future(),
    );
    let none = tokio::time::timeout(Duration::from_millis(200), open.as_mut()).await;
    assert!(none.is_err());
    drop(open);
    let left = traced.named("relata.transaction").pop().unwrap();
    left.shows(&[("relata.outcome", "cancelled"), ("error.type", "cancelled")]);
}

#[apply(on_every_database)]
async fn what_is_slow_is_an_event_of_its_call(at: &Database) {
    let told: Arc<Mutex<Vec<SentStatement>>> = Arc::default();
    let keeps = Arc::clone(&told);
    let db: Db = at
        .open_with(|builder: relata::Builder<_>| {
            let tell = move |statement: &SentStatement| keeps.lock().unwrap().push(statement.clone());
            builder
                .slow_statements(Duration::ZERO)
                .on_slow_statement(Duration::from_secs(3600), |_| panic!("an hour"))
                .on_slow_statement(Duration::ZERO, tell)
        })
        .await
        .unwrap();
    db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    told.lock().unwrap().clear();
    let traced = Traced::new();
    db.customers().find().include(customer::orders()).await.unwrap();
    let all: Vec<_> = traced.all().into_iter().filter(|seen| seen.target == "relata").collect();
    assert_eq!(
        all.iter().map(|seen| (seen.name, seen.within)).collect::<Vec<_>>(),
        [("relata.call", None), ("WARN", Some(0)), ("WARN", Some(0)),]
    );
    let statements = db.customers().find().include(customer::orders()).explain();
    for ((event, statement), told) in all[1..].iter().zip(&statements).zip(&*told.lock().unwrap()) {
        event.shows(&[
            ("message", "slow statement"),
            ("db.operation.name", "find"),
            ("relata.model", "Customer"),
            ("db.query.text", &statement.sql),
            ("relata.failed", "false"),
        ]);
        assert_eq!((&told.sql, told.model, told.failed), (&statement.sql, Some("Customer"), false));
    }
    assert_eq!(told.lock().unwrap().len(), 2);
}

/// A call that is taken apart is one.
#[apply(on_every_database)]
async fn a_call_across_databases_is_one(at: &Database) {
    let db = places::open(at).await;
    places::filled(&db).await;
    let (db, recorder) = db.recorded();
    let traced = Traced::new();
    db.customers().find().include(relata_conformance::places::customer::orders()).await.unwrap();
    recorder.assert_statements(2);
    assert_eq!(traced.named("relata.call").len(), 1);
    traced.call().shows(&[
        ("relata.statements", "2"),
        ("db.response.returned_rows", "7"),
        ("relata.include", "orders"),
    ]);
}
