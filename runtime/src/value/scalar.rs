//! The types that are stored as what they are: integers, numbers, booleans, text, bytes, UUIDs; and
//! `Option`, which adds NULL to any type.

use std::borrow::Cow;

use super::{Mismatch, Raw, Type, Value};
use crate::meta::PropertyMeta;

/// [`Type`] for a `Copy` type that is a variant of [`Value`], given how it is read.
macro_rules! copied {
    ($type:ty, $variant:ident, $from_raw:expr) => {
        impl $crate::value::Type for $type {
            #[inline]
            fn to_value(&self) -> $crate::value::Value<'_> {
                $crate::value::Value::$variant(*self)
            }

            #[inline]
            fn into_value(self) -> $crate::value::Value<'static> {
                $crate::value::Value::$variant(self)
            }

            fn from_value(
                value: $crate::value::Value<'_>,
                property: &$crate::meta::PropertyMeta,
            ) -> Result<Self, $crate::value::Mismatch> {
                match value {
                    $crate::value::Value::$variant(value) => Ok(value),
                    other => Err($crate::value::Mismatch::given(&other, property)),
                }
            }

            #[inline]
            fn from_raw(
                raw: $crate::value::Raw<'_>,
                property: &$crate::meta::PropertyMeta,
            ) -> Result<Self, $crate::value::Mismatch> {
                $from_raw(raw, property)
            }
        }
    };
}
#[cfg(any(feature = "chrono", feature = "decimal"))]
pub(super) use copied;

copied!(i64, Int, |raw, property| match raw {
    Raw::Int(value) => Ok(value),
    _ => Err(Mismatch::stored(raw, property)),
});

copied!(f64, Real, |raw, property| match raw {
    Raw::Real(value) => Ok(value),
    #[expect(clippy::cast_precision_loss, reason = "the column is REAL: an integer in it was a number before")]
    Raw::Int(value) => Ok(value as f64),
    _ => Err(Mismatch::stored(raw, property)),
});

copied!(bool, Bool, |raw, property| match raw {
    Raw::Int(0) => Ok(false),
    Raw::Int(1) => Ok(true),
    Raw::Int(_) => Err(Mismatch::unfit(property, "an integer other than 0 and 1")),
    _ => Err(Mismatch::stored(raw, property)),
});

#[cfg(feature = "uuid")]
copied!(uuid::Uuid, Uuid, |raw, property| match raw {
    Raw::Bytes(bytes) => {
        uuid::Uuid::from_slice(bytes).map_err(|_| Mismatch::unfit(property, "bytes that are not 16"))
    }
    _ => Err(Mismatch::stored(raw, property)),
});

impl Type for i32 {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }

    #[inline]
    fn into_value(self) -> Value<'static> {
        Value::Int(i64::from(self))
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match value {
            Value::Int(value) => narrow(value, property),
            other => Err(Mismatch::given(&other, property)),
        }
    }

    #[inline]
    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match raw {
            Raw::Int(value) => narrow(value, property),
            _ => Err(Mismatch::stored(raw, property)),
        }
    }
}

#[inline]
fn narrow(value: i64, property: &PropertyMeta) -> Result<i32, Mismatch> {
    i32::try_from(value).map_err(|_| Mismatch::unfit(property, "an integer of more than 32 bits"))
}

impl Type for String {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }

    #[inline]
    fn into_value(self) -> Value<'static> {
        Value::Text(Cow::Owned(self))
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match value {
            Value::Text(value) => Ok(value.into_owned()),
            other => Err(Mismatch::given(&other, property)),
        }
    }

    #[inline]
    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        text(raw, property).map(str::to_owned)
    }
}

/// Stored text, checked to be UTF-8.
#[inline]
pub(super) fn text<'r>(raw: Raw<'r>, property: &PropertyMeta) -> Result<&'r str, Mismatch> {
    match raw {
        Raw::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| Mismatch::unfit(property, "text that is not UTF-8")),
        _ => Err(Mismatch::stored(raw, property)),
    }
}

impl Type for Vec<u8> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }

    #[inline]
    fn into_value(self) -> Value<'static> {
        Value::Bytes(Cow::Owned(self))
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match value {
            Value::Bytes(value) => Ok(value.into_owned()),
            other => Err(Mismatch::given(&other, property)),
        }
    }

    #[inline]
    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match raw {
            Raw::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => Err(Mismatch::stored(raw, property)),
        }
    }
}

impl<T: Type> Type for Option<T> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    #[inline]
    fn into_value(self) -> Value<'static> {
        self.map_or(Value::Null, T::into_value)
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value, property).map(Some),
        }
    }

    #[inline]
    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        match raw {
            Raw::Null => Ok(None),
            raw => T::from_raw(raw, property).map(Some),
        }
    }
}

/// A value that holds values of its own kind is behind a pointer.
impl<T: Type> Type for Box<T> {
    fn to_value(&self) -> Value<'_> {
        T::to_value(self)
    }

    fn into_value(self) -> Value<'static> {
        T::into_value(*self)
    }

    fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        T::from_value(value, property).map(Self::new)
    }

    fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
        T::from_raw(raw, property).map(Self::new)
    }
}
