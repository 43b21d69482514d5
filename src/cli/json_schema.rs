//! `relata json-schema`.

use relata_compiler::json_schema;

use super::{Failure, Outcome, report};

/// Print the JSON Schema of the language, for editors
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> Result<Outcome, Failure> {
    report::result(json_schema::language().as_bytes())
}
