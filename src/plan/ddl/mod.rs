//! Statements that create tables, one module for each database.
//!
//! [`tables`](super::tables) says what there is; [`create`](mod@create) lays it out, alike for all; a [`Dialect`] says
//! in one database's SQL what is its own. Knows nothing of Rust; runs nothing.

mod create;
mod mysql;
mod order;
mod postgres;
mod print;
mod sqlite;

use super::tables::{Column, Table};

pub(crate) use create::{Named, TableSql, create};
pub(crate) use mysql::Mysql;
pub(crate) use order::dependency_order;
pub(crate) use postgres::Postgres;
pub(crate) use print::print;
pub(crate) use sqlite::Sqlite;

/// For whom statements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Descriptions are there even where the database would skip them.
    Person,
    /// What says nothing to the database is left out.
    Program,
}

/// How one database spells identifiers, parameters and tables, and what it wants otherwise than the rest.
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

    /// The text as a literal.
    fn string(&self, text: &str) -> String;

    /// Where parts of a table stand.
    fn layout(&self) -> Layout;

    /// A column's type and what goes with it, up to `NOT NULL`.
    fn column(&self, table: &Table, column: usize) -> String;

    /// Whether the column's values need a CHECK beside its type.
    fn is_checked(&self, table: &Table, column: usize) -> bool;

    /// What says that the columns after it are the primary key, unless a column does.
    fn primary_key(&self, table: &Table) -> Option<String> {
        Some(format!("CONSTRAINT {} PRIMARY KEY", self.quote(&table.primary_key.name)))
    }

    /// What stands after the closing parenthesis.
    fn options(&self, _table: &Table) -> String {
        String::new()
    }

    /// A column of a plain index.
    fn indexed(&self, column: &Column) -> String {
        self.quote(&column.name)
    }

    /// What must be there before the table is.
    fn before(&self, _table: &Table) -> Option<String> {
        None
    }

    /// What is said of the table once it is there.
    fn after(&self, _table: &Table) -> Vec<String> {
        Vec::new()
    }

    /// What is said of a column where it stands.
    fn remark(&self, _column: &Column) -> String {
        String::new()
    }

    /// A column that has a value in live rows only, for databases whose unique indexes cannot leave out rows: its
    /// name, unquoted, and its definition.
    fn live_column(&self, _table: &Table) -> Option<(String, String)> {
        None
    }

    /// What tells the database how the statements are encoded, for text that is not ASCII.
    fn encoding(&self) -> Option<&'static str> {
        None
    }
}

/// Where parts of a table stand.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each part stands by itself")]
pub(crate) struct Layout {
    /// Descriptions are lines of comments, which the database skips.
    pub(crate) comment_lines: bool,
    /// A CHECK stands at its column; else among the constraints.
    pub(crate) checks_at_columns: bool,
    /// Indexes stand within the table.
    pub(crate) indexes_within: bool,
    /// A foreign key may point at a table that is not there yet.
    pub(crate) points_ahead: bool,
}

/// A description as one text: a control character that is no line end would be refused, or hide what follows.
fn spoken(description: &str) -> String {
    let text = description.replace("\r\n", "\n");
    let visible = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
    visible.collect::<String>().trim().to_owned()
}

/// The parts with commas between.
fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
