//! What a test records of a database: each statement that was sent, and no other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use macro_rules_attribute::apply;
use relata::testing::Recorder;
use relata::{Error, Result};
use relata_conformance::database::{Database, Meter};
use relata_conformance::shop::{Db, NewCustomer, OrderPatch, Tx, customer, order};
use relata_conformance::writes::{self, NewMember};
use relata_conformance::{on_every_database, on_servers};

use crate::support::{order as new_order, shop};

#[apply(on_every_database)]
async fn statements_are_counted(at: &Database) {
    let (all, [ann, ..]) = shop(at).await;
    let (db, recorder) = all.recorded();
    recorder.assert_statements(0);
    db.customers().find().include(customer::orders()).await.unwrap();
    recorder.assert_statements(2);
    // What runs through the other one is not recorded.
    all.customers().find().await.unwrap();
    recorder.assert_statements(0);
    let done: Result<u64> = db
        .transaction(async |tx: &Tx| {
            tx.orders().create(new_order(ann.id, 7)).await?;
            tx.transaction(async |inner| inner.orders().count(order::all()).await).await
        })
        .await;
    assert_eq!(done.unwrap(), 5);
    let statements = recorder.take();
    let told: Vec<_> = statements.iter().map(|sent| (sent.operation, sent.model, sent.rows, sent.failed)).collect();
    // Neither what begins a transaction nor what ends it.
    assert_eq!(told, [("create", Some("Order"), 1, false), ("count", Some("Order"), 1, false)]);
    db.orders().create_many((1..=3).map(|n| new_order(ann.id, n))).await.unwrap();
    let rows: u64 = recorder.take().iter().map(|sent| sent.rows).sum();
    assert_eq!(rows, 3);
    db.customers().create(NewCustomer::new("Ann", &*ann.email)).await.unwrap_err();
    assert!(recorder.take()[0].failed);
}

#[apply(on_every_database)]
async fn a_wrong_number_shows_the_statements(at: &Database) {
    let (db, _) = shop(at).await;
    let (db, recorder) = db.recorded();
    db.customers().find().include(customer::orders()).await.unwrap();
    let shown = recorder.to_string();
    let message =
        *catch_unwind(AssertUnwindSafe(|| recorder.assert_statements(1))).unwrap_err().downcast::<String>().unwrap();
    assert_eq!(message, format!("1 statement was expected, and 2 ran:\n{shown}"));
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("  1. find Customer: SELECT ") && lines[0].contains(" (3 rows, "), "{shown}");
    assert!(lines[1].starts_with("  2. find Customer: ") && lines[1].contains(" (4 rows, "), "{shown}");
    recorder.assert_statements(0);
}

/// Two recorders of one database, of which one is within the other.
#[apply(on_every_database)]
async fn recorders_do_not_disturb_each_other(at: &Database) {
    let (db, _) = shop(at).await;
    let (outer, all) = db.recorded();
    let (inner, some) = outer.recorded();
    outer.customers().find().await.unwrap();
    inner.customers().find().await.unwrap();
    all.assert_statements(2);
    some.assert_statements(1);
}

/// The statements of a call as the server gets them, and as they are recorded.
async fn compare<T>(meter: &Meter, recorder: &Recorder, what: &str, call: impl AsyncFnOnce() -> Result<T>) {
    meter.take();
    recorder.take();
    let done = call().await;
    let recorded = recorder.take();
    let sent = meter.take();
    let code = done.as_ref().err().map(Error::code);
    assert_eq!(recorded.len(), sent, "{what} ({code:?}): {recorded:#?}");
}

macro_rules! compared {
    ($meter:expr, $recorder:expr, $($call:expr),* $(,)?) => {
        $(
            // Twice: what is prepared is not prepared again.
            for _ in 0..2 {
                compare(&$meter, &$recorder, stringify!($call), async || $call.await.map(drop)).await;
            }
        )*
    };
}

#[apply(on_servers)]
async fn a_server_gets_what_is_recorded(at: &Database) {
    let meter = at.meter().unwrap();
    let db: Db = relata::Db::connect(meter.url()).await.unwrap();
    db.create_tables().await.unwrap();
    let (db, recorder) = db.recorded();
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    let owner = ann.id;
    let patch = || OrderPatch { quantity: Some(9), ..OrderPatch::default() };
    let orders = || customer::orders().create([customer::NewOrder::new("an order", 1)]);
    let mut emails = (0..).map(|n| format!("{n}@x"));
    let mut new = || NewCustomer::new("x", emails.next().unwrap());
    compared!(
        meter,
        recorder,
        db.orders().create(new_order(owner, 1)),
        db.orders().create_many((1..=1300).map(move |n| new_order(owner, n))),
        db.orders().create_all((1..=1300).map(move |n| new_order(owner, n))),
        db.customers().create(new()).with(orders()),
        db.customers().create(NewCustomer::new("Ann", "ann@x")),
        db.customers().find().include(customer::orders().include(order::items())).include(customer::account()),
        db.customers().find().include(customer::orders().order_by(order::id()).limit(1)),
        db.customers().orders(&ann).find().limit(3),
        db.orders().customer(999),
        db.orders().count(order::all()),
        db.orders().patch_where(order::quantity().lt(5), patch()),
        db.orders().patch_by_id(1, patch()),
        db.orders().patch_by_id(999_999, patch()),
        db.orders().delete_where(order::quantity().lt(5)),
        db.sql("SELECT name FROM customers").rows::<String>(),
        db.transaction(async |tx: &Tx| {
            tx.orders().create(new_order(owner, 1)).await?;
            tx.transaction(async |inner| inner.orders().find().include(order::items()).await).await
        }),
    );
}

#[apply(on_servers)]
async fn a_server_gets_what_is_recorded_of_rows_by_their_keys(at: &Database) {
    let meter = at.meter().unwrap();
    let db: writes::Db = relata::Db::connect(meter.url()).await.unwrap();
    db.create_tables().await.unwrap();
    let (db, recorder) = db.recorded();
    let members = || (0..9).map(|n| NewMember::new(format!("{n}@x"), format!("{n}")));
    compared!(
        meter,
        recorder,
        db.members().upsert_by_email(NewMember::new("a@x", "Ann")),
        db.members().upsert_many_by_email(members()),
    );
}
