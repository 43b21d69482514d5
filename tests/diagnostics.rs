//! What the compiler says of wrong schemas: every code, every example, every fixture.
//!
//! A fixture is a folder `tests/fixtures/ui/<code>/<case>/` with schema files and the expected report; the report
//! shows paths relative to that folder. `UPDATE_EXPECT=1 cargo test --test diagnostics` renews the reports.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Diagnostic, Format, Severity, codes, render};
use relata_compiler::{Checked, Inputs, check, settings};

const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test diagnostics";

fn text(schema: &str) -> Checked {
    check(&Inputs::text("schema.yaml", schema))
}

fn codes_of(findings: &[Diagnostic]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.code.code).collect()
}

fn report(checked: &Checked) -> String {
    render(Format::Human, &checked.findings, &checked.sources, false)
}

#[test]
fn every_code_is_explained() {
    let mut seen = BTreeSet::new();
    for info in codes::ALL {
        assert!(seen.insert(info.code), "the code {} stands twice", info.code);
        assert!(!info.title.is_empty() && !info.explanation.is_empty(), "{} has no explanation", info.code);
        assert!(!info.title.ends_with('.') && info.explanation.ends_with('.'), "{}: punctuation", info.code);
        assert!(codes::find(info.code).is_some());
    }
}

#[test]
fn every_right_example_passes() {
    for info in codes::ALL.iter().filter(|info| !info.is_of_settings()) {
        let checked = text(info.right);
        assert!(codes_of(&checked.findings).is_empty(), "right example of {}:\n{}", info.code, report(&checked));
    }
}

#[test]
fn every_wrong_example_has_exactly_its_finding() {
    for info in codes::ALL.iter().filter(|info| !info.is_of_settings() && !info.wrong.is_empty()) {
        let checked = text(info.wrong);
        let expected = BTreeSet::from([info.code]);
        assert_eq!(codes_of(&checked.findings), expected, "wrong example of {}:\n{}", info.code, report(&checked));
        let warned = checked.findings.iter().all(|finding| finding.severity == Severity::Warning);
        assert_eq!(checked.graph.is_some(), warned, "a graph is there exactly when there is no error: {}", info.code);
    }
}

#[test]
fn examples_of_settings_are_settings() {
    for info in codes::ALL.iter().filter(|info| info.is_of_settings()) {
        let (_, report) = settings::parse("relata.yaml", info.right);
        assert!(report.findings.is_empty(), "right example of {}: {:#?}", info.code, report.findings);
        if !info.wrong.is_empty() {
            let (_, report) = settings::parse("relata.yaml", info.wrong);
            assert_eq!(codes_of(&report.findings), BTreeSet::from([info.code]), "{:#?}", report.findings);
        }
    }
}

/// Every folder of fixtures: code, case, path.
fn fixtures() -> Vec<(String, String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ui");
    let mut found = Vec::new();
    for code in folders(&root) {
        for case in folders(&root.join(&code)) {
            found.push((code.clone(), case.clone(), root.join(&code).join(case)));
        }
    }
    found
}

fn folders(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).expect("the folder of fixtures is readable");
    let names = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Schema files of a fixture, named relative to it.
fn inputs(folder: &Path) -> Inputs {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("the fixture is readable")
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "expected.txt" && name != "expected.json")
        .collect();
    names.sort();
    names.into_iter().fold(Inputs::default(), |inputs, name| {
        let schema = fs::read_to_string(folder.join(&name)).expect("fixtures are UTF-8").replace("\r\n", "\n");
        inputs.and_text(name, schema)
    })
}

#[test]
fn reports_are_as_expected() {
    let mut stale = String::new();
    let mut covered = BTreeSet::new();
    for (code, case, folder) in fixtures() {
        let checked = check(&inputs(&folder));
        let found = codes_of(&checked.findings);
        if found != BTreeSet::from([code.as_str()]) {
            writeln!(stale, "{code}/{case} has the codes {found:?}\n{}", report(&checked)).expect("a string takes all");
        }
        covered.insert(code.clone());
        compare(&folder.join("expected.txt"), &report(&checked), true, &mut stale);
        let json = render(Format::Json, &checked.findings, &checked.sources, false);
        compare(&folder.join("expected.json"), &json, false, &mut stale);
    }
    for info in codes::ALL.iter().filter(|info| !is_tested_apart(info.code)) {
        if !covered.contains(info.code) {
            writeln!(stale, "no fixture for {}", info.code).expect("a string takes all");
        }
    }
    assert!(stale.is_empty(), "{stale}\nto renew the reports: {RENEW}");
}

/// Codes about files as such, about sizes, and those of settings have tests of their own.
fn is_tested_apart(code: &str) -> bool {
    if codes::find(code).is_some_and(codes::CodeInfo::is_of_settings) {
        return true;
    }
    matches!(
        code,
        "no-schema-files"
            | "unreadable-file"
            | "symlink-loop"
            | "encoding"
            | "file-too-large"
            | "schema-too-large"
            | "too-many-values"
            | "too-many-declarations"
            | "too-many-findings"
            | "inheritance-budget"
    )
}

/// Compares a report with the one on disk; an absent optional one is not asked for.
fn compare(path: &Path, actual: &str, wanted: bool, stale: &mut String) {
    let expected = fs::read_to_string(path).map(|text| text.replace("\r\n", "\n")).ok();
    if expected.as_deref() == Some(actual) || (expected.is_none() && !wanted) {
        return;
    }
    let renew = std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none();
    if renew {
        fs::write(path, actual).expect("the fixture is writable");
    } else {
        let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display();
        writeln!(stale, "{path} is stale; the report now is\n{actual}").expect("a string takes all");
    }
}

