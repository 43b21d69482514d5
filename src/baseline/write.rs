//! Findings into the text of a baseline: sorted, a line a word, the same on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::{Baseline, Known, Root, found, is_complete, listed, names};
use crate::diagnostic::Report;

/// A baseline, written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// The file.
    pub text: String,
    /// How many findings it knows.
    pub known: u64,
    /// How many of them it did not know before.
    pub added: u64,
    /// How many it no longer knows.
    pub removed: u64,
}

/// Everything found, as a baseline at that path. Entries of files that were not looked at stay, unless `whole`. None
/// where part of a schema could not be looked at, for what is behind it would be missing.
pub fn renew(path: &Path, report: &Report, previous: Option<&Baseline>, whole: bool) -> Option<Renewed> {
    if !is_complete(report) {
        return None;
    }
    let names = names(&report.sources, &Root::of(path));
    let before = previous.map(|previous| listed(&previous.entries)).unwrap_or_default();
    let mut now = found(report, &names);
    if !whole {
        let read: BTreeSet<_> = names.iter().collect();
        let untouched = before.iter().filter(|(known, _)| !read.contains(&known.file));
        now.extend(untouched.map(|(known, count)| (known.clone(), *count)));
    }
    let more = |a: &BTreeMap<Known, u64>, b: &BTreeMap<Known, u64>| -> u64 {
        a.iter().map(|(known, count)| count.saturating_sub(b.get(known).copied().unwrap_or_default())).sum()
    };
    let (added, removed) = (more(&now, &before), more(&before, &now));
    Some(Renewed { text: text(&now, path), known: now.values().sum(), added, removed })
}

fn text(known: &BTreeMap<Known, u64>, path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut text = format!(
        "# Findings that were there before: `relata check` tells only what is new. Remove an entry when it is mended, or \
         renew all with\n#   relata check --baseline {name} --update-baseline\n"
    );
    if known.is_empty() {
        text.push_str("findings: []\n");
        return text;
    }
    text.push_str("findings:\n");
    for (Known { file, code, message }, count) in known {
        let (file, message) = (word(file), quoted(message));
        writeln!(text, "  - file: {file}\n    code: {code}\n    message: {message}\n    count: {count}")
            .expect("writing to a string cannot fail");
    }
    text
}

/// As it is where YAML cannot take it for something else.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let is_path = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.') && text.contains('.');
    let is_number = text.chars().all(|c| !c.is_ascii_alphabetic() || c == 'e' || c == 'E');
    if is_path && !is_number && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

/// A JSON string is a YAML string, once what YAML does not take as it is is escaped.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a string always serialises");
    let mut quoted = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
            write!(quoted, "\\u{:04x}", u32::from(c)).expect("writing to a string cannot fail");
        } else {
            quoted.push(c);
        }
    }
    quoted
}
