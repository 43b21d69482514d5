//! The stages in order: the table of contents of the compiler.
//!
//! Each stage runs on what the ones before left sound; findings go to one sink. Does no I/O of its own.

use std::fmt;

use crate::check as rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{self, Graph};
use crate::patch::Patches;
use crate::plan::{self, Options, UnknownModel};
use crate::render::{self, Files, RenderError};
use crate::source::SourceMap;
use crate::source::load::{self, Inputs};
use crate::{ast, syntax};

/// The outcome of [`check`].
#[derive(Debug)]
pub struct Checked {
    /// Every file that was read.
    pub sources: SourceMap,
    /// The resolved schema; present when there is no error.
    pub graph: Option<Graph>,
    /// Errors and warnings, sorted by file, place and code.
    pub findings: Vec<Diagnostic>,
}

/// Reads a schema and says everything that is wrong with it.
pub fn check(inputs: &Inputs) -> Checked {
    let mut findings = Diagnostics::default();
    let sources = load::load(inputs, &mut findings);
    check_sources(sources, findings)
}

/// Checks files that are read; `findings` holds what could not be.
pub(crate) fn check_sources(sources: SourceMap, mut findings: Diagnostics) -> Checked {
    let unread = findings.errors();

    let patches = Patches::new(&sources);
    let trees = syntax::parse(&sources, &patches, &mut findings);
    let trees = ast::within(trees, &mut findings);
    let all_parsed = unread == 0 && trees.len() == sources.files().count();

    let schema = ast::lower(trees, &patches, &mut findings);
    // With a file missing from the picture, every name in it would be reported as unknown.
    let graph = all_parsed.then(|| {
        let resolved = graph::resolve(schema, &patches, &mut findings);
        rules::check(&resolved, &patches, &mut findings);
        resolved.graph
    });

    let graph = graph.filter(|_| !findings.has_errors());
    Checked { sources, graph, findings: findings.finish() }
}

/// The outcome of [`generate`].
#[derive(Debug)]
pub struct Generated {
    /// Every file that was read.
    pub sources: SourceMap,
    /// What is emitted; present when there is no error.
    pub files: Option<Files>,
    /// Errors and warnings, sorted by file, place and code.
    pub findings: Vec<Diagnostic>,
}

/// Why a sound schema was not emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GenerateError {
    /// The options do not fit the schema.
    Options(UnknownModel),
    /// What was to be emitted is not Rust.
    Render(RenderError),
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(error) => error.fmt(f),
            Self::Render(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GenerateError {}

/// Reads a schema and emits its code; files of `previous` that still say the same are not made again.
///
/// # Errors
/// When the options name a model that is not there, or what was to be emitted is not Rust: a defect of this
/// crate, or an attribute that is none.
pub fn generate(inputs: &Inputs, options: &Options, previous: &Files) -> Result<Generated, GenerateError> {
    let Checked { sources, graph, findings } = check(inputs);

    let files = graph.map(|graph| emit(&graph, options, previous)).transpose()?;

    Ok(Generated { sources, files, findings })
}

/// Emits the code of a sound schema; files of `previous` that still say the same are not made again.
///
/// # Errors
/// As [`generate`].
pub fn emit(graph: &Graph, options: &Options, previous: &Files) -> Result<Files, GenerateError> {
    let plan = plan::plan(graph, options).map_err(GenerateError::Options)?;

    render::render(&plan, previous).map_err(GenerateError::Render)
}
