//! Counts of related rows: included, in conditions, in orders; against the rows themselves.

use macro_rules_attribute::apply;
use relata::WithCount;
use relata_conformance::database::Database;
use relata_conformance::flags::{self, team};
use relata_conformance::on_every_database;
use relata_conformance::shop::{Customer, NewCustomer, account, category, customer, order, order_item, product};

use crate::support::{empty_shop, items, shop};

/// Ann has three orders with two items each, Bob one with none, Cid none; Ann has an account.
async fn counted(at: &Database) -> (relata_conformance::shop::Db, [Customer; 3]) {
    let (db, customers) = shop(at).await;
    for order in db.customers().orders(&customers[0]).find().await.unwrap() {
        items(&db, &order).await;
    }
    db.customers().account(&customers[0]).create(customer::NewAccount::new()).await.unwrap();
    (db, customers)
}

#[apply(on_every_database)]
async fn a_count_is_a_number_in_the_relation_s_place(at: &Database) {
    let (db, [ann, ..]) = counted(at).await;
    let rows: Vec<WithCount<Customer, customer::orders>> =
        db.customers().find().order_by(customer::id()).include(customer::orders().count()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.orders).collect::<Vec<_>>(), [3, 1, 0]);
    assert_eq!(serde_json::to_value(&rows[0]).unwrap()["orders"], 3);

    let with_all = db
        .customers()
        .get(ann.id)
        .include(customer::orders().filter(order::quantity().gt(1)).count())
        .include(customer::account().count())
        .include(customer::referrer())
        .include(customer::referrals().count().filter(customer::city().is_null()))
        .await
        .unwrap();
    assert_eq!((with_all.orders, with_all.account, &with_all.referrer, with_all.referrals), (2, 1, &None, 0));
    assert_eq!(with_all.into_customer(), ann);
}

#[apply(on_every_database)]
async fn limit_and_offset_hold_for_the_count(at: &Database) {
    let (db, [ann, ..]) = counted(at).await;
    for (limit, offset, expected) in
        [(2, 0, 2), (9, 0, 3), (0, 0, 0), (2, 1, 2), (2, 2, 1), (u64::MAX, 3, 0), (u64::MAX, u64::MAX, 0)]
    {
        let orders = customer::orders().limit(limit).offset(offset);
        let row = db.customers().get(ann.id).include(orders.clone().count()).await.unwrap();
        assert_eq!(row.orders, expected, "limit {limit}, offset {offset}");
        assert_eq!(db.customers().count(orders.count().eq(expected).and(customer::id().eq(ann.id))).await.unwrap(), 1);
    }
    let after = customer::orders().order_by(order::quantity().desc()).offset(1).count();
    assert_eq!(db.customers().get(ann.id).include(after).await.unwrap().orders, 2);
}

#[apply(on_every_database)]
async fn at_any_depth_and_beside_rows(at: &Database) {
    let (db, [ann, bob, _]) = counted(at).await;
    let rows = db
        .customers()
        .find()
        .order_by(customer::id())
        .include(customer::orders().order_by(order::id()).include(order::items().count()))
        .include(customer::account().include(account::customer().include(customer::orders().count())))
        .await
        .unwrap();
    let items = |n: usize| rows[n].orders.iter().map(|order| order.items).collect::<Vec<_>>();
    assert_eq!([items(0), items(1), items(2)], [vec![2, 2, 2], vec![0], vec![]]);
    assert_eq!(rows[0].account.as_ref().unwrap().customer.orders, 3);

    // A row that rides on another's statement, and one that is not there.
    let of_orders = order::customer().include(customer::orders().count());
    let orders =
        db.orders().find().order_by(order::id()).include(of_orders).include(order::items().count()).await.unwrap();
    let seen: Vec<_> = orders.iter().map(|order| (order.customer.id, order.customer.orders, order.items)).collect();
    assert_eq!(seen, [(ann.id, 3, 2), (ann.id, 3, 2), (ann.id, 3, 2), (bob.id, 1, 0)]);
    let of_products = order_item::product().include(product::items().count());
    let lines = db.order_items().find().order_by((order_item::order_id(), order_item::line_no())).include(of_products);
    let lines: Vec<_> = lines.await.unwrap().iter().map(|line| line.product.as_ref().map(|row| row.items)).collect();
    assert_eq!(lines, [Some(1), None, Some(1), None, Some(1), None]);

    let owner = db.orders().customer(orders[3].id).include(customer::orders().count()).await.unwrap();
    assert_eq!((owner.id, owner.orders), (bob.id, 1));
    let found = db.customers().orders(&ann).find().include(order::items().count()).limit(1).await.unwrap();
    assert_eq!(found[0].items, 2);
}

