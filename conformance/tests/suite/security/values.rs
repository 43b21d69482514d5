//! Values stay values: what is found by them is what a comparison in memory finds.

use macro_rules_attribute::apply;
use relata::Filter;
use relata_conformance::database::{Database, Place};
use relata_conformance::on_every_database;
use relata_conformance::shop::{Db, NewCustomer, NewOrder, Order};
use serde_json::json;

use crate::filters::hostile::HOSTILE;

/// What a database can store.
fn stored() -> Vec<&'static str> {
    HOSTILE.iter().copied().filter(|text| !text.contains('\0')).collect()
}

/// An order for each hostile text, which is its note, and one without.
async fn noted(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    let notes = stored().into_iter().map(Some).chain([None]);
    let orders = notes.map(|note| NewOrder { note: note.map(Into::into), ..NewOrder::new(ann.id, "an order", 1) });
    db.orders().create_many(orders).await.unwrap();
    db
}

/// Whether LIKE matches: `%` is any text, `_` a character, a backslash takes the next one literally.
fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|from| like(&text[from..], rest)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
        ['\\'] => false,
        ['\\', literal, rest @ ..] | [literal, rest @ ..] => text.first() == Some(literal) && like(&text[1..], rest),
    }
}

/// Whether a note is found by an operator with a text.
fn matches(note: &str, operator: &str, text: &str) -> bool {
    let chars = |text: &str, fold: bool| -> Vec<char> {
        if fold { text.to_ascii_lowercase().chars().collect() } else { text.chars().collect() }
    };
    let like = |fold| like(&chars(note, fold), &chars(text, fold));
    match operator {
        "eq" => note == text,
        "neq" => note != text,
        "gt" => note > text,
        "gte" => note >= text,
        "lt" => note < text,
        "lte" => note <= text,
        "inq" => note == text || note == "b",
        "nin" => note != text && note != "b",
        "between" => ("!"..=text).contains(&note),
        "like" => like(false),
        "nlike" => !like(false),
        "ilike" => like(true),
        "nilike" => !like(true),
        other => unreachable!("{other}"),
    }
}

const OPERATORS: [&str; 13] =
    ["eq", "neq", "gt", "gte", "lt", "lte", "inq", "nin", "between", "like", "nlike", "ilike", "nilike"];

fn filter(operator: &str, text: &str) -> Filter<Order> {
    let operand = match operator {
        "inq" | "nin" => json!([text, "b"]),
        "between" => json!(["!", text]),
        _ => json!(text),
    };
    serde_json::from_value(json!({ "where": { "note": { (operator): operand } }, "order": "id" })).unwrap()
}

/// S1 (LoopBack, CVE-2022-35942), S9 and S11: the rows found are those that a comparison in memory finds, and the SQL is
/// that for a plain value.
#[apply(on_every_database)]
async fn every_operator_finds_what_memory_finds(at: &Database) {
    let db = noted(at).await;
    let sql = |filter| db.orders().find_with(filter).explain().unwrap().remove(0).sql;
    for operator in OPERATORS {
        let plain = sql(filter(operator, "x"));
        for text in stored() {
            let found = db.orders().find_with(filter(operator, text)).await.unwrap();
            let found: Vec<_> = found.iter().map(|order| order.note.as_deref().unwrap()).collect();
            let expected: Vec<_> = stored().into_iter().filter(|note| matches(note, operator, text)).collect();
            assert_eq!(found, expected, "{operator} {text:?}");
            let dangles = operator.ends_with("like") && text.ends_with('\\');
            assert!(dangles || sql(filter(operator, text)) == plain, "{operator} {text:?}");
        }
    }
    assert_eq!(db.orders().find().await.unwrap().len(), stored().len() + 1);
}

/// S11: the typed conditions take wildcards literally.
#[apply(on_every_database)]
async fn wildcards_are_literal_where_no_pattern_is_asked_for(at: &Database) {
    use relata_conformance::shop::order;

    let db = noted(at).await;
    for text in stored() {
        for (condition, holds) in [
            (order::note().starts_with(text), (|note, text| note.starts_with(text)) as fn(&str, &str) -> bool),
            (order::note().ends_with(text), |note, text| note.ends_with(text)),
            (order::note().contains(text), |note, text| note.contains(text)),
        ] {
            let expected = stored().into_iter().filter(|note| holds(note, text)).count() as u64;
            assert_eq!(db.orders().count(condition).await.unwrap(), expected, "{text:?}");
        }
    }
}

/// S17 (pgx, CVE-2024-27304): a value of any length is bound whole, or refused whole.
#[apply(on_every_database)]
async fn a_long_value_is_stored_whole_or_refused(at: &Database) {
    let db = noted(at).await;
    let text = if at.place() == Place::Mysql { "SELECT CAST(? AS CHAR)" } else { "SELECT CAST(? AS text)" };
    for length in [65_535, 65_536, 65_537, 1 << 20, 17 << 20] {
        let long = "'".repeat(length);
        match db.sql(text).bind(&*long).rows::<String>().one().await {
            Ok(told) => assert!(told == long, "{length}"),
            // MariaDB and MySQL take no packet that is longer than `max_allowed_packet`.
            Err(error) => {
                assert!(at.place() == Place::Mysql && length > 1 << 20, "{error}");
                assert!(!error.to_string().contains("''"), "{length}");
            }
        }
    }
    assert_eq!(db.orders().find().await.unwrap().len(), stored().len() + 1);
}
