//! What relations ask of the tables of both sides: keys that are unique, looked up, or held by the database.
//!
//! Knows nothing of names or of SQL text.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Action, Graph, ModelId, PropertyId, Relation, RelationKind};

/// The demands of every relation, by the model whose table must meet them.
#[derive(Debug, Default)]
pub(super) struct Demands {
    /// Keys that a hasOne makes unique.
    pub(super) unique: BTreeMap<ModelId, Vec<Vec<PropertyId>>>,
    /// Keys that are looked up.
    pub(super) indexed: BTreeMap<ModelId, Vec<Vec<PropertyId>>>,
    pub(super) foreign: BTreeMap<ModelId, Vec<Reference>>,
    /// Properties that hold the names of models.
    pub(super) named: BTreeMap<(ModelId, PropertyId), BTreeSet<ModelId>>,
}

/// A strong relation, seen from the side that holds the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) relation: String,
    pub(super) from: Vec<PropertyId>,
    pub(super) target: ModelId,
    pub(super) to: Vec<PropertyId>,
    pub(super) on_delete: Action,
    pub(super) on_update: Action,
}

impl Demands {
    pub(super) fn of(graph: &Graph) -> Self {
        let mut demands = Self::default();
        for (id, model) in graph.models().filter(|(_, model)| !model.is_abstract) {
            for relation in &model.relations {
                demands.discriminator(id, relation);
                match relation.kind {
                    RelationKind::BelongsTo => demands.belongs_to(id, relation),
                    RelationKind::HasMany | RelationKind::HasOne => demands.has(graph, id, relation),
                    RelationKind::ReferencesMany | RelationKind::EmbedsOne | RelationKind::EmbedsMany => {}
                }
            }
        }
        demands
    }

    fn discriminator(&mut self, source: ModelId, relation: &Relation) {
        if let Some(property) = relation.discriminator.filter(|_| relation.leads_to_several()) {
            let holder = relation.through.as_ref().map_or(source, |link| link.model);
            self.named.entry((holder, property)).or_default().extend(&relation.targets);
        }
    }

    fn belongs_to(&mut self, source: ModelId, relation: &Relation) {
        let key = relation.discriminator.iter().chain(&relation.key_from).copied().collect();
        push(&mut self.indexed, source, key);
        if relation.strong && relation.targets.len() == 1 {
            let reference = Reference {
                relation: relation.name.clone(),
                from: relation.key_from.clone(),
                target: relation.target(),
                to: relation.key_to.clone(),
                on_delete: relation.on_delete,
                on_update: relation.on_update,
            };
            push(&mut self.foreign, source, reference);
        }
    }

    fn has(&mut self, graph: &Graph, source: ModelId, relation: &Relation) {
        let one = relation.kind == RelationKind::HasOne;
        if let Some(through) = &relation.through {
            let to = relation.discriminator.iter().chain(&through.key_to).copied().collect();
            push(&mut self.indexed, through.model, through.key_from.clone());
            push(&mut self.indexed, through.model, to);
            if one {
                push(&mut self.unique, through.model, through.key_from.clone());
            }
            return;
        }
        for (target, key) in relation.keyed_targets() {
            let answered = relation.polymorphic.and_then(|id| graph.model(target).relation(id).discriminator);
            let key: Vec<_> = answered.iter().chain(key).copied().collect();
            let demanded = if one { &mut self.unique } else { &mut self.indexed };
            push(demanded, target, key);
            if relation.strong && relation.inverse.is_none() && relation.targets.len() == 1 {
                let reference = Reference {
                    relation: format!("{}.{}", graph.model(source).name, relation.name),
                    from: relation.key_to.clone(),
                    target: source,
                    to: relation.key_from.clone(),
                    on_delete: relation.on_delete,
                    on_update: relation.on_update,
                };
                push(&mut self.foreign, target, reference);
            }
        }
    }
}

fn push<T>(map: &mut BTreeMap<ModelId, Vec<T>>, model: ModelId, value: T) {
    map.entry(model).or_default().push(value);
}
