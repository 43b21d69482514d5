//! Included relations: which rows, in which places, of which types, and what they are in JSON.

use macro_rules_attribute::apply;
use relata::With;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{
    self, CategoryWith, Customer, CustomerPatch, Db, NewCategory, NewCoupon, NewOrder, NewProduct, Order, OrderItem,
    Product, category, coupon, customer, order, order_item, product, shipment,
};
use relata_conformance::weak::{self, NewAuthor, NewBook, NewPublisher, author, book};
use serde_json::json;

use crate::support::{code, empty_shop, items, order as new_order, quantities, shop};

#[apply(on_every_database)]
async fn to_many_is_a_list_that_is_empty_where_there_is_none(at: &Database) {
    let (db, _) = shop(at).await;
    let rows = db
        .customers()
        .find()
        .order_by(customer::id())
        .include(customer::orders().order_by(order::quantity()))
        .await
        .unwrap();
    let of: Vec<_> = rows.iter().map(|row| quantities(&row.orders)).collect();
    assert_eq!(of, [vec![1, 2, 3], vec![10], vec![]]);
    assert_eq!(db.customers().find().filter(customer::id().gt(99)).include(customer::orders()).await.unwrap(), []);
}

#[apply(on_every_database)]
async fn limit_offset_and_order_hold_for_each_parent(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    db.customers().orders(&bob).create_many((11..=13).map(|n| customer::NewOrder::new("more", n))).await.unwrap();
    let of = async |scope: relata::Scope<customer::orders>| {
        let rows = db.customers().find().order_by(customer::id()).include(scope).await.unwrap();
        rows.iter().map(|row| quantities(&row.orders)).collect::<Vec<_>>()
    };
    let up = || customer::orders().order_by(order::quantity());
    let down = || customer::orders().order_by(order::quantity().desc());
    assert_eq!(of(up().limit(2)).await, [vec![1, 2], vec![10, 11], vec![]]);
    assert_eq!(of(down().limit(2)).await, [vec![3, 2], vec![13, 12], vec![]]);
    assert_eq!(of(up().offset(1)).await, [vec![2, 3], vec![11, 12, 13], vec![]]);
    assert_eq!(of(down().offset(2).limit(1)).await, [vec![1], vec![11], vec![]]);
    assert_eq!(of(up().limit(0)).await, [vec![], vec![], vec![]] as [Vec<i64>; 3]);
    assert_eq!(of(up().offset(99)).await, [vec![], vec![], vec![]] as [Vec<i64>; 3]);
    assert_eq!(of(up().filter(order::quantity().gt(1)).limit(1)).await, [vec![2], vec![10], vec![]]);
    let filtered = up().filter(order::quantity().gt(1)).filter(order::quantity().ne(11).or(order::quantity().eq(1)));
    assert_eq!(of(filtered).await, [vec![2, 3], vec![10, 12, 13], vec![]]);
    let among_equals = (order::description().desc(), order::quantity().desc());
    assert_eq!(of(customer::orders().order_by(among_equals).limit(2)).await, [vec![3, 2], vec![13, 12], vec![]]);
    assert_eq!(ann.id, 1);
}

#[apply(on_every_database)]
async fn an_or_in_a_scope_does_not_reach_rows_of_other_parents(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let any = || order::customer_id().eq(bob.id).or(order::quantity().gt(0));
    for scope in [customer::orders().filter(any()), customer::orders().filter(any()).limit(9)] {
        let row = db.customers().get(ann.id).include(scope).await.unwrap();
        assert!(row.orders.iter().all(|order| order.customer_id == ann.id));
        assert_eq!(row.orders.len(), 3);
    }
}

#[apply(on_every_database)]
async fn to_one_is_plain_where_required_and_an_option_elsewhere(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let orders = db.orders().find().order_by(order::id()).include(order::customer()).await.unwrap();
    let names: Vec<&str> = orders.iter().map(|order| &*order.customer.name).collect();
    assert_eq!(names, ["Ann", "Ann", "Ann", "Bob"]);
    let refer = CustomerPatch { referrer_id: Some(Some(ann.id)), ..Default::default() };
    db.customers().patch_by_id(bob.id, refer).await.unwrap();
    let rows = db.customers().find().order_by(customer::id()).include(customer::referrer()).await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.referrer).collect::<Vec<_>>(), [None, Some(ann), None]);
}

