//! `relata explain`.

use std::fmt::{Display, Write as _};

use clap::builder::styling::{AnsiColor, Style};

use relata_compiler::diagnostic::Severity;
use relata_compiler::diagnostic::codes::{self, Code};

use super::report::{self, Colours};
use super::{Failure, Outcome};

/// Tell what a finding's code means; without a code, list all
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// As in `error[CODE]`; also several
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

pub(super) fn run(args: &Args, colours: &Colours) -> Result<Outcome, Failure> {
    let codes = args.codes.iter().map(|code| find(code)).collect::<Result<Vec<_>, _>>()?;
    let pages: Vec<_> = codes.into_iter().map(|code| page(code, colours.out)).collect();
    let text = if pages.is_empty() { table(colours.out) } else { pages.join("\n\n") };
    report::result(text.as_bytes())
}

/// The code of a word, also as a report writes it: `error[unknown-key]`.
fn find(word: &str) -> Result<Code, String> {
    let name = word.split_once('[').map_or(word, |(_, name)| name).trim_end_matches([']', ':']);
    let name = name.to_lowercase().replace('_', "-");
    codes::find(&name).ok_or_else(|| match codes::nearest(&name) {
        Some(meant) => format!("there is no code `{name}`: did you mean `{}`?", meant.code),
        None => format!("there is no code `{name}`; `relata explain` lists all"),
    })
}

fn page(info: Code, colour: bool) -> String {
    let code = painted(format!("{}[{}]", info.severity, info.code), of(info.severity), colour);
    let mut text = format!("{code}: {}\n\n", painted(info.title, Style::new().bold(), colour));
    for line in info.text().lines() {
        let is_heading = matches!(line, "Wrong:" | "Right:");
        let style = if is_heading { Style::new().bold() } else { Style::new() };
        let _ = writeln!(text, "{}", painted(line, style, colour && is_heading));
    }
    text
}

fn table(colour: bool) -> String {
    let width = codes::ALL.iter().map(|info| info.code.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut family = "";
    for info in codes::ALL {
        if info.family != family {
            let gap = if family.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}", painted(info.family, Style::new().bold(), colour));
            family = info.family;
        }
        let severity = painted(format!("{:7}", info.severity.as_str()), of(info.severity), colour);
        let _ = writeln!(text, "  {:width$}  {severity}  {}", info.code, info.title);
    }
    text
}

/// As in reports.
fn of(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::BrightYellow,
    };
    colour.on_default().bold()
}

fn painted(text: impl Display, style: Style, colour: bool) -> String {
    if colour { format!("{style}{text}{style:#}") } else { text.to_string() }
}
