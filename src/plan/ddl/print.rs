//! Statements as a text for people and for the databases' own programs. Runs nothing.

use std::collections::BTreeSet;

use super::{Dialect, Reader, create, dependency_order};
use crate::plan::tables::Table;

/// Every statement of the tables, each ended by a semicolon, in an order in which they can be run. `several` says that
/// the tables live in more than one place.
pub(crate) fn print(dialect: &dyn Dialect, tables: &[Table], several: bool) -> String {
    let created = create(dialect, tables, Reader::Person);
    let order = dependency_order(tables);
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut schemas = BTreeSet::new();
    for at in order.iter().copied() {
        let (table, sql) = (&tables[at], &created[at]);
        // Tables of one schema share the statement that makes it.
        let has_schema = dialect.before(table).is_some() && !schemas.insert((&table.datasource, &table.schema));
        let statements = sql.create.iter().skip(usize::from(has_schema)).map(String::as_str);
        let indexes = sql.indexes.iter().filter(|_| !dialect.layout().indexes_within);
        blocks.push((at, statements.chain(indexes.map(|index| index.sql.as_str())).collect()));
    }
    let waiting = order.into_iter().filter(|at| !created[*at].constraints.is_empty());
    blocks.extend(waiting.map(|at| (at, created[at].constraints.iter().map(|key| key.sql.as_str()).collect())));

    let mut text = String::new();
    for (at, statements) in blocks {
        if !text.is_empty() {
            text.push('\n');
        }
        if several {
            text.extend(["-- datasource ", &tables[at].datasource, "\n"]);
        }
        for statement in statements {
            text.extend([statement, ";\n"]);
        }
    }
    match dialect.encoding().filter(|_| !text.is_ascii()) {
        Some(encoding) => format!("{encoding};\n\n{text}"),
        None => text,
    }
}
