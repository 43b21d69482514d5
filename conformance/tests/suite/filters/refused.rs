//! What is wrong with a filter is said with its place, all at once, before anything is asked of a database.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::{on_every_database, on_no_database};
use serde_json::json;

use super::{filled, mistakes, orders};

#[apply(on_every_database)]
async fn every_mistake_has_its_place(at: &Database) {
    let db = filled(at).await;
    for (filter, message) in [
        (
            json!({ "limt": 1 }),
            "`limt`: a filter has no such member; it has `where`, `order`, `limit`, `skip`, `offset`, `fields`, `include`",
        ),
        (json!({ "totalLimit": 1 }), "`totalLimit`: a filter has no such member"),
        (json!({ "limit": 0 }), "`limit`: a whole number from 1 stands here, not another number"),
        (json!({ "limit": "5" }), "`limit`: a whole number from 1 stands here, not a string"),
        (json!({ "limit": 1.5 }), "`limit`: a whole number from 1 stands here"),
        (json!({ "limit": 1001 }), "`limit`: at most 1000 rows are given at once"),
        (json!({ "skip": -1 }), "`skip`: a whole number from 0 stands here, not a number"),
        (json!({ "skip": 1, "offset": 1 }), "`offset`: `skip` and `offset` are one"),
        (json!({ "where": [] }), "`where`: an object of conditions stands here, not a list"),
        (json!({ "where": "quantity = 1" }), "`where`: an object of conditions stands here, not a string"),
        (
            json!({ "where": { "quantty": 1 } }),
            "`where.quantty`: Order has nothing of that name; it has `id`, `customerId`, `description`, `quantity`, `note`, `couponCode`, `version`, `customer`, `items`, `coupon`, `and`, `or`, `not`",
        ),
        (json!({ "where": { "customer.city": "Oslo" } }), "`where.customer.city`: Order has nothing of that name"),
        (
            json!({ "where": { "quantity": { "$gt": 1 } } }),
            "`where.quantity.$gt`: no operator of `quantity`; it has `eq`, `neq`, `gt`, `gte`, `lt`, `lte`, `between`, `inq`, `nin`, `exists`",
        ),
        (json!({ "where": { "quantity": { "like": "1%" } } }), "`where.quantity.like`: no operator of `quantity`"),
        (json!({ "where": { "note": { "regexp": "a+" } } }), "`where.note.regexp`: no operator of `note`"),
        (json!({ "where": { "quantity": {} } }), "`where.quantity`: a value or an operator stands here"),
        (json!({ "where": { "quantity": [1] } }), "`where.quantity`: one value stands here, not a list"),
        (json!({ "where": { "quantity": "1" } }), "`where.quantity`: `quantity` must be an integer, not a string"),
        (json!({ "where": { "quantity": 1.5 } }), "`where.quantity`: `quantity` must be an integer"),
        (
            json!({ "where": { "quantity": { "gt": null } } }),
            "`where.quantity.gt`: `quantity` must be an integer, not null",
        ),
        (json!({ "where": { "description": 5 } }), "`where.description`: `description` must be a string, not a number"),
        (
            json!({ "where": { "quantity": { "between": [1] } } }),
            "`where.quantity.between`: two values stand here, not 1",
        ),
        (json!({ "where": { "quantity": { "between": 1 } } }), "`where.quantity.between`: a list of two values"),
        (
            json!({ "where": { "quantity": { "inq": 1 } } }),
            "`where.quantity.inq`: a list of values stands here, not a number",
        ),
        (
            json!({ "where": { "quantity": { "inq": [1, null] } } }),
            "`where.quantity.inq[1]`: `quantity` must be an integer, not null",
        ),
        (json!({ "where": { "note": { "exists": "yes" } } }), "`where.note.exists`: true or false stands here"),
        (json!({ "where": { "note": { "like": 5 } } }), "`where.note.like`: a pattern stands here, not a number"),
        (
            json!({ "where": { "note": { "like": "x".repeat(257) } } }),
            "`where.note.like`: a pattern has at most 256 characters",
        ),
        (json!({ "where": { "and": {} } }), "`where.and`: a list of conditions stands here, not an object"),
        (json!({ "where": { "or": [1] } }), "`where.or[0]`: an object of conditions stands here, not a number"),
        (json!({ "where": { "not": [] } }), "`where.not`: an object of conditions stands here, not a list"),
        (
            json!({ "where": { "items": { "price": 1 } } }),
            "`where.items.price`: of several rows, `some`, `none` or `every` is said",
        ),
        (json!({ "where": { "items": {} } }), "`where.items`: `some`, `none` or `every` stands here"),
        (json!({ "where": { "items": { "some": 1 } } }), "`where.items.some`: an object of conditions stands here"),
        (json!({ "where": { "customer": null } }), "`where.customer`: an object of conditions stands here, not null"),
        (
            json!({ "where": { "customer": { "some": {} } } }),
            "`where.customer.some`: Customer has nothing of that name",
        ),
        (
            json!({ "where": { "items": { "some": { "product": { "nam": 1 } } } } }),
            "`where.items.some.product.nam`: Product has nothing",
        ),
        (json!({ "order": 1 }), "`order`: `\"name ASC\"` or `\"name DESC\"` stands here, not a number"),
        (json!({ "order": ["id", "nam"] }), "`order[1]`: Order has no such property to order by; it has `id`"),
        (json!({ "order": "id DOWN" }), "`order`: a direction is ASC or DESC"),
        (json!({ "order": "id asc nulls first" }), "`order`: a name and a direction stand here"),
        (json!({ "order": "id; DROP TABLE orders" }), "`order`: a direction is ASC or DESC"),
        (
            json!({ "order": "items.price" }),
            "`order`: Order has no such relation to one row to order by; it has `customer`, `coupon`",
        ),
        (json!({ "order": "" }), "`order`: Order has no such property to order by"),
        (json!({ "fields": "id" }), "`fields`: a list of names, or an object"),
        (json!({ "fields": ["nam"] }), "`fields[0]`: Order has no such property"),
        (json!({ "fields": { "id": 1 } }), "`fields.id`: true or false stands here"),
        (json!({ "include": "items" }), "`include`: a list of relations stands here"),
        (
            json!({ "include": ["itms"] }),
            "`include[0]`: Order has no such relation; it has `customer`, `items`, `coupon`",
        ),
        (json!({ "include": ["items", { "relation": "items" }] }), "`include[1]`: `items` is included twice"),
        (json!({ "include": [{ "scope": {} }] }), "`include[0]`: the name of a relation stands here"),
        (
            json!({ "include": [{ "relation": "items", "filter": {} }] }),
            "`include[0].filter`: an inclusion has `relation`, `scope`, `targetType`",
        ),
        (
            json!({ "include": [{ "relation": "items", "targetType": "X" }] }),
            "`include[0].targetType`: `items` leads to one model only",
        ),
        (
            json!({ "include": [{ "relation": "items", "scope": { "where": { "x": 1 } } }] }),
            "`include[0].scope.where.x`: OrderItem has nothing",
        ),
        (
            json!({ "include": [{ "relation": "customer", "scope": { "limit": 1 } }] }),
            "`include[0].scope.limit`: the relation leads to one row",
        ),
    ] {
        let found = mistakes(&db, filter.clone()).await;
        assert!(found.starts_with(message) && !found.contains('\n'), "{filter}\nfound    {found}\nexpected {message}");
    }
}

