//! The raw tree into [`Node`]s: places in bytes of the file, numbers in their own spelling.

use serde_yaml::Location;

use super::read::{Raw, RawNode};
use super::{Entry, Kind, Node};
use crate::source::{FileId, Span, Spanned};

/// Turns the parser's places into ours.
pub(super) struct Placing<'a> {
    file: FileId,
    text: &'a str,
}

impl<'a> Placing<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        Self { file, text }
    }

    /// A value of an alias stands where its anchor is: that is the text to change.
    pub(super) fn place(&self, raw: RawNode) -> Node {
        let outer = self.span(&raw.defined);
        let plain = |span, kind| Node { span, quoted: false, kind };
        match raw.value {
            Raw::Null => plain(outer, Kind::Null),
            Raw::Bool(value) => plain(outer, Kind::Bool(value)),
            Raw::Number { fallback } => plain(outer, Kind::Number(self.spelling(outer).unwrap_or(fallback))),
            Raw::String(value) => {
                let span = self.inside_quotes(outer);
                Node { span, quoted: span != outer, kind: Kind::String(value) }
            }
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.place(item)).collect();
                let span = items.last().map_or(outer, |last| outer.to(last.span));
                plain(span, Kind::List(items))
            }
            Raw::Map(entries) => {
                let entries: Vec<Entry> = entries.into_iter().map(|(key, value)| self.entry(key, value)).collect();
                let span = entries.last().map_or(outer, |last| outer.to(last.value.span));
                plain(span, Kind::Map(entries))
            }
        }
    }

    fn entry(&self, key: serde_yaml::Spanned<String>, value: RawNode) -> Entry {
        let span = self.inside_quotes(self.span(&key.defined));
        Entry { key: Spanned { value: key.value, span }, value: self.place(value) }
    }

    fn span(&self, location: &Location) -> Span {
        let place = location.span();
        let start = to_u32(place.byte_offset().unwrap_or_default());
        Span { file: self.file, start, end: start.saturating_add(to_u32(place.byte_len().unwrap_or_default())) }
    }

    /// The number as written, where what is written is a plain number.
    fn spelling(&self, span: Span) -> Option<String> {
        let text = self.text.get(span.start as usize..span.end as usize)?.trim();
        text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'))
            .then(|| text.to_owned())
    }

    fn inside_quotes(&self, span: Span) -> Span {
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let quoted = text.len() > 2 && (text.starts_with('"') || text.starts_with('\''));
        if quoted { Span { start: span.start + 1, end: span.end - 1, ..span } } else { span }
    }
}

fn to_u32(offset: u64) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
