//! Relations to several models, and the answers to them.
//!
//! A relation to several models gives an enum of their rows. To each of them leads a relation of its own, an arm,
//! that holds where the discriminator names the model; an answer is such an arm seen from the other side. Of a relation
//! through a link model, each arm leads along the links that name the model.

use serde::Serialize;

use super::super::inputs::{self, Input};
use super::super::naming::{type_name, value_name};
use super::super::tables::Table;
use super::super::text::literal;
use super::super::words::free_parameter;
use super::statics::{FormStatic, RelationStatic, tied};
use super::{Context, of, through};
use crate::graph::{Model, ModelId, PropertyId, Relation, RelationKind, Through, one, record};

/// The enum of what a relation to several models gives.
#[derive(Debug, Clone, Serialize)]
pub struct OneOf {
    /// `CommentSubject`.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// One for each model.
    pub arms: Vec<Arm>,
    /// The parameter for rows with something included.
    pub included: String,
    /// Where the source does not hold the key, what the accessor gives: `PaymentMethodAccessor`, within the module.
    pub accessor: Option<String>,
}

/// One of the models.
#[derive(Debug, Clone, Serialize)]
pub struct Arm {
    /// Variant: `Post`.
    pub variant: String,
    /// The type parameter of its rows.
    pub parameter: String,
    /// The function that gives the relation to it: `post`.
    pub function: String,
    /// What it leads to, as the schema calls it.
    pub model: String,
    /// The model, from the model's file.
    pub target: String,
    /// Rows of the source can be chosen by its rows.
    pub joined: bool,
    /// What is made through it.
    pub new: Option<Input>,
    /// What the relation narrowed to it is called: `credit_card`, or `half_prices` where it gives many.
    pub narrowed: String,
    /// The type of its key, from the module within.
    pub key: String,
}

/// The enum of a relation to several models.
pub(super) fn one_of(context: Context<'_>, source: &Model, relation: &Relation) -> OneOf {
    let graph = context.graph;
    let many = relation.kind == RelationKind::HasMany;
    let new_is_made = relation.kind.has() && relation.through.is_none();
    let variants: Vec<_> = relation.targets.iter().map(|target| type_name(&graph.model(*target).name)).collect();
    let parameters: Vec<_> = variants.iter().map(|variant| format!("_{variant}")).collect();
    let arm = |(n, (target, key)): (usize, (ModelId, &[PropertyId]))| {
        let model = graph.model(target);
        Arm {
            variant: variants[n].clone(),
            parameter: parameters[n].clone(),
            function: value_name(&model.name),
            model: model.name.clone(),
            target: format!("super::{}", variants[n]),
            joined: model.datasource == source.datasource,
            new: new_is_made.then(|| new(context, source, relation, target, key)),
            narrowed: value_name(if many { &model.plural } else { &model.name }),
            key: context.within.key(of(model, key)),
        }
    };
    OneOf {
        name: enum_name(&source.name, relation),
        doc: format!("What `{}` leads to from a {}.", relation.name, source.name),
        arms: relation.keyed_targets().enumerate().map(arm).collect(),
        included: free_parameter("_C", &parameters.iter().map(String::as_str).collect::<Vec<_>>()),
        accessor: relation.kind.has().then(|| format!("{}Accessor", type_name(&relation.name))),
    }
}

/// `customer::NewPaymentMethodCreditCard`: the target's `New…` without the key.
fn new(context: Context<'_>, source: &Model, relation: &Relation, target: ModelId, key: &[PropertyId]) -> Input {
    let Context { graph, tables, within, .. } = context;
    let model = graph.model(target);
    let name = format!("{}{}", record(&relation.name, false), type_name(&model.name));
    let table = tables.of(target).map(Table::flat_name).unwrap_or_default();
    let doc = format!("A new row of `{table}` that belongs to the {} it is made through.", source.name);
    inputs::new(within, model, name, format!("super::super::{}", type_name(&model.name)), doc, key)
}

/// `CommentSubject`: the model and the relation, singular.
fn enum_name(model: &str, relation: &Relation) -> String {
    format!("{}{}", type_name(model), one(&relation.name, relation.kind == RelationKind::HasMany))
}

/// The static of a relation to several models.
pub(super) fn several(context: Context<'_>, source: ModelId, relation: &Relation, named: PropertyId) -> RelationStatic {
    let graph = context.graph;
    let arm = |(target, key): (ModelId, &[PropertyId])| {
        let form = discriminated("Source", named, &graph.model(target).name);
        tied(graph, source, relation, form, (target, key))
    };
    let arms = relation.keyed_targets().map(arm).collect();
    tied(graph, source, relation, FormStatic::Polymorphic { arms }, (relation.target(), &relation.key_to))
}

/// The static of a relation to several models through a link model that names them.
pub(super) fn linked(context: Context<'_>, source: ModelId, relation: &Relation, through: &Through) -> RelationStatic {
    let graph = context.graph;
    let arms = relation.keyed_targets().map(|arm| through::along(graph, source, relation, through, arm)).collect();
    let whole = tied(graph, source, relation, FormStatic::Polymorphic { arms }, (relation.target(), &relation.key_to));
    // The target's own key says nothing of whether a link leads there.
    RelationStatic { required: "false".into(), ..whole }
}

/// The static of an answer: the target's discriminator names the source.
pub(super) fn answer(context: Context<'_>, source: ModelId, relation: &Relation, named: PropertyId) -> RelationStatic {
    let graph = context.graph;
    let form = discriminated("Target", named, &graph.model(source).name);
    tied(graph, source, relation, form, (relation.target(), &relation.key_to))
}

/// The form of a relation where rows of one side name the model.
pub(super) fn discriminated(side: &'static str, property: PropertyId, model: &str) -> FormStatic {
    FormStatic::Named { side, property: property.0 as usize, value: literal(model) }
}
