//! Edits that fit into a file's own layout: block, flow or JSON, with its comments, quotes and indentation.
//!
//! A place is named by the span of a word; what is asked for is a change of the tree (a key put into a map, an item
//! taken out of a list), and what comes back is the edit of the text. `None` is the answer where no edit would do:
//! where the change would reach further than the place, as with something that aliases repeat. Knows nothing of
//! models and relations, and changes nothing itself.

mod outline;
mod place;
mod remove;
mod value;

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostic::{Edit, Fix};
use crate::source::{FileId, SourceMap, Span};

use outline::{Id, Outline, Shape, line_start, opens_line};
pub(crate) use place::Place;
pub(crate) use value::Value;
use value::{Spelling, double_quoted, single_quoted};

/// Makes edits for the files of a run; a file is outlined when the first edit of it is asked for.
#[derive(Debug)]
pub(crate) struct Patches<'a> {
    sources: &'a SourceMap,
    outlines: Vec<OnceLock<Option<Outline>>>,
    /// How many edits were asked for.
    asked: AtomicUsize,
}

/// Edits that a run makes; where more is wrong than this, looking for all of them would take too long.
const MAX_ASKED: usize = 2_000;

impl<'a> Patches<'a> {
    pub(crate) fn new(sources: &'a SourceMap) -> Self {
        Self { sources, outlines: sources.files().map(|_| OnceLock::new()).collect(), asked: AtomicUsize::new(0) }
    }

    /// The outline for one more edit.
    fn open(&self, file: FileId) -> Option<&Outline> {
        if self.asked.fetch_add(1, Ordering::Relaxed) < MAX_ASKED { self.outline(file) } else { None }
    }

    fn outline(&self, file: FileId) -> Option<&Outline> {
        let source = self.sources.file(file);
        let outline = self.outlines.get(file.0 as usize)?;
        let is_json = || Path::new(source.display()).extension().is_some_and(|extension| extension == "json");
        outline.get_or_init(|| Outline::new(source.text(), is_json())).as_ref()
    }

