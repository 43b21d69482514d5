//! SQLite's words: `STRICT` tables, foreign keys inline.

use super::{Comments, Dialect, comment_lines};
use crate::plan::tables::{Column, ColumnKind, ForeignKey, Key, Table};

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

    fn create(&self, table: &Table, tables: &[Table], comments: Comments) -> Vec<String> {
        let mut statements = vec![self.create_table(table, tables, comments)];
        let partial = table.uniques.iter().filter(|unique| unique.only_where_null.is_some());
        statements.extend(partial.map(|unique| self.create_index("UNIQUE INDEX", table, unique)));
        statements.extend(table.indexes.iter().map(|index| self.create_index("INDEX", table, index)));
        statements
    }
}

impl Sqlite {
    fn create_table(self, table: &Table, tables: &[Table], comments: Comments) -> String {
        let described = |text: &Option<String>| -> Vec<String> {
            if comments == Comments::Written { comment_lines(text.as_deref()).collect() } else { Vec::new() }
        };
        let counted = table.columns.iter().any(|column| column.generated);
        let mut items: Vec<(Vec<String>, String)> =
            table.columns.iter().map(|column| (described(&column.description), self.column(column))).collect();
        let mut constraints = Vec::new();
        if !counted {
            constraints.push(self.constraint("PRIMARY KEY", table, &table.primary_key));
        }
        let whole = table.uniques.iter().filter(|unique| unique.only_where_null.is_none());
        constraints.extend(whole.map(|unique| self.constraint("UNIQUE", table, unique)));
        constraints.extend(table.foreign_keys.iter().map(|key| self.foreign_key(table, key, tables)));
        items.extend(constraints.into_iter().map(|constraint| (Vec::new(), constraint)));

        let mut text = String::new();
        for line in described(&table.description) {
            text.push_str(&line);
            text.push('\n');
        }
        text.push_str("CREATE TABLE ");
        text.push_str(&self.table(table));
        text.push_str(" (\n");
        let last = items.len() - 1;
        for (at, (comments, item)) in items.into_iter().enumerate() {
            for line in comments {
                text.push_str("  ");
                text.push_str(&line);
                text.push('\n');
            }
            text.push_str("  ");
            text.push_str(&item);
            text.push_str(if at == last { "\n" } else { ",\n" });
        }
        text.push_str(") STRICT");
        text
    }

    fn column(self, column: &Column) -> String {
        let name = self.quote(&column.name);
        if column.generated {
            return format!("{name} INTEGER PRIMARY KEY AUTOINCREMENT");
        }
        let mut text = format!("{name} {}", storage(&column.kind));
        if column.required {
            text.push_str(" NOT NULL");
        }
        if let Some(check) = &column.check {
            let allowed = match &column.kind {
                ColumnKind::Enum(values) => values.iter().map(|value| string(value)).collect::<Vec<_>>().join(", "),
                _ => "0, 1".to_owned(),
            };
            let check = self.quote(check);
            text.extend([" CONSTRAINT ", &check, " CHECK (", &name, " IN (", &allowed, "))"]);
        }
        text
    }

    fn constraint(self, words: &str, table: &Table, key: &Key) -> String {
        format!("CONSTRAINT {} {words} ({})", self.quote(&key.name), self.columns(table, &key.columns))
    }

    fn foreign_key(self, table: &Table, key: &ForeignKey, tables: &[Table]) -> String {
        let target = &tables[key.target];
        let mut text = format!(
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
            self.quote(&key.name),
            self.columns(table, &key.columns),
            self.table(target),
            self.columns(target, &key.target_columns),
        );
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if let Some(action) = action {
                text.extend([" ON ", event, " ", action]);
            }
        }
        text
    }

    fn create_index(self, words: &str, table: &Table, index: &Key) -> String {
        let mut text = format!(
            "CREATE {words} {} ON {} ({})",
            self.quote(&index.name),
            self.table(table),
            self.columns(table, &index.columns)
        );
        if let Some(column) = index.only_where_null {
            text.extend([" WHERE ", &self.quote(&table.columns[column].name), " IS NULL"]);
        }
        text
    }

    fn columns(self, table: &Table, columns: &[usize]) -> String {
        columns.iter().map(|column| self.quote(&table.columns[*column].name)).collect::<Vec<_>>().join(", ")
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

fn string(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
