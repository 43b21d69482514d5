//! A crate of somebody else's, built by Cargo with schemas compiled from its `build.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::{Inputs, check};

const BOOK: &str =
    "models:\n  Book:\n    properties:\n      id: { type: integer, id: true, generated: true }\n      title: string\n";
const SHELF: &str = "models:\n  Shelf:\n    properties:\n      id: { type: integer, id: true, generated: true }\n";
const COMPILE: &str = "relata_build::compile(\"schemas\")";
const INCLUDE: &str = "mod library { relata::include_schema!(); }";

/// A crate in a folder of its own, new in every run. What it depends on is built once for all of them.
struct Downstream {
    folder: PathBuf,
    name: &'static str,
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream")
}

struct Built {
    succeeded: bool,
    err: String,
}

impl Downstream {
    fn new(name: &'static str, build: &str, include: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let of = |crate_folder: &str| root.join(crate_folder).to_string_lossy().replace('\\', "/");
        let downstream = Self { folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), name };
        downstream.forget();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nrelata = {{ \
             path = \"{}\", default-features = false }}\n\n[build-dependencies]\nrelata-build = {{ path = \"{}\" }}\n",
            of("runtime"),
            of("build-support"),
        );
        downstream.write("Cargo.toml", &manifest);
        fs::copy(root.join("Cargo.lock"), downstream.path("Cargo.lock")).expect("the workspace has a lock file");
        downstream.write("build.rs", &format!("fn main() -> Result<(), relata_build::Error> {{ {build} }}\n"));
        downstream.write("src/main.rs", &format!("{include}\n\nfn main() {{ let _ = library::book::all(); }}\n"));
        downstream.write("schemas/book.yaml", BOOK);
        downstream
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn build(&self) -> Built {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--verbose", "--color", "never"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", target())
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .output()
            .expect("Cargo runs");
        let err = String::from_utf8(output.stderr).expect("Cargo prints text");
        Built { succeeded: output.status.success(), err }
    }

    #[track_caller]
    fn builds(&self) -> Built {
        let built = self.build();
        assert!(built.succeeded, "{}", built.err);
        built
    }

    /// What the build says as errors or warnings of this crate's build script, without Cargo's prefix.
    fn told(&self, built: &Built, severity: &str) -> String {
        let prefix = format!("{severity}: {}@0.1.0: ", self.name);
        let lines: Vec<_> = built.err.lines().filter_map(|line| line.strip_prefix(prefix.as_str())).collect();
        lines.join("\n")
    }

    /// Removes what an earlier run left.
    fn forget(&self) {
        let left =
            self.artefacts("build").into_iter().chain(self.artefacts(".fingerprint")).chain([self.folder.clone()]);
        for folder in left.filter(|folder| folder.exists()) {
            fs::remove_dir_all(folder).expect("it can be removed");
        }
    }

