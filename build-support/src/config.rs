//! The long form of [`compile`](crate::compile): settings, and the run itself.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use relata_compiler::baseline::Hide;
use relata_compiler::diagnostic::levels::Levels;
use relata_compiler::diagnostic::{Format, Report, Severity, render};
use relata_compiler::graph::Graph;
use relata_compiler::output::Output;
use relata_compiler::plan::Options;
use relata_compiler::render::Files;
use relata_compiler::settings::{Project, Schema};
use relata_compiler::source::SourceMap;
use relata_compiler::{Inputs, check, emit, output};

use crate::cargo::Directives;
use crate::{Error, Paths};

/// How schemas are compiled.
///
/// What is not said here is taken from the `relata.yaml` beside `Cargo.toml`, which the program `relata` follows too:
/// schemas, output folder, derives and attributes, lint levels, baseline. Without that file the schemas lie in
/// `schemas/`.
///
/// ```no_run
/// # fn main() -> Result<(), relata_build::Error> {
/// relata_build::Config::new()
///     .schemas("schemas")
///     .out_dir("src/shop")
///     .derive("Order", "Eq")
///     .compile()
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is compiled before `compile`"]
pub struct Config {
    /// Where `relata.yaml` lies: the working folder of a build script is that of its package.
    folder: PathBuf,
    schemas: Vec<String>,
    schema: Option<String>,
    out_dir: Option<PathBuf>,
    options: Options,
    check_only: bool,
}

impl Config {
    /// What `relata.yaml` says, or the schemas in `schemas/`; the code goes to `OUT_DIR/relata` unless that says `out`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds schema files, folders or patterns; those of `relata.yaml` are then not read.
    pub fn schemas(mut self, schemas: impl Paths) -> Self {
        self.schemas.extend(schemas.into_paths());
        self
    }

