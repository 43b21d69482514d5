//! One model's declaration.

use super::lower::MAX_LABELS;
use super::owners::{INDEX, MODEL};
use super::reader::{Reader, list, wrong_type};
use super::{IndexDecl, ModelDecl, Name, misread, property, relation};
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

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
        switched_off: Vec::new(),
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
    let (strays, entries) = stray_properties(entries, &what, reader);
    // What is wrong inside a property or relation breaks that declaration, not the whole model.
    let mut inner_errors = 0;
    for (key, entry) in reader.keys(entries, &MODEL) {
        let before = reader.findings.errors();
        let is_inner = matches!(key, "properties" | "relations" | "indexes");
        part(key, entry, &mut model, reader);
        if is_inner {
            inner_errors += reader.findings.errors() - before;
        }
    }
    for entry in strays {
        if model.properties.iter().all(|property| property.name.value != entry.key.value) {
            model.properties.push(property::property(entry, reader));
        }
    }
    model.broken = reader.findings.errors() - errors > inner_errors;
    model.incomplete = reader.findings.errors() > errors;
    model
}

/// Properties that stand beside `properties` instead of under it are reported once, and read as properties.
fn stray_properties(entries: Vec<Entry>, model: &str, reader: &mut Reader<'_>) -> (Vec<Entry>, Vec<Entry>) {
    let looks_like_one = |entry: &Entry| match &entry.value.kind {
        Kind::Map(parts) if MODEL.key(&entry.key.value).is_none() && !MODEL.has_word(&entry.key.value) => parts
            .iter()
            .any(|part| part.key.value == "type" || part.key.value == "id" && matches!(part.value.kind, Kind::Bool(_))),
        _ => false,
    };
    if !entries.iter().any(looks_like_one) {
        return (Vec::new(), entries);
    }
    let is_stray = |entry: &Entry| {
        let key = entry.key.value.as_str();
        let short = matches!(entry.value.kind, Kind::String(_))
            && MODEL.key(key).is_none()
            && !MODEL.has_word(key)
            && suggest::nearest(key, MODEL.keys.iter().copied()).is_none();
        short || looks_like_one(entry)
    };
    let at = entries.iter().position(|entry| entry.key.value == "properties");
    let follow = at.map_or(0, |at| entries[at + 1..].iter().take_while(|entry| is_stray(entry)).count());
    let (strays, rest): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(is_stray);
    // Lines elsewhere would have to be moved, not only indented.
    let fix = (follow == strays.len())
        .then(|| reader.patches.indent(strays.iter().map(|entry| entry.key.span)))
        .and_then(|edits| reader.patches.likely(if follow == 1 { "indent it" } else { "indent them" }, edits));
    let names = list(strays.iter().map(|entry| entry.key.value.as_str()), "and");
    let stand = if strays.len() == 1 { "stands" } else { "stand" };
    let finding = Diagnostic::new(&codes::UNKNOWN_KEY, format!("{names} of `{model}` {stand} outside `properties`"))
        .primary(strays[0].key.span, "looks like a property");
    let finding = strays[1..].iter().take(MAX_LABELS).fold(finding, |finding, entry| finding.label(entry.key.span, ""));
    let finding = finding.note(if at.is_some() {
        "properties stand under the key `properties`, indented below it"
    } else {
        "put the key `properties` above them, and indent them below it"
    });
    reader.findings.push(finding.fix_if(fix));
    (strays, rest)
}

fn part(key: &str, entry: Entry, model: &mut ModelDecl, reader: &mut Reader<'_>) {
    match key {
        "description" => model.description = reader.string(entry),
        "datasource" => model.datasource = reader.string(entry),
        "plural" => model.plural = reader.string(entry),
        "table" => model.table = reader.string(entry),
        "extends" => {
            if let Kind::List(_) = entry.value.kind {
                let finding = wrong_type("extends", "the name of one model", &entry.value, entry.key.span);
                reader.findings.push(finding.note("a model has one base, which may have a base itself"));
            } else {
                model.extends = reader.string(entry);
            }
        }
        "abstract" => {
            model.is_abstract = reader.boolean(&entry).is_some_and(|written| written.value);
        }
        "timestamps" => model.timestamps = where_true(&entry, &mut model.switched_off, reader),
        "softDelete" => model.soft_delete = where_true(&entry, &mut model.switched_off, reader),
        "properties" => {
            model.properties_key = Some(entry.key.span);
            let entries = reader.map(entry.value, entry.key.span, "properties").unwrap_or_default();
            model.properties = entries.into_iter().map(|entry| property::property(entry, reader)).collect();
        }
        "relations" => {
            let key = entry.key.span;
            let items = misread::relations(entry, reader).unwrap_or_default();
            let mut before = None;
            for item in items {
                let place = item.span;
                model.relations.extend(relation::relation(item, key, before, reader));
                before = Some(place);
            }
        }
        "indexes" => {
            let key = entry.key.span;
            let items = reader.list(entry).unwrap_or_default();
            model.indexes = items.into_iter().filter_map(|item| index(item, key, reader)).collect();
        }
        _ => {}
    }
}

/// Where a flag is switched on; one that is switched off goes into `off`.
fn where_true(entry: &Entry, off: &mut Vec<Name>, reader: &mut Reader<'_>) -> Option<Span> {
    let written = reader.boolean(entry)?;
    if !written.value {
        off.push(entry.key.clone());
    }
    written.value.then_some(entry.key.span)
}

fn index(node: Node, key: Span, reader: &mut Reader<'_>) -> Option<IndexDecl> {
    let span = node.span;
    let errors = reader.findings.errors();
    let mut properties = None;
    let mut index = IndexDecl { span, properties: Vec::new(), unique: false, name: None };
    let entries = match &node.kind {
        Kind::List(_) | Kind::String(_) => {
            let finding = wrong_type("an index", "a map", &node, key);
            reader.findings.push(finding.note("an index is written `{ properties: [a, b] }`"));
            return None;
        }
        _ => reader.map(node, key, "an index")?,
    };
    for (key, entry) in reader.keys(entries, &INDEX) {
        match key {
            "properties" => {
                index.span = entry.key.span;
                properties = reader.names(entry);
            }
            "unique" => index.unique = reader.boolean(&entry).is_some_and(|written| written.value),
            _ => index.name = reader.string(entry),
        }
    }
    if properties.is_none() && reader.findings.errors() == errors {
        reader.missing_key(if span.start == span.end { key } else { span }, "properties", "an index");
    }
    index.properties = properties?;
    (reader.findings.errors() == errors).then_some(index)
}
