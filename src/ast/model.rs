//! One model's declaration.

use super::reader::Reader;
use super::{IndexDecl, ModelDecl, property, relation};
use crate::source::Span;
use crate::syntax::{Entry, Node};

const MODEL: &[&str] = &[
    "description",
    "datasource",
    "plural",
    "table",
    "properties",
    "relations",
    "indexes",
    "extends",
    "abstract",
    "timestamps",
    "softDelete",
];
const INDEX: &[&str] = &["properties", "unique", "name"];

pub(super) fn model(entry: Entry, reader: &mut Reader<'_>) -> ModelDecl {
    let errors = reader.findings.errors();
    let mut model = ModelDecl {
        name: entry.key,
        broken: false,
        incomplete: false,
        description: None,
        datasource: None,
        plural: None,
        table: None,
        extends: None,
        is_abstract: false,
        timestamps: None,
        soft_delete: None,
        properties_key: None,
        properties: Vec::new(),
        relations: Vec::new(),
        indexes: Vec::new(),
    };
    let what = model.name.value.clone();
    let Some(entries) = reader.map(entry.value, model.name.span, &what) else {
        model.broken = true;
        model.incomplete = true;
        return model;
    };
    // What is wrong inside a property or relation breaks that declaration, not the whole model.
    let mut inner_errors = 0;
    for entry in entries {
        let before = reader.findings.errors();
        let is_inner = matches!(entry.key.value.as_str(), "properties" | "relations" | "indexes");
        part(entry, &mut model, reader);
        if is_inner {
            inner_errors += reader.findings.errors() - before;
        }
    }
    model.broken = reader.findings.errors() - errors > inner_errors;
    model.incomplete = reader.findings.errors() > errors;
    model
}

fn part(entry: Entry, model: &mut ModelDecl, reader: &mut Reader<'_>) {
    match entry.key.value.as_str() {
        "description" => model.description = reader.string(entry),
        "datasource" => model.datasource = reader.string(entry),
        "plural" => model.plural = reader.string(entry),
        "table" => model.table = reader.string(entry),
        "extends" => model.extends = reader.string(entry),
        "abstract" => {
            model.is_abstract = reader.boolean(&entry).is_some_and(|written| written.value);
        }
        "timestamps" => model.timestamps = where_true(&entry, reader),
        "softDelete" => model.soft_delete = where_true(&entry, reader),
        "properties" => {
            model.properties_key = Some(entry.key.span);
            let entries = reader.map(entry.value, entry.key.span, "properties").unwrap_or_default();
            model.properties = entries.into_iter().map(|entry| property::property(entry, reader)).collect();
        }
        "relations" => {
            let key = entry.key.span;
            let items = reader.list(entry).unwrap_or_default();
            model.relations = items.into_iter().filter_map(|item| relation::relation(item, key, reader)).collect();
        }
        "indexes" => {
            let key = entry.key.span;
            let items = reader.list(entry).unwrap_or_default();
            model.indexes = items.into_iter().filter_map(|item| index(item, key, reader)).collect();
        }
        _ => reader.unknown_key(&entry.key, "a model", MODEL),
    }
}

/// Where a flag is switched on.
fn where_true(entry: &Entry, reader: &mut Reader<'_>) -> Option<Span> {
    reader.boolean(entry).filter(|written| written.value).map(|_| entry.key.span)
}

fn index(node: Node, key: Span, reader: &mut Reader<'_>) -> Option<IndexDecl> {
    let span = node.span;
    let errors = reader.findings.errors();
    let mut properties = None;
    let mut index = IndexDecl { span, properties: Vec::new(), unique: false, name: None };
    for entry in reader.map(node, key, "an index")? {
        match entry.key.value.as_str() {
            "properties" => {
                index.span = entry.key.span;
                properties = reader.names(entry);
            }
            "unique" => index.unique = reader.boolean(&entry).is_some_and(|written| written.value),
            "name" => index.name = reader.string(entry),
            _ => reader.unknown_key(&entry.key, "an index", INDEX),
        }
    }
    if properties.is_none() && reader.findings.errors() == errors {
        reader.missing_key(if span.start == span.end { key } else { span }, "properties", "an index");
    }
    index.properties = properties?;
    (reader.findings.errors() == errors).then_some(index)
}
