//! Filters from outside: LoopBack's filter language as JSON or as a URL's query, resolved against a model.
//!
//! Reading one checks its shape only. Names and values are resolved when it is used, by a model's description: what is
//! not there, or is hidden, is refused by the place where it stands. No text of a filter ever becomes SQL, and nothing
//! of it is left out silently.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};

use crate::model::Model;
use crate::{Error, Result};

mod conditions;
mod include;
mod limits;
mod mistakes;
mod patterns;
mod query;
mod resolve;
mod tree;

pub use limits::FilterLimits;
pub use mistakes::Mistake;
#[cfg(all(feature = "pattern", feature = "sqlite"))]
pub(crate) use patterns::compile;
pub(crate) use resolve::resolve;
use tree::Tree;

/// A filter from outside, on rows of model `M`: emitted as `order::Filter`.
///
/// It has LoopBack's JSON shape: `where`, `order`, `limit`, `skip` or `offset`, `fields`, and `include`. What
/// [`find_with`](crate::Repository::find_with) makes of it, and how it is refused, is in the guide's page on filters.
///
/// ```ignore
/// let filter: order::Filter = serde_json::from_str(r#"{ "where": { "quantity": { "gt": 5 } }, "limit": 10 }"#)?;
/// let same = order::Filter::from_query("filter[where][quantity][gt]=5&filter[limit]=10")?;
/// ```
pub struct Filter<M> {
    pub(crate) tree: Tree,
    of: PhantomData<fn() -> M>,
}

impl<M> Filter<M> {
    fn of(tree: Tree) -> Self {
        Self { tree, of: PhantomData }
    }

    /// The filter in a URL's query: `filter[where][quantity][gt]=5&filter[include][]=customer`, or
    /// `filter={"where":…}` percent-encoded (with feature `json`). Other parameters are left to others; without one,
    /// and of an empty one, the filter says nothing. Values are read by the type of their property.
    ///
    /// # Errors
    /// `invalid_filter` when it has no such shape.
    pub fn from_query(query: &str) -> Result<Self> {
        query::read(query).map(Self::of).map_err(|mistake| Error::InvalidFilter { mistakes: vec![mistake] })
    }
}

/// A filter that says nothing: every row, up to the default limit.
impl<M> Default for Filter<M> {
    fn default() -> Self {
        Self::of(Tree::Object(Vec::new()))
    }
}

impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self::of(self.tree.clone())
    }
}

impl<M: Model> fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values are left out: filters end up in logs.
        write!(f, "Filter({})", M::META.name)
    }
}

impl<'de, M> Deserialize<'de> for Filter<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Tree::deserialize(deserializer)?;
        tree::check(&tree).map_err(serde::de::Error::custom)?;
        Ok(Self::of(tree))
    }
}

#[cfg(test)]
mod tests;
