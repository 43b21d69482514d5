//! What PostgreSQL's catalogue says about the tables that the schema names.

use std::collections::BTreeSet;

use tokio_postgres::{Client, Error as Postgres, Row};

use super::{literals, one_of, said};
use crate::catalogue::{Column, ForeignKey, Table, Unique, only_where_null};
use crate::meta::{ModelMeta, TableMeta};

/// What there is, for each table of the schema in its order.
pub(super) struct Found {
    pub(super) relations: Vec<Relation>,
    /// Where tables are that name no schema.
    current_schema: String,
}

/// What has the name of a table.
pub(super) enum Relation {
    None,
    /// Something else: a view.
    Other(&'static str),
    Table {
        oid: u32,
        table: Table,
        indexes: BTreeSet<String>,
        constraints: BTreeSet<String>,
    },
}

static NONE: BTreeSet<String> = BTreeSet::new();

impl Relation {
    /// The names of its indexes and of its constraints.
    pub(super) fn names(&self) -> (&BTreeSet<String>, &BTreeSet<String>) {
        match self {
            Self::Table { indexes, constraints, .. } => (indexes, constraints),
            Self::None | Self::Other(_) => (&NONE, &NONE),
        }
    }
}

/// A table, the names of its indexes, and those of its constraints.
type Parts<'f> = (&'f mut Table, &'f mut BTreeSet<String>, &'f mut BTreeSet<String>);

const RELATIONS: &str = "SELECT coalesce(current_schema()::text, ''), c.oid, c.relkind::text \
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t(s, r, n) \
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = coalesce(t.s, current_schema()) \
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.r \
    ORDER BY t.n";

// A column of the database's own collation that sorts by code point is as good as one that says so.
const COLUMNS: &str = "SELECT a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
    CASE WHEN a.attcollation = 0 THEN NULL WHEN o.collprovider = 'd' THEN d.datcollate ELSE o.collname::text END \
    FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation \
    JOIN pg_catalog.pg_database d ON d.datname = current_database() \
    WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";

// An index over expressions is no key; one over some of the rows is, where they are the live ones.
const INDEXES: &str = "SELECT i.indrelid, c.relname::text, i.indisprimary, i.indisunique AND i.indexprs IS NULL, \
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(at, n) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.at \
    WHERE k.n <= i.indnkeyatts ORDER BY k.n), pg_get_expr(i.indpred, i.indrelid) \
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
    WHERE i.indrelid = ANY ($1) ORDER BY i.indrelid, c.relname";

const CONSTRAINTS: &str = "SELECT o.conrelid, o.conname::text, o.contype::text, \
    ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY AS k(at, n) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.at ORDER BY k.n), \
    ARRAY(SELECT a.attname::text FROM unnest(o.confkey) WITH ORDINALITY AS k(at, n) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.at ORDER BY k.n), \
    coalesce(n.nspname::text, ''), coalesce(c.relname::text, ''), o.confdeltype::text, o.confupdtype::text, \
    pg_get_constraintdef(o.oid) \
    FROM pg_catalog.pg_constraint o LEFT JOIN pg_catalog.pg_class c ON c.oid = o.confrelid \
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE o.conrelid = ANY ($1) ORDER BY o.conrelid, o.conname";

impl Found {
    pub(super) async fn read(client: &Client, tables: &[TableMeta]) -> Result<Self, Postgres> {
        let models = || tables.iter().map(|table| table.model);
        let schemas: Vec<_> = models().map(|model| model.qualified.map(|(schema, _)| schema)).collect();
        let tables: Vec<_> = models().map(|model| model.qualified.map_or(model.table, |(_, table)| table)).collect();
        let mut found = Self { relations: Vec::new(), current_schema: String::new() };
        for (row, model) in client.query(RELATIONS, &[&schemas, &tables]).await?.iter().zip(models()) {
            found.current_schema = row.try_get(0)?;
            found.relations.push(relation(row, model)?);
        }
        let oids = found.relations.iter().filter_map(|relation| match relation {
            Relation::Table { oid, .. } => Some(*oid),
            Relation::None | Relation::Other(_) => None,
        });
        let oids: Vec<_> = oids.collect();
        if oids.is_empty() {
            return Ok(found);
        }
        for row in client.query(COLUMNS, &[&oids]).await? {
            found.column(&row)?;
        }
        for row in client.query(INDEXES, &[&oids]).await? {
            found.index(&row)?;
        }
        for row in client.query(CONSTRAINTS, &[&oids]).await? {
            found.constraint(&row)?;
        }
        Ok(found)
    }

