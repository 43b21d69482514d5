//! A relation as it is named in a query: included with a scope, or asked about in a condition.

use std::fmt;
use std::marker::PhantomData;

use crate::condition::{Condition, OrderBy};
use crate::model::{Model, Relation};
use crate::query::expr::{Expr, Quantifier};
use crate::query::node::{Include, Node};
use crate::shape::{Cardinality, IncludeIn, Many, Maybe, One, Shape};

/// A relation with what is wanted of it: `customer::orders().filter(…).limit(3).include(order::items())`.
///
/// Filter, order, limit and offset hold for each parent by itself.
#[allow(clippy::type_complexity, reason = "three names in a row are not complex")]
pub struct Scope<R: Relation, S = <R as Relation>::Target, K = <R as Relation>::Cardinality> {
    node: Node,
    of: PhantomData<fn() -> (R, S, K)>,
}

impl<R: Relation> Scope<R, R::Target, R::Cardinality> {
    /// The whole relation; emitted as `order::customer()`.
    pub fn whole() -> Self {
        Self { node: Node::new(R::Target::META), of: PhantomData }
    }
}

impl<R: Relation, S, K> Clone for Scope<R, S, K> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), of: PhantomData }
    }
}

impl<R: Relation, S, K> fmt::Debug for Scope<R, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", R::meta().name)
    }
}

impl<R: Relation, S: Shape<Model = R::Target>, K: Cardinality> Scope<R, S, K> {
    fn turn<T, L>(self) -> Scope<R, T, L> {
        Scope { node: self.node, of: PhantomData }
    }

    /// Only rows that match; given twice, both must. A required to-one relation becomes an `Option`.
    #[must_use]
    pub fn filter(mut self, condition: Condition<R::Target>) -> Scope<R, S, K::Filtered> {
        self.node.filter(condition.expr);
        self.turn()
    }

    /// With a relation of the target, to any depth.
    #[must_use]
    #[allow(clippy::type_complexity, reason = "the type is the result: the row with one more place filled")]
    pub fn include<Q, C, L>(
        mut self,
        scope: Scope<Q, C, L>,
    ) -> Scope<R, <Q as IncludeIn<S::Full>>::Output<L::Field<C>>, K>
    where
        Q: IncludeIn<S::Full>,
        C: Shape<Model = Q::Target>,
        L: Cardinality,
    {
        self.node.include(scope.into_include());
        self.turn()
    }

    pub(crate) fn into_include(self) -> Include {
        Include { index: R::INDEX, relation: R::meta(), node: self.node }
    }
}

impl<R: Relation, S: Shape<Model = R::Target>> Scope<R, S, Many> {
    /// In this order for each parent; given twice, the second decides among equals.
    #[must_use]
    pub fn order_by(mut self, order: impl Into<OrderBy<R::Target>>) -> Self {
        self.node.order.extend(order.into().terms);
        self
    }

    /// At most this many rows for each parent.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.node.limit = Some(rows);
        self
    }

    /// Without the first rows of each parent.
    #[must_use]
    pub fn offset(mut self, rows: u64) -> Self {
        self.node.offset = Some(rows);
        self
    }
}

impl<R: Relation, S: Shape<Model = R::Target>> Scope<R, S, Many> {
    /// At least one related row matches.
    pub fn any(self, condition: Condition<R::Target>) -> Condition<R::Source> {
        related::<R>(Quantifier::Any, condition)
    }

    /// No related row matches.
    pub fn none(self, condition: Condition<R::Target>) -> Condition<R::Source> {
        related::<R>(Quantifier::None, condition)
    }

    /// Every related row matches, also when there is none.
    pub fn all(self, condition: Condition<R::Target>) -> Condition<R::Source> {
        related::<R>(Quantifier::All, condition)
    }
}

macro_rules! to_one {
    ($($kind:ty),*) => {$(
        impl<R: Relation, S: Shape<Model = R::Target>> Scope<R, S, $kind> {
            /// The related row is there and matches.
            pub fn matches(self, condition: Condition<R::Target>) -> Condition<R::Source> {
                related::<R>(Quantifier::Any, condition)
            }
        }
    )*};
}

to_one!(Maybe, One);

fn related<R: Relation>(quantifier: Quantifier, condition: Condition<R::Target>) -> Condition<R::Source> {
    Condition::new(Expr::Related { relation: R::meta(), quantifier, condition: Box::new(condition.expr) })
}
