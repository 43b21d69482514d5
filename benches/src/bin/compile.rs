//! What rustc and a build script spend for a schema: emitted code checked and built, a user's crate from nothing,
//! and generation within an unoptimised build script.
//!
//! `cargo run --release -p relata-bench --bin compile` prints three tables. It builds everything in a folder of
//! its own, so it needs no earlier build and leaves none behind.

#![allow(clippy::print_stdout, reason = "the tables are what this program is for")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_bench::synthetic::Shape;
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
const FEATURES: &str = r#"["sqlite", "chrono", "uuid", "decimal", "json"]"#;

fn main() -> Result<(), Failure> {
    if measured::was_copy()? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    emitted(&folder.path().join("emitted"), &workspace)?;
    from_nothing(folder.path(), &workspace)
}

/// The emitted code alone: everything it depends on is built before.
fn emitted(folder: &Path, workspace: &Path) -> Result<(), Failure> {
    let features = format!(", features = {FEATURES}");
    write_crate(folder, &dependency(workspace, "relata", "runtime", &features), "mod schema;\n")?;
    let schema = Inputs::text("schema.yaml", Shape::compiled(COMPILED).one_file());
    let files = generate(&schema, &Options::default(), &Files::default())?.files.ok_or("the schema is not sound")?;
    output::write(&files, &folder.join("src/schema"), &Files::default())?;
    let lines: usize = files.iter().map(|(_, text)| text.lines().count()).sum();

    println!("{COMPILED} models, {lines} emitted lines\n");
    println!("| what | wall s | CPU s | peak MB | target |");
    println!("| --- | ---: | ---: | ---: | --- |");
    for (command, target) in [("check", "12 CPU s"), ("build", "30 CPU s")] {
        let cargo = cargo(command, folder, &folder.join("target"));
        Cost::of(&cargo)?;
        // Cargo goes by the time of change: only the crate itself is stale.
        let cost = Cost::best(RUNS, &cargo, || Ok(fs::write(folder.join("src/lib.rs"), "mod schema;\n")?))?;
        row(&format!("`cargo {command}` of the emitted code"), cost, target);
    }
    Ok(())
}

/// A user's smallest crate, then its build-dependencies on top, then what its build script takes.
fn from_nothing(folder: &Path, workspace: &Path) -> Result<(), Failure> {
    let target = folder.join("target");
    let runtime = dependency(workspace, "relata", "runtime", r#", features = ["sqlite"]"#);
    let plain = folder.join("plain");
    write_crate(&plain, &runtime, "pub use relata::Error;\n")?;
    let scripted = folder.join("scripted");
    let build = dependency(workspace, "relata-build", "build-support", "");
    write_crate(&scripted, &format!("{runtime}\n[build-dependencies]\n{build}"), "pub use relata::Error;\n")?;
    fs::write(scripted.join("build.rs"), SCRIPT)?;
    fs::write(scripted.join("schema.yaml"), "models:\n  Tag: { properties: { id: { type: integer, id: true } } }\n")?;

    println!("\n| what | wall s | CPU s | peak MB | target |");
    println!("| --- | ---: | ---: | ---: | --- |");
    row(
        "a crate with the runtime and `sqlite`, clean debug build",
        Cost::of(&cargo("build", &plain, &target))?,
        "25 CPU s",
    );
    row("its build-dependencies on top", Cost::of(&cargo("build", &scripted, &target))?, "30 CPU s");

    fs::write(scripted.join("schema.yaml"), Shape::large(SCRIPTED).one_file())?;
    let out = folder.join("out");
    let mut script = Command::new(script(&target)?);
    script.current_dir(&scripted).env("OUT_DIR", &out).env("CARGO_MANIFEST_DIR", &scripted);
    println!("\n| what | wall s | CPU s | peak MB | target |");
    println!("| --- | ---: | ---: | ---: | --- |");
    let clear = || {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        Ok(fs::create_dir_all(&out)?)
    };
    let what = |when: &str| format!("{SCRIPTED} models in an unoptimised build script, {when}");
    row(&what("the first time"), Cost::best(RUNS, &script, clear)?, "1 s");
    row(&what("nothing changed"), Cost::best(RUNS, &script, || Ok(()))?, "");
    Ok(())
}

/// A line of a manifest.
fn dependency(workspace: &Path, name: &str, path: &str, rest: &str) -> String {
    format!("{name} = {{ path = '{}'{rest} }}\n", workspace.join(path).display())
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

fn row(what: &str, cost: Cost, target: &str) {
    let (wall, cpu, megabytes) = (cost.wall.as_secs_f64(), cost.cpu.as_secs_f64(), cost.peak_kib * 1024 / 1_000_000);
    println!("| {what} | {wall:.2} | {cpu:.2} | {megabytes} | {target} |");
}
