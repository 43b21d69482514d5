//! Fourth pass: relations that hold their key, or their value, on their own side. They come first because the
//! others look for what these add.

use super::keys::{Addition, MAX_KEY_PROPERTIES, Step, place_of, same_count, written_or};
use super::properties::value_type_has_table;
use super::resolve::{Builder, PropertySite, added, owns};
use super::{ModelId, Origin, PropertyId, RelationId, RelationKind, Scalar, Type, words};
use crate::ast::{Name, RelationDecl};
use crate::diagnostic::{Diagnostic, Fix, codes};

/// Resolves them in rounds: a key may refer to one that another relation adds.
pub(super) fn resolve(builder: &mut Builder<'_>) {
    report_targets_of_others(builder);
    let mut waiting: Vec<_> = builder.pending();
    waiting.retain(|(model, relation)| owns(builder.declaration(*model, *relation).kind));
    loop {
        let before = waiting.len();
        waiting.retain(|at| matches!(attempt(builder, *at, true), Step::Later));
        if waiting.is_empty() {
            return;
        }
        if waiting.len() == before {
            break;
        }
    }
    for at in waiting {
        attempt(builder, at, false);
    }
}

/// Nothing else is asked of the relations of an abstract model, which are resolved with its heirs, nor of those in
/// which something could not be read.
fn report_targets_of_others(builder: &mut Builder<'_>) {
    let schema = builder.schema;
    for model in &schema.models {
        for decl in model.relations.iter().filter(|decl| decl.broken || model.is_abstract) {
            let links = decl.through.iter().map(|through| (&through.model, "link model"));
            for (name, what) in decl.targets.iter().map(|name| (name, "target")).chain(links) {
                builder.target(name, what, |_| true);
            }
        }
    }
}

fn attempt(builder: &mut Builder<'_>, (source, id): (ModelId, RelationId), may_wait: bool) -> Step<()> {
    let decl = builder.declaration(source, id);
    let step = match decl.kind {
        RelationKind::EmbedsOne | RelationKind::EmbedsMany => embed(builder, source, id, decl),
        RelationKind::ReferencesMany => references(builder, source, id, decl, may_wait),
        _ if decl.has_target_list => polymorphic(builder, source, id, decl),
        _ => belongs_to(builder, source, id, decl, may_wait),
    };
    match step {
        Step::Done(()) => builder.resolved(source, id),
        Step::Failed => builder.incomplete(source),
        Step::Later => {}
    }
    step
}

fn belongs_to(
    builder: &mut Builder<'_>,
    source: ModelId,
    id: RelationId,
    decl: &RelationDecl,
    may_wait: bool,
) -> Step<()> {
    let Some(target) = only_target(builder, decl) else {
        return Step::Failed;
    };
    let key_to = match referenced(builder, target, decl, may_wait) {
        Step::Done(key) => key,
        Step::Failed => return Step::Failed,
        Step::Later => return Step::Later,
    };
    let target_name = builder.graph.model(target).name.clone();
    let names = written_or(decl.key_from.as_ref(), || builder.default_key(&target_name, target, &key_to));
    let source_name = builder.graph.model(source).name.clone();
    if let Err(finding) = same_count(decl, (&source_name, names.len()), (&target_name, key_to.len()), || {
        Some(builder.default_key(&target_name, target, &key_to))
    }) {
        builder.findings.push(finding);
        return Step::Failed;
    }
    let required = decl.required.as_ref().is_some_and(|written| written.value);
    let key_from = add_all(builder, source, id, decl, &names, target, &key_to, false, required);
    let all_required = key_from.iter().all(|key| builder.graph.model(source).property(*key).required);
    let relation = builder.relation_mut(source, id);
    relation.name = name_or(decl, || match names.as_slice() {
        [only] => without_suffix(only, "Id"),
        _ => words::camel(&target_name),
    });
    relation.required = all_required;
    relation.targets = vec![target];
    (relation.key_from, relation.key_to) = (key_from, key_to);
    Step::Done(())
}

fn references(
    builder: &mut Builder<'_>,
    source: ModelId,
    id: RelationId,
    decl: &RelationDecl,
    may_wait: bool,
) -> Step<()> {
    let Some(target) = only_target(builder, decl) else {
        return Step::Failed;
    };
    let key_to = match referenced(builder, target, decl, may_wait) {
        Step::Done(key) => key,
        Step::Failed => return Step::Failed,
        Step::Later => return Step::Later,
    };
    let target_name = builder.graph.model(target).name.clone();
    let names = written_or(decl.key_from.as_ref(), || vec![format!("{}Ids", words::camel(&target_name))]);
    let source_name = builder.graph.model(source).name.clone();
    if let Err(finding) = same_count(decl, (&source_name, names.len()), (&target_name, key_to.len()), || None) {
        builder.findings.push(finding.note("a list of keys cannot be paired with a composite key"));
        return Step::Failed;
    }
    let key_from = add_all(builder, source, id, decl, &names, target, &key_to, true, false);
    let relation = builder.relation_mut(source, id);
    relation.name = name_or(decl, || match names.as_slice() {
        [only] if only.len() > 3 && only.ends_with("Ids") => words::plural(&only[..only.len() - 3]),
        [only] => only.clone(),
        _ => words::camel(&target_name),
    });
    relation.targets = vec![target];
    (relation.key_from, relation.key_to) = (key_from, key_to);
    Step::Done(())
}

