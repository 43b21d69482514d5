//! Values with properties of their own: what an emitted value type's [`Type`](super::Type) is made of.
//!
//! Stored and serialised as a JSON object with the schema's property names.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, Error as _};
use serde::ser::{SerializeMap, Serializer};

use super::{Mismatch, Raw, Value};
use crate::json::{self, Fields};
use crate::meta::{EmbeddedMeta, PropertyMeta};
use crate::row::{Cells, Row};

/// A Rust struct for an abstract model of the schema that is the type of a property.
pub trait Embedded: Sized + Send + Sync + 'static {
    /// Its description.
    const META: &'static EmbeddedMeta;

    /// The value of the property at `property` in [`EmbeddedMeta::properties`].
    fn value(&self, property: usize) -> Value<'_>;

    /// Decodes it by position.
    ///
    /// # Errors
    /// When a value does not fit the schema.
    fn from_row(row: &mut Row<'_>) -> Result<Self, Mismatch>;
}

/// The whole as a value: JSON.
pub fn to_value<E: Embedded>(embedded: &E) -> Value<'static> {
    let properties = E::META.properties.iter().enumerate();
    let members = properties.map(|(n, property)| (property.name.to_owned(), json::from_value(embedded.value(n))));
    Value::Json(Cow::Owned(serde_json::Value::Object(members.collect())))
}

/// From JSON that a caller gave.
///
/// # Errors
/// When it is not an object or a property does not fit.
pub fn from_value<E: Embedded>(value: &Value<'_>, property: &PropertyMeta) -> Result<E, Mismatch> {
    let Value::Json(value) = value else { return Err(Mismatch::given(value, property)) };
    Fields::given(E::META.properties)
        .deserialize(value.as_ref())
        .map_err(|_| Mismatch::new(E::META.name, "JSON that does not fit it"))
        .and_then(|mut values| assemble(&mut values))
}

/// From stored JSON text; properties that the schema no longer has are passed over.
///
/// # Errors
/// When it is not an object or a property does not fit.
pub fn from_raw<E: Embedded>(raw: Raw<'_>, property: &PropertyMeta) -> Result<E, Mismatch> {
    let Raw::Text(text) = raw else { return Err(Mismatch::stored(raw, property)) };
    json::read(text, Fields::stored(E::META.properties))
        .map_err(|_| Mismatch::new(E::META.name, "text that is not JSON that fits it"))
        .and_then(|mut values| assemble(&mut values))
}

fn assemble<E: Embedded>(values: &mut [Value<'static>]) -> Result<E, Mismatch> {
    E::from_row(&mut Row::new(Cells::Values(values), 0, E::META.properties))
        .map_err(|mismatch| Mismatch::new(E::META.name, format!("an object in which {}", inner(&mismatch, E::META))))
}

fn inner(mismatch: &Mismatch, meta: &EmbeddedMeta) -> String {
    let name = meta.properties[mismatch.column()].name;
    format!("`{name}` is {} and not {}", mismatch.found(), mismatch.expected())
}

/// The whole as a JSON object, for emitted `Serialize` implementations; hidden properties are left out.
///
/// # Errors
/// When the serialiser fails.
pub fn serialize<E: Embedded, S: Serializer>(embedded: &E, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    for (n, property) in E::META.properties.iter().enumerate().filter(|(_, property)| !property.hidden) {
        object.serialize_entry(property.name, &json::Json(&embedded.value(n)))?;
    }
    object.end()
}

/// From an object, for emitted `Deserialize` implementations; unknown properties are refused.
///
/// # Errors
/// When it is not an object or a property does not fit.
pub fn deserialize<'de, E: Embedded, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let mut values = Fields::given(E::META.properties).deserialize(deserializer)?;
    E::from_row(&mut Row::new(Cells::Values(&mut values), 0, E::META.properties))
        .map_err(|mismatch| D::Error::custom(inner(&mismatch, E::META)))
}
