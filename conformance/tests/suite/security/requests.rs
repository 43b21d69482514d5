//! What a request may say: values where values are expected, nothing that the program did not ask for, no more than it may.

use macro_rules_attribute::apply;
use relata::Filter;
use relata_conformance::database::Database;
use relata_conformance::shop::{
    AccountPatch, CustomerPatch, NewAccount, NewCoupon, NewCustomer, NewOrder, NewOrderItem, NewProduct, Order,
    OrderPatch, ProductPatch, customer,
};
use relata_conformance::types::{Db as Types, NewSample, Sample};
use relata_conformance::{flags, on_every_database, on_no_database};
use serde_json::{Value, json};

use crate::support::{code, shop};

fn reads<T: relata::serde::de::DeserializeOwned>(value: &Value) -> bool {
    // As a value, and as text: both ways lead to the same.
    let from_text = serde_json::from_str::<T>(&value.to_string()).is_ok();
    assert_eq!(serde_json::from_value::<T>(value.clone()).is_ok(), from_text, "{value}");
    from_text
}

/// S2 (TypeORM, CVE-2022-33171): where a value is expected, no object and no list is taken.
#[apply(on_no_database)]
fn an_operator_is_no_value() {
    let order = |description: Value| json!({ "customerId": 1, "description": description, "quantity": 1 });
    assert!(reads::<NewOrder>(&order(json!("bolts"))));
    for operator in [
        json!({ "neq": null }),
        json!({ "$ne": null }),
        json!({ "like": "%" }),
        json!([]),
        json!(["a"]),
        json!({}),
        json!(5),
        json!(true),
    ] {
        assert!(!reads::<NewOrder>(&order(operator.clone())), "{operator}");
        assert!(!reads::<OrderPatch>(&json!({ "note": operator })), "{operator}");
        assert!(
            !reads::<NewOrder>(&json!({ "customerId": operator, "description": "a", "quantity": 1 }))
                || operator == json!(5)
        );
        assert!(!reads::<String>(&operator), "an id that a handler takes: {operator}");
    }
}

/// S2, by URL: `filter[where][name][$ne]=`, `filter[where][name][]=`.
#[apply(on_every_database)]
async fn an_operator_that_is_none_is_refused_in_a_url(at: &Database) {
    let (db, _) = shop(at).await;
    for query in [
        "filter[where][note][$ne]=",
        "filter[where][note][]=a",
        "filter[where][note][0]=a",
        "filter[where][note][neq][gt]=a",
        "filter[where][note][neq][]=a",
        "filter[where][customerId][gt][$gt]=",
        "filter[where][customerId]=1%20OR%201=1",
        "filter[where][customerId]=",
        "filter[where][and]=1",
        "filter[where][__proto__][x]=1",
        "filter[where][constructor][prototype]=1",
        "filter[limit]=1;",
        "filter[limit][]=1",
        "filter[order][]=id;DROP",
        "filter[include][0][scope]=x",
    ] {
        let refused = match Filter::<Order>::from_query(query) {
            Ok(filter) => code(db.orders().find_with(filter).await),
            Err(error) => error.code(),
        };
        assert_eq!(refused, "invalid_filter", "{query}");
    }
}

/// S4 (Django, CVE-2019-14234): names within embedded values are those of the schema.
#[apply(on_every_database)]
async fn a_name_within_a_value_is_one_of_the_schema(at: &Database) {
    let db: Types = at.open().await.unwrap();
    db.samples().create(NewSample::default()).await.unwrap();
    let hostile =
        ["street' OR '1'='1", "street\") --", "street::text", "$.street", "a.b", "street`", "[0]", "**", "", "tags"];
    for name in hostile {
        for (property, what) in [
            ("address", json!({ (name): "x" })),
            ("addresses", json!({ "some": { (name): "x" } })),
            ("json", json!({ (name): "x" })),
        ] {
            let filter: Filter<Sample> = serde_json::from_value(json!({ "where": { (property): what } })).unwrap();
            assert_eq!(code(db.samples().find_with(filter).await), "invalid_filter", "{property} {name}");
        }
        let order: Filter<Sample> = serde_json::from_value(json!({ "order": format!("address.{name}") })).unwrap();
        assert_eq!(code(db.samples().find_with(order).await), "invalid_filter", "{name}");
    }
}

/// S8 (Sequelize, CVE-2023-22579): a condition that is not understood is an error, and never no condition.
#[apply(on_every_database)]
async fn a_condition_that_is_not_understood_is_an_error(at: &Database) {
    let (db, _) = shop(at).await;
    for filter in [
        json!({ "where": null }),
        json!({ "where": [] }),
        json!({ "where": "2024-01-01" }),
        json!({ "where": 1 }),
        json!({ "Where": { "id": 1 } }),
        json!({ "were": { "id": 1 } }),
        json!({ "filter": { "where": { "id": 1 } } }),
        json!({ "where": { "ID": 1 } }),
        json!({ "where": { "id": {} } }),
        json!({ "where": { "or": {} } }),
        json!({ "where": { "or": [null] } }),
        json!({ "where": { "and": [[]] } }),
        json!({ "where": { "items": {} } }),
        json!({ "where": { "items": { "some": null } } }),
        json!({ "where": { "customer": null } }),
    ] {
        let read: Filter<Order> = serde_json::from_value(filter.clone()).unwrap();
        assert_eq!(code(db.orders().find_with(read).await), "invalid_filter", "{filter}");
    }
    let none: Filter<Order> = serde_json::from_value(json!({ "where": { "or": [] } })).unwrap();
    assert_eq!(db.orders().find_with(none).await.unwrap().len(), 0, "one of none is none, and not all");
}

