//! What a cursor holds, as bytes: a version, the direction, and the values of a row.

use crate::driver::{Bind, Key};
use crate::value::Value;

/// What the bytes are like; raised when they change.
const VERSION: u8 = 1;

/// Where a page begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// Of the row at the place, by each term of the order.
    pub(super) values: Vec<Value<'static>>,
    /// The rows before it are meant, and not those after.
    pub(super) backward: bool,
    /// The row at the place too.
    pub(super) with_it: bool,
}

impl Place {
    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, u8::from(self.backward) | u8::from(self.with_it) << 1];
        for value in &self.values {
            write(value, &mut bytes);
        }
        bytes
    }

    /// What was written; `None` of anything else.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [VERSION, flags @ 0..=3, rest @ ..] = bytes else { return None };
        let (mut rest, mut values) = (rest, Vec::new());
        while !rest.is_empty() {
            values.push(read(&mut rest)?);
        }
        Some(Self { values, backward: flags & 1 != 0, with_it: flags & 2 != 0 })
    }
}

/// Appends a value so that no other, and no other list of values, looks the same.
pub(super) fn write(value: &Value<'_>, bytes: &mut Vec<u8>) {
    match value {
        Value::Null | Value::Unset => bytes.push(0),
        Value::Bool(value) => bytes.extend([1, u8::from(*value)]),
        Value::Int(value) => number(2, value.to_be_bytes(), bytes),
        Value::Real(value) => number(3, value.to_bits().to_be_bytes(), bytes),
        Value::Text(text) => text_of(4, text.as_bytes(), bytes),
        Value::Bytes(value) => text_of(5, value, bytes),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => text_of(6, value.to_string().as_bytes(), bytes),
        #[cfg(feature = "chrono")]
        Value::Date(value) => number(7, i64::from(value.to_epoch_days()).to_be_bytes(), bytes),
        #[cfg(feature = "chrono")]
        Value::Time(value) => number(8, crate::value::time::micros_of_day(*value).to_be_bytes(), bytes),
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => number(9, value.timestamp_micros().to_be_bytes(), bytes),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => text_of(10, value.as_bytes(), bytes),
        // Of conditions alone: nothing is ordered by it.
        #[cfg(feature = "json")]
        Value::Json(value) => text_of(11, value.to_string().as_bytes(), bytes),
    }
}

fn number(tag: u8, number: [u8; 8], bytes: &mut Vec<u8>) {
    bytes.push(tag);
    bytes.extend(number);
}

pub(super) fn text_of(tag: u8, text: &[u8], bytes: &mut Vec<u8>) {
    number(tag, (text.len() as u64).to_be_bytes(), bytes);
    bytes.extend(text);
}

/// Takes a value off the front.
fn read(bytes: &mut &[u8]) -> Option<Value<'static>> {
    let tag = take(bytes, 1)?[0];
    Some(match tag {
        0 => Value::Null,
        1 => Value::Bool(match take(bytes, 1)? {
            [0] => false,
            [1] => true,
            _ => return None,
        }),
        2 => Value::Int(integer(bytes)?),
        3 => Value::Real(f64::from_bits(integer(bytes)?.cast_unsigned())),
        4 => Value::Text(text(bytes)?.into()),
        5 => {
            let size = usize::try_from(integer(bytes)?).ok()?;
            Value::Bytes(take(bytes, size)?.to_vec().into())
        }
        #[cfg(feature = "decimal")]
        6 => Value::Decimal(text(bytes)?.parse().ok()?),
        #[cfg(feature = "chrono")]
        7 => Value::Date(crate::value::time::of_days(i32::try_from(integer(bytes)?).ok()?)?),
        #[cfg(feature = "chrono")]
        8 => Value::Time(crate::value::time::of_midnight(integer(bytes)?)?),
        #[cfg(feature = "chrono")]
        9 => Value::DateTime(crate::value::time::of_epoch(integer(bytes)?)?),
        #[cfg(feature = "uuid")]
        10 => {
            let size = usize::try_from(integer(bytes)?).ok()?;
            Value::Uuid(uuid::Uuid::from_slice(take(bytes, size)?).ok()?)
        }
        _ => return None,
    })
}

