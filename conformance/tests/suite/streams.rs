//! Rows one after the other, in chunks: all that a find gives, in its order, with few in memory and no connection held.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use macro_rules_attribute::apply;
use relata::{Error, OrderBy};
use relata_conformance::database::Database;
use relata_conformance::references::{self, NewTag, NewUser, tag};
use relata_conformance::shop::{Customer, Db, NewCustomer, NewOrder, NewOrderItem, Order, customer, order, order_item};
use relata_conformance::through::{self, NewAppointment, NewPatient, NewPhysician, appointment, patient};
use relata_conformance::types::{self, sample};
use relata_conformance::{on_every_database, on_shared_databases, on_sqlite};

use crate::support::{code, empty_shop};

/// More than two chunks of a find without inclusions.
const MANY: i64 = 2_600;

/// Customers without a city, of few scores, and of few cities.
async fn customers(db: &Db, rows: i64) -> Vec<Customer> {
    let new = (0..rows).map(|n| NewCustomer {
        city: (n % 3 != 0).then(|| format!("city {}", n % 7)),
        score: (n % 5 != 0).then_some(n % 11),
        ..NewCustomer::new(format!("name {}", n % 13), format!("{n}@x"))
    });
    let stored = db.customers().create_many(new).await.unwrap();
    // Some are referred by one of the first.
    let first = db.customers().find().order_by(customer::id()).limit(5).await.unwrap();
    for row in &first[1..] {
        let patch = relata_conformance::shop::CustomerPatch { referrer_id: Some(Some(row.id)), ..Default::default() };
        db.customers().patch_where(customer::score().eq(row.id % 11), patch).await.unwrap();
    }
    stored
}

fn ids(rows: &[Customer]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

#[apply(on_every_database)]
async fn gives_what_the_find_gives(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, MANY).await;
    let orders: [fn() -> OrderBy<Customer>; 7] = [
        || customer::id().into(),
        || customer::id().desc(),
        || customer::city().asc(),
        || (customer::city().desc(), customer::score()).into(),
        || (customer::score().desc(), customer::city().desc(), customer::name()).into(),
        || customer::referrer().order(customer::name().desc()),
        || (customer::referrer().order(customer::score()), customer::referrals().count().desc()).into(),
    ];
    for (n, by) in orders.into_iter().enumerate() {
        let find = || db.customers().find().order_by(by());
        // What is cut has the primary key last, as what is streamed has.
        let expected = ids(&find().limit(10_000).await.unwrap());
        let streamed: Vec<Customer> = find().stream().try_collect().await.unwrap();
        assert_eq!(ids(&streamed), expected, "{n}");
        let cut: Vec<Customer> = find().offset(1_000).limit(1_100).stream().try_collect().await.unwrap();
        assert_eq!(ids(&cut), expected[1_000..2_100], "{n}");
        let rest: Vec<Customer> = find().offset(2_590).stream().try_collect().await.unwrap();
        assert_eq!(ids(&rest), expected[2_590..], "{n}");
        let exactly: Vec<Customer> = find().limit(2_048).stream().try_collect().await.unwrap();
        assert_eq!(ids(&exactly), expected[..2_048], "{n}");
    }
    let none: Vec<Customer> = db.customers().find().limit(0).stream().try_collect().await.unwrap();
    assert!(none.is_empty());
    let none = db.customers().find().filter(customer::name().eq("nobody")).stream().next().await;
    assert!(none.is_none());
    let one: Vec<Customer> = db.customers().find().filter(customer::id().eq(7)).stream().try_collect().await.unwrap();
    assert_eq!(ids(&one), [7]);
}

