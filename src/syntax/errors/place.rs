//! Where the parser stopped, and the lines around it.

use std::ops::Range;

use granit_parser::Parser;

use crate::diagnostic::{Edit, Fix};
use crate::source::{FileId, Span, saturate};
use crate::syntax::budget;

/// The largest file that is parsed again to try a fix.
const MAX_TRIED: usize = 512 * 1024;

/// A byte of a text and what is around it.
pub(super) struct Place<'a> {
    file: FileId,
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Place<'a> {
    pub(super) fn new(file: FileId, text: &'a str, at: usize) -> Self {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        Self { file, text, at }
    }

    /// A stretch of the text; one that ends inside a character ends behind it.
    pub(super) fn span(&self, bytes: Range<usize>) -> Span {
        let start = bytes.start.min(self.text.len());
        let mut end = bytes.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span { file: self.file, start: saturate(start), end: saturate(end) }
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// The line that a byte lies in, without its end.
    pub(super) fn line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end.max(start)
    }

    /// The line without its indentation, comment and trailing blanks.
    pub(super) fn content(&self, at: usize) -> Range<usize> {
        let line = self.line(at);
        let text = &self.text[line.clone()];
        let start = line.start + text.len() - text.trim_start_matches([' ', '\t']).len();
        let text = &self.text[start..line.end];
        let text = if text.starts_with('#') { "" } else { text.split(" #").next().unwrap_or(text) };
        start..start + text.trim_end().len()
    }

    /// The content of the last line before a byte's line that has any.
    pub(super) fn before(&self, at: usize) -> Option<Range<usize>> {
        let mut line = self.line(at);
        while line.start > 0 {
            line = self.line(line.start - 1);
            let content = self.content(line.start);
            if !content.is_empty() {
                return Some(content);
            }
        }
        None
    }

    /// How far a line's content is indented.
    pub(super) fn indent(&self, at: usize) -> usize {
        self.content(at).start - self.line(at).start
    }

    /// The character itself; at the end of a line, the line's last word.
    pub(super) fn character(&self) -> Span {
        match self.text[self.at..].chars().next() {
            Some(next) if !matches!(next, '\n' | '\r') => self.span(self.at..self.at + next.len_utf8()),
            _ => self.span(self.at..self.at),
        }
    }

    /// The word that begins here, up to a blank or a mark of structure.
    pub(super) fn word(&self) -> Span {
        let line = self.line(self.at);
        let rest = &self.text[self.at..line.end.max(self.at)];
        let end = rest.find([' ', '\t', ',', ']', '}']).unwrap_or(rest.len());
        let end = if rest[..end].len() > 1 { rest[..end].trim_end_matches(':').len() } else { end };
        if end == 0 { self.character() } else { self.span(self.at..self.at + end) }
    }

    /// From here to the end of the line, without comment and trailing blanks.
    pub(super) fn rest_of_line(&self) -> Span {
        self.span(self.at..self.content(self.at).end.max(self.at))
    }

    /// What stands after the first `: ` of the line, or the whole content.
    pub(super) fn value_of_line(&self) -> Span {
        let content = self.content(self.at);
        let bytes = match self.text[content.clone()].find(": ") {
            Some(colon) => {
                let rest = &self.text[content.start + colon + 1..content.end];
                content.end - rest.trim_start().len()..content.end
            }
            None => content,
        };
        self.span(bytes)
    }

    pub(super) fn insert(&self, at: usize, text: &str) -> Edit {
        Edit { span: self.span(at..at), text: text.to_owned() }
    }

    pub(super) fn replace(&self, bytes: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { span: self.span(bytes), text: text.into() }
    }

    /// Puts quotes around a stretch of text that has none.
    pub(super) fn quote(&self, span: Span) -> Vec<Edit> {
        let text = self.slice(span);
        if text.contains('\'') {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            vec![Edit { span, text: format!("\"{escaped}\"") }]
        } else {
            vec![self.insert(span.start as usize, "'"), self.insert(span.end as usize, "'")]
        }
    }

    /// A fix that is surely meant, if the file parses with it.
    pub(super) fn certain(&self, message: &str, edits: Vec<Edit>) -> Option<Fix> {
        self.parses_with(&edits).then(|| Fix::certain(message, edits))
    }

    /// A fix that is likely meant, if the file parses with it.
    pub(super) fn likely(&self, message: &str, edits: Vec<Edit>) -> Option<Fix> {
        self.parses_with(&edits).then(|| Fix::likely(message, edits))
    }

    /// Whether the file is well formed once the edits, which are in order, are made. Large files are not tried.
    fn parses_with(&self, edits: &[Edit]) -> bool {
        if self.text.len() > MAX_TRIED {
            return false;
        }
        let mut mended = String::with_capacity(self.text.len() + 64);
        let mut done = 0;
        for edit in edits {
            mended.push_str(&self.text[done..edit.span.start as usize]);
            mended.push_str(&edit.text);
            done = edit.span.end as usize;
        }
        mended.push_str(&self.text[done..]);
        Parser::new_from_str_with_options(&mended, budget::options()).all(|event| event.is_ok())
    }
}
