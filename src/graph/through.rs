//! `hasMany` and `hasOne` through a link model that holds the keys of both sides.

use super::has::{default_name, own_key};
use super::keys::{Step, same_count};
use super::owning::{referenced, required_name};
use super::resolve::Builder;
use super::{ModelId, PropertyId, RelationId, Through};
use crate::ast::{Name, RelationDecl, ThroughDecl};
use crate::diagnostic::{Diagnostic, Fix, codes};
use crate::patch::Value;

/// Resolves the link model and the four halves of the two keys.
pub(super) fn resolve(
    builder: &mut Builder<'_>,
    source: ModelId,
    id: RelationId,
    decl: &RelationDecl,
    link: &ThroughDecl,
) -> Option<()> {
    let targets: Vec<_> = decl.targets.iter().filter_map(|name| builder.target_with_table(name, "target")).collect();
    let model = builder.target_with_table(&link.model, "link model")?;
    if targets.len() != decl.targets.len() {
        return None;
    }
    let target = *targets.first()?;
    if model == source || targets.contains(&model) {
        builder.findings.push(itself(link, builder.graph.model(model).span));
        return None;
    }
    if targets == [source] && (link.key_from.is_none() || link.key_to.is_none()) {
        report_self(builder, source, link);
        return None;
    }
    let name =
        if decl.has_target_list { required_name(builder, source, decl)? } else { default_name(builder, target, decl) };
    let key_from = own_key(builder, source, decl)?;
    let key_to = match referenced(builder, target, decl, false) {
        Step::Done(key) => key,
        Step::Failed | Step::Later => return None,
    };
    let mut other_keys = Vec::new();
    for other in &targets[1..] {
        match referenced(builder, *other, decl, false) {
            Step::Done(key) => other_keys.push(key),
            Step::Failed | Step::Later => return None,
        }
    }
    let stem = if decl.has_target_list { singular(&name) } else { builder.graph.model(target).name.clone() };
    let source_name = builder.graph.model(source).name.clone();
    let from_names = builder.default_key(&source_name, source, &key_from);
    let to_names = builder.default_key(&stem, target, &key_to);
    let from = link_key(builder, model, link, "keyFrom", link.key_from.as_ref(), &from_names, source)?;
    let to = link_key(builder, model, link, "keyTo", link.key_to.as_ref(), &to_names, target)?;
    let link_name = builder.graph.model(model).name.clone();
    let target_name = builder.graph.model(target).name.clone();
    for (side, written, count) in [(&source_name, key_from.len(), from.len()), (&target_name, key_to.len(), to.len())] {
        if let Err(finding) = same_count(decl, (side, written), (&link_name, count), || None) {
            builder.findings.push(finding);
            return None;
        }
    }
    // It may stand with the link's keys, or beside `through`.
    let written = link.discriminator.as_ref().or(decl.discriminator.as_ref());
    let discriminator = match (written, decl.has_target_list) {
        (Some(name), true) => Some(link_discriminator(builder, model, name)?),
        (None, true) => {
            let discriminator = format!("{}Type", singular(&name));
            let found = builder.find(model, &discriminator);
            if found.is_none() && !builder.sites.of(model).incomplete {
                builder.findings.push(no_discriminator(link, &link_name, &discriminator));
            }
            Some(found?)
        }
        _ => None,
    };
    let relation = builder.relation_mut(source, id);
    relation.name = name;
    relation.targets = targets;
    relation.other_keys = other_keys;
    relation.discriminator = discriminator;
    relation.through = Some(Through { model, key_from: from, key_to: to });
    (relation.key_from, relation.key_to) = (key_from, key_to);
    Some(())
}

/// A link joins two models and is neither of them.
fn itself(link: &ThroughDecl, declared: crate::source::Span) -> Diagnostic {
    let name = &link.model.value;
    Diagnostic::new(&codes::THROUGH_ITSELF, format!("`{name}` cannot be the link to itself"))
        .primary(link.model.span, "one of the two models that are to be joined")
        .label(declared, "declared here")
        .note("a link model is a third one, with a `belongsTo` to each side; without one leave `through` out")
}

/// Several targets are told apart by a property of the link model.
fn no_discriminator(link: &ThroughDecl, model: &str, name: &str) -> Diagnostic {
    Diagnostic::new(&codes::DISCRIMINATOR_MISSING, format!("the link model `{model}` has no property `{name}`"))
        .primary(link.span, "with a list of targets, a property of the link says which one is meant")
        .note(format!("declare `{name}: string` on `{model}`, or name another property with `discriminator`"))
}

fn singular(name: &str) -> String {
    pluralizer::pluralize(name, 1, false)
}

