//! Lint levels: which warnings are left out, told, or told as errors. Data over findings; errors have no level.

use std::fmt;

use super::codes::{self, Code, Severity};
use super::{Diagnostic, suggest};

/// What becomes of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It is not told.
    Allow,
    /// It is told.
    Warn,
    /// It is told as an error.
    Deny,
}

impl Level {
    /// Every level with the word for it.
    pub const ALL: [(&'static str, Self); 3] = [("allow", Self::Allow), ("warn", Self::Warn), ("deny", Self::Deny)];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// What a level is set for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lint {
    /// Every warning that has no level of its own.
    Warnings,
    /// The warnings of one code.
    Code(Code),
}

/// The word that stands for every warning.
const WARNINGS: &str = "warnings";

/// Why a word cannot be given a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintError {
    /// It is no code; perhaps this one was meant.
    Unknown(Option<&'static str>),
    /// It is the code of an error, which has no lower level.
    IsError(Code),
}

impl Lint {
    /// The lint of that name.
    ///
    /// # Errors
    /// When it is no code, or that of an error, which can be denied only.
    pub fn find(word: &str, level: Level) -> Result<Self, LintError> {
        if word == WARNINGS {
            return Ok(Self::Warnings);
        }
        match codes::find(word) {
            Some(code) if code.severity == Severity::Error && level != Level::Deny => Err(LintError::IsError(code)),
            Some(code) => Ok(Self::Code(code)),
            None => Err(LintError::Unknown(suggest::nearest(word, Self::names()))),
        }
    }

    fn names() -> impl Iterator<Item = &'static str> {
        let warnings = codes::ALL.iter().filter(|info| info.severity == Severity::Warning);
        warnings.chain(codes::ALL).map(|info| info.code).chain([WARNINGS])
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Warnings => WARNINGS,
            Self::Code(code) => code.code,
        }
    }
}

impl fmt::Display for LintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(Some(nearest)) => write!(f, "there is no such code; did you mean `{nearest}`?"),
            Self::Unknown(None) => f.write_str("there is no such code; `relata explain` lists all"),
            Self::IsError(code) => {
                write!(f, "`{code}` is an error, and only warnings have levels; known errors can go into a baseline")
            }
        }
    }
}

impl std::error::Error for LintError {}

/// Who sets a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    File,
    CommandLine,
}

/// The levels of a run: what `relata.yaml` and the command line set.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    set: Vec<(Lint, Level, By)>,
}

impl Levels {
    /// Sets a level as `relata.yaml` does.
    pub fn set_in_file(&mut self, lint: Lint, level: Level) {
        self.set.push((lint, level, By::File));
    }

    /// Sets a level as the command line does.
    pub fn set_by_option(&mut self, lint: Lint, level: Level) {
        self.set.push((lint, level, By::CommandLine));
    }

    /// These and those together.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        self.set.extend_from_slice(&others.set);
        self
    }

    /// A code's own level beats that of all warnings, the command line beats the file, the later beats the earlier.
    fn of(&self, code: Code) -> Option<(Lint, Level, By)> {
        let applies = |lint: Lint| lint == Lint::Warnings || lint == Lint::Code(code);
        let set = self.set.iter().copied().filter(|(lint, ..)| applies(*lint));
        set.max_by_key(|(lint, _, by)| (*lint != Lint::Warnings, *by))
    }

    /// Whether warnings of that code are left out.
    pub fn allows(&self, code: Code) -> bool {
        self.of(code).is_some_and(|(_, level, _)| level == Level::Allow)
    }

    /// Leaves out the warnings that are allowed and makes errors of those that are denied.
    pub fn apply(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| {
            if finding.severity == Severity::Error {
                return true;
            }
            match self.of(finding.code) {
                Some((_, Level::Allow, _)) => return false,
                Some((lint, Level::Deny, by)) => {
                    finding.severity = Severity::Error;
                    finding.notes.push(match by {
                        By::File => format!("a warning, denied by `{}: deny` in relata.yaml", lint.as_str()),
                        By::CommandLine => format!("a warning, denied by `--deny {}`", lint.as_str()),
                    });
                }
                Some((_, Level::Warn, _)) | None => {}
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENUM: &str = "unused-enum";

    fn set(file: &[(&str, Level)], line: &[(&str, Level)]) -> Levels {
        let mut levels = Levels::default();
        let find = |(word, level): &(&str, Level)| (Lint::find(word, *level).expect("it is a lint"), *level);
        line.iter().map(find).for_each(|(lint, level)| levels.set_by_option(lint, level));
        // In whichever order they are read.
        file.iter().map(find).for_each(|(lint, level)| levels.set_in_file(lint, level));
        levels
    }

    /// What becomes of an unused enum.
    fn outcome(levels: &Levels) -> Level {
        let mut findings = vec![Diagnostic::new(codes::find(ENUM).expect("it is a code"), "an enum")];
        levels.apply(&mut findings);
        match findings.first().map(|finding| finding.severity) {
            None => Level::Allow,
            Some(Severity::Warning) => Level::Warn,
            Some(Severity::Error) => Level::Deny,
        }
    }

    #[test]
    fn the_specific_the_command_line_and_the_later_win() {
        use Level::{Allow, Deny, Warn};
        for (file, line, expected) in [
            (&[][..], &[][..], Warn),
            (&[], &[("warnings", Deny)], Deny),
            (&[("warnings", Deny)], &[], Deny),
            (&[(ENUM, Allow)], &[("warnings", Deny)], Allow),
            (&[(ENUM, Allow)], &[(ENUM, Deny)], Deny),
            (&[("warnings", Deny)], &[("warnings", Allow)], Allow),
            (&[("warnings", Deny)], &[(ENUM, Warn)], Warn),
            (&[], &[(ENUM, Allow), (ENUM, Deny)], Deny),
            (&[], &[(ENUM, Deny), (ENUM, Allow)], Allow),
            (&[], &[(ENUM, Allow), ("warnings", Deny)], Allow),
            (&[], &[("cascade-cycle", Allow)], Warn),
        ] {
            assert_eq!(outcome(&set(file, line)), expected, "{file:?}, then {line:?}");
        }
    }

    #[test]
    fn what_has_no_level_is_refused() {
        assert_eq!(Lint::find("unused-enums", Level::Deny), Err(LintError::Unknown(Some(ENUM))));
        assert_eq!(Lint::find("warning", Level::Deny), Err(LintError::Unknown(Some("warnings"))));
        assert_eq!(Lint::find("nonsense", Level::Deny), Err(LintError::Unknown(None)));
        assert!(matches!(Lint::find("unknown-type", Level::Allow), Err(LintError::IsError(_))));
        assert!(matches!(Lint::find("unknown-type", Level::Warn), Err(LintError::IsError(_))));
        assert!(Lint::find("unknown-type", Level::Deny).is_ok(), "so it is");
    }

    #[test]
    fn a_denied_warning_says_who_denied_it() {
        let mut findings = vec![Diagnostic::new(codes::find(ENUM).expect("it is a code"), "an enum")];
        set(&[], &[("warnings", Level::Deny)]).apply(&mut findings);
        assert_eq!(findings[0].notes, ["a warning, denied by `--deny warnings`"]);
    }
}
