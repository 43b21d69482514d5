//! What pages of the guide show beside Rust: schemas, signatures of emitted code, and statements.
//!
//! `UPDATE_EXPECT=1` renews the statements, except where `CI` is set.

use std::fs;
use std::path::PathBuf;

use relata::Statement;

/// The schema that pages show parts of.
const SCHEMA: &str = include_str!("../../../schemas/docs/blog.yaml");

/// The emitted code whose signatures pages show.
const EMITTED: &str = concat!(
    include_str!(concat!(env!("OUT_DIR"), "/blog/author.rs")),
    include_str!(concat!(env!("OUT_DIR"), "/blog/comment.rs")),
    include_str!(concat!(env!("OUT_DIR"), "/blog/post.rs")),
    include_str!(concat!(env!("OUT_DIR"), "/blog/report.rs")),
    include_str!(concat!(env!("OUT_DIR"), "/blog/tag.rs")),
);

/// Pages that show parts of the schema, signatures and statements.
const PAGES: [&str; 5] = ["models.md", "relations.md", "reading.md", "writing.md", "performance.md"];

fn path(page: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/guide").join(page)
}

fn read(page: &str) -> String {
    fs::read_to_string(path(page)).unwrap().replace("\r\n", "\n")
}

/// A page whose statements are compared, one block after the other.
pub(super) struct Page {
    name: &'static str,
    runs: Vec<String>,
}

impl Page {
    pub(super) fn open(name: &'static str) -> Self {
        Self { name, runs: Vec::new() }
    }

    /// The next block shows these statements.
    pub(super) fn runs(&mut self, statements: &[Statement]) {
        self.runs.push(statements.iter().map(shown).collect());
    }

    /// The page has no other blocks.
    pub(super) fn close(self) {
        let page = read(self.name);
        let mut runs = self.runs.iter();
        let (mut now, mut lines) = (String::new(), page.lines());
        while let Some(line) = lines.next() {
            now += line;
            now.push('\n');
            if line == "```sql" {
                for _ in lines.by_ref().take_while(|line| *line != "```") {}
                now += runs.next().unwrap_or_else(|| panic!("{} shows more statements than are run", self.name));
                now += "```\n";
            }
        }
        assert_eq!(runs.next(), None, "{} shows fewer statements than are run", self.name);
        if page != now && std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
            fs::write(path(self.name), now).unwrap();
        } else {
            assert_eq!(page, now, "renew docs/guide/{} with UPDATE_EXPECT=1", self.name);
        }
    }
}

/// A statement over several lines, after a comment that says which relation it reads.
fn shown(statement: &Statement) -> String {
    let path = if statement.path.is_empty() { String::new() } else { format!("-- {}\n", statement.path) };
    format!("{path}{};\n", laid_out(&elided(&statement.sql)))
}

/// Where a row's columns follow one another, the first of them and `…`.
fn elided(sql: &str) -> String {
    let parts: Vec<_> = sql.split(", ").collect();
    let (mut now, mut at) = (Vec::new(), 0);
    while at < parts.len() {
        now.push(parts[at].to_owned());
        let column = parts[at].rsplit(' ').next().unwrap_or_default();
        let table = column.split('.').next().unwrap_or_default();
        let same = |part: &&&str| !table.is_empty() && part.starts_with(&format!("{table}.\""));
        let run = parts[at + 1..].iter().take_while(same);
        // The last one of them may be followed by more of the statement.
        let until = run.clone().position(|part| part.contains(' ')).map_or(run.count(), |last| last + 1);
        if until > 2 {
            let rest = parts[at + until].split_once(' ').map(|(_, rest)| format!(" {rest}"));
            now.push(format!("…{}", rest.unwrap_or_default()));
            at += until;
        }
        at += 1;
    }
    now.join(", ")
}

/// Each clause on a line of its own, those of statements within others further to the right.
fn laid_out(sql: &str) -> String {
    let (mut text, mut depth, mut width) = (String::new(), 0, 0);
    let words: Vec<_> = sql.split(' ').collect();
    for (at, &word) in words.iter().enumerate() {
        let two = |first, second| word == first && words.get(at + 1) == Some(&second);
        let joins = word == "JOIN" && words[at - 1] != "LEFT";
        let begins = ["FROM", "WHERE", "LIMIT"].contains(&word) || joins || two("LEFT", "JOIN");
        if begins || two("ORDER", "BY") || two("GROUP", "BY") || width + word.chars().count() > 110 {
            let indent = depth * 4 + if begins || word == "ORDER" || word == "GROUP" { 0 } else { 4 };
            text = format!("{text}\n{:indent$}", "");
            width = indent;
        } else if at > 0 {
            text.push(' ');
            width += 1;
        }
        text += word;
        width += word.chars().count();
        depth = depth + word.matches('(').count() - word.matches(')').count();
    }
    text
}

/// The bodies of the blocks with exactly that fence.
fn blocks(page: &str, fence: &str) -> Vec<String> {
    super::super::blocks(&read(page), fence)
}

#[test]
fn schemas_are_parts_of_the_one_that_is_compiled() {
    let mut shown = 0;
    for page in PAGES {
        for block in blocks(page, "yaml") {
            let mut lines = SCHEMA.lines();
            for line in block.lines().filter(|line| !line.is_empty()) {
                assert!(lines.any(|other| other == line), "{page} shows what blog.yaml does not say there:\n{line}");
            }
            shown += 1;
        }
    }
    assert!(shown > 10, "the pages show schemas");
    assert!(blocks("models.md", "yaml").iter().any(|block| block == SCHEMA), "models.md shows all of it");
    let first = include_str!("../../../schemas/docs/first.yaml");
    assert!(blocks("first.md", "yaml schemas/blog.yaml").iter().any(|block| block == first));
}

/// Code as `cargo doc` shows it: without the paths and blanks of emitted code.
fn bare(code: &str) -> String {
    let mut code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    for noise in ["::relata::types::", "::relata::", "::std::iter::", "super::"] {
        code = code.replace(noise, "");
    }
    code.replace(",)", ")").replace(",>", ">")
}

#[test]
fn signatures_are_those_of_the_emitted_code() {
    let emitted = bare(EMITTED);
    let mut shown = 0;
    for page in PAGES {
        for block in blocks(page, "rust,ignore") {
            let items = block.replace("\npub ", "\n\0pub ");
            for item in items.split('\0') {
                // Comments of the page are its own.
                let item: String = item.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
                assert!(emitted.contains(&bare(&item)), "{page}: emitted code has no\n{item}");
                shown += 1;
            }
        }
    }
    assert!(shown > 15, "the pages show signatures");
}

#[test]
fn links_lead_somewhere() {
    let folder = path("");
    for page in fs::read_dir(&folder).unwrap() {
        let page = page.unwrap().file_name().into_string().unwrap();
        for link in read(&page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if file.starts_with("http") {
                continue;
            }
            let target = if file.is_empty() { folder.join(&page) } else { folder.join(file) };
            assert!(target.exists(), "{page} links {link}");
            if !anchor.is_empty() {
                let text = fs::read_to_string(target).unwrap();
                let mut titles = text.lines().filter(|line| line.starts_with('#'));
                assert!(titles.any(|title| slug(title) == anchor), "{page} links {link}: no such title");
            }
        }
    }
}

/// The anchor that a title gets.
fn slug(title: &str) -> String {
    let title = title.trim_start_matches('#').trim().to_lowercase();
    title.chars().filter(|c| c.is_alphanumeric() || "- _".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}
