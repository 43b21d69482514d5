//! The trees of all files into one [`Schema`].

use super::reader::Reader;
use super::{DatasourceDecl, EnumDecl, Name, Schema, VariantDecl, model};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, codes};
use crate::patch::Patches;
use crate::syntax::{Entry, Kind, Node};

const TOP_LEVEL: &[&str] = &["relata", "datasources", "enums", "models"];

/// Reads the declarations of every file, in the order of the files.
pub(crate) fn lower(roots: Vec<Node>, patches: &Patches<'_>, findings: &mut Diagnostics) -> Schema {
    let mut schema = Schema::default();
    let mut reader = Reader { patches, findings };
    for root in roots {
        let span = root.span;
        for entry in reader.map(root, span, "a schema file").unwrap_or_default() {
            top_level(entry, &mut schema, &mut reader);
        }
    }
    schema
}

fn top_level(entry: Entry, schema: &mut Schema, reader: &mut Reader<'_>) {
    let (key, span) = (entry.key.value.as_str(), entry.key.span);
    match key {
        "$schema" => {}
        "relata" => version(&entry, reader),
        "datasources" => {
            for entry in reader.map(entry.value, span, "datasources").unwrap_or_default() {
                schema.datasources.push(datasource(entry, reader));
            }
        }
        "enums" => {
            for entry in reader.map(entry.value, span, "enums").unwrap_or_default() {
                schema.enums.push(enumeration(entry, reader));
            }
        }
        "models" => {
            for entry in reader.map(entry.value, span, "models").unwrap_or_default() {
                schema.models.push(model::model(entry, reader));
            }
        }
        _ => reader.unknown_key(&entry.key, "a schema file", TOP_LEVEL),
    }
}

fn version(entry: &Entry, reader: &mut Reader<'_>) {
    let Some(version) = reader.count(entry) else {
        return;
    };
    if version.value != 1 {
        reader.findings.push(
            Diagnostic::new(
                &codes::UNSUPPORTED_VERSION,
                format!("version {} of the schema language is not known here", version.value),
            )
            .primary(version.span, "this compiler reads version 1")
            .fix_if(Some(Fix::likely("write `1`", [Edit::replace(version.span, "1")]))),
        );
    }
}

fn datasource(entry: Entry, reader: &mut Reader<'_>) -> DatasourceDecl {
    let mut description = None;
    for entry in reader.map(entry.value, entry.key.span, &entry.key.value).unwrap_or_default() {
        match entry.key.value.as_str() {
            "description" => description = reader.string(entry),
            _ => reader.unknown_key(&entry.key, "a datasource", &["description"]),
        }
    }
    DatasourceDecl { name: entry.key, description }
}

fn enumeration(entry: Entry, reader: &mut Reader<'_>) -> EnumDecl {
    let errors = reader.findings.errors();
    let name = entry.key.clone();
    let items = reader.list(entry).unwrap_or_default();
    let variants = items.into_iter().filter_map(|item| variant(item, &name, reader)).collect();
    EnumDecl { broken: reader.findings.errors() > errors, name, variants }
}

fn variant(node: Node, owner: &Name, reader: &mut Reader<'_>) -> Option<VariantDecl> {
    let span = node.span;
    let Kind::Map(entries) = node.kind else {
        let value = reader.string_node(node, owner.span, &owner.value)?;
        return Some(VariantDecl { value, name: None });
    };
    let (mut value, mut name) = (None, None);
    let errors = reader.findings.errors();
    for entry in entries {
        match entry.key.value.as_str() {
            "value" => value = reader.string(entry),
            "name" => name = reader.string(entry),
            _ => reader.unknown_key(&entry.key, "an enum's variant", &["value", "name"]),
        }
    }
    if value.is_none() && reader.findings.errors() == errors {
        reader.missing_key(span, "value", "a variant");
    }
    Some(VariantDecl { value: value?, name })
}
