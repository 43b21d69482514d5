//! What emitted code says about its types: models, the records that make and change their rows, and
//! relations. Data and conversions only; behaviour is elsewhere in this crate.

use std::fmt;

use crate::key::FromKey;
use crate::meta::{EnumMeta, ModelMeta, PropertyMeta, RelationKind, RelationMeta};
use crate::row::Row;
use crate::shape::{Cardinality, Shape};
use crate::value::{Mismatch, Value};
use crate::with_relations::Fill;

/// A row of one table.
pub trait Model: Sized + Clone + fmt::Debug + Send + Sync + 'static {
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
    /// What fills its relations where they are known only at run time, in their order.
    const RELATED: &'static [Fill] = &[];

    /// Decodes a row by position.
    ///
    /// # Errors
    /// When a cell does not fit the schema.
    fn from_row(row: &mut Row<'_>) -> Result<Self, Mismatch>;

    /// The value of the property at `property` in [`ModelMeta::properties`].
    fn value(&self, property: usize) -> Value<'_>;
}

/// What conditions can be about: a model, or an embedded value.
pub trait Record: 'static {
    /// As in the schema.
    fn name() -> &'static str;

    /// In declaration order.
    fn properties() -> &'static [PropertyMeta];
}

impl<M: Model> Record for M {
    fn name() -> &'static str {
        M::META.name
    }

    fn properties() -> &'static [PropertyMeta] {
        M::META.properties
    }
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
    /// Where it leads: a model, or an enum of several.
    type Target: Shape<Model = Self::Target>;
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

/// A relation whose source and target are in one database: rows of the one can be chosen by rows of the other.
#[diagnostic::on_unimplemented(
    message = "rows cannot be chosen by `{Self}`",
    label = "leads to another datasource, or to several models at once",
    note = "of a relation to several models, name one: `comment::subject::post()`"
)]
pub trait Joined: Relation<Target: Model> {}

/// A relation whose inclusion a program can answer itself: see [`Builder::resolver`](crate::Builder::resolver).
pub trait Resolvable: Relation<Target: Model> {
    /// What source and target are tied by: the type of the key's property, or a tuple of several.
    type By: FromKey;
}

/// What is asked for by a key that rows of a model have: their id, or what a relation starts from.
pub trait Keyed {
    /// Whose rows.
    type Source: Model;
    /// The key's type.
    type Key;

    /// The key's properties, as positions in [`ModelMeta::properties`].
    fn properties() -> &'static [usize];
}

impl<R: Relation> Keyed for R {
    type Source = R::Source;
    type Key = R::Key;

    fn properties() -> &'static [usize] {
        match R::meta().kind {
            RelationKind::BelongsTo | RelationKind::ReferencesMany => R::Source::META.key,
            RelationKind::HasMany | RelationKind::HasOne => R::meta().from,
        }
    }
}

/// A relation whose target holds the key: rows can be made through it.
// What lacks CreatedWith is told to lack this: the compiler looks through the impl below.
#[diagnostic::on_unimplemented(
    message = "new rows of `{Self}` cannot be made by `create` together with the row above",
    label = "its links need more than their keys, or it is no relation of the kind hasMany or hasOne",
    note = "what a link needs is given with each row: `create_with([(new, link)])`"
)]
pub trait Constrained: Relation<Target: Model> {
    /// The target's `New…` without the keys that the relation fixes.
    type New: Input<Model = Self::Target>;
}

/// A relation whose new rows are stored together with the row that they belong to, where they say nothing but their own
/// `New…`: the target holds the key, or a link that needs nothing but the keys of both.
pub trait CreatedWith: Relation<Target: Model> {
    /// The `New…` of such a row.
    type New: Input<Model = Self::Target>;
}

impl<R: Constrained> CreatedWith for R {
    type New = <R as Constrained>::New;
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
