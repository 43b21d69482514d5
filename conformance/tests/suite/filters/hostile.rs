//! Nothing of a filter reaches SQL as text: statements are the same whatever its values are.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::Order;
use serde_json::json;

use super::{filled, json, orders};

pub(crate) const HOSTILE: &[&str] = &[
    "",
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\'",
    ";",
    "--",
    "/*",
    "*/",
    "#",
    "%",
    "_",
    "?",
    "$1",
    ":name",
    "@x",
    "{}",
    "0x41",
    "' OR '1'='1",
    "'; DROP TABLE orders; --",
    "\" OR \"\"=\"",
    "` OR ``=`",
    "1 OR 1=1",
    "NULL",
    "\0",
    "\u{1a}",
    "\n",
    "\r\n",
    "\u{202e}",
    "\u{feff}",
    "é",
    "💥",
    "ʼ",
    "＇",
    "x'41'",
    "E'\\x41'",
    "$$a$$",
    "{{7*7}}",
    "${x}",
    "pg_sleep(9)",
    "SLEEP(9)",
];

#[apply(on_every_database)]
async fn statements_are_the_same_whatever_is_compared(at: &Database) {
    let db = filled(at).await;
    let told = |filter: serde_json::Value| {
        db.orders()
            .find_with(json::<Order>(filter))
            .explain()
            .unwrap()
            .into_iter()
            .map(|told| told.sql)
            .collect::<Vec<_>>()
    };
    for operator in ["eq", "neq", "gt", "gte", "lt", "lte", "inq", "nin", "between", "like", "nlike", "ilike", "nilike"]
    {
        let of = |text: &str| match operator {
            "inq" | "nin" => json!([text, "b"]),
            "between" => json!([text, text]),
            _ => json!(text),
        };
        let filter = |text: &str| {
            let scope = json!({ "where": { "productSku": { (operator): of(text) } } });
            json!({
                "where": { "note": { (operator): of(text) }, "customer": { "name": { (operator): of(text) } } },
                "include": [{ "relation": "items", "scope": scope }],
            })
        };
        let plain = told(filter("x"));
        for text in HOSTILE {
            // What no text of a database has is compared as what stands right before it; a pattern of it is no pattern.
            let (skip, dangles) = (text.contains('\0'), operator.ends_with("like") && text.ends_with('\\'));
            if !skip && !dangles {
                assert_eq!(told(filter(text)), plain, "{operator} {text:?}");
            }
            orders(&db, filter(text)).await.unwrap();
        }
    }
}

#[apply(on_every_database)]
async fn hostile_values_are_found_as_they_are(at: &Database) {
    use relata_conformance::shop::OrderPatch;

    let db = filled(at).await;
    for text in HOSTILE.iter().filter(|text| !text.contains('\0')) {
        db.orders()
            .patch_by_id(2, OrderPatch { note: Some(Some((*text).to_owned())), ..OrderPatch::default() })
            .await
            .unwrap();
        let found = orders(&db, json!({ "where": { "note": text } })).await.unwrap();
        assert_eq!(found.iter().map(|order| order.id).collect::<Vec<_>>(), [2], "{text:?}");
    }
    assert_eq!(orders(&db, json!({})).await.unwrap().len(), 3);
}

#[apply(on_every_database)]
async fn hostile_names_are_names_that_are_not_there(at: &Database) {
    let db = filled(at).await;
    for name in HOSTILE.iter().chain(&["_connector", "__proto__", "constructor", "1=1) OR (1", "quantity\" --", "id`"])
    {
        for filter in [
            json!({ "where": { (*name): 1 } }),
            json!({ "where": { "quantity": { (*name): 1 } } }),
            json!({ "order": [name] }),
            json!({ "order": format!("customer.{name}") }),
            json!({ "fields": [name] }),
            json!({ "include": [name] }),
            json!({ (*name): 1 }),
        ] {
            let error = orders(&db, filter.clone()).await.expect_err(&filter.to_string());
            assert_eq!(error.code(), "invalid_filter", "{filter}");
        }
    }
}
