//! Every method of a repository, its errors and their codes.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{
    Account, CustomerPatch, NewAccount, NewCoupon, NewCustomer, NewOrderItem, NewShipment, Order, OrderItemPatch,
    OrderPatch, coupon, customer, order, order_item,
};

use crate::support::{balances, code, empty_shop, failures, items, order as new_order, quantities, shop};

#[apply(on_every_database)]
async fn get_gives_the_row_or_names_what_is_missing(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(db.customers().get(ann.id).await.unwrap(), ann);
    let missing = db.customers().get(99).await.unwrap_err();
    assert!(matches!(&missing, Error::NotFound { model: "Customer", id: Some(id) } if id == "99"));
    assert_eq!(missing.to_string(), "there is no Customer with id 99");
    assert_eq!(code(db.customers().get(99).include(customer::orders()).await), "not_found");
}

#[apply(on_every_database)]
async fn find_by_id_gives_the_row_or_none(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(db.customers().find_by_id(&ann.id).await.unwrap(), Some(ann));
    assert_eq!(db.customers().find_by_id(0).await.unwrap(), None);
    assert_eq!(db.products().find_by_id("").await.unwrap(), None);
}

#[apply(on_every_database)]
async fn find_filters_orders_and_cuts(at: &Database) {
    let (db, _) = shop(at).await;
    let orders = db.orders();
    let found = orders.find().filter(order::quantity().gt(1)).order_by(order::quantity().desc()).await.unwrap();
    assert_eq!(quantities(&found), [10, 3, 2]);
    let both = orders.find().filter(order::quantity().gt(1)).filter(order::quantity().lt(10));
    assert_eq!(quantities(&both.order_by(order::quantity()).await.unwrap()), [2, 3]);
    let page = orders.find().order_by(order::quantity()).offset(1).limit(2).await.unwrap();
    assert_eq!(quantities(&page), [2, 3]);
    assert_eq!(quantities(&orders.find().order_by(order::quantity()).offset(2).await.unwrap()), [3, 10]);
    assert_eq!(orders.find().limit(0).await.unwrap(), []);
    assert_eq!(orders.find().offset(100).await.unwrap(), []);
    assert_eq!(orders.find().limit(u64::MAX).offset(0).await.unwrap().len(), 4);
    assert_eq!(orders.find().offset(u64::MAX).await.unwrap(), []);
    let terms = (order::customer_id().desc(), order::quantity().desc());
    assert_eq!(quantities(&orders.find().order_by(terms).await.unwrap()), [10, 3, 2, 1]);
    let twice = orders.find().order_by(order::customer_id().desc()).order_by(order::quantity());
    assert_eq!(quantities(&twice.await.unwrap()), [10, 1, 2, 3]);
}

#[apply(on_every_database)]
async fn a_cut_list_without_order_is_in_order_of_the_key(at: &Database) {
    let (db, _) = shop(at).await;
    let mut seen = Vec::new();
    for page in 0..4 {
        seen.extend(db.orders().find().limit(1).offset(page).await.unwrap().into_iter().map(|order| order.id));
    }
    assert_eq!(seen, [1, 2, 3, 4]);
}

