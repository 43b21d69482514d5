//! The files for CI that users copy: their shape, and their very commands in a project.
#![cfg(unix)]

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use program::{Folder, Ran};
use serde_json::Value;

const SOUND: &str =
    "models:\n  Book:\n    properties:\n      id: { type: integer, id: true, generated: true }\n      title: string\n";

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(name: &str) -> Value {
    parsed(&read(name), name)
}

fn parsed(text: &str, name: &str) -> Value {
    serde_yaml_original::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn list<'a>(value: &'a Value, what: &str) -> &'a [Value] {
    value.as_array().unwrap_or_else(|| panic!("{what} is a list: {value}"))
}

fn text<'a>(value: &'a Value, what: &str) -> &'a str {
    value.as_str().unwrap_or_else(|| panic!("{what} is a text: {value}"))
}

/// The commands of a workflow's only job, in order.
fn workflow(name: &str) -> Vec<String> {
    let workflow = yaml(name);
    let keys: BTreeSet<_> = workflow.as_object().expect("a map").keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["env", "jobs", "name", "on", "permissions"]), "{name}");
    assert_eq!(workflow["permissions"]["contents"], "read", "{name}");
    assert_eq!(workflow["env"]["RELATA_VERSION"], env!("CARGO_PKG_VERSION"), "{name} installs this version");
    let job = &workflow["jobs"]["relata"];
    assert_eq!(job["runs-on"], "ubuntu-latest", "{name}");
    let mut commands = Vec::new();
    for step in list(&job["steps"], "steps") {
        match (step.get("uses"), step.get("run")) {
            (Some(action), None) => assert!(text(action, "uses").contains("@v"), "{name}: {action}"),
            (None, Some(command)) => commands.push(text(command, "run").to_owned()),
            _ => panic!("{name}: a step uses an action or runs a command: {step}"),
        }
    }
    commands
}

/// Commands that run the program; the others install it.
fn checks(commands: &[String]) -> Vec<&str> {
    let (checks, installs): (Vec<_>, Vec<_>) =
        commands.iter().map(String::as_str).partition(|command| command.starts_with("relata "));
    for install in installs.into_iter().filter(|install| install.contains("cargo install")) {
        let wanted = concat!("cargo install ", env!("CARGO_PKG_NAME"), " --version \"$RELATA_VERSION\" --locked");
        assert!(install.contains(wanted), "{install}");
    }
    checks
}

/// A folder with settings, a schema, and the code of the sound one.
fn project(schema: &str) -> Folder {
    let project = Folder::with(&[("relata.yaml", "schemas: schemas\nout: src/books\n"), ("schemas/book.yaml", SOUND)]);
    assert_eq!(project.shell("relata generate").code, Some(0));
    project.write("schemas/book.yaml", schema);
    project
}

