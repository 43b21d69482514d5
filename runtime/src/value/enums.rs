//! What an emitted enum's [`Type`](super::Type) is made of: text on both sides, one of a closed set.

use std::borrow::Cow;

use serde::{Deserializer, Serializer};

use super::scalar::text;
use super::{Mismatch, Raw, Value};
use crate::meta::PropertyMeta;
use crate::model::Enumeration;

/// The variant as a value; nothing is allocated.
#[inline]
pub fn to_value<E: Enumeration>(variant: E) -> Value<'static> {
    Value::Text(Cow::Borrowed(variant.as_str()))
}

/// The variant that a caller gave.
///
/// # Errors
/// When it is not text or not one of the enum's strings.
pub fn from_value<E: Enumeration>(value: &Value<'_>, property: &PropertyMeta) -> Result<E, Mismatch> {
    match value {
        Value::Text(text) => parse(text),
        other => Err(Mismatch::given(other, property)),
    }
}

/// The variant that is stored.
///
/// # Errors
/// When it is not text or not one of the enum's strings.
#[inline]
pub fn from_raw<E: Enumeration>(raw: Raw<'_>, property: &PropertyMeta) -> Result<E, Mismatch> {
    parse(text(raw, property)?)
}

#[inline]
fn parse<E: Enumeration>(text: &str) -> Result<E, Mismatch> {
    E::parse(text).ok_or_else(|| Mismatch::new(E::META.name, "text that is none of its values"))
}

/// The variant as its string, for emitted `Serialize` implementations.
///
/// # Errors
/// When the serialiser fails.
pub fn serialize<E: Enumeration, S: Serializer>(variant: E, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(variant.as_str())
}

/// A variant from its string, for emitted `Deserialize` implementations.
///
/// # Errors
/// When what is given is not one of the enum's strings.
pub fn deserialize<'de, E: Enumeration, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    use serde::de::Error;

    let text = <Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
    E::parse(&text)
        .ok_or_else(|| D::Error::custom(format_args!("{} is one of {}", E::META.name, E::META.values.join(", "))))
}
