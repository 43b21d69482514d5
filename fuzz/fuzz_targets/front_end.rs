//! Any text through the front end and every renderer: nothing panics, and every place lies in its file.
//!
//! `fuzz/seed.sh` gathers the fixtures, `cargo +nightly fuzz run front_end` runs until it finds something.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relata_compiler::diagnostic::{Format, render};
use relata_compiler::source::Span;
use relata_compiler::{Inputs, check};

fuzz_target!(|text: &str| {
    let name = if text.starts_with('{') { "schema.json" } else { "schema.yaml" };
    let checked = check(&Inputs::text(name, text));
    let lies_in_file = |span: Span| {
        let text = checked.sources.file(span.file).text();
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    };
    for finding in &checked.findings {
        finding.labels.iter().for_each(|label| lies_in_file(label.span));
        for fix in &finding.fixes {
            let mut spans: Vec<Span> = fix.edits.iter().map(|edit| edit.span).collect();
            spans.iter().for_each(|span| lies_in_file(*span));
            spans.sort();
            assert!(spans.windows(2).all(|two| two[0].file != two[1].file || two[0].end <= two[1].start), "{fix:?}");
        }
    }
    for format in [Format::Human, Format::Short, Format::Json] {
        render(format, &checked.findings, &checked.sources, true);
    }
});
