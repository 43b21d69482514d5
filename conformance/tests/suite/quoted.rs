//! Tables, columns and indexes whose names are quotes, comments and statements.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::quoted::{Db, NewOrder, OrderPatch, line, order};

#[apply(on_every_database)]
async fn any_name_is_quoted_wherever_it_stands(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.create_tables().await.unwrap();
    let new = ["a", "b"].map(|text| NewOrder { mood: Some("'; --".to_owned()), ..NewOrder::new(text) });
    let orders = db.orders().create_many(new).await.unwrap();
    for row in &orders {
        db.orders().lines(row).create_many((1..=3).map(|n| order::NewLine::new(n, n % 2 == 0))).await.unwrap();
    }
    let lines = order::lines().filter(line::flag().eq(false)).order_by(line::number().desc()).limit(1);
    let found = db
        .orders()
        .find()
        .filter(order::mood().starts_with("'").and(order::lines().any(line::whole().matches(order::text().eq("b")))))
        .include(lines.include(line::whole()))
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].lines[0].number, found[0].lines[0].whole.text.as_str()), (3, "b"));
    assert_eq!(db.lines().whole((orders[0].id, 2)).await.unwrap(), orders[0]);
    let patch = OrderPatch { text: Some("c".to_owned()), ..OrderPatch::default() };
    assert_eq!(db.orders().patch_by_id(orders[0].id, patch).await.unwrap().text, "c");
    assert_eq!(db.orders().delete_where(order::text().eq("c")).await.unwrap(), 1);
    assert_eq!(db.lines().count(line::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn refusals_name_properties_not_columns(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.orders().create(NewOrder::new("a")).await.unwrap();
    let taken = db.orders().create(NewOrder::new("a")).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { model: "Order", key } if key == "text is taken"), "{taken:?}");
    let lost = db.orders().lines(9).create(order::NewLine::new(1, true)).await.unwrap_err();
    assert!(matches!(&lost, Error::ForeignKey { model: "Line", relation } if relation == "whole"), "{lost:?}");
}
