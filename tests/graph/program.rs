//! `relata graph`: what it writes where, and how it ends.

use crate::runs::{Folder, Ran};
use crate::schemas::root;
use std::fs;

/// A folder in which the shop's schema is what the program reads where nothing is said.
fn project() -> Folder {
    let folder = Folder::with(&[]);
    for file in fs::read_dir(root().join("schemas/shop")).expect("the shop is there") {
        let file = file.expect("a file");
        let text = fs::read_to_string(file.path()).expect("schemas are text");
        folder.write(&format!("schemas/{}", file.file_name().to_string_lossy()), &text);
    }
    folder
}

impl Folder {
    fn graph(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(&["graph"]).args(arguments))
    }
}

#[test]
fn mermaid_is_printed_where_nothing_is_said() {
    let ran = project().graph(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.starts_with("erDiagram\n") && ran.out.contains("Customer ||--o{ Order"), "{}", ran.out);
}

#[test]
fn the_file_name_says_the_format() {
    let project = project();
    for (file, begins) in [("a/shop.svg", "<svg "), ("shop.dot", "digraph "), ("shop.mmd", "erDiagram")] {
        let ran = project.graph(&["--out", file]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        assert!(ran.err.contains("written"), "{}", ran.err);
        assert!(project.read(file).starts_with(begins));
    }
    assert!(project.graph(&["--out", "shop.svg", "--format", "dot"]).err.contains("written"));
    assert!(project.read("shop.svg").starts_with("digraph"), "what is said counts more");

    let ran = project.graph(&["--out", "shop.png"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`shop.png`") && ran.err.contains("--format"), "{}", ran.err);
    assert!(!project.path("shop.png").exists());
}

#[test]
fn a_stale_picture_is_told_with_the_command_that_renews_it() {
    let project = project();
    let check = ["--around", "Order", "--depth", "2", "--out", "shop.svg", "--check"];
    let ran = project.graph(&check);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("`relata graph --around Order --depth 2 --out shop.svg`"), "{}", ran.err);
    assert!(!project.path("shop.svg").exists(), "it writes nothing");

    assert_eq!(project.graph(&check[..6]).code, Some(0));
    assert_eq!(project.graph(&check).code, Some(0));
    assert!(project.graph(&check[..6]).err.contains("unchanged"));

    fs::write(project.path("schemas/more.yaml"), "models:\n  Order2:\n    extends: Order\n    properties: {}\n")
        .expect("a file can be written");
    assert_eq!(project.graph(&["--check", "--out", "shop.svg"]).code, Some(1));
    assert_eq!(project.graph(&["--check"]).code, Some(2), "there is nothing to compare with");
}

#[test]
fn a_part_is_drawn_with_what_it_is_made_of() {
    let project = project();
    let models = |arguments: &[&str]| -> Vec<String> {
        let ran = project.graph(arguments);
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
    assert!(project.graph(&["--models", "Order", "--format", "dot"]).out.contains("OrderStatus"), "an enum is a part");

    let ran = project.graph(&["--models", "Custmer"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("`Custmer`") && ran.err.contains("`Customer`"), "{}", ran.err);
}

#[test]
fn a_wrong_schema_is_not_drawn() {
    let project = project();
    fs::write(project.path("schemas/wrong.yaml"), "models:\n  Wrong:\n    properties:\n      a: strin\n")
        .expect("a file can be written");
    let ran = project.graph(&["--out", "shop.svg"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("error[unknown-type]"), "{}", ran.err);
    assert!(!project.path("shop.svg").exists());
}
