//! Lists, objects and embedded values, read into JSON trees or into the values of their properties.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Tree;

use super::{Given, element, from_value};
use crate::default;
use crate::meta::{EmbeddedMeta, PropertyMeta};
use crate::value::Value;

/// A list property's elements, each checked, or any JSON array.
pub(super) fn list<'de, A: SeqAccess<'de>>(property: &PropertyMeta, mut sequence: A) -> Result<Tree, A::Error> {
    let mut elements = Vec::new();
    if property.list {
        let element = element(property);
        while let Some(value) = sequence.next_element_seed(Given(&element))? {
            elements.push(from_value(value));
        }
    } else {
        while let Some(value) = sequence.next_element()? {
            elements.push(value);
        }
    }
    Ok(Tree::Array(elements))
}

/// Any JSON object.
pub(super) fn any<'de, A: MapAccess<'de>>(mut object: A) -> Result<Tree, A::Error> {
    let mut members = serde_json::Map::new();
    while let Some((name, value)) = object.next_entry()? {
        members.insert(name, value);
    }
    Ok(Tree::Object(members))
}

/// An embedded value, each property checked.
pub(super) fn embedded<'de, A: MapAccess<'de>>(meta: &'static EmbeddedMeta, object: A) -> Result<Tree, A::Error> {
    let values = Fields::given(meta.properties).visit_map(object)?;
    let names = meta.properties.iter().map(|property| property.name.to_owned());
    Ok(Tree::Object(names.zip(values.into_iter().map(from_value)).collect()))
}

/// Reads an object into one value for each property, absent ones by their defaults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    properties: &'static [PropertyMeta],
    unknown: Unknown,
}

#[derive(Debug, Clone, Copy)]
enum Unknown {
    Refuse,
    PassOver,
}

impl Fields {
    /// As callers write it: unknown properties are refused.
    pub(crate) fn given(properties: &'static [PropertyMeta]) -> Self {
        Self { properties, unknown: Unknown::Refuse }
    }

    /// As stored, perhaps under an older schema: unknown properties are passed over.
    pub(crate) fn stored(properties: &'static [PropertyMeta]) -> Self {
        Self { properties, unknown: Unknown::PassOver }
    }
}

impl Fields {
    /// An unknown name; it comes from outside and is not repeated.
    fn refused<E: Error>(self) -> E {
        let known: Vec<_> = self.properties.iter().map(|property| property.name).collect();
        E::custom(format_args!("an unknown property; what is known is `{}`", known.join("`, `")))
    }
}

impl<'de> DeserializeSeed<'de> for Fields {
    type Value = Vec<Value<'static>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<Value<'static>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![Value::Unset; self.properties.len()];
        while let Some(name) = object.next_key::<String>()? {
            let Some(n) = self.properties.iter().position(|property| property.name == name) else {
                match self.unknown {
                    Unknown::Refuse => return Err(self.refused()),
                    Unknown::PassOver => object.next_value::<IgnoredAny>()?,
                };
                continue;
            };
            if values[n] != Value::Unset {
                return Err(A::Error::custom(format_args!("`{name}` is given twice")));
            }
            values[n] = object.next_value_seed(Given(&self.properties[n]))?;
        }
        for (value, property) in values.iter_mut().zip(self.properties) {
            if *value == Value::Unset {
                let missing = |reason: &str| A::Error::custom(format_args!("`{}` {reason}", property.name));
                *value =
                    default::value(property, &mut default::Moment::default()).map_err(|reason| missing(&reason))?;
                if *value == Value::Unset {
                    return Err(missing("is missing"));
                }
            }
        }
        Ok(values)
    }
}
