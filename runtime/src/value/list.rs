//! JSON values and lists of any type; both are stored as JSON text.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};

use super::{Mismatch, Raw, Type, Value};
use crate::json::{self, Given};
use crate::meta::PropertyMeta;

impl Type for serde_json::Value {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Json(Cow::Borrowed(self))
    }

    #[inline]
    fn into_value(self) -> Value<'static> {
        Value::Json(Cow::Owned(self))
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match value {
            Value::Json(value) => Ok(value.into_owned()),
            other => Err(Mismatch::given(&other, property)),
        }
    }

    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match raw {
            Raw::Text(text) => {
                serde_json::from_slice(text).map_err(|_| Mismatch::unfit(property, "text that is not JSON"))
            }
            _ => Err(Mismatch::stored(raw, property)),
        }
    }
}

impl<T: Type> Type for Vec<T> {
    fn to_value(&self) -> Value<'_> {
        list(self.iter().map(|element| json::from_value(element.to_value())))
    }

    fn into_value(self) -> Value<'static> {
        list(self.into_iter().map(|element| json::from_value(element.into_value())))
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match value {
            Value::Json(value) => Elements::new(&json::element(property))
                .deserialize(value.as_ref())
                .map_err(|_| Mismatch::unfit(property, "JSON that does not fit its elements")),
            other => Err(Mismatch::given(&other, property)),
        }
    }

    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        let Raw::Text(text) = raw else { return Err(Mismatch::stored(raw, property)) };
        json::read(text, Elements::new(&json::element(property)))
            .map_err(|_| Mismatch::unfit(property, "text that is not JSON that fits its elements"))
    }
}

fn list(elements: impl Iterator<Item = serde_json::Value>) -> Value<'static> {
    Value::Json(Cow::Owned(serde_json::Value::Array(elements.collect())))
}

/// Reads a JSON array into typed elements, without a tree in between.
struct Elements<'p, T> {
    element: &'p PropertyMeta,
    of: PhantomData<T>,
}

impl<'p, T> Elements<'p, T> {
    fn new(element: &'p PropertyMeta) -> Self {
        Self { element, of: PhantomData }
    }
}

impl<'de, T: Type> DeserializeSeed<'de> for Elements<'_, T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Type> Visitor<'de> for Elements<'_, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut elements = Vec::with_capacity(list.size_hint().unwrap_or(0).min(1024));
        while let Some(value) = list.next_element_seed(Given(self.element))? {
            elements.push(T::from_value(value, self.element).map_err(|_| A::Error::custom("an element does not fit"))?);
        }
        Ok(elements)
    }
}
