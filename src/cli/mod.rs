//! The program's options and what they do.
//!
//! Standard output carries results, standard error everything else; exit codes are 0 for clean, 1 for findings or
//! stale output, 2 for what could not run. Knows nothing of how schemas are checked or code is made.

mod add;
mod check;
mod completions;
mod ddl;
mod explain;
mod generate;
mod graph;
mod init;
mod inputs;
mod json_schema;
mod levels;
mod progress;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use relata_compiler::diagnostic::Format;

const EXAMPLES: &str = "\
Examples:
  relata init                           start a project: schema, build.rs, src/main.rs
  relata check                          check what relata.yaml names, or schemas/
  relata check shop.yaml --format json  one finding a line, for programs
  relata check --fix                    make the fixes that are certain
  relata add belongsTo Order Customer   write a relation into the schema
  relata generate --out src/shop        write the code of a schema
  relata generate --out src/shop --check
                                        fail if it is not up to date, show how
  relata explain key-needs-key-to       what a finding means
  relata ddl | sqlite3 shop.db          create the tables
  relata json-schema > schemas/relata.schema.json
                                        what editors complete schemas by

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
    Check(check::Args),
    Add(add::Args),
    Generate(generate::Args),
    Explain(explain::Args),
    Ddl(ddl::Args),
    Init(init::Args),
    JsonSchema(json_schema::Args),
    Graph(graph::Args),
    Completions(completions::Args),
}

/// What is read.
#[derive(Debug, clap::Args)]
struct Source {
    /// Schema files, folders or patterns; `-` is standard input; default: what relata.yaml names, else schemas/
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// One of the schemas that relata.yaml lists by name; default: all of them
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// The settings; default: relata.yaml here or above, at most as far as Cargo.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// How findings are told, and which of them fail.
#[derive(Debug, clap::Args)]
struct Findings {
    /// How findings are written
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    format: ReportFormat,
    #[command(flatten)]
    levels: levels::Args,
    /// Leave out the findings that this file knows; default: relata.yaml's `baseline`
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// With the schema's lines, for people
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
    /// Annotations of a pull request on GitHub
    Github,
    /// One SARIF 2.1.0 document, for code scanning
    Sarif,
    /// A code quality report for GitLab
    Gitlab,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human => Self::Human,
            ReportFormat::Short => Self::Short,
            ReportFormat::Json => Self::Json,
            ReportFormat::Github => Self::Github,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Gitlab => Self::Gitlab,
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

/// Why a run could not do its work.
#[derive(Debug)]
enum Failure {
    /// In a sentence, which is still to be told.
    Sentence(String),
    /// By findings, which are told already.
    Told(Outcome),
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Sentence(sentence)
    }
}

impl From<&str> for Failure {
    fn from(sentence: &str) -> Self {
        Self::Sentence(sentence.to_owned())
    }
}

/// Runs the program with the process's arguments.
pub(crate) fn main() -> ExitCode {
    let Cli { command, color } = Cli::parse();
    let colours = report::Colours::choose(color);
    let outcome = match command {
        Command::Check(args) => check::run(&args, &colours),
        Command::Add(args) => add::run(&args, &colours),
        Command::Generate(args) => generate::run(&args, &colours),
        Command::Explain(args) => explain::run(&args, &colours),
        Command::Ddl(args) => ddl::run(&args, &colours),
        Command::Init(args) => init::run(&args),
        Command::JsonSchema(args) => json_schema::run(&args),
        Command::Graph(args) => graph::run(&args, &colours),
        Command::Completions(args) => completions::run(&args),
    };
    match outcome {
        Ok(outcome) | Err(Failure::Told(outcome)) => match outcome {
            Outcome::Clean => ExitCode::SUCCESS,
            Outcome::Findings => ExitCode::from(1),
            Outcome::Unread => ExitCode::from(2),
        },
        Err(Failure::Sentence(sentence)) => {
            report::complain(&sentence);
            ExitCode::from(2)
        }
    }
}
