//! `relata graph`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use relata_compiler::picture::{self, PictureFormat, Selection};
use relata_compiler::{check, output};

use super::report::{self, Colours};
use super::{Failure, Outcome, Source, inputs};

const DEPTH: u32 = 1;

/// Draw the schema as an entity-relationship picture
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// How it is drawn; default: what the file name of --out says, else mermaid
    #[arg(long, value_enum)]
    format: Option<Drawn>,
    /// The file to write; default: standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write nothing; fail if the file of --out is not what the schema gives
    #[arg(long, requires = "out")]
    check: bool,
    /// Only these models, with the enums and values in them
    #[arg(long, value_name = "MODEL", value_delimiter = ',')]
    models: Vec<String>,
    /// Only these models and those related to them
    #[arg(long, value_name = "MODEL", value_delimiter = ',')]
    around: Vec<String>,
    /// How many relations away from --around a model may be
    #[arg(long, value_name = "N", default_value_t = DEPTH, requires = "around")]
    depth: u32,
}

const EXAMPLES: &str = "\
Examples:
  relata graph                             Mermaid, for Markdown
  relata graph --out docs/schema.svg       a picture, for a README
  relata graph --out docs/schema.svg --check
                                           fail if the picture is not up to date
  relata graph --around Order --depth 2    what stands near a model
  relata graph --format dot | dot -Tpdf    laid out by Graphviz";

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Drawn {
    /// Text that GitHub, GitLab and many wikis render
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture that needs nothing else
    Svg,
}

impl From<Drawn> for PictureFormat {
    fn from(drawn: Drawn) -> Self {
        match drawn {
            Drawn::Mermaid => Self::Mermaid,
            Drawn::Dot => Self::Dot,
            Drawn::Svg => Self::Svg,
        }
    }
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let format = args.format.map_or_else(|| named(args.out.as_deref()), |format| Ok(format.into()))?;
    let graph = inputs::sound(&args.source, colours, check)?;
    let selection = Selection { models: args.models.clone(), around: args.around.clone(), depth: args.depth };
    let text = picture::render(&graph, &selection, format).map_err(|error| error.to_string())?;
    match &args.out {
        None => report::result(text.as_bytes()),
        Some(file) if args.check => compare(args, file, &text),
        Some(file) if committed(file)?.as_deref() == Some(&text) => {
            report::note(&format!("{}: unchanged", file.display()))
        }
        Some(file) => {
            output::write_file(file, &text).map_err(|error| error.to_string())?;
            report::note(&format!("{}: written", file.display()))
        }
    }
}

fn committed(file: &Path) -> Result<Option<String>, Failure> {
    Ok(output::read_file(file).map_err(|error| error.to_string())?)
}

fn compare(args: &Args, file: &Path, text: &str) -> Result<Outcome, Failure> {
    if committed(file)?.as_deref() == Some(text) {
        return Ok(Outcome::Clean);
    }
    let command = command(args, file);
    report::note(&format!("error: `{}` is not what the schema says; run `{command}`", file.display()))?;
    Ok(Outcome::Findings)
}

/// The command that writes what this one compares.
fn command(args: &Args, file: &Path) -> String {
    let mut words = vec!["relata".to_owned(), "graph".to_owned()];
    words.extend_from_slice(&args.source.paths);
    let name = args.format.and_then(|format| format.to_possible_value()).map(|value| value.get_name().to_owned());
    let list = |models: &[String]| (!models.is_empty()).then(|| models.join(","));
    for (option, value) in [
        ("--schema", args.source.schema.clone()),
        ("--config", args.source.config.as_ref().map(|file| file.display().to_string())),
        ("--format", name),
        ("--models", list(&args.models)),
        ("--around", list(&args.around)),
        ("--depth", (args.depth != DEPTH).then(|| args.depth.to_string())),
        ("--out", Some(file.display().to_string())),
    ] {
        words.extend(value.into_iter().flat_map(|value| [option.to_owned(), value]));
    }
    words.join(" ")
}

/// What the file's name says.
fn named(out: Option<&Path>) -> Result<PictureFormat, Failure> {
    let Some(out) = out else { return Ok(PictureFormat::Mermaid) };
    match out.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => Ok(PictureFormat::Svg),
        Some("dot" | "gv") => Ok(PictureFormat::Dot),
        Some("mmd" | "mermaid") => Ok(PictureFormat::Mermaid),
        _ => Err(format!(
            "the name `{}` does not say how to draw: add `--format`, or end it in .svg, .mmd or .dot",
            out.display()
        )
        .into()),
    }
}
