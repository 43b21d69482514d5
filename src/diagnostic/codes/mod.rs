//! Every code with what it means, why it is refused, and how it is done right; one file for each family.
//!
//! The text serves `relata explain`, the docs table and the tests, which check every example.

mod constraints;
mod files;
mod keys;
mod models;
mod names;
mod page;
mod properties;
mod relations;
mod settings;
mod syntax;
mod views;
mod warnings;

use std::fmt;

use super::suggest;

pub(crate) use constraints::*;
pub(crate) use files::*;
pub(crate) use keys::*;
pub(crate) use models::*;
pub(crate) use names::*;
pub(crate) use properties::*;
pub(crate) use relations::*;
pub(crate) use settings::*;
pub(crate) use syntax::*;
pub(crate) use views::*;
pub(crate) use warnings::*;

/// A code: a reference to the one description of it.
pub type Code = &'static CodeInfo;

/// What a code stands for.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code itself, in kebab-case; never reused.
    pub code: &'static str,
    /// The group it is explained with.
    pub family: &'static str,
    /// Whether it stops generation.
    pub severity: Severity,
    /// One line.
    pub title: &'static str,
    /// What it means and why it is refused.
    pub explanation: &'static str,
    /// A schema that has exactly this finding, or settings where [`is_of_settings`](Self::is_of_settings); empty
    /// where no text alone can have it.
    pub wrong: &'static str,
    /// The same as it should be.
    pub right: &'static str,
}

impl CodeInfo {
    /// Whether the finding is one of `relata.yaml` or a baseline, and so are its examples.
    pub fn is_of_settings(&self) -> bool {
        self.family == "settings"
    }
}

impl fmt::Display for CodeInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Worth a look.
    Warning,
}

impl Severity {
    /// In lower case, as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Every code, family by family in the order of the stages that find them.
pub const ALL: &[Code] = &{
    const FAMILIES: [&[Code]; 11] = [
        files::FAMILY,
        syntax::FAMILY,
        names::FAMILY,
        models::FAMILY,
        properties::FAMILY,
        relations::FAMILY,
        keys::FAMILY,
        constraints::FAMILY,
        views::FAMILY,
        warnings::FAMILY,
        settings::FAMILY,
    ];
    concat::<{ total(&FAMILIES) }>(&FAMILIES)
};

/// The code whose name is nearest to a word that is none.
pub fn nearest(word: &str) -> Option<Code> {
    suggest::nearest(word, ALL.iter().map(|info| info.code)).and_then(find)
}

/// The code of that name.
pub fn find(code: &str) -> Option<Code> {
    ALL.iter().copied().find(|info| info.code == code)
}

const fn total(families: &[&[Code]]) -> usize {
    let (mut sum, mut family) = (0, 0);
    while family < families.len() {
        sum += families[family].len();
        family += 1;
    }
    sum
}

const fn concat<const N: usize>(families: &[&[Code]]) -> [Code; N] {
    let mut all = [families[0][0]; N];
    let (mut at, mut family) = (0, 0);
    while family < families.len() {
        let mut member = 0;
        while member < families[family].len() {
            all[at] = families[family][member];
            at += 1;
            member += 1;
        }
        family += 1;
    }
    all
}

/// The examples begin on a line of their own, so that they stand in the source as they stand in a file.
const fn example(text: &'static str) -> &'static str {
    if text.is_empty() { text } else { text.split_at(1).1 }
}

/// Describes the codes of a family: constant, code, severity, title, explanation, wrong and right example.
macro_rules! codes {
    ($family:literal; $($name:ident = $code:literal, $severity:ident, $title:literal, $explanation:literal, $wrong:literal, $right:literal;)*) => {
        $(
            pub(crate) static $name: $crate::diagnostic::CodeInfo = $crate::diagnostic::CodeInfo {
                code: $code,
                family: $family,
                severity: $crate::diagnostic::Severity::$severity,
                title: $title,
                explanation: $explanation,
                wrong: $crate::diagnostic::codes::example($wrong),
                right: $crate::diagnostic::codes::example($right),
            };
        )*
        pub(super) const FAMILY: &[$crate::diagnostic::Code] = &[$(&$name),*];
    };
}
use codes;
