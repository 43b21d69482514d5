//! The program `relata` on large schemas: how long checking and generating take, and how much memory.
//!
//! `cargo run --release -p relata-bench --bin generator` prints a table for 1,000 models; another number of models
//! is the argument, or `growth` for what checking 1,000 to 8,000 models costs.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use relata_bench::synthetic::Shape;

#[path = "../measured.rs"]
mod measured;
use measured::{Cost, Failure};

/// The number of models that the targets are set for.
const MODELS: usize = 1_000;

/// Runs of each command; the quickest counts.
const RUNS: usize = 5;

/// Where a changed schema differs.
const CHANGED: &str = "Number 7 of";

fn main() -> Result<(), Failure> {
    if measured::was_copy()? {
        return Ok(());
    }
    let relata = program()?;
    let models = match std::env::args().nth(1).as_deref() {
        Some("growth") => return growth(&relata),
        Some(number) => number.parse()?,
        None => MODELS,
    };
    let folder = tempfile::tempdir()?;
    let (one, many) = (folder.path().join("one"), folder.path().join("many"));
    let shape = Shape::large(models);
    fs::create_dir(&one)?;
    let text = shape.one_file();
    fs::write(one.join("schema.yaml"), &text)?;
    fs::create_dir(&many)?;
    for (name, text) in shape.many_files() {
        fs::write(many.join(name), text)?;
    }
    println!("{models} models, {} lines\n", text.lines().count());
    println!("| what | wall s | CPU s | peak MB | target |");
    println!("| --- | ---: | ---: | ---: | --- |");
    measure(&relata, &one, "one file")?;
    measure(&relata, &many, "a file for each model")
}

/// What checking costs as a schema grows. A file holds at most 8 MiB, so that a large schema has several.
fn growth(relata: &Path) -> Result<(), Failure> {
    println!("| models | in files of 1,000: wall s | CPU s | peak MB | a file each: wall s | CPU s | peak MB |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for models in [MODELS, 2 * MODELS, 4 * MODELS, 8 * MODELS] {
        let files = Shape::large(models).many_files();
        let (enums, of_models) = files.split_last().ok_or("there are no files")?;
        let joined: Vec<_> = of_models.chunks(MODELS).map(joined).chain([enums.clone()]).collect();
        let columns = [of_files(relata, &joined)?, of_files(relata, &files)?].map(|cost| {
            let megabytes = cost.peak_kib * 1024 / 1_000_000;
            format!("{:.2} | {:.2} | {megabytes}", cost.wall.as_secs_f64(), cost.cpu.as_secs_f64())
        });
        println!("| {models} | {} |", columns.join(" | "));
    }
    Ok(())
}

/// The models of several files in one.
fn joined(files: &[(String, String)]) -> (String, String) {
    let models = files.iter().filter_map(|(_, text)| text.split_once("models:\n")).map(|(_, models)| models);
    (files[0].0.clone(), format!("relata: 1\nmodels:\n{}", models.collect::<String>()))
}

fn of_files(relata: &Path, files: &[(String, String)]) -> Result<Cost, Failure> {
    let folder = tempfile::tempdir()?;
    for (name, text) in files {
        fs::write(folder.path().join(name), text)?;
    }
    let mut check = Command::new(relata);
    check.arg("check").arg(folder.path());
    Cost::best(RUNS, &check, || Ok(()))
}

/// The release program, built if need be; it lies beside this one.
fn program() -> Result<PathBuf, Failure> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments = ["build", "--release", "--quiet", "-p", "relata-compiler", "--bin", "relata"];
    if !measured::cargo().args(arguments).current_dir(workspace).status()?.success() {
        return Err("`relata` does not build".into());
    }
    let program = std::env::current_exe()?.with_file_name("relata");
    if program.is_file() { Ok(program) } else { Err("run this program with `cargo run --release`".into()) }
}

fn measure(relata: &Path, schema: &Path, what: &str) -> Result<(), Failure> {
    let out = schema.with_extension("out");
    let mut check = Command::new(relata);
    check.arg("check").arg(schema);
    let mut generate = Command::new(relata);
    generate.arg("generate").arg(schema).arg("--out").arg(&out);

    row(&format!("check, {what}"), Cost::best(RUNS, &check, || Ok(()))?, "0.5 s, 300 MB");
    let clear = || {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        Ok(())
    };
    row(&format!("generate, {what}, into an empty folder"), Cost::best(RUNS, &generate, clear)?, "2.5 s, 400 MB");
    row(&format!("generate, {what}, nothing changed"), Cost::best(RUNS, &generate, || Ok(()))?, "0.7 s");
    let mut round = 0;
    let change = || {
        round += 1;
        change_one(schema, round)
    };
    row(&format!("generate, {what}, one model changed"), Cost::best(RUNS, &generate, change)?, "");
    Ok(())
}

/// Describes one model otherwise than before.
fn change_one(schema: &Path, round: usize) -> Result<(), Failure> {
    for entry in fs::read_dir(schema)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        if text.contains(CHANGED) {
            return Ok(fs::write(path, text.replace(CHANGED, &format!("{CHANGED} round {round} of")))?);
        }
    }
    Err("there is no model 7".into())
}

fn row(what: &str, cost: Cost, target: &str) {
    let megabytes = cost.peak_kib * 1024 / 1_000_000;
    println!("| {what} | {:.2} | {:.2} | {megabytes} | {target} |", cost.wall.as_secs_f64(), cost.cpu.as_secs_f64());
}
