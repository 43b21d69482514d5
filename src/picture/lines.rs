//! The lines: relations with both directions on one line, embedded values, bases. Knows nothing of how they run.

use std::collections::{BTreeMap, BTreeSet};

use super::entities::{is_required, model_box};
use super::{Count, End, Entity, Line, LineKind};
use crate::graph::{Graph, Model, ModelId, PropertyId, Relation, RelationKind, Scalar};

/// A relation seen from the box that holds its key: the two directions of one relation have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    holder: ModelId,
    referred: ModelId,
    properties: Vec<PropertyId>,
    discriminator: Option<(ModelId, PropertyId)>,
}

/// What the directions of a relation say together.
#[derive(Debug, Default)]
struct Told {
    strong: bool,
    at_most_one: bool,
    referred_names: Vec<String>,
    holder_names: Vec<String>,
    notes: Vec<String>,
}

type Relations = BTreeMap<Key, Told>;

/// Every line, sorted by the boxes that it joins.
pub(super) fn lines(graph: &Graph, entities: &[Entity]) -> Vec<Line> {
    let mut relations = Relations::new();
    let mut lines = Vec::new();
    for (source, model) in graph.models().filter(|(_, model)| !model.is_abstract) {
        for relation in &model.relations {
            match (&relation.through, relation.kind) {
                (Some(_), _) => through(graph, source, relation, &mut relations),
                (None, RelationKind::BelongsTo) => belongs_to(graph, source, relation, &mut relations),
                (None, RelationKind::HasMany | RelationKind::HasOne) => has(graph, source, relation, &mut relations),
                (None, RelationKind::ReferencesMany) => lines.push(references(graph, source, relation)),
                // The property that an embed adds tells of it.
                (None, RelationKind::EmbedsOne | RelationKind::EmbedsMany) => {}
            }
        }
    }
    lines.extend(relations.into_iter().map(|(key, told)| relation(graph, &key, told)));
    lines.extend(graph.models().flat_map(|(id, model)| embeds(id, model)));
    lines.extend(graph.models().filter_map(|(id, model)| extends(id, model.base?, entities)));
    lines.sort_by_key(|line| (line.ends[0].entity, line.ends[1].entity, line.kind));
    lines
}

fn belongs_to(graph: &Graph, source: ModelId, relation: &Relation, relations: &mut Relations) {
    for target in &relation.targets {
        let key = Key {
            holder: source,
            referred: *target,
            properties: sorted(&relation.key_from),
            discriminator: relation.discriminator.map(|property| (source, property)),
        };
        let told = relations.entry(key).or_default();
        told.strong |= relation.strong && !relation.is_polymorphic();
        told.holder_names.push(with_discriminator(graph.model(source), relation));
        told.notes.push(note(graph, source, relation));
    }
}

fn has(graph: &Graph, source: ModelId, relation: &Relation, relations: &mut Relations) {
    for (target, key) in relation.keyed_targets() {
        let answered = relation.polymorphic.and_then(|back| graph.model(target).relation(back).discriminator);
        let key = Key {
            holder: target,
            referred: source,
            properties: sorted(key),
            discriminator: match answered {
                Some(property) => Some((target, property)),
                None => relation.discriminator.map(|property| (source, property)),
            },
        };
        let told = relations.entry(key).or_default();
        told.strong |= relation.strong && !relation.is_polymorphic();
        told.at_most_one |= relation.kind == RelationKind::HasOne;
        told.referred_names.push(match answered {
            Some(_) => relation.name.clone(),
            None => with_discriminator(graph.model(source), relation),
        });
        told.notes.push(note(graph, source, relation));
    }
}

/// The way over the link model: both halves are lines of their own, and the first says where it goes on to.
fn through(graph: &Graph, source: ModelId, relation: &Relation, relations: &mut Relations) {
    let Some(link) = &relation.through else { return };
    let here = Key { holder: link.model, referred: source, properties: sorted(&link.key_from), discriminator: None };
    let targets: Vec<_> = relation.targets.iter().map(|target| graph.model(*target).name.as_str()).collect();
    let told = relations.entry(here).or_default();
    told.referred_names.push(format!("{} → {}", relation.name, targets.join(" | ")));
    told.notes.push(note(graph, source, relation));
    for target in &relation.targets {
        let there = Key {
            holder: link.model,
            referred: *target,
            properties: sorted(&link.key_to),
            discriminator: relation.discriminator.map(|property| (link.model, property)),
        };
        relations.entry(there).or_default();
    }
}

