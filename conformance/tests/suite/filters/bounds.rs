//! Whatever a filter is allowed to ask for, databases take; what it is not is refused, however much it is.

use macro_rules_attribute::apply;
use relata::FilterLimits;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Customer, Db};
use serde_json::{Value, json};

use super::{filled, json};

async fn found(db: &Db, filter: Value) -> relata::Result<usize> {
    db.customers().find_with(json::<Customer>(filter)).await.map(|rows| rows.len())
}

async fn refused(db: &Db, filter: Value) -> String {
    let error = found(db, filter).await.unwrap_err();
    assert_eq!(error.code(), "invalid_filter", "{error}");
    error.to_string()
}

/// A condition within so many others of that shape.
fn within(levels: usize, around: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(json!({ "name": "Ann" }), |inner, _| around(inner))
}

fn along(relations: usize) -> String {
    format!("{}name DESC", "referrer.".repeat(relations))
}

#[apply(on_every_database)]
async fn conditions_nest_as_deep_as_they_may(at: &Database) {
    let db = filled(at).await;
    let referrers = |levels| json!({ "where": within(levels, |inner| json!({ "referrer": inner })) });
    assert_eq!(found(&db, referrers(8)).await.unwrap(), 0);
    let told = refused(&db, referrers(9)).await;
    assert!(told.contains("conditions are nested at most 8 deep in relations and embedded values"), "{told}");
    refused(&db, referrers(100)).await;
    // Side by side they are not within each other.
    let both = json!({ "and": [referrers(8)["where"], referrers(8)["where"]] });
    assert_eq!(found(&db, json!({ "where": both })).await.unwrap(), 0);
    for (levels, expected) in [(100, 1), (101, 2)] {
        let negated = within(levels, |inner| json!({ "not": inner }));
        assert_eq!(found(&db, json!({ "where": negated })).await.unwrap(), expected);
    }
    let or = within(49, |inner| json!({ "or": [inner, { "and": [{ "name": "Bob" }, { "email": "x" }] }] }));
    assert_eq!(found(&db, json!({ "where": or })).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn orders_are_as_long_as_they_may_be(at: &Database) {
    let db = filled(at).await;
    assert_eq!(found(&db, json!({ "order": along(8) })).await.unwrap(), 3);
    for relations in [9, 100_000] {
        let told = refused(&db, json!({ "order": along(relations) })).await;
        assert!(told.contains("`order`: an order goes along at most 8 relations"), "{told}");
    }
    let terms = |terms| vec![along(8); terms].join(",");
    assert_eq!(found(&db, json!({ "order": terms(16) })).await.unwrap(), 3);
    assert_eq!(found(&db, json!({ "order": vec![along(0); 16] })).await.unwrap(), 3);
    for order in [json!(vec!["id"; 17].join(",")), json!(vec!["id"; 5_000])] {
        let told = refused(&db, json!({ "order": order })).await;
        assert!(told.contains("`order`: rows are ordered by at most 16 terms, not by "), "{told}");
    }
    let both = json!({ "where": within(8, |inner| json!({ "referrer": inner })), "order": terms(16) });
    assert_eq!(found(&db, both).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn limits_are_as_high_as_the_program_says(at: &Database) {
    let (depth, most) = (usize::MAX, u64::MAX);
    let limits = FilterLimits {
        default_rows: most,
        rows: most,
        depth,
        includes: depth,
        nested: depth,
        order: depth,
        conditions: depth,
        list: depth,
        pattern: depth,
    };
    let db: Db = at.open_with(|builder| builder.filter_limits(limits)).await.unwrap();
    let filter = json!({
        "where": within(20, |inner| json!({ "referrer": inner })),
        "order": along(20),
        "limit": most,
        "include": ["referrer", { "relation": "orders", "scope": { "limit": most, "include": ["items"] } }],
    });
    assert_eq!(found(&db, filter).await.unwrap(), 0);
}
