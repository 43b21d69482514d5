//! `relata ddl`.

use clap::ValueEnum;

use relata_compiler::check;
use relata_compiler::plan::{self, Database};

use super::report::{self, Colours};
use super::{Failure, Outcome, Source, inputs};

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
    let graph = inputs::sound(&args.source, colours, check)?;
    report::result(plan::ddl(&graph, args.dialect.into()).as_bytes())
}
