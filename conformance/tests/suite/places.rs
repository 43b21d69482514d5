//! Two datasources in one program: `db` in memory, `crm` at each place in turn. Relations lead both ways.

use chrono::{NaiveDate, NaiveTime};
use macro_rules_attribute::apply;
use relata::{Error, Result};
use relata_conformance::database::Database;
use relata_conformance::places::{
    Account, Colour, Customer, CustomerPatch, Db, NewCustomer, NewNote, NewOrder, NewProbe, NewRemark, NewSample,
    NoteAbout, Order, OrderPatch, Repositories, Sample, Tx, account, customer, item, note, order, probe, remark,
    sample, ticket,
};
use relata_conformance::{on_every_database, on_no_database, on_shared_databases, shop};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::support::code;

/// Both databases, with their tables.
pub(crate) async fn open(at: &Database) -> Db {
    let builder = Db::builder().datasource("db", "sqlite::memory:").datasource("crm", at.url());
    let db = builder.connect().await.unwrap();
    db.create_tables().await.unwrap();
    db.create_tables().await.unwrap();
    db
}

/// Ann with orders of 1, 2 and 3 pieces, Bob with one of 10, Cid with none; their ids.
pub(crate) async fn filled(db: &Db) -> [Customer; 3] {
    let new = ["Ann", "Bob", "Cid"].map(NewCustomer::new);
    let [ann, bob, cid] = db.customers().create_many(new).await.unwrap().try_into().unwrap();
    for (owner, quantities) in [(&bob, &[10][..]), (&ann, &[1, 2, 3])] {
        db.customers().orders(owner).create_many(quantities.iter().map(|&n| customer::NewOrder::new(n))).await.unwrap();
    }
    [ann, bob, cid]
}

fn quantities(orders: &[Order]) -> Vec<i64> {
    orders.iter().map(|order| order.quantity).collect()
}

#[apply(on_shared_databases)]
async fn each_table_is_where_its_datasource_is(at: &Database) {
    let db = open(at).await;
    filled(&db).await;
    let mut crm = at.intruder().await.unwrap();
    assert_eq!(crm.text("SELECT COUNT(*) FROM customers").await.unwrap().as_deref(), Some("3"));
    for elsewhere in ["orders", "items", "accounts", "samples"] {
        assert!(crm.text(&*format!("SELECT 1 FROM {elsewhere}")).await.is_err(), "{elsewhere}");
    }
}

#[apply(on_every_database)]
async fn a_belongs_to_is_followed(at: &Database) {
    let db = open(at).await;
    let [ann, _, _] = filled(&db).await;
    let order: Order = db.orders().find().order_by(order::quantity()).first().await.unwrap().unwrap();
    let owner: Customer = db.orders().customer(order.id).await.unwrap();
    assert_eq!(owner, ann);
    assert_eq!(db.orders().customer(&order).await.unwrap(), ann);
    assert_eq!(code(db.orders().customer(999).await), "not_found");

    let tickets = db.customers().tickets(&ann);
    let of = |order_id| customer::NewTicket { order_id, ..customer::NewTicket::new("late") };
    let unset = tickets.create(of(None)).await.unwrap();
    let set = tickets.create(of(Some(order.id))).await.unwrap();
    let dangling = tickets.create(of(Some(999))).await.unwrap();
    assert_eq!(db.tickets().order(&unset).await.unwrap(), None);
    assert_eq!(db.tickets().order(&set).await.unwrap(), Some(order.clone()));
    let error = db.tickets().order(&dangling).await.unwrap_err();
    assert_eq!(error.to_string(), "Ticket.orderId points at a Order that does not exist");

    let item = db.orders().items(&order).create(order::NewItem::new(1, 5)).await.unwrap();
    let remark = db.items().remarks(&item).create(item::NewRemark::new("good")).await.unwrap();
    let found = db.remarks().item(&remark).include(item::order().include(order::customer())).await.unwrap().unwrap();
    assert_eq!((found.price, &found.order.customer), (5, &ann));
    let half = NewRemark { item_line: Some(1), ..NewRemark::new("of none") };
    let half = db.remarks().create(half).await.unwrap();
    assert_eq!(db.remarks().item(&half).await.unwrap(), None);
}

