//! A relation written into the schema text, in the layout of the file, and checked before anybody writes the file.

use std::collections::HashMap;
use std::fmt;

use super::fix::{Fixed, fix_sources};
use super::{Mended, Rewritten, Selection, inverse};
use crate::ast::{self, ModelDecl, Name, RelationDecl, RelationKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Severity, suggest};
use crate::driver::{self, Checked};
use crate::patch::{Patches, Value};
use crate::source::SourceMap;
use crate::source::load::{self, Inputs};
use crate::syntax;

/// A relation to write; what is empty or `None` is left to the language's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelation {
    /// What it is.
    pub kind: RelationKind,
    /// The model that declares it.
    pub source: String,
    /// Its target; several make it polymorphic.
    pub targets: Vec<String>,
    /// Its name.
    pub name: Option<String>,
    /// The key on the source.
    pub key_from: Vec<String>,
    /// The key on the target.
    pub key_to: Vec<String>,
    /// The link model.
    pub through: Option<Through>,
    /// The polymorphic relation of the target that it answers.
    pub polymorphic: Option<String>,
    /// Whether its key is required.
    pub required: bool,
    /// What deleting the referenced row does, in the language's words.
    pub on_delete: Option<String>,
    /// What changing the referenced key does, in the language's words.
    pub on_update: Option<String>,
}

/// The link model of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// Its name.
    pub model: String,
    /// Its key to the source.
    pub key_from: Vec<String>,
    /// Its key to the target.
    pub key_to: Vec<String>,
}

impl NewRelation {
    /// A relation that leaves everything to the defaults.
    pub fn new(kind: RelationKind, source: impl Into<String>, targets: Vec<String>) -> Self {
        Self {
            kind,
            source: source.into(),
            targets,
            name: None,
            key_from: Vec::new(),
            key_to: Vec::new(),
            through: None,
            polymorphic: None,
            required: false,
            on_delete: None,
            on_update: None,
        }
    }

    /// As an item of `relations`.
    fn value(&self) -> Value {
        let targets = match self.targets.as_slice() {
            [only] => Value::word(only),
            several => Value::List(several.iter().map(Value::word).collect()),
        };
        let keys = |names: &[String]| (!names.is_empty()).then(|| Value::words(names));
        let word = |word: &Option<String>| word.as_ref().map(Value::word);
        let through = self.through.as_ref().map(|link| match (keys(&link.key_from), keys(&link.key_to)) {
            (None, None) => Value::word(&link.model),
            (from, to) => {
                let written =
                    [("keyFrom", from), ("keyTo", to)].into_iter().filter_map(|(key, value)| Some((key, value?)));
                Value::map([("model", Value::word(&link.model))].into_iter().chain(written))
            }
        });
        let entries = [
            (self.kind.key(), Some(targets)),
            ("name", word(&self.name)),
            ("keyFrom", keys(&self.key_from)),
            ("keyTo", keys(&self.key_to)),
            ("through", through),
            ("polymorphic", word(&self.polymorphic)),
            ("required", self.required.then(|| Value::boolean(true))),
            ("onDelete", word(&self.on_delete)),
            ("onUpdate", word(&self.on_update)),
        ];
        Value::map(entries.into_iter().filter_map(|(key, value)| Some((key, value?))))
    }

    /// Whether a declaration says the same in the same words.
    fn is(&self, decl: &RelationDecl) -> bool {
        let same =
            |written: &Option<Vec<Name>>, names: &[String]| written.iter().flatten().map(|name| &name.value).eq(names);
        let word = |written: &Option<Name>| written.as_ref().map(|name| name.value.clone());
        let through = match (&decl.through, &self.through) {
            (None, None) => true,
            (Some(written), Some(link)) => {
                written.model.value == link.model
                    && same(&written.key_from, &link.key_from)
                    && same(&written.key_to, &link.key_to)
            }
            _ => false,
        };
        decl.kind == self.kind
            && decl.targets.iter().map(|name| &name.value).eq(&self.targets)
            && same(&decl.key_from, &self.key_from)
            && same(&decl.key_to, &self.key_to)
            && through
            && word(&decl.name) == self.name
            && word(&decl.polymorphic) == self.polymorphic
    }
}

/// The outcome of [`add`].
#[derive(Debug)]
pub struct Added {
    /// The files as they would be; none where the schema says it already.
    pub files: Vec<Rewritten>,
    /// What is wrong that was not wrong before: where an error is among it, the files should stay as they are.
    pub wrong: Vec<Diagnostic>,
    /// The files that places in `wrong` are in.
    pub sources: SourceMap,
    /// Fixes that were made so that the relation holds.
    pub made: Vec<Mended>,
    /// The other direction, where it is neither declared nor written now.
    pub inverse: Vec<NewRelation>,
}

/// Why a relation cannot be written.
#[derive(Debug)]
pub enum AddError {
    /// Files could not be read or are not well formed.
    Unread(Box<Checked>),
    /// There is no model of that name; perhaps the other was meant.
    UnknownModel(String, Option<String>),
    /// The kind has no other direction.
    NoInverse(RelationKind),
    /// A name is given for several inverse relations.
    SeveralInverses,
    /// The model's text leaves no place for it.
    NoPlace(String),
}

