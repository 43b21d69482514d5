//! Putting entries into maps and items into lists.

use super::outline::{Id, Outline, Shape, column, line_end, line_start, opens_line};
use super::value::{Spelling, Value};
use super::{insert, remove, replace, span};
use crate::diagnostic::Edit;
use crate::source::FileId;

/// A map of a file, or the value of a key that may become one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'p> {
    text: &'p str,
    file: FileId,
    outline: &'p Outline,
    what: What,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Map(Id),
    /// The key has no value.
    Gap {
        key: Id,
        value: Id,
    },
    /// The key's value is one word, the short form of a map.
    Short {
        value: Id,
    },
}

impl<'p> Place<'p> {
    pub(super) fn map(text: &'p str, file: FileId, outline: &'p Outline, map: Id) -> Self {
        Self { text, file, outline, what: What::Map(map) }
    }

    pub(super) fn below(text: &'p str, file: FileId, outline: &'p Outline, key: Id) -> Option<Self> {
        let value = outline.value_of(key)?;
        let what = match outline.piece(value).shape {
            Shape::Map { .. } => What::Map(value),
            Shape::Nothing => What::Gap { key, value },
            Shape::Plain if is_null(text, outline, value) => What::Map(value),
            Shape::Plain | Shape::SingleQuoted | Shape::DoubleQuoted => What::Short { value },
            Shape::Text | Shape::Alias | Shape::List { .. } => return None,
        };
        Some(Self { text, file, outline, what })
    }

    /// Where a key of the map stands.
    fn entry(&self, key: &str) -> Option<(Id, Id)> {
        let What::Map(map) = self.what else { return None };
        self.outline.entries(map).find(|(id, _)| self.word(*id) == key)
    }

