//! The JSON Schemas of the language and of its settings: they are sound in themselves, say something of everything, and
//! take the documents that the front end takes, apart from what a JSON Schema cannot say. `said.rs` lists that.

mod documents;
mod editors;
mod mutations;
mod said;
mod settings;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use relata_compiler::json_schema;
use serde_json::Value;

const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test json_schema";

/// The schema of the language.
static LANGUAGE: LazyLock<Validator> = LazyLock::new(|| validator(&json_schema::language()));

/// Each schema, and where it is committed.
fn schemas() -> [(&'static str, String); 2] {
    [
        ("schemas/relata.schema.json", json_schema::language()),
        ("schemas/relata-settings.schema.json", json_schema::settings()),
    ]
}

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).expect("what is printed is JSON")
}

fn validator(schema: &str) -> Validator {
    jsonschema::draft202012::new(&parsed(schema)).expect("it compiles")
}

/// Why a document is refused.
fn refusals(document: &Value) -> Vec<String> {
    LANGUAGE.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_committed_schemas_are_the_derived_ones() {
    for (name, derived) in schemas() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if committed != derived {
            let renew = std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none();
            assert!(renew, "{name} is stale; to renew it: {RENEW}");
            fs::write(path, derived).expect("the schema is writable");
        }
    }
}

#[test]
fn they_are_schemas_of_their_draft() {
    for (name, schema) in schemas() {
        let schema = parsed(&schema);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            panic!("{name}: {}: {error}", error.instance_path());
        }
        assert!(validator(&schema.to_string()).is_valid(&serde_json::json!({})));
    }
}

/// Every object within a schema with the way to it.
fn walk<'a>(value: &'a Value, way: &str, visit: &mut dyn FnMut(&str, &'a Value)) {
    visit(way, value);
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| walk(value, &format!("{way}/{key}"), visit)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| walk(value, &format!("{way}/{at}"), visit));
        }
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_definition_is_reached() {
    for (name, schema) in schemas() {
        let schema = parsed(&schema);
        let mut reached = BTreeSet::new();
        walk(&schema, "#", &mut |way, value| {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
            let pointer = reference.strip_prefix('#').expect("references stay in the file");
            assert!(schema.pointer(pointer).is_some(), "{name}: {way} leads to {reference}, which is not there");
            reached.insert(reference.trim_start_matches("#/$defs/").to_owned());
        });
        let defined: BTreeSet<_> =
            schema["$defs"].as_object().expect("there are definitions").keys().cloned().collect();
        assert_eq!(reached, defined, "{name}");
    }
}

/// What an editor shows where the mouse rests, and beside each word that it offers.
#[test]
fn everything_is_described() {
    for ((name, schema), (least_keys, least_words)) in schemas().into_iter().zip([(80, 15), (15, 3)]) {
        let schema = parsed(&schema);
        let (mut keys, mut words) = (0, 0);
        let mut silent = Vec::new();
        walk(&schema, "#", &mut |way, value| {
            let text = value.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(!text.replace("\n\n", "").contains('\n'), "{way}: editors end a paragraph at every line break");
            let mut back = way.rsplit('/').skip(1);
            let parent = back.next().unwrap_or_default();
            let condition = way.contains("/if/") || way.contains("/not");
            let only_refuses = value.as_object().is_some_and(|keys| keys.keys().all(|key| key == "properties"));
            // A model's own key `properties` is a key, not the keyword.
            let is_key = parent == "properties" && back.next() != Some("properties") && !condition;
            let is_definition = parent == "$defs" || way == "#";
            let is_word = value.get("const").is_some_and(Value::is_string) && parent == "oneOf";
            // Of one name or several, and of a name or a map, the key's own description is shown.
            let is_choice = matches!(parent, "anyOf" | "oneOf") && !way.contains("/properties/") && !condition;
            keys += u32::from(is_key);
            words += u32::from(is_word);
            let stands_for_another = is_choice && value.get("$ref").is_some();
            let speaks = is_key || is_definition || is_word || is_choice;
            if speaks && value.is_object() && text.len() < 4 && !stands_for_another && !only_refuses {
                silent.push(way.to_owned());
            }
        });
        assert!(silent.is_empty(), "{name}: without a description: {silent:#?}");
        assert!(keys >= least_keys && words >= least_words, "{name}: {keys} keys and {words} words are found");
    }
}

/// A schema that a program sees with `null` instead of an empty map, or a key that cannot be left empty.
#[test]
fn nothing_after_a_colon_is_an_empty_map_or_list_and_no_other_value() {
    for empty in ["", "models:", "models: { A: }", "models: { A: { properties: , relations: , indexes: } }", "enums:"] {
        let document = documents::value(empty).expect("it parses");
        assert_eq!(refusals(&document), Vec::<String>::new(), "{empty}");
    }
    for wrong in
        ["relata:", "models: { A: { description: } }", "models: { A: { properties: { a: } } }", "enums: { A: }"]
    {
        let document = documents::value(wrong).expect("it parses");
        assert_ne!(refusals(&document), Vec::<String>::new(), "{wrong}");
    }
}
