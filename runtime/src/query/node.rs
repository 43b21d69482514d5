//! A read as a tree: rows of one model, and what is included in them.

use std::sync::Arc;

use super::expr::{Expr, Order, Quantifier};
use super::lock::Lock;
use super::through::LinkRows;
use crate::meta::{Form, ModelMeta, RelationKind, RelationMeta, UniqueMeta, ViewMeta};
use crate::observe::Along;

/// Rows of one model.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) model: &'static ModelMeta,
    /// The relation that a call starts along; of what is included, none. For people.
    pub(crate) via: Option<Along>,
    pub(crate) condition: Expr,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    /// What is read of each row, where that is not all.
    pub(crate) view: Option<&'static ViewMeta>,
    /// The properties that rows are given with, where a filter from outside names them.
    pub(crate) fields: Option<Arc<[usize]>>,
    /// Terms of the order whose values rows are given with, since they do not hold them.
    pub(crate) told: Vec<Order>,
    /// How the rows are locked until the transaction ends.
    pub(crate) lock: Option<Lock>,
    pub(crate) includes: Vec<Include>,
    /// Of a relation through a link model: the link's rows that it leads along.
    pub(crate) link: Option<Box<LinkRows>>,
    /// Of a relation to several models: the relation to each, in its order. They say what is wanted then, and the
    /// rest of the node says nothing.
    pub(crate) arms: Vec<Include>,
}

/// A relation of the rows above, with the rows that it gives.
#[derive(Debug, Clone)]
pub(crate) struct Include {
    /// Its place in the rows above: the position among the source's relations, or among the parts of a view.
    pub(crate) index: usize,
    pub(crate) relation: &'static RelationMeta,
    /// The relation as the caller named it; of the target that follows a link, none.
    pub(crate) asked: Option<&'static RelationMeta>,
    pub(crate) node: Node,
    /// The rows are counted, and not read.
    pub(crate) counted: bool,
}

impl Node {
    /// Every live row.
    pub(crate) fn new(model: &'static ModelMeta) -> Self {
        Self::matching(model, Expr::All)
    }

    /// The live rows that match.
    pub(crate) fn matching(model: &'static ModelMeta, condition: Expr) -> Self {
        let condition = condition.and(model.live());
        Self {
            model,
            via: None,
            condition,
            order: Vec::new(),
            limit: None,
            offset: None,
            view: None,
            fields: None,
            told: Vec::new(),
            lock: None,
            includes: Vec::new(),
            link: None,
            arms: Vec::new(),
        }
    }

    /// The rows that a relation leads to.
    pub(crate) fn of(relation: &'static RelationMeta) -> Self {
        let mut node = Self::new(relation.target);
        match relation.form {
            Form::Polymorphic(arms) => {
                let arm = |(index, relation): (usize, &'static RelationMeta)| Include {
                    index,
                    relation,
                    asked: Some(relation),
                    node: Self::of(relation),
                    counted: false,
                };
                node.arms = arms.iter().enumerate().map(arm).collect();
            }
            Form::Through(through) => node.link = Some(Box::new(LinkRows::of(through))),
            Form::Plain | Form::Named(_) => {}
        }
        node
    }

    /// The condition that of its rows, which the relation leads to, so many match.
    pub(crate) fn related(self, relation: &'static RelationMeta, quantifier: Quantifier, condition: Expr) -> Expr {
        let among = self.condition;
        match (relation.through(), self.link) {
            (Some(through), Some(link)) => through.related(link.condition, quantifier, [among, condition]),
            _ => Expr::Related { relation, quantifier, among: Box::new(among), condition: Box::new(condition) },
        }
    }

    /// The same, along a relation.
    pub(crate) fn via(self, along: Along) -> Self {
        Self { via: Some(along), ..self }
    }

    pub(crate) fn filter(&mut self, condition: Expr) {
        let before = std::mem::replace(&mut self.condition, Expr::All);
        self.condition = before.and(condition);
    }

    /// In this order too; where the link's rows are wanted, it is theirs by what they lead to.
    pub(crate) fn order_by(&mut self, terms: Vec<Order>) {
        match self.link.as_deref_mut() {
            Some(LinkRows { through, order: Some(order), .. }) => order.extend(through.by_target(terms)),
            _ => self.order.extend(terms),
        }
    }

    pub(crate) fn include(&mut self, include: Include) {
        self.includes.push(include);
    }

    /// No more rows than so many.
    pub(crate) fn cut_to(&mut self, rows: u64) {
        self.limit = Some(self.limit.map_or(rows, |limit| limit.min(rows)));
    }

    /// Whether the rows are cut: then their order must be total, or pages would overlap.
    pub(crate) fn is_cut(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether nothing is said of the rows: every live one is wanted, in no order.
    pub(crate) fn is_plain(&self) -> bool {
        let of_all_links = self.link.as_ref().is_none_or(|link| link.whole);
        self.is_whole() && self.is_live() && self.order.is_empty() && !self.is_cut() && of_all_links
    }

    /// Whether nothing stands beside the rows' own columns.
    pub(crate) fn is_alone(&self) -> bool {
        self.includes.is_empty() && self.told.is_empty()
    }

    /// Whether the inclusion rides on the statement of these rows. Beside rows that are locked nothing does: what is
    /// joined would be locked with them.
    pub(crate) fn joins(&self, include: &Include) -> bool {
        self.lock.is_none() && include.is_joined()
    }

    /// Whether the rows are those of one primary key, of which there is one at most.
    pub(crate) fn is_by_id(&self) -> bool {
        self.id().is_some()
    }

    /// How many statements the tree needs at most: one, and one for each relation that does not ride on
    /// its parent's.
    pub(crate) fn statements(&self) -> usize {
        if !self.arms.is_empty() {
            return self.arms.iter().map(|arm| arm.node.statements()).sum();
        }
        1 + self
            .includes
            .iter()
            .filter(|include| !include.counted)
            .map(|include| include.node.statements() - usize::from(self.joins(include)))
            .sum::<usize>()
    }

    /// Whether a statement of the tree counts rows, however many.
    pub(crate) fn counts(&self) -> bool {
        self.includes.iter().any(|include| include.counted || include.node.counts())
    }
}

impl Include {
    /// Whether the relation rides on its parent's statement: it leads to one row at most, found by a
    /// unique key. A relation to many never does, or rows would multiply.
    pub(crate) fn is_joined(&self) -> bool {
        let Self { relation, node, counted, .. } = self;
        let is_one = relation.kind == RelationKind::BelongsTo && relation.target.is_unique(relation.to, node.is_live());
        is_one && node.arms.is_empty() && !counted
    }

    /// Whether the rows are loaded by keys that decoded rows list.
    pub(crate) fn is_listed(&self) -> bool {
        self.relation.kind == RelationKind::ReferencesMany
    }
}

impl ModelMeta {
    /// Whether these properties are the primary key or a unique constraint, in any order; of live rows alone, or also
    /// of deleted ones.
    pub(crate) fn is_unique(&self, properties: &[usize], live: bool) -> bool {
        let same = |key: &[usize]| key.len() == properties.len() && key.iter().all(|part| properties.contains(part));
        let counts = |unique: &&UniqueMeta| live || !unique.live;
        same(self.key) || self.uniques.iter().filter(counts).any(|unique| same(unique.properties))
    }
}
