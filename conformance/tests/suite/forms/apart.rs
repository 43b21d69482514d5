//! What no other test has across datasources.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::places::{ReceiptFor, order, receipt};

use crate::places::{filled, open};
use crate::support::code;

#[apply(on_every_database)]
async fn one_answer_to_a_relation_to_several_models(at: &Database) {
    let db = open(at).await;
    filled(&db).await;
    let [first, second, ..] = &*db.orders().find().order_by(order::id()).limit(2).await.unwrap() else { panic!() };
    let made = db.orders().receipt(first).create(order::NewReceipt::new("paid")).await.unwrap();
    assert_eq!(code(db.orders().receipt(first).create(order::NewReceipt::new("again")).await), "conflict");
    assert_eq!(code(db.orders().receipt(99).create(order::NewReceipt::new("lost")).await), "foreign_key");
    assert_eq!(db.orders().receipt(first).get().await.unwrap(), Some(made.clone()));
    assert_eq!(db.orders().receipt(second).get().await.unwrap(), None);
    let rows = db.orders().find().order_by(order::id()).include(order::receipt()).await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.receipt).collect::<Vec<_>>(), [Some(made.clone()), None, None, None]);
    let expected = Some(ReceiptFor::Order(first.clone()));
    assert_eq!(db.receipts().r#for(&made).await.unwrap(), expected);
    assert_eq!(db.receipts().find().include(receipt::r#for()).await.unwrap()[0].r#for, expected);
}
