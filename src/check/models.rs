//! What makes a model, a value and an enum whole.

use std::collections::HashMap;

use super::view::{Book, EnumView, ModelView};
use crate::ast::VariantDecl;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, codes};
use crate::graph::Origin;
use crate::patch::Value;
use crate::source::Span;

/// A model with a table has a primary key.
pub(super) fn rows_have_an_identity(model: ModelView<'_>, findings: &mut Diagnostics) {
    if model.data.is_abstract || !model.properties_known || !model.data.key.is_empty() {
        return;
    }
    findings.push(
        Diagnostic::new(&codes::NO_PRIMARY_KEY, format!("`{}` has no primary key", model.name()))
            .primary(model.data.span, "no property of it has `id: true`")
            .fix_if(add_identity(model))
            .note("add `id: { type: integer, id: true, generated: true }`, mark the properties that identify a row, or make the model `abstract: true`"),
    );
}

/// The property that is called `id` as the primary key, or a new one.
fn add_identity(model: ModelView<'_>) -> Option<Fix> {
    let patches = model.book.patches;
    if let Some(id) = model.data.find_property("id") {
        let decl = model.declaration(id)?;
        return patches.likely("make `id` the primary key", [decl.with_key(patches, "id", &Value::boolean(true))]);
    }
    let yes = || Value::boolean(true);
    let id = Value::map([("type", Value::word("integer")), ("id", yes()), ("generated", yes())]);
    let edit = match model.decl.properties_key {
        Some(properties) => patches.below(properties)?.prepend("id", &id),
        None => model.decl.with_key(patches, "properties", &Value::map([("id", id)])),
    };
    patches.likely("add a primary key", [edit])
}

/// An abstract model gives its heirs, or a value, at least one part.
pub(super) fn values_have_parts(model: ModelView<'_>, findings: &mut Diagnostics) {
    let has_parts = !model.data.properties.is_empty() || !model.decl.relations.is_empty();
    if !model.data.is_abstract
        || model.incomplete
        || has_parts
        || model.decl.timestamps.is_some()
        || model.decl.soft_delete.is_some()
    {
        return;
    }
    findings.push(
        Diagnostic::new(&codes::MISSING_KEY, format!("the model `{}` needs the key `properties`", model.name()))
            .primary(model.decl.properties_key.unwrap_or(model.data.span), "at least one property, own or inherited"),
    );
}

/// What says where rows are stored says nothing where there are none.
pub(super) fn abstract_models_have_no_table(model: ModelView<'_>, findings: &mut Diagnostics) {
    if !model.data.is_abstract {
        return;
    }
    for (key, written) in [("table", &model.decl.table), ("datasource", &model.decl.datasource)] {
        let Some(written) = written else { continue };
        let patches = model.book.patches;
        findings.push(
            Diagnostic::new(
                &codes::KEY_NEEDS_TABLE,
                format!("`{key}` says nothing on the abstract model `{}`", model.name()),
            )
            .primary(written.span, "an abstract model has no rows to store")
            .note(format!("each model that extends it has its own `{key}`"))
            .fix_if(patches.likely("remove it", [patches.remove_entry(written.span)])),
        );
    }
}

/// What a base switches on stays on.
pub(super) fn flags_of_the_base_stay(model: ModelView<'_>, findings: &mut Diagnostics) {
    for off in &model.decl.switched_off {
        let is_on = |base: &ModelView<'_>| {
            if off.value == "timestamps" { base.decl.timestamps.is_some() } else { base.decl.soft_delete.is_some() }
        };
        let bases = std::iter::successors(model.base(), |base| base.base());
        let Some(base) = bases.into_iter().find(is_on) else { continue };
        let place = if off.value == "timestamps" { base.decl.timestamps } else { base.decl.soft_delete };
        let patches = model.book.patches;
        findings.push(
            Diagnostic::new(
                &codes::BASE_CONFLICT,
                format!("`{}` is inherited from `{}` and cannot be switched off", off.value, base.name()),
            )
            .primary(off.span, "switched off here")
            .label(place.unwrap_or(base.data.span), "switched on here")
            .note("an heir takes over what its base declares; it cannot change it")
            .fix_if(patches.likely("remove it", [patches.remove_entry(off.span)])),
        );
    }
}

/// A value inside another model has no identity, constraints or relations of its own.
pub(super) fn values_are_plain(book: &Book<'_>, model: ModelView<'_>, findings: &mut Diagnostics) {
    let Some(used) = book.embedded.get(&model.id) else { return };
    let on =
        |flag: &Option<crate::source::Spanned<bool>>| flag.as_ref().filter(|flag| flag.value).map(|flag| flag.span);
    let mut refused: Vec<(Span, &str)> = Vec::new();
    for property in model.own_properties() {
        let decl = property.decl;
        let flags = [(&decl.id, "id"), (&decl.unique, "unique"), (&decl.index, "index"), (&decl.version, "version")];
        refused.extend(flags.into_iter().filter_map(|(flag, what)| Some((on(flag)?, what))));
        refused.extend(decl.column.as_ref().map(|column| (column.span, "column")));
    }
    refused.extend(model.decl.relations.iter().map(|relation| (relation.span, "relations")));
    refused.extend(model.decl.indexes.iter().map(|index| (index.span, "indexes")));
    for (place, what) in refused {
        let patches = model.book.patches;
        let is_item = matches!(what, "relations" | "indexes");
        let remove = if is_item { patches.remove_item(place) } else { patches.remove_entry(place) };
        findings.push(
            Diagnostic::new(
                &codes::VALUE_TYPE_NOT_PLAIN,
                format!("`{}` is a value inside another model and cannot have `{what}`", model.name()),
            )
            .primary(place, "makes sense for rows only")
            .label(*used, "here it is a value")
            .note("a value is stored inside the row that holds it")
            .fix_if(model.book.patches.likely("remove it", [remove])),
        );
    }
    inherited_parts_are_plain(book, model, *used, findings);
}

