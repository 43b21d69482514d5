//! `relata generate`.

use std::path::{Path, PathBuf};

use relata_compiler as compiler;
use relata_compiler::baseline::Hide;
use relata_compiler::graph::Graph;
use relata_compiler::output::{self, Changes, Output};
use relata_compiler::render::Files;
use relata_compiler::settings::Schema;

use super::inputs::{self, Work};
use super::progress::Progress;
use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, Source};

const EXAMPLES: &str = "\
Examples:
  relata generate                       every schema of relata.yaml to its `out`
  relata generate --schema clinic       one of them
  relata generate schemas --out src/shop
  relata generate --check               in CI: print a diff and fail where the code is stale

Exit codes: 0 written or up to date, 1 findings or stale code, 2 it could not run.";

/// Write the code of a schema
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// The folder that holds the emitted files and nothing else that it would replace; default: relata.yaml's `out`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing; print what would change and fail if anything would
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    findings: Findings,
}

/// A schema, checked, and where its code goes.
struct Task {
    schema: Schema,
    graph: Graph,
    folder: PathBuf,
    previous: Files,
}

/// The code of a schema, and where it goes.
struct Emitted {
    files: Files,
    folder: PathBuf,
    previous: Files,
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let Work { mut project, schemas, baseline } = inputs::work(&args.source, args.findings.baseline.as_deref())?;
    let folders = folders(args, &schemas)?;
    let progress = Progress::of("checking");
    let mut tasks = Vec::new();
    for (schema, folder) in schemas.into_iter().zip(folders) {
        let previous = output::read(&folder).map_err(|error| error.to_string())?;
        let graph = project.add(&schema, compiler::check(&schema.inputs));
        tasks.extend(graph.map(|graph| Task { schema, graph, folder, previous }));
    }
    drop(progress);
    let settled = project.settle(args.findings.levels.levels(), baseline, Hide::Warnings);
    let outcome = report::findings(&settled, args.findings.format, colours, Stream::Err)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    // Nothing is written before everything is there.
    let progress = Progress::of("making code");
    let emitted = tasks.into_iter().map(Task::emit).collect::<Result<Vec<_>, _>>()?;
    drop(progress);
    if args.check { compare(args, &emitted) } else { write(&emitted) }
}

/// Where each schema's code goes.
fn folders(args: &Args, schemas: &[Schema]) -> Result<Vec<PathBuf>, Failure> {
    if args.out.is_some() && schemas.len() > 1 {
        return Err("`--out` is for one schema, and relata.yaml lists several: choose it with `--schema NAME`, or \
                    give each an `out` there"
            .into());
    }
    let folder = |schema: &Schema| {
        args.out.clone().or_else(|| schema.out.clone()).ok_or_else(|| match &schema.name {
            Some(name) => format!("say where to write the schema `{name}`: give it an `out` in relata.yaml"),
            None => "say where to write: `--out DIR`, or `out: DIR` in relata.yaml".to_owned(),
        })
    };
    Ok(schemas.iter().map(folder).collect::<Result<_, _>>()?)
}

impl Task {
    fn emit(self) -> Result<Emitted, Failure> {
        let Self { schema, graph, folder, previous } = self;
        let files = compiler::emit(&graph, &schema.options(), &previous)
            .map_err(|error| format!("{error}\nthis is a defect of relata: please report it with your schema"))?;
        Ok(Emitted { files, folder, previous })
    }
}

/// All folders or none.
fn write(emitted: &[Emitted]) -> Result<Outcome, Failure> {
    let outputs: Vec<_> =
        emitted.iter().map(|Emitted { files, folder, previous }| Output { files, folder, previous }).collect();
    let mut waits = |folder: &Path| {
        // Waiting goes on where it cannot be told.
        let _ = report::note(&format!("waiting: another run is writing to `{}`", folder.display()));
    };
    let changes = output::write(&outputs, &mut waits).map_err(|error| error.to_string())?;
    for (changes, Emitted { folder, .. }) in changes.iter().zip(emitted) {
        report::note(&told(changes, folder))?;
    }
    Ok(Outcome::Clean)
}

fn compare(args: &Args, emitted: &[Emitted]) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for Emitted { files, folder, previous } in emitted {
        let diff = output::diff(files, folder, previous);
        if !diff.is_empty() {
            report::result(diff.as_bytes())?;
            let (folder, command) = (folder.display(), command(args));
            report::note(&format!("error: `{folder}` is not what the schema says; run `{command}`"))?;
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

/// The command that writes what this one compares.
fn command(args: &Args) -> String {
    let mut words = vec!["relata".to_owned(), "generate".to_owned()];
    words.extend_from_slice(&args.source.paths);
    let text = |path: &PathBuf| path.display().to_string();
    for (option, value) in [
        ("--schema", args.source.schema.clone()),
        ("--config", args.source.config.as_ref().map(text)),
        ("--out", args.out.as_ref().map(text)),
    ] {
        words.extend(value.into_iter().flat_map(|value| [option.to_owned(), value]));
    }
    words.join(" ")
}

fn told(changes: &Changes, folder: &Path) -> String {
    let Changes { written, removed, unchanged } = changes;
    let (written, removed) = (written.len(), removed.len());
    format!("{}: {written} written, {removed} removed, {unchanged} unchanged", folder.display())
}
