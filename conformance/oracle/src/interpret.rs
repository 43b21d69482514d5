//! The answer to a query, found by looking at every row.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use crate::condition::{Comparison, Condition, Quantifier};
use crate::data::{Data, Row};
use crate::query::{Include, Query, Scope, Shape};
use crate::schema::{Cardinality, Model, Schema, Tie};

/// The rows that the query gives, as JSON.
pub fn answer(schema: &Schema, data: &Data, query: &Query) -> Json {
    let world = World { schema, data };
    let rows = data.rows[query.model].iter().collect();
    world.read(query.model, rows, &query.scope).into()
}

#[derive(Clone, Copy)]
struct World<'w> {
    schema: &'w Schema,
    data: &'w Data,
}

impl<'w> World<'w> {
    /// Of these rows those that are asked for, with what is included in them.
    fn read(self, model: usize, rows: Vec<&Row>, scope: &Scope) -> Vec<Json> {
        let mut rows = self.among(model, rows, scope.condition.as_ref(), scope.deleted);
        if scope.ordered {
            rows.sort_by(|a, b| order(self.schema.model(model), scope.order.as_ref(), a, b));
        }
        let offset = scope.offset.map_or(0, count);
        let limit = scope.limit.map_or(usize::MAX, count);
        rows.into_iter().skip(offset).take(limit).map(|row| self.with(model, row, &scope.includes)).collect()
    }

    fn among<'r>(self, model: usize, rows: Vec<&'r Row>, condition: Option<&Condition>, deleted: bool) -> Vec<&'r Row> {
        let mut rows = rows;
        rows.retain(|row| deleted || !self.data.is_deleted(model, row));
        rows.retain(|row| condition.is_none_or(|condition| self.holds(model, row, condition) == Some(true)));
        rows
    }

    fn with(self, model: usize, row: &Row, includes: &[Include]) -> Json {
        let mut object = row.clone();
        for Include { relation, shape } in includes {
            let relation = &self.schema.model(model).relations[*relation];
            let rows_of = |arm: usize| self.related(model, row, relation.name.as_str(), arm);
            let value = match shape {
                Shape::Count(condition) => {
                    json!(self.among(relation.targets[0], rows_of(0), condition.as_ref(), false).len())
                }
                Shape::Rows(scope) => {
                    let rows = self.read(relation.targets[0], rows_of(0), scope);
                    if relation.cardinality == Cardinality::Many { rows.into() } else { one(rows) }
                }
                Shape::Arms(scopes) => {
                    let arms = scopes.iter().zip(&relation.targets).enumerate();
                    one(arms.flat_map(|(arm, (scope, &target))| self.read(target, rows_of(arm), scope)).collect())
                }
            };
            object.insert(relation.name.clone(), value);
        }
        // What the library sets by itself is not compared.
        object.remove("deletedAt");
        object.into()
    }

    /// The rows, living or not, that a relation of the row leads to, of its target at that position.
    fn related(self, model: usize, row: &Row, relation: &str, arm: usize) -> Vec<&'w Row> {
        let source = self.schema.model(model);
        let Some(relation) = source.relations.iter().find(|other| other.name == relation) else { return Vec::new() };
        let target = relation.targets[arm];
        let rows = &self.data.rows[target];
        let key = self.schema.model(target).key;
        let all = |test: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| test(row)).collect();
        match &relation.tie {
            Tie::Belongs(keys) => all(&|other| equal(row, keys, other, key)),
            Tie::Has(keys) => all(&|other| equal(other, keys, row, source.key)),
            Tie::Through(link, from, to) => {
                let live = self.data.rows[*link].iter().filter(|link_row| !self.data.is_deleted(*link, link_row));
                let links: Vec<_> = live.filter(|link_row| equal(link_row, from, row, source.key)).collect();
                all(&|other| links.iter().any(|link_row| equal(link_row, to, other, key)))
            }
            Tie::References(ids) => {
                let ids = row[ids].as_array().into_iter().flatten();
                ids.filter_map(|id| rows.iter().find(|other| other["id"] == *id)).collect()
            }
            Tie::Polymorphic(id, name) => {
                let meant = row[name] == self.schema.model(target).name;
                all(&|other| meant && row[id] == other["id"])
            }
            Tie::Answers(id, name) => all(&|other| other[id] == row["id"] && other[name] == source.name),
        }
    }

    /// Whether a condition holds of a row; nothing where it is neither true nor false.
    fn holds(self, model: usize, row: &Row, condition: &Condition) -> Option<bool> {
        let relation = |at: usize| &self.schema.model(model).relations[at];
        match condition {
            Condition::And(first, second) => and(self.holds(model, row, first), self.holds(model, row, second)),
            Condition::Or(first, second) => {
                and(self.holds(model, row, first).map(not), self.holds(model, row, second).map(not)).map(not)
            }
            Condition::Not(inner) => self.holds(model, row, inner).map(not),
            Condition::Related(at, arm, quantifier, inner) => {
                let target = relation(*at).targets[*arm];
                let rows = self.related(model, row, &relation(*at).name, *arm);
                let rows = self.among(target, rows, None, false);
                Some(quantified(*quantifier, rows.iter().map(|row| self.holds(target, row, inner))))
            }
            Condition::Count(at, comparison, number) => {
                let rows = self.related(model, row, &relation(*at).name, 0);
                let found = self.among(relation(*at).targets[0], rows, None, false).len();
                Some(compared(*comparison, found.cmp(&count(*number))))
            }
            // A value that is not there, or for which the condition is neither, does not match.
            Condition::Value(name, inner) => {
                Some(row[name].as_object().and_then(|value| of_value(value, inner)) == Some(true))
            }
            Condition::Values(name, quantifier, inner) => {
                let values = row[name].as_array().into_iter().flatten().filter_map(Json::as_object);
                Some(quantified(*quantifier, values.map(|value| of_value(value, inner))))
            }
            leaf => of_value(row, leaf),
        }
    }
}

