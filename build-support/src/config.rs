//! The long form of [`compile`](crate::compile): settings, and the run itself.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Diagnostic, Format, Severity, render};
use relata_compiler::output;
use relata_compiler::plan::Options;
use relata_compiler::source::SourceMap;
use relata_compiler::{Generated, Inputs, generate};

use crate::cargo::Directives;
use crate::{Error, Paths};

/// How schemas are compiled.
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
    schemas: Vec<String>,
    out_dir: Option<PathBuf>,
    options: Options,
    check_only: bool,
}

impl Config {
    /// No schemas yet; the code goes to `OUT_DIR/relata`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds schema files, folders or patterns.
    pub fn schemas(mut self, schemas: impl Paths) -> Self {
        self.schemas.extend(schemas.into_paths());
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
        if self.schemas.is_empty() {
            return Err(Error::new("no schemas are named: `relata_build::compile(\"schemas\")`"));
        }
        let folder = self.folder()?;
        let previous = output::read(&folder).map_err(Error::new)?;
        let generated = generate(&Inputs::paths(self.schemas), &self.options, &previous).map_err(Error::new)?;
        let Generated { sources, files, findings } = generated;
        watch(&sources, &folder, directives)?;
        tell(&findings, &sources, directives);
        let Some(files) = files else { return Ok(()) };
        if !self.check_only {
            return output::write(&files, &folder, &previous).map(drop).map_err(Error::new);
        }
        if !output::diff(&files, &folder, &previous).is_empty() {
            directives.errors(&format!(
                "`{}` is not what the schemas say: run the program `relata generate`, or build without `check_only`",
                folder.display()
            ));
        }
        Ok(())
    }

    fn folder(&self) -> Result<PathBuf, Error> {
        match (&self.out_dir, env::var_os("OUT_DIR")) {
            (Some(folder), _) => Ok(folder.clone()),
            (None, Some(folder)) => Ok(Path::new(&folder).join("relata")),
            (None, None) => {
                Err(Error::new("OUT_DIR is not set: this is for build scripts; elsewhere name an `out_dir`"))
            }
        }
    }
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

fn tell(findings: &[Diagnostic], sources: &SourceMap, directives: &mut Directives) {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        findings.iter().cloned().partition(|finding| finding.severity == Severity::Error);
    directives.warnings(&render(Format::Human, &warnings, sources, false));
    directives.errors(&render(Format::Human, &errors, sources, false));
}
