//! SARIF documents: against the standard's own JSON Schema, as another library reads them, and against the other
//! formats.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use relata_compiler::diagnostic::{Diagnostic, Fix, Format, codes, render};
use relata_compiler::source::{SourceMap, Span};
use relata_compiler::{Inputs, check};
use serde_json::{Value, json};
use serde_sarif::sarif::{self, Sarif};

use super::{Case, every_case, says_everything};

/// The validator of the schema that the crate `serde-sarif` is made from.
fn validator() -> Validator {
    let host = run(Command::new("rustc").arg("-vV"));
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc tells its host");
    let metadata = run(Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR")));
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("it is a dependency");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let schema = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("it has the schema");
    let mut schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    // This edition of the schema has a bracket too many in the pattern of a language, which no strict engine reads.
    for object in ["run", "toolComponent"] {
        let pattern = &mut schema["definitions"][object]["properties"]["language"]["pattern"];
        assert_eq!(*pattern, "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "the schema is as it was");
        *pattern = json!("^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    }
    assert_eq!(schema["properties"]["version"]["enum"], json!(["2.1.0"]));
    jsonschema::validator_for(&schema).expect("the schema is one")
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn value(case: &Case) -> Value {
    serde_json::from_str(&case.render(Format::Sarif)).expect("the document is JSON")
}

/// The one run of a document, as another library reads it.
fn read(case: &Case) -> sarif::Run {
    let document: Sarif = serde_json::from_str(&case.render(Format::Sarif)).expect("the document is SARIF");
    let [run] = document.runs.try_into().expect("one run");
    run
}

#[test]
fn every_document_is_valid() {
    let validator = validator();
    for case in every_case() {
        let document = value(&case);
        let wrong: Vec<_> = validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", case.name);
    }
    let mut broken = value(&Case::of("none", &Inputs::text("a.yaml", "models: {}\n")));
    broken["runs"][0]["tool"] = json!({});
    assert!(!validator.is_valid(&broken), "the validator refuses what is wrong");
}

#[test]
fn there_is_a_document_without_findings() {
    let text = render(Format::Sarif, &[], &SourceMap::default(), false);
    let document: Value = serde_json::from_str(&text).expect("the document is JSON");
    assert!(validator().is_valid(&document));
    assert_eq!(document["runs"][0]["results"], json!([]));
}

/// File and the four numbers of a place, as `--format json` has them.
fn place(location: &sarif::PhysicalLocation) -> Value {
    let region = location.region.as_ref().expect("a place has a region");
    let uri = location.artifact_location.as_ref().and_then(|at| at.uri.as_deref()).expect("a place has a file");
    json!({
        "file": decoded(uri),
        "line": region.start_line, "column": region.start_column,
        "end_line": region.end_line, "end_column": region.end_column,
    })
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        let mut digit =
            || char::from(rest.next().expect("two digits follow")).to_digit(16).expect("a hexadecimal digit");
        bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).expect("a byte") } else { byte });
    }
    String::from_utf8(bytes).expect("paths are UTF-8")
}

#[test]
fn results_are_the_findings_of_the_other_formats() {
    for case in every_case() {
        let run = read(&case);
        let column_kind = run.column_kind.as_ref().and_then(Value::as_str);
        assert_eq!(column_kind, Some("unicodeCodePoints"), "columns count characters");
        let rules = run.tool.driver.rules.as_deref().expect("it lists its rules");
        let artifacts = run.artifacts.as_deref().expect("it lists its files");
        let results = run.results.as_deref().expect("it lists its results");
        let placed: Vec<_> =
            case.findings.iter().zip(case.json()).filter(|(finding, _)| finding.place().is_some()).collect();
        assert_eq!(results.len(), placed.len(), "{}", case.name);
        for (result, (finding, json)) in results.iter().zip(placed) {
            let rule = usize::try_from(result.rule_index.expect("an index")).expect("it is no less than 0");
            assert_eq!(rules[rule].id, finding.code.code, "{}", case.name);
            assert_eq!(result.rule_id.as_deref(), Some(finding.code.code));
            assert_eq!(serde_json::to_value(result.level).expect("a word"), json["severity"]);
            let text = result.message.text.as_deref().expect("a message");
            if !finding.labels.iter().any(|label| label.message.contains(['[', ']', '\\'])) {
                says_everything(text, finding, &case.name);
            }

            let first = result.locations.iter().flatten();
            let related = result.related_locations.iter().flatten();
            let labels = json["labels"].as_array().expect("labels");
            assert_eq!(first.clone().count() + related.clone().count(), labels.len(), "{}", case.name);
            for (location, label) in first.chain(related).zip(labels) {
                let physical = location.physical_location.as_ref().expect("a place in a file");
                let mut expected = label.clone();
                let message = expected.as_object_mut().and_then(|label| label.remove("message")).expect("a message");
                expected.as_object_mut().expect("an object").remove("primary");
                assert_eq!(place(physical), expected, "{}", case.name);
                let given = location.message.as_ref().and_then(|message| message.text.as_deref());
                assert_eq!(given.unwrap_or_default(), message, "{}", case.name);
                let at = physical.artifact_location.as_ref().expect("a file");
                let index = usize::try_from(at.index.expect("an index")).expect("it is no less than 0");
                assert_eq!(artifacts[index].location.as_ref().expect("a file").uri, at.uri, "{}", case.name);
            }
        }
    }
}

#[test]
fn what_has_no_place_is_told_with_the_run() {
    for case in every_case() {
        let document = value(&case);
        let invocation = &document["runs"][0]["invocations"][0];
        let told = invocation["toolConfigurationNotifications"].as_array().expect("notifications");
        let findings: Vec<_> = case.findings.iter().filter(|finding| finding.place().is_none()).collect();
        assert_eq!(told.len(), findings.len(), "{}", case.name);
        assert_eq!(invocation["executionSuccessful"], json!(findings.is_empty()), "{}", case.name);
        for (told, finding) in told.iter().zip(findings) {
            assert_eq!(told["associatedRule"]["id"], finding.code.code);
            says_everything(told["message"]["text"].as_str().expect("a sentence"), finding, &case.name);
        }
    }
}

/// A text with the replacements made that a document gives for it, by line and column alone.
fn replaced(text: &str, replacements: &[sarif::Replacement]) -> String {
    let offset = |line: i64, column: i64| {
        let (line, column) = (usize::try_from(line - 1).expect("from 1"), usize::try_from(column - 1).expect("from 1"));
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        before + text[before..].chars().take(column).map(char::len_utf8).sum::<usize>()
    };
    let mut edits: Vec<_> = replacements
        .iter()
        .map(|replacement| {
            let region = &replacement.deleted_region;
            let number = |number: Option<i64>| number.expect("all four numbers are given");
            let start = offset(number(region.start_line), number(region.start_column));
            let end = offset(number(region.end_line), number(region.end_column));
            let new =
                replacement.inserted_content.as_ref().and_then(|content| content.text.clone()).unwrap_or_default();
            (start..end, new)
        })
        .collect();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse((range.start, range.end)));
    let mut out = text.to_owned();
    for (range, new) in edits {
        out.replace_range(range, &new);
    }
    out
}