#[apply(on_every_database)]
async fn with_what_is_included(at: &Database) {
    let db = empty_shop(at).await;
    let stored = customers(&db, 600).await;
    let new =
        stored.iter().step_by(2).flat_map(|row| (1..=row.id % 3 + 1).map(|n| NewOrder::new(row.id, "an order", n)));
    db.orders().create_many(new.collect::<Vec<_>>()).await.unwrap();
    let find = || {
        let orders = customer::orders().order_by(order::quantity().desc()).limit(2);
        let by = (customer::city().desc(), customer::id());
        db.customers().find().order_by(by).include(orders).include(customer::referrer())
    };
    let expected = find().await.unwrap();
    let streamed: Vec<_> = find().stream().try_collect().await.unwrap();
    assert_eq!(streamed, expected);
    // A to-one relation, also where it is what the order is by, and a count beside it.
    let find = || {
        let by = (order::customer().order((customer::city(), customer::name())), order::items().count(), order::id());
        db.orders().find().order_by(by).include(order::customer()).include(order::items().count())
    };
    let expected = find().await.unwrap();
    let streamed: Vec<_> = find().stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 600);
    assert_eq!(streamed, expected);
}

#[apply(on_every_database)]
async fn by_composite_keys_and_through_accessors(at: &Database) {
    let db = empty_shop(at).await;
    let stored = customers(&db, 3).await;
    let new = (0..90).zip((1..=4).cycle());
    let new = new.map(|(n, quantity)| NewOrder::new(stored[n % 2].id, "an order", quantity)).collect::<Vec<_>>();
    let orders = db.orders().create_many(new).await.unwrap();
    let items = orders.iter().flat_map(|order| (1..=30).map(|line| NewOrderItem::new(order.id, line, 0.1)));
    db.order_items().create_many(items.collect::<Vec<_>>()).await.unwrap();
    for by in [
        (order_item::order_id(), order_item::line_no()).into(),
        (order_item::line_no().desc()),
        order_item::price().desc(),
    ] as [OrderBy<_>; 3]
    {
        let find = || db.order_items().find().order_by(by.clone());
        let streamed: Vec<_> = find().stream().try_collect().await.unwrap();
        assert_eq!(streamed, find().limit(10_000).await.unwrap());
    }
    let find = || db.customers().orders(&stored[0]).find().order_by(order::quantity().desc());
    let streamed: Vec<Order> = find().stream().try_collect().await.unwrap();
    assert_eq!(streamed, find().limit(100).await.unwrap());
    assert_eq!(streamed.len(), 45);
}

#[apply(on_every_database)]
async fn along_links(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    let physician = db.physicians().create(NewPhysician::new("Ann")).await.unwrap();
    let new = (0..700).map(|n| NewPatient::new(format!("patient {}", n % 10))).collect::<Vec<_>>();
    let patients = db.patients().create_many(new).await.unwrap();
    let link = |n: usize, day: i64| NewAppointment {
        physician_id: Some(physician.id),
        patient_id: Some(patients[n].id),
        ..NewAppointment::new(day)
    };
    let links = (0..700).zip((1..=5).cycle()).map(|(n, since)| link(n, since)).chain((0..50).map(|n| link(n, 9)));
    db.appointments().create_many(links.collect::<Vec<_>>()).await.unwrap();
    let find = || db.physicians().patients(&physician).find().order_by(patient::name().desc());
    let streamed: Vec<_> = find().stream().try_collect().await.unwrap();
    assert_eq!(streamed, find().limit(10_000).await.unwrap());
    assert_eq!(streamed.len(), 700);
    let linked = || {
        let links = db.physicians().patients(&physician).with_link();
        links.order_by_link(appointment::day().desc()).order_by(patient::name())
    };
    let streamed: Vec<_> = linked().stream().try_collect().await.unwrap();
    assert_eq!(streamed, linked().limit(10_000).await.unwrap());
    assert_eq!(streamed.len(), 750);
    assert!(streamed.iter().all(|row| row.link.patient_id == Some(row.id)));
}

