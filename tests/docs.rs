//! What the documents show holds: every schema in them passes, or gives the finding that it says it gives.
//!
//! The fence of a schema that must not pass names the finding: ```` ```yaml fails=key-needs-key-to ````. One of settings
//! has the file's name first: ```` ```yaml relata.yaml fails=unknown-code ````.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::codes;
use relata_compiler::{Inputs, check, settings};

const PAGES: &[&str] = &["README.md", "docs/language.md", "docs/usage.md", "docs/checking.md"];

/// What follows in `docs/language.md` is derived from the codes themselves.
const TABLE: &str = "<!-- codes -->\n";

/// A fenced block: where it stands, what its fence says after the language, its text.
struct Block {
    at: String,
    says: String,
    text: String,
}

fn path(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

fn read(page: &str) -> String {
    fs::read_to_string(path(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

fn blocks(page: &str, language: &str) -> Vec<Block> {
    let text = read(page);
    let mut lines = text.lines().zip(1..);
    let mut found = Vec::new();
    while let Some((line, number)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<_> = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```").collect();
        let (of, says) = info.split_once(' ').unwrap_or((info, ""));
        if of == language {
            found.push(Block { at: format!("{page}:{number}"), says: says.to_owned(), text: body.join("\n") + "\n" });
        }
    }
    found
}

#[test]
fn schemas_pass_or_give_the_finding_that_they_say() {
    let mut schemas = 0;
    for block in PAGES.iter().flat_map(|page| blocks(page, "yaml")) {
        let (name, says) = match block.says.split_once(' ') {
            _ if block.says.starts_with("fails=") => ("schema.yaml", &*block.says),
            Some((name, says)) => (name, says),
            None => (&*block.says, ""),
        };
        let expected: Vec<_> = says.strip_prefix("fails=").map(|codes| codes.split(',').collect()).unwrap_or_default();
        if name == "relata.yaml" {
            let (_, report) = settings::parse("relata.yaml", &block.text);
            let found: Vec<_> = report.findings.iter().map(|finding| finding.code.code).collect();
            assert_eq!(found, expected, "{}: {:#?}", block.at, report.findings);
            continue;
        }
        schemas += 1;
        let checked = check(&Inputs::text("schema.yaml", &*block.text));
        let mut found: Vec<_> = checked.findings.iter().map(|finding| finding.code.code).collect();
        found.dedup();
        assert_eq!(found, expected, "{}: {:#?}", block.at, checked.findings);
    }
    assert!(schemas > 20, "the documents are there, and their fences are read");
}

#[test]
fn every_code_that_a_page_names_exists() {
    let text = read("docs/language.md");
    let (written, _) = text.split_once(TABLE).expect("the table of codes has its mark");
    let outside_blocks = written.split("\n```").step_by(2).collect::<String>();
    let words = outside_blocks.split('`').skip(1).step_by(2);
    let looks_like_a_code =
        |word: &&str| word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    for word in words.filter(looks_like_a_code).filter(|word| !word.starts_with('-')) {
        assert!(codes::find(word).is_some(), "`{word}` is no code");
    }
}

/// Derived: `UPDATE_EXPECT=1` renews it, except where `CI` is set.
#[test]
fn the_table_of_codes_is_that_of_the_program() {
    let text = read("docs/language.md");
    let (written, table) = text.split_once(TABLE).expect("the table of codes has its mark");
    let mut expected = String::new();
    let mut family = "";
    for info in codes::ALL {
        if info.family != family {
            family = info.family;
            let _ = write!(expected, "\n| {family} | |\n| --- | --- |\n");
        }
        let warning = if info.severity.as_str() == "warning" { " (warning)" } else { "" };
        let _ = writeln!(expected, "| `{}` | {}{warning} |", info.code, info.title);
    }
    if table != expected && std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        fs::write(path("docs/language.md"), format!("{written}{TABLE}{expected}")).expect("the page can be written");
        return;
    }
    assert_eq!(table, expected, "renew it with UPDATE_EXPECT=1 cargo test --test docs");
}