#[apply(on_every_database)]
async fn filter_if_filters_only_by_a_value_that_is_there(at: &Database) {
    let (db, _) = shop(at).await;
    let find = |least: Option<i64>| db.orders().find().filter_if(least, |least| order::quantity().ge(least)).count();
    assert_eq!(find(Some(3)).await.unwrap(), 2);
    assert_eq!(find(None).await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn first_is_an_option_and_one_is_exactly_one(at: &Database) {
    let (db, _) = shop(at).await;
    let by_quantity = || db.orders().find().order_by(order::quantity().desc());
    assert_eq!(by_quantity().first().await.unwrap().unwrap().quantity, 10);
    assert_eq!(by_quantity().filter(order::quantity().gt(10)).first().await.unwrap(), None);
    assert_eq!(by_quantity().offset(1).first().await.unwrap().unwrap().quantity, 3);
    assert_eq!(by_quantity().filter(order::quantity().eq(2)).one().await.unwrap().quantity, 2);
    let none = by_quantity().filter(order::quantity().eq(7)).one().await.unwrap_err();
    assert!(matches!(none, Error::NotFound { model: "Order", id: None }));
    let several = by_quantity().filter(order::quantity().lt(3)).one().await.unwrap_err();
    assert!(matches!(several, Error::Conflict { model: "Order", .. }));
    assert_eq!(by_quantity().limit(1).one().await.unwrap().quantity, 10);
    assert_eq!(by_quantity().first().include(order::customer()).await.unwrap().unwrap().customer.name, "Bob");
    assert_eq!(code(by_quantity().one().include(order::customer()).await), "conflict");
}

#[apply(on_every_database)]
async fn count_and_exists_agree_with_find(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 4);
    assert_eq!(db.orders().count(order::quantity().gt(2)).await.unwrap(), 2);
    assert_eq!(db.orders().find().limit(3).count().await.unwrap(), 3);
    assert_eq!(db.orders().find().offset(3).count().await.unwrap(), 1);
    assert!(db.customers().exists(ann.id).await.unwrap());
    assert!(!db.customers().exists(99).await.unwrap());
    assert!(db.orders().find().filter(order::quantity().eq(10)).exists().await.unwrap());
    assert!(!db.orders().find().filter(order::quantity().eq(11)).exists().await.unwrap());
    let beyond = db.orders().find().offset(4);
    assert!(!beyond.exists().await.unwrap(), "exists obeys the offset, as count does");
    assert!(!db.orders().find().limit(0).exists().await.unwrap());
}

#[apply(on_every_database)]
async fn create_gives_the_row_as_stored(at: &Database) {
    let db = empty_shop(at).await;
    let ann = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    assert_eq!((ann.id, ann.city.as_deref(), ann.score), (1, None, None));
    let made = db.orders().create(new_order(ann.id, 2)).await.unwrap();
    assert_eq!(made.version, 1);
    assert_eq!(db.orders().get(made.id).await.unwrap(), made);
    let account = db.accounts().create(NewAccount::new(ann.id)).await.unwrap();
    assert_eq!(account.balance, 0);
}

#[apply(on_every_database)]
async fn create_names_the_unique_key_that_is_taken(at: &Database) {
    let (db, _) = shop(at).await;
    let taken = db.customers().create(NewCustomer::new("Other", "ann@x")).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { model: "Customer", key } if key == "email is taken"), "{taken:?}");
    assert!(!taken.to_string().contains("ann@x"));

    items(&db, &db.orders().get(1).await.unwrap()).await;
    let taken = db.order_items().create(NewOrderItem::new(1, 2, 0.0)).await.unwrap_err();
    assert!(
        matches!(&taken, Error::Conflict { model: "OrderItem", key } if key == "orderId, lineNo is taken"),
        "{taken:?}"
    );
}

#[apply(on_every_database)]
async fn create_names_the_relation_that_leads_nowhere(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let named = |error: Error| match error {
        Error::ForeignKey { model, relation } => format!("{model}.{relation}"),
        other => panic!("{other:?}"),
    };
    let lost = db.orders().create(new_order(99, 1)).await.unwrap_err();
    assert!(!lost.to_string().contains("99"));
    assert_eq!(named(lost), "Order.customer");
    let coupon = relata_conformance::shop::NewOrder { coupon_code: Some("NONE".into()), ..new_order(ann.id, 1) };
    assert_eq!(named(db.orders().create(coupon).await.unwrap_err()), "Order.coupon");
    let line = NewShipment { order_item_order_id: Some(1), order_item_line_no: Some(9), ..NewShipment::new(1) };
    assert_eq!(named(db.shipments().create(line).await.unwrap_err()), "Shipment.orderItem");
    let referrer = CustomerPatch { referrer_id: Some(Some(99)), ..CustomerPatch::default() };
    assert_eq!(named(db.customers().patch_by_id(ann.id, referrer).await.unwrap_err()), "Customer.referrer");
}

#[apply(on_every_database)]
async fn create_says_all_that_is_not_valid_at_once_and_no_values(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let wrong = relata_conformance::shop::NewOrder {
        customer_id: ann.id,
        description: "d".repeat(51),
        quantity: 0,
        note: Some("a\0b".into()),
        coupon_code: Some("c".repeat(300)),
    };
    let said = failures(db.orders().create(wrong).await);
    assert_eq!(
        said,
        [
            "description is longer than 50 characters",
            "quantity is less than 1",
            "note contains a NUL character",
            "couponCode is longer than 255 characters",
        ]
    );
}

