//! Relations of a model: markers, accessors, inclusion, and the records that are made through them.
//!
//! Knows the runtime's relation types; the SQL text comes from [`sql`](super::sql).

use serde::Serialize;

use super::ddl::Dialect;
use super::inputs::{self, Input};
use super::naming::{file_module, snake, type_name, value_name};
use super::sql::{self, Dialects};
use super::tables::{Table, Tables};
use super::text::{doc_lines, literal};
use super::types::{Place, is_required};
use super::words::free_parameter;
use crate::graph::{Graph, Model, ModelId, Property, PropertyId, Relation, RelationKind, record};

/// One relation.
#[derive(Debug, Clone, Serialize)]
pub struct RelationPlan {
    /// As in the schema, a literal.
    pub name: String,
    /// Its position among the emitted relations.
    pub index: usize,
    /// Marker type, function and field: `orders`.
    pub marker: String,
    /// The same without regard to keywords, for parts of names.
    pub stem: String,
    /// Description, or what it is.
    pub docs: Vec<String>,
    /// What the accessor says it gives.
    pub accessor_doc: String,
    /// The type parameter for its place in `…With`.
    pub parameter: String,
    /// `BelongsTo`, `HasMany`, `HasOne`.
    pub kind: &'static str,
    /// `One`, `Maybe`, `Many`.
    pub cardinality: &'static str,
    /// The target, from the module within.
    pub target: String,
    /// What the accessor takes, from the module within.
    pub key: String,
    /// … from the model's file.
    pub accessor_key: String,
    /// The other relations' parameters, bound.
    pub others: String,
    /// The arguments of `…With` in which this relation is not included.
    pub without: String,
    /// … in which it is.
    pub with: String,
    /// The parameter for what is included.
    pub included: String,
    /// What is made through it.
    pub constrained: Option<Input>,
    /// What its static says.
    pub meta: RelationStatic,
}

/// The parts of a relation's static that are not above.
#[derive(Debug, Clone, Serialize)]
pub struct RelationStatic {
    /// The target's module.
    pub target: String,
    /// Key properties of the source.
    pub from: Vec<usize>,
    /// Key properties of the target.
    pub to: Vec<usize>,
    /// `true` or `false`.
    pub required: String,
    /// `true` or `false`.
    pub strong: String,
    /// Literals.
    pub sql: Dialects<String>,
}

/// The relations of a model that have rows of their own.
pub(crate) fn emitted(model: &Model) -> impl Iterator<Item = &Relation> {
    model.relations.iter().filter(|relation| {
        let plain = relation.targets.len() == 1 && relation.through.is_none() && relation.polymorphic.is_none();
        plain && matches!(relation.kind, RelationKind::BelongsTo | RelationKind::HasMany | RelationKind::HasOne)
    })
}

/// What relations are planned with: the schema, its tables, and both places that name types.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) tables: &'a Tables,
    pub(crate) file: Place<'a>,
    pub(crate) within: Place<'a>,
}

/// The relations of one model, in declaration order.
pub(crate) fn relations(context: Context<'_>, id: ModelId) -> Vec<RelationPlan> {
    let model = context.graph.model(id);
    let parameters: Vec<_> = emitted(model).map(|relation| format!("_{}", type_name(&relation.name))).collect();
    let names: Vec<_> = parameters.iter().map(String::as_str).collect();
    let included = free_parameter("_F", &names);
    let plan = |(index, relation): (usize, &Relation)| {
        let marker = value_name(&relation.name);
        let (without, with) = arguments(&names, index, &marker, &included);
        let others = names.iter().enumerate().filter(|(at, _)| *at != index);
        let others: Vec<_> = others.map(|(_, name)| format!("{name}: ::relata::Slot")).collect();
        plan_one(
            context,
            id,
            index,
            relation,
            marker,
            Generics {
                parameter: names[index].to_owned(),
                others: if others.is_empty() { String::new() } else { format!("<{}>", others.join(", ")) },
                without,
                with,
                included: included.clone(),
            },
        )
    };
    emitted(model).enumerate().map(plan).collect()
}

struct Generics {
    parameter: String,
    others: String,
    without: String,
    with: String,
    included: String,
}

