//! Fifth pass: `hasMany` and `hasOne`, which look for their key on the target and never add one there.

use super::keys::{MAX_KEY_PROPERTIES, Step, same_count};
use super::owning::{discriminator, required_name};
use super::resolve::{Builder, owns};
use super::{ModelId, PropertyId, Relation, RelationId, RelationKind, through, words};
use crate::ast::{Name, RelationDecl, list};
use crate::diagnostic::{Diagnostic, Fix, codes};
use crate::patch::Value;

/// Resolves them in order; all keys exist by now. Those that fail add none and take none away, so that they say
/// nothing about the keys of the others.
pub(super) fn resolve(builder: &mut Builder<'_>) {
    let mut failed = Vec::new();
    for (source, id) in builder.pending() {
        let decl = builder.declaration(source, id);
        if owns(decl.kind) {
            continue;
        }
        let done = match (&decl.through, &decl.polymorphic) {
            (Some(link), _) => through::resolve(builder, source, id, decl, link),
            (None, Some(_)) => answer(builder, source, id, decl),
            (None, None) if decl.has_target_list => several_targets(builder, source, id, decl),
            (None, None) => plain(builder, source, id, decl),
        };
        match done {
            Some(()) => builder.resolved(source, id),
            None => failed.push(source),
        }
    }
    for source in failed {
        builder.incomplete(source);
    }
}

fn plain(builder: &mut Builder<'_>, source: ModelId, id: RelationId, decl: &RelationDecl) -> Option<()> {
    let target = builder.target_with_table(decl.targets.first()?, "target")?;
    let key_from = own_key(builder, source, decl)?;
    let source_name = builder.graph.model(source).name.clone();
    let target_name = builder.graph.model(target).name.clone();
    let key_to = match &decl.key_to {
        Some(names) => match builder.named(target, names, false) {
            Step::Done(key) => key,
            Step::Failed | Step::Later => return None,
        },
        None => default_key_to(builder, source, target, &key_from, decl)?,
    };
    if let Err(finding) = same_count(decl, (&source_name, key_from.len()), (&target_name, key_to.len()), || None) {
        let one_for_each = || names_for_each(builder, source, &key_from, decl, &target_name);
        let note = one_for_each().filter(|_| decl.key_from.is_none());
        builder.findings.push(note.into_iter().fold(finding, Diagnostic::note));
        return None;
    }
    let name = default_name(builder, target, decl);
    let relation = builder.relation_mut(source, id);
    relation.name = name;
    relation.targets = vec![target];
    (relation.key_from, relation.key_to) = (key_from, key_to);
    Some(())
}

/// How `keyTo` is written for a primary key of several properties, or of one.
fn names_for_each(
    builder: &Builder<'_>,
    source: ModelId,
    key: &[PropertyId],
    decl: &RelationDecl,
    target: &str,
) -> Option<String> {
    decl.key_to.as_ref()?;
    let model = builder.graph.model(source);
    let own = list(key.iter().map(|id| model.property(*id).name.as_str()), "and");
    let names = builder.default_key(&model.name, source, key);
    let names = if let [only] = names.as_slice() { only.clone() } else { format!("[{}]", names.join(", ")) };
    Some(format!("name what `{target}` has for {own}, the primary key of `{}`, such as `keyTo: {names}`", model.name))
}

/// As written, or the primary key of the source.
pub(super) fn own_key(builder: &mut Builder<'_>, source: ModelId, decl: &RelationDecl) -> Option<Vec<PropertyId>> {
    match &decl.key_from {
        Some(names) => match builder.named(source, names, false) {
            Step::Done(key) => Some(key),
            Step::Failed | Step::Later => None,
        },
        None => Some(builder.graph.model(source).key.clone()).filter(|key| !key.is_empty()),
    }
}

/// The target's plural, or its name where there is only one.
pub(super) fn default_name(builder: &Builder<'_>, target: ModelId, decl: &RelationDecl) -> String {
    let model = builder.graph.model(target);
    decl.name.as_ref().map_or_else(
        || words::camel(if decl.kind == RelationKind::HasMany { &model.plural } else { &model.name }),
        |name| name.value.clone(),
    )
}

