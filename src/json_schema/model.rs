//! Models and their indexes.

use schemars::JsonSchema;

use super::names::{DatasourceName, Identifier, Key, ModelName, PropertyName, TableName};
use super::property::Property;
use super::relation::Relation;
use super::shape::{List, Map, may_be_empty};

/// A kind of row: its properties, and how it is related to others.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", transform = may_be_empty)]
pub(super) struct Model {
    /// What a row stands for: doc comment in Rust, comment in the database.
    description: Option<String>,
    /// Where its rows live; needed only where there are several datasources.
    datasource: Option<DatasourceName>,
    /// The plural of the name, for its repository (`db.order_items()`), its table and the relations that lead to it.
    ///
    /// Default: the English plural, `OrderItem` → `OrderItems`.
    #[schemars(regex(pattern = r"^[A-Za-z][A-Za-z0-9_]*$"))]
    plural: Option<String>,
    /// The table; `schema.table` names a schema of PostgreSQL too.
    ///
    /// Default: the plural in snake_case, `OrderItem` → `order_items`.
    table: Option<TableName>,
    /// Properties by name: a type (`name: string`) or a map of keys.
    ///
    /// A model with a table has at least one with `id: true`, own or inherited.
    properties: Option<Map<PropertyName, Property>>,
    /// How its rows are related to others. Each entry has one key that says its kind, with the target as its value:
    /// `- belongsTo: Customer`.
    relations: Option<List<Relation>>,
    /// Indexes and unique constraints over several properties. For one property there are `index` and `unique`.
    indexes: Option<List<Index>>,
    /// The model whose properties, relations and indexes are taken over. Each heir has a table of its own.
    extends: Option<ModelName>,
    /// No table and no repository: a base for `extends`, or the type of values inside the rows of other models.
    #[schemars(extend("default" = false))]
    r#abstract: Option<bool>,
    /// Adds `createdAt` and `updatedAt`, set by the library.
    #[schemars(extend("default" = false))]
    timestamps: Option<bool>,
    /// Adds `deletedAt`: a delete sets it, and rows that have it are seen only where they are asked for.
    #[schemars(extend("default" = false))]
    soft_delete: Option<bool>,
}

/// An index or a unique constraint.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Index {
    /// The properties, in the order of the index.
    properties: Key,
    /// No two rows have the same values.
    #[schemars(extend("default" = false))]
    unique: Option<bool>,
    /// Its name in the database, unique among all models. Default: table, columns, and `_key` or `_idx`.
    name: Option<Identifier>,
}
