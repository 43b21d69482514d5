//! The suite, one program: generated code of every schema, on every database.
//!
//! `cargo test -p relata-conformance --test suite -- postgres::` runs what runs on one of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::float_cmp, reason = "a number that is stored comes back as it was")]
#![allow(clippy::needless_borrows_for_generic_args, reason = "that references are taken is under test")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "lists of rows are compared with lists of rows")]

mod actions;
mod aggregates;
mod computing;
mod conditions;
mod constrained;
mod counts;
mod creating;
mod deadlines;
mod documents;
mod embeds;
mod faults;
mod filters;
mod following;
mod forms;
mod hiding;
mod hostile;
mod imposed;
mod inclusion;
mod isolation;
mod keys;
mod locks;
mod loopback;
mod moving;
mod nested_create;
mod nesting;
mod observing;
mod pages;
mod payments;
mod places;
mod polymorphic;
mod promotions;
mod properties;
mod qualified;
mod quoted;
mod raw_sql;
mod records;
mod references;
mod related_order;
mod repository;
mod resolvers;
mod retrying;
mod security;
mod soft_delete;
mod sqlite;
mod statements;
mod streams;
mod support;
mod sweep;
mod through;
mod timestamps;
mod transactions;
mod trees;
mod types;
mod upserting;
mod validating;
mod values;
mod views;
mod within;

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
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite")];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            let foreign = text.lines().find(|line| matches!(line.trim(), "#[test]" | "#[tokio::test]"));
            assert_eq!(foreign, None, "{}: write #[apply(on_…)]", file.display());
        }
    }
}
