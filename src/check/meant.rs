//! Keys that are where the language says they are, and probably not where their author meant them.

use super::view::RelationView;
use crate::ast::list;
use crate::diagnostic::{Diagnostic, Diagnostics, codes, suggest};
use crate::graph::{ModelId, Origin, PropertyId, RelationKind, Through};
use crate::patch::Value;
use crate::source::Span;

/// A key that the relation adds beside a declared property of nearly its name.
pub(super) fn added_key_was_not_declared(relation: RelationView<'_>, findings: &mut Diagnostics) {
    if !matches!(relation.data.kind, RelationKind::BelongsTo | RelationKind::ReferencesMany) || !findings.are_few() {
        return;
    }
    let model = relation.model;
    for (at, id) in relation.data.key_from.iter().enumerate() {
        let added = model.data.property(*id);
        if added.origin != Origin::Relation(relation.id) {
            continue;
        }
        let is_free = |(other, property): &(PropertyId, &crate::graph::Property)| {
            !matches!(property.origin, Origin::Relation(_) | Origin::Flag)
                && model.is_sound(*other)
                && relation.book().holder(model.id, &[*other]).is_none()
        };
        let declared = || model.data.properties().filter(is_free);
        if let Some((_, property)) = declared().find(|(_, property)| suggest::is_same_word(&property.name, &added.name))
        {
            findings.push(other_spelling(relation, at, &added.name, &property.name, property.span));
            return;
        }
        let same_type =
            declared().filter(|(_, property)| property.ty == added.ty && same_start(&property.name, &added.name));
        let nearest = suggest::nearest(&added.name, same_type.map(|(_, property)| property.name.as_str()));
        let Some(property) = nearest.and_then(|name| Some(model.data.property(model.data.find_property(name)?))) else {
            continue;
        };
        findings.push(
            Diagnostic::new(
                &codes::KEY_RESEMBLES_PROPERTY,
                format!("the key `{}` is added to `{}`, which declares `{}`", added.name, model.name(), property.name),
            )
            .primary(relation.key_from_place(), format!("adds the property `{}`", added.name))
            .label(property.span, "was this one meant?")
            .note(format!("if so, write `keyFrom: {}`; else declare `{}` too", property.name, added.name)),
        );
        return;
    }
}

/// A slip of the pen seldom changes the first letter; other words often differ in it.
fn same_start(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next()
}

fn other_spelling(relation: RelationView<'_>, at: usize, added: &str, declared: &str, place: Span) -> Diagnostic {
    let (model, decl) = (relation.model, relation.decl);
    let finding = Diagnostic::new(
        &codes::KEY_NEEDS_KEY_FROM,
        format!("relation `{}` does not find its key `{declared}`", relation.data.name),
    )
    .primary(relation.key_from_place(), format!("looks for `{added}`, and would add it"))
    .label(place, "the key is declared under this name");
    let patches = relation.book().patches;
    if let Some(written) = decl.key_from.as_ref().and_then(|names| names.get(at)) {
        return finding.fix_if(
            patches.certain(format!("write `{declared}`"), [patches.replace(written.span, &Value::word(declared))]),
        );
    }
    let stem = crate::graph::camel(
        declared.trim_end_matches("Ids").trim_end_matches("Id").trim_end_matches("_ids").trim_end_matches("_id"),
    );
    let name = if relation.data.kind == RelationKind::ReferencesMany { relation.data.name.clone() } else { stem };
    let is_free = decl.name.is_none()
        && !name.is_empty()
        && model.data.find_property(&name).is_none()
        && model.relations().all(|other| other.id == relation.id || other.data.name != name);
    if relation.data.key_from.len() > 1 {
        return finding.note(format!("name the key with `keyFrom`, with `{declared}` in the place of `{added}`"));
    }
    let key = decl.with_key(patches, "keyFrom", &Value::word(declared));
    // The relation would be called like its key.
    if decl.name.is_some() || declared.ends_with("Id") {
        return finding.fix_if(patches.certain(format!("add `keyFrom: {declared}`"), [key]));
    }
    if !is_free {
        return finding.note(format!("add `keyFrom: {declared}` and a `name`"));
    }
    let both = key.zip(decl.with_key(patches, "name", &Value::word(&name))).map(|(mut key, name)| {
        key.text.push_str(&name.text);
        key
    });
    finding.fix_if(patches.certain(format!("add `keyFrom: {declared}` and `name: {name}`"), [both]))
}

/// Of a key that is unique there is at most one row.
pub(super) fn many_may_have_the_key(relation: RelationView<'_>, findings: &mut Diagnostics) {
    if relation.data.kind != RelationKind::HasMany || !relation.is_plain() {
        return;
    }
    let target = relation.target();
    let key = &relation.data.key_to;
    if !relation.book().is_unique(target.id, key) {
        return;
    }
    let names = target.list(key);
    findings.push(
        Diagnostic::new(
            &codes::HAS_MANY_BY_UNIQUE_KEY,
            format!("`hasMany: {}` leads to one row at most", target.name()),
        )
        .primary(relation.data.span, format!("by {names}, which is unique"))
        .label(target.data.property(key[0]).span, "no two rows have the same value")
        .note("write `hasOne`, or let the key not be unique"),
    );
}