/// A value cannot take over what makes sense for rows only; the base may need it for others.
fn inherited_parts_are_plain(book: &Book<'_>, model: ModelView<'_>, used: Span, findings: &mut Diagnostics) {
    let Some(extends) = &model.decl.extends else { return };
    // What is inherited from a model that is a value too is reported there.
    let is_inherited = |origin| matches!(origin, Origin::Inherited(base) if !book.embedded.contains_key(&base));
    let mut parts = model.data.properties().filter(|(_, property)| is_inherited(property.origin));
    let unfit = parts.find(|(_, property)| property.id || property.unique || property.index || property.version);
    let Some((_, property)) = unfit else { return };
    findings.push(
        Diagnostic::new(
            &codes::VALUE_TYPE_NOT_PLAIN,
            format!("`{}` is a value inside another model and cannot take over `{}`", model.name(), property.name),
        )
        .primary(extends.span, "brings what makes sense for rows only")
        .label(property.span, "an id, unique, an index or a version")
        .label(used, "here it is a value")
        .note("leave `extends` out, or extend a model without it"),
    );
}

/// An enum is a set of at least one string, each with a variant of its own.
pub(super) fn enum_has_distinct_variants(book: &Book<'_>, item: EnumView<'_>, findings: &mut Diagnostics) {
    if item.decl.broken {
        return;
    }
    if item.data.variants.is_empty() {
        findings.push(
            Diagnostic::new(&codes::INVALID_ENUM, format!("the enum `{}` has no values", item.data.name))
                .primary(item.data.span, "needs at least one"),
        );
    }
    let mut values: HashMap<&str, Span> = HashMap::new();
    let mut names: HashMap<&str, (&str, Span)> = HashMap::new();
    for (variant, decl) in item.data.variants.iter().zip(&item.decl.variants) {
        if let Some(first) = values.insert(&variant.value, variant.span) {
            values.insert(&variant.value, first);
            findings.push(
                Diagnostic::new(
                    &codes::INVALID_ENUM,
                    format!("the value `{}` stands twice in `{}`", variant.value, item.data.name),
                )
                .primary(variant.span, "the second")
                .label(first, "the first")
                .fix_if(remove_variant(book, decl)),
            );
            continue;
        }
        if variant.value.contains(is_unseen) {
            findings.push(
                Diagnostic::new(&codes::INVALID_ENUM, format!("the value `{}` cannot be stored", variant.value))
                    .primary(variant.span, "holds a control character")
                    .note("not every database stores these, and nobody sees them; only tabs and line feeds may stand in a value"),
            );
            continue;
        }
        let place = decl.name.as_ref().map_or(variant.span, |name| name.span);
        if let Some(reason) = unusable(&variant.name) {
            findings.push(
                Diagnostic::new(&codes::INVALID_ENUM, format!("the value `{}` gives no Rust variant", variant.value))
                    .primary(place, reason)
                    .note(format!("give the variant a name: `{{ value: '{}', name: … }}`", variant.value)),
            );
            continue;
        }
        if let Some((value, first)) = names.insert(&variant.name, (&variant.value, place)) {
            names.insert(&variant.name, (value, first));
            findings.push(
                Diagnostic::new(
                    &codes::NAME_COLLISION,
                    format!(
                        "the values `{value}` and `{}` would both be the variant `{}`",
                        variant.value, variant.name
                    ),
                )
                .primary(place, "rename this one")
                .label(first, "collides with this")
                .note(format!("give the variant a name: `{{ value: '{}', name: … }}`", variant.value)),
            );
        }
    }
}

/// Takes out a variant that stands twice; one with a name of its own may be the one that is meant.
fn remove_variant(book: &Book<'_>, decl: &VariantDecl) -> Option<Fix> {
    let fix = book.patches.certain("remove the second", [book.patches.remove_item(decl.value.span)]);
    if decl.name.is_none() { fix } else { fix.map(Fix::unsure) }
}

fn is_unseen(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
}

fn unusable(variant: &str) -> Option<String> {
    if variant == "Self" {
        return Some("`Self` is a Rust keyword".into());
    }
    let fits = variant.starts_with(|first: char| first.is_ascii_uppercase())
        && variant.chars().all(|c| c.is_ascii_alphanumeric());
    (!fits).then(|| {
        if variant.is_empty() {
            "nothing is left of it as a name".into()
        } else {
            format!("`{variant}` is not UpperCamelCase")
        }
    })
}
