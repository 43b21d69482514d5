//! Any number of values as one bound text: a JSON list that `JSON_TABLE` makes rows of.
//!
//! What JSON has no notation for travels as text that the column's type reads: decimals, dates and times; bytes
//! as hexadecimal digits, which `UNHEX` reads.

use std::borrow::Cow;
use std::fmt::Write;

use mysql_async::Value as Wire;

use super::calendar;
use super::values;
use crate::driver::{JsonColumn, Key};
use crate::meta::{Kind, PropertyMeta};
use crate::value::{Mismatch, Value};

/// The longest text that a column of `VARCHAR` holds within `JSON_TABLE`, as within a key.
const VARCHAR: u64 = 768;

/// The column that the property's values are read into, whose text is compared by that collation.
pub(super) fn column(property: &PropertyMeta, collation: &'static str) -> JsonColumn {
    let plain = |ty: &'static str| JsonColumn { ty: Cow::Borrowed(ty), read: "" };
    let text = |length: Option<u64>| JsonColumn {
        // One character more than is stored: what is cut off would otherwise equal what is not.
        ty: match length {
            Some(length @ 0..=VARCHAR) => {
                format!("VARCHAR({}) CHARACTER SET utf8mb4 COLLATE {collation}", length + 1).into()
            }
            _ => format!("LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation}").into(),
        },
        read: "",
    };
    match property.kind {
        Kind::Integer | Kind::Int32 | Kind::Boolean => plain("BIGINT"),
        Kind::Number => plain("DOUBLE"),
        Kind::Decimal => {
            JsonColumn { ty: format!("DECIMAL({},{})", property.precision, property.scale).into(), read: "" }
        }
        Kind::Date => plain("DATE"),
        Kind::Time => plain("TIME(6)"),
        Kind::DateTime => plain("DATETIME(6)"),
        Kind::Uuid => JsonColumn { ty: Cow::Borrowed("CHAR(32)"), read: "UNHEX" },
        Kind::Bytes => JsonColumn { ty: Cow::Borrowed("LONGTEXT"), read: "UNHEX" },
        Kind::Enum(meta) => text(meta.values.iter().map(|value| value.chars().count() as u64).max()),
        Kind::String => text(property.max_length),
        Kind::Text | Kind::Json | Kind::Embedded(_) => text(None),
    }
}

/// Values of a property as a JSON list.
///
/// # Errors
/// When one of them cannot be a value of the property.
pub(super) fn of_values(values: &[Value<'_>], property: &PropertyMeta) -> Result<String, Mismatch> {
    let mut json = String::with_capacity(values.len() * 12 + 2);
    let mut comma = '[';
    for value in values {
        json.push(comma);
        push_value(&mut json, value, property)?;
        comma = ',';
    }
    json.push_str(if comma == '[' { "[]" } else { "]" });
    Ok(json)
}

fn push_value(json: &mut String, value: &Value<'_>, property: &PropertyMeta) -> Result<(), Mismatch> {
    match value {
        Value::Null => json.push_str("null"),
        Value::Bool(value) => push(json, format_args!("{}", i64::from(*value))),
        Value::Int(value) => push(json, format_args!("{value}")),
        // The shortest digits that read back as the same number.
        Value::Real(value) => push(json, format_args!("{value:?}")),
        Value::Text(value) => push_text(json, value),
        Value::Bytes(value) => push_hexadecimal(json, value),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => push_hexadecimal(json, value.as_bytes()),
        Value::Unset => return Err(Mismatch::given(value, property)),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => push(json, format_args!("\"{}\"", values::decimal(*value, property)?)),
        #[cfg(feature = "chrono")]
        Value::Date(value) => {
            let (year, month, day) = values::of_date(*value, property)?;
            push(json, format_args!("\"{year:04}-{month:02}-{day:02}\""));
        }
        #[cfg(feature = "chrono")]
        Value::Time(value) => {
            let (hour, minute, second, micros) = values::of_time(*value);
            push(json, format_args!("\"{hour:02}:{minute:02}:{second:02}.{micros:06}\""));
        }
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => {
            let (year, month, day) = values::of_date(value.date_naive(), property)?;
            let (hour, minute, second, micros) = values::of_time(value.time());
            push(json, format_args!("\"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{micros:06}\""));
        }
        #[cfg(feature = "json")]
        Value::Json(value) => push_text(json, &value.to_string()),
    }
    Ok(())
}

/// Keys as a JSON list, composite ones as lists in it.
pub(super) fn of_keys(keys: &[Key]) -> String {
    let mut json = String::with_capacity(keys.len() * 12 + 2);
    push_keys(&mut json, keys);
    json
}

fn push_keys(json: &mut String, keys: &[Key]) {
    let mut comma = '[';
    for key in keys {
        json.push(comma);
        comma = ',';
        match key {
            Key::Int(value) => push(json, format_args!("{value}")),
            Key::Text(value) => push_text(json, value),
            Key::Bytes(value) => push_hexadecimal(json, value),
            Key::Day(days) => push(json, format_args!("\"{}\"", day(*days))),
            Key::Clock(micros) => push(json, format_args!("\"{}\"", clock(*micros))),
            Key::Instant(micros) => push(json, format_args!("\"{}\"", instant(*micros))),
            Key::Exact(units, scale) => push(json, format_args!("\"{}\"", values::exact(*units, *scale))),
            Key::Composite(parts) => push_keys(json, parts),
        }
    }
    json.push_str(if comma == '[' { "[]" } else { "]" });
}

/// A stored key of one column as a statement takes it by itself.
pub(super) fn of_key(key: &Key) -> Wire {
    match key {
        Key::Int(value) => Wire::Int(*value),
        Key::Text(value) => Wire::Bytes(value.as_bytes().to_vec()),
        Key::Bytes(value) => Wire::Bytes(value.to_vec()),
        Key::Exact(units, scale) => Wire::Bytes(values::exact(*units, *scale).into_bytes()),
        Key::Day(days) => Wire::Bytes(day(*days).into_bytes()),
        Key::Clock(micros) => Wire::Bytes(clock(*micros).into_bytes()),
        Key::Instant(micros) => Wire::Bytes(instant(*micros).into_bytes()),
        // Of several columns: bound part by part, never whole.
        Key::Composite(_) => Wire::NULL,
    }
}

fn day(days: i32) -> String {
    let (year, month, day) = calendar::date(days);
    format!("{year:04}-{month:02}-{day:02}")
}

fn instant(micros: i64) -> String {
    let days = i32::try_from(micros.div_euclid(calendar::DAY)).expect("a day that a column holds");
    format!("{} {}", day(days), clock(micros.rem_euclid(calendar::DAY)))
}

fn clock(micros: i64) -> String {
    let (sign, micros) = if micros < 0 { ("-", -micros) } else { ("", micros) };
    let seconds = micros / 1_000_000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{sign}{hour:02}:{minute:02}:{second:02}.{:06}", micros % 1_000_000)
}

fn push(json: &mut String, arguments: std::fmt::Arguments<'_>) {
    json.write_fmt(arguments).expect("writing to a String does not fail");
}

fn push_hexadecimal(json: &mut String, bytes: &[u8]) {
    json.push('"');
    for byte in bytes {
        push(json, format_args!("{byte:02X}"));
    }
    json.push('"');
}

fn push_text(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                json.push('\\');
                json.push(character);
            }
            '\0'..='\x1f' => push(json, format_args!("\\u{:04x}", u32::from(character))),
            _ => json.push(character),
        }
    }
    json.push('"');
}
