//! Rows in the order of what a related row holds.

use macro_rules_attribute::apply;
use relata::OrderBy;
use relata_conformance::database::Database;
use relata_conformance::flags::{self, Game, NewTeam, Player, game, player, team};
use relata_conformance::on_every_database;
use relata_conformance::polymorphic::{self, NewComment, NewPhoto, NewPost, comment, photo, post};
use relata_conformance::shop::{Customer, Order, OrderItem, account, customer, order, order_item, product};
use relata_conformance::through::{self, NewAccount, NewSupplier, Supplier, supplier};

use crate::support::{empty_shop, items, quantities, shop};

#[apply(on_every_database)]
async fn of_what_a_row_belongs_to(at: &Database) {
    let (db, [_, bob, _]) = shop(at).await;
    let sorted = async |by: OrderBy<Order>| quantities(&db.orders().find().order_by(by).await.unwrap());
    let customer = order::customer;
    assert_eq!(sorted((customer().order(customer::name().desc()), order::quantity()).into()).await, [10, 1, 2, 3]);
    assert_eq!(sorted((customer().order(customer::name()), order::quantity().desc()).into()).await, [3, 2, 1, 10]);
    // NULL is before everything: Bob lives nowhere.
    assert_eq!(bob.city, None);
    assert_eq!(sorted((customer().order(customer::city()), order::quantity()).into()).await, [10, 1, 2, 3]);
    assert_eq!(sorted((customer().order(customer::city().desc()), order::quantity()).into()).await, [1, 2, 3, 10]);
    let several = customer().order((customer::city().desc(), customer::id()));
    assert_eq!(sorted((several, order::quantity().desc()).into()).await, [3, 2, 1, 10]);
    // By a number of what the related row itself is related to.
    let busy = customer().order(customer::orders().count().desc());
    assert_eq!(sorted((busy, order::quantity()).into()).await, [1, 2, 3, 10]);
    // Of the customers that match; the others are as none.
    let bobs = order::customer().filter(customer::name().eq("Bob")).order(customer::name().desc());
    assert_eq!(sorted((bobs, order::quantity()).into()).await, [10, 1, 2, 3]);
    // Cut, with what is included, and one after the other.
    let page = db.orders().find().order_by(customer().order(customer::name().desc())).limit(2).offset(1);
    let page = page.include(customer()).await.unwrap();
    assert_eq!(page.iter().map(|row| (row.customer.id, row.quantity)).collect::<Vec<_>>(), [(1, 1), (1, 2)]);
}

