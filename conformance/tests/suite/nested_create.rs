//! Rows created with rows of their relations in one call: what is given back is what is stored, in one
//! transaction, all or nothing.

use macro_rules_attribute::apply;
use relata::{Error, NewRows};
use relata_conformance::database::Database;
use relata_conformance::keys::{self, NewByUuid, by_uuid};
use relata_conformance::on_every_database;
use relata_conformance::polymorphic::{self, comment, photo, post};
use relata_conformance::shop::{
    self, NewCategory, NewCoupon, NewCustomer, NewOrder, NewOrderItem, category, coupon, customer, order, order_item,
};
use relata_conformance::weak::{self, NewAuthor, author};

use crate::support::{code, empty_shop, failures};

fn new_order(quantity: i64) -> customer::NewOrder {
    customer::NewOrder::new("an order", quantity)
}

fn item(line: i64) -> order::NewItem {
    order::NewItem::new(line, 1.5)
}

/// How many rows there are of the models that these tests write to.
async fn rows(db: &shop::Db) -> [u64; 5] {
    [
        db.customers().count(customer::all()).await.unwrap(),
        db.accounts().count(shop::account::all()).await.unwrap(),
        db.orders().count(order::all()).await.unwrap(),
        db.order_items().count(order_item::all()).await.unwrap(),
        db.shipments().count(shop::shipment::all()).await.unwrap(),
    ]
}

#[apply(on_every_database)]
async fn a_tree_is_given_back_as_it_is_stored(at: &Database) {
    let db = empty_shop(at).await;
    // Rows that are there already have the lowest numbers.
    let before = db.customers().create(NewCustomer::new("Bob", "bob@x")).await.unwrap();
    db.customers().orders(&before).create(new_order(99)).await.unwrap();
    let shipment = |pieces| order_item::NewShipment::new(pieces);
    let ann = db
        .customers()
        .create(NewCustomer::new("Ann", "ann@x"))
        .with(customer::orders().create([
            (
                new_order(1),
                order::items().create([
                    (item(1), order_item::shipments().create(vec![shipment(10), shipment(11)])),
                    (item(2), order_item::shipments().create([])),
                ]),
            ),
            (
                new_order(2),
                order::items().create([
                    (item(1), order_item::shipments().create(vec![shipment(20)])),
                    (item(7), order_item::shipments().create(vec![shipment(27)])),
                ]),
            ),
        ]))
        .with(customer::account().create(customer::NewAccount { balance: Some(5), ..Default::default() }))
        .await
        .unwrap();

    assert_eq!((ann.name.as_str(), ann.account.balance, ann.account.customer_id), ("Ann", 5, ann.id));
    let lines = |n: usize| ann.orders[n].items.iter().map(|item| (item.order_id, item.line_no)).collect::<Vec<_>>();
    let [first, second] = [ann.orders[0].id, ann.orders[1].id];
    assert_eq!((lines(0), lines(1)), (vec![(first, 1), (first, 2)], vec![(second, 1), (second, 7)]));
    let pieces = |order: usize, item: usize| -> Vec<_> {
        ann.orders[order].items[item].shipments.iter().map(|shipment| shipment.pieces).collect()
    };
    assert_eq!([pieces(0, 0), pieces(0, 1), pieces(1, 0), pieces(1, 1)], [vec![10, 11], vec![], vec![20], vec![27]]);

    let shipments = order_item::shipments().order_by(shop::shipment::id());
    let items = order::items().order_by(order_item::line_no()).include(shipments);
    let stored = db
        .customers()
        .get(ann.id)
        .include(customer::orders().order_by(order::id()).include(items))
        .include(customer::account())
        .await
        .unwrap();
    assert_eq!((&stored.orders, stored.account.as_ref()), (&ann.orders, Some(&ann.account)));
    assert_eq!(rows(&db).await, [2, 1, 3, 4, 4]);
}

