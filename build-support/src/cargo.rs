//! What is said to Cargo: lines on standard output, one directive each.

use std::io::{self, Write as _};
use std::path::Path;

use crate::Error;

/// Directives, collected first, so that a run that fails says nothing half.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    text: String,
}

impl Directives {
    /// Run again when this file, or anything in this folder, changes.
    pub(crate) fn watch(&mut self, path: &Path) {
        self.line("rerun-if-changed", &path.display().to_string());
    }

    /// A report, line by line, so that carets stay under what they point at.
    pub(crate) fn warnings(&mut self, report: &str) {
        report.trim_end().lines().for_each(|line| self.line("warning", line));
    }

    /// As [`warnings`](Self::warnings); the build fails.
    pub(crate) fn errors(&mut self, report: &str) {
        report.trim_end().lines().for_each(|line| self.line("error", line));
    }

    fn line(&mut self, directive: &str, value: &str) {
        self.text.push_str("cargo::");
        self.text.push_str(directive);
        self.text.push('=');
        self.text.push_str(value);
        self.text.push('\n');
    }

    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn print(self) -> Result<(), Error> {
        io::stdout()
            .lock()
            .write_all(self.text.as_bytes())
            .map_err(|error| Error::new(format_args!("cannot speak to Cargo: {error}")))
    }
}
