//! Values as JSON and back: numbers as numbers, decimals, dates, instants and UUIDs as strings, bytes in
//! base64.
//!
//! Works on any serde format; `serde_json` is needed only for properties that are JSON themselves. Reading
//! is strict, and its errors name the property and the kind of what was found, never a value.

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, Serializer};

use crate::meta::PropertyMeta;
#[cfg(feature = "chrono")]
use crate::value::time;
use crate::value::{Mismatch, Value};

mod given;
mod text;
#[cfg(feature = "json")]
mod tree;

pub(crate) use given::Given;
pub(crate) use text::from_text;
#[cfg(feature = "json")]
pub(crate) use tree::Fields;

/// A value as it is serialised; one that is not given is `null`.
#[derive(Debug)]
pub(crate) struct Json<'a, 'v>(pub(crate) &'a Value<'v>);

impl Serialize for Json<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Unset | Value::Null => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Real(value) => serializer.serialize_f64(*value),
            Value::Text(value) => serializer.serialize_str(value),
            Value::Bytes(value) => serializer.collect_str(&Base64Display::new(value, &STANDARD)),
            #[cfg(feature = "decimal")]
            Value::Decimal(value) => serializer.collect_str(value),
            #[cfg(feature = "chrono")]
            Value::Date(value) => serializer.serialize_str(in_years(time::write_date(*value))?.as_str()),
            #[cfg(feature = "chrono")]
            Value::Time(value) => serializer.serialize_str(time::write_time(*value).as_str()),
            #[cfg(feature = "chrono")]
            Value::DateTime(value) => serializer.serialize_str(in_years(time::write_datetime(*value))?.as_str()),
            #[cfg(feature = "uuid")]
            Value::Uuid(value) => {
                let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
                serializer.serialize_str(value.hyphenated().encode_lower(&mut text))
            }
            #[cfg(feature = "json")]
            Value::Json(value) => value.serialize(serializer),
        }
    }
}

#[cfg(feature = "chrono")]
fn in_years<E: serde::ser::Error>(text: Option<crate::value::stored::Short>) -> Result<crate::value::stored::Short, E> {
    text.ok_or_else(|| E::custom("the year is outside 0001–9999"))
}

/// A value as a JSON tree.
#[cfg(feature = "json")]
pub(crate) fn from_value(value: Value<'_>) -> serde_json::Value {
    match value {
        Value::Json(value) => value.into_owned(),
        Value::Text(value) => serde_json::Value::String(value.into_owned()),
        // What has no JSON, a year of five digits or NaN, becomes null and is refused by validation.
        other => serde_json::to_value(Json(&other)).unwrap_or_default(),
    }
}

/// What the elements of a list property are.
pub(crate) fn element(property: &PropertyMeta) -> PropertyMeta {
    PropertyMeta { list: false, required: true, ..*property }
}

/// The elements of a list property, each a value of its type.
///
/// # Errors
/// When it is not a list, or an element does not fit.
pub(crate) fn elements(list: &Value<'_>, property: &PropertyMeta) -> Result<Vec<Value<'static>>, Mismatch> {
    #[cfg(feature = "json")]
    if let Value::Json(tree) = list
        && let serde_json::Value::Array(elements) = &**tree
    {
        use serde::de::DeserializeSeed;

        let element = element(property);
        let read = elements.iter().map(|value| Given(&element).deserialize(value));
        let wrong = |_| Mismatch::unfit(property, "JSON that does not fit its elements");
        return read.collect::<Result<_, _>>().map_err(wrong);
    }
    Err(Mismatch::given(list, property))
}

/// Reads a whole JSON text.
#[cfg(feature = "json")]
pub(crate) fn read<'de, S: serde::de::DeserializeSeed<'de>>(text: &'de [u8], seed: S) -> serde_json::Result<S::Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
