//! What SQLite's catalogue tells of tables, and its words for what a schema asks.

use std::collections::BTreeSet;

use relata_compiler::graph::{Graph, Model, Property, Scalar};
use rusqlite::Connection;

use crate::catalogue::{Catalogue, Column, ForeignKey, Table, Unique};
use crate::expected::Words;

pub(crate) struct Sqlite;

impl Words for Sqlite {
    fn table(&self, model: &Model) -> String {
        let schema = model.table.schema.iter().map(|schema| format!("{schema}_"));
        schema.chain([model.table.name.clone()]).collect()
    }

    fn data_type(&self, _graph: &Graph, _model: &Model, property: &Property) -> String {
        let of_scalar = match property.ty.scalar {
            Scalar::Integer | Scalar::Int32 | Scalar::Boolean => "INTEGER",
            Scalar::Decimal if property.precision <= 18 => "INTEGER",
            Scalar::Number => "REAL",
            Scalar::Uuid | Scalar::Bytes => "BLOB",
            _ => "TEXT",
        };
        if property.ty.list { "TEXT".to_owned() } else { of_scalar.to_owned() }
    }

    fn is_checked(&self, property: &Property) -> bool {
        !property.ty.list && matches!(property.ty.scalar, Scalar::Enum(_) | Scalar::Boolean)
    }

    /// It keeps none.
    fn comment(&self, _description: &str, _longest: usize) -> String {
        String::new()
    }
}

pub(crate) fn catalogue(database: &Connection) -> Catalogue {
    let tables =
        rows(database, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'");
    tables.into_iter().map(|row| (row[0].clone(), table(database, &row[0], &row[1]))).collect()
}

fn table(database: &Connection, name: &str, sql: &str) -> Table {
    assert!(sql.ends_with(" STRICT"), "{sql}");
    let of = name.replace('\'', "''");
    let mut table = Table::default();
    let mut key = Vec::new();
    for row in rows(database, &format!("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo('{of}')")) {
        let quoted = format!("\"{}\"", row[0].replace('"', "\"\""));
        let is_generated = sql.contains(&format!("{quoted} INTEGER PRIMARY KEY AUTOINCREMENT"));
        if row[3] != "0" {
            key.push((row[3].clone(), row[0].clone()));
        }
        table.columns.push(Column {
            data_type: row[1].clone(),
            is_required: row[2] == "1" || is_generated,
            is_generated,
            is_checked: sql.contains(&format!("CHECK ({quoted} IN (")),
            comment: String::new(),
            name: row[0].clone(),
        });
    }
    key.sort();
    table.primary_key = key.into_iter().map(|(_, column)| column).collect();
    for row in rows(database, &format!("SELECT name, \"unique\", origin, partial FROM pragma_index_list('{of}')")) {
        let index = row[0].replace('\'', "''");
        let columns: Vec<_> =
            rows(database, &format!("SELECT name FROM pragma_index_info('{index}') ORDER BY seqno")).concat();
        if row[1] == "1" && row[2] != "pk" {
            let of_live_rows = row[3] == "1";
            table.uniques.insert(Unique { columns: columns.iter().cloned().collect(), of_live_rows });
        }
        table.indexes.insert(columns);
        table.named.insert(row[0].clone());
    }
    // A constraint's index has a name of SQLite's own; the constraint's is in the statement.
    let named = sql.split("CONSTRAINT \"").skip(1).filter_map(|rest| rest.split_once("\" UNIQUE"));
    table.named.extend(named.map(|(name, _)| name.replace("\"\"", "\"")));
    foreign_keys(database, &of, &mut table);
    table
}

fn foreign_keys(database: &Connection, of: &str, table: &mut Table) {
    let list = format!(
        "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list('{of}') ORDER BY id"
    );
    let mut keys: Vec<(String, ForeignKey)> = Vec::new();
    for row in rows(database, &list) {
        let pair = (row[2].clone(), row[3].clone());
        match keys.last_mut().filter(|(id, _)| *id == row[0]) {
            Some((_, key)) => drop(key.pairs.insert(pair)),
            None => keys.push((
                row[0].clone(),
                ForeignKey {
                    pairs: BTreeSet::from([pair]),
                    target: row[1].clone(),
                    on_delete: row[4].clone(),
                    on_update: row[5].clone(),
                },
            )),
        }
    }
    table.foreign_keys = keys.into_iter().map(|(_, key)| key).collect();
}

/// Every cell as text; NULL is empty.
fn rows(database: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut query = database.prepare(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let columns = query.column_count();
    let rows = query.query_map([], |row| {
        (0..columns)
            .map(|at| {
                Ok(match row.get_ref(at)? {
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    _ => String::new(),
                })
            })
            .collect()
    });
    rows.expect("it can be run").collect::<Result<_, _>>().expect("rows can be read")
}
