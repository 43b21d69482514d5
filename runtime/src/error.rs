//! What can go wrong at run time, with a stable code for each case.
//!
//! Messages name models, properties and relations as the schema does. Values never appear in them, with
//! one exception: the id that was asked for, in `not_found`.

use crate::filter::Mistake;
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
    /// Values that the schema does not allow; all failures of a write at once, up to a hundred or so.
    Validation {
        /// The model written; of rows that are made with a row, that of the row.
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
    /// An inclusion that the program disabled, or that asks of a resolver what it is not told.
    InclusionNotAllowed {
        /// The model that declares the relation.
        model: &'static str,
        /// The relation.
        relation: &'static str,
        /// Why, in words.
        reason: String,
    },
    /// A transaction is on one datasource, and the call on a model of another.
    CrossDatasource {
        /// Which datasources, and what to do.
        message: String,
    },
    /// A filter from outside that is not understood, or asks for more than it may; all that is wrong at once.
    InvalidFilter {
        /// Each by its place in the filter.
        mistakes: Vec<Mistake>,
    },
    /// A filter from outside asks of rows that are in another database than those that it is about.
    CrossDatasourceFilter {
        /// The model that declares the relation.
        model: &'static str,
        /// The relation.
        relation: &'static str,
    },
    /// A stored discriminator that names no target of its relation.
    InvalidDiscriminator {
        /// The model that holds it.
        model: &'static str,
        /// The property that names the target.
        property: &'static str,
        /// The relation whose target it names.
        relation: &'static str,
    },
    /// The database is busy or the transaction lost against another one; running it again may succeed.
    Serialization {
        /// What the database said.
        message: String,
    },
    /// A statement took longer than it may, or a call was not done by its deadline. It is stopped and not done.
    Timeout {
        /// How long it may take, and what was waited for.
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
    /// The connection was lost while the database committed, or the deadline passed and the server does not say what it
    /// did: the changes may be stored, or not.
    CommitUnknown {
        /// What was lost.
        message: String,
    },
    /// A sum that has more digits than its type.
    Overflow {
        /// The model whose rows were added up.
        model: &'static str,
        /// The property, or properties joined by commas of which it is one.
        property: String,
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
    /// A value that a statement in SQL answers is of another type than it is read into.
    DecodeColumn {
        /// The column, or all of them where there are too many or too few.
        column: String,
        /// What was to be read.
        expected: String,
        /// What the statement answers: a kind of value, never the value.
        found: String,
    },
    /// A statement in SQL that is not sent: its values are miscounted, or it would change the connection for others.
    InvalidSql {
        /// What is wrong with it.
        message: String,
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
#[non_exhaustive]
pub struct Failure {
    /// Which of the rows given it is, from 0: `[3]` of a list, `orders[0]` of a relation's new rows, `[3].orders[0]` of
    /// both; empty where there is one row.
    pub at: String,
    /// The property as the schema names it.
    pub property: &'static str,
    /// Which part of its value breaks the rule: `[1]` of a list, `.street` of an embedded value, `[1].street` of both;
    /// empty where it is the value itself.
    pub part: String,
    /// The rule, in words: `is longer than 255 characters`.
    pub rule: String,
}

impl Failure {
    /// Of the property's value itself, in the only row.
    pub(crate) fn new(property: &'static str, rule: impl Into<String>) -> Self {
        Self { at: String::new(), property, part: String::new(), rule: rule.into() }
    }
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
            Self::InclusionNotAllowed { .. } => "inclusion_not_allowed",
            Self::CrossDatasource { .. } => "cross_datasource",
            Self::InvalidFilter { .. } => "invalid_filter",
            Self::CrossDatasourceFilter { .. } => "cross_datasource_filter",
            Self::InvalidDiscriminator { .. } => "invalid_discriminator",
            Self::Serialization { .. } => "serialization",
            Self::Timeout { .. } => "timeout",
            Self::PoolTimeout { .. } => "pool_timeout",
            Self::Connect { .. } => "connect",
            Self::Unavailable { .. } => "unavailable",
            Self::CommitUnknown { .. } => "commit_unknown",
            Self::Overflow { .. } => "overflow",
            Self::Decode { .. } | Self::DecodeColumn { .. } => "decode",
            Self::InvalidSql { .. } => "invalid_sql",
            Self::Migration { .. } => "migration",
            Self::Driver { .. } => "driver",
        }
    }

    /// Whether running the same transaction again may succeed, as [`retry`](crate::TransactionCall::retry) does. Nothing
    /// of it is stored then.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Serialization { .. })
    }

    /// One mistake of what is asked for.
    pub(crate) fn filter(path: &str, message: impl Into<String>) -> Self {
        Self::InvalidFilter { mistakes: vec![Mistake::new(path, message)] }
    }

    pub(crate) fn validation(model: &'static str, property: &'static str, rule: impl Into<String>) -> Self {
        Self::Validation { model, failures: vec![Failure::new(property, rule)] }
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
            Self::ForeignKey { relation, .. } if relation.is_empty() => {
                f.write_str("a foreign key would lead to no row")
            }
            Self::ForeignKey { model, relation } => write!(f, "{model}.{relation} would lead to no row"),
            Self::Validation { model, failures } => {
                write!(f, "{model} is not valid: ")?;
                for (n, failure) in failures.iter().enumerate() {
                    let comma = if n == 0 { "" } else { ", " };
                    write!(f, "{comma}{failure}")?;
                }
                Ok(())
            }
            Self::Stale { model } => write!(f, "the {model} was changed since its version was read"),
            Self::Dangling { model, property, target } => {
                write!(f, "{model}.{property} points at a {target} that does not exist")
            }
            Self::InclusionNotAllowed { model, relation, reason } => {
                write!(f, "{model}.{relation} cannot be included: {reason}")
            }
            Self::InvalidFilter { mistakes } => {
                f.write_str("the filter is not valid: ")?;
                for (n, mistake) in mistakes.iter().enumerate() {
                    let next = if n == 0 { "" } else { "; " };
                    write!(f, "{next}{mistake}")?;
                }
                Ok(())
            }
            Self::CrossDatasourceFilter { model, relation } => {
                write!(f, "rows of {model} cannot be chosen or ordered by {relation}: it leads to another datasource")
            }
            Self::InvalidDiscriminator { model, property, relation } => {
                write!(f, "{model}.{property} names no model that {relation} leads to")
            }
            Self::Serialization { message } => {
                write!(f, "{message}; running it again may succeed, as a transaction does with `.retry(n)`")
            }
            Self::CrossDatasource { message }
            | Self::Timeout { message }
            | Self::PoolTimeout { message }
            | Self::Connect { message }
            | Self::Unavailable { message }
            | Self::CommitUnknown { message } => f.write_str(message),
            Self::Overflow { model, property } => {
                write!(f, "the sum of {model}.{property} has more digits than its type")
            }
            Self::Decode { table, column, expected, found } => {
                write!(f, "{table}.{column} holds {found} where the schema says {expected}")
            }
            Self::DecodeColumn { column, expected, found } => {
                write!(f, "the statement answers {found} in {column} where the program reads {expected}")
            }
            Self::InvalidSql { message } => write!(f, "the statement is not sent: {message}"),
            Self::Migration { differences } => {
                write!(f, "the database does not fit the schema: {}", differences.join("; "))
            }
            Self::Driver { message } => write!(f, "the database refused the statement: {message}"),
        }
    }
}

/// As a sentence without its end: `orders[0].quantity is less than 1`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, property, part, rule } = self;
        let dot = if at.is_empty() { "" } else { "." };
        write!(f, "{at}{dot}{property}{part} {rule}")
    }
}

impl std::error::Error for Error {}
