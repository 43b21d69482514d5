//! What is stored comes back, in the order of the values: every type at its extremes, by the server itself.

use std::fmt::Debug;

use super::*;
use crate::driver::{Bind, Key, Lists};
use crate::meta::{Kind, PropertyMeta};
use crate::row::Cells;
use crate::value::{Mismatch, Raw, Type, Value};

/// Binds values one by one into a table, and reads them back in the server's order.
struct RoundTrip<T> {
    property: &'static PropertyMeta,
    column: &'static str,
    values: Vec<T>,
}

/// The table that a list is read from, and how its column is read.
fn list_of(session: &dyn Session, property: &PropertyMeta) -> (String, String) {
    let Lists::JsonTable { column } = session.capabilities().lists else { panic!("lists are JSON here") };
    let column = column(property);
    let value = if column.read.is_empty() { "k.v".to_owned() } else { format!("{}(k.v)", column.read) };
    (format!("JSON_TABLE(?, '$[*]' COLUMNS (v {} PATH '$')) AS k", column.ty), value)
}

impl<T: Type + Clone + Send + Sync + 'static> Work for RoundTrip<T> {
    type Answer = Vec<Result<T, Mismatch>>;

    async fn run(self, session: &mut dyn Session) -> Result<Self::Answer> {
        let collation = "/*M! COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */";
        let table = format!(
            "CREATE TABLE v (n INTEGER PRIMARY KEY AUTO_INCREMENT, x {}) DEFAULT CHARSET=utf8mb4 {collation}",
            self.column
        );
        session.execute("DROP TABLE IF EXISTS v", &[]).await?;
        session.execute(&table, &[]).await?;
        for value in &self.values {
            let bound = value.to_value();
            session.execute("INSERT INTO v (x) VALUES (?)", &[Bind::Value(&bound, self.property)]).await?;
        }
        // Each is found again by its value, alone and in a list, and its key in a list of keys.
        let list: Vec<Value<'static>> = self.values.iter().map(|value| value.clone().into_value()).collect();
        let (from, read) = list_of(session, self.property);
        let comparable = !matches!(self.property.kind, Kind::Json) && !self.property.list;
        for value in list.iter().filter(|value| comparable && **value != Value::Null) {
            let mut found = 0;
            let mut each = |_: Cells<'_>| {
                found += 1;
                Ok(Wanted::More)
            };
            let sql = format!("SELECT n FROM v WHERE x = ? AND x IN (SELECT {read} FROM {from})");
            let binds = [Bind::Value(value, self.property), Bind::List(&list, self.property)];
            session.query(&sql, &binds, &mut each).await?;
            assert_eq!(found, 1, "{value:?}");
        }
        let mut back = Vec::new();
        let mut keys = Vec::new();
        let mut each = |cells: Cells<'_>| {
            back.push(T::from_raw(cells.raw(0), self.property));
            keys.extend(key_of(cells.raw(0)));
            Ok(Wanted::More)
        };
        session.query("SELECT x FROM v ORDER BY x, n", &[], &mut each).await?;
        if comparable {
            let mut found = 0;
            let mut each = |_: Cells<'_>| {
                found += 1;
                Ok(Wanted::More)
            };
            let sql = format!("SELECT 1 FROM {from} JOIN v ON v.x = {read}");
            session.query(&sql, &[Bind::Keys(&keys)], &mut each).await?;
            assert_eq!(found, keys.len(), "{keys:?}");
        }
        Ok(back)
    }
}

fn key_of(raw: Raw<'_>) -> Option<Key> {
    Some(match raw {
        Raw::Null | Raw::Real(_) | Raw::Other => return None,
        Raw::Int(value) => Key::Int(value),
        Raw::Text(text) => Key::Text(String::from_utf8_lossy(text).into()),
        Raw::Bytes(bytes) => Key::Bytes(bytes.into()),
        Raw::Day(days) => Key::Day(days),
        Raw::Clock(micros) => Key::Clock(micros),
        Raw::Instant(micros) => Key::Instant(micros),
        Raw::Exact { units, scale } => Key::Exact(units, scale),
    })
}

