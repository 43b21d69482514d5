//! What emitted code says about its types: models, the records that make and change their rows, and
//! relations. Data and conversions only; behaviour is elsewhere in this crate.

use crate::meta::{EnumMeta, ModelMeta, RelationMeta};
use crate::row::Row;
use crate::shape::{Cardinality, Shape};
use crate::value::{Mismatch, Value};

/// A row of one table.
pub trait Model: Sized + Clone + Send + Sync + 'static {
    /// The primary key: its type, or a tuple in declaration order.
    type Id;
    /// What `create` takes.
    type New: Input<Model = Self>;
    /// What patches take.
    type Patch: Input<Model = Self>;
    /// This row with room for each of its relations, none included.
    type With: Shape<Model = Self>;

    /// The model's description.
    const META: &'static ModelMeta;

    /// Decodes a row by position.
    ///
    /// # Errors
    /// When a cell does not fit the schema.
    fn from_row(row: &mut Row<'_>) -> Result<Self, Mismatch>;

    /// The value of the property at `property` in [`ModelMeta::properties`].
    fn value(&self, property: usize) -> Value<'_>;
}

/// A record that makes or changes rows of a model: `New…`, `…Patch`.
pub trait Input: Sized + Send + 'static {
    /// Whose rows.
    type Model: Model;

    /// The properties that it takes from outside, as positions in [`ModelMeta::properties`].
    const FIELDS: &'static [usize];

    /// One value for each property of the model, [`Value::Unset`] where the record says nothing.
    fn into_values(self) -> Vec<Value<'static>>;

    /// From values that came from outside, one for each property of the model.
    ///
    /// # Errors
    /// When a value is missing or not of the field's type.
    fn from_row(row: &mut Row<'_>) -> Result<Self, Mismatch>;
}

/// A relation, named by a marker type of its source's module: `order::customer`.
pub trait Relation: Sized + Send + Sync + 'static {
    /// The model that declares it.
    type Source: Model;
    /// Where it leads.
    type Target: Model;
    /// How many rows it gives: [`Many`](crate::Many), [`Maybe`](crate::Maybe) or [`One`](crate::One).
    type Cardinality: Cardinality;
    /// What its accessor takes: the source's id (belongsTo), or the value of the source's key.
    type Key;

    /// Its position in the source's [`ModelMeta::relations`].
    const INDEX: usize;

    /// Its description.
    fn meta() -> &'static RelationMeta {
        &<Self::Source as Model>::META.relations[Self::INDEX]
    }
}

/// A relation whose target holds the key: rows can be made through it.
pub trait Constrained: Relation {
    /// The target's `New…` without the keys that the relation fixes.
    type New: Input<Model = Self::Target>;
}

/// A Rust enum for an enum of the schema.
pub trait Enumeration: Copy + Send + Sync + 'static {
    /// Its description.
    const META: &'static EnumMeta;

    /// As stored and serialised.
    fn as_str(self) -> &'static str;

    /// The variant of that string.
    fn parse(text: &str) -> Option<Self>;
}
