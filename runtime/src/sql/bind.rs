//! What can be bound to a placeholder.

use crate::meta::{Kind, PropertyMeta};
use crate::value::{Type, Value};

/// What can be bound to a placeholder of [raw SQL](crate::Sql): values of every type that properties have, references
/// to them, `Option`s of them, `&str` and `&[u8]`. `None` is NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound",
    label = "expected a value of a type that properties have",
    note = "several values for one placeholder, as in `IN (?)`, are bound by `bind_list`"
)]
pub trait BindValue<T> {
    /// The value to bind.
    fn into_bound(self) -> Value<'static>;
}

impl<T: Type> BindValue<T> for T {
    fn into_bound(self) -> Value<'static> {
        self.into_value()
    }
}

impl<T: Type> BindValue<T> for &T {
    fn into_bound(self) -> Value<'static> {
        self.to_value().into_static()
    }
}

impl BindValue<String> for &str {
    fn into_bound(self) -> Value<'static> {
        Value::Text(self.to_owned().into())
    }
}

impl BindValue<Option<String>> for Option<&str> {
    fn into_bound(self) -> Value<'static> {
        self.map_or(Value::Null, BindValue::into_bound)
    }
}

impl BindValue<Vec<u8>> for &[u8] {
    fn into_bound(self) -> Value<'static> {
        Value::Bytes(self.to_owned().into())
    }
}

/// A property that could hold the value, for a value that is of none.
pub(crate) fn property_of(value: &Value<'_>) -> PropertyMeta {
    let kind = match value {
        Value::Unset | Value::Null | Value::Text(_) => Kind::Text,
        Value::Bool(_) => Kind::Boolean,
        Value::Int(_) => Kind::Integer,
        Value::Real(_) => Kind::Number,
        Value::Bytes(_) => Kind::Bytes,
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => {
            let scale = u8::try_from(value.scale()).unwrap_or(28);
            return PropertyMeta { kind: Kind::Decimal, precision: 28, scale, ..PropertyMeta::EMPTY };
        }
        #[cfg(feature = "chrono")]
        Value::Date(_) => Kind::Date,
        #[cfg(feature = "chrono")]
        Value::Time(_) => Kind::Time,
        #[cfg(feature = "chrono")]
        Value::DateTime(_) => Kind::DateTime,
        #[cfg(feature = "uuid")]
        Value::Uuid(_) => Kind::Uuid,
        #[cfg(feature = "json")]
        Value::Json(_) => Kind::Json,
    };
    PropertyMeta { kind, ..PropertyMeta::EMPTY }
}
