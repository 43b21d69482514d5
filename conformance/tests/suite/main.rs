//! The suite, one program: generated code of every schema against a database.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::float_cmp, reason = "a number that is stored comes back as it was")]
#![allow(clippy::needless_borrows_for_generic_args, reason = "that references are taken is under test")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "lists of rows are compared with lists of rows")]

mod actions;
mod conditions;
mod constrained;
mod faults;
mod hostile;
mod inclusion;
mod keys;
mod loopback;
mod nesting;
mod properties;
mod quoted;
mod records;
mod repository;
mod support;
mod transactions;
mod types;
mod values;
