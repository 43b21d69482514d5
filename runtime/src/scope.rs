//! A relation as it is named in a query: included with a scope, or asked about in a condition.

use std::fmt;
use std::marker::PhantomData;

use crate::arm::{Arm, Variant};
use crate::condition::{Condition, OrderBy};
use crate::model::{Joined, Model, Relation};
use crate::query::expr::{Order, Quantifier};
use crate::query::node::{Include, Node};
use crate::shape::{Cardinality, IncludeIn, Many, Maybe, OfRows, One, Shape};

/// A relation with what is wanted of it: `customer::orders().filter(…).limit(3).include(order::items())`.
///
/// Filter, order, limit and offset hold for each parent by itself.
#[allow(clippy::type_complexity, reason = "three names in a row are not complex")]
pub struct Scope<R: Relation, S = <R as Relation>::Target, K = <R as Relation>::Cardinality> {
    pub(crate) node: Node,
    of: PhantomData<fn() -> (R, S, K)>,
}

impl<R: Relation, S, K> Scope<R, S, K> {
    pub(crate) fn turn<T, L>(self) -> Scope<R, T, L> {
        Scope { node: self.node, of: PhantomData }
    }

    pub(crate) fn into_node(self) -> Node {
        self.node
    }

    /// Whether nothing was said of the rows.
    pub(crate) fn is_whole(&self) -> bool {
        self.node.is_plain()
    }
}

impl<R: Relation> Scope<R, R::Target, R::Cardinality> {
    /// The whole relation; emitted as `order::customer()`.
    pub fn whole() -> Self {
        Self { node: Node::of(R::meta()), of: PhantomData }
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

impl<R: Relation<Target: Model>, S: Shape<Model = R::Target>, K: Cardinality> Scope<R, S, K> {
    /// Only rows that match; given twice, both must. A required to-one relation becomes an `Option`.
    #[must_use]
    pub fn filter(mut self, condition: Condition<R::Target>) -> Scope<R, S, K::Filtered> {
        self.node.filter(condition.expr);
        self.turn()
    }

    /// Only rows that match, if there is a value to match with. A required to-one relation becomes an `Option`, also
    /// where there is none.
    #[must_use]
    pub fn filter_if<T>(
        self,
        value: Option<T>,
        condition: impl FnOnce(T) -> Condition<R::Target>,
    ) -> Scope<R, S, K::Filtered> {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self.turn(),
        }
    }
}

impl<R: Relation<Target: Model>, S: Shape<Model = R::Target>, K: OfRows> Scope<R, S, K> {
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
}

impl<R: Relation, S: Shape<Model = R::Target>, K: Cardinality> Scope<R, S, K> {
    /// Of a relation to several models, what is wanted of one of them: `comment::subject::post().include(…)`. Given
    /// twice for one model, the last counts. Under a filter, a required relation becomes an `Option`.
    #[must_use]
    #[allow(clippy::type_complexity, reason = "the type is the result: the enum with one variant more filled")]
    pub fn of<T, C, L>(mut self, arm: Scope<Arm<R, T>, C, L>) -> Scope<R, S::With<C>, K::Of<L>>
    where
        R: Relation<Target: Variant<T>>,
        S: Variant<T>,
        T: Model,
        C: Shape<Model = T>,
        L: OfRows,
    {
        self.node.narrow(S::AT, arm.into_include());
        Scope { node: self.node, of: PhantomData }
    }
}

impl<R: Relation, S, K: Cardinality> Scope<R, S, K> {
    pub(crate) fn into_include(self) -> Include {
        let relation = R::meta();
        let include =
            Include { index: R::INDEX, relation, asked: Some(relation), node: self.node, counted: K::COUNTED };
        include.by_links()
    }
}

impl<R: Relation<Target: Model>, S: Shape<Model = R::Target>> Scope<R, S, Many> {
    /// In this order for each parent; given twice, the second decides among equals.
    #[must_use]
    pub fn order_by(mut self, order: impl Into<OrderBy<R::Target>>) -> Self {
        self.node.order_by(order.into().terms);
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

// What must hold of the relation stands at each method: there, the compiler says why where it does not.
impl<R: Relation, S: Shape<Model = R::Target>> Scope<R, S, Many> {
    /// At least one related row matches.
    pub fn any(self, condition: Condition<R::Target>) -> Condition<R::Source>
    where
        R: Joined,
    {
        related::<R>(self.node, Quantifier::Any, condition)
    }

    /// No related row matches.
    pub fn none(self, condition: Condition<R::Target>) -> Condition<R::Source>
    where
        R: Joined,
    {
        related::<R>(self.node, Quantifier::None, condition)
    }

    /// Every related row matches, also when there is none.
    pub fn all(self, condition: Condition<R::Target>) -> Condition<R::Source>
    where
        R: Joined,
    {
        related::<R>(self.node, Quantifier::All, condition)
    }
}

macro_rules! to_one {
    ($($kind:ty),*) => {$(
        impl<R: Relation, S: Shape<Model = R::Target>> Scope<R, S, $kind> {
            /// The related row is there and matches.
            pub fn matches(self, condition: Condition<R::Target>) -> Condition<R::Source>
            where
                R: Joined,
            {
                related::<R>(self.node, Quantifier::Any, condition)
            }

            /// By what the related row holds: `order_by(order::customer().order(customer::name()))`. Where there is no
            /// row, or none that matches the filter, it is as if it held NULL: before everything, descending after all.
            pub fn order(self, order: impl Into<OrderBy<R::Target>>) -> OrderBy<R::Source> {
                let Self { node, .. } = self;
                let terms = order.into().terms.into_iter();
                OrderBy::several(terms.map(|term| Order::related(R::meta(), node.clone(), term)).collect())
            }
        }
    )*};
}

to_one!(Maybe, One);

/// Of the rows that the scope looks at, so many match.
fn related<R: Joined>(scope: Node, quantifier: Quantifier, condition: Condition<R::Target>) -> Condition<R::Source> {
    Condition::new(scope.related(R::meta(), quantifier, condition.expr))
}
