//! The statements of tables, laid out alike for every database.
//!
//! Knows the [`Dialect`]'s answers, never which database gives them.

use super::{Dialect, Reader, dependency_order, list};
use crate::plan::tables::{ColumnKind, ForeignKey, Key, Table};

/// What creates one table, none ended by a semicolon.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TableSql {
    /// The table with its own constraints, what must be there before, and what is said of it after.
    pub(crate) create: Vec<String>,
    /// Plain indexes, in the order in which they are declared; where they stand within the table, for tables that are
    /// without them.
    pub(crate) indexes: Vec<Named>,
    /// Foreign keys that wait until every table is there.
    pub(crate) constraints: Vec<Named>,
}

/// A statement that creates something by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Unquoted.
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// What creates each table, for [`dependency_order`].
pub(crate) fn create(dialect: &dyn Dialect, tables: &[Table], reader: Reader) -> Vec<TableSql> {
    let mut turns = vec![0; tables.len()];
    for (turn, table) in dependency_order(tables).into_iter().enumerate() {
        turns[table] = turn;
    }
    let writer = Writer { dialect, tables, reader, turns };
    (0..tables.len()).map(|at| writer.table_sql(at)).collect()
}

struct Writer<'a> {
    dialect: &'a dyn Dialect,
    tables: &'a [Table],
    reader: Reader,
    /// When each table is created.
    turns: Vec<usize>,
}

/// A line within a table, with the comment above it.
struct Item {
    comment: Vec<String>,
    text: String,
}

