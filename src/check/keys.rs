//! The two halves of a relation's key agree, and the referenced half identifies a row.

use super::indexes::{can_be_compared, cannot_be_compared};
use super::refused::is_refused;
use super::view::{ModelView, RelationView};
use crate::ast::list;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, codes};
use crate::graph::{Graph, Model, Origin, Property, PropertyId, RelationKind, Scalar, Type};
use crate::patch::Value;
use crate::source::Span;

/// A referencesMany holds a list of keys.
pub(super) fn references_are_a_list(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (RelationKind::ReferencesMany, [key]) = (relation.data.kind, relation.data.key_from.as_slice()) else { return };
    let property = relation.model.data.property(*key);
    if property.ty.list || !relation.model.is_sound(*key) {
        return;
    }
    let finding = Diagnostic::new(
        &codes::REFERENCES_NOT_LIST,
        format!("`{}` holds one key, and `referencesMany` needs a list of them", property.name),
    );
    let place = relation.model.declaration(*key).and_then(|decl| decl.ty.as_ref()).map_or(property.span, |ty| ty.span);
    let patches = relation.book().patches;
    let ty = relation.model.declaration(*key).and_then(|decl| decl.ty.as_ref());
    let fix = ty.and_then(|ty| {
        let list = format!("{}[]", ty.value);
        patches.likely(format!("write `{list}`"), [patches.replace(ty.span, &Value::word(&list))])
    });
    findings.push(finding.primary(place, "not a list").label(relation.data.span, "refers to many").fix_if(fix));
}

/// Each property of the key has the type of the one it is paired with.
pub(super) fn key_types_agree(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (data, source) = (relation.data, relation.model);
    if data.kind.embeds() || data.targets.is_empty() {
        return;
    }
    let target = relation.target();
    match &data.through {
        // Swapped keys are reported as such.
        Some(through) if super::meant::are_swapped(relation, through) => {}
        Some(through) => {
            let link = relation.book().model(through.model);
            pairs_agree(relation, link, &through.key_from, source, &data.key_from, findings);
            pairs_agree(relation, link, &through.key_to, target, &data.key_to, findings);
        }
        None if data.kind.has() => {
            pairs_agree(relation, target, &data.key_to, source, &data.key_from, findings);
            // Each of several targets has a key of the same name.
            for other in data.targets.iter().skip(1).map(|id| relation.book().model(*id)) {
                let name = |id: &PropertyId| other.data.find_property(&target.data.property(*id).name);
                let key: Option<Vec<_>> = data.key_to.iter().map(name).collect();
                pairs_agree(relation, other, &key.unwrap_or_default(), source, &data.key_from, findings);
            }
        }
        None => pairs_agree(relation, source, &data.key_from, target, &data.key_to, findings),
    }
}

fn pairs_agree(
    relation: RelationView<'_>,
    holder: ModelView<'_>,
    held: &[PropertyId],
    referred: ModelView<'_>,
    referenced: &[PropertyId],
    findings: &mut Diagnostics,
) {
    // The other direction of a pair reports it.
    if relation.data.kind.has() && relation.inverse().is_some() {
        return;
    }
    for (from, to) in held.iter().zip(referenced) {
        if !holder.is_sound(*from) || !referred.is_sound(*to) {
            continue;
        }
        let (from_data, to_data) = (holder.data.property(*from), referred.data.property(*to));
        let list = relation.data.kind == RelationKind::ReferencesMany;
        let same_list = list || from_data.ty.list == to_data.ty.list;
        let is_refused = is_refused(to_data);
        let scalar = if is_refused { Scalar::Integer } else { to_data.ty.scalar };
        if [scalar, to_data.ty.scalar].contains(&from_data.ty.scalar) && same_list && same_digits(from_data, to_data) {
            continue;
        }
        let graph = relation.book().graph;
        // What is said of an id that is a `number` is to make it an `integer`.
        let to_type = if is_refused { "`integer`".to_owned() } else { described(to_data, graph) };
        let (from_type, is) = (described(from_data, graph), if is_refused { "should be" } else { "is" });
        let message = format!(
            "`{}.{}` is {from_type}, but `{}.{}` that it refers to {is} {to_type}",
            holder.name(),
            from_data.name,
            referred.name(),
            to_data.name
        );
        let ty = holder.declaration(*from).and_then(|decl| decl.ty.as_ref());
        let finding = Diagnostic::new(&codes::KEY_TYPE_MISMATCH, message)
            .primary(ty.map_or(from_data.span, |ty| ty.span), format!("should be {to_type}"))
            .label(to_data.span, format!("this {is} {to_type}"))
            .label(relation.data.span, "this relation pairs the two");
        findings.push(match (ty, graph.word(scalar)) {
            (Some(ty), word) if from_data.ty.scalar != to_data.ty.scalar && !from_data.ty.list => {
                finding.fix(format!("write `{word}`"), [Edit::replace(ty.span, word)])
            }
            _ => finding,
        });
        return;
    }
}

