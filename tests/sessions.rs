//! Pages that show the program at work: what they show is what it prints.
//!
//! From top to bottom, a fence ```` ```yaml NAME.yaml ```` writes that file into a folder of its own, one that ends with
//! `now` shows what has become of it, and a fence ```` ```console ```` runs its lines `$ …` there.
//! `UPDATE_EXPECT=1 cargo test --test sessions` renews what the program says and does.

use std::fs;
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGES: &[&str] = &["docs/checking.md", "docs/editing.md", "docs/guide/first.md", "docs/guide/production.md"];
const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test sessions";

fn path(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

/// What a command prints, as on a terminal: results and notes as they come.
fn run(folder: &Path, command: &str) -> String {
    let mut words = command.split_whitespace();
    match (words.next(), words.clone().next()) {
        (Some("relata"), _) => {
            let mut relata = Command::new(env!("CARGO_BIN_EXE_relata"));
            relata.args(words).current_dir(folder).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
            let mut printed = tempfile::tempfile().expect("a temporary file");
            let stream = || printed.try_clone().expect("a file can be shared");
            relata.stdout(stream()).stderr(stream()).status().expect("the program runs");
            printed.rewind().expect("a file can be read again");
            let text = io::read_to_string(printed).expect("it prints text");
            // A diff has lines of one blank, which no editor would leave in a page.
            text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
        }
        (Some("cat"), Some(file)) => {
            fs::read_to_string(folder.join(file)).expect("the file is there").trim_end().to_owned()
        }
        _ => panic!("only `relata …` and `cat FILE` are run: {command}"),
    }
}

/// The page with what its commands print now.
fn renewed(page: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut out = Vec::new();
    let mut lines = page.lines().map(str::to_owned);
    while let Some(line) = lines.next() {
        out.push(line.clone());
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else { continue };
        let body: Vec<_> = lines.by_ref().take_while(|line| line != "```").collect();
        match fence.split_once(' ') {
            Some(("yaml", says)) if says.contains(".yaml") => {
                let mut says = says.split(' ');
                let path = folder.path().join(says.next().unwrap_or_default());
                if says.next() == Some("now") {
                    let left = fs::read_to_string(path).expect("it was written");
                    out.extend(left.trim_end().lines().map(str::to_owned));
                    out.push("```".to_owned());
                    continue;
                }
                fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
                fs::write(path, body.join("\n") + "\n").expect("a file can be written");
                out.extend(body);
            }
            None if fence == "console" => {
                for command in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                    out.push(format!("$ {command}"));
                    out.extend(run(folder.path(), command).lines().map(str::to_owned));
                }
            }
            _ => out.extend(body),
        }
        out.push("```".to_owned());
    }
    out.join("\n") + "\n"
}

#[test]
fn pages_show_what_the_program_prints() {
    for page in PAGES {
        let shown = fs::read_to_string(path(page)).expect("the page is there").replace("\r\n", "\n");
        let now = renewed(&shown);
        assert!(now.contains("\n$ relata "), "{page} has sessions, and their fences are read");
        if shown != now && std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
            fs::write(path(page), now).expect("the page can be written");
        } else {
            assert!(shown == now, "{page} is stale; renew it with {RENEW}. It should be:\n{now}");
        }
    }
}

/// Files that a page shows, as they stand in the repository.
#[test]
fn build_scripts_are_examples_that_compile() {
    let script = fs::read_to_string(path("build-support/examples/settings.rs")).expect("it is there");
    let page = fs::read_to_string(path("docs/checking.md")).expect("the page is there").replace("\r\n", "\n");
    let shown: Vec<_> = page.split("```rust\n").skip(1).filter_map(|rest| rest.split_once("```")).collect();
    assert_eq!(shown.len(), 1);
    for (shown, _) in shown {
        assert!(script.contains(shown), "build-support/examples/settings.rs does not have\n{shown}");
    }
}
