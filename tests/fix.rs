//! What fixes do to schema text: each mends its finding and breaks nothing, and `check --fix` keeps what it does not
//! change, in block layout, in braces and in JSON.

mod layouts;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Applicability, Diagnostic, Format, Severity, render};
use relata_compiler::edit::{self, Fixed};
use relata_compiler::{Checked, Inputs, check};

use layouts::{flow, json, rewritten_as};

/// Every fixture of findings: its name and its schema files.
fn fixtures() -> Vec<(String, Inputs)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ui");
    let mut found = Vec::new();
    for code in entries(&root) {
        for case in entries(&code) {
            let name = case.strip_prefix(&root).expect("it lies there").to_string_lossy().replace('\\', "/");
            let is_schema =
                |path: &PathBuf| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("expected."));
            let texts = entries(&case).into_iter().filter(is_schema).filter_map(|path| {
                let text = fs::read_to_string(&path).ok()?.replace("\r\n", "\n");
                Some((path.file_name()?.to_string_lossy().into_owned(), text))
            });
            found.push((name, Inputs { texts: texts.collect(), ..Inputs::default() }));
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Every fixture, and the same schema in other layouts where that finds the same.
fn variants() -> Vec<(String, Inputs)> {
    let mut all = Vec::new();
    for (name, inputs) in fixtures() {
        let codes = codes(&check(&inputs));
        let others = [
            ("json", rewritten_as(&inputs, "json", json)),
            ("braces", rewritten_as(&inputs, "yaml", flow)),
            ("lines", Some(map(&inputs, |text| text.replace('\n', "\r\n")))),
            ("mark", Some(map(&inputs, |text| format!("\u{feff}{text}")))),
            ("end", Some(map(&inputs, |text| text.trim_end().to_owned()))),
        ];
        for (layout, other) in others {
            all.extend(
                other
                    .filter(|other| self::codes(&check(other)) == codes)
                    .map(|other| (format!("{name} as {layout}"), other)),
            );
        }
        all.push((name, inputs));
    }
    all
}

fn map(inputs: &Inputs, change: impl Fn(&str) -> String) -> Inputs {
    let texts = inputs.texts.iter().map(|(name, text)| (name.clone(), change(text))).collect();
    Inputs { texts, ..Inputs::default() }
}

type Counts = BTreeMap<&'static str, usize>;

fn codes(checked: &Checked) -> Counts {
    count(&checked.findings)
}

fn count<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) -> Counts {
    let mut counts = Counts::new();
    for finding in findings {
        *counts.entry(finding.code.code).or_default() += 1;
    }
    counts
}

fn report(checked: &Checked) -> String {
    render(Format::Human, &checked.findings, &checked.sources, false)
}

/// The inputs with files rewritten.
fn with(inputs: &Inputs, files: Vec<edit::Rewritten>) -> Inputs {
    let mut after = inputs.clone();
    for file in files {
        let (_, text) = after.texts.iter_mut().find(|(name, _)| *name == file.name).expect("it was read");
        assert_eq!(*text, file.before);
        *text = file.after;
    }
    after
}

/// New errors that a likely fix may bring: what mends the schema as far as the schema says, and asks for the next
/// decision.
const BRINGS: &[(&str, &str)] = &[
    // What is decided is not emitted yet.
    ("*", "not-emitted-yet"),
    // The models of a loop had no keys either, which nobody could see.
    ("extends-cycle", "no-primary-key"),
];

#[test]
fn each_fix_mends_its_finding_and_breaks_nothing() {
    let mut faults = String::new();
    for (name, inputs) in variants() {
        let checked = check(&inputs);
        let before = codes(&checked);
        for finding in &checked.findings {
            for fix in &finding.fixes {
                let mended = with(&inputs, edit::apply(&checked.sources, [fix]));
                let after = check(&mended);
                let same =
                    |other: &&Diagnostic| (other.code.code, &other.message) == (finding.code.code, &finding.message);
                let gone = after.findings.iter().filter(same).count() < checked.findings.iter().filter(same).count();
                let errors = after.findings.iter().filter(|other| other.severity == Severity::Error);
                let excused = |code: &str| {
                    BRINGS.iter().any(|(of, brings)| (*of == "*" || *of == finding.code.code) && *brings == code)
                };
                let new: Vec<_> = count(errors)
                    .into_iter()
                    .filter(|(code, now)| before.get(code).copied().unwrap_or_default() < *now && !excused(code))
                    .collect();
                if !gone || !new.is_empty() {
                    let text: String = mended.texts.iter().map(|(_, text)| text.as_str()).collect();
                    let findings = report(&after);
                    writeln!(
                        faults,
                        "== {name}: `{}` of {}: gone {gone}, new {new:?}\n{text}\n{findings}",
                        fix.message, finding.code.code
                    )
                    .expect("a string takes all");
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

fn fix(inputs: &Inputs) -> Fixed {
    edit::fix(inputs, &|_| true)
}

#[test]
fn fixing_ends_and_once_is_enough() {
    for (name, inputs) in variants() {
        let errors =
            |findings: &[Diagnostic]| findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let before = errors(&check(&inputs).findings);
        let fixed = fix(&inputs);
        assert!(errors(&fixed.checked.findings) <= before, "{name}");
        let after = with(&inputs, fixed.files);
        let again = fix(&after);
        assert!(again.files.is_empty() && again.made.is_empty(), "{name}: {:?}", again.made);
        assert_eq!(report(&again.checked), report(&fixed.checked), "{name}");
        let certain = fixed.checked.findings.iter().flat_map(|finding| &finding.fixes);
        let certain = certain.filter(|fix| fix.applicability == Applicability::Certain).count();
        assert!(certain <= fixed.refused.len(), "{name}: something certain is left");
    }
}

#[test]
fn line_ends_marks_and_comments_stay() {
    for (name, inputs) in fixtures() {
        let commented = map(&inputs, with_comments);
        let plain = fix(&inputs);
        if codes(&check(&commented)) == codes(&check(&inputs)) {
            let after = with(&commented, fix(&commented).files);
            for ((_, before), (_, after)) in commented.texts.iter().zip(&after.texts) {
                for comment in before.lines().filter(|line| line.trim_start().starts_with("# own")) {
                    assert!(after.lines().any(|line| line == comment), "{name}: `{comment}` is lost in\n{after}");
                }
            }
            assert_eq!(fix(&after).made, [], "{name}");
        }
        let expected = with(&inputs, plain.files);
        let crlf = map(&inputs, |text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
        if codes(&check(&crlf)) == codes(&check(&inputs)) {
            let after = with(&crlf, fix(&crlf).files);
            let wanted = map(&expected, |text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
            assert_eq!(after.texts, wanted.texts, "{name}");
        }
    }
}

/// A comment above each line, as far in as the line.
fn with_comments(text: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.lines().enumerate() {
        let indent = &line[..line.len() - line.trim_start().len()];
        writeln!(out, "{indent}# own {at}:\ta tab, `{{ [` and 'a quote\n{line}").expect("a string takes all");
    }
    out
}
