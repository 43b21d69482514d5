//! `relata completions`.

use clap::CommandFactory as _;

use super::{Cli, Failure, Outcome, report};

/// Print a shell's completions for this program
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn run(args: &Args) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "relata", &mut script);
    report::result(&script)
}
