//! What the program says of settings, levels and baselines, fixture by fixture.
//!
//! A fixture is a folder `tests/fixtures/settings/<case>/` in which the program runs: `commands` holds a line for each
//! run, `expected.txt` what it prints and how it ends. `UPDATE_EXPECT=1 cargo test --test settings` renews that.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_compiler::settings::{self, Project};
use tempfile::TempDir;

const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test settings";
const PET: &str = "models: { Pet: { properties: { id: { type: integer, id: true } } } }\n";
const WARNS: &str = "enums: { Unused: [a] }\n";

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/settings");
    let mut cases: Vec<_> =
        fs::read_dir(root).expect("it is readable").filter_map(Result::ok).map(|entry| entry.path()).collect();
    cases.sort();
    cases
}

/// The files of a fixture, which is left as it is.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("it is readable").filter_map(Result::ok) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if !["commands", "expected.txt"].contains(&entry.file_name().to_string_lossy().as_ref()) {
            let text = fs::read_to_string(entry.path()).expect("fixtures are UTF-8").replace("\r\n", "\n");
            fs::write(target, text).expect("a file can be written");
        }
    }
}

/// What a command prints, and how it ends.
fn run(folder: &Path, command: &str) -> String {
    let mut words = command.split_whitespace();
    let mut told = format!("$ {command}\n");
    match words.next() {
        Some("relata") => {}
        // Between two runs: a file, a word in it, another word.
        Some("replace") => {
            let [file, old, new] = words.collect::<Vec<_>>()[..] else { panic!("{command}") };
            let text = fs::read_to_string(folder.join(file)).expect("the file is there");
            assert!(text.contains(old), "{command}");
            fs::write(folder.join(file), text.replace(old, new)).expect("a file can be written");
            return told;
        }
        Some("show") => {
            let file = words.next().expect("a file is named");
            return told + &fs::read_to_string(folder.join(file)).expect("the file is there");
        }
        _ => panic!("{command}"),
    }
    let output = Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(words)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the program runs");
    let out = String::from_utf8(output.stdout).expect("it prints text");
    // Which files differ matters here, and not how.
    let is_diff = command.contains("generate") && command.contains("--check");
    for line in out.lines().filter(|line| !is_diff || line.starts_with("--- ") || line.starts_with("+++ ")) {
        writeln!(told, "{line}").expect("a string takes all");
    }
    for line in String::from_utf8(output.stderr).expect("it prints text").lines() {
        writeln!(told, "2> {line}").expect("a string takes all");
    }
    writeln!(told, "exit code {}", output.status.code().expect("it ends by itself")).expect("a string takes all");
    told
}

#[test]
fn reports_are_as_expected() {
    let mut stale = String::new();
    for case in cases() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&case, folder.path());
        let commands = fs::read_to_string(case.join("commands")).expect("the case has commands");
        let actual = commands.lines().map(|command| run(folder.path(), command)).collect::<Vec<_>>().join("\n");
        let path = case.join("expected.txt");
        let expected = fs::read_to_string(&path).map(|text| text.replace("\r\n", "\n")).ok();
        if expected.as_deref() == Some(&actual) {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
            fs::write(path, actual).expect("the fixture is writable");
        } else {
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            writeln!(stale, "{name} is stale; the report now is\n{actual}").expect("a string takes all");
        }
    }
    assert!(stale.is_empty(), "{stale}\nto renew the reports: {RENEW}");
}

/// A folder with schemas `schemas/pet.yaml`, and settings.
struct Folder(TempDir);