/// S13: a filter without a limit has one, and none is above the highest.
#[apply(on_every_database)]
async fn rows_have_a_limit(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.customers().orders(&ann).create_many((0..150).map(|n| customer::NewOrder::new("more", n + 1))).await.unwrap();
    assert_eq!(db.orders().find_with(Filter::default()).await.unwrap().len(), 100);
    for limit in [json!(0), json!(-1), json!(1_001), json!(u64::MAX), json!(1e300), json!("1"), json!(1.5), json!(null)]
    {
        let filter: Filter<Order> = serde_json::from_value(json!({ "limit": limit })).unwrap();
        assert_eq!(code(db.orders().find_with(filter).await), "invalid_filter", "{limit}");
    }
    let far: Filter<Order> = serde_json::from_value(json!({ "skip": i64::MAX, "limit": 1_000 })).unwrap();
    assert_eq!(db.orders().find_with(far).await.unwrap().len(), 0);
}

/// S14: nesting and width are bounded, however they are written.
#[apply(on_every_database)]
async fn depth_and_width_are_bounded(at: &Database) {
    let (db, _) = shop(at).await;
    let nested = |depth, name: &str| (0..depth).fold(json!({ "id": 1 }), |inner, _| json!({ (name): [inner] }));
    let cycle = |depth| {
        (0..depth).fold(json!({}), |scope, n| {
            let relation = if n % 2 == 0 { "customer" } else { "orders" };
            json!({ "include": [{ "relation": relation, "scope": scope }] })
        })
    };
    let negated = (0..300).fold(json!({ "id": 1 }), |inner, _| json!({ "not": inner }));
    let wide: Vec<_> = (0..201).map(|_| json!({ "id": 1 })).collect();
    for filter in [
        json!({ "where": nested(300, "and") }),
        json!({ "where": nested(300, "or") }),
        json!({ "where": negated }),
        json!({ "where": { "and": wide } }),
        json!({ "where": { "id": { "inq": vec![1; 1_001] } } }),
        json!({ "include": vec!["items"; 17] }),
        cycle(5),
        cycle(50),
    ] {
        let read: Filter<Order> = serde_json::from_value(filter).unwrap();
        assert_eq!(code(db.orders().find_with(read).await), "invalid_filter");
    }
    let brackets = format!("filter{}=1", "[and]".repeat(100_000));
    assert_eq!(Filter::<Order>::from_query(&brackets).unwrap_err().code(), "invalid_filter");
    let text = format!("{}{}", "{\"where\":{\"and\":[".repeat(100_000), "]}}".repeat(100_000));
    assert!(serde_json::from_str::<Filter<Order>>(&text).is_err());
    assert_eq!(Filter::<Order>::from_query(&format!("filter={text}")).unwrap_err().code(), "invalid_filter");
}

/// S15 (Rails, 2012): a request says what the program asks for, and nothing else.
#[apply(on_no_database)]
fn a_request_assigns_nothing_that_is_not_asked_for() {
    let order = |name: &str, value: Value| {
        let mut order = json!({ "customerId": 1, "description": "a", "quantity": 1 });
        order[name] = value;
        order
    };
    assert!(reads::<NewOrder>(&order("note", json!("b"))));
    for (name, value) in [
        ("id", json!(1)),
        ("version", json!(1)),
        ("customer", json!({ "name": "Ann" })),
        ("customer", json!(null)),
        ("items", json!([])),
        ("isAdmin", json!(true)),
        ("__proto__", json!({})),
        ("customer_id", json!(2)),
        ("customerID", json!(2)),
        ("", json!(1)),
    ] {
        assert!(!reads::<NewOrder>(&order(name, value.clone())), "{name}");
        let patch = reads::<OrderPatch>(&json!({ (name): value }));
        assert_eq!(patch, name == "version", "{name}: a patch's version is compared, and not set");
    }
    assert!(!reads::<NewCustomer>(&json!({ "name": "Ann", "email": "a", "orders": [{ "quantity": 1 }] })));
    assert!(!reads::<CustomerPatch>(&json!({ "orders": [] })));
    // The key that a relation fixes.
    assert!(reads::<customer::NewOrder>(&json!({ "description": "a", "quantity": 1 })));
    assert!(!reads::<customer::NewOrder>(&json!({ "description": "a", "quantity": 1, "customerId": 2 })));
    // Ids that are not generated are given with new rows, and stay.
    assert!(reads::<NewProduct>(&json!({ "sku": "P", "name": "a" })) && !reads::<ProductPatch>(&json!({ "sku": "P" })));
    assert!(reads::<NewOrderItem>(&json!({ "orderId": 1, "lineNo": 1, "price": 1 })));
    assert!(!reads::<NewCoupon>(&json!({ "code": "c", "id": 1 })) && reads::<NewCoupon>(&json!({ "code": "c" })));
    // Hidden properties are given by code.
    assert!(!reads::<NewAccount>(&json!({ "customerId": 1, "secret": "s" })));
    assert!(!reads::<AccountPatch>(&json!({ "secret": "s" })));
    // A name that stands twice is no way around.
    assert!(serde_json::from_str::<OrderPatch>(r#"{ "note": "a", "note": "b" }"#).is_err());
}

/// S15: the moments of making, changing and deleting are the library's.
#[apply(on_no_database)]
fn a_request_sets_no_timestamps() {
    for name in ["createdAt", "updatedAt", "deletedAt"] {
        assert!(!reads::<flags::NewTeam>(&json!({ "name": "a", (name): "2024-01-01T00:00:00Z" })), "{name}");
        assert!(!reads::<flags::TeamPatch>(&json!({ (name): "2024-01-01T00:00:00Z" })), "{name}");
        assert!(!reads::<flags::TeamPatch>(&json!({ (name): null })), "{name}");
    }
}
