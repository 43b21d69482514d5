//! Relations one by one: their names, and that each says something no other says.

use std::collections::HashMap;

use super::view::{ModelView, RelationView};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, codes};
use crate::graph::{ModelId, Origin, Property, PropertyId, RelationKind, name_taken};
use crate::patch::Value;

/// Accessor and key are two members of one struct.
pub(super) fn name_is_not_its_key(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let Some(key) = own_name_key(relation) else { return };
    let name = &relation.data.name;
    let finding =
        Diagnostic::new(&codes::RELATION_NAME_IS_KEY, format!("the relation and its key are both called `{name}`"))
            .primary(relation.name_place(), format!("the relation is called `{name}`"))
            .label(relation.model.data.property(key).span, "and so is its key");
    let stem = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id")).or_else(|| name.strip_suffix("_ids"));
    let better = stem
        .filter(|stem| !stem.is_empty())
        .map_or_else(|| crate::graph::camel(relation.target().name()), crate::graph::camel);
    let free = findings.are_few()
        && relation.model.data.find_property(&better).is_none()
        && relation.model.relations().all(|other| other.data.name != better);
    findings.push(match (&relation.decl.name, free) {
        (None, true) => finding.fix_if(relation.decl.name_key(relation.book().patches, "name", &[&better])),
        (Some(written), true) => {
            let patches = relation.book().patches;
            finding.note("give the relation another name with the key `name`").fix_if(
                patches.likely(format!("write `{better}`"), [patches.replace(written.span, &Value::word(&better))]),
            )
        }
        _ => finding.note("give the relation another name with the key `name`"),
    });
}

/// The key property that has the relation's own name.
fn own_name_key(relation: RelationView<'_>) -> Option<PropertyId> {
    let holds = matches!(relation.data.kind, RelationKind::BelongsTo | RelationKind::ReferencesMany);
    let mut keys = relation.data.key_from.iter().filter(|_| holds);
    keys.find(|id| relation.model.data.property(**id).name == relation.data.name).copied()
}

/// No two members of a model have one name.
pub(super) fn names_are_free(model: ModelView<'_>, findings: &mut Diagnostics) {
    let properties: HashMap<&str, &Property> =
        model.data.properties.iter().map(|property| (property.name.as_str(), property)).collect();
    let mut relations: HashMap<&str, RelationView<'_>> = HashMap::new();
    for relation in model.relations() {
        let name = relation.data.name.as_str();
        if own_name_key(relation).is_some() {
            continue;
        }
        let property = properties.get(name).filter(|property| property.origin != Origin::Relation(relation.id));
        if let Some(property) = property {
            let finding = name_taken(relation.decl, name, property.span, "a property has it");
            findings.push(finding.fix_if(another_name(relation)));
            continue;
        }
        let Some(first) = relations.get(name).copied() else {
            relations.insert(name, relation);
            continue;
        };
        match first.data.origin {
            Origin::Inherited(base) if relation.data.origin == Origin::Declared => {
                findings.push(redeclared(relation, first, model.book.model(base)));
            }
            // Two equal relations have a finding of their own.
            _ if Path::of(relation) == Path::of(first) => {}
            _ => findings.push(
                name_taken(relation.decl, name, first.name_place(), "another relation has it")
                    .fix_if(another_name(relation)),
            ),
        }
    }
}

/// The fix that gives a relation a free name: that of its key or its target, or what joins the two.
fn another_name(relation: RelationView<'_>) -> Option<Fix> {
    let (model, data) = (relation.model, relation.data);
    let (holder, key) =
        if data.kind.has() { (relation.target().data, &data.key_to) } else { (model.data, &data.key_from) };
    let key = key.first().map(|id| holder.property(*id).name.as_str());
    let stem = key.map(|key| key.trim_end_matches("_id").trim_end_matches("Id"));
    let target = relation.target().name();
    let many = data.kind == RelationKind::HasMany;
    let candidates = [
        stem.filter(|_| !data.kind.has()).map(crate::graph::camel),
        Some(crate::graph::camel(if many { &relation.target().data.plural } else { target })),
        stem.filter(|stem| *stem != data.name).map(|stem| format!("{}By{}", data.name, crate::graph::pascal(stem))),
        Some(format!("related{}", crate::graph::pascal(&data.name))),
    ];
    let is_free = |name: &String| {
        !name.is_empty()
            && model.data.find_property(name).is_none()
            && model.relations().all(|other| other.data.name != *name)
    };
    let name = candidates.into_iter().flatten().find(is_free)?;
    let patches = relation.book().patches;
    match &relation.decl.name {
        Some(written) => {
            patches.likely(format!("write `{name}`"), [patches.replace(written.span, &Value::word(&name))])
        }
        None => relation.decl.name_key(patches, "name", &[&name]).map(Fix::unsure),
    }
}

