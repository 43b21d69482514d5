//! What a schema asks of a database, read from the resolved graph by the words of the language alone: the other
//! opinion beside the compiler's plan.

use std::collections::{BTreeMap, BTreeSet};

use relata_compiler::graph::{
    Action, Graph, Index, Model, ModelId, Property, PropertyId, Relation, RelationKind, Scalar,
};

use crate::catalogue::{Catalogue, Column, ForeignKey, Table, Unique};

/// A database's own words.
pub(crate) trait Words {
    fn table(&self, model: &Model) -> String;

    /// The type of a property's column, as the catalogue has it.
    fn data_type(&self, graph: &Graph, model: &Model, property: &Property) -> String;

    /// Which types need a CHECK.
    fn is_checked(&self, property: &Property) -> bool {
        !property.ty.list && matches!(property.ty.scalar, Scalar::Enum(_))
    }

    /// As the catalogue tells it.
    fn action(&self, action: Action) -> &'static str {
        match action {
            Action::NoAction => "NO ACTION",
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
        }
    }

    /// A description as the database keeps it.
    fn comment(&self, description: &str, longest: usize) -> String;

    /// Whether a column that a foreign key writes into can have a CHECK.
    fn checks_what_keys_change(&self) -> bool {
        true
    }
}

pub(crate) fn expected(graph: &Graph, words: &dyn Words) -> Catalogue {
    let foreign_keys = foreign_keys(graph);
    let concrete = graph.models().filter(|(_, model)| !model.is_abstract);
    concrete.map(|(id, model)| (words.table(model), table(graph, words, id, model, &foreign_keys))).collect()
}

/// A strong relation, from the side that holds the key.
struct Held {
    source: ModelId,
    target: ModelId,
    from: Vec<PropertyId>,
    to: Vec<PropertyId>,
    on_delete: Action,
    on_update: Action,
}

fn foreign_keys(graph: &Graph) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    for (id, model) in graph.models().filter(|(_, model)| !model.is_abstract) {
        for relation in model.relations.iter().filter(|relation| relation.strong && relation.targets.len() == 1) {
            let (source, target, from, to) = match relation.kind {
                RelationKind::BelongsTo => (id, relation.targets[0], &relation.key_from, &relation.key_to),
                RelationKind::HasMany | RelationKind::HasOne
                    if relation.through.is_none() && relation.inverse.is_none() =>
                {
                    (relation.targets[0], id, &relation.key_to, &relation.key_from)
                }
                _ => continue,
            };
            if held.iter().any(|key| (key.source, key.target, &key.from, &key.to) == (source, target, from, to)) {
                continue;
            }
            let (on_delete, on_update) = (relation.on_delete, relation.on_update);
            held.push(Held { source, target, from: from.clone(), to: to.clone(), on_delete, on_update });
        }
    }
    held
}

fn table(graph: &Graph, words: &dyn Words, id: ModelId, model: &Model, held: &[Held]) -> Table {
    let name = |id: &PropertyId| model.property(*id).column.clone();
    let own = || held.iter().filter(|key| key.source == id);
    let column = |(at, property): (PropertyId, &Property)| {
        let is_changed = own()
            .filter(|key| key.from.contains(&at))
            .any(|key| key.on_delete == Action::SetNull || matches!(key.on_update, Action::SetNull | Action::Cascade));
        Column {
            name: property.column.clone(),
            data_type: words.data_type(graph, model, property),
            is_required: property.required || property.id || property.version || property.ty.list,
            is_generated: property.generated && property.ty.scalar == Scalar::Integer,
            is_checked: words.is_checked(property) && (words.checks_what_keys_change() || !is_changed),
            comment: words.comment(property.description.as_deref().unwrap_or_default(), 1024),
        }
    };
    let foreign_key = |key: &Held| {
        let target = graph.model(key.target);
        let to = |id: &PropertyId| target.property(*id).column.clone();
        ForeignKey {
            pairs: key.from.iter().map(name).zip(key.to.iter().map(to)).collect(),
            target: words.table(target),
            on_delete: words.action(key.on_delete).to_owned(),
            on_update: words.action(key.on_update).to_owned(),
        }
    };
    let primary_key: Vec<_> = model.key.iter().map(name).collect();
    let plain = model.indexes.iter().filter(|index| !index.unique);
    // What is unique already, by the primary key or an index before it, is not made unique once more.
    let set = |index: &Index| index.properties.iter().map(name).collect::<BTreeSet<_>>();
    let mut unique = BTreeSet::from([primary_key.iter().cloned().collect::<BTreeSet<_>>()]);
    let named = model.indexes.iter().filter(|index| !index.unique || unique.insert(set(index)));
    let named = named.filter_map(|index| index.name.clone()).collect();
    let single = model.properties.iter().filter(|property| property.index && !property.unique);
    Table {
        comment: words.comment(model.description.as_deref().unwrap_or_default(), 2048),
        columns: model.properties().map(column).collect(),
        uniques: uniques(graph, id, model)
            .into_iter()
            .filter(|unique| unique.columns != primary_key.iter().cloned().collect())
            .collect(),
        primary_key,
        foreign_keys: own().map(foreign_key).collect(),
        indexes: plain
            .map(|index| index.properties.iter().map(name).collect())
            .chain(single.map(|property| vec![property.column.clone()]))
            .collect(),
        named,
    }
}

fn uniques(graph: &Graph, id: ModelId, model: &Model) -> BTreeSet<Unique> {
    let single = model.properties().filter(|(_, property)| property.unique).map(|(id, _)| vec![id]);
    let declared = model.indexes.iter().filter(|index| index.unique).map(|index| index.properties.clone());
    // A hasOne makes its key unique, wherever it is declared.
    let demanded = graph.models().filter(|(_, model)| !model.is_abstract).flat_map(|(_, source)| {
        let ones = source.relations.iter().filter(|relation| relation.kind == RelationKind::HasOne);
        ones.filter_map(|relation| unique_of_one(graph, relation, id)).collect::<Vec<_>>()
    });
    let mut keys: BTreeMap<BTreeSet<String>, bool> = BTreeMap::new();
    for key in single.chain(declared).chain(demanded) {
        let columns = key.iter().map(|id| model.property(*id).column.clone()).collect();
        keys.insert(columns, model.soft_delete);
    }
    keys.into_iter().map(|(columns, of_live_rows)| Unique { columns, of_live_rows }).collect()
}

fn unique_of_one(graph: &Graph, relation: &Relation, id: ModelId) -> Option<Vec<PropertyId>> {
    if let Some(through) = &relation.through {
        return (through.model == id).then(|| through.key_from.clone());
    }
    let (_, key) = relation.keyed_targets().find(|(target, _)| *target == id)?;
    let answered = relation.polymorphic.and_then(|answered| graph.model(id).relation(answered).discriminator);
    Some(answered.into_iter().chain(key.iter().copied()).collect())
}
