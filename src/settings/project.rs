//! A project: its settings, found on disk, joined with what a caller asks for.
//!
//! The order of a run: [`open`](Project::open), [`choose`](Project::choose), [`add`](Project::add) what each schema's
//! check found, [`settle`](Project::settle).

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::read::invalid;
use super::{FILE, SchemaSettings, Settings, settings};
use crate::Checked;
use crate::ast::{did_you_mean, list};
use crate::baseline::{self, Baseline, Hide, Renewed, Root};
use crate::diagnostic::levels::Levels;
use crate::diagnostic::{Diagnostic, Diagnostics, Report, suggest};
use crate::graph::Graph;
use crate::plan::Options;
use crate::source::Spanned;
use crate::source::load::{self, Inputs};

/// Where schemas lie when nobody says.
const DEFAULT: &str = "schemas";

/// Settings and what a run found so far.
#[derive(Debug, Default)]
pub struct Project {
    /// What the file says; the defaults where there is none.
    pub settings: Settings,
    /// The file, where there is one.
    file: Option<PathBuf>,
    /// What its paths are relative to.
    folder: PathBuf,
    report: Report,
    /// Whether all schemas are looked at, each whole.
    whole: bool,
}

/// A schema of the project, as it is to be compiled.
#[derive(Debug)]
pub struct Schema {
    /// By which it was or can be chosen.
    pub name: Option<String>,
    /// What to read.
    pub inputs: Inputs,
    /// Where to write, if the settings say.
    pub out: Option<PathBuf>,
    settings: SchemaSettings,
}

impl Schema {
    /// What is added to the code.
    pub fn options(&self) -> Options {
        self.settings.options()
    }
}

/// Why there is nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChooseError {
    /// No schema is named, and there is no folder of the default name.
    Nothing,
    /// A schema is named that the settings do not list: its name, the nearest one, all of them.
    Unknown(String, Option<String>, Vec<String>),
}

impl fmt::Display for ChooseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => {
                write!(f, "nothing to read: name a schema, list `schemas` in {FILE}, or make a folder `{DEFAULT}`")
            }
            Self::Unknown(name, _, names) if names.is_empty() => {
                write!(f, "there is no schema `{name}`: {FILE} lists none by name")
            }
            Self::Unknown(name, Some(nearest), _) => {
                write!(f, "there is no schema `{name}` in {FILE}; did you mean `{nearest}`?")
            }
            Self::Unknown(name, None, names) => {
                let names = list(names.iter().map(String::as_str), "and");
                write!(f, "there is no schema `{name}` in {FILE}; it lists {names}")
            }
        }
    }
}

impl std::error::Error for ChooseError {}

impl Project {
    /// Reads the settings of a file that must be there.
    pub fn open(file: &Path) -> Self {
        let mut findings = Diagnostics::default();
        let sources = load::load_file(file, &mut findings);
        let (settings, report) = settings(sources, findings);
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Self { settings, report, file: Some(file.to_owned()), folder, whole: true }
    }

