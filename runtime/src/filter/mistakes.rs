//! What is wrong with a filter, and where.

use std::fmt;

use crate::Error;

/// One thing that is wrong with a filter from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// Where it stands: `where.items.some.quantity.gt`, `include[0].scope.order`.
    pub path: String,
    /// What was found, and what is allowed. No value of the filter is repeated.
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(path: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { path: path.to_string(), message: message.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, message } = self;
        if path.is_empty() { f.write_str(message) } else { write!(f, "`{path}`: {message}") }
    }
}

/// A place in a filter. Names come from outside: written, they are cut and escaped.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(super) fn key(&'p self, name: &'p str) -> Self {
        Self::Key(self, name)
    }

    pub(super) fn at(&'p self, index: usize) -> Self {
        Self::Index(self, index)
    }
}

/// The most characters of a name that are repeated.
const NAME: usize = 64;

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(above, name) => {
                above.fmt(f)?;
                if !matches!(above, Self::Root) {
                    f.write_str(".")?;
                }
                for character in name.chars().take(NAME) {
                    write!(f, "{}", character.escape_debug())?;
                }
                if name.chars().nth(NAME).is_some() { f.write_str("…") } else { Ok(()) }
            }
            Self::Index(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}

/// All that is wrong with one filter, up to a number that can be read.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<Mistake>);

/// More are not told.
const MOST: usize = 32;

impl Mistakes {
    pub(super) fn add(&mut self, path: Path<'_>, message: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(Mistake::new(path, message));
        }
    }

    pub(super) fn into_error(self) -> Option<Error> {
        (!self.0.is_empty()).then_some(Error::InvalidFilter { mistakes: self.0 })
    }
}
