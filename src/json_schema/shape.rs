//! Maps and lists as the language has them, and the last touches on what is derived.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

/// Marks what may be left empty: nothing after a colon is an empty map or list.
const MAY_BE_EMPTY: &str = "x-may-be-empty";

/// A map from names of one kind to declarations.
pub(super) struct Map<K, V>(PhantomData<(K, V)>);

/// A list of declarations.
pub(super) struct List<T>(PhantomData<T>);

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Map<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            MAY_BE_EMPTY: true,
            "propertyNames": generator.subschema_for::<K>(),
            "additionalProperties": generator.subschema_for::<V>(),
        })
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", MAY_BE_EMPTY: true, "items": generator.subschema_for::<T>() })
    }
}

/// A struct whose braces may be left out together with everything inside.
pub(super) fn may_be_empty(schema: &mut Schema) {
    schema.insert(MAY_BE_EMPTY.to_owned(), true.into());
}

/// Says "may be left out" as the language means it, and lays descriptions out as editors show them.
pub(super) fn finish(schema: &mut Schema) {
    transform_subschemas(&mut finish, schema);
    not_null(schema);
    if schema.remove(MAY_BE_EMPTY).is_some() {
        let kind = schema.get("type").cloned().unwrap_or_default();
        schema.insert("type".to_owned(), Value::from(vec![kind, "null".into()]));
    }
    schema.remove("format");
    // Who completes a flag wants the other value than the one it has by itself.
    if let Some(Value::Bool(default)) = schema.get("default") {
        let other = Value::from(vec![!default]);
        schema.insert("examples".to_owned(), other);
    }
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = unwrapped(description);
    }
}

/// `Option` stands for a key that may be left out; written, it has a value.
fn not_null(schema: &mut Schema) {
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = &mut kinds[..] {
            let kind = kind.take();
            schema.insert("type".to_owned(), kind);
        }
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else { return };
    choices.retain(|choice| *choice != serde_json::json!({ "type": "null" }));
    let [only] = &mut choices[..] else { return };
    let only = only.take();
    schema.remove("anyOf");
    if let Value::Object(only) = only {
        for (key, value) in only {
            schema.as_object_mut().expect("it has keys").entry(key).or_insert(value);
        }
    }
}

/// One line for each paragraph: editors take every line break for the end of one.
fn unwrapped(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| paragraph.lines().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