impl Folder {
    /// Runs a command as a CI does: a shell, with the program among the others.
    fn shell(&self, command: &str) -> Ran {
        let program = Path::new(env!("CARGO_BIN_EXE_relata")).parent().expect("it lies in a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = [program.to_owned()].into_iter().chain(std::env::split_paths(&path));
        let paths = std::env::join_paths(paths).expect("paths can be joined");
        Ran::of(Command::new("sh").args(["-e", "-c", command]).current_dir(self.root()).env("PATH", paths))
    }
}

fn broken() -> Folder {
    project(&SOUND.replace("title: string", "title: strin"))
}

fn warned() -> Folder {
    project(&format!("enums:\n  Unused: [a]\n{SOUND}"))
}

fn stale() -> Folder {
    project(&SOUND.replace("title", "name"))
}

/// How a check and a comparison of the code end for each kind of schema.
fn ends_as_it_should(check: &str, compare: &str) {
    let ends = |project: &Folder| (project.shell(check).code, project.shell(compare).code);
    assert_eq!(ends(&project(SOUND)), (Some(0), Some(0)), "{check}; {compare}");
    assert_eq!(ends(&broken()), (Some(1), Some(1)), "{check}; {compare}");
    assert_eq!(ends(&warned()).0, Some(1), "{check}");
    assert_eq!(ends(&stale()), (Some(0), Some(1)), "{check}; {compare}");
    let shown = stale().shell(compare);
    assert!(shown.out.contains("-    pub title: Option<String>,\n+    pub name: Option<String>,\n"), "{}", shown.out);
    assert!(shown.err.contains("run `relata generate"), "{}", shown.err);
}

#[test]
fn the_workflow_of_github_checks_and_compares() {
    let commands = workflow("ci/github-actions.yml");
    let [check, compare] = checks(&commands)[..] else { panic!("two checks: {commands:?}") };
    assert!(check.starts_with("relata check --deny warnings") && compare.starts_with("relata generate --check"));
    ends_as_it_should(check, compare);
    assert_eq!(project(SOUND).shell(check).out, "");
    let told = broken().shell(check).out;
    assert!(told.starts_with("::error file=schemas/book.yaml,line=5,col=14,"), "{told}");
    let told = warned().shell(check).out;
    assert!(told.starts_with("::error file=schemas/book.yaml,line=2,col=3,"), "denied: {told}");
}

#[test]
fn the_workflow_of_code_scanning_uploads_what_it_finds() {
    let name = "ci/github-code-scanning.yml";
    let commands = workflow(name);
    let [check] = checks(&commands)[..] else { panic!("one check: {commands:?}") };
    let workflow = yaml(name);
    assert_eq!(workflow["permissions"]["security-events"], "write");
    let steps = list(&workflow["jobs"]["relata"]["steps"], "steps");
    let upload = steps.last().expect("there are steps");
    assert!(text(&upload["uses"], "uses").starts_with("github/codeql-action/upload-sarif@"));
    assert_eq!(upload["if"], "${{ !cancelled() }}", "findings are uploaded when the check failed");
    let file = text(&upload["with"]["sarif_file"], "sarif_file");
    for (project, code, results) in [(project(SOUND), 0, 0), (broken(), 1, 1), (warned(), 1, 1)] {
        assert_eq!(project.shell(check).code, Some(code));
        let document: Value = serde_json::from_str(&project.read(file)).expect("the document is JSON");
        assert_eq!(list(&document["runs"][0]["results"], "results").len(), results);
    }
}

#[test]
fn the_job_of_gitlab_writes_its_report_and_tells_people() {
    let job = &yaml("ci/gitlab-ci.yml")["relata"];
    assert_eq!(job["variables"]["RELATA_VERSION"], env!("CARGO_PKG_VERSION"), "it installs this version");
    let lines =
        |key: &str| -> Vec<String> { list(&job[key], key).iter().map(|line| text(line, key).to_owned()).collect() };
    let folder = text(&job["cache"]["paths"][0], "a path");
    let install = lines("before_script");
    assert!(checks(&install).is_empty() && install[0].contains(&format!("--root {folder}")), "{install:?}");
    assert!(install[1].contains(&format!("/{folder}/bin:")), "{install:?}");
    let script = lines("script");
    let [check, compare] = checks(&script)[..] else { panic!("two checks: {script:?}") };
    ends_as_it_should(check, compare);

    assert_eq!(job["artifacts"]["when"], "always", "the report is wanted when the job fails");
    let report = text(&job["artifacts"]["reports"]["codequality"], "a file");
    for (project, issues) in [(project(SOUND), 0), (broken(), 1), (warned(), 1)] {
        let ran = project.shell(check);
        assert_eq!(ran.out.contains(" --> schemas/book.yaml:"), issues > 0, "the log is for people: {}", ran.out);
        let report: Value = serde_json::from_str(&project.read(report)).expect("the report is JSON");
        assert_eq!(list(&report, "the report").len(), issues);
    }
}

#[test]
fn the_hooks_of_pre_commit_check_and_compare() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = list(&hooks, "the hooks");
    for hook in hooks {
        for key in ["id", "name", "description", "entry", "language"] {
            assert!(!text(&hook[key], key).is_empty());
        }
        assert_eq!((&hook["language"], &hook["pass_filenames"]), (&Value::from("rust"), &Value::from(false)));
    }
    let entry = |id: &str| {
        let hook = hooks.iter().find(|hook| hook["id"] == id).unwrap_or_else(|| panic!("there is a hook {id}"));
        text(&hook["entry"], "entry")
    };
    ends_as_it_should(entry("relata-check"), entry("relata-generate-check"));

    let page = read("docs/ci.md");
    let block = page.split("```yaml .pre-commit-config.yaml\n").nth(1).and_then(|rest| rest.split("```").next());
    let config = parsed(block.expect("the page shows a configuration"), "docs/ci.md");
    let repository = &config["repos"][0];
    assert_eq!(repository["repo"], env!("CARGO_PKG_REPOSITORY"));
    assert_eq!(repository["rev"], concat!("v", env!("CARGO_PKG_VERSION")));
    for hook in list(&repository["hooks"], "hooks") {
        entry(text(&hook["id"], "id"));
    }
}

#[test]
fn the_page_names_every_field_of_json() {
    let page = read("docs/ci.md");
    let (_, section) = page.split_once("### json").expect("the page has a section");
    let table = section.lines().filter(|line| line.starts_with("| `"));
    let names = table.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let told: BTreeSet<String> = names.map(str::to_owned).collect();

    let line = broken().shell("relata check --format json").out;
    let finding: Value = serde_json::from_str(line.lines().next().expect("a finding")).expect("it is JSON");
    let mut fields = BTreeSet::new();
    collect(&finding, &mut fields);
    let inner: BTreeSet<String> = ["primary", "text"].map(str::to_owned).into();
    assert_eq!(fields, told.union(&inner).cloned().collect(), "each field has a row, and each row is a field");
    for name in inner {
        assert!(section.contains(&format!("`{name}`")), "{name}");
    }
}

/// The keys of a value and of all that it holds.
fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        keys.insert(key.clone());
        collect(value, keys);
    }
    value.as_array().into_iter().flatten().for_each(|item| collect(item, keys));
}

#[test]
fn the_page_names_every_format() {
    let page = read("docs/ci.md");
    let help = project(SOUND).shell("relata check --format none").err;
    let formats =
        help.split("[possible values: ").nth(1).and_then(|rest| rest.split(']').next()).expect("it lists them");
    for format in formats.split(", ") {
        assert!(page.contains(&format!("\n| `{format}` | ")), "{format}");
    }
}
