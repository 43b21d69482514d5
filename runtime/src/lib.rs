//! The runtime of code that Relata generates: repositories, relations, inclusion, transactions.
//!
//! A program names this crate for three things: [`include_schema!`], [`Error`] (with [`Result`]), and
//! [`With`] where a function takes or returns rows with relations included. Everything else is reached
//! through the generated code, whose items are thin: data, constants and one-line methods over what is here.
//!
//! | layer | modules |
//! | --- | --- |
//! | what emitted code says | `meta`, `model`, `value` |
//! | what callers write | `condition`, `change`, `scope`, `find`, `view`, `aggregate`, `create`, `repository`, `relation`, `through`, `transaction`, `sql` |
//! | planning and execution, untyped | `query`; `across`, where one database is not enough |
//! | rows with relations, typed | `shape`, `record` |
//! | what is seen of calls | `observe`; `testing`, for tests of programs |
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

mod across;
mod aggregate;
mod arm;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod catalogue;
mod change;
mod condition;
mod count;
mod create;
mod create_all;
mod db;
mod deadline;
mod default;
mod deleted;
#[cfg(all(test, any(feature = "postgres", feature = "mysql")))]
mod documented;
mod driver;
#[cfg(feature = "json")]
mod embeds;
mod error;
mod filter;
mod find;
mod has_one_of;
mod json;
mod key;
mod lock;
pub mod meta;
mod model;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod network;
mod observe;
mod one_of;
mod operation;
#[cfg(feature = "pages")]
mod page;
mod percent;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
pub mod record;
#[cfg(feature = "json")]
mod references;
mod relation;
mod repository;
mod row;
mod scope;
mod shape;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stream;
pub mod testing;
mod through;
mod timer;
mod transaction;
mod upsert;
mod validate;
pub mod value;
mod view;
#[cfg(any(feature = "sqlite", feature = "blocking", test))]
mod wait;
mod with_relations;
mod within;

pub use across::explain::Statement;
pub use aggregate::{
    Aggregate, Aggregated, Aggregation, Compared, Distinct, GroupKeys, GroupOrder, Groups, Having, NotCompared, Select,
    Summable, count,
};
pub use arm::{Arm, ConstrainedTo, JoinedTo, Variant};
pub use change::{
    Change, Changeable, Holds, IntoChange, Kept, KeptOptional, Momentary, Nullable, Number, Optional, Required,
};
pub use condition::{Column, Comparable, Condition, OrderBy};
pub use create::{Create, NewRelated, NewRow, NewRows};
pub use db::{Builder, Db, Handle, Schema, Setup};
pub use deleted::SoftDelete;
pub use driver::Isolation;
#[cfg(feature = "json")]
pub use embeds::{EmbedsMany, EmbedsOne};
pub use error::{Error, Failure, Result};
pub use filter::{Filter, FilterLimits, Mistake};
pub use find::{ById, Exactly, Find, FindWith, First, Quantity, Rows as AllRows};
pub use has_one_of::{HasOneAs, HasOneOf};
pub use key::{FromKey, Id, IntoKey, KeyType, KeyValues, Operand, of_row};
pub use model::{Constrained, CreatedWith, Enumeration, Input, Joined, Keyed, Model, Record, Relation, Resolvable};
pub use observe::SentStatement;
pub use one_of::OneOf;
pub use operation::{Operation, Run};
#[cfg(feature = "pages")]
pub use page::{Cursor, FindPage, Page, RunPage};
pub use query::loaded::{Loaded, LoadedRelation};
#[cfg(feature = "json")]
pub use references::{Listed, References, ReferencesMany};
pub use relation::{Accessible, BelongsTo, HasMany, HasOne};
pub use repository::Repository;
pub use row::{Row, Rows, rows};
pub use scope::Scope;
pub use serde;
pub use shape::{
    Cardinality, Count, IncludeIn, Many, Maybe, NotIncluded, OfRows, One, Shape, Slot, Slots, With, WithCount,
};
pub use sql::{BindValue, DynamicSql, Sql, SqlColumns, SqlRow, SqlRows, SqlText, view_columns};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteExecution;
pub use stream::RowStream;
#[cfg(feature = "blocking")]
pub use stream::WaitingRows;
pub use through::{
    Back, FindLinked, Linked, LinkedBy, LinkedPlainly, LinkedPlainlyTo, LinkedTo, LinkedWith, LinkedWithTo, Through,
    ThroughOf, ThroughOne, ThroughOneOf,
};
pub use transaction::{Body, TransactionCall, Tx};
#[cfg(feature = "json")]
pub use value::embedded::{self, Embedded};
pub use value::{Mismatch, Raw, Type, Value, enums};
pub use view::{Part, View, Views, view_rows};
pub use with_relations::{Dynamic, Fill, Related, RelatedRows, WithRelations};

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
pub const CONTRACT: u32 = 4;

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
