//! What is stored comes back, in the order of the values: every type at its extremes, by SQLite itself.

use std::fmt::Debug;

use super::*;
use crate::driver::{Bind, Key, Wanted};
use crate::meta::{Kind, PropertyMeta};
use crate::row::Cells;
use crate::value::{Mismatch, Type, Value};

/// Binds values one by one into a table, and reads them back in SQLite's order.
struct RoundTrip<T> {
    property: &'static PropertyMeta,
    column: &'static str,
    values: Vec<T>,
}

impl<T: Type + Clone + Send + Sync + 'static> Work for RoundTrip<T> {
    type Answer = Vec<Result<T, Mismatch>>;

    async fn run(self, session: &mut dyn Session) -> Result<Self::Answer> {
        let table = format!("CREATE TABLE v (n INTEGER PRIMARY KEY, x {}) STRICT", self.column);
        session.execute(&table, &[]).await?;
        for value in &self.values {
            let bound = value.to_value();
            session.execute("INSERT INTO v (x) VALUES (?1)", &[Bind::Value(&bound, self.property)]).await?;
        }
        // Each is found again by its value, alone and in a list.
        let list: Vec<Value<'static>> = self.values.iter().map(|value| value.clone().into_value()).collect();
        for value in list.iter().filter(|value| **value != Value::Null) {
            let mut found = 0;
            let mut each = |_: Cells<'_>| {
                found += 1;
                Ok(Wanted::More)
            };
            let sql = "SELECT n FROM v WHERE x = ?1 AND x IN (SELECT value FROM rarray(?2))";
            let binds = [Bind::Value(value, self.property), Bind::List(&list, self.property)];
            session.query(sql, &binds, &mut each).await?;
            assert_eq!(found, 1, "{value:?}");
        }
        let mut back = Vec::new();
        let mut each = |cells: Cells<'_>| {
            back.push(T::from_raw(cells.raw(0), self.property));
            Ok(Wanted::More)
        };
        session.query("SELECT x FROM v ORDER BY x, n", &[], &mut each).await?;
        Ok(back)
    }
}

fn in_order<T: Type + Clone + PartialEq + Debug + Send + Sync + 'static>(
    property: PropertyMeta,
    column: &'static str,
    sorted: &[T],
) {
    let database = open("sqlite::memory:", SqliteExecution::InPlace).unwrap();
    let mut values = sorted.to_vec();
    values.reverse();
    let property: &'static PropertyMeta = Box::leak(Box::new(property));
    let back = block_on(database.run_work(Access::Write, None, RoundTrip { property, column, values })).unwrap();
    let back: Vec<T> = back.into_iter().map(|value| value.unwrap_or_else(|mismatch| panic!("{mismatch:?}"))).collect();
    assert_eq!(back, sorted);
}

fn of(kind: Kind) -> PropertyMeta {
    PropertyMeta { name: "x", kind, ..PropertyMeta::EMPTY }
}

#[test]
fn integers() {
    in_order(of(Kind::Integer), "INTEGER", &[i64::MIN, -1, 0, 1, 1 << 53, (1 << 53) + 1, i64::MAX]);
    in_order(of(Kind::Int32), "INTEGER", &[i32::MIN, -1, 0, 1, i32::MAX]);
    in_order(of(Kind::Boolean), "INTEGER", &[false, true]);
    in_order(of(Kind::Integer), "INTEGER", &[None, Some(i64::MIN), Some(0)]);
}

#[test]
fn numbers() {
    let values = [f64::MIN, -1.5, -f64::MIN_POSITIVE, 0.0, 5e-324, 0.1, 1.0, 9_007_199_254_740_993.0, f64::MAX];
    in_order(of(Kind::Number), "REAL", &values);
}

#[test]
fn text_is_ordered_by_code_point() {
    let values = ["", " ", "A", "Z", "a", "a ", "b", "é", "ﬀ", "\u{ffff}", "😀"].map(str::to_owned);
    in_order(of(Kind::Text), "TEXT", &values);
    in_order(of(Kind::Bytes), "BLOB", &[vec![], vec![0_u8], vec![0, 0], vec![1], vec![255, 0]]);
}

#[cfg(feature = "uuid")]
#[test]
fn uuids() {
    use uuid::Uuid;
    in_order(of(Kind::Uuid), "BLOB", &[Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(1 << 127), Uuid::max()]);
}

#[cfg(feature = "decimal")]
#[test]
fn decimals() {
    use rust_decimal::Decimal;
    let decimals = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<Decimal>>();
    let small = PropertyMeta { precision: 18, scale: 6, ..of(Kind::Decimal) };
    let texts = ["-999999999999.999999", "-1", "-0.000001", "0", "0.000001", "1.5", "10", "999999999999.999999"];
    in_order(small, "INTEGER", &decimals(&texts));
    let large = PropertyMeta { precision: 28, scale: 10, ..of(Kind::Decimal) };
    let texts = ["-999999999999999999.9999999999", "-10", "-9", "-0.0000000001", "0", "0.0000000001", "9", "10"];
    in_order(large, "TEXT", &decimals(&texts));
    let whole = PropertyMeta { precision: 28, scale: 0, ..of(Kind::Decimal) };
    in_order(whole, "TEXT", &decimals(&["-9999999999999999999999999999", "0", "9999999999999999999999999999"]));
    let fraction = PropertyMeta { precision: 28, scale: 28, ..of(Kind::Decimal) };
    in_order(fraction, "TEXT", &decimals(&["-0.9999999999999999999999999999", "0", "0.0000000000000000000000000001"]));
}

