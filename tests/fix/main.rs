//! What fixes do to schema text: each mends its finding and breaks nothing, and `check --fix` keeps what it does not
//! change, in block layout, in braces and in JSON.

#[path = "../layouts/mod.rs"]
mod layouts;
mod mended;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Applicability, Diagnostic, Format, Severity, render};
use relata_compiler::edit::{self, Fixed};
use relata_compiler::{Checked, Inputs, check};

use layouts::{flow, json, rewritten_as};
use mended::MENDED;

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
    // What a file says shows once it can be read.
    ("syntax", "*"),
    ("hidden-character", "*"),
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
                    BRINGS.iter().any(|(of, brings)| {
                        (*of == "*" || *of == finding.code.code) && (*brings == "*" || *brings == code)
                    })
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

#[test]
fn what_can_be_mended_brings_a_fix() {
    let mut mended: Vec<&str> = Vec::new();
    for (_, inputs) in fixtures() {
        let with_fix = check(&inputs).findings.into_iter().filter(|finding| !finding.fixes.is_empty());
        mended.extend(with_fix.map(|finding| finding.code.code));
    }
    let lost: Vec<_> = MENDED.iter().filter(|code| !mended.contains(code)).collect();
    assert!(lost.is_empty(), "no fixture of these brings a fix any more: {lost:?}");
}

fn fix(inputs: &Inputs) -> Fixed {
    edit::fix(inputs, &|_| true)
}