    /// Where Cargo keeps what it knows of this crate.
    fn artefacts(&self, kind: &str) -> Vec<PathBuf> {
        let prefix = format!("{}-", self.name);
        let Ok(all) = fs::read_dir(target().join("debug").join(kind)) else { return Vec::new() };
        let mine = all.filter_map(Result::ok).filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix));
        mine.map(|entry| entry.path()).collect()
    }

    /// The files that the last build emitted.
    fn emitted(&self) -> Vec<String> {
        let folders = self.artefacts("build").into_iter().map(|build| build.join("out/relata"));
        let files = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let mut names: Vec<_> =
            files.map(|file| file.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// What the compiler itself says of the schemas.
    fn report(&self) -> String {
        let name = "schemas/book.yaml";
        let checked = check(&Inputs::text(name, fs::read_to_string(self.path(name)).expect("it is there")));
        let report = render(Format::Human, &checked.findings, &checked.sources, false);
        report.trim_end().to_owned()
    }
}

#[test]
fn a_crate_follows_its_schemas() {
    let downstream = Downstream::new("follows", COMPILE, INCLUDE);
    downstream.builds();
    assert_eq!(downstream.emitted(), ["book.rs", "mod.rs"]);

    let untouched = downstream.builds().err;
    assert!(untouched.contains("Fresh follows v0.1.0"), "{untouched}");

    downstream.write("schemas/more/shelf.yaml", SHELF);
    downstream.builds();
    assert_eq!(downstream.emitted(), ["book.rs", "mod.rs", "shelf.rs"]);

    fs::remove_file(downstream.path("schemas/more/shelf.yaml")).expect("a file can be removed");
    downstream.builds();
    assert_eq!(downstream.emitted(), ["book.rs", "mod.rs"]);
}

#[test]
fn findings_are_all_that_a_failed_build_says() {
    let downstream = Downstream::new("fails", COMPILE, INCLUDE);
    downstream.write("schemas/book.yaml", &BOOK.replace("string", "strin"));
    let cold = downstream.build();
    assert!(!cold.succeeded);
    assert!(downstream.report().contains("error[unknown-type]"), "{}", downstream.report());
    assert_eq!(downstream.told(&cold, "error"), downstream.report());

    downstream.write("schemas/book.yaml", BOOK);
    downstream.builds();

    downstream.write("schemas/book.yaml", &BOOK.replace("integer", "intege"));
    let warm = downstream.build();
    assert!(!warm.succeeded);
    assert_eq!(downstream.told(&warm, "error"), downstream.report());
    let others = warm.err.lines().filter(|line| line.starts_with("error") && !line.starts_with("error: fails@0.1.0: "));
    assert_eq!(others.collect::<Vec<_>>(), ["error: build script logged errors"]);
    assert!(!warm.err.contains("Caused by") && !warm.err.contains("panicked"), "{}", warm.err);
}

#[test]
fn warnings_are_cargo_warnings() {
    let downstream = Downstream::new("warns", COMPILE, INCLUDE);
    downstream.write("schemas/book.yaml", &format!("enums:\n  Unused: [a]\n{BOOK}"));
    let built = downstream.builds();
    assert!(downstream.report().contains("warning[unused-enum]"), "{}", downstream.report());
    assert_eq!(downstream.told(&built, "warning"), downstream.report());
}

#[test]
fn code_can_be_committed_and_extended() {
    let build = |last: &str| {
        format!(
            "relata_build::Config::new().schemas(\"schemas\").out_dir(\"src/library\").derive(\"Book\", \"Eq\")\
             .attribute_everywhere(\"#[must_use]\"){last}.compile()"
        )
    };
    let downstream = Downstream::new("commits", &build(""), "mod library;");
    downstream.builds();
    let book = fs::read_to_string(downstream.path("src/library/book.rs")).expect("it was written");
    assert!(
        book.contains("#[derive(Clone, Debug, PartialEq)]\n#[derive(Eq)]\n#[must_use]\npub struct Book {"),
        "{book}"
    );

    let main = |build: &str| format!("fn main() -> Result<(), relata_build::Error> {{ {build} }}\n");
    downstream.write("build.rs", &main(&build(".check_only()")));
    downstream.builds();
    downstream.write("schemas/book.yaml", &BOOK.replace("title", "name"));
    let stale = downstream.build();
    assert!(!stale.succeeded);
    assert!(downstream.told(&stale, "error").starts_with("`src/library` is not what the schemas say"), "{}", stale.err);
    assert_eq!(fs::read_to_string(downstream.path("src/library/book.rs")).expect("it is there"), book);
}

#[test]
fn what_could_not_run_is_one_sentence() {
    let build = "relata_build::Config::new().schemas(\"schemas\").out_dir(\"schemas/out\").compile()";
    let downstream = Downstream::new("refused", build, INCLUDE);
    let refused = downstream.build();
    assert!(!refused.succeeded);
    let expected = "Error: the output folder `schemas/out` lies in the schema folder `schemas`, so that every build would \
                    write what starts the next one: choose another `out_dir`";
    assert!(refused.err.lines().any(|line| line.trim() == expected), "{}", refused.err);
    assert!(!downstream.path("schemas/out").exists());
}

#[test]
fn a_crate_follows_its_settings() {
    let downstream = Downstream::new("settings", "relata_build::Config::new().compile()", INCLUDE);
    downstream.write("schemas/book.yaml", &format!("enums:\n  Unused: [a]\n{BOOK}"));
    downstream.write("relata.yaml", "schemas: schemas\nlints: { unused-enum: allow }\n");
    let built = downstream.builds();
    assert_eq!(downstream.told(&built, "warning"), "");
    let untouched = downstream.builds().err;
    assert!(untouched.contains("Fresh settings v0.1.0"), "{untouched}");

    downstream.write("relata.yaml", "schemas: schemas\nlints: { unused-enum: alow }\n");
    let refused = downstream.build();
    assert!(!refused.succeeded);
    let told = downstream.told(&refused, "error");
    assert!(told.starts_with("error[invalid-config]: `alow` is not a lint level\n --> relata.yaml:2:23\n"), "{told}");
}
