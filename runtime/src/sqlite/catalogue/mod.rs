//! Tables as the schema says: creates what is missing, and tells what differs.
//!
//! What exists is never changed, except that missing plain indexes are added.

use std::fmt::Write;

use rusqlite::{Connection as Sqlite, OptionalExtension};

use self::checks::checks;
use super::lease::{Lease, Scope};
use super::open::Connection;
use crate::meta::{Dialects, Kind, ModelMeta, PropertyMeta, SchemaMeta, TableMeta, TableSql};
use crate::{Error, Result};

mod checks;

/// Creates what is missing of the schema, all or nothing.
///
/// # Errors
/// [`Error::Migration`] when a table exists and differs; what the database reports.
pub(super) fn create_tables(connection: &mut Connection, scope: Scope, schema: &'static SchemaMeta) -> Result<()> {
    let lease = Lease::begin(connection, scope)?;
    let differences = create(lease.sqlite(), schema).map_err(|error| lease.fault(&error))?;
    if differences.is_empty() { lease.commit() } else { Err(Error::Migration { differences }) }
}

fn create(sqlite: &Sqlite, schema: &SchemaMeta) -> rusqlite::Result<Vec<String>> {
    let mut differences = Vec::new();
    for TableMeta { model, ddl: Dialects { sqlite: table, .. } } in schema.tables {
        match definition(sqlite, model.table)? {
            None => table.create.iter().try_for_each(|sql| sqlite.execute_batch(sql))?,
            Some((kind, _)) if kind != "table" => {
                differences.push(format!("`{}` is a {kind}, not a table", model.table));
                continue;
            }
            Some((_, sql)) => compare(sqlite, table, model, &sql, &mut differences)?,
        }
        add_indexes(sqlite, table)?;
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
    compare_columns(sqlite, model, differences)?;
    compare_uniques(sqlite, model, differences)?;
    compare_foreign_keys(sqlite, model, differences)?;
    // What is left are the rules in CHECKs, the values of enums among them.
    let wanted = table.create.first().copied().unwrap_or_default();
    if differences.len() == before && checks(stored) != checks(wanted) {
        differences.push(format!("table `{}` has other CHECK constraints than the schema", model.table));
    }
    Ok(())
}

struct Column {
    name: String,
    declared: String,
    not_null: bool,
    /// From 1; 0 where it is not part of the primary key.
    key: u32,
}

fn compare_columns(sqlite: &Sqlite, model: &ModelMeta, differences: &mut Vec<String>) -> rusqlite::Result<()> {
    let mut columns = sqlite.prepare_cached("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1)")?;
    let columns: Vec<Column> = columns
        .query_map([model.table], |row| {
            Ok(Column { name: row.get(0)?, declared: row.get(1)?, not_null: row.get(2)?, key: row.get(3)? })
        })?
        .collect::<Result<_, _>>()?;
    let table = model.table;
    for (n, property) in model.properties.iter().enumerate() {
        let name = property.column;
        let Some(column) = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) else {
            differences.push(format!("table `{table}` has no column `{name}`"));
            continue;
        };
        let wanted = declared_type(property);
        if !column.declared.eq_ignore_ascii_case(wanted) {
            differences.push(format!("column `{table}.{name}` is {}, not {wanted}", column.declared));
        }
        // A column of the primary key is not null by that.
        if !model.key.contains(&n) && column.not_null != property.required {
            let (found, wanted) = if column.not_null { ("NOT NULL", "optional") } else { ("optional", "NOT NULL") };
            differences.push(format!("column `{table}.{name}` is {found}, not {wanted}"));
        }
    }
    for column in &columns {
        if !model.properties.iter().any(|property| property.column.eq_ignore_ascii_case(&column.name)) {
            differences.push(format!("table `{table}` has a column `{}`, which the schema has not", column.name));
        }
    }
    let mut key: Vec<_> = columns.iter().filter(|column| column.key > 0).collect();
    key.sort_by_key(|column| column.key);
    let found = names(key.iter().map(|column| column.name.as_str()));
    let wanted = names(model.key.iter().map(|&property| model.properties[property].column));
    if !found.eq_ignore_ascii_case(&wanted) {
        differences.push(format!("the primary key of table `{table}` is ({found}), not ({wanted})"));
    }
    Ok(())
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

fn compare_uniques(sqlite: &Sqlite, model: &ModelMeta, differences: &mut Vec<String>) -> rusqlite::Result<()> {
    // In no order: what is unique is so in any.
    let mut found = sqlite
        .prepare_cached(
            "SELECT (SELECT group_concat(lower(c.name), ', ' ORDER BY lower(c.name)) FROM pragma_index_info(i.name) c) \
             FROM pragma_index_list(?1) i WHERE i.\"unique\" AND i.origin <> 'pk'",
        )?
        .query_map([model.table], |row| row.get::<_, Option<String>>(0))?
        .map(|columns| columns.map(Option::unwrap_or_default))
        .collect::<Result<Vec<_>, _>>()?;
    let wanted = model.uniques.iter().map(|unique| {
        let mut columns: Vec<_> =
            unique.properties.iter().map(|&property| model.properties[property].column.to_lowercase()).collect();
        columns.sort_unstable();
        columns.join(", ")
    });
    difference(&mut found, wanted.collect(), |columns, missing| {
        let verb = if missing { "has no" } else { "has a" };
        let tail = if missing { "" } else { ", which the schema has not" };
        differences.push(format!("table `{}` {verb} unique constraint on ({columns}){tail}", model.table));
    });
    Ok(())
}

/// A foreign key as the database describes it, a row for each pair of columns.
struct StoredKey {
    id: i64,
    table: String,
    pairs: Vec<(String, String)>,
}

/// A foreign key in words; the order of its pairs says nothing.
fn describe(table: &str, mut pairs: Vec<(String, String)>) -> String {
    pairs.sort_unstable();
    let (from, to) = (pairs.iter().map(|(from, _)| from.as_str()), pairs.iter().map(|(_, to)| to.as_str()));
    format!("({}) to {table} ({})", names(from), names(to))
}

fn compare_foreign_keys(sqlite: &Sqlite, model: &ModelMeta, differences: &mut Vec<String>) -> rusqlite::Result<()> {
    let mut keys = sqlite.prepare_cached(
        "SELECT id, lower(\"table\"), lower(\"from\"), lower(\"to\") FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    )?;
    let mut rows = keys.query([model.table])?;
    let mut stored: Vec<StoredKey> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        // Without columns, the other table's primary key is meant; emitted statements always name them.
        let pair = (row.get(2)?, row.get::<_, Option<_>>(3)?.unwrap_or_default());
        match stored.last_mut() {
            Some(key) if key.id == id => key.pairs.push(pair),
            _ => stored.push(StoredKey { id, table: row.get(1)?, pairs: vec![pair] }),
        }
    }
    let mut found = stored.into_iter().map(|key| describe(&key.table, key.pairs)).collect();
    let column = |model: &ModelMeta, property: usize| model.properties[property].column.to_lowercase();
    let wanted = model.foreign_keys.iter().map(|key| {
        let pairs = key.from.iter().zip(key.to).map(|(&from, &to)| (column(model, from), column(key.target, to)));
        describe(&key.target.table.to_lowercase(), pairs.collect())
    });
    difference(&mut found, wanted.collect(), |key, missing| {
        let verb = if missing { "has no" } else { "has a" };
        let tail = if missing { "" } else { ", which the schema has not" };
        differences.push(format!("table `{}` {verb} foreign key {key}{tail}", model.table));
    });
    Ok(())
}

/// Tells what is in one list and not in the other: wanted and missing, or found and not wanted.
fn difference(found: &mut Vec<String>, wanted: Vec<String>, mut tell: impl FnMut(&str, bool)) {
    for item in wanted {
        match found.iter().position(|other| *other == item) {
            Some(place) => drop(found.swap_remove(place)),
            None => tell(&item, true),
        }
    }
    found.sort_unstable();
    for item in found {
        tell(item, false);
    }
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.fold(String::new(), |mut list, name| {
        let comma = if list.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(list, "{comma}{name}");
        list
    })
}

#[cfg(test)]
mod tests;