/// Decimals of different scale are different values.
fn same_digits(a: &Property, b: &Property) -> bool {
    a.ty.scalar != Scalar::Decimal || (a.precision, a.scale) == (b.precision, b.scale)
}

fn described(property: &Property, graph: &Graph) -> String {
    let word = graph.word(property.ty.scalar);
    let digits = if property.ty.scalar == Scalar::Decimal {
        format!(" ({}, {})", property.precision, property.scale)
    } else {
        String::new()
    };
    if property.ty.list { format!("`{word}[]`{digits}") } else { format!("`{word}`{digits}") }
}

/// One key can refer to several models only if their keys are alike.
pub(super) fn targets_agree(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let data = relation.data;
    if !relation.decl.has_target_list || data.kind == RelationKind::HasOne && data.through.is_none() {
        return;
    }
    let book = relation.book();
    let types =
        |model: &Model, key: &[PropertyId]| -> Vec<Type> { key.iter().map(|id| model.property(*id).ty).collect() };
    let key_of = |model: &Model| -> Option<Vec<PropertyId>> {
        match &relation.decl.key_to {
            Some(names) => names.iter().map(|name| model.find_property(&name.value)).collect(),
            None => Some(model.key.clone()),
        }
    };
    let first = book.graph.model(data.targets[0]);
    let expected = key_of(first).map(|key| types(first, &key));
    for (target, written) in data.targets.iter().zip(&relation.decl.targets).skip(1) {
        let model = book.graph.model(*target);
        let found = key_of(model);
        if found.as_ref().map(|key| types(model, key)) != expected {
            let place = found.and_then(|key| key.first().map(|id| model.property(*id).span)).unwrap_or(model.span);
            findings.push(
                Diagnostic::new(
                    &codes::POLYMORPHIC_KEY_MISMATCH,
                    format!("the keys of `{}` and `{}` are not of the same type", first.name, model.name),
                )
                .primary(written.span, "one key cannot refer to both")
                .label(place, format!("the key of `{}`", model.name)),
            );
            return;
        }
    }
}

/// A key holds values that can be compared.
pub(super) fn key_can_be_compared(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let data = relation.data;
    if data.kind.embeds()
        || data.kind == RelationKind::ReferencesMany
        || (data.kind.has() && relation.inverse().is_some())
    {
        return;
    }
    let unfit = data.key_from.iter().find(|id| {
        let property = relation.model.data.property(**id);
        relation.model.is_sound(**id) && !can_be_compared(property) && !property.id
    });
    if let Some(id) = unfit {
        // An added key is of the type of what it refers to, which is at fault then.
        if let Origin::Relation(_) = relation.model.data.property(*id).origin {
            let (target, at) = (relation.target(), data.key_from.iter().position(|key| key == id).unwrap_or_default());
            if !target.data.property(data.key_to[at]).id {
                findings.push(cannot_be_compared(
                    target,
                    data.key_to[at],
                    relation.key_to_place(),
                    "the key of a relation",
                ));
            }
            return;
        }
        if relation.model.has_type_of_another(*id) {
            return;
        }
        findings.push(cannot_be_compared(relation.model, *id, relation.key_from_place(), "the key of a relation"));
    }
}

