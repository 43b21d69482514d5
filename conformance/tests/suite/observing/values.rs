//! No value of a row is in a span, an event, a metric or a recording, whatever becomes of the call.

use std::time::Duration;

use macro_rules_attribute::apply;
use relata::DynamicSql;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Customer, CustomerPatch, Db, NewCustomer, NewProduct, customer, product};
use serde_json::json;

use super::traced::Traced;

const NEEDLE: &str = "nEEdle";

async fn all_kinds_of_calls(db: &Db) {
    let email = |n: i32| format!("{NEEDLE}{n}@x");
    let ann = db.customers().create(NewCustomer::new(NEEDLE, email(1))).await.unwrap();
    db.customers().create_many([2, 3].map(|n| NewCustomer::new(NEEDLE, email(n)))).await.unwrap();
    // Refused, by a message that may tell the value.
    db.customers().create(NewCustomer::new(NEEDLE, email(1))).await.unwrap_err();
    db.customers().find().filter(customer::name().eq(NEEDLE)).include(customer::orders()).await.unwrap();
    db.customers().find().filter(customer::name().contains(NEEDLE)).first().await.unwrap();
    db.customers().find().filter(customer::name().is_in([NEEDLE, "x"])).count().await.unwrap();
    let patch = CustomerPatch { city: Some(Some(NEEDLE.to_owned())), ..CustomerPatch::default() };
    db.customers().patch_by_id(ann.id, patch).await.unwrap();
    let filter = serde_json::from_value(json!({ "where": { "name": NEEDLE, "nobody": NEEDLE } })).unwrap();
    db.customers().find_with(filter).await.unwrap_err();
    // A key that is a value.
    db.products().create(NewProduct::new(NEEDLE, "x")).await.unwrap();
    db.products().get(NEEDLE).await.unwrap();
    db.products().get(format!("{NEEDLE}?")).await.unwrap_err();
    db.products().delete_where(product::sku().eq(NEEDLE)).await.unwrap();
    db.sql("SELECT name FROM customers WHERE name = ?").bind(NEEDLE).rows::<String>().await.unwrap();
    db.customers().delete_where(customer::name().eq(NEEDLE)).await.unwrap();
}

#[apply(on_every_database)]
async fn no_value_is_told(at: &Database) {
    let settings = |builder: relata::Builder<_>| {
        builder.slow_statements(Duration::ZERO).show_raw_sql(true).comment_statements(true)
    };
    let db: Db = at.open_with(settings).await.unwrap();
    let (db, recorder) = db.recorded();
    let traced = Traced::new();
    all_kinds_of_calls(&db).await;
    let all: Vec<_> = traced.all().into_iter().filter(|seen| seen.target == "relata").collect();
    assert!(all.len() > 20, "{all:#?}");
    for seen in &all {
        assert!(!format!("{seen:?}").contains(NEEDLE), "{seen:#?}");
    }
    let recorded = recorder.to_string();
    assert!(recorded.lines().count() > 10 && !recorded.contains(NEEDLE), "{recorded}");
}

#[apply(on_every_database)]
async fn the_programs_own_sql_shows_where_it_may(at: &Database) {
    for shown in [false, true] {
        let settings = |builder: relata::Builder<_>| {
            builder.slow_statements(Duration::ZERO).show_raw_sql(shown).comment_statements(true)
        };
        let db: Db = at.open_with(settings).await.unwrap();
        let (db, recorder) = db.recorded();
        let traced = Traced::new();
        let text = format!("SELECT * FROM customers WHERE name = '{NEEDLE}'");
        db.sql(DynamicSql::assert_safe(&*text)).rows::<Customer>().await.unwrap();
        let event = traced.named("WARN").pop().unwrap();
        assert_eq!(event.get("db.query.text"), shown.then_some(&*text));
        assert!(!format!("{:?}", traced.named("relata.call")).contains(NEEDLE));
        // Who records has written the test, and sees what was sent: the text as it is, without a comment.
        assert_eq!(recorder.take()[0].sql, text);
    }
}
