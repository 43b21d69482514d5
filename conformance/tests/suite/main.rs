//! The suite, one program: generated code of every schema, on every database.
//!
//! `cargo test -p relata-conformance --test suite -- postgres::` runs what runs on one of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::float_cmp, reason = "a number that is stored comes back as it was")]
#![allow(clippy::needless_borrows_for_generic_args, reason = "that references are taken is under test")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "lists of rows are compared with lists of rows")]

mod actions;
mod conditions;
mod constrained;
mod creating;
mod documents;
mod faults;
mod hostile;
mod inclusion;
mod isolation;
mod keys;
mod loopback;
mod nesting;
mod properties;
mod qualified;
mod quoted;
mod records;
mod repository;
mod sqlite;
mod support;
mod transactions;
mod trees;
mod types;
mod values;

use std::path::Path;
use std::process::ExitCode;

use macro_rules_attribute::apply;
use relata_conformance::on_no_database;

fn main() -> ExitCode {
    relata_conformance::harness::main()
}

/// What the compiler's own harness would run, this one would forget.
#[apply(on_no_database)]
fn every_test_registers_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    for folder in [folder.join("properties"), folder] {
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let text = if file.is_file() { std::fs::read_to_string(&file).unwrap() } else { continue };
            let foreign = text.lines().find(|line| matches!(line.trim(), "#[test]" | "#[tokio::test]"));
            assert_eq!(foreign, None, "{}: write #[apply(on_…)]", file.display());
        }
    }
}
