//! What the catalogue of MariaDB or MySQL tells of tables, and their words for what a schema asks.

use std::collections::{BTreeMap, BTreeSet};

use relata_compiler::graph::{Action, Graph, Model, Property, Scalar};

use crate::catalogue::{Catalogue, Column, ForeignKey, Table, Unique};
use crate::expected::Words;
use crate::servers::{Row, Server};

pub(crate) struct Mysql;

impl Words for Mysql {
    fn table(&self, model: &Model) -> String {
        let schema = model.table.schema.iter().map(|schema| format!("{schema}_"));
        schema.chain([model.table.name.clone()]).collect()
    }

    fn data_type(&self, graph: &Graph, _model: &Model, property: &Property) -> String {
        let text = |name: &str| format!("{name} by code point");
        if property.ty.list {
            return "json".to_owned();
        }
        match property.ty.scalar {
            Scalar::String if property.max_length > Some(768) => text("longtext"),
            Scalar::String => text(&format!("varchar({})", property.max_length.expect("it has a length"))),
            Scalar::Text => text("longtext"),
            Scalar::Enum(id) => {
                let variants = &graph.enumeration(id).variants;
                let longest = variants.iter().map(|variant| variant.value.chars().count()).max();
                text(&format!("varchar({})", longest.expect("an enum has values")))
            }
            Scalar::Integer => "bigint".to_owned(),
            Scalar::Int32 => "int".to_owned(),
            Scalar::Number => "double".to_owned(),
            Scalar::Decimal => format!("decimal({},{})", property.precision, property.scale),
            Scalar::Boolean => "tinyint(1)".to_owned(),
            Scalar::Date => "date".to_owned(),
            Scalar::Time => "time(6)".to_owned(),
            Scalar::DateTime => "datetime(6)".to_owned(),
            Scalar::Uuid => "binary(16)".to_owned(),
            Scalar::Json | Scalar::Embedded(_) => "json".to_owned(),
            Scalar::Bytes => "longblob".to_owned(),
        }
    }

    fn action(&self, action: Action) -> &'static str {
        // The two are one, and which of them the catalogue says depends on the server.
        match action {
            Action::NoAction | Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
        }
    }

    fn comment(&self, description: &str, longest: usize) -> String {
        let text = description.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n', " ");
        let text = text.trim().replace(|c| c > '\u{ffff}', "\u{fffd}");
        if text.chars().count() <= longest {
            return text;
        }
        text.chars().take(longest - 1).chain(['…']).collect()
    }

    fn checks_what_keys_change(&self) -> bool {
        false
    }
}

pub(crate) fn catalogue(server: &mut Server) -> Catalogue {
    let mut tables = Catalogue::new();
    let sql = "SELECT table_name, table_comment, engine FROM information_schema.tables WHERE table_schema = DATABASE()";
    for row in server.rows(sql) {
        assert_eq!(cell(&row, 2), "InnoDB");
        tables.insert(cell(&row, 0), Table { comment: cell(&row, 1), ..Table::default() });
    }
    let checks = checks(server);
    let sql = "SELECT table_name, column_name, column_type, collation_name, is_nullable, extra, column_comment \
               FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY ordinal_position";
    let mut live = BTreeSet::new();
    for row in server.rows(sql) {
        let (table, name, extra) = (cell(&row, 0), cell(&row, 1), cell(&row, 5).to_lowercase());
        if extra.contains("virtual") {
            assert!(extra.contains("invisible"), "what selects all columns does not see it: {extra}");
            live.insert((table, name));
            continue;
        }
        let quoted = format!("`{}`", name.replace('`', "``"));
        let clauses = || checks.get(&table).into_iter().flatten().filter(|clause| clause.contains(&quoted));
        let is_json = clauses().any(|clause| clause.contains("json_valid"));
        let data_type = match cell(&row, 2).as_str() {
            "longtext" if is_json => "json".to_owned(),
            // Older servers add how many digits are shown.
            integer if integer.starts_with("bigint") => "bigint".to_owned(),
            integer if integer.starts_with("int") => "int".to_owned(),
            other => other.to_owned(),
        };
        let by_code_point = match row[3].as_deref() {
            Some("utf8mb4_nopad_bin" | "utf8mb4_0900_bin") => " by code point",
            _ => "",
        };
        let column = Column {
            data_type: data_type + by_code_point,
            is_required: cell(&row, 4) == "NO",
            is_generated: extra.contains("auto_increment"),
            is_checked: clauses().any(|clause| !clause.contains("json_valid")),
            comment: cell(&row, 6),
            name,
        };
        tables.get_mut(&table).expect("its table is there").columns.push(column);
    }
    indexes(server, &mut tables, &live);
    foreign_keys(server, &mut tables);
    tables
}

/// The clauses of each table.
fn checks(server: &mut Server) -> BTreeMap<String, Vec<String>> {
    let sql = "SELECT t.table_name, c.check_clause FROM information_schema.check_constraints c \
               JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema \
               AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK' \
               WHERE c.constraint_schema = DATABASE()";
    let mut checks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in server.rows(sql) {
        checks.entry(cell(&row, 0)).or_default().push(cell(&row, 1));
    }
    checks
}

fn indexes(server: &mut Server, tables: &mut Catalogue, live: &BTreeSet<(String, String)>) {
    let sql = "SELECT table_name, index_name, non_unique, column_name FROM information_schema.statistics \
               WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index";
    let mut keys: BTreeMap<(String, String, bool), Vec<String>> = BTreeMap::new();
    for row in server.rows(sql) {
        keys.entry((cell(&row, 0), cell(&row, 1), cell(&row, 2) == "0")).or_default().push(cell(&row, 3));
    }
    for ((of, name, is_unique), mut columns) in keys {
        let table = tables.get_mut(&of).expect("its table is there");
        if name == "PRIMARY" {
            table.primary_key = columns;
            continue;
        }
        let of_live_rows = columns.last().is_some_and(|last| live.contains(&(of, last.clone())));
        if of_live_rows {
            columns.pop();
        }
        if is_unique {
            table.uniques.insert(Unique { columns: columns.iter().cloned().collect(), of_live_rows });
        }
        table.indexes.insert(columns);
        table.named.insert(name);
    }
}

fn foreign_keys(server: &mut Server, tables: &mut Catalogue) {
    let sql = "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, \
               r.delete_rule, r.update_rule FROM information_schema.key_column_usage k \
               JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema \
               AND r.constraint_name = k.constraint_name WHERE k.table_schema = DATABASE() \
               ORDER BY k.constraint_name, k.ordinal_position";
    let mut keys: BTreeMap<(String, String), ForeignKey> = BTreeMap::new();
    let action = |text: String| if text == "NO ACTION" { "RESTRICT".to_owned() } else { text };
    for row in server.rows(sql) {
        let key = keys.entry((cell(&row, 0), cell(&row, 1))).or_insert_with(|| ForeignKey {
            pairs: BTreeSet::new(),
            target: cell(&row, 3),
            on_delete: action(cell(&row, 5)),
            on_update: action(cell(&row, 6)),
        });
        key.pairs.insert((cell(&row, 2), cell(&row, 4)));
    }
    for ((table, _), key) in keys {
        tables.get_mut(&table).expect("its table is there").foreign_keys.insert(key);
    }
}

fn cell(row: &Row, at: usize) -> String {
    row[at].clone().unwrap_or_default()
}