fn take<'b>(bytes: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

fn integer(bytes: &mut &[u8]) -> Option<i64> {
    take(bytes, 8)?.try_into().ok().map(i64::from_be_bytes)
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let size = usize::try_from(integer(bytes)?).ok()?;
    String::from_utf8(take(bytes, size)?.to_vec()).ok()
}

/// Appends what a statement is bound with.
pub(super) fn write_bind(bind: &Bind<'_>, bytes: &mut Vec<u8>) {
    match bind {
        Bind::Value(value, _) | Bind::Free(value, _) => write(value, bytes),
        Bind::List(values, _) => {
            number(20, (values.len() as u64).to_be_bytes(), bytes);
            values.iter().for_each(|value| write(value, bytes));
        }
        Bind::Text(text) => text_of(21, text.as_bytes(), bytes),
        Bind::Keys(keys) | Bind::KeyPart(keys, _) => {
            number(22, (keys.len() as u64).to_be_bytes(), bytes);
            keys.iter().for_each(|key| write_key(key, bytes));
        }
        Bind::KeyValue(None) => bytes.push(0),
        Bind::KeyValue(Some(key)) => write_key(key, bytes),
    }
}

fn write_key(key: &Key, bytes: &mut Vec<u8>) {
    match key {
        Key::Int(value) => number(30, value.to_be_bytes(), bytes),
        Key::Text(text) => text_of(31, text.as_bytes(), bytes),
        Key::Bytes(value) => text_of(32, value, bytes),
        Key::Day(day) => number(33, i64::from(*day).to_be_bytes(), bytes),
        Key::Clock(micros) => number(34, micros.to_be_bytes(), bytes),
        Key::Instant(micros) => number(35, micros.to_be_bytes(), bytes),
        Key::Exact(units, scale) => {
            number(36, u64::from(*scale).to_be_bytes(), bytes);
            bytes.extend(units.to_be_bytes());
        }
        Key::Composite(parts) => {
            number(37, (parts.len() as u64).to_be_bytes(), bytes);
            parts.iter().for_each(|part| write_key(part, bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Vec<Place> {
        let mut values = vec![
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::Real(-0.5),
            Value::Text("Ünï\u{0}".into()),
            Value::Bytes(vec![0, 255].into()),
        ];
        #[cfg(feature = "decimal")]
        values.push(Value::Decimal("-12.500".parse().unwrap()));
        #[cfg(feature = "uuid")]
        values.push(Value::Uuid(uuid::Uuid::from_u128(7)));
        #[cfg(feature = "chrono")]
        values.extend([
            Value::Date("2024-02-29".parse().unwrap()),
            Value::Time("23:59:59.999999".parse().unwrap()),
            Value::DateTime("0001-01-01T00:00:00.000001Z".parse().unwrap()),
        ]);
        let place = |values, flags: u8| Place { values, backward: flags & 1 != 0, with_it: flags & 2 != 0 };
        vec![place(Vec::new(), 0), place(values.clone(), 1), place(values, 2)]
    }

    #[test]
    fn what_is_written_is_read() {
        for place in places() {
            assert_eq!(Place::read(&place.write()), Some(place));
        }
    }

    #[test]
    fn what_is_cut_or_changed_is_read_as_something_else_or_not_at_all() {
        for place in places() {
            let bytes = place.write();
            for end in 0..bytes.len() {
                assert_ne!(Place::read(&bytes[..end]).as_ref(), Some(&place));
            }
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    let mut changed = bytes.clone();
                    changed[at] ^= 1 << bit;
                    assert_ne!(Place::read(&changed).as_ref(), Some(&place));
                }
            }
        }
    }

    #[test]
    fn another_version_is_not_read() {
        let mut bytes = places()[0].write();
        bytes[0] += 1;
        assert_eq!(Place::read(&bytes), None);
    }
}
