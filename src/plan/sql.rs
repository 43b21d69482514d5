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
        delete_by_key: say(&|dialect| delete(dialect, table)),
    }
}

/// Softly, it is an update of the live row: its instant is the first value.
fn delete(dialect: &dyn Dialect, table: &Table) -> String {
    let name = |at: usize| dialect.quote(&table.columns[at].name);
    let softly = usize::from(table.deleted_at.is_some());
    let terms = table.primary_key.columns.iter().zip(1 + softly..);
    let row = joined(terms.map(|(at, n)| format!("{} = {}", name(*at), dialect.parameter(n))), " AND ");
    match table.deleted_at.map(name) {
        None => format!("DELETE FROM {} WHERE {row}", dialect.table(table)),
        Some(at) => {
            let now = dialect.parameter(1);
            format!("UPDATE {} SET {at} = {now} WHERE {row} AND {at} IS NULL", dialect.table(table))
        }
    }
}

/// The live rows of `target` whose key has the bound values.
pub(crate) fn related(dialect: &dyn Dialect, target: &Table, key: &[usize]) -> String {
    format!("{} WHERE {}{}", select(dialect, target), equal(dialect, target, key), live(dialect, target))
}

/// From the live row of `source` with the bound primary key: its key `from`, and the row of `target` whose key `to`
/// equals it, be it live or not.
pub(crate) fn followed(dialect: &dyn Dialect, source: &Table, from: &[usize], target: &Table, to: &[usize]) -> String {
    let key = from.iter().map(|column| self::column(dialect, 0, source, *column));
    let row = columns(dialect, 1, target);
    let on = from
        .iter()
        .zip(to)
        .map(|(from, to)| format!("{} = {}", column(dialect, 1, target, *to), column(dialect, 0, source, *from)));
    format!(
        "SELECT {} FROM {} AS t0 LEFT JOIN {} AS t1 ON {} WHERE {}{}",
        joined(key.chain(row), ", "),
        dialect.table(source),
        dialect.table(target),
        joined(on, " AND "),
        equal(dialect, source, &source.primary_key.columns),
        live(dialect, source),
    )
}

/// What leaves out deleted rows.
fn live(dialect: &dyn Dialect, table: &Table) -> String {
    table.deleted_at.map_or_else(String::new, |at| format!(" AND {} IS NULL", column(dialect, 0, table, at)))
}

fn select(dialect: &dyn Dialect, table: &Table) -> String {
    format!("SELECT {} FROM {} AS t0", joined(columns(dialect, 0, table), ", "), dialect.table(table))
}

/// Some columns of the live rows; of those whose key has the bound values, where one is named.
pub(crate) fn columns_of(dialect: &dyn Dialect, table: &Table, shown: &[usize], key: &[usize]) -> String {
    let shown = shown.iter().map(|at| column(dialect, 0, table, *at));
    let rows = format!("SELECT {} FROM {} AS t0", joined(shown, ", "), dialect.table(table));
    if key.is_empty() {
        return rows;
    }
    format!("{rows} WHERE {}{}", equal(dialect, table, key), live(dialect, table))
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
