//! Reports that read like rustc's: the schema's own lines with carets, notes, and fixes as patches.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::{Diagnostic, Fix, Severity};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// Lines longer than this are cut around the labels.
const WIDTH: usize = 120;

/// Places that one report shows.
const MAX_LABELS: usize = 24;

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut out = String::new();
    for finding in findings {
        let mut report = vec![main_group(finding, sources)];
        report.extend(finding.fixes.iter().map(|fix| fix_group(fix, sources)));
        let text = renderer.render(&report);
        // Labels end where their text ends; the renderer pads some of them.
        for line in text.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

fn main_group<'a>(finding: &'a Diagnostic, sources: &'a SourceMap) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.code);
    let mut group = Group::with_title(title);
    for file in files_of(finding) {
        let source = sources.file(file);
        if source.text().is_empty() {
            group = group.element(Origin::path(source.display()));
            continue;
        }
        let labels = finding.labels.iter().take(MAX_LABELS).filter(|label| label.span.file == file);
        let window = Window::around(labels.clone().map(|label| label.span), source);
        let labels = labels.map(|label| {
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(window.range(label.span));
            if label.message.is_empty() { annotation } else { annotation.label(label.message.as_str()) }
        });
        group = group.element(window.snippet().path(source.display()).annotations(labels));
    }
    if finding.labels.len() > MAX_LABELS {
        let more = finding.labels.len() - MAX_LABELS;
        group = group.element(Level::NOTE.message(format!("and {more} more places")));
    }
    group.elements(finding.notes.iter().map(|note| Level::NOTE.message(note.as_str())))
}

fn fix_group<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Group<'a> {
    let mut group = Group::with_title(Level::HELP.secondary_title(fix.message.as_str()));
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let source = sources.file(file);
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        let window = Window::around(edits.clone().map(|edit| edit.span), source);
        let patches = edits.map(|edit| Patch::new(window.range(edit.span), edit.text.as_str()));
        group = group.element(window.snippet().path(source.display()).patches(patches));
    }
    group
}

/// The file of the first label, then the others in the order of their labels.
fn files_of(finding: &Diagnostic) -> Vec<FileId> {
    let mut files = Vec::new();
    for label in finding.labels.iter().take(MAX_LABELS) {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

/// The lines that a report shows: the renderer reads all it is given, and a file may be long.
struct Window<'a> {
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Window<'a> {
    fn around(spans: impl Iterator<Item = Span> + Clone, source: &'a SourceFile) -> Self {
        let text = source.text();
        let first = spans.clone().map(|span| span.start).min().unwrap_or_default();
        let last = spans.map(|span| span.end as usize).max().unwrap_or_default().min(text.len());
        let start = text[..(first as usize).min(text.len())].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
        Self { text: &text[start..end], start, first_line: source.position(first).line as usize }
    }

    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let within = |offset: u32| (offset as usize).saturating_sub(self.start).min(self.text.len());
        within(span.start)..within(span.end)
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.first_line)
    }
}
