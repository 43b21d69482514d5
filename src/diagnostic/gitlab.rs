//! GitLab's code quality report, which its merge requests show: one JSON array, empty when there is nothing to say.

use serde_json::{Value, json};

use super::place::Place;
use super::{Diagnostic, Severity, fingerprint, told};
use crate::source::SourceMap;

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap) -> String {
    let issues = findings.iter().zip(fingerprint::all(findings, sources));
    let issues = issues.map(|(finding, fingerprint)| issue(finding, &fingerprint, sources)).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issue(finding: &Diagnostic, fingerprint: &str, sources: &SourceMap) -> Value {
    let severity = match finding.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
    };
    json!({
        "description": told::told(finding, sources, |_, label| told::placed(label, sources)),
        "check_name": finding.code.code,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": location(finding, sources),
    })
}

/// GitLab reads no report with an issue that has no place: such a finding stands at the folder that was checked in.
fn location(finding: &Diagnostic, sources: &SourceMap) -> Value {
    let Some(span) = finding.place() else { return json!({ "path": ".", "lines": { "begin": 1 } }) };
    let Place { file, line, end_line, .. } = Place::new(span, sources);
    json!({
        // It compares paths with those of the repository, which have no dot before them.
        "path": file.strip_prefix("./").unwrap_or(file),
        "lines": { "begin": line, "end": end_line },
    })
}
