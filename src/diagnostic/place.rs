//! Where a finding stands, as programs read it: lines and columns count from 1, columns in characters, and the end
//! is the character after the last.

use serde::Serialize;

use crate::source::{SourceMap, Span};

/// A stretch of a file.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl<'a> Place<'a> {
    pub(super) fn new(span: Span, sources: &'a SourceMap) -> Self {
        let file = sources.file(span.file);
        let (start, end) = (file.position(span.start), file.position(span.end));
        Self {
            file: file.display(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}
