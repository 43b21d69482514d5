//! Mistakes of brackets and braces, and of what stands inside them.

use granit_parser::ErrorKind;

use super::place::Place;
use super::{quotes, syntax};
use crate::diagnostic::Diagnostic;

/// The innermost bracket, brace or quote that is open before a byte.
pub(super) fn innermost(text: &str, upto: usize) -> Option<(char, usize)> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut quote: Option<(char, usize)> = None;
    let mut before = '\n';
    let mut skip = false;
    for (at, next) in text[..upto].char_indices() {
        // A quote, a bracket or a comment begins only where a word could.
        let begins = before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':');
        match (quote, next) {
            _ if std::mem::take(&mut skip) => {}
            (Some(('"', _)), '\\') => skip = true,
            (Some(('#', _)), '\n') => quote = None,
            (Some((mark, _)), next) if mark == next => quote = None,
            (None, '"' | '\'') if begins => quote = Some((next, at)),
            (None, '#') if before.is_whitespace() => quote = Some((next, at)),
            (None, '[' | '{') if begins || !open.is_empty() => open.push((next, at)),
            (None, ']' | '}') => {
                open.pop();
            }
            (Some(_) | None, _) => {}
        }
        before = next;
    }
    quote.filter(|(mark, _)| *mark != '#').or_else(|| open.last().copied())
}

fn closer(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

pub(super) fn finding(kind: &ErrorKind, place: &Place<'_>) -> Diagnostic {
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => unclosed(*open, place.at, place.text.len(), place),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => mismatched(*open, *close, place),
        ErrorKind::MisplacedFlowCollectionEnd => {
            let end = place.at + 1;
            syntax(format!("`{}` closes nothing", place.slice(place.character())))
                .primary(place.character(), "no bracket is open here")
                .fix_if(place.likely("remove it", vec![place.replace(place.at..end, "")]))
        }
        _ => inside(place),
    }
}

/// An open bracket that nothing closes before `upto`.
fn unclosed(open: char, at: usize, upto: usize, place: &Place<'_>) -> Diagnostic {
    let close = closer(open).to_string();
    let mut ends = vec![place.content(at).end];
    ends.extend(place.before(upto).map(|before| before.end));
    ends.push(place.text.trim_end().len());
    let fix = ends.into_iter().filter(|end| *end > at).find_map(|end| {
        let blank = if open == '{' && place.text[at..].starts_with("{ ") { " " } else { "" };
        place.likely(&format!("close it with `{close}`"), vec![place.insert(end, &format!("{blank}{close}"))])
    });
    syntax(format!("`{open}` is not closed"))
        .primary(place.span(at..at + 1), format!("`{close}` is missing"))
        .fix_if(fix)
}

/// Closing brackets that are looked at for one of the wrong kind.
const MAX_CLOSERS: usize = 100;

fn mismatched(open: char, close: char, place: &Place<'_>) -> Diagnostic {
    let right = closer(open).to_string();
    let closers = place.text[place.at..].match_indices(close).take(MAX_CLOSERS).map(|(found, _)| place.at + found);
    let own = closers.map(|at| (at, innermost(&place.text[place.at..], at - place.at)));
    if let Some((at, _)) = { own }.find(|(_, around)| *around == Some((open, 0))) {
        return syntax(format!("`{open}` is closed by `{close}`"))
            .primary(place.span(at..at + 1), format!("expected `{right}`"))
            .label(place.span(place.at..place.at + 1), "opened here")
            .fix_if(place.likely(&format!("write `{right}`"), vec![place.replace(at..at + 1, right)]));
    }
    unclosed(open, place.at, place.text.len(), place)
}

/// Something between brackets that cannot stand there.
fn inside(place: &Place<'_>) -> Diagnostic {
    let Some((open, opened)) = innermost(place.text, place.at) else {
        return syntax("the file is not well-formed YAML or JSON").primary(place.word(), "the structure breaks here");
    };
    if matches!(open, '"' | '\'') {
        return quotes::unclosed(place);
    }
    if let Some(finding) = list_type(place) {
        return finding;
    }
    let here = place.text[place.at..].chars().next().unwrap_or_default();
    if here == ',' {
        return syntax("a value is missing before the comma").primary(place.character(), "nothing stands before it");
    }
    let content = place.content(place.at);
    if opened < content.start {
        return across_lines(open, opened, place);
    }
    if here == ':' {
        return colon(place, opened);
    }
    syntax(format!("a comma or `{}` is missing", closer(open)))
        .primary(place.word(), "not expected here")
        .label(place.span(opened..opened + 1), "inside this")
}

/// `string[]` inside braces.
fn list_type(place: &Place<'_>) -> Option<Diagnostic> {
    let line = place.line(place.at);
    let brackets = line.start + place.text[line.clone()].find("[]")?;
    let word = place.text[line.start..brackets].rfind([' ', ':', '{', ','])? + 1 + line.start;
    if brackets + 2 < place.at || word == brackets {
        return None;
    }
    let span = place.span(word..brackets + 2);
    let name = place.slice(span);
    Some(
        syntax(format!("inside braces `{name}` needs quotes"))
            .primary(span, "`[` begins a list here")
            .fix_if(place.certain("quote it", place.quote(span))),
    )
}

/// The bracket was opened on a line above: it is not closed, or a comma is missing at the end of a line.
fn across_lines(open: char, opened: usize, place: &Place<'_>) -> Diagnostic {
    let content = place.content(place.at);
    let end = place.before(place.at).map_or(opened + 1, |before| before.end);
    let comma = place.likely("put a comma there", vec![place.insert(end, ",")]);
    if comma.is_some() {
        let last = place.text[..end].char_indices().next_back().map_or(end, |(at, _)| at);
        return syntax("a comma is missing at the end of the line")
            .primary(place.span(last..end), "expected `,` after this")
            .label(place.span(content.start..place.at.max(content.start + 1)), "the next key")
            .fix_if(comma);
    }
    unclosed(open, opened, content.start, place)
        .label(place.span(content.start..place.at.max(content.start + 1)), "what follows is read as a part of it")
}

/// A second colon in one entry: a comma is missing before its key, or the text should be quoted.
fn colon(place: &Place<'_>, opened: usize) -> Diagnostic {
    let entry = place.text[..place.at].rfind(',').map_or(opened, |comma| comma.max(opened)) + 1;
    let Some(first) = place.text[entry..place.at].find(':') else {
        return syntax("a colon stands where no key can be").primary(place.character(), "not expected here");
    };
    let value = entry + first + 1;
    let words = place.text[value..place.at].trim();
    if let Some((before, key)) = words.rsplit_once(' ') {
        let at = place.at - key.len();
        let end = at - (place.text[value..at].len() - place.text[value..at].trim_end().len());
        return syntax(format!("a comma is missing before `{key}`"))
            .primary(place.span(at..place.at), format!("`{}` ends before this", before.trim()))
            .fix_if(place.likely("put a comma there", vec![place.insert(end, ",")]));
    }
    let start = place.at - place.text[value..place.at].trim_start().len();
    let rest = &place.text[place.at..];
    let end = place.at + rest.find([',', '}', ']', '\n']).unwrap_or(rest.len());
    let end = end - (place.text[start..end].len() - place.text[start..end].trim_end().len());
    quotes::colon_in_text(place, place.span(start..end))
}