    /// The model's table, as messages name it.
    pub(super) fn name(&self, model: &ModelMeta) -> String {
        match model.qualified {
            Some((schema, table)) => self.shown(schema, table),
            None => model.table.to_owned(),
        }
    }

    fn shown(&self, schema: &str, table: &str) -> String {
        if schema == self.current_schema { table.to_owned() } else { format!("{schema}.{table}") }
    }

    /// The table that a row is about, with the names of its indexes and constraints.
    fn of(&mut self, row: &Row) -> Result<Option<Parts<'_>>, Postgres> {
        let of: u32 = row.try_get(0)?;
        Ok(self.relations.iter_mut().find_map(|relation| match relation {
            Relation::Table { oid, table, indexes, constraints } if *oid == of => Some((table, indexes, constraints)),
            _ => None,
        }))
    }

    fn column(&mut self, row: &Row) -> Result<(), Postgres> {
        let ty: String = row.try_get(2)?;
        let collation: Option<String> = row.try_get(4)?;
        let ty = match collation.as_deref() {
            None => ty,
            Some("C" | "POSIX") => format!("{ty} COLLATE \"C\""),
            Some(other) => format!("{ty} COLLATE \"{other}\""),
        };
        let column = Column { name: row.try_get(1)?, ty, required: row.try_get(3)? };
        if let Some((table, ..)) = self.of(row)? {
            table.columns.push(column);
        }
        Ok(())
    }

    fn index(&mut self, row: &Row) -> Result<(), Postgres> {
        let (name, columns) = (row.try_get(1)?, row.try_get(4)?);
        let (is_primary, is_unique): (bool, bool) = (row.try_get(2)?, row.try_get(3)?);
        let rule: Option<String> = row.try_get(5)?;
        let only_where_null = rule.as_deref().and_then(only_where_null);
        if let Some((table, indexes, _)) = self.of(row)? {
            indexes.insert(name);
            if is_primary {
                table.key = columns;
            } else if is_unique && rule.is_some() == only_where_null.is_some() {
                table.uniques.push(Unique { columns, only_where_null });
            }
        }
        Ok(())
    }

    fn constraint(&mut self, row: &Row) -> Result<(), Postgres> {
        let columns: Vec<String> = row.try_get(3)?;
        let kind: String = row.try_get(2)?;
        let (target_schema, target): (String, String) = (row.try_get(5)?, row.try_get(6)?);
        let target = self.shown(&target_schema, &target);
        let Some((table, _, constraints)) = self.of(row)? else { return Ok(()) };
        constraints.insert(row.try_get(1)?);
        match kind.as_str() {
            "f" => {
                let to: Vec<String> = row.try_get(4)?;
                let actions = [("ON DELETE", row.try_get::<_, String>(7)?), ("ON UPDATE", row.try_get(8)?)];
                let actions: String = actions.iter().map(|(event, action)| said(event, action_of(action))).collect();
                table.foreign_keys.push(ForeignKey {
                    pairs: columns.into_iter().zip(to).collect(),
                    table: target,
                    actions: actions.trim_start().to_owned(),
                });
            }
            "c" => {
                let definition: String = row.try_get(9)?;
                let values = literals(&definition);
                table.checks.push(match &*columns {
                    [column] if !values.is_empty() => one_of(column, &values),
                    _ => definition.trim_start_matches("CHECK ").to_owned(),
                });
            }
            _ => {}
        }
        Ok(())
    }
}

fn relation(row: &Row, model: &ModelMeta) -> Result<Relation, Postgres> {
    let (oid, kind): (Option<u32>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
    Ok(match (oid, kind.as_deref()) {
        (Some(oid), Some("r" | "p")) => Relation::Table {
            oid,
            table: Table { name: model.table.to_owned(), ..Table::default() },
            indexes: BTreeSet::new(),
            constraints: BTreeSet::new(),
        },
        (None, _) => Relation::None,
        (_, Some("v")) => Relation::Other("view"),
        (_, Some("m")) => Relation::Other("materialized view"),
        (_, Some("f")) => Relation::Other("foreign table"),
        (_, Some("S")) => Relation::Other("sequence"),
        (_, Some("i" | "I")) => Relation::Other("index"),
        (_, Some("c")) => Relation::Other("type"),
        (_, _) => Relation::Other("relation of another kind"),
    })
}

fn action_of(code: &str) -> &'static str {
    match code {
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        "d" => "SET DEFAULT",
        _ => "NO ACTION",
    }
}
