//! The text of a baseline into entries; what does not fit is a finding.

use super::{Baseline, Entry, Known, Root};
use crate::ast::Reader;
use crate::diagnostic::{Diagnostics, Report, codes, suggest};
use crate::patch::Patches;
use crate::settings::{of_settings, unknown_code};
use crate::source::{SourceMap, Span};
use crate::syntax::{self, Kind, Node};

const KEYS: &[&str] = &["file", "code", "message", "count"];

/// Reads a file that is loaded; `None` where it is not sound, which the report then says.
pub(crate) fn read(sources: SourceMap, mut findings: Diagnostics, root: Root) -> Result<Baseline, Report> {
    let mut entries = Vec::new();
    if !findings.has_errors() {
        let patches = Patches::new(&sources);
        let trees = syntax::parse(&sources, &patches, &mut findings);
        let mut here = Diagnostics::default();
        for tree in trees {
            entries = top_level(tree, &sources, &mut Reader { patches: &patches, findings: &mut here });
        }
        of_settings(here, &mut findings);
    }
    if findings.has_errors() {
        return Err(Report { sources, findings: findings.finish() });
    }
    Ok(Baseline { sources, entries, root })
}

fn top_level(root: Node, sources: &SourceMap, reader: &mut Reader<'_>) -> Vec<Entry> {
    let span = root.span;
    let mut entries = Vec::new();
    for entry in reader.map(root, span, "a baseline").unwrap_or_default() {
        if entry.key.value != "findings" {
            reader.unknown_key(&entry.key, "a baseline", &["findings"]);
            continue;
        }
        let key = entry.key.span;
        let items = reader.list(entry).unwrap_or_default();
        entries.extend(items.into_iter().filter_map(|item| one(item, key, sources, reader)));
    }
    entries
}

fn one(node: Node, key: Span, sources: &SourceMap, reader: &mut Reader<'_>) -> Option<Entry> {
    let span = node.span;
    let is_map = matches!(node.kind, Kind::Map(_));
    let (mut file, mut code, mut message, mut count) = (None, None, None, None);
    let errors = reader.findings.errors();
    for entry in reader.map(node, key, "an entry")? {
        match entry.key.value.as_str() {
            "file" => file = reader.string(entry),
            "code" => code = reader.string(entry),
            "message" => message = reader.string(entry),
            "count" => count = reader.count(&entry),
            _ => reader.unknown_key(&entry.key, "an entry", KEYS),
        }
    }
    if reader.findings.errors() == errors {
        for (key, is_there) in [("file", file.is_some()), ("code", code.is_some()), ("message", message.is_some())] {
            if !is_there {
                reader.missing_key(span, key, "an entry");
            }
        }
    }
    let code = code?;
    let Some(known) = codes::find(&code.value) else {
        let nearest = suggest::nearest(&code.value, codes::ALL.iter().map(|info| info.code));
        reader.findings.push(unknown_code(&code, nearest));
        return None;
    };
    let message = message?;
    Some(Entry {
        known: Known { file: file?.value, code: known.code, message: message.value },
        count: count.as_ref().map_or(1, |count| count.value),
        count_span: count.map(|count| count.span),
        message_span: message.span,
        lines: lines(span, sources).filter(|_| is_map),
    })
}

/// The lines of an entry that begins with `- ` on a line of its own.
fn lines(span: Span, sources: &SourceMap) -> Option<Span> {
    let source = sources.file(span.file);
    let (start, end) = (source.line(span.start).start, source.line(span.end).end);
    if source.text()[start..span.start as usize].trim() != "-" {
        return None;
    }
    Some(Span { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()?, ..span })
}
