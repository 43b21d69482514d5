//! Records of every type through JSON, and the rules and defaults that a schema gives them.

use chrono::Utc;
use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::types::{Color, Db, Defaulted, NewDefaulted, NewSample, NewStrict, Odd, Sample, StrictPatch};
use relata_conformance::{on_every_database, on_no_database};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::support::{code, failures};

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[apply(on_every_database)]
async fn a_row_goes_through_json_and_comes_back(at: &Database) {
    let new = json!({
        "string": "s", "integer": 9_007_199_254_740_993_i64, "int32": -5, "number": 1.5, "money": "12.50", "boolean": true,
        "date": "2024-02-29", "time": "01:02:03", "datetime": "2024-01-02T03:04:05+02:00",
        "uuid": "01234567-89ab-cdef-0123-456789abcdef", "json": {"a": [1, null]}, "bytes": "AAH/", "color": "dark green",
        "words": ["a"], "numbers": [1], "decimals": ["1.10"],
        "address": {"street": "s", "color": "red"}, "addresses": [{"street": "t", "tags": ["x"]}]
    });
    let db = db(at).await;
    let row = db.samples().create(serde_json::from_value(new).unwrap()).await.unwrap();
    assert_eq!(row.bytes.as_deref(), Some(&[0, 1, 255][..]));
    let json = serde_json::to_value(&row).unwrap();
    assert_eq!(json["integer"], 9_007_199_254_740_993_i64);
    assert_eq!(json["money"], "12.50");
    assert_eq!(json["date"], "2024-02-29");
    assert_eq!(json["datetime"], "2024-01-02T01:04:05.000000Z");
    assert_eq!(json["uuid"], "01234567-89ab-cdef-0123-456789abcdef");
    assert_eq!(json["bytes"], "AAH/");
    assert_eq!(json["address"], json!({"street": "s", "number": null, "tags": [], "color": "red"}));
    let mut again = json.clone();
    again.as_object_mut().unwrap().remove("id");
    let copy = db.samples().create(serde_json::from_value(again).unwrap()).await.unwrap();
    assert_eq!(Sample { id: row.id, ..copy }, row);
}

#[apply(on_every_database)]
async fn json_of_the_wrong_type_is_refused_by_name(at: &Database) {
    let refused = |value: serde_json::Value| serde_json::from_value::<NewSample>(value).unwrap_err().to_string();
    for (property, value) in [
        ("integer", json!("1")),
        ("integer", json!(1.5)),
        ("integer", json!(u64::MAX)),
        ("int32", json!(1_i64 << 31)),
        ("boolean", json!(1)),
        ("string", json!(1)),
        ("date", json!("2024-02-30")),
        ("datetime", json!("yesterday")),
        ("uuid", json!("x")),
        ("bytes", json!("***")),
        ("money", json!(1.5)),
        ("words", json!("a")),
        ("words", json!([1])),
        ("words", json!([null])),
        ("words", json!(null)),
        ("address", json!("s")),
        ("address", json!({})),
        ("address", json!({"street": "s", "nope": 1})),
    ] {
        let said = refused(json!({property: value}));
        assert!(said.contains(property) || said.contains("street"), "{property}: {said}");
    }
}

