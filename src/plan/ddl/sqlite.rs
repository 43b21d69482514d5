//! SQLite's words: `STRICT` tables, foreign keys that may point ahead.

use super::{Dialect, Layout};
use crate::plan::tables::{ColumnKind, Table};

/// What SQLite keeps as an integer: 18 digits fit in 63 bits.
const INTEGER_DIGITS: u8 = 18;

/// SQLite 3.37 and newer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sqlite;

impl Dialect for Sqlite {
    fn quote(&self, identifier: &str) -> String {
        format!("\"{}\"", identifier.replace('"', "\"\""))
    }

    fn table(&self, table: &Table) -> String {
        self.quote(&table.flat_name())
    }

    fn parameter(&self, n: usize) -> String {
        format!("?{n}")
    }

    fn string(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    fn layout(&self) -> Layout {
        Layout { comment_lines: true, checks_at_columns: true, indexes_within: false, points_ahead: true }
    }

    fn column(&self, table: &Table, column: usize) -> String {
        let column = &table.columns[column];
        if column.generated {
            return "INTEGER PRIMARY KEY AUTOINCREMENT".to_owned();
        }
        let required = if column.required { " NOT NULL" } else { "" };
        format!("{}{required}", storage(&column.kind))
    }

    fn is_checked(&self, table: &Table, column: usize) -> bool {
        table.columns[column].check.is_some()
    }

    fn primary_key(&self, table: &Table) -> Option<String> {
        let counted = table.columns.iter().any(|column| column.generated);
        (!counted).then(|| format!("CONSTRAINT {} PRIMARY KEY", self.quote(&table.primary_key.name)))
    }

    fn options(&self, _table: &Table) -> String {
        " STRICT".to_owned()
    }
}

fn storage(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Integer | ColumnKind::Int32 | ColumnKind::Boolean => "INTEGER",
        ColumnKind::Decimal(precision, _) if *precision <= INTEGER_DIGITS => "INTEGER",
        ColumnKind::Number => "REAL",
        ColumnKind::Uuid | ColumnKind::Bytes => "BLOB",
        ColumnKind::String(_)
        | ColumnKind::Text
        | ColumnKind::Decimal(..)
        | ColumnKind::Date
        | ColumnKind::Time
        | ColumnKind::DateTime
        | ColumnKind::Json
        | ColumnKind::Enum(_) => "TEXT",
    }
}
