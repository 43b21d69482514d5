//! What the documents show holds: every schema in them passes, or gives the finding that it says it gives.
//!
//! The fence of a schema that must not pass names the finding: ```` ```yaml fails=key-needs-key-to ````. One of settings
//! has the file's name first: ```` ```yaml relata.yaml fails=unknown-code ````.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::codes::{self, CodeInfo};
use relata_compiler::diagnostic::{Format, render};
use relata_compiler::{Inputs, check, settings};

const PAGES: &[&str] = &[
    "README.md",
    "docs/language.md",
    "docs/usage.md",
    "docs/checking.md",
    "docs/coming-from.md",
    "docs/guide/first.md",
    "docs/guide/models.md",
    "docs/guide/relations.md",
    "docs/guide/performance.md",
    "docs/guide/production.md",
];

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
    let outside_blocks = text.split("\n```").step_by(2).collect::<String>();
    let words = outside_blocks.split('`').skip(1).step_by(2);
    let looks_like_a_code =
        |word: &&str| word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    for word in words.filter(looks_like_a_code).filter(|word| !word.starts_with('-')) {
        assert!(codes::find(word).is_some(), "`{word}` is no code");
    }
}

/// Derived: `UPDATE_EXPECT=1` renews it, except where `CI` is set.
#[test]
fn the_page_of_codes_is_that_of_the_program() {
    let expected = page_of_codes();
    let page = fs::read_to_string(path("docs/codes.md")).unwrap_or_default().replace("\r\n", "\n");
    if page != expected && std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        fs::write(path("docs/codes.md"), expected).expect("the page can be written");
        return;
    }
    assert_eq!(page, expected, "renew docs/codes.md with UPDATE_EXPECT=1 cargo test --test docs");
}

const HEAD: &str = "\
<!-- Made from src/diagnostic/codes by UPDATE_EXPECT=1 cargo test --test docs: do not edit. -->

# Every finding

What `relata check` can say of a schema, by family. An error stops generation; a warning is told, and may be
[denied, allowed or kept in a baseline](checking.md). `relata explain CODE` prints the same.
";

fn page_of_codes() -> String {
    let mut page = HEAD.to_owned();
    let families = || codes::ALL.chunk_by(|a, b| a.family == b.family);
    for family in families() {
        write!(page, "\n| {} | | |\n| --- | --- | --- |\n", family[0].family).expect("a string takes all");
        for info in family {
            writeln!(page, "| [`{0}`](#{0}) | {1} | {2} |", info.code, info.severity, info.title)
                .expect("a string takes all");
        }
    }
    for family in families() {
        // More than the family's name: a code may have the same, and would lose its anchor.
        write!(page, "\n## Codes of {}\n", family[0].family).expect("a string takes all");
        for info in family {
            let text = info.markdown();
            let text = match text.split_once("\nRight:") {
                Some((wrong, right)) => {
                    format!("{wrong}\n```text\n{}\n```\n\nRight:{right}", report_of(info).trim_end())
                }
                None => text,
            };
            write!(page, "\n### `{}`\n\n{} ({}).\n\n{text}", info.code, info.title, info.severity)
                .expect("a string takes all");
        }
    }
    page
}

/// What the program says of the wrong example.
fn report_of(info: &CodeInfo) -> String {
    let (mut findings, sources) = if info.is_of_settings() {
        let (_, report) = settings::parse("relata.yaml", info.wrong);
        (report.findings, report.sources)
    } else {
        let checked = check(&Inputs::text("schema.yaml", info.wrong));
        (checked.findings, checked.sources)
    };
    findings.retain(|finding| finding.code.code == info.code);
    assert!(!findings.is_empty(), "{}: its wrong example has it", info.code);
    render(Format::Human, &findings, &sources, false)
}

#[test]
fn every_code_that_is_linked_is_one() {
    let text = read("docs/coming-from.md");
    let links = text.split("](codes.md#").skip(1).filter_map(|rest| rest.split(')').next());
    let mut seen = 0;
    for code in links {
        seen += 1;
        assert!(codes::find(code).is_some(), "`{code}` is no code");
        assert!(text.contains(&format!("[`{code}`](codes.md#{code})")), "the link to `{code}` says so");
    }
    assert!(seen > 50, "the page links its codes");
}
