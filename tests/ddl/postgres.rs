//! What PostgreSQL's catalogue tells of tables, and its words for what a schema asks.

use std::collections::BTreeSet;

use relata_compiler::graph::{Graph, Model, Property, Scalar};

use crate::catalogue::{Catalogue, Column, ForeignKey, Table, Unique};
use crate::expected::Words;
use crate::servers::{Row, Server};

pub(crate) struct Postgres;

impl Words for Postgres {
    fn table(&self, model: &Model) -> String {
        format!("{}.{}", model.table.schema.as_deref().unwrap_or("public"), model.table.name)
    }

    fn data_type(&self, _graph: &Graph, _model: &Model, property: &Property) -> String {
        let text = |name: &str| format!("{name} C");
        if property.ty.list {
            return "jsonb".to_owned();
        }
        match property.ty.scalar {
            Scalar::String if property.max_length > Some(10_485_760) => text("text"),
            Scalar::String => text(&format!("character varying({})", property.max_length.expect("it has a length"))),
            Scalar::Text => text("text"),
            Scalar::Enum(_) => text("character varying"),
            Scalar::Integer => "bigint".to_owned(),
            Scalar::Int32 => "integer".to_owned(),
            Scalar::Number => "double precision".to_owned(),
            Scalar::Decimal => format!("numeric({},{})", property.precision, property.scale),
            Scalar::Boolean => "boolean".to_owned(),
            Scalar::Date => "date".to_owned(),
            Scalar::Time => "time without time zone".to_owned(),
            Scalar::DateTime => "timestamp with time zone".to_owned(),
            Scalar::Uuid => "uuid".to_owned(),
            Scalar::Json | Scalar::Embedded(_) => "jsonb".to_owned(),
            Scalar::Bytes => "bytea".to_owned(),
        }
    }

    fn comment(&self, description: &str, _longest: usize) -> String {
        let text = description.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n', " ");
        text.trim().to_owned()
    }
}

const TABLES: &str = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";
const NAME: &str = "n.nspname || '.' || c.relname";

pub(crate) fn catalogue(server: &mut Server) -> Catalogue {
    let mut tables = Catalogue::new();
    let sql = format!("SELECT {NAME}, obj_description(c.oid, 'pg_class') {TABLES} WHERE c.relkind = 'r'");
    for row in server.rows(&sql) {
        tables.insert(cell(&row, 0), Table { comment: cell(&row, 1), ..Table::default() });
    }
    let sql = format!(
        "SELECT {NAME}, a.attname, format_type(a.atttypid, a.atttypmod), l.collname, a.attnotnull, a.attidentity, \
         col_description(c.oid, a.attnum), EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid \
         AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]) {TABLES} JOIN pg_attribute a ON a.attrelid = c.oid \
         LEFT JOIN pg_collation l ON l.oid = a.attcollation WHERE c.relkind = 'r' AND a.attnum > 0 ORDER BY a.attnum"
    );
    for row in server.rows(&sql) {
        let collation = row[3].as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let column = Column {
            name: cell(&row, 1),
            data_type: cell(&row, 2) + &collation,
            is_required: cell(&row, 4) == "t",
            // Of the kind that takes a given value too.
            is_generated: cell(&row, 5) == "d",
            comment: cell(&row, 6),
            is_checked: cell(&row, 7) == "t",
        };
        tables.get_mut(&cell(&row, 0)).expect("its table is there").columns.push(column);
    }
    keys(server, &mut tables);
    indexes(server, &mut tables);
    tables
}

fn keys(server: &mut Server, tables: &mut Catalogue) {
    let columns = |key: &str, of: &str| {
        format!(
            "(SELECT json_agg(a.attname ORDER BY u.n) FROM unnest({key}) WITH ORDINALITY u (num, n) \
             JOIN pg_attribute a ON a.attrelid = {of} AND a.attnum = u.num)"
        )
    };
    let sql = format!(
        "SELECT {NAME}, k.contype, {}, k.confrelid::regclass::oid, {}, k.confdeltype, k.confupdtype, \
         (SELECT tn.nspname || '.' || t.relname FROM pg_class t JOIN pg_namespace tn ON tn.oid = t.relnamespace \
         WHERE t.oid = k.confrelid) {TABLES} JOIN pg_constraint k ON k.conrelid = c.oid",
        columns("k.conkey", "k.conrelid"),
        columns("k.confkey", "k.confrelid"),
    );
    for row in server.rows(&sql) {
        let table = tables.get_mut(&cell(&row, 0)).expect("its table is there");
        match cell(&row, 1).as_str() {
            "p" => table.primary_key = list(&row, 2),
            "f" => {
                table.foreign_keys.insert(ForeignKey {
                    pairs: list(&row, 2).into_iter().zip(list(&row, 4)).collect(),
                    target: cell(&row, 7),
                    on_delete: action(&cell(&row, 5)),
                    on_update: action(&cell(&row, 6)),
                });
            }
            _ => {}
        }
    }
}

fn action(letter: &str) -> String {
    match letter {
        "a" => "NO ACTION",
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        other => other,
    }
    .to_owned()
}

fn indexes(server: &mut Server, tables: &mut Catalogue) {
    let sql = format!(
        "SELECT {NAME}, i.relname, x.indisunique AND NOT x.indisprimary, pg_get_expr(x.indpred, x.indrelid), \
         (SELECT json_agg(a.attname ORDER BY u.n) FROM unnest(x.indkey) WITH ORDINALITY u (num, n) \
         JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.num), \
         (SELECT bool_and(a.attnotnull OR x.indoption[u.n - 1] & 2 = 2) FROM unnest(x.indkey) WITH ORDINALITY u (num, n) \
         JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.num) \
         {TABLES} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid"
    );
    for row in server.rows(&sql) {
        let table = tables.get_mut(&cell(&row, 0)).expect("its table is there");
        let columns = list(&row, 4);
        if cell(&row, 2) == "t" {
            let of_live_rows = row[3].as_deref() == Some("(deleted_at IS NULL)");
            assert_eq!(row[3].is_some(), of_live_rows, "{row:?}");
            table.uniques.insert(Unique { columns: columns.iter().cloned().collect::<BTreeSet<_>>(), of_live_rows });
        } else if !columns.is_empty() && cell(&row, 1).ends_with("_idx") {
            assert_eq!(cell(&row, 5), "t", "an index has NULLs first, as rows are sorted: {row:?}");
        }
        table.indexes.insert(columns);
        table.named.insert(cell(&row, 1));
    }
}

fn cell(row: &Row, at: usize) -> String {
    row[at].clone().unwrap_or_default()
}

fn list(row: &Row, at: usize) -> Vec<String> {
    serde_json::from_str(&cell(row, at)).expect("it is a list of names")
}
