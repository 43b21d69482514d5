//! A fix as the lines that go and the lines that come.

use super::excerpt::Excerpt;
use super::{Edit, Fix};
use crate::source::{SourceFile, SourceMap};

/// `-` before what goes, `+` before what comes, under the place of each.
pub(super) fn lines(fix: &Fix, sources: &SourceMap) -> String {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let touching = |a: &&Edit, b: &&Edit| {
        let source = sources.file(a.span.file);
        a.span.file == b.span.file && source.line(b.span.start).start <= source.line(a.span.end).end
    };
    let mut out = Vec::new();
    for hunk in edits.chunk_by(touching) {
        changed(hunk, sources.file(hunk[0].span.file), &mut out);
    }
    out.join("\n")
}

/// Adds the lines that edits of adjoining lines change, with the place of the first.
fn changed(edits: &[&Edit], source: &SourceFile, out: &mut Vec<String>) {
    let excerpt = Excerpt::of_edits(edits.iter().map(|edit| edit.span), source);
    let mut text = excerpt.text.clone();
    for edit in edits.iter().rev() {
        text.replace_range(excerpt.range(edit.span), &edit.text);
    }
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (excerpt.text.lines().collect(), text.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..same);
    new.drain(..same);
    while old.last().is_some_and(|line| Some(line) == new.last()) {
        old.pop();
        new.pop();
    }
    out.push(format!("{}:{}", source.display(), excerpt.first_line + same));
    out.extend(old.iter().map(|line| format!("- {line}")));
    out.extend(new.iter().map(|line| format!("+ {line}")));
}
