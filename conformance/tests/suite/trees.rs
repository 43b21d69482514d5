//! Changes of rows of a table that points at itself, and the first rows of many parents.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{CategoryPatch, Db, NewCategory, NewCustomer, category, customer, order};

use crate::support::{code, empty_shop};

/// Of each of these names a root, below it a leaf, and below that a bud.
async fn trees(at: &Database, roots: &[&str]) -> Db {
    let db = empty_shop(at).await;
    for root in roots {
        let root = db.categories().create(NewCategory::new(*root)).await.unwrap();
        let leaf = db.categories().children(&root).create(category::NewChild::new("leaf")).await.unwrap();
        db.categories().children(&leaf).create(category::NewChild::new("bud")).await.unwrap();
    }
    db
}

async fn names(db: &Db) -> Vec<String> {
    let rows = db.categories().find().order_by(category::id()).await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[apply(on_every_database)]
async fn a_whole_tree_goes_at_once(at: &Database) {
    let db = trees(at, &["a", "b"]).await;
    // What rows are chosen by may be what must be cleared before they go.
    let below = category::parent().matches(category::all());
    assert_eq!(db.categories().delete_where(below).await.unwrap(), 4);
    assert_eq!(names(&db).await, ["a", "b"]);
    let root = db.categories().find().filter(category::name().eq("a")).one().await.unwrap();
    db.categories().children(&root).create(category::NewChild::new("leaf")).await.unwrap();
    assert_eq!(db.categories().delete_where(category::all()).await.unwrap(), 3);
    assert_eq!(db.categories().delete_where(category::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn a_tree_does_not_go_without_its_leaves(at: &Database) {
    let db = trees(at, &["a"]).await;
    let inner = category::children().any(category::all());
    assert_eq!(code(db.categories().delete_where(inner).await), "foreign_key");
    assert_eq!(names(&db).await, ["a", "leaf", "bud"], "nothing is done by half");
    let parents = db.categories().find().filter(category::parent_id().is_null()).await.unwrap();
    assert_eq!(parents.len(), 1, "nothing is cleared by half");
    let outer = category::children().none(category::all());
    assert_eq!(db.categories().delete_where(outer).await.unwrap(), 1);
    assert_eq!(names(&db).await, ["a", "leaf"]);
}

#[apply(on_every_database)]
async fn rows_are_changed_by_what_they_are_related_to(at: &Database) {
    let db = trees(at, &["a", "b"]).await;
    let patch = || CategoryPatch { name: Some("x".into()), ..Default::default() };
    let of_b = category::parent().matches(category::name().eq("b"));
    assert_eq!(db.categories().patch_where(of_b, patch()).await.unwrap(), 1);
    assert_eq!(names(&db).await, ["a", "leaf", "bud", "b", "x", "bud"]);
    // Rows that are so already are counted all the same.
    let inner = category::children().any(category::children().any(category::name().eq("bud")));
    assert_eq!(db.categories().patch_where(inner.clone(), patch()).await.unwrap(), 2);
    assert_eq!(db.categories().patch_where(inner, patch()).await.unwrap(), 2);
    assert_eq!(names(&db).await, ["x", "leaf", "bud", "x", "x", "bud"]);
}

#[apply(on_every_database)]
async fn many_parents_have_each_their_first_rows(at: &Database) {
    let db = empty_shop(at).await;
    let customers = (0..150).map(|n| NewCustomer::new(format!("C{n}"), format!("c{n}@x")));
    let customers = db.customers().create_many(customers).await.unwrap();
    for (n, owner) in customers.iter().enumerate() {
        let orders = (0..n % 5).map(|m| customer::NewOrder::new("an order", i64::try_from(m).unwrap() + 1));
        db.customers().orders(owner).create_many(orders).await.unwrap();
    }
    let scope = customer::orders().filter(order::quantity().ne(3)).order_by(order::quantity().desc());
    let scope = scope.limit(2).offset(1).include(order::customer());
    let rows = db.customers().find().order_by(customer::id()).include(scope).await.unwrap();
    for (n, row) in rows.iter().enumerate() {
        let orders: Vec<_> = row.orders.iter().map(|order| order.quantity).collect();
        let wanted: &[i64] = [&[][..], &[], &[1], &[1], &[2, 1]][n % 5];
        assert_eq!(orders, wanted, "{n}");
        assert!(row.orders.iter().all(|order| order.customer.id == row.id));
    }
}