fn in_order<T: Type + Clone + PartialEq + Debug + Send + Sync + 'static>(
    scratch: &Scratch,
    property: PropertyMeta,
    column: &'static str,
    sorted: &[T],
) {
    let database = scratch.open();
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
fn integers_and_numbers() {
    let Some(scratch) = Scratch::new() else { return };
    in_order(&scratch, of(Kind::Integer), "BIGINT", &[i64::MIN, -1, 0, 1, 1 << 53, (1 << 53) + 1, i64::MAX]);
    in_order(&scratch, of(Kind::Int32), "INT", &[i32::MIN, -1, 0, 1, i32::MAX]);
    in_order(&scratch, of(Kind::Boolean), "BOOLEAN", &[false, true]);
    in_order(&scratch, of(Kind::Integer), "BIGINT", &[None, Some(i64::MIN), Some(0)]);
    let values = [f64::MIN, -1.5, -f64::MIN_POSITIVE, 0.0, 5e-324, 0.1, 1.0, 9_007_199_254_740_993.0, f64::MAX];
    in_order(&scratch, of(Kind::Number), "DOUBLE", &values);
}

#[test]
fn text_is_ordered_by_code_point_and_bytes_are_bytes() {
    let Some(scratch) = Scratch::new() else { return };
    let string = PropertyMeta { max_length: Some(255), ..of(Kind::String) };
    let values = ["", " ", "A", "Z", "a", "a ", "b", "é", "ﬀ", "\u{ffff}", "😀", "😀\"\\\n\u{1}"].map(str::to_owned);
    in_order(&scratch, string, "VARCHAR(255)", &values);
    in_order(&scratch, of(Kind::Text), "LONGTEXT", &values);
    in_order(&scratch, of(Kind::Text), "LONGTEXT", &["é".repeat(500_000)]);
    // Sorted to its last character, however long a key may be.
    let longest = PropertyMeta { max_length: Some(768), ..of(Kind::String) };
    let long = |last: &str| format!("{}{last}", "😀".repeat(767));
    in_order(&scratch, longest, "VARCHAR(768)", &["", "a", "b", "é", "😀"].map(long));
    in_order(&scratch, of(Kind::Bytes), "LONGBLOB", &[vec![], vec![0_u8], vec![0, 0], vec![1], vec![255, 0]]);
    // What is cut off to the length of a column is not what is stored there.
    let short = PropertyMeta { max_length: Some(3), ..of(Kind::String) };
    let short: &'static PropertyMeta = Box::leak(Box::new(short));
    let database = scratch.open();
    assert_eq!(block_on(database.run_work(Access::Read, None, Among(short, vec!["abcdef", "abcd"]))).unwrap(), 0);
    assert_eq!(block_on(database.run_work(Access::Read, None, Among(short, vec!["x", "abc"]))).unwrap(), 1);
}

/// Whether `abc` is among these.
struct Among(&'static PropertyMeta, Vec<&'static str>);

impl Work for Among {
    type Answer = i64;

    async fn run(self, session: &mut dyn Session) -> Result<i64> {
        let values: Vec<_> = self.1.iter().map(|&text| Value::Text(text.into())).collect();
        let (from, read) = list_of(session, self.0);
        let mut answer = -1;
        let mut each = |cells: Cells<'_>| {
            if let Raw::Int(value) = cells.raw(0) {
                answer = value;
            }
            Ok(Wanted::Enough)
        };
        let sql = format!("SELECT 'abc' IN (SELECT {read} FROM {from})");
        session.query(&sql, &[Bind::List(&values, self.0)], &mut each).await?;
        Ok(answer)
    }
}

#[cfg(feature = "uuid")]
#[test]
fn uuids() {
    use uuid::Uuid;
    let Some(scratch) = Scratch::new() else { return };
    let values = [Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(1 << 127), Uuid::max()];
    in_order(&scratch, of(Kind::Uuid), "BINARY(16)", &values);
}

