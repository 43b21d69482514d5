//! What is stored as text of its own kind: JSON, lists, embedded values, enums.

use chrono::{DateTime, Utc};
use macro_rules_attribute::apply;
use relata::Condition;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::types::{Address, Color, Db, NewSample, Odd, Sample, sample};
use relata_conformance::values::{self, NewBook, Section};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::failures;

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What comes back of the JSON.
async fn there_and_back(db: &Db, json: &Value) -> Value {
    let row = db.samples().create(NewSample { json: Some(json.clone()), ..NewSample::new() }).await.unwrap();
    db.samples().get(row.id).await.unwrap().json.unwrap()
}

#[apply(on_every_database)]
async fn json_of_every_shape(at: &Database) {
    let db = db(at).await;
    for value in [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1.5),
        json!(""),
        json!("null"),
        json!([]),
        json!({}),
        json!({"b": 1, "a": [{"'": "\""}, null]}),
    ] {
        let row = db.samples().create(NewSample { json: Some(value.clone()), ..NewSample::new() }).await.unwrap();
        assert_eq!(db.samples().get(row.id).await.unwrap().json, Some(value));
    }
    let unset = db.samples().create(NewSample::new()).await.unwrap();
    assert_eq!(unset.json, None);
    assert_eq!(db.samples().count(sample::json().is_null()).await.unwrap(), 1, "JSON null is a value");
}

#[apply(on_every_database)]
async fn numbers_within_json_keep_their_values(at: &Database) {
    let db = db(at).await;
    let kept = json!([
        i64::MIN,
        -1,
        0,
        i64::MAX,
        u64::MAX,
        0.0,
        1.0,
        -1.5,
        0.1,
        0.1 + 0.2,
        1.0 / 3.0,
        1e-7,
        9_007_199_254_740_993_i64,
        999_999_999_999_999.0,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::MIN,
        f64::MAX,
        1e300
    ]);
    assert_eq!(there_and_back(&db, &kept).await, kept);
    // Their spelling may change: 1e16 and 10000000000000000 are one number.
    let others = [1e16, -1e16, 1.8e19, 123_456_789_012_345_680.0, -0.0];
    let back = there_and_back(&db, &json!(others)).await;
    let back: Vec<_> = back.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    assert_eq!(back, others);
}

#[apply(on_every_database)]
async fn json_that_looks_like_something_else(at: &Database) {
    let db = db(at).await;
    let words = [
        "'); DROP TABLE samples; --",
        "\\",
        "\\\"",
        "\\u0000",
        "$1",
        "?1",
        "?",
        ":name",
        "@variable",
        "%s",
        "null",
        "[1]",
        "{}",
        "\u{1}\u{1f}\u{7f}\u{2028}",
        "\u{d7ff}\u{e000}\u{10ffff}",
        "👩\u{200d}👧",
        "a\u{308}",
        " ",
        "",
    ];
    for word in words {
        let json = json!({ word: word, "list": [word, { word: null }] });
        assert_eq!(there_and_back(&db, &json).await, json, "{word:?}");
    }
    let wide: Value = (0..5_000).map(|n| (format!("key {n}"), json!(n))).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(there_and_back(&db, &wide).await, wide);
}

#[apply(on_every_database)]
async fn json_lies_as_deep_everywhere(at: &Database) {
    let db = db(at).await;
    let wraps = [|inner| json!([inner]), |inner| json!({ "a": inner })];
    for wrap in wraps {
        let nested = |levels| (0..levels).fold(json!("inside"), |inner, _| wrap(inner));
        assert_eq!(there_and_back(&db, &nested(31)).await, nested(31));
        let deeper = NewSample { json: Some(nested(32)), ..NewSample::new() };
        assert_eq!(failures(db.samples().create(deeper).await), ["json is nested deeper than 31 levels"]);
    }
    let db: values::Db = at.open_empty().await.unwrap();
    let section = |intro| Section { title: "t".into(), intro, parts: Vec::new() };
    // Each section has a list of its own, one level below it.
    let deep = |levels| (1..levels).fold(section(None), |inner, _| section(Some(Box::new(inner))));
    let made = db.books().create(NewBook::new(deep(30))).await.unwrap();
    assert_eq!(db.books().get(made.id).await.unwrap().text, deep(30));
    assert_eq!(failures(db.books().create(NewBook::new(deep(31))).await), ["text is nested deeper than 31 levels"]);
}

