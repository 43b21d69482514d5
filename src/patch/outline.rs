//! A file's text as nested pieces with exact edges: braces and quotes included, aliases as they stand.
//!
//! The tree that schemas are read from forgets braces and resolves aliases; an edit must know both. Knows nothing of
//! what the words mean.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use crate::source::Span;

/// A piece's place in [`Outline::pieces`].
pub(super) type Id = usize;

/// One scalar, alias, list or map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Of a block list: its first dash; of a quoted word: its first quote.
    pub(super) start: usize,
    /// Behind the last word, quote or brace.
    pub(super) end: usize,
    pub(super) shape: Shape,
    parent: Option<Id>,
    /// Of the next value of the same list, or the next key or value of the same map.
    next: Option<Id>,
    /// Where the dash stands, in a block list.
    pub(super) dash: Option<usize>,
    /// Its number as an anchor, from 1.
    anchor: usize,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A value that is not there.
    Nothing,
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|` or `>`.
    Text,
    Alias,
    Map {
        flow: bool,
    },
    List {
        flow: bool,
    },
}

/// Every piece of a file, each before what it contains.
#[derive(Debug)]
pub(super) struct Outline {
    pieces: Vec<Piece>,
    /// Numbers of the anchors that some alias repeats.
    repeated: Vec<usize>,
    /// Written as JSON: every word in double quotes.
    pub(super) json: bool,
    /// Columns that a block map stands further in than the key it belongs to.
    pub(super) step: usize,
    /// Columns that the dashes of a block list stand further in than the key it belongs to.
    pub(super) dash_step: usize,
}

impl Outline {
    /// Reads a text; `None` where it is not well formed.
    pub(super) fn new(text: &str, json: bool) -> Option<Self> {
        let mut builder = Builder { text, pieces: Vec::new(), repeated: Vec::new(), open: Vec::new(), cursor: 0 };
        for event in Parser::new_from_str(text) {
            let (event, span) = event.ok()?;
            builder.take(&event, span.start.byte_offset()?, span.end.byte_offset()?);
        }
        let mut outline = Self { pieces: builder.pieces, repeated: builder.repeated, json, step: 2, dash_step: 2 };
        let first_key = outline.pieces.get(1).filter(|_| outline.pieces[0].shape == Shape::Map { flow: true });
        outline.json |= first_key.is_some_and(|key| key.shape == Shape::DoubleQuoted);
        let map = Shape::Map { flow: outline.json };
        outline.step = outline.first_step(text, map).filter(|step| *step > 0).unwrap_or(2);
        outline.dash_step = outline.first_step(text, Shape::List { flow: false }).unwrap_or(outline.step);
        Some(outline)
    }

    /// How far the first collection of a shape stands from its key.
    fn first_step(&self, text: &str, shape: Shape) -> Option<usize> {
        let inner = |id: &Id| self.pieces[*id].shape == shape && self.pieces[*id].anchor == 0;
        (0..self.pieces.len()).filter(inner).find_map(|id| {
            let key = self.key_of(id)?;
            let start =
                if self.is_flow(id) { self.pieces[self.children(id).next()?].start } else { self.pieces[id].start };
            (line_start(text, start) > self.pieces[key].start)
                .then(|| column(text, start).checked_sub(column(text, self.pieces[key].start)))?
        })
    }

    pub(super) fn piece(&self, id: Id) -> &Piece {
        &self.pieces[id]
    }

    /// The innermost piece at the start of a span.
    pub(super) fn at(&self, span: Span) -> Option<Id> {
        let start = span.start as usize;
        let after = self.pieces.partition_point(|piece| piece.start <= start);
        let mut id = after.checked_sub(1)?;
        while self.pieces[id].end < start {
            id = self.pieces[id].parent?;
        }
        Some(id)
    }

    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        self.pieces[id].parent
    }

    pub(super) fn is_map(&self, id: Id) -> bool {
        matches!(self.pieces[id].shape, Shape::Map { .. })
    }

    pub(super) fn is_flow(&self, id: Id) -> bool {
        matches!(self.pieces[id].shape, Shape::Map { flow: true } | Shape::List { flow: true })
    }

    /// What a list or map holds: values, or keys and values by turns.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let holds = matches!(self.pieces[id].shape, Shape::Map { .. } | Shape::List { .. });
        let first =
            Some(id + 1).filter(|child| holds && self.pieces.get(*child).is_some_and(|piece| piece.parent == Some(id)));
        std::iter::successors(first, |child| self.pieces[*child].next)
    }

    /// The keys of a map with their values.
    pub(super) fn entries(&self, map: Id) -> impl Iterator<Item = (Id, Id)> {
        let keys = self.children(map).step_by(2);
        keys.filter_map(|key| Some((key, self.pieces[key].next?)))
    }

    /// The key whose value a piece is.
    pub(super) fn key_of(&self, value: Id) -> Option<Id> {
        let map = self.pieces[value].parent.filter(|map| self.is_map(*map))?;
        self.entries(map).find(|(_, other)| *other == value).map(|(key, _)| key)
    }

    /// The value of a key; `None` where the piece is no key.
    pub(super) fn value_of(&self, key: Id) -> Option<Id> {
        let map = self.pieces[key].parent.filter(|map| self.is_map(*map))?;
        self.entries(map).find(|(other, _)| *other == key).map(|(_, value)| value)
    }

    /// Whether a piece lies inside something that an alias repeats, so that it stands for several places.
    pub(super) fn is_repeated(&self, id: Id) -> bool {
        std::iter::successors(Some(id), |id| self.pieces[*id].parent)
            .any(|id| self.repeated.contains(&self.pieces[id].anchor))
    }

    /// Whether an alias repeats something inside a stretch of text.
    pub(super) fn is_repeated_within(&self, start: usize, end: usize) -> bool {
        let from = self.pieces.partition_point(|piece| piece.start < start);
        self.pieces[from..]
            .iter()
            .take_while(|piece| piece.start < end)
            .any(|piece| self.repeated.contains(&piece.anchor))
    }
}

struct Builder<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    repeated: Vec<usize>,
    /// Lists and maps that have not ended, each with its last child.
    open: Vec<(Id, Option<Id>)>,
    /// Everything before it belongs to pieces that are known.
    cursor: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: &Event<'_>, start: usize, end: usize) {
        match event {
            Event::Scalar(_, style, anchor, _) => {
                let shape = match style {
                    ScalarStyle::Plain if start == end => Shape::Nothing,
                    ScalarStyle::Plain => Shape::Plain,
                    ScalarStyle::SingleQuoted => Shape::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Shape::DoubleQuoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Shape::Text,
                };
                let start = if shape == Shape::Nothing { self.behind_colon(start) } else { start };
                let end = start + self.text[start..end.max(start)].trim_end().len();
                self.push(shape, start, end, *anchor);
                self.cursor = end.max(self.cursor);
            }
            Event::Alias(anchor) => {
                self.push(Shape::Alias, start, end, 0);
                self.repeated.push(*anchor);
                self.cursor = end;
            }
            Event::SequenceStart(style, anchor, _) => {
                let flow = *style == StructureStyle::Flow;
                self.begin(Shape::List { flow }, start, end, *anchor);
            }
            Event::MappingStart(style, anchor, _) => {
                let flow = *style == StructureStyle::Flow;
                self.begin(Shape::Map { flow }, start, end, *anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((id, last)) = self.open.pop() else { return };
                let flow = matches!(self.pieces[id].shape, Shape::Map { flow: true } | Shape::List { flow: true });
                let inner = last.map_or(self.pieces[id].end, |last| self.pieces[last].end);
                self.pieces[id].end = if flow { end } else { inner };
                self.cursor = self.pieces[id].end.max(self.cursor);
            }
            _ => {}
        }
    }

    fn begin(&mut self, shape: Shape, start: usize, end: usize, anchor: usize) {
        let id = self.push(shape, start, end, anchor);
        self.open.push((id, None));
        if matches!(shape, Shape::Map { flow: true } | Shape::List { flow: true }) {
            self.cursor = end;
        }
    }

    fn push(&mut self, shape: Shape, start: usize, end: usize, anchor: usize) -> Id {
        let id = self.pieces.len();
        let parent = self.open.last().map(|(parent, _)| *parent);
        let dash = parent.filter(|parent| self.pieces[*parent].shape == Shape::List { flow: false });
        let dash = dash.and_then(|_| self.next_dash(start));
        self.pieces.push(Piece { start, end, shape, parent, next: None, dash, anchor });
        if let (Some(dash), Some(list)) = (dash, parent) {
            self.cursor = dash + 1;
            // A list without indentation begins where the parser sees its first value.
            if id == list + 1 {
                self.pieces[list].start = dash;
            }
        }
        if let Some((_, last)) = self.open.last_mut() {
            if let Some(last) = *last {
                self.pieces[last].next = Some(id);
            }
            *last = Some(id);
        }
        id
    }

    /// The parser sees a value that is not there where its key ends; its place is behind the colon.
    fn behind_colon(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let colon = rest.len() - rest.trim_start_matches(' ').len();
        if at == self.cursor && rest[colon..].starts_with(':') { at + colon + 1 } else { at }
    }

    /// The dash before the value that starts at `before`; between them stand blanks, comments, anchors and tags.
    fn next_dash(&self, before: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.cursor;
        while at < before {
            let blank_before = at == 0 || bytes[at - 1].is_ascii_whitespace();
            let blank_after = bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
            match bytes[at] {
                b'#' if blank_before => at = line_end(self.text, at),
                b'-' if blank_before && blank_after => return Some(at),
                _ => at += 1,
            }
        }
        None
    }
}

/// The first byte of the line of a byte.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line of a byte, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// The characters before a byte in its line.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// Whether only blanks stand before a byte in its line.
pub(super) fn opens_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].bytes().all(|byte| byte == b' ')
}
