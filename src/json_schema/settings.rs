//! The settings of `relata.yaml`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map as Object, Value, json};

use super::shape::{Map, may_be_empty};
use crate::diagnostic::codes::{self, Code, Severity};

/// # Relata settings
///
/// What the program `relata`, build scripts and CI share: a `relata.yaml` beside `Cargo.toml`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = may_be_empty, transform = of_each_schema)]
pub(super) struct Settings {
    /// Where an editor finds this description of the settings. The compiler passes over it.
    #[schemars(rename = "$schema")]
    schema: Option<Value>,
    /// The files, folders and patterns of the schema, or several schemas by name.
    ///
    /// Default: the folder `schemas`.
    schemas: Option<Schemas>,
    /// The folder for emitted code, for those who commit it. Build scripts then write there too.
    out: Option<Path>,
    /// The file of known findings, for adopting Relata on an old schema.
    baseline: Option<Path>,
    /// What becomes of warnings, by code; `warnings` stands for all that have no level of their own.
    lints: Option<Lints>,
    /// Derives for the structs of models: `{ Order: [Eq], all: [Hash] }`.
    derives: Option<Map<String, Texts>>,
    /// Attributes for the structs of models: `{ Order: '#[must_use]' }`.
    attributes: Option<Map<String, Texts>>,
}

/// With several schemas, each has its own.
fn of_each_schema(schema: &mut Schema) {
    schema.insert(
        "if".to_owned(),
        json!({ "type": "object", "properties": { "schemas": { "type": "object" } }, "required": ["schemas"] }),
    );
    schema.insert("then".to_owned(), json!({ "properties": { "out": false, "derives": false, "attributes": false } }));
}

/// A file, a folder or a pattern.
#[derive(JsonSchema)]
#[schemars(extend("minLength" = 1, "not" = { "const": "-" }))]
struct Path(String);

/// A file, a folder or a pattern, a list of them, or schemas by name.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum Schemas {
    /// A file, a folder or a pattern.
    One(Path),
    /// Files, folders and patterns.
    Several(#[schemars(length(min = 1))] Vec<Path>),
    /// Schemas by name.
    Named(Named),
}

/// Schemas by name.
#[derive(JsonSchema)]
#[schemars(inline, extend("minProperties" = 1))]
struct Named(std::collections::BTreeMap<String, SchemaSettings>);

/// A schema: its paths, or a map with its settings.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum SchemaSettings {
    /// A file, a folder or a pattern.
    One(Path),
    /// Files, folders and patterns.
    Several(#[schemars(length(min = 1))] Vec<Path>),
    /// The settings of the schema.
    Long(LongSettings),
}

/// The settings of one of several schemas.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields)]
struct LongSettings {
    /// Its files, folders and patterns.
    paths: Paths,
    /// The folder for its emitted code, for those who commit it.
    out: Option<Path>,
    /// Derives for the structs of its models: `{ Order: [Eq], all: [Hash] }`.
    derives: Option<Map<String, Texts>>,
    /// Attributes for the structs of its models: `{ Order: '#[must_use]' }`.
    attributes: Option<Map<String, Texts>>,
}

/// A file, a folder or a pattern, or a list of them.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum Paths {
    /// A file, a folder or a pattern.
    One(Path),
    /// Files, folders and patterns.
    Several(#[schemars(length(min = 1))] Vec<Path>),
}

/// What is added to the struct of a model; under `all` to those of every model.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Texts {
    /// One.
    One(String),
    /// Several.
    Several(#[schemars(length(min = 1))] Vec<String>),
}

/// What becomes of a warning.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", extend("type" = "string"))]
enum Level {
    /// It is not told.
    Allow,
    /// It is told.
    Warn,
    /// It is told as an error.
    Deny,
}

/// Levels by code: warnings are offered, errors can be denied only.
struct Lints;

impl JsonSchema for Lints {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Lints".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (errors, warnings): (Vec<Code>, Vec<Code>) =
            codes::ALL.iter().copied().partition(|info| info.severity == Severity::Error);
        let level = generator.subschema_for::<Level>();
        let entry = |title: &str| {
            let mut entry = level.clone();
            entry.insert("description".to_owned(), format!("{title}.").into());
            entry.to_value()
        };
        let all = [("warnings".to_owned(), entry("Every warning that has no level of its own"))];
        let each = warnings.iter().map(|info| (info.code.to_owned(), entry(info.title)));
        let offered: Object<_, _> = all.into_iter().chain(each).collect();
        let errors = errors.iter().map(|info| info.code).collect::<Vec<_>>().join("|");
        let mut schema = json_schema!({
            "type": "object",
            "properties": offered,
            "patternProperties": { format!("^({errors})$"): { "const": "deny" } },
            "additionalProperties": false,
        });
        may_be_empty(&mut schema);
        schema
    }
}