/// Source name + `Id` on the target, which must be there.
fn default_key_to(
    builder: &mut Builder<'_>,
    source: ModelId,
    target: ModelId,
    key_from: &[PropertyId],
    decl: &RelationDecl,
) -> Option<Vec<PropertyId>> {
    // Reported where it is declared.
    if key_from.len() > MAX_KEY_PROPERTIES {
        return None;
    }
    let source_name = builder.graph.model(source).name.clone();
    let names = builder.default_key(&source_name, source, key_from);
    let found: Option<Vec<_>> = names.iter().map(|name| builder.find(target, name)).collect();
    if found.is_none() && !builder.sites.of(target).incomplete {
        report_missing_key(builder, source, target, &names, decl);
    }
    found
}

/// The `hasMany` or `hasOne` of the target that looks for its key here, and does not find it either.
fn opposite<'a>(builder: &Builder<'a>, source: ModelId, target: ModelId) -> Option<&'a RelationDecl> {
    if source == target {
        return None;
    }
    let (source_name, target_model) = (&builder.graph.model(source).name, builder.graph.model(target));
    let key = builder.default_key(&target_model.name, target, &target_model.key);
    if key.iter().all(|name| builder.find(source, name).is_some()) || builder.sites.of(source).incomplete {
        return None;
    }
    let schema = builder.schema;
    schema.models[target.0 as usize].relations.iter().find(|decl| {
        let plain = decl.through.is_none() && !decl.is_polymorphic() && decl.key_to.is_none() && !decl.broken;
        decl.kind.has() && plain && decl.targets.first().is_some_and(|name| name.value == *source_name)
    })
}

/// Two relations that each leave the key to the other are one finding, reported by the first model.
fn no_side_holds_the_key(
    builder: &Builder<'_>,
    source: ModelId,
    target: ModelId,
    decl: &RelationDecl,
) -> Option<Diagnostic> {
    let back = opposite(builder, source, target)?;
    if source > target {
        return None;
    }
    let (here, there) = (&builder.graph.model(source).name, &builder.graph.model(target).name);
    let finding =
        Diagnostic::new(&codes::NO_SIDE_HOLDS_KEY, format!("`{here}` and `{there}` each leave the key to the other"))
            .primary(decl.span, format!("looks for a key on `{there}`"))
            .label(back.span, format!("looks for a key on `{here}`"));
    let both_many = decl.kind == RelationKind::HasMany && back.kind == RelationKind::HasMany;
    Some(if both_many {
        finding.note(format!(
            "many to many needs a third model with `belongsTo: {here}` and `belongsTo: {there}`; both sides then go \
             `through` it"
        ))
    } else {
        let one = if back.kind == RelationKind::HasOne { (there, here) } else { (here, there) };
        finding.note(format!("let one side hold it: write `belongsTo: {}` in `{}`", one.1, one.0))
    })
}

