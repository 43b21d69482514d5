//! `relata.yaml`: what the program, build scripts and CI share.
//!
//! Read through the same front end as schemas, so that what is wrong with it is told in the same way, with its place.
//! [`parse`] takes text and returns settings; [`Project`] finds the file and joins it with what a caller asks for.
//! Knows nothing of what schemas say.

mod options;
mod paths;
mod project;
mod read;

use crate::diagnostic::levels::Levels;
use crate::diagnostic::{Diagnostics, Report};
use crate::patch::Patches;
use crate::source::load::Inputs;
use crate::source::{SourceMap, Spanned, load};
use crate::syntax;

pub use options::Attribute;
pub use project::{ChooseError, NoBaseline, Project, Schema, Settled};
pub(crate) use read::{of_settings, unknown_code};

/// The file's name, beside `Cargo.toml`.
pub const FILE: &str = "relata.yaml";

/// The settings of a project; what is not written is not decided.
#[derive(Debug, Clone)]
pub struct Settings {
    /// One without a name, or several with names; never empty.
    pub schemas: Vec<SchemaSettings>,
    /// The file of known findings.
    pub baseline: Option<Spanned<String>>,
    /// What becomes of warnings.
    pub levels: Levels,
}

/// The settings of one schema.
#[derive(Debug, Clone, Default)]
pub struct SchemaSettings {
    /// By which it is chosen, where there are several.
    pub name: Option<Spanned<String>>,
    /// Files, folders and patterns; empty where none are written.
    pub paths: Vec<Spanned<String>>,
    /// The folder for emitted code.
    pub out: Option<Spanned<String>>,
    /// What is added to emitted structs.
    pub attributes: Vec<Attribute>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { schemas: vec![SchemaSettings::default()], baseline: None, levels: Levels::default() }
    }
}

impl Settings {
    /// The names of the schemas, where there are several.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.schemas.iter().filter_map(|schema| Some(schema.name.as_ref()?.value.as_str()))
    }
}

/// The settings that a text says, and everything that is wrong with it.
pub fn parse(name: &str, text: &str) -> (Settings, Report) {
    let mut findings = Diagnostics::default();
    let sources = load::load(&Inputs::text(name, text), &mut findings);
    settings(sources, findings)
}

/// The settings that a file says, which has been read.
fn settings(sources: SourceMap, mut findings: Diagnostics) -> (Settings, Report) {
    let patches = Patches::new(&sources);
    let trees = if findings.has_errors() { Vec::new() } else { syntax::parse(&sources, &patches, &mut findings) };
    let root = trees.into_iter().next();
    let settings = root.map(|root| read::settings(root, &patches, &mut findings)).unwrap_or_default();
    (settings, Report { sources, findings: findings.finish() })
}
