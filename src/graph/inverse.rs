//! Sixth pass: which two relations are the two directions of one, and whether a foreign key holds them.

use std::collections::HashMap;

use super::resolve::Builder;
use super::{ModelId, PropertyId, RelationId, RelationKind};

type Place = (ModelId, RelationId);

/// The key of a relation seen from the side that holds it: holder, referred, and the pairs in a fixed order.
type Key = (ModelId, ModelId, Vec<(PropertyId, PropertyId)>);

/// Pairs the directions, then decides strong or weak for both at once.
pub(super) fn pair(builder: &mut Builder<'_>) {
    let mut holders: HashMap<Key, Place> = HashMap::new();
    let plain: Vec<(Place, Key, bool)> = builder
        .graph
        .models()
        .flat_map(|(model, data)| data.relations().map(move |(id, relation)| ((model, id), relation)))
        .filter(|((model, id), _)| builder.sites.of(*model).relations[id.0 as usize].resolved)
        .filter_map(|(place, relation)| {
            let is_plain = relation.through.is_none() && !relation.is_polymorphic();
            let holds = relation.kind == RelationKind::BelongsTo;
            (is_plain && (holds || relation.kind.has())).then(|| {
                let pairs = relation.key_from.iter().copied().zip(relation.key_to.iter().copied());
                let (holder, referred, mut pairs): (_, _, Vec<_>) = if holds {
                    (place.0, relation.target(), pairs.collect())
                } else {
                    (relation.target(), place.0, pairs.map(|(from, to)| (to, from)).collect())
                };
                pairs.sort_unstable();
                (place, (holder, referred, pairs), holds)
            })
        })
        .collect();
    for (place, key, _) in plain.iter().filter(|(.., holds)| *holds) {
        holders.entry(key.clone()).or_insert(*place);
    }
    let mut answered: HashMap<Place, Place> = HashMap::new();
    for (place, key, _) in plain.iter().filter(|(.., holds)| !*holds) {
        if let Some(holder) = holders.get(key) {
            builder.relation_mut(place.0, place.1).inverse = Some(*holder);
            answered.entry(*holder).or_insert(*place);
        }
    }
    for (place, _, holds) in plain {
        if holds && let Some(answer) = answered.get(&place) {
            builder.relation_mut(place.0, place.1).inverse = Some(*answer);
        }
        decide_strength(builder, place);
    }
}

/// As written on either side; else strong within one datasource.
fn decide_strength(builder: &mut Builder<'_>, (model, id): Place) {
    let relation = builder.graph.model(model).relation(id);
    let written = |model, id| builder.declaration(model, id).constraint.as_ref().map(|written| written.value);
    let strong = written(model, id)
        .or_else(|| relation.inverse.and_then(|(model, id)| written(model, id)))
        .unwrap_or_else(|| builder.graph.model(model).datasource == builder.graph.model(relation.target()).datasource);
    builder.relation_mut(model, id).strong = strong;
}
