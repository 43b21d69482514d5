//! The schema language as a JSON Schema (draft 2020-12), for editors: they complete keys and words, show what they
//! mean, and mark what is not part of the language.
//!
//! Types that mirror the language say everything, and their doc comments are what an editor shows. They are never
//! filled with values, and know nothing of what lies between two declarations: whether a name is declared, whether a
//! key fits. `tests/json_schema.rs` holds them against the front end.

#![allow(dead_code, reason = "the types are derived from, never filled")]
#![allow(clippy::struct_field_names, reason = "the key that says a relation's kind is called like the kind")]
#![allow(clippy::doc_markdown, reason = "doc comments are what an editor shows")]
#![allow(clippy::enum_variant_names, reason = "as above: `noAction` is one of the actions")]
#![allow(clippy::large_enum_variant, reason = "no value is ever made")]

mod document;
mod model;
mod names;
mod property;
mod relation;
mod settings;
mod shape;
mod view;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// The JSON Schema of schema files, as the text of `relata.schema.json`.
pub fn language() -> String {
    text::<document::Document>()
}

/// The JSON Schema of `relata.yaml`, as the text of `relata-settings.schema.json`.
pub fn settings() -> String {
    text::<settings::Settings>()
}

fn text<T: JsonSchema>() -> String {
    let settings = SchemaSettings::draft2020_12().with_transform(shape::finish);
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut text = serde_json::to_string_pretty(&schema).expect("a JSON value can be written");
    text.push('\n');
    text
}
