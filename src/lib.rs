//! Compiles declarative model and relation files into a typed Rust data layer.
//!
//! [`check`] reads a schema and returns every finding together with the resolved [`graph`]. The core takes text
//! and returns text; only reading the inputs touches the disk.

#![forbid(unsafe_code)]

mod ast;
mod check;
pub mod diagnostic;
mod driver;
pub mod graph;
pub mod source;
mod syntax;

pub use driver::{Checked, check};
pub use source::load::Inputs;
