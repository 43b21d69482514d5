//! The other direction of a relation, as it would be written. Knows nothing of what a schema declares.

use super::{NewRelation, Through};
use crate::ast::RelationKind;
use crate::graph::camel;

/// One for each target that can answer; none for values and lists of keys.
pub(super) fn of(relation: &NewRelation) -> Vec<NewRelation> {
    match (relation.kind, relation.targets.as_slice()) {
        (RelationKind::BelongsTo, [_, _, ..]) => {
            let answer = |target: &String| NewRelation {
                polymorphic: relation.name.clone(),
                ..NewRelation::new(RelationKind::HasMany, target, vec![relation.source.clone()])
            };
            relation.targets.iter().filter(|_| relation.name.is_some()).map(answer).collect()
        }
        (RelationKind::BelongsTo, [target]) => {
            let default = format!("{}Id", camel(target));
            let is_default = |key: &[String]| matches!(key, [only] if *only == default);
            let key_to = if is_default(&relation.key_from) { Vec::new() } else { relation.key_from.clone() };
            let many = NewRelation::new(RelationKind::HasMany, target, vec![relation.source.clone()]);
            vec![NewRelation { key_from: relation.key_to.clone(), key_to, ..many }]
        }
        (kind, [target]) if kind.has() && relation.polymorphic.is_none() => {
            let back = |kind| NewRelation::new(kind, target, vec![relation.source.clone()]);
            vec![match &relation.through {
                Some(link) => NewRelation {
                    key_from: relation.key_to.clone(),
                    key_to: relation.key_from.clone(),
                    through: Some(Through {
                        model: link.model.clone(),
                        key_from: link.key_to.clone(),
                        key_to: link.key_from.clone(),
                    }),
                    ..back(RelationKind::HasMany)
                },
                None => NewRelation {
                    key_from: relation.key_to.clone(),
                    key_to: relation.key_from.clone(),
                    ..back(RelationKind::BelongsTo)
                },
            }]
        }
        _ => Vec::new(),
    }
}
