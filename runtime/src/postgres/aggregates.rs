//! What PostgreSQL computes of many rows in its own way.

use crate::meta::{Kind, PropertyMeta};
use crate::query::aggregate::Aggregates;

/// PostgreSQL's functions.
#[derive(Debug)]
pub(super) struct Functions;

impl Aggregates for Functions {
    /// The sum of `bigint` is `numeric`, which an integer is not bound as.
    fn of_sum(&self, mark: &str, property: &PropertyMeta) -> String {
        match property.kind {
            Kind::Integer | Kind::Int32 => format!("CAST({mark} AS bigint)"),
            _ => mark.to_owned(),
        }
    }

    fn average(&self, column: &str) -> String {
        format!("CAST(SUM({column}) AS double precision) / COUNT({column})")
    }

    /// There is no least of `boolean` and, before PostgreSQL 18, of `uuid`, whose text sorts as it does.
    fn extreme(&self, column: &str, property: &PropertyMeta, greatest: bool) -> String {
        let word = if greatest { "MAX" } else { "MIN" };
        match property.kind {
            Kind::Boolean => format!("{}({column})", if greatest { "BOOL_OR" } else { "BOOL_AND" }),
            Kind::Uuid => format!("CAST({word}(CAST({column} AS text) COLLATE \"C\") AS uuid)"),
            _ => format!("{word}({column})"),
        }
    }
}
