//! Records that make or change rows: `New…`, `…Patch`, and the `New…` of a relation, which lacks its key.
//!
//! Decides which properties such a record has, which of them may be left out, and how each is turned into a
//! value and back. Knows nothing of SQL.

use serde::Serialize;

use super::naming::value_name;
use super::text::doc_lines;
use super::types::{Place, is_required};
use crate::graph::{Model, Origin, Property, PropertyId, Scalar};

/// One record.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// Its type's name.
    pub name: String,
    /// The type of the rows that it makes or changes.
    pub model: String,
    /// What it is for.
    pub doc: String,
    /// Derived besides `Clone`, `Debug` and `PartialEq`.
    pub derives: Vec<&'static str>,
    /// In property order.
    pub fields: Vec<InputField>,
    /// The positions, among the model's properties, of those that are taken from outside.
    pub indices: Vec<usize>,
    /// One expression for each property of the model.
    pub values: Vec<String>,
    /// The name of the row that it is read from; with an underscore where nothing is read.
    pub row: &'static str,
    /// `new(…)`; patches have none.
    pub constructor: Option<Constructor>,
}

impl Input {
    /// Whether every field may be left out.
    pub(crate) fn needs_nothing(&self) -> bool {
        self.constructor.as_ref().is_none_or(|constructor| constructor.parameters.is_empty())
    }

    /// Whether a field is turned into a value by its own type.
    pub(crate) fn converts(&self) -> bool {
        self.values.iter().any(|value| value.ends_with(".into_value()"))
    }
}

/// One field of a record.
#[derive(Debug, Clone, Serialize)]
pub struct InputField {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: String,
    /// Its description.
    pub docs: Vec<String>,
    /// How it is read from a row.
    pub read: String,
}

/// The short form of a new row.
#[derive(Debug, Clone, Serialize)]
pub struct Constructor {
    /// What is required, in property order.
    pub parameters: Vec<Parameter>,
    /// Every field with its value, as in a struct expression.
    pub fields: Vec<String>,
}

/// One parameter.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: String,
}

/// How a property appears in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Not at all.
    Absent,
    /// Must be given.
    Required,
    /// May be left out, and cannot be null.
    Optional,
    /// May be left out, or be given as null.
    Nullable,
}

/// `NewOrder`: what `create` takes; `fixed` are the keys that a relation sets.
pub(crate) fn new(
    place: Place<'_>,
    model: &Model,
    name: String,
    path: String,
    doc: String,
    fixed: &[PropertyId],
) -> Input {
    let presence = |(at, property): (PropertyId, &Property)| {
        if fixed.contains(&at) || property.is_made() {
            Presence::Absent
        } else if is_required(property) && property.default.is_none() && !property.ty.list {
            Presence::Required
        } else {
            Presence::Optional
        }
    };
    let mut input = record(place, model, name, path, doc, presence, "maybe");
    keep_hidden_inside(&mut input, model);
    let constructor = constructor(place, model, presence);
    if constructor.parameters.is_empty() {
        input.derives.push("Default");
    }
    input.constructor = Some(constructor);
    input
}

/// `OrderPatch`: everything but the id, each with "stays as it is".
pub(crate) fn patch(place: Place<'_>, model: &Model, name: String, path: String, doc: String) -> Input {
    let presence = |(_, property): (PropertyId, &Property)| match property {
        Property { id: true, .. } | Property { origin: Origin::Flag, .. } => Presence::Absent,
        property if is_required(property) => Presence::Optional,
        _ => Presence::Nullable,
    };
    let mut input = record(place, model, name, path, doc, presence, "given");
    input.derives.push("Default");
    keep_hidden_inside(&mut input, model);
    input
}

/// A hidden property is given by code, never by what comes from outside.
fn keep_hidden_inside(input: &mut Input, model: &Model) {
    let hidden: Vec<_> = numbered(model).map(|(_, property)| property.hidden).collect();
    input.indices.retain(|&at| !hidden[at]);
}

fn record(
    place: Place<'_>,
    model: &Model,
    name: String,
    path: String,
    doc: String,
    presence: impl Fn((PropertyId, &Property)) -> Presence,
    optional: &str,
) -> Input {
    let mut input = Input {
        name,
        model: path,
        doc,
        derives: Vec::new(),
        fields: Vec::new(),
        indices: Vec::new(),
        values: Vec::new(),
        row: "row",
        constructor: None,
    };
    for (at, (id, property)) in numbered(model).enumerate() {
        let field = value_name(&property.name);
        let ty = place.value(property.ty);
        let (ty, read, value) = match presence((id, property)) {
            Presence::Absent => {
                input.values.push("::relata::Value::Unset".to_owned());
                continue;
            }
            Presence::Required => (ty, "get", format!("self.{field}.into_value()")),
            Presence::Optional => (place.optional(&ty), optional, format!("::relata::value::given(self.{field})")),
            Presence::Nullable => {
                (place.optional(&place.optional(&ty)), optional, format!("::relata::value::given(self.{field})"))
            }
        };
        input.values.push(value);
        input.indices.push(at);
        let docs = doc_lines(property.description.as_deref().unwrap_or_default());
        input.fields.push(InputField { name: field, ty, docs, read: format!("row.{read}({at})?") });
    }
    if input.fields.is_empty() {
        input.row = "_row";
    }
    input
}

fn constructor(place: Place<'_>, model: &Model, presence: impl Fn((PropertyId, &Property)) -> Presence) -> Constructor {
    let mut constructor = Constructor { parameters: Vec::new(), fields: Vec::new() };
    for (id, property) in numbered(model) {
        let name = value_name(&property.name);
        let required = match presence((id, property)) {
            Presence::Absent => continue,
            presence => presence == Presence::Required,
        };
        let is_text = matches!(property.ty.scalar, Scalar::String | Scalar::Text) && !property.ty.list;
        let field = match (required, is_text) {
            (false, _) => format!("{name}: None"),
            (true, true) => format!("{name}: {name}.into()"),
            (true, false) => name.clone(),
        };
        constructor.fields.push(field);
        if required {
            let (ty, words) = (place.value(property.ty), place.words);
            let ty = if is_text { format!("impl {}<{ty}>", words.into) } else { ty };
            constructor.parameters.push(Parameter { name, ty });
        }
    }
    constructor
}

fn numbered(model: &Model) -> impl Iterator<Item = (PropertyId, &Property)> {
    (0..).map(PropertyId).zip(&model.properties)
}
