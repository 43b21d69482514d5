//! Rows as the executor hands them to assembly: decoded, and tied to the rows above.

use crate::meta::{ModelMeta, RelationMeta};
use crate::row::Rows;

/// Rows of one model with what was included in them.
pub struct Loaded {
    pub(crate) rows: Box<dyn Rows>,
    pub(crate) relations: Vec<(usize, LoadedRelation)>,
}

/// The rows of one relation, tied to the rows above.
pub struct LoadedRelation {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) loaded: Loaded,
    pub(crate) links: Links,
}

impl Loaded {
    pub(crate) fn new(rows: Box<dyn Rows>) -> Self {
        Self { rows, relations: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The decoded rows.
    ///
    /// # Panics
    /// When they are of another model: emitted code and executor then disagree.
    pub fn rows<M: 'static>(&mut self) -> Vec<M> {
        let rows = std::mem::replace(&mut self.rows, Box::new(NoRows));
        *rows.into_any().downcast::<Vec<M>>().expect("rows are decoded by the model that they are assembled for")
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

    fn len(&self) -> usize {
        0
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
        self
    }
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
}

impl Links {
    pub(crate) fn groups(&self) -> usize {
        self.groups
    }

    /// Whether parent n has exactly row n.
    pub(crate) fn is_one_each(&self) -> bool {
        self.of_row.is_none()
            && self.groups == self.of_parent.len()
            && self.of_parent.iter().zip(0..).all(|(&group, n)| group == n)
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
