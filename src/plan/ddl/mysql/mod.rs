//! The words of MariaDB and MySQL: one text that both understand, tables within one row's limit.
//!
//! Where the two differ, each has what the other takes for a comment: MariaDB alone reads `/*M! … */`, and leaves
//! `/*!50700 … */` to `/*!99999 … */` to MySQL.

mod row;

use super::{Dialect, Layout, spoken};
use crate::plan::tables::{Column, ColumnKind, Table};

/// The longest string that is a `VARCHAR`: what an index holds.
const MAX_LENGTH: u64 = 768;

/// Characters of the comment on a column.
const COLUMN_COMMENT: usize = 1024;

/// Characters of the comment on a table.
const TABLE_COMMENT: usize = 2048;

/// MariaDB 10.6 and newer, MySQL 8.0.17 and newer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mysql;

impl Dialect for Mysql {
    fn quote(&self, identifier: &str) -> String {
        format!("`{}`", identifier.replace('`', "``"))
    }

    fn table(&self, table: &Table) -> String {
        self.quote(&table.flat_name())
    }

    fn parameter(&self, _n: usize) -> String {
        "?".to_owned()
    }

    fn no_values(&self) -> &'static str {
        "() VALUES ()"
    }

    fn many_rows(&self, _columns: &[&Column]) -> Option<String> {
        Some("VALUES ".to_owned())
    }

    fn string(&self, text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    }

    fn layout(&self) -> Layout {
        Layout { comment_lines: false, checks_at_columns: false, indexes_within: true, points_ahead: false }
    }

    fn column(&self, table: &Table, column: usize) -> String {
        let mut text = data_type(table, column);
        let column = &table.columns[column];
        if column.required {
            text.push_str(" NOT NULL");
        }
        if column.generated {
            text.push_str(" AUTO_INCREMENT");
        }
        text
    }

    fn is_checked(&self, table: &Table, column: usize) -> bool {
        // A column that a foreign key changes can have no CHECK; the one pointed at has it.
        let changed = table
            .foreign_keys
            .iter()
            .filter(|key| key.columns.contains(&column))
            .any(|key| key.on_update.is_some_and(changes) || key.on_delete == Some("SET NULL"));
        matches!(table.columns[column].kind, ColumnKind::Enum(_)) && !changed
    }

    fn primary_key(&self, _table: &Table) -> Option<String> {
        // Its name is always PRIMARY.
        Some("PRIMARY KEY".to_owned())
    }

    fn options(&self, table: &Table) -> String {
        let options = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M! COLLATE=utf8mb4_nopad_bin */ \
                       /*!80017 COLLATE=utf8mb4_0900_bin */";
        format!("{options}{}", self.comment(table.description.as_deref(), TABLE_COMMENT))
    }

    fn remark(&self, column: &Column) -> String {
        self.comment(column.description.as_deref(), COLUMN_COMMENT)
    }

    fn live_column(&self, table: &Table) -> Option<(String, String)> {
        // Of NULLs a unique key may have any number.
        let deleted = table.uniques.iter().find_map(|key| key.only_where_null)?;
        let deleted = self.quote(&table.columns[deleted].name);
        let taken = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let names = std::iter::once("live".to_owned()).chain((2..).map(|n| format!("live_{n}")));
        let name = names.into_iter().find(|name| !taken(name))?;
        let definition = format!(
            "BOOLEAN GENERATED ALWAYS AS (CASE WHEN {deleted} IS NULL THEN 1 END) VIRTUAL /*M! INVISIBLE */ \
             /*!80023 INVISIBLE */"
        );
        Some((name, definition))
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("SET NAMES utf8mb4")
    }
}

impl Mysql {
    fn comment(self, description: Option<&str>, longest: usize) -> String {
        // Comments are kept in three bytes a character.
        let kept = |c: char| if c > '\u{ffff}' { '\u{fffd}' } else { c };
        let text: String = description.map(spoken).unwrap_or_default().chars().map(kept).collect();
        let text =
            if text.chars().count() > longest { text.chars().take(longest - 1).chain(['…']).collect() } else { text };
        if text.is_empty() { text } else { format!(" COMMENT {}", self.string(&text)) }
    }
}

/// Whether a foreign key writes into its own columns by this.
fn changes(action: &str) -> bool {
    matches!(action, "CASCADE" | "SET NULL")
}

fn data_type(table: &Table, column: usize) -> String {
    let fixed = match &table.columns[column].kind {
        ColumnKind::String(length) if *length > MAX_LENGTH || row::is_moved_out(table, column) => "LONGTEXT",
        ColumnKind::String(length) => return format!("VARCHAR({length})"),
        ColumnKind::Enum(values) => return format!("VARCHAR({})", longest(values)),
        ColumnKind::Decimal(precision, scale) => return format!("DECIMAL({precision},{scale})"),
        ColumnKind::Text => "LONGTEXT",
        ColumnKind::Integer => "BIGINT",
        ColumnKind::Int32 => "INT",
        ColumnKind::Number => "DOUBLE",
        ColumnKind::Boolean => "BOOLEAN",
        ColumnKind::Date => "DATE",
        ColumnKind::Time => "TIME(6)",
        ColumnKind::DateTime => "DATETIME(6)",
        ColumnKind::Uuid => "BINARY(16)",
        ColumnKind::Json => "JSON",
        ColumnKind::Bytes => "LONGBLOB",
    };
    fixed.to_owned()
}

/// The characters of an enum's longest value.
fn longest(values: &[String]) -> u64 {
    let longest = values.iter().map(|value| value.chars().count()).max().unwrap_or_default().max(1);
    u64::try_from(longest).unwrap_or(u64::MAX)
}
