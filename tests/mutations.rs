//! Schemas spoilt at random: whatever a file says, checking it never panics, and what is reported holds together.
//!
//! The numbers are the same in every run. `MUTATIONS=100000 SEED=7 cargo test --test mutations` runs longer, or
//! elsewhere.

mod random;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Diagnostic, Format, Severity, render};
use relata_compiler::edit::fix;
use relata_compiler::source::Span;
use relata_compiler::{Checked, Inputs, check};

use random::{Random, number};

/// The schema files of every fixture and example.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("tests/fixtures"), root.join("schemas")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()) {
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("yaml" | "yml" | "json") if !path.ends_with("expected.json") => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files.iter().filter_map(|path| fs::read_to_string(path).ok()).filter(|text| text.len() < 20_000).collect()
}

/// What people and strangers put where it does not belong.
const TOKENS: &[&str] = &[
    ":",
    ": ",
    "- ",
    "-",
    "\n",
    "\n  ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    "\"",
    "#",
    " #",
    "&a ",
    "*a",
    "!x ",
    "|\n",
    ">",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: ",
    "\\",
    "\\u",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "é",
    "家",
    "🦀",
    "\r",
    "\r\n",
    "\u{85}",
    "null",
    "true",
    "1e999",
    "-1",
    "0x",
    "~",
    "[]",
    "string[]",
    "id",
    "Id",
    "models:",
    "relations:",
    "belongsTo: ",
    "hasMany: ",
    "extends: ",
    "through: ",
    "keyFrom: ",
    "keyTo: ",
    "properties:",
    "default: ",
    "pattern: '('",
    "enums:",
    "required: true",
    "@",
    "`",
    "%",
    "=",
    "//",
];

fn spoil(text: &str, others: &[String], random: &mut Random) -> String {
    let boundary = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = boundary(text, random.below(text.len() + 1));
    let end = boundary(text, (at + random.below(12)).min(text.len())).max(at);
    match random.below(9) {
        0 => format!("{}{}{}", &text[..at], random.pick(TOKENS), &text[at..]),
        1 => format!("{}{}{}", &text[..at], random.pick(TOKENS), &text[end..]),
        2 => format!("{}{}", &text[..at], &text[end..]),
        3 => text[..at].to_owned(),
        4 => {
            let other = random.pick(others);
            let from = boundary(other, random.below(other.len() + 1));
            format!("{}{}", &text[..at], &other[from..])
        }
        kind => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let (one, two) = (random.below(lines.len()), random.below(lines.len()));
            match kind {
                _ if lines.is_empty() => {}
                5 => lines.insert(two, lines[one]),
                6 => lines.swap(one, two),
                7 => drop(lines.remove(one)),
                _ => return words_swapped(text, random),
            }
            lines.concat()
        }
    }
}

fn words_swapped(text: &str, random: &mut Random) -> String {
    let mut words: Vec<&str> = text.split_inclusive([' ', '\n', ',', ':']).collect();
    if words.is_empty() {
        return String::new();
    }
    let (one, two) = (random.below(words.len()), random.below(words.len()));
    words.swap(one, two);
    words.concat()
}

/// Everything that must hold of an answer, whatever was asked.
fn holds_together(inputs: &Inputs) {
    let checked = check(inputs);
    for finding in &checked.findings {
        finding_holds(finding, &checked);
    }
    is_shown(&checked);
    let again = check(inputs);
    assert_eq!(checked.findings, again.findings, "the same every time");
    let mut backward = inputs.clone();
    backward.texts.reverse();
    let again = check(&backward);
    assert_eq!(checked.findings, again.findings, "the order of files does not show");
    assert_eq!(format!("{:?}", checked.graph), format!("{:?}", again.graph));
}