fn redeclared(relation: RelationView<'_>, first: RelationView<'_>, base: ModelView<'_>) -> Diagnostic {
    let (name, base) = (&relation.data.name, base.name());
    Diagnostic::new(
        &codes::BASE_CONFLICT,
        format!("the relation `{name}` is inherited from `{base}` and declared again"),
    )
    .primary(relation.name_place(), "declared again here")
    .label(first.name_place(), format!("`{base}` has it already"))
    .note("an heir takes over what its base declares; it cannot change it")
    .fix_if(relation.remove())
}

/// Two relations by the same key are one relation written twice.
pub(super) fn relations_differ(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut paths: HashMap<Path<'_>, RelationView<'_>> = HashMap::new();
    for relation in model.relations().filter(|relation| !relation.data.kind.embeds()) {
        let Some(first) = paths.get(&Path::of(relation)).copied() else {
            paths.insert(Path::of(relation), relation);
            continue;
        };
        if matches!(first.data.origin, Origin::Inherited(_)) && first.data.name == relation.data.name {
            continue;
        }
        let key = model.list(&relation.data.key_from);
        let target = relation.target().name();
        findings.push(
            Diagnostic::new(
                &codes::AMBIGUOUS_INVERSE,
                format!("two relations of `{}` lead to `{target}` by the same key", model.name()),
            )
            .primary(relation.data.span, format!("again by {key}"))
            .label(first.data.span, format!("first by {key}"))
            .note("give them different keys with `keyFrom` or `keyTo`, or remove one")
            .fix_if(relation.remove()),
        );
    }
}

/// A discriminator says of one key which target it leads to.
pub(super) fn discriminators_are_of_one_key(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut known: HashMap<(ModelId, PropertyId), (Vec<PropertyId>, RelationView<'_>)> = HashMap::new();
    for relation in model.relations().filter(|relation| relation.decl.has_target_list) {
        let Some(discriminator) = relation.data.discriminator else { continue };
        let (holder, key) = match &relation.data.through {
            Some(link) => (link.model, link.key_to.clone()),
            None if relation.data.kind.has() => (model.id, Vec::new()),
            None => (model.id, relation.data.key_from.clone()),
        };
        let Some((first_key, first)) = known.get(&(holder, discriminator)) else {
            known.insert((holder, discriminator), (key, relation));
            continue;
        };
        // Relations by one key are reported as such.
        if *first_key == key && !key.is_empty() {
            continue;
        }
        let holder = model.book.model(holder);
        let name = &holder.data.property(discriminator).name;
        let place = |relation: RelationView<'_>| {
            let of_link = relation.decl.through.as_ref().and_then(|link| link.discriminator.as_ref());
            let written = of_link.or(relation.decl.discriminator.as_ref());
            written.map_or(relation.decl.span, |written| written.span)
        };
        findings.push(
            Diagnostic::new(
                &codes::INVALID_DISCRIMINATOR,
                format!("`{}.{name}` would say of two relations which target is meant", holder.name()),
            )
            .primary(
                place(relation),
                format!("the relation `{}` stores the name of its target there", relation.data.name),
            )
            .label(place(*first), format!("and so does the relation `{}`", first.data.name))
            .note("give each a property of its own with `discriminator`"),
        );
    }
}

/// The way from a row to related ones; two relations of a model with one path join the same rows.
#[derive(PartialEq, Eq, Hash)]
struct Path<'a> {
    outward: bool,
    targets: &'a [ModelId],
    key_from: &'a [PropertyId],
    key_to: &'a [PropertyId],
    discriminator: Option<PropertyId>,
    through: Option<(ModelId, &'a [PropertyId], &'a [PropertyId])>,
}

impl<'a> Path<'a> {
    fn of(relation: RelationView<'a>) -> Self {
        let data = relation.data;
        Self {
            outward: data.kind.has(),
            targets: &data.targets,
            key_from: &data.key_from,
            key_to: &data.key_to,
            discriminator: data.discriminator,
            through: data.through.as_ref().map(|link| (link.model, link.key_from.as_slice(), link.key_to.as_slice())),
        }
    }
}

/// What is made in one transaction is in one datasource: a target and its link, a target and its name in the source.
pub(super) fn writes_stay_in_one_datasource(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (data, decl) = (relation.data, relation.decl);
    let names_in_source = data.kind == RelationKind::HasOne && decl.has_target_list;
    if data.through.is_none() && !names_in_source {
        return;
    }
    let (graph, own) = (&relation.book().graph, relation.model.data);
    let others = data.through.iter().map(|through| through.model).chain(data.targets.iter().copied());
    let Some(far) = others.map(|id| graph.model(id)).find(|model| model.datasource != own.datasource) else { return };
    let (here, there) = (&graph.datasource(own.datasource).name, &graph.datasource(far.datasource).name);
    let finding = Diagnostic::new(&codes::WRITES_ACROSS_DATASOURCES, "no transaction spans two datasources")
        .primary(data.span, format!("`{}` is in `{there}`, `{}` in `{here}`", far.name, own.name));
    findings.push(if data.through.is_some() {
        finding.note("relate the link model by a hasMany of its own, and the target from there by its belongsTo")
    } else {
        finding.note("relate the models of the other datasource one by one, each by a hasOne of its own")
    });
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
