//! The top level, datasources and enums.

use schemars::JsonSchema;

use super::model::Model;
use super::names::{DatasourceName, EnumName, ModelName, ViewName};
use super::shape::{Map, may_be_empty};
use super::view::View;

/// # Relata schema
///
/// Models and their relations, from which Relata emits a typed data layer in Rust. A schema may be cut into any
/// number of files, in YAML or JSON.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = may_be_empty)]
pub(super) struct Document {
    /// Where an editor finds this description of the language. The compiler passes over it.
    #[schemars(rename = "$schema")]
    schema: Option<serde_json::Value>,
    /// The version of the schema language; 1 where it is not written.
    #[schemars(range(min = 1), extend("const" = 1))]
    relata: Option<u8>,
    /// Names for the places where rows live. The URLs are given where the program runs. Without it there is one,
    /// called `db`.
    datasources: Option<Map<DatasourceName, Datasource>>,
    /// Sets of words that a property can take, by name.
    enums: Option<Map<EnumName, Values>>,
    /// Models by name.
    models: Option<Map<ModelName, Model>>,
    /// Shapes of models by name: what is read and shown of their rows, and of related rows.
    views: Option<Map<ViewName, View>>,
}

/// A place where rows live.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = may_be_empty)]
pub(super) struct Datasource {
    /// What it is, for readers.
    description: Option<String>,
}

/// The values of an enum: distinct strings, stored and serialised as they are written. Each is a variant in
/// UpperCamelCase.
#[derive(JsonSchema)]
#[schemars(extend("minItems" = 1, "uniqueItems" = true, "examples" = [["pending", "paid", "shipped"]]))]
pub(super) struct Values(Vec<Variant>);

/// One value of an enum.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Variant {
    /// The value; its variant is called after it.
    Value(String),
    /// A value whose variant has a name of its own, because the value gives none or that of another.
    Named(NamedVariant),
}

/// A value whose variant has a name of its own.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, extend("examples" = [{ "value": "3d", "name": "ThreeD" }]))]
pub(super) struct NamedVariant {
    /// What is stored and serialised.
    value: String,
    /// The variant in Rust, in UpperCamelCase.
    #[schemars(regex(pattern = r"^[A-Z][A-Za-z0-9]*$"))]
    name: Option<String>,
}