fn report_missing_key(
    builder: &mut Builder<'_>,
    source: ModelId,
    target: ModelId,
    names: &[String],
    decl: &RelationDecl,
) {
    let (source_model, target_model) = (builder.graph.model(source), builder.graph.model(target));
    let missing = names.iter().find(|name| builder.find(target, name).is_none()).map_or("", String::as_str);
    let relation_name = default_name(builder, target, decl);
    let looks_for = format!("looks for `{}.{missing}`, which does not exist", target_model.name);
    let message = format!("relation `{relation_name}` cannot find its key on `{}`", target_model.name);
    let back: Vec<_> = builder
        .leading(target, source)
        .filter(|(_, back)| !back.is_polymorphic())
        .map(|(id, back)| (builder.declaration(target, id), back))
        .collect();
    let key_names = |back: &Relation| -> Vec<&str> {
        back.key_from.iter().map(|id| target_model.property(*id).name.as_str()).collect()
    };
    let key = |back: &Relation| {
        let names = key_names(back);
        if let [only] = names.as_slice() { (*only).to_owned() } else { format!("[{}]", names.join(", ")) }
    };
    let finding = match back.as_slice() {
        [] if opposite(builder, source, target).is_some() => {
            let Some(finding) = no_side_holds_the_key(builder, source, target, decl) else { return };
            finding
        }
        [] => Diagnostic::new(&codes::UNKNOWN_KEY_PROPERTY, message)
            .primary(decl.span, looks_for)
            .note(format!(
                "add `belongsTo: {}` to `{}`, which brings the key, or name another property with `keyTo`",
                source_model.name, target_model.name
            ))
            .fix_if(builder.add_belongs_to(target, source).filter(|_| decl.key_from.is_none())),
        [(back_decl, back)] => {
            let place = super::keys::place_of(back_decl.key_from.as_ref(), back_decl);
            Diagnostic::new(&codes::KEY_NEEDS_KEY_TO, message)
                .primary(decl.span, looks_for)
                .label(place, format!("`{}` belongs to `{}` through this key", target_model.name, source_model.name))
                .fix_if(decl.name_key(builder.patches, "keyTo", &key_names(back)))
        }
        several => {
            let keys: Vec<String> = several.iter().map(|(_, back)| key(back)).collect();
            let finding = Diagnostic::new(
                &codes::AMBIGUOUS_INVERSE,
                format!("relation `{relation_name}` could mean several keys of `{}`", target_model.name),
            )
            .primary(decl.span, format!("which of {}?", list(keys.iter().map(String::as_str), "or")));
            let finding = several.iter().zip(&keys).fold(finding, |finding, ((decl, _), key)| {
                finding
                    .label(super::keys::place_of(decl.key_from.as_ref(), decl), format!("leads back through `{key}`"))
            });
            let finding = finding.note("name one with `keyTo`");
            several.iter().fold(finding, |finding, (_, back)| {
                let fix = decl.name_key(builder.patches, "keyTo", &key_names(back));
                finding.fix_if(fix.map(Fix::unsure))
            })
        }
    };
    builder.findings.push(finding);
}

/// `hasMany: Comment, polymorphic: subject`: the other side holds key and discriminator.
fn answer(builder: &mut Builder<'_>, source: ModelId, id: RelationId, decl: &RelationDecl) -> Option<()> {
    let target = builder.target_with_table(decl.targets.first()?, "target")?;
    let asked = decl.polymorphic.as_ref()?;
    let written = own_key(builder, source, decl)?;
    let found = builder
        .leading(target, source)
        .find(|(_, back)| back.discriminator.is_some() && back.name == asked.value)
        .map(|(id, back)| (id, back.key_from.clone(), key_on(back, source), back.discriminator));
    let Some((back_id, key_to, key_from, discriminator)) = found else {
        if !builder.sites.of(target).incomplete {
            let finding = not_answered(builder, source, target, decl, asked);
            builder.findings.push(finding);
        }
        return None;
    };
    if decl.key_from.is_some() && written != key_from {
        let finding = other_key(builder, (source, &key_from), target, decl, asked);
        builder.findings.push(finding);
        return None;
    }
    let name = default_name(builder, target, decl);
    let relation = builder.relation_mut(source, id);
    relation.name = name;
    relation.targets = vec![target];
    relation.polymorphic = Some(back_id);
    relation.discriminator = discriminator;
    (relation.key_from, relation.key_to) = (key_from, key_to);
    Some(())
}

/// The key by which a relation to several models leads to that one.
fn key_on(back: &Relation, model: ModelId) -> Vec<PropertyId> {
    back.keyed_targets().find(|(target, _)| *target == model).map_or_else(Vec::new, |(_, key)| key.to_vec())
}

/// The answer would go by another key than the relation that it answers: the two would be about different rows.
fn other_key(
    builder: &Builder<'_>,
    (source, key): (ModelId, &[PropertyId]),
    target: ModelId,
    decl: &RelationDecl,
    asked: &Name,
) -> Diagnostic {
    let (model, patches) = (builder.graph.model(source), builder.patches);
    let names = list(key.iter().map(|id| model.property(*id).name.as_str()), "and");
    let theirs = format!("`{}.{}`", builder.graph.model(target).name, asked.value);
    let edit = decl.without_key(patches, "keyFrom");
    Diagnostic::new(&codes::KEY_NOT_FOR_KIND, format!("`keyFrom` differs from the key that {theirs} leads to"))
        .primary(super::keys::place_of(decl.key_from.as_ref(), decl), format!("{theirs} leads to {names}"))
        .label(asked.span, "the relation that is answered has the key")
        .fix_if(patches.likely("remove `keyFrom`", [edit]))
}

