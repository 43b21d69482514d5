//! Comments that say which call a statement is of: they reach the server, and change nothing else.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::shop::{Db, NewCustomer, OrderPatch, customer, order};
use relata_conformance::writes::{self, NewMember};
use relata_conformance::{on_every_database, on_postgres, shop};

use crate::support::order as new_order;

async fn commented<R: relata::Schema>(at: &Database) -> relata::Db<R> {
    at.open_with(|builder: relata::Builder<R>| builder.comment_statements(true)).await.unwrap()
}

#[apply(on_every_database)]
async fn each_statement_ends_with_its_call(at: &Database) {
    let db: Db = commented(at).await;
    let (db, recorder) = db.recorded();
    let all_end_with = |comment: &str| {
        let statements = recorder.take();
        assert!(!statements.is_empty());
        for statement in statements {
            assert!(statement.sql.ends_with(comment), "{statement}");
            assert_eq!(statement.sql.matches("/*").count(), 1, "{statement}");
        }
    };
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    all_end_with(" /*action='create',db_driver='relata',model='Customer'*/");
    db.orders().create_many((1..=20).map(|n| new_order(ann.id, n))).await.unwrap();
    all_end_with(" /*action='create',db_driver='relata',model='Order'*/");
    db.customers()
        .find()
        .include(customer::orders().order_by(order::id()).limit(2).include(order::items()))
        .await
        .unwrap();
    all_end_with(" /*action='find',db_driver='relata',model='Customer'*/");
    let mine = db.customers().orders(&ann).find().order_by(order::quantity().desc()).limit(3).await.unwrap();
    assert_eq!(mine.iter().map(|order| order.quantity).collect::<Vec<_>>(), [20, 19, 18]);
    all_end_with(" /*action='find',db_driver='relata',model='Order',relation='Customer.orders'*/");
    let patch = OrderPatch { quantity: Some(100), ..OrderPatch::default() };
    assert_eq!(db.orders().patch_by_id(mine[0].id, patch).await.unwrap().quantity, 100);
    all_end_with(" /*action='update',db_driver='relata',model='Order'*/");
    assert_eq!(db.orders().delete_where(order::quantity().lt(10)).await.unwrap(), 9);
    all_end_with(" /*action='delete',db_driver='relata',model='Order'*/");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 11);
    all_end_with(" /*action='count',db_driver='relata',model='Order'*/");
    // Locks stand at a statement's end, too.
    db.transaction(async |tx: &shop::Tx| tx.orders().find().for_update().await).await.unwrap();
    all_end_with(" /*action='find',db_driver='relata',model='Order'*/");
}

#[apply(on_every_database)]
async fn rows_are_stored_by_keys_as_without(at: &Database) {
    let db: writes::Db = commented(at).await;
    for round in 0..3 {
        let ann = NewMember { note: Some(format!("{round}")), ..NewMember::new("a@x", "Ann") };
        assert_eq!(db.members().upsert_by_email(ann).await.unwrap().note, Some(format!("{round}")));
    }
    let many = (0..40).map(|n| NewMember::new(format!("{n}@x"), format!("{n}")));
    assert_eq!(db.members().upsert_many_by_email(many).await.unwrap().len(), 40);
    assert_eq!(db.members().find().await.unwrap().len(), 41);
}

#[apply(on_every_database)]
async fn nothing_is_added_unless_asked_for(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let (db, recorder) = db.recorded();
    let find = || db.customers().find().filter(customer::name().eq("Ann")).include(customer::orders());
    find().await.unwrap();
    let explained = find().explain();
    assert_eq!(recorder.take()[0].sql, explained[0].sql);
}

#[apply(on_postgres)]
async fn the_server_lists_the_comment(at: &Database) {
    let db: Db = commented(at).await;
    db.customers().find().filter(customer::name().eq("Ann")).await.unwrap();
    let mut other = at.intruder().await.unwrap();
    let sql = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let listed = other.texts(sql).await.unwrap();
    let ends = |query: &String| query.ends_with(" /*action='find',db_driver='relata',model='Customer'*/");
    assert!(listed.iter().any(ends), "{listed:#?}");
}
