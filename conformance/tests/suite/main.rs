//! The suite, one program: generated code of every schema against a database.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod constrained;
mod loopback;
mod repository;
mod support;
