//! Tables as the schema says: creates what is missing, and tells what differs.
//!
//! What exists is never changed, except that missing plain indexes and foreign keys that wait for other tables are
//! added.

use std::collections::BTreeSet;

use self::checks::literals;
use self::found::{Found, Relation};
use super::connection::Connection;
use super::lease::{Lease, Scope, Stop};
use crate::catalogue::Making;
use crate::meta::{ForeignKeyMeta, Kind, PropertyMeta, TableMeta};
use crate::{Error, Result};

mod checks;
mod found;

/// Held while tables are looked at and made, so that programs that start together do it one after the other: any
/// number that others do not use.
const LOCK: &str = "SELECT pg_advisory_xact_lock(32199634613495857)";

/// Tables are made by as many statements as there are, and wait for other programs that make them.
const LIMITLESS: u32 = u32::MAX;

/// The longest `VARCHAR(n)`.
const MAX_LENGTH: u64 = 10_485_760;

/// Creates what is missing of the tables, all or nothing.
///
/// # Errors
/// [`Error::Migration`] when a table exists and differs; what the database reports.
pub(super) async fn create_tables(connection: &Connection, scope: Scope, tables: &'static [TableMeta]) -> Result<()> {
    let mut lease = Lease::new(connection, Some(scope));
    let differences = lease.ask(LIMITLESS, create(connection, tables)).await?;
    if differences.is_empty() { lease.commit().await } else { Err(Error::Migration { differences }) }
}

async fn create(connection: &Connection, tables: &[TableMeta]) -> Result<Vec<String>, Stop> {
    connection.client.batch_execute(LOCK).await?;
    let found = Found::read(&connection.client, tables).await?;
    let mut differences = Vec::new();
    for (table, relation) in tables.iter().zip(&found.relations) {
        compare(table, relation, &found, &mut differences);
    }
    if !differences.is_empty() {
        return Ok(differences);
    }
    for sql in missing(tables, &found) {
        connection.client.batch_execute(sql).await?;
    }
    Ok(differences)
}

/// What is to be done, in this order: tables with their indexes, and then the foreign keys that wait for them.
fn missing(tables: &[TableMeta], found: &Found) -> Vec<&'static str> {
    let mut statements = Vec::new();
    let mut later = Vec::new();
    for (TableMeta { ddl, .. }, relation) in tables.iter().zip(&found.relations) {
        if matches!(relation, Relation::None) {
            statements.extend(ddl.postgres.create);
        }
        let (indexes, constraints) = relation.names();
        let named = |names: &BTreeSet<String>, name: &str| names.contains(name);
        statements
            .extend(ddl.postgres.indexes.iter().filter(|index| !named(indexes, index.name)).map(|index| index.sql));
        later.extend(ddl.postgres.constraints.iter().filter(|key| !named(constraints, key.name)).map(|key| key.sql));
    }
    statements.append(&mut later);
    statements
}

fn compare(table: &TableMeta, relation: &Relation, found: &Found, differences: &mut Vec<String>) {
    let model = table.model;
    let stored = match relation {
        Relation::None => return,
        Relation::Other(kind) => {
            return differences.push(format!("`{}` is a {kind}, not a table", found.name(model)));
        }
        Relation::Table { table, .. } => table,
    };
    let later = |key: &ForeignKeyMeta| {
        let waits = table.ddl.postgres.constraints.iter().any(|constraint| constraint.name == key.name);
        waits && !relation.names().1.contains(key.name)
    };
    let making = Making {
        table: &|model| found.name(model),
        ty: &declared_type,
        actions: &|key| actions(table, key),
        check: &check,
        // What is not there yet, and will be added, is no difference.
        skips: &later,
        folds_case: false,
    };
    making.compare(stored, model, differences);
}

/// The type of the property's column, without length, scale and collation.
pub(super) fn base_type(property: &PropertyMeta) -> &'static str {
    if property.list {
        return "jsonb";
    }
    match property.kind {
        Kind::Integer => "bigint",
        Kind::Int32 => "integer",
        Kind::Number => "double precision",
        Kind::Decimal => "numeric",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Time => "time without time zone",
        Kind::DateTime => "timestamp with time zone",
        Kind::Uuid => "uuid",
        Kind::Bytes => "bytea",
        Kind::Json | Kind::Embedded(_) => "jsonb",
        Kind::String | Kind::Text | Kind::Enum(_) => "text",
    }
}

/// The type of the property's column, as PostgreSQL spells it.
fn declared_type(property: &PropertyMeta) -> String {
    let base = base_type(property);
    match (base, property.kind) {
        ("numeric", _) => format!("numeric({},{})", property.precision, property.scale),
        ("text", Kind::Enum(_)) => "character varying COLLATE \"C\"".to_owned(),
        ("text", Kind::String) => match property.max_length {
            Some(length) if length <= MAX_LENGTH => format!("character varying({length}) COLLATE \"C\""),
            _ => "text COLLATE \"C\"".to_owned(),
        },
        ("text", _) => "text COLLATE \"C\"".to_owned(),
        _ => base.to_owned(),
    }
}

/// The values that a column may have, in words.
fn check(property: &PropertyMeta) -> Option<String> {
    match property.kind {
        Kind::Enum(meta) if !property.list => {
            Some(one_of(property.column, &meta.values.iter().map(|value| (*value).to_owned()).collect()))
        }
        _ => None,
    }
}

/// In no order: what is among values is so in any.
fn one_of(column: &str, values: &BTreeSet<String>) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
    format!("({column} IN ({}))", values.join(", "))
}

/// What a foreign key does when the row that it points at changes, read from the statement that makes it: `ON
/// DELETE CASCADE`.
fn actions(table: &TableMeta, key: &ForeignKeyMeta) -> String {
    let ddl = &table.ddl.postgres;
    let statements = ddl.create.iter().copied().chain(ddl.constraints.iter().map(|constraint| constraint.sql));
    let opening = format!("CONSTRAINT \"{}\" FOREIGN KEY (", key.name.replace('"', "\"\""));
    let clause = statements.filter_map(|sql| sql.split_once(opening.as_str())).map(|(_, clause)| clause).next();
    // Columns here, REFERENCES, columns there; what follows up to the comma or parenthesis are the actions.
    let rest = clause.and_then(after_list).and_then(|rest| rest.split_once('(')).and_then(|(_, rest)| after_list(rest));
    let actions = rest.unwrap_or_default();
    let end = actions.find([',', ')', '\n', ';']).unwrap_or(actions.len());
    let actions = actions[..end].trim();
    let on = |event: &str| {
        let action = actions.split_once(event).map_or("", |(_, action)| action).trim_start();
        let end = action.find(" ON ").unwrap_or(action.len());
        said(event, &action[..end])
    };
    format!("{}{}", on("ON DELETE"), on("ON UPDATE")).trim_start().to_owned()
}

/// ` ON DELETE CASCADE`, or nothing for nothing.
fn said(event: &str, action: &str) -> String {
    if matches!(action, "" | "NO ACTION") { String::new() } else { format!(" {event} {action}") }
}

/// What follows the parenthesis that closes a list of quoted names.
fn after_list(list: &str) -> Option<&str> {
    let mut quoted = false;
    let end = list.find(|character| {
        quoted ^= character == '"';
        !quoted && character == ')'
    })?;
    Some(&list[end + 1..])
}

#[cfg(test)]
mod tests;
