//! `relata check`, and what its `--fix` changes.

use relata_compiler as compiler;
use relata_compiler::diagnostic::levels::Levels;
use relata_compiler::diagnostic::{Diagnostic, Report};
use relata_compiler::edit::{self, Fixed, Mended, Rewritten};
use relata_compiler::output;

use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, Source, inputs};

/// Say everything that is wrong with a schema
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// Make the fixes that are certain, keeping comments and layout; then report what remains
    #[arg(long)]
    fix: bool,
    /// Write nothing; print what `--fix` would change as a unified diff, and fail if there is anything
    #[arg(long, requires = "fix")]
    dry_run: bool,
    #[command(flatten)]
    findings: Findings,
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    if args.fix {
        return fix(args, colours);
    }
    report::findings(&report(args)?, args.findings.format, colours, Stream::Out)
}

/// Everything that is wrong with the settings and the schemas.
fn report(args: &Args) -> Result<Report, Failure> {
    let mut project = inputs::project(&args.source);
    for schema in inputs::schemas(&mut project, &args.source)? {
        project.add(&schema, compiler::check(&schema.inputs));
    }
    Ok(project.settle(args.findings.levels.levels()))
}

fn fix(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let mut project = inputs::project(&args.source);
    let levels = project.settings.levels.clone().and(args.findings.levels.levels());
    let (mut changed, mut stream) = (false, if args.dry_run { Stream::Err } else { Stream::Out });
    for schema in inputs::schemas(&mut project, &args.source)? {
        let fixed = edit::fix(&schema.inputs, &|finding| is_told(finding, &levels));
        changed |= !fixed.files.is_empty();
        if args.dry_run {
            report::result(output::text_diff(&fixed.files).as_bytes())?;
        } else {
            write(&schema.inputs.texts, &fixed.files)?;
        }
        if !schema.inputs.texts.is_empty() {
            stream = Stream::Err;
        }
        tell(&fixed, args.dry_run)?;
        project.add(&schema, fixed.checked);
    }
    let report = project.settle(args.findings.levels.levels());
    let outcome = report::findings(&report, args.findings.format, colours, stream)?;
    Ok(if args.dry_run && changed && outcome == Outcome::Clean { Outcome::Findings } else { outcome })
}

/// Whether a finding is told at all.
fn is_told(finding: &Diagnostic, levels: &Levels) -> bool {
    let mut alone = vec![finding.clone()];
    levels.apply(&mut alone);
    !alone.is_empty()
}

/// Files to where they are; what came from standard input to standard output, changed or not.
fn write(streams: &[(String, String)], files: &[Rewritten]) -> Result<(), Failure> {
    let is_stream = |file: &Rewritten| streams.iter().any(|(name, _)| *name == file.name);
    let (fixed, on_disk): (Vec<_>, Vec<_>) = files.iter().cloned().partition(is_stream);
    output::rewrite(&on_disk).map_err(|error| error.to_string())?;
    for (name, text) in streams {
        let text = fixed.iter().find(|file| file.name == *name).map_or(text, |file| &file.after);
        report::result(text.as_bytes())?;
    }
    Ok(())
}

fn tell(fixed: &Fixed, dry_run: bool) -> Result<(), Failure> {
    let verb = if dry_run { "would fix" } else { "fixed" };
    for mended in &fixed.made {
        report::note(&line(verb, mended))?;
    }
    for mended in &fixed.refused {
        report::note(&format!("{}, which would leave other errors", line("did not fix", mended)))?;
    }
    Ok(())
}

fn line(verb: &str, mended: &Mended) -> String {
    let Mended { code, message, file, line, column } = mended;
    format!("{verb}[{}] {file}:{line}:{column}: {message}", code.code)
}
