//! What can go wrong at run time, with a stable code for each case.
//!
//! Messages name models, properties and relations as the schema does. Values never appear in them, with
//! one exception: the id that was asked for, in `not_found`.

use std::fmt;

/// The result of every operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal, a failure or a miss; [`Error::code`] is stable across versions.
///
/// ```
/// let error = relata::Error::NotFound { model: "Order", id: Some("7".to_owned()) };
/// assert_eq!(error.code(), "not_found");
/// assert_eq!(error.to_string(), "there is no Order with id 7");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// No row with that id, or none that matches where one was asked for.
    NotFound {
        /// The model asked.
        model: &'static str,
        /// The id asked for, as text; `None` where the row was asked for by condition.
        id: Option<String>,
    },
    /// A unique key or primary key is taken, or more than one row answered where one was asked for.
    Conflict {
        /// The model written or asked.
        model: &'static str,
        /// The properties of the key, or what else is in conflict.
        key: String,
    },
    /// A relation's key would point at no row: it was stored so, or rows still point at what was to go.
    ForeignKey {
        /// The model that holds the key.
        model: &'static str,
        /// The relation on that side, `Customer.orders` where only the other side is declared.
        relation: String,
    },
    /// Values that the schema does not allow; all failures of a write at once.
    Validation {
        /// The model written.
        model: &'static str,
        /// Each property with the rule that it breaks.
        failures: Vec<Failure>,
    },
    /// The version given is not the stored one: somebody else changed the row.
    Stale {
        /// The model written.
        model: &'static str,
    },
    /// A required relation whose key points at no row (weak relations only).
    Dangling {
        /// The model that holds the key.
        model: &'static str,
        /// The key property, or properties joined by commas.
        property: String,
        /// The model pointed at.
        target: &'static str,
    },
    /// The database is busy or the transaction lost against another one; running it again may succeed.
    Serialization {
        /// What the database said.
        message: String,
    },
    /// A statement took longer than it may.
    Timeout {
        /// How long it may take.
        message: String,
    },
    /// No connection became free in time.
    PoolTimeout {
        /// How long the call waited and for what.
        message: String,
    },
    /// The database cannot be opened or reached.
    Connect {
        /// What was tried and what failed.
        message: String,
    },
    /// The database cannot do it now: read-only, full, damaged.
    Unavailable {
        /// What the database said.
        message: String,
    },
    /// The connection was lost while the database committed: the changes may be stored, or not.
    CommitUnknown {
        /// What was lost.
        message: String,
    },
    /// A stored value that does not fit the schema.
    Decode {
        /// The table read.
        table: &'static str,
        /// The column that does not fit.
        column: &'static str,
        /// What the schema says.
        expected: &'static str,
        /// What was stored: a kind of value, never the value.
        found: String,
    },
    /// A table that exists with other columns, types or keys.
    Migration {
        /// Each difference in a sentence.
        differences: Vec<String>,
    },
    /// Whatever else the database reports.
    Driver {
        /// What the database said.
        message: String,
    },
}

/// One property that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The property as the schema names it.
    pub property: &'static str,
    /// The rule, in words: `longer than 255 characters`.
    pub rule: String,
}

impl Error {
    /// The stable code of this error, in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::ForeignKey { .. } => "foreign_key",
            Self::Validation { .. } => "validation",
            Self::Stale { .. } => "stale",
            Self::Dangling { .. } => "dangling",
            Self::Serialization { .. } => "serialization",
            Self::Timeout { .. } => "timeout",
            Self::PoolTimeout { .. } => "pool_timeout",
            Self::Connect { .. } => "connect",
            Self::Unavailable { .. } => "unavailable",
            Self::CommitUnknown { .. } => "commit_unknown",
            Self::Decode { .. } => "decode",
            Self::Migration { .. } => "migration",
            Self::Driver { .. } => "driver",
        }
    }

    /// Whether running the same transaction again may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Serialization { .. })
    }

    pub(crate) fn validation(model: &'static str, property: &'static str, rule: impl Into<String>) -> Self {
        Self::Validation { model, failures: vec![Failure { property, rule: rule.into() }] }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { model, id: Some(id) } => write!(f, "there is no {model} with id {id}"),
            Self::NotFound { model, id: None } => write!(f, "there is no {model} that matches"),
            Self::Conflict { model, key } => write!(f, "{model} is in conflict: {key}"),
            // One sentence for both sides: a key that is stored, and a row that keys point at.
            Self::ForeignKey { model, relation } if relation.contains('.') => {
                write!(f, "a {model} would lead to no row by {relation}")
            }
            Self::ForeignKey { model, relation } => write!(f, "{model}.{relation} would lead to no row"),
            Self::Validation { model, failures } => {
                write!(f, "{model} is not valid: ")?;
                for (n, failure) in failures.iter().enumerate() {
                    let comma = if n == 0 { "" } else { ", " };
                    write!(f, "{comma}{} {}", failure.property, failure.rule)?;
                }
                Ok(())
            }
            Self::Stale { model } => write!(f, "the {model} was changed since its version was read"),
            Self::Dangling { model, property, target } => {
                write!(f, "{model}.{property} points at a {target} that does not exist")
            }
            Self::Serialization { message } => write!(f, "{message}; running it again may succeed"),
            Self::Timeout { message }
            | Self::PoolTimeout { message }
            | Self::Connect { message }
            | Self::Unavailable { message }
            | Self::CommitUnknown { message } => f.write_str(message),
            Self::Decode { table, column, expected, found } => {
                write!(f, "{table}.{column} holds {found} where the schema says {expected}")
            }
            Self::Migration { differences } => {
                write!(f, "the database does not fit the schema: {}", differences.join("; "))
            }
            Self::Driver { message } => write!(f, "the database refused the statement: {message}"),
        }
    }
}

impl std::error::Error for Error {}
