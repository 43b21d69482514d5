//! What a filter is before it is known what its names mean: JSON in the order in which it is written, no name twice.

use std::collections::HashSet;
use std::fmt;

use serde::de::value::{Error as TreeError, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// JSON, or text of a URL that is yet to be read by the type of what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Int(i64),
    /// Above what a signed integer holds.
    Large(u64),
    Real(f64),
    Text(String),
    /// From a URL.
    Raw(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// What it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Int(_) | Self::Large(_) | Self::Real(_) => "a number",
            Self::Text(_) | Self::Raw(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self) -> Option<u64> {
        match self {
            Self::Int(number) => u64::try_from(*number).ok(),
            Self::Large(number) => Some(*number),
            Self::Raw(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether it has a member of that name.
    #[cfg(feature = "pages")]
    pub(crate) fn has(&self, wanted: &str) -> bool {
        matches!(self, Self::Object(members) if members.iter().any(|(name, _)| name == wanted))
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Raw(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Raw(text) => Some(text),
            _ => None,
        }
    }
}

/// What a filter may say.
pub(super) const KEYS: [&str; 7] = ["where", "order", "limit", "skip", "offset", "fields", "include"];

/// Whether it has the shape of a filter.
///
/// # Errors
/// What it is instead.
pub(super) fn check(tree: &Tree) -> Result<(), String> {
    match tree {
        Tree::Object(_) => Ok(()),
        other => Err(format!("a filter is an object with {}, not {}", listed(KEYS), other.kind())),
    }
}

/// Names that may stand somewhere, as they are told.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut text = String::new();
    for name in names {
        let comma = if text.is_empty() { "`" } else { ", `" };
        text.push_str(comma);
        text.push_str(name);
        text.push('`');
    }
    if text.is_empty() { "nothing".to_owned() } else { text }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a filter")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Tree, E> {
        Ok(i64::try_from(value).map_or(Tree::Large(value), Tree::Int))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Real(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let (mut object, mut known) = (Vec::new(), HashSet::new());
        while let Some(name) = entries.next_key::<String>()? {
            if !known.insert(name.clone()) {
                return Err(de::Error::custom("a name stands twice in one object"));
            }
            object.push((name, entries.next_value()?));
        }
        Ok(Tree::Object(object))
    }
}

impl<'de> IntoDeserializer<'de, TreeError> for &'de Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// To be read as a value of a property.
impl<'de> Deserializer<'de> for &'de Tree {
    type Error = TreeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Int(value) => visitor.visit_i64(*value),
            Tree::Large(value) => visitor.visit_u64(*value),
            Tree::Real(value) => visitor.visit_f64(*value),
            Tree::Text(value) | Tree::Raw(value) => visitor.visit_str(value),
            Tree::List(list) => visitor.visit_seq(SeqDeserializer::new(list.iter())),
            Tree::Object(object) => {
                let entries = object.iter().map(|(name, value)| (name.as_str(), value));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
