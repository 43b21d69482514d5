//! The methods that store a row by a unique key: `upsert_by_email`.
//!
//! A declared key of which a new row gives every property has two; knows nothing of SQL.

use serde::Serialize;

use super::tables::{Table, positions, same_set};
use crate::graph::{Model, by_words};

/// The methods of one key.
#[derive(Debug, Clone, Serialize)]
pub struct UpsertPlan {
    /// What follows `upsert_by_` and `upsert_many_by_`.
    pub by: String,
    /// The key's position among the unique ones of the static.
    pub unique: usize,
    /// The properties of the key, as a sentence has them.
    pub properties: String,
}

/// The methods of one model, in the order of its unique keys.
pub(crate) fn upserts(model: &Model, table: &Table) -> Vec<UpsertPlan> {
    let is_declared = |key: &[usize]| model.unique_keys().iter().any(|declared| same_set(key, &positions(declared)));
    let mut upserts = Vec::new();
    for (unique, key) in table.uniques.iter().enumerate() {
        let properties: Vec<_> = key.columns.iter().map(|column| &model.properties[*column]).collect();
        if !is_declared(&key.columns) || properties.iter().any(|property| property.is_made()) {
            continue;
        }
        let names: Vec<_> = properties.iter().map(|property| property.name.as_str()).collect();
        let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        upserts.push(UpsertPlan { by: by_words(&names), unique, properties: quoted.join(" and ") });
    }
    upserts
}
