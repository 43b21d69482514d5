//! The program itself: what it prints where, and how it ends.

mod program;

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use program::Folder;

const SOUND: &str =
    "models:\n  Book:\n    properties:\n      id: { type: integer, id: true, generated: true }\n      title: string\n";
const WARNS: &str = "enums:\n  Unused: [a]\n";
const WRONG: &str = "models:\n  Book:\n    properties:\n      title: strin\n";

fn project(schema: &str) -> Folder {
    Folder::with(&[("schemas/book.yaml", schema)])
}

#[test]
fn a_sound_schema_is_silent() {
    let ran = project(SOUND).run(&["check"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
}

#[test]
fn findings_are_the_result_and_fail() {
    let project = project(WRONG);
    let ran = project.run(&["check"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.contains("error[unknown-type]") && ran.out.contains("--> schemas/book.yaml:4:14"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "no colour into a file");

    let short = project.run(&["check", "--format", "short"]).out;
    assert!(short.contains("schemas/book.yaml:4:14: error[unknown-type]: "), "{short}");
    for line in project.run(&["check", "--format", "json"]).out.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        assert_eq!(finding["file"], "schemas/book.yaml");
    }
    assert!(project.run(&["check", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn warnings_fail_where_they_are_denied() {
    let project = project(&format!("{WARNS}{SOUND}"));
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("warning[unused-enum]"), "{}", ran.out);
    assert_eq!(project.run(&["check", "--deny", "warnings"]).code, Some(1));
    let ran = project.run(&["generate", "--out", "out", "--deny", "warnings"]);
    assert_eq!(ran.code, Some(1));
    assert!(!project.path("out").exists());
}

#[test]
fn standard_input_is_a_schema() {
    let project = project(SOUND);
    let mut child = project
        .command(&["check", "-", "--format", "short"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("it is piped").write_all(WRONG.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("<stdin>:"));
}

#[test]
fn code_is_written_once() {
    let project = project(SOUND);
    let ran = project.run(&["generate", "--out", "out"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (Some(0), "", "out: 2 written, 0 removed, 0 unchanged\n")
    );
    assert_eq!(project.run(&["generate", "--out", "out"]).err, "out: 0 written, 0 removed, 2 unchanged\n");
    project.write("schemas/book.yaml", &SOUND.replace("Book", "Tome"));
    assert_eq!(project.run(&["generate", "--out", "out"]).err, "out: 2 written, 1 removed, 0 unchanged\n");
    assert!(!project.path("out/book.rs").exists() && project.path("out/tome.rs").exists());
}

#[test]
fn stale_code_is_shown_and_fails() {
    let project = project(SOUND);
    project.run(&["generate", "--out", "out"]);
    assert_eq!(project.run(&["generate", "--out", "out", "--check"]).code, Some(0));
    let written = fs::read_to_string(project.path("out/book.rs")).expect("it was written");

    project.write("schemas/book.yaml", &SOUND.replace("title", "name"));
    let ran = project.run(&["generate", "--out", "out", "--check"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("--- a/out/book.rs\n+++ b/out/book.rs\n"), "{}", ran.out);
    assert!(ran.out.contains("-    pub title: Option<String>,\n+    pub name: Option<String>,\n"), "{}", ran.out);
    assert!(ran.err.contains("run `relata generate --out out`"), "{}", ran.err);
    assert_eq!(fs::read_to_string(project.path("out/book.rs")).expect("it is there"), written);
}

#[test]
fn edited_code_is_stale() {
    let project = project(SOUND);
    project.run(&["generate", "--out", "out"]);
    let written = fs::read_to_string(project.path("out/book.rs")).expect("it was written");
    project.write("out/book.rs", &written.replace("pub title", "pub subtitle"));
    assert_eq!(project.run(&["generate", "--out", "out", "--check"]).code, Some(1));
    assert_eq!(project.run(&["generate", "--out", "out"]).err, "out: 1 written, 0 removed, 1 unchanged\n");
    assert_eq!(fs::read_to_string(project.path("out/book.rs")).expect("it is there"), written);
}

#[test]
fn line_ends_are_no_difference() {
    let project = project(SOUND);
    project.run(&["generate", "--out", "out"]);
    let written = fs::read_to_string(project.path("out/book.rs")).expect("it was written");
    assert!(!written.contains('\r'));
    project.write("out/book.rs", &written.replace('\n', "\r\n"));
    assert_eq!(project.run(&["generate", "--out", "out", "--check"]).code, Some(0));
}

#[test]
fn other_files_are_left_alone() {
    let project = project(SOUND);
    project.write("out/book.rs", "// mine\n");
    let ran = project.run(&["generate", "--out", "out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`out/book.rs` was not generated"), "{}", ran.err);
    assert_eq!(fs::read_to_string(project.path("out/book.rs")).expect("it is there"), "// mine\n");
}

#[test]
fn settings_say_what_and_where() {
    let project = project(SOUND);
    fs::rename(project.path("schemas"), project.path("model")).expect("a folder can be renamed");
    let ran = project.run(&["check"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.starts_with("error: nothing to read"), "{}", ran.err);

    project.write("relata.yaml", "schemas: [model]\nout: src/book\n");
    assert_eq!(project.run(&["check"]).code, Some(0));
    assert_eq!(project.run(&["generate"]).code, Some(0));
    assert!(project.path("src/book/mod.rs").exists());

    project.write("relata.yaml", "schema: [model]\n");
    let ran = project.run(&["check"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.contains("error[invalid-config]") && ran.out.contains("relata.yaml:1:1"), "{}", ran.out);
}

#[test]
fn usage_errors_are_told_apart() {
    let project = project(SOUND);
    assert_eq!(project.run(&["chekc"]).code, Some(2));
    assert_eq!(project.run(&["generate"]).code, Some(2));
    for command in [&["check", "nowhere"][..], &["generate", "nowhere", "--out", "out"]] {
        let ran = project.run(command);
        assert_eq!(ran.code, Some(2));
        assert!(format!("{}{}", ran.out, ran.err).contains("error[unreadable-file]"), "{}{}", ran.out, ran.err);
    }
    let ran = project.run(&["explain", "no-such-code"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("no-such-code"), "{}", ran.err);
}

#[test]
fn codes_are_explained() {
    let project = project(SOUND);
    let table = project.run(&["explain"]);
    assert_eq!(table.code, Some(0));
    for info in relata_compiler::diagnostic::codes::ALL {
        assert!(table.out.contains(&format!("  {} ", info.code)), "{}", info.code);
        let page = project.run(&["explain", info.code]);
        assert!(page.out.starts_with(&format!("{}[{}]: ", info.severity, info.code)), "{}", page.out);
    }
}

#[test]
fn several_codes_are_explained_as_they_are_written() {
    let project = project(SOUND);
    let both = project.run(&["explain", "unknown-key", "warning[unused-enum]"]);
    assert_eq!((both.code, both.err.as_str()), (Some(0), ""));
    assert!(
        both.out.starts_with("error[unknown-key]: ") && both.out.contains("\nwarning[unused-enum]: "),
        "{}",
        both.out
    );
    assert_eq!(project.run(&["explain", "UNKNOWN_KEY"]).out, project.run(&["explain", "unknown-key"]).out);
    let near = project.run(&["explain", "unkown-key", "unused-enum"]);
    assert_eq!((near.code, near.out.as_str()), (Some(2), ""));
    assert!(near.err.contains("did you mean `unknown-key`?"), "{}", near.err);
    assert!(!both.out.contains('\u{1b}'), "no colour into a file");
    for arguments in [&["explain", "--color", "always"][..], &["explain", "unknown-key", "--color", "always"]] {
        assert!(project.run(arguments).out.contains('\u{1b}'));
    }
}

#[test]
fn statements_are_printed() {
    let ran = project(SOUND).run(&["ddl", "--dialect", "sqlite"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.starts_with("CREATE TABLE \"books\" (\n"), "{}", ran.out);
    assert!(ran.out.ends_with(") STRICT;\n"), "{}", ran.out);
    for (dialect, first) in [("postgres", "CREATE TABLE \"books\" (\n"), ("mysql", "CREATE TABLE `books` (\n")] {
        let ran = project(SOUND).run(&["ddl", "--dialect", dialect]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        assert!(ran.out.starts_with(first) && ran.out.ends_with(";\n"), "{}", ran.out);
    }
    let ran = project(SOUND).run(&["ddl", "--dialect", "oracle"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("[possible values: sqlite, postgres, mysql]"), "{}", ran.err);
    let ran = project(WRONG).run(&["ddl"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("error[unknown-type]"), "{}", ran.err);
}

#[test]
fn statements_are_told_apart_by_datasource() {
    let project = project(
        "datasources: { crm: {}, db: {}, spare: {} }\nmodels:\n  \
         Line:\n    datasource: db\n    properties: { id: { type: integer, id: true } }\n    \
         relations: [{ belongsTo: Order }, { belongsTo: Person }]\n  \
         Order:\n    datasource: db\n    properties: { id: { type: integer, id: true } }\n  \
         Person:\n    datasource: crm\n    properties:\n      id: { type: integer, id: true }\n      \
         name: { type: string, description: Wie man heißt. }\n",
    );
    for (dialect, quote) in [("sqlite", '"'), ("postgres", '"'), ("mysql", '`')] {
        let of = |arguments: &[&str]| {
            let ran = project.run(&[&["ddl", "--dialect", dialect], arguments].concat());
            assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
            ran.out
        };
        let names = |text: &str| -> Vec<String> {
            let lines = text.lines().filter_map(|line| {
                let table = line.strip_prefix("CREATE TABLE ").and_then(|rest| rest.split(quote).nth(1));
                table.or_else(|| line.strip_prefix("-- datasource "))
            });
            lines.map(str::to_owned).collect()
        };
        // Each datasource is there once, with its tables in an order in which they can be made.
        assert_eq!(names(&of(&[])), ["crm", "people", "db", "orders", "lines"]);
        assert_eq!(names(&of(&["--datasource", "crm"])), ["people"]);
        assert_eq!(names(&of(&["--datasource", "db"])), ["orders", "lines"]);
        assert_eq!(of(&["--datasource", "spare"]), "");
    }
    // What the server is told of the text's encoding stands where the text needs it.
    let encoding = |datasource| project.run(&["ddl", "--dialect", "mysql", "--datasource", datasource]).out;
    assert!(encoding("crm").starts_with("SET NAMES ") && encoding("db").starts_with("CREATE TABLE "));

    let ran = project.run(&["ddl", "--datasource", "cmr"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("the schema has no datasource `cmr`; there are `crm`, `db` and `spare`"), "{}", ran.err);
    let ran = Folder::with(&[("schemas/book.yaml", SOUND)]).run(&["ddl", "--datasource", "main"]);
    assert!(ran.err.contains("no datasource `main`; the only one is `db`"), "{}", ran.err);
}

#[test]
fn help_shows_how() {
    let project = project(SOUND);
    let help = project.run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for word in ["Examples:", "check", "generate", "explain", "ddl", "Exit codes"] {
        assert!(help.out.contains(word), "{word}");
    }
    let ddl = project.run(&["ddl", "--help"]).out;
    assert!(ddl.contains("Examples:") && ddl.contains("PostgreSQL 15") && ddl.contains("MariaDB 10.6"), "{ddl}");
    assert!(project.run(&["completions", "bash"]).out.contains("sqlite postgres mysql"));
    for command in ["check", "generate"] {
        let help = project.run(&[command, "--help"]).out;
        assert!(help.contains("Examples:") && help.contains("--schema clinic"), "{help}");
    }
    assert!(project.run(&["completions", "bash"]).out.contains("_relata"));
}
