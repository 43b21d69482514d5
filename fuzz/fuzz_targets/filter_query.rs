//! Any text as a URL's query: it is refused, or the database takes what becomes of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relata::Filter;

fuzz_target!(|text: &str| {
    relata_fuzz::ask(Filter::from_query(text).ok(), Filter::from_query(text).ok());
});
