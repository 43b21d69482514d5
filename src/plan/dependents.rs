//! Which relations the generated code has to follow when rows go or change their keys.
//!
//! A database carries out the actions of its foreign keys, and nothing else: weak relations are left to the generated
//! code, and so is every step of a database from which such a relation goes on. Knows nothing of SQL or of Rust.

use std::collections::BTreeMap;

use serde::Serialize;

use super::naming::file_module;
use super::tables::{position, positions};
use super::text::literal;
use crate::graph::{Action, Graph, Model, ModelId, PropertyId, Relation, RelationKind};

/// The dependents of every model that has any.
#[derive(Debug, Default)]
pub(crate) struct Dependents(BTreeMap<ModelId, Vec<Dependent>>);

/// A relation by which rows of `holder` point at rows of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependent {
    pub(crate) holder: ModelId,
    /// The relation that declares it: `customer`, or `Customer.orders` where the other side does.
    pub(crate) relation: String,
    /// On the holder.
    pub(crate) from: Vec<PropertyId>,
    /// On the model pointed at.
    pub(crate) to: Vec<PropertyId>,
    /// Of a polymorphic relation: the holder's property that names the model pointed at.
    pub(crate) discriminator: Option<PropertyId>,
    pub(crate) strong: bool,
    pub(crate) on_delete: Action,
    pub(crate) on_update: Action,
}

/// A relation, and what of it is to be followed.
struct Edge {
    target: ModelId,
    declared: Dependent,
    deletes: bool,
    updates: bool,
    /// It is followed because rows of `target` stay when they are deleted.
    soft: bool,
}

/// What a static says of a dependent.
#[derive(Debug, Clone, Serialize)]
pub struct DependentStatic {
    /// The holder's module.
    pub holder: String,
    /// A literal.
    pub relation: String,
    /// Positions.
    pub from: Vec<usize>,
    /// Positions.
    pub to: Vec<usize>,
    /// `Some(Named { … })` or `None`.
    pub named: String,
    /// `true` or `false`.
    pub strong: String,
    /// A variant of the runtime's `Action`.
    pub on_delete: &'static str,
    /// A variant of the runtime's `Action`.
    pub on_update: &'static str,
}

impl DependentStatic {
    /// Of a dependent of `model`.
    pub(crate) fn of(graph: &Graph, model: &Model, dependent: &Dependent) -> Self {
        let named = dependent.discriminator.map(|property| {
            let (property, value) = (position(property), literal(&model.name));
            let side = "::relata::meta::Side::Source";
            format!("Some(::relata::meta::Named {{ side: {side}, property: {property}, value: {value} }})")
        });
        Self {
            holder: file_module(&graph.model(dependent.holder).name),
            relation: literal(&dependent.relation),
            from: positions(&dependent.from),
            to: positions(&dependent.to),
            named: named.unwrap_or_else(|| "None".to_owned()),
            strong: dependent.strong.to_string(),
            on_delete: word(dependent.on_delete),
            on_update: word(dependent.on_update),
        }
    }
}

/// The variant of the runtime's `Action`.
fn word(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NoAction",
        Action::Restrict => "Restrict",
        Action::Cascade => "Cascade",
        Action::SetNull => "SetNull",
    }
}

impl Dependents {
    pub(crate) fn of(graph: &Graph) -> Self {
        let mut edges = edges(graph);
        let mut leading_to: BTreeMap<ModelId, Vec<usize>> = BTreeMap::new();
        for (at, edge) in edges.iter().enumerate() {
            leading_to.entry(edge.target).or_default().push(at);
        }
        // What a step of a database leads to may be known only when other steps are.
        let mut changed = true;
        while changed {
            changed = false;
            for at in 0..edges.len() {
                let next = leading_to.get(&edges[at].declared.holder).map_or(&[][..], Vec::as_slice);
                let (deletes, updates) = followed(&edges, next, &edges[at]);
                changed |= (deletes, updates) != (edges[at].deletes, edges[at].updates);
                (edges[at].deletes, edges[at].updates) = (deletes, updates);
            }
        }
        let mut dependents = Self::default();
        for Edge { target, declared, deletes, updates, .. } in edges {
            let unless = |followed: bool, action| if followed { action } else { Action::NoAction };
            let dependent = Dependent {
                on_delete: unless(deletes, declared.on_delete),
                on_update: unless(updates, declared.on_update),
                ..declared
            };
            if deletes || updates {
                dependents.0.entry(target).or_default().push(dependent);
            }
        }
        dependents
    }

    /// In the order of the holders, of one in the order of its relations.
    pub(crate) fn of_model(&self, model: ModelId) -> &[Dependent] {
        self.0.get(&model).map_or(&[], Vec::as_slice)
    }
}

/// Every relation of which rows hold the key of others.
fn edges(graph: &Graph) -> Vec<Edge> {
    let concrete = graph.models().filter(|(_, model)| !model.is_abstract);
    let relations = concrete.flat_map(|(id, model)| model.relations.iter().map(move |relation| (id, relation)));
    let mut edges: Vec<_> = relations.flat_map(|(id, relation)| declared(graph, id, relation)).collect();
    edges.sort_by_key(|edge| edge.declared.holder);
    edges
}

