//! What is allowed and probably not meant.

use super::view::{Book, EnumView, RelationView};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};

/// An enum is the type of some property.
pub(super) fn enum_is_used(book: &Book<'_>, item: EnumView<'_>, findings: &mut Diagnostics) {
    if item.decl.broken || book.used_enums.contains(&item.id) || book.incomplete || book.graph.models.is_empty() {
        return;
    }
    findings.push(
        Diagnostic::new(&codes::UNUSED_ENUM, format!("no property is of the type `{}`", item.data.name))
            .primary(item.data.span, "this enum is never used")
            .fix_if(book.patches.likely("remove it", [book.patches.remove_entry(item.data.span)])),
    );
}

/// A key found by its default name leads back to this model.
pub(super) fn key_is_not_of_another_relation(relation: RelationView<'_>, findings: &mut Diagnostics) {
    if !relation.data.kind.has()
        || !relation.is_plain()
        || relation.decl.key_to.is_some()
        || relation.inverse().is_some()
    {
        return;
    }
    let target = relation.target();
    let holder = relation.book().holder(target.id, &relation.data.key_to);
    let Some(other) = holder.filter(|other| other.data.targets != [relation.model.id]) else { return };
    let key = target.list(&relation.data.key_to);
    findings.push(
        Diagnostic::new(
            &codes::KEY_OF_ANOTHER_RELATION,
            format!("the key {key} of `{}` belongs to its relation with `{}`", target.name(), other.target().name()),
        )
        .primary(relation.data.span, format!("found {key} by its default name"))
        .label(other.data.span, "the key belongs to this relation")
        .note("name the key with `keyTo` if this is meant"),
    );
}
