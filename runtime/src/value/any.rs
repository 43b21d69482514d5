//! What is stored of a property whose type is known only by its description.

use super::{Mismatch, Raw, Type, Value};
use crate::meta::{Kind, PropertyMeta};

/// The value that is stored, or NULL.
///
/// # Errors
/// When it is none of the property's type, or the type's feature is off.
pub(crate) fn decode(raw: Raw<'_>, property: &PropertyMeta) -> Result<Value<'static>, Mismatch> {
    if matches!(raw, Raw::Null) {
        return Ok(Value::Null);
    }
    match property.kind {
        _ if property.list => Err(Mismatch::stored(raw, property)),
        Kind::String | Kind::Text | Kind::Enum(_) => of::<String>(raw, property),
        Kind::Integer | Kind::Int32 => of::<i64>(raw, property),
        Kind::Number => of::<f64>(raw, property),
        Kind::Boolean => of::<bool>(raw, property),
        Kind::Bytes => of::<Vec<u8>>(raw, property),
        #[cfg(feature = "decimal")]
        Kind::Decimal => of::<rust_decimal::Decimal>(raw, property),
        #[cfg(feature = "chrono")]
        Kind::Date => of::<chrono::NaiveDate>(raw, property),
        #[cfg(feature = "chrono")]
        Kind::Time => of::<chrono::NaiveTime>(raw, property),
        #[cfg(feature = "chrono")]
        Kind::DateTime => of::<chrono::DateTime<chrono::Utc>>(raw, property),
        #[cfg(feature = "uuid")]
        Kind::Uuid => of::<uuid::Uuid>(raw, property),
        _ => Err(Mismatch::stored(raw, property)),
    }
}

fn of<T: Type>(raw: Raw<'_>, property: &PropertyMeta) -> Result<Value<'static>, Mismatch> {
    T::from_raw(raw, property).map(Type::into_value)
}
