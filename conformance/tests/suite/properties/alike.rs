//! Random values of each type: every database keeps, sorts, compares and tells them apart as Rust does.

use chrono::{DateTime, Utc};
use macro_rules_attribute::apply;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use relata::{Column, Comparable, Operand};
use relata_conformance::database::Database;
use relata_conformance::keys::{self, NewByString, by_string};
use relata_conformance::on_every_database;
use relata_conformance::types::{Db, NewSample, Sample, sample};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::holds;

/// How Rust orders values; floating-point numbers too, for none of them is NaN.
trait Ordered: Clone + PartialOrd + std::fmt::Debug {}
impl<T: Clone + PartialOrd + std::fmt::Debug> Ordered for T {}

/// Expects the rows of these values back as they were, in their order, and found by every comparison.
async fn alike<T>(
    db: &Db,
    values: &[T],
    new: impl Fn(T) -> NewSample,
    of: impl Fn(&Sample) -> Option<T>,
    column: fn() -> Column<Sample, T, relata::Optional>,
) -> Result<(), TestCaseError>
where
    T: Ordered + Comparable + Operand<T>,
{
    db.samples().delete_where(sample::all()).await.unwrap();
    db.samples().create_many(values.iter().cloned().map(new)).await.unwrap();
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let found = db.samples().find().order_by(column().asc()).await.unwrap();
    prop_assert_eq!(found.iter().filter_map(&of).collect::<Vec<_>>(), sorted.clone());
    sorted.reverse();
    let found = db.samples().find().order_by(column().desc()).await.unwrap();
    prop_assert_eq!(found.iter().filter_map(&of).collect::<Vec<_>>(), sorted);
    for pivot in &values[..values.len().min(3)] {
        let counts = |holds: fn(&T, &T) -> bool| values.iter().filter(|value| holds(value, pivot)).count() as u64;
        let pivot = || pivot.clone();
        for (condition, expected) in [
            (column().eq(pivot()), counts(T::eq)),
            (column().ne(pivot()), counts(T::ne)),
            (column().lt(pivot()), counts(T::lt)),
            (column().le(pivot()), counts(T::le)),
            (column().gt(pivot()), counts(T::gt)),
            (column().ge(pivot()), counts(T::ge)),
            (column().is_in([pivot()]), counts(T::eq)),
            (column().not_in([pivot()]), counts(T::ne)),
            (column().between(pivot(), pivot()), counts(T::eq)),
        ] {
            let said = format!("{condition:?} {:?}", pivot());
            prop_assert_eq!(db.samples().count(condition).await.unwrap(), expected, "{}", said);
        }
    }
    Ok(())
}

macro_rules! alike {
    ($at:ident, $field:ident, $value:expr) => {
        let opened = std::cell::OnceCell::new();
        holds($at, &prop::collection::vec($value, 1..20), async |values| {
            if opened.get().is_none() {
                opened.set($at.open().await.unwrap()).unwrap();
            }
            let new = |value| NewSample { $field: Some(value), ..NewSample::new() };
            alike(opened.get().unwrap(), &values, new, |row| row.$field.clone(), sample::$field).await
        });
    };
}

/// Any text that can be stored, and often some that differs by little.
fn text() -> impl Strategy<Value = String> + Clone {
    let character = prop_oneof![
        4 => prop::sample::select(vec![
            'a', 'A', 'b', 'B', 'z', 'Z', ' ', '-', '_', '\'', '"', '\\', '1', '2', '%',
            'ä', 'Ä', 'ß', 'é', 'ı', 'İ', '\u{301}', '\u{308}', '\u{200d}', '\u{feff}', '\u{ffff}', '🦀', '日', '\t', '\u{1}',
        ]),
        1 => any::<char>().prop_filter("no text has a NUL", |&character| character != '\0'),
    ];
    prop::collection::vec(character, 0..6).prop_map(String::from_iter)
}

