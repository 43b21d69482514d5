//! Keys of rows that are decoded already: as values, each once, the same whichever database they came from.
//!
//! For relations whose rows are found apart from those that lead to them: in another database, by the program
//! itself. Runs nothing.

use std::collections::HashMap;

use super::keys::number;
use super::loaded::NONE;
use crate::driver::{Capabilities, Dialect, Key};
use crate::key::KeyValues;
use crate::meta::PropertyMeta;
use crate::row::Rows;
use crate::value::Value;
use crate::value::fit::fits_key;
use crate::value::stored::{Stored, encode};

/// Distinct keys, numbered from 0 as they come.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    values: Vec<KeyValues>,
    numbers: HashMap<Key, u32>,
}

impl Keys {
    /// Those of all rows by these properties, and for each row the number of its key, or [`NONE`].
    pub(crate) fn of_rows(rows: &dyn Rows, properties: &[usize]) -> (Self, Vec<u32>) {
        let mut keys = Self::default();
        let of_row = (0..rows.len()).map(|row| keys.add(of_row(rows, row, properties))).collect();
        (keys, of_row)
    }

    /// The number of a key; [`NONE`] of one that is unset.
    pub(crate) fn add(&mut self, key: KeyValues) -> u32 {
        let Some(logical) = logical(key.as_slice()) else { return NONE };
        let next = number(self.values.len());
        *self.numbers.entry(logical).or_insert_with(|| {
            self.values.push(key);
            next
        })
    }

    /// The number of a key that is there.
    pub(crate) fn find(&self, key: &KeyValues) -> Option<u32> {
        self.numbers.get(&logical(key.as_slice())?).copied()
    }

    pub(crate) fn values(&self) -> &[KeyValues] {
        &self.values
    }

    pub(crate) fn into_values(self) -> Vec<KeyValues> {
        self.values
    }
}

/// The key of a row.
pub(crate) fn of_row(rows: &dyn Rows, row: usize, properties: &[usize]) -> KeyValues {
    KeyValues::many(properties.iter().map(|&property| rows.value(row, property).into_static()).collect())
}

/// A key to compare and to hash, alike for equal values; none where a part is null.
pub(crate) fn logical(values: &[Value<'_>]) -> Option<Key> {
    match values {
        [value] => part(value),
        values => values.iter().map(part).collect::<Option<Box<[_]>>>().map(Key::Composite),
    }
}

fn part(value: &Value<'_>) -> Option<Key> {
    Some(match value {
        Value::Bool(value) => Key::Int(i64::from(*value)),
        Value::Int(value) => Key::Int(*value),
        Value::Text(text) => Key::Text(text.as_ref().into()),
        Value::Bytes(bytes) => Key::Bytes(bytes.as_ref().into()),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => Key::Bytes(value.as_bytes().as_slice().into()),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => {
            let value = value.normalize();
            Key::Exact(value.mantissa(), value.scale())
        }
        #[cfg(feature = "chrono")]
        Value::Date(value) => Key::Day(value.to_epoch_days()),
        #[cfg(feature = "chrono")]
        Value::Time(value) => Key::Clock(crate::value::time::micros_of_day(*value)),
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => {
            let day = i64::from(value.date_naive().to_epoch_days()) * 86_400_000_000;
            Key::Instant(day + crate::value::time::micros_of_day(value.time()))
        }
        // What a key cannot have, or has not.
        _ => return None,
    })
}

/// The key as such a database stores it; none where it cannot, so that no row there has it.
pub(crate) fn stored(key: &KeyValues, properties: &[&'static PropertyMeta], at: &Capabilities) -> Option<Key> {
    let fits = |(value, property): (&Value<'_>, &&'static PropertyMeta)| fits_key(value, property);
    if !key.as_slice().iter().zip(properties).all(fits) {
        return None;
    }
    match at.dialect {
        // The others have types for dates, times and decimals.
        Dialect::Postgres | Dialect::Mysql => logical(key.as_slice()),
        Dialect::Sqlite => match (key.as_slice(), properties) {
            ([value], [property]) => plain(value, property),
            (values, properties) => {
                let parts = values.iter().zip(properties).map(|(value, property)| plain(value, property));
                parts.collect::<Option<Box<[_]>>>().map(Key::Composite)
            }
        },
    }
}

fn plain(value: &Value<'_>, property: &PropertyMeta) -> Option<Key> {
    Some(match encode(value, property).ok()? {
        Stored::Int(value) => Key::Int(value),
        Stored::Text(text) => Key::Text(text.into()),
        Stored::Bytes(bytes) => Key::Bytes(bytes.into()),
        #[cfg(any(feature = "chrono", feature = "decimal"))]
        Stored::Short(text) => Key::Text(text.as_str().into()),
        _ => return None,
    })
}

#[cfg(all(test, feature = "chrono", feature = "decimal"))]
mod tests {
    use super::*;

    fn key(value: Value<'static>) -> KeyValues {
        KeyValues::many(vec![value])
    }

    #[test]
    fn equal_values_are_one_key() {
        let decimal = |text: &str| key(Value::Decimal(text.parse().unwrap()));
        let time = |nanos| key(Value::Time(chrono::NaiveTime::from_hms_nano_opt(1, 2, 3, nanos).unwrap()));
        let mut keys = Keys::default();
        assert_eq!(keys.add(decimal("1.50")), 0);
        assert_eq!(keys.add(decimal("1.5")), 0);
        assert_eq!(keys.add(decimal("0.0")), 1);
        assert_eq!(keys.add(decimal("-0")), 1);
        assert_eq!(keys.add(time(5_000)), 2);
        assert_eq!(keys.add(time(5_999)), 2);
        assert_eq!(keys.add(key(Value::Null)), NONE);
        assert_eq!(keys.add(KeyValues::many(vec![Value::Int(1), Value::Null])), NONE);
        assert_eq!(keys.find(&decimal("1.500")), Some(0));
        assert_eq!(keys.find(&decimal("1.501")), None);
        assert_eq!(keys.values().len(), 3);
    }
}
