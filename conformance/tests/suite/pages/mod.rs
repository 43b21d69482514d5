//! Pages by cursors: forwards and back they are the rows of the find, whatever it is ordered by; and a cursor is good
//! for its find alone.

mod refused;
mod types;

use macro_rules_attribute::apply;
use relata::{AllRows, Error, Find, OrderBy, Page, Result, Shape};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{
    Customer, CustomerPatch, Db, NewAccount, NewCustomer, NewOrder, NewOrderItem, account, customer, order, order_item,
};
use relata_conformance::through::{self, NewAppointment, NewPatient, NewPhysician, appointment, patient};

use crate::support::empty_shop;
use refused::mistake;

/// Expects pages forwards, and then back, to be the rows of the find.
async fn pages<'a, S: Shape + PartialEq + std::fmt::Debug>(
    size: usize,
    find: impl Fn() -> Find<'a, S, AllRows>,
) -> Result<(), String> {
    let expected = find().limit(10_000).await.map_err(|error| error.to_string())?;
    let page = async |after: Option<&str>| find().page(after, size as u64).await.map_err(|error| error.to_string());
    let (mut forwards, mut last) = (Vec::new(), page(None).await?);
    if last.previous.is_some() {
        return Err("before the first row there is a page".to_owned());
    }
    loop {
        if last.rows.len() != size && last.next.is_some() {
            return Err(format!("a page of {} rows, and one after it", last.rows.len()));
        }
        forwards.extend(last.rows.iter().cloned());
        match &last.next {
            Some(next) => last = page(Some(next)).await?,
            None => break,
        }
    }
    if forwards != expected {
        return Err(format!("forwards {forwards:?}\nis not {expected:?}"));
    }
    let mut backwards = Vec::new();
    loop {
        backwards.splice(0..0, last.rows.iter().cloned());
        let Some(previous) = &last.previous else { break };
        let before = page(Some(previous)).await?;
        // The way there and back.
        let again = page(before.next.as_deref()).await?;
        if again.rows != last.rows {
            return Err(format!("back and forth {:?}\nis not {:?}", again.rows, last.rows));
        }
        last = before;
    }
    if backwards == expected { Ok(()) } else { Err(format!("backwards {backwards:?}\nis not {expected:?}")) }
}

/// Customers of few cities and scores, some referred, with orders.
async fn filled(at: &Database) -> Db {
    let db = empty_shop(at).await;
    let new = (0..20).map(|n| NewCustomer {
        city: (n % 3 != 0).then(|| format!("city {}", n % 2)),
        score: (n % 5 != 0).then_some(n % 4),
        ..NewCustomer::new(format!("name {}", n % 3), format!("{n}@x"))
    });
    let stored = db.customers().create_many(new).await.unwrap();
    for row in &stored[5..15] {
        let patch = CustomerPatch { referrer_id: Some(Some(row.id % 5 + 1)), ..Default::default() };
        db.customers().patch_by_id(row.id, patch).await.unwrap();
    }
    for row in stored.iter().step_by(2) {
        let new = (1..=row.id % 4).map(|n| NewOrder::new(row.id, format!("order {n}"), n));
        db.orders().create_many(new.collect::<Vec<_>>()).await.unwrap();
        db.accounts().create(NewAccount { balance: Some(row.id % 3), ..NewAccount::new(row.id) }).await.unwrap();
    }
    db
}

#[apply(on_every_database)]
async fn by_related_rows_and_their_number(at: &Database) {
    let db = filled(at).await;
    let large = || customer::orders().filter(order::quantity().gt(1)).count();
    let several: Vec<OrderBy<Customer>> = vec![
        customer::orders().count().desc(),
        (large(), customer::city().desc()).into(),
        customer::referrer().order(customer::name()),
        (customer::referrer().order(customer::city().desc()), customer::name().desc()).into(),
        customer::referrer().order(customer::referrer().order(customer::score().desc())),
        (customer::account().order(account::balance()), customer::score()).into(),
        customer::account().filter(account::balance().gt(0)).order(account::balance().desc()),
        customer::referrer().order(customer::orders().count()),
    ];
    for by in several {
        pages(3, || db.customers().find().order_by(by.clone())).await.unwrap();
        pages(7, || db.customers().find().order_by(by.clone()).filter(customer::city().is_not_null())).await.unwrap();
    }
}