#[test]
fn fixing_ends_and_once_is_enough() {
    for (name, inputs) in variants() {
        let is_mistake = |finding: &&Diagnostic| finding.severity == Severity::Error;
        let errors = |findings: &[Diagnostic]| findings.iter().filter(is_mistake).count();
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
fn a_fix_that_leaves_more_errors_is_not_made() {
    // Once the type is known, the three others have a say.
    let bad = [0, 1, 2]
        .map(|at| format!("      r{at}: {{ type: Number, minLength: {at}, maxLength: 9, pattern: x }}\n"))
        .concat();
    let good = "      name: String\n";
    for text in [format!("{good}{bad}"), format!("{bad}{good}")] {
        let text = format!("models:\n  A:\n    properties:\n      id: {{ type: integer, id: true }}\n{text}");
        let inputs = Inputs::text("schema.yaml", &text);
        let fixed = fix(&inputs);
        assert_eq!((fixed.made.len(), fixed.refused.len()), (1, 3));
        assert_eq!(with(&inputs, fixed.files).texts[0].1, text.replace("String", "string"));
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

/// One finding's first fix, made.
fn mended(text: &str, code: &str) -> String {
    let inputs = Inputs::text("schema.yaml", text);
    let checked = check(&inputs);
    let finding = checked.findings.iter().find(|finding| finding.code.code == code);
    let finding = finding.unwrap_or_else(|| panic!("no {code}:\n{}", report(&checked)));
    let fix = finding.fixes.first().unwrap_or_else(|| panic!("no fix:\n{}", report(&checked)));
    with(&inputs, edit::apply(&checked.sources, [fix])).texts.remove(0).1
}

#[test]
fn layouts_are_kept_where_something_goes() {
    let model = |rest: &str| {
        format!("models:\n  A:\n    properties: {{ id: {{ type: integer, id: true }}, b: integer }}\n{rest}")
    };
    for (code, before, after) in [
        // The comment beside what goes, goes; the one above stays.
        (
            "key-not-for-kind",
            "    relations:\n      - hasOne: A\n        # not so\n        required: true # nor this\n        keyTo: b # but this\n",
            "    relations:\n      - hasOne: A\n        # not so\n        keyTo: b # but this\n",
        ),
        // The first key stands behind the dash.
        (
            "key-not-for-kind",
            "    relations:\n      - required: true\n        hasOne: A\n        keyTo: b\n",
            "    relations:\n      - hasOne: A\n        keyTo: b\n",
        ),
        (
            "key-not-for-kind",
            "    relations: [{ hasOne: A, required: true, keyTo: b }]\n",
            "    relations: [{ hasOne: A, keyTo: b }]\n",
        ),
        (
            "key-not-for-kind",
            "    relations: [{ hasOne: A, keyTo: b, required: true }]",
            "    relations: [{ hasOne: A, keyTo: b }]",
        ),
        (
            "key-not-for-kind",
            "    relations: [{required: true, hasOne: A, keyTo: b}]",
            "    relations: [{hasOne: A, keyTo: b}]",
        ),
        (
            "key-not-for-kind",
            "    relations: [\n      {\n        hasOne: A,\n        required: true,\n        keyTo: b, # this\n      },\n    ]\n",
            "    relations: [\n      {\n        hasOne: A,\n        keyTo: b, # this\n      },\n    ]\n",
        ),
        (
            "duplicate-index",
            "    indexes:\n      - properties: b # one\n      - properties: b # two\n    table: c\n",
            "    indexes:\n      - properties: b # one\n    table: c\n",
        ),
        // A list that would be empty goes with its key, at the end of a file without a final newline too.
        ("duplicate-index", "    indexes:\n      - properties: id", ""),
        ("duplicate-key", "    table: c\n    # again\n    table: c\n", "    table: c\n    # again\n"),
    ] {
        let after = if after.is_empty() { model("").trim_end().to_owned() } else { model(after) };
        assert_eq!(mended(&model(before), code), after, "{before}");
    }
}

#[test]
fn what_aliases_repeat_is_for_a_person_to_change() {
    let text = "\
models:
  A:
    properties: &parts
      id: { type: integer, id: true, required: false }
  B:
    properties: *parts
";
    let inputs = Inputs::text("schema.yaml", text);
    let fixed = fix(&inputs);
    assert!(fixed.files.is_empty() && !fixed.checked.findings.is_empty());
    let fixes = || fixed.checked.findings.iter().flat_map(|finding| &finding.fixes);
    assert!(fixes().count() > 0 && fixes().all(|fix| !fix.is_certain()));
}

/// A number from 0 below a bound, from a seed that it moves on.
fn below(bound: usize, seed: &mut u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed % bound as u64).expect("a small number")
}

/// Slips whose cure is certain: the right words and the wrong ones.
const SLIPS: &[(&str, &str)] = &[
    ("type: integer", "type: Integer"),
    ("string", "String"),
    ("id: true", "id: yes"),
    ("required: true", "required: 'true'"),
    ("belongsTo: ", "belongs_to: "),
    ("hasMany: ", "hasmany: "),
    ("keyTo: ", "key_to: "),
    ("onDelete: cascade", "ondelete: Cascade"),
    ("onDelete: cascade", "onDelete: CASCADE"),
    ("belongsTo: Model1", "belongsTo: model1"),
    ("maxLength: 40", "maxLength: '40'"),
    ("Kind: [a, b]", "Kind: [a, b, a]"),
    ("unique: true", "unique: on"),
    ("kind: Kind", "kind: kind"),
];

/// A sound schema of several models, in which every slip can be made.
fn sound(models: usize, seed: &mut u64) -> String {
    let mut text = "enums:\n  Kind: [a, b]\nmodels:\n".to_owned();
    for at in 0..models {
        let to = below(models, seed);
        writeln!(
            text,
            "  Model{at}: # {at}\n    properties:\n      id: {{ type: integer, id: true }}\n      \
             name: {{ type: string, maxLength: 40, unique: true }} # a name\n      kind: Kind\n    relations:\n      \
             - belongsTo: Model{to}\n        name: up\n        keyFrom: up_id\n        onDelete: cascade\n      \
             - belongsTo: Model1\n        required: {}\n        keyFrom: oneId\n      \
             # back\n      - {{ hasMany: Model{at}, name: own, keyTo: id }}",
            at > 1
        )
        .expect("a string takes all");
    }
    text
}

#[test]
fn random_slips_are_mended() {
    let mut seed = 0x2545_f491_4f6c_dd1d;
    for _ in 0..60 {
        let models = 2 + below(4, &mut seed);
        let right = sound(models, &mut seed);
        let errors = |checked: &Checked| {
            let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
            errors.map(|finding| finding.message.clone()).collect::<Vec<_>>()
        };
        let expected = errors(&check(&Inputs::text("schema.yaml", &right)));
        let mut wrong = right.clone();
        for _ in 0..=below(5, &mut seed) {
            let (good, bad) = SLIPS[below(SLIPS.len(), &mut seed)];
            let places: Vec<_> = wrong.match_indices(good).map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = places[below(places.len(), &mut seed)];
                wrong.replace_range(at..at + good.len(), bad);
            }
        }
        let inputs = Inputs::text("schema.yaml", &wrong);
        let fixed = fix(&inputs);
        assert_eq!(errors(&fixed.checked), expected, "{wrong}\n{}", report(&fixed.checked));
        let after = with(&inputs, fixed.files).texts.remove(0).1;
        // Quotes stay quotes, and a flag may be told by its absence; all else is as it was.
        assert_eq!(after.lines().count(), right.lines().count(), "{after}");
        let same = after.lines().zip(right.lines()).filter(|(after, right)| after != right).count();
        assert_eq!(same, 0, "{after}\n{right}");
    }
}
