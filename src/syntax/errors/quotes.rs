//! Mistakes of quotes: missing, never closed, closed too soon, and what stands inside them.

use super::place::Place;
use super::{brackets, syntax};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A text that holds `: ` and is not quoted.
pub(super) fn colon_in_text(place: &Place<'_>, value: Span) -> Diagnostic {
    syntax("a text that contains `: ` needs quotes")
        .primary(value, "read as a key and its value")
        .fix_if(place.likely("quote it", place.quote(value)))
}

/// A value that begins with a character that means something else.
pub(super) fn unquoted(place: &Place<'_>) -> Diagnostic {
    let first = place.text[place.at..].chars().next().unwrap_or_default();
    let value = place.value();
    let first = if first == '`' { "a backtick".to_owned() } else { format!("`{first}`") };
    syntax(format!("a value that begins with {first} needs quotes"))
        .primary(value, format!("{first} means something else here"))
        .fix_if(place.certain("quote it", place.quote(value)))
}

/// A quote that nothing closes, or nothing near.
pub(super) fn unclosed(place: &Place<'_>) -> Diagnostic {
    let here = place.text[place.at..].chars().next().filter(|mark| matches!(mark, '"' | '\''));
    let (mark, at) = match (brackets::innermost(place.text, place.at), here) {
        (Some((mark @ ('"' | '\''), at)), _) => (mark, at),
        (_, Some(mark)) => (mark, place.at),
        _ => return syntax("a quote is not closed").primary(place.word(), "it should end before this"),
    };
    opened(mark, at, place)
}

fn opened(mark: char, at: usize, place: &Place<'_>) -> Diagnostic {
    let text = &place.text[at + 1..place.content(at).end.max(at + 1)];
    let ends = [text.find([',', '}', ']', ':']).map(|end| text[..end].trim_end().len()), Some(text.len())];
    let fix = ends
        .into_iter()
        .flatten()
        .find_map(|end| place.likely("close it", vec![place.insert(at + 1 + end, &mark.to_string())]));
    syntax("a quote is not closed").primary(place.span(at..at + 1), format!("the next `{mark}` is missing")).fix_if(fix)
}

/// Text after a closing quote.
pub(super) fn goes_on(place: &Place<'_>) -> Diagnostic {
    let line = place.line(place.at);
    // The parser may stand on the quote or on what comes after blanks.
    let end = place.text[..place.at].trim_end().len();
    let Some(mark) = place.text[..end].chars().next_back().filter(|mark| matches!(mark, '"' | '\'')) else {
        return syntax("something follows a closing quote").primary(place.word(), "not expected here");
    };
    let closing = end - 1;
    if let Some((found, at)) = brackets::innermost(place.text, closing)
        && found == mark
        && at < line.start
    {
        return opened(mark, at, place).label(place.span(closing..end), "closed only here");
    }
    let rest = place.rest_of_line();
    let colon = place.likely("write a colon", vec![place.insert(end, ":")]);
    if colon.is_some() {
        return syntax("a colon is missing after the key").primary(rest, "expected `: ` before this").fix_if(colon);
    }
    let value = place.value_of_line();
    let text = place.slice(value);
    let inner = text.strip_prefix(mark).map(|text| text.strip_suffix(mark).unwrap_or(text));
    let fix = inner.and_then(|inner| {
        let escaped = match mark {
            '\'' => inner.replace('\'', "''"),
            _ => inner.replace('"', "\\\""),
        };
        let edit = place.replace(value.start as usize..value.end as usize, format!("{mark}{escaped}{mark}"));
        place.likely("put all of it into the quotes", vec![edit])
    });
    let twice = if mark == '\'' {
        "a `'` inside single quotes is written `''`"
    } else {
        "a `\"` inside double quotes is written `\\\"`"
    };
    syntax("the text goes on after its closing quote")
        .primary(rest, "not inside the quotes")
        .label(place.span(closing..end), "closed here")
        .note(twice)
        .fix_if(fix)
}

impl Place<'_> {
    /// What begins here: to the end of the line, or inside brackets to the end of the item.
    pub(super) fn value(&self) -> Span {
        let rest = self.rest_of_line();
        match brackets::innermost(self.text, self.at) {
            Some(('[' | '{', _)) => {
                let text = self.slice(rest);
                let end = text.find([',', ']', '}']).unwrap_or(text.len());
                self.span(self.at..self.at + text[..end].trim_end().len())
            }
            _ => rest,
        }
    }
}

/// The escapes of YAML, which include those of JSON.
const ESCAPES: &str = "0abtnvfre \"/\\N_LPxuU\t\n\r";

/// An escape that is none.
pub(super) fn escape(place: &Place<'_>) -> Diagnostic {
    let Some((start, end)) = wrong_escape(place) else {
        return syntax("an escape in double quotes is not well-formed").primary(place.word(), "in this text");
    };
    let span = place.span(start..end);
    let finding = syntax(format!("`{}` is not an escape", place.slice(span)))
        .primary(span, "`\\` begins an escape inside double quotes");
    let Some(length) = closing(&place.text[place.at + 1..]) else { return finding };
    let (from, to) = (place.at + 1, place.at + 1 + length);
    let inner = &place.text[from..to];
    let plain = !inner.contains(['\'', '\n'])
        && !["\\n", "\\t", "\\u", "\\x", "\\\"", "\\\\"].iter().any(|escape| inner.contains(escape));
    let fix = if plain {
        let edits = vec![place.replace(place.at..from, "'"), place.replace(to..to + 1, "'")];
        place.likely("use single quotes, which keep `\\` as it is", edits)
    } else {
        None
    };
    finding.fix_if(fix.or_else(|| place.likely("write the `\\` twice", vec![place.insert(start, "\\")])))
}

/// The first escape after the opening quote that is none.
fn wrong_escape(place: &Place<'_>) -> Option<(usize, usize)> {
    let text = &place.text[place.at..];
    let mut characters = text.char_indices().skip(1);
    while let Some((at, next)) = characters.next() {
        if next == '"' {
            return None;
        }
        if next != '\\' {
            continue;
        }
        let (escaped, what) = characters.next()?;
        let digits = match what {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            known if ESCAPES.contains(known) => continue,
            _ => return Some((place.at + at, place.at + escaped + what.len_utf8())),
        };
        let rest = &text[escaped + 1..];
        let hex = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_hexdigit()).len();
        let end = escaped + 1 + hex.min(digits);
        let code = u32::from_str_radix(&text[escaped + 1..end], 16).ok();
        let paired = text[end..].starts_with("\\u") && code.is_some_and(|code| (0xd800..0xdc00).contains(&code));
        if hex < digits || (code.and_then(char::from_u32).is_none() && !paired) {
            return Some((place.at + at, place.at + end));
        }
        if paired {
            // The other half belongs to it.
            characters.nth(digits + 5);
        }
    }
    None
}

/// The length of a text in double quotes, up to the closing one.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.find(|next| {
        let closes = next == '"' && !escaped;
        escaped = next == '\\' && !escaped;
        closes
    })
}
