//! Counts of related rows: `customer::orders().count()`, included, compared or ordered by.

use crate::condition::{Condition, OrderBy};
use crate::model::{Constrained, Joined, Relation};
use crate::query::count::signed;
use crate::query::expr::{self, Comparison, Expr, Order};
use crate::scope::Scope;
use crate::shape::{Count, Many, Maybe};
use crate::value::Value;

impl<R: Relation> Scope<R, R::Target, Many> {
    /// How many rows there are, a `u64` that is read with the parent's own row: to include, to compare with, to order
    /// by. Of what was said before, filter, limit and offset hold.
    #[must_use]
    pub fn count(self) -> Scope<R, R::Target, Count>
    where
        R: Joined,
    {
        self.turn()
    }
}

impl<R: Joined + Constrained> Scope<R, R::Target, Maybe> {
    /// Whether there is a row, as 0 or 1.
    #[must_use]
    pub fn count(self) -> Scope<R, R::Target, Count> {
        self.turn()
    }
}

impl<R: Joined> Scope<R, R::Target, Count> {
    fn expr(self) -> Box<expr::Count> {
        Box::new(expr::Count { relation: R::meta(), node: self.into_node() })
    }

    fn compare(self, comparison: Comparison, number: u64) -> Condition<R::Source> {
        // No table has more rows than a signed integer counts.
        let number = Value::Int(signed(number));
        Condition::new(Expr::Count { count: self.expr(), comparison, number })
    }

    /// Fewest first.
    pub fn asc(self) -> OrderBy<R::Source> {
        OrderBy::new(Order::Count { count: self.expr(), descending: false })
    }

    /// Most first.
    pub fn desc(self) -> OrderBy<R::Source> {
        OrderBy::new(Order::Count { count: self.expr(), descending: true })
    }

    /// Exactly so many.
    pub fn eq(self, number: u64) -> Condition<R::Source> {
        self.compare(Comparison::Eq, number)
    }

    /// Any other number.
    pub fn ne(self, number: u64) -> Condition<R::Source> {
        self.compare(Comparison::Ne, number)
    }

    /// More.
    pub fn gt(self, number: u64) -> Condition<R::Source> {
        self.compare(Comparison::Gt, number)
    }

    /// So many or more.
    pub fn ge(self, number: u64) -> Condition<R::Source> {
        self.compare(Comparison::Ge, number)
    }

    /// Fewer.
    pub fn lt(self, number: u64) -> Condition<R::Source> {
        self.compare(Comparison::Lt, number)
    }

    /// So many or fewer.
    pub fn le(self, number: u64) -> Condition<R::Source> {
        self.compare(Comparison::Le, number)
    }

    /// From `low` to `high`, both included; no row when `low` is greater.
    pub fn between(self, low: u64, high: u64) -> Condition<R::Source> {
        self.clone().ge(low).and(self.le(high))
    }
}

impl<R: Joined> From<Scope<R, R::Target, Count>> for OrderBy<R::Source> {
    fn from(count: Scope<R, R::Target, Count>) -> Self {
        count.asc()
    }
}
