//! What a relation's static says, for the planner at run time.
//!
//! A relation through a link model is made of plain ones that lead along it, a polymorphic one of one for each
//! target; each of those is a [`RelationStatic`] as well.

use serde::Serialize;

use super::super::ddl::Dialect;
use super::super::naming::file_module;
use super::super::sql::{self, Dialects};
use super::super::tables::Tables;
use super::super::text::literal;
use super::super::types::is_required;
use super::{of, positions};
use crate::graph::{Graph, ModelId, PropertyId, Relation, RelationKind};

/// One relation.
#[derive(Debug, Clone, Serialize)]
pub struct RelationStatic {
    /// As in the schema, a literal.
    pub name: String,
    /// `BelongsTo`, `HasMany`, `HasOne`, `ReferencesMany`.
    pub kind: &'static str,
    /// How source and target are tied.
    pub form: FormStatic,
    /// The target's module.
    pub target: String,
    /// Key properties of the source.
    pub from: Vec<usize>,
    /// Key properties of the target.
    pub to: Vec<usize>,
    /// `true` or `false`.
    pub required: String,
    /// `true` or `false`.
    pub strong: String,
    /// `true` or `false`.
    pub includable: String,
    /// Literals.
    pub sql: Dialects<String>,
}

/// How source and target are tied.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is")]
pub enum FormStatic {
    /// By their keys alone.
    Plain,
    /// By the rows of a link model, with the plain relations that lead along it.
    Through {
        /// From the source to the link.
        links: Box<RelationStatic>,
        /// From the link to the target.
        target: Box<RelationStatic>,
        /// From the target to the link.
        back: Box<RelationStatic>,
    },
    /// By their keys, in rows of one side that name the model on the other.
    Named {
        /// `Source` or `Target`.
        side: &'static str,
        /// Its position there.
        property: usize,
        /// A literal.
        value: String,
    },
    /// To several models.
    Polymorphic {
        /// The relation to each.
        arms: Vec<RelationStatic>,
    },
}

/// The static of a relation that its keys alone make.
pub(super) fn plain(graph: &Graph, tables: &Tables, source: ModelId, relation: &Relation) -> RelationStatic {
    RelationStatic {
        sql: Dialects::say(|dialect| literal(&statement(dialect, tables, source, relation))),
        ..tied(graph, source, relation, FormStatic::Plain, (relation.target(), &relation.key_to))
    }
}

/// The static of a relation that is tied in that way, to that target by that key; no statement of it is known before.
pub(super) fn tied(
    graph: &Graph,
    source: ModelId,
    relation: &Relation,
    form: FormStatic,
    (target, key_to): (ModelId, &[PropertyId]),
) -> RelationStatic {
    RelationStatic {
        name: literal(&relation.name),
        kind: kind(relation.kind),
        form,
        target: file_module(&graph.model(target).name),
        from: positions(&relation.key_from),
        to: positions(key_to),
        required: is_held(graph, source, relation).to_string(),
        strong: (relation.strong && !relation.is_polymorphic()).to_string(),
        includable: relation.includable.to_string(),
        sql: Dialects::say(|_| literal("")),
    }
}

/// The runtime's name of a kind that has rows.
pub(super) fn kind(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::BelongsTo => "BelongsTo",
        RelationKind::HasOne => "HasOne",
        RelationKind::ReferencesMany => "ReferencesMany",
        _ => "HasMany",
    }
}

/// Whether every key property of the side that holds the key is NOT NULL.
pub(super) fn is_held(graph: &Graph, source: ModelId, relation: &Relation) -> bool {
    if relation.kind == RelationKind::BelongsTo {
        of(graph.model(source), &relation.key_from).all(is_required)
    } else {
        of(graph.model(relation.target()), &relation.key_to).all(is_required)
    }
}

fn statement(dialect: &dyn Dialect, tables: &Tables, source: ModelId, relation: &Relation) -> String {
    let (from, to) = (positions(&relation.key_from), positions(&relation.key_to));
    match (tables.of(source), tables.of(relation.target())) {
        // No statement joins tables of two datasources.
        (Some(source), Some(target))
            if relation.kind == RelationKind::BelongsTo && source.datasource != target.datasource =>
        {
            String::new()
        }
        (Some(source), Some(target)) if relation.kind == RelationKind::BelongsTo => {
            sql::followed(dialect, source, &from, target, &to)
        }
        _ if relation.kind == RelationKind::ReferencesMany => String::new(),
        (_, Some(target)) => sql::related(dialect, target, &to),
        (_, None) => String::new(),
    }
}