#[apply(on_every_database)]
async fn where_there_may_be_none(at: &Database) {
    let (db, [ann, bob, cid]) = shop(at).await;
    for (owner, balance) in [(&ann, 5), (&cid, 3)] {
        let new = customer::NewAccount { balance: Some(balance), ..customer::NewAccount::new() };
        db.customers().account(owner).create(new).await.unwrap();
    }
    let refer = |to: &Customer| relata_conformance::shop::CustomerPatch {
        referrer_id: Some(Some(to.id)),
        ..Default::default()
    };
    db.customers().patch_by_id(ann.id, refer(&cid)).await.unwrap();
    db.customers().patch_by_id(cid.id, refer(&bob)).await.unwrap();
    let sorted = async |by: OrderBy<Customer>| {
        let rows = db.customers().find().order_by(by).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let (ann, bob, cid) = (ann.id, bob.id, cid.id);
    // A hasOne: Bob has no account.
    assert_eq!(sorted(customer::account().order(account::balance())).await, [bob, cid, ann]);
    assert_eq!(sorted(customer::account().order(account::balance().desc())).await, [ann, cid, bob]);
    let large = customer::account().filter(account::balance().gt(4)).order(account::balance());
    assert_eq!(sorted((large, customer::id().desc()).into()).await, [cid, bob, ann]);
    // To its own model, once and twice: nobody referred Bob, who referred Cid, who referred Ann.
    let referrer = customer::referrer;
    assert_eq!(sorted(referrer().order(customer::name())).await, [bob, cid, ann]);
    assert_eq!(sorted(referrer().order(customer::name().desc())).await, [ann, cid, bob]);
    let twice = |last: OrderBy<Customer>| referrer().order(referrer().order(last));
    assert_eq!(sorted((twice(customer::name().asc()), customer::id()).into()).await, [bob, cid, ann]);
    assert_eq!(sorted((twice(customer::name().desc()), customer::id().desc()).into()).await, [ann, cid, bob]);
    // To and fro.
    let back = customer::account().order(account::customer().order(customer::name().desc()));
    assert_eq!(sorted(back).await, [cid, ann, bob]);
}

#[apply(on_every_database)]
async fn at_any_depth(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    for order in db.orders().find().filter(order::quantity().ge(2)).order_by(order::id()).await.unwrap() {
        items(&db, &order).await;
    }
    let by = order_item::order().order(order::customer().order(customer::name().desc()));
    let by = (by, order_item::product().order(product::name()), order_item::price(), order_item::order_id());
    let rows = db.order_items().find().order_by(by).include(order_item::order()).await.unwrap();
    let line = |row: &OrderItem| (row.order_id, row.line_no);
    let (of_ann, of_bob): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.order.customer_id == ann.id);
    assert!(of_bob.iter().all(|row| row.order.customer_id == bob.id) && of_bob.len() == 2 && of_ann.len() == 4);
    assert_eq!(rows[..2].iter().map(|row| line(row)).collect::<Vec<_>>(), [(4, 2), (4, 1)]);
    assert_eq!(rows[2..].iter().map(|row| line(row)).collect::<Vec<_>>(), [(2, 2), (3, 2), (2, 1), (3, 1)]);

    // For each parent, whole and cut.
    let dear = || product::items().order_by(order_item::order().order(order::quantity().desc()));
    let products = db.products().find().order_by(product::sku()).include(dear()).await.unwrap();
    assert_eq!(products.iter().map(|row| row.items.len()).collect::<Vec<_>>(), [1, 1, 1]);
    let cut = || customer::orders().order_by(order::customer().order(customer::id().desc())).limit(2);
    let rows = db.customers().find().order_by(customer::id()).include(cut()).await.unwrap();
    assert_eq!(rows.iter().map(|row| quantities(&row.orders)).collect::<Vec<_>>(), [vec![1, 2], vec![10], vec![]]);
    let constrained = db.customers().orders(&ann).find().order_by(order::customer().order(customer::name()));
    assert_eq!(constrained.order_by(order::quantity().desc()).limit(1).await.unwrap()[0].quantity, 3);
}

#[apply(on_every_database)]
async fn a_row_that_is_deleted_is_none(at: &Database) {
    let db: flags::Db = at.open().await.unwrap();
    let home = db.teams().create(NewTeam::new("home")).await.unwrap();
    for name in ["b", "c", "a"] {
        let new = NewTeam { code: Some(name.to_owned()), ..NewTeam::new(name) };
        let team = db.teams().create(new).await.unwrap();
        db.teams().games(&team).create(team::NewGame::new(name)).await.unwrap();
        let player = team::NewPlayer { guest_code: team.code, ..team::NewPlayer::new(name) };
        db.teams().players(&home).create(player).await.unwrap();
    }
    let sorted = async |by: OrderBy<Game>| -> String {
        let rows = db.games().find().order_by(by).await.unwrap();
        rows.into_iter().map(|row| row.day).collect()
    };
    assert_eq!(sorted(game::team().order(team::name())).await, "abc");
    db.teams().delete_where(team::name().eq("c")).await.unwrap();
    assert_eq!(sorted(game::team().order(team::name())).await, "cab");
    assert_eq!(sorted(game::team().order(team::name().desc())).await, "bac");
    assert_eq!(sorted(game::team().with_deleted().order(team::name())).await, "abc");
    // By a key that a live row took over from a deleted one, and leaves to it.
    let again = NewTeam { code: Some("c".into()), ..NewTeam::new("0") };
    db.teams().create(again).await.unwrap();
    let guests = async |by: OrderBy<Player>| -> String {
        let rows = db.players().find().order_by(by).await.unwrap();
        rows.into_iter().map(|row| row.name).collect()
    };
    assert_eq!(guests(player::guest_of().order(team::id().desc())).await, "cab");
    assert_eq!(guests(player::guest_of().with_deleted().order(team::id().desc())).await, "cab");
    db.teams().delete_where(team::name().eq("0")).await.unwrap();
    assert_eq!(guests(player::guest_of().order(team::id().desc())).await, "abc");
    assert_eq!(guests(player::guest_of().with_deleted().order(team::id().desc())).await, "acb");
}

