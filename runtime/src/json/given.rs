//! Reads one property, or an object of properties, from any serde format.

#[cfg(feature = "json")]
use std::borrow::Cow;
use std::fmt::{self, Display};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::text::{expected, from_text};
use crate::meta::{Kind, PropertyMeta};
use crate::value::Value;

/// Reads the value of one property as callers write it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'p>(pub(crate) &'p PropertyMeta);

impl Given<'_> {
    fn wrong<E: Error>(self, found: &'static str) -> E {
        E::custom(format_args!("`{}` must be {}, not {found}", self.0.name, Expected(self.0)))
    }

    fn int<E: Error>(self, value: i64) -> Result<Value<'static>, E> {
        match self.0.kind {
            _ if self.0.list => Err(self.wrong("a number")),
            Kind::Integer => Ok(Value::Int(value)),
            Kind::Int32 if i32::try_from(value).is_ok() => Ok(Value::Int(value)),
            Kind::Int32 => Err(self.wrong("a larger one")),
            #[expect(clippy::cast_precision_loss, reason = "JSON does not tell integers from other numbers")]
            Kind::Number => Ok(Value::Real(value as f64)),
            #[cfg(feature = "decimal")]
            Kind::Decimal => Ok(Value::Decimal(value.into())),
            #[cfg(feature = "json")]
            Kind::Json => Ok(Value::Json(Cow::Owned(value.into()))),
            _ => Err(self.wrong("a number")),
        }
    }
}

/// What the property is, and for an enum what it can be.
struct Expected<'p>(&'p PropertyMeta);

impl Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            Kind::Enum(meta) if !self.0.list => write!(f, "one of {}", meta.values.join(", ")),
            _ => f.write_str(expected(self.0)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Given<'_> {
    type Value = Value<'static>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Given<'_> {
    type Value = Value<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for `{}`", Expected(self.0), self.0.name)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        match self.0 {
            PropertyMeta { required: false, list: false, .. } => Ok(Value::Null),
            #[cfg(feature = "json")]
            PropertyMeta { kind: Kind::Json, list: false, .. } => Ok(Value::Json(Cow::Owned(serde_json::Value::Null))),
            _ => Err(self.wrong("null")),
        }
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        match self.0.kind {
            _ if self.0.list => Err(self.wrong("true or false")),
            Kind::Boolean => Ok(Value::Bool(value)),
            #[cfg(feature = "json")]
            Kind::Json => Ok(Value::Json(Cow::Owned(value.into()))),
            _ => Err(self.wrong("true or false")),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.int(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        if let Ok(value) = i64::try_from(value) {
            return self.int(value);
        }
        match self.0.kind {
            _ if self.0.list => Err(self.wrong("a number")),
            #[expect(clippy::cast_precision_loss, reason = "JSON does not tell integers from other numbers")]
            Kind::Number => Ok(Value::Real(value as f64)),
            #[cfg(feature = "decimal")]
            Kind::Decimal => Ok(Value::Decimal(value.into())),
            #[cfg(feature = "json")]
            Kind::Json => Ok(Value::Json(Cow::Owned(value.into()))),
            Kind::Integer | Kind::Int32 => Err(self.wrong("a larger one")),
            _ => Err(self.wrong("a number")),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        match self.0.kind {
            _ if self.0.list => Err(self.wrong("a number")),
            Kind::Number => Ok(Value::Real(value)),
            #[cfg(feature = "json")]
            Kind::Json => Ok(Value::Json(Cow::Owned(value.into()))),
            // A binary fraction is not the number that was written.
            Kind::Decimal => Err(self.wrong("a number with a fraction")),
            Kind::Integer | Kind::Int32 => Err(self.wrong("a number with a fraction or exponent")),
            _ => Err(self.wrong("a number")),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match self.0.kind {
            _ if self.0.list => Err(self.wrong("a string")),
            #[cfg(feature = "json")]
            Kind::Json => Ok(Value::Json(Cow::Owned(text.into()))),
            Kind::Integer | Kind::Int32 | Kind::Number | Kind::Boolean | Kind::Embedded(_) => {
                Err(self.wrong("a string"))
            }
            _ => from_text(text, self.0).map_err(|_| self.wrong("another string")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        match self.0 {
            #[cfg(feature = "json")]
            PropertyMeta { list: true, .. } | PropertyMeta { kind: Kind::Json, .. } => {
                super::tree::list(self.0, list).map(|list| Value::Json(Cow::Owned(list)))
            }
            _ => {
                drop(list);
                Err(self.wrong("a list"))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        match self.0 {
            #[cfg(feature = "json")]
            PropertyMeta { list: false, kind: Kind::Json, .. } => {
                super::tree::any(object).map(|object| Value::Json(Cow::Owned(object)))
            }
            #[cfg(feature = "json")]
            PropertyMeta { list: false, kind: Kind::Embedded(meta), .. } => {
                super::tree::embedded(meta, object).map(|object| Value::Json(Cow::Owned(object)))
            }
            _ => {
                drop(object);
                Err(self.wrong("an object"))
            }
        }
    }
}
