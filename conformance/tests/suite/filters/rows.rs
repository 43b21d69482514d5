//! What filters find, and how rows are given.

use macro_rules_attribute::apply;
use relata::{FilterLimits, Related};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Customer, Order, OrderItem, customer, order, order_item};
use serde_json::json;

use super::{described, filled, json, orders};
use crate::support::code;

#[apply(on_every_database)]
async fn every_operator_finds_what_it_says(at: &Database) {
    let db = filled(at).await;
    for (condition, found) in [
        (json!({ "quantity": 9 }), "nuts"),
        (json!({ "quantity": { "eq": 9 } }), "nuts"),
        (json!({ "quantity": { "neq": 9 } }), "bolts nails"),
        (json!({ "quantity": { "gt": 5, "lt": 20 } }), "nuts"),
        (json!({ "quantity": { "gte": 5, "lte": 9 } }), "bolts nuts"),
        (json!({ "quantity": { "between": [9, 20] } }), "nuts nails"),
        (json!({ "quantity": { "between": [20, 9] } }), ""),
        (json!({ "quantity": { "inq": [5, 20, 20] } }), "bolts nails"),
        (json!({ "quantity": { "inq": [] } }), ""),
        (json!({ "quantity": { "nin": [5, 20] } }), "nuts"),
        (json!({ "quantity": { "nin": [] } }), "bolts nuts nails"),
        (json!({ "note": null }), "nuts"),
        (json!({ "note": { "eq": null } }), "nuts"),
        (json!({ "note": { "neq": null } }), "bolts nails"),
        (json!({ "note": { "exists": true } }), "bolts nails"),
        (json!({ "note": { "exists": false } }), "nuts"),
        (json!({ "note": { "like": "5 \\%" } }), "nails"),
        (json!({ "note": { "nlike": "5 %" } }), "bolts"),
        (json!({ "description": { "like": "N%" } }), ""),
        (json!({ "description": { "ilike": "N%" } }), "nuts nails"),
        (json!({ "description": { "nilike": "N%" } }), "bolts"),
        (json!({}), "bolts nuts nails"),
        (json!({ "and": [] }), "bolts nuts nails"),
        (json!({ "or": [] }), ""),
        (json!({ "or": [{}, { "quantity": 1 }] }), "bolts nuts nails"),
        (json!({ "or": [{ "quantity": 5 }, { "and": [{ "quantity": 9 }, { "note": null }] }] }), "bolts nuts"),
        (json!({ "not": { "or": [{ "quantity": 5 }, { "quantity": 9 }] } }), "nails"),
        (json!({ "quantity": { "gt": 1 }, "description": "nuts" }), "nuts"),
        (json!({ "customer": { "city": "Asgard" } }), "nails"),
        (json!({ "customer": { "city": "Oslo", "name": { "neq": "Bob" } } }), "bolts nuts"),
        (json!({ "items": { "some": { "price": { "gt": 1 } } } }), "bolts"),
        (json!({ "items": { "some": {} } }), "bolts"),
        (json!({ "items": { "none": {} } }), "nuts nails"),
        (json!({ "items": { "every": { "price": { "gt": 1 } } } }), "nuts nails"),
        (json!({ "items": { "some": { "price": 0.5 }, "none": { "price": 9 } } }), "bolts"),
        (json!({ "items": { "some": { "product": { "name": { "like": "Hex%" } } } } }), "bolts"),
        (json!({ "customer": { "orders": { "some": { "quantity": { "gt": 10 } } } } }), "nails"),
    ] {
        let filter = json!({ "where": condition, "order": "id" });
        assert_eq!(described(&db, filter).await, found, "{condition}");
    }
}

#[apply(on_every_database)]
async fn what_the_program_asks_for_holds_whatever_the_filter_says(at: &Database) {
    let db = filled(at).await;
    let of_ann = || order::customer().matches(customer::name().eq("Ann"));
    for (filter, found) in [
        (json!({ "order": "id" }), &["bolts", "nuts"][..]),
        (json!({ "where": { "or": [{}, { "quantity": 20 }] }, "order": "quantity DESC" }), &["nuts", "bolts"]),
        (json!({ "where": { "description": "nails" } }), &[]),
        (json!({ "limit": 1, "skip": 1, "include": ["customer"] }), &["nuts"]),
    ] {
        let rows = db.orders().find_with(json::<Order>(filter.clone())).filter(of_ann()).await.unwrap();
        assert_eq!(rows.iter().map(|order| &*order.description).collect::<Vec<_>>(), found, "{filter}");
    }
    let both = db.orders().find_with(json::<Order>(json!({}))).filter(of_ann()).filter(order::quantity().gt(5));
    assert_eq!(both.await.unwrap().len(), 1);
}

