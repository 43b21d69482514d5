//! `relata generate`.

use std::path::{Path, PathBuf};

use relata_compiler as compiler;
use relata_compiler::output::{self, Changes};
use relata_compiler::plan::Options;

use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, Source, inputs};

/// Write the code of a schema
#[derive(Debug, clap::Args)]
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

pub(super) fn run(args: Args, colours: &Colours) -> Result<Outcome, Failure> {
    let Args { source, out, check, findings: options } = args;
    let folder = inputs::out(out)?;
    let previous = output::read(&folder).map_err(|error| error.to_string())?;
    let generated = compiler::generate(&inputs::inputs(&source)?, &Options::default(), &previous)
        .map_err(|error| format!("{error}\nthis is a defect of relata: please report it with your schema"))?;
    let outcome = report::findings(&generated.findings, &generated.sources, &options, colours, Stream::Err)?;
    let Some(files) = generated.files.filter(|_| outcome == Outcome::Clean) else { return Ok(outcome) };
    if check {
        let diff = output::diff(&files, &folder, &previous);
        return if diff.is_empty() { Ok(Outcome::Clean) } else { stale(&source, &folder, &diff) };
    }
    let changes = output::write(&files, &folder, &previous).map_err(|error| error.to_string())?;
    report::note(&told(&changes, &folder))
}

fn stale(source: &Source, folder: &Path, diff: &str) -> Result<Outcome, Failure> {
    report::result(diff.as_bytes())?;
    let out = folder.display().to_string();
    let command =
        ["relata", "generate"].into_iter().chain(source.paths.iter().map(String::as_str)).chain(["--out", &out]);
    let command = command.collect::<Vec<_>>().join(" ");
    report::note(&format!("error: `{out}` is not what the schema says; run `{command}`"))?;
    Ok(Outcome::Findings)
}

fn told(changes: &Changes, folder: &Path) -> String {
    let Changes { written, removed, unchanged } = changes;
    let (written, removed) = (written.len(), removed.len());
    format!("{}: {written} written, {removed} removed, {unchanged} unchanged", folder.display())
}