/// The text of a file with the edits of a fix made.
fn edited(text: &str, fix: &Fix, of: impl Fn(Span) -> bool) -> String {
    let mut edits: Vec<_> = fix.edits.iter().filter(|edit| of(edit.span)).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut out = text.to_owned();
    for edit in edits {
        out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    out
}

#[test]
fn fixes_are_exact() {
    let mut compared = 0;
    for case in every_case() {
        for (result, finding) in
            read(&case).results.iter().flatten().zip(case.findings.iter().filter(|f| f.place().is_some()))
        {
            let fixes = result.fixes.as_deref().unwrap_or_default();
            assert_eq!(fixes.len(), finding.fixes.len(), "{}", case.name);
            for (given, fix) in fixes.iter().zip(&finding.fixes) {
                for change in &given.artifact_changes {
                    let name = decoded(change.artifact_location.uri.as_deref().expect("a file"));
                    let (id, file) =
                        case.sources.files().find(|(_, file)| file.display() == name).expect("a file of the run");
                    let expected = edited(file.text(), fix, |span| span.file == id);
                    assert_eq!(replaced(file.text(), &change.replacements), expected, "{}", case.name);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 30, "there are fixes: {compared}");
}

fn fingerprints(schema: &str) -> Vec<String> {
    let run = read(&Case::of("schema", &Inputs::text("schemas/a.yaml", schema)));
    let of = |result: &sarif::Result| {
        let prints = result.partial_fingerprints.as_ref().expect("a fingerprint");
        prints["relata/v1"].clone()
    };
    run.results.iter().flatten().map(of).collect()
}

#[test]
fn fingerprints_survive_what_moves_lines() {
    let schema = "models:\n  A:\n    properties: { id: strin, b: strin }\n  B:\n    properties: { id: strin }\n";
    let before = fingerprints(schema);
    assert!(before.len() >= 3, "{before:?}");
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len(), "no two are equal: {before:?}");
    assert_eq!(fingerprints(&format!("# one more line\n\n{schema}")), before);
    assert_eq!(fingerprints(&schema.replace('\n', "\r\n")), before);
    assert_ne!(fingerprints(&schema.replace("strin", "intege")), before);
}

#[test]
fn paths_are_uris() {
    let uri = |name: &str| {
        let checked = check(&Inputs::text(name, "modles: {}\n"));
        let document = render(Format::Sarif, &checked.findings, &checked.sources, false);
        let document: Value = serde_json::from_str(&document).expect("the document is JSON");
        document["runs"][0]["artifacts"][0]["location"].clone()
    };
    let relative = |uri: &str| json!({ "uri": uri, "uriBaseId": "%SRCROOT%" });
    assert_eq!(uri("schemas/a.yaml"), relative("schemas/a.yaml"));
    assert_eq!(uri("./schemas/a.yaml"), relative("schemas/a.yaml"));
    assert_eq!(uri("my schemas/ä#1?.yaml"), relative("my%20schemas/%C3%A4%231%3F.yaml"));
    assert_eq!(uri("a:b.yaml"), relative("a%3Ab.yaml"));
    assert_eq!(uri("/srv/a b.yaml"), json!({ "uri": "file:///srv/a%20b.yaml" }));
    assert_eq!(uri("C:/srv/a.yaml"), json!({ "uri": "file:///C:/srv/a.yaml" }));
    assert_eq!(uri("<stdin>"), json!({ "uri": "%3Cstdin%3E" }));
}

#[test]
fn what_came_from_no_file_is_in_the_document() {
    let checked = check(&Inputs::text("<stdin>", "modles: {}\n"));
    let document = render(Format::Sarif, &checked.findings, &checked.sources, false);
    let document: Value = serde_json::from_str(&document).expect("the document is JSON");
    assert_eq!(document["runs"][0]["artifacts"][0]["contents"], json!({ "text": "modles: {}\n" }));
}

#[test]
fn every_rule_is_described() {
    let findings: Vec<_> = codes::ALL.iter().map(|code| Diagnostic::new(code, "a finding")).collect();
    let document = render(Format::Sarif, &findings, &SourceMap::default(), false);
    let document: Value = serde_json::from_str(&document).expect("the document is JSON");
    assert!(validator().is_valid(&document));
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), codes::ALL.len());
    for rule in rules {
        let info = codes::find(rule["id"].as_str().expect("a name")).expect("it is a code");
        assert_eq!(rule["defaultConfiguration"]["level"], info.severity.as_str());
        for text in [&rule["help"]["text"], &rule["help"]["markdown"]] {
            assert!(text.as_str().is_some_and(|text| text.starts_with(info.explanation)), "{}", info.code);
        }
    }
}
