//! `relata graph`: what it writes where, and how it ends.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::schemas::root;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// A folder in which the shop's schema is what the program reads where nothing is said.
struct Project(TempDir);

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("schemas")).expect("a folder can be made");
        for file in fs::read_dir(root().join("schemas/shop")).expect("the shop is there") {
            let file = file.expect("a file");
            fs::copy(file.path(), folder.path().join("schemas").join(file.file_name())).expect("a copy can be made");
        }
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("the file is there")
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relata"));
        command.arg("graph").args(arguments).current_dir(self.path()).env_remove("CLICOLOR_FORCE");
        let output = command.output().expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("it prints text");
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn mermaid_is_printed_where_nothing_is_said() {
    let ran = Project::new().run(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.starts_with("erDiagram\n") && ran.out.contains("Customer ||--o{ Order"), "{}", ran.out);
}

#[test]
fn the_file_name_says_the_format() {
    let project = Project::new();
    for (file, begins) in [("a/shop.svg", "<svg "), ("shop.dot", "digraph "), ("shop.mmd", "erDiagram")] {
        let ran = project.run(&["--out", file]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        assert!(ran.err.contains("written"), "{}", ran.err);
        assert!(project.read(file).starts_with(begins));
    }
    assert!(project.run(&["--out", "shop.svg", "--format", "dot"]).err.contains("written"));
    assert!(project.read("shop.svg").starts_with("digraph"), "what is said counts more");

    let ran = project.run(&["--out", "shop.png"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`shop.png`") && ran.err.contains("--format"), "{}", ran.err);
    assert!(!project.path().join("shop.png").exists());
}

#[test]
fn a_stale_picture_is_told_with_the_command_that_renews_it() {
    let project = Project::new();
    let check = ["--around", "Order", "--depth", "2", "--out", "shop.svg", "--check"];
    let ran = project.run(&check);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("`relata graph --around Order --depth 2 --out shop.svg`"), "{}", ran.err);
    assert!(!project.path().join("shop.svg").exists(), "it writes nothing");

    assert_eq!(project.run(&check[..6]).code, Some(0));
    assert_eq!(project.run(&check).code, Some(0));
    assert!(project.run(&check[..6]).err.contains("unchanged"));

    fs::write(project.path().join("schemas/more.yaml"), "models:\n  Order2:\n    extends: Order\n    properties: {}\n")
        .expect("a file can be written");
    assert_eq!(project.run(&["--check", "--out", "shop.svg"]).code, Some(1));
    assert_eq!(project.run(&["--check"]).code, Some(2), "there is nothing to compare with");
}

#[test]
fn a_part_is_drawn_with_what_it_is_made_of() {
    let project = Project::new();
    let models = |arguments: &[&str]| -> Vec<String> {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let boxes = ran.out.lines().filter(|line| line.ends_with(" {"));
        boxes.filter_map(|line| line.split_whitespace().next()).map(|name| name.replace("[\"Address", "")).collect()
    };
    assert_eq!(models(&["--models", "Customer,Invoice"]), ["Address", "Customer", "Invoice"]);
    assert_eq!(models(&["--around", "Invoice"]), ["Invoice", "Order"]);
    assert_eq!(
        models(&["--around", "Invoice", "--depth", "2"]),
        ["Address", "Customer", "Invoice", "Order", "OrderItem"]
    );
    assert!(project.run(&["--models", "Order", "--format", "dot"]).out.contains("OrderStatus"), "an enum is a part");

    let ran = project.run(&["--models", "Custmer"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("`Custmer`") && ran.err.contains("`Customer`"), "{}", ran.err);
}

#[test]
fn a_wrong_schema_is_not_drawn() {
    let project = Project::new();
    fs::write(project.path().join("schemas/wrong.yaml"), "models:\n  Wrong:\n    properties:\n      a: strin\n")
        .expect("a file can be written");
    let ran = project.run(&["--out", "shop.svg"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("error[unknown-type]"), "{}", ran.err);
    assert!(!project.path().join("shop.svg").exists());
}