    /// Whether the map has a key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// A key as written, without quotes; keys of the language need no escapes.
    fn word(&self, id: Id) -> &'p str {
        let piece = self.outline.piece(id);
        self.text[piece.start..piece.end].trim_matches(['"', '\''])
    }

    fn spelling(&self, flow: bool) -> Spelling {
        Spelling { json: self.outline.json, flow }
    }

    /// Puts a key behind another one, or at the end where that one is not there.
    pub(crate) fn insert_after(&self, other: &str, key: &str, value: &Value) -> Option<Edit> {
        match (self.what, self.entry(other)) {
            (What::Map(map), Some(entry)) => self.after(map, entry, |flow, _| self.spelling(flow).entry(key, value)),
            _ => self.append(key, value),
        }
    }

    /// Puts a key at the end of the map.
    pub(crate) fn append(&self, key: &str, value: &Value) -> Option<Edit> {
        let What::Map(map) = self.what else { return self.open(key, value) };
        match self.outline.entries(map).last() {
            Some(last) => self.after(map, last, |flow, _| self.spelling(flow).entry(key, value)),
            None => self.open(key, value),
        }
    }

    /// Puts a key at the start of the map.
    pub(crate) fn prepend(&self, key: &str, value: &Value) -> Option<Edit> {
        let What::Map(map) = self.what else { return self.open(key, value) };
        let Some((first, _)) = self.outline.entries(map).next() else { return self.open(key, value) };
        let start = self.outline.piece(first).start;
        let indent = " ".repeat(column(self.text, start));
        let flow = self.outline.is_flow(map);
        let entry = self.spelling(flow).entry(key, value);
        if flow {
            let between = if opens_line(self.text, start) { format!(",\n{indent}") } else { ", ".to_owned() };
            return Some(insert(self.file, start, format!("{entry}{between}")));
        }
        // Comments between the map's own key and its first one speak of the first one.
        let owner = self.outline.key_of(map).map(|key| self.outline.piece(key).end);
        match owner.map(|end| line_end(self.text, end)).filter(|end| *end < start) {
            Some(end) if !self.text[end..start].contains(['&', '!']) => {
                Some(insert(self.file, end, format!("\n{indent}{entry}")))
            }
            Some(_) => None,
            None if is_complex(self.text, start) => None,
            None => Some(insert(self.file, start, format!("{entry}\n{indent}"))),
        }
    }

    /// Gives a key a value, whether it has one or not; a short form becomes a map with it as `short`.
    pub(crate) fn set(&self, key: &str, value: &Value, short: &str) -> Option<Edit> {
        if let What::Short { value: word } = self.what {
            let piece = self.outline.piece(word);
            let written = &self.text[piece.start..piece.end];
            let flow = self.spelling(true);
            let old = if piece.shape == Shape::Plain { flow.word(written) } else { written.to_owned() };
            let text = format!("{{ {}: {old}, {} }}", flow.word(short), flow.entry(key, value));
            return (!written.contains('\n')).then(|| Edit::replace(span(self.file, piece.start, piece.end), text));
        }
        match self.entry(key) {
            Some((_, old)) => replace(self.outline, self.file, old, value),
            None => self.append(key, value),
        }
    }

    /// Takes a key out.
    pub(crate) fn remove(&self, key: &str) -> Option<Edit> {
        let (key, _) = self.entry(key)?;
        remove::entry(self.text, self.file, self.outline, key)
    }

    /// Puts an item at the end of the list that is the value of `key`; a list that is not there is put behind `other`.
    pub(crate) fn append_item(&self, key: &str, value: &Value, other: &str) -> Option<Edit> {
        let Some((key_id, list)) = self.entry(key) else { return self.new_list(key, value, other) };
        match self.outline.piece(list).shape {
            Shape::List { .. } => self.put_into(list, value),
            Shape::Plain if is_null(self.text, self.outline, list) => self.put_into(list, value),
            Shape::Nothing => {
                let key_start = self.outline.piece(key_id).start;
                if self.outline.parent(key_id).is_some_and(|map| self.outline.is_flow(map)) {
                    return replace(self.outline, self.file, list, &Value::List(vec![value.clone()]));
                }
                let dash = column(self.text, key_start) + self.outline.dash_step;
                let at = line_end(self.text, self.outline.piece(list).end);
                Some(insert(self.file, at, self.block_item(dash, 2, value)))
            }
            _ => None,
        }
    }

    fn new_list(&self, key: &str, value: &Value, other: &str) -> Option<Edit> {
        let What::Map(map) = self.what else { return None };
        let entry = self.entry(other).or_else(|| self.outline.entries(map).last())?;
        self.after(map, entry, |flow, indent| {
            let spelling = self.spelling(flow);
            match indent {
                Some(indent) if flow => {
                    let inner = " ".repeat(indent + self.outline.step);
                    let outer = " ".repeat(indent);
                    format!("{}: [\n{inner}{}\n{outer}]", spelling.word(key), value.inline(spelling))
                }
                Some(indent) => {
                    let item = self.block_item(indent + self.outline.dash_step, 2, value);
                    format!("{}:{item}", spelling.word(key))
                }
                None => spelling.entry(key, &Value::List(vec![value.clone()])),
            }
        })
    }

    fn put_into(&self, list: Id, value: &Value) -> Option<Edit> {
        let spelling = self.spelling(true);
        let Some(last) = self.outline.children(list).last() else {
            let piece = self.outline.piece(list);
            let text = format!("[{}]", value.inline(spelling));
            return self
                .has_no_comment(piece.start, piece.end)
                .then(|| Edit::replace(span(self.file, piece.start, piece.end), text));
        };
        let piece = self.outline.piece(last);
        let Some(dash) = piece.dash else {
            let indent = opens_line(self.text, piece.start).then(|| column(self.text, piece.start));
            let spread = self.text[piece.start..piece.end].contains('\n');
            let item = match (value, indent) {
                (Value::Map(entries), Some(indent)) if spread => {
                    let inner = format!("\n{}", " ".repeat(indent + self.outline.step));
                    let lines: Vec<_> =
                        entries.iter().map(|(key, value)| format!("{inner}{}", spelling.entry(key, value))).collect();
                    format!("{{{}\n{}}}", lines.join(","), " ".repeat(indent))
                }
                _ => value.inline(spelling),
            };
            return Some(self.behind_in_flow(piece.end, indent, &item));
        };
        let inner = if line_start(self.text, piece.start) <= dash { piece.start - dash } else { 2 };
        let at = line_end(self.text, piece.end);
        if self.outline.is_flow(last) {
            let indent = " ".repeat(column(self.text, dash));
            return Some(insert(self.file, at, format!("\n{indent}- {}", value.inline(spelling))));
        }
        Some(insert(self.file, at, self.block_item(column(self.text, dash), inner, value)))
    }

    /// An item on lines of its own, its text `inner` columns behind the dash.
    fn block_item(&self, dash: usize, inner: usize, value: &Value) -> String {
        let spelling = self.spelling(false);
        let text = match value {
            Value::Map(entries) => {
                let between = format!("\n{}", " ".repeat(dash + inner));
                let lines: Vec<_> = entries.iter().map(|(key, value)| spelling.entry(key, value)).collect();
                lines.join(&between)
            }
            value => value.inline(spelling),
        };
        format!("\n{}-{}{text}", " ".repeat(dash), " ".repeat(inner - 1))
    }

    /// Puts an entry behind another; `text` is told whether it stands in braces, and the column where it has a line
    /// of its own.
    fn after(&self, map: Id, (key, value): (Id, Id), text: impl Fn(bool, Option<usize>) -> String) -> Option<Edit> {
        let start = self.outline.piece(key).start;
        let end = self.outline.piece(value).end.max(self.outline.piece(key).end);
        if self.outline.is_flow(map) {
            let indent = opens_line(self.text, start).then(|| column(self.text, start));
            return Some(self.behind_in_flow(end, indent, &text(true, indent)));
        }
        if is_complex(self.text, start) {
            return None;
        }
        let indent = column(self.text, start);
        Some(insert(
            self.file,
            line_end(self.text, end),
            format!("\n{}{}", " ".repeat(indent), text(false, Some(indent))),
        ))
    }

    /// Puts something behind what ends at `end` in braces or brackets: on a line of its own, or on the same.
    fn behind_in_flow(&self, end: usize, indent: Option<usize>, text: &str) -> Edit {
        let Some(indent) = indent else { return insert(self.file, end, format!(", {text}")) };
        let indent = " ".repeat(indent);
        let line = line_end(self.text, end);
        let rest = &self.text[end..line];
        if let Some(rest) = rest.strip_prefix(',').filter(|rest| is_comment_or_nothing(rest)) {
            let at = end + 1 + rest.len();
            return insert(self.file, at, format!("\n{indent}{text},"));
        }
        if is_comment_or_nothing(rest) && !rest.trim().is_empty() {
            return Edit::replace(span(self.file, end, line), format!(",{rest}\n{indent}{text}"));
        }
        insert(self.file, end, format!(",\n{indent}{text}"))
    }

    fn has_no_comment(&self, start: usize, end: usize) -> bool {
        !self.text[start..end].contains('#')
    }

    /// Writes the first entry of a map that is empty or not there.
    fn open(&self, key: &str, value: &Value) -> Option<Edit> {
        match self.what {
            What::Map(map) => {
                let piece = self.outline.piece(map);
                let text = format!("{{ {} }}", self.spelling(true).entry(key, value));
                self.has_no_comment(piece.start, piece.end)
                    .then(|| Edit::replace(span(self.file, piece.start, piece.end), text))
            }
            What::Gap { key: owner, value: gap } => {
                let map = self.outline.parent(owner)?;
                let owner = self.outline.piece(owner);
                if self.outline.is_flow(map) {
                    let at = self.outline.piece(gap).end;
                    return Some(insert(self.file, at, format!(" {{ {} }}", self.spelling(true).entry(key, value))));
                }
                let indent = " ".repeat(column(self.text, owner.start) + self.outline.step);
                let at = line_end(self.text, self.outline.piece(gap).end);
                Some(insert(self.file, at, format!("\n{indent}{}", self.spelling(false).entry(key, value))))
            }
            What::Short { .. } => None,
        }
    }
}

/// Whether a value says that it is none, as JSON has to.
fn is_null(text: &str, outline: &Outline, value: Id) -> bool {
    let piece = outline.piece(value);
    matches!(&text[piece.start..piece.end], "null" | "~")
}

fn is_comment_or_nothing(rest: &str) -> bool {
    rest.trim_start().is_empty() || rest.trim_start().starts_with('#')
}

/// Whether a key is written `? key`.
fn is_complex(text: &str, key: usize) -> bool {
    text[line_start(text, key)..key].trim_end().ends_with('?')
}
