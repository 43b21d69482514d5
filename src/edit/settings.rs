//! The certain fixes of `relata.yaml` and of a baseline, which stand alone: none brings another to light.

use std::path::PathBuf;

use super::{Mended, Rewritten, Selection, rewritten};
use crate::diagnostic::{Applicability, Diagnostic, Report};
use crate::source::load;

/// Makes those in the files named, and takes what they mend out of the report.
pub fn fix_settings(report: &mut Report, files: &[PathBuf]) -> (Vec<Rewritten>, Vec<Mended>) {
    let Report { sources, findings } = report;
    let named: Vec<_> = files.iter().map(|file| load::display(file)).collect();
    let mut selection = Selection::default();
    let mut made = Vec::new();
    let mend = |finding: &Diagnostic| {
        let fix = finding.fixes.iter().find(|fix| fix.applicability == Applicability::Certain);
        let (Some(fix), Some(place)) = (fix, finding.place()) else { return true };
        let source = sources.file(place.file);
        if !named.iter().any(|name| name == source.display()) || !selection.take(fix) {
            return true;
        }
        let position = source.position(place.start);
        made.push(Mended {
            code: finding.code,
            message: finding.message.clone(),
            fix: fix.message.clone(),
            file: source.display().to_owned(),
            line: position.line,
            column: position.column,
        });
        false
    };
    findings.retain(mend);
    let files = rewritten(sources, &selection.apply(sources));
    (files, made)
}
