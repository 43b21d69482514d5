//! One SARIF 2.1.0 document, also when there is nothing to say: without results, code scanning closes its alerts.
//!
//! Columns count characters, and the document says so. Paths are relative to where the program ran. A finding without
//! a place is about the run and stands with it: code scanning refuses a document with a result that has none.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::codes::Code;
use super::place::Place;
use super::{Diagnostic, Edit, Fix, Severity, fingerprint, told};
use crate::source::{FileId, SourceMap, Span};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The folder that relative paths start from.
const ROOT: &str = "%SRCROOT%";

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap) -> String {
    let document = Document::new(findings, sources);
    let run = document.run(findings);
    format!("{:#}\n", json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// The rules and files that results refer to by their index.
struct Document<'a> {
    sources: &'a SourceMap,
    rules: Vec<Code>,
    files: Vec<FileId>,
}

impl<'a> Document<'a> {
    fn new(findings: &[Diagnostic], sources: &'a SourceMap) -> Self {
        let mut rules: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
        rules.sort_unstable_by_key(|rule| rule.code);
        rules.dedup();
        let labels = findings.iter().flat_map(|finding| &finding.labels).map(|label| label.span.file);
        let fixes = findings.iter().flat_map(|finding| &finding.fixes).flat_map(|fix| &fix.edits);
        let mut files: Vec<FileId> = labels.chain(fixes.map(|edit| edit.span.file)).collect();
        files.sort_unstable();
        files.dedup();
        Self { sources, rules, files }
    }

    fn run(&self, findings: &[Diagnostic]) -> Value {
        let results = findings.iter().zip(fingerprint::all(findings, self.sources));
        let results = results.filter(|(finding, _)| finding.place().is_some());
        let elsewhere = findings.iter().filter(|finding| finding.place().is_none());
        let complete = elsewhere.clone().all(|finding| finding.severity != Severity::Error);
        json!({
            "tool": { "driver": {
                "name": "relata",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": self.rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": complete,
                "toolConfigurationNotifications": elsewhere.map(|finding| self.notification(finding)).collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { ROOT: { "description": { "text": "The folder that relata ran in." } } },
            "artifacts": self.files.iter().map(|file| self.artifact(*file)).collect::<Vec<_>>(),
            "results": results.map(|(finding, print)| self.result(finding, &print)).collect::<Vec<_>>(),
        })
    }

    fn artifact(&self, file: FileId) -> Value {
        let source = self.sources.file(file);
        let mut artifact = json!({ "location": location(source.display()), "roles": ["analysisTarget"] });
        // What came from no file can be shown by no other program, unless it is told.
        if is_stream(source.display()) {
            artifact["contents"] = json!({ "text": source.text() });
        }
        artifact
    }

    fn notification(&self, finding: &Diagnostic) -> Value {
        json!({
            "associatedRule": { "id": finding.code.code, "index": self.index(finding.code) },
            "level": finding.severity.as_str(),
            "message": { "text": told::told(finding, self.sources, |_, label| label.message.clone()) },
        })
    }

    fn result(&self, finding: &Diagnostic, fingerprint: &str) -> Value {
        let mut labels = finding.labels.iter();
        let locations: Vec<_> =
            labels.next().map(|label| self.location(label.span, &label.message)).into_iter().collect();
        let related = labels.zip(1..).map(|(label, id): (_, usize)| {
            let mut location = self.location(label.span, &label.message);
            location["id"] = json!(id);
            location
        });
        let message = told::told(finding, self.sources, |id, label| {
            let text = if label.message.is_empty() { "this matters too" } else { &label.message };
            format!("[{}]({id})", text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]"))
        });
        json!({
            "ruleId": finding.code.code,
            "ruleIndex": self.index(finding.code),
            "level": finding.severity.as_str(),
            "message": { "text": message },
            "locations": locations,
            "relatedLocations": related.collect::<Vec<_>>(),
            "partialFingerprints": { "relata/v1": fingerprint },
            "fixes": finding.fixes.iter().map(|fix| self.fix(fix)).collect::<Vec<_>>(),
        })
    }

    fn index(&self, code: Code) -> Option<usize> {
        self.rules.binary_search_by_key(&code.code, |rule| rule.code).ok()
    }

    fn location(&self, span: Span, message: &str) -> Value {
        let place = json!({ "artifactLocation": self.indexed(span.file), "region": self.region(span) });
        match message {
            "" => json!({ "physicalLocation": place }),
            _ => json!({ "physicalLocation": place, "message": { "text": message } }),
        }
    }

    fn fix(&self, fix: &Fix) -> Value {
        let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
        files.sort_unstable();
        files.dedup();
        let changes = files.into_iter().map(|file| {
            let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
            json!({
                "artifactLocation": self.indexed(file),
                "replacements": edits.map(|edit| self.replacement(edit)).collect::<Vec<_>>(),
            })
        });
        json!({
            "description": { "text": fix.message },
            "artifactChanges": changes.collect::<Vec<_>>(),
            "properties": { "applicability": fix.applicability.as_str() },
        })
    }

    fn replacement(&self, edit: &Edit) -> Value {
        json!({ "deletedRegion": self.region(edit.span), "insertedContent": { "text": edit.text } })
    }

    fn region(&self, span: Span) -> Value {
        let Place { line, column, end_line, end_column, .. } = Place::new(span, self.sources);
        json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
    }

    fn indexed(&self, file: FileId) -> Value {
        let mut location = location(self.sources.file(file).display());
        location["index"] = json!(self.files.binary_search(&file).ok());
        location
    }
}

fn described(rule: Code) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": format!("{}.", rule.title) },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": rule.text(), "markdown": rule.markdown() },
        "defaultConfiguration": { "level": rule.severity.as_str() },
        "properties": {
            "tags": ["schema", rule.family],
            "precision": "very-high",
            "problem.severity": rule.severity.as_str(),
        },
    })
}

/// A path as a URI, with its base where it is relative.
fn location(path: &str) -> Value {
    let drive = path.get(..2).filter(|start| is_drive(start) && path[2..].starts_with('/'));
    if is_stream(path) {
        json!({ "uri": encoded(path) })
    } else if let Some(drive) = drive {
        json!({ "uri": format!("file:///{drive}{}", encoded(&path[2..])) })
    } else if path.starts_with('/') {
        json!({ "uri": format!("file://{}", encoded(path)) })
    } else {
        json!({ "uri": encoded(path.trim_start_matches("./")), "uriBaseId": ROOT })
    }
}

fn is_stream(path: &str) -> bool {
    path.starts_with('<') && path.ends_with('>')
}

/// As Windows names them: `C:`.
fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// Percent-encoded, except for what a path segment may hold, and slashes; a colon could end a scheme.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte.into()),
            _ => write!(out, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
    }
    out
}