impl Folder {
    fn new(settings: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        folder.write("schemas/pet.yaml", format!("{WARNS}{PET}"));
        folder.write("relata.yaml", settings);
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn run(&self, folder: &str, command: &str) -> String {
        run(&self.0.path().join(folder), command)
    }
}

#[test]
fn settings_that_cannot_be_read_are_told() {
    let folder = Folder::new("");
    folder.write("relata.yaml", b"schemas: caf\xe9\n");
    let told = folder.run("", "relata check");
    assert!(told.contains("error[encoding]: the file is not valid UTF-8\n --> relata.yaml:1:13"), "{told}");
    assert!(told.ends_with("exit code 1\n"), "{told}");

    fs::remove_file(folder.0.path().join("relata.yaml")).expect("it can be removed");
    fs::create_dir(folder.0.path().join("relata.yaml")).expect("a folder can be made");
    let told = folder.run("", "relata check");
    assert!(told.contains("error[unreadable-file]: cannot read `relata.yaml`: it is not a file"), "{told}");
    assert!(told.ends_with("exit code 2\n"), "{told}");

    let told = folder.run("", "relata check --config other.yaml");
    assert!(told.contains("error[unreadable-file]: cannot read `other.yaml`: there is no such file"), "{told}");
    assert!(told.ends_with("exit code 2\n"), "{told}");
}

#[test]
fn settings_are_found_from_inside_the_package() {
    let folder = Folder::new("schemas: schemas\nlints: { unused-enum: deny }\n");
    folder.write("src/bin/main.rs", "");
    let told = folder.run("src/bin", "relata check --format short");
    assert!(told.contains("../../schemas/pet.yaml:1:10: error[unused-enum]"), "{told}");

    // Another package begins here, and it has no settings.
    folder.write("inner/Cargo.toml", "");
    folder.write("inner/schemas/pet.yaml", PET);
    assert!(folder.run("inner", "relata check").ends_with("check\nexit code 0\n"));
    assert!(folder.run("inner", "relata check --config ../relata.yaml").ends_with("exit code 1\n"));
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_difference() {
    let folder = Folder::new("");
    folder.write("relata.yaml", "\u{feff}schemas: schemas\r\nlints:\r\n  unused-enum: allow\r\n");
    assert_eq!(folder.run("", "relata check"), "$ relata check\nexit code 0\n");
}

#[test]
fn standard_input_obeys_the_levels_of_the_settings() {
    let folder = Folder::new("lints: { unused-enum: allow }\n");
    assert!(folder.run("", "relata check schemas").ends_with("schemas\nexit code 0\n"));
}

#[test]
fn every_message_survives_a_baseline() {
    let odd = "a \"b\" 'c': #d \\ \u{7f}\u{85}\u{2028}\u{feff}é\u{1f600}\t- {x}";
    let folder = Folder::new("baseline: known.yaml\n");
    // Escaped as YAML reads it, whatever it is.
    let mut name = String::new();
    odd.chars().for_each(|c| write!(name, "\\U{:08x}", u32::from(c)).expect("a string takes all"));
    folder.write("schemas/odd name.yaml", format!("enums: {{ \"{name}\": [a] }}\n"));
    let told = folder.run("", "relata check --update-baseline");
    assert!(told.ends_with("exit code 0\n"), "{told}");
    let told = folder.run("", "relata check");
    assert!(told.starts_with("$ relata check\n2> ") && told.contains("left out"), "{told}");
    assert!(told.ends_with("exit code 0\n"), "{told}");
}

#[test]
fn a_baseline_serves_from_every_folder() {
    let folder = Folder::new("baseline: known/all.yaml\n");
    folder.run("", "relata check --update-baseline");
    let written = fs::read_to_string(folder.0.path().join("known/all.yaml")).expect("it was written");
    assert!(written.contains("file: ../schemas/pet.yaml\n"), "{written}");
    let told = folder.run("schemas", "relata check");
    assert_eq!(told, "$ relata check\n2> 1 known finding is left out: ../known/all.yaml lists it\nexit code 0\n");
    folder.run("schemas", "relata check --update-baseline");
    assert_eq!(fs::read_to_string(folder.0.path().join("known/all.yaml")).expect("it is there"), written);
}

/// The repository's own settings, which its checks follow.
#[test]
fn the_repository_lists_its_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut project = Project::open(&root.join(settings::FILE));
    let schemas = project.choose(None, None).expect("there are schemas");
    let named: Vec<_> = schemas.iter().filter_map(|schema| schema.name.as_deref()).collect();
    let mut folders: Vec<_> = fs::read_dir(root.join("schemas"))
        .expect("it is readable")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    assert_eq!(named, folders);
}
