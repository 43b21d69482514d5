//! What is asked of a database, untyped: planned here, executed here, compiled once.
//!
//! Typed faces build [`Task`]s; a driver runs them on a [`Session`](crate::driver::Session). Knows no
//! Rust type of the user's crate and no engine by name.

pub(crate) mod access;
pub(crate) mod aggregate;
pub(crate) mod apart;
pub(crate) mod arms;
pub(crate) mod ask;
pub(crate) mod choice;
mod chosen;
pub(crate) mod computing;
mod conditions;
pub(crate) mod count;
pub(crate) mod dependents;
pub(crate) mod explain;
pub(crate) mod expr;
pub(crate) mod fault;
pub(crate) mod insert;
pub(crate) mod insert_all;
pub(crate) mod keys;
mod level;
pub(crate) mod linking;
pub(crate) mod listed;
mod lists;
mod live;
pub(crate) mod load;
pub(crate) mod loaded;
pub(crate) mod lock;
pub(crate) mod node;
mod order;
mod pairs;
#[cfg(feature = "json")]
pub(crate) mod property;
#[cfg(feature = "json")]
pub(crate) mod references;
pub(crate) mod regexp;
pub(crate) mod related;
pub(crate) mod seek;
mod select;
mod soft;
pub(crate) mod sql;
pub(crate) mod task;
pub(crate) mod through;
pub(crate) mod upsert;
mod view;
mod within;
pub(crate) mod write;

pub(crate) use task::{Answer, Task};

#[cfg(all(test, feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(crate) mod tests;
