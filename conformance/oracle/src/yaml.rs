//! A schema as a user would write it.

use std::fmt::Write as _;

use crate::schema::{Cardinality, Model, Relation, Schema, Tie, Type};

/// The schema's text.
pub fn yaml(schema: &Schema) -> String {
    let mut text = String::from("models:\n  Point:\n    abstract: true\n    properties:\n");
    text.push_str("      x: { type: integer, required: true }\n      s: string\n");
    for model in &schema.models {
        write(&mut text, schema, model);
    }
    text
}

fn write(text: &mut String, schema: &Schema, model: &Model) {
    let _ = writeln!(text, "  {}:\n    plural: {0}s", model.name);
    if model.soft_delete {
        text.push_str("    softDelete: true\n");
    }
    text.push_str("    properties:\n");
    for key in model.key {
        let _ = writeln!(text, "      {key}: {{ type: integer, id: true }}");
    }
    for property in &model.properties {
        let ty = match property.ty {
            Type::Integer => "type: integer",
            Type::Text => "type: string",
            Type::Flag => "type: boolean",
            Type::Point => "type: Point",
            Type::Points => "type: Point, list: true",
        };
        let required = if property.required && property.ty != Type::Points { ", required: true" } else { "" };
        let _ = writeln!(text, "      {}: {{ {ty}{required} }}", property.name);
    }
    if !model.relations.is_empty() {
        text.push_str("    relations:\n");
    }
    for relation in &model.relations {
        let _ = writeln!(text, "      - {{ {} }}", declaration(schema, relation));
    }
}

fn declaration(schema: &Schema, relation: &Relation) -> String {
    let names: Vec<_> = relation.targets.iter().map(|&target| schema.model(target).name).collect();
    let (target, name) = (names[0], &relation.name);
    let weak = if relation.strong { "" } else { ", constraint: false" };
    let required = if relation.required { ", required: true" } else { "" };
    match &relation.tie {
        Tie::Belongs(keys) => {
            format!("belongsTo: {target}, name: {name}, keyFrom: [{}]{required}{weak}", keys.join(", "))
        }
        Tie::Has(keys) => {
            let kind = if relation.cardinality == Cardinality::Many { "hasMany" } else { "hasOne" };
            format!("{kind}: {target}, name: {name}, keyTo: [{}]{weak}", keys.join(", "))
        }
        Tie::Through(link, from, to) => format!(
            "hasMany: {target}, name: {name}, through: {{ model: {}, keyFrom: [{}], keyTo: [{}] }}",
            schema.model(*link).name,
            from.join(", "),
            to.join(", ")
        ),
        Tie::References(key) => format!("referencesMany: {target}, name: {name}, keyFrom: {key}"),
        Tie::Polymorphic(..) => format!("belongsTo: [{}], name: {name}", names.join(", ")),
        Tie::Answers(key, _) => {
            format!("hasMany: {target}, name: {name}, polymorphic: {}", key.trim_end_matches("Id"))
        }
    }
}