/// The arguments of `…With` before and after the relation at `index` is included.
fn arguments(names: &[&str], index: usize, marker: &str, included: &str) -> (String, String) {
    let with_place = |place: &str| {
        let all = names.iter().enumerate().map(|(at, name)| if at == index { place } else { *name });
        all.collect::<Vec<_>>().join(", ")
    };
    (with_place(&format!("::relata::NotIncluded<{marker}>")), with_place(included))
}

fn plan_one(
    context: Context<'_>,
    source: ModelId,
    index: usize,
    relation: &Relation,
    marker: String,
    generics: Generics,
) -> RelationPlan {
    let Context { graph, tables, file, within } = context;
    let (model, target) = (graph.model(source), graph.model(relation.target()));
    let belongs = relation.kind == RelationKind::BelongsTo;
    let key =
        |place: Place<'_>| if belongs { place.key(model_key(model)) } else { place.key(of(model, &relation.key_from)) };
    let held = if belongs {
        of(model, &relation.key_from).all(is_required)
    } else {
        of(target, &relation.key_to).all(is_required)
    };
    let sure = belongs && held && !target.soft_delete;
    let (kind, words, cardinality) = match relation.kind {
        RelationKind::BelongsTo => ("BelongsTo", "belongsTo", if sure { "One" } else { "Maybe" }),
        RelationKind::HasOne => ("HasOne", "hasOne", "Maybe"),
        _ => ("HasMany", "hasMany", "Many"),
    };
    let what = format!("{words} {}", target.name);
    let described = doc_lines(relation.description.as_deref().unwrap_or_default());
    let name = value_name(&relation.name);
    RelationPlan {
        name: literal(&relation.name),
        index,
        stem: snake(&relation.name),
        docs: if described.is_empty() { vec![what] } else { described },
        accessor_doc: match kind {
            "BelongsTo" => format!("The `{name}` of a row, by the row or its id."),
            "HasOne" => format!("The `{name}` of a row, by the row or its key."),
            _ => format!("The `{name}` of a row, by the row or its key: a repository of those only."),
        },
        marker,
        parameter: generics.parameter,
        kind,
        cardinality,
        target: format!("super::super::{}", type_name(&target.name)),
        key: key(within),
        accessor_key: key(file),
        others: generics.others,
        without: generics.without,
        with: generics.with,
        included: generics.included,
        constrained: (!belongs).then(|| constrained(within, tables, model, relation, target)),
        meta: RelationStatic {
            target: file_module(&target.name),
            from: positions(&relation.key_from),
            to: positions(&relation.key_to),
            required: held.to_string(),
            strong: relation.strong.to_string(),
            sql: Dialects::say(|dialect| literal(&statement(dialect, tables, source, relation))),
        },
    }
}

/// `customer::NewOrder`: the target's `New…` without the key that the relation sets.
fn constrained(within: Place<'_>, tables: &Tables, source: &Model, relation: &Relation, target: &Model) -> Input {
    let many = relation.kind == RelationKind::HasMany;
    let name = record(&relation.name, many);
    let table = tables.of(relation.target()).map(Table::flat_name).unwrap_or_default();
    let doc = format!("A new row of `{table}` that belongs to the {} it is made through.", source.name);
    let path = format!("super::super::{}", type_name(&target.name));
    inputs::new(within, target, name, path, doc, &relation.key_to)
}

fn statement(dialect: &dyn Dialect, tables: &Tables, source: ModelId, relation: &Relation) -> String {
    let (from, to) = (positions(&relation.key_from), positions(&relation.key_to));
    match (tables.of(source), tables.of(relation.target())) {
        (Some(source), Some(target)) if relation.kind == RelationKind::BelongsTo => {
            sql::followed(dialect, source, &from, target, &to)
        }
        (_, Some(target)) => sql::related(dialect, target, &to),
        (_, None) => String::new(),
    }
}

/// The properties of a model's primary key.
pub(crate) fn model_key(model: &Model) -> impl Iterator<Item = &Property> {
    of(model, &model.key)
}

fn of<'m>(model: &'m Model, ids: &'m [PropertyId]) -> impl Iterator<Item = &'m Property> {
    ids.iter().map(|id| model.property(*id))
}

fn positions(ids: &[PropertyId]) -> Vec<usize> {
    ids.iter().map(|id| id.0 as usize).collect()
}