#[apply(on_every_database)]
async fn a_required_to_one_under_a_filter_is_an_option(at: &Database) {
    let (db, _) = shop(at).await;
    let scope = order::customer().filter(customer::name().eq("Bob"));
    let found = db.orders().find().order_by(order::id()).include(scope).await.unwrap();
    let there: Vec<bool> = found.iter().map(|order| order.customer.is_some()).collect();
    assert_eq!(there, [false, false, false, true]);
}

#[apply(on_every_database)]
async fn has_one_is_an_option(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let account = db.customers().account(&ann).create(customer::NewAccount::new()).await.unwrap();
    let rows = db.customers().find().order_by(customer::id()).include(customer::account()).await.unwrap();
    let accounts: Vec<_> = rows.into_iter().map(|row| row.account).collect();
    assert_eq!(accounts, [Some(account), None, None]);
    let none = customer::account().filter(shop::account::balance().gt(0));
    assert_eq!(db.customers().get(ann.id).include(none).await.unwrap().account, None);
}

#[apply(on_every_database)]
async fn relations_nest_to_any_depth(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let first = db.orders().get(1).await.unwrap();
    items(&db, &first).await;
    let line = db.order_items().get((1, 1)).await.unwrap();
    db.order_items().shipments(&line).create(order_item::NewShipment::new(3)).await.unwrap();

    let rows = db
        .customers()
        .find()
        .order_by(customer::id())
        .include(
            customer::orders().order_by(order::id()).include(
                order::items()
                    .order_by(order_item::line_no())
                    .include(order_item::product().include(product::items().include(order_item::order())))
                    .include(order_item::shipments().include(shipment::order_item())),
            ),
        )
        .await
        .unwrap();
    let lines = &rows[0].orders[0].items;
    assert_eq!(lines.len(), 2);
    let product = lines[0].product.as_ref().unwrap();
    assert_eq!((product.name.as_str(), product.items[0].order.customer_id), ("product 1", ann.id));
    assert_eq!(lines[0].shipments[0].order_item.as_ref(), Some(&line));
    assert_eq!(lines[1].product, None);
    assert!(lines[1].shipments.is_empty());
    assert!(rows[0].orders[1].items.is_empty());
    assert!(rows[2].orders.is_empty());
}

#[apply(on_every_database)]
async fn to_many_stands_under_to_one_and_parents_share_it(at: &Database) {
    let (db, [ann, bob, cid]) = shop(at).await;
    for referred in [&bob, &cid] {
        let refer = CustomerPatch { referrer_id: Some(Some(ann.id)), ..Default::default() };
        db.customers().patch_by_id(referred.id, refer).await.unwrap();
    }
    let scope = customer::referrer().include(customer::orders().order_by(order::quantity()));
    let rows = db.customers().find().order_by(customer::id()).include(scope).await.unwrap();
    assert!(rows[0].referrer.is_none());
    for row in &rows[1..] {
        assert_eq!(quantities(&row.referrer.as_ref().unwrap().orders), [1, 2, 3]);
    }
    let orders = db
        .orders()
        .find()
        .order_by(order::id())
        .include(order::customer().include(customer::orders().order_by(order::quantity().desc()).limit(1)))
        .await
        .unwrap();
    let largest: Vec<_> = orders.iter().map(|order| quantities(&order.customer.orders)).collect();
    assert_eq!(largest, [vec![3], vec![3], vec![3], vec![10]]);
}

