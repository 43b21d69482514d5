//! Texts as cursors of pages: any, and those of real cursors that were changed. Only the one that a find itself gave
//! leads to a page; all others are refused before the database is asked.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use relata_fuzz::paged;

/// A text, the find that it is put to, and how many rows are asked for.
#[derive(Debug, Arbitrary)]
struct Input {
    text: Text,
    find: u8,
    size: Size,
}

#[derive(Debug, Arbitrary)]
enum Text {
    Any(String),
    /// What a find gave, changed or not.
    Given(u8, Vec<Change>),
}

#[derive(Debug, Arbitrary)]
enum Size {
    Few(u8),
    Any(u64),
}

#[derive(Debug, Arbitrary)]
enum Change {
    /// Another letter of those that cursors are written with.
    Letter(u16, u8),
    Flip(u16, u8),
    Cut(u16),
    Behead(u16),
    Remove(u16),
    Insert(u16, char),
    Swap(u16, u16),
    Repeat,
    Append(String),
    /// The beginning of it, and the end of another one.
    Join(u16, u8),
    Upper,
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The longest text that is put to a find: changes double it.
const LONGEST: usize = 4096;

impl Change {
    fn make(self, text: &mut Vec<char>, given: &[String]) {
        let length = text.len();
        let within = |at: u16| usize::from(at) % length;
        let upto = |at: u16| usize::from(at) % (length + 1);
        match self {
            Self::Insert(at, letter) => text.insert(upto(at), letter),
            Self::Cut(at) => text.truncate(upto(at)),
            Self::Behead(at) => drop(text.drain(..upto(at))),
            Self::Repeat => text.extend_from_within(..),
            Self::Append(more) => text.extend(more.chars()),
            Self::Join(at, other) => {
                let other: Vec<char> = given[usize::from(other) % given.len()].chars().collect();
                let at = upto(at);
                text.truncate(at);
                text.extend(other.into_iter().skip(at));
            }
            Self::Upper => text.iter_mut().for_each(|letter| letter.make_ascii_uppercase()),
            Self::Letter(..) | Self::Flip(..) | Self::Remove(_) | Self::Swap(..) if length == 0 => {}
            Self::Letter(at, letter) => text[within(at)] = char::from(LETTERS[usize::from(letter % 64)]),
            Self::Flip(at, bit) => {
                let letter = &mut text[within(at)];
                *letter = char::from_u32(u32::from(*letter) ^ 1 << (bit % 7)).unwrap_or(*letter);
            }
            Self::Remove(at) => drop(text.remove(within(at))),
            Self::Swap(one, other) => text.swap(within(one), within(other)),
        }
    }
}

fuzz_target!(|input: Input| {
    let size = match input.size {
        Size::Few(size) => u64::from(size % 8),
        Size::Any(size) => size,
    };
    paged::with(|finds| {
        let text = match input.text {
            Text::Any(text) => text,
            Text::Given(which, changes) => {
                let given = finds.given();
                let mut text: Vec<char> = given[usize::from(which) % given.len()].chars().collect();
                for change in changes {
                    change.make(&mut text, given);
                    text.truncate(LONGEST);
                }
                text.into_iter().collect()
            }
        };
        finds.ask(usize::from(input.find), &text, size);
    });
});
