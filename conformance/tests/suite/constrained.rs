//! Constrained repositories and accessors: the constraint holds, whatever a caller gives.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{
    AccountPatch, CustomerPatch, NewCategory, NewCoupon, NewCustomer, NewProduct, NewShipment, OrderPatch, category,
    coupon, customer, order, order_item, product,
};
use relata_conformance::weak::{self, NewAuthor, NewBook, NewPublisher, author, book};

use crate::support::{code, empty_shop, failures, items, order as new_order, quantities, shop};

#[apply(on_every_database)]
async fn find_sees_only_the_rows_of_its_source(at: &Database) {
    let (db, [ann, bob, cid]) = shop(at).await;
    let of = |customer| db.customers().orders(customer).find().order_by(order::quantity());
    assert_eq!(quantities(&of(&ann).await.unwrap()), [1, 2, 3]);
    assert_eq!(quantities(&of(&bob).await.unwrap()), [10]);
    assert_eq!(of(&cid).await.unwrap(), []);
    assert_eq!(quantities(&of(&ann).filter(order::quantity().gt(1)).limit(1).await.unwrap()), [2]);
    assert_eq!(of(&ann).first().await.unwrap().unwrap().quantity, 1);
    assert_eq!(code(of(&ann).one().await), "conflict");
    assert_eq!(of(&ann).filter(order::customer_id().eq(bob.id)).await.unwrap(), []);
}

#[apply(on_every_database)]
async fn an_or_of_the_caller_does_not_widen_the_constraint(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let anything = || order::quantity().gt(2).or(order::quantity().le(2)).or(order::customer_id().eq(bob.id));
    let orders = || db.customers().orders(&ann);
    assert_eq!(orders().find().filter(anything()).await.unwrap().len(), 3);
    assert_eq!(orders().find().filter(order::all()).await.unwrap().len(), 3);
    assert_eq!(orders().find().filter(order::all().or(order::quantity().eq(10))).await.unwrap().len(), 3);
    assert_eq!(orders().find().filter(!order::quantity().eq(99)).await.unwrap().len(), 3);
    assert_eq!(orders().count(anything()).await.unwrap(), 3);
    let note = OrderPatch { note: Some(Some("mine".into())), ..Default::default() };
    assert_eq!(orders().patch(anything(), note).await.unwrap(), 3);
    assert_eq!(orders().delete(anything()).await.unwrap(), 3);
    assert_eq!(quantities(&db.orders().find().await.unwrap()), [10]);
}

#[apply(on_every_database)]
async fn find_by_id_does_not_reach_rows_of_another_source(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let theirs = db.customers().orders(&bob).find().one().await.unwrap();
    assert_eq!(db.customers().orders(&bob).find_by_id(theirs.id).await.unwrap(), Some(theirs.clone()));
    assert_eq!(db.customers().orders(&ann).find_by_id(theirs.id).await.unwrap(), None);
    let included = db.customers().orders(&bob).find_by_id(theirs.id).include(order::customer()).await.unwrap();
    assert_eq!(included.unwrap().customer, bob);
}

#[apply(on_every_database)]
async fn create_sets_the_key_and_a_source_that_is_not_there_is_refused(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let made = db.customers().orders(ann.id).create(customer::NewOrder::new("new", 4)).await.unwrap();
    assert_eq!(made.customer_id, ann.id);
    let many = [customer::NewOrder::new("a", 5), customer::NewOrder::new("b", 6)];
    let many = db.customers().orders(&ann).create_many(many).await.unwrap();
    assert_eq!(quantities(&many), [5, 6]);
    let lost = db.customers().orders(99).create(customer::NewOrder::new("lost", 1)).await.unwrap_err();
    assert!(matches!(&lost, Error::ForeignKey { .. }), "{lost:?}");
    assert_eq!(code(db.customers().orders(99).create_many([customer::NewOrder::new("lost", 1)]).await), "foreign_key");
}

