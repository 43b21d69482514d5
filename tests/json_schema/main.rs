//! The JSON Schema of the language: it is sound in itself, says something of everything, and takes the documents that
//! the front end takes, apart from what a JSON Schema cannot say. `said.rs` lists that.

mod documents;
mod mutations;
mod said;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use relata_compiler::json_schema;
use serde_json::Value;

const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test json_schema";

/// The schema as a value.
static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&json_schema::language()).expect("what is printed is JSON"));

/// The schema as a validator.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| jsonschema::draft202012::new(&SCHEMA).expect("it compiles"));

/// Why a document is refused.
fn refusals(document: &Value) -> Vec<String> {
    VALIDATOR.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_committed_schema_is_the_derived_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/relata.schema.json");
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if committed == json_schema::language() {
        return;
    }
    let renew = std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none();
    assert!(renew, "schemas/relata.schema.json is stale; to renew it: {RENEW}");
    fs::write(path, json_schema::language()).expect("the schema is writable");
}

#[test]
fn it_is_a_schema_of_its_draft() {
    assert_eq!(SCHEMA["$schema"], "https://json-schema.org/draft/2020-12/schema");
    if let Err(error) = jsonschema::draft202012::meta::validate(&SCHEMA) {
        panic!("{}: {error}", error.instance_path());
    }
    assert!(VALIDATOR.is_valid(&serde_json::json!({})));
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
    let mut reached = BTreeSet::new();
    walk(&SCHEMA, "#", &mut |way, value| {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
        let pointer = reference.strip_prefix('#').expect("references stay in the file");
        assert!(SCHEMA.pointer(pointer).is_some(), "{way} leads to {reference}, which is not there");
        reached.insert(reference.trim_start_matches("#/$defs/").to_owned());
    });
    let defined: BTreeSet<_> = SCHEMA["$defs"].as_object().expect("there are definitions").keys().cloned().collect();
    assert_eq!(reached, defined);
}

/// What an editor shows where the mouse rests, and beside each word that it offers.
#[test]
fn everything_is_described() {
    let (mut keys, mut words) = (0, 0);
    let mut silent = Vec::new();
    walk(&SCHEMA, "#", &mut |way, value| {
        let described = || value.get("description").and_then(Value::as_str).is_some_and(|text| text.len() > 3);
        let mut back = way.rsplit('/').skip(1);
        let parent = back.next().unwrap_or_default();
        // A model's own key `properties` is a key, not the keyword.
        let is_key = parent == "properties" && back.next() != Some("properties") && !way.contains("/if/");
        let is_definition = parent == "$defs" || way == "#";
        let is_word = value.get("const").is_some_and(Value::is_string);
        // Of one name or several, and of a name or a map, the key's own description is shown.
        let is_choice = matches!(parent, "anyOf" | "oneOf") && !way.contains("/properties/") && !way.contains("/if/");
        keys += u32::from(is_key);
        words += u32::from(is_word);
        if (is_key || is_definition || is_word || is_choice) && value.is_object() && !described() {
            let stands_for_another = is_choice && value.get("$ref").is_some();
            silent.extend((!stands_for_another).then(|| way.to_owned()));
        }
        let text = value.get("description").and_then(Value::as_str).unwrap_or_default();
        assert!(!text.replace("\n\n", "").contains('\n'), "{way}: editors end a paragraph at every line break");
    });
    assert!(silent.is_empty(), "without a description: {silent:#?}");
    assert!(keys > 80 && words > 15, "{keys} keys and {words} words are found");
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