#[apply(on_every_database)]
async fn rows_are_made_through_a_relation_only_where_its_source_is(at: &Database) {
    let db = open(at).await;
    let [ann, bob, cid] = filled(&db).await;
    let error = db.customers().orders(999).create(customer::NewOrder::new(1)).await.unwrap_err();
    assert_eq!((error.code(), error.to_string()), ("foreign_key", "Order.customer would lead to no row".to_owned()));
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 4);
    // By itself, the key of a weak relation is not looked after.
    db.orders().create(NewOrder::new(1, 999)).await.unwrap();

    let of_ann = db.customers().orders(&ann);
    assert_eq!(quantities(&of_ann.find().order_by(order::quantity().desc()).await.unwrap()), [3, 2, 1]);
    assert_eq!(of_ann.count(order::quantity().gt(1).or(order::all())).await.unwrap(), 3);
    let more = OrderPatch { quantity: Some(7), ..Default::default() };
    assert_eq!(of_ann.patch(order::quantity().gt(1), more).await.unwrap(), 2);
    let moved = OrderPatch { customer_id: Some(bob.id), ..Default::default() };
    assert_eq!(code(of_ann.patch(order::all(), moved).await), "validation");
    assert_eq!(of_ann.delete(order::quantity().eq(7)).await.unwrap(), 2);
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 3);

    let account = db.customers().account(&cid);
    assert_eq!(account.get().await.unwrap(), None);
    let stored: Account = account.create(customer::NewAccount::new(5)).await.unwrap();
    assert_eq!(account.get().await.unwrap(), Some(stored));
    assert_eq!(code(account.create(customer::NewAccount::new(6)).await), "conflict");
    assert_eq!(code(db.customers().account(999).create(customer::NewAccount::new(6)).await), "foreign_key");
    assert_eq!(db.accounts().count(account::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn inclusion_goes_there_and_comes_back(at: &Database) {
    let db = open(at).await;
    let [ann, bob, cid] = filled(&db).await;
    let order = db.customers().orders(&ann).find().order_by(order::quantity()).first().await.unwrap().unwrap();
    let item = db.orders().items(&order).create(order::NewItem::new(1, 5)).await.unwrap();
    db.items().remarks(&item).create_many(["a", "b"].map(item::NewRemark::new)).await.unwrap();
    let late = customer::NewTicket { order_id: Some(order.id), ..customer::NewTicket::new("late") };
    db.customers().tickets(&ann).create_many([late, customer::NewTicket::new("thanks")]).await.unwrap();
    db.customers().account(&bob).create(customer::NewAccount::new(9)).await.unwrap();

    let rows = db
        .customers()
        .find()
        .order_by(customer::id())
        .include(
            customer::orders()
                .order_by(order::quantity())
                .include(order::items().include(item::remarks().order_by(remark::text())))
                .include(order::customer()),
        )
        .include(customer::account())
        .include(customer::tickets().order_by(ticket::id()).include(ticket::order().include(order::items())))
        .await
        .unwrap();
    let found: Vec<_> =
        rows.iter().map(|row| row.orders.iter().map(|order| order.quantity).collect::<Vec<_>>()).collect();
    assert_eq!(found, [vec![1, 2, 3], vec![10], vec![]]);
    let texts: Vec<_> = rows[0].orders[0].items[0].remarks.iter().map(|remark| &*remark.text).collect();
    assert_eq!(texts, ["a", "b"]);
    assert!(rows[0].orders.iter().all(|order| order.customer == ann) && rows[1].orders[0].customer == bob);
    assert_eq!(
        rows.iter().map(|row| row.account.as_ref().map(|a| a.balance)).collect::<Vec<_>>(),
        [None, Some(9), None]
    );
    assert_eq!(rows[0].tickets[0].order.as_ref().unwrap().items, [item]);
    assert!(rows[0].tickets[1].order.is_none() && rows[2].tickets.is_empty() && rows[2].name == cid.name);

    // One row with another, whatever it was asked for by.
    let one = db.orders().get(order.id).include(order::customer().include(customer::tickets())).await.unwrap();
    assert_eq!((&one.customer.name, one.customer.tickets.len()), (&ann.name, 2));
    let found = db.orders().find_by_id(999).include(order::customer()).await.unwrap();
    assert!(found.is_none());
    let only = db.tickets().find().filter(ticket::text().eq("late")).include(ticket::order()).one().await.unwrap();
    assert_eq!(only.order.as_ref(), Some(&order));
    assert_eq!(code(db.orders().get(999).include(order::customer()).await), "not_found");
}

#[apply(on_every_database)]
async fn models_of_both_datasources_may_be_meant(at: &Database) {
    let db = open(at).await;
    let [ann, _, _] = filled(&db).await;
    let order: Order = db.orders().find().order_by(order::quantity()).first().await.unwrap().unwrap();
    let about = |id: Option<i64>, model: Option<&str>| NewNote {
        about_id: id,
        about_type: model.map(str::to_owned),
        ..NewNote::new("note")
    };
    let new = [about(Some(ann.id), Some("Customer")), about(Some(order.id), Some("Order")), about(None, None)];
    let notes = db.notes().create_many(new).await.unwrap();
    assert_eq!(db.notes().about(&notes[0]).await.unwrap(), Some(NoteAbout::Customer(ann.clone())));
    assert_eq!(db.notes().about(&notes[1]).await.unwrap(), Some(NoteAbout::Order(order.clone())));
    assert_eq!(db.notes().about(&notes[2]).await.unwrap(), None);

    let owner = note::about::order().include(order::customer());
    let rows = db.notes().find().order_by(note::id()).include(note::about().of(owner)).await.unwrap();
    assert!(matches!(&rows[0].about, Some(NoteAbout::Customer(customer)) if *customer == ann));
    assert!(matches!(&rows[1].about, Some(NoteAbout::Order(found)) if found.customer == ann && **found == order));
    assert_eq!(rows[2].about, None);

    db.orders().notes(&order).create(order::NewNote::new("from there")).await.unwrap();
    let orders = db.orders().find().order_by(order::quantity()).include(order::notes()).await.unwrap();
    assert_eq!(orders.iter().map(|order| order.notes.len()).collect::<Vec<_>>(), [2, 0, 0, 0]);
}

#[apply(on_every_database)]
async fn a_list_of_keys_leads_there(at: &Database) {
    let db = open(at).await;
    filled(&db).await;
    let orders: Vec<Order> = db.orders().find().order_by(order::quantity().desc()).await.unwrap();
    let notes = db.notes().create_many([NewNote::new("best"), NewNote::new("none")]).await.unwrap();
    let best = db.notes().orders(&notes[0]);
    best.set([orders[2].id, orders[0].id]).await.unwrap();
    best.add(&orders[1]).await.unwrap();
    assert_eq!(code(best.add(999).await), "foreign_key");
    assert_eq!(quantities(&db.notes().orders(&notes[0]).await.unwrap()), [2, 10, 3]);
    let rows = db.notes().find().order_by(note::id()).include(note::orders().limit(2)).await.unwrap();
    assert_eq!(quantities(&rows[0].orders), [2, 10]);
    assert_eq!(rows[1].orders, []);
}

#[apply(on_every_database)]
async fn a_scope_holds_for_each_parent(at: &Database) {
    let db = open(at).await;
    let [_, bob, _] = filled(&db).await;
    db.customers().orders(&bob).create_many((11..=13).map(customer::NewOrder::new)).await.unwrap();
    let of = async |scope: relata::Scope<customer::orders>| {
        let rows = db.customers().find().order_by(customer::id()).include(scope).await.unwrap();
        rows.iter().map(|row| quantities(&row.orders)).collect::<Vec<_>>()
    };
    let up = || customer::orders().order_by(order::quantity());
    let down = || customer::orders().order_by(order::quantity().desc());
    assert_eq!(of(up().limit(2)).await, [vec![1, 2], vec![10, 11], vec![]]);
    assert_eq!(of(down().limit(2).offset(1)).await, [vec![2, 1], vec![12, 11], vec![]]);
    assert_eq!(of(up().filter(order::quantity().gt(2)).offset(1)).await, [vec![], vec![11, 12, 13], vec![]]);
    assert!(of(up().limit(0)).await.iter().all(Vec::is_empty));
    let owners = db.orders().find().order_by(order::quantity()).limit(4);
    let owners = owners.include(order::customer().filter(customer::name().eq("Bob"))).await.unwrap();
    let names: Vec<_> = owners.iter().map(|row| row.customer.as_ref().map(|owner| &*owner.name)).collect();
    assert_eq!(names, [None, None, None, Some("Bob")]);
}

#[apply(on_every_database)]
async fn a_key_that_leads_nowhere_is_told_where_it_is_required(at: &Database) {
    let db = open(at).await;
    let [ann, ..] = filled(&db).await;
    db.customers().delete_by_id(ann.id).await.unwrap();
    let error = db.orders().find().include(order::customer()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        ("dangling", "Order.customerId points at a Customer that does not exist".to_owned())
    );
    let left = db.orders().find().include(order::customer().filter(customer::all())).await.unwrap();
    assert_eq!(left.iter().filter(|row| row.customer.is_none()).count(), 3);
}

fn samples() -> [NewSample; 2] {
    let day = |day| NaiveDate::from_ymd_opt(2024, 2, day).unwrap();
    let clock = |micros| NaiveTime::from_hms_micro_opt(23, 59, 59, micros).unwrap();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    [
        NewSample {
            small: i32::MIN,
            word: "o'Brien \"é\" \\ ".into(),
            price: decimal("1.50"),
            wide: decimal("-12345678901234567890.5"),
            yes: true,
            day: day(29),
            clock: clock(999_999),
            moment: day(29).and_time(clock(1)).and_utc(),
            mark: Uuid::from_u128(u128::MAX - 1),
            colour: Colour::Red,
        },
        NewSample {
            small: 0,
            word: String::new(),
            price: decimal("-100"),
            wide: decimal("0"),
            yes: false,
            day: NaiveDate::from_ymd_opt(1, 1, 1).unwrap(),
            clock: NaiveTime::MIN,
            moment: NaiveDate::from_ymd_opt(1969, 12, 31).unwrap().and_time(clock(7)).and_utc(),
            mark: Uuid::nil(),
            colour: Colour::Green,
        },
    ]
}

#[apply(on_every_database)]
async fn keys_of_every_type_meet(at: &Database) {
    let db = open(at).await;
    let stored: Vec<Sample> = db.samples().create_many(samples()).await.unwrap();
    let of = |sample: NewSample| NewProbe {
        small: Some(sample.small),
        word: Some(sample.word),
        price: Some(sample.price),
        wide: Some(sample.wide),
        yes: Some(sample.yes),
        day: Some(sample.day),
        clock: Some(sample.clock),
        moment: Some(sample.moment),
        mark: Some(sample.mark),
        colour: Some(sample.colour),
    };
    let probes = samples().map(of).into_iter().chain([NewProbe::new()]);
    let probes = db.probes().create_many(probes).await.unwrap();

    let rows = db
        .probes()
        .find()
        .order_by(probe::id())
        .include(probe::of_small())
        .include(probe::of_word())
        .include(probe::of_price())
        .include(probe::of_wide())
        .include(probe::of_yes())
        .include(probe::of_day())
        .include(probe::of_clock())
        .include(probe::of_moment())
        .include(probe::of_mark())
        .include(probe::of_colour())
        .include(probe::of_all())
        .await
        .unwrap();
    for (row, expected) in rows.iter().zip([Some(&stored[0]), Some(&stored[1]), None]) {
        let found = [
            ("small", &row.of_small),
            ("word", &row.of_word),
            ("price", &row.of_price),
            ("wide", &row.of_wide),
            ("yes", &row.of_yes),
            ("day", &row.of_day),
            ("clock", &row.of_clock),
            ("moment", &row.of_moment),
            ("mark", &row.of_mark),
            ("colour", &row.of_colour),
            ("all", &row.of_all),
        ];
        for (key, sample) in found {
            assert_eq!(sample.as_ref(), expected, "{key}");
        }
    }
    let rows = db
        .samples()
        .find()
        .order_by(sample::id())
        .include(sample::by_small())
        .include(sample::by_word())
        .include(sample::by_price())
        .include(sample::by_wide())
        .include(sample::by_yes())
        .include(sample::by_day())
        .include(sample::by_clock())
        .include(sample::by_moment().limit(1))
        .include(sample::by_mark().limit(1))
        .include(sample::by_colour())
        .include(sample::by_all().limit(1))
        .await
        .unwrap();
    for (row, expected) in rows.iter().zip(&probes) {
        let found = [
            ("small", &row.by_small),
            ("word", &row.by_word),
            ("price", &row.by_price),
            ("wide", &row.by_wide),
            ("yes", &row.by_yes),
            ("day", &row.by_day),
            ("clock", &row.by_clock),
            ("moment", &row.by_moment),
            ("mark", &row.by_mark),
            ("colour", &row.by_colour),
            ("all", &row.by_all),
        ];
        for (key, probes) in found {
            assert_eq!(probes, std::slice::from_ref(expected), "{key}");
        }
    }
    for (probe, expected) in probes.iter().zip(&stored) {
        assert_eq!(db.probes().of_price(probe).await.unwrap().as_ref(), Some(expected));
        assert_eq!(db.probes().of_moment(probe).await.unwrap().as_ref(), Some(expected));
        assert_eq!(db.probes().of_all(probe).await.unwrap().as_ref(), Some(expected));
    }
}

#[apply(on_every_database)]
async fn a_transaction_is_on_one_datasource(at: &Database) {
    let db = open(at).await;
    let error = db.transaction(async |_: &Tx| Ok::<_, Error>(())).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (
            "cross_datasource",
            "a transaction is on one datasource, and the schema has several: begin it with \
             `transaction_on(name, …)`; it has `crm`, `db`"
                .to_owned()
        )
    );
    let error = db.transaction_on("cmr", async |_: &Tx| Ok::<_, Error>(())).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        ("connect", "the schema has no datasource `cmr`; it has `crm`, `db`".to_owned())
    );

    let ann = db.transaction_on("crm", async |tx| tx.customers().create(NewCustomer::new("Ann")).await).await.unwrap();
    let undone: Result<()> = db
        .transaction_on("crm", async |tx| {
            tx.customers().create(NewCustomer::new("Bob")).await?;
            tx.orders().create(NewOrder::new(1, 1)).await.map(drop)
        })
        .await;
    let error = undone.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (
            "cross_datasource",
            "Order is in the datasource `db`, and the transaction on `crm`: no transaction spans two, so call it through \
             `db`, outside of the transaction"
                .to_owned()
        )
    );
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
    assert_eq!(db.orders().count(order::all()).await.unwrap(), 0);

    let order = db.customers().orders(&ann).create(customer::NewOrder::new(1)).await.unwrap();
    let inside = db.transaction_on("db", async |tx| {
        let nested = tx.transaction(async |tx| {
            tx.orders().patch_by_id(order.id, OrderPatch { quantity: Some(5), ..Default::default() }).await?;
            for refused in every_way_across(tx, order.id, ann.id).await {
                assert_eq!(refused, "cross_datasource");
            }
            Ok::<_, Error>(())
        });
        nested.await?;
        tx.orders().get(order.id).await
    });
    assert_eq!(inside.await.unwrap().quantity, 5);
}

