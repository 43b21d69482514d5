//! Key values as arguments: `7`, `"C1"`, `(order_id, line_no)`, `&order`.

use std::marker::PhantomData;

use crate::meta::PropertyMeta;
use crate::model::{Keyed, Model};
use crate::value::{Mismatch, Type, Value};

/// The values of a key, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyValues(Inner);

#[derive(Debug, Clone, PartialEq)]
enum Inner {
    One(Value<'static>),
    Many(Vec<Value<'static>>),
}

impl KeyValues {
    /// A key of several values.
    pub(crate) fn many(values: Vec<Value<'static>>) -> Self {
        Self(Inner::Many(values))
    }

    pub(crate) fn as_slice(&self) -> &[Value<'static>] {
        match &self.0 {
            Inner::One(value) => std::slice::from_ref(value),
            Inner::Many(values) => values,
        }
    }

    /// Whether some part is null: such a key is unset and matches nothing.
    pub(crate) fn is_unset(&self) -> bool {
        self.as_slice().contains(&Value::Null)
    }

    /// As `not_found` shows it.
    pub(crate) fn describe(&self) -> String {
        let text = |value: &Value<'_>| match value {
            Value::Int(value) => value.to_string(),
            Value::Text(value) => format!("{value:?}"),
            #[cfg(feature = "uuid")]
            Value::Uuid(value) => value.to_string(),
            #[cfg(feature = "decimal")]
            Value::Decimal(value) => value.to_string(),
            #[cfg(feature = "chrono")]
            Value::Date(value) => value.to_string(),
            #[cfg(feature = "chrono")]
            Value::Time(value) => value.to_string(),
            #[cfg(feature = "chrono")]
            Value::DateTime(value) => value.to_rfc3339(),
            Value::Bool(value) => value.to_string(),
            _ => "?".to_owned(),
        };
        match &self.0 {
            Inner::One(value) => text(value),
            Inner::Many(values) => format!("({})", values.iter().map(text).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// The values of the key in a row; for emitted `IntoKey` implementations.
pub fn of_row<R: Keyed>(row: &R::Source) -> KeyValues {
    KeyValues::many(R::properties().iter().map(|&property| row.value(property).into_static()).collect())
}

/// The id of a model, as what a row is asked for by: `impl IntoKey<i64, Id<Order>>` takes `7` and `&order`.
#[derive(Debug)]
pub struct Id<M>(PhantomData<fn() -> M>);

impl<M: Model> Keyed for Id<M> {
    type Source = M;
    type Key = M::Id;

    fn properties() -> &'static [usize] {
        M::META.key
    }
}

/// What is taken as a key of type `K`: a value, a reference to one, a tuple, or (for a relation `R`) a row
/// of its source.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of type `{K}`",
    label = "expected a `{K}`, or a row that has it",
    note = "an optional key is unwrapped first: an unset key leads nowhere"
)]
pub trait IntoKey<K, R> {
    /// The key's values.
    fn into_key(self) -> KeyValues;
}

/// What is taken where a value of type `T` is compared or bound.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a column of type `{T}`",
    label = "expected `{T}` or `&{T}`",
    note = "an `Option` is never compared: use `is_null()`, or unwrap it first"
)]
pub trait Operand<T> {
    /// The value to bind.
    fn into_operand(self) -> Value<'static>;
}

impl<T: Type> Operand<T> for T {
    fn into_operand(self) -> Value<'static> {
        self.into_value()
    }
}

impl<T: Type> Operand<T> for &T {
    fn into_operand(self) -> Value<'static> {
        self.to_value().into_static()
    }
}

impl Operand<String> for &str {
    fn into_operand(self) -> Value<'static> {
        Value::Text(self.to_owned().into())
    }
}

/// Marks the scalar types that a key can have; emitted enums have it too.
pub trait KeyType: Type {}

impl<R, K: KeyType> IntoKey<K, R> for K {
    fn into_key(self) -> KeyValues {
        KeyValues(Inner::One(self.into_value()))
    }
}

/// A key as a program is given it, and gives it back: a value, or a tuple of several in their order.
pub trait FromKey: Sized + Send + 'static {
    /// From the values of the key's properties.
    ///
    /// # Errors
    /// When a value is not of the property's type; which one is its column.
    fn from_values(values: &[Value<'static>], properties: &[&'static PropertyMeta]) -> Result<Self, Mismatch>;

    /// The key's values.
    fn into_values(self) -> KeyValues;
}

impl<K: KeyType + Send + 'static> FromKey for K {
    fn from_values(values: &[Value<'static>], properties: &[&'static PropertyMeta]) -> Result<Self, Mismatch> {
        K::from_value(values[0].clone(), properties[0])
    }

    fn into_values(self) -> KeyValues {
        KeyValues(Inner::One(self.into_value()))
    }
}

macro_rules! key_types {
    ($($type:ty),*) => {$(
        impl KeyType for $type {}

        impl<R> IntoKey<$type, R> for &$type {
            fn into_key(self) -> KeyValues {
                KeyValues(Inner::One(self.to_value().into_static()))
            }
        }
    )*};
}

key_types!(i64, i32, bool, String);
#[cfg(feature = "uuid")]
key_types!(uuid::Uuid);
#[cfg(feature = "decimal")]
key_types!(rust_decimal::Decimal);
#[cfg(feature = "chrono")]
key_types!(chrono::NaiveDate, chrono::NaiveTime, chrono::DateTime<chrono::Utc>);

impl<R> IntoKey<String, R> for &str {
    fn into_key(self) -> KeyValues {
        KeyValues(Inner::One(Value::Text(self.to_owned().into())))
    }
}

/// One part of a key of several, with its position.
fn part<T: Type>(part: Option<(usize, (&Value<'static>, &&'static PropertyMeta))>) -> Result<T, Mismatch> {
    let Some((at, (value, property))) = part else {
        return Err(Mismatch::new("a key of several properties", "fewer of them"));
    };
    T::from_value(value.clone(), property).map_err(|mismatch| mismatch.at(at))
}

macro_rules! key_tuples {
    ($(($($operand:ident $key:ident),+))*) => {$(
        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<R, $($operand, $key),+> IntoKey<($($key,)+), R> for ($($operand,)+)
        where
            $($operand: Operand<$key>),+
        {
            fn into_key(self) -> KeyValues {
                let ($($operand,)+) = self;
                KeyValues::many(vec![$($operand.into_operand()),+])
            }
        }

        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<$($key: Type + Send + 'static),+> FromKey for ($($key,)+) {
            fn from_values(values: &[Value<'static>], properties: &[&'static PropertyMeta]) -> Result<Self, Mismatch> {
                let mut parts = values.iter().zip(properties).enumerate();
                Ok(($(part::<$key>(parts.next())?,)+))
            }

            fn into_values(self) -> KeyValues {
                let ($($key,)+) = self;
                KeyValues::many(vec![$($key.into_value()),+])
            }
        }
    )*};
}

key_tuples! {
    (A KA, B KB)
    (A KA, B KB, C KC)
    (A KA, B KB, C KC, D KD)
    (A KA, B KB, C KC, D KD, E KE)
    (A KA, B KB, C KC, D KD, E KE, F KF)
    (A KA, B KB, C KC, D KD, E KE, F KF, G KG)
    (A KA, B KB, C KC, D KD, E KE, F KF, G KG, H KH)
}
