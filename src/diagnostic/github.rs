//! GitHub's workflow commands: a step that prints them annotates the lines of a pull request.
//!
//! An annotation shows nothing of the schema but the line it stands at, so its message says everything.

use std::fmt::Write as _;

use super::place::Place;
use super::{Diagnostic, told};
use crate::source::SourceMap;

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in findings {
        let mut properties = finding.place().map(|span| place(&Place::new(span, sources))).unwrap_or_default();
        properties.push(format!("title={}", property(&format!("relata ({})", finding.code))));
        let message = told::told(finding, sources, |_, label| told::placed(label, sources));
        writeln!(out, "::{} {}::{}", finding.severity, properties.join(","), data(&message))
            .expect("writing to a string cannot fail");
    }
    out
}

fn place(place: &Place<'_>) -> Vec<String> {
    let mut properties = vec![format!("file={}", property(place.file)), format!("line={}", place.line)];
    // GitHub takes columns only where both are of one line.
    if place.line == place.end_line {
        properties.push(format!("col={}", place.column));
    }
    properties.push(format!("endLine={}", place.end_line));
    if place.line == place.end_line {
        properties.push(format!("endColumn={}", place.end_column));
    }
    properties
}

/// A command ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// And a property with a comma or two colons.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
