//! Every schema of the repository: fixtures, examples of codes, blocks of the documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Diagnostic, Severity, codes};
use relata_compiler::{Inputs, check};
use serde_json::Value;
use serde_yaml_original as yaml;

/// One schema with what the front end says of it.
pub(crate) struct Case {
    /// Where it comes from.
    pub(crate) name: String,
    /// Its files: the values, or why they cannot be read as such.
    pub(crate) files: Vec<Result<Value, String>>,
    /// The codes of its errors.
    pub(crate) errors: BTreeSet<&'static str>,
    /// The codes of its warnings.
    pub(crate) warnings: BTreeSet<&'static str>,
}

/// A text as a value, by a parser that is not the front end's and takes JSON too.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    yaml::from_str::<yaml::Value>(text).map_err(|error| error.to_string()).and_then(from_yaml)
}

fn from_yaml(value: yaml::Value) -> Result<Value, String> {
    Ok(match value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Bool(value) => value.into(),
        yaml::Value::Number(number) => {
            // JSON cannot say that something is not a number.
            serde_json::from_str(&number.to_string()).unwrap_or_else(|_| number.to_string().into())
        }
        yaml::Value::String(text) => text.into(),
        yaml::Value::Sequence(items) => items.into_iter().map(from_yaml).collect::<Result<_, _>>()?,
        yaml::Value::Mapping(entries) => Value::Object(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let key = match key {
                        yaml::Value::String(key) => key,
                        yaml::Value::Number(key) => key.to_string(),
                        yaml::Value::Bool(key) => key.to_string(),
                        key => return Err(format!("{key:?} is not a key of JSON")),
                    };
                    Ok((key, from_yaml(value)?))
                })
                .collect::<Result<_, _>>()?,
        ),
        yaml::Value::Tagged(tagged) => return Err(format!("the tag {} is not in JSON", tagged.tag)),
    })
}

/// Every schema there is.
pub(crate) fn all() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = Vec::new();
    for folder in ["tests/fixtures/ui", "tests/fixtures/golden", "schemas", "conformance/schemas"] {
        in_folder(&root.join(folder), &mut cases);
    }
    for info in codes::ALL {
        for (kind, text) in [("wrong", info.wrong), ("right", info.right)] {
            if !text.is_empty() {
                let texts = vec![("schema.yaml".to_owned(), text.to_owned())];
                cases.push(case(format!("{kind} example of {}", info.code), texts));
            }
        }
    }
    in_documents(&root.join("README.md"), &mut cases);
    let pages = fs::read_dir(root.join("docs")).expect("there are documents").filter_map(Result::ok);
    for page in pages.map(|page| page.path()).filter(|page| page.extension().is_some_and(|it| it == "md")) {
        in_documents(&page, &mut cases);
    }
    cases
}

/// The files of a folder are one schema.
fn in_folder(folder: &Path, cases: &mut Vec<Case>) {
    let entries = fs::read_dir(folder).expect("the folder is readable").filter_map(Result::ok);
    let (mut folders, mut files): (Vec<PathBuf>, Vec<_>) =
        entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    folders.sort();
    files.sort();
    let texts: Vec<_> = files.iter().filter_map(|file| schema_text(file)).collect();
    if !texts.is_empty() {
        cases.push(case(folder.display().to_string(), texts));
    }
    for folder in &folders {
        in_folder(folder, cases);
    }
}

/// The name and text of a schema file; other files lie beside them.
fn schema_text(file: &Path) -> Option<(String, String)> {
    let name = file.file_name()?.to_str()?;
    let is_schema = [".yaml", ".yml", ".json"].iter().any(|extension| name.ends_with(extension))
        && !name.ends_with(".schema.json")
        && !name.starts_with("expected.")
        && name != "relata.yaml";
    Some((name.to_owned(), fs::read_to_string(file).ok()?)).filter(|_| is_schema)
}

/// The fenced blocks that are whole schemas.
fn in_documents(page: &Path, cases: &mut Vec<Case>) {
    let text = fs::read_to_string(page).expect("the page is readable");
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let body: Vec<_> = lines.by_ref().map(|(line, _)| line).take_while(|line| line.trim() != "```").collect();
        let language = info.split(' ').next().unwrap_or_default();
        let body = body.join("\n") + "\n";
        if matches!(language, "yaml" | "json") && body.contains("models") && !info.contains("relata.yaml") {
            cases.push(case(format!("{}:{number}", page.display()), vec![(format!("schema.{language}"), body)]));
        }
    }
}

pub(crate) fn case(name: String, texts: Vec<(String, String)>) -> Case {
    let files = texts.iter().map(|(_, text)| value(text)).collect();
    let (errors, warnings) = found(texts);
    Case { name, files, errors, warnings }
}

/// What the front end says: the codes of errors and of warnings.
pub(crate) fn found(texts: Vec<(String, String)>) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let inputs = texts.into_iter().fold(Inputs::default(), |inputs, (name, text)| inputs.and_text(name, text));
    let (errors, warnings): (Vec<_>, Vec<_>) =
        check(&inputs).findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    let codes = |findings: Vec<Diagnostic>| findings.iter().map(code).collect();
    (codes(errors), codes(warnings))
}

/// The code of a finding; that an abstract model is empty hangs together with what its base declares.
fn code(finding: &Diagnostic) -> &'static str {
    let code = finding.code.code;
    let is_empty_model = code == "missing-key" && finding.message.starts_with("the model");
    if is_empty_model { super::said::EMPTY_MODEL } else { code }
}
