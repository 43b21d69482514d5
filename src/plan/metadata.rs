//! What emitted statics say of properties: the fields that differ from an optional property without rules.
//!
//! Knows the runtime's `PropertyMeta`; nothing of Rust types or SQL.

use serde::Serialize;

use super::naming::file_module;
use super::text::literal;
use super::types::is_required;
use crate::graph::{Default, Graph, Literal, Origin, Property, Scalar, Type};

/// One property as a static: its fields and their expressions.
#[derive(Debug, Clone, Serialize)]
pub struct PropertyStatic {
    /// In the order of the runtime's struct.
    pub fields: Vec<StaticField>,
}

/// One field of a static.
#[derive(Debug, Clone, Serialize)]
pub struct StaticField {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

impl PropertyStatic {
    /// The models whose names it may hold; of a property that holds something else, none.
    pub(crate) fn may_name(&mut self, models: &[String]) {
        if !models.is_empty() {
            let names: Vec<_> = models.iter().map(|name| literal(name)).collect();
            self.fields.push(StaticField { name: "models", value: format!("&[{}]", names.join(", ")) });
        }
    }
}

const DEFAULT_PRECISION: u8 = 18;
const DEFAULT_SCALE: u8 = 6;

/// The statics of some properties.
pub(crate) fn properties<'p>(graph: &Graph, properties: impl IntoIterator<Item = &'p Property>) -> Vec<PropertyStatic> {
    properties.into_iter().map(|property| PropertyStatic { fields: fields(graph, property) }).collect()
}

fn fields(graph: &Graph, property: &Property) -> Vec<StaticField> {
    let mut fields = Vec::new();
    let mut add = |name, value: Option<String>| fields.extend(value.map(|value| StaticField { name, value }));
    let truth = |on: bool| on.then(|| "true".to_owned());
    let number = |number: Option<u64>| number.map(|number| format!("Some({number})"));
    let text = |text: Option<&String>| text.map(|text| format!("Some({})", literal(text)));
    add("name", Some(literal(&property.name)));
    add("column", Some(literal(&property.column)));
    add("kind", Some(format!("::relata::meta::Kind::{}", kind(graph, property.ty.scalar))));
    add("list", truth(property.ty.list));
    add("required", truth(is_required(property)));
    add("generated", generated(property).map(|by| format!("::relata::meta::Generated::{by}")));
    add("default", property.default.as_ref().map(|value| format!("::relata::meta::DefaultMeta::{}", default(value))));
    add("hidden", truth(property.hidden));
    add("min_length", number(property.min_length));
    add("max_length", number(property.max_length));
    add("pattern", text(property.pattern.as_ref()));
    add("minimum", text(property.minimum.as_ref()));
    add("maximum", text(property.maximum.as_ref()));
    if property.ty.scalar == Scalar::Decimal {
        add("precision", (property.precision != DEFAULT_PRECISION).then(|| property.precision.to_string()));
        add("scale", (property.scale != DEFAULT_SCALE).then(|| property.scale.to_string()));
    }
    fields
}

fn kind(graph: &Graph, scalar: Scalar) -> String {
    let of = |name: &str| format!("(&super::{}::META)", file_module(name));
    match scalar {
        Scalar::String => "String".to_owned(),
        Scalar::Text => "Text".to_owned(),
        Scalar::Integer => "Integer".to_owned(),
        Scalar::Int32 => "Int32".to_owned(),
        Scalar::Number => "Number".to_owned(),
        Scalar::Decimal => "Decimal".to_owned(),
        Scalar::Boolean => "Boolean".to_owned(),
        Scalar::Date => "Date".to_owned(),
        Scalar::Time => "Time".to_owned(),
        Scalar::DateTime => "DateTime".to_owned(),
        Scalar::Uuid => "Uuid".to_owned(),
        Scalar::Json => "Json".to_owned(),
        Scalar::Bytes => "Bytes".to_owned(),
        Scalar::Enum(id) => format!("Enum{}", of(&graph.enumeration(id).name)),
        Scalar::Embedded(id) => format!("Embedded{}", of(&graph.model(id).name)),
    }
}

/// Who makes the value, where it is not the caller.
pub(crate) fn generated(property: &Property) -> Option<&'static str> {
    match property {
        Property { version: true, .. } => Some("Version"),
        Property { generated: true, ty: Type { scalar: Scalar::Uuid, .. }, .. } => Some("Uuid"),
        Property { generated: true, .. } => Some("Database"),
        Property { origin: Origin::Flag, name, .. } if name == "createdAt" => Some("CreatedAt"),
        Property { origin: Origin::Flag, name, .. } if name == "updatedAt" => Some("UpdatedAt"),
        _ => None,
    }
}

fn default(value: &Default) -> String {
    match value {
        Default::Now => "Now".to_owned(),
        Default::Uuid => "Uuid".to_owned(),
        Default::Literal(value) => format!("Json({})", literal(&json(value))),
    }
}

fn json(value: &Literal) -> String {
    match value {
        Literal::Boolean(value) => value.to_string(),
        Literal::Number(text) | Literal::Json(text) => text.clone(),
        Literal::String(text) => serde_json::Value::from(text.as_str()).to_string(),
    }
}
