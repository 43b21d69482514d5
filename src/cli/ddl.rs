//! `relata ddl`.

use clap::ValueEnum;

use relata_compiler as compiler;
use relata_compiler::plan::{self, Database};

use super::report::{self, Colours, Stream};
use super::{Failure, Findings, Outcome, ReportFormat, Source, inputs};

/// Print the statements that create the tables, in dependency order
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// The database that they are for
    #[arg(long, value_enum, default_value_t = Dialect::Sqlite)]
    dialect: Dialect,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dialect {
    /// SQLite 3.37 and newer
    Sqlite,
}

impl From<Dialect> for Database {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite,
        }
    }
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let checked = compiler::check(&inputs::inputs(&args.source)?);
    let options = Findings { format: ReportFormat::Human, deny: None };
    let outcome = report::findings(&checked.findings, &checked.sources, &options, colours, Stream::Err)?;
    match &checked.graph {
        Some(graph) => report::result(plan::ddl(graph, args.dialect.into()).as_bytes()),
        None => Ok(outcome),
    }
}