    /// Reads the settings that lie in a folder; where there are none, the defaults.
    pub fn open_in(folder: &Path) -> Self {
        let file = folder.join(FILE);
        match fs::symlink_metadata(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self { folder: folder.to_owned(), whole: true, ..Self::default() }
            }
            _ => Self::open(&file),
        }
    }

    /// As [`open_in`](Self::open_in), from the nearest folder, at `folder` or above it, that holds a `relata.yaml`;
    /// the folder of a `Cargo.toml` ends the search, for a package's settings lie beside it.
    pub fn find(folder: &Path) -> Self {
        let mut above = folder.to_owned();
        for _ in fs::canonicalize(Path::new(".").join(folder)).unwrap_or_default().ancestors() {
            let has = |name: &str| fs::symlink_metadata(above.join(name)).is_ok();
            if has(FILE) {
                return Self::open_in(&above);
            }
            if has("Cargo.toml") {
                break;
            }
            above = above.join("..");
        }
        Self::open_in(folder)
    }

    /// The file that the settings are from.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether nothing found so far is an error.
    pub fn is_sound(&self) -> bool {
        !self.report.has_errors()
    }

    /// The schemas to compile: all of them, or the one of that name; `given` is read instead of the paths that the
    /// settings name. None where the settings are not sound: what is wrong is then in the report.
    ///
    /// # Errors
    /// When there is no such schema, or nothing to read.
    pub fn choose(&mut self, given: Option<&Inputs>, name: Option<&str>) -> Result<Vec<Schema>, ChooseError> {
        if !self.is_sound() {
            return Ok(Vec::new());
        }
        self.whole = given.is_none() && name.is_none();
        let chosen: Vec<SchemaSettings> = match (name, given.is_some()) {
            (Some(name), _) => vec![self.named(name)?.clone()],
            // Of several, who can tell which one paths belong to?
            (None, true) if self.settings.names().next().is_some() => vec![SchemaSettings::default()],
            (None, _) => self.settings.schemas.clone(),
        };
        let mut schemas = Vec::new();
        for settings in chosen {
            let inputs = match given {
                Some(given) => given.clone(),
                None if settings.paths.is_empty() => self.default_inputs()?,
                None => self.inputs(&settings.paths),
            };
            schemas.push(Schema {
                name: settings.name.as_ref().map(|name| name.value.clone()),
                inputs,
                out: settings.out.as_ref().map(|out| self.folder.join(&out.value)),
                settings,
            });
        }
        Ok(if self.is_sound() { schemas } else { Vec::new() })
    }

    fn named(&self, name: &str) -> Result<&SchemaSettings, ChooseError> {
        let is_it = |schema: &&SchemaSettings| schema.name.as_ref().is_some_and(|known| known.value == name);
        self.settings.schemas.iter().find(is_it).ok_or_else(|| {
            let names: Vec<_> = self.settings.names().map(ToOwned::to_owned).collect();
            let nearest = suggest::nearest(name, names.iter().map(String::as_str)).map(ToOwned::to_owned);
            ChooseError::Unknown(name.to_owned(), nearest, names)
        })
    }

    fn default_inputs(&self) -> Result<Inputs, ChooseError> {
        let folder = self.folder.join(DEFAULT);
        fs::metadata(&folder).map_err(|_| ChooseError::Nothing)?;
        Ok(Inputs::paths([load::display(&folder)]))
    }

    /// Paths that are not there are told where they are written.
    fn inputs(&mut self, paths: &[Spanned<String>]) -> Inputs {
        for path in paths {
            if path.value.contains(['*', '?']) || is_there(&self.folder.join(&path.value)) {
                continue;
            }
            let missing = self.missing(path);
            self.report.findings.push(missing);
        }
        Inputs::paths(paths.iter().map(|path| load::display(&self.folder.join(&path.value))))
    }

    fn missing(&self, path: &Spanned<String>) -> Diagnostic {
        let finding = invalid(format!("`{}` does not exist", path.value));
        let finding = finding.primary(path.span, "there is no such file or folder");
        match nearest_neighbour(&self.folder, path) {
            Some(meant) => finding.fix_if(did_you_mean(path, Some(&meant))),
            None if self.folder.as_os_str().is_empty() => finding,
            None => finding.note(format!("paths are relative to the folder of {FILE}")),
        }
    }

    /// Adds what the check of a schema found; gives the graph where it and the settings are sound.
    pub fn add(&mut self, schema: &Schema, checked: Checked) -> Option<Graph> {
        let Checked { sources, graph, findings } = checked;
        let unknown = graph.as_ref().map(|graph| schema.settings.unknown_models(graph)).unwrap_or_default();
        let fits = unknown.is_empty();
        self.report.findings.extend(unknown);
        self.report.add(sources, findings);
        graph.filter(|_| fits)
    }

    /// Where the file of known findings is: `given`, or what the settings say.
    pub fn baseline_path(&self, given: Option<&Path>) -> Option<PathBuf> {
        let named = || Some(self.folder.join(&self.settings.baseline.as_ref()?.value));
        given.map(Path::to_owned).or_else(named)
    }

    /// Reads the known findings, if there are any; what is wrong with the file is added to what was found.
    ///
    /// # Errors
    /// When the caller names a file that is not there.
    pub fn baseline(&mut self, given: Option<&Path>) -> Result<Option<Baseline>, NoBaseline> {
        let Some(path) = self.baseline_path(given) else { return Ok(None) };
        if !is_there(&path) {
            return match (given, &self.settings.baseline) {
                (None, Some(written)) => {
                    let missing = self.missing(written).note("`relata check --update-baseline` writes it");
                    self.report.findings.push(missing);
                    Ok(None)
                }
                _ => Err(NoBaseline(path)),
            };
        }
        let mut findings = Diagnostics::default();
        let sources = load::load_file(&path, &mut findings);
        match baseline::read(sources, findings, Root::of(&path)) {
            Ok(baseline) => Ok(Some(baseline)),
            Err(Report { sources, findings }) => {
                self.report.add(sources, findings);
                Ok(None)
            }
        }
    }

    /// Everything found but known findings, sorted, with the levels of the settings and of the command line.
    pub fn settle(self, levels: &Levels, baseline: Option<Baseline>, hide: Hide) -> Settled {
        let Self { settings, mut report, whole, .. } = self;
        let name = baseline.as_ref().map(|baseline| baseline.name().to_owned()).unwrap_or_default();
        let hidden = baseline.map(|baseline| baseline.apply(&mut report, hide, whole)).unwrap_or_default();
        settings.levels.and(levels).apply(&mut report.findings);
        report.sort();
        Settled { report, hidden, baseline: name }
    }

    /// The known findings as they should be; none where something could not be looked at.
    pub fn renew(self, path: &Path, levels: &Levels, previous: Option<&Baseline>) -> (Option<Renewed>, Report) {
        let whole = self.whole;
        let Settled { report, .. } = self.settle(levels, None, Hide::All);
        (baseline::renew(path, &report, previous, whole), report)
    }
}

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Settled {
    /// What there is to tell.
    pub report: Report,
    /// How many known findings are left out of it.
    pub hidden: usize,
    /// The file that knows them.
    pub baseline: String,
}

/// There is no such baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoBaseline(PathBuf);

impl fmt::Display for NoBaseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = load::display(&self.0);
        write!(f, "there is no baseline `{path}`; `relata check --baseline {path} --update-baseline` writes it")
    }
}

impl std::error::Error for NoBaseline {}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// What the folder that a path leads to holds under nearly that name.
fn nearest_neighbour(folder: &Path, path: &Spanned<String>) -> Option<String> {
    let (above, name) = path.value.trim_end_matches('/').rsplit_once('/').unwrap_or(("", &path.value));
    let entries = fs::read_dir(Path::new(".").join(folder).join(above)).ok()?;
    let mut names: Vec<_> =
        entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let nearest = suggest::nearest(name, names.iter().map(String::as_str))?;
    Some(if above.is_empty() { nearest.to_owned() } else { format!("{above}/{nearest}") })
}