/// A condition on what a row or an embedded value itself holds.
fn of_value(row: &Row, condition: &Condition) -> Option<bool> {
    match condition {
        Condition::Compare(name, comparison, value) => {
            present(row, name).map(|found| compared(*comparison, compare(found, value)))
        }
        Condition::In(_, values, negated) if values.is_empty() => Some(*negated),
        Condition::In(name, values, negated) => present(row, name).map(|found| values.contains(found) != *negated),
        Condition::StartsWith(name, text) => {
            present(row, name).map(|found| found.as_str().unwrap_or_default().starts_with(text))
        }
        Condition::Null(name, negated) => Some(present(row, name).is_none() != *negated),
        Condition::And(first, second) => and(of_value(row, first), of_value(row, second)),
        Condition::Not(inner) => of_value(row, inner).map(not),
        // Of embedded values nothing else is asked.
        _ => None,
    }
}

fn quantified(quantifier: Quantifier, mut each: impl Iterator<Item = Option<bool>>) -> bool {
    match quantifier {
        Quantifier::Any => each.any(|truth| truth == Some(true)),
        Quantifier::None => !each.any(|truth| truth == Some(true)),
        Quantifier::All => each.all(|truth| truth == Some(true)),
    }
}

fn and(first: Option<bool>, second: Option<bool>) -> Option<bool> {
    match (first, second) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn not(truth: bool) -> bool {
    !truth
}

fn present<'r>(row: &'r Row, name: &str) -> Option<&'r Json> {
    row.get(name).filter(|value| !value.is_null())
}

fn compared(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Eq => order.is_eq(),
        Comparison::Ne => order.is_ne(),
        Comparison::Gt => order.is_gt(),
        Comparison::Ge => order.is_ge(),
        Comparison::Lt => order.is_lt(),
        Comparison::Le => order.is_le(),
    }
}

/// Null first, then by value; texts by code point.
fn compare(a: &Json, b: &Json) -> Ordering {
    match (a, b) {
        (Json::Null, Json::Null) => Ordering::Equal,
        (Json::Null, _) => Ordering::Less,
        (_, Json::Null) => Ordering::Greater,
        (Json::String(a), Json::String(b)) => a.chars().cmp(b.chars()),
        (Json::Bool(a), Json::Bool(b)) => a.cmp(b),
        (a, b) => a.as_i64().cmp(&b.as_i64()),
    }
}

fn order(model: &Model, by: Option<&(String, bool)>, a: &Row, b: &Row) -> Ordering {
    let first = by.map_or(Ordering::Equal, |(name, down)| {
        let order = compare(&a[name], &b[name]);
        if *down { order.reverse() } else { order }
    });
    model.key.iter().fold(first, |order, part| order.then_with(|| compare(&a[*part], &b[*part])))
}

/// Whether the key that one row holds by these properties is another's primary key; of a null, never.
fn equal(holder: &Row, names: &[String], other: &Row, key: &[&str]) -> bool {
    names.iter().zip(key).all(|(name, part)| !holder[name].is_null() && holder[name] == other[*part])
}

fn one(rows: Vec<Json>) -> Json {
    rows.into_iter().next().unwrap_or_default()
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
