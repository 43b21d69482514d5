//! What a command reads: arguments first, then `relata.yaml`, then `schemas/`.

use std::io;
use std::path::Path;

use relata_compiler::baseline::{Baseline, Hide};
use relata_compiler::diagnostic::levels::Levels;
use relata_compiler::graph::Graph;
use relata_compiler::settings::{Project, Schema};
use relata_compiler::{Checked, Inputs};

use super::report::{self, Colours, Stream};
use super::{Failure, Outcome, ReportFormat, Source};

/// What a command works on.
pub(super) struct Work {
    pub(super) project: Project,
    /// None where the settings are wrong, which the project then says.
    pub(super) schemas: Vec<Schema>,
    pub(super) baseline: Option<Baseline>,
}

/// The settings that a command follows.
pub(super) fn project(source: &Source) -> Project {
    match &source.config {
        Some(file) => Project::open(file),
        None => Project::find(Path::new("")),
    }
}

/// The schemas of a command, and the findings that are known.
pub(super) fn work(source: &Source, baseline: Option<&Path>) -> Result<Work, Failure> {
    let mut project = project(source);
    let baseline = project.baseline(baseline).map_err(|error| error.to_string())?;
    let schemas = schemas(&mut project, source)?;
    Ok(Work { project, schemas, baseline })
}

pub(super) fn schemas(project: &mut Project, source: &Source) -> Result<Vec<Schema>, Failure> {
    let given = if source.paths.is_empty() { None } else { Some(given(&source.paths)?) };
    project.choose(given.as_ref(), source.schema.as_deref()).map_err(|error| error.to_string().into())
}

/// The resolved schema, for commands that print one result of one sound schema; findings go to standard error.
pub(super) fn sound(source: &Source, colours: &Colours, read: fn(&Inputs) -> Checked) -> Result<Graph, Failure> {
    let Work { mut project, schemas, baseline } = work(source, None)?;
    one_at_most(&schemas)?;
    let graph = schemas.first().and_then(|schema| project.add(schema, read(&schema.inputs)));
    let settled = project.settle(&Levels::default(), baseline, Hide::Warnings);
    let outcome = report::findings(&settled, ReportFormat::Human, colours, Stream::Err)?;
    graph.filter(|_| outcome == Outcome::Clean).ok_or(Failure::Told(outcome))
}

/// For commands that do their work on one schema.
pub(super) fn one_at_most(schemas: &[Schema]) -> Result<(), Failure> {
    if schemas.len() < 2 {
        return Ok(());
    }
    let names = schemas.iter().filter_map(|schema| schema.name.as_deref());
    let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(format!("relata.yaml lists several schemas: say which with `--schema NAME` ({names})").into())
}

fn given(paths: &[String]) -> Result<Inputs, Failure> {
    let (streams, paths): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|path| path == "-");
    let inputs = Inputs::paths(paths);
    if streams.is_empty() {
        return Ok(inputs);
    }
    let read = inputs.and_stream("<stdin>", io::stdin().lock());
    read.map_err(|error| format!("cannot read standard input: {error}").into())
}