#[cfg(feature = "decimal")]
#[test]
fn decimals() {
    use rust_decimal::Decimal;
    let Some(scratch) = Scratch::new() else { return };
    let decimals = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<Decimal>>();
    let money = PropertyMeta { precision: 18, scale: 6, ..of(Kind::Decimal) };
    let texts = ["-999999999999.999999", "-1", "-0.000001", "0", "0.000001", "1.5", "10", "999999999999.999999"];
    in_order(&scratch, money, "DECIMAL(18,6)", &decimals(&texts));
    let large = PropertyMeta { precision: 28, scale: 10, ..of(Kind::Decimal) };
    let texts = [
        "-999999999999999999.9999999999",
        "-0.0000000001",
        "0",
        "123456789012345678.0123456788",
        "123456789012345678.0123456789",
    ];
    in_order(&scratch, large, "DECIMAL(28,10)", &decimals(&texts));
    let whole = PropertyMeta { precision: 28, scale: 0, ..of(Kind::Decimal) };
    let texts = ["-9999999999999999999999999999", "0", "9999999999999999999999999998", "9999999999999999999999999999"];
    in_order(&scratch, whole, "DECIMAL(28,0)", &decimals(&texts));
    let fraction = PropertyMeta { precision: 28, scale: 28, ..of(Kind::Decimal) };
    let texts = ["-0.9999999999999999999999999999", "0", "0.0000000000000000000000000001"];
    in_order(&scratch, fraction, "DECIMAL(28,28)", &decimals(&texts));
}

#[cfg(feature = "chrono")]
#[test]
fn dates_and_times() {
    use chrono::{DateTime, NaiveDate, NaiveTime};
    let Some(scratch) = Scratch::new() else { return };
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let days = [day(1, 1, 1), day(999, 12, 31), day(1969, 12, 31), day(2024, 2, 29), day(9999, 12, 31)];
    in_order(&scratch, of(Kind::Date), "DATE", &days);
    let time = |second, micro: u32| NaiveTime::from_num_seconds_from_midnight_opt(second, micro * 1000).unwrap();
    let times = [time(0, 0), time(0, 1), time(59, 999_999), time(86_399, 999_999)];
    in_order(&scratch, of(Kind::Time), "TIME(6)", &times);
    let instant = |micros| DateTime::from_timestamp_micros(micros).unwrap();
    let last = day(9999, 12, 31).and_time(time(86_399, 999_999)).and_utc();
    let first = day(1, 1, 1).and_time(NaiveTime::MIN).and_utc();
    let instants = [first, instant(-1), instant(0), instant(1), instant(1_700_000_000_000_001), last];
    in_order(&scratch, of(Kind::DateTime), "DATETIME(6)", &instants);
}

#[cfg(feature = "json")]
#[test]
fn json_and_lists() {
    use serde_json::json;
    let Some(scratch) = Scratch::new() else { return };
    in_order(&scratch, of(Kind::Json), "JSON", &[json!({ "a": [1, 2.5, null, "é\"\n😀"], "sql": "'; --" })]);
    in_order(&scratch, of(Kind::Json), "JSON", &[json!(null)]);
    let list = |kind| PropertyMeta { list: true, required: true, ..of(kind) };
    let texts = vec![vec!["a\"\\\u{1}".to_owned(), String::new()]];
    in_order::<Vec<String>>(&scratch, list(Kind::Text), "JSON", &texts);
    in_order(&scratch, list(Kind::Integer), "JSON", &[vec![i64::MIN, i64::MAX]]);
}

#[test]
fn lists_of_any_length_are_one_statement() {
    let Some(scratch) = Scratch::new() else { return };
    let property: &'static PropertyMeta = Box::leak(Box::new(of(Kind::Integer)));
    let database = scratch.open();
    let values = (0..100_000).map(|n| n * 7).collect();
    let back = block_on(database.run_work(Access::Read, None, Sum(property, values))).unwrap();
    assert_eq!(back, 100_000);
}

/// How many different rows a list is.
struct Sum(&'static PropertyMeta, Vec<i64>);

impl Work for Sum {
    type Answer = i64;

    async fn run(self, session: &mut dyn Session) -> Result<i64> {
        let values: Vec<_> = self.1.into_iter().map(Value::Int).collect();
        let (from, read) = list_of(session, self.0);
        let mut answer = -1;
        let mut each = |cells: Cells<'_>| {
            if let Raw::Int(value) = cells.raw(0) {
                answer = value;
            }
            Ok(Wanted::Enough)
        };
        let sql = format!("SELECT COUNT(DISTINCT {read}) FROM {from}");
        session.query(&sql, &[Bind::List(&values, self.0)], &mut each).await?;
        Ok(answer)
    }
}
