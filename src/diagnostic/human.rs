//! Reports that read like rustc's: the schema's own lines with carets, notes, and fixes as patches.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::excerpt::Excerpt;
use super::place::Place;
use super::{Diagnostic, Fix, Severity, visible};
use crate::source::{FileId, SourceMap, Span};

/// Lines longer than this are cut around the labels.
const WIDTH: usize = 120;

/// Places that one report shows.
const MAX_LABELS: usize = 24;

/// Ends a path that tells its place itself: what the renderer adds is that of the excerpt.
const PLACED: char = '\u{e000}';

/// What is shown of a file, under its path.
struct Shown {
    file: FileId,
    path: String,
    excerpt: Excerpt,
}

pub(super) fn render(findings: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut out = String::new();
    for finding in findings {
        let labels = labelled(finding, sources);
        let fixes = finding.fixes.iter().map(|fix| (fix, patched(fix, labels.first(), sources)));
        let fixes: Vec<_> = fixes.collect();
        let mut report = vec![main_group(finding, &labels, sources)];
        report.extend(fixes.iter().map(|(fix, shown)| fix_group(fix, shown)));
        let text = renderer.render(&report);
        for line in text.lines() {
            let (line, placed) = line.split_once(PLACED).unwrap_or((line, ""));
            let rest = placed.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
            // Labels end where their text ends; the renderer pads some of them.
            out.push_str(format!("{line}{rest}").trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

fn main_group<'a>(finding: &'a Diagnostic, shown: &'a [Shown], sources: &'a SourceMap) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.code);
    let mut group = Group::with_title(title);
    for Shown { file, path, excerpt } in shown {
        if sources.file(*file).text().is_empty() {
            group = group.element(Origin::path(path));
            continue;
        }
        let labels = finding.labels.iter().take(MAX_LABELS).filter(|label| label.span.file == *file);
        let labels = labels.map(|label| {
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(excerpt.range(label.span));
            if label.message.is_empty() { annotation } else { annotation.label(one_line(&label.message)) }
        });
        group = group.element(snippet(excerpt).path(path).annotations(labels));
    }
    if finding.labels.len() > MAX_LABELS {
        let more = finding.labels.len() - MAX_LABELS;
        group = group.element(Level::NOTE.message(format!("and {more} more places")));
    }
    group.elements(finding.notes.iter().map(|note| Level::NOTE.message(note.as_str())))
}

fn fix_group<'a>(fix: &'a Fix, shown: &'a [Shown]) -> Group<'a> {
    let mut group = Group::with_title(Level::HELP.secondary_title(fix.message.as_str()));
    for Shown { file, path, excerpt } in shown {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == *file);
        let patches = edits.map(|edit| Patch::new(excerpt.range(edit.span), edit.text.as_str()));
        if shrinks_to_the_left(&excerpt.text, fix.edits.iter().filter(|edit| edit.span.file == *file), excerpt) {
            for patch in patches.take(MAX_PATCHES) {
                group = group.element(snippet(excerpt).path(path).patch(patch));
            }
        } else {
            group = group.element(snippet(excerpt).path(path).patches(patches));
        }
    }
    group
}

/// Patches that are shown one by one.
const MAX_PATCHES: usize = 3;

/// Whether earlier edits take out more than stands before a later one on its line. The renderer counts what all lines
/// lose against the columns of each, and cannot draw left of the first.
fn shrinks_to_the_left<'a>(text: &str, edits: impl Iterator<Item = &'a super::Edit>, excerpt: &Excerpt) -> bool {
    let width = |text: &str| -> usize {
        text.chars().map(|character| if character == '\t' { 4 } else { 1 + usize::from(!character.is_ascii()) }).sum()
    };
    let column = |at: usize| width(&text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at]);
    let mut lost: Vec<(usize, usize)> = Vec::new();
    for edit in edits {
        let range = excerpt.range(edit.span);
        let start = column(range.start);
        if lost.iter().filter(|(end, _)| *end <= start).map(|(_, width)| width).sum::<usize>() > start {
            return true;
        }
        lost.push((column(range.end), width(&text[range]).saturating_sub(edit.text.trim().chars().count())));
    }
    false
}

/// What is shown of each file that has places of a finding.
fn labelled(finding: &Diagnostic, sources: &SourceMap) -> Vec<Shown> {
    let spans = by_file(finding.labels.iter().take(MAX_LABELS).map(|label| label.span));
    let shown = spans
        .into_iter()
        .map(|(file, spans)| Shown::new(spans[0], Excerpt::around(spans.into_iter(), sources.file(file)), sources));
    shown.collect()
}

/// What is shown of each file that a fix changes; the file that was shown first keeps its path, which the renderer then
/// does not repeat.
fn patched(fix: &Fix, first: Option<&Shown>, sources: &SourceMap) -> Vec<Shown> {
    let spans = by_file(fix.edits.iter().map(|edit| edit.span));
    let shown = spans.into_iter().map(|(file, spans)| {
        let shown = Shown::new(spans[0], Excerpt::of_edits(spans.into_iter(), sources.file(file)), sources);
        match first.filter(|first| first.file == file) {
            Some(first) => Shown { path: first.path.clone(), ..shown },
            None => shown,
        }
    });
    shown.collect()
}

/// Files in the order in which spans name them.
fn by_file(spans: impl Iterator<Item = Span>) -> Vec<(FileId, Vec<Span>)> {
    let mut files: Vec<(FileId, Vec<Span>)> = Vec::new();
    for span in spans {
        match files.iter_mut().find(|(file, _)| *file == span.file) {
            Some((_, spans)) => spans.push(span),
            None => files.push((span.file, vec![span])),
        }
    }
    files
}

impl Shown {
    fn new(first: Span, excerpt: Excerpt, sources: &SourceMap) -> Self {
        let Place { file, line, column, .. } = Place::new(first, sources);
        let path = visible::characters(file).into_owned();
        let path = if excerpt.is_cut { format!("{path}:{line}:{column}{PLACED}") } else { path };
        Self { file: first.file, path, excerpt }
    }
}

fn snippet<T: Clone>(excerpt: &Excerpt) -> Snippet<'_, T> {
    Snippet::source(excerpt.text.as_str()).line_start(excerpt.first_line)
}

/// The renderer sets no second line of a label under its first.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { text.replace('\n', " ").into() } else { text.into() }
}
