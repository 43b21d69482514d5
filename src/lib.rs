//! Compiles declarative model and relation files into a typed Rust data layer.
//!
//! [`check`] reads a schema and returns every finding together with the resolved [`graph`]; [`generate`] goes on
//! to the emitted files. The core takes text and returns text: only reading the inputs and [`output`] touch the
//! disk.

#![forbid(unsafe_code)]

mod ast;
pub mod baseline;
mod check;
pub mod diagnostic;
mod driver;
pub mod edit;
pub mod graph;
#[cfg(feature = "cli")]
pub mod json_schema;
pub mod output;
mod patch;
#[cfg(feature = "cli")]
pub mod picture;
pub mod plan;
pub mod render;
pub mod settings;
pub mod source;
mod syntax;

pub use driver::{Checked, GenerateError, Generated, check, emit, generate};
pub use source::load::Inputs;
