//! One line for each finding, for editors and logs that jump to places.

use std::fmt::Write;

use super::{Diagnostic, visible};
use crate::source::SourceMap;

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in findings {
        if let Some(span) = finding.place() {
            let file = sources.file(span.file);
            let at = file.position(span.start);
            let path = visible::characters(file.display());
            write!(out, "{path}:{}:{}: ", at.line, at.column).expect("writing to a string cannot fail");
        }
        writeln!(out, "{}[{}]: {}", finding.severity, finding.code, finding.message)
            .expect("writing to a string cannot fail");
    }
    out
}
