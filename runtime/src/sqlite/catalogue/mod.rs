//! Tables as the schema says: creates what is missing, and tells what differs.
//!
//! What exists is never changed, except that missing plain indexes are added.

use rusqlite::{Connection as Sqlite, OptionalExtension};

use self::checks::checks;
use super::lease::{Lease, Scope};
use super::open::Connection;
use crate::catalogue::{Column, ForeignKey, Making, Table, Unique, only_where_null};
use crate::meta::{Dialects, Kind, ModelMeta, PropertyMeta, TableMeta, TableSql};
use crate::{Error, Result};

mod checks;

/// Creates what is missing of the tables, all or nothing.
///
/// # Errors
/// [`Error::Migration`] when a table exists and differs; what the database reports.
pub(super) fn create_tables(connection: &mut Connection, scope: Scope, tables: &'static [TableMeta]) -> Result<()> {
    let lease = Lease::begin(connection, scope)?;
    let differences = create(lease.sqlite(), tables).map_err(|error| lease.fault(&error))?;
    if differences.is_empty() { lease.commit() } else { Err(Error::Migration { differences }) }
}

fn create(sqlite: &Sqlite, tables: &[TableMeta]) -> rusqlite::Result<Vec<String>> {
    let mut differences = Vec::new();
    for TableMeta { model, ddl: Dialects { sqlite: table, .. } } in tables {
        let before = differences.len();
        match definition(sqlite, model.table)? {
            None => table.create.iter().try_for_each(|sql| sqlite.execute_batch(sql))?,
            Some((kind, _)) if kind != "table" => {
                differences.push(format!("`{}` is a {kind}, not a table", model.table));
            }
            Some((_, sql)) => compare(sqlite, table, model, &sql, &mut differences)?,
        }
        // Where tables differ, the columns of an index may be missing; and nothing of it would be kept.
        if differences.len() == before {
            add_indexes(sqlite, table)?;
        }
    }
    Ok(differences)
}

/// What is stored under a name: its kind, and the statement that made it.
fn definition(sqlite: &Sqlite, name: &str) -> rusqlite::Result<Option<(String, String)>> {
    sqlite
        .prepare_cached(
            "SELECT type, sql FROM sqlite_schema WHERE type IN ('table', 'view') AND lower(name) = lower(?1)",
        )?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Creates the indexes that are missing.
fn add_indexes(sqlite: &Sqlite, table: &TableSql) -> rusqlite::Result<()> {
    let mut exists =
        sqlite.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND lower(name) = lower(?1)")?;
    for index in table.indexes {
        if !exists.exists([index.name])? {
            sqlite.execute_batch(index.sql)?;
        }
    }
    Ok(())
}

fn compare(
    sqlite: &Sqlite,
    table: &TableSql,
    model: &ModelMeta,
    stored: &str,
    differences: &mut Vec<String>,
) -> rusqlite::Result<()> {
    let before = differences.len();
    let making = Making {
        table: &|model| model.table.to_owned(),
        ty: &|property| declared_type(property).to_owned(),
        // What SQLite does with them is in the statement that is compared below.
        actions: &|_| String::new(),
        check: &|_| None,
        skips: &|_| false,
        folds_case: true,
    };
    making.compare(&found(sqlite, model)?, model, differences);
    // What is left are the rules in CHECKs, the values of enums among them.
    let wanted = table.create.first().copied().unwrap_or_default();
    if differences.len() == before && checks(stored) != checks(wanted) {
        differences.push(format!("table `{}` has other CHECK constraints than the schema", model.table));
    }
    Ok(())
}

/// The table as SQLite describes it.
fn found(sqlite: &Sqlite, model: &ModelMeta) -> rusqlite::Result<Table> {
    let mut table = Table { name: model.table.to_owned(), ..Table::default() };
    let mut columns = sqlite.prepare_cached("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1)")?;
    let mut rows = columns.query([model.table])?;
    // From 1; 0 where a column is not part of the primary key.
    let mut key: Vec<(u32, String)> = Vec::new();
    while let Some(row) = rows.next()? {
        let place = row.get(3)?;
        let name: String = row.get(0)?;
        if place > 0 {
            key.push((place, name.clone()));
        }
        table.columns.push(Column { name, ty: row.get(1)?, required: row.get(2)? });
    }
    key.sort_unstable();
    table.key = key.into_iter().map(|(_, name)| name).collect();
    table.uniques = uniques(sqlite, model)?;
    table.foreign_keys = foreign_keys(sqlite, model)?;
    Ok(table)
}

/// The type of the property's column.
fn declared_type(property: &PropertyMeta) -> &'static str {
    if property.list {
        return "TEXT";
    }
    match property.kind {
        Kind::Integer | Kind::Int32 | Kind::Boolean => "INTEGER",
        Kind::Decimal if property.precision <= 18 => "INTEGER",
        Kind::Number => "REAL",
        Kind::Uuid | Kind::Bytes => "BLOB",
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::Json
        | Kind::Enum(_)
        | Kind::Embedded(_) => "TEXT",
    }
}

/// A row for each column of each unique index that is not the primary key's, with the statement that made one that
/// leaves rows out.
fn uniques(sqlite: &Sqlite, model: &ModelMeta) -> rusqlite::Result<Vec<Unique>> {
    let mut columns = sqlite.prepare_cached(
        "SELECT i.seq, c.name, CASE WHEN i.partial THEN (SELECT s.sql FROM sqlite_schema s WHERE s.type = 'index' AND \
         s.name = i.name) END FROM pragma_index_list(?1) i, pragma_index_info(i.name) c WHERE i.\"unique\" AND i.origin \
         <> 'pk' ORDER BY i.seq, c.seqno",
    )?;
    let mut rows = columns.query([model.table])?;
    let mut uniques: Vec<(i64, Option<String>, Vec<String>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let index = row.get(0)?;
        // An expression has no name.
        let column = row.get::<_, Option<_>>(1)?.unwrap_or_default();
        match uniques.last_mut() {
            Some((last, _, columns)) if *last == index => columns.push(column),
            _ => uniques.push((index, row.get(2)?, vec![column])),
        }
    }
    let unique = |(_, partial, columns): (_, Option<String>, _)| match partial {
        None => Some(Unique { columns, only_where_null: None }),
        // An index over other rows than the live ones is no key.
        Some(sql) => Some(Unique { columns, only_where_null: Some(only_where_null(rule(&sql))?) }),
    };
    Ok(uniques.into_iter().filter_map(unique).collect())
}

/// Which rows an index is over: what follows its last `WHERE`. A rule that has the word itself is another than is looked
/// for.
fn rule(index: &str) -> &str {
    let at = index.to_ascii_uppercase().rfind("WHERE").unwrap_or(index.len());
    index.get(at + "WHERE".len()..).unwrap_or_default()
}

/// A row for each pair of columns of each foreign key.
fn foreign_keys(sqlite: &Sqlite, model: &ModelMeta) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut pairs = sqlite
        .prepare_cached("SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq")?;
    let mut rows = pairs.query([model.table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        // Without columns, the other table's primary key is meant; emitted statements always name them.
        let pair = (row.get(2)?, row.get::<_, Option<_>>(3)?.unwrap_or_default());
        match keys.last_mut() {
            Some((last, key)) if *last == id => key.pairs.push(pair),
            _ => keys.push((id, ForeignKey { pairs: vec![pair], table: row.get(1)?, actions: String::new() })),
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

#[cfg(test)]
mod tests;
