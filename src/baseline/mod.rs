//! Known findings: an old schema is checked from the first day, and only what is new is told.
//!
//! A baseline says how often a finding, its code and its words, occurs in a file; lines do not matter, so that edits
//! elsewhere in the file do not either. Findings in, findings out; knows nothing of what they mean. Paths in it are
//! relative to its own folder.

mod place;
mod read;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Report, Severity, codes};
use crate::source::{SourceMap, Span};

pub use place::Root;
pub(crate) use read::read;
pub use write::{Renewed, renew};

/// A baseline, read.
#[derive(Debug)]
pub struct Baseline {
    /// The file itself, so that findings can point into it.
    sources: SourceMap,
    entries: Vec<Entry>,
    root: Root,
}

/// One kind of finding in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    known: Known,
    count: u64,
    /// Where the count is written.
    count_span: Option<Span>,
    /// Where the message is written.
    message_span: Span,
    /// The lines of the entry, if it has lines of its own.
    lines: Option<Span>,
}

/// What tells one kind of finding from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    file: String,
    code: &'static str,
    message: String,
}

/// Which known findings are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hide {
    /// Errors and warnings: to see what is new.
    All,
    /// Warnings: code is emitted from a sound schema only.
    Warnings,
}

/// Findings that say that part of the schema was not looked at. They are never known ones: behind them nothing is.
fn is_blind(code: Code) -> bool {
    matches!(code.family, "files" | "settings") || ["syntax", "merge-key", "unknown-tag"].contains(&code.code)
}

/// Whether everything was looked at.
fn is_complete(report: &Report) -> bool {
    !report.findings.iter().any(|finding| finding.severity == Severity::Error && is_blind(finding.code))
}

impl Baseline {
    /// The path of its file, as it was given.
    pub fn name(&self) -> &str {
        self.sources.files().next().map(|(_, file)| file.display()).unwrap_or_default()
    }

    /// Leaves known findings out of a report, and adds entries that are stale; `whole` where all schemas of the project
    /// were checked, so that an entry for a file that was not read is stale too. Gives the number of findings left out.
    ///
    /// A new error may keep others from being looked for, so that beside one no entry is called stale.
    pub fn apply(self, report: &mut Report, hide: Hide, whole: bool) -> usize {
        let names = names(&report.sources, &self.root);
        let found = found(report, &names);
        let listed = listed(&self.entries);
        let mut comparable = is_complete(report);
        let before = report.findings.len();
        let findings = &mut report.findings;
        findings.retain_mut(|finding| {
            let Some(known) = known(finding, &names) else { return true };
            let (there, in_list) = (found[&known], listed.get(&known).copied().unwrap_or_default());
            comparable &= there <= in_list || finding.severity == Severity::Warning;
            if in_list == 0 {
                return true;
            }
            if hide == Hide::Warnings && finding.severity == Severity::Error {
                finding.notes.push("the baseline lists it, but code is made of a sound schema only".to_owned());
                return true;
            }
            if there > in_list {
                finding.notes.push(format!(
                    "the baseline knows {in_list} of these {there}; which of them is new cannot be told"
                ));
            }
            there > in_list
        });
        let hidden = before - findings.len();
        if comparable {
            let read: BTreeSet<_> = names.iter().map(String::as_str).collect();
            let looked_at = |entry: &Entry| whole || read.contains(entry.known.file.as_str());
            let stale = stale(&self.entries, found, looked_at);
            report.add(self.sources, stale);
        }
        hidden
    }
}

/// What a baseline calls each file, in their order.
fn names(sources: &SourceMap, root: &Root) -> Vec<String> {
    sources.files().map(|(_, file)| root.relative(file.display())).collect()
}

/// What tells a finding from others; none for one without a place, or that is never a known one.
fn known(finding: &Diagnostic, names: &[String]) -> Option<Known> {
    let place = finding.place().filter(|_| !is_blind(finding.code))?;
    let file = names[place.file.0 as usize].clone();
    Some(Known { file, code: finding.code.code, message: finding.message.clone() })
}

/// How often each kind of finding occurs.
fn found(report: &Report, names: &[String]) -> BTreeMap<Known, u64> {
    let mut found = BTreeMap::new();
    for known in report.findings.iter().filter_map(|finding| known(finding, names)) {
        *found.entry(known).or_default() += 1;
    }
    found
}

/// How often a baseline says that each occurs; merged branches may have left an entry twice.
fn listed(entries: &[Entry]) -> BTreeMap<Known, u64> {
    let mut listed = BTreeMap::<Known, u64>::new();
    for entry in entries {
        let count = listed.entry(entry.known.clone()).or_default();
        *count = count.saturating_add(entry.count);
    }
    listed
}

/// Entries that say more than is there.
fn stale(entries: &[Entry], mut found: BTreeMap<Known, u64>, looked_at: impl Fn(&Entry) -> bool) -> Vec<Diagnostic> {
    let mut stale = Vec::new();
    for entry in entries.iter().filter(|entry| looked_at(entry)) {
        let left = found.get(&entry.known).copied().unwrap_or_default();
        let taken = left.min(entry.count);
        found.insert(entry.known.clone(), left - taken);
        if taken < entry.count {
            stale.push(entry.finding(taken));
        }
    }
    stale
}

impl Entry {
    fn finding(&self, there: u64) -> Diagnostic {
        let Known { file, code, .. } = &self.known;
        if there == 0 {
            let message = format!("the baseline lists a finding `{code}` in `{file}` that is no longer there");
            return Diagnostic::new(&codes::STALE_BASELINE, message)
                .primary(self.message_span, "it would be hidden when it comes back")
                .fix_if(self.lines.map(|lines| Fix::certain("remove the entry", [Edit::replace(lines, "")])));
        }
        let now = if there == 1 { "there is 1".to_owned() } else { format!("there are {there}") };
        let message = format!("the baseline lists {} findings `{code}` in `{file}`, and now {now}", self.count);
        let fix = self
            .count_span
            .map(|span| Fix::certain(format!("write `{there}`"), [Edit::replace(span, there.to_string())]));
        let span = self.count_span.unwrap_or(self.message_span);
        Diagnostic::new(&codes::STALE_BASELINE, message).primary(span, "this would hide new ones").fix_if(fix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Inputs, check};

    /// Beside what is never known there may be findings that nobody looked for: this one is looked for late.
    const PROBE: &str =
        "models: { Probe: { properties: { id: { type: integer, id: true } }, relations: [{ hasMany: Nowhere }] } }";

    #[test]
    fn what_keeps_others_from_being_found_is_never_known() {
        let schemas = codes::ALL.iter().filter(|info| !info.is_of_settings() && !info.wrong.is_empty());
        for info in schemas {
            let checked = check(&Inputs::text("wrong.yaml", info.wrong).and_text("probe.yaml", PROBE));
            let is_probe = |finding: &Diagnostic| {
                finding.place().is_some_and(|place| checked.sources.file(place.file).display() == "probe.yaml")
            };
            let all_seen = checked.findings.iter().any(is_probe);
            assert!(all_seen || is_blind(info), "`{info}` hides others, and a baseline would hide it");
        }
    }
}
