//! A finding in plain sentences, for places that show neither the schema's lines nor more than one place: what is
//! wrong, every other place that matters, the notes, and each fix as the lines that it changes.

use super::place::Place;
use super::{Diagnostic, Label, patch};
use crate::source::SourceMap;

/// Everything that there is to say, a line each; others than the first label are written by `related`, which is given
/// their number from 1.
pub(super) fn told(finding: &Diagnostic, sources: &SourceMap, related: impl Fn(usize, &Label) -> String) -> String {
    let mut lines = vec![finding.message.clone()];
    let mut labels = finding.labels.iter();
    lines.extend(labels.next().map(|label| label.message.clone()).filter(|message| !message.is_empty()));
    lines.extend(labels.zip(1..).map(|(label, number)| related(number, label)));
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    for fix in &finding.fixes {
        lines.push(format!("help: {}", fix.message));
        lines.push(patch::lines(fix, sources));
    }
    lines.join("\n")
}

/// A label with its place before it.
pub(super) fn placed(label: &Label, sources: &SourceMap) -> String {
    let Place { file, line, column, .. } = Place::new(label.span, sources);
    let message = if label.message.is_empty() { "this matters too" } else { &label.message };
    format!("{file}:{line}:{column}: {message}")
}