#[cfg(feature = "chrono")]
#[test]
fn dates_and_times() {
    use chrono::{DateTime, NaiveDate, NaiveTime};
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let days = [day(1, 1, 1), day(999, 12, 31), day(1969, 12, 31), day(2024, 2, 29), day(9999, 12, 31)];
    in_order(of(Kind::Date), "TEXT", &days);
    let time = |second, micro: u32| NaiveTime::from_num_seconds_from_midnight_opt(second, micro * 1000).unwrap();
    in_order(of(Kind::Time), "TEXT", &[time(0, 0), time(0, 1), time(59, 999_999), time(86_399, 999_999)]);
    let instant = |micros| DateTime::from_timestamp_micros(micros).unwrap();
    let last = day(9999, 12, 31).and_time(time(86_399, 999_999)).and_utc();
    let first = day(1, 1, 1).and_time(NaiveTime::MIN).and_utc();
    in_order(
        of(Kind::DateTime),
        "TEXT",
        &[first, instant(-1), instant(0), instant(1), instant(1_700_000_000_000_001), last],
    );
}

#[cfg(feature = "json")]
#[test]
fn json_and_lists() {
    use serde_json::json;
    in_order(of(Kind::Json), "TEXT", &[json!({ "a": [1, 2.5, null, "é\"\n"] })]);
    in_order(of(Kind::Json), "TEXT", &[json!(null)]);
    let list = |kind| PropertyMeta { list: true, required: true, ..of(kind) };
    in_order::<Vec<String>>(list(Kind::Text), "TEXT", &[vec!["a\"\\\u{1}".to_owned(), String::new()], vec![]]);
    in_order(list(Kind::Integer), "TEXT", &[vec![i64::MIN, i64::MAX]]);
    in_order(list(Kind::Number), "TEXT", &[vec![0.1_f64, 1.0, -5e-324, f64::MAX]]);
    in_order(list(Kind::Bytes), "TEXT", &[vec![vec![0_u8, 255], vec![]]]);
    in_order(list(Kind::Json), "TEXT", &[vec![json!(null), json!({ "a": 1 })]]);
}

#[cfg(all(feature = "json", feature = "chrono", feature = "decimal", feature = "uuid"))]
#[test]
fn lists_of_types_that_json_has_not() {
    use chrono::{DateTime, NaiveDate, NaiveTime};
    let list = |kind| PropertyMeta { list: true, required: true, ..of(kind) };
    in_order(list(Kind::Date), "TEXT", &[vec![NaiveDate::from_ymd_opt(1, 1, 1).unwrap()]]);
    in_order(list(Kind::Time), "TEXT", &[vec![NaiveTime::from_hms_micro_opt(23, 59, 59, 1).unwrap()]]);
    in_order(list(Kind::DateTime), "TEXT", &[vec![DateTime::from_timestamp_micros(-1).unwrap()]]);
    in_order(list(Kind::Uuid), "TEXT", &[vec![uuid::Uuid::max()]]);
    in_order::<Vec<rust_decimal::Decimal>>(list(Kind::Decimal), "TEXT", &[vec!["-1.50".parse().unwrap()]]);
}

#[test]
fn keys_are_bound_as_they_are_stored() {
    struct Keys(Vec<Key>, &'static str);

    impl Work for Keys {
        type Answer = i64;

        async fn run(self, session: &mut dyn Session) -> Result<i64> {
            let mut found = 0;
            let mut each = |_: Cells<'_>| {
                found += 1;
                Ok(Wanted::More)
            };
            session.query(self.1, &[Bind::Keys(&self.0)], &mut each).await?;
            Ok(found)
        }
    }

    let database = open("sqlite::memory:", SqliteExecution::InPlace).unwrap();
    let find = |keys, sql| block_on(database.run_work(Access::Read, None, Keys(keys, sql))).unwrap();
    let plain = vec![Key::Int(7), Key::Text("a\0b".into()), Key::Bytes([0, 1].into())];
    let sql = "SELECT 1 FROM rarray(?1) WHERE value IN (7, 'a' || char(0) || 'b', x'0001')";
    assert_eq!(find(plain, sql), 3);
    let composite = vec![Key::Composite([Key::Int(1), Key::Text("x".into())].into())];
    let sql = "SELECT 1 FROM json_each(?1) WHERE (value ->> 0, value ->> 1) = (1, 'x')";
    assert_eq!(find(composite, sql), 1);
    assert_eq!(find(vec![], "SELECT 1 FROM rarray(?1)"), 0);
}

#[test]
fn a_value_out_of_its_property_is_refused_without_being_told() {
    struct Unset;

    impl Work for Unset {
        type Answer = ();

        async fn run(self, session: &mut dyn Session) -> Result<()> {
            const PROPERTY: &PropertyMeta = &PropertyMeta { name: "x", ..PropertyMeta::EMPTY };
            session.query("SELECT ?1", &[Bind::Value(&Value::Unset, PROPERTY)], &mut |_| Ok(Wanted::More)).await?;
            Ok(())
        }
    }

    let database = open("sqlite::memory:", SqliteExecution::InPlace).unwrap();
    assert_eq!(block_on(database.run_work(Access::Read, None, Unset)).unwrap_err().code(), "driver");
}