#[apply(on_every_database)]
async fn rows_are_ordered_and_cut(at: &Database) {
    let db = filled(at).await;
    for (filter, found) in [
        (json!({ "order": "quantity DESC" }), "nails nuts bolts"),
        (json!({ "order": ["note asc", "id desc"] }), "nuts nails bolts"),
        (json!({ "order": "customerId Desc, quantity" }), "nails bolts nuts"),
        (json!({ "order": "customer.name DESC, id DESC" }), "nails nuts bolts"),
        (json!({ "order": ["customer.city", "quantity DESC"] }), "nails nuts bolts"),
        (json!({ "order": [] , "limit": 1000 }), "bolts nuts nails"),
        (json!({ "order": "id", "limit": 1 }), "bolts"),
        (json!({ "order": "id", "skip": 1 }), "nuts nails"),
        (json!({ "order": "id", "offset": 1, "limit": 1 }), "nuts"),
        (json!({ "order": "id", "skip": 9 }), ""),
    ] {
        let mut found: Vec<_> = found.split(' ').filter(|name| !name.is_empty()).collect();
        let mut is = described(&db, filter.clone()).await;
        if filter["order"] == json!([]) {
            // In any order.
            found.sort_unstable();
            let mut names: Vec<_> = is.split(' ').collect();
            names.sort_unstable();
            is = names.join(" ");
        }
        assert_eq!(is, found.join(" "), "{filter}");
    }
}

