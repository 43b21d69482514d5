//! `relata ddl`.

use clap::ValueEnum;

use relata_compiler::check;
use relata_compiler::plan::{self, Database};

use super::report::{self, Colours};
use super::{Failure, Outcome, Source, inputs};

const EXAMPLES: &str = "\
Examples:
  relata ddl | sqlite3 shop.db
  relata ddl --dialect postgres | psql --single-transaction --set ON_ERROR_STOP=1 shop
  relata ddl --dialect mysql schemas/shop | mariadb shop
  relata ddl --datasource crm | sqlite3 crm.db";

/// Print the statements that create the tables, in an order in which they can be run
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// The database that they are for
    #[arg(long, value_enum, default_value_t = Dialect::Sqlite)]
    dialect: Dialect,
    /// Only the tables of this datasource; default: of every one, one after the other
    #[arg(long, value_name = "NAME")]
    datasource: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dialect {
    /// SQLite 3.37 and newer
    Sqlite,
    /// PostgreSQL 15 and newer
    Postgres,
    /// MariaDB 10.6 and newer, MySQL 8.0.17 and newer
    Mysql,
}

impl From<Dialect> for Database {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite,
            Dialect::Postgres => Self::Postgres,
            Dialect::Mysql => Self::Mysql,
        }
    }
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let graph = inputs::sound(&args.source, colours, check)?;
    let database = args.dialect.into();
    let text = match &args.datasource {
        Some(name) => plan::ddl_of(&graph, database, name).map_err(|error| error.to_string())?,
        None => plan::ddl(&graph, database),
    };
    report::result(text.as_bytes())
}
