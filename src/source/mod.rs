//! Schema text and the places in it.
//!
//! A [`SourceMap`] owns every file of a run; a [`Span`] names a stretch of one of them and stays valid for as
//! long as the map lives. Only `load` touches the disk. Knows nothing of YAML or of what the text means.

mod glob;
pub(crate) mod load;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Index of a file in [`SourceMap::files`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of one file, in bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file it lies in.
    pub file: FileId,
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

impl Span {
    /// The empty stretch at the start of a file, for what is wrong with the file as a whole.
    pub fn start_of(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }

    /// From the start of this span to the end of `other`, which lies in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { end: other.end.max(self.end), ..self }
    }
}

/// A value with the place where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What is written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A point in a file as people count: from 1, columns in characters.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One schema file, read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    display: String,
    text: String,
    line_starts: Vec<u32>,
    /// The characters before every [`BLOCK`] of the text: a line may be as long as the file.
    characters: Vec<u32>,
    has_bom: bool,
}

/// Bytes that one column may cost.
const BLOCK: usize = 1024;

impl SourceFile {
    fn new(display: String, text: String) -> Self {
        let (text, has_bom) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (rest.to_owned(), true),
            None => (text, false),
        };
        let line_starts =
            std::iter::once(0).chain(text.bytes().zip(1..).filter_map(|(byte, next)| (byte == b'\n').then_some(next)));
        let mut before = 0;
        let characters = text.as_bytes().chunks(BLOCK).map(|block| {
            before += characters_in(block);
            before
        });
        let characters = std::iter::once(0).chain(characters).map(saturate).collect();
        Self { line_starts: line_starts.collect(), characters, display, text, has_bom }
    }

    /// The path as it was given, with forward slashes.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file opens with a byte order mark, which [`text`](Self::text) leaves out.
    pub fn has_bom(&self) -> bool {
        self.has_bom
    }

    /// The line that a byte lies in, with its line end; what lies behind the text counts to the last line.
    pub(crate) fn line(&self, offset: u32) -> Range<usize> {
        let next = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let end = self.line_starts.get(next).map_or(self.text.len(), |start| *start as usize);
        self.line_starts[next - 1] as usize..end
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.characters[block] as usize + characters_in(&self.text.as_bytes()[block * BLOCK..offset])
    }

    /// Line and column of a byte offset; one that lies inside a character counts as its start.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts[line - 1] as usize;
        let mut upto = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(upto) {
            upto -= 1;
        }
        let column = self.characters_before(upto) - self.characters_before(start.min(upto)) + 1;
        Position { line: saturate(line), column: saturate(column) }
    }
}

/// How many characters begin in a stretch of UTF-8.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// Every file of a run, sorted by path.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    watched: Vec<PathBuf>,
}

impl SourceMap {
    /// Every file with its id, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The file of that id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Every file and folder whose change may change the outcome, sorted; all of them exist.
    pub fn watched(&self) -> &[PathBuf] {
        &self.watched
    }

    /// Takes over the files of another run and tells their new ids; one that is here already keeps its id.
    pub(crate) fn absorb(&mut self, other: Self) -> Vec<FileId> {
        let known: BTreeMap<_, _> = self.files().map(|(id, file)| (file.display.clone(), id)).collect();
        let mut ids = Vec::with_capacity(other.files.len());
        for file in other.files {
            let same = known.get(&file.display).copied().filter(|id| self.file(*id).text == file.text);
            ids.push(same.unwrap_or_else(|| {
                let id = FileId(saturate(self.files.len()));
                self.files.push(file);
                id
            }));
        }
        self.watched.extend(other.watched);
        self.watched.sort();
        self.watched.dedup();
        ids
    }

    /// The same files, some with other text; byte order marks stay.
    pub(crate) fn with_texts(&self, texts: impl IntoIterator<Item = (FileId, String)>) -> Self {
        let mut changed = self.clone();
        for (id, text) in texts {
            let file = &mut changed.files[id.0 as usize];
            *file = SourceFile { has_bom: file.has_bom, ..SourceFile::new(file.display.clone(), text) };
        }
        changed
    }

    fn push(&mut self, display: String, text: String) -> FileId {
        let id = FileId(saturate(self.files.len()));
        self.files.push(SourceFile::new(display, text));
        id
    }

    fn watch(&mut self, path: &Path) {
        self.watched.push(path.to_owned());
    }
}

/// Sizes and counts that [`load::MAX_BYTES`] keeps far below `u32::MAX`.
pub(crate) fn saturate(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_long_lines_count_characters() {
        let text = "é家🦀x".repeat(1_000);
        let file = SourceFile::new("a.yaml".into(), text.clone());
        for (nth, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(file.position(saturate(at)).column as usize, nth + 1);
        }
        assert_eq!(file.position(u32::MAX).column, 4_001);
        assert_eq!(SourceFile::new("b.yaml".into(), "x".repeat(BLOCK)).position(1024).column, 1_025);
    }

    #[test]
    fn columns_count_characters() {
        let file = SourceFile::new("a.yaml".into(), "\u{feff}é: ü\r\nnext".into());
        assert!(file.has_bom());
        assert_eq!(file.position(4), Position { line: 1, column: 4 });
        assert_eq!(file.position(8), Position { line: 2, column: 1 });
    }
}