#[apply(on_every_database)]
async fn create_many_keeps_the_order_and_numbers_every_row(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let made = db.orders().create_many((1..=10_000).map(|n| new_order(ann.id, n))).await.unwrap();
    assert_eq!(made.len(), 10_000);
    assert!(made.iter().zip(1..).all(|(order, n)| order.quantity == n && order.id == n + 4));
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 10_004);
    assert_eq!(db.orders().get(made[9_999].id).await.unwrap(), made[9_999]);
}

#[apply(on_every_database)]
async fn create_many_of_nothing_is_nothing(at: &Database) {
    let (db, _) = shop(at).await;
    assert_eq!(db.orders().create_many([]).await.unwrap(), []);
}

#[apply(on_every_database)]
async fn create_many_is_all_or_nothing(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let lost = (1..=100).map(|n| new_order(if n == 100 { 99 } else { ann.id }, n));
    assert_eq!(code(db.orders().create_many(lost).await), "foreign_key");
    let wrong = (0..100).map(|n| new_order(ann.id, 99 - n));
    assert_eq!(failures(db.orders().create_many(wrong).await), ["[99].quantity is less than 1"]);
    let twice = [NewCustomer::new("D", "d@x"), NewCustomer::new("E", "d@x")];
    assert_eq!(code(db.customers().create_many(twice).await), "conflict");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 4);
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn a_patch_tells_null_from_absent(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let patched = db.customers().patch_by_id(ann.id, CustomerPatch { score: Some(Some(5)), ..Default::default() });
    assert_eq!(patched.await.unwrap().city.as_deref(), Some("Asgard"));
    let patch: CustomerPatch = serde_json::from_str(r#"{"city": null}"#).unwrap();
    assert_eq!(patch, CustomerPatch { city: Some(None), ..Default::default() });
    let patched = db.customers().patch_by_id(ann.id, patch).await.unwrap();
    assert_eq!((patched.city.as_deref(), patched.score), (None, Some(5)));
    assert_eq!(db.customers().get(ann.id).await.unwrap(), patched);
    assert!(serde_json::from_str::<CustomerPatch>(r#"{"name": null}"#).is_err());
    assert!(serde_json::from_str::<CustomerPatch>(r#"{"id": 7}"#).is_err());
}

#[apply(on_every_database)]
async fn a_patch_of_a_row_that_is_not_there_is_not_found(at: &Database) {
    let (db, _) = shop(at).await;
    let patch = CustomerPatch { score: Some(Some(5)), ..Default::default() };
    assert_eq!(code(db.customers().patch_by_id(99, patch).await), "not_found");
    assert_eq!(code(db.customers().patch_by_id(99, CustomerPatch::default()).await), "not_found");
}

#[apply(on_every_database)]
async fn an_empty_patch_reads_and_changes_nothing(at: &Database) {
    let (db, _) = shop(at).await;
    let before = db.orders().get(1).await.unwrap();
    assert_eq!(db.orders().patch_by_id(1, OrderPatch::default()).await.unwrap(), before);
    assert_eq!(db.orders().get(1).await.unwrap().version, 1);
}

#[apply(on_every_database)]
async fn a_patch_obeys_rules_and_keys(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let patch = OrderPatch { quantity: Some(0), description: Some("d".repeat(51)), ..Default::default() };
    assert_eq!(failures(db.orders().patch_by_id(1, patch).await).len(), 2);
    let email = CustomerPatch { email: Some(bob.email), ..Default::default() };
    let taken = db.customers().patch_by_id(ann.id, email).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { key, .. } if key == "email is taken"), "{taken:?}");
    let lost = OrderPatch { customer_id: Some(99), ..Default::default() };
    assert!(matches!(
        db.orders().patch_by_id(1, lost).await,
        Err(Error::ForeignKey { model: "Order", relation }) if relation == "customer"
    ));
    assert_eq!(db.orders().get(1).await.unwrap().version, 1);
}

#[apply(on_every_database)]
async fn every_change_raises_the_version_and_a_stale_one_is_refused(at: &Database) {
    let (db, _) = shop(at).await;
    let change = |quantity, version| OrderPatch { quantity: Some(quantity), version, ..Default::default() };
    assert_eq!(db.orders().patch_by_id(1, change(5, None)).await.unwrap().version, 2);
    assert_eq!(db.orders().patch_by_id(1, change(6, Some(2))).await.unwrap().version, 3);
    let stale = db.orders().patch_by_id(1, change(7, Some(2))).await.unwrap_err();
    assert!(matches!(stale, Error::Stale { model: "Order" }));
    assert_eq!(db.orders().get(1).await.unwrap().quantity, 6);
    assert_eq!(code(db.orders().patch_by_id(99, change(7, Some(2))).await), "not_found");

    let only = |version| OrderPatch { version: Some(version), ..Default::default() };
    assert_eq!(code(db.orders().patch_by_id(1, only(2)).await), "stale");
    assert_eq!(db.orders().patch_by_id(1, only(3)).await.unwrap().version, 3);

    let row = db.orders().get(1).await.unwrap();
    let replaced = db.orders().replace(Order { note: Some("new".into()), ..row.clone() }).await.unwrap();
    assert_eq!((replaced.version, replaced.note.as_deref()), (4, Some("new")));
    assert_eq!(code(db.orders().replace(row).await), "stale");
}

#[apply(on_every_database)]
async fn patch_where_raises_versions_without_comparing(at: &Database) {
    let (db, _) = shop(at).await;
    let note = OrderPatch { note: Some(Some("bulk".into())), ..Default::default() };
    assert_eq!(db.orders().patch_where(order::quantity().lt(3), note.clone()).await.unwrap(), 2);
    let rows = db.orders().find().order_by(order::id()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.version).collect::<Vec<_>>(), [2, 2, 1, 1]);
    assert_eq!(rows.iter().filter(|row| row.note.is_some()).count(), 2);
    let versioned = OrderPatch { version: Some(1), ..note };
    assert_eq!(failures(db.orders().patch_where(order::all(), versioned).await).len(), 1);
    assert_eq!(db.orders().patch_where(order::all(), OrderPatch::default()).await.unwrap(), 0);
    assert_eq!(
        db.orders()
            .patch_where(order::quantity().gt(99), OrderPatch { quantity: Some(1), ..Default::default() })
            .await
            .unwrap(),
        0
    );
}

#[apply(on_every_database)]
async fn patch_where_is_all_or_nothing(at: &Database) {
    let (db, _) = shop(at).await;
    let same = CustomerPatch { email: Some("one@x".into()), ..Default::default() };
    assert_eq!(code(db.customers().patch_where(customer::all(), same).await), "conflict");
    assert_eq!(db.customers().count(customer::email().eq("one@x")).await.unwrap(), 0);
    let lost = OrderPatch { customer_id: Some(99), ..Default::default() };
    assert_eq!(code(db.orders().patch_where(order::all(), lost).await), "foreign_key");
}

#[apply(on_every_database)]
async fn replace_writes_every_property(at: &Database) {
    let (db, [mut ann, ..]) = shop(at).await;
    ann.name = "Anna".into();
    ann.city = None;
    ann.score = Some(-1);
    assert_eq!(db.customers().replace(ann.clone()).await.unwrap(), ann);
    assert_eq!(db.customers().get(ann.id).await.unwrap(), ann);
    ann.id = 99;
    assert_eq!(code(db.customers().replace(ann).await), "not_found");
}

#[apply(on_every_database)]
async fn replace_obeys_rules(at: &Database) {
    let (db, _) = shop(at).await;
    let row = db.orders().get(1).await.unwrap();
    assert_eq!(failures(db.orders().replace(Order { quantity: 0, ..row }).await), ["quantity is less than 1"]);
}

#[apply(on_every_database)]
async fn delete_by_id_deletes_one_row_or_is_not_found(at: &Database) {
    let (db, _) = shop(at).await;
    db.orders().delete_by_id(1).await.unwrap();
    assert_eq!(code(db.orders().delete_by_id(1).await), "not_found");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn delete_where_says_how_many_and_all_must_be_said(at: &Database) {
    let (db, _) = shop(at).await;
    assert_eq!(db.orders().delete_where(order::quantity().gt(2)).await.unwrap(), 2);
    assert_eq!(db.orders().delete_where(order::quantity().gt(2)).await.unwrap(), 0);
    assert_eq!(db.orders().delete_where(order::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn a_delete_is_refused_by_the_rows_that_point_there(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let refused = db.customers().delete_by_id(ann.id).await.unwrap_err();
    assert!(
        matches!(&refused, Error::ForeignKey { model: "Order", relation } if relation == "customer"),
        "{refused:?}"
    );
    assert_eq!(code(db.customers().delete_where(customer::all()).await), "foreign_key");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn deleting_all_rows_of_a_self_relation_works_in_one_statement(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let refer = CustomerPatch { referrer_id: Some(Some(ann.id)), ..Default::default() };
    db.customers().patch_by_id(bob.id, refer).await.unwrap();
    db.orders().delete_where(order::all()).await.unwrap();
    assert_eq!(db.customers().delete_where(customer::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn a_composite_id_is_a_tuple_in_declaration_order(at: &Database) {
    let (db, _) = shop(at).await;
    items(&db, &db.orders().get(2).await.unwrap()).await;
    let item = db.order_items().get((2, 1)).await.unwrap();
    assert_eq!((item.order_id, item.line_no), (2, 1));
    assert_eq!(db.order_items().find_by_id((1, 2)).await.unwrap(), None);
    assert_eq!(db.order_items().get((9, 9)).await.unwrap_err().to_string(), "there is no OrderItem with id (9, 9)");
    let patched = db.order_items().patch_by_id((2, 1), OrderItemPatch { price: Some(9.0), ..Default::default() });
    assert_eq!(patched.await.unwrap().price, 9.0);
    assert_eq!(db.order_items().get((2, 2)).await.unwrap().price, 2.5);
    assert!(db.order_items().exists((2, 2)).await.unwrap());
    db.order_items().delete_by_id((2, 2)).await.unwrap();
    assert_eq!(db.order_items().count(order_item::all()).await.unwrap(), 1);
    let lines = db.orders().items(2).find_by_id((2, 1)).await.unwrap();
    assert_eq!(lines.unwrap().price, 9.0);
}

#[apply(on_every_database)]
async fn a_relation_by_a_key_that_is_not_the_id(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let ten = db.coupons().create(NewCoupon::new("TEN")).await.unwrap();
    assert_eq!(ten.percent, 10);
    let made = db.coupons().orders("TEN").create(coupon::NewOrder::new(ann.id, "cheap", 1)).await.unwrap();
    assert_eq!(made.coupon_code.as_deref(), Some("TEN"));
    assert_eq!(db.orders().coupon(made.id).await.unwrap(), Some(ten.clone()));
    let found = db.coupons().find().filter(coupon::orders().any(order::quantity().eq(1))).await.unwrap();
    assert_eq!(found, [ten.clone()]);
    assert_eq!(db.coupons().get(ten.id).include(coupon::orders()).await.unwrap().orders, [made]);
    assert_eq!(code(db.coupons().delete_by_id(ten.id).await), "foreign_key");
}

#[apply(on_every_database)]
async fn a_hidden_property_is_stored_and_never_serialised(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let new = NewAccount { secret: Some("s3cret".into()), ..NewAccount::new(ann.id) };
    let made: Account = db.accounts().create(new).await.unwrap();
    assert_eq!(made.secret.as_deref(), Some("s3cret"));
    assert_eq!(db.accounts().get(made.id).await.unwrap().secret, made.secret);
    let json = serde_json::to_value(&made).unwrap();
    assert_eq!(json, serde_json::json!({"id": made.id, "customerId": ann.id, "balance": 0}));
    let row = db.customers().get(ann.id).include(customer::account()).await.unwrap();
    assert!(!serde_json::to_string(&row).unwrap().contains("s3cret"));
    assert_eq!(balances(&db.accounts().find().await.unwrap()), [0]);
}

#[apply(on_every_database)]
async fn nothing_runs_until_it_is_awaited(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    drop(db.orders().create(new_order(ann.id, 1)));
    drop(db.orders().delete_where(order::all()));
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 4);
}
