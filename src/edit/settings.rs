//! The certain fixes of `relata.yaml` and of a baseline, which stand alone: none brings another to light.

use super::{Mended, Rewritten, Selection, rewritten};
use crate::diagnostic::{Applicability, Diagnostic, Report};

/// Makes them, and takes what they mend out of the report.
pub fn fix_settings(report: &mut Report) -> (Vec<Rewritten>, Vec<Mended>) {
    let Report { sources, findings } = report;
    let mut selection = Selection::default();
    let mut made = Vec::new();
    let mend = |finding: &Diagnostic| {
        let fix = finding.fixes.iter().find(|fix| fix.applicability == Applicability::Certain);
        let (Some(fix), Some(place), true) = (fix, finding.place(), finding.code.is_of_settings()) else { return true };
        if !selection.take(fix) {
            return true;
        }
        let source = sources.file(place.file);
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
