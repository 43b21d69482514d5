//! `relata check`.

use relata_compiler as compiler;

use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, Source, inputs};

pub(super) fn run(source: &Source, options: &Findings, colours: &Colours) -> Result<Outcome, Failure> {
    let checked = compiler::check(&inputs::inputs(source)?);
    report::findings(&checked.findings, &checked.sources, options, colours, Stream::Out)
}
