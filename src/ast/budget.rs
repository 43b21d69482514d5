//! How much a file may declare. A declaration costs a hundred times the memory of the line that makes it.
//!
//! A file of the largest size that is read holds 2,400 models with 15 properties and 5 relations each: 50,000
//! declarations. Knows nothing of what they say.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

/// Models, properties, relations, indexes, enums and their variants of one file.
const MAX_DECLARATIONS: usize = 100_000;

/// The files that declare no more than a file may; the others are reported.
pub(crate) fn within(roots: Vec<Node>, findings: &mut Diagnostics) -> Vec<Node> {
    let small = |root: &Node| match beyond(root) {
        None => true,
        Some(place) => {
            let message = format!("the file declares more than {MAX_DECLARATIONS} models, properties and relations");
            let finding = Diagnostic::new(&codes::TOO_MANY_DECLARATIONS, message);
            findings.push(
                finding
                    .primary(place, "the limit is passed here")
                    .note("split it: all files are merged into one schema"),
            );
            false
        }
    };
    roots.into_iter().filter(small).collect()
}

/// Where a file passes the limit.
fn beyond(root: &Node) -> Option<Span> {
    let mut declared = 0;
    for section in entries(root) {
        for declaration in entries(&section.value) {
            declared += 1 + size(&declaration.value);
            if declared > MAX_DECLARATIONS {
                return Some(declaration.key.span);
            }
        }
    }
    None
}

/// A model's properties, relations and indexes, an enum's variants.
fn size(declaration: &Node) -> usize {
    match &declaration.kind {
        Kind::List(items) => items.len(),
        Kind::Map(parts) => parts.iter().map(|part| length(&part.value)).sum(),
        _ => 0,
    }
}

fn length(node: &Node) -> usize {
    match &node.kind {
        Kind::List(items) => items.len(),
        Kind::Map(entries) => entries.len(),
        _ => 0,
    }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.kind {
        Kind::Map(entries) => entries,
        _ => &[],
    }
}
