//! What rustc and a build script spend for a schema: a user's crate from nothing by database, generation within an
//! unoptimised build script, and emitted code checked and built.
//!
//! `cargo run --release -p relata-bench --bin compile` prints a table, with `-- emitted` the last part of it. It builds
//! everything in a folder of its own, so it needs no earlier build and leaves none behind.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_bench::synthetic::Shape;
use relata_compiler::output::Output;
use relata_compiler::plan::Options;
use relata_compiler::render::Files;
use relata_compiler::{Inputs, generate, output};

#[path = "../measured.rs"]
mod measured;
use measured::{Cost, Failure};

/// Models of the emitted code that is compiled.
const COMPILED: usize = 200;

/// Models that the build script generates from.
const SCRIPTED: usize = 100;

/// Runs of each measured step; the quickest counts.
const RUNS: usize = 3;

/// What the types of the schema ask for.
const TYPES: [&str; 4] = ["chrono", "uuid", "decimal", "json"];

/// Databases that a program may be built for, with what building the runtime for it may take.
const DATABASES: [(&[&str], &str); 4] =
    [(&["sqlite"], "25 CPU s"), (&["postgres"], ""), (&["mysql"], ""), (&["sqlite", "postgres", "mysql"], "")];

fn main() -> Result<(), Failure> {
    if measured::was_copy()? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    println!("| what | databases | wall s | CPU s | peak MB | target |");
    println!("| --- | --- | ---: | ---: | ---: | --- |");
    if std::env::args().nth(1).as_deref() != Some("emitted") {
        for (databases, target) in DATABASES {
            from_nothing(folder.path(), &workspace, databases, target)?;
        }
        build_script(folder.path(), &workspace)?;
    }
    for (databases, _) in DATABASES {
        // One and all: emitted code is the same text for every database.
        if databases.len() != 1 || databases == DATABASES[0].0 {
            emitted(&folder.path().join(format!("emitted-{}", databases.join("-"))), &workspace, databases)?;
        }
    }
    Ok(())
}

/// The emitted code alone: everything it depends on is built before.
fn emitted(folder: &Path, workspace: &Path, databases: &[&str]) -> Result<(), Failure> {
    let features = [databases, &TYPES].concat();
    write_crate(folder, &dependency(workspace, "relata", "runtime", &features), "mod schema;\n")?;
    let schema = Inputs::text("schema.yaml", Shape::compiled(COMPILED).one_file());
    let files = generate(&schema, &Options::default(), &Files::default())?.files.ok_or("the schema is not sound")?;
    let (out, previous) = (folder.join("src/schema"), Files::default());
    output::write(&[Output { files: &files, folder: &out, previous: &previous }], &mut |_| ())?;
    let lines: usize = files.iter().map(|(_, text)| text.lines().count()).sum();
    for (command, target) in [("check", "12 CPU s"), ("build", "30 CPU s")] {
        let cargo = cargo(command, folder, &folder.join("target"));
        Cost::of(&cargo)?;
        // Cargo goes by the time of change: only the crate itself is stale.
        let cost = Cost::best(RUNS, &cargo, || Ok(fs::write(folder.join("src/lib.rs"), "mod schema;\n")?))?;
        let what = format!("`cargo {command}` of {COMPILED} models, {lines} emitted lines");
        row(&what, &databases.join(", "), cost, target);
    }
    Ok(())
}

/// A user's smallest crate, everything that it depends on included.
fn from_nothing(folder: &Path, workspace: &Path, databases: &[&str], target: &str) -> Result<(), Failure> {
    let plain = folder.join("plain");
    write_crate(&plain, &dependency(workspace, "relata", "runtime", databases), "pub use relata::Error;\n")?;
    let target_folder = folder.join(databases.join("-"));
    let cost = Cost::of(&cargo("build", &plain, &target_folder))?;
    row("the runtime, clean debug build", &databases.join(", "), cost, target);
    Ok(())
}

/// What build-dependencies add, then what the build script takes.
fn build_script(folder: &Path, workspace: &Path) -> Result<(), Failure> {
    let (databases, _) = DATABASES[0];
    let target = folder.join(databases.join("-"));
    let runtime = dependency(workspace, "relata", "runtime", databases);
    let build = dependency(workspace, "relata-build", "build-support", &[]);
    let scripted = folder.join("scripted");
    write_crate(&scripted, &format!("{runtime}\n[build-dependencies]\n{build}"), "pub use relata::Error;\n")?;
    fs::write(scripted.join("build.rs"), SCRIPT)?;
    fs::write(scripted.join("schema.yaml"), "models:\n  Tag: { properties: { id: { type: integer, id: true } } }\n")?;
    let cost = Cost::of(&cargo("build", &scripted, &target))?;
    row("its build-dependencies on top", &databases.join(", "), cost, "30 CPU s");

    fs::write(scripted.join("schema.yaml"), Shape::large(SCRIPTED).one_file())?;
    let out = folder.join("out");
    let mut script = Command::new(script(&target)?);
    script.current_dir(&scripted).env("OUT_DIR", &out).env("CARGO_MANIFEST_DIR", &scripted);
    let clear = || {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        Ok(fs::create_dir_all(&out)?)
    };
    let what = |when: &str| format!("{SCRIPTED} models in an unoptimised build script, {when}");
    row(&what("the first time"), "", Cost::best(RUNS, &script, clear)?, "1 s");
    row(&what("nothing changed"), "", Cost::best(RUNS, &script, || Ok(()))?, "");
    Ok(())
}

/// A line of a manifest.
fn dependency(workspace: &Path, name: &str, path: &str, features: &[&str]) -> String {
    format!("{name} = {{ path = '{}', features = {features:?} }}\n", workspace.join(path).display())
}

const SCRIPT: &str = "fn main() -> Result<(), relata_build::Error> {\n    relata_build::compile(\"schema.yaml\")\n}\n";

/// A crate that belongs to no workspace, with the lock of this one, so that it builds the same versions.
fn write_crate(folder: &Path, dependencies: &str, lib: &str) -> Result<(), Failure> {
    fs::create_dir_all(folder.join("src"))?;
    let name = folder.file_name().and_then(|name| name.to_str()).ok_or("the folder has no name")?;
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock"))?;
    Ok(fs::write(folder.join("src/lib.rs"), lib)?)
}

fn cargo(command: &str, folder: &Path, target: &Path) -> Command {
    let mut cargo = measured::cargo();
    cargo.arg(command).current_dir(folder).env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    cargo
}

/// The build script that was built below `target`.
fn script(target: &Path) -> Result<PathBuf, Failure> {
    for entry in fs::read_dir(target.join("debug/build"))? {
        let entry = entry?;
        let program = entry.path().join("build-script-build");
        if entry.file_name().to_string_lossy().starts_with("scripted-") && program.is_file() {
            return Ok(program);
        }
    }
    Err("the build script is not where Cargo puts them".into())
}

fn row(what: &str, databases: &str, cost: Cost, target: &str) {
    let (wall, cpu, megabytes) = (cost.wall.as_secs_f64(), cost.cpu.as_secs_f64(), cost.peak_kib * 1024 / 1_000_000);
    println!("| {what} | {databases} | {wall:.2} | {cpu:.2} | {megabytes} | {target} |");
}