/// What a key refers to is the primary key or unique.
pub(super) fn referenced_key_is_unique(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let data = relation.data;
    if data.kind.embeds() || data.polymorphic.is_some() || (data.kind.has() && relation.inverse().is_some()) {
        return;
    }
    let (model, key, place) = if data.kind.has() {
        (relation.model, &data.key_from, relation.key_from_place())
    } else {
        (relation.target(), &data.key_to, relation.key_to_place())
    };
    if !key.iter().all(|id| model.is_sound(*id)) {
        return;
    }
    let is_primary = |key: &[PropertyId]| {
        let primary = &model.data.key;
        primary.len() == key.len() && primary.iter().all(|id| key.contains(id))
    };
    if relation.book().is_unique(model.id, key) {
        if data.strong && model.data.soft_delete && !is_primary(key) {
            findings.push(of_live_rows(model, key, place));
        }
        return;
    }
    let code = if data.strong { &codes::KEY_NOT_UNIQUE } else { &codes::WEAK_KEY_NOT_UNIQUE };
    let names = model.list(key);
    let message = match key.as_slice() {
        [_] => format!("{names} of `{}` is not unique", model.name()),
        _ => format!("{names} of `{}` are not unique together", model.name()),
    };
    let finding = Diagnostic::new(code, message)
        .primary(place, "may refer to several rows")
        .label(model.data.property(key[0]).span, "neither the primary key nor unique");
    findings.push(match key.as_slice() {
        [_] => finding
            .note(format!("mark it with `unique: true`, or refer to the primary key {}", model.list(&model.data.key)))
            .fix_if(make_unique(model, key)),
        _ => finding
            .note("add them to `indexes` with `unique: true`; the constraint has these properties and no others")
            .fix_if(make_unique(model, key)),
    });
}

/// The finding for a foreign key to what is unique among live rows only.
fn of_live_rows(model: ModelView<'_>, key: &[PropertyId], place: Span) -> Diagnostic {
    let (names, name) = (model.list(key), model.name());
    let is = if key.len() == 1 { "is" } else { "are" };
    let finding =
        Diagnostic::new(&codes::KEY_NOT_UNIQUE, format!("{names} of `{name}` {is} unique among live rows only"))
            .primary(place, "may refer to several rows: a live one, and deleted ones");
    let finding = match model.decl.soft_delete {
        Some(flag) => finding.label(flag, "deleted rows stay, and no longer count"),
        None => {
            finding.label(model.data.span, "extends a model with `softDelete`: deleted rows stay, and do not count")
        }
    };
    let primary = model.list(&model.data.key);
    finding.note(format!("refer to the primary key {primary}, or do without a foreign key: `constraint: false`"))
}

/// The fix that lets a key identify a row.
fn make_unique(model: ModelView<'_>, key: &[PropertyId]) -> Option<Fix> {
    let patches = model.book.patches;
    let yes = Value::boolean(true);
    if let [only] = key {
        let name = &model.data.property(*only).name;
        let edit = model.declaration(*only)?.with_key(patches, "unique", &yes);
        return patches.likely(format!("make `{name}` unique"), [edit]);
    }
    let names = Value::words(key.iter().map(|id| model.data.property(*id).name.as_str()));
    let index = Value::map([("properties", names), ("unique", yes)]);
    let edit = patches.below(model.data.span)?.append_item("indexes", &index, "indexes");
    patches.likely("add the constraint", [edit])
}

/// What a relation says of being required is what its declared key says.
pub(super) fn required_agrees_with_the_key(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (RelationKind::BelongsTo, Some(written)) = (relation.data.kind, &relation.decl.required) else { return };
    let declared = relation.data.key_from.iter().filter(|id| relation.model.declaration(**id).is_some());
    let mut disagreeing = declared.filter(|id| relation.model.data.property(**id).required != written.value);
    // An optional composite key needs only one optional member.
    if !written.value && !relation.data.required {
        return;
    }
    let Some(id) = disagreeing.next() else { return };
    let property = relation.model.data.property(*id);
    let (says, is) = if written.value { ("required", "optional") } else { ("optional", "required") };
    let finding = Diagnostic::new(
        &codes::REQUIRED_CONFLICT,
        format!("the relation is {says}, and its key {} is {is}", list([property.name.as_str()], "and")),
    )
    .primary(written.span, format!("says {says}"))
    .label(property.span, format!("declared {is}"));
    let patches = relation.book().patches;
    let follow = patches.likely(
        format!("write `required: {}`, as the property says", !written.value),
        [patches.replace(written.span, &Value::boolean(!written.value))],
    );
    let lead = relation.model.declaration(*id).and_then(|decl| {
        let edit = decl.with_key(patches, "required", &Value::boolean(written.value));
        patches.likely(format!("make the property {says}, as the relation says"), [edit])
    });
    // A part of the primary key is required whatever it says.
    let lead = lead.filter(|_| !property.id);
    findings.push(finding.note("leave `required` out: the declared property decides").fix_if(follow).fix_if(lead));
}
