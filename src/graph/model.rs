//! The data of the resolved graph: plain structs with public fields, read-only once built.

use super::{DatasourceId, EnumId, ModelId, PropertyId, RelationId};
use crate::ast::{Action, RelationKind};
use crate::source::Span;

/// A place where rows live; connectors and URLs are given where the program runs.
#[derive(Debug, Clone)]
pub struct Datasource {
    /// As the schema calls it.
    pub name: String,
    /// What it holds.
    pub description: Option<String>,
    /// `None` for the implied `db`.
    pub span: Option<Span>,
}

/// A closed set of strings.
#[derive(Debug, Clone)]
pub struct Enum {
    /// As declared.
    pub name: String,
    /// The name where it is declared.
    pub span: Span,
    /// In declaration order.
    pub variants: Vec<Variant>,
}

/// One string of an enum, with the name of its Rust variant.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Stored and serialised as written.
    pub value: String,
    /// Given by `name:` or derived from the value.
    pub name: String,
    /// The value where it is declared.
    pub span: Span,
}

/// An entity, or (`is_abstract`) a base for others and the type of embedded values.
#[derive(Debug, Clone)]
pub struct Model {
    /// As declared.
    pub name: String,
    /// The name where it is declared.
    pub span: Span,
    /// For rustdoc, SQL comments and diagrams.
    pub description: Option<String>,
    /// Where its rows live.
    pub datasource: DatasourceId,
    /// Plural as given or derived, in the model's own casing (`OrderItems`).
    pub plural: String,
    /// Where they are stored.
    pub table: Table,
    /// Without table and repository: a base, or the type of embedded values.
    pub is_abstract: bool,
    /// `createdAt` and `updatedAt` are kept by the library.
    pub timestamps: bool,
    /// Deleting sets `deletedAt`.
    pub soft_delete: bool,
    /// The model it extends.
    pub base: Option<ModelId>,
    /// Inherited first, then declared, then added by relations and flags.
    pub properties: Vec<Property>,
    /// The primary key, in declaration order; empty for abstract models.
    pub key: Vec<PropertyId>,
    /// Inherited first, then declared.
    pub relations: Vec<Relation>,
    /// Inherited first, then declared; `unique`/`index` of single properties are not repeated here.
    pub indexes: Vec<Index>,
}

/// Where a model's rows are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Of databases that have them; a prefix elsewhere.
    pub schema: Option<String>,
    /// Without the schema.
    pub name: String,
}

/// How a property came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// By the model itself.
    Declared,
    /// Taken over from a base; the model that declares it.
    Inherited(ModelId),
    /// Added by a relation of this model (its foreign key, discriminator or embedded value).
    Relation(RelationId),
    /// `createdAt`, `updatedAt`, `deletedAt`.
    Flag,
}

/// A typed column or embedded value of a model.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the language")]
pub struct Property {
    /// As declared.
    pub name: String,
    /// The name where it is declared, or the relation that adds it.
    pub span: Span,
    /// Who declares it.
    pub origin: Origin,
    /// What it holds.
    pub ty: Type,
    /// Part of the primary key.
    pub id: bool,
    /// By the database (integer) or by the library (uuid).
    pub generated: bool,
    /// NOT NULL, and no `Option`.
    pub required: bool,
    /// What it is where a new row does not say.
    pub default: Option<Default>,
    /// A unique constraint of its own.
    pub unique: bool,
    /// An index of its own.
    pub index: bool,
    /// Name of its column.
    pub column: String,
    /// Never serialised, and out of reach of filters from outside.
    pub hidden: bool,
    /// Raised by every update.
    pub version: bool,
    /// Characters.
    pub min_length: Option<u64>,
    /// Characters; 255 where a `string` is silent.
    pub max_length: Option<u64>,
    /// In the syntax of the `regex` crate, unanchored.
    pub pattern: Option<String>,
    /// As written, a number in the type's own notation.
    pub minimum: Option<String>,
    /// As written, a number in the type's own notation.
    pub maximum: Option<String>,
    /// Of a decimal; 18 where silent.
    pub precision: u8,
    /// Of a decimal; 6 where silent.
    pub scale: u8,
    /// For rustdoc.
    pub description: Option<String>,
}