fn micros(text: &str) -> i64 {
    text.parse::<DateTime<Utc>>().unwrap().timestamp_micros()
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> + Clone {
    let all = micros("0001-01-01T00:00:00Z")..=micros("9999-12-31T23:59:59.999999Z");
    let near = micros("1969-12-31T23:59:59.999990Z")..=micros("1970-01-01T00:00:00.000010Z");
    prop_oneof![all, near].prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

/// Decimals of that many digits, some of them small.
fn decimal(digits: u32, scale: u32) -> impl Strategy<Value = Decimal> + Clone {
    let most = 10_i128.pow(digits) - 1;
    prop_oneof![-most..=most, -200_i128..=200].prop_map(move |units| Decimal::from_i128_with_scale(units, scale))
}

#[apply(on_every_database)]
fn texts(at: &Database) {
    alike!(at, string, text());
    alike!(at, text, text());
}

#[apply(on_every_database)]
fn integers(at: &Database) {
    alike!(at, integer, prop_oneof![any::<i64>(), -3_i64..3, Just(i64::MIN), Just(i64::MAX)]);
    alike!(at, int32, prop_oneof![any::<i32>(), -3_i32..3]);
}

#[apply(on_every_database)]
fn numbers(at: &Database) {
    alike!(at, number, prop_oneof![prop::num::f64::NORMAL, prop::num::f64::SUBNORMAL, -1.0..1.0, Just(0.0)]);
}

#[apply(on_every_database)]
fn decimals(at: &Database) {
    alike!(at, money, decimal(10, 2));
    alike!(at, exact, decimal(18, 6));
    alike!(at, wide, decimal(28, 10));
}

#[apply(on_every_database)]
fn dates_and_times(at: &Database) {
    alike!(at, datetime, instant());
    alike!(at, date, instant().prop_map(|instant| instant.date_naive()));
    alike!(at, time, instant().prop_map(|instant| instant.time()));
}

#[apply(on_every_database)]
fn uuids(at: &Database) {
    alike!(at, uuid, any::<u128>().prop_map(Uuid::from_u128));
}

#[apply(on_every_database)]
fn keys_of_text_are_unique_by_code_point(at: &Database) {
    let opened = std::cell::OnceCell::new();
    holds(at, &prop::collection::btree_set(text(), 1..20), async |keys| {
        if opened.get().is_none() {
            opened.set(at.open().await.unwrap()).unwrap();
        }
        let db: &keys::Db = opened.get().unwrap();
        db.by_strings().delete_where(by_string::all()).await.unwrap();
        // That all of them are taken says that no two are one.
        db.by_strings().create_many(keys.iter().rev().map(NewByString::new)).await.unwrap();
        let found = db.by_strings().find().order_by(by_string::id()).await.unwrap();
        prop_assert!(found.iter().map(|row| &row.id).eq(&keys));
        for key in keys.iter().take(3) {
            prop_assert_eq!(&db.by_strings().get(key).await.unwrap().id, key);
            let again = db.by_strings().create(NewByString::new(key)).await.unwrap_err();
            prop_assert_eq!(again.code(), "conflict");
        }
        Ok(())
    });
}

#[apply(on_every_database)]
fn text_is_matched_literally(at: &Database) {
    let opened = std::cell::OnceCell::new();
    let texts = prop::collection::vec(text(), 1..12);
    holds(at, &(texts, prop::collection::vec(text(), 1..6)), async |(texts, parts)| {
        if opened.get().is_none() {
            opened.set(at.open().await.unwrap()).unwrap();
        }
        let db: &Db = opened.get().unwrap();
        db.samples().delete_where(sample::all()).await.unwrap();
        let new = texts.iter().map(|text| NewSample { string: Some(text.clone()), ..NewSample::new() });
        db.samples().create_many(new).await.unwrap();
        for part in &parts {
            let counts = |holds: fn(&str, &str) -> bool| texts.iter().filter(|text| holds(text, part)).count() as u64;
            let column = sample::string;
            for (condition, expected) in [
                (column().starts_with(part), counts(|text, part| text.starts_with(part))),
                (column().ends_with(part), counts(|text, part| text.ends_with(part))),
                (column().contains(part), counts(|text, part| text.contains(part))),
                (column().not_like(part.replace(['%', '_', '\\'], "")), {
                    let plain = part.replace(['%', '_', '\\'], "");
                    texts.iter().filter(|text| **text != plain).count() as u64
                }),
            ] {
                prop_assert_eq!(db.samples().count(condition).await.unwrap(), expected, "{:?}", part);
            }
        }
        Ok(())
    });
}
