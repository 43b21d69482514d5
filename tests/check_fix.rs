//! The program's `check --fix`: what it writes where, what it keeps, and when it writes nothing.

mod program;

use std::fs;
use std::path::Path;

use program::Folder;

/// Two slips whose cure is certain, one whose cure is a person's to choose.
const WRONG: &str = "\
models:
  Customer: # who buys
    properties:
      id: { type: Integer, id: yes } # counted
      name: string
  Order:
    properties:
      id: { type: integer, id: true }
    relations:
      # whose
      - belongsTo: Custmer
";
const FIXED: &str = "\
models:
  Customer: # who buys
    properties:
      id: { type: integer, id: true } # counted
      name: string
  Order:
    properties:
      id: { type: integer, id: true }
    relations:
      # whose
      - belongsTo: Custmer
";

fn project(schema: &str) -> Folder {
    Folder::with(&[("schemas/shop.yaml", schema)])
}

/// Names of what lies in a folder of the project.
fn list(project: &Folder, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(project.path(folder)).expect("a folder").filter_map(Result::ok);
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn certain_fixes_are_made_and_the_rest_is_told() {
    let project = project(WRONG);
    let ran = project.run(&["check", "--fix"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(project.read("schemas/shop.yaml"), FIXED);
    assert_eq!(
        ran.err,
        "fixed[unknown-type] schemas/shop.yaml:4:19: there is no type `Integer`: write `integer`\n\
         fixed[wrong-type] schemas/shop.yaml:4:32: `id` takes `true` or `false`, not a string: write `true`\n"
    );
    assert!(ran.out.contains("error[unknown-target]") && !ran.out.contains("unknown-type"), "{}", ran.out);
    assert_eq!(list(&project, "schemas"), ["shop.yaml"], "nothing else is left behind");

    let again = project.run(&["check", "--fix"]);
    assert_eq!((again.out, again.err.as_str()), (ran.out, ""));
    assert_eq!(project.read("schemas/shop.yaml"), FIXED);
}

#[test]
fn a_sound_schema_is_not_touched() {
    let project = project(&FIXED.replace("Custmer", "Customer"));
    let written = fs::metadata(project.path("schemas/shop.yaml")).and_then(|data| data.modified()).expect("a time");
    let ran = project.run(&["check", "--fix"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    let now = fs::metadata(project.path("schemas/shop.yaml")).and_then(|data| data.modified()).expect("a time");
    assert_eq!(written, now);
}

#[test]
fn a_dry_run_shows_and_fails() {
    let project = project(&WRONG.replace("Custmer", "Customer"));
    let ran = project.run(&["check", "--fix", "--dry-run"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("--- a/schemas/shop.yaml\n+++ b/schemas/shop.yaml\n"), "{}", ran.out);
    assert!(ran.err.starts_with("would fix[unknown-type] "), "{}", ran.err);
    assert_eq!(project.read("schemas/shop.yaml"), WRONG.replace("Custmer", "Customer"));
    assert_eq!(project.run(&["check", "--dry-run"]).code, Some(2), "it is an option of --fix");
    assert_eq!(project.run(&["check", "--fix"]).code, Some(0));
    let ran = project.run(&["check", "--fix", "--dry-run"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
}

#[test]
fn standard_input_becomes_standard_output() {
    let project = project("");
    let ran = project.run_with(&["check", "--fix", "-"], WRONG);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), FIXED));
    assert!(ran.err.contains("error[unknown-target]"), "{}", ran.err);
    let sound = FIXED.replace("Custmer", "Customer");
    let ran = project.run_with(&["check", "--fix", "-"], &sound);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), sound.as_str(), ""));
}

#[test]
fn formats_for_programs_stay_readable() {
    let project = project(WRONG);
    let ran = project.run(&["check", "--fix", "--format", "json"]);
    for line in ran.out.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        assert_eq!(finding["code"], "unknown-target");
    }
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn what_is_not_told_is_not_fixed() {
    let twice = "models:\n  A:\n    properties: { id: { type: integer, id: true }, b: integer }\n    indexes: [{ properties: b }, { properties: b }]\n";
    let project = project(twice);
    assert_eq!(project.run(&["check", "--fix", "--allow", "duplicate-index"]).code, Some(0));
    assert_eq!(project.read("schemas/shop.yaml"), twice);
    assert_eq!(project.run(&["check", "--fix"]).code, Some(0));
    assert_eq!(project.read("schemas/shop.yaml"), twice.replace(", { properties: b }", ""));
}

#[test]
fn a_file_that_cannot_be_read_stops_all_fixes() {
    let project = project(WRONG);
    fs::write(project.path("schemas/other.yaml"), b"models: # caf\xe9\n").expect("a file can be written");
    assert_eq!(project.run(&["check", "--fix"]).code, Some(1));
    assert_eq!(project.read("schemas/shop.yaml"), WRONG);
}

/// Whether this user may write whatever the permissions say.
fn make_read_only(path: &Path, read_only: bool) {
    let mut permissions = fs::metadata(path).expect("it is there").permissions();
    permissions.set_readonly(read_only);
    fs::set_permissions(path, permissions).expect("permissions can be set");
}

#[test]
fn all_files_are_written_or_none() {
    let project = project(WRONG);
    let other = "models: { Tag: { properties: { id: { type: Integer, id: true } } } }\n";
    project.write("schemas/tag.yaml", other);
    make_read_only(&project.path("schemas/tag.yaml"), true);
    let ran = project.run(&["check", "--fix"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(ran.err, "error: cannot write `schemas/tag.yaml`: it is read-only\n");
    assert_eq!((project.read("schemas/shop.yaml").as_str(), project.read("schemas/tag.yaml").as_str()), (WRONG, other));
    assert_eq!(list(&project, "schemas"), ["shop.yaml", "tag.yaml"]);
    make_read_only(&project.path("schemas/tag.yaml"), false);
    assert_eq!(project.run(&["check", "--fix"]).code, Some(1));
    assert_eq!(project.read("schemas/tag.yaml"), other.replace("Integer", "integer"));
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let project = project(WRONG);
    fs::rename(project.path("schemas/shop.yaml"), project.path("real.txt")).expect("a file can be renamed");
    symlink("../real.txt", project.path("schemas/shop.yaml")).expect("a link");
    fs::set_permissions(project.path("real.txt"), fs::Permissions::from_mode(0o640)).expect("permissions can be set");
    project.run(&["check", "--fix"]);
    assert!(project.path("schemas/shop.yaml").is_symlink());
    assert_eq!(project.read("real.txt"), FIXED);
    let mode = fs::metadata(project.path("real.txt")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}
