//! PostgreSQL's words.

use super::{Comments, Dialect};
use crate::plan::tables::{Column, ColumnKind, Table};

/// PostgreSQL 15 and newer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Postgres;

impl Dialect for Postgres {
    fn quote(&self, identifier: &str) -> String {
        format!("\"{}\"", identifier.replace('"', "\"\""))
    }

    fn table(&self, table: &Table) -> String {
        match &table.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&table.name)),
            None => self.quote(&table.name),
        }
    }

    fn parameter(&self, n: usize) -> String {
        format!("${n}")
    }

    fn returning(&self, column: &Column) -> Option<String> {
        Some(format!(" RETURNING {}", self.quote(&column.name)))
    }

    fn many_rows(&self, columns: &[&Column]) -> Option<String> {
        let arrays = columns.iter().zip(1..).map(|(column, n)| format!("${n}::{}[]", element(&column.kind)));
        Some(format!("SELECT * FROM unnest({})", arrays.collect::<Vec<_>>().join(", ")))
    }

    fn create(&self, _table: &Table, _tables: &[Table], _comments: Comments) -> Vec<String> {
        Vec::new()
    }
}

/// The type of an array's elements.
fn element(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::String(_) | ColumnKind::Text | ColumnKind::Enum(_) => "text",
        ColumnKind::Integer => "bigint",
        ColumnKind::Int32 => "integer",
        ColumnKind::Number => "double precision",
        ColumnKind::Decimal(..) => "numeric",
        ColumnKind::Boolean => "boolean",
        ColumnKind::Date => "date",
        ColumnKind::Time => "time",
        ColumnKind::DateTime => "timestamptz",
        ColumnKind::Uuid => "uuid",
        ColumnKind::Json => "jsonb",
        ColumnKind::Bytes => "bytea",
    }
}
