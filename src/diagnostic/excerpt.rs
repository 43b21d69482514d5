//! The lines of a file that matter, fit to be shown: long lines are cut around the places that matter, far lines left
//! empty, line ends those of Unix. What it costs does not depend on how long the file or its lines are.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::{SourceFile, Span};

/// Lines longer than this are cut, in characters.
const WIDTH: usize = 120;

/// What is left of a cut line on either side of a place, in characters.
const AROUND: usize = 40;

/// Lines shown above and below a place.
const NEAR: usize = 2;

/// Stands where something was cut.
const CUT: char = '…';

/// Lines of a file around places in it.
pub(super) struct Excerpt {
    /// The lines, each with its end, but for the last of a file.
    pub(super) text: String,
    /// The number of the first.
    pub(super) first_line: usize,
    /// Whether a place may stand in another column than in the file.
    pub(super) is_cut: bool,
    /// Where bytes of the file stand in the text.
    offsets: BTreeMap<usize, usize>,
}

impl Excerpt {
    /// From the line of the first place to that of the last.
    pub(super) fn around(spans: impl Iterator<Item = Span>, source: &SourceFile) -> Self {
        let mut points: Vec<usize> = spans.flat_map(|span| [span.start, span.end]).map(|at| at as usize).collect();
        points.sort_unstable();
        points.dedup();
        let first = points.first().copied().unwrap_or_default();
        let mut excerpt = Self {
            text: String::new(),
            first_line: source.position(offset(first)).line as usize,
            is_cut: false,
            offsets: BTreeMap::new(),
        };
        let mut points = points.as_slice();
        let mut line = source.line(offset(first));
        let mut since = 0;
        loop {
            let is_last = line.end == source.text().len() && !source.text()[line.clone()].ends_with('\n');
            let here = points.partition_point(|point| *point < line.end || is_last);
            let (within, rest) = points.split_at(here);
            since = if within.is_empty() { since + 1 } else { 0 };
            if since <= NEAR || is_near(&line, rest, source) {
                excerpt.line(&source.text()[line.clone()], line.start, within);
            } else {
                excerpt.text.push('\n');
            }
            if rest.is_empty() {
                return excerpt;
            }
            points = rest;
            line = source.line(offset(line.end));
        }
    }

    /// The lines that edits change, also those inside a stretch that goes.
    pub(super) fn of_edits(edits: impl Iterator<Item = Span>, source: &SourceFile) -> Self {
        let lines_of = |span: Span| {
            let next = move |line: &Range<usize>| {
                let next = offset(line.end);
                (next < span.end).then(|| source.line(next))
            };
            let inside = std::iter::successors(Some(source.line(span.start)), next).skip(1);
            let starts = inside.map(move |line| Span { start: offset(line.start), end: offset(line.start), ..span });
            std::iter::once(span).chain(starts)
        };
        Self::around(edits.flat_map(lines_of), source)
    }

