//! The runtime of code that Relata generates: repositories, relations, inclusion, transactions.
//!
//! A program names this crate for three things: [`include_schema!`], [`Error`] (with [`Result`]), and
//! [`With`] where a function takes or returns rows with relations included. Everything else is reached
//! through the generated code, whose items are thin: data, constants and one-line methods over what is here.
//!
//! | layer | modules |
//! | --- | --- |
//! | what emitted code says | `meta`, `model`, `value` |
//! | what callers write | `condition`, `scope`, `find`, `repository`, `relation`, `transaction` |
//! | planning and execution, untyped | `query` |
//! | rows with relations, typed | `shape`, `record` |
//! | databases | `driver` (the boundary), `sqlite`, `postgres`, `mysql`; `network` and `catalogue`, which they share |

#![forbid(unsafe_code)]
#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(
        dead_code,
        unused_imports,
        unused_variables,
        clippy::match_wildcard_for_single_variants,
        clippy::unused_async,
        reason = "without a database nothing can be run"
    )
)]

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod catalogue;
mod condition;
mod db;
mod default;
#[cfg(all(test, any(feature = "postgres", feature = "mysql")))]
mod documented;
mod driver;
mod error;
mod find;
mod json;
mod key;
pub mod meta;
mod model;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod network;
mod operation;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod percent;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
pub mod record;
mod relation;
mod repository;
mod row;
mod scope;
mod shape;
#[cfg(feature = "sqlite")]
mod sqlite;
mod timer;
mod transaction;
mod validate;
pub mod value;
#[cfg(any(feature = "sqlite", feature = "blocking", test))]
mod wait;

pub use condition::{Column, Comparable, Condition, OrderBy};
pub use db::{Builder, Db, Handle, Schema, Setup};
pub use driver::Isolation;
pub use error::{Error, Failure, Result};
pub use find::{ById, Exactly, Find, First, Quantity, Rows as AllRows};
pub use key::{IntoKey, KeyType, KeyValues, Operand, of_row};
pub use model::{Constrained, Enumeration, Input, Model, Relation};
pub use operation::{Operation, Run};
pub use query::loaded::{Loaded, LoadedRelation};
pub use relation::{Accessible, BelongsTo, HasMany, HasOne};
pub use repository::Repository;
pub use row::{Row, Rows, rows};
pub use scope::Scope;
pub use serde;
pub use shape::{Cardinality, IncludeIn, Many, Maybe, NotIncluded, One, Shape, Slot, Slots, With};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteExecution;
pub use transaction::{Body, TransactionCall, Tx};
#[cfg(feature = "json")]
pub use value::embedded::{self, Embedded};
pub use value::{Mismatch, Raw, Type, Value, enums};

/// The types of properties that come from other crates, for emitted code.
pub mod types {
    #[cfg(feature = "chrono")]
    pub use chrono::{NaiveDate as Date, NaiveTime as Time};
    #[cfg(feature = "decimal")]
    pub use rust_decimal::Decimal;
    #[cfg(feature = "json")]
    pub use serde_json::Value as Json;
    #[cfg(feature = "uuid")]
    pub use uuid::Uuid;

    /// An instant in UTC.
    #[cfg(feature = "chrono")]
    pub type DateTime = chrono::DateTime<chrono::Utc>;
}

/// The contract between emitted code and this crate; raised when emitted code must be generated anew.
pub const CONTRACT: u32 = 2;

/// Asserted by emitted code, when it is compiled.
///
/// # Panics
/// At compile time, when the code was generated for another contract.
pub const fn assert_contract(emitted: u32) {
    assert!(
        emitted == CONTRACT,
        "this code was generated for another version of `relata`: use the same version of `relata`, `relata-build` and \
         the program `relata`, and generate again"
    );
}

/// Includes what the crate's `build.rs` generated: `mod shop { relata::include_schema!(); }`.
#[macro_export]
macro_rules! include_schema {
    () => {
        include!(concat!(env!("OUT_DIR"), "/relata/mod.rs"));
    };
}