/// Every format shows it, and what programs read is JSON.
fn is_shown(checked: &Checked) {
    render(Format::Human, &checked.findings, &checked.sources, true);
    for format in [Format::Human, Format::Short, Format::Github] {
        render(format, &checked.findings, &checked.sources, false);
    }
    let is_json = |text: &str| {
        let value = serde_json::from_str::<serde_json::Value>(text);
        assert!(value.is_ok(), "{value:?}: {text}");
    };
    render(Format::Json, &checked.findings, &checked.sources, false).lines().for_each(is_json);
    for format in [Format::Sarif, Format::Gitlab] {
        is_json(&render(format, &checked.findings, &checked.sources, false));
    }
}

/// Making every certain fix comes to an end, leaves no more errors than there were, and nothing to do the next time.
fn fixes_end(inputs: &Inputs) {
    let errors =
        |checked: &Checked| checked.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let before = errors(&check(inputs));
    let fixed = fix(inputs, &|_| true);
    let after = errors(&fixed.checked);
    assert!(after <= before, "{before} errors became {after} by {:?}", fixed.made);
    assert!(fixed.made.is_empty() == fixed.files.is_empty(), "{:?}", fixed.made);
    let mut mended = inputs.clone();
    for file in fixed.files {
        let (_, text) = mended.texts.iter_mut().find(|(name, _)| *name == file.name).expect("a file that was given");
        assert_eq!(*text, file.before);
        *text = file.after;
    }
    let again = fix(&mended, &|_| true);
    assert!(again.made.is_empty(), "the second time: {:?}", again.made);
    assert_eq!(again.checked.findings, fixed.checked.findings, "what is written is what was checked");
}

fn finding_holds(finding: &Diagnostic, checked: &Checked) {
    let lies_in_file = |span: Span| {
        let text = checked.sources.file(span.file).text();
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && end <= text.len(), "{finding:?}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{finding:?}");
    };
    finding.labels.iter().for_each(|label| lies_in_file(label.span));
    for fix in &finding.fixes {
        let mut spans: Vec<Span> = fix.edits.iter().map(|edit| edit.span).collect();
        for span in &spans {
            lies_in_file(*span);
        }
        spans.sort();
        assert!(spans.windows(2).all(|two| two[0].file != two[1].file || two[0].end <= two[1].start), "{finding:?}");
    }
}

/// What was once answered wrongly.
#[test]
fn old_faults_stay_mended() {
    // Taking out what stands on several lines is more than any one of them holds.
    let hidden = format!("[\n  {{\n \"end\":{}\n{} 5\n}}\n]\n", "\0".repeat(50), "\0 ".repeat(40));
    for schema in [
        hidden.as_str(),
        "{\n  \"models\": {\n    \"A\": {}\n🦀    },\n  \"enums\": {}\n}\n",
        "models:\n  Customer:\n    properties:\n      id:hrough: Friendship\n  Friendship:\n    properties: { id: { type: integer, id: true } }\n",
    ] {
        holds_together(&Inputs::text("schema.yaml", schema));
    }
}

#[test]
fn spoilt_schemas_are_answered() {
    let seeds = seeds();
    assert!(seeds.len() > 150, "only {} schemas to begin with", seeds.len());
    let mut random = Random(number("SEED", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..number("MUTATIONS", 2_000) {
        let mut text = random.pick(&seeds).clone();
        for _ in 0..=random.below(4) {
            text = spoil(&text, &seeds, &mut random);
        }
        let name = if text.trim_start().starts_with('{') { "b.json" } else { "b.yaml" };
        let inputs = Inputs::text(name, text.clone()).and_text("a.yaml", random.pick(&seeds).clone());
        let inputs = if random.below(3) == 0 { inputs } else { Inputs::text(name, text.clone()) };
        let is_fixed = random.below(4) == 0;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            holds_together(&inputs);
            if is_fixed {
                fixes_end(&inputs);
            }
        }));
        assert!(
            outcome.is_ok(),
            "this schema is not answered as it should be, see above:
{text:?}"
        );
    }
}
