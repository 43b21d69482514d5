//! A crate of emitted modules, checked by Cargo. What it depends on is built once for all of them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_compiler::render::Files;

/// A crate in a folder of its own, below the tests' own.
pub(crate) struct Downstream {
    name: &'static str,
    folder: PathBuf,
}

impl Downstream {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name) }
    }

    /// Whether these compile, each as a module; if not, what the compiler says.
    pub(crate) fn checks(&self, all: &[Files]) -> Result<(), String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).expect("the folder can be removed");
        }
        let mut modules = String::from("#![deny(warnings)]\n");
        for (at, files) in all.iter().enumerate() {
            for (name, code) in files.iter() {
                self.write(&format!("src/schema{at}/{name}"), code);
            }
            writeln!(modules, "pub mod schema{at};").expect("a string takes all");
        }
        self.write("src/lib.rs", &modules);
        let runtime = root.join("runtime").to_string_lossy().replace('\\', "/");
        let name = self.name;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nrelata = {{ \
             path = \"{runtime}\", default-features = false, features = [\"chrono\", \"uuid\", \"decimal\", \"json\", \"pattern\"] }}\n"
        );
        self.write("Cargo.toml", &manifest);
        fs::copy(root.join("Cargo.lock"), self.folder.join("Cargo.lock")).expect("the workspace has a lock file");
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "--color", "never"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream"))
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .output()
            .expect("Cargo runs");
        let told = String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(()) } else { Err(told.into_owned()) }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
}

/// Which of the modules the first error lies in.
pub(crate) fn blamed(told: &str) -> Option<usize> {
    let (_, rest) = told.split_once("src/schema")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
