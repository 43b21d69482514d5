//! One JSON object a line, for programs. Lines and columns count from 1, columns in characters.

use serde::Serialize;

use super::place::Place;
use super::{Diagnostic, Fix, Label};
use crate::source::SourceMap;

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in findings {
        let line = serde_json::to_string(&Line::new(finding, sources)).expect("strings and numbers always serialise");
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    labels: Vec<LabelLine<'a>>,
    notes: &'a [String],
    fixes: Vec<FixLine<'a>>,
}

#[derive(Serialize)]
struct LabelLine<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
    primary: bool,
}

#[derive(Serialize)]
struct FixLine<'a> {
    message: &'a str,
    applicability: &'static str,
    edits: Vec<EditLine<'a>>,
}

#[derive(Serialize)]
struct EditLine<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn new(finding: &'a Diagnostic, sources: &'a SourceMap) -> Self {
        Self {
            code: finding.code.code,
            severity: finding.severity.as_str(),
            message: &finding.message,
            place: finding.place().map(|span| Place::new(span, sources)),
            labels: finding.labels.iter().map(|label| LabelLine::new(label, sources)).collect(),
            notes: &finding.notes,
            fixes: finding.fixes.iter().map(|fix| FixLine::new(fix, sources)).collect(),
        }
    }
}

impl<'a> LabelLine<'a> {
    fn new(label: &'a Label, sources: &'a SourceMap) -> Self {
        Self { place: Place::new(label.span, sources), message: &label.message, primary: label.primary }
    }
}

impl<'a> FixLine<'a> {
    fn new(fix: &'a Fix, sources: &'a SourceMap) -> Self {
        let edits = fix.edits.iter().map(|edit| EditLine { place: Place::new(edit.span, sources), text: &edit.text });
        Self { message: &fix.message, applicability: fix.applicability.as_str(), edits: edits.collect() }
    }
}
