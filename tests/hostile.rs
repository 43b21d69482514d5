//! Input from strangers: each is answered by findings, none by a panic, a hang or a full memory.
//!
//! Times are not asserted; budgets keep them small, and `docs/performance.md` shows what was measured.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::{Checked, Inputs, check};

const ID: &str = "      id: { type: integer, id: true }\n";

fn codes(checked: &Checked) -> BTreeSet<&'static str> {
    checked.findings.iter().map(|finding| finding.code.code).collect()
}

fn text(name: &str, schema: impl Into<String>) -> Checked {
    check(&Inputs::text(name, schema))
}

fn repeated(head: &str, count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |text, at| text + &item(at))
}

fn of_a_model(part: &str) -> String {
    format!("models:\n  A:\n    properties:\n{ID}{part}")
}

/// What a report says of it is short, and nothing in it can act on a terminal.
#[track_caller]
fn shows_well(checked: &Checked) {
    let few = &checked.findings[..checked.findings.len().min(3)];
    for format in [Format::Human, Format::Short] {
        let report = render(format, few, &checked.sources, false);
        assert!(report.len() < 20_000, "a report of {} bytes", report.len());
        let acts =
            |character: char| character != '\n' && (character.is_control() || "\u{202e}\u{2066}".contains(character));
        assert!(!report.contains(acts), "{report:?}");
    }
}

