//! Emitted code as committed: each folder of `tests/fixtures/golden` holds a schema and what it gives.
//!
//! `tests/emitted.rs` compiles what is committed, so that it is known to be Rust.

use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::output::{self, Output};
use relata_compiler::plan::Options;
use relata_compiler::render::Files;
use relata_compiler::{GenerateError, Inputs, generate};

const RENEW: &str = "UPDATE_EXPECT";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden")
}

#[track_caller]
fn emitted(schema: &Path) -> Files {
    let inputs = Inputs::paths([schema.to_string_lossy()]);
    let generated = generate(&inputs, &Options::default(), &Files::default()).expect("the templates are sound");
    let report = render(Format::Human, &generated.findings, &generated.sources, false);
    generated.files.unwrap_or_else(|| panic!("{report}"))
}

#[track_caller]
fn holds(folder: &Path, files: &Files) {
    let committed = output::read(folder).expect("the folder can be read");
    let diff = output::diff(files, folder, &committed);
    if diff.is_empty() {
        return;
    }
    if std::env::var_os(RENEW).is_some() && std::env::var_os("CI").is_none() {
        let output = Output { files, folder, previous: &committed };
        output::write(&[output], &mut |_| ()).expect("the folder can be written");
        return;
    }
    panic!("emitted code has changed; renew it with `{RENEW}=1 cargo test --test golden`\n{diff}");
}

#[test]
fn committed_code_is_what_the_schemas_give() {
    let mut folders: Vec<_> = fs::read_dir(fixtures())
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a fixture can be read").path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        holds(&folder.join("out"), &emitted(&folder.join("schema.yaml")));
    }
}

#[test]
fn the_example_shows_what_its_schema_gives() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    holds(&root.join("generated-examples/shop/generated"), &emitted(&root.join("schemas/shop")));
}

#[test]
fn unchanged_code_is_taken_over_as_it_is() {
    let schema = fixtures().join("relations/schema.yaml");
    let first = emitted(&schema);
    let inputs = Inputs::paths([schema.to_string_lossy()]);
    let second = generate(&inputs, &Options::default(), &first).expect("the templates are sound").files;
    assert_eq!(second, Some(first));
}

#[test]
fn a_change_of_one_model_leaves_the_files_of_others() {
    let text = fs::read_to_string(fixtures().join("relations/schema.yaml")).expect("the schema can be read");
    let changed = text.replace("serial: { type: string", "serial: { description: On its back., type: string");
    assert_ne!(text, changed);
    let of = |text: &str| {
        let inputs = Inputs::text("schema.yaml", text);
        generate(&inputs, &Options::default(), &Files::default()).expect("sound").files.expect("no findings")
    };
    let (before, after) = (of(&text), of(&changed));
    let differing: Vec<_> =
        after.iter().filter(|(name, text)| before.get(name) != Some(text)).map(|(name, _)| name).collect();
    assert_eq!(differing, ["projector.rs", "room.rs"]);
}

#[test]
fn an_attribute_that_is_none_is_told_with_its_place() {
    let schema = fixtures().join("relations/schema.yaml");
    let options = Options::default().attribute("Gate", "#[derive(");
    let error = generate(&Inputs::paths([schema.to_string_lossy()]), &options, &Files::default())
        .expect_err("it is not an attribute");
    let GenerateError::Render(error) = error else { panic!("{error}") };
    assert_eq!((error.template, error.file.as_str()), ("model.rs.j2", "gate.rs"));
    assert!(error.to_string().contains("#[derive("), "{error}");
}

#[test]
fn an_attribute_of_an_unknown_model_is_refused() {
    let schema = fixtures().join("relations/schema.yaml");
    let options = Options::default().attribute("Gates", "#[derive(Eq)]");
    let error = generate(&Inputs::paths([schema.to_string_lossy()]), &options, &Files::default());
    assert!(error.expect_err("there is no such model").to_string().contains("`Gates`"));
}
