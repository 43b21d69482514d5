//! Text into a generic tree that knows where each word stands; YAML and JSON alike.
//!
//! Knows nothing of models and relations. Numbers are kept as they are spelt and never become floats. Spans of
//! quoted words leave the quotes out, so that a caret points at the word and a replacement keeps the quotes.

mod budget;
mod errors;
mod read;
mod tree;

use std::collections::HashMap;
use std::thread;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::patch::Patches;
use crate::source::{FileId, SourceMap, Span, Spanned};

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

/// Room for [`budget::MAX_DEPTH`] levels of the parser's recursion, which in an unoptimised build does not fit into
/// the stack of every thread that may call us.
const STACK: usize = 16 * 1024 * 1024;

/// Reads every file that is well formed and reports the others.
pub(crate) fn parse(sources: &SourceMap, patches: &Patches<'_>, findings: &mut Diagnostics) -> Vec<Node> {
    let mut here = Diagnostics::default();
    let trees = thread::scope(|scope| {
        let parse_all =
            || sources.files().filter_map(|(file, _)| parse_file(file, sources, patches, &mut here)).collect();
        let parser = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parse_all);
        let parser = parser.expect("a program that may not start a thread cannot build either");
        parser.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    findings.append(here);
    trees
}

fn parse_file(file: FileId, sources: &SourceMap, patches: &Patches<'_>, findings: &mut Diagnostics) -> Option<Node> {
    let source = sources.file(file);
    match read::read(source.text()) {
        Ok(root) => {
            let root = tree::Placing::new(file, source.text()).place(root);
            report_duplicates(&root, patches, findings);
            Some(root)
        }
        Err(error) => {
            findings.push(errors::finding(&error, file, source));
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