impl fmt::Display for AddError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(_) => f.write_str("the schema cannot be read"),
            Self::UnknownModel(name, Some(nearest)) => {
                write!(f, "there is no model `{name}`; did you mean `{nearest}`?")
            }
            Self::UnknownModel(name, None) => write!(f, "there is no model `{name}`"),
            Self::NoInverse(kind) => write!(f, "a `{}` like this has no other direction", kind.key()),
            Self::SeveralInverses => f.write_str("several inverse relations cannot have one name: leave the name out"),
            Self::NoPlace(model) => write!(
                f,
                "`{model}` repeats a part of the schema by an alias, which cannot be changed for it alone: write the relation by hand"
            ),
        }
    }
}

impl std::error::Error for AddError {}

/// Writes a relation, and its other direction where `with_inverse` gives a name for it or asks for the default one.
///
/// # Errors
/// When the schema cannot be read, has no such models, or leaves no place for the relation.
pub fn add(inputs: &Inputs, relation: &NewRelation, with_inverse: Option<Option<&str>>) -> Result<Added, AddError> {
    let mut unread = Diagnostics::default();
    let sources = load::load(inputs, &mut unread);
    let patches = Patches::new(&sources);
    let mut ignored = unread.clone();
    let trees = syntax::parse(&sources, &patches, &mut ignored);
    if unread.has_errors() || trees.len() != sources.files().count() {
        return Err(AddError::Unread(Box::new(driver::check_sources(sources.clone(), unread))));
    }
    let models = ast::lower(trees, &patches, &mut ignored).models;
    let link = relation.through.as_ref().map(|link| &link.model);
    for name in [&relation.source].into_iter().chain(&relation.targets).chain(link) {
        find(&models, name)?;
    }
    let mut relations = vec![relation.clone()];
    let mut proposed = inverse::of(relation);
    if let Some(name) = with_inverse {
        if proposed.is_empty() {
            return Err(AddError::NoInverse(relation.kind));
        }
        if proposed.len() > 1 && name.is_some() {
            return Err(AddError::SeveralInverses);
        }
        for other in &mut proposed {
            other.name = name.map(ToOwned::to_owned).or(other.name.take());
        }
        relations.append(&mut proposed);
    }

    let before = driver::check_sources(sources.clone(), unread.clone());
    let mut changed = sources.clone();
    for relation in &relations {
        changed = written(&changed, relation)?;
    }
    let known = counts(&before.findings);
    let is_new = |finding: &Diagnostic| !known.contains_key(&identity(finding));
    let Fixed { files, made, checked, .. } = fix_sources(&sources, changed, &unread, &is_new);
    let proposed = proposed.into_iter().filter(|other| !is_declared(&models, &checked, relation, other)).collect();
    let mut wrong = checked.findings;
    let mut left = known.clone();
    wrong.retain(|finding| match left.get_mut(&identity(finding)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    Ok(Added { files, wrong, sources: checked.sources, made, inverse: proposed })
}

impl Added {
    /// Whether the schema would have errors that it did not have.
    pub fn breaks(&self) -> bool {
        self.wrong.iter().any(|finding| finding.severity == Severity::Error)
    }
}

type Identity = (&'static str, String);

fn identity(finding: &Diagnostic) -> Identity {
    (finding.code.code, finding.message.clone())
}

fn counts(findings: &[Diagnostic]) -> HashMap<Identity, usize> {
    let mut counts = HashMap::new();
    for finding in findings {
        *counts.entry(identity(finding)).or_default() += 1;
    }
    counts
}

fn find<'a>(models: &'a [ModelDecl], name: &str) -> Result<&'a ModelDecl, AddError> {
    models.iter().find(|model| model.name.value == name).ok_or_else(|| {
        let nearest = suggest::nearest(name, models.iter().map(|model| model.name.value.as_str()));
        AddError::UnknownModel(name.to_owned(), nearest.map(ToOwned::to_owned))
    })
}

/// The files with one more relation, or as they are where they have it.
fn written(sources: &SourceMap, relation: &NewRelation) -> Result<SourceMap, AddError> {
    let patches = Patches::new(sources);
    let mut ignored = Diagnostics::default();
    let trees = syntax::parse(sources, &patches, &mut ignored);
    let models = ast::lower(trees, &patches, &mut ignored).models;
    let model = find(&models, &relation.source)?;
    if model.relations.iter().any(|decl| relation.is(decl)) {
        return Ok(sources.clone());
    }
    let place = patches.below(model.name.span);
    let edit = place.and_then(|place| place.append_item("relations", &relation.value(), "properties"));
    let fix = patches.certain("add the relation", [edit]);
    // A certain fix that is not certain any more would change what aliases repeat.
    let fix = fix.filter(Fix::is_certain).ok_or_else(|| AddError::NoPlace(relation.source.clone()))?;
    let mut selection = Selection::default();
    selection.take(&fix);
    Ok(selection.apply(sources))
}

/// Whether the other direction of a relation is there already.
fn is_declared(models: &[ModelDecl], checked: &Checked, relation: &NewRelation, other: &NewRelation) -> bool {
    let in_words = find(models, &other.source).is_ok_and(|model| model.relations.iter().any(|decl| other.is(decl)));
    let graph = checked.graph.as_ref();
    let source = graph.and_then(|graph| graph.models().find(|(_, model)| model.name == relation.source));
    // The new relation is the last of its model.
    let paired = source.and_then(|(_, model)| model.relations().last()).is_some_and(|(_, new)| new.inverse.is_some());
    in_words || paired
}