/// A model related to itself has the same default on both sides of the link.
fn report_self(builder: &mut Builder<'_>, source: ModelId, link: &ThroughDecl) {
    let name = &builder.graph.model(source).name;
    let message = format!("the two keys of `{name}` on `{}` cannot be told apart", link.model.value);
    builder.findings.push(
        Diagnostic::new(&codes::SELF_THROUGH_KEYS, message)
            .primary(link.span, "a relation to itself needs both keys here")
            .note(format!("write `through: {{ model: {}, keyFrom: …, keyTo: … }}`", link.model.value))
            .fix_if(both_keys(builder, source, link)),
    );
}

/// The fix that names both keys, where the link model leads back by exactly two.
fn both_keys(builder: &Builder<'_>, source: ModelId, link: &ThroughDecl) -> Option<Fix> {
    let model = *builder.names.models.get(&link.model.value)?;
    let keys: Vec<_> = builder
        .leading(model, source)
        .filter_map(|(_, back)| Some(builder.graph.model(model).property(*back.key_from.first()?).name.as_str()))
        .collect();
    let [first, second] = keys.as_slice() else { return None };
    let patches = builder.patches;
    let both = [("keyFrom", Value::word(*first)), ("keyTo", Value::word(*second))];
    let edit = match (&link.key_from, &link.key_to) {
        (None, None) => {
            let whole = [("model", Value::word(&link.model.value))].into_iter().chain(both);
            patches.replace(link.model.span, &Value::map(whole)).filter(|_| link.discriminator.is_none())
        }
        (Some(written), None) if names_one(written, first) => patches.below(link.span)?.append("keyTo", &both[1].1),
        (Some(written), None) if names_one(written, second) => patches.below(link.span)?.append("keyTo", &both[0].1),
        (None, Some(written)) if names_one(written, second) => patches.below(link.span)?.append("keyFrom", &both[0].1),
        (None, Some(written)) if names_one(written, first) => patches.below(link.span)?.append("keyFrom", &both[1].1),
        _ => None,
    };
    patches.likely("name both keys", [edit])
}

fn names_one(written: &[Name], key: &str) -> bool {
    matches!(written, [only] if only.value == key)
}

/// One of the two keys on the link model.
fn link_key(
    builder: &mut Builder<'_>,
    model: ModelId,
    link: &ThroughDecl,
    which: &str,
    written: Option<&Vec<Name>>,
    default: &[String],
    side: ModelId,
) -> Option<Vec<PropertyId>> {
    let names: Vec<String> =
        written.map_or_else(|| default.to_vec(), |names| names.iter().map(|name| name.value.clone()).collect());
    let found: Option<Vec<_>> = names.iter().map(|name| builder.find(model, name)).collect();
    if found.is_none() && !builder.sites.of(model).incomplete {
        let missing = names.iter().position(|name| builder.find(model, name).is_none()).unwrap_or_default();
        report_missing(builder, model, link, which, written.map(|names| &names[missing]), &names[missing], side);
    }
    found
}

fn report_missing(
    builder: &mut Builder<'_>,
    model: ModelId,
    link: &ThroughDecl,
    which: &str,
    written: Option<&Name>,
    name: &str,
    side: ModelId,
) {
    let (owner, side_model) = (builder.graph.model(model), builder.graph.model(side));
    let finding = Diagnostic::new(
        &codes::THROUGH_KEY_MISSING,
        format!("the link model `{}` has no property `{name}`", owner.name),
    );
    let finding = match written {
        Some(written) => {
            let nearest =
                builder.findings.suggest(name, owner.properties.iter().map(|property| property.name.as_str()));
            finding
                .primary(written.span, format!("not a property of `{}`", owner.name))
                .fix_if(crate::ast::did_you_mean(written, nearest))
        }
        None => finding.primary(link.model.span, format!("`{which}` looks for `{}.{name}`", owner.name)),
    };
    let back: Vec<_> = builder
        .leading(model, side)
        .filter_map(|(_, back)| Some((back.span, &owner.property(*back.key_from.first()?).name)))
        .collect();
    builder.findings.push(match back.as_slice() {
        [(span, key)] if written.is_none() => finding
            .label(*span, format!("`{}` belongs to `{}` through `{key}`", owner.name, side_model.name))
            .note(format!("write `through: {{ model: {}, {which}: {key} }}`", owner.name))
            .fix_if(name_link_key(builder, link, which, key)),
        [] => finding
            .note(format!("add `belongsTo: {}` to `{}`", side_model.name, owner.name))
            .fix_if(builder.add_belongs_to(model, side).filter(|_| written.is_none())),
        _ => finding,
    });
}

fn name_link_key(builder: &Builder<'_>, link: &ThroughDecl, which: &str, key: &str) -> Option<Fix> {
    let edit = builder.patches.below(link.span)?.set(which, &Value::word(key), "model");
    builder.patches.certain(format!("add `{which}: {key}`"), [edit])
}

fn link_discriminator(builder: &mut Builder<'_>, model: ModelId, name: &Name) -> Option<PropertyId> {
    match builder.named(model, std::slice::from_ref(name), false) {
        Step::Done(found) => found.first().copied(),
        Step::Failed | Step::Later => None,
    }
}