fn embed(builder: &mut Builder<'_>, source: ModelId, id: RelationId, decl: &RelationDecl) -> Step<()> {
    let Some(written) = decl.targets.first() else {
        return Step::Failed;
    };
    let Some(target) = builder.target(written, "target", |model| model.is_abstract) else {
        return Step::Failed;
    };
    let model = builder.graph.model(target);
    if !model.is_abstract {
        let name = &builder.schema.models[target.0 as usize].name;
        let finding = value_type_has_table(written, name, None);
        builder.findings.push(finding);
        return Step::Failed;
    }
    let many = decl.kind == RelationKind::EmbedsMany;
    let default = if many { words::camel(&model.plural) } else { words::camel(&model.name) };
    let name = name_or(decl, || default);
    if let Some(taken) = builder.find(source, &name) {
        let first = builder.graph.model(source).property(taken).span;
        builder.findings.push(name_taken(decl, &name, first, "the property it would add is declared here"));
        return Step::Failed;
    }
    let required = decl.required.as_ref().is_some_and(|written| written.value);
    let ty = Type { scalar: Scalar::Embedded(target), list: many };
    let property = added(&name, decl.span, Origin::Relation(id), ty, required);
    builder.add_property(source, property, PropertySite { declaration: None, sound: true });
    let relation = builder.relation_mut(source, id);
    relation.name = name;
    relation.targets = vec![target];
    Step::Done(())
}

/// A belongsTo with a list of targets: one key, and a discriminator that says whose it is.
fn polymorphic(builder: &mut Builder<'_>, source: ModelId, id: RelationId, decl: &RelationDecl) -> Step<()> {
    let targets: Vec<_> = decl.targets.iter().filter_map(|name| builder.target_with_table(name, "target")).collect();
    if targets.len() != decl.targets.len() {
        return Step::Failed;
    }
    let Some(name) = required_name(builder, source, decl) else {
        return Step::Failed;
    };
    let Some(keys) = referenced_by_all(builder, &targets, decl) else {
        return Step::Failed;
    };
    let mut keys = keys.into_iter();
    let (first, key_to) = (targets[0], keys.next().unwrap_or_default());
    let names = written_or(decl.key_from.as_ref(), || builder.default_key(&name, first, &key_to));
    let (source_name, target_name) =
        (builder.graph.model(source).name.clone(), builder.graph.model(first).name.clone());
    if let Err(finding) = same_count(decl, (&source_name, names.len()), (&target_name, key_to.len()), || {
        Some(builder.default_key(&name, first, &key_to))
    }) {
        builder.findings.push(finding);
        return Step::Failed;
    }
    let required = decl.required.as_ref().is_some_and(|written| written.value);
    let key_from = add_all(builder, source, id, decl, &names, first, &key_to, false, required);
    let all_required = key_from.iter().all(|key| builder.graph.model(source).property(*key).required);
    let discriminator = discriminator(builder, source, id, decl, &name, all_required);
    let relation = builder.relation_mut(source, id);
    relation.name = name;
    relation.required = all_required;
    relation.targets = targets;
    relation.discriminator = Some(discriminator);
    relation.other_keys = keys.collect();
    (relation.key_from, relation.key_to) = (key_from, key_to);
    Step::Done(())
}

/// The key that each target is referred to by; their types are compared by a rule.
fn referenced_by_all(
    builder: &mut Builder<'_>,
    targets: &[ModelId],
    decl: &RelationDecl,
) -> Option<Vec<Vec<PropertyId>>> {
    let mut keys = Vec::with_capacity(targets.len());
    for target in targets {
        match referenced(builder, *target, decl, false) {
            Step::Done(key) => keys.push(key),
            Step::Failed | Step::Later => return None,
        }
    }
    Some(keys)
}

