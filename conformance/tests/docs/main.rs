//! The Rust code of the documents: compiled and run here, and found here word for word.
//!
//! The layout is the documents', so that `rustfmt` leaves the examples alone.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::items_after_statements,
    dead_code,
    unused_variables,
    reason = "examples are read, and say no more than they show"
)]

#[rustfmt::skip]
mod readme;
#[rustfmt::skip]
mod usage;

use std::collections::BTreeSet;

const README: &str = include_str!("../../../README.md");
const USAGE: &str = include_str!("../../../docs/usage.md");

/// Where the examples of build scripts and programs stand.
const BUILD_SCRIPTS: [&str; 2] = [
    include_str!("../../../build-support/examples/compile.rs"),
    include_str!("../../../build-support/examples/config.rs"),
];

/// The fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut lines = page.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        if info == language {
            found.push(body.join("\n") + "\n");
        }
    }
    found
}

/// The code without indentation, and without what a test cannot have: the include of `OUT_DIR/relata`, and the
/// comment that names the file.
fn code(text: &str) -> String {
    let is_code = |line: &&str| {
        !matches!(*line, "" | "// build.rs" | "// src/main.rs" | "mod shop { relata::include_schema!(); }")
    };
    text.lines().map(str::trim).filter(is_code).fold("\n".to_owned(), |code, line| code + line + "\n")
}

#[test]
fn every_example_is_compiled_here() {
    for (page, text, module) in
        [("README.md", README, include_str!("readme.rs")), ("docs/usage.md", USAGE, include_str!("usage.rs"))]
    {
        let sources: Vec<_> = BUILD_SCRIPTS.into_iter().chain([module]).map(code).collect();
        let examples = blocks(text, "rust");
        assert!(examples.len() > 1, "{page} has examples, and their fences are read");
        for example in examples {
            let wanted = code(&example);
            assert!(
                sources.iter().any(|source| source.contains(&wanted)),
                "{page} shows what conformance/tests/docs does not have:\n{example}"
            );
        }
    }
}

#[test]
fn the_schemas_are_those_of_the_documents() {
    let schemas = [
        ("README.md", README, include_str!("../../schemas/docs/readme.yaml")),
        ("docs/usage.md", USAGE, include_str!("../../schemas/docs/guide.yaml")),
    ];
    for (page, text, compiled) in schemas {
        assert!(blocks(text, "yaml").iter().any(|shown| shown == compiled), "{page} shows another schema");
    }
}

#[test]
fn every_code_of_an_error_is_in_the_table() {
    let source = include_str!("../../../runtime/src/error.rs");
    let (_, codes) = source.split_once("pub fn code(&self)").unwrap();
    let (codes, _) = codes.split_once("\n    }\n").unwrap();
    let known: BTreeSet<_> = codes.split('"').skip(1).step_by(2).collect();
    let (_, table) = USAGE.split_once("| code | when |\n| --- | --- |\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let shown: BTreeSet<_> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    assert_eq!(shown, known);
}