#[apply(on_every_database)]
async fn enums_are_stored_as_written(at: &Database) {
    let db = db(at).await;
    let all = [Color::Red, Color::DarkGreen, Color::Loud, Color::ThreeD];
    for color in all {
        let new = NewSample { color: Some(color), colors: Some(vec![color, Color::Red]), ..NewSample::new() };
        let row = db.samples().create(new).await.unwrap();
        assert_eq!(db.samples().get(row.id).await.unwrap(), row);
        assert_eq!(db.samples().find().filter(sample::color().eq(color)).await.unwrap(), [row]);
    }
    assert_eq!(db.samples().count(sample::color().is_in([Color::Red, Color::Loud])).await.unwrap(), 2);
    assert_eq!(db.samples().count(sample::color().ne(Color::Red)).await.unwrap(), 3);
    let json = serde_json::to_value(db.samples().find().order_by(sample::id()).await.unwrap()).unwrap();
    let colors: Vec<_> = json.as_array().unwrap().iter().map(|row| row["color"].as_str().unwrap()).collect();
    assert_eq!(colors, ["red", "dark green", "RED", "3d"]);
    let parsed: NewSample = serde_json::from_value(json!({"color": "3d", "colors": ["RED"]})).unwrap();
    assert_eq!((parsed.color, parsed.colors), (Some(Color::ThreeD), Some(vec![Color::Loud])));
    let unknown = serde_json::from_value::<NewSample>(json!({"color": "blue"})).unwrap_err().to_string();
    assert!(unknown.contains("one of red, dark green, RED, 3d") && !unknown.contains("blue"), "{unknown}");
}

#[apply(on_every_database)]
async fn enums_of_any_text(at: &Database) {
    let db = db(at).await;
    let all = [
        Odd::Quote,
        Odd::Quotes,
        Odd::Backslash,
        Odd::Wildcards,
        Odd::Blank,
        Odd::TrailingBlank,
        Odd::Capital,
        Odd::Wide,
        Odd::Statement,
    ];
    let new = all.map(|odd| NewSample { odd: Some(odd), odds: Some(vec![odd, Odd::Quote]), ..NewSample::new() });
    let rows = db.samples().create_many(new).await.unwrap();
    let found = async |condition: Condition<Sample>| db.samples().find().filter(condition).await.unwrap();
    for (row, odd) in rows.iter().zip(all) {
        assert_eq!((row.odd, &*row.odds), (Some(odd), &[odd, Odd::Quote][..]));
        assert_eq!(found(sample::odd().eq(odd)).await, std::slice::from_ref(row), "{odd:?}");
        assert_eq!(found(sample::odd().is_in([odd])).await, std::slice::from_ref(row), "{odd:?}");
        assert_eq!(db.samples().count(sample::odd().ne(odd)).await.unwrap(), 8);
    }
}

#[apply(on_every_database)]
async fn lists_and_embedded_values(at: &Database) {
    let db = db(at).await;
    let address = |street: &str| Address {
        street: street.into(),
        number: Some(-7),
        tags: vec!["'".into(), "🦀".into()],
        color: Some(Color::ThreeD),
    };
    let new = NewSample {
        words: Some(vec![String::new(), "a\"b".into(), "a".repeat(255)]),
        numbers: Some(vec![i64::MIN, 0, i64::MAX]),
        decimals: Some(vec![decimal("1.50"), decimal("-0.01")]),
        address: Some(address("main")),
        addresses: Some(vec![address("a"), Address { number: None, color: None, tags: vec![], ..address("b") }]),
        ..NewSample::new()
    };
    let row = db.samples().create(new).await.unwrap();
    assert_eq!(row.addresses[1].street, "b");
    assert_eq!(db.samples().get(row.id).await.unwrap(), row);
    let empty = db.samples().create(NewSample::new()).await.unwrap();
    assert_eq!((empty.words.len(), empty.colors.len(), empty.addresses.len()), (0, 0, 0));
    assert_eq!(db.samples().get(empty.id).await.unwrap(), empty);

    let long = NewSample {
        words: Some(vec!["ok".into(), "a".repeat(256)]),
        address: Some(address("a street of more than twenty characters")),
        ..NewSample::new()
    };
    let said = failures(db.samples().create(long).await);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].contains("street"), "{said:?}");
}

#[apply(on_every_database)]
async fn lists_of_each_type_at_its_extremes(at: &Database) {
    let db = db(at).await;
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let new = NewSample {
        words: Some(vec!["\\".into(), "\"".into(), "'".into(), "\u{1}\n".into(), "🦀 ".into(), "null".into()]),
        numbers: Some(vec![i64::MIN, -1, i64::MAX, i64::MIN]),
        reals: Some(vec![f64::MIN, -0.1, 0.0, f64::from_bits(1), f64::MIN_POSITIVE, 1e16, 1e300, f64::MAX]),
        instants: Some(vec![moment("0001-01-01T00:00:00Z"), moment("9999-12-31T23:59:59.999999Z")]),
        blobs: Some(vec![vec![], vec![0], (0..=255).collect()]),
        decimals: Some(vec![decimal("-99999999.99"), decimal("0.00"), decimal("99999999.99")]),
        ..NewSample::new()
    };
    let row = db.samples().create(new.clone()).await.unwrap();
    assert_eq!(db.samples().get(row.id).await.unwrap(), row);
    assert_eq!(Some(row.reals), new.reals);
    assert_eq!(Some(row.blobs), new.blobs);
    let many = NewSample { numbers: Some((0..20_000).collect()), ..NewSample::new() };
    let row = db.samples().create(many).await.unwrap();
    assert_eq!(db.samples().get(row.id).await.unwrap().numbers.len(), 20_000);
}
