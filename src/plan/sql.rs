//! Statements known when code is generated: they need nothing but bound values.
//!
//! The table of a statement has the alias `t0`, a joined one `t1`; values are bound in the order of the key.
//! Spelling is the [`Dialect`]'s; knows nothing of Rust.

use serde::Serialize;

use super::ddl::Dialect;
use super::tables::Table;

/// The statements of one model.
#[derive(Debug, Clone, Serialize)]
pub struct Statements {
    /// Every column, without conditions.
    pub select: String,
    /// … of the row with that primary key.
    pub select_by_key: String,
    /// Every column but one that the database counts.
    pub insert: String,
    /// The row with that primary key.
    pub delete_by_key: String,
}

/// The statements of the model that `table` stores.
pub(crate) fn statements(dialect: &dyn Dialect, table: &Table) -> Statements {
    let name = dialect.table(table);
    let select = select(dialect, table);
    let by_key = equal(dialect, table, &table.primary_key.columns);
    Statements {
        select_by_key: format!("{select} WHERE {by_key}"),
        select,
        insert: insert(dialect, table),
        delete_by_key: format!("DELETE FROM {name} AS t0 WHERE {by_key}"),
    }
}

/// The rows of `target` whose key has the bound values.
pub(crate) fn related(dialect: &dyn Dialect, target: &Table, key: &[usize]) -> String {
    format!("{} WHERE {}", select(dialect, target), equal(dialect, target, key))
}

/// From the row of `source` with the bound primary key: its key `from`, and the row of `target` whose key `to`
/// equals it.
pub(crate) fn followed(dialect: &dyn Dialect, source: &Table, from: &[usize], target: &Table, to: &[usize]) -> String {
    let key = from.iter().map(|column| self::column(dialect, 0, source, *column));
    let row = columns(dialect, 1, target);
    let on = from
        .iter()
        .zip(to)
        .map(|(from, to)| format!("{} = {}", column(dialect, 1, target, *to), column(dialect, 0, source, *from)));
    format!(
        "SELECT {} FROM {} AS t0 LEFT JOIN {} AS t1 ON {} WHERE {}",
        joined(key.chain(row), ", "),
        dialect.table(source),
        dialect.table(target),
        joined(on, " AND "),
        equal(dialect, source, &source.primary_key.columns),
    )
}

fn select(dialect: &dyn Dialect, table: &Table) -> String {
    format!("SELECT {} FROM {} AS t0", joined(columns(dialect, 0, table), ", "), dialect.table(table))
}

fn insert(dialect: &dyn Dialect, table: &Table) -> String {
    let given = || table.columns.iter().filter(|column| !column.generated);
    let name = dialect.table(table);
    let values = (1..=given().count()).map(|n| dialect.parameter(n));
    if given().next().is_none() {
        return format!("INSERT INTO {name} DEFAULT VALUES");
    }
    let columns = given().map(|column| dialect.quote(&column.name));
    format!("INSERT INTO {name} ({}) VALUES ({})", joined(columns, ", "), joined(values, ", "))
}

fn equal(dialect: &dyn Dialect, table: &Table, key: &[usize]) -> String {
    let terms =
        key.iter().zip(1..).map(|(at, n)| format!("{} = {}", column(dialect, 0, table, *at), dialect.parameter(n)));
    joined(terms, " AND ")
}

fn columns(dialect: &dyn Dialect, alias: usize, table: &Table) -> impl Iterator<Item = String> {
    (0..table.columns.len()).map(move |at| column(dialect, alias, table, at))
}

fn column(dialect: &dyn Dialect, alias: usize, table: &Table, at: usize) -> String {
    format!("t{alias}.{}", dialect.quote(&table.columns[at].name))
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
