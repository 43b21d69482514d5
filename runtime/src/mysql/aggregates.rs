//! What MariaDB and MySQL compute of many rows in their own way.

use crate::query::aggregate::Aggregates;

/// The functions of both.
#[derive(Debug)]
pub(super) struct Functions;

impl Aggregates for Functions {
    /// `AVG` of integers is a decimal of four digits after the point.
    fn average(&self, column: &str) -> String {
        format!("(SUM({column}) + 0E0) / COUNT({column})")
    }
}
