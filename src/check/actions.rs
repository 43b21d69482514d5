//! Foreign keys and what they do: whether there can be one, and whether its actions can be carried out.

use super::view::RelationView;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, codes};
use crate::graph::{Action, PropertyId, RelationKind};
use crate::patch::Value;
use crate::source::Span;

/// A list of keys, or a key into several tables, cannot be a foreign key.
pub(super) fn foreign_key_is_possible(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some(written) = relation.decl.constraint.as_ref().filter(|constraint| constraint.value) else { return };
    let reason = if relation.decl.is_polymorphic() {
        "a key into several tables cannot be a foreign key"
    } else if relation.data.kind == RelationKind::ReferencesMany {
        "the members of a list cannot be foreign keys"
    } else if relation.data.through.is_some() {
        "the foreign keys stand on the link model, where its own relations declare them"
    } else {
        return;
    };
    findings.push(
        Diagnostic::new(
            &codes::CONSTRAINT_IMPOSSIBLE,
            format!("the relation `{}` cannot have a foreign key", relation.data.name),
        )
        .primary(written.span, reason)
        .label(relation.data.span, "this relation is kept by the generated code")
        .fix_if(relation.remove_key("constraint", true)),
    );
}

/// Both directions speak of the same foreign key.
pub(super) fn sides_agree_on_the_foreign_key(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some(inverse) = relation.inverse().filter(|_| relation.data.kind.has()) else { return };
    let (Some(here), Some(there)) = (&relation.decl.constraint, &inverse.decl.constraint) else { return };
    if here.value != there.value {
        findings.push(
            Diagnostic::new(
                &codes::CONSTRAINT_CONFLICT,
                format!(
                    "`{}.{}` and `{}.{}` disagree about their foreign key",
                    relation.model.name(),
                    relation.data.name,
                    inverse.model.name(),
                    inverse.data.name
                ),
            )
            .primary(here.span, format!("says `{}`", here.value))
            .label(there.span, format!("says `{}`", there.value))
            .note("they are the two directions of one relation; one of them is enough to say it")
            .fix_if(relation.remove_key("constraint", false))
            .fix_if(inverse.remove_key("constraint", false)),
        );
    }
}

fn crosses_datasources(relation: RelationView<'_>) -> Option<(&str, &str)> {
    let here = relation.model.data.datasource;
    let book = relation.book();
    let there =
        relation.data.targets.iter().map(|target| book.graph.model(*target).datasource).find(|there| *there != here)?;
    let plain = !relation.data.kind.embeds();
    plain.then(|| (book.graph.datasource(here).name.as_str(), book.graph.datasource(there).name.as_str()))
}

/// No database checks keys of another.
pub(super) fn foreign_key_stays_in_its_datasource(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some(written) = relation.decl.constraint.as_ref().filter(|constraint| constraint.value && relation.is_plain())
    else {
        return;
    };
    if let Some((here, there)) = crosses_datasources(relation) {
        findings.push(
            Diagnostic::new(&codes::CONSTRAINT_ACROSS_DATASOURCES, "a foreign key cannot lead into another datasource")
                .primary(written.span, format!("leads from `{here}` to `{there}`"))
                .note("leave `constraint` out: across datasources a relation is weak")
                .fix_if(relation.remove_key("constraint", true)),
        );
    }
}

/// No transaction spans two datasources.
pub(super) fn actions_stay_in_their_datasource(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some((here, there)) = crosses_datasources(relation) else { return };
    for (key, action, place) in written_actions(relation).filter(|(_, action, _)| *action != Action::NoAction) {
        findings.push(
            Diagnostic::new(
                &codes::ACTION_ACROSS_DATASOURCES,
                format!("`{key}: {}` cannot reach another datasource", word(action)),
            )
            .primary(place, format!("between `{here}` and `{there}`"))
            .note("no transaction spans two datasources; `noAction` is all there is")
            .fix_if(relation.remove_key(key, true)),
        );
    }
}

fn written_actions(relation: RelationView<'_>) -> impl Iterator<Item = (&'static str, Action, Span)> {
    let decl = relation.decl;
    let all = [("onDelete", &decl.on_delete), ("onUpdate", &decl.on_update)];
    all.into_iter().filter_map(|(key, written)| written.as_ref().map(|written| (key, written.value, written.span)))
}

/// The word of the schema language for an action.
pub(super) fn word(action: Action) -> &'static str {
    Action::ALL.iter().find(|(_, known)| *known == action).map_or("noAction", |(word, _)| word)
}

