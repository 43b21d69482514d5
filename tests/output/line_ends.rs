//! Line ends and paths of other systems.

use std::fs;

use super::held;
use super::program::Folder;
use super::schemas::{BOOK, emitted};

const LONG: &str = "# A comment.
models:
  Book:
    description: |
      Two lines
      of text.
    properties:
      id: { type: integer, id: true, generated: true }
      title: { type: string, description: \"one
        two\", default: 'a

        b' }
      note: >-
        text
";

#[test]
fn line_ends_of_schemas_do_not_show() {
    let expected = emitted(LONG);
    // Every second line.
    let ends = |at| if at % 2 == 0 { "\r\n" } else { "\n" };
    let mixed = LONG.lines().enumerate().fold(String::new(), |text, (at, line)| text + line + ends(at));
    let crlf = LONG.replace('\n', "\r\n");
    for schema in [crlf.as_str(), &mixed, &format!("\u{feff}{LONG}"), &format!("\u{feff}{crlf}")] {
        assert_eq!(emitted(schema), expected, "{schema:?}");
    }
    let json = "{\n  \"models\": {\n    \"Book\": { \"properties\": {\n      \"id\": { \"type\": \"integer\", \"id\": true } } }\n  }\n}\n";
    let of = |text: &str| {
        let folder = Folder::with(&[("schemas/book.json", text)]);
        assert_eq!(folder.run(&["generate", "--out", "out"]).code, Some(0));
        held(&folder.path("out"))
    };
    assert_eq!(of(&format!("\u{feff}{}", json.replace('\n', "\r\n"))), of(json));
}

#[test]
fn a_checkout_with_other_line_ends_is_unchanged() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    folder.run(&["generate", "--out", "out"]);
    for name in ["book.rs", "mod.rs"] {
        let text = folder.read(&format!("out/{name}"));
        assert!(!text.contains('\r'));
        folder.write(&format!("out/{name}"), &text.replace('\n', "\r\n"));
    }
    let checked_out = held(&folder.path("out"));
    assert_eq!(folder.run(&["generate", "--out", "out", "--check"]).code, Some(0));
    assert_eq!(folder.run(&["generate", "--out", "out"]).err, "out: 0 written, 0 removed, 2 unchanged\n");
    assert_eq!(held(&folder.path("out")), checked_out);

    // What changes is written with LF; version control makes of it what it is set to.
    folder.write("schemas/book.yaml", &BOOK.replace("title", "name"));
    assert_eq!(folder.run(&["generate", "--out", "out"]).err, "out: 1 written, 0 removed, 1 unchanged\n");
    let (now, expected) = (held(&folder.path("out")), emitted(&BOOK.replace("title", "name")));
    assert_eq!((&now["book.rs"], &now["mod.rs"]), (&expected["book.rs"], &checked_out["mod.rs"]));
}

#[test]
fn a_byte_order_mark_leaves_a_file_ours() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    folder.run(&["generate", "--out", "out"]);
    let text = folder.read("out/book.rs");
    folder.write("out/book.rs", &format!("\u{feff}{text}"));
    assert_eq!(folder.run(&["generate", "--out", "out"]).err, "out: 1 written, 0 removed, 1 unchanged\n");
    assert_eq!(folder.read("out/book.rs"), text);
}

#[test]
fn settings_may_be_written_with_backslashes() {
    let settings = "schemas: ['schemas\\more', schemas\\*.yaml]\nout: src\\shop\nbaseline: ci\\known.yaml\n";
    let tome = BOOK.replace("Book", "Tome");
    let folder =
        Folder::with(&[("relata.yaml", settings), ("schemas/more/book.yaml", BOOK), ("schemas/tome.yaml", &tome)]);
    folder.write("ci/known.yaml", "findings: []\n");
    let ran = folder.run(&["generate"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "src/shop: 3 written, 0 removed, 0 unchanged\n"));
    assert!(folder.path("src/shop/tome.rs").exists());
    assert_eq!(fs::read_dir(folder.root()).expect("readable").count(), 4, "no folder with a backslash in its name");
}

/// Two paths to one file, as where case does not count.
#[cfg(unix)]
#[test]
fn a_file_found_in_two_cases_is_read_once() {
    let folder = Folder::with(&[("schemas/Book.yaml", BOOK)]);
    fs::hard_link(folder.path("schemas/Book.yaml"), folder.path("schemas/book.yaml")).expect("a link");
    let ran = folder.run(&["check", "schemas/Book.yaml", "schemas/book.yaml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    assert_eq!(folder.run(&["check"]).code, Some(0));
    // Two files are two, whatever their names.
    fs::remove_file(folder.path("schemas/book.yaml")).expect("it is there");
    folder.write("schemas/book.yaml", BOOK);
    assert!(folder.run(&["check"]).out.contains("error[duplicate-model]"));
}
