//! `relata check`.

use relata_compiler as compiler;
use relata_compiler::diagnostic::Report;

use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, Source, inputs};

/// Say everything that is wrong with a schema
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    findings: Findings,
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
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
