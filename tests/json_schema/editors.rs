//! What `docs/editors.md` shows works: schemas pass, settings are sound, the task's pattern reads what is printed.

use std::path::Path;
use std::{fs, iter};

use relata_compiler::diagnostic::{Format, codes, render};
use relata_compiler::{Inputs, check, json_schema, settings};
use serde_json::Value;

use super::{documents, refusals, validator};

/// The fenced blocks: what the fence says, and the text.
fn blocks() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let mut lines = page.lines();
    iter::from_fn(|| {
        let info = lines.by_ref().find_map(|line| line.strip_prefix("```"))?;
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        Some((info.to_owned(), body.join("\n") + "\n"))
    })
    .collect()
}

fn block(info: &str) -> String {
    let found = blocks().into_iter().find(|(known, _)| known == info);
    found.unwrap_or_else(|| panic!("the page has a block `{info}`")).1
}

#[test]
fn the_schemas_and_settings_shown_are_sound() {
    for language in ["yaml", "json"] {
        let text = block(language);
        assert_eq!(refusals(&documents::value(&text).expect("it parses")), Vec::<String>::new());
        assert!(check(&Inputs::text(format!("schema.{language}"), text)).findings.is_empty());
    }
    let text = block("yaml relata.yaml");
    assert!(validator(&json_schema::settings()).is_valid(&documents::value(&text).expect("it parses")));
    assert!(!settings::parse(settings::FILE, &text).1.has_errors());
}

#[test]
fn the_files_named_are_those_that_are_committed() {
    let settings: Value = serde_json::from_str(&block("json .vscode/settings.json")).expect("it is JSON");
    let by_key = settings["yaml.schemas"].as_object().expect("it is a map").keys();
    let files: Vec<_> = by_key.map(|path| path.trim_start_matches("./").to_owned()).collect();
    assert_eq!(files, super::schemas().map(|(path, _)| path));
    for (info, text) in blocks().iter().filter(|(info, _)| info == "lua" || info == "toml") {
        assert!(files.iter().all(|file| text.contains(&format!("./{file}"))), "{info}");
    }
}

#[test]
fn the_task_reads_what_is_printed() {
    let task: Value = serde_json::from_str(&block("json .vscode/tasks.json")).expect("it is JSON");
    let pattern = &task["tasks"][0]["problemMatcher"]["pattern"];
    let regexp = regex::Regex::new(pattern["regexp"].as_str().expect("it is text")).expect("it compiles");
    let group = |name: &str| usize::try_from(pattern[name].as_u64().expect("it is a number")).expect("it is small");
    let info = codes::find("unknown-key").expect("the code exists");
    let checked = check(&Inputs::text("schemas/a b.yaml", info.wrong));
    let printed = render(Format::Short, &checked.findings, &checked.sources, false);
    let found = regexp.captures(printed.trim_end()).unwrap_or_else(|| panic!("not matched: {printed}"));
    assert_eq!((&found[group("file")], &found[group("severity")]), ("schemas/a b.yaml", "error"));
    assert_eq!((&found[group("code")], &found[group("line")]), ("unknown-key", "5"));
    assert!(found[group("message")].starts_with('`') && found[group("column")].parse::<u32>().is_ok());
}
