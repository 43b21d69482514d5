//! What emitted documentation says of properties and relations by themselves, in the words of the schema.

use super::text::doc_lines;
use crate::graph::{Graph, Model, Property, PropertyId, Relation, RelationKind, Scalar};

/// A column's documentation: its description, and below what else holds for its values.
pub(crate) fn column(property: &Property) -> Vec<String> {
    let mut lines = doc_lines(property.description.as_deref().unwrap_or_default());
    let facts = facts(property).join(", ");
    let name = format!("`{}`", property.name);
    match (lines.is_empty(), facts.is_empty()) {
        (true, true) => lines.push(name),
        (true, false) => lines.push(format!("{name}: {facts}.")),
        (false, true) => {}
        (false, false) => lines.extend([String::new(), format!("{name}: {facts}.")]),
    }
    lines
}

/// What holds for the values of a property, besides their type.
fn facts(property: &Property) -> Vec<String> {
    let is_text = matches!(property.ty.scalar, Scalar::String | Scalar::Text);
    let plain = [
        (property.id, "primary key"),
        (property.version, "raised by every change"),
        (property.unique, "unique"),
        (property.hidden, "hidden from the outside"),
    ];
    let mut facts: Vec<_> = plain.iter().filter(|(holds, _)| *holds).map(|(_, fact)| (*fact).to_owned()).collect();
    if property.generated {
        facts.push(
            if property.ty.scalar == Scalar::Uuid { "made by the library" } else { "counted by the database" }
                .to_owned(),
        );
    }
    if is_text {
        let length = |length: Option<u64>| length.map(|length| length.to_string());
        let lengths = between(length(property.min_length).as_deref(), length(property.max_length).as_deref());
        let each = if property.ty.list { "each " } else { "" };
        facts.extend(lengths.map(|lengths| format!("{each}{lengths} characters")));
    }
    facts.extend(between(property.minimum.as_deref(), property.maximum.as_deref()));
    if property.pattern.is_some() {
        facts.push("of a pattern".to_owned());
    }
    facts
}

fn between(least: Option<&str>, most: Option<&str>) -> Option<String> {
    Some(match (least, most) {
        (Some(least), Some(most)) if least == most => least.to_owned(),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => return None,
    })
}

/// By which keys a relation leads: `` `Order.customerId` is `Customer.id` ``.
pub(crate) fn keys(graph: &Graph, source: &Model, relation: &Relation) -> String {
    let target = graph.model(relation.target());
    if let Some(through) = &relation.through {
        let link = graph.model(through.model);
        let near = pairs(link, &through.key_from, source, &relation.key_from);
        return match relation.discriminator {
            Some(named) => format!("{near}, `{}` names the model", property(link, named)),
            None => format!("{near}, {}", pairs(link, &through.key_to, target, &relation.key_to)),
        };
    }
    match (relation.kind, relation.discriminator) {
        (RelationKind::BelongsTo, Some(named)) => {
            let keys = relation.key_from.iter().map(|key| format!("`{}`", property(source, *key)));
            format!(
                "{} leads to the model that `{}` names",
                keys.collect::<Vec<_>>().join(", "),
                property(source, named)
            )
        }
        (RelationKind::BelongsTo, None) => pairs(source, &relation.key_from, target, &relation.key_to),
        (RelationKind::ReferencesMany, _) => {
            let lists = pairs(source, &relation.key_from, target, &relation.key_to);
            lists.replace("` is `", "` lists `")
        }
        (_, Some(named)) if relation.polymorphic.is_none() => {
            let keys = pairs(target, &relation.key_to, source, &relation.key_from);
            format!("{keys}, `{}` names the model", property(source, named))
        }
        (_, Some(named)) => {
            let keys = pairs(target, &relation.key_to, source, &relation.key_from);
            format!("{keys} where `{}` names this model", property(target, named))
        }
        _ => pairs(target, &relation.key_to, source, &relation.key_from),
    }
}

/// Each property of one key with that of the other.
fn pairs(holder: &Model, from: &[PropertyId], referred: &Model, to: &[PropertyId]) -> String {
    let pairs = from.iter().zip(to);
    let pairs = pairs.map(|(from, to)| format!("`{}` is `{}`", property(holder, *from), property(referred, *to)));
    pairs.collect::<Vec<_>>().join(", ")
}

fn property(model: &Model, id: PropertyId) -> String {
    format!("{}.{}", model.name, model.property(id).name)
}