#[apply(on_every_database)]
async fn all_mistakes_are_told_at_once(at: &Database) {
    let db = filled(at).await;
    let filter = json!({
        "where": { "a": 1, "quantity": { "gt": "x", "foo": 1 } }, "order": "b", "limit": 0, "include": ["c"], "d": 1,
    });
    let found = mistakes(&db, filter.clone()).await;
    let places: Vec<_> = found.lines().map(|line| line.split_once(": ").unwrap().0).collect();
    let mut places: Vec<_> = places.into_iter().map(|place| place.trim_matches('`')).collect();
    places.sort_unstable();
    assert_eq!(places, ["d", "include[0]", "limit", "order", "where.a", "where.quantity.foo", "where.quantity.gt"]);
    let error = orders(&db, filter).await.unwrap_err();
    assert_eq!(error.code(), "invalid_filter");
    assert!(error.to_string().starts_with("the filter is not valid: `"), "{error}");
}

#[apply(on_every_database)]
async fn names_from_outside_are_cut_and_escaped(at: &Database) {
    let db = filled(at).await;
    let found = mistakes(&db, json!({ "where": { "a\u{1b}[31m\n`": 1 } })).await;
    assert!(found.starts_with(r"`where.a\u{1b}[31m\n`"), "{found}");
    let found = mistakes(&db, json!({ "where": { ("x".repeat(10_000)): 1 } })).await;
    assert!(found.len() < 400, "{found}");
    let many: serde_json::Map<_, _> = (0..150).map(|n| (format!("x{n}"), json!(1))).collect();
    assert_eq!(mistakes(&db, json!({ "where": many })).await.lines().count(), 32);
}

#[apply(on_no_database)]
fn what_is_no_filter_is_refused_where_it_is_read() {
    use relata_conformance::shop::order::Filter;

    for (text, message) in [
        ("[]", "a filter is an object with `where`"),
        ("\"x\"", "not a string"),
        ("null", "not null"),
        (r#"{ "limit": 1, "limit": 2 }"#, "a name stands twice in one object"),
        (r#"{ "where": { "a": 1, "a": 2 } }"#, "a name stands twice in one object"),
    ] {
        let error = serde_json::from_str::<Filter>(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
    let deep = format!("{{\"where\":{}{}}}", "{\"and\":[".repeat(50_000), "]}".repeat(50_000));
    assert!(serde_json::from_str::<Filter>(&deep).is_err());
}
