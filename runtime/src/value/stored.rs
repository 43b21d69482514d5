//! Values in the form in which a database keeps them: integers, numbers, text and bytes.
//!
//! Nothing is allocated but for JSON. Binding to a statement is the driver's work.

use super::{Mismatch, Value};
use crate::meta::PropertyMeta;

/// A value as it is stored.
#[derive(Debug)]
pub(crate) enum Stored<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// Text made for the occasion.
    #[cfg(any(feature = "chrono", feature = "decimal"))]
    Short(Short),
    /// JSON.
    #[cfg(feature = "json")]
    Long(String),
}

/// Text of at most 32 bytes of ASCII.
#[derive(Debug, Clone, Copy, Default)]
#[cfg(any(feature = "chrono", feature = "decimal"))]
pub(crate) struct Short {
    bytes: [u8; 32],
    len: usize,
}

#[cfg(any(feature = "chrono", feature = "decimal"))]
impl Short {
    /// Adds one ASCII character.
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        debug_assert!(byte.is_ascii());
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    /// Adds a number as `N` digits.
    #[cfg(feature = "chrono")]
    #[inline]
    pub(crate) fn digits<const N: usize>(&mut self, mut number: u32) {
        let end = self.len + N;
        for place in self.bytes[self.len..end].iter_mut().rev() {
            *place = b'0' + (number % 10).to_le_bytes()[0];
            number /= 10;
        }
        self.len = end;
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("only ASCII was added")
    }
}

/// The stored form of a value of such a property.
///
/// # Errors
/// When no value of the property can be stored so: not given, a year or digits out of range.
#[inline]
pub(crate) fn encode<'a>(value: &'a Value<'_>, property: &PropertyMeta) -> Result<Stored<'a>, Mismatch> {
    Ok(match value {
        Value::Null => Stored::Null,
        Value::Int(value) => Stored::Int(*value),
        Value::Text(value) => Stored::Text(value),
        Value::Bool(value) => Stored::Int(i64::from(*value)),
        Value::Real(value) => Stored::Real(*value),
        Value::Bytes(value) => Stored::Bytes(value),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => Stored::Bytes(value.as_bytes()),
        Value::Unset => return Err(Mismatch::given(value, property)),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => super::decimal::store(*value, property)
            .ok_or_else(|| Mismatch::unfit(property, "more digits than its precision and scale"))?,
        #[cfg(feature = "chrono")]
        Value::Date(value) => Stored::Short(in_years(super::time::write_date(*value), property)?),
        #[cfg(feature = "chrono")]
        Value::Time(value) => Stored::Short(super::time::write_time(*value)),
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => Stored::Short(in_years(super::time::write_datetime(*value), property)?),
        #[cfg(feature = "json")]
        Value::Json(value) => Stored::Long(value.to_string()),
    })
}

#[cfg(feature = "chrono")]
fn in_years(text: Option<Short>, property: &PropertyMeta) -> Result<Short, Mismatch> {
    text.ok_or_else(|| Mismatch::unfit(property, "a year outside 0001–9999"))
}
