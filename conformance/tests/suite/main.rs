//! The suite, one program: generated code of every schema against a database.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conditions;
mod constrained;
mod faults;
mod hostile;
mod inclusion;
mod keys;
mod loopback;
mod properties;
mod repository;
mod support;
mod transactions;
mod types;
