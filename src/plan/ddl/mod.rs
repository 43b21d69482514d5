//! Statements that create tables, one module for each database.
//!
//! [`tables`](super::tables) says what there is; a [`Dialect`] says it in one database's SQL. Knows nothing of
//! Rust; runs nothing.

mod mysql;
mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use super::tables::{Column, Table};

pub(crate) use mysql::Mysql;
pub(crate) use postgres::Postgres;
pub(crate) use sqlite::Sqlite;

/// Whether descriptions are written into the statements as comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    /// For people.
    Written,
    /// For programs.
    LeftOut,
}

/// How one database spells identifiers, parameters and tables.
pub(crate) trait Dialect {
    /// The identifier, quoted.
    fn quote(&self, identifier: &str) -> String;

    /// The table's own name, quoted.
    fn table(&self, table: &Table) -> String;

    /// The n-th bound value of a statement, from 1.
    fn parameter(&self, n: usize) -> String;

    /// What follows `INSERT INTO t` where no column is given a value.
    fn no_values(&self) -> &'static str {
        "DEFAULT VALUES"
    }

    /// What makes an insert answer that column, where it has to be asked for.
    fn returning(&self, _column: &Column) -> Option<String> {
        None
    }

    /// What follows `INSERT INTO t (…)` in a statement that inserts any number of rows, where there is one.
    fn many_rows(&self, _columns: &[&Column]) -> Option<String> {
        None
    }

    /// `CREATE TABLE …` and its indexes, without semicolons.
    fn create(&self, table: &Table, tables: &[Table], comments: Comments) -> Vec<String>;
}

/// The tables so ordered that each comes after those that its foreign keys point at, as far as loops allow.
pub(crate) fn dependency_order(tables: &[Table]) -> Vec<usize> {
    let mut order = Vec::with_capacity(tables.len());
    let mut seen = BTreeSet::new();
    for first in 0..tables.len() {
        // Depth first, without recursion: a chain may be as long as there are tables.
        let mut open = vec![(first, 0)];
        if !seen.insert(first) {
            continue;
        }
        while let Some((table, next)) = open.last_mut() {
            if let Some(key) = tables[*table].foreign_keys.get(*next) {
                *next += 1;
                if seen.insert(key.target) {
                    open.push((key.target, 0));
                }
            } else {
                order.push(*table);
                open.pop();
            }
        }
    }
    order
}

/// A description as lines of a SQL comment. A line break of any kind ends a line, so that no text of a
/// description is ever read as SQL.
fn comment_lines(description: Option<&str>) -> impl Iterator<Item = String> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let lines = description.into_iter().flat_map(move |text| text.split(breaks));
    lines.map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("-- {line}"))
}
