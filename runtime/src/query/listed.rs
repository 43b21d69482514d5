//! Rows whose keys are listed in rows that are decoded: which they are, and whose.
//!
//! A row may be listed by many, so that order, limit and offset for each parent hold here. Runs nothing, and knows
//! nothing of where the rows come from.

use std::collections::{HashMap, HashSet};

use super::apart::logical;
use super::expr::{Expr, Order};
use super::keys::number;
use super::loaded::{Links, Loaded, LoadedRelation};
use super::node::{Include, Node};
use crate::driver::Key;
use crate::meta::ModelMeta;
use crate::row::{Rows, decode_error};
use crate::value::{Mismatch, Value};
use crate::{Result, json};

/// The keys that rows list.
#[derive(Debug)]
pub(crate) struct Listed<'n> {
    source: &'static ModelMeta,
    include: &'n Include,
    /// For each parent its keys, in the order of its list.
    of_parent: Vec<Vec<Key>>,
    /// Each key once.
    keys: Vec<Value<'static>>,
}

/// The rows of a relation that have one of these keys, not cut: what is cut is each parent's.
pub(super) fn rows_of(include: &Include, keys: Vec<Value<'static>>) -> Node {
    let Include { relation, node, .. } = include;
    let mut all = Node { limit: None, offset: None, ..node.clone() };
    all.filter(Expr::List { property: relation.to[0], values: keys, negated: false });
    if is_ordered(include) && node.is_cut() {
        let rest = node.model.key.iter().filter(|&&key| !node.order.iter().any(|term| term.is_by(key)));
        all.order.extend(rest.map(|&property| Order::Property { property, descending: false }));
    }
    all
}

fn is_ordered(include: &Include) -> bool {
    !include.node.order.is_empty()
}

impl<'n> Listed<'n> {
    /// In these rows of the relation's source.
    ///
    /// # Errors
    /// `decode` when a list holds what is no key.
    pub(crate) fn of(source: &'static ModelMeta, rows: &dyn Rows, include: &'n Include) -> Result<Self> {
        let list = |row| rows.value(row, include.relation.from[0]).into_static();
        Self::of_lists(source, include, (0..rows.len()).map(list))
    }

    /// In the lists of several parents.
    ///
    /// # Errors
    /// `decode` when a list holds what is no key.
    pub(crate) fn of_lists(
        source: &'static ModelMeta,
        include: &'n Include,
        lists: impl Iterator<Item = Value<'static>>,
    ) -> Result<Self> {
        let property = include.relation.from[0];
        let wrong = |wrong: Mismatch| decode_error(source, &wrong.at(property));
        let (mut of_parent, mut keys, mut known) = (Vec::new(), Vec::new(), HashSet::new());
        for list in lists {
            let mut own = Vec::new();
            for key in json::elements(&list, &source.properties[property]).map_err(wrong)? {
                let Some(logical) = logical(std::slice::from_ref(&key)) else { continue };
                if known.insert(logical.clone()) {
                    keys.push(key);
                }
                own.push(logical);
            }
            of_parent.push(own);
        }
        Ok(Self { source, include, of_parent, keys })
    }

    /// Each key once.
    pub(crate) fn keys(&self) -> &[Value<'static>] {
        &self.keys
    }

    /// What is to be loaded: the rows of all keys, not cut. Nothing where no parent has a key.
    pub(crate) fn node(&self) -> Option<Node> {
        if self.keys.is_empty() {
            return None;
        }
        Some(rows_of(self.include, self.keys.clone()))
    }

    /// Whether the rows of a parent are in the order in which they are loaded, and not in that of its list.
    fn is_ordered(&self) -> bool {
        is_ordered(self.include)
    }

    /// Gives each parent its rows, of those that were loaded.
    pub(crate) fn tie(self, loaded: Loaded) -> LoadedRelation {
        let to = self.include.relation.to[0];
        let rows = &loaded.rows;
        let keys = (0..rows.len()).map(|row| logical(&[rows.value(row, to)])).collect();
        self.tie_by(loaded, keys)
    }

    /// Gives each parent its rows, of which the keys are known.
    pub(crate) fn tie_by(self, loaded: Loaded, keys: Vec<Option<Key>>) -> LoadedRelation {
        let is_ordered = self.is_ordered();
        let Self { source, include, of_parent, .. } = self;
        let mut of_key: HashMap<Key, Vec<u32>> = HashMap::new();
        for (row, key) in keys.into_iter().enumerate() {
            if let Some(key) = key {
                of_key.entry(key).or_default().push(number(row));
            }
        }
        let size = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let (offset, limit) = (include.node.offset.map_or(0, size), include.node.limit.map_or(usize::MAX, size));
        let rows_of = |own: Vec<Key>| {
            let mut rows: Vec<_> = own.iter().filter_map(|key| of_key.get(key)).flatten().copied().collect();
            if is_ordered {
                rows.sort_unstable();
            }
            rows.into_iter().skip(offset).take(limit).collect()
        };
        let links = Links { lists: Some(of_parent.into_iter().map(rows_of).collect()), ..Links::default() };
        LoadedRelation { source, relation: include.relation, loaded, links }
    }
}
