//! Whatever `check` accepts, `generate` emits, rustc compiles, and the database takes.
//!
//! Sound schemas made at random become the modules of one crate, which Cargo checks, and tables. The numbers are the same in
//! every run; `SCHEMAS=500 SEED=7 cargo test --test random_schemas` runs longer, or elsewhere.

#[path = "../random/mod.rs"]
mod random;
mod schema;
mod words;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::plan::{self, Database, Options};
use relata_compiler::render::Files;
use relata_compiler::{Inputs, check, generate};

use random::{Random, number};
use schema::schema;

/// A crate in a folder of its own, below the tests' own.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-schemas")
}

#[test]
fn what_is_accepted_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
    let mut random = Random(number("SEED", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let wanted = number("SCHEMAS", 25);
    let (mut made, mut tried, mut refusals) = (0, 0, String::new());
    let mut modules = String::from("#![allow(dead_code, unused)]\n");
    while made < wanted {
        tried += 1;
        let text = schema(&mut random);
        let inputs = Inputs::text("schema.yaml", text.clone());
        let checked = check(&inputs);
        let Some(graph) = checked.graph else {
            let report = render(Format::Human, &checked.findings, &checked.sources, false);
            writeln!(refusals, "{report}").expect("a string takes all");
            assert!(tried < 40 * (made + 10), "too few schemas are accepted:\n{refusals}");
            continue;
        };
        let tables = plan::ddl(&graph, Database::Sqlite);
        let database = rusqlite::Connection::open_in_memory().expect("a database in memory");
        database.execute_batch(&tables).unwrap_or_else(|error| panic!("{error}\n{tables}\n{text}"));
        let generated = generate(&inputs, &Options::default(), &Files::default());
        let generated = generated.unwrap_or_else(|error| panic!("{error}\n{text}"));
        let module = folder.join(format!("src/schema{made}"));
        fs::create_dir_all(&module).expect("a folder can be made");
        for (name, code) in generated.files.expect("it is sound").iter() {
            fs::write(module.join(name), code).expect("a file can be written");
        }
        fs::write(module.join("schema.yaml"), text).expect("a file can be written");
        writeln!(modules, "pub mod schema{made};").expect("a string takes all");
        made += 1;
    }
    fs::write(folder.join("src/lib.rs"), modules).expect("a file can be written");
    let runtime = root.join("runtime").to_string_lossy().replace('\\', "/");
    let manifest = format!(
        "[package]\nname = \"random-schemas\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nrelata = {{ \
         path = \"{runtime}\", default-features = false, features = [\"chrono\", \"uuid\", \"decimal\", \"json\", \"pattern\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file can be written");
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace has a lock file");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--color", "never"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("Cargo runs");
    let told = String::from_utf8_lossy(&output.stderr);
    let shown: String = told.chars().take(20_000).collect();
    assert!(output.status.success(), "emitted code does not compile; the schemas lie beside it:\n{shown}");
}
