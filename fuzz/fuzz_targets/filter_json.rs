//! Any text as a filter in JSON: it is refused, or the database takes what becomes of it.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    relata_fuzz::ask(serde_json::from_str(text).ok(), serde_json::from_str(text).ok());
});
