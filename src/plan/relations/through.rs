//! Relations through a link model: the plain relations that lead along it, and what a caller may say of a link.
//!
//! Knows nothing of how rows are joined.

use serde::Serialize;

use super::super::inputs::{self, Input};
use super::super::naming::{file_module, type_name};
use super::super::sql::Dialects;
use super::super::text::literal;
use super::super::types::{Place, is_required};
use super::polymorphic::discriminated;
use super::statics::{FormStatic, RelationStatic, kind};
use super::{of, positions};
use crate::graph::{Graph, ModelId, PropertyId, Relation, RelationKind, Through, link_record};

/// What there is to say of a relation's link model.
#[derive(Debug, Clone, Serialize)]
pub struct ThroughPlan {
    /// The link model, from the module within.
    pub link: String,
    /// The type of the only target's key, from the module within.
    pub key: String,
    /// What the only target's `create` takes, from the module within.
    pub new: String,
    /// A link needs nothing but its keys.
    pub plainly: bool,
    /// What a link may say beside its keys, if there is anything.
    pub data: Option<Input>,
}

/// The plan of a relation through that link model.
pub(super) fn plan(within: Place<'_>, relation: &Relation, through: &Through) -> ThroughPlan {
    let graph = within.graph;
    let link = graph.model(through.model);
    let targets: Vec<_> = relation.targets.iter().map(|target| graph.model(*target).name.as_str()).collect();
    let name = link_record(&relation.name, relation.kind == RelationKind::HasMany);
    let path = format!("super::super::{}", type_name(&link.name));
    let doc = format!(
        "What a link to a {} says: a new {} without the keys of both sides.",
        targets.join(" or a "),
        link.name
    );
    let keys: Vec<_> = through.key_from.iter().chain(&through.key_to).chain(&relation.discriminator).copied().collect();
    let data = inputs::new(within, link, name, path.clone(), doc, &keys);
    ThroughPlan {
        link: path,
        key: within.key(of(graph.model(relation.target()), &relation.key_to)),
        new: format!("super::super::New{}", type_name(&graph.model(relation.target()).name)),
        plainly: data.needs_nothing(),
        data: (!data.fields.is_empty()).then_some(data),
    }
}

/// The static of a relation through that link model to one model.
pub(super) fn meta(graph: &Graph, source: ModelId, relation: &Relation, through: &Through) -> RelationStatic {
    along(graph, source, relation, through, (relation.target(), &relation.key_to))
}

/// The static of a relation through that link model, to that target by that key.
pub(super) fn along(
    graph: &Graph,
    source: ModelId,
    relation: &Relation,
    through: &Through,
    (target, key_to): (ModelId, &[PropertyId]),
) -> RelationStatic {
    let link = through.model;
    let held = |key: &[PropertyId]| of(graph.model(link), key).all(is_required);
    let one_sided = format!("{}.{}", graph.model(source).name, relation.name);
    let side = |model: ModelId, own: &[PropertyId], key: &[PropertyId]| {
        let (there, strong) = declared(graph, link, key, model, own);
        Side { name: there.unwrap_or(&one_sided).to_owned(), strong, held: held(key) }
    };
    let to_source = side(source, &relation.key_from, &through.key_from);
    let to_target = side(target, key_to, &through.key_to);
    let own = Side { name: relation.name.clone(), strong: to_source.strong && to_target.strong, held: false };
    let many = RelationKind::HasMany;
    let named = |side| match relation.discriminator {
        Some(property) => discriminated(side, property, &graph.model(target).name),
        None => FormStatic::Plain,
    };
    let to = leg(graph, &to_target, RelationKind::BelongsTo, target, &through.key_to, key_to);
    let back = leg(graph, &to_target, many, link, key_to, &through.key_to);
    let form = FormStatic::Through {
        links: Box::new(leg(graph, &to_source, many, link, &relation.key_from, &through.key_from)),
        target: Box::new(RelationStatic { form: named("Source"), ..to }),
        back: Box::new(RelationStatic { form: named("Target"), ..back }),
    };
    let includable = relation.includable.to_string();
    RelationStatic { form, includable, ..leg(graph, &own, relation.kind, target, &relation.key_from, key_to) }
}

/// One side of a link, as the link sees it.
struct Side {
    /// The relation that leads there, as errors say it.
    name: String,
    strong: bool,
    held: bool,
}

/// A plain relation, which has no statement of its own.
fn leg(
    graph: &Graph,
    side: &Side,
    what: RelationKind,
    target: ModelId,
    from: &[PropertyId],
    to: &[PropertyId],
) -> RelationStatic {
    RelationStatic {
        name: literal(&side.name),
        kind: kind(what),
        form: FormStatic::Plain,
        target: file_module(&graph.model(target).name),
        from: positions(from),
        to: positions(to),
        required: side.held.to_string(),
        strong: side.strong.to_string(),
        includable: "true".to_owned(),
        sql: Dialects::say(|_| literal("")),
    }
}

/// The link's belongsTo by these keys, if it is declared, and whether a foreign key holds them, declared on either
/// side.
fn declared<'g>(
    graph: &'g Graph,
    link: ModelId,
    key: &[PropertyId],
    side: ModelId,
    own: &[PropertyId],
) -> (Option<&'g str>, bool) {
    let mut wanted: Vec<_> = key.iter().zip(own).collect();
    wanted.sort_unstable();
    let same = |holder: &[PropertyId], referred: &[PropertyId]| {
        let mut pairs: Vec<_> = holder.iter().zip(referred).collect();
        pairs.sort_unstable();
        pairs == wanted
    };
    let plain = |relation: &&Relation| relation.through.is_none() && !relation.is_polymorphic();
    let there = graph.model(link).relations.iter().filter(plain).find(|relation| {
        let belongs = relation.kind == RelationKind::BelongsTo && relation.target() == side;
        belongs && same(&relation.key_from, &relation.key_to)
    });
    let mut back = graph.model(side).relations.iter().filter(plain).filter(|relation| {
        let has = matches!(relation.kind, RelationKind::HasMany | RelationKind::HasOne) && relation.target() == link;
        has && same(&relation.key_to, &relation.key_from)
    });
    let strong = there.is_some_and(|relation| relation.strong) || back.any(|relation| relation.strong);
    (there.map(|relation| relation.name.as_str()), strong)
}
