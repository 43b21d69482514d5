//! `docs/editing.md` shows what happens: its commands are run on its schemas, and print and leave what it says.
//!
//! `UPDATE_EXPECT=1 cargo test --test editing_docs` renews what is printed and left.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs one command in a folder; what it prints beside its result comes first.
fn run(folder: &Path, command: &str) -> String {
    let arguments = command.strip_prefix("$ relata ").expect("only this program is shown");
    let output = Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("it prints text");
    let printed = text(output.stderr) + &text(output.stdout);
    printed.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>().trim_end().to_owned()
}

/// The page with every block as it should be.
fn renewed(page: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.extend([line, "\n"]);
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        let mut body = body.join("\n");
        if let Some(file) = info.strip_prefix("yaml ") {
            let path = folder.path().join(file.trim_end_matches(" now"));
            if file.ends_with(" now") {
                let left = fs::read_to_string(path).expect("it was written");
                left.trim_end().clone_into(&mut body);
            } else {
                fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
                fs::write(path, format!("{body}\n")).expect("a file can be written");
            }
        } else if info == "console" {
            let command = body.lines().next().expect("a command").to_owned();
            let printed = run(folder.path(), &command);
            body = if printed.is_empty() { command } else { format!("{command}\n{printed}") };
        }
        out.extend([&*body, "\n```\n"]);
    }
    out
}

#[test]
fn the_page_shows_what_happens() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editing.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let expected = renewed(&page);
    if page != expected && std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        return fs::write(path, expected).expect("the page can be written");
    }
    assert_eq!(page, expected, "renew it with UPDATE_EXPECT=1 cargo test --test editing_docs");
}