#[apply(on_every_database)]
async fn several_trees_are_created_at_once_and_keep_their_order(at: &Database) {
    let db = empty_shop(at).await;
    let new = (1..=40).map(|n| {
        let orders = (0..n % 3).map(move |m| (new_order(n * 10 + m + 1), order::items().create([item(1), item(2)])));
        (
            NewCustomer::new(format!("customer {n}"), format!("{n}@x")),
            customer::orders().create(orders),
            customer::account().create(customer::NewAccount { balance: Some(n), ..Default::default() }),
        )
    });
    let made = db.customers().create_nested(new).await.unwrap();
    assert_eq!(made.len(), 40);
    for (row, n) in made.iter().zip(1..) {
        assert_eq!(
            (row.name.clone(), row.account.balance, row.account.customer_id),
            (format!("customer {n}"), n, row.id)
        );
        let quantities: Vec<_> = row.orders.iter().map(|order| order.quantity).collect();
        assert_eq!(quantities, (0..n % 3).map(|m| n * 10 + m + 1).collect::<Vec<_>>());
        for order in &row.orders {
            assert_eq!(order.customer_id, row.id);
            assert_eq!(
                order.items.iter().map(|item| (item.order_id, item.line_no)).collect::<Vec<_>>(),
                [(order.id, 1), (order.id, 2)]
            );
        }
    }
    let none: [(NewCustomer, NewRows<customer::orders, Vec<customer::NewOrder>>); 0] = [];
    assert_eq!(db.customers().create_nested(none).await.unwrap(), []);
    assert_eq!(rows(&db).await, [40, 40, 40, 80, 0]);
}

#[apply(on_every_database)]
async fn a_relation_of_no_rows_is_an_empty_list(at: &Database) {
    let db = empty_shop(at).await;
    let none: [(customer::NewOrder, NewRows<order::items, Vec<order::NewItem>>); 0] = [];
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@x")).with(customer::orders().create(none));
    assert_eq!(ann.await.unwrap().orders, []);
}

#[apply(on_every_database)]
async fn through_a_constrained_repository_and_in_a_transaction(at: &Database) {
    let db = empty_shop(at).await;
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    let order = db
        .transaction(async |tx| {
            let items = order::items().create([item(1), item(2)]);
            tx.customers().orders(&ann).create(new_order(1)).with(items).await
        })
        .await
        .unwrap();
    assert_eq!((order.customer_id, order.items.len(), order.items[1].order_id), (ann.id, 2, order.id));
    let with_items = |n| (new_order(n), order::items().create([item(n)]));
    let orders = db.customers().orders(&ann).create_nested([with_items(2), with_items(3)]).await.unwrap();
    assert_eq!(orders.iter().map(|order| order.items[0].line_no).collect::<Vec<_>>(), [2, 3]);

    let rolled_back = db
        .transaction(async |tx| {
            tx.customers().orders(&ann).create(new_order(9)).with(order::items().create([item(1)])).await?;
            Err::<(), _>(Error::NotFound { model: "Nothing", id: None })
        })
        .await;
    assert_eq!(code(rolled_back), "not_found");
    let lost = db.customers().orders(99).create(new_order(1)).with(order::items().create([item(1)])).await;
    assert_eq!(code(lost), "foreign_key");
    assert_eq!(rows(&db).await, [1, 0, 3, 4, 0]);
}

#[apply(on_every_database)]
async fn a_tree_of_one_model(at: &Database) {
    let db = empty_shop(at).await;
    let leaf = |name: &str| category::NewChild::new(name);
    let branch = |name: &str| (leaf(name), category::children().create([leaf("x"), leaf("y")]));
    let root =
        db.categories().create(NewCategory::new("root")).with(category::children().create([branch("a"), branch("b")]));
    let root = root.await.unwrap();
    let [a, b] = [&root.children[0], &root.children[1]];
    assert_eq!((root.parent_id, a.parent_id, b.parent_id), (None, Some(root.id), Some(root.id)));
    assert_eq!((a.children[1].name.as_str(), a.children[1].parent_id), ("y", Some(a.id)));
    assert_eq!((b.children[0].name.as_str(), b.children[0].parent_id), ("x", Some(b.id)));
    assert_eq!(db.categories().count(category::all()).await.unwrap(), 7);
}

#[apply(on_every_database)]
async fn keys_that_the_library_makes_and_keys_that_are_no_id(at: &Database) {
    let db: keys::Db = at.open().await.unwrap();
    let children = || by_uuid::children().create([by_uuid::NewChild::new(), by_uuid::NewChild::new()]);
    let made = db.by_uuids().create(NewByUuid::new("u")).with(children()).await.unwrap();
    assert!(made.children.iter().all(|child| child.by_uuid_id == Some(made.id)));
    assert_eq!(db.by_uuids().children(&made).find().await.unwrap().len(), 2);
    drop(db);

    let db = empty_shop(at).await;
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    let of_ann = coupon::NewOrder::new(ann.id, "an order", 1);
    let coupon = db.coupons().create(NewCoupon::new("ten")).with(coupon::orders().create([of_ann])).await.unwrap();
    assert_eq!(coupon.orders[0].coupon_code.as_deref(), Some("ten"));
}

