//! Relations one by one: their names, and that each says something no other says.

use super::view::RelationView;
use crate::ast::add_key;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::graph::{Origin, RelationKind, name_taken};

/// Accessor and key are two members of one struct.
pub(super) fn name_is_not_its_key(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some(key) = own_name_key(relation) else { return };
    let name = &relation.data.name;
    let finding = Diagnostic::new(&codes::RELATION_NAME_IS_KEY, format!("the relation and its key are both called `{name}`"))
        .primary(relation.name_place(), format!("the relation is called `{name}`"))
        .label(relation.model.data.property(key).span, "and so is its key");
    let stem = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id")).or_else(|| name.strip_suffix("_ids"));
    let better = stem.filter(|stem| !stem.is_empty()).map_or_else(
        || crate::graph::camel(relation.target().name()),
        crate::graph::camel,
    );
    let free = relation.model.data.find_property(&better).is_none()
        && relation.model.relations().all(|other| other.data.name != better);
    findings.push(match (&relation.decl.name, free) {
        (None, true) => finding.fix_if(add_key(relation.book().sources, relation.decl, "name", &better)),
        _ => finding.note("give the relation another name with the key `name`"),
    });
}

/// The key property that has the relation's own name.
fn own_name_key(relation: RelationView<'_>) -> Option<crate::graph::PropertyId> {
    let holds = matches!(relation.data.kind, RelationKind::BelongsTo | RelationKind::ReferencesMany);
    let mut keys = relation.data.key_from.iter().filter(|_| holds);
    keys.find(|id| relation.model.data.property(**id).name == relation.data.name).copied()
}

/// No property and no earlier relation of the model has its name.
pub(super) fn name_is_free(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let name = &relation.data.name;
    if own_name_key(relation).is_some() {
        return;
    }
    let property = relation.model.data.properties.iter().find(|property| {
        property.name == *name && property.origin != Origin::Relation(relation.id)
    });
    if let Some(property) = property {
        findings.push(name_taken(relation.decl, name, property.span, "a property has it"));
        return;
    }
    let Some(first) = relation.model.relations().take_while(|other| other.id < relation.id).find(|other| other.data.name == *name) else {
        return;
    };
    match first.data.origin {
        Origin::Inherited(base) if relation.data.origin == Origin::Declared => {
            let base = relation.book().model(base).name();
            findings.push(
                Diagnostic::new(
                    &codes::BASE_CONFLICT,
                    format!("the relation `{name}` is inherited from `{base}` and declared again"),
                )
                .primary(relation.name_place(), "declared again here")
                .label(first.name_place(), format!("`{base}` has it already"))
                .note("an heir takes over what its base declares; it cannot change it"),
            );
        }
        // Two equal relations have a finding of their own.
        _ if same(relation, first) => {}
        _ => findings.push(name_taken(relation.decl, name, first.name_place(), "another relation has it")),
    }
}

/// Two relations by the same key are one relation written twice.
pub(super) fn differs_from_others(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let equal = relation.model.relations().take_while(|other| other.id < relation.id).find(|other| same(relation, *other));
    let Some(first) = equal else { return };
    if matches!(first.data.origin, Origin::Inherited(_)) && first.data.name == relation.data.name {
        return;
    }
    let key = relation.model.list(&relation.data.key_from);
    findings.push(
        Diagnostic::new(
            &codes::AMBIGUOUS_INVERSE,
            format!("two relations of `{}` lead to `{}` by the same key", relation.model.name(), relation.target().name()),
        )
        .primary(relation.data.span, format!("again by {key}"))
        .label(first.data.span, format!("first by {key}"))
        .note("give them different keys with `keyFrom` or `keyTo`, or remove one"),
    );
}

/// Whether two relations of one model join the same rows in the same direction.
fn same(a: RelationView<'_>, b: RelationView<'_>) -> bool {
    let (a, b) = (a.data, b.data);
    let through = |relation: &crate::graph::Relation| {
        relation.through.as_ref().map(|through| (through.model, through.key_from.clone(), through.key_to.clone()))
    };
    a.kind.has() == b.kind.has()
        && !a.kind.embeds()
        && !b.kind.embeds()
        && a.targets == b.targets
        && a.key_from == b.key_from
        && a.key_to == b.key_to
        && a.discriminator == b.discriminator
        && through(a) == through(b)
}

/// The link model holds two keys, one to each side.
pub(super) fn through_keys_differ(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (Some(through), Some(decl)) = (&relation.data.through, &relation.decl.through) else { return };
    if through.key_from != through.key_to {
        return;
    }
    let link = relation.book().model(through.model);
    let message = format!("{} of `{}` would lead to both sides", link.list(&through.key_from), link.name());
    let written = decl.key_to.as_ref().or(decl.key_from.as_ref()).and_then(|names| names.first());
    findings.push(
        Diagnostic::new(&codes::THROUGH_KEYS_EQUAL, message)
            .primary(written.map_or(decl.span, |name| name.span), "the same as the other key")
            .note("`keyFrom` of `through` leads to the source of the relation, `keyTo` to its target"),
    );
}