#[apply(on_every_database)]
async fn with_inclusions_constraints_and_composite_keys(at: &Database) {
    let db = filled(at).await;
    let find = || {
        let by = (customer::city().desc(), customer::score());
        let orders = customer::orders().order_by(order::id().desc()).limit(2).include(order::items());
        db.customers().find().order_by(by).include(orders).include(customer::referrer()).include(customer::account())
    };
    pages(4, find).await.unwrap();
    let counted = || {
        let by = (order::customer().order(customer::name().desc()), order::items().count(), order::quantity());
        db.orders().find().order_by(by).include(order::customer()).include(order::items().count())
    };
    pages(3, counted).await.unwrap();
    pages(2, || db.customers().orders(3).find().order_by(order::quantity().desc())).await.unwrap();
    let orders = db.orders().find().await.unwrap();
    let items = orders.iter().flat_map(|order| (1..=3).map(|line| NewOrderItem::new(order.id, line, 0.5)));
    db.order_items().create_many(items.collect::<Vec<_>>()).await.unwrap();
    pages(4, || db.order_items().find()).await.unwrap();
    pages(4, || db.order_items().find().order_by(order_item::line_no().desc())).await.unwrap();
    pages(5, || db.order_items().find().order_by((order_item::order_id(), order_item::line_no()))).await.unwrap();
    db.transaction(async |tx| {
        pages(6, || tx.customers().find().order_by(customer::score().desc())).await.unwrap();
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

#[apply(on_every_database)]
async fn along_links(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    let physician = db.physicians().create(NewPhysician::new("Ann")).await.unwrap();
    for n in 0..8 {
        let patient = db.patients().create(NewPatient::new(format!("patient {}", n % 3))).await.unwrap();
        let link = |day| NewAppointment {
            physician_id: Some(physician.id),
            patient_id: Some(patient.id),
            ..NewAppointment::new(day)
        };
        db.appointments().create_many([link(1 + n % 2), link(2)]).await.unwrap();
    }
    pages(3, || db.physicians().patients(&physician).find().order_by(patient::name().desc())).await.unwrap();
    let linked = || {
        let links = db.physicians().patients(&physician).with_link();
        links.order_by(patient::name().desc()).order_by_link(appointment::day())
    };
    let (mut found, mut page) = (Vec::new(), linked().page(None, 3).await.unwrap());
    loop {
        found.extend(page.rows);
        let Some(next) = page.next else { break };
        page = linked().page(Some(&next), 3).await.unwrap();
    }
    assert_eq!(found, linked().limit(100).await.unwrap());
    assert_eq!(found.len(), 16);
}

#[apply(on_every_database)]
async fn when_rows_come_and_go(at: &Database) {
    let db = filled(at).await;
    let find = || db.customers().find().order_by(customer::id());
    let ids = |page: &Page<Customer>| page.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let first = find().page(None, 5).await.unwrap();
    let second = find().page(first.next.as_deref(), 5).await.unwrap();
    assert_eq!((ids(&first), ids(&second)), (vec![1, 2, 3, 4, 5], vec![6, 7, 8, 9, 10]));
    // The row at the cursor goes: nothing is left out or given twice.
    db.accounts().delete_where(account::all()).await.unwrap();
    db.orders().delete_where(order::all()).await.unwrap();
    db.customers().patch_where(customer::all(), customer::referrer_id().set_null()).await.unwrap();
    db.customers().delete_where(customer::id().is_in([5_i64, 6])).await.unwrap();
    let second = find().page(first.next.as_deref(), 5).await.unwrap();
    assert_eq!(ids(&second), [7, 8, 9, 10, 11]);
    assert_eq!(ids(&find().page(second.previous.as_deref(), 5).await.unwrap()), [1, 2, 3, 4]);
    // Nothing is left after it: the way back is there.
    let all = find().page(None, 17).await.unwrap();
    let last = all.next.clone().unwrap();
    db.customers().delete_where(customer::id().gt(17)).await.unwrap();
    let page = find().page(Some(&last), 5).await.unwrap();
    assert!(page.rows.is_empty() && page.next.is_none());
    let back = find().page(page.previous.as_deref(), 3).await.unwrap();
    assert_eq!(ids(&back), [15, 16, 17]);
    // Nor before it.
    let end = find().page(back.previous.as_deref(), 20).await.unwrap();
    assert_eq!(ids(&end).last(), Some(&14));
    let middle = find().page(end.next.as_deref(), 2).await.unwrap();
    assert_eq!(ids(&middle), [15, 16]);
    db.customers().delete_where(customer::id().lt(15)).await.unwrap();
    let page = find().page(middle.previous.as_deref(), 2).await.unwrap();
    assert!(page.rows.is_empty() && page.previous.is_none());
    assert_eq!(ids(&find().page(page.next.as_deref(), 2).await.unwrap()), [15, 16]);
    // Of no rows at all.
    let none = find().filter(customer::id().lt(0)).page(None, 2).await.unwrap();
    assert_eq!((none.rows.len(), none.next, none.previous), (0, None, None));
}

#[apply(on_every_database)]
async fn of_filters_from_outside(at: &Database) {
    let db = filled(at).await;
    let filter = |text: &str| -> customer::Filter { serde_json::from_str(text).unwrap() };
    let text = r#"{ "where": { "score": { "gt": 0 } }, "order": ["city DESC", "score"], "include": ["orders"] }"#;
    let all = db.customers().find_with(filter(text)).await.unwrap();
    let (mut found, mut page) = (Vec::new(), db.customers().find_with(filter(text)).page(None, 4).await.unwrap());
    assert!(page.previous.is_none());
    loop {
        assert!(page.rows.iter().all(|row| row.related(customer::orders()).included().is_some()));
        found.extend(page.rows.iter().map(|row| row.id));
        let Some(next) = &page.next else { break };
        page = db.customers().find_with(filter(text)).page(Some(next), 4).await.unwrap();
    }
    assert_eq!(found, all.iter().map(|row| row.id).collect::<Vec<_>>());
    let json = serde_json::to_value(&page).unwrap();
    assert!(json["rows"][0]["orders"].is_array() && json["next"].is_null() && json["previous"].is_string(), "{json}");
    // The same as typed code asks, by the same cursors.
    let typed = || {
        let by = (customer::city().desc(), customer::score());
        db.customers().find().filter(customer::score().gt(0)).order_by(by)
    };
    let of_typed = typed().page(None, 4).await.unwrap().next;
    assert!(db.customers().find_with(filter(text)).page(of_typed.as_deref(), 4).await.is_ok());

    let refused = |text: &str| db.customers().find_with(filter(text));
    assert_eq!(mistake(refused(r#"{ "limit": 5 }"#).page(None, 1).await, ""), "limit");
    assert_eq!(mistake(refused(r#"{ "skip": 5 }"#).page(None, 1).await, ""), "skip");
    assert_eq!(mistake(refused(r#"{ "offset": 0 }"#).page(None, 1).await, ""), "offset");
    assert_eq!(mistake(refused("{}").page(None, 1_001).await, ""), "size");
    assert_eq!(mistake(refused("{}").page(None, 0).await, ""), "size");
    assert_eq!(mistake(refused(r#"{ "order": "nothing" }"#).page(None, 1).await, ""), "order");
    assert_eq!(refused("{}").page(None, 1_000).await.unwrap().rows.len(), 20);
    let token = db.customers().find_with(filter(text)).page(None, 4).await.unwrap().next.unwrap();
    let other = r#"{ "where": { "score": { "gt": 1 } }, "order": ["city DESC", "score"] }"#;
    assert_eq!(mistake(refused(other).page(Some(&token), 4).await, &token), "after");
    let constrained = db.customers().orders(3).find_with(order::Filter::default()).page(None, 2).await.unwrap();
    assert!(constrained.rows.iter().all(|row| row.customer_id == 3) && constrained.next.is_some());
}

/// A cursor's place is found by an index, and not by reading all that is before it.
#[apply(on_every_database)]
async fn an_index_finds_the_place(at: &Database) {
    let db = filled(at).await;
    let first = |size| db.customers().find().order_by(customer::id().desc()).page(None, size);
    assert_eq!(first(2).explain().unwrap().len(), 1);
    let next = first(2).await.unwrap().next;
    let by_id = db.customers().find().order_by(customer::id().desc()).page(next.as_deref(), 2).explain().unwrap();
    assert!(by_id[0].sql.contains("WHERE (t0."), "{}", by_id[0].sql);
    assert_eq!(by_id[0].sql.matches(" < ").count(), 1, "{}", by_id[0].sql);
    let find = || db.order_items().find().order_by((order_item::order_id(), order_item::line_no()));
    let orders = db.orders().find().await.unwrap();
    let items = orders.iter().map(|order| NewOrderItem::new(order.id, 1, 0.5));
    db.order_items().create_many(items.collect::<Vec<_>>()).await.unwrap();
    let next = find().page(None, 2).await.unwrap().next;
    let sql = find().page(next.as_deref(), 2).explain().unwrap().remove(0).sql;
    // A row compared as one, or a bound on the first column before all else.
    let is_bounded = if at.place().name() == "mysql" { sql.contains(" >= ") } else { sql.contains(") > (") };
    assert!(is_bounded, "{sql}");
}
