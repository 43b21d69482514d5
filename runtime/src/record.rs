//! Records as JSON: rows and included relations out, new rows and patches in.
//!
//! Driven by the model's description, so that emitted code needs no derives.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::{Given, Json};
use crate::meta::ModelMeta;
use crate::model::{Input, Model};
use crate::row::{Cells, Row};
use crate::shape::Slot;
use crate::value::{Type, Value};

/// A row as an object of its properties, hidden ones left out.
///
/// # Errors
/// When the serialiser fails.
pub fn serialize<M: Model, S: Serializer>(row: &M, serializer: S) -> Result<S::Ok, S::Error> {
    Object::begin(row, serializer)?.end()
}

/// A row and what was included in it, as one object.
pub struct Object<S: Serializer>(S::SerializeMap);

impl<S: Serializer> fmt::Debug for Object<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}

impl<S: Serializer> Object<S> {
    /// With the row's own properties.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn begin<M: Model>(row: &M, serializer: S) -> Result<Self, S::Error> {
        Self::of(row, None, serializer)
    }

    /// With some of the row's own properties, unless with all.
    pub(crate) fn of<M: Model>(row: &M, fields: Option<&[usize]>, serializer: S) -> Result<Self, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (n, property) in M::META.properties.iter().enumerate().filter(|(_, property)| !property.hidden) {
            if fields.is_none_or(|fields| fields.contains(&n)) {
                object.serialize_entry(property.name, &Json(&row.value(n)))?;
            }
        }
        Ok(Self(object))
    }

    /// With nothing yet.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn new(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(Self)
    }

    /// The value of a property.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn value<T: Type>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.0.serialize_entry(name, &Json(&value.to_value()))
    }

    /// What is shown of a relation.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn field<F: Serialize>(&mut self, name: &'static str, field: &F) -> Result<(), S::Error> {
        self.0.serialize_entry(name, field)
    }

    pub(crate) fn entry<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    /// A relation, if it was included.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn relation<F: Slot + Serialize>(&mut self, name: &'static str, slot: &F) -> Result<(), S::Error> {
        if F::INCLUDED { self.0.serialize_entry(name, slot) } else { Ok(()) }
    }

    /// The whole.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

impl<R> Serialize for crate::shape::NotIncluded<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// A new row or a patch from an object: unknown properties, ids and relations given as data are refused.
///
/// # Errors
/// When the object does not fit.
pub fn deserialize<'de, I: Input, D: Deserializer<'de>>(deserializer: D) -> Result<I, D::Error> {
    let mut values = deserializer.deserialize_map(Fields::<I>(PhantomData))?;
    let meta = I::Model::META;
    let missing = I::FIELDS.iter().map(|&field| values[field] == Value::Unset).collect::<Vec<_>>();
    I::from_row(&mut Row::new(Cells::Values(&mut values), 0, meta.properties)).map_err(|mismatch| {
        let property = &meta.properties[mismatch.column()];
        if property.hidden {
            return de::Error::custom(format_args!(
                "`{}` is required and hidden: only the program gives it, from a body of its own",
                property.name
            ));
        }
        let unset = I::FIELDS.iter().zip(missing).any(|(&field, unset)| field == mismatch.column() && unset);
        if unset {
            de::Error::custom(format_args!("`{}` is missing", property.name))
        } else {
            de::Error::custom(format_args!(
                "`{}` must be {}, not {}",
                property.name,
                mismatch.expected(),
                mismatch.found()
            ))
        }
    })
}

struct Fields<I>(PhantomData<I>);

impl<'de, I: Input> Visitor<'de> for Fields<I> {
    type Value = Vec<Value<'static>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with properties of {}", I::Model::META.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let meta = I::Model::META;
        let mut values = vec![Value::Unset; meta.properties.len()];
        while let Some(name) = object.next_key::<Cow<'de, str>>()? {
            let field = I::FIELDS.iter().copied().find(|&field| meta.properties[field].name == name);
            let Some(field) = field else { return Err(refused::<I, A::Error>(meta, &name)) };
            if values[field] != Value::Unset {
                return Err(de::Error::duplicate_field(meta.properties[field].name));
            }
            values[field] = object.next_value_seed(Given(&meta.properties[field]))?;
        }
        Ok(values)
    }
}

/// Why a name is not taken: it is a relation, set elsewhere, or unknown.
fn refused<I: Input, E: de::Error>(meta: &'static ModelMeta, name: &str) -> E {
    if let Some(relation) = meta.relations.iter().find(|relation| relation.name == name) {
        return E::custom(format_args!(
            "`{}` is a relation; its rows are written through its own repository",
            relation.name
        ));
    }
    let allowed = I::FIELDS.iter().map(|&field| meta.properties[field].name).collect::<Vec<_>>().join("`, `");
    match meta.properties.iter().find(|property| property.name == name) {
        Some(property) => E::custom(format_args!("`{}` cannot be set here; what can is `{allowed}`", property.name)),
        // The name comes from outside: it is not repeated.
        None => E::custom(format_args!("an unknown property; {} has `{allowed}`", meta.name)),
    }
}