#[track_caller]
fn refused(name: &str, schema: impl Into<String>, expected: &[&'static str]) {
    let checked = text("schema.yaml", schema);
    assert_eq!(codes(&checked), expected.iter().copied().collect(), "{name}");
    assert!(checked.graph.is_none(), "{name}");
    shows_well(&checked);
}

#[test]
fn nesting_is_limited() {
    for (name, item) in [("brackets", "["), ("braces", "{a: "), ("json", "{\"a\":"), ("dashes", "- ")] {
        refused(name, item.repeat(100_000), &["too-deep"]);
    }
    refused("questions", "? ".repeat(100_000), &["too-deep", "wrong-type"]);
    let steps: String = repeated("", 2_000, |depth| format!("{}a:\n", " ".repeat(depth)));
    refused("steps", steps, &["too-deep"]);
    refused("brackets to the last byte", "[".repeat(8 * 1024 * 1024), &["too-deep"]);
}

#[test]
fn aliases_are_limited() {
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (before, name) in ('a'..='j').zip('b'..='k') {
        writeln!(bomb, "{name}: &{name} [{}]", vec![format!("*{before}"); 9].join(",")).expect("a string takes all");
    }
    refused("a bomb", bomb, &["alias-budget"]);
    let list = "x,".repeat(50_000);
    refused(
        "a large list again and again",
        format!("a: &a [{list}]\nb: [{}]\n", "*a,".repeat(50_000)),
        &["alias-budget"],
    );
    let inside: String = repeated("", 60, |depth| format!("&a{depth} ["));
    refused("anchors inside anchors", format!("{inside}{list}{}", "]".repeat(60)), &["alias-budget"]);
    refused("an alias of itself", "a: &a [*a]", &["alias-budget"]);
    refused("an alias of nothing", "models: *nothing", &["unknown-alias"]);
    refused("small ones", repeated("models:\n", 100_001, |at| format!("  A{at}: &a{at} {{}}\n")), &["alias-budget"]);
}

#[test]
fn sizes_are_limited() {
    refused("values", repeated("models: [", 1_000_000, |_| "a,".into()), &["too-many-values"]);
    refused("maps", repeated("models: [", 1_000_000, |_| "{},".into()), &["too-many-values"]);
    refused("keys", repeated("", 500_001, |at| format!("k{at}: 1\n")), &["too-many-values"]);
    refused("models", repeated("models:\n", 100_001, |at| format!("  M{at}:\n")), &["too-many-declarations"]);
    refused(
        "properties",
        repeated(&of_a_model(""), 100_001, |at| format!("      p{at}: text\n")),
        &["too-many-declarations"],
    );
    refused("one key", format!("\"{}\": 1", "x".repeat(8_000_000)), &["syntax"]);
    refused("one line", format!("models: {}", "x".repeat(8_000_000)), &["wrong-type"]);
    refused(
        "a long name",
        format!("models: {{ {}: {{ extends: B }} }}", "A".repeat(1_000)),
        &["invalid-name", "unknown-base"],
    );
    refused("9 MiB", "#".repeat(9 * 1024 * 1024), &["file-too-large"]);
    let heir = |at: usize| format!("  M{at}: {{ extends: M{}, properties: {{ p{at}: text }} }}\n", at + 1);
    let chain: String = repeated("", 20_000, heir);
    refused("heirs", format!("models:\n{chain}  M20000:\n    properties:\n{ID}"), &["inheritance-budget"]);
    let key: String = repeated("", 500, |at| format!("      k{at}: {{ type: integer, id: true }}\n"));
    let relations: String = repeated("", 2_000, |at| format!("      - {{ belongsTo: A, name: r{at} }}\n"));
    let holder = format!("  B:\n    properties:\n{ID}    relations:\n{relations}");
    let schema = format!("models:\n  A:\n    properties:\n{key}{holder}");
    refused("a key of 500 properties, repeated", schema, &["too-many-key-properties"]);
}

#[test]
fn patterns_are_limited() {
    let patterns = |count: usize, pattern: &dyn Fn(usize) -> String| {
        of_a_model(&repeated("", count, |at| format!("      p{at}: {{ type: string, pattern: '{}' }}\n", pattern(at))))
    };
    let checked = text("schema.yaml", patterns(4_000, &|at| format!("[ab]{{{}}}", 3_000 + at)));
    assert_eq!(codes(&checked), BTreeSet::from(["invalid-constraint"]));
    assert_eq!(checked.findings.len(), 1, "what is behind it is not compiled, and reported once");
    let checked = text("schema.yaml", patterns(4_000, &|_| "\\w{40}".to_owned()));
    assert_eq!(codes(&checked), BTreeSet::new(), "equal ones are one");
}

#[test]
fn many_findings_are_counted() {
    let checked = text("schema.yaml", repeated("enums:\n", 11_000, |at| format!("  E{at}: []\n")));
    let last = checked.findings.last().expect("much is wrong");
    assert_eq!((checked.findings.len(), last.code.code), (10_001, "too-many-findings"));
    for format in [Format::Human, Format::Short, Format::Json] {
        let report = render(format, std::slice::from_ref(last), &checked.sources, false);
        assert!(report.contains("more findings"), "{report}");
    }
}

#[test]
fn what_yaml_has_and_the_language_has_not() {
    let model = of_a_model("");
    for (name, schema, expected) in [
        ("two documents", format!("{model}---\n{model}"), &["multiple-documents"][..]),
        ("a document after an end", format!("{model}...\n{model}"), &["multiple-documents"]),
        ("a tag", of_a_model("    description: !!str a\n"), &["unknown-tag"]),
        ("a merge key", of_a_model("      <<: { a: text }\n"), &["merge-key"]),
        ("a list as key", "models:\n  [a]: {}\n".into(), &["wrong-type"]),
        ("a map as key", "models:\n  ? { a: b }\n  : {}\n".into(), &["wrong-type"]),
        ("keys twice", "relata: 1\n".repeat(3_000), &["duplicate-key"]),
        ("a version of YAML", format!("%YAML 3.0\n---\n{model}"), &["syntax"]),
        ("yes", of_a_model("      a: { type: text, required: yes }\n"), &["wrong-type"]),
        (
            "numbers as names",
            "models:\n  1: {}\n  1: {}\n".into(),
            &["duplicate-key", "invalid-name", "no-primary-key"],
        ),
    ] {
        refused(name, schema, expected);
    }
    for schema in [
        format!("---\n{model}...\n"),
        format!("%YAML 1.2\n---\n{model}"),
        model.replace('\n', "\r\n"),
        format!("\u{feff}{model}"),
    ] {
        assert_eq!(codes(&text("schema.yaml", schema.clone())), BTreeSet::new(), "{schema}");
    }
}

#[test]
fn what_nobody_sees_is_shown() {
    for (name, part) in [
        ("NUL", "    description: a\0b\n"),
        ("an escape sequence", "    description: \u{1b}[31mred\n"),
        ("C1", "    description: a\u{9b}31m\n"),
        ("a reversed line", "    description: \u{202e}txt.exe\n"),
        ("a byte order mark", "    description: \u{feff}a\n"),
        ("a line separator", "    description: a\u{2028}b\n"),
    ] {
        refused(name, of_a_model(part), &["hidden-character"]);
    }
    refused("carriage returns", of_a_model("").replace('\n', "\r"), &["hidden-character"]);
    let named =
        |name: &str| format!("models:\n  \"{name}\": {{ properties: {{ id: {{ type: integer, id: true }} }} }}\n");
    for hidden in ["A\\u202Eb", "A\\e[31m", "A\\u200Bb", "A\\0", "A\u{200b}b", "Cafe\u{301}"] {
        let checked = text("schema.yaml", named(hidden));
        assert_eq!(codes(&checked), BTreeSet::from(["invalid-name"]), "{hidden}");
        assert!(!checked.findings[0].message.contains(['\u{202e}', '\u{1b}', '\u{200b}', '\0']));
        shows_well(&checked);
    }
}

#[test]
fn streams_are_read_as_far_as_a_file_may_go() {
    let read = |stream: Box<dyn std::io::Read>| {
        codes(&check(&Inputs::default().and_stream("<stdin>", stream).expect("it can be read")))
    };
    assert_eq!(read(Box::new(std::io::repeat(b'#'))), BTreeSet::from(["file-too-large"]), "endless");
    assert_eq!(read(Box::new(&b"models: \xff"[..])), BTreeSet::from(["encoding"]));
    assert_eq!(read(Box::new(&[0xff, 0xfe, b'a', 0][..])), BTreeSet::from(["encoding"]), "UTF-16");
    assert_eq!(read(Box::new(&b""[..])), BTreeSet::from(["no-models"]));
}

fn on_disk(path: &Path) -> Checked {
    check(&Inputs::paths([path.to_str().expect("temporary paths are UTF-8")]))
}

#[test]
fn folders_of_strangers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    let named_as_file = path.join("folder.yaml");
    fs::create_dir(&named_as_file).expect("a folder");
    fs::write(named_as_file.join("a.yaml"), of_a_model("")).expect("a file");
    assert_eq!(codes(&on_disk(path)), BTreeSet::new(), "a folder named as a file is a folder");

    for at in 0..3_000 {
        fs::write(path.join(format!("f{at}.yaml")), format!("enums: {{ E{at}: [a] }}\n")).expect("a file");
    }
    assert_eq!(codes(&on_disk(path)), BTreeSet::from(["unused-enum"]), "thousands of files");

    let many = tempfile::tempdir().expect("a temporary folder");
    for at in 0..10 {
        fs::write(many.path().join(format!("{at}.yaml")), vec![b'#'; 7 * 1024 * 1024]).expect("a file");
    }
    assert_eq!(codes(&on_disk(many.path())), BTreeSet::from(["schema-too-large"]));

    let mut deep = path.join("deep");
    for _ in 0..200 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).expect("folders");
    let checked = on_disk(&path.join("deep"));
    assert_eq!(codes(&checked), BTreeSet::from(["unreadable-file"]));
    assert!(checked.findings[0].message.contains("64 deep"), "{}", checked.findings[0].message);
}

