//! Statements as a text for people and for the databases' own programs. Runs nothing.

use std::collections::BTreeSet;

use super::{Dialect, Reader, TableSql, create, dependency_order};
use crate::plan::tables::Table;

/// Every statement of the tables of these datasources, each ended by a semicolon, in an order in which they can be run:
/// one datasource after the other, as no foreign key leads to another one. Several are told apart by a comment.
pub(crate) fn print(dialect: &dyn Dialect, tables: &[Table], datasources: &[&str]) -> String {
    let created = create(dialect, tables, Reader::Person);
    let order = dependency_order(tables);
    let mut text = String::new();
    for datasource in datasources {
        let own: Vec<_> = order.iter().copied().filter(|at| tables[*at].datasource == *datasource).collect();
        if datasources.len() > 1 && !own.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n" };
            text.extend([gap, "-- datasource ", datasource, "\n"]);
        }
        for statements in blocks(dialect, tables, &created, &own) {
            if !text.is_empty() {
                text.push('\n');
            }
            for statement in statements {
                text.extend([statement, ";\n"]);
            }
        }
    }
    match dialect.encoding().filter(|_| !text.is_ascii()) {
        Some(encoding) => format!("{encoding};\n\n{text}"),
        None => text,
    }
}

/// The statements of each table in `order`, then the foreign keys that close loops.
fn blocks<'s>(dialect: &dyn Dialect, tables: &[Table], created: &'s [TableSql], order: &[usize]) -> Vec<Vec<&'s str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    let mut schemas = BTreeSet::new();
    for at in order.iter().copied() {
        let (table, sql) = (&tables[at], &created[at]);
        // Tables of one schema share the statement that makes it.
        let has_schema = dialect.before(table).is_some() && !schemas.insert(&table.schema);
        let statements = sql.create.iter().skip(usize::from(has_schema)).map(String::as_str);
        let indexes = sql.indexes.iter().filter(|_| !dialect.layout().indexes_within);
        blocks.push(statements.chain(indexes.map(|index| index.sql.as_str())).collect());
    }
    let waiting = order.iter().map(|at| &created[*at].constraints).filter(|keys| !keys.is_empty());
    blocks.extend(waiting.map(|keys| keys.iter().map(|key| key.sql.as_str()).collect()));
    blocks
}