/// What a relation declares; of a pair, the side that holds the key.
fn declared(graph: &Graph, source: ModelId, relation: &Relation) -> Vec<Edge> {
    let edge = |holder: ModelId, target: ModelId, name: String, from: &[PropertyId], to: Vec<PropertyId>| {
        let declared = Dependent {
            holder,
            relation: name,
            from: from.to_vec(),
            to,
            discriminator: relation.discriminator,
            strong: relation.strong,
            on_delete: relation.on_delete,
            on_update: relation.on_update,
        };
        let followed = |action| !relation.strong && action != Action::NoAction;
        let (deletes, updates) = (followed(relation.on_delete), followed(relation.on_update));
        Edge { target, soft: softly(graph, target, &declared), declared, deletes, updates }
    };
    match relation.kind {
        RelationKind::BelongsTo => {
            let edge = |(target, to): (ModelId, &[PropertyId])| {
                edge(source, target, relation.name.clone(), &relation.key_from, to.to_vec())
            };
            relation.keyed_targets().map(edge).collect()
        }
        RelationKind::HasMany | RelationKind::HasOne
            if relation.inverse.is_none() && relation.through.is_none() && !relation.is_polymorphic() =>
        {
            let name = format!("{}.{}", graph.model(source).name, relation.name);
            vec![edge(relation.target(), source, name, &relation.key_to, relation.key_from.clone())]
        }
        _ => Vec::new(),
    }
}

/// What the database would do with a foreign key it does not do where rows are deleted softly: they stay.
fn softly(graph: &Graph, target: ModelId, declared: &Dependent) -> bool {
    graph.model(target).soft_delete
        && match declared.on_delete {
            Action::Restrict => true,
            Action::Cascade => graph.model(declared.holder).soft_delete,
            Action::NoAction | Action::SetNull => false,
        }
}

/// Whether deletes and changes are to be followed along that relation, as far as is known of those that are `next`.
fn followed(edges: &[Edge], next: &[usize], edge: &Edge) -> (bool, bool) {
    let next = || next.iter().map(|&at| &edges[at]);
    let deletes = || next().any(|next| next.deletes);
    let changes =
        || next().any(|next| next.updates && next.declared.to.iter().any(|to| edge.declared.from.contains(to)));
    let on_delete = match edge.declared.on_delete {
        Action::Cascade => edge.soft || deletes(),
        Action::SetNull => changes(),
        Action::Restrict => edge.soft,
        Action::NoAction => false,
    };
    let on_update = matches!(edge.declared.on_update, Action::Cascade | Action::SetNull) && changes();
    (edge.deletes || on_delete, edge.updates || on_update)
}

#[cfg(test)]
mod tests {
    use super::Dependents;
    use crate::Inputs;
    use crate::driver::check;
    use crate::graph::{Action, Graph};

    /// Models, of which `C` points at `B` and `B` at `A`, as said.
    fn chain(b: &str, c: &str) -> Graph {
        let text = format!(
            "models:\n  A: {{ properties: {{ id: {{ type: integer, id: true }} }} }}\n  \
             B:\n    properties: {{ id: {{ type: integer, id: true }}, aId: {{ type: integer, unique: true }} }}\n    \
             relations: [{{ belongsTo: A, {b} }}]\n  \
             C:\n    properties: {{ id: {{ type: integer, id: true }} }}\n    \
             relations: [{{ belongsTo: B, {c} }}]\n"
        );
        let checked = check(&Inputs::text("schema.yaml", text));
        checked.graph.unwrap_or_else(|| panic!("{:?}", checked.findings))
    }

    /// What is followed from `A`, and from `B`.
    fn followed(b: &str, c: &str) -> [Vec<(Action, Action)>; 2] {
        let graph = chain(b, c);
        let dependents = Dependents::of(&graph);
        ["A", "B"].map(|name| {
            let model = graph.find(name).expect("it is in the schema");
            dependents.of_model(model).iter().map(|dependent| (dependent.on_delete, dependent.on_update)).collect()
        })
    }

    #[test]
    fn a_database_follows_its_foreign_keys_alone() {
        assert_eq!(followed("onDelete: cascade, onUpdate: cascade", "onDelete: setNull"), [[], []]);
    }

    #[test]
    fn weak_relations_are_followed_as_far_as_they_ask() {
        let weak = "constraint: false, onDelete: setNull";
        assert_eq!(followed("constraint: false", weak), [vec![], vec![(Action::SetNull, Action::NoAction)]]);
    }

    #[test]
    fn what_a_database_deletes_is_followed_to_weak_relations() {
        let weak = "constraint: false, onDelete: restrict";
        let last = vec![(Action::Restrict, Action::NoAction)];
        assert_eq!(followed("onDelete: cascade", weak), [vec![(Action::Cascade, Action::NoAction)], last.clone()]);
        assert_eq!(followed("onDelete: setNull, onUpdate: cascade", weak), [vec![], last]);
    }

    #[test]
    fn what_a_database_changes_is_followed_where_it_is_pointed_at() {
        let weak = "keyTo: aId, constraint: false, onUpdate: cascade";
        let last = vec![(Action::NoAction, Action::Cascade)];
        let first = vec![(Action::SetNull, Action::Cascade)];
        assert_eq!(followed("onDelete: setNull, onUpdate: cascade", weak), [first, last]);
        let last = vec![(Action::NoAction, Action::SetNull)];
        let weak = "constraint: false, onUpdate: setNull";
        assert_eq!(followed("onDelete: setNull, onUpdate: cascade", weak), [vec![], last]);
    }
}