#[cfg(unix)]
#[allow(clippy::print_stdout, reason = "a test that cannot run says so")]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::{Command, Stdio};

    #[test]
    fn names_that_cannot_be_shown() {
        for name in [&b"a\nb.yaml"[..], b"\x1b[31m.yaml", "\u{202e}lmay.yaml".as_bytes(), b"\xff.yaml"] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            if fs::write(folder.path().join(OsStr::from_bytes(name)), "").is_err() {
                continue; // not every file system takes every name
            }
            let checked = on_disk(folder.path());
            assert_eq!(codes(&checked), BTreeSet::from(["unreadable-file"]), "{name:?}");
            shows_well(&checked);
        }
    }

    #[test]
    fn links_pipes_and_devices() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        symlink("nothing.yaml", path.join("dangling.yaml")).expect("a link");
        assert_eq!(codes(&on_disk(path)), BTreeSet::from(["unreadable-file"]));
        fs::remove_file(path.join("dangling.yaml")).expect("the link goes");
        symlink("b", path.join("a")).expect("a link");
        symlink("a", path.join("b")).expect("a link");
        assert_eq!(codes(&on_disk(path)), BTreeSet::from(["symlink-loop"]));
        fs::remove_file(path.join("a")).expect("the link goes");
        fs::remove_file(path.join("b")).expect("the link goes");
        let made = Command::new("mkfifo").arg(path.join("pipe.yaml")).status().is_ok_and(|status| status.success());
        if made {
            assert_eq!(codes(&on_disk(path)), BTreeSet::from(["unreadable-file"]), "a pipe in a folder");
            assert_eq!(codes(&on_disk(&path.join("pipe.yaml"))), BTreeSet::from(["unreadable-file"]), "a pipe");
        }
        assert_eq!(codes(&on_disk(Path::new("/dev/zero"))), BTreeSet::from(["unreadable-file"]));
    }

    #[test]
    fn what_may_not_be_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("a.yaml");
        fs::write(&file, of_a_model("")).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
        if fs::read(&file).is_ok() {
            // Visible with `--nocapture`: this user may read everything.
            println!("skipped: this user may read everything");
            return;
        }
        assert_eq!(codes(&on_disk(folder.path())), BTreeSet::from(["unreadable-file"]));
    }

    #[cfg(feature = "cli")]
    #[test]
    fn the_program_ends_with_its_codes() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let run = |input: &[u8], name: &str| {
            let file = folder.path().join(name);
            fs::write(&file, input).expect("a file");
            let mut command = Command::new(env!("CARGO_BIN_EXE_relata"));
            let command = command.args(["check", "-"]).current_dir(folder.path());
            let output = command.stdin(fs::File::open(&file).expect("the file")).output().expect("the program runs");
            let told = [output.stdout, output.stderr].concat();
            assert!(!String::from_utf8_lossy(&told).contains("panicked"), "{name}");
            output.status.code()
        };
        assert_eq!(run(of_a_model("").as_bytes(), "sound"), Some(0));
        assert_eq!(run(&b"[".repeat(100_000), "deep"), Some(1));
        assert_eq!(run(b"models: \xff\xfe", "bytes"), Some(1));
        let zero = Stdio::from(fs::File::open("/dev/zero").expect("the device"));
        let output = Command::new(env!("CARGO_BIN_EXE_relata")).args(["check", "-"]).stdin(zero).output();
        assert_eq!(output.expect("the program runs").status.code(), Some(1));
    }
}
