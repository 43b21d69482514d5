//! Compiles Relata schemas from a crate's `build.rs`.
//!
//! ```no_run
//! fn main() -> Result<(), relata_build::Error> {
//!     relata_build::compile("schemas")
//! }
//! ```
//!
//! The code goes to `OUT_DIR/relata`, from where `relata::include_schema!()` takes it. Findings fail the build as
//! Cargo errors, in the words of `relata check`; the script runs again when a schema changes, appears or goes, and
//! not otherwise. With a `relata.yaml` beside `Cargo.toml` it is `relata_build::Config::new().compile()`. Knows Cargo's
//! protocol; the work is the compiler's.

#![forbid(unsafe_code)]

mod cargo;
mod config;
mod error;
mod paths;

pub use config::Config;
pub use error::Error;
pub use paths::Paths;

/// Compiles schema files, folders or patterns: [`Config`] in its short form.
///
/// # Errors
/// When it could not run; findings are told to Cargo, which then fails the build.
pub fn compile(schemas: impl Paths) -> Result<(), Error> {
    Config::new().schemas(schemas).compile()
}
