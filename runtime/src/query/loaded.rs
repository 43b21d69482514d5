//! Rows as the executor hands them to assembly: decoded, and tied to the rows above.

use std::sync::Arc;

use crate::Result;
use crate::meta::{ModelMeta, RelationMeta};
use crate::row::Rows;
use crate::shape::{Slot, Slots};
use crate::value::Value;

/// Rows of one model with what was included in them.
pub struct Loaded {
    pub(crate) rows: Box<dyn Rows>,
    /// The properties that they are given with, unless with all.
    pub(crate) fields: Option<Arc<[usize]>>,
    /// For each row, the values of what its read is [told](super::node::Node::told) with.
    pub(crate) told: Vec<Vec<Value<'static>>>,
    pub(crate) relations: Vec<(usize, LoadedRelation)>,
    /// Of a relation to several models: the rows of each, which follow on each other.
    pub(crate) arms: Vec<Arm>,
}

/// The rows that a relation to several models gives of one of them.
pub(crate) struct Arm {
    /// The group of its first key.
    pub(crate) first: u32,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) loaded: Loaded,
}

/// The rows of one relation, tied to the rows above.
pub struct LoadedRelation {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) loaded: Loaded,
    pub(crate) links: Links,
}

impl LoadedRelation {
    /// How many rows lists of keys lead to.
    #[cfg(feature = "json")]
    pub(crate) fn listed(&self) -> usize {
        self.links.lists.iter().flatten().map(Vec::len).sum()
    }
}

impl Loaded {
    pub(crate) fn new(rows: Box<dyn Rows>) -> Self {
        Self::with(rows, Vec::new())
    }

    pub(crate) fn with(rows: Box<dyn Rows>, relations: Vec<(usize, LoadedRelation)>) -> Self {
        Self { rows, fields: None, told: Vec::new(), relations, arms: Vec::new() }
    }

    /// The same, given with these properties.
    pub(crate) fn given_with(mut self, fields: Option<&Arc<[usize]>>) -> Self {
        self.fields = fields.cloned();
        self
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.arms.iter().map(|arm| arm.loaded.len()).sum::<usize>()
    }

    /// The decoded rows.
    ///
    /// # Panics
    /// When they are of another model: emitted code and executor then disagree.
    pub fn rows<M: 'static>(&mut self) -> Vec<M> {
        let rows = std::mem::replace(&mut self.rows, Box::new(NoRows));
        *rows.into_any().downcast::<Vec<M>>().expect("rows are decoded by the model that they are assembled for")
    }

    /// What was loaded of the model at that position among the targets of a relation to several.
    ///
    /// # Panics
    /// When the relation has no such target: emitted code and executor then disagree.
    #[must_use]
    pub fn arm(&mut self, at: usize) -> Self {
        std::mem::replace(&mut self.arms[at].loaded, Self::new(Box::new(NoRows)))
    }

    /// Of a relation to several models: the group of each one's first key.
    pub(crate) fn first_groups(&self) -> Vec<(u32, &'static RelationMeta)> {
        self.arms.iter().map(|arm| (arm.first, arm.relation)).collect()
    }

    /// What a view shows of a relation: a value for each of so many rows.
    ///
    /// # Errors
    /// When a required relation led nowhere.
    pub fn part<F: Slot>(&mut self, index: usize, rows: usize) -> Result<Slots<F>> {
        F::fill(self.relation(index), rows)
    }

    /// What was loaded of the relation at that position, if it was included.
    pub fn relation(&mut self, index: usize) -> Option<LoadedRelation> {
        let at = self.relations.iter().position(|(position, _)| *position == index)?;
        Some(self.relations.swap_remove(at).1)
    }
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Loaded({} rows)", self.len())
    }
}

impl std::fmt::Debug for LoadedRelation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LoadedRelation({}: {:?})", self.relation.name, self.loaded)
    }
}

