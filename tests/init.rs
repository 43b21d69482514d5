//! `relata init`: what it writes is built and run, and what it finds is kept.

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use program::{Folder, Ran};

const STUB: &str = "fn main() {\n    println!(\"Hello, world!\");\n}\n";
const MANIFEST: &str = "[package]\nname = \"mine\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

impl Folder {
    /// Every file and folder with its text.
    fn everything(&self) -> BTreeMap<String, Option<String>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.root().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the folder is readable").filter_map(Result::ok) {
                let path = entry.path();
                let name = path.strip_prefix(self.root()).unwrap_or(&path).display().to_string();
                found.insert(name.replace('\\', "/"), fs::read_to_string(&path).ok());
                folders.extend(path.is_dir().then_some(path));
            }
        }
        found
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], reason: &str) {
        let before = self.everything();
        let ran = self.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
        assert!(ran.err.contains(reason), "{}", ran.err);
        assert_eq!(self.everything(), before, "what fails leaves nothing behind");
    }
}

/// Cargo in that package, with the crates of this workspace in place of the published ones.
fn downstream(folder: &Folder, command: &str) -> Ran {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("Cargo.lock"), folder.root().join("Cargo.lock")).expect("the workspace has a lock file");
    let patch = |name: &str, place: &str| {
        let place = root.join(place).to_string_lossy().replace('\\', "/");
        format!("patch.crates-io.{name}.path=\"{place}\"")
    };
    Ran::of(
        Command::new(env!("CARGO"))
            .current_dir(folder.root())
            .args([command, "--quiet", "--offline", "--color", "never"])
            .args(["--config", &patch("relata", "runtime"), "--config", &patch("relata-build", "build-support")])
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream"))
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS"),
    )
}

#[test]
fn an_empty_folder_becomes_a_program_that_runs() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&["init", "--name", "started"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    assert!(ran.err.ends_with("\nNext: cargo run\n"), "{}", ran.err);

    let checked = folder.run(&["check", "--deny", "warnings"]);
    assert_eq!((checked.code, checked.out.as_str(), checked.err.as_str()), (Some(0), "", ""));

    let ran = downstream(&folder, "run");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.out, "Tove Jansson\n  The Summer Book, reviews: 1\n  The True Deceiver, reviews: 1\n");
    assert_eq!(ran.err, "", "it builds without a warning");

    // Of a type whose feature is off, the first error names the feature.
    for (ty, feature) in [("string[]", "json"), ("datetime", "chrono")] {
        let schema = folder.read("schemas/library.yaml");
        folder.write("schemas/library.yaml", &schema.replace("website: string ", &format!("website: {ty} ")));
        let ran = downstream(&folder, "check");
        assert_eq!(ran.code, Some(101));
        let first = ran.err.split("error[").nth(1).unwrap_or_default();
        assert!(first.contains(&format!("the `{feature}` feature")), "{}", ran.err);
        folder.write("schemas/library.yaml", &schema);
    }
}