#[apply(on_every_database)]
async fn of_a_list_of_keys(at: &Database) {
    let db: references::Db = at.open().await.unwrap();
    let new = (0..1_500).map(|n| NewTag { rank: (n % 4 != 0).then_some(n % 9), ..NewTag::new(format!("{n}")) });
    let tags = db.tags().create_many(new).await.unwrap();
    // The last first, some that lead nowhere, and some twice.
    let listed = tags.iter().rev().map(|tag| tag.id).chain([99_999, tags[3].id, tags[1_400].id]).collect::<Vec<_>>();
    let user = db.users().create(NewUser { tag_ids: Some(listed), ..NewUser::new("Ann") }).await.unwrap();
    let find = || db.users().tags(&user).find();
    let expected = find().await.unwrap();
    assert_eq!(expected.len(), 1_502);
    assert_eq!(find().stream().try_collect::<Vec<_>>().await.unwrap(), expected);
    let cut: Vec<_> = find().offset(1_000).limit(501).stream().try_collect().await.unwrap();
    assert_eq!(cut, expected[1_000..1_501]);
    let some = || find().filter(tag::rank().gt(3));
    assert_eq!(some().stream().try_collect::<Vec<_>>().await.unwrap(), some().await.unwrap());
    let sorted = || find().order_by((tag::rank().desc(), tag::id()));
    let expected = sorted().await.unwrap();
    assert_eq!(sorted().stream().try_collect::<Vec<_>>().await.unwrap(), expected);
    let cut: Vec<_> = sorted().offset(10).limit(1_400).stream().try_collect().await.unwrap();
    assert_eq!(cut, expected[10..1_410]);
    let included = || sorted().include(tag::notes());
    assert_eq!(included().stream().try_collect::<Vec<_>>().await.unwrap(), included().await.unwrap());
    assert_eq!(code(db.users().tags(99).find().stream().try_collect::<Vec<_>>().await), "not_found");
    let empty = db.users().create(NewUser::new("Bob")).await.unwrap();
    assert!(db.users().tags(&empty).find().stream().next().await.is_none());
}

#[apply(on_every_database)]
async fn by_filters_from_outside(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, 300).await;
    let filter = || -> customer::Filter {
        let text = r#"{ "where": { "city": { "neq": "city 1" } }, "order": "score DESC", "limit": 140, "skip": 3,
            "include": ["orders"], "fields": ["name"] }"#;
        serde_json::from_str(text).unwrap()
    };
    let expected = serde_json::to_value(db.customers().find_with(filter()).await.unwrap()).unwrap();
    let streamed: Vec<_> = db.customers().find_with(filter()).stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 140);
    assert_eq!(serde_json::to_value(streamed).unwrap(), expected);
    // As many as it gives awaited.
    let streamed: Vec<_> = db.customers().find_with(customer::Filter::default()).stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 100);
    let wrong: customer::Filter = serde_json::from_str(r#"{ "order": "nothing" }"#).unwrap();
    let mut stream = db.customers().find_with(wrong).stream();
    assert_eq!(stream.next().await.unwrap().unwrap_err().code(), "invalid_filter");
    assert!(stream.next().await.is_none());
}

#[apply(on_every_database)]
async fn no_connection_is_held_between_chunks(at: &Database) {
    let db: Db = at.open_with(|db| db.max_connections(1).pool_timeout(Duration::from_millis(500))).await.unwrap();
    customers(&db, MANY).await;
    let mut rows = db.customers().find().order_by(customer::id()).stream();
    let mut seen = 0;
    while let Some(row) = rows.next().await {
        seen += 1;
        assert_eq!(row.unwrap().id, seen);
        if seen % 500 == 0 {
            assert_eq!(db.customers().count(customer::all()).await.unwrap(), MANY.cast_unsigned());
            db.customers().patch_where(customer::id().eq(seen), customer::score().set(1)).await.unwrap();
        }
    }
    assert_eq!(seen, MANY);
    // Dropped midway, between chunks and within one.
    let mut rows = db.customers().find().stream();
    rows.next().await.unwrap().unwrap();
    drop(rows);
    let mut rows = db.customers().find().stream();
    drop(tokio::time::timeout(Duration::ZERO, rows.next()).await);
    drop(rows);
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), MANY.cast_unsigned());
}

