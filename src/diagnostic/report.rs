//! The findings of a run together with the files that they point into.

use std::collections::BTreeMap;

use super::{Diagnostic, Severity};
use crate::source::{FileId, SourceMap, Span};

/// Findings and what is needed to show them.
#[derive(Debug, Default)]
pub struct Report {
    /// Every file that was read.
    pub sources: SourceMap,
    /// Errors and warnings.
    pub findings: Vec<Diagnostic>,
}

impl Report {
    /// Adds what another part of the run read and found, so that one text can tell of both.
    pub fn add(&mut self, sources: SourceMap, findings: Vec<Diagnostic>) {
        let ids: BTreeMap<FileId, FileId> = (0..).map(FileId).zip(self.sources.absorb(sources)).collect();
        let moved = |span: &mut Span| span.file = ids.get(&span.file).copied().unwrap_or(span.file);
        for mut finding in findings {
            finding.labels.iter_mut().for_each(|label| moved(&mut label.span));
            finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| moved(&mut edit.span));
            self.findings.push(finding);
        }
    }

    /// Sorts by file, place and code, and tells the same only once.
    pub fn sort(&mut self) {
        let sources = &self.sources;
        let key = |finding: &Diagnostic| {
            let place = finding.place();
            (place.map(|span| sources.file(span.file).display()), place)
        };
        self.findings.sort_by(|a, b| {
            key(a).cmp(&key(b)).then_with(|| (a.code.code, &a.message).cmp(&(b.code.code, &b.message)))
        });
        self.findings.dedup();
    }

    /// Whether anything found is an error.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Inputs, check};

    fn checked(inputs: &Inputs) -> (SourceMap, Vec<Diagnostic>) {
        let checked = check(inputs);
        (checked.sources, checked.findings)
    }

    #[test]
    fn files_keep_their_findings() {
        let (wrong, other) = ("models: { A: 1 }\n", "models: { B: 2 }\n");
        let mut report = Report::default();
        for inputs in [Inputs::text("b.yaml", wrong), Inputs::text("a.yaml", other).and_text("b.yaml", wrong)] {
            let (sources, findings) = checked(&inputs);
            report.add(sources, findings);
        }
        report.sort();
        let told: Vec<_> = report.findings.iter().filter_map(Diagnostic::place).collect();
        let told: Vec<_> =
            told.into_iter().map(|at| (report.sources.file(at.file).display(), report.sources.slice(at))).collect();
        assert_eq!(told, [("a.yaml", "2"), ("b.yaml", "1")], "each once, sorted by file");
        assert_eq!(report.sources.files().count(), 2);
    }
}
