//! Keys of parents, each once, and the parents that have them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::loaded::NONE;
use crate::driver::Key;
use crate::row::Cells;
use crate::value::Raw;

/// Collects the keys of parents as they arrive: distinct keys are numbered from 0, a group each.
#[derive(Debug, Default)]
pub(crate) struct KeyIndex {
    keys: Vec<Key>,
    /// Integers have a map of their own: they are nearly all keys, and hash in one multiplication.
    integers: HashMap<i64, u32, BuildHasherDefault<IntegerHasher>>,
    others: HashMap<Key, u32>,
    pub(crate) of_parent: Vec<u32>,
}

impl KeyIndex {
    /// Notes the key of the next parent.
    pub(crate) fn push(&mut self, cells: &Cells<'_>, columns: &[usize]) {
        let group = self.group(cells, columns);
        self.of_parent.push(group);
    }

    /// Adds a key, and says whether it is a new one. One that is unset is none.
    pub(crate) fn insert(&mut self, cells: &Cells<'_>, columns: &[usize]) -> bool {
        let before = self.keys.len();
        self.group(cells, columns);
        self.keys.len() > before
    }

    fn group(&mut self, cells: &Cells<'_>, columns: &[usize]) -> u32 {
        match columns {
            [column] => match cells.raw(*column) {
                Raw::Int(value) => self.group_of_integer(value),
                raw => self.group_of(key_of(raw)),
            },
            _ => self.group_of(composite(cells, columns)),
        }
    }

    /// Notes a key by itself, as the database stores it.
    pub(crate) fn add(&mut self, key: Key) {
        match key {
            Key::Int(value) => self.group_of_integer(value),
            key => self.group_of(Some(key)),
        };
    }

    /// Notes that the next parent has no key here.
    pub(crate) fn skip(&mut self) {
        self.of_parent.push(NONE);
    }

    fn group_of_integer(&mut self, value: i64) -> u32 {
        let next = number(self.keys.len());
        let keys = &mut self.keys;
        *self.integers.entry(value).or_insert_with(|| {
            keys.push(Key::Int(value));
            next
        })
    }

    fn group_of(&mut self, key: Option<Key>) -> u32 {
        let Some(key) = key else { return NONE };
        let next = number(self.keys.len());
        let keys = &mut self.keys;
        *self.others.entry(key).or_insert_with_key(|key| {
            keys.push(key.clone());
            next
        })
    }

    /// The group whose key a child's columns hold.
    pub(crate) fn find(&self, cells: &Cells<'_>, columns: &[usize]) -> Option<u32> {
        match columns {
            [column] => match cells.raw(*column) {
                Raw::Int(value) => self.integers.get(&value).copied(),
                raw => self.others.get(&key_of(raw)?).copied(),
            },
            _ => self.others.get(&composite(cells, columns)?).copied(),
        }
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

/// A stored value as a key; NULL is none, and a number with a fraction cannot be one.
fn key_of(raw: Raw<'_>) -> Option<Key> {
    match raw {
        Raw::Null | Raw::Real(_) | Raw::Other => None,
        Raw::Int(value) => Some(Key::Int(value)),
        Raw::Text(text) => Some(Key::Text(String::from_utf8_lossy(text).into())),
        Raw::Bytes(bytes) => Some(Key::Bytes(bytes.into())),
        Raw::Day(days) => Some(Key::Day(days)),
        Raw::Clock(micros) => Some(Key::Clock(micros)),
        Raw::Instant(micros) => Some(Key::Instant(micros)),
        Raw::Exact { units, scale } => Some(exact(units, scale)),
    }
}

/// Equal numbers are equal keys, however many zeros end them.
fn exact(mut units: i128, mut scale: u32) -> Key {
    while scale > 0 && units % 10 == 0 {
        units /= 10;
        scale -= 1;
    }
    Key::Exact(units, scale)
}

fn composite(cells: &Cells<'_>, columns: &[usize]) -> Option<Key> {
    columns.iter().map(|&column| key_of(cells.raw(column))).collect::<Option<Box<[_]>>>().map(Key::Composite)
}

/// The number of a row or group.
pub(super) fn number(n: usize) -> u32 {
    u32::try_from(n).expect("fewer rows than 2^32 fit in memory")
}

/// Multiplies by an odd constant close to 2^64 / φ (Knuth, TAOCP 6.4) and folds: enough for keys that the
/// database made, much cheaper than `SipHash`.
#[derive(Debug, Default)]
pub(crate) struct IntegerHasher(u64);

impl Hasher for IntegerHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 ^ u64::from(byte));
        }
    }

    fn write_i64(&mut self, value: i64) {
        self.write_u64(value.cast_unsigned());
    }

    fn write_u64(&mut self, value: u64) {
        let product = u128::from(value) * 0x9E37_79B9_7F4A_7C15;
        #[allow(clippy::cast_possible_truncation, reason = "the two halves are folded")]
        let folded = (product as u64) ^ ((product >> 64) as u64);
        self.0 = folded;
    }
}
