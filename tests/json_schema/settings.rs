//! The settings: their JSON Schema and their reader accept the same texts, but for what takes two of them.

use std::fs;
use std::path::Path;

use relata_compiler::{json_schema, settings};

use super::{documents, validator};

/// Sound and unsound, one mistake each.
const TEXTS: &[&str] = &[
    "",
    "schemas: schemas",
    "schemas: [a, b/**/*.yaml]",
    "schemas: []",
    "schemas: [a, 1]",
    "schemas: 3",
    "schemas:",
    "schemas: ''",
    "schemas: '-'",
    "schemas: {}",
    "schemas: { shop: a, clinic: [b, c], bank: { paths: d, out: e, derives: { all: Eq } } }",
    "schemas: { shop: { out: a } }",
    "schemas: { shop: { paths: [] } }",
    "schemas: { shop: { path: a } }",
    "schemas: { shop: }",
    "schemas: { shop: a }\nout: b",
    "schemas: { shop: a }\nderives: { all: Eq }",
    "schemas: { shop: a }\nbaseline: known.json\nlints: { warnings: deny }",
    "out: src/shop",
    "out: [a]",
    "out:",
    "baseline: known.json",
    "baseline: true",
    "lints: { warnings: deny, unused-enum: allow, duplicate-index: warn }",
    "lints: { unused-enum: off }",
    "lints: { unused-enum: true }",
    "lints: { unused-enums: allow }",
    "lints: { unknown-key: deny }",
    "lints: { unknown-key: allow }",
    "lints:",
    "lints: []",
    "derives: { Order: [Eq, Hash], all: PartialOrd }",
    "derives: { Order: [] }",
    "derives: { Order: 1 }",
    "derives: [Eq]",
    "derives:",
    "attributes: { Order: '#[must_use]' }",
    "attributes: { Order: { a: b } }",
    "schema: a",
    "$schema: schemas/relata-settings.schema.json",
    "[a]",
];

/// What takes two settings, or knowing what Rust is.
const UNSAID: &[&str] = &[
    "schemas: { a: x, b: x }",
    "schemas: schemas\nout: schemas/out",
    "derives: { Order: '1' }",
    "derives: { Order: Eq, all: Eq }",
    "derives: { Order: Clone }",
    "attributes: { Order: must_use }",
];

fn accepted(text: &str) -> (bool, bool) {
    let value = documents::value(text).expect("it parses");
    let (_, report) = settings::parse(settings::FILE, text);
    (validator(&json_schema::settings()).is_valid(&value), !report.has_errors())
}

#[test]
fn schema_and_reader_accept_the_same_settings() {
    let mut sound = 0;
    for text in TEXTS {
        let (by_schema, by_reader) = accepted(text);
        assert_eq!(by_schema, by_reader, "accepted by the JSON Schema, by the reader: {text}");
        sound += u32::from(by_reader);
    }
    assert!((12..30).contains(&sound), "{sound} of them are sound");
    for text in UNSAID {
        assert_eq!(accepted(text), (true, false), "{text}");
    }
}

#[test]
fn fixtures_that_the_reader_accepts_are_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = fs::read_dir(root.join("tests/fixtures/settings")).expect("it is readable");
    let folders = fixtures.filter_map(Result::ok).map(|entry| entry.path()).chain([root.to_owned()]);
    let mut compared = 0;
    for text in folders.filter_map(|folder| fs::read_to_string(folder.join(settings::FILE)).ok()) {
        let Ok(value) = documents::value(&text) else { continue };
        let (_, report) = settings::parse(settings::FILE, &text);
        if !report.has_errors() {
            assert!(validator(&json_schema::settings()).is_valid(&value), "{text}");
            compared += 1;
        }
    }
    assert!(compared > 3, "only {compared} settings are compared");
}