/// Of a pair, the side that holds the key has the actions.
pub(super) fn actions_stand_on_the_key_side(relation: RelationView<'_>, findings: &mut Diagnostics) {
    if !relation.data.kind.has() {
        return;
    }
    let Some((key, action, place)) = written_actions(relation).next() else { return };
    let finding =
        Diagnostic::new(&codes::ACTION_NOT_ON_KEY_SIDE, format!("`{key}` stands on the side without the key"));
    if let Some(inverse) = relation.inverse() {
        let (model, name) = (inverse.model.name(), &inverse.data.name);
        findings.push(
            finding
                .primary(place, format!("move it to `{model}.{name}`"))
                .label(inverse.data.span, "this side holds the key")
                .fix_if(move_action(relation, inverse, key, action)),
        );
    } else if !relation.is_plain() {
        findings.push(finding.primary(place, "the key stands on another model, whose own relation has the actions"));
    }
}

/// The action written on the other side, unless that one says something itself.
fn move_action(from: RelationView<'_>, to: RelationView<'_>, key: &str, action: Action) -> Option<Fix> {
    let there = if key == "onDelete" { &to.decl.on_delete } else { &to.decl.on_update };
    let patches = from.book().patches;
    let removed = from.decl.without_key(patches, key);
    if there.is_some() {
        return patches.likely(format!("remove `{key}`"), [removed]);
    }
    let written = to.decl.with_key(patches, key, &Value::word(word(action)));
    patches.certain(
        format!("move `{key}: {}` to `{}.{}`", word(action), to.model.name(), to.data.name),
        [removed, written],
    )
}

/// The model and properties that hold the relation's key, where it is a single key.
fn holder(relation: RelationView<'_>) -> Option<(super::view::ModelView<'_>, &[PropertyId])> {
    match relation.data.kind {
        RelationKind::BelongsTo => Some((relation.model, &relation.data.key_from)),
        kind if kind.has() && relation.is_plain() => Some((relation.target(), &relation.data.key_to)),
        _ => None,
    }
}

/// What is set to null must be allowed to be null.
pub(super) fn unset_key_is_optional(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some((model, key)) = holder(relation) else { return };
    let Some((word, _, place)) = written_actions(relation).find(|(_, action, _)| *action == Action::SetNull) else {
        return;
    };
    let Some(required) = key.iter().map(|id| model.data.property(*id)).find(|property| property.required) else {
        return;
    };
    let finding = Diagnostic::new(
        &codes::SET_NULL_ON_REQUIRED,
        format!("`{word}: setNull` would unset `{}.{}`, which is required", model.name(), required.name),
    );
    let required_at =
        relation.decl.required.as_ref().filter(|written| written.value).map_or(required.span, |written| written.span);
    findings.push(
        finding
            .primary(place, "cannot be carried out")
            .label(required_at, "required here")
            .note("make the key optional, or choose `restrict` or `cascade`")
            .fix_if(make_optional(relation, model, key))
            .fix_if(
                relation
                    .book()
                    .patches
                    .likely("write `restrict`", [relation.book().patches.replace(place, &Value::word("restrict"))]),
            ),
    );
}

/// The fix that lets the key of a relation be absent, where it is written that it may not be.
pub(super) fn make_optional(
    relation: RelationView<'_>,
    holder: super::view::ModelView<'_>,
    key: &[PropertyId],
) -> Option<Fix> {
    let patches = relation.book().patches;
    let declared = key.iter().filter(|id| holder.data.property(**id).required).filter_map(|id| holder.declaration(*id));
    let mut edits: Vec<_> = declared.map(|decl| decl.without_key(patches, "required")).collect();
    let holding = if relation.data.kind == RelationKind::BelongsTo { Some(relation) } else { relation.inverse() };
    if let Some(holding) = holding.filter(|holding| holding.decl.required.as_ref().is_some_and(|written| written.value))
    {
        edits.push(holding.decl.without_key(patches, "required"));
    }
    let keys = holder.list(key);
    if edits.is_empty() { None } else { patches.likely(format!("make {keys} of `{}` optional", holder.name()), edits) }
}

/// Not every database can carry it out.
pub(super) fn self_relation_does_not_cascade_updates(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let itself = relation.data.targets == [relation.model.id];
    let Some(written) = relation.decl.on_update.as_ref().filter(|action| itself && action.value == Action::Cascade)
    else {
        return;
    };
    findings.push(
        Diagnostic::new(
            &codes::SELF_UPDATE_CASCADE,
            format!("`{}` cannot cascade updates to itself", relation.model.name()),
        )
        .primary(written.span, "not possible on every database")
        .note("MariaDB and MySQL refuse a cascading update that comes back to its own table")
        .fix_if(relation.remove_key("onUpdate", false)),
    );
}
