//! The Rust type of a property. Knows nothing of columns.

use super::naming::type_name;
use super::words::Words;
use crate::graph::{Graph, ModelId, Property, Scalar, Type};

/// The place from which types are named: the words of its module and the way up to the schema's items.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) words: &'a Words,
    /// `super::` in a model's file, `super::super::` in the module within.
    pub(crate) up: &'static str,
}

impl Place<'_> {
    /// The type of a value, never optional: of a column, a key, an element.
    pub(crate) fn value(&self, ty: Type) -> String {
        let one = self.scalar(ty.scalar);
        if ty.list { format!("{}<{one}>", self.words.vec) } else { one }
    }

    fn scalar(&self, scalar: Scalar) -> String {
        let words = self.words;
        match scalar {
            Scalar::String | Scalar::Text => words.string.to_owned(),
            Scalar::Integer => words.i64.to_owned(),
            Scalar::Int32 => words.i32.to_owned(),
            Scalar::Number => words.f64.to_owned(),
            Scalar::Boolean => words.bool.to_owned(),
            Scalar::Bytes => format!("{}<{}>", words.vec, words.u8),
            Scalar::Decimal => "::relata::types::Decimal".to_owned(),
            Scalar::Date => "::relata::types::Date".to_owned(),
            Scalar::Time => "::relata::types::Time".to_owned(),
            Scalar::DateTime => "::relata::types::DateTime".to_owned(),
            Scalar::Uuid => "::relata::types::Uuid".to_owned(),
            Scalar::Json => "::relata::types::Json".to_owned(),
            Scalar::Enum(id) => format!("{}{}", self.up, type_name(&self.graph.enumeration(id).name)),
            Scalar::Embedded(id) => self.embedded(id),
        }
    }

    /// The type of an embedded value.
    pub(crate) fn embedded(&self, id: ModelId) -> String {
        format!("{}{}", self.up, type_name(&self.graph.model(id).name))
    }

    /// The type of a field that holds a property of a stored row.
    pub(crate) fn field(&self, property: &Property, boxed: bool) -> String {
        let mut ty = self.value(property.ty);
        if boxed {
            ty = format!("{}<{ty}>", self.words.boxed);
        }
        if is_required(property) { ty } else { self.optional(&ty) }
    }

    /// `Option<…>`.
    pub(crate) fn optional(&self, ty: &str) -> String {
        format!("{}<{ty}>", self.words.option)
    }

    /// The type of a key: of its only property, or a tuple.
    pub(crate) fn key<'p>(&self, properties: impl Iterator<Item = &'p Property>) -> String {
        let types: Vec<_> = properties.map(|property| self.value(property.ty)).collect();
        match types.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        }
    }
}

/// Whether a stored row always has a value.
pub(crate) fn is_required(property: &Property) -> bool {
    property.required || property.id || property.version || property.ty.list
}

/// Whether a value of `model` may hold, without a list between, another value of `model` at that property: its
/// size would have no end, so it is held behind a pointer.
pub(crate) fn is_recursive(graph: &Graph, model: ModelId, property: &Property) -> bool {
    let held = |property: &Property| match property.ty {
        Type { scalar: Scalar::Embedded(id), list: false } => Some(id),
        _ => None,
    };
    let mut seen = Vec::new();
    let mut open: Vec<_> = held(property).into_iter().collect();
    while let Some(next) = open.pop() {
        if next == model {
            return true;
        }
        if !seen.contains(&next) {
            seen.push(next);
            open.extend(graph.model(next).properties.iter().filter_map(held));
        }
    }
    false
}
