//! Edits made all at once: those that do not touch each other, each once.

use std::collections::BTreeMap;

use crate::diagnostic::{Edit, Fix};
use crate::source::{FileId, SourceMap, Span};

/// Edits that can be made together.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// By place, so that those of a file are in order.
    edits: BTreeMap<Span, String>,
}

impl Selection {
    /// Takes the edits of a fix, unless one of them touches another that was taken; equal ones are one.
    pub(crate) fn take(&mut self, fix: &Fix) -> bool {
        let fits = fix.edits.iter().all(|edit| self.fits(edit));
        if fits {
            self.edits.extend(fix.edits.iter().map(|edit| (edit.span, edit.text.clone())));
        }
        fits
    }

    fn fits(&self, edit: &Edit) -> bool {
        let Span { file, start, end } = edit.span;
        let upto = Span::start_of(file)..=Span { file, start: end, end: u32::MAX };
        let apart = |other: &Span| {
            // Two insertions at one place would have an order that neither knows.
            *other != edit.span && (end <= other.start || other.end <= start)
        };
        let equal = self.edits.get(&edit.span) == Some(&edit.text);
        // What was taken does not overlap, so that only the nearest can touch: an insertion and a replacement that
        // begin where this one ends, and one before them.
        equal || self.edits.range(upto).rev().take(3).all(|(other, _)| apart(other))
    }

    /// The files with the edits made.
    pub(crate) fn apply(&self, sources: &SourceMap) -> SourceMap {
        let mut by_file: BTreeMap<FileId, Vec<(Span, &str)>> = BTreeMap::new();
        for (span, text) in &self.edits {
            by_file.entry(span.file).or_default().push((*span, text));
        }
        sources.with_texts(by_file.into_iter().map(|(file, edits)| (file, edited(sources.file(file).text(), &edits))))
    }
}

fn edited(text: &str, edits: &[(Span, &str)]) -> String {
    let crlf = text.find('\n').is_some_and(|newline| text[..newline].ends_with('\r'));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in edits {
        out.push_str(&text[at..span.start as usize]);
        if crlf {
            out.push_str(&new.replace("\r\n", "\n").replace('\n', "\r\n"));
        } else {
            out.push_str(new);
        }
        at = span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}