    /// Where a span of the places stands in the text.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let at = |byte: u32| self.offsets.get(&(byte as usize)).copied().unwrap_or(self.text.len());
        at(span.start)..at(span.end)
    }

    /// Adds a line that begins at the byte `start` of its file, and holds the places `points`.
    fn line(&mut self, line: &str, start: usize, points: &[usize]) {
        let content = line.trim_end_matches(['\n', '\r']);
        let within = |point: &usize| {
            let mut at = (point - start).min(content.len());
            while !content.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let mut shown = 0;
        for kept in kept(content, points.iter().map(within)) {
            if kept.start > shown {
                self.text.push(CUT);
                self.is_cut = true;
            }
            for point in points.iter().filter(|point| kept.start <= within(point) && within(point) <= kept.end) {
                self.offsets.insert(*point, self.text.len() + within(point) - kept.start);
            }
            self.text.push_str(&content[kept.clone()]);
            shown = kept.end;
        }
        if shown < content.len() {
            self.text.push(CUT);
        }
        if line.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Whether a place lies little below a line.
fn is_near(line: &Range<usize>, below: &[usize], source: &SourceFile) -> bool {
    let mut end = line.end;
    below.first().is_some_and(|point| {
        (0..NEAR).any(|_| {
            let near = source.line(offset(end));
            end = near.end;
            near.contains(point) || near.end == source.text().len()
        })
    })
}

/// What is shown of a line: all of it, or what lies around the places; its head when there is none.
fn kept(line: &str, points: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let end_of =
        |from: usize, count: usize| line[from..].char_indices().nth(count).map_or(line.len(), |(at, _)| from + at);
    let start_of = |to: usize| line[..to].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let head = 0..end_of(0, WIDTH);
    let mut kept: Vec<Range<usize>> = Vec::new();
    for point in points.filter(|_| head.end < line.len()) {
        let around = start_of(point)..end_of(point, AROUND);
        match kept.last_mut() {
            Some(last) if around.start <= last.end => last.end = around.end,
            _ => kept.push(around),
        }
    }
    if kept.is_empty() {
        kept.push(head);
    }
    kept
}

/// Files are far smaller than what 32 bits count.
fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::{Inputs, check};

    fn sources(text: &str) -> SourceMap {
        check(&Inputs::text("a.yaml", text)).sources
    }

    /// The excerpt around words, and what stands at each of them there.
    fn shown(text: &str, words: &[&str]) -> (String, Vec<String>) {
        let sources = sources(text);
        let (file, source) = sources.files().next().expect("it was read");
        let spans: Vec<_> = words
            .iter()
            .map(|word| {
                let start = source.text().find(word).expect("it is in the text");
                Span { file, start: offset(start), end: offset(start + word.len()) }
            })
            .collect();
        let excerpt = Excerpt::around(spans.iter().copied(), source);
        let words = spans.iter().map(|span| excerpt.text[excerpt.range(*span)].to_owned()).collect();
        (excerpt.text, words)
    }

    #[test]
    fn short_lines_are_whole() {
        let (text, words) = shown("a: 1\nb: 2\nc: 3\n", &["b", "2"]);
        assert_eq!((text.as_str(), words), ("b: 2\n", vec!["b".to_owned(), "2".to_owned()]));
        assert_eq!(shown("a: 1", &["1"]).0, "a: 1");
        assert_eq!(shown("a: ü\r\nb: 2\r\n", &["ü", "2"]).0, "a: ü\nb: 2\n");
        assert_eq!(shown("a: 1\nb: 2\n", &["\nb: 2\n"]).0, "a: 1\nb: 2\n", "the end of the text is a line of its own");
    }

    #[test]
    fn long_lines_are_cut_around_what_matters() {
        let (x, y) = ("ü".repeat(500), "家".repeat(500));
        let (text, words) = shown(&format!("{x}one{y}two{x}\n"), &["one", "two"]);
        let (x, y) = ("ü".repeat(40), "家".repeat(40));
        assert_eq!(text, format!("…{x}one{y}…{y}two{x}…\n"));
        assert_eq!(words, ["one", "two"]);
    }

    #[test]
    fn long_words_are_cut_inside() {
        let word = "ü".repeat(1_000);
        let (text, words) = shown(&format!("a: {word}\n"), &[&word]);
        let around = "ü".repeat(40);
        assert_eq!(text, format!("a: {around}…{around}\n"));
        assert_eq!(words, [format!("{around}…{around}")]);
    }

    #[test]
    fn what_goes_is_shown() {
        let text: String = ('a'..'k').map(|letter| format!("{letter}: 1\n")).collect::<Vec<_>>().concat();
        let sources = sources(&text);
        let (file, source) = sources.files().next().expect("it was read");
        let span = Span { file, start: 0, end: offset(text.len()) };
        let excerpt = Excerpt::of_edits([span].into_iter(), source);
        assert_eq!((excerpt.text.as_str(), excerpt.range(span)), (text.as_str(), 0..text.len()));
    }

    #[test]
    fn far_lines_are_empty() {
        let lines: Vec<_> = (10..30).map(|number| format!("k{number}: {}\n", "x".repeat(300))).collect();
        let (text, words) = shown(&lines.concat(), &["k11", "k19", "k22"]);
        let lines: Vec<_> = text.lines().map(|line| line.chars().take(3).collect::<String>()).collect();
        assert_eq!(lines, ["k11", "k12", "k13", "", "", "", "k17", "k18", "k19", "k20", "k21", "k22"]);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH + 1));
        assert_eq!(words, ["k11", "k19", "k22"]);
    }
}
