//! Targets together with the links that lead to them: what is read when a link has something to say.

use std::ops::{Deref, DerefMut};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::LinkedBy;
use crate::Result;
use crate::condition::{Condition, OrderBy};
use crate::model::{Joined, Model};
use crate::query::loaded::Loaded;
use crate::query::through::LinkRows;
use crate::scope::Scope;
use crate::shape::{Cardinality, IncludeIn, Many, OfRows, Shape, Slot};

/// A row and the link that leads to it: `physician::patients().with_link()` gives one for each link. Reads as the row.
#[derive(Clone, Debug, PartialEq)]
pub struct Linked<S, L> {
    /// The row, with what is included in it.
    pub row: S,
    /// The row of the link model.
    pub link: L,
}

impl<S, L> Deref for Linked<S, L> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.row
    }
}

impl<S, L> DerefMut for Linked<S, L> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.row
    }
}

impl<S: Shape, L: Model> Shape for Linked<S, L> {
    type Model = S::Model;
    type Full = Linked<S::Full, L>;

    fn assemble(mut loaded: Loaded) -> Result<Vec<Self>> {
        let links = loaded.rows::<L>();
        let mut rows = S::fill(loaded.relation(LinkRows::TARGET), links.len())?;
        Ok(links.into_iter().map(|link| Self { row: rows.next(), link }).collect())
    }
}

impl<Q: IncludeIn<S>, S: Shape, L: Model> IncludeIn<Linked<S, L>> for Q {
    type Output<F: Slot> = Linked<Q::Output<F>, L>;
}

impl<S: Serialize, L: Serialize> Serialize for Linked<S, L> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let mut object = serializer.serialize_struct("Linked", 2)?;
        object.serialize_field("row", &self.row)?;
        object.serialize_field("link", &self.link)?;
        object.end()
    }
}

impl<R: LinkedBy + Joined, S: Shape<Model = R::Target>, K: Cardinality> Scope<R, S, K> {
    /// Only by links that match: `physician::patients().filter_link(appointment::at().gt(today))`; given twice, both
    /// must.
    #[must_use]
    pub fn filter_link(mut self, condition: Condition<R::Link>) -> Scope<R, S, K::Filtered> {
        self.node.filter_link(condition.expr);
        self.turn()
    }
}

impl<R: LinkedBy + Joined, K: OfRows> Scope<R, R::Target, K> {
    /// Each link with the row that it leads to, a [`Linked`]. Of a relation to many, a row is there once for each of its
    /// links, which are what limit and offset count. What rows include is said after it.
    #[must_use]
    #[allow(clippy::type_complexity, reason = "the type is the result: the row with its link")]
    pub fn with_link(mut self) -> Scope<R, Linked<R::Target, R::Link>, K> {
        self.node.with_link();
        self.turn()
    }
}

impl<R: LinkedBy, S: Shape<Model = R::Target>> Scope<R, Linked<S, R::Link>, Many> {
    /// In this order of the links for each parent; with [`order_by`](Scope::order_by), what is given later decides
    /// among equals.
    #[must_use]
    pub fn order_by_link(mut self, order: impl Into<OrderBy<R::Link>>) -> Self {
        self.node.order_by_link(order.into().terms);
        self
    }
}