#[test]
fn a_folder_that_is_not_there_is_made_and_names_the_package() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&["init", "shelves/my-books"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.ends_with("\nNext: cd shelves/my-books && cargo run\n"), "{}", ran.err);
    let manifest = folder.read("shelves/my-books/Cargo.toml");
    assert!(manifest.contains("name = \"my-books\"\n"), "{manifest}");
    let version = format!("relata-build = \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(manifest.contains(&version), "{manifest}");
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = Folder::with(&[]);
    folder.run(&["init", "--name", "started"]);
    let first = folder.everything();
    let ran = folder.run(&["init"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.ends_with("\nNothing is changed.\n") && !ran.err.contains("created"), "{}", ran.err);
    assert_eq!(folder.everything(), first);
}

#[test]
fn a_new_package_of_cargos_becomes_the_program() {
    let folder = Folder::with(&[("Cargo.toml", MANIFEST), ("src/main.rs", STUB)]);
    let ran = folder.run(&["init"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("replaced  src/main.rs") && ran.err.contains("Next: cargo run"), "{}", ran.err);
    assert!(folder.read("src/main.rs").contains("relata::include_schema!()"));
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "{MANIFEST}\n[dependencies]\nrelata = {{ version = \"{version}\", features = [\"sqlite\"] }}\ntokio = {{ version = \"1\", \
         features = [\"macros\", \"rt-multi-thread\"] }}\n\n[build-dependencies]\nrelata-build = \"{version}\"\n"
    );
    assert_eq!(folder.read("Cargo.toml"), expected);
}

#[test]
fn what_is_there_is_kept_and_what_it_lacks_is_said() {
    let manifest = "# ours\n[package]\nname = \"mine\"\nversion = \"1.0.0\"\n\n[dependencies]\nserde   = \"1\" # for later\n\
                    relata = \"0.1\" # the runtime\n\n[features]\nfast = []\n";
    let program = "fn main() { println!(\"ours\"); }\n";
    let script = "fn main() {}\n";
    let folder = Folder::with(&[("Cargo.toml", manifest), ("src/main.rs", program), ("build.rs", script)]);
    let ran = folder.run(&["init"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!((folder.read("src/main.rs").as_str(), folder.read("build.rs").as_str()), (program, script));
    for lacking in ["relata::include_schema!();", "relata_build::Config::new().compile()", "Next: cargo build"] {
        assert!(ran.err.contains(lacking), "{}", ran.err);
    }
    let kept = manifest.replace("\"0.1\"", "{ version = \"0.1\", features = [\"sqlite\"] }");
    let expected = format!("{kept}\n[build-dependencies]\nrelata-build = \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(folder.read("Cargo.toml"), expected);
    assert_eq!(folder.run(&["check", "--deny", "warnings"]).code, Some(0));
}

#[test]
fn schemas_that_are_there_are_not_added_to() {
    let schema = "models: { Note: { properties: { id: { type: integer, id: true } } } }\n";
    let folder = Folder::with(&[("schemas/deep/note.yaml", schema), ("Cargo.toml", MANIFEST), ("src/lib.rs", "")]);
    let ran = folder.run(&["init"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("pub mod schema {"), "{}", ran.err);
    assert!(!folder.everything().contains_key("schemas/library.yaml"));
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let nothing = Folder::with(&[("file", "")]);
    nothing.refuses(&["init", "file"], "`file` is a file: name a folder");
    for (name, reason) in [("3d", "a digit"), ("a b", "ASCII letters"), ("fn", "a word of Rust"), ("std", "Rust has")] {
        nothing.refuses(&["init", name], reason);
        nothing.refuses(&["init", "there", "--name", name], "--name NAME");
    }
    let workspace = Folder::with(&[("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n")]);
    workspace.refuses(&["init"], "has no package");
    workspace.refuses(&["init", "no/../../no", "--name", ""], "it is empty");
    Folder::with(&[("Cargo.toml", "[package\n")]).refuses(&["init"], "is not TOML");
    Folder::with(&[("Cargo.toml", "[package]\nname = \"a\"\nbuild = false\n")]).refuses(&["init"], "build = false");
    Folder::with(&[("src", "a file")]).refuses(&["init", "--name", "a"], "src/main.rs");
}

#[test]
fn a_member_of_a_workspace_is_told_to_join() {
    let workspace = Folder::with(&[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    let ran = workspace.run(&["init", "member"]);
    assert!(ran.err.contains("add the package to its `members`"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn what_fails_halfway_is_undone() {
    let folder = Folder::with(&[("src/lib.rs.txt", ""), ("notes.txt", "ours")]);
    // A link to nothing can neither be read nor made anew.
    std::os::unix::fs::symlink("nowhere/main.rs", folder.root().join("src/main.rs")).expect("a link");
    folder.refuses(&["init", "--name", "a"], "nothing is changed");
}
