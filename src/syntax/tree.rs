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
    pub(super) fn place(&mut self, raw: RawNode) -> Node {
        let span = self.span(&raw.defined);
        match raw.value {
            Raw::Null => Node {
                span,
                kind: Kind::Null,
            },
            Raw::Bool(value) => Node {
                span,
                kind: Kind::Bool(value),
            },
            Raw::Number { fallback } => Node {
                span,
                kind: Kind::Number(self.spelling(span).unwrap_or(fallback)),
            },
            Raw::String(value) => Node {
                span: self.inside_quotes(span),
                kind: Kind::String(value),
            },
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.place(item)).collect();
                let span = items.last().map_or(span, |last| span.to(last.span));
                Node {
                    span,
                    kind: Kind::List(items),
                }
            }
            Raw::Map(entries) => {
                let entries: Vec<Entry> = entries
                    .into_iter()
                    .map(|(key, value)| {
                        let span = self.inside_quotes(self.span(&key.defined));
                        Entry {
                            key: Spanned {
                                value: key.value,
                                span,
                            },
                            value: self.place(value),
                        }
                    })
                    .collect();
                let span = entries.last().map_or(span, |last| span.to(last.value.span));
                Node {
                    span,
                    kind: Kind::Map(entries),
                }
            }
        }
    }

    fn span(&self, location: &Location) -> Span {
        let place = location.span();
        let start = to_u32(place.byte_offset().unwrap_or_default());
        Span {
            file: self.file,
            start,
            end: start.saturating_add(to_u32(place.byte_len().unwrap_or_default())),
        }
    }

    /// The number as written, where what is written is a plain number.
    fn spelling(&self, span: Span) -> Option<String> {
        let text = self
            .text
            .get(span.start as usize..span.end as usize)?
            .trim();
        text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'))
            .then(|| text.to_owned())
    }

    fn inside_quotes(&self, span: Span) -> Span {
        let text = self
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default();
        let quoted = text.len() > 2 && (text.starts_with('"') || text.starts_with('\''));
        if quoted {
            Span {
                start: span.start + 1,
                end: span.end - 1,
                ..span
            }
        } else {
            span
        }
    }
}

fn to_u32(offset: u64) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
