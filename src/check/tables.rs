//! Tables, columns and indexes by their names in the database, which are compared ignoring case.

use std::collections::HashMap;

use super::view::{Book, ModelView};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// No two models of a datasource share a table.
pub(super) fn tables_are_distinct(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut tables: HashMap<_, ModelView<'_>> = HashMap::new();
    for model in book.models().filter(|model| !model.data.is_abstract) {
        let table = &model.data.table;
        // Where there are no schemas, `crm.orders` is the table `crm_orders`.
        let name = table.schema.iter().chain([&table.name]).cloned().collect::<Vec<_>>().join("_").to_lowercase();
        let Some(first) = tables.insert((model.data.datasource, name.clone()), model) else { continue };
        tables.insert((model.data.datasource, name), first);
        // Two plurals that are equal are reported as accessors.
        if crate::graph::snake(&first.data.plural) == crate::graph::snake(&model.data.plural)
            && model.decl.table.is_none()
            && first.decl.table.is_none()
        {
            continue;
        }
        let place = |model: ModelView<'_>| model.decl.table.as_ref().map_or(model.data.span, |table| table.span);
        findings.push(
            Diagnostic::new(
                &codes::DUPLICATE_TABLE,
                format!("`{}` and `{}` would be stored in the same table `{}`", first.name(), model.name(), table.name),
            )
            .primary(place(model).max(place(first)), "taken already")
            .label(place(model).min(place(first)), "first used here")
            .note("name another with the key `table`; names of tables are compared ignoring case"),
        );
    }
}

/// No two properties of a model share a column.
pub(super) fn columns_are_distinct(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut columns: HashMap<String, usize> = HashMap::new();
    for (at, property) in model.data.properties.iter().enumerate() {
        let Some(first) = columns.insert(property.column.to_lowercase(), at) else { continue };
        columns.insert(property.column.to_lowercase(), first);
        let earlier = &model.data.properties[first];
        // Two names that are one field in Rust are reported as such.
        if crate::graph::snake(&earlier.name) == crate::graph::snake(&property.name) {
            continue;
        }
        let place = |at: usize| {
            let id = crate::graph::PropertyId(u32::try_from(at).unwrap_or(u32::MAX));
            let written = model.declaration(id).and_then(|decl| decl.column.as_ref());
            written.map_or(model.data.properties[at].span, |column| column.span)
        };
        findings.push(
            Diagnostic::new(
                &codes::DUPLICATE_COLUMN,
                format!("`{}` and `{}` would share the column `{}`", earlier.name, property.name, property.column),
            )
            .primary(place(at), "taken already")
            .label(place(first), "first used here")
            .note("name another with the key `column`; names of columns are compared ignoring case"),
        );
    }
}

/// Names of indexes are unique in a datasource, among those of tables too. Names that nobody gave give way.
pub(super) fn index_names_are_distinct(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut names = HashMap::new();
    let concrete = book.models().filter(|model| !model.data.is_abstract);
    let tables: HashMap<_, _> =
        concrete.map(|model| ((model.data.datasource, model.data.table.name.to_lowercase()), model)).collect();
    for model in book.models().filter(|model| !model.data.is_abstract) {
        for index in &model.data.indexes {
            let Some(name) = &index.name else { continue };
            let key = (model.data.datasource, name.to_lowercase());
            if let Some(of) = tables.get(&key) {
                let place = of.decl.table.as_ref().map_or(of.data.span, |table| table.span);
                findings.push(
                    Diagnostic::new(&codes::DUPLICATE_INDEX_NAME, format!("an index and a table are called `{name}`"))
                        .primary(index.span, "this index has the name")
                        .label(place, format!("the table of `{}` has it", of.name()))
                        .note("in most databases tables and indexes share one space of names"),
                );
            }
            if let Some(first) = names.insert(key.clone(), index.span) {
                names.insert(key, first);
                findings.push(
                    Diagnostic::new(&codes::DUPLICATE_INDEX_NAME, format!("two indexes are called `{name}`"))
                        .primary(index.span.max(first), "the second of this name")
                        .label(index.span.min(first), "the first of this name")
                        .note("in most databases the names of indexes are unique among all tables"),
                );
            }
        }
    }
}
