//! What a database holds: tables, columns, keys and rules, as `information_schema` tells.

use super::literals::Rule;
use super::read;
use crate::Result;
use crate::mysql::open::Connection;
use crate::mysql::server::Flavour;

/// Everything in one database.
pub(super) struct Found {
    tables: Vec<Table>,
    /// Tables are told apart by the case of their names.
    case_sensitive: bool,
}

/// A table or a view.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) is_view: bool,
    pub(super) columns: Vec<Column>,
    /// With the primary key, which is called `PRIMARY`.
    pub(super) keys: Vec<Key>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Rule>,
}

pub(super) struct Column {
    pub(super) name: String,
    /// In upper case, without the widths that integers are shown with.
    pub(super) ty: String,
    pub(super) required: bool,
    pub(super) collation: Option<String>,
    pub(super) counts: bool,
    /// From which expression it is computed, if it is.
    pub(super) computed: Option<String>,
}

pub(super) struct Key {
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) columns: Vec<String>,
}

pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) target: String,
    pub(super) pairs: Vec<(String, String)>,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

impl Found {
    /// Reads it, in as many statements whatever the number of tables.
    pub(super) async fn read(connection: &mut Connection) -> Result<Self> {
        let case_sensitive = super::ask(connection, "SELECT @@lower_case_table_names").await? == Some(0);
        let tables: Vec<(String, String)> = read(
            connection,
            "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
        )
        .await?;
        let empty = |(name, kind): (String, String)| Table {
            name,
            is_view: kind != "BASE TABLE",
            columns: Vec::new(),
            keys: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
        };
        let mut found = Self { tables: tables.into_iter().map(empty).collect(), case_sensitive };
        found.tables.sort_by(|one, other| one.name.cmp(&other.name));
        found.columns(connection).await?;
        found.keys(connection).await?;
        found.foreign_keys(connection).await?;
        found.checks(connection).await?;
        Ok(found)
    }

    /// The table of that name.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        let same = |table: &&Table| {
            if self.case_sensitive { table.name == name } else { table.name.eq_ignore_ascii_case(name) }
        };
        self.tables.iter().find(same)
    }

    fn named(&mut self, name: &str) -> Option<&mut Table> {
        let at = self.tables.binary_search_by(|table| table.name.as_str().cmp(name)).ok()?;
        Some(&mut self.tables[at])
    }

    async fn columns(&mut self, connection: &mut Connection) -> Result<()> {
        type Row = (String, String, String, String, Option<String>, String, Option<String>);
        let rows: Vec<Row> = read(
            connection,
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLLATION_NAME, EXTRA, GENERATION_EXPRESSION FROM \
             information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION",
        )
        .await?;
        for (table, name, ty, nullable, collation, extra, expression) in rows {
            let Some(table) = self.named(&table) else { continue };
            let extra = extra.to_ascii_uppercase();
            table.columns.push(Column {
                name,
                ty: without_width(&ty.to_ascii_uppercase()),
                required: nullable == "NO",
                collation,
                counts: extra.contains("AUTO_INCREMENT"),
                computed: expression.filter(|expression| !expression.is_empty()),
            });
        }
        Ok(())
    }

    async fn keys(&mut self, connection: &mut Connection) -> Result<()> {
        let rows: Vec<(String, String, i64, Option<String>)> = read(
            connection,
            "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME FROM information_schema.STATISTICS WHERE \
             TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
        )
        .await?;
        for (table, name, non_unique, column) in rows {
            let Some(table) = self.named(&table) else { continue };
            // An expression is no column.
            let column = column.unwrap_or_else(|| "(expression)".to_owned());
            match table.keys.last_mut() {
                Some(key) if key.name == name => key.columns.push(column),
                _ => table.keys.push(Key { name, unique: non_unique == 0, columns: vec![column] }),
            }
        }
        Ok(())
    }

    async fn foreign_keys(&mut self, connection: &mut Connection) -> Result<()> {
        type Row = (String, String, String, String, String, String, String);
        let rows: Vec<Row> = read(
            connection,
            "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, \
             r.DELETE_RULE, r.UPDATE_RULE FROM information_schema.KEY_COLUMN_USAGE AS k JOIN \
             information_schema.REFERENTIAL_CONSTRAINTS AS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND \
             r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME WHERE k.TABLE_SCHEMA = DATABASE() AND \
             r.CONSTRAINT_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL ORDER BY k.TABLE_NAME, \
             k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
        )
        .await?;
        for (table, name, from, target, to, on_delete, on_update) in rows {
            let Some(table) = self.named(&table) else { continue };
            match table.foreign_keys.last_mut() {
                Some(key) if key.name == name => key.pairs.push((from, to)),
                _ => {
                    let key = ForeignKey { name, target, pairs: vec![(from, to)], on_delete, on_update };
                    table.foreign_keys.push(key);
                }
            }
        }
        Ok(())
    }

    async fn checks(&mut self, connection: &mut Connection) -> Result<()> {
        let flavour = connection.server.flavour;
        // MySQL's constraints are unique by their names, and do not tell their table.
        let sql = match flavour {
            Flavour::MariaDb => {
                "SELECT TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = \
                 DATABASE()"
            }
            Flavour::MySql => {
                "SELECT t.TABLE_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS AS c JOIN \
                 information_schema.TABLE_CONSTRAINTS AS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND \
                 t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK' WHERE c.CONSTRAINT_SCHEMA = \
                 DATABASE()"
            }
        };
        let rows: Vec<(String, String)> = read(connection, sql).await?;
        for (table, clause) in rows {
            // MySQL escapes the quotes of the clause that it shows.
            let clause = if flavour == Flavour::MySql { clause.replace("\\'", "'") } else { clause };
            if let (Some(table), Some(rule)) = (self.named(&table), Rule::of(&clause)) {
                table.checks.push(rule);
            }
        }
        Ok(())
    }
}

/// `BIGINT(20)` is `BIGINT`: the width says how a number is shown. `TINYINT(1)` is what a boolean is, and stays.
fn without_width(ty: &str) -> String {
    for integer in ["BIGINT", "INT", "SMALLINT", "MEDIUMINT"] {
        if let Some(rest) = ty.strip_prefix(integer).and_then(|rest| rest.strip_prefix('('))
            && let Some((_, rest)) = rest.split_once(')')
        {
            return format!("{integer}{rest}");
        }
    }
    ty.to_owned()
}
