//! `relata json-schema`.

use relata_compiler::json_schema;

use super::{Failure, Outcome, report};

/// Print the JSON Schema of the language, for editors
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// That of relata.yaml instead
    #[arg(long)]
    settings: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome, Failure> {
    let schema = if args.settings { json_schema::settings() } else { json_schema::language() };
    report::result(schema.as_bytes())
}