impl Writer<'_> {
    fn table_sql(&self, at: usize) -> TableSql {
        let (dialect, table) = (self.dialect, &self.tables[at]);
        let (inline, later): (Vec<_>, Vec<_>) = table
            .foreign_keys
            .iter()
            .partition(|key| dialect.layout().points_ahead || self.turns[key.target] <= self.turns[at]);
        let mut create: Vec<_> = dialect.before(table).into_iter().collect();
        create.push(self.create_table(table, &inline));
        if dialect.live_column(table).is_none() {
            create.extend(uniques(table, true).map(|key| self.unique_index(table, key)));
        }
        create.extend(dialect.after(table));
        let index = |key: &Key| Named { name: key.name.clone(), sql: self.index(table, key) };
        let alter = |key: &ForeignKey| Named {
            name: key.name.clone(),
            sql: format!("ALTER TABLE {} ADD {}", dialect.table(table), self.foreign_key(table, key)),
        };
        TableSql {
            create,
            indexes: table.indexes.iter().map(index).collect(),
            constraints: later.into_iter().map(alter).collect(),
        }
    }

    fn create_table(&self, table: &Table, foreign_keys: &[&ForeignKey]) -> String {
        let dialect = self.dialect;
        let items: Vec<_> = self.columns(table).chain(self.constraints(table, foreign_keys)).collect();
        let mut text = String::new();
        for line in self.comment(table.description.as_deref()) {
            text.extend([&line, "\n"]);
        }
        text.extend(["CREATE TABLE ", &dialect.table(table), " (\n"]);
        let last = items.len() - 1;
        for (at, item) in items.into_iter().enumerate() {
            for line in item.comment {
                text.extend(["  ", &line, "\n"]);
            }
            text.extend(["  ", &item.text, if at == last { "\n" } else { ",\n" }]);
        }
        text.push(')');
        text.push_str(&dialect.options(table));
        text
    }

    fn columns(&self, table: &Table) -> impl Iterator<Item = Item> {
        let dialect = self.dialect;
        let given = table.columns.iter().enumerate().map(move |(at, column)| {
            let mut text = format!("{} {}", dialect.quote(&column.name), dialect.column(table, at));
            if dialect.layout().checks_at_columns
                && let Some(check) = self.check(table, at)
            {
                text.extend([" ", &check]);
            }
            text.push_str(&dialect.remark(column));
            Item { comment: self.comment(column.description.as_deref()), text }
        });
        let live = dialect.live_column(table).map(|(name, definition)| Item {
            comment: Vec::new(),
            text: format!("{} {definition}", dialect.quote(&name)),
        });
        given.chain(live)
    }

    fn constraints(&self, table: &Table, foreign_keys: &[&ForeignKey]) -> impl Iterator<Item = Item> {
        let dialect = self.dialect;
        let primary_key = dialect.primary_key(table);
        let primary_key =
            primary_key.map(|words| format!("{words} ({})", columns(dialect, table, &table.primary_key.columns)));
        let mut texts: Vec<_> = primary_key.into_iter().collect();
        texts.extend(uniques(table, false).map(|key| self.unique(table, key, None)));
        if let Some((live, _)) = dialect.live_column(table) {
            texts.extend(uniques(table, true).map(|key| self.unique(table, key, Some(&live))));
        }
        if dialect.layout().indexes_within {
            texts.extend(
                table
                    .indexes
                    .iter()
                    .map(|key| format!("INDEX {} ({})", dialect.quote(&key.name), self.indexed(table, key))),
            );
        }
        texts.extend(foreign_keys.iter().map(|key| self.foreign_key(table, key)));
        if !dialect.layout().checks_at_columns {
            texts.extend((0..table.columns.len()).filter_map(|at| self.check(table, at)));
        }
        texts.into_iter().map(|text| Item { comment: Vec::new(), text })
    }

    fn check(&self, table: &Table, at: usize) -> Option<String> {
        let (dialect, column) = (self.dialect, &table.columns[at]);
        let name = column.check.as_ref().filter(|_| dialect.is_checked(table, at))?;
        let allowed = match &column.kind {
            ColumnKind::Enum(values) => list(values.iter().map(|value| dialect.string(value))),
            _ => "0, 1".to_owned(),
        };
        Some(format!("CONSTRAINT {} CHECK ({} IN ({allowed}))", dialect.quote(name), dialect.quote(&column.name)))
    }

    fn unique(&self, table: &Table, key: &Key, live: Option<&str>) -> String {
        let names = names(table, &key.columns).chain(live);
        let columns = list(names.map(|name| self.dialect.quote(name)));
        format!("CONSTRAINT {} UNIQUE ({columns})", self.dialect.quote(&key.name))
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> String {
        let (dialect, target) = (self.dialect, &self.tables[key.target]);
        let mut text = format!(
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
            dialect.quote(&key.name),
            columns(dialect, table, &key.columns),
            dialect.table(target),
            columns(dialect, target, &key.target_columns),
        );
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if let Some(action) = action {
                text.extend([" ON ", event, " ", action]);
            }
        }
        text
    }

    /// A unique key that leaves rows out, where an index can.
    fn unique_index(&self, table: &Table, key: &Key) -> String {
        let dialect = self.dialect;
        let (name, of) = (dialect.quote(&key.name), dialect.table(table));
        let mut text = format!("CREATE UNIQUE INDEX {name} ON {of} ({})", columns(dialect, table, &key.columns));
        if let Some(column) = key.only_where_null {
            text.extend([" WHERE ", &dialect.quote(&table.columns[column].name), " IS NULL"]);
        }
        text
    }

    fn index(&self, table: &Table, key: &Key) -> String {
        let (name, of) = (self.dialect.quote(&key.name), self.dialect.table(table));
        format!("CREATE INDEX {name} ON {of} ({})", self.indexed(table, key))
    }

    fn indexed(&self, table: &Table, key: &Key) -> String {
        list(key.columns.iter().map(|column| self.dialect.indexed(&table.columns[*column])))
    }

    /// A description as lines of a comment. A line break of any kind ends a line, so that no text of a description
    /// is ever read as SQL.
    fn comment(&self, description: Option<&str>) -> Vec<String> {
        if !self.dialect.layout().comment_lines || self.reader == Reader::Program {
            return Vec::new();
        }
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let lines = description.into_iter().flat_map(|text| text.split(breaks));
        lines.map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("-- {line}")).collect()
    }
}

/// Unique keys that count every row, or those that count live rows only.
fn uniques(table: &Table, live: bool) -> impl Iterator<Item = &Key> {
    table.uniques.iter().filter(move |key| key.only_where_null.is_some() == live)
}

fn names<'t>(table: &'t Table, columns: &'t [usize]) -> impl Iterator<Item = &'t str> {
    columns.iter().map(|column| table.columns[*column].name.as_str())
}

/// The names of columns, quoted.
fn columns(dialect: &dyn Dialect, table: &Table, columns: &[usize]) -> String {
    list(names(table, columns).map(|name| dialect.quote(name)))
}