/// Stands where rows were taken out.
struct NoRows;

impl Rows for NoRows {
    fn push(&mut self, _: &mut crate::row::Row<'_>) -> Result<(), crate::value::Mismatch> {
        Ok(())
    }

    fn value(&self, _: usize, _: usize) -> crate::Value<'_> {
        crate::Value::Unset
    }

    fn len(&self) -> usize {
        0
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
        self
    }
}

/// Of a relation to several models, the one that the keys of a group lead along.
pub(crate) fn meant(arms: &[(u32, &'static RelationMeta)], group: u32) -> Option<&'static RelationMeta> {
    arms.iter().rev().find(|(first, _)| *first <= group && group != NONE).map(|(_, relation)| *relation)
}

/// No group: the parent's key is unset.
pub(crate) const NONE: u32 = u32::MAX;

/// Which rows belong to which parents. A group is the rows of one key; parents with equal keys share it.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// For each parent its group, or [`NONE`].
    pub(crate) of_parent: Vec<u32>,
    /// For each row its group; none where row n is the only one of group n.
    pub(crate) of_row: Option<Vec<u32>>,
    pub(crate) groups: usize,
    /// For each parent its rows, where a row may belong to several: then there are no groups.
    pub(crate) lists: Option<Vec<Vec<u32>>>,
}

impl Links {
    pub(crate) fn groups(&self) -> usize {
        self.groups
    }

    /// Whether parent n has exactly row n.
    pub(crate) fn is_one_each(&self) -> bool {
        self.lists.is_none()
            && self.of_row.is_none()
            && self.groups == self.of_parent.len()
            && self.of_parent.iter().zip(0..).all(|(&group, n)| group == n)
    }

    /// Each parent's rows, by their lists: moved to the last that has it, cloned for those before.
    pub(crate) fn pick<C: Clone>(rows: Vec<C>, lists: &[Vec<u32>]) -> Vec<Vec<C>> {
        let mut uses = vec![0_u32; rows.len()];
        for &row in lists.iter().flatten() {
            uses[row as usize] += 1;
        }
        let mut rows: Vec<Option<C>> = rows.into_iter().map(Some).collect();
        let mut next = |row: u32| {
            let at = row as usize;
            uses[at] -= 1;
            if uses[at] == 0 { rows[at].take() } else { rows[at].clone() }
        };
        lists.iter().map(|list| list.iter().filter_map(|&row| next(row)).collect()).collect()
    }

    pub(crate) fn group_of_row(&self) -> impl Iterator<Item = usize> {
        let own = if self.of_row.is_none() { 0..self.groups } else { 0..0 };
        own.chain(self.of_row.iter().flatten().map(|&group| group as usize))
    }

    /// A list for each group, of the size that it will have.
    pub(crate) fn empty_groups<C>(&self) -> Vec<Vec<C>> {
        let mut sizes = vec![0_usize; self.groups];
        for group in self.group_of_row() {
            sizes[group] += 1;
        }
        sizes.into_iter().map(Vec::with_capacity).collect()
    }

    /// Each parent's group: moved to the last parent that has it, cloned for those before.
    pub(crate) fn hand_out<G: Clone>(&self, groups: Vec<G>, parents: usize, empty: impl Fn() -> G) -> Vec<G> {
        let mut uses = vec![0_u32; self.groups];
        for &group in self.of_parent.iter().filter(|&&group| group != NONE) {
            uses[group as usize] += 1;
        }
        let mut groups: Vec<Option<G>> = groups.into_iter().map(Some).collect();
        let mut handed = Vec::with_capacity(parents);
        for &group in &self.of_parent {
            let at = group as usize;
            let value = if group == NONE {
                None
            } else {
                uses[at] -= 1;
                if uses[at] == 0 { groups[at].take() } else { groups[at].clone() }
            };
            handed.push(value.unwrap_or_else(&empty));
        }
        handed
    }
}
