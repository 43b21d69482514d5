//! The program's options and what they do.
//!
//! Standard output carries results, standard error everything else; exit codes are 0 for clean, 1 for findings or
//! stale output, 2 for what could not run. Knows nothing of how schemas are checked or code is made.

mod check;
mod ddl;
mod explain;
mod generate;
mod inputs;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use relata_compiler::diagnostic::Format;
use relata_compiler::plan::Database;

const EXAMPLES: &str = "\
Examples:
  relata check                          check what relata.yaml names, or schemas/
  relata check shop.yaml --format json  one finding a line, for programs
  relata generate --out src/shop        write the code of a schema
  relata generate --out src/shop --check
                                        fail if it is not up to date, show how
  relata explain key-needs-key-to       what a finding means
  relata ddl | sqlite3 shop.db          create the tables

Exit codes: 0 clean, 1 findings or stale output, 2 it could not run.";

/// Compiles declarative model and relation files into a typed Rust data layer.
#[derive(Debug, Parser)]
#[command(name = "relata", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to colour reports
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say everything that is wrong with a schema
    Check {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        findings: Findings,
    },
    /// Write the code of a schema
    Generate {
        #[command(flatten)]
        source: Source,
        /// The folder that holds the emitted files and nothing else that it would replace; default: relata.yaml's `out`
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Write nothing; print what would change and fail if anything would
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        findings: Findings,
    },
    /// Tell what a finding's code means; without a code, list all
    Explain {
        /// As in `error[CODE]`
        code: Option<String>,
    },
    /// Print the statements that create the tables, in dependency order
    Ddl {
        #[command(flatten)]
        source: Source,
        /// The database that they are for
        #[arg(long, value_enum, default_value_t = Dialect::Sqlite)]
        dialect: Dialect,
    },
    /// Print a shell's completions for this program
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What is read.
#[derive(Debug, Args)]
struct Source {
    /// Schema files, folders or patterns; `-` is standard input; default: what relata.yaml names, else schemas/
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
}

/// How findings are told, and which of them fail.
#[derive(Debug, Args)]
struct Findings {
    /// How findings are written
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    format: ReportFormat,
    /// Fail on warnings too
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// With the schema's lines, for people
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human => Self::Human,
            ReportFormat::Short => Self::Short,
            ReportFormat::Json => Self::Json,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Deny {
    /// Every warning
    Warnings,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a run ended, other than by failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Clean,
    Findings,
    /// Some of the schema could not be read: what there is to say of the rest is not all.
    Unread,
}

/// Why a run could not do its work, as a sentence.
type Failure = String;

/// Runs the program with the process's arguments.
pub(crate) fn main() -> ExitCode {
    let Cli { command, color } = Cli::parse();
    let colour = report::Colours::choose(color);
    let outcome = match command {
        Command::Check { source, findings } => check::run(&source, &findings, &colour),
        Command::Generate { source, out, check, findings } => generate::run(&source, out, check, &findings, &colour),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Ddl { source, dialect } => ddl::run(&source, dialect.into(), &colour),
        Command::Completions { shell } => completions(shell),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Unread) => ExitCode::from(2),
        Err(failure) => {
            report::complain(&failure);
            ExitCode::from(2)
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "relata", &mut script);
    report::result(&script)
}
