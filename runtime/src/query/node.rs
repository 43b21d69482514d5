//! A read as a tree: rows of one model, and what is included in them.

use super::expr::{Expr, Order};
use crate::meta::{ModelMeta, RelationKind, RelationMeta};

/// Rows of one model.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) model: &'static ModelMeta,
    pub(crate) condition: Expr,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) includes: Vec<Include>,
}

/// A relation of the rows above, with the rows that it gives.
#[derive(Debug, Clone)]
pub(crate) struct Include {
    /// Position among the source's relations.
    pub(crate) index: usize,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn new(model: &'static ModelMeta) -> Self {
        Self::matching(model, Expr::All)
    }

    pub(crate) fn matching(model: &'static ModelMeta, condition: Expr) -> Self {
        Self { model, condition, order: Vec::new(), limit: None, offset: None, includes: Vec::new() }
    }

    pub(crate) fn filter(&mut self, condition: Expr) {
        let before = std::mem::replace(&mut self.condition, Expr::All);
        self.condition = before.and(condition);
    }

    pub(crate) fn include(&mut self, include: Include) {
        self.includes.push(include);
    }

    /// Whether the rows are cut: then their order must be total, or pages would overlap.
    pub(crate) fn is_cut(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether the rows are those of one primary key, of which there is one at most.
    pub(crate) fn is_by_id(&self) -> bool {
        matches!(&self.condition, Expr::Key { properties, .. } if *properties == self.model.key)
    }

    /// How many statements the tree needs at most: one, and one for each relation that does not ride on
    /// its parent's.
    pub(crate) fn statements(&self) -> usize {
        1 + self
            .includes
            .iter()
            .map(|include| include.node.statements() - usize::from(include.is_joined()))
            .sum::<usize>()
    }
}

impl Include {
    /// Whether the relation rides on its parent's statement: it leads to one row at most, found by a
    /// unique key. A relation to many never does, or rows would multiply.
    pub(crate) fn is_joined(&self) -> bool {
        self.relation.kind == RelationKind::BelongsTo && self.relation.target.is_unique(self.relation.to)
    }
}

impl ModelMeta {
    /// Whether these properties are the primary key or a unique constraint, in any order.
    pub(crate) fn is_unique(&self, properties: &[usize]) -> bool {
        let same = |key: &[usize]| key.len() == properties.len() && key.iter().all(|part| properties.contains(part));
        same(self.key) || self.uniques.iter().any(|unique| same(unique.properties))
    }
}
