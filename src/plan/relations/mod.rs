//! Relations of a model: markers, accessors, inclusion, and the records that are made through them.
//!
//! Knows the runtime's relation types; what the planner is told at run time is in [`statics`].

mod polymorphic;
mod statics;
mod through;

use serde::Serialize;

use super::docs;
use super::inputs::{self, Input};
use super::naming::{snake, type_name, value_name};
use super::tables::{Table, Tables};
use super::text::{described_above, literal};
use super::types::Place;
use super::words::free_parameter;
use polymorphic::OneOf;
use statics::RelationStatic;
use through::ThroughPlan;

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
    /// Description, and what it is.
    pub docs: Vec<String>,
    /// What the accessor's type says it gives.
    pub accessor_doc: String,
    /// The same below the description.
    pub accessor_docs: Vec<String>,
    /// The type parameter for its place in `…With`.
    pub parameter: String,
    /// The type of its accessor: `BelongsTo`, `OneOf`, `HasMany`, `HasOne`, `HasOneOf`, `Through`, `ThroughOne`,
    /// `ThroughOf`, `ThroughOneOf`, `ReferencesMany`.
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
    /// Rows of the source can be chosen by rows of the target.
    pub joined: bool,
    /// What ties source and target, from the module within, where a program can include it by itself.
    pub by: Option<String>,
    /// Of a relation to several models, the enum of them.
    pub one_of: Option<OneOf>,
    /// The type of the keys that the source lists.
    pub listed: Option<String>,
    /// What is made through it.
    pub constrained: Option<Input>,
    /// What there is to say of its link model.
    pub through: Option<ThroughPlan>,
    /// What its static says.
    pub meta: RelationStatic,
}

impl RelationPlan {
    /// The records that it emits.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Input> {
        let link = self.through.as_ref().and_then(|through| through.data.as_ref());
        let arms = self.one_of.iter().flat_map(|one_of| &one_of.arms).filter_map(|arm| arm.new.as_ref());
        self.constrained.iter().chain(link).chain(arms)
    }
}

/// The relations of a model that have rows of their own.
pub(crate) fn emitted(model: &Model) -> impl Iterator<Item = &Relation> {
    model.relations.iter().filter(|relation| !relation.kind.embeds())
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
    let lists = relation.kind == RelationKind::ReferencesMany;
    let by_id = belongs || lists;
    let key =
        |place: Place<'_>| if by_id { place.key(model_key(model)) } else { place.key(of(model, &relation.key_from)) };
    let can_go = relation.targets.iter().any(|target| graph.model(*target).soft_delete);
    let sure = belongs && statics::is_held(graph, source, relation) && !can_go;
    let one_of = relation.leads_to_several().then(|| polymorphic::one_of(context, model, relation));
    let through = relation.through.as_ref();
    let (kind, words, cardinality) = match relation.kind {
        RelationKind::BelongsTo if one_of.is_some() => ("OneOf", "belongsTo", if sure { "One" } else { "Maybe" }),
        RelationKind::BelongsTo => ("BelongsTo", "belongsTo", if sure { "One" } else { "Maybe" }),
        RelationKind::HasOne => {
            let kind = match (through, &one_of) {
                (None, None) => "HasOne",
                (None, Some(_)) => "HasOneOf",
                (Some(_), None) => "ThroughOne",
                (Some(_), Some(_)) => "ThroughOneOf",
            };
            (kind, "hasOne", "Maybe")
        }
        RelationKind::ReferencesMany => ("ReferencesMany", "referencesMany", "Many"),
        _ if through.is_some() => (if one_of.is_some() { "ThroughOf" } else { "Through" }, "hasMany", "Many"),
        _ => ("HasMany", "hasMany", "Many"),
    };
    let names: Vec<_> = relation.targets.iter().map(|target| graph.model(*target).name.as_str()).collect();
    let what = match through {
        Some(link) => format!("{words} {} through {}", names.join(", "), graph.model(link.model).name),
        None => format!("{words} {}", names.join(", ")),
    };
    let keys = docs::keys(graph, model, relation);
    let name = value_name(&relation.name);
    let accessor_doc = match kind {
        "BelongsTo" | "OneOf" => format!("The `{name}` of a row ({what}), by the row or its id."),
        "HasOne" | "HasOneOf" | "ThroughOne" | "ThroughOneOf" => {
            format!("The `{name}` of a row ({what}), by the row or its key.")
        }
        "ReferencesMany" => format!("The `{name}` whose keys a row lists ({what}), by the row or its id."),
        "ThroughOf" => {
            format!("The `{name}` of a row ({what}), by the row or its key: of one model, a repository of those only.")
        }
        _ => format!("The `{name}` of a row ({what}), by the row or its key: a repository of those only."),
    };
    let description = relation.description.as_deref();
    RelationPlan {
        name: literal(&relation.name),
        index,
        stem: snake(&relation.name),
        docs: described_above(description, format!("{what}: {keys}.")),
        accessor_docs: [described_above(description, accessor_doc.clone()), vec![String::new(), format!("{keys}.")]]
            .concat(),
        accessor_doc,
        marker,
        parameter: generics.parameter,
        kind,
        cardinality,
        target: match &one_of {
            Some(one_of) => format!("super::{}", one_of.name),
            None => format!("super::super::{}", type_name(&target.name)),
        },
        key: key(within),
        accessor_key: key(file),
        others: generics.others,
        without: generics.without,
        with: generics.with,
        included: generics.included,
        listed: lists.then(|| within.key(of(target, &relation.key_to))),
        constrained: (relation.kind.has() && through.is_none() && one_of.is_none())
            .then(|| constrained(within, tables, model, relation, target)),
        joined: one_of.is_none() && model.datasource == target.datasource,
        by: (one_of.is_none() && through.is_none()).then(|| within.key(of(target, &relation.key_to))),
        one_of,
        through: through.map(|link| through::plan(within, relation, link)),
        meta: match (through, relation.discriminator, relation.polymorphic) {
            (Some(link), Some(_), _) => polymorphic::linked(context, source, relation, link),
            (Some(link), None, _) => through::meta(graph, source, relation, link),
            (None, Some(named), None) => polymorphic::several(context, source, relation, named),
            (None, Some(named), Some(_)) => polymorphic::answer(context, source, relation, named),
            (None, None, _) => statics::plain(graph, tables, source, relation),
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
    let fixed: Vec<_> = relation.key_to.iter().chain(&relation.discriminator).copied().collect();
    inputs::new(within, target, name, path, doc, &fixed)
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
