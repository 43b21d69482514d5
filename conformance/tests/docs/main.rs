//! The Rust code of the documents: compiled and run here, and found here word for word.
//!
//! The layout is the documents', so that `rustfmt` leaves the examples alone.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::items_after_statements,
    dead_code,
    unused_variables,
    reason = "examples are read, and say no more than they show"
)]

#[rustfmt::skip]
mod filters;
#[rustfmt::skip]
mod guide;
#[rustfmt::skip]
mod raw_sql;
#[rustfmt::skip]
mod readme;
#[rustfmt::skip]
mod reads;
#[rustfmt::skip]
mod usage;
#[rustfmt::skip]
mod views;

use std::collections::BTreeSet;

const README: &str = include_str!("../../../README.md");
const FILTERS: &str = include_str!("../../../docs/filters.md");
const SECURITY: &str = include_str!("../../../docs/security.md");
const USAGE: &str = include_str!("../../../docs/usage.md");
const VIEWS: &str = include_str!("../../../docs/views.md");

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
        let included = ["mod shop { relata::include_schema!(); }", "mod blog { relata::include_schema!(); }"];
        !matches!(*line, "" | "// build.rs" | "// src/main.rs") && !included.contains(line)
    };
    text.lines().map(str::trim).filter(is_code).fold("\n".to_owned(), |code, line| code + line + "\n")
}

#[test]
fn every_example_is_compiled_here() {
    let raw_sql = include_str!("raw_sql.rs");
    let usage = [include_str!("usage.rs"), include_str!("reads.rs"), raw_sql];
    for (page, text, modules) in [
        ("README.md", README, &[include_str!("readme.rs")][..]),
        ("docs/filters.md", FILTERS, &[include_str!("filters.rs"), raw_sql]),
        ("docs/security.md", SECURITY, &[raw_sql]),
        ("docs/usage.md", USAGE, &usage),
        ("docs/guide/first.md", guide::FIRST, &[include_str!("guide/first.rs")]),
        ("docs/guide/relations.md", guide::RELATIONS, &[include_str!("guide/relations.rs")]),
        ("docs/guide/reading.md", guide::READING, &[include_str!("guide/reading.rs")]),
        ("docs/guide/writing.md", guide::WRITING, &[include_str!("guide/writing.rs")]),
        ("docs/guide/http.md", guide::HTTP, &[include_str!("guide/http.rs")]),
        ("docs/guide/transactions.md", guide::TRANSACTIONS, &[include_str!("guide/transactions.rs")]),
        ("docs/guide/testing.md", guide::TESTING, &[include_str!("guide/testing.rs"), include_str!("guide/http.rs")]),
        ("docs/guide/production.md", guide::PRODUCTION, &[include_str!("guide/production.rs")]),
        ("docs/guide/observability.md", guide::OBSERVABILITY, &[include_str!("guide/observability.rs")]),
        ("docs/views.md", VIEWS, &[include_str!("views.rs")]),
    ] {
        let sources: Vec<_> = BUILD_SCRIPTS.iter().chain(modules).map(|source| code(source)).collect();
        let examples = blocks(text, "rust");
        assert!(!examples.is_empty(), "{page} has examples, and their fences are read");
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
        ("docs/usage.md", USAGE, include_str!("../../schemas/docs/kinds.yaml")),
        ("docs/views.md", VIEWS, include_str!("../../schemas/docs/cards.yaml")),
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