#[apply(on_every_database)]
async fn of_rows_that_are_cut_for_each_parent(at: &Database) {
    let (db, [ann, ..]) = counted(at).await;
    db.order_items().delete_where(order_item::line_no().eq(2).and(order_item::order_id().eq(1))).await.unwrap();
    let orders = || {
        customer::orders()
            .order_by((order::items().count().asc(), order::quantity().desc()))
            .limit(2)
            .include(order::items().filter(order_item::price().ge(1.5)).count())
            .include(order::customer().include(customer::orders().count()))
    };
    let rows = db.customers().find().order_by(customer::id()).include(orders()).await.unwrap();
    let seen = |n: usize| -> Vec<_> {
        rows[n].orders.iter().map(|order| (order.quantity, order.items, order.customer.orders)).collect()
    };
    assert_eq!([seen(0), seen(1), seen(2)], [vec![(1, 1, 3), (3, 2, 3)], vec![(10, 0, 1)], vec![]]);
    let alone = db.customers().get(ann.id).include(orders()).await.unwrap();
    assert_eq!(alone.orders, rows[0].orders);
}

#[apply(on_every_database)]
async fn in_conditions(at: &Database) {
    let (db, [ann, bob, cid]) = counted(at).await;
    let orders = || customer::orders().count();
    let large = || customer::orders().filter(order::quantity().ge(3)).count();
    for (condition, expected) in [
        (orders().eq(0), vec![cid.id]),
        (orders().ne(0), vec![ann.id, bob.id]),
        (orders().gt(1), vec![ann.id]),
        (orders().ge(1), vec![ann.id, bob.id]),
        (orders().lt(1), vec![cid.id]),
        (orders().le(1), vec![bob.id, cid.id]),
        (orders().between(1, 2), vec![bob.id]),
        (orders().between(2, 1), vec![]),
        (orders().gt(u64::MAX), vec![]),
        (orders().lt(u64::MAX), vec![ann.id, bob.id, cid.id]),
        (large().eq(1), vec![ann.id, bob.id]),
        (large().eq(1).and(orders().gt(1)).or(customer::name().eq("Cid")), vec![ann.id, cid.id]),
        (!orders().eq(3), vec![bob.id, cid.id]),
        (customer::account().count().eq(1), vec![ann.id]),
        (customer::orders().any(order::items().count().eq(2)), vec![ann.id]),
        (customer::orders().filter(order::items().count().eq(0)).count().eq(1), vec![bob.id]),
    ] {
        let found = db.customers().find().filter(condition).order_by(customer::id()).await.unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
    }
    assert_eq!(db.orders().find().filter(order::customer().matches(orders().eq(3))).await.unwrap().len(), 3);
}

#[apply(on_every_database)]
async fn in_orders(at: &Database) {
    let (db, _) = counted(at).await;
    let dan = db.customers().create(NewCustomer::new("Dan", "dan@x")).await.unwrap();
    let names = async |order: relata::OrderBy<Customer>| -> String {
        let rows = db.customers().find().order_by(order).await.unwrap();
        rows.iter().map(|row| &row.name[..1]).collect()
    };
    let orders = || customer::orders().count();
    assert_eq!(names((orders().desc(), customer::name().desc()).into()).await, "ABDC");
    assert_eq!(names((orders(), customer::name()).into()).await, "CDBA");
    let large = customer::orders().filter(order::quantity().gt(3)).count();
    assert_eq!(names((large.desc(), orders().asc(), customer::name()).into()).await, "BCDA");
    // What is cut is in a total order, by the id among equals.
    let page = db.customers().find().order_by(orders()).limit(1).offset(1).await.unwrap();
    assert_eq!(page[0].id, dan.id);
}

#[apply(on_every_database)]
async fn of_a_model_by_itself_where_its_rows_are_changed(at: &Database) {
    let db = empty_shop(at).await;
    let root = db.categories().create(relata_conformance::shop::NewCategory::new("root")).await.unwrap();
    let child = |name: &str| category::NewChild::new(name);
    db.categories().children(&root).create_many([child("a"), child("b")]).await.unwrap();
    let rows = db.categories().find().order_by(category::id()).include(category::children().count()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.children).collect::<Vec<_>>(), [2, 0, 0]);
    let patch = relata_conformance::shop::CategoryPatch { name: Some("leaf".into()), ..Default::default() };
    assert_eq!(db.categories().patch_where(category::children().count().eq(0), patch).await.unwrap(), 2);
    assert_eq!(db.categories().delete_where(category::children().count().lt(1)).await.unwrap(), 2);
    assert_eq!(db.categories().count(category::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn of_live_rows_unless_deleted_ones_are_asked_for(at: &Database) {
    let db: flags::Db = at.open().await.unwrap();
    let players = team::players().create(["a", "b", "c"].map(team::NewPlayer::new));
    let reds = db.teams().create(flags::NewTeam::new("Reds")).with(players).await.unwrap();
    assert!(reds.players.iter().all(|player| player.deleted_at.is_none()));
    db.players().delete_by_id(reds.players[0].id).await.unwrap();
    let of = |scope| db.teams().get(reds.id).include(scope);
    assert_eq!(of(team::players().count()).await.unwrap().players, 2);
    assert_eq!(of(team::players().with_deleted().count()).await.unwrap().players, 3);
    assert_eq!(db.teams().count(team::players().count().eq(2)).await.unwrap(), 1);
    assert_eq!(db.teams().count(team::players().with_deleted().count().eq(2)).await.unwrap(), 0);

    let deleted = db.teams().create(flags::NewTeam::new("Blues"));
    let refused = deleted.with(team::players().with_deleted().create([team::NewPlayer::new("d")])).await;
    assert_eq!(refused.unwrap_err().code(), "validation");
}
