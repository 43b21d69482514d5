//! The parser against others: the original `serde_yaml` on every schema, and JSON against YAML.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Format, codes, render};
use relata_compiler::{Checked, Inputs, check};
use serde_yaml_original::Value;

fn text(name: &str, schema: &str) -> Checked {
    check(&Inputs::text(name, schema))
}

/// Every schema file below a folder.
fn schemas(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => found.extend(schemas(&path)),
            Some("yaml" | "yml") => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

/// The schema as JSON text, by way of the original parser.
fn as_json(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => serde_json::Value::from(value.as_str()).to_string(),
        Value::Sequence(items) => format!("[{}]", items.iter().map(as_json).collect::<Vec<_>>().join(",")),
        Value::Mapping(entries) => {
            let entry = |(key, value): (&Value, &Value)| {
                let key = key.as_str().map_or_else(|| as_json(key), ToOwned::to_owned);
                format!("{}:{}", serde_json::Value::from(key), as_json(value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
        }
        Value::Tagged(tagged) => as_json(&tagged.value),
    }
}

/// What a schema comes to, without places: findings by code and message, and the graph.
fn outcome(checked: &Checked) -> (BTreeMap<String, usize>, Option<String>) {
    let mut findings = BTreeMap::new();
    for finding in &checked.findings {
        *findings.entry(format!("{}: {}", finding.code, finding.message)).or_default() += 1;
    }
    (findings, checked.graph.as_ref().map(|graph| without_places(&format!("{graph:?}"))))
}

fn without_places(debug: &str) -> String {
    let mut out = String::new();
    let mut rest = debug;
    while let Some(at) = rest.find("Span {") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
        rest = &rest[end..];
    }
    out + rest
}

/// Both parsers read every schema alike, and JSON means what YAML means: each schema goes through the original
/// parser into JSON text, and comes to the same findings and the same graph.
#[test]
fn the_original_parser_reads_every_schema_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = schemas(&root.join("tests/fixtures/ui")).into_iter().chain(schemas(&root.join("schemas")));
    let texts = files.map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("schemas are UTF-8")));
    let examples = codes::ALL.iter().map(|info| (info.code.to_owned(), info.right.to_owned()));
    let mut compared = 0;
    for (name, schema) in texts.chain(examples) {
        // Numbers in a spelling that JSON does not have would come out in another.
        let spelt_apart = [" 017", " .nan", " 0x1F"].iter().any(|odd| schema.contains(odd));
        let Ok(value) = serde_yaml_original::from_str::<Value>(&schema) else { continue };
        let ours = text("schema.yaml", &schema);
        // What the original reads and the schema language refuses, such as a comment without a blank before it.
        let refused = ["merge-key", "unknown-tag", "too-deep", "alias-budget", "hidden-character"];
        let refused_in_form = ["ui/syntax", "list-as-key", "template"].iter().any(|fixture| name.contains(fixture))
            && ours.graph.is_none();
        if spelt_apart || refused_in_form || ours.findings.iter().any(|finding| refused.contains(&finding.code.code)) {
            continue;
        }
        let json = text("schema.json", &as_json(&value));
        assert_eq!(outcome(&ours), outcome(&json), "{name}");
        compared += 1;
    }
    assert!(compared > 120, "only {compared} schemas were compared");
}

#[test]
fn words_that_other_readers_take_for_values_are_strings() {
    let schema = "enums:\n  Answer: [yes, no, on, off, y, n, 1e3x, 12:30:00, 2026-01-01, ~x]\n\
                  models:\n  Poll:\n    properties: { id: { type: integer, id: true }, answer: Answer }\n";
    let checked = text("schema.yaml", schema);
    let findings = render(Format::Human, &checked.findings, &checked.sources, false);
    assert!(!findings.contains("wrong-type"), "{findings}");
}

#[test]
fn numbers_never_pass_through_a_float() {
    let schema = "models:\n  Account:\n    properties:\n      id: { type: integer, id: true }\n\
                  \x20     big: { type: integer, default: 9007199254740993 }\n\
                  \x20     sum: { type: decimal, precision: 28, scale: 10, default: 123456789012345678.1234567890 }\n";
    let checked = text("schema.yaml", schema);
    let graph = format!("{:?}", checked.graph.expect("the schema is right"));
    assert!(graph.contains("\"9007199254740993\"") && graph.contains("\"123456789012345678.1234567890\""));
}

/// Mutilated schemas never panic.
#[test]
fn broken_texts_never_panic() {
    let schema = codes::find("key-needs-key-to").expect("the code exists").right;
    for cut in (0..schema.len()).filter(|at| schema.is_char_boundary(*at)) {
        let (head, tail) = schema.split_at(cut);
        for text in [
            head.to_owned(),
            tail.to_owned(),
            format!("{head}\"{tail}"),
            format!("{head}\u{0301}{tail}"),
            format!("{head}[{tail}"),
        ] {
            let checked = check(&Inputs::text("schema.yaml", text));
            render(Format::Human, &checked.findings, &checked.sources, true);
            render(Format::Json, &checked.findings, &checked.sources, false);
        }
    }
}