/// What calls answer that need both datasources, or the other one.
async fn every_way_across(at: &Repositories, order: i64, customer: i64) -> Vec<&'static str> {
    vec![
        code(at.customers().get(customer).await),
        code(at.customers().count(customer::all()).await),
        code(at.customers().patch_by_id(customer, CustomerPatch::default()).await),
        code(at.customers().delete_where(customer::all()).await),
        code(at.orders().customer(order).await),
        code(at.orders().find().include(order::customer()).await),
        code(at.orders().find().include(order::items().include(item::remarks())).await),
        // Whether the customer is there cannot be seen from here.
        code(at.customers().orders(customer).create(customer::NewOrder::new(1)).await),
    ]
}

#[apply(on_no_database)]
fn every_datasource_is_given_one_url() {
    let message = |builder: relata::Builder<Repositories>| match builder.connect().wait().unwrap_err() {
        Error::Connect { message } => message,
        other => panic!("{other:?}"),
    };
    let memory = "sqlite::memory:";
    assert_eq!(
        message(Db::builder().url(memory)),
        "one URL was given for a schema of several datasources: it has `crm`, `db`; give each its own by \
         `.datasource(name, url)`"
    );
    assert_eq!(Db::connect(memory).wait().unwrap_err().to_string(), message(Db::builder().url(memory)));
    assert_eq!(
        message(Db::builder().datasource("db", memory)),
        "the datasource `crm` was given no URL: call `.datasource(\"crm\", url)` before `.connect()`; it has `crm`, `db`"
    );
    assert_eq!(
        message(Db::builder().datasource("bd", memory)),
        "the schema has no datasource `bd`; it has `crm`, `db`"
    );
    assert_eq!(
        message(Db::builder().datasource("db", memory).datasource("db", memory)),
        "the datasource `db` was given two URLs; it has `crm`, `db`"
    );
    assert_eq!(
        message(Db::builder().datasource("db", memory).datasource("crm", "sqlite:/nowhere/at/all?mode=ro"))
            .split(':')
            .next(),
        Some("datasource `crm`")
    );
    // One datasource is given by either way.
    let one = shop::Db::builder().datasource("db", memory).url(memory).connect().wait();
    assert_eq!(code(one), "connect");
}

#[apply(on_no_database)]
fn no_runtime_is_needed_to_go_across() {
    let db = Db::builder().datasource("db", "sqlite::memory:").datasource("crm", "sqlite::memory:").connect();
    let db = db.wait().unwrap();
    db.create_tables().wait().unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann")).wait().unwrap();
    let order = db.customers().orders(&ann).create(customer::NewOrder::new(2)).wait().unwrap();
    assert_eq!(db.orders().customer(&order).wait().unwrap(), ann);
    let rows = db.customers().find().include(customer::orders()).wait().unwrap();
    assert_eq!(rows[0].orders, [order]);
    let counted = db.transaction_on("db", async |tx| tx.orders().count(order::all()).await).wait();
    assert_eq!(counted.unwrap(), 1);
}