#[apply(on_every_database)]
async fn parents_with_equal_keys_each_get_the_children(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let ten = db.coupons().create(NewCoupon::new("TEN")).await.unwrap();
    let with = |n| NewOrder { coupon_code: Some("TEN".into()), ..new_order(ann.id, n) };
    db.orders().create_many([with(20), with(21)]).await.unwrap();
    let rows = db
        .orders()
        .find()
        .order_by(order::id())
        .include(order::coupon().include(coupon::orders().order_by(order::quantity())))
        .await
        .unwrap();
    assert!(rows[..4].iter().all(|row| row.coupon.is_none()));
    for row in &rows[4..] {
        let coupon = row.coupon.as_ref().unwrap();
        assert_eq!(**coupon, ten);
        assert_eq!(quantities(&coupon.orders), [20, 21]);
    }
}

#[apply(on_every_database)]
async fn several_relations_of_one_row_each_have_their_place(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let rows = db
        .customers()
        .get(ann.id)
        .include(customer::account())
        .include(customer::referrals())
        .include(customer::orders().filter(order::quantity().eq(2)))
        .include(customer::referrer())
        .await
        .unwrap();
    assert_eq!((rows.account.is_none(), rows.referrals.len(), rows.orders.len()), (true, 0, 1));
    assert_eq!(rows.referrer, None);
}

#[apply(on_every_database)]
async fn whatever_gives_rows_takes_includes(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    assert_eq!(db.customers().get(ann.id).include(customer::orders()).await.unwrap().orders.len(), 3);
    let found = db.customers().find_by_id(ann.id).include(customer::orders()).await.unwrap();
    assert_eq!(found.unwrap().orders.len(), 3);
    assert_eq!(db.customers().find_by_id(99).include(customer::orders()).await.unwrap(), None);
    let owner =
        db.orders().customer(1).include(customer::orders().limit(2)).include(customer::account()).await.unwrap();
    assert_eq!((owner.orders.len(), owner.account.is_none()), (2, true));
    let nested = db.orders().customer(1).include(customer::referrer()).await.unwrap();
    assert_eq!((nested.id, nested.referrer), (ann.id, None));
    let theirs =
        db.customers().orders(&bob).find().include(order::customer().include(customer::orders())).await.unwrap();
    assert_eq!(theirs[0].customer.orders.len(), 1);
    let optional = db.customers().referrer(ann.id).include(customer::orders()).await.unwrap();
    assert!(optional.is_none());
}

#[apply(on_every_database)]
async fn a_tree_is_read_level_by_level(at: &Database) {
    let db = empty_shop(at).await;
    let root = db.categories().create(NewCategory::new("root")).await.unwrap();
    for name in ["a", "b", "c"] {
        let child = db.categories().children(&root).create(category::NewChild::new(name)).await.unwrap();
        let grand = (0..3).map(|n| category::NewChild::new(format!("{name}{n}")));
        db.categories().children(&child).create_many(grand).await.unwrap();
    }
    let by_name = || category::children().order_by(category::name().desc()).limit(2);
    let tree = db.categories().get(root.id).include(by_name().include(by_name())).await.unwrap();
    let names = |rows: &[CategoryWith<_, _>]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&tree.children), ["c", "b"]);
    assert_eq!(tree.children[1].children.iter().map(|row| &*row.name).collect::<Vec<_>>(), ["b2", "b1"]);
    let leaf = db.categories().find().filter(category::name().eq("b2"));
    let leaf = leaf.include(category::parent().include(category::parent().include(category::parent()))).one().await;
    let leaf = leaf.unwrap();
    let above = leaf.parent.as_ref().unwrap().parent.as_ref().unwrap();
    assert_eq!((&*above.name, above.parent.is_none()), ("root", true));
}

