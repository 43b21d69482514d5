//! Rows made at random: keys that lead somewhere, nowhere where they may, or are null.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value as Json, json};

use crate::condition::value;
use crate::schema::{Cardinality, Model, Relation, Schema, Tie, Type};

/// One row, by the names of its properties.
pub(crate) type Row = Map<String, Json>;

/// Rows of every model.
#[derive(Debug)]
pub struct Data {
    /// By the model's position, in the order in which they are stored.
    pub rows: Vec<Vec<Map<String, Json>>>,
    /// Of each model, the ids of rows that are deleted after they were stored.
    pub deleted: Vec<Vec<i64>>,
}

impl Data {
    /// Whether the row of that model is deleted.
    pub(crate) fn is_deleted(&self, model: usize, row: &Row) -> bool {
        row.get("id").and_then(Json::as_i64).is_some_and(|id| self.deleted[model].contains(&id))
    }
}

/// The rows of that seed, up to so many of each model.
pub fn data(schema: &Schema, seed: u64, most: usize) -> Data {
    let mut rng = Rng::with_seed(seed);
    let mut data = Data { rows: Vec::new(), deleted: Vec::new() };
    for at in 0..schema.models.len() {
        let model = schema.model(at);
        data.rows.push(Vec::new());
        let mut taken = BTreeSet::new();
        for n in 0..rng.usize(0..=most) {
            if let Some(row) = row(&mut rng, schema, &data, at, n, &mut taken) {
                data.rows[at].push(row);
            }
        }
        let ids = data.rows[at].iter().filter_map(|row| row.get("id")?.as_i64());
        let deleted = ids.filter(|_| model.soft_delete && rng.u8(0..4) == 0).collect();
        data.deleted.push(deleted);
    }
    data
}

/// A row of that model, unless one that it must belong to is missing.
fn row(
    rng: &mut Rng,
    schema: &Schema,
    data: &Data,
    at: usize,
    n: usize,
    taken: &mut BTreeSet<(usize, Vec<i64>)>,
) -> Option<Row> {
    let model = schema.model(at);
    let mut row = own(rng, model, n);
    for (position, relation) in model.relations.iter().enumerate() {
        match &relation.tie {
            Tie::Belongs(keys) => {
                let target = schema.model(relation.targets[0]);
                let values = key(rng, data, target, relation)?;
                let unique = is_unique(schema, relation, at);
                let values = values.filter(|values| !unique || taken.insert((position, values.clone())));
                for (n, name) in keys.iter().enumerate() {
                    row.insert(name.clone(), values.as_ref().map_or(Json::Null, |values| json!(values[n])));
                }
            }
            Tie::References(name) => {
                let rows = data.rows[relation.targets[0]].len();
                let most = i64::try_from(rows).unwrap_or_default() + 1;
                let ids: Json = (0..rng.usize(0..4)).map(|_| rng.i64(1..=most)).collect();
                row.insert(name.clone(), ids);
            }
            Tie::Polymorphic(key, discriminator) => {
                let target = relation.targets[rng.usize(0..relation.targets.len())];
                let set = rng.u8(0..4) > 0;
                let id = if set { json!(rng.i64(1..=4)) } else { Json::Null };
                let name = if set { json!(schema.model(target).name) } else { Json::Null };
                row.extend([(key.clone(), id), (discriminator.clone(), name)]);
            }
            Tie::Has(_) | Tie::Through(..) | Tie::Answers(..) => {}
        }
    }
    Some(row)
}

/// Its primary key and what it holds besides keys of relations.
fn own(rng: &mut Rng, model: &Model, n: usize) -> Row {
    let id = i64::try_from(n).unwrap_or_default() + 1;
    let mut row = Row::new();
    match model.key {
        [_] => row.extend([("id".to_owned(), json!(id))]),
        _ => row.extend([("a".to_owned(), json!(id / 2)), ("b".to_owned(), json!(id % 2))]),
    }
    for property in &model.properties {
        let null = !property.required && property.ty != Type::Points && rng.u8(0..3) == 0;
        let value = if null { Json::Null } else { value(rng, property.ty) };
        row.insert(property.name.clone(), value);
    }
    row
}

/// The key of a row that is there, of one that is not where nothing holds it, or none; nothing, where one must be
/// there and is not.
#[allow(clippy::option_option, reason = "a key that is null, and none that could be found")]
fn key(rng: &mut Rng, data: &Data, target: &Model, relation: &Relation) -> Option<Option<Vec<i64>>> {
    let rows = &data.rows[relation.targets[0]];
    if !relation.required && rng.u8(0..4) == 0 {
        return Some(None);
    }
    if !relation.strong && rng.u8(0..4) == 0 {
        return Some(Some(target.key.iter().map(|_| rng.i64(0..9)).collect()));
    }
    if rows.is_empty() {
        return if relation.required { None } else { Some(None) };
    }
    let row = &rows[rng.usize(0..rows.len())];
    Some(Some(target.key.iter().filter_map(|part| row[*part].as_i64()).collect()))
}

/// Whether the other side is a hasOne: then no two rows have one key.
fn is_unique(schema: &Schema, relation: &Relation, source: usize) -> bool {
    let Tie::Belongs(keys) = &relation.tie else { return false };
    schema.model(relation.targets[0]).relations.iter().any(|other| {
        let same = matches!(&other.tie, Tie::Has(theirs) if theirs == keys);
        same && other.cardinality == Cardinality::Maybe && other.targets == [source]
    })
}