#[apply(on_every_database)]
async fn in_a_transaction_through_it(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, 1_500).await;
    db.transaction(async |tx| {
        tx.customers().create(NewCustomer::new("last", "last@x")).await?;
        let mut rows = tx.customers().find().order_by(customer::id()).stream();
        let mut seen = 0;
        while let Some(row) = rows.try_next().await? {
            seen += 1;
            if seen == 1_000 {
                tx.customers().delete_where(customer::id().gt(1_400).and(customer::name().ne("last"))).await?;
            }
            assert_eq!(row.id, if seen <= 1_400 { seen } else { 1_501 }, "{}", row.id);
        }
        assert_eq!(seen, 1_401);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

#[apply(on_every_database)]
async fn what_others_write_shows_in_chunks_to_come(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, 1_500).await;
    let mut rows = db.customers().find().order_by(customer::id()).stream();
    let mut seen = Vec::new();
    while let Some(row) = rows.try_next().await.unwrap() {
        seen.push(row.id);
        if seen.len() == 1_024 {
            // Behind, at the place itself, and before.
            db.customers().delete_where(customer::id().is_in([1_i64, 1_024, 1_030])).await.unwrap();
            db.customers().create(NewCustomer::new("new", "new@x")).await.unwrap();
        }
    }
    let expected: Vec<i64> = (1..=1_501).filter(|&id| id != 1_030).collect();
    assert_eq!(seen, expected);
}

#[apply(on_shared_databases)]
async fn one_state_in_a_transaction_of_repeatable_reads(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, 1_500).await;
    let read = db.transaction(async |tx| {
        let mut rows = tx.customers().find().order_by(customer::id()).stream();
        let mut seen = 0;
        while let Some(row) = rows.try_next().await? {
            seen += 1;
            assert_eq!(row.id, seen);
            if seen == 1_000 {
                db.customers().delete_where(customer::id().gt(1_100)).await?;
            }
        }
        Ok::<_, Error>(seen)
    });
    assert_eq!(read.isolation(relata::Isolation::RepeatableRead).read_only().await.unwrap(), 1_500);
}

#[apply(on_every_database)]
async fn an_error_ends_it(at: &Database) {
    let db: types::Db = at.open().await.unwrap();
    for by in [sample::json().asc(), sample::words().asc(), sample::address().desc()] {
        let mut rows = db.samples().find().order_by(by).stream();
        let error = rows.next().await.unwrap().unwrap_err();
        assert_eq!(error.code(), "invalid_filter");
        assert!(error.to_string().contains("`order`: values of Sample."), "{error}");
        assert!(rows.next().await.is_none() && rows.next().await.is_none());
    }
}

#[apply(on_shared_databases)]
async fn an_error_between_rows_ends_it(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, 1_500).await;
    let mut rows = db.customers().find().order_by(customer::id()).stream();
    let mut seen = 0;
    let error = loop {
        match rows.next().await.unwrap() {
            Ok(_) => seen += 1,
            Err(error) => break error,
        }
        if seen == 1_024 {
            let mut intruder = at.intruder().await.unwrap();
            intruder.run("ALTER TABLE customers RENAME TO gone").await.unwrap();
        }
    };
    assert_eq!((seen, error.code()), (1_024, "driver"));
    assert!(rows.next().await.is_none());
}

#[apply(on_every_database)]
async fn it_can_be_sent_to_another_task(at: &Database) {
    let db = empty_shop(at).await;
    customers(&db, 300).await;
    let task = tokio::spawn(async move {
        let rows = db.customers().find().include(customer::orders()).stream();
        rows.try_fold(0, async |count, _| Ok(count + 1)).await
    });
    assert_eq!(task.await.unwrap().unwrap(), 300);
}

#[apply(on_sqlite)]
fn without_an_async_runtime(at: &Database) {
    let db: Db = relata::Db::connect(&at.url()).wait().unwrap();
    db.create_tables().wait().unwrap();
    let new = (0..MANY).map(|n| NewCustomer::new("x", format!("{n}@x")));
    db.customers().create_many(new).wait().unwrap();
    let mut ids = Vec::new();
    for row in db.customers().find().order_by(customer::id().desc()).stream().wait() {
        ids.push(row.unwrap().id);
    }
    assert_eq!(ids, (1..=MANY).rev().collect::<Vec<_>>());
}
