//! What is taken over from declarations as it stands: tables, enums and datasources. Resolves nothing.

use super::{Datasource, Enum, Table, Variant, words};
use crate::ast::{ModelDecl, Schema};

pub(super) fn table(decl: &ModelDecl, plural: &str) -> Table {
    match decl.table.as_ref().map(|table| table.value.split_once('.').ok_or(&table.value)) {
        None => Table { schema: None, name: words::snake(plural) },
        Some(Ok((schema, name))) => Table { schema: Some(schema.to_owned()), name: name.to_owned() },
        Some(Err(name)) => Table { schema: None, name: name.clone() },
    }
}

pub(super) fn enums(schema: &Schema) -> Vec<Enum> {
    let variants = |decl: &crate::ast::EnumDecl| {
        let variant = |variant: &crate::ast::VariantDecl| Variant {
            value: variant.value.value.clone(),
            name: variant.name.as_ref().map_or_else(|| words::pascal(&variant.value.value), |name| name.value.clone()),
            span: variant.value.span,
        };
        decl.variants.iter().map(variant).collect()
    };
    let build = |decl: &crate::ast::EnumDecl| Enum {
        name: decl.name.value.clone(),
        span: decl.name.span,
        variants: variants(decl),
    };
    schema.enums.iter().map(build).collect()
}

pub(super) fn datasources(schema: &Schema) -> Vec<Datasource> {
    if schema.datasources.is_empty() {
        return vec![Datasource { name: "db".into(), description: None, span: None }];
    }
    let build = |decl: &crate::ast::DatasourceDecl| Datasource {
        name: decl.name.value.clone(),
        description: decl.description.as_ref().map(|text| text.value.clone()),
        span: Some(decl.name.span),
    };
    schema.datasources.iter().map(build).collect()
}
