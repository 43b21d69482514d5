//! Statements known when code is generated: they need nothing but bound values.
//!
//! The table of a statement has the alias `t0`, a joined one `t1`; values are bound in the order of the key.
//! Spelling is the [`Dialect`]'s; knows nothing of Rust.

use serde::Serialize;

use super::ddl::{Dialect, Mysql, Postgres, Sqlite};
use super::tables::{Column, Table};
use super::text::literal;

/// One thing in each dialect.
#[derive(Debug, Clone, Serialize)]
pub struct Dialects<T> {
    /// SQLite's.
    pub sqlite: T,
    /// PostgreSQL's.
    pub postgres: T,
    /// MariaDB's and MySQL's.
    pub mysql: T,
}

impl<T> Dialects<T> {
    /// Says it in each dialect.
    pub(crate) fn say(mut say: impl FnMut(&dyn Dialect) -> T) -> Self {
        Self { sqlite: say(&Sqlite), postgres: say(&Postgres), mysql: say(&Mysql) }
    }
}

/// The statements of one model, as literals.
#[derive(Debug, Clone, Serialize)]
pub struct Statements {
    /// Every column, without conditions.
    pub select: Dialects<String>,
    /// … of the row with that primary key.
    pub select_by_key: Dialects<String>,
    /// Every column but one that the database counts.
    pub insert: Dialects<String>,
    /// … of any number of rows.
    pub insert_many: Dialects<String>,
    /// The row with that primary key.
    pub delete_by_key: Dialects<String>,
}

/// The statements of the model that `table` stores.
pub(crate) fn statements(table: &Table) -> Statements {
    let key = &table.primary_key.columns;
    let say = |text: &dyn Fn(&dyn Dialect) -> String| Dialects::say(|dialect| literal(&text(dialect)));
    Statements {
        select: say(&|dialect| select(dialect, table)),
        select_by_key: say(&|dialect| related(dialect, table, key)),
        insert: say(&|dialect| insert(dialect, table)),
        insert_many: say(&|dialect| insert_many(dialect, table)),
        delete_by_key: say(&|dialect| {
            let terms = key.iter().zip(1..);
            let terms =
                terms.map(|(at, n)| format!("{} = {}", dialect.quote(&table.columns[*at].name), dialect.parameter(n)));
            format!("DELETE FROM {} WHERE {}", dialect.table(table), joined(terms, " AND "))
        }),
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
    let Some(into) = insert_into(dialect, table) else {
        return format!("INSERT INTO {} {}{}", dialect.table(table), dialect.no_values(), counted(dialect, table));
    };
    let values = (1..=given(table).count()).map(|n| dialect.parameter(n));
    format!("{into} VALUES ({}){}", joined(values, ", "), counted(dialect, table))
}

fn insert_many(dialect: &dyn Dialect, table: &Table) -> String {
    let Some(into) = insert_into(dialect, table) else { return String::new() };
    match dialect.many_rows(&given(table).collect::<Vec<_>>()) {
        Some(rows) => format!("{into} {rows}{}", counted(dialect, table)),
        None => String::new(),
    }
}

/// `INSERT INTO … (…)`, unless there is no column that is given a value.
fn insert_into(dialect: &dyn Dialect, table: &Table) -> Option<String> {
    given(table).next()?;
    let columns = given(table).map(|column| dialect.quote(&column.name));
    Some(format!("INSERT INTO {} ({})", dialect.table(table), joined(columns, ", ")))
}

/// The columns of a new row whose values are bound.
fn given(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| !column.generated)
}

/// What makes an insert answer the number that the database counted.
fn counted(dialect: &dyn Dialect, table: &Table) -> String {
    let column = table.columns.iter().find(|column| column.generated);
    column.and_then(|column| dialect.returning(column)).unwrap_or_default()
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