#[apply(on_every_database)]
async fn every_rule_is_checked_and_all_failures_are_said_at_once(at: &Database) {
    let db = db(at).await;
    let wrong = NewStrict {
        name: "x".into(),
        code: Some("abc".into()),
        age: Some(151),
        ratio: Some(0.4),
        price: Some(decimal("0.00")),
        labels: Some(vec!["ok".into(), "long".into()]),
    };
    let said = failures(db.stricts().create(wrong).await);
    assert_eq!(
        said[..5],
        [
            "name is shorter than 2 characters",
            "code does not match `^[A-Z]+$`",
            "age is greater than 150",
            "ratio is less than 0.5",
            "price is less than 0.01",
        ]
    );
    assert!(said[5].starts_with("labels") && said.len() == 6, "{said:?}");
    let edge = NewStrict {
        code: Some("A".into()),
        age: Some(0),
        ratio: Some(1.5),
        price: Some(decimal("0.01")),
        labels: Some(vec!["🦀🦀🦀".into()]),
        ..NewStrict::new("äöüß€")
    };
    let row = db.stricts().create(edge).await.unwrap();
    let patch = StrictPatch { age: Some(Some(-1)), name: Some("toolong".into()), ..Default::default() };
    assert_eq!(
        failures(db.stricts().patch_by_id(row.id, patch).await),
        ["name is longer than 5 characters", "age is less than 0"]
    );
}

#[apply(on_every_database)]
async fn defaults_are_set_by_the_library(at: &Database) {
    let db = db(at).await;
    let before = Utc::now();
    let [row, other]: [Defaulted; 2] =
        db.defaulteds().create_many([NewDefaulted::new(), NewDefaulted::new()]).await.unwrap().try_into().unwrap();
    let after = Utc::now();
    assert_eq!((&*row.name, row.count, row.active, row.color), ("nobody", Some(7), true, Color::Red));
    assert_eq!(row.price, decimal("1.50"));
    assert_eq!((row.odd, &*row.quoted, row.largest), (Odd::Quote, "'); -- \" \\ 🦀 ", i64::MAX));
    assert_eq!(row.precise, decimal("-999999999999999999.9999999999"));
    assert_eq!(row.last, "9999-12-31T23:59:59.999999Z".parse::<chrono::DateTime<Utc>>().unwrap());
    assert!(row.at >= before - chrono::TimeDelta::microseconds(1) && row.at <= after);
    assert!(row.on >= before.date_naive() && row.on <= after.date_naive());
    assert_ne!(row.token, other.token);
    assert_eq!(row.id.get_version_num(), 7);
    assert!(row.id < other.id, "generated ids ascend");
    assert_eq!(db.defaulteds().get(row.id).await.unwrap(), row);
    let given = NewDefaulted { count: Some(0), active: Some(false), ..NewDefaulted::new() };
    let given = db.defaulteds().create(given).await.unwrap();
    assert_eq!((given.count, given.active), (Some(0), false));
    let parsed: NewDefaulted = serde_json::from_str(r#"{"name": "x"}"#).unwrap();
    assert_eq!(db.defaulteds().create(parsed).await.unwrap().name, "x");
    assert_eq!(code(db.defaulteds().get(Uuid::nil()).await), "not_found");
}

#[apply(on_no_database)]
fn a_hidden_property_is_given_by_code_only() {
    use relata_conformance::shop::{AccountPatch, NewAccount};
    use relata_conformance::writes::NewLogin;

    let new: NewAccount = serde_json::from_value(json!({ "customerId": 1 })).unwrap();
    assert_eq!(NewAccount { secret: Some("s".into()), ..new }.secret.as_deref(), Some("s"));
    let refused = serde_json::from_value::<NewAccount>(json!({ "customerId": 1, "secret": "s3cret" })).unwrap_err();
    assert_eq!(refused.to_string(), "`secret` cannot be set here; what can is `customerId`, `balance`");
    // What must be given cannot come from elsewhere.
    let refused = serde_json::from_value::<NewLogin>(json!({ "name": "ann", "hash": "x" })).unwrap_err();
    assert_eq!(refused.to_string(), "`hash` cannot be set here; what can is `name`");
    let refused = serde_json::from_value::<NewLogin>(json!({ "name": "ann" })).unwrap_err();
    assert_eq!(refused.to_string(), "`hash` is required and hidden: only the program gives it, from a body of its own");
    let refused = serde_json::from_value::<AccountPatch>(json!({ "secret": "other" })).unwrap_err();
    assert!(refused.to_string().contains("`secret` cannot be set here"), "{refused}");
}
