//! What is asked of a database, untyped: planned here, executed here, compiled once.
//!
//! Typed faces build [`Task`]s; a driver runs them on a [`Session`](crate::driver::Session). Knows no
//! Rust type of the user's crate and no engine by name.

pub(crate) mod access;
pub(crate) mod ask;
mod chosen;
pub(crate) mod expr;
pub(crate) mod fault;
pub(crate) mod keys;
mod lists;
pub(crate) mod load;
pub(crate) mod loaded;
pub(crate) mod node;
pub(crate) mod sql;
pub(crate) mod task;
pub(crate) mod write;

pub(crate) use task::{Answer, Task};

#[cfg(all(test, feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod tests;
