//! `relata check`.

use relata_compiler as compiler;

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
    let checked = compiler::check(&inputs::inputs(&args.source)?);
    report::findings(&checked.findings, &checked.sources, &args.findings, colours, Stream::Out)
}
