//! `relata check`, and what its `--fix` changes.

use std::path::Path;

use relata_compiler as compiler;
use relata_compiler::baseline::{Hide, Renewed};
use relata_compiler::diagnostic::levels::Levels;
use relata_compiler::diagnostic::{Diagnostic, Severity};
use relata_compiler::edit::{self, Mended, Rewritten};
use relata_compiler::output;
use relata_compiler::settings::{Project, Schema, Settled};

use super::inputs::{self, Work};
use super::progress::Progress;
use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, Source};

const EXAMPLES: &str = "\
Examples:
  relata check                            what relata.yaml names, or schemas/
  relata check --schema clinic            one of the schemas that it lists by name
  relata check - < shop.yaml              standard input
  relata check --deny warnings            in CI: warnings fail too
  relata check --deny unused-enum --allow cascade-cycle
  relata check --fix --dry-run            show what can be mended without asking
  relata check --baseline known.yaml --update-baseline
                                          from now on tell only what is new

Levels: a code's own beats that of `warnings`, the command line beats relata.yaml, the later beats the earlier.
Exit codes: 0 clean or warnings only, 1 errors or denied warnings, 2 it could not run.";

/// Say everything that is wrong with a schema
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
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
    /// Write what is found into the baseline instead: from then on it is known
    #[arg(long, conflicts_with = "fix")]
    update_baseline: bool,
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    if args.fix {
        return fix(args, colours);
    }
    if args.update_baseline {
        return update_baseline(args, colours);
    }
    report::findings(&settled(args)?, args.findings.format, colours, Stream::Out)
}

/// Everything that is wrong with the settings and the schemas, but what is known.
fn settled(args: &Args) -> Result<Settled, Failure> {
    let Work { mut project, schemas, baseline } = inputs::work(&args.source, args.findings.baseline.as_deref())?;
    check(&mut project, &schemas);
    Ok(project.settle(args.findings.levels.levels(), baseline, Hide::All))
}

fn check(project: &mut Project, schemas: &[Schema]) {
    let _progress = Progress::of("checking");
    for schema in schemas {
        project.add(schema, compiler::check(&schema.inputs));
    }
}

fn update_baseline(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let mut project = inputs::project(&args.source);
    let given = args.findings.baseline.as_deref();
    let path = project.baseline_path(given);
    if path.is_none() && project.is_sound() {
        return Err("say where the baseline is: `--baseline FILE`, or `baseline: FILE` in relata.yaml".into());
    }
    let path = path.unwrap_or_default();
    // A baseline that is not there yet is no mistake here; a file that is something else must not be lost.
    let is_new = path.symlink_metadata().is_err();
    let previous = if is_new { None } else { project.baseline(Some(&path)).map_err(|error| error.to_string())? };
    let schemas = inputs::schemas(&mut project, &args.source)?;
    check(&mut project, &schemas);
    let (renewed, report) = project.renew(&path, args.findings.levels.levels(), previous.as_ref());
    let Some(Renewed { text, known, added, removed }) = renewed else {
        let settled = Settled { report, ..Settled::default() };
        let outcome = report::findings(&settled, args.findings.format, colours, Stream::Out)?;
        report::note("error: no baseline is written before this is mended: what lies behind it was not looked at")?;
        return Ok(outcome);
    };
    output::write_file(&path, &text).map_err(|error| error.to_string())?;
    let findings = if known == 1 { "finding" } else { "findings" };
    report::note(&format!("{}: {known} known {findings}, {added} added, {removed} removed", path.display()))
}

fn fix(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let baseline_path = args.findings.baseline.as_deref();
    let Work { mut project, schemas, baseline } = inputs::work(&args.source, baseline_path)?;
    let levels = project.settings.levels.clone().and(args.findings.levels.levels());
    let (mut changed, mut stream) = (false, if args.dry_run { Stream::Err } else { Stream::Out });
    for schema in schemas {
        let progress = Progress::of("fixing");
        let fixed = edit::fix(&schema.inputs, &|finding| is_told(finding, &levels));
        drop(progress);
        changed |= !fixed.files.is_empty();
        if args.dry_run {
            report::result(output::text_diff(&fixed.files).as_bytes())?;
        } else {
            write(&schema.inputs.texts, &fixed.files)?;
        }
        if !schema.inputs.texts.is_empty() {
            stream = Stream::Err;
        }
        tell(&fixed.made, &fixed.refused, args.dry_run)?;
        project.add(&schema, fixed.checked);
    }
    let own = [project.file().map(Path::to_owned), project.baseline_path(baseline_path)];
    let own: Vec<_> = own.into_iter().flatten().collect();
    let mut settled = project.settle(args.findings.levels.levels(), baseline, Hide::All);
    // Whoever pipes a schema through asks for that schema.
    if !args.source.paths.iter().any(|path| path == "-") {
        let (files, made) = edit::fix_settings(&mut settled.report, &own);
        changed |= !files.is_empty();
        tell(&made, &[], args.dry_run)?;
        if args.dry_run {
            report::result(output::text_diff(&files).as_bytes())?;
        } else if !files.is_empty() {
            output::rewrite(&files).map_err(|error| error.to_string())?;
            settled = self::settled(args)?;
        }
    }
    let outcome = report::findings(&settled, args.findings.format, colours, stream)?;
    Ok(if args.dry_run && changed && outcome == Outcome::Clean { Outcome::Findings } else { outcome })
}

/// Whether a finding is told at all.
fn is_told(finding: &Diagnostic, levels: &Levels) -> bool {
    finding.severity == Severity::Error || !levels.allows(finding.code)
}

/// Files to where they are; what came from standard input to standard output, changed or not.
pub(super) fn write(streams: &[(String, String)], files: &[Rewritten]) -> Result<(), Failure> {
    let is_stream = |file: &Rewritten| streams.iter().any(|(name, _)| *name == file.name);
    let (fixed, on_disk): (Vec<_>, Vec<_>) = files.iter().cloned().partition(is_stream);
    output::rewrite(&on_disk).map_err(|error| error.to_string())?;
    for (name, text) in streams {
        let text = fixed.iter().find(|file| file.name == *name).map_or(text, |file| &file.after);
        report::result(text.as_bytes())?;
    }
    Ok(())
}

fn tell(made: &[Mended], refused: &[Mended], dry_run: bool) -> Result<(), Failure> {
    let verb = if dry_run { "would fix" } else { "fixed" };
    for mended in made {
        report::note(&line(verb, mended))?;
    }
    for mended in refused {
        report::note(&format!("{}, which would leave other errors", line("did not fix", mended)))?;
    }
    Ok(())
}

fn line(verb: &str, mended: &Mended) -> String {
    let Mended { code, message, fix, file, line, column } = mended;
    // What a report asks is an answer here.
    let asked = fix.strip_prefix("did you mean ").and_then(|fix| fix.strip_suffix('?'));
    let fix = asked.map_or_else(|| fix.clone(), |word| format!("write {word}"));
    format!("{verb}[{}] {file}:{line}:{column}: {message}: {fix}", code.code)
}