#[test]
fn fixes_mend_what_they_belong_to() {
    for (code, case, folder) in fixtures() {
        let inputs = inputs(&folder);
        let checked = check(&inputs);
        for finding in &checked.findings {
            for fix in &finding.fixes {
                let mended = apply(&inputs, &checked, fix);
                let after = check(&mended);
                let gone = after.findings.iter().filter(|other| other.code == finding.code).count()
                    < checked.findings.iter().filter(|other| other.code == finding.code).count();
                assert!(gone, "{code}/{case}: `{}` does not mend it:\n{}", fix.message, report(&after));
            }
        }
    }
}

/// The inputs with the edits of a fix made, last edit first.
fn apply(inputs: &Inputs, checked: &Checked, fix: &relata_compiler::diagnostic::Fix) -> Inputs {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut mended = inputs.clone();
    for edit in edits {
        let name = checked.sources.file(edit.span.file).display();
        let (_, text) =
            mended.texts.iter_mut().find(|(known, _)| known == name).expect("edits are in files that were read");
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    mended
}

#[test]
fn the_order_of_files_does_not_show() {
    for (code, case, folder) in fixtures() {
        let forward = inputs(&folder);
        let mut backward = forward.clone();
        backward.texts.reverse();
        let (first, second) = (check(&forward), check(&backward));
        assert_eq!(report(&first), report(&second), "{code}/{case}");
        assert_eq!(format!("{:?}", first.graph), format!("{:?}", second.graph), "{code}/{case}");
    }
}

#[test]
fn every_finding_is_well_formed() {
    for (code, case, folder) in fixtures() {
        let checked = check(&inputs(&folder));
        for finding in &checked.findings {
            let primaries = finding.labels.iter().filter(|label| label.primary).count();
            assert!(primaries == 1 && finding.labels[0].primary, "{code}/{case}: one primary label, the first");
            assert!(!finding.message.ends_with('.'), "{code}/{case}: {}", finding.message);
            for label in &finding.labels {
                let text = checked.sources.file(label.span.file).text();
                assert!(
                    text.is_char_boundary(label.span.start as usize) && text.is_char_boundary(label.span.end as usize)
                );
            }
        }
        let short = render(Format::Short, &checked.findings, &checked.sources, false);
        assert_eq!(short.lines().count(), checked.findings.len(), "{code}/{case}: one line each");
    }
}

mod on_disk {
    use super::*;

    fn found(paths: &[&Path]) -> BTreeSet<&'static str> {
        let paths = paths.iter().map(|path| path.to_str().expect("temporary paths are UTF-8"));
        codes_of(&check(&Inputs::paths(paths)).findings)
    }

    const MODEL: &str = "models: { Customer: { properties: { id: { type: integer, id: true } } } }\n";

    #[test]
    fn folders_are_searched_and_other_files_left_out() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).expect("a folder");
        assert_eq!(found(&[folder.path()]), BTreeSet::from(["no-schema-files"]));
        for skipped in ["relata.yaml", "editor.schema.json", ".hidden.yaml", "notes.txt"] {
            fs::write(inner.join(skipped), "]").expect("a file");
        }
        assert_eq!(found(&[folder.path()]), BTreeSet::from(["no-schema-files"]));
        fs::write(inner.join("a.yaml"), MODEL).expect("a file");
        assert_eq!(found(&[folder.path()]), BTreeSet::new());
        assert_eq!(found(&[folder.path(), &inner, &inner.join("a.yaml")]), BTreeSet::new(), "read once");
        assert_eq!(found(&[&folder.path().join("**/*.yaml")]), BTreeSet::new());
        assert_eq!(found(&[&folder.path().join("*.json")]), BTreeSet::from(["no-schema-files"]));
        let path = folder.path().to_str().expect("temporary paths are UTF-8");
        let checked = check(&Inputs::paths([path]));
        let watched = checked.sources.watched();
        assert_eq!(watched, [folder.path().to_owned(), inner.clone(), inner.join("a.yaml")]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(found(&[&folder.path().join("missing.yaml")]), BTreeSet::from(["unreadable-file"]));
        let file = folder.path().join("a.yaml");
        fs::write(&file, b"models:\n  # caf\xe9\n").expect("a file");
        assert_eq!(found(&[&file]), BTreeSet::from(["encoding"]));
        fs::write(&file, [0xff, 0xfe, b'a', 0]).expect("a file");
        assert_eq!(found(&[&file]), BTreeSet::from(["encoding"]));
        fs::write(&file, vec![b'#'; 8 * 1024 * 1024 + 1]).expect("a file");
        assert_eq!(found(&[&file]), BTreeSet::from(["file-too-large"]));
        fs::write(&file, format!("\u{feff}{}", MODEL.replace('\n', "\r\n"))).expect("a file");
        assert_eq!(found(&[&file]), BTreeSet::new());
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_are_said() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("a.yaml"), MODEL).expect("a file");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("back")).expect("a link");
        assert_eq!(found(&[folder.path()]), BTreeSet::from(["symlink-loop"]));
        fs::remove_file(folder.path().join("back")).expect("the link goes");
        std::os::unix::fs::symlink("self.yaml", folder.path().join("self.yaml")).expect("a link");
        assert_eq!(found(&[folder.path()]), BTreeSet::from(["symlink-loop"]));
        assert_eq!(found(&[&folder.path().join("self.yaml")]), BTreeSet::from(["symlink-loop"]));
    }
}
