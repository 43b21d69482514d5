//! How much room text takes, without a font at hand: as wide as in the widest of the usual fonts, so that it fits
//! wherever the picture is seen. Whole pixels, rounded up.

use unicode_width::UnicodeWidthChar as _;

/// Above so many cells a name is cut; the whole one is in its tooltip.
const MOST_CELLS: usize = 44;

/// A letter of a monospaced font is six tenths of its size, and a bit.
const MONO: usize = 61;

/// Width of monospaced text of that size.
pub(super) fn mono(text: &str, size: usize) -> i32 {
    pixels(cells(text) * MONO * size)
}

/// Width of other text of that size.
pub(super) fn sans(text: &str, size: usize) -> i32 {
    pixels(text.chars().map(hundredths).sum::<usize>() * size)
}

/// Width of bold text of that size.
pub(super) fn bold(text: &str, size: usize) -> i32 {
    pixels(text.chars().map(hundredths).sum::<usize>() * size * 109 / 100)
}

fn pixels(hundredths: usize) -> i32 {
    i32::try_from(hundredths.div_ceil(100)).unwrap_or(i32::MAX / 1024)
}

fn cells(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or_default()).sum()
}

/// Hundredths of the font's size.
fn hundredths(c: char) -> usize {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' => 32,
        'f' | 't' | 'r' | 'I' | ' ' | '(' | ')' | '[' | ']' | '/' | '-' | '·' => 43,
        'm' | 'w' | 'M' | 'W' | '→' | '…' => 98,
        'A'..='Z' | '_' => 74,
        c if c.is_ascii() => 64,
        c => c.width().unwrap_or_default() * 68,
    }
}

/// Text that is shown: cut where it is too long, without marks that turn the direction of what follows.
pub(super) fn shown(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = text.chars().filter(|c| !turns(c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if cells(&clean) <= MOST_CELLS {
        return clean;
    }
    let mut room = MOST_CELLS - 1;
    let fits = |c: &char| {
        let width = c.width().unwrap_or_default();
        let fits = width <= room;
        room = room.saturating_sub(width);
        fits
    };
    let mut cut: String = clean.chars().take_while(fits).collect();
    cut.push('…');
    cut
}
