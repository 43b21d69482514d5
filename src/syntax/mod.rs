//! Text into a generic tree that knows where each word stands; YAML and JSON alike.
//!
//! Knows nothing of models and relations. Numbers are kept as they are spelt and never become floats. Spans of
//! quoted words leave the quotes out, so that a caret points at the word and a replacement keeps the quotes.

mod budget;
mod characters;
mod errors;
mod read;
mod scalar;

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::patch::Patches;
use crate::source::{FileId, SourceFile, SourceMap, Span, Spanned};

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Of a quoted string: what is inside the quotes.
    pub(crate) span: Span,
    pub(crate) quoted: bool,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    /// As spelt in the source.
    Number(String),
    String(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a map with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: Spanned<String>,
    pub(crate) value: Node,
}

impl Node {
    /// The place with its quotes, for replacing a string by something else.
    pub(crate) fn whole(&self) -> Span {
        let quote = u32::from(self.quoted);
        Span { start: self.span.start - quote, end: self.span.end + quote, ..self.span }
    }
}

impl Node {
    /// Whether it says the same, wherever it stands.
    fn is_like(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::List(these), Kind::List(those)) => {
                these.len() == those.len() && these.iter().zip(those).all(|(this, that)| this.is_like(that))
            }
            (Kind::Map(these), Kind::Map(those)) => {
                let same = |(this, that): (&Entry, &Entry)| {
                    this.key.value == that.key.value && this.value.is_like(&that.value)
                };
                these.len() == those.len() && these.iter().zip(those).all(same)
            }
            (this, that) => this == that,
        }
    }
}

impl Kind {
    /// The kind with its article, for messages.
    pub(crate) fn described(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Reads every file that is well formed and reports the others.
pub(crate) fn parse(sources: &SourceMap, patches: &Patches<'_>, findings: &mut Diagnostics) -> Vec<Node> {
    sources.files().filter_map(|(file, source)| parse_file(file, source, patches, findings)).collect()
}

fn parse_file(file: FileId, source: &SourceFile, patches: &Patches<'_>, findings: &mut Diagnostics) -> Option<Node> {
    if let Some(hidden) = characters::hidden(file, source) {
        findings.push(hidden);
        return None;
    }
    match read::read(file, source) {
        Ok(root) => {
            report_duplicates(&root, patches, findings);
            Some(root)
        }
        Err(wrong) => {
            findings.extend(wrong);
            None
        }
    }
}

/// A key that stands twice in one map means that one of the two is lost.
fn report_duplicates(node: &Node, patches: &Patches<'_>, findings: &mut Diagnostics) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| report_duplicates(item, patches, findings)),
        Kind::Map(entries) => {
            let mut first: HashMap<&str, &Entry> = HashMap::with_capacity(entries.len());
            for entry in entries {
                if let Some(earlier) = first.insert(&entry.key.value, entry) {
                    first.insert(&entry.key.value, earlier);
                    let equal = earlier.value.is_like(&entry.value);
                    let remove = || patches.certain("remove the second", [patches.remove_entry(entry.key.span)]);
                    findings.push(
                        Diagnostic::new(&codes::DUPLICATE_KEY, format!("the key `{}` is given twice", entry.key.value))
                            .primary(entry.key.span, "given again here")
                            .label(earlier.key.span, "first given here")
                            .fix_if(equal.then(remove).flatten()),
                    );
                }
                report_duplicates(&entry.value, patches, findings);
            }
        }
        _ => {}
    }
}
