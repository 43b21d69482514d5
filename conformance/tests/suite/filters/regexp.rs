//! Regular expressions: refused, unless the program allows them.

use macro_rules_attribute::apply;
use relata::FilterLimits;
use relata_conformance::database::{Database, Place};
use relata_conformance::on_every_database;
use relata_conformance::shop::{Customer, Db, NewCustomer, Order};
use serde_json::json;

use super::{described, filled, json, mistakes};

/// The rows of `filled`, in a program that allows regular expressions.
async fn allowing(at: &Database) -> Db {
    // In memory, each program has a database of its own.
    if at.place() == Place::SqliteMemory {
        let db: Db = at.open_with(relata::Builder::allow_regexp).await.unwrap();
        let ann = db.customers().create(NewCustomer::new("Ann", "ann@example.org")).await.unwrap();
        for (text, quantity) in [("bolts", 5), ("nuts", 9), ("nails", 20)] {
            db.orders().create(crate::support::order(ann.id, quantity)).await.unwrap();
            let last = db.orders().find().order_by(relata_conformance::shop::order::id().desc()).first().await.unwrap();
            let patch = relata_conformance::shop::OrderPatch { description: Some(text.into()), ..Default::default() };
            db.orders().patch_by_id(last.unwrap().id, patch).await.unwrap();
        }
        return db;
    }
    filled(at).await;
    at.open_with(relata::Builder::allow_regexp).await.unwrap()
}

fn on_description(pattern: &str) -> serde_json::Value {
    json!({ "where": { "description": { "regexp": pattern } }, "order": "id" })
}

#[apply(on_every_database)]
async fn a_pattern_is_looked_for_where_it_is_allowed(at: &Database) {
    let db = allowing(at).await;
    for (pattern, found) in [
        ("^n", "nuts nails"),
        ("ts$", "bolts nuts"),
        ("o|ai", "bolts nails"),
        ("^[a-m]+lts$", ""),
        ("/N/", ""),
        ("/^N/i", "nuts nails"),
        (r"^\w{4}$", "nuts"),
        ("", "bolts nuts nails"),
    ] {
        assert_eq!(described(&db, on_description(pattern)).await, found, "{pattern}");
    }
    let not = json!({ "where": { "not": { "description": { "regexp": "^n" } }, "note": { "regexp": "%" } } });
    let noted = described(&db, not).await;
    assert!(
        noted == "bolts" || (noted.is_empty() && at.place() == Place::SqliteMemory),
        "NULL matches nothing: {noted}"
    );
    let related = json!({ "where": { "orders": { "some": { "description": { "regexp": "^b" } } } } });
    let customers = db.customers().find_with(json::<Customer>(related)).await.unwrap();
    assert_eq!(customers.iter().map(|customer| &*customer.name).collect::<Vec<_>>(), ["Ann"]);
    let query = relata::Filter::<Order>::from_query("filter[where][description][regexp]=%2F%5EB%2Fi").unwrap();
    assert_eq!(db.orders().find_with(query).await.unwrap().len(), 1);
}

#[apply(on_every_database)]
async fn a_pattern_that_is_none_is_refused_at_its_place(at: &Database) {
    let db = allowing(at).await;
    for (pattern, told) in [
        ("(", "no pattern: unclosed group"),
        ("a(?=b)", "look-around"),
        (r"(a)\1", "backreferences"),
        ("(a{1000}){1000}", "too large"),
        ("/a/g", "the only flag of a pattern is `i`"),
        ("a\0", "no character NUL"),
    ] {
        let told_of = mistakes(&db, on_description(pattern)).await;
        assert!(told_of.starts_with("`where.description.regexp`: ") && told_of.contains(told), "{told_of}");
    }
    let long = mistakes(&db, on_description(&"a".repeat(257))).await;
    assert!(long.contains("at most 256 characters"), "{long}");
    let number =
        mistakes(&db, json!({ "where": { "description": { "regexp": 5 }, "quantity": { "regexp": "5" } } })).await;
    assert!(number.contains("a pattern stands here, not a number"), "{number}");
    assert!(number.contains("`where.quantity.regexp`: no operator of `quantity`; it has"), "{number}");
    // What only the database does not take.
    let only = if at.place() == Place::Mysql { r"\p{Uppercase}" } else { r"\p{Lu}" };
    let filter = json!({ "where": { "and": [{ "description": { "regexp": only } }] } });
    match db.orders().find_with(json::<Order>(filter)).await {
        Ok(_) => assert!(matches!(at.place(), Place::Sqlite | Place::SqliteMemory | Place::Mysql)),
        Err(error) => {
            assert_eq!(error.code(), "invalid_filter", "{error}");
            let error = error.to_string();
            assert!(error.contains("`where.and[0].description.regexp`: the database takes no such pattern"), "{error}");
        }
    }
}

#[apply(on_every_database)]
async fn it_is_refused_unless_it_is_allowed(at: &Database) {
    let db = filled(at).await;
    let told = mistakes(&db, on_description("^n")).await;
    let expected = "`where.description.regexp`: no operator of `description` unless the program says \
                    `Db::builder().allow_regexp()`; it has `eq`";
    assert!(told.starts_with(expected), "{told}");
    let limits = FilterLimits { pattern: 3, ..FilterLimits::default() };
    let short: Db = at.open_with(|builder| builder.allow_regexp().filter_limits(limits)).await.unwrap();
    assert!(mistakes(&short, on_description("^nut")).await.contains("at most 3 characters"));
}

#[apply(on_every_database)]
async fn hostile_patterns_stay_patterns(at: &Database) {
    let db = allowing(at).await;
    let told = |pattern: &str| {
        let told = db.orders().find_with(json::<Order>(on_description(pattern))).explain().unwrap();
        told.into_iter().map(|told| told.sql).collect::<Vec<_>>()
    };
    let plain = told("x");
    for pattern in ["'", "' OR '1'='1", "'; DROP TABLE orders; --", "\"", "`", r"\\", "%", "?", "$1", "--", "/*"] {
        let pattern = regex_escape(pattern);
        assert_eq!(told(&pattern), plain, "{pattern}");
        assert_eq!(described(&db, on_description(&pattern)).await, "", "{pattern}");
    }
    assert_eq!(described(&db, json!({ "order": "id" })).await, "bolts nuts nails");
}

/// Each character by itself.
fn regex_escape(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_alphanumeric() || c == ' ' { c.to_string() } else { format!("[{c}]") })
        .collect::<String>()
        .replace("[\\]", r"\\")
}