/// The key of a relation is given by whoever stores the row.
pub(super) fn key_can_be_given(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let data = relation.data;
    let (holder, key) = match data.kind {
        RelationKind::BelongsTo => (relation.model, &data.key_from),
        kind if kind.has() && relation.is_plain() && relation.inverse().is_none() => (relation.target(), &data.key_to),
        _ => return,
    };
    let made = key.iter().map(|id| holder.data.property(*id)).find(|property| property.generated || property.version);
    let Some(property) = made else { return };
    let who = if property.generated { "generated" } else { "counted by the library" };
    let place = if data.kind == RelationKind::BelongsTo { relation.key_from_place() } else { relation.key_to_place() };
    findings.push(
        Diagnostic::new(
            &codes::KEY_NOT_SETTABLE,
            format!("`{}.{}` is {who} and cannot be the key of a relation", holder.name(), property.name),
        )
        .primary(place, "nobody could say to which row it leads")
        .label(property.span, format!("{who} here"))
        .note(if property.generated {
            "leave out `generated` where a row shares its identity with another, or name another key"
        } else {
            "name another key"
        }),
    );
}

/// A self relation leads to other rows too.
pub(super) fn key_leads_elsewhere(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let data = relation.data;
    let to_itself = relation.is_plain() && data.targets == [relation.model.id] && data.key_from == data.key_to;
    if !to_itself || data.key_from.is_empty() {
        return;
    }
    let key = relation.model.list(&data.key_from);
    let place = if data.kind.has() { relation.key_to_place() } else { relation.key_from_place() };
    findings.push(
        Diagnostic::new(
            &codes::KEY_REFERS_TO_ITSELF,
            format!("by {key} every row of `{}` would lead to itself", relation.model.name()),
        )
        .primary(place, "both halves of the key are the same")
        .note("a tree has a key of its own: `- { belongsTo: Category, keyFrom: parentId }`"),
    );
}

/// Where the relations of the link model stand whose keys are given the wrong way round.
fn swapped(relation: RelationView<'_>, through: &Through) -> Option<(Span, Span)> {
    let (source, target) = (relation.model.id, relation.target().id);
    if relation.decl.has_target_list || source == target {
        return None;
    }
    let leads_to = |key: &[PropertyId], side: ModelId| {
        let holder = relation.book().holder(through.model, key)?;
        (holder.data.targets == [side]).then_some(holder.data.span)
    };
    Some((leads_to(&through.key_from, target)?, leads_to(&through.key_to, source)?))
}

/// Whether the keys of the link are given the wrong way round.
pub(super) fn are_swapped(relation: RelationView<'_>, through: &Through) -> bool {
    swapped(relation, through).is_some()
}

/// Of the two keys of a link, each leads to its own side.
pub(super) fn through_keys_are_not_swapped(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (Some(through), Some(decl)) = (&relation.data.through, &relation.decl.through) else { return };
    let Some((from_place, to_place)) = swapped(relation, through) else { return };
    let (book, source, target) = (relation.book(), relation.model, relation.target());
    let (Some(key_from), Some(key_to)) = (&decl.key_from, &decl.key_to) else { return };
    let link = book.model(through.model);
    let patches = book.patches;
    let swap = match (key_from.as_slice(), key_to.as_slice()) {
        ([from], [to]) => patches.certain(
            "swap them",
            [patches.replace(from.span, &Value::word(&to.value)), patches.replace(to.span, &Value::word(&from.value))],
        ),
        _ => None,
    };
    let names = list(key_from.iter().map(|name| name.value.as_str()), "and");
    findings.push(
        Diagnostic::new(&codes::THROUGH_KEYS_SWAPPED, format!("the two keys of `{}` are swapped", link.name()))
            .primary(key_from[0].span, format!("{names} leads to `{}`", target.name()))
            .label(from_place, format!("leads to `{}`", target.name()))
            .label(to_place, format!("leads to `{}`", source.name()))
            .note(format!(
                "`keyFrom` leads to the source, `{}`, and `keyTo` to the target, `{}`",
                source.name(),
                target.name()
            ))
            .fix_if(swap),
    );
}

/// What names the target is a string that holds any of their names.
pub(super) fn discriminator_holds_names(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some(id) = relation.data.discriminator.filter(|_| relation.decl.has_target_list) else { return };
    let holder = relation.data.through.as_ref().map_or(relation.model, |link| relation.book().model(link.model));
    let property = holder.data.property(id);
    if !holder.is_sound(id) {
        return;
    }
    let longest =
        relation.data.targets.iter().map(|target| relation.book().model(*target).name()).max_by_key(|name| name.len());
    let text = matches!(property.ty.scalar, crate::graph::Scalar::String) && !property.ty.list;
    let is_key = relation.data.through.is_none() && relation.data.key_from.contains(&id);
    let reason = if !text {
        Some("it holds the name of a model, which is a `string`".to_owned())
    } else if is_key || property.generated {
        Some("it is the key itself".to_owned())
    } else {
        let fits = |name: &str| property.max_length.is_none_or(|max| name.len() as u64 <= max);
        longest.filter(|name| !fits(name)).map(|name| format!("`{name}` is longer than its `maxLength`"))
    };
    let Some(reason) = reason else { return };
    let place = holder.declaration(id).and_then(|decl| decl.ty.as_ref()).map_or(property.span, |ty| ty.span);
    findings.push(
        Diagnostic::new(
            &codes::INVALID_DISCRIMINATOR,
            format!("`{}.{}` cannot say which target is meant", holder.name(), property.name),
        )
        .primary(place, reason)
        .label(relation.data.span, "this relation stores the name of its target there"),
    );
}