/// The relation that `polymorphic` names is not there, leads elsewhere, or to one model only.
fn not_answered(
    builder: &Builder<'_>,
    source: ModelId,
    target: ModelId,
    decl: &RelationDecl,
    asked: &Name,
) -> Diagnostic {
    let (source_name, target_model) = (&builder.graph.model(source).name, builder.graph.model(target));
    let (patches, name) = (builder.patches, &asked.value);
    let resolved = |id: RelationId| builder.sites.of(target).relations[id.0 as usize].resolved;
    let named = target_model.relations().find(|(id, relation)| relation.name == *name && resolved(*id));
    if let Some((id, back)) = named.filter(|(_, back)| back.kind == RelationKind::BelongsTo) {
        let back_decl = builder.declaration(target, id);
        let finding = |message: String, label: &str| {
            Diagnostic::new(&codes::UNKNOWN_POLYMORPHIC, message)
                .primary(asked.span, label)
                .label(back_decl.span, "declared here")
        };
        if back.discriminator.is_some() {
            let edit = patches.around(back_decl.span).and_then(|place| {
                place.append_item(RelationKind::BelongsTo.key(), &Value::word(source_name), "belongsTo")
            });
            let message = format!("`{}.{name}` does not lead to `{source_name}`", target_model.name);
            return finding(message, "not in its list of targets")
                .fix_if(patches.likely(format!("add `{source_name}` to the list"), [edit]));
        }
        let finding =
            finding(format!("`{}.{name}` is not polymorphic", target_model.name), "it leads to one model only");
        return if back.targets == [source] {
            let edit = decl.without_key(patches, "polymorphic");
            finding
                .note(format!("`{}` finds its key without `polymorphic`", decl.kind.key()))
                .fix_if(patches.likely("remove `polymorphic`", [edit]))
        } else {
            let only = &builder.graph.model(back.targets[0]).name;
            finding.note(format!("to lead to several, it would be `belongsTo: [{only}, {source_name}]` with a `name`"))
        };
    }
    let mut answered = builder.leading(target, source).filter(|(_, back)| back.discriminator.is_some());
    let only = answered.next().filter(|_| answered.next().is_none()).map(|(_, back)| back.name.as_str());
    let fix = only.and_then(|name| {
        let edit = patches.replace(asked.span, &Value::word(name));
        patches.likely(format!("write `{name}`"), [edit])
    });
    let message = format!("`{}` has no polymorphic relation `{name}` to `{source_name}`", target_model.name);
    let finding = Diagnostic::new(&codes::UNKNOWN_POLYMORPHIC, message)
        .primary(asked.span, "the name of a `belongsTo` with a list of targets")
        .fix_if(fix);
    if only.is_some() { finding } else { finding.note(format!("`{source_name}` must be in that list")) }
}

/// `hasOne: [CreditCard, Cash]`: the source says which of them holds its key.
fn several_targets(builder: &mut Builder<'_>, source: ModelId, id: RelationId, decl: &RelationDecl) -> Option<()> {
    if decl.kind == RelationKind::HasMany {
        builder.findings.push(
            Diagnostic::new(&codes::MISSING_KEY, "a `hasMany` with a list of targets needs the key `through`")
                .primary(decl.span, "`through` is missing here")
                .note("its link model says for each row which target is meant"),
        );
        return None;
    }
    let name = required_name(builder, source, decl)?;
    let key_from = own_key(builder, source, decl)?;
    let mut targets = Vec::with_capacity(decl.targets.len());
    let mut keys = Vec::with_capacity(decl.targets.len());
    for written in &decl.targets {
        let target = builder.target_with_table(written, "target")?;
        let key = match &decl.key_to {
            Some(names) => match builder.named(target, names, false) {
                Step::Done(key) => key,
                Step::Failed | Step::Later => return None,
            },
            None => default_key_to(builder, source, target, &key_from, decl)?,
        };
        keys.push(key);
        targets.push(target);
    }
    let discriminator = discriminator(builder, source, id, decl, &name, false);
    let relation = builder.relation_mut(source, id);
    relation.name = name;
    relation.targets = targets;
    relation.discriminator = Some(discriminator);
    let mut keys = keys.into_iter();
    (relation.key_from, relation.key_to) = (key_from, keys.next()?);
    relation.other_keys = keys.collect();
    Some(())
}
