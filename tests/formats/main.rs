//! What findings look like to other programs: every format, over every fixture and over text that is hard to write.

mod github;
mod gitlab;
mod golden;
mod sarif;

use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Diagnostic, Format, render};
use relata_compiler::source::SourceMap;
use relata_compiler::{Inputs, check};
use serde_json::Value;

/// A run: its name, its findings, the files that they are about.
struct Case {
    name: String,
    findings: Vec<Diagnostic>,
    sources: SourceMap,
}

impl Case {
    fn of(name: &str, inputs: &Inputs) -> Self {
        let checked = check(inputs);
        Self { name: name.to_owned(), findings: checked.findings, sources: checked.sources }
    }

    fn render(&self, format: Format) -> String {
        render(format, &self.findings, &self.sources, false)
    }

    /// The findings as `--format json` gives them.
    fn json(&self) -> Vec<Value> {
        let text = self.render(Format::Json);
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

/// Every fixture of the rules, and the cases of this test.
fn every_case() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ui");
    let mut cases = golden::cases();
    for folder in children(&root).iter().flat_map(|code| children(code)) {
        let schemas = children(&folder).into_iter().filter(|path| !name(path).starts_with("expected."));
        let inputs = schemas.fold(Inputs::default(), |inputs, path| {
            let text = fs::read_to_string(&path).expect("fixtures are UTF-8");
            inputs.and_text(name(&path), text)
        });
        let case = folder.strip_prefix(&root).expect("it lies there").display().to_string();
        cases.push(Case::of(&case, &inputs));
    }
    assert!(cases.len() > 100, "the fixtures are there");
    cases
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().expect("it has a name").to_string_lossy().into_owned()
}

/// Asserts that a message says all that a finding says, but for the places.
fn says_everything(message: &str, finding: &Diagnostic, case: &str) {
    assert_eq!(message.lines().next(), finding.message.lines().next(), "{case}");
    let parts = [&finding.message].into_iter().chain(finding.labels.iter().map(|label| &label.message));
    let parts = parts.chain(&finding.notes).chain(finding.fixes.iter().map(|fix| &fix.message));
    for part in parts {
        assert!(message.contains(part.as_str()), "{case}: {part:?} is not in {message:?}");
    }
    let inserted = finding.fixes.iter().flat_map(|fix| &fix.edits).flat_map(|edit| edit.text.lines());
    for line in inserted {
        assert!(message.contains(line.trim_end()), "{case}: {line:?} is not in {message:?}");
    }
}