/// A property's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    /// What one value is.
    pub scalar: Scalar,
    /// `T[]`.
    pub list: bool,
}

/// What one value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// Text up to `max_length` characters.
    String,
    /// Text without limit.
    Text,
    /// 64 bits, signed.
    Integer,
    /// 32 bits, signed.
    Int32,
    /// A float of 64 bits.
    Number,
    /// Exact, of a fixed precision and scale.
    Decimal,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// An instant in UTC, to the microsecond.
    DateTime,
    /// 128 bits.
    Uuid,
    /// Any JSON value.
    Json,
    /// Any bytes.
    Bytes,
    /// One of a closed set of strings.
    Enum(EnumId),
    /// An abstract model.
    Embedded(ModelId),
}

/// What a property is where a new row does not say.
#[derive(Debug, Clone, PartialEq)]
pub enum Default {
    /// The moment of creation, for date and datetime.
    Now,
    /// A fresh uuid, version 7.
    Uuid,
    /// The literal as the schema writes it: text of strings and numbers unquoted.
    Literal(Literal),
}

/// A literal default.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// A number exactly as in the source text.
    Number(String),
    /// Strings, enum values, dates, times, uuids, base64 bytes.
    String(String),
    /// JSON text, for json, lists and embedded values.
    Json(String),
}

/// A declared index over several (or one) properties.
#[derive(Debug, Clone)]
pub struct Index {
    /// Where it is declared.
    pub span: Span,
    /// In index order.
    pub properties: Vec<PropertyId>,
    /// Whether it is a constraint.
    pub unique: bool,
    /// As declared; an inherited one is prefixed with the table.
    pub name: Option<String>,
}

/// A relation of a model, every default resolved.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Accessor, inclusion and filter name.
    pub name: String,
    /// The kind's key where the relation is declared.
    pub span: Span,
    /// Who declares it.
    pub origin: Origin,
    /// What it is.
    pub kind: RelationKind,
    /// One, or several for a polymorphic relation.
    pub targets: Vec<ModelId>,
    /// On the source (the model that declares the relation); empty for embeds.
    pub key_from: Vec<PropertyId>,
    /// On the target, aligned with `key_from` (for through: aligned with `through.key_to`).
    pub key_to: Vec<PropertyId>,
    /// On each target after the first, aligned with `key_from`.
    pub other_keys: Vec<Vec<PropertyId>>,
    /// The link model of a hasMany or hasOne through.
    pub through: Option<Through>,
    /// Of a polymorphic relation: the property naming the target, on the source (belongsTo, hasOne) or on
    /// the through model.
    pub discriminator: Option<PropertyId>,
    /// hasMany/hasOne answering a polymorphic belongsTo of the target.
    pub polymorphic: Option<RelationId>,
    /// belongsTo: every key property is required. embedsOne: the value is.
    pub required: bool,
    /// When the referenced row goes.
    pub on_delete: Action,
    /// When the referenced key changes.
    pub on_update: Action,
    /// `true`: a database foreign key holds it (strong). `false`: generated code alone does (weak).
    pub strong: bool,
    /// May be named by `include` in filters from outside.
    pub includable: bool,
    /// For rustdoc.
    pub description: Option<String>,
    /// The other direction, where it is declared too.
    pub inverse: Option<(ModelId, RelationId)>,
}

/// The link model of a hasMany/hasOne through.
#[derive(Debug, Clone)]
pub struct Through {
    /// The link model.
    pub model: ModelId,
    /// On the link model, to the source; aligned with the relation's `key_from`.
    pub key_from: Vec<PropertyId>,
    /// On the link model, to the target; aligned with the relation's `key_to`.
    pub key_to: Vec<PropertyId>,
}
