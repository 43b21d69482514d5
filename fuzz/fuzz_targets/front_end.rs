//! Any text through the front end, every renderer and the certain fixes: nothing panics, every place lies in its
//! file, and what is fixed once has nothing left to fix.
//!
//! `fuzz/seed.sh` gathers the fixtures, `cargo +nightly fuzz run front_end` runs until it finds something.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relata_compiler::diagnostic::{Format, render};
use relata_compiler::edit::fix;
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
    render(Format::Human, &checked.findings, &checked.sources, true);
    for format in [Format::Human, Format::Short, Format::Github, Format::Json, Format::Sarif, Format::Gitlab] {
        let report = render(format, &checked.findings, &checked.sources, false);
        let is_json = |text: &str| assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        match format {
            Format::Human | Format::Short | Format::Github => {}
            Format::Json => report.lines().for_each(is_json),
            Format::Sarif | Format::Gitlab => is_json(&report),
        }
    }
    let fixed = fix(&Inputs::text(name, text), &|_| true);
    if let [file] = &fixed.files[..] {
        let again = fix(&Inputs::text(name, &file.after), &|_| true);
        assert!(again.made.is_empty(), "the second time: {:?}", again.made);
    }
});
