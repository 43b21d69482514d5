//! Values between emitted code and the drivers.
//!
//! [`Value`] is what a caller gives or a record holds; [`Raw`] is what a database stores, read in place.
//! [`Type`] ties a Rust type to both. How a kind is stored is in the modules below, one a family; knows
//! nothing of SQL text.

use std::borrow::Cow;

use crate::meta::{Kind, PropertyMeta};

mod any;
#[cfg(feature = "decimal")]
pub(crate) mod decimal;
#[cfg(feature = "json")]
pub mod embedded;
pub mod enums;
pub(crate) mod fit;
#[cfg(feature = "json")]
mod list;
mod scalar;
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "for databases, and none is enabled")
)]
pub(crate) mod size;
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "for databases, and none is enabled"))]
pub(crate) mod stored;
#[cfg(feature = "chrono")]
pub(crate) mod time;

pub(crate) use any::decode;

/// A value of any property type, borrowed from a record or owned.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Not given: absent from a new row or a patch.
    Unset,
    /// SQL NULL.
    Null,
    /// boolean
    Bool(bool),
    /// integer, int32
    Int(i64),
    /// number
    Real(f64),
    /// string, text, enums
    Text(Cow<'a, str>),
    /// bytes
    Bytes(Cow<'a, [u8]>),
    /// decimal
    #[cfg(feature = "decimal")]
    Decimal(rust_decimal::Decimal),
    /// date
    #[cfg(feature = "chrono")]
    Date(chrono::NaiveDate),
    /// time
    #[cfg(feature = "chrono")]
    Time(chrono::NaiveTime),
    /// datetime
    #[cfg(feature = "chrono")]
    DateTime(chrono::DateTime<chrono::Utc>),
    /// uuid
    #[cfg(feature = "uuid")]
    Uuid(uuid::Uuid),
    /// json, lists, embedded values
    #[cfg(feature = "json")]
    Json(Cow<'a, serde_json::Value>),
}

impl Value<'_> {
    /// The same value, owning what it held by reference.
    pub fn into_static(self) -> Value<'static> {
        match self {
            Self::Unset => Value::Unset,
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Real(value) => Value::Real(value),
            Self::Text(value) => Value::Text(Cow::Owned(value.into_owned())),
            Self::Bytes(value) => Value::Bytes(Cow::Owned(value.into_owned())),
            #[cfg(feature = "decimal")]
            Self::Decimal(value) => Value::Decimal(value),
            #[cfg(feature = "chrono")]
            Self::Date(value) => Value::Date(value),
            #[cfg(feature = "chrono")]
            Self::Time(value) => Value::Time(value),
            #[cfg(feature = "chrono")]
            Self::DateTime(value) => Value::DateTime(value),
            #[cfg(feature = "uuid")]
            Self::Uuid(value) => Value::Uuid(value),
            #[cfg(feature = "json")]
            Self::Json(value) => Value::Json(Cow::Owned(value.into_owned())),
        }
    }

    /// The kind of value that this is, with its article.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Unset => "nothing",
            Self::Null => "NULL",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            #[cfg(feature = "decimal")]
            Self::Decimal(_) => "a decimal",
            #[cfg(feature = "chrono")]
            Self::Date(_) => "a date",
            #[cfg(feature = "chrono")]
            Self::Time(_) => "a time",
            #[cfg(feature = "chrono")]
            Self::DateTime(_) => "a datetime",
            #[cfg(feature = "uuid")]
            Self::Uuid(_) => "a uuid",
            #[cfg(feature = "json")]
            Self::Json(_) => "JSON",
        }
    }
}

/// A stored value, read in place.
#[derive(Debug, Clone, Copy)]
pub enum Raw<'a> {
    /// SQL NULL.
    Null,
    /// INTEGER
    Int(i64),
    /// REAL
    Real(f64),
    /// TEXT; not yet checked to be UTF-8
    Text(&'a [u8]),
    /// BLOB
    Bytes(&'a [u8]),
    /// DATE, where the database has that type: days since 1970-01-01
    Day(i32),
    /// TIME: microseconds since midnight
    Clock(i64),
    /// TIMESTAMP: microseconds since 1970-01-01T00:00:00Z
    Instant(i64),
    /// NUMERIC: units of 10^-scale
    Exact {
        /// How many units.
        units: i128,
        /// Digits after the point.
        scale: u32,
    },
    /// A value of a type that no property has
    Other,
}

impl Raw<'_> {
    /// The kind of value that this is, with its article.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Day(_) => "a date",
            Self::Clock(_) => "a time",
            Self::Instant(_) => "a datetime",
            Self::Exact { .. } => "a decimal",
            Self::Other => "a value that no property has",
        }
    }
}

/// What the schema calls the type of a property.
pub(crate) fn type_name(property: &PropertyMeta) -> &'static str {
    if property.list {
        return "a list";
    }
    match property.kind {
        Kind::String => "string",
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Int32 => "int32",
        Kind::Number => "number",
        Kind::Decimal => "decimal",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "datetime",
        Kind::Uuid => "uuid",
        Kind::Json => "json",
        Kind::Bytes => "bytes",
        Kind::Enum(meta) => meta.name,
        Kind::Embedded(meta) => meta.name,
    }
}

/// A value that is not of the type: what the type is, and what was found (a kind, never the value).
#[derive(Debug)]
pub struct Mismatch(Box<(usize, &'static str, String)>);

impl Mismatch {
    /// `expected` and `found` complete "holds {found} where the schema says {expected}".
    #[cold]
    pub fn new(expected: &'static str, found: impl Into<String>) -> Self {
        Self(Box::new((0, expected, found.into())))
    }

    /// What is stored is of another kind than the property.
    #[cold]
    pub(crate) fn stored(raw: Raw<'_>, property: &PropertyMeta) -> Self {
        Self::new(type_name(property), raw.kind())
    }

    /// What is given is of another kind than the property.
    #[cold]
    pub(crate) fn given(value: &Value<'_>, property: &PropertyMeta) -> Self {
        Self::new(type_name(property), value.kind())
    }

    /// What is stored or given is of the right kind and yet no value of the property.
    #[cold]
    pub(crate) fn unfit(property: &PropertyMeta, found: &'static str) -> Self {
        Self::new(type_name(property), found)
    }

    pub(crate) fn at(mut self, column: usize) -> Self {
        self.0.0 = column;
        self
    }

    pub(crate) fn column(&self) -> usize {
        self.0.0
    }

    pub(crate) fn expected(&self) -> &'static str {
        self.0.1
    }

    pub(crate) fn found(&self) -> &str {
        &self.0.2
    }
}

/// A Rust type that a property can have.
pub trait Type: Sized {
    /// This value, borrowed.
    fn to_value(&self) -> Value<'_>;

    /// This value, moved.
    fn into_value(self) -> Value<'static>;

    /// From a value that a caller gave.
    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch>;

    /// From what the database stores for such a property.
    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch>;
}

/// The value of an optional field: not given where it is `None`.
pub fn given<T: Type>(field: Option<T>) -> Value<'static> {
    field.map_or(Value::Unset, Type::into_value)
}