    /// Compiles the schema that `relata.yaml` lists under this name, where it lists several.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = Some(name.into());
        self
    }

    /// Writes the code here instead, for those who commit it: `src/shop`, then `#[rustfmt::skip] mod shop;`, so that
    /// `cargo fmt` leaves it as it was emitted.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Adds a derive to the struct of a model.
    pub fn derive(self, model: impl Into<String>, path: impl AsRef<str>) -> Self {
        self.attribute(model, format!("#[derive({})]", path.as_ref()))
    }

    /// Adds a derive to the struct of every model.
    pub fn derive_everywhere(self, path: impl AsRef<str>) -> Self {
        self.attribute_everywhere(format!("#[derive({})]", path.as_ref()))
    }

    /// Adds an attribute, `#[…]`, to the struct of a model.
    pub fn attribute(mut self, model: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.options = self.options.attribute(model, attribute);
        self
    }

    /// Adds an attribute, `#[…]`, to the struct of every model.
    pub fn attribute_everywhere(mut self, attribute: impl Into<String>) -> Self {
        self.options = self.options.attribute_everywhere(attribute);
        self
    }

    /// Writes nothing; fails the build where the code in [`out_dir`](Self::out_dir) is not what the schemas say.
    pub fn check_only(mut self) -> Self {
        self.check_only = true;
        self
    }

    /// Compiles.
    ///
    /// # Errors
    /// When it could not run; findings are told to Cargo, which then fails the build.
    pub fn compile(self) -> Result<(), Error> {
        let mut directives = Directives::default();
        self.run(&mut directives)?;
        directives.print()
    }

    fn run(self, directives: &mut Directives) -> Result<(), Error> {
        let mut project = Project::open_in(&self.folder);
        for file in [project.file().map(Path::to_owned), project.baseline_path(None)].into_iter().flatten() {
            // Cargo takes a file that is not there for one that has changed.
            if file.exists() {
                directives.watch(&file);
            }
        }
        let baseline = project.baseline(None).map_err(Error::new)?;
        let task = match self.choose(&mut project)? {
            Some(schema) => self.check(&schema, &mut project, directives)?,
            None => None,
        };
        let report = project.settle(&Levels::default(), baseline, Hide::Warnings).report;
        tell(&report, directives);
        match task {
            Some(task) if !report.has_errors() => self.write(&task, directives),
            _ => Ok(()),
        }
    }

    /// The schema to compile; none where the settings are wrong, which the project's report then says.
    fn choose(&self, project: &mut Project) -> Result<Option<Schema>, Error> {
        let given = Some(Inputs::paths(self.schemas.clone())).filter(|given| !given.paths.is_empty());
        let mut schemas = project.choose(given.as_ref(), self.schema.as_deref()).map_err(Error::new)?;
        if schemas.len() > 1 {
            let names = schemas.iter().filter_map(|schema| schema.name.as_deref());
            let names = names.map(|name| format!("`.schema(\"{name}\")`")).collect::<Vec<_>>().join(" or ");
            return Err(Error::new(format_args!("relata.yaml lists several schemas: say which, with {names}")));
        }
        Ok(schemas.pop())
    }

    fn check(
        &self,
        schema: &Schema,
        project: &mut Project,
        directives: &mut Directives,
    ) -> Result<Option<Task>, Error> {
        let folder = self.out(schema)?;
        let previous = output::read(&folder).map_err(Error::new)?;
        let checked = check(&schema.inputs);
        watch(&checked.sources, &folder, directives)?;
        let options = schema.options().and(self.options.clone());
        let graph = project.add(schema, checked);
        Ok(graph.map(|graph| Task { graph, options, folder, previous }))
    }

    fn write(&self, task: &Task, directives: &mut Directives) -> Result<(), Error> {
        let Task { graph, options, folder, previous } = task;
        let files = emit(graph, options, previous).map_err(Error::new)?;
        if !self.check_only {
            let output = Output { files: &files, folder, previous };
            return output::write(&[output], &mut waits).map(drop).map_err(Error::new);
        }
        if !output::diff(&files, folder, previous).is_empty() {
            directives.errors(&format!(
                "`{}` is not what the schemas say: run the program `relata generate`, or build without `check_only`",
                folder.display()
            ));
        }
        Ok(())
    }

    fn out(&self, schema: &Schema) -> Result<PathBuf, Error> {
        match (self.out_dir.as_ref().or(schema.out.as_ref()), env::var_os("OUT_DIR")) {
            (Some(folder), _) => Ok(folder.clone()),
            (None, Some(folder)) => Ok(Path::new(&folder).join("relata")),
            (None, None) => {
                Err(Error::new("OUT_DIR is not set: this is for build scripts; elsewhere name an `out_dir`"))
            }
        }
    }
}

/// Cargo shows this with `-vv`, and when the build fails.
fn waits(folder: &Path) {
    // Waiting goes on where it cannot be told.
    let _ = writeln!(io::stderr(), "waiting: another run is writing to `{}`", folder.display());
}

/// A sound schema, and where its code goes.
struct Task {
    graph: Graph,
    options: Options,
    folder: PathBuf,
    previous: Files,
}

/// Watches what the compiler read, and no more: a folder that this run writes to would never be up to date.
fn watch(sources: &SourceMap, folder: &Path, directives: &mut Directives) -> Result<(), Error> {
    let out = real(folder);
    for path in sources.watched() {
        if path.is_dir() && out.starts_with(real(path)) {
            return Err(Error::new(format_args!(
                "the output folder `{}` lies in the schema folder `{}`, so that every build would write what starts \
                 the next one: choose another `out_dir`",
                folder.display(),
                path.display()
            )));
        }
        directives.watch(path);
    }
    Ok(())
}

/// The path without links and dots, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = absolute.ancestors().find_map(|ancestor| Some((ancestor, fs::canonicalize(ancestor).ok()?)));
    match existing {
        Some((ancestor, real)) => real.join(absolute.strip_prefix(ancestor).unwrap_or(Path::new(""))),
        None => absolute,
    }
}

fn tell(report: &Report, directives: &mut Directives) {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        report.findings.iter().cloned().partition(|finding| finding.severity == Severity::Error);
    directives.warnings(&render(Format::Human, &warnings, &report.sources, false));
    directives.errors(&render(Format::Human, &errors, &report.sources, false));
}

#[cfg(test)]
mod tests;
