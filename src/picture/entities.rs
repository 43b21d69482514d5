//! The boxes: one for each model and each enum, with the rows in them. Knows nothing of lines.

use std::collections::BTreeSet;

use super::{Entity, EntityKind, Group, Picture, Row};
use crate::graph::{EnumId, Graph, Model, ModelId, Property, PropertyId, Relation, RelationKind, Scalar, Type, snake};

/// Values of an enum that are listed before the rest is only counted.
const MOST_VALUES: usize = 12;

/// Groups and boxes of a schema.
pub(super) fn entities(graph: &Graph) -> Picture {
    let foreign = foreign_keys(graph);
    let mut entities: Vec<Entity> = graph.models().map(|(id, model)| of_model(graph, id, model, &foreign)).collect();
    entities.extend(graph.enums.iter().map(|item| Entity {
        name: item.name.clone(),
        kind: EntityKind::Enum,
        table: None,
        base: None,
        group: None,
        rows: values(item.variants.iter().map(|variant| variant.value.as_str())),
        description: None,
    }));
    let groups = graph.datasources.iter();
    let groups = groups.map(|item| Group { name: item.name.clone(), description: item.description.clone() });
    let mut picture = Picture { groups: groups.collect(), entities, lines: Vec::new() };
    if picture.groups.len() > 1 {
        place_with_users(&mut picture);
    } else {
        picture.groups.clear();
    }
    picture.without_empty_groups()
}

/// The box of a model.
pub(super) fn model_box(id: ModelId) -> usize {
    id.0 as usize
}

fn enum_box(graph: &Graph, id: EnumId) -> usize {
    graph.models.len() + id.0 as usize
}

fn of_model(graph: &Graph, id: ModelId, model: &Model, foreign: &BTreeSet<(ModelId, PropertyId)>) -> Entity {
    let table = match &model.table.schema {
        Some(schema) => format!("{schema}.{}", model.table.name),
        None => model.table.name.clone(),
    };
    let named_otherwise = !model.is_abstract && table != snake(&model.plural);
    let rows = model.properties().map(|(property, data)| Row {
        foreign: foreign.contains(&(id, property)),
        unique: data.unique || is_unique_alone(model, property),
        ..row(graph, data)
    });
    let several = graph.datasources.len() > 1;
    Entity {
        name: model.name.clone(),
        kind: match model.is_abstract {
            false => EntityKind::Table,
            true if is_value(graph, id) => EntityKind::Value,
            true => EntityKind::Base,
        },
        table: named_otherwise.then_some(table),
        base: model.base.map(|base| graph.model(base).name.clone()),
        group: (several && !model.is_abstract).then_some(model.datasource.0 as usize),
        rows: rows.collect(),
        description: model.description.clone(),
    }
}

fn row(graph: &Graph, property: &Property) -> Row {
    Row {
        name: property.name.clone(),
        ty: type_words(graph, property),
        primary: property.id,
        optional: !is_required(property),
        hidden: property.hidden,
        description: property.description.clone(),
        of: match property.ty.scalar {
            Scalar::Enum(id) => Some(enum_box(graph, id)),
            Scalar::Embedded(id) => Some(model_box(id)),
            _ => None,
        },
        ..Row::default()
    }
}

fn values<'v>(values: impl ExactSizeIterator<Item = &'v str>) -> Vec<Row> {
    let count = values.len();
    let shown = if count > MOST_VALUES { MOST_VALUES - 1 } else { count };
    let row = |name: &str| Row { name: name.to_owned(), ..Row::default() };
    let mut rows: Vec<_> = values.take(shown).map(row).collect();
    if count > shown {
        rows.push(row(&format!("… {} more", count - shown)));
    }
    rows
}

/// Whether a row always has a value there.
pub(super) fn is_required(property: &Property) -> bool {
    property.required || property.id || property.version || property.ty.list
}

fn is_unique_alone(model: &Model, property: PropertyId) -> bool {
    model.indexes.iter().any(|index| index.unique && index.properties == [property])
}

fn is_value(graph: &Graph, id: ModelId) -> bool {
    let of_value = |property: &Property| property.ty.scalar == Scalar::Embedded(id);
    graph.models.iter().any(|model| model.properties.iter().any(of_value))
}

fn type_words(graph: &Graph, property: &Property) -> String {
    let Type { scalar, list } = property.ty;
    let word = match scalar {
        Scalar::Decimal => &format!("decimal({},{})", property.precision, property.scale),
        _ => graph.word(scalar),
    };
    format!("{word}{}", if list { "[]" } else { "" })
}

/// Every property that is part of a relation's key, on the side that holds it.
fn foreign_keys(graph: &Graph) -> BTreeSet<(ModelId, PropertyId)> {
    let relations = graph.models().flat_map(|(id, model)| model.relations.iter().map(move |relation| (id, relation)));
    relations.flat_map(|(source, relation)| held(source, relation)).collect()
}

fn held(source: ModelId, relation: &Relation) -> Vec<(ModelId, PropertyId)> {
    let at = |model: ModelId, keys: &[PropertyId]| keys.iter().map(|key| (model, *key)).collect::<Vec<_>>();
    match (&relation.through, relation.kind) {
        (Some(link), _) => at(link.model, &link.key_from).into_iter().chain(at(link.model, &link.key_to)).collect(),
        (None, RelationKind::HasMany | RelationKind::HasOne) => {
            relation.keyed_targets().flat_map(|(target, key)| at(target, key)).collect()
        }
        (None, _) => at(source, &relation.key_from),
    }
}

/// Enums and values have no datasource: they stand where most of their users are.
fn place_with_users(picture: &mut Picture) {
    // A value within a value is placed once the outer one is.
    for _ in 0..picture.entities.len().min(8) {
        let mut votes = vec![vec![0_usize; picture.groups.len()]; picture.entities.len()];
        for entity in &picture.entities {
            let Some(group) = entity.group else { continue };
            let base = entity.base.as_ref().and_then(|name| picture.entities.iter().position(|it| it.name == *name));
            for used in entity.rows.iter().filter_map(|row| row.of).chain(base) {
                votes[used][group] += 1;
            }
        }
        let mut changed = false;
        for (entity, votes) in picture.entities.iter_mut().zip(votes) {
            let most = votes.iter().copied().max().unwrap_or_default();
            if entity.group.is_none() && most > 0 {
                entity.group = votes.iter().position(|count| *count == most);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for entity in &mut picture.entities {
        entity.group.get_or_insert(0);
    }
}
