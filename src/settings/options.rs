//! What is added to emitted structs, by `derives` and `attributes`.

use syn::parse::Parser as _;

use super::SchemaSettings;
use super::read::{invalid, map};
use crate::ast::{Reader, did_you_mean};
use crate::diagnostic::{Diagnostic, suggest};
use crate::graph::Graph;
use crate::plan::Options;
use crate::source::Spanned;
use crate::syntax::Entry;

/// Stands for every model; models begin with a capital letter.
const ALL: &str = "all";

/// What emitted structs derive by themselves.
const EMITTED: [&str; 3] = ["Clone", "Debug", "PartialEq"];

/// An attribute for the struct of a model, or of every model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// None for every model.
    pub model: Option<Spanned<String>>,
    /// As it stands in code: `#[…]`.
    pub text: String,
}

/// How an attribute is written in the settings.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// As a path: `Eq`.
    Derive,
    /// Whole: `#[must_use]`.
    Attribute,
}

/// Reads `{ Order: [Eq], all: [Hash] }`.
pub(super) fn read(entry: Entry, place: Place, attributes: &mut Vec<Attribute>, reader: &mut Reader<'_>) {
    let expected = match place {
        Place::Derive => "a map, such as `{ Order: [Eq], all: [Hash] }`",
        Place::Attribute => "a map, such as `{ Order: '#[must_use]' }`",
    };
    let mut seen: Vec<(Option<String>, Spanned<String>)> = Vec::new();
    for entry in map(entry, expected, reader) {
        let model = Some(entry.key.clone()).filter(|name| name.value != ALL);
        for written in reader.names(entry).unwrap_or_default() {
            let name = model.as_ref().map(|model| model.value.clone());
            match place.text(&written) {
                Ok(text) => attributes.push(Attribute { model: model.clone(), text }),
                Err(finding) => reader.findings.push(*finding),
            }
            if matches!(place, Place::Derive) {
                reader.findings.extend(derived_already(&written, name.as_deref(), &seen));
                seen.push((name, written));
            }
        }
    }
}

/// A derive that a struct has already would not compile.
fn derived_already(
    written: &Spanned<String>,
    model: Option<&str>,
    seen: &[(Option<String>, Spanned<String>)],
) -> Option<Diagnostic> {
    let Spanned { value, span } = written;
    let finding = invalid(format!("`{value}` is derived twice"));
    if EMITTED.contains(&value.as_str()) {
        return Some(finding.primary(*span, "emitted code derives it already"));
    }
    let meets = |other: Option<&str>| model.is_none() || other.is_none() || model == other;
    let (_, earlier) = seen.iter().find(|(other, earlier)| earlier.value == *value && meets(other.as_deref()))?;
    Some(finding.primary(*span, "derived here again").label(earlier.span, "first derived here"))
}

impl Place {
    fn text(self, written: &Spanned<String>) -> Result<String, Box<Diagnostic>> {
        let Spanned { value, span } = written;
        match self {
            Self::Derive if syn::parse_str::<syn::Path>(value).is_ok() => Ok(format!("#[derive({value})]")),
            Self::Attribute if syn::Attribute::parse_outer.parse_str(value).is_ok_and(|found| found.len() == 1) => {
                Ok(value.clone())
            }
            Self::Derive => Err(Box::new(
                invalid(format!("`{value}` cannot be derived"))
                    .primary(*span, "expected a path, such as `Eq` or `serde::Serialize`"),
            )),
            Self::Attribute => Err(Box::new(
                invalid(format!("`{value}` is not an attribute"))
                    .primary(*span, "expected one attribute, such as `'#[must_use]'`"),
            )),
        }
    }
}

impl SchemaSettings {
    /// The options that these settings make.
    pub fn options(&self) -> Options {
        self.attributes.iter().fold(Options::default(), |options, attribute| match &attribute.model {
            Some(model) => options.attribute(&model.value, &attribute.text),
            None => options.attribute_everywhere(&attribute.text),
        })
    }

    /// Models that the settings name and the schema does not have.
    pub(super) fn unknown_models(&self, graph: &Graph) -> Vec<Diagnostic> {
        let emitted = || graph.models().filter(|(_, model)| !model.is_abstract).map(|(_, model)| model.name.as_str());
        let named = self.attributes.iter().filter_map(|attribute| attribute.model.as_ref());
        let unknown = named.filter(|name| !emitted().any(|known| known == name.value));
        let finding = |name: &Spanned<String>| {
            invalid(format!("`{}` is no model with a table", name.value))
                .primary(name.span, format!("expected a model, or `{ALL}`"))
                .fix_if(did_you_mean(name, suggest::nearest(&name.value, emitted())))
        };
        let mut findings: Vec<_> = unknown.map(finding).collect();
        // One for each name, however much is derived for it.
        findings.dedup();
        findings
    }
}
