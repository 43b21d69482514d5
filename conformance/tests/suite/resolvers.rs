//! What a program says of inclusions, and what a call would ask of its databases.

use std::sync::{Arc, Mutex};

use macro_rules_attribute::apply;
use relata::{Error, Result, Statement};
use relata_conformance::database::Database;
use relata_conformance::places::{Customer, Db, NewRemark, Repositories, customer, item, order, remark, ticket};
use relata_conformance::{on_every_database, on_no_database, shop};

use crate::places::{filled, open};
use crate::support::code;

type Builder = relata::Builder<Repositories>;

/// Both databases with customers and orders, opened with what is said of inclusions.
async fn opened(at: &Database, said: impl FnOnce(Builder) -> Builder) -> (Db, [Customer; 3]) {
    let builder = Db::builder().datasource("db", "sqlite::memory:").datasource("crm", at.url());
    let db = said(builder).connect().await.unwrap();
    db.create_tables().await.unwrap();
    let customers = filled(&db).await;
    (db, customers)
}

fn someone(id: i64) -> Customer {
    Customer { id, name: format!("resolved {id}") }
}

#[apply(on_every_database)]
async fn a_resolver_answers_an_inclusion_with_all_keys_at_once(at: &Database) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let resolver = move |ids: Vec<i64>| {
        log.lock().unwrap().push(ids.clone());
        // A row that nobody asked for, and a second one of a key, have no place.
        let rows = ids.into_iter().flat_map(|id| [(id, someone(id)), (id, someone(-1)), (-7, someone(-7))]).collect();
        std::future::ready(Ok(rows))
    };
    let (db, [ann, bob, _]) = opened(at, |builder| builder.resolver(order::customer(), resolver)).await;
    let rows = db.orders().find().order_by(order::quantity()).include(order::customer()).await.unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.customer.name.clone()).collect();
    let [of_ann, of_bob] = [ann.id, bob.id].map(|id| format!("resolved {id}"));
    assert_eq!(names, [&of_ann, &of_ann, &of_ann, &of_bob].map(String::clone));
    assert_eq!(*asked.lock().unwrap(), [vec![ann.id, bob.id]]);
    // Where there is nothing to ask for, it is not called; accessors and conditions still ask the database.
    assert!(db.orders().find().filter(order::id().gt(99)).include(order::customer()).await.unwrap().is_empty());
    assert_eq!(db.orders().customer(rows[0].id).await.unwrap(), ann);
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[apply(on_every_database)]
async fn a_resolver_answers_to_many_and_what_is_below_comes_from_its_database(at: &Database) {
    let (db, [ann, bob, cid]) = opened(at, |builder| {
        builder.resolver(customer::tickets(), |ids: Vec<i64>| async move {
            let ticket = |id: i64, n| relata_conformance::places::Ticket {
                id: n,
                text: format!("{id}.{n}"),
                customer_id: id,
                order_id: Some(n),
            };
            Ok(ids[..2].iter().flat_map(|&id| [(id, ticket(id, 2)), (id, ticket(id, 1))]).collect())
        })
    })
    .await;
    let rows = db
        .customers()
        .find()
        .order_by(customer::id())
        .include(customer::tickets().include(ticket::order().include(order::customer())))
        .await
        .unwrap();
    let texts = |n: usize| rows[n].tickets.iter().map(|ticket| ticket.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(0), [format!("{}.2", ann.id), format!("{}.1", ann.id)]);
    assert_eq!(texts(1), [format!("{}.2", bob.id), format!("{}.1", bob.id)]);
    assert_eq!((texts(2).len(), &rows[2].name), (0, &cid.name));
    let below = rows[0].tickets[1].order.as_ref().unwrap();
    assert_eq!((below.id, &below.customer), (1, &bob));
}

#[apply(on_every_database)]
async fn a_key_of_several_properties_is_a_tuple(at: &Database) {
    let (db, _) = opened(at, |builder| {
        builder.resolver(remark::item(), |keys: Vec<(i64, i64)>| async move {
            let item = |&(order_id, line): &(i64, i64)| {
                ((order_id, line), relata_conformance::places::Item { order_id, line, price: 10 * order_id + line })
            };
            Ok(keys.iter().map(item).collect())
        })
    })
    .await;
    let of = |order, line| NewRemark { item_order_id: order, item_line: line, ..NewRemark::new("x") };
    db.remarks().create_many([of(Some(4), Some(2)), of(Some(4), None), of(Some(1), Some(1))]).await.unwrap();
    let rows = db.remarks().find().order_by(remark::id()).include(remark::item()).await.unwrap();
    let prices: Vec<_> = rows.iter().map(|row| row.item.as_ref().map(|item| item.price)).collect();
    assert_eq!(prices, [Some(42), None, Some(11)]);
}

#[apply(on_every_database)]
async fn what_a_resolver_refuses_or_leaves_out_is_told(at: &Database) {
    let (db, _) = opened(at, |builder| {
        builder
            .resolver(order::customer(), |_| async { Ok(Vec::new()) })
            .resolver(ticket::customer(), |_| async { Err(Error::Unavailable { message: "no line".to_owned() }) })
    })
    .await;
    assert_eq!(code(db.orders().find().include(order::customer()).await), "dangling");
    let ann = db.customers().find().order_by(customer::id()).first().await.unwrap().unwrap();
    db.customers().tickets(&ann).create(customer::NewTicket::new("late")).await.unwrap();
    let error = db.tickets().find().include(ticket::customer()).await.unwrap_err();
    assert_eq!((error.code(), error.to_string()), ("unavailable", "no line".to_owned()));
    let error = db.orders().find().include(order::customer().filter(customer::all())).await;
    assert!(error.is_ok_and(|rows| rows.iter().all(|row| row.customer.is_none())));
    let error = db.orders().find().include(order::customer().filter(customer::id().gt(0))).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (
            "inclusion_not_allowed",
            "Order.customer cannot be included: a resolver answers it, which knows no filter, order, limit, offset or count"
                .to_owned()
        )
    );
    let below = order::customer().include(customer::tickets().count());
    assert_eq!(code(db.orders().find().include(below).await), "inclusion_not_allowed");
}

