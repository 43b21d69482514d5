//! Edits that write a key into a declaration in the layout it already has: block, flow or JSON.

use crate::diagnostic::{Edit, Fix};
use crate::source::{SourceMap, Span};

use super::RelationDecl;

/// Writes `key: value` after the relation's kind.
pub(crate) fn add_key(sources: &SourceMap, relation: &RelationDecl, key: &str, value: &str) -> Option<Fix> {
    let target = relation.targets.first().filter(|_| !relation.has_target_list)?;
    let text = sources.file(relation.span.file).text();
    let before_key = text[..relation.span.start as usize].chars().next_back();
    let quote = if before_key == Some('"') { "\"" } else { "" };
    let quoted_value =
        text[..target.span.start as usize].ends_with('"') || text[..target.span.start as usize].ends_with('\'');
    let end = target.span.end + u32::from(quoted_value);
    let at = Span { start: end, end, ..target.span };
    let inserted = if is_flow(text, relation.entry) {
        format!(", {quote}{key}{quote}: {quote}{value}{quote}")
    } else {
        let line_start = text[..relation.span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = text[line_start..relation.span.start as usize].chars().count();
        format!("\n{}{key}: {value}", " ".repeat(indent))
    };
    Some(Fix::certain(format!("add `{key}: {value}`"), [Edit::insert(at, inserted)]))
}

/// A flow map begins with its brace, a block map with its first key.
fn is_flow(text: &str, entry: Span) -> bool {
    text[entry.start as usize..].starts_with('{')
}
