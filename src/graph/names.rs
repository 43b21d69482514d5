//! First pass: every declared name once, sorted, with an id.

use std::collections::HashMap;

use super::{EnumId, ModelId, words};
use crate::ast::{EnumDecl, ModelDecl, Name, Schema, ViewDecl};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, codes};

/// Ids by name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) models: HashMap<String, ModelId>,
    pub(crate) enums: HashMap<String, EnumId>,
    /// How many models have a name that another one has: copies that were meant to have names of their own.
    pub(crate) copies: usize,
}

/// Sorts the declarations by name and drops those whose name is taken, so that an id is an index into them.
pub(super) fn collect(schema: &mut Schema, findings: &mut Diagnostics) -> Names {
    let declared = schema.models.len();
    sort_models(&mut schema.models, findings);
    let copies = declared - schema.models.len();
    sort_enums(&mut schema.enums, findings);
    sort_views(&mut schema.views, findings);
    sort_datasources(schema, findings);
    let mut models = index(schema.models.iter().map(|model| &model.name), ModelId);
    let aliases: Vec<_> = schema.models.iter().zip(0..).flat_map(|(model, at)| aliases(model, ModelId(at))).collect();
    for (alias, id) in aliases {
        models.entry(alias).or_insert(id);
    }
    Names { models, enums: index(schema.enums.iter().map(|item| &item.name), EnumId), copies }
}

/// A model whose name is refused is meant under the name it should have, so that its references are not refused too.
fn aliases(model: &ModelDecl, id: ModelId) -> Vec<(String, ModelId)> {
    let name = &model.name.value;
    if name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_') {
        return Vec::new();
    }
    let better = words::pascal(name);
    let singular = pluralizer::pluralize(&better, 1, false);
    vec![(better, id), (singular, id)]
}

fn index<'a, Id>(names: impl Iterator<Item = &'a Name>, id: fn(u32) -> Id) -> HashMap<String, Id> {
    names.zip(0..).map(|(name, at)| (name.value.clone(), id(at))).collect()
}

fn sort_models(models: &mut Vec<ModelDecl>, findings: &mut Diagnostics) {
    models.sort_by(|a, b| (&a.name.value, a.name.span).cmp(&(&b.name.value, b.name.span)));
    models.dedup_by(|later, first| {
        let twice = later.name.value == first.name.value;
        if twice && later.name.span.file != first.name.span.file {
            findings.push(declared_twice(&codes::DUPLICATE_MODEL, "model", &first.name, &later.name));
        }
        twice
    });
}

fn sort_enums(enums: &mut Vec<EnumDecl>, findings: &mut Diagnostics) {
    enums.sort_by(|a, b| (&a.name.value, a.name.span).cmp(&(&b.name.value, b.name.span)));
    enums.dedup_by(|later, first| {
        let twice = later.name.value == first.name.value;
        if twice && later.name.span.file != first.name.span.file {
            findings.push(declared_twice(&codes::DUPLICATE_ENUM, "enum", &first.name, &later.name));
        }
        twice
    });
}

fn sort_views(views: &mut Vec<ViewDecl>, findings: &mut Diagnostics) {
    views.sort_by(|a, b| (&a.name.value, a.name.span).cmp(&(&b.name.value, b.name.span)));
    views.dedup_by(|later, first| {
        let twice = later.name.value == first.name.value;
        if twice && later.name.span.file != first.name.span.file {
            findings.push(declared_twice(&codes::DUPLICATE_VIEW, "view", &first.name, &later.name));
        }
        twice
    });
}

/// Two of one file are a `duplicate-key` already.
fn declared_twice(code: Code, what: &str, first: &Name, later: &Name) -> Diagnostic {
    Diagnostic::new(code, format!("the {what} `{}` is declared twice", first.value))
        .primary(later.span, "declared again here")
        .label(first.span, "first declared here")
}

/// A datasource may be named in several files as long as they say the same of it.
fn sort_datasources(schema: &mut Schema, findings: &mut Diagnostics) {
    schema.datasources.sort_by(|a, b| (&a.name.value, a.name.span).cmp(&(&b.name.value, b.name.span)));
    schema.datasources.dedup_by(|later, first| {
        let same = later.name.value == first.name.value;
        let text = |description: &Option<Name>| description.as_ref().map(|text| text.value.clone());
        if same && text(&later.description) != text(&first.description) {
            findings.push(
                Diagnostic::new(
                    &codes::DUPLICATE_DATASOURCE,
                    format!("the datasource `{}` is described in two ways", first.name.value),
                )
                .primary(later.name.span, "differs from the first")
                .label(first.name.span, "first described here")
                .note("a datasource may be named in several files if its entries are equal"),
            );
        }
        same
    });
}
