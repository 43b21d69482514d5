//! Values that callers write as text: in a URL, as strings in JSON, as limits and defaults in a schema.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::meta::{Kind, PropertyMeta};
use crate::value::Value;
#[cfg(feature = "chrono")]
use crate::value::time;

/// The value of a property that `text` writes, read by the property's type.
///
/// # Errors
/// What the text had to be, with its article.
pub(crate) fn from_text(text: &str, property: &PropertyMeta) -> Result<Value<'static>, &'static str> {
    let otherwise = expected(property);
    let value = match property.kind {
        Kind::String | Kind::Text => Some(Value::Text(Cow::Owned(text.to_owned()))),
        Kind::Integer => text.parse().ok().map(Value::Int),
        Kind::Int32 => text.parse::<i32>().ok().map(|value| Value::Int(value.into())),
        Kind::Number => text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Value::Real),
        Kind::Boolean => text.parse().ok().map(Value::Bool),
        Kind::Bytes => STANDARD.decode(text).ok().map(|bytes| Value::Bytes(Cow::Owned(bytes))),
        Kind::Enum(meta) => {
            meta.values.iter().find(|&&value| value == text).map(|value| Value::Text(Cow::Borrowed(value)))
        }
        #[cfg(feature = "decimal")]
        Kind::Decimal => text.parse().ok().map(Value::Decimal),
        #[cfg(feature = "chrono")]
        Kind::Date => time::date(text.as_bytes()).map(Value::Date),
        #[cfg(feature = "chrono")]
        Kind::Time => time::given_time(text).map(Value::Time),
        #[cfg(feature = "chrono")]
        Kind::DateTime => time::given_datetime(text).map(Value::DateTime),
        #[cfg(feature = "uuid")]
        Kind::Uuid => text.parse().ok().map(Value::Uuid),
        #[cfg(feature = "json")]
        Kind::Json | Kind::Embedded(_) => super::read(text.as_bytes(), super::Given(property)).ok(),
        #[allow(unreachable_patterns, reason = "reached where a type's feature is off")]
        _ => return Err("of a type whose feature of `relata` is enabled"),
    };
    value.ok_or(otherwise)
}

/// What a value of the property looks like to those who write it, with its article.
pub(super) fn expected(property: &PropertyMeta) -> &'static str {
    if property.list {
        return "a list";
    }
    match property.kind {
        Kind::String | Kind::Text => "a string",
        Kind::Integer => "an integer",
        Kind::Int32 => "an integer of 32 bits",
        Kind::Number => "a number",
        Kind::Decimal => "a decimal, written as a string",
        Kind::Boolean => "true or false",
        Kind::Date => "a date, written as \"2024-01-31\"",
        Kind::Time => "a time, written as \"23:59:59\"",
        Kind::DateTime => "a datetime, written as \"2024-01-31T23:59:59Z\"",
        Kind::Uuid => "a UUID",
        Kind::Json => "JSON",
        Kind::Bytes => "base64",
        Kind::Enum(_) => "one of the enum's values",
        Kind::Embedded(_) => "an object",
    }
}