fn relation(graph: &Graph, key: &Key, told: Told) -> Line {
    let holder = graph.model(key.holder);
    let required = key.properties.iter().all(|property| is_required(holder.property(*property)));
    let one = if required { Count::One } else { Count::ZeroOrOne };
    let at_most_one = told.at_most_one || is_unique(holder, key);
    let many = if at_most_one { Count::ZeroOrOne } else { Count::Many };
    Line {
        kind: if told.strong { LineKind::Strong } else { LineKind::Weak },
        ends: [
            End { entity: model_box(key.referred), count: one, names: told.referred_names },
            End { entity: model_box(key.holder), count: many, names: told.holder_names },
        ],
        notes: told.notes,
    }
}

/// Whether no two rows of the holder have the same key.
fn is_unique(holder: &Model, key: &Key) -> bool {
    let of_holder = key.discriminator.filter(|(model, _)| *model == key.holder).map(|(_, property)| property);
    let columns: BTreeSet<_> = key.properties.iter().copied().chain(of_holder).collect();
    let within = |unique: &[PropertyId]| !unique.is_empty() && unique.iter().all(|part| columns.contains(part));
    within(&holder.key)
        || columns.iter().any(|part| holder.property(*part).unique)
        || holder.indexes.iter().any(|index| index.unique && within(&index.properties))
}

fn references(graph: &Graph, source: ModelId, relation: &Relation) -> Line {
    Line {
        kind: LineKind::Weak,
        ends: [
            End { entity: model_box(relation.target()), count: Count::Many, names: Vec::new() },
            End { entity: model_box(source), count: Count::Many, names: vec![relation.name.clone()] },
        ],
        notes: vec![note(graph, source, relation)],
    }
}

/// One line to each value type, however many properties hold one; a list among them makes it many.
fn embeds(id: ModelId, model: &Model) -> Vec<Line> {
    let mut values: BTreeMap<ModelId, (Count, Vec<String>)> = BTreeMap::new();
    for property in &model.properties {
        let Scalar::Embedded(value) = property.ty.scalar else { continue };
        let count = match (property.ty.list, is_required(property)) {
            (true, _) => Count::Many,
            (false, true) => Count::One,
            (false, false) => Count::ZeroOrOne,
        };
        let (known, names) = values.entry(value).or_insert((count, Vec::new()));
        *known = match (*known, count) {
            (Count::Many, _) | (_, Count::Many) => Count::Many,
            (Count::ZeroOrOne, _) | (_, Count::ZeroOrOne) => Count::ZeroOrOne,
            (Count::One, Count::One) => Count::One,
        };
        names.push(property.name.clone());
    }
    let line = |(value, (count, names)): (ModelId, (Count, Vec<String>))| Line {
        kind: LineKind::Embeds,
        notes: vec![format!("{}.{}: a part of the row", model.name, names.join(", "))],
        ends: [
            End { entity: model_box(id), count: Count::One, names },
            End { entity: model_box(value), count, names: Vec::new() },
        ],
    };
    values.into_iter().map(line).collect()
}

fn extends(heir: ModelId, base: ModelId, entities: &[Entity]) -> Option<Line> {
    let (heir, base) = (model_box(heir), model_box(base));
    let note = format!("{} extends {}", entities.get(heir)?.name, entities.get(base)?.name);
    let end = |entity| End { entity, count: Count::One, names: Vec::new() };
    Some(Line { kind: LineKind::Extends, ends: [end(base), end(heir)], notes: vec![note] })
}

fn with_discriminator(model: &Model, relation: &Relation) -> String {
    match relation.discriminator {
        Some(property) => format!("{} [{}]", relation.name, model.property(property).name),
        None => relation.name.clone(),
    }
}

fn note(graph: &Graph, source: ModelId, relation: &Relation) -> String {
    let name = |id: ModelId| graph.model(id).name.as_str();
    let targets: Vec<_> = relation.targets.iter().map(|target| name(*target)).collect();
    let mut text = format!("{}.{}: {} {}", name(source), relation.name, relation.kind.key(), targets.join(" | "));
    if let Some(link) = &relation.through {
        text.extend([" through ", name(link.model)]);
    }
    if let Some(description) = &relation.description {
        text.extend([". ", description]);
    }
    text
}

fn sorted(properties: &[PropertyId]) -> Vec<PropertyId> {
    let mut properties = properties.to_vec();
    properties.sort_unstable();
    properties
}