#[apply(on_every_database)]
async fn a_disabled_relation_is_not_included_anywhere(at: &Database) {
    let (db, [ann, ..]) =
        opened(at, |builder| builder.disable_include(customer::orders()).disable_include(order::items())).await;
    let error = db.customers().find().include(customer::orders()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (
            "inclusion_not_allowed",
            "Customer.orders cannot be included: the program disabled it with `disable_include`".to_owned()
        )
    );
    let found = db.orders().customer(1).include(customer::orders()).await;
    assert_eq!(code(found), "inclusion_not_allowed");
    let found = db.tickets().find().include(ticket::order().include(order::items())).await;
    assert_eq!(code(found), "inclusion_not_allowed");
    let inside = db.transaction_on("db", async |tx| tx.orders().find().include(order::items()).await).await;
    assert_eq!(code(inside), "inclusion_not_allowed");
    // Everything else stands.
    assert_eq!(db.customers().orders(&ann).find().await.unwrap().len(), 3);
    assert_eq!(db.orders().find().include(order::customer()).await.unwrap().len(), 4);
}

#[apply(on_no_database)]
fn what_cannot_be_meant_is_refused_before_anything_is_opened() {
    let message = |said: fn(Builder) -> Builder| match said(Db::builder()).connect().wait().unwrap_err() {
        Error::Connect { message } => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        message(|builder| builder.disable_include(shop::order::customer())),
        "the relation Order.customer is one of another schema"
    );
    assert_eq!(
        message(|builder| builder.disable_include(customer::orders().limit(1))),
        "a resolver or `disable_include` takes the relation Customer.orders alone, with nothing said of it"
    );
    assert_eq!(
        message(|builder| {
            builder.disable_include(order::customer()).resolver(order::customer(), |_| async { Ok(Vec::new()) })
        }),
        "Order.customer is given a resolver or disabled, and that twice"
    );
}

fn places(statements: &[Statement]) -> Vec<(&str, &str)> {
    statements.iter().map(|statement| (statement.datasource, &*statement.path)).collect()
}

#[apply(on_every_database)]
async fn explain_tells_every_statement_and_runs_none(at: &Database) {
    let db = open(at).await;
    let statements = db
        .customers()
        .find()
        .filter(customer::name().eq("a secret"))
        .include(
            customer::orders().limit(2).include(order::items().include(item::remarks())).include(order::customer()),
        )
        .include(customer::tickets().include(ticket::order()))
        .explain();
    assert_eq!(
        places(&statements),
        [
            ("crm", ""),
            ("crm", "tickets"),
            ("db", "orders"),
            ("db", "orders.items"),
            ("crm", "orders.items.remarks"),
            ("crm", "orders.customer"),
            ("db", "tickets.order"),
        ]
    );
    assert!(statements.iter().all(|statement| statement.sql.starts_with("SELECT ")), "{statements:?}");
    assert!(!statements.iter().any(|statement| statement.to_string().contains("secret")));
    assert!(
        statements[2].to_string().starts_with("db, orders: SELECT ") && statements[0].to_string().starts_with("crm: ")
    );
    assert!(statements[2].sql.contains("LIMIT 2"));

    assert_eq!(places(&db.tickets().get(1).include(ticket::customer()).explain()), [("crm", "")]);
    assert_eq!(places(&db.orders().customer(1).explain()), [("db", ""), ("crm", "")]);
    assert_eq!(
        places(&db.tickets().customer(1).include(customer::orders()).explain()),
        [("crm", ""), ("db", "orders")]
    );
    assert_eq!(places(&db.customers().account(1).get().explain()), [("db", "")]);
    let mine = db.customers().tickets(1).find().include(ticket::customer().include(customer::tickets()));
    assert_eq!(places(&mine.explain()), [("crm", ""), ("crm", "customer.tickets")]);
    assert!(db.customers().find().one().explain()[0].sql.ends_with("LIMIT 2"));
    // None of it has run: there would be no such row.
    assert_eq!(code(db.orders().customer(1).await), "not_found");
}

#[apply(on_every_database)]
async fn explain_leaves_out_what_is_not_asked_of_a_database(at: &Database) {
    let (db, _) = opened(at, |builder| {
        builder.resolver(customer::orders(), |_| async { Ok(Vec::new()) }).disable_include(order::customer())
    })
    .await;
    let find = || db.customers().find().include(customer::orders().include(order::items()).include(order::customer()));
    assert_eq!(places(&find().explain()), [("crm", ""), ("db", "orders.items")]);
    let told = db.transaction_on("crm", async |tx| {
        Ok::<_, Error>(tx.tickets().find().include(ticket::order()).include(ticket::customer()).explain())
    });
    let told: Result<Vec<Statement>> = told.await;
    assert_eq!(places(&told.unwrap()), [("crm", "")]);
}
