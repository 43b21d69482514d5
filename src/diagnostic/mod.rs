//! Findings as plain data, and the sink that collects them.
//!
//! A rule says what is wrong, where, and how to mend it; it never formats. [`render`] turns the same data into
//! text for people or for programs. Knows places in files, and nothing of schemas.

pub mod codes;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
pub mod levels;
mod patch;
mod place;
mod report;
mod sarif;
mod short;
pub(crate) mod suggest;
mod told;
pub(crate) mod visible;

use std::borrow::Cow;
use std::cell::Cell;

use crate::source::{SourceMap, Span};

pub use codes::{Code, CodeInfo, Severity};
pub use report::Report;

/// One thing that is wrong, with everything needed to show and to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: Code,
    /// Whether it stops generation.
    pub severity: Severity,
    /// What is wrong, in the schema's own words.
    pub message: String,
    /// The places that matter; the first is the word to change. Empty where no file is at fault.
    pub labels: Vec<Label>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
}

/// A place and what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub message: String,
    /// Whether this is the word to change.
    pub primary: bool,
}

/// A change of the schema text after which the finding is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an instruction.
    pub message: String,
    /// Whether it may be made without asking.
    pub applicability: Applicability,
    /// Replacements that do not overlap.
    pub edits: Vec<Edit>,
}

/// How sure a fix is of what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Nothing else can have been meant: `relata check --fix` makes the change.
    Certain,
    /// What was most likely meant; a person decides.
    Likely,
}

impl Applicability {
    /// In lower case, as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }
}

/// The replacement of one stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty for an insertion.
    pub span: Span,
    /// What comes instead.
    pub text: String,
}

impl Diagnostic {
    /// A finding without places, notes and fixes yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Points at the word to change.
    #[must_use]
    pub fn primary(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.insert(0, Label { span, message: message.into(), primary: true });
        self
    }

    /// Points at another place that matters.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into(), primary: false });
        self
    }

    /// Adds a sentence.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a way to mend it that is surely what was meant.
    #[must_use]
    pub fn fix(self, message: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.fix_if(Some(Fix::certain(message, edits)))
    }

    /// Adds a way to mend it where there is one.
    #[must_use]
    pub fn fix_if(mut self, fix: Option<Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }

    /// What is quoted from a file may hide, act on a terminal, or be longer than a screen.
    fn make_visible(&mut self) {
        let labels = self.labels.iter_mut().map(|label| &mut label.message);
        let fixes = self.fixes.iter_mut().map(|fix| &mut fix.message);
        for text in [&mut self.message].into_iter().chain(labels).chain(&mut self.notes).chain(fixes) {
            if let Cow::Owned(shown) = visible::text(text) {
                *text = shown;
            }
        }
    }

    /// The place to open first.
    pub fn place(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

impl Fix {
    /// A change that is surely what was meant.
    pub fn certain(message: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self::new(Applicability::Certain, message.into(), edits)
    }

    /// A change that is most likely what was meant.
    pub fn likely(message: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self::new(Applicability::Likely, message.into(), edits)
    }

    /// Whether it may be made without asking.
    pub fn is_certain(&self) -> bool {
        self.applicability == Applicability::Certain
    }

    /// The same change, for a person to decide.
    #[must_use]
    pub fn unsure(self) -> Self {
        Self { applicability: Applicability::Likely, ..self }
    }

    fn new(applicability: Applicability, message: String, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { message, applicability, edits: edits.into_iter().collect() }
    }
}

impl Edit {
    /// Puts `text` in the place of a span.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Puts `text` before a byte.
    pub fn insert(before: Span, text: impl Into<String>) -> Self {
        Self { span: Span { end: before.start, ..before }, text: text.into() }
    }
}

/// The sink of a run: stages push, the driver asks and sorts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Diagnostics {
    findings: Vec<Diagnostic>,
    errors: usize,
    /// How many were left out because there are too many.
    left_out: usize,
    /// How many names were compared with misspelt ones.
    compared: Cell<usize>,
}

/// Findings that a run keeps: more than anyone reads, fewer than would exhaust the memory.
const MAX_FINDINGS: usize = 10_000;

/// Comparisons that a run may spend on suggestions.
const MAX_COMPARED: usize = 500_000;

impl Diagnostics {
    pub(crate) fn push(&mut self, mut finding: Diagnostic) {
        self.errors += usize::from(finding.severity == Severity::Error);
        if self.findings.len() >= MAX_FINDINGS {
            self.left_out += 1;
            return;
        }
        finding.make_visible();
        self.findings.push(finding);
    }

    /// Takes over what another sink collected.
    pub(crate) fn append(&mut self, other: Self) {
        self.errors += other.errors;
        self.findings.extend(other.findings);
    }

    /// Gives findings another code, except those that have one of `kept`.
    pub(crate) fn recode(&mut self, code: Code, kept: impl Fn(&CodeInfo) -> bool) {
        self.findings.iter_mut().filter(|finding| !kept(finding.code)).for_each(|finding| finding.code = code);
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        for finding in findings {
            self.push(finding);
        }
    }

    /// How many errors there are so far; a difference tells whether a step found any.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The nearest known name; none once so much is wrong that looking for all of them would take too long.
    pub(crate) fn suggest<'a>(&self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let counted = known.into_iter().inspect(|_| self.compared.set(self.compared.get() + 1));
        (self.compared.get() < MAX_COMPARED).then(|| suggest::nearest(word, counted)).flatten()
    }

    /// Whether there is time to look closely at each.
    pub(crate) fn are_few(&self) -> bool {
        self.findings.len() < 500
    }

    /// Everything found, sorted by file, place and code, each once.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut findings = self.findings;
        findings.sort_by(|a, b| (a.place(), a.code.code, &a.message).cmp(&(b.place(), b.code.code, &b.message)));
        findings.dedup();
        if self.left_out > 0 {
            let message = format!("and at least {} more findings, which are not shown", self.left_out);
            findings.push(Diagnostic::new(&codes::TOO_MANY_FINDINGS, message));
        }
        findings
    }
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With the schema's lines and carets, for people.
    Human,
    /// One line each: `file:line:column: severity[code]: message`.
    Short,
    /// One JSON object a line.
    Json,
    /// GitHub's workflow commands, which annotate the lines of a pull request.
    Github,
    /// One SARIF 2.1.0 document, for code scanning.
    Sarif,
    /// GitLab's code quality report.
    Gitlab,
}

/// Writes findings in a format; `colour` matters for people only.
pub fn render(format: Format, findings: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    match format {
        Format::Human => visible::lines(human::render(findings, sources, colour)),
        Format::Short => short::render(findings, sources),
        Format::Json => json::render(findings, sources),
        Format::Github => github::render(findings, sources),
        Format::Sarif => sarif::render(findings, sources),
        Format::Gitlab => gitlab::render(findings, sources),
    }
}
