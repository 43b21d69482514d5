//! Filters from outside made at random: nothing panics, what is refused is refused before the database is asked, and
//! JSON and URL say the same.

use macro_rules_attribute::apply;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use relata::{Filter, Model};
use relata_conformance::on_no_database;
use relata_conformance::shop::{Customer, Db};
use serde_json::{Map, Value, json};

/// The words of the language and of the model, and others.
const WORDS: &[&str] = &[
    "where",
    "order",
    "limit",
    "skip",
    "offset",
    "fields",
    "include",
    "relation",
    "scope",
    "targetType",
    "some",
    "none",
    "every",
    "and",
    "or",
    "not",
    "eq",
    "neq",
    "gt",
    "lte",
    "between",
    "inq",
    "nin",
    "like",
    "nilike",
    "exists",
    "regexp",
    "id",
    "name",
    "email",
    "city",
    "score",
    "orders",
    "account",
    "secret",
    "referrer",
    "referrals",
    "items",
    "quantity",
    "",
    "$gt",
    "a.b",
    "name DESC",
    "'",
    "é",
    "\0",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

/// Any JSON, mostly of the language's words.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..20_i64).prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A sound filter on customers that both forms can say: neither null nor an empty list.
fn sound() -> impl Strategy<Value = Value> {
    let text = prop_oneof!["[a-zA-Z0-9 %&=+#\\[\\]'é💥]{1,8}", Just("null".to_owned()), Just("5".to_owned())];
    let of_text = (
        prop::sample::select(&["name", "city", "email"][..]),
        text.clone(),
        prop::sample::select(&["eq", "neq", "gt", "lte", "like", "nilike"][..]),
    )
        .prop_map(|(name, text, operator)| json!({ (name): { (operator): text } }));
    let bare =
        (prop::sample::select(&["name", "city"][..]), text.clone()).prop_map(|(name, text)| json!({ (name): text }));
    let number = (prop::sample::select(&["id", "score"][..]), any::<i64>())
        .prop_map(|(name, n)| json!({ (name): { "gte": n } }));
    let list = prop::collection::vec(text, 1..4).prop_map(|list| json!({ "name": { "inq": list } }));
    let exists = any::<bool>().prop_map(|exists| json!({ "city": { "exists": exists } }));
    let leaf = prop_oneof![of_text, bare, number, list, exists];
    let condition = leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({ "or": all })),
            inner.clone().prop_map(|inner| json!({ "not": inner })),
            inner.clone().prop_map(|inner| json!({ "referrer": inner })),
            inner.prop_map(|inner| json!({ "referrals": { "some": inner } })),
        ]
    });
    let include =
        (prop::sample::select(&["referrals", "referrer", "orders"][..]), any::<bool>()).prop_map(|(name, whole)| {
            if whole { json!([name]) } else { json!([{ "relation": name, "scope": { "fields": { "id": true } } }]) }
        });
    let order = prop::sample::select(&["name DESC", "id", "referrer.name ASC, id"][..]);
    (condition, 1..1_000_u32, 0..9_u32, prop::option::of(include), prop::option::of(order)).prop_map(
        |(condition, limit, skip, include, order)| {
            let mut filter = Map::new();
            filter.insert("where".into(), condition);
            filter.insert("limit".into(), limit.into());
            filter.insert("skip".into(), skip.into());
            filter.extend(include.map(|include| ("include".into(), include)));
            filter.extend(order.map(|order| ("order".into(), order.into())));
            Value::Object(filter)
        },
    )
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The parameters of a query, in brackets.
fn brackets(path: &str, value: &Value, parts: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| brackets(&format!("{path}[{}]", encoded(name)), value, parts));
        }
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(n, value)| brackets(&format!("{path}[{n}]"), value, parts));
        }
        Value::String(text) => parts.push(format!("{path}={}", encoded(text))),
        other => parts.push(format!("{path}={}", encoded(&other.to_string()))),
    }
}

fn check<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(strategy, |value| {
            test(value);
            Ok(())
        })
        .unwrap();
}

fn open() -> Db {
    let db: Db = Db::connect("sqlite::memory:").wait().unwrap();
    db.create_tables().wait().unwrap();
    db
}

/// What becomes of a filter: its statements, or why it is refused.
fn told(db: &Db, filter: relata::Result<Filter<Customer>>) -> Result<Vec<String>, String> {
    let told = filter.and_then(|filter| db.customers().find_with(filter).explain());
    told.map(|told| told.into_iter().map(|told| told.sql).collect()).map_err(|error| {
        assert_eq!(error.code(), "invalid_filter", "{error}");
        error.to_string()
    })
}

#[apply(on_no_database)]
fn any_json_is_refused_or_taken() {
    let db = open();
    check(3_000, &any_json(), |json| {
        let Ok(filter) = serde_json::from_value::<Filter<Customer>>(json.clone()) else { return };
        let told = told(&db, Ok(filter.clone()));
        let found = db.customers().find_with(filter).wait();
        assert_eq!(found.is_ok(), told.is_ok(), "{json}: {found:?}");
        // Percent-encoded JSON is that JSON.
        let query = format!("filter={}", encoded(&json.to_string()));
        assert_eq!(self::told(&db, Filter::from_query(&query)), told, "{json}");
    });
    assert_eq!(Customer::META.name, "Customer");
}

#[apply(on_no_database)]
fn any_query_is_refused_or_taken() {
    let db = open();
    let piece = prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(|word| format!("[{word}]")),
        2 => prop::sample::select(&["filter", "[]", "[0]", "=", "&", "%", "%22", "%FF", "[", "]", "+", "&filter=", "{\"where\":", "}", "5"][..]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    let query = prop::collection::vec(piece, 0..12).prop_map(|pieces| format!("filter{}", pieces.concat()));
    check(5_000, &query, |query| {
        let told = told(&db, Filter::from_query(&query));
        if let (Ok(filter), Ok(_)) = (Filter::<Customer>::from_query(&query), told) {
            db.customers().find_with(filter).wait().unwrap();
        }
    });
}

#[apply(on_no_database)]
fn json_and_url_say_the_same() {
    let db = open();
    for name in ["Ann", "5", "null", "a%", "é💥"] {
        db.customers().create(relata_conformance::shop::NewCustomer::new(name, name)).wait().unwrap();
    }
    check(1_500, &sound(), |json| {
        let mut parts = Vec::new();
        brackets("filter", &json, &mut parts);
        let query = parts.join("&");
        let by_json: Filter<Customer> = serde_json::from_value(json.clone()).unwrap();
        let by_url = Filter::from_query(&query).unwrap();
        assert_eq!(told(&db, Ok(by_json.clone())), told(&db, Ok(by_url.clone())), "{json}\n{query}");
        let rows = |filter| db.customers().find_with(filter).wait().map(|rows| serde_json::to_value(rows).unwrap());
        assert_eq!(rows(by_json).unwrap(), rows(by_url).unwrap(), "{json}\n{query}");
    });
}
