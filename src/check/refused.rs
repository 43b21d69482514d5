//! Ids of the type `number`, which no key can have, and the declared keys that have it because of them.
//!
//! One wrong word at an id makes keys wrong that follow it, in other models too; they are mended together with it.
//! Knows nothing of what is said of them.

use std::collections::BTreeMap;

use crate::ast::PropertyDecl;
use crate::graph::{ModelId, Property, PropertyId, Resolved, Scalar};

/// A declared property: the declaring model and the index in its declarations.
type Declared = (ModelId, usize);

/// Which declared keys follow which id.
#[derive(Debug, Default)]
pub(super) struct Refused {
    roots: BTreeMap<Declared, Declared>,
    followers: BTreeMap<Declared, Vec<Declared>>,
}

/// How many keys may lie between a key and the id that it follows in the end.
const MAX_STEPS: usize = 16;

/// Whether a property is an id of the type `number`, for which `integer` is meant.
pub(super) fn is_refused(property: &Property) -> bool {
    property.id && is_number(property)
}

fn is_number(property: &Property) -> bool {
    property.ty.scalar == Scalar::Number && !property.ty.list
}

impl Refused {
    pub(super) fn new(resolved: &Resolved) -> Self {
        let leads = leads(resolved);
        let mut all = Self::default();
        for from in leads.keys() {
            // What leads round in a loop follows nothing.
            let mut way = std::iter::successors(Some(from), |at| leads.get(at)).take(MAX_STEPS);
            if let Some(root) = way.find(|at| !leads.contains_key(at)) {
                all.roots.insert(*from, *root);
                all.followers.entry(*root).or_default().push(*from);
            }
        }
        all
    }

    /// Whether a key is of the type `number` because it refers to an id that is.
    pub(super) fn follows(&self, resolved: &Resolved, model: ModelId, property: PropertyId) -> bool {
        declared(resolved, model, property).is_some_and(|key| self.roots.contains_key(&key))
    }

    /// The declarations of the keys that follow an id.
    pub(super) fn followers<'a>(
        &'a self,
        resolved: &'a Resolved,
        model: ModelId,
        property: PropertyId,
    ) -> impl Iterator<Item = &'a PropertyDecl> {
        let followers = declared(resolved, model, property).and_then(|id| self.followers.get(&id));
        followers.into_iter().flatten().map(|(model, at)| &resolved.schema.models[model.0 as usize].properties[*at])
    }
}

/// Each declared key of the type `number` with the id of that type to which it refers.
fn leads(resolved: &Resolved) -> BTreeMap<Declared, Declared> {
    let mut leads = BTreeMap::new();
    let mut pair = |(holder, held): (ModelId, &[PropertyId]), (referred, referenced): (ModelId, &[PropertyId])| {
        for (from, to) in held.iter().zip(referenced) {
            let graph = &resolved.graph;
            if !is_number(graph.model(holder).property(*from)) || !is_refused(graph.model(referred).property(*to)) {
                continue;
            }
            let both = declared(resolved, holder, *from).zip(declared(resolved, referred, *to));
            if let Some((from, to)) = both.filter(|(from, to)| from != to) {
                leads.entry(from).or_insert(to);
            }
        }
    };
    for (source, model) in resolved.graph.models() {
        for (id, relation) in model.relations() {
            let Some(target) = relation.targets.first().copied() else { continue };
            if !resolved.sites.of(source).relations[id.0 as usize].resolved {
                continue;
            }
            let (own, other) = ((source, relation.key_from.as_slice()), (target, relation.key_to.as_slice()));
            match &relation.through {
                Some(link) => {
                    pair((link.model, &link.key_from), own);
                    pair((link.model, &link.key_to), other);
                }
                None if relation.kind.has() => pair(other, own),
                None => pair(own, other),
            }
        }
    }
    leads
}

fn declared(resolved: &Resolved, model: ModelId, property: PropertyId) -> Option<Declared> {
    resolved.sites.of(model).properties[property.0 as usize].declaration
}