/// The property that names the target, added where it is not declared.
pub(super) fn discriminator(
    builder: &mut Builder<'_>,
    source: ModelId,
    id: RelationId,
    decl: &RelationDecl,
    relation_name: &str,
    required: bool,
) -> PropertyId {
    let name = decl.discriminator.as_ref().map_or_else(|| format!("{relation_name}Type"), |name| name.value.clone());
    builder.find(source, &name).unwrap_or_else(|| {
        let place = decl.discriminator.as_ref().map_or(decl.span, |name| name.span);
        let ty = Type { scalar: Scalar::String, list: false };
        let property =
            super::Property { max_length: Some(255), ..added(&name, place, Origin::Relation(id), ty, required) };
        builder.add_property(source, property, PropertySite { declaration: None, sound: true })
    })
}

/// The name that a relation with several targets cannot do without.
pub(super) fn required_name(builder: &mut Builder<'_>, source: ModelId, decl: &RelationDecl) -> Option<String> {
    if decl.name.is_none() {
        let fix = declared_pair(builder, source).and_then(|name| decl.name_key(builder.patches, "name", &[&name]));
        builder.findings.push(
            Diagnostic::new(&codes::RELATION_NAME_REQUIRED, "a relation with a list of targets needs a name")
                .primary(decl.span, "add the key `name`")
                .note(match decl.targets.as_slice() {
                    [only] => format!("of one target no list is needed: `{}: {}`", decl.kind.key(), only.value),
                    _ => "with several targets there is none whose name could serve".to_owned(),
                })
                .fix_if(fix.map(Fix::unsure)),
        );
    }
    decl.name.as_ref().map(|name| name.value.clone())
}

/// The name that two declared properties have before their `Id` and `Type`, or one that is free.
fn declared_pair(builder: &Builder<'_>, source: ModelId) -> Option<String> {
    let properties = &builder.graph.model(source).properties;
    let pair = |property: &super::Property| {
        let stem = property.name.strip_suffix("Type")?;
        builder.find(source, &format!("{stem}Id")).map(|_| stem.to_owned())
    };
    let is_free = |name: &String| {
        builder.find(source, name).is_none()
            && builder.graph.model(source).relations().all(|(_, relation)| relation.name != *name)
    };
    properties.iter().filter_map(pair).chain(["subject".to_owned()]).find(is_free)
}

fn only_target(builder: &mut Builder<'_>, decl: &RelationDecl) -> Option<ModelId> {
    let name = decl.targets.first()?;
    builder.target_with_table(name, "target")
}

/// The key on the target: as written, or its primary key.
pub(super) fn referenced(
    builder: &mut Builder<'_>,
    target: ModelId,
    decl: &RelationDecl,
    may_wait: bool,
) -> Step<Vec<PropertyId>> {
    match &decl.key_to {
        Some(names) => builder.named(target, names, may_wait),
        // A model without a primary key is reported once, where it is declared.
        None if builder.graph.model(target).key.is_empty() => Step::Failed,
        // So is one with too many properties, which all relations to it would repeat.
        None if builder.graph.model(target).key.len() > MAX_KEY_PROPERTIES => Step::Failed,
        None => Step::Done(builder.graph.model(target).key.clone()),
    }
}

#[expect(clippy::too_many_arguments, reason = "both halves of a key, and what its members are like")]
fn add_all(
    builder: &mut Builder<'_>,
    source: ModelId,
    relation: RelationId,
    decl: &RelationDecl,
    names: &[String],
    target: ModelId,
    key_to: &[PropertyId],
    list: bool,
    required: bool,
) -> Vec<PropertyId> {
    let mut keys = Vec::with_capacity(names.len());
    for (at, (name, to)) in names.iter().zip(key_to).enumerate() {
        let written = decl.key_from.as_ref().and_then(|names| names.get(at));
        let place = written.map_or(decl.span, |name| name.span);
        keys.push(builder.find_or_add(&Addition {
            source,
            relation,
            name,
            place,
            like: (target, *to),
            list,
            required,
        }));
    }
    keys
}

fn name_or(decl: &RelationDecl, default: impl FnOnce() -> String) -> String {
    decl.name.as_ref().map_or_else(default, |name| name.value.clone())
}

fn without_suffix(key: &str, suffix: &str) -> String {
    key.strip_suffix(suffix).filter(|stem| !stem.is_empty()).unwrap_or(key).to_owned()
}

/// A relation whose name something else of the model has.
pub(crate) fn name_taken(decl: &RelationDecl, name: &str, first: crate::source::Span, what: &str) -> Diagnostic {
    let place = decl.name.as_ref().map_or_else(|| place_of(None, decl), |name: &Name| name.span);
    let finding = Diagnostic::new(&codes::RELATION_NAME_TAKEN, format!("the name `{name}` is taken"))
        .primary(
            place,
            if decl.name.is_some() {
                "the relation has this name".into()
            } else {
                format!("the relation is called `{name}` where it does not say otherwise")
            },
        )
        .label(first, what);
    if decl.name.is_some() { finding } else { finding.note("give the relation another name with the key `name`") }
}
