//! What others make of the pictures: Mermaid's own parser and Graphviz, where they are installed.
//!
//! `npm ci --prefix tests/mermaid` installs the first.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use relata_compiler::Inputs;
use relata_compiler::picture::{self, PictureFormat, Selection};

use crate::schemas::{Dice, committed, drawn, graph, random, root};

fn skipped(why: &str) {
    // Past the capture of tests, so that it is seen.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

#[test]
fn mermaid_reads_what_it_is_given() {
    let tests = root().join("tests/mermaid");
    if !tests.join("node_modules/mermaid").exists() {
        return skipped("Mermaid is not installed: `npm ci --prefix tests/mermaid` brings it");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut files: Vec<PathBuf> = Vec::new();
    let mut write = |name: &str, text: &str| {
        let file = folder.path().join(format!("{name}.mmd"));
        fs::write(&file, text).expect("a file can be written");
        files.push(file);
    };
    for (name, path) in committed() {
        write(name, &drawn(&path, PictureFormat::Mermaid));
    }
    let mut dice = Dice(11);
    for round in 0..10 {
        let inputs = Inputs::text("schema.yaml", random(20, 2, &mut dice));
        let text = picture::render(&graph(&inputs), &Selection::default(), PictureFormat::Mermaid);
        write(&format!("random{round}"), &text.expect("everything is selected"));
    }
    let output = Command::new("node").arg(tests.join("check.mjs")).args(&files).output();
    let output = output.expect("node is there where its packages are");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains(&format!("{} diagrams read", files.len())), "{said}");
}

#[test]
fn the_packages_are_locked_without_addresses() {
    let lock = fs::read_to_string(root().join("tests/mermaid/package-lock.json")).expect("the lock is there");
    assert!(!lock.contains("\"resolved\"") && lock.contains("\"integrity\""));
}

#[test]
fn graphviz_reads_what_it_is_given() {
    for (_, path) in committed() {
        let Some(svg) = laid_out_by_graphviz(&path) else {
            return skipped("Graphviz is not installed: Debian's package `graphviz` brings `dot`");
        };
        roxmltree::Document::parse_with_options(
            &svg,
            roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() },
        )
        .expect("Graphviz writes XML");
    }
}

fn laid_out_by_graphviz(schema: &Path) -> Option<String> {
    let mut dot = Command::new("dot");
    dot.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut dot = dot.spawn().ok()?;
    let text = drawn(schema, PictureFormat::Dot);
    let mut input = dot.stdin.take().expect("it is piped");
    // Not before all is written does it read the end.
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    let output = dot.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    let complaints: Vec<_> = said.lines().filter(|line| !line.contains("font") && !line.is_empty()).collect();
    assert!(output.status.success() && complaints.is_empty(), "{}: {complaints:?}", schema.display());
    Some(String::from_utf8(output.stdout).expect("it writes UTF-8"))
}