    fn text(&self, file: FileId) -> &'a str {
        self.sources.file(file).text()
    }

    /// What stands in the place of a value that is none: a comment or an anchor, to the end of the line.
    pub(crate) fn instead_of_value(&self, key: Span) -> Option<&'a str> {
        let line = self.text(key.file).get(key.end as usize..)?.lines().next()?;
        let (_, rest) = line.split_once(':')?;
        Some(rest.trim()).filter(|rest| rest.starts_with(['#', '&']))
    }

    /// The map in which a word is a key or a value.
    pub(crate) fn around(&self, word: Span) -> Option<Place<'_>> {
        let outline = self.open(word.file)?;
        let map = outline.parent(outline.at(word)?).filter(|map| outline.is_map(*map))?;
        Some(Place::map(self.text(word.file), word.file, outline, map))
    }

    /// The map that is the value of a key, or the gap where it would be.
    pub(crate) fn below(&self, key: Span) -> Option<Place<'_>> {
        let outline = self.open(key.file)?;
        Place::below(self.text(key.file), key.file, outline, outline.at(key)?)
    }

    /// Text after the brace that closes a whole file.
    pub(crate) fn after_braces(&self, file: FileId, text: &str) -> Option<Edit> {
        let whole = self.text(file).trim_end();
        // A comment may end in a brace too.
        let last = whole.lines().next_back();
        let is_brace = last.is_some_and(|last| last.ends_with('}') && !last.contains('#'));
        let end = u32::try_from(whole.len()).ok().filter(|_| is_brace)?;
        Some(Edit::replace(Span { file, start: end, end }, text))
    }

    /// Another value in the place of a word.
    pub(crate) fn replace(&self, word: Span, value: &Value) -> Option<Edit> {
        let outline = self.open(word.file)?;
        replace(outline, word.file, outline.at(word)?, value)
    }

    /// Takes out the entry in which a word is the key or the value.
    pub(crate) fn remove_entry(&self, word: Span) -> Option<Edit> {
        let outline = self.open(word.file)?;
        let id = outline.at(word)?;
        let key = if outline.value_of(id).is_some() { id } else { outline.key_of(id)? };
        remove::entry(self.text(word.file), word.file, outline, key)
    }

    /// Takes out the item of a list that a word is, or that is a map with the word as a key or a value.
    pub(crate) fn remove_item(&self, word: Span) -> Option<Edit> {
        let outline = self.open(word.file)?;
        let mut id = outline.at(word)?;
        while outline.is_map(outline.parent(id)?) {
            id = outline.parent(id)?;
        }
        remove::item(self.text(word.file), word.file, outline, id)
    }

    /// Moves the lines of block entries, named by their keys, one step further in; none where one is no block.
    pub(crate) fn indent(&self, keys: impl IntoIterator<Item = Span>) -> Vec<Option<Edit>> {
        keys.into_iter().flat_map(|key| self.indented(key).unwrap_or_else(|| vec![None])).collect()
    }

    fn indented(&self, key: Span) -> Option<Vec<Option<Edit>>> {
        let outline = self.open(key.file)?;
        let id = outline.at(key)?;
        let text = self.text(key.file);
        let (start, end) = (outline.piece(id).start, outline.piece(outline.value_of(id)?).end);
        if outline.is_flow(outline.parent(id)?) || !opens_line(text, start) {
            return None;
        }
        let first = line_start(text, start);
        let lines = text[first..end.max(start)].split_inclusive('\n').scan(first, |at, line| {
            let here = *at;
            *at += line.len();
            Some((here, line))
        });
        let step = " ".repeat(outline.step);
        let edit = |(at, _): (usize, &str)| Some(insert(key.file, at, step.clone()));
        Some(lines.filter(|(_, line)| !line.trim().is_empty()).map(edit).collect())
    }

    /// A fix that is surely what was meant, of the edits that it needs; none where one of them cannot be made.
    pub(crate) fn certain(
        &self,
        message: impl Into<String>,
        edits: impl IntoIterator<Item = Option<Edit>>,
    ) -> Option<Fix> {
        let edits = self.apart(edits.into_iter().collect::<Option<_>>()?)?;
        // What aliases repeat is changed in several places at once, which a person should see.
        let repeated = edits.iter().any(|edit| self.is_repeated(edit.span));
        let fix = Fix::certain(message, edits);
        Some(if repeated { fix.unsure() } else { fix })
    }

    /// A fix that is most likely what was meant, of the edits that it needs.
    pub(crate) fn likely(
        &self,
        message: impl Into<String>,
        edits: impl IntoIterator<Item = Option<Edit>>,
    ) -> Option<Fix> {
        self.certain(message, edits).map(Fix::unsure)
    }

    /// Edits that do not overlap: an addition to the last line that another edit takes out goes to the line before.
    fn apart(&self, mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
        let removed: Vec<Span> = edits.iter().map(|edit| edit.span).filter(|span| span.start < span.end).collect();
        for edit in edits.iter_mut().filter(|edit| edit.span.start == edit.span.end) {
            let at = edit.span.start;
            let inside = |span: &&Span| span.file == edit.span.file && span.start < at && at < span.end;
            let Some(around) = removed.iter().find(inside) else { continue };
            let text = self.text(around.file);
            let (start, end) = (around.start as usize, around.end as usize);
            let before = text[..start].strip_suffix('\n')?;
            let before = before.strip_suffix('\r').unwrap_or(before).len();
            if !text[at as usize..end].trim_matches(['\r', '\n']).is_empty() {
                return None;
            }
            edit.span = span(around.file, before, before);
        }
        let mut spans: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
        spans.sort();
        let overlap = |two: &[Span]| two[0].file == two[1].file && two[1].start < two[0].end;
        (!spans.windows(2).any(overlap)).then_some(edits)
    }

    fn is_repeated(&self, span: Span) -> bool {
        let outline = self.outline(span.file);
        outline.is_some_and(|outline| outline.at(span).is_some_and(|id| outline.is_repeated(id)))
    }
}

/// The piece written anew, in the quotes that it has where the new value is a word too.
fn replace(outline: &Outline, file: FileId, id: Id, value: &Value) -> Option<Edit> {
    let piece = outline.piece(id);
    let flow = outline.json || outline.parent(id).is_some_and(|parent| outline.is_flow(parent));
    let text = match (piece.shape, value) {
        (Shape::Alias | Shape::Text, _) => return None,
        (Shape::DoubleQuoted, Value::Word(word)) => double_quoted(word),
        (Shape::SingleQuoted, Value::Word(word)) => single_quoted(word),
        (Shape::Nothing, value) => format!(" {}", value.inline(Spelling { json: outline.json, flow })),
        (_, value) => value.inline(Spelling { json: outline.json, flow }),
    };
    Some(Edit::replace(span(file, piece.start, piece.end), text))
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    // Files are far smaller than what 32 bits count.
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: offset(start), end: offset(end) }
}

fn insert(file: FileId, at: usize, text: impl Into<String>) -> Edit {
    Edit::replace(span(file, at, at), text)
}