#[apply(on_every_database)]
async fn of_one_of_several_models(at: &Database) {
    let db: polymorphic::Db = at.open().await.unwrap();
    let post = db.posts().create(NewPost::new("p")).await.unwrap();
    let photo = db.photos().create(NewPhoto { place: Some("a".into()) }).await.unwrap();
    assert_eq!(post.id, photo.id);
    for (text, model) in [("x", "Post"), ("y", "Photo")] {
        db.comments().create(NewComment::new(text, post.id, model)).await.unwrap();
    }
    let sorted = async |by: OrderBy<polymorphic::Comment>| -> String {
        let rows = db.comments().find().order_by(by).await.unwrap();
        rows.into_iter().map(|row| row.text).collect()
    };
    assert_eq!(sorted(comment::subject::post().order(post::title())).await, "yx");
    assert_eq!(sorted(comment::subject::post().order(post::title().desc())).await, "xy");
    assert_eq!(sorted(comment::subject::photo().order(photo::place())).await, "xy");
    assert_eq!(sorted(comment::subject::photo().order(photo::place().desc())).await, "yx");
}

#[apply(on_every_database)]
async fn along_a_link(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    db.suppliers().create_many([1, 2, 3].map(NewSupplier::new)).await.unwrap();
    db.suppliers().account(1).create(NewAccount::new("y")).await.unwrap();
    db.suppliers().account(2).create(NewAccount::new("x")).await.unwrap();
    let sorted = async |by: OrderBy<Supplier>| {
        let rows = db.suppliers().find().order_by(by).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(sorted(supplier::account().order(through::account::iban())).await, [3, 2, 1]);
    assert_eq!(sorted(supplier::account().order(through::account::iban().desc())).await, [1, 2, 3]);
}

#[apply(on_every_database)]
async fn a_scope_filters_if_there_is_a_value(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    for (least, expected) in [(Some(2), vec![2, 3]), (None, vec![1, 2, 3])] {
        let orders = || customer::orders().filter_if(least, |least| order::quantity().ge(least)).order_by(order::id());
        let row = db.customers().get(ann.id).include(orders()).await.unwrap();
        assert_eq!(quantities(&row.orders), expected);
        let counted = db.customers().get(ann.id).include(orders().count()).await.unwrap();
        assert_eq!(counted.orders, expected.len() as u64);
    }
    // A required relation is an `Option`, whether there is a value or not.
    for (name, there) in [(Some("Bob"), false), (None, true)] {
        let owner = order::customer().filter_if(name, |name| customer::name().eq(name));
        let row = db.orders().find().order_by(order::id()).include(owner).first().await.unwrap().unwrap();
        assert_eq!(row.customer.is_some(), there);
    }
}

#[apply(on_every_database)]
async fn of_no_rows(at: &Database) {
    let db = empty_shop(at).await;
    let by = order::customer().order(customer::name());
    assert_eq!(db.orders().find().order_by(by).await.unwrap(), []);
}
