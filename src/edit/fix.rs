//! Check, make every fix that is certain, check again, until nothing certain is left.
//!
//! A fix that does not remove its finding, or that leaves more errors than there were, is not made. Every pass has
//! fewer findings than the one before or comes to a text that was not there before, so the loop ends.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Rewritten, Selection, rewritten};
use crate::diagnostic::{Applicability, Code, Diagnostic, Diagnostics, Fix, Severity};
use crate::driver::{self, Checked};
use crate::source::SourceMap;
use crate::source::load::{self, Inputs};

/// How often a schema is checked; each time, fixes are made or refused, and one brings few others to light.
const MAX_CHECKS: usize = 200;

/// A finding that a fix was made for, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Of the finding.
    pub code: Code,
    /// What was wrong.
    pub message: String,
    /// What the fix does, as an instruction.
    pub fix: String,
    /// The file of the finding.
    pub file: String,
    /// The finding's line when the fix was made.
    pub line: u32,
    /// The finding's column when the fix was made.
    pub column: u32,
}

/// The outcome of [`fix`].
#[derive(Debug)]
pub struct Fixed {
    /// The files that differ.
    pub files: Vec<Rewritten>,
    /// The fixes that were made, in order.
    pub made: Vec<Mended>,
    /// Fixes that would have made matters worse.
    pub refused: Vec<Mended>,
    /// What is found in the files as they are now.
    pub checked: Checked,
}

/// What makes a fix the same in the next pass, where its places have moved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    code: &'static str,
    finding: String,
    fix: String,
    file: String,
    /// What is written there, to the end of its line.
    text: String,
}

/// How much of the text tells one place from another.
const TELLING: usize = 80;

/// A certain fix of a finding.
struct Candidate {
    identity: Identity,
    fix: Fix,
    mended: Mended,
}

/// Reads a schema and makes every fix that is certain, of the findings that are `wanted`.
pub fn fix(inputs: &Inputs, wanted: &dyn Fn(&Diagnostic) -> bool) -> Fixed {
    let mut unread = Diagnostics::default();
    let sources = load::load(inputs, &mut unread);
    fix_sources(&sources, sources.clone(), &unread, wanted)
}

/// As [`fix`], of files that are read and may differ from the `original` ones already.
pub(super) fn fix_sources(
    original: &SourceMap,
    sources: SourceMap,
    unread: &Diagnostics,
    wanted: &dyn Fn(&Diagnostic) -> bool,
) -> Fixed {
    let check = |sources: SourceMap| driver::check_sources(sources, unread.clone());
    let mut checked = check(sources);
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    let mut refused_before = HashSet::new();
    let mut seen = HashSet::from([fingerprint(&checked.sources)]);
    // With a file missing from the picture, what looks certain may not be.
    let mut checks_left: usize = if unread.has_errors() { 0 } else { MAX_CHECKS };
    while checks_left > 0 {
        let mut group = candidates(&checked, wanted);
        group.retain(|candidate| !refused_before.contains(&candidate.identity));
        if group.is_empty() {
            break;
        }
        let mut attempt = |group: &mut Vec<Candidate>| {
            let mut selection = Selection::default();
            group.retain(|candidate| selection.take(&candidate.fix));
            checks_left = checks_left.saturating_sub(1);
            Some(check(selection.apply(&checked.sources))).filter(|next| is_better(&checked, next, group, &seen))
        };
        let mut good = attempt(&mut group);
        // Of fixes that do not work together, the first ones that do: the others are tried again after them.
        while good.is_none() && group.len() > 1 {
            group.truncate(group.len() / 2);
            good = attempt(&mut group);
        }
        if let Some(next) = good {
            seen.insert(fingerprint(&next.sources));
            made.extend(group.into_iter().map(|candidate| candidate.mended));
            checked = next;
        } else {
            refused_before.extend(group.iter().map(|candidate| candidate.identity.clone()));
            refused.extend(group.into_iter().map(|candidate| candidate.mended));
        }
    }
    Fixed { files: rewritten(original, &checked.sources), made, refused, checked }
}

/// The first certain fix of each finding, in order.
fn candidates(checked: &Checked, wanted: &dyn Fn(&Diagnostic) -> bool) -> Vec<Candidate> {
    let findings = checked.findings.iter().filter(|finding| wanted(finding));
    findings
        .filter_map(|finding| {
            let fix = finding.fixes.iter().find(|fix| fix.applicability == Applicability::Certain)?;
            let place = finding.place()?;
            let source = checked.sources.file(place.file);
            let position = source.position(place.start);
            let file = source.display().to_owned();
            let mended = Mended {
                code: finding.code,
                message: finding.message.clone(),
                fix: fix.message.clone(),
                file: file.clone(),
                line: position.line,
                column: position.column,
            };
            let (finding, fix_message) = (finding.message.clone(), fix.message.clone());
            let text =
                source.text()[place.start as usize..].chars().take_while(|next| *next != '\n').take(TELLING).collect();
            let identity = Identity { code: mended.code.code, finding, fix: fix_message, file, text };
            Some(Candidate { identity, fix: fix.clone(), mended })
        })
        .collect()
}

/// Whether there are no more errors than before, fewer of each finding that a fix was made for, and a text that was
/// not there before.
fn is_better(before: &Checked, after: &Checked, taken: &[Candidate], seen: &HashSet<u64>) -> bool {
    let is_mistake = |finding: &&Diagnostic| finding.severity == Severity::Error;
    let errors = |checked: &Checked| checked.findings.iter().filter(is_mistake).count();
    let counts = |checked: &Checked| {
        let mut counts: HashMap<(&'static str, String), usize> = HashMap::new();
        for finding in &checked.findings {
            *counts.entry((finding.code.code, finding.message.clone())).or_default() += 1;
        }
        counts
    };
    let (old, new) = (counts(before), counts(after));
    let count = |counts: &HashMap<_, usize>, identity: &Identity| {
        counts.get(&(identity.code, identity.finding.clone())).copied().unwrap_or_default()
    };
    let is_gone = |candidate: &Candidate| count(&new, &candidate.identity) < count(&old, &candidate.identity);
    errors(after) <= errors(before) && taken.iter().all(is_gone) && !seen.contains(&fingerprint(&after.sources))
}

fn fingerprint(sources: &SourceMap) -> u64 {
    let mut hasher = DefaultHasher::new();
    sources.files().for_each(|(_, file)| file.text().hash(&mut hasher));
    hasher.finish()
}
