//! Taking entries out of maps and items out of lists.
//!
//! In block layout whole lines go, with the comments that stand on them; comments on lines of their own stay. A list
//! that would be left empty goes with its key, and so does a section of the file.

use super::outline::{Id, Outline, line_end, line_start, opens_line};
use super::span;
use crate::diagnostic::Edit;
use crate::source::FileId;

/// Takes out a key with its value.
pub(super) fn entry(text: &str, file: FileId, outline: &Outline, key: Id) -> Option<Edit> {
    let map = outline.parent(key)?;
    let value = outline.value_of(key)?;
    let entries: Vec<_> = outline.entries(map).collect();
    let at = entries.iter().position(|(other, _)| *other == key)?;
    if entries.len() == 1 {
        // A section of the file goes whole; what has a name of its own stays, with nothing in it.
        match outline.key_of(map).filter(|key| outline.parent(*key) == Some(0)) {
            Some(section) => return entry(text, file, outline, section),
            None if outline.is_flow(map) => return empty(file, outline, map),
            None if outline.key_of(map).is_none() => return None,
            None => {}
        }
    }
    let bounds = |(key, value): (Id, Id)| (outline.piece(key).start, outline.piece(value).end);
    let before = at.checked_sub(1).map(|before| bounds(entries[before]));
    let after = entries.get(at + 1).map(|after| bounds(*after));
    cut(text, file, outline, map, (outline.piece(key).start, outline.piece(value).end), before, after)
}

/// Takes out a value of a list.
pub(super) fn item(text: &str, file: FileId, outline: &Outline, item: Id) -> Option<Edit> {
    let list = outline.parent(item)?;
    let items: Vec<_> = outline.children(list).collect();
    let at = items.iter().position(|other| *other == item)?;
    if items.len() == 1 {
        return entry(text, file, outline, outline.key_of(list)?);
    }
    let bounds = |id: Id| (outline.piece(id).dash.unwrap_or(outline.piece(id).start), outline.piece(id).end);
    let before = at.checked_sub(1).map(|before| bounds(items[before]));
    let after = items.get(at + 1).map(|after| bounds(*after));
    cut(text, file, outline, list, bounds(item), before, after)
}

/// What is in the braces goes.
fn empty(file: FileId, outline: &Outline, map: Id) -> Option<Edit> {
    let piece = outline.piece(map);
    (!outline.is_repeated_within(piece.start + 1, piece.end))
        .then(|| Edit::replace(span(file, piece.start, piece.end), "{}"))
}

type Bounds = (usize, usize);

fn cut(
    text: &str,
    file: FileId,
    outline: &Outline,
    within: Id,
    (start, end): Bounds,
    before: Option<Bounds>,
    after: Option<Bounds>,
) -> Option<Edit> {
    if outline.is_repeated_within(start, end) {
        return None;
    }
    let remove = |from: usize, to: usize| Some(Edit::replace(span(file, from, to), ""));
    let has_comment = |from: usize, to: usize| text[from..to].contains('#');
    if !outline.is_flow(within) {
        if opens_line(text, start) {
            let (from, to) = lines(text, start, end);
            return remove(from, to);
        }
        // The first key of an item stands behind its dash; the next takes its place.
        let next = after.filter(|(next, _)| !has_comment(end, *next))?;
        return remove(start, next.0);
    }
    match (before, after) {
        (_, Some((next, _))) if opens_line(text, start) && opens_line(text, next) => {
            remove(line_start(text, start), line_start(text, next)).filter(|_| !has_comment(end, next))
        }
        (_, Some((next, _))) => remove(start, next).filter(|_| !has_comment(end, next)),
        (Some((_, previous)), None) => remove(previous, end).filter(|_| !has_comment(previous, start)),
        (None, None) => None,
    }
}

/// Whole lines with one line break: the last, or the one before them at the end of a file that has none.
fn lines(text: &str, start: usize, end: usize) -> Bounds {
    let (from, to) = (line_start(text, start), line_end(text, end));
    match text[to..].find('\n') {
        Some(newline) => (from, to + newline + 1),
        None => (text[..from].trim_end_matches(['\n', '\r']).len(), to),
    }
}
