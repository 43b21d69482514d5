//! Where text goes: results to standard output, the rest to standard error, coloured where that helps.

use std::io::{self, IsTerminal as _};

use relata_compiler::diagnostic::{self, Diagnostic};
use relata_compiler::settings::Settled;

use super::{Colour, Failure, Outcome, ReportFormat};

/// Whether each stream is coloured.
pub(super) struct Colours {
    pub(super) out: bool,
    err: bool,
}

impl Colours {
    /// By option, by `NO_COLOR`, by what the stream is.
    pub(super) fn choose(colour: Colour) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let on = |terminal: bool| match colour {
            Colour::Auto => wanted && terminal,
            Colour::Always => true,
            Colour::Never => false,
        };
        Self { out: on(io::stdout().is_terminal()), err: on(io::stderr().is_terminal()) }
    }
}

/// Which stream findings go to.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    /// They are the result.
    Out,
    /// They stand beside it.
    Err,
}

/// Writes findings, and says whether they fail the run.
pub(super) fn findings(
    settled: &Settled,
    format: ReportFormat,
    colours: &Colours,
    stream: Stream,
) -> Result<Outcome, Failure> {
    let Settled { report, hidden, baseline } = settled;
    let text = |colour| diagnostic::render(format.into(), &report.findings, &report.sources, colour);
    match stream {
        Stream::Out => print(io::stdout().lock(), text(colours.out).as_bytes())?,
        Stream::Err => print(io::stderr().lock(), text(colours.err).as_bytes())?,
    };
    match hidden {
        0 => {}
        1 => drop(note(&format!("1 known finding is left out: {baseline} lists it"))?),
        _ => drop(note(&format!("{hidden} known findings are left out: {baseline} lists them"))?),
    }
    let unread = |finding: &Diagnostic| finding.code.code == "unreadable-file";
    Ok(if report.findings.iter().any(unread) {
        Outcome::Unread
    } else if report.has_errors() {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// Writes what the user asked for.
pub(super) fn result(text: &[u8]) -> Result<Outcome, Failure> {
    print(io::stdout().lock(), text)
}

/// Writes a sentence beside the result.
pub(super) fn note(text: &str) -> Result<Outcome, Failure> {
    print(io::stderr().lock(), format!("{text}\n").as_bytes())
}

/// Writes why the program could not do its work.
pub(super) fn complain(failure: &str) {
    // There is nowhere left to say that this fails.
    let _ = print(io::stderr().lock(), format!("error: {failure}\n").as_bytes());
}

/// A reader that has seen enough, such as `head`, is no failure.
fn print(mut stream: impl io::Write, text: &[u8]) -> Result<Outcome, Failure> {
    match stream.write_all(text).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot write: {error}").into()),
        _ => Ok(Outcome::Clean),
    }
}