#[apply(on_every_database)]
async fn patch_cannot_move_a_row_to_another_source_nor_to_its_own(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    for target in [bob.id, ann.id] {
        let patch = OrderPatch { customer_id: Some(target), ..Default::default() };
        let said = failures(db.customers().orders(&ann).patch(order::all(), patch).await);
        assert_eq!(said, ["customerId is fixed by the relation orders"]);
    }
    assert_eq!(db.customers().orders(&ann).count(order::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn an_empty_patch_changes_nothing_and_says_0(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(db.customers().orders(&ann).patch(order::all(), OrderPatch::default()).await.unwrap(), 0);
    let versions = db.orders().count(order::version().gt(1)).await.unwrap();
    assert_eq!(versions, 0);
    assert_eq!(db.customers().account(&ann).patch(AccountPatch::default()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn an_unset_key_matches_nothing_and_never_all(at: &Database) {
    let db = empty_shop(at).await;
    let unset = db.shipments().create(NewShipment::new(1)).await.unwrap();
    assert_eq!(unset.order_item_order_id, None);
    let customer = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    db.orders().create(new_order(customer.id, 1)).await.unwrap();
    // The orders without a coupon belong to no coupon, whatever is asked.
    let coupon = db.coupons().create(NewCoupon::new("TEN")).await.unwrap();
    assert_eq!(db.coupons().orders(&coupon).find().await.unwrap(), []);
    assert_eq!(db.coupons().orders(&coupon).delete(order::all()).await.unwrap(), 0);
    let included = db.coupons().find().include(coupon::orders()).await.unwrap();
    assert_eq!(included[0].orders, []);
    assert_eq!(db.order_items().shipments((1, 1)).find().await.unwrap(), []);
    assert_eq!(db.coupons().find().filter(coupon::orders().any(order::all())).count().await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn zero_is_a_key(at: &Database) {
    use relata_conformance::default_keys::{Db, NewCustomer, NewOrder, customer, order};

    let db: Db = at.open().await.unwrap();
    let zero = db.customers().create(NewCustomer::new(0)).await.unwrap();
    let made = db.customers().orders(0).create(customer::NewOrder::new(0)).await.unwrap();
    db.orders().create(NewOrder::new(1)).await.unwrap();
    assert_eq!(made.customer_id, Some(0));
    assert_eq!(db.orders().customer(0).await.unwrap(), Some(zero.clone()));
    assert_eq!(db.orders().get(0).include(order::customer()).await.unwrap().customer, Some(zero));
    assert_eq!(db.customers().get(0).include(customer::orders()).await.unwrap().orders, [made]);
}

#[apply(on_every_database)]
async fn the_empty_string_is_a_key(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let empty = db.products().create(NewProduct::new("", "nameless")).await.unwrap();
    let order = db.customers().orders(&ann).find().first().await.unwrap().unwrap();
    let line = product::NewItem::new(order.id, 1, 1.0);
    db.products().items("").create(line).await.unwrap();
    assert_eq!(db.order_items().product((order.id, 1)).await.unwrap(), Some(empty));
    assert_eq!(db.products().get("").include(product::items()).await.unwrap().items.len(), 1);
}

#[apply(on_every_database)]
async fn a_has_one_takes_one_row_and_says_how_many_it_changed(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let account =
        db.customers().account(&ann).create(customer::NewAccount { balance: Some(5), ..customer::NewAccount::new() });
    let account = account.await.unwrap();
    let second = db.customers().account(&ann).create(customer::NewAccount::new()).await.unwrap_err();
    assert!(matches!(&second, Error::Conflict { model: "Account", .. }), "{second:?}");
    assert_eq!(db.customers().account(ann.id).get().await.unwrap(), Some(account.clone()));
    assert_eq!(db.customers().account(&bob).get().await.unwrap(), None);
    let raise = AccountPatch { balance: Some(6), ..Default::default() };
    assert_eq!(db.customers().account(&ann).patch(raise.clone()).await.unwrap(), 1);
    assert_eq!(db.customers().account(&bob).patch(raise).await.unwrap(), 0);
    let moved = AccountPatch { customer_id: Some(bob.id), ..Default::default() };
    assert_eq!(failures(db.customers().account(&ann).patch(moved).await).len(), 1);
    let row = db.customers().account(&ann).get().include(relata_conformance::shop::account::customer()).await.unwrap();
    assert_eq!(row.unwrap().customer, ann);
    assert_eq!(db.customers().account(&bob).delete().await.unwrap(), 0);
    assert_eq!(db.customers().account(&ann).delete().await.unwrap(), 1);
    assert_eq!(db.customers().account(&ann).get().await.unwrap(), None);
    assert_eq!(code(db.customers().account(99).create(customer::NewAccount::new()).await), "foreign_key");
}

#[apply(on_every_database)]
async fn a_self_relation_has_a_constrained_repository(at: &Database) {
    let db = empty_shop(at).await;
    let root = db.categories().create(NewCategory::new("root")).await.unwrap();
    let other = db.categories().create(NewCategory::new("other")).await.unwrap();
    let leaf = db.categories().children(&root).create(category::NewChild::new("leaf")).await.unwrap();
    assert_eq!(leaf.parent_id, Some(root.id));
    assert_eq!(db.categories().children(&root).find().await.unwrap(), [leaf.clone()]);
    assert_eq!(db.categories().children(&other).find().await.unwrap(), []);
    assert_eq!(db.categories().children(&leaf).delete(category::all()).await.unwrap(), 0);
    assert_eq!(db.categories().parent(leaf.id).await.unwrap(), Some(root));
}

#[apply(on_every_database)]
async fn a_belongs_to_tells_no_source_from_no_target(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(db.orders().customer(1).await.unwrap(), ann);
    let row = db.orders().get(1).await.unwrap();
    assert_eq!(db.orders().customer(&row).await.unwrap(), ann);
    let included = db.orders().get(1).include(order::customer()).await.unwrap();
    assert_eq!(db.orders().customer(&included).await.unwrap(), ann);
    let missing = db.orders().customer(99).await.unwrap_err();
    assert!(matches!(&missing, Error::NotFound { model: "Order", id: Some(id) } if id == "99"), "{missing:?}");
    assert_eq!(db.customers().referrer(ann.id).await.unwrap(), None);
    assert_eq!(code(db.customers().referrer(99).await), "not_found");
    assert_eq!(code(db.orders().coupon(99).await), "not_found");
}

#[apply(on_every_database)]
async fn a_composite_foreign_key_is_unset_when_a_part_is_null(at: &Database) {
    let (db, _) = shop(at).await;
    items(&db, &db.orders().get(1).await.unwrap()).await;
    let line = db.order_items().get((1, 2)).await.unwrap();
    let made = db.order_items().shipments(&line).create(order_item::NewShipment::new(3)).await.unwrap();
    assert_eq!((made.order_item_order_id, made.order_item_line_no), (Some(1), Some(2)));
    assert_eq!(db.order_items().shipments((1, 2)).find().await.unwrap(), [made.clone()]);
    assert_eq!(db.order_items().shipments((2, 1)).find().await.unwrap(), []);
    assert_eq!(db.shipments().order_item(made.id).await.unwrap(), Some(line));
    let half = NewShipment { order_item_order_id: Some(1), ..NewShipment::new(1) };
    let half = db.shipments().create(half).await.unwrap();
    assert_eq!(db.shipments().order_item(half.id).await.unwrap(), None);
    assert_eq!(code(db.order_items().shipments((1, 9)).create(order_item::NewShipment::new(1)).await), "foreign_key");
}

#[apply(on_every_database)]
async fn a_row_through_a_weak_relation_needs_its_source(at: &Database) {
    let db: weak::Db = at.open().await.unwrap();
    db.authors().create(NewAuthor::new(1, "Ann")).await.unwrap();
    assert_eq!(db.authors().books(1).create(author::NewBook::new("a")).await.unwrap().author_id, 1);
    let lost = db.authors().books(2).create(author::NewBook::new("b")).await.unwrap_err();
    assert!(matches!(&lost, Error::ForeignKey { .. }), "{lost:?}");
    assert_eq!(code(db.authors().books(2).create_many([author::NewBook::new("b")]).await), "foreign_key");
    assert_eq!(code(db.authors().portrait(2).create(author::NewPortrait::new("p")).await), "foreign_key");
    // A plain create does not check: such a key dangles.
    assert_eq!(db.books().create(NewBook::new("b", 2)).await.unwrap().author_id, 2);
    assert_eq!(db.books().count(book::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn a_weak_has_one_is_unique_all_the_same(at: &Database) {
    let db: weak::Db = at.open().await.unwrap();
    db.authors().create(NewAuthor::new(1, "Ann")).await.unwrap();
    db.authors().portrait(1).create(author::NewPortrait::new("p")).await.unwrap();
    assert_eq!(code(db.authors().portrait(1).create(author::NewPortrait::new("q")).await), "conflict");
}

#[apply(on_every_database)]
async fn an_accessor_tells_a_dangling_key_from_an_unset_one(at: &Database) {
    let db: weak::Db = at.open().await.unwrap();
    db.publishers().create(NewPublisher::new("P")).await.unwrap();
    let of = |publisher: Option<&str>| NewBook { publisher_name: publisher.map(Into::into), ..NewBook::new("t", 7) };
    let rows = db.books().create_many([of(None), of(Some("P")), of(Some("gone"))]).await.unwrap();
    assert_eq!(db.books().publisher(&rows[0]).await.unwrap(), None);
    assert_eq!(db.books().publisher(&rows[1]).await.unwrap().unwrap().name, "P");
    let dangling = db.books().publisher(&rows[2]).await.unwrap_err();
    assert!(
        matches!(&dangling, Error::Dangling { model: "Book", property, target: "Publisher" } if property == "publisherName"),
        "{dangling:?}"
    );
    assert_eq!(code(db.books().author(&rows[0]).await), "dangling");
    assert_eq!(code(db.books().author(99).await), "not_found");
}

#[apply(on_every_database)]
async fn moving_a_row_is_for_the_plain_repository(at: &Database) {
    let (db, [_, bob, cid]) = shop(at).await;
    let theirs = db.customers().orders(&bob).find().one().await.unwrap();
    let patch = OrderPatch { customer_id: Some(cid.id), ..Default::default() };
    assert_eq!(db.orders().patch_by_id(theirs.id, patch).await.unwrap().customer_id, cid.id);
    assert_eq!(db.customers().orders(&cid).count(order::all()).await.unwrap(), 1);
    let refer = CustomerPatch { referrer_id: Some(Some(bob.id)), ..Default::default() };
    db.customers().patch_by_id(cid.id, refer).await.unwrap();
    assert_eq!(db.customers().referrals(&bob).count(customer::all()).await.unwrap(), 1);
}
