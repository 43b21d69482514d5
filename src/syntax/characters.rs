//! Characters that no reader of a file sees, or that make a line look like another than it is.
//!
//! Written as an escape in double quotes (`"\u202E"`), each of them is plain to see, and may be part of a text.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Edit, Fix, codes};
use crate::source::{FileId, SourceFile, Span, saturate};

/// Places that one finding shows.
const MAX_SHOWN: usize = 8;

/// Places that one fix mends.
const MAX_MENDED: usize = 1_000;

/// Reports the characters of a file that nobody sees, all at once.
pub(super) fn hidden(file: FileId, source: &SourceFile) -> Option<Diagnostic> {
    let text = source.text();
    let places: Vec<Range<usize>> = find(text).take(MAX_MENDED + 1).collect();
    let first = places.first()?;
    let span = |bytes: &Range<usize>| Span { file, start: saturate(bytes.start), end: saturate(bytes.end) };
    let (what, why) = describe(text, first);
    let finding = Diagnostic::new(&codes::HIDDEN_CHARACTER, format!("the file holds {what}")).primary(span(first), why);
    let finding = places[1..].iter().take(MAX_SHOWN - 1).fold(finding, |finding, place| {
        let (what, _) = describe(text, place);
        finding.label(span(place), what)
    });
    let finding = match places.len() {
        few if few <= MAX_SHOWN => finding,
        many if many <= MAX_MENDED => finding.note(format!("and {} more", many - MAX_SHOWN)),
        _ => finding.note(format!("and more than {}", MAX_MENDED - MAX_SHOWN)),
    };
    if places.len() > MAX_MENDED {
        return Some(finding);
    }
    let lines_end = &text[first.clone()] == "\r";
    let mend = |place: &Range<usize>| {
        let ends = text[place.clone()].matches('\r').count();
        Edit::replace(span(place), "\n".repeat(ends))
    };
    let message = if lines_end { "end lines with line feeds" } else { "remove what cannot be seen" };
    Some(finding.fix_if(Some(Fix::likely(message, joined(&places).iter().map(mend)))))
}

/// Neighbours as one stretch.
fn joined(places: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(last) if last.end == place.start => last.end = place.end,
            _ => joined.push(place.clone()),
        }
    }
    joined
}

fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let next = move |from: &mut usize| {
        let bytes = text.as_bytes();
        while *from < bytes.len() {
            let at = *from;
            // Nearly all of a schema is printable ASCII.
            if matches!(bytes[at], b' '..=b'~' | b'\n' | b'\t') {
                *from += 1;
                continue;
            }
            let character = text[at..].chars().next()?;
            *from += character.len_utf8();
            let hides = match character {
                '\r' => bytes.get(at + 1) != Some(&b'\n'),
                other => is_hidden(other),
            };
            if hides {
                return Some(at..*from);
            }
        }
        None
    };
    let mut from = 0;
    std::iter::from_fn(move || next(&mut from))
}

/// Control characters, line ends that only some readers know, and what turns the direction of writing.
fn is_hidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}') || turns(character)
}

fn turns(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What it is, and why it cannot stay.
fn describe(text: &str, place: &Range<usize>) -> (String, &'static str) {
    let character = text[place.clone()].chars().next().unwrap_or_default();
    let code = format!("U+{:04X}", u32::from(character));
    match character {
        '\r' => (format!("a carriage return without a line feed ({code})"), "only some readers see a new line here"),
        '\u{85}' | '\u{2028}' | '\u{2029}' => {
            (format!("an unusual line separator ({code})"), "only some readers see a new line here")
        }
        '\u{feff}' => (format!("a byte order mark ({code})"), "stands only at the very beginning of a file"),
        turning if turns(turning) => {
            (format!("a character that turns the direction of the text ({code})"), "the line is not what it looks like")
        }
        _ => (format!("a control character ({code})"), "nobody sees it"),
    }
}