#[apply(on_every_database)]
async fn a_weak_optional_key_that_dangles_is_none_and_a_required_one_is_an_error(at: &Database) {
    let db: weak::Db = at.open().await.unwrap();
    db.authors().create(NewAuthor::new(1, "Ann")).await.unwrap();
    db.publishers().create(NewPublisher::new("P")).await.unwrap();
    let of = |author, publisher: &str| NewBook { publisher_name: Some(publisher.into()), ..NewBook::new("t", author) };
    db.books().create_many([of(1, "P"), of(1, "gone")]).await.unwrap();
    let books = db.books().find().order_by(book::id()).include(book::publisher()).await.unwrap();
    assert_eq!(books.iter().map(|book| book.publisher.is_some()).collect::<Vec<_>>(), [true, false]);

    assert_eq!(db.books().find().include(book::author()).await.unwrap().len(), 2);
    db.books().create(of(9, "P")).await.unwrap();
    let dangling = db.books().find().include(book::author()).await.unwrap_err();
    assert!(
        matches!(&dangling, relata::Error::Dangling { model: "Book", property, target: "Author" } if property == "authorId"),
        "{dangling:?}"
    );
    let under_a_filter = db.books().find().include(book::author().filter(author::all())).await.unwrap();
    assert_eq!(under_a_filter.iter().filter(|book| book.author.is_none()).count(), 1);
    let nested = db.publishers().find().include(weak::publisher::books().include(book::author())).await;
    assert_eq!(code(nested.map(|rows| rows.len())), "dangling");
}

/// A function names the rows that it takes by what is included, never by position.
fn total(customer: &With<Customer, customer::orders, With<Order, order::items>>) -> f64 {
    customer.orders.iter().flat_map(|order| &order.items).map(|item| item.price).sum()
}

async fn with_items(db: &Db, id: i64) -> relata::Result<With<Customer, customer::orders, With<Order, order::items>>> {
    db.customers().get(id).include(customer::orders().include(order::items())).await
}

async fn lines(db: &Db) -> relata::Result<Vec<With<With<OrderItem, order_item::product>, order_item::order>>> {
    db.order_items().find().include(order_item::product()).include(order_item::order()).await
}

#[apply(on_every_database)]
async fn rows_with_includes_have_a_name(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    items(&db, &db.orders().get(1).await.unwrap()).await;
    let row = with_items(&db, ann.id).await.unwrap();
    assert!((total(&row) - 4.0).abs() < f64::EPSILON);
    let line = &lines(&db).await.unwrap()[0];
    let product: &Option<Product> = &line.product;
    assert_eq!((product.is_some(), line.order.id), (true, 1));
}

#[apply(on_every_database)]
async fn a_row_with_includes_reads_and_changes_as_the_row(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let mut row = db.customers().get(ann.id).include(customer::orders()).await.unwrap();
    row.name = "Anna".into();
    row.orders.clear();
    let copy = row.clone();
    assert_eq!(copy, row);
    assert_eq!(db.customers().replace(row.into_customer()).await.unwrap().name, "Anna");
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn json_has_the_relations_that_were_included_and_no_others(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let plain = serde_json::to_value(db.customers().get(ann.id).await.unwrap()).unwrap();
    let own = json!({"id": 1, "name": "Ann", "email": "ann@x", "city": "Asgard", "score": null, "referrerId": null});
    assert_eq!(plain, own);
    let row = db
        .customers()
        .get(ann.id)
        .include(customer::account())
        .include(customer::orders().filter(order::quantity().eq(1)).include(order::items()))
        .await
        .unwrap();
    let row = serde_json::to_value(row).unwrap();
    let order = json!({
        "id": 1, "customerId": 1, "description": "Ann 1", "quantity": 1, "note": null, "couponCode": null,
        "version": 1, "items": []
    });
    let mut expected = own;
    expected["account"] = json!(null);
    expected["orders"] = json!([order]);
    assert_eq!(row, expected);
}

#[apply(on_every_database)]
async fn thousands_of_parents_are_included_at_once(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let orders = db.orders().create_many((0..5_000).map(|_| new_order(ann.id, 1))).await.unwrap();
    db.products().create(NewProduct::new("P", "p")).await.unwrap();
    let lines = orders.iter().map(|order| shop::NewOrderItem::new(order.id, 1, 1.0));
    db.order_items().create_many(lines).await.unwrap();
    let rows = db.orders().find().include(order::items()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.items.len()).sum::<usize>(), 5_000);
    let rows = db.orders().find().include(order::items().limit(1)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.items.len()).sum::<usize>(), 5_000);
    // Composite keys travel another way.
    let rows = db.order_items().find().include(order_item::shipments()).await.unwrap();
    assert!(rows.iter().all(|row| row.shipments.is_empty()));
}