#[apply(on_every_database)]
async fn weak_relations(at: &Database) {
    let db: weak::Db = at.open().await.unwrap();
    let books = author::books().create([author::NewBook::new("a"), author::NewBook::new("b")]);
    let portrait = author::portrait().create(author::NewPortrait::new("Goya"));
    let made = db.authors().create(NewAuthor::new(7, "Ann")).with(books).with(portrait).await.unwrap();
    assert_eq!((made.books[1].author_id, made.portrait.author_id), (7, Some(7)));
}

#[apply(on_every_database)]
async fn every_row_is_checked_before_the_first_is_stored(at: &Database) {
    let db = empty_shop(at).await;
    let ann = || db.customers().create(NewCustomer::new("Ann", "ann@x"));
    let orders = customer::orders().create([(new_order(1), order::items().create([item(1)])), {
        (new_order(0), order::items().create([item(1)]))
    }]);
    let refused = ann().with(orders).await;
    assert!(matches!(&refused, Err(Error::Validation { model: "Customer", .. })), "{refused:?}");
    assert_eq!(failures(refused), ["orders[1].quantity is less than 1"]);

    let filtered = customer::orders().filter(order::quantity().gt(1)).create([new_order(1)]);
    let said = failures(ann().with(filtered).await);
    assert_eq!(said, ["orders is created without filter, order, limit, offset and deleted rows"]);
    let nested = order::items().limit(1).create([item(1)]);
    assert_eq!(code(ann().with(customer::orders().create([(new_order(1), nested)])).await), "validation");
    assert_eq!(rows(&db).await, [0; 5]);
}

#[apply(on_every_database)]
async fn what_the_database_refuses_undoes_everything_and_names_the_row_s_model(at: &Database) {
    let db = empty_shop(at).await;
    let ann = || db.customers().create(NewCustomer::new("Ann", "ann@x"));
    let twice = customer::orders().create([(new_order(1), order::items().create([item(1), item(1)]))]);
    match ann().with(twice).await {
        Err(Error::Conflict { model: "OrderItem", key }) => assert_eq!(key, "orderId, lineNo is taken"),
        other => panic!("{other:?}"),
    }
    let lost = order::NewItem { product_sku: Some("gone".into()), ..item(1) };
    match ann().with(customer::orders().create([(new_order(1), order::items().create([lost]))])).await {
        Err(Error::ForeignKey { model: "OrderItem", relation }) => assert_eq!(relation, "product"),
        other => panic!("{other:?}"),
    }
    assert_eq!(rows(&db).await, [0; 5]);
    db.orders().create(NewOrder::new(ann().await.unwrap().id, "after", 1)).await.unwrap();
    db.order_items().create(NewOrderItem::new(db.orders().find().one().await.unwrap().id, 1, 1.0)).await.unwrap();
    assert_eq!(rows(&db).await, [1, 0, 1, 1, 0]);
}

#[apply(on_every_database)]
async fn answers_to_a_relation_to_several_models_say_which_they_mean(at: &Database) {
    let db: polymorphic::Db = at.open().await.unwrap();
    // A photo with the post's number.
    db.photos().create(polymorphic::NewPhoto::new()).await.unwrap();
    let comment = |text: &str| (post::NewComment::new(text), comment::replies().create([comment::NewReply::new("no")]));
    let comments = post::comments().create(["a", "b"].map(comment));
    let made = db.posts().create(polymorphic::NewPost::new("news")).with(comments).await.unwrap();
    assert_eq!(
        made.comments.iter().map(|row| (&*row.subject_type, row.subject_id)).collect::<Vec<_>>(),
        [("Post", made.id), ("Post", made.id)]
    );
    assert_eq!(made.comments[1].replies[0].subject_type, "Comment");
    let counted = db.posts().get(made.id).include(post::comments().count()).await.unwrap();
    assert_eq!(counted.comments, 2);
    assert_eq!(db.photos().count(photo::comments().count().gt(0)).await.unwrap(), 0);
    let of_comment = db.comments().get(made.comments[0].id).include(comment::replies().count()).await.unwrap();
    assert_eq!(of_comment.replies, 1);
}
