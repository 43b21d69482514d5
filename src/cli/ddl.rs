//! `relata ddl`.

use relata_compiler as compiler;
use relata_compiler::plan::{self, Database};

use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, ReportFormat, Source, inputs};

pub(super) fn run(source: &Source, database: Database, colours: &Colours) -> Result<Outcome, Failure> {
    let checked = compiler::check(&inputs::inputs(source)?);
    let options = Findings { format: ReportFormat::Human, deny: None };
    let outcome = report::findings(&checked.findings, &checked.sources, &options, colours, Stream::Err)?;
    match &checked.graph {
        Some(graph) => report::result(plan::ddl(graph, database).as_bytes()),
        None => Ok(outcome),
    }
}
