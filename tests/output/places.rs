//! Folders and files that are something else, or may not be changed.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::held;
use super::program::Folder;
#[cfg(unix)]
use super::program::Ran;
use super::schemas::{BOOK, emitted};

const GENERATE: &[&str] = &["generate", "--out", "out"];

/// A run that is refused with this, and changes nothing.
#[track_caller]
fn refuses(folder: &Folder, out: &str, says: &str) {
    let before = held(&folder.path("out"));
    let ran = folder.run(&["generate", "--out", out]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains(says), "{}", ran.err);
    assert_eq!(held(&folder.path("out")), before);
}

#[test]
fn what_stands_in_the_way_is_said() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK), ("file", "mine")]);
    refuses(&folder, "file", "`file` is a file, where a folder is to be");
    refuses(&folder, "file/out", "`file` is a file, where a folder is to be");
    fs::create_dir_all(folder.path("out/book.rs")).expect("a folder can be made");
    refuses(&folder, "out", "`out/book.rs` is a folder, where a file is to be written");
    fs::remove_dir(folder.path("out/book.rs")).expect("it is empty");
    folder.write("out/mod.rs", "mine");
    refuses(&folder, "out", "`out/mod.rs` was not generated");
}

#[test]
fn an_empty_file_is_nobodys() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK), ("out/mod.rs", "")]);
    assert_eq!(folder.run(GENERATE).code, Some(0));
    assert_eq!(held(&folder.path("out")), emitted(BOOK));
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_is_written_through() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    fs::create_dir(folder.path("real")).expect("a folder can be made");
    symlink("real", folder.path("out")).expect("a link");
    assert_eq!(folder.run(GENERATE).err, "out: 2 written, 0 removed, 0 unchanged\n");
    assert!(folder.path("out").is_symlink());
    assert_eq!(held(&folder.path("real")), emitted(BOOK));
    assert_eq!(folder.run(&["generate", "--out", "out", "--check"]).code, Some(0));

    fs::remove_dir_all(folder.path("real")).expect("it is there");
    refuses(&folder, "out", "`out` is a link that leads nowhere");
    refuses(&folder, "out/below", "`out` is a link that leads nowhere");

    let several = "schemas:\n  a: { paths: schemas, out: real }\n  b: { paths: schemas/book.yaml, out: out }\n";
    folder.write("relata.yaml", several);
    fs::create_dir(folder.path("real")).expect("a folder can be made");
    let ran = folder.run(&["generate"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("two schemas are written to `out`"), "{}", ran.err);
    assert!(held(&folder.path("real")).is_empty());
}

#[cfg(unix)]
#[test]
fn a_file_that_is_a_link_is_neither_followed_nor_replaced() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    folder.run(GENERATE);
    fs::rename(folder.path("out/book.rs"), folder.path("elsewhere.rs")).expect("it is there");
    symlink("../elsewhere.rs", folder.path("out/book.rs")).expect("a link");
    let linked = folder.read("elsewhere.rs");
    // What it leads to is as it is to be.
    assert_eq!(folder.run(GENERATE).err, "out: 0 written, 0 removed, 2 unchanged\n");

    folder.write("schemas/book.yaml", &BOOK.replace("title", "name"));
    refuses(&folder, "out", "`out/book.rs` is a link, which is neither followed nor replaced");
    folder.write("schemas/book.yaml", &BOOK.replace("Book", "Tome"));
    refuses(&folder, "out", "`out/book.rs` is a link, which is neither followed nor replaced");
    assert_eq!(folder.read("elsewhere.rs"), linked);

    fs::remove_file(folder.path("out/book.rs")).expect("it is there");
    symlink("nowhere.rs", folder.path("out/tome.rs")).expect("a link");
    refuses(&folder, "out", "`out/tome.rs` is a link");
    assert!(!folder.path("out/nowhere.rs").exists());
}

/// A picture, and whatever else is one file, goes where its link leads.
#[cfg(unix)]
#[test]
fn one_file_is_written_where_its_link_leads() {
    let folder =
        Folder::with(&[("schemas/book.yaml", BOOK), ("real/book.mmd", "old"), (".book.mmd.relata-new", "half")]);
    symlink("real/book.mmd", folder.path("book.mmd")).expect("a link");
    assert_eq!(folder.run(&["graph", "--out", "book.mmd"]).code, Some(0));
    assert!(folder.path("book.mmd").is_symlink() && folder.read("real/book.mmd").contains("Book"));
    assert_eq!(held(&folder.path("real")).len(), 1);
    fs::create_dir(folder.path("there.mmd")).expect("a folder can be made");
    let ran = folder.run(&["graph", "--out", "there.mmd"]);
    assert!(ran.code == Some(2) && ran.err.contains("`there.mmd`"), "{}", ran.err);
}

#[test]
fn a_file_that_is_read_only_stays() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    folder.run(GENERATE);
    let path = folder.path("out/mod.rs");
    let mut permissions = fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("it is ours");
    assert_eq!(folder.run(GENERATE).code, Some(0));
    folder.write("schemas/book.yaml", &BOOK.replace("Book", "Tome"));
    refuses(&folder, "out", "cannot write `out/mod.rs`: it is read-only");
}

#[cfg(unix)]
#[test]
fn permissions_of_a_file_stay() {
    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    folder.run(GENERATE);
    fs::set_permissions(folder.path("out/book.rs"), fs::Permissions::from_mode(0o664)).expect("it is ours");
    folder.write("schemas/book.yaml", &BOOK.replace("title", "name"));
    assert_eq!(folder.run(GENERATE).code, Some(0));
    let mode = fs::metadata(folder.path("out/book.rs")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o664);
}

/// As somebody whom permissions hold: whoever may do everything is made nobody for the run.
#[cfg(unix)]
#[test]
fn a_tree_that_is_read_only_is_read() {
    use std::os::unix::process::CommandExt as _;

    let folder = Folder::with(&[("schemas/book.yaml", BOOK)]);
    folder.run(GENERATE);
    let mode = |name: &str, mode| {
        fs::set_permissions(folder.path(name), fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    mode("", 0o755);
    mode("out", 0o555);
    let is_held = fs::write(folder.path("out/probe"), "").is_err();
    let run = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        if !is_held {
            command.uid(65_534).gid(65_534);
        }
        command.output().map(Ran::from)
    };
    if !is_held {
        fs::remove_file(folder.path("out/probe")).expect("it was written");
        if run(&["--version"]).map_or(true, |ran| ran.code != Some(0)) {
            return super::skipped("permissions do not hold who runs the tests, and nobody else can run the program");
        }
    }
    let before = held(&folder.path("out"));
    let ran = run(GENERATE).expect("it ran before");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "out: 0 written, 0 removed, 2 unchanged\n"));
    folder.write("schemas/book.yaml", &BOOK.replace("title", "name"));
    let ran = run(GENERATE).expect("it ran before");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("cannot write `out`: Permission denied"), "{}", ran.err);
    assert!(ran.err.contains("; the output is as it was"), "{}", ran.err);
    assert_eq!(held(&folder.path("out")), before);
    mode("out", 0o755);
}
