//! Enums, and the structs of embedded values: types of properties that the schema itself declares.

use std::collections::BTreeSet;

use serde::Serialize;

use super::docs;
use super::entities::Parameters;
use super::metadata::{self, PropertyStatic};
use super::naming::{file_module, file_name, type_name, value_name};
use super::text::{described, doc_lines, literal};
use super::types::{Place, is_recursive};
use super::words::Words;
use crate::graph::{Enum, Graph, ModelId, Scalar};

/// One enum's file.
#[derive(Debug, Clone, Serialize)]
pub struct EnumPlan {
    /// As in the schema, a literal.
    pub schema_name: String,
    /// As in the schema.
    pub doc: String,
    /// The file, without its folder.
    pub file: String,
    /// The private module of the file.
    pub file_module: String,
    /// The Rust enum.
    pub name: String,
    /// Names in the file.
    pub words: Words,
    /// Type parameters that the enum does not hide.
    pub parameters: Parameters,
    /// In declaration order.
    pub variants: Vec<VariantPlan>,
}

/// One variant.
#[derive(Debug, Clone, Serialize)]
pub struct VariantPlan {
    /// Its name.
    pub name: String,
    /// What is stored, a literal.
    pub value: String,
    /// What is stored, for its doc comment.
    pub docs: Vec<String>,
}

/// One embedded value's file.
#[derive(Debug, Clone, Serialize)]
pub struct EmbeddedPlan {
    /// As in the schema, a literal.
    pub schema_name: String,
    /// The file, without its folder.
    pub file: String,
    /// The private module of the file.
    pub file_module: String,
    /// The public module within: `address`.
    pub module: String,
    /// The struct.
    pub name: String,
    /// Its description.
    pub docs: Vec<String>,
    /// Names in the file.
    pub words: Words,
    /// Type parameters that the struct does not hide.
    pub parameters: Parameters,
    /// In property order.
    pub fields: Vec<EmbeddedField>,
    /// Its static.
    pub properties: Vec<PropertyStatic>,
}

/// One field of an embedded value.
#[derive(Debug, Clone, Serialize)]
pub struct EmbeddedField {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: String,
    /// The type of its values, from the module within.
    pub value: String,
    /// Its description.
    pub docs: Vec<String>,
    /// Its description, or its name in the schema.
    pub column_docs: Vec<String>,
}

/// Every enum, sorted by name.
pub(crate) fn enums(graph: &Graph) -> Vec<EnumPlan> {
    graph.enums.iter().map(enumeration).collect()
}

fn enumeration(declared: &Enum) -> EnumPlan {
    let name = type_name(&declared.name);
    let variant = |variant: &crate::graph::Variant| VariantPlan {
        name: variant.name.clone(),
        value: literal(&variant.value),
        docs: doc_lines(&format!("`{}`", variant.value.replace('`', "'"))),
    };
    EnumPlan {
        schema_name: literal(&declared.name),
        doc: format!("One of the values of `{}`.", declared.name),
        file: file_name(&declared.name),
        file_module: file_module(&declared.name),
        words: Words::beside([name.as_str()]),
        parameters: Parameters::beside(&name),
        variants: declared.variants.iter().map(variant).collect(),
        name,
    }
}

/// Every abstract model that a stored value can hold, sorted by name.
pub(crate) fn embedded(graph: &Graph) -> Vec<EmbeddedPlan> {
    let mut used = BTreeSet::new();
    let mut open: Vec<_> = graph.models().filter(|(_, model)| !model.is_abstract).map(|(id, _)| id).collect();
    while let Some(model) = open.pop() {
        for property in &graph.model(model).properties {
            if let Scalar::Embedded(value) = property.ty.scalar
                && used.insert(value)
            {
                open.push(value);
            }
        }
    }
    used.into_iter().map(|id| value(graph, id)).collect()
}

fn value(graph: &Graph, id: ModelId) -> EmbeddedPlan {
    let model = graph.model(id);
    let name = type_name(&model.name);
    let words = Words::beside([name.as_str()]);
    let place = Place { graph, words: &words, up: "super::" };
    let within = Place { graph, words: &words, up: "super::super::" };
    let fields = model.properties.iter().map(|property| EmbeddedField {
        name: value_name(&property.name),
        ty: place.field(property, is_recursive(graph, id, property)),
        value: within.value(property.ty),
        docs: doc_lines(property.description.as_deref().unwrap_or_default()),
        column_docs: docs::column(property),
    });
    EmbeddedPlan {
        schema_name: literal(&model.name),
        file: file_name(&model.name),
        file_module: file_module(&model.name),
        module: value_name(&model.name),
        docs: described(model.description.as_deref(), || format!("A value of `{}`.", model.name)),
        parameters: Parameters::beside(&name),
        fields: fields.collect(),
        properties: metadata::properties(graph, &model.properties),
        name,
        words,
    }
}
