//! `relata explain`.

use std::fmt::Write as _;

use relata_compiler::diagnostic::codes::{self, CodeInfo};

use super::{Failure, Outcome, report};

/// Tell what a finding's code means; without a code, list all
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// As in `error[CODE]`
    code: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Outcome, Failure> {
    let text = match args.code.as_deref() {
        None => table(),
        Some(code) => {
            let name = code.trim_start_matches("error[").trim_start_matches("warning[").trim_end_matches(']');
            page(codes::find(name).ok_or_else(|| format!("there is no code `{name}`; `relata explain` lists all"))?)
        }
    };
    report::result(text.as_bytes())
}

fn page(info: &CodeInfo) -> String {
    format!("{}[{}]: {}\n\n{}", info.severity, info.code, info.title, info.text())
}

fn table() -> String {
    let width = codes::ALL.iter().map(|info| info.code.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut family = "";
    for info in codes::ALL {
        if info.family != family {
            let gap = if family.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}", info.family);
            family = info.family;
        }
        let _ = writeln!(text, "  {:width$}  {:7}  {}", info.code, info.severity.as_str(), info.title);
    }
    text
}
