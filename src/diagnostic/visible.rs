//! Text that came from outside, made fit to be shown: no character can act on a terminal, hide, or turn a line
//! around, and no word fills a screen.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The longest word that is shown whole.
const MAX_WORD: usize = 200;

/// How much of a longer one is shown at each end.
const SHOWN: usize = 60;

/// The longest sentence.
const MAX_TEXT: usize = 4_000;

/// Shows what hides, and shortens what is too long.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    shorten(characters(text))
}

/// Shows characters that nobody would see as escapes.
pub(crate) fn characters(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hides(character) {
            write!(shown, "{}", character.escape_unicode()).expect("a string takes all");
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Hides what could act on a terminal in lines that quote a file; colours and line ends stay.
pub(crate) fn lines(text: String) -> String {
    let acts = |character| matches!(character, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(acts) { text.replace(acts, "\u{fffd}") } else { text }
}

/// Control characters, marks without width, blanks that are not the blank, and what turns the direction of writing.
fn hides(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

fn shorten(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= MAX_WORD {
        return text;
    }
    let long = |word: &str| word.len() > MAX_WORD && word.chars().count() > MAX_WORD;
    let text = if text.split(' ').any(long) {
        Cow::Owned(text.split(' ').map(word).collect::<Vec<_>>().join(" "))
    } else {
        text
    };
    if text.len() <= MAX_TEXT {
        return text;
    }
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (boundary(MAX_TEXT / 2), boundary(text.len() - MAX_TEXT / 4));
    Cow::Owned(format!("{} … {}", &text[..start], &text[end..]))
}

fn word(word: &str) -> Cow<'_, str> {
    let count = word.chars().count();
    if count <= MAX_WORD {
        return Cow::Borrowed(word);
    }
    let at = |nth: usize| word.char_indices().nth(nth).map_or(word.len(), |(at, _)| at);
    Cow::Owned(format!("{}…{}", &word[..at(SHOWN)], &word[at(count - SHOWN)..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(text("a\u{202e}b\u{1b}[31m\u{200b}\n"), "a\\u{202e}b\\u{1b}[31m\\u{200b}\\u{a}");
        assert!(matches!(text("plain – ü 家"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_words_are_cut() {
        let shown = text(&format!("`{}` is long", "ü".repeat(1_000_000))).into_owned();
        assert!(shown.starts_with("`üü") && shown.ends_with("üü` is long") && shown.chars().count() < 140);
        assert!(text(&"word ".repeat(100_000)).len() < MAX_TEXT);
    }
}