#[apply(on_every_database)]
async fn the_url_says_the_same(at: &Database) {
    let db = filled(at).await;
    for (query, found) in [
        ("filter[where][quantity][gt]=5&filter[where][quantity][lt]=20", "nuts"),
        ("filter[where][customerId][inq][]=1&filter[order]=quantity%20DESC", "nuts bolts"),
        ("filter[where][or][0][quantity]=5&filter[where][or][1][quantity]=20&filter[order]=id", "bolts nails"),
        ("filter[where][note][exists]=false&page=2", "nuts"),
        ("filter[order]=id&filter[limit]=1&filter[skip]=1", "nuts"),
        ("filter[where][items][some][price][lt]=1", "bolts"),
        (r#"filter={"where":{"note":null}}"#, "nuts"),
        ("filter=&x=y", "bolts nuts nails"),
    ] {
        let rows = db.orders().find_with(order::Filter::from_query(query).unwrap()).await.unwrap();
        let names: Vec<_> = rows.iter().map(|order| order.description.as_str()).collect();
        assert_eq!(names.join(" "), found, "{query}");
    }
}

#[apply(on_every_database)]
async fn what_was_included_is_told_from_what_was_not(at: &Database) {
    let db = filled(at).await;
    let include = json!([
        { "relation": "items", "scope": { "order": "lineNo DESC", "include": ["product"] } },
        { "relation": "customer", "scope": { "where": { "city": "Oslo" } } },
    ]);
    let rows = orders(&db, json!({ "order": "id", "include": include })).await.unwrap();
    let items = rows[0].related(order::items()).included().unwrap();
    assert_eq!(items.iter().map(|item| item.line_no).collect::<Vec<_>>(), [2, 1]);
    assert!(matches!(items[0].related(order_item::product()), Related::Included(None)));
    let product = items[1].related(order_item::product()).included().unwrap().as_ref().unwrap();
    assert_eq!(product.name, "Hex bolt");
    assert!(matches!(rows[1].related(order::items()), Related::Included(items) if items.is_empty()));
    assert!(matches!(rows[0].related(order::coupon()), Related::NotIncluded));
    assert_eq!(rows[0].related(order::customer()).included().unwrap().as_ref().unwrap().name, "Ann");
    assert!(matches!(rows[2].related(order::customer()), Related::Included(None)));
    let row: Order = rows[2].clone().into_row();
    assert_eq!(row.description, "nails");

    let json = serde_json::to_value(&rows).unwrap();
    assert_eq!(json[0]["items"][1]["product"], json!({ "sku": "hex", "name": "Hex bolt" }));
    assert_eq!(json[1]["items"], json!([]));
    assert_eq!(json[2]["customer"], json!(null));
    assert!(json[0].get("coupon").is_none() && json[0]["items"][0].get("order").is_none());
}

#[apply(on_every_database)]
async fn limits_hold_for_each_parent(at: &Database) {
    let db = filled(at).await;
    let include = json!([{ "relation": "orders", "scope": { "order": "quantity DESC", "limit": 1, "skip": 0 } }]);
    let filter = json!({ "order": "id", "include": include });
    let rows = db.customers().find_with(json::<Customer>(filter)).await.unwrap();
    let found = rows.iter().map(|row| row.related(customer::orders()).included().unwrap().len());
    assert_eq!(found.collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(rows[0].related(customer::orders()).included().unwrap()[0].description, "nuts");
}

#[apply(on_every_database)]
async fn fields_choose_what_is_given(at: &Database) {
    let db = filled(at).await;
    for (fields, given) in [
        (json!(["description"]), json!({ "description": "bolts" })),
        (json!({ "id": true, "quantity": true, "note": false }), json!({ "id": 1, "quantity": 5 })),
        (
            json!({ "id": false, "customerId": false, "version": false, "couponCode": false }),
            json!({ "description": "bolts", "quantity": 5, "note": "50%" }),
        ),
    ] {
        let rows = orders(&db, json!({ "order": "id", "limit": 1, "fields": fields })).await.unwrap();
        assert_eq!(serde_json::to_value(&rows[0]).unwrap(), given, "{fields}");
    }
    for fields in [json!([]), json!({})] {
        let rows = orders(&db, json!({ "order": "id", "limit": 1, "fields": fields })).await.unwrap();
        assert_eq!(serde_json::to_value(&rows[0]).unwrap().as_object().unwrap().len(), 7);
    }
    // Keys that are not given tie rows all the same.
    let scope = json!({ "fields": ["name"] });
    let include = json!([{ "relation": "customer", "scope": scope }, "items"]);
    let rows =
        orders(&db, json!({ "order": "id", "limit": 1, "fields": ["quantity"], "include": include })).await.unwrap();
    let json = serde_json::to_value(&rows[0]).unwrap();
    assert_eq!(json["customer"], json!({ "name": "Ann" }));
    assert_eq!((json["items"].as_array().unwrap().len(), json.as_object().unwrap().len()), (2, 3));
}

#[apply(on_every_database)]
async fn a_constraint_binds_the_whole_filter(at: &Database) {
    let db = filled(at).await;
    let any = json!({ "where": { "or": [{ "customerId": 2 }, { "quantity": { "gt": 0 } }] }, "order": "id" });
    let found = db.customers().orders(1).find_with(json::<Order>(any.clone())).await.unwrap();
    assert_eq!(found.iter().map(|order| order.customer_id).collect::<Vec<_>>(), [1, 1]);
    let none = db.customers().orders(3).find_with(json::<Order>(any)).await.unwrap();
    assert!(none.is_empty());
    let other = json!({ "where": { "customerId": 2 } });
    assert!(db.customers().orders(1).find_with(json::<Order>(other)).await.unwrap().is_empty());
    let not = json!({ "where": { "not": { "customerId": 1 } } });
    assert!(db.customers().orders(1).find_with(json::<Order>(not)).await.unwrap().is_empty());
}

#[apply(on_every_database)]
async fn the_statements_are_those_of_the_typed_call(at: &Database) {
    let db = filled(at).await;
    let filter = json!({
        "where": { "quantity": { "gt": 1 }, "customer": { "city": "Oslo" }, "note": { "like": "a%" } },
        "order": ["quantity DESC", "id"], "limit": 3, "skip": 1,
        "include": [{ "relation": "items", "scope": { "where": { "price": { "lt": 9 } }, "limit": 2 } }],
    });
    let condition = order::quantity().gt(1).and(order::customer().matches(customer::city().eq("Oslo")));
    let typed = db.orders().find().filter(condition.and(order::note().like("a%")));
    let typed = typed.order_by((order::quantity().desc(), order::id())).limit(3).offset(1);
    let typed = typed.include(order::items().filter(order_item::price().lt(9.0)).limit(2));
    assert_eq!(db.orders().find_with(json::<Order>(filter)).explain().unwrap(), typed.explain());
}

#[apply(on_every_database)]
async fn rows_have_a_limit_unless_the_program_says_another(at: &Database) {
    let db = filled(at).await;
    let limit = |db: &relata_conformance::shop::Db, filter| {
        let told = db.orders().find_with(json::<Order>(filter)).explain().unwrap();
        told[0].sql.rsplit_once("LIMIT ").unwrap().1.to_owned()
    };
    assert_eq!(limit(&db, json!({})), "100");
    assert_eq!(limit(&db, json!({ "limit": 1000 })), "1000");
    let tighter = FilterLimits {
        default_rows: 2,
        rows: 5,
        depth: 1,
        includes: 1,
        nested: 1,
        order: 1,
        conditions: 2,
        list: 2,
        pattern: 3,
    };
    let db: relata_conformance::shop::Db = at.open_with(|builder| builder.filter_limits(tighter)).await.unwrap();
    assert_eq!(limit(&db, json!({})), "2");
    for filter in [
        json!({ "limit": 6 }),
        json!({ "include": ["items", "customer"] }),
        json!({ "include": [{ "relation": "items", "scope": { "include": ["product"] } }] }),
        json!({ "where": { "quantity": { "gt": 1, "lt": 5, "neq": 3 } } }),
        json!({ "where": { "or": [{ "quantity": 1 }, { "quantity": 2 }] } }),
        json!({ "where": { "quantity": { "inq": [1, 2, 3] } } }),
        json!({ "where": { "note": { "like": "abcd" } } }),
        json!({ "where": { "items": { "some": { "product": { "name": "x" } } } } }),
        json!({ "order": "customer.referrer.name" }),
        json!({ "order": ["id", "quantity"] }),
    ] {
        assert_eq!(code(db.orders().find_with(json::<Order>(filter)).await), "invalid_filter");
    }
    // Not of the rows that are included.
    let include = json!([{ "relation": "items", "scope": { "limit": 5000 } }]);
    db.orders().find_with(json::<Order>(json!({ "include": include }))).await.unwrap();
    let lines: relata::Filter<OrderItem> = json(json!({ "where": { "product": { "name": "x" } } }));
    db.order_items().find_with(lines).await.unwrap();
}
