//! Aggregates: values computed of many rows by the database, and the different values that columns have.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use crate::across::explain::{Statement, explain};
use crate::condition::{Column, Condition, OrderBy};
use crate::db::Handle;
use crate::model::{Constrained, Model};
use crate::operation::{Operation, awaitable};
use crate::query::aggregate::{self, Receiver};
use crate::query::node::Node;
use crate::query::{Answer, Task};
use crate::relation::HasMany;
use crate::repository::Repository;
use crate::row::Cells;
use crate::through::{LinkedBy, Through};
use crate::{Result, Shape};

mod measure;
mod select;

pub use measure::{Aggregate, Compared, NotCompared, Summable, count};
pub use select::{GroupKeys, Select};

use select::Selected;

/// A condition on groups: `count().gt(1)`, `order::quantity().sum().ge(10)`.
pub struct Having<M> {
    having: aggregate::Having,
    of: PhantomData<fn() -> M>,
}

impl<M> Having<M> {
    fn new(having: aggregate::Having) -> Self {
        Self { having, of: PhantomData }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.having.and(other.having))
    }

    /// One or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::new(self.having.or(other.having))
    }

    /// The groups for which this is false. What has no value, as the sum of no values, does not match either.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "reads as the SQL word beside `and` and `or`; `!` works too")]
    pub fn not(self) -> Self {
        Self::new(aggregate::Having::Not(Box::new(self.having)))
    }
}

impl<M> std::ops::Not for Having<M> {
    type Output = Self;

    fn not(self) -> Self {
        Having::not(self)
    }
}

impl<M> Clone for Having<M> {
    fn clone(&self) -> Self {
        Self::new(self.having.clone())
    }
}

impl<M> fmt::Debug for Having<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values are left out: conditions end up in logs.
        f.write_str("Having")
    }
}

/// An order of groups: by keys, by what is computed, or a tuple of both.
pub struct GroupOrder<M> {
    terms: Vec<aggregate::GroupOrder>,
    of: PhantomData<fn() -> M>,
}

impl<M> GroupOrder<M> {
    fn new(term: aggregate::GroupOrder) -> Self {
        Self { terms: vec![term], of: PhantomData }
    }
}

impl<M> fmt::Debug for GroupOrder<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupOrder")
    }
}

impl<M> From<OrderBy<M>> for GroupOrder<M> {
    fn from(order: OrderBy<M>) -> Self {
        Self { terms: order.terms.into_iter().map(aggregate::GroupOrder::Key).collect(), of: PhantomData }
    }
}

impl<M: Model, T, V> From<Column<M, T, V>> for GroupOrder<M> {
    fn from(column: Column<M, T, V>) -> Self {
        column.asc().into()
    }
}

macro_rules! order_tuples {
    ($(($($name:ident),+))*) => {$(
        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<M, $($name: Into<GroupOrder<M>>),+> From<($($name,)+)> for GroupOrder<M> {
            fn from(($($name,)+): ($($name,)+)) -> Self {
                let mut terms = Vec::new();
                $(terms.extend($name.into().terms);)+
                Self { terms, of: PhantomData }
            }
        }
    )*};
}

order_tuples!((A, B)(A, B, C)(A, B, C, D));

/// Rows of which values are computed: `db.orders().aggregate().filter(…).select((count(), order::quantity().sum()))`.
///
/// [`group_by`](Self::group_by) makes groups of them, with values for each. Rows that are deleted softly are none.
#[must_use = "nothing is computed until `select` says what, and it is awaited"]
pub struct Aggregation<'a, M> {
    handle: &'a Handle,
    node: Node,
    of: PhantomData<fn() -> M>,
}

impl<M: Model> fmt::Debug for Aggregation<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aggregation({})", M::META.name)
    }
}

impl<'a, M: Model> Aggregation<'a, M> {
    fn new(handle: &'a Handle, node: Node) -> Self {
        Self { handle, node, of: PhantomData }
    }

    /// Only rows that match; given twice, both must.
    pub fn filter(mut self, condition: Condition<M>) -> Self {
        self.node.filter(condition.expr);
        self
    }

    /// Only rows that match, if there is a value to match with.
    pub fn filter_if<T>(self, value: Option<T>, condition: impl FnOnce(T) -> Condition<M>) -> Self {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// By what rows are grouped: a column, or a tuple of up to four. NULL is a key like others.
    pub fn group_by<K: GroupKeys<M>>(self, keys: K) -> Groups<'a, M, K::Output> {
        Groups::new(self.handle, self.node, keys.keys())
    }

    /// What is computed: one value, or a tuple of up to eight. Of no rows, a count is 0 and everything else `None`.
    ///
    /// # Errors
    /// When it is awaited: `overflow` where a sum has more digits than its type.
    pub fn select<S: Select<M>>(self, values: S) -> Aggregated<'a, S::Output> {
        let Selected { measures, take, .. } = values.selected();
        let take = move |cells: &Cells<'_>| take(cells, &mut 0);
        let ask = aggregate::Aggregate {
            node: self.node,
            keys: Vec::new(),
            measures,
            having: aggregate::Having::All,
            order: Vec::new(),
            receiver: Received::boxed(take),
        };
        Aggregated::new(self.handle, ask, only::<S::Output>)
    }
}

/// Groups of rows of model `M` that have the same keys, `K`.
#[must_use = "nothing is computed until `select` says what, and it is awaited"]
pub struct Groups<'a, M, K> {
    handle: &'a Handle,
    node: Node,
    keys: Selected<K>,
    having: aggregate::Having,
    order: Vec<aggregate::GroupOrder>,
    of: PhantomData<fn() -> M>,
}

impl<M: Model, K> fmt::Debug for Groups<'_, M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Groups({})", M::META.name)
    }
}

impl<'a, M: Model, K: Send + Sync + 'static> Groups<'a, M, K> {
    fn new(handle: &'a Handle, node: Node, keys: Selected<K>) -> Self {
        Self { handle, node, keys, having: aggregate::Having::All, order: Vec::new(), of: PhantomData }
    }

    /// Only groups that match; given twice, both must. What rows must match is said by `filter`, before they are
    /// grouped.
    pub fn having(mut self, condition: Having<M>) -> Self {
        self.having = self.having.and(condition.having);
        self
    }

    /// In this order: by keys, by what is computed, or a tuple of both. Given twice, the second decides among equals.
    pub fn order_by(mut self, order: impl Into<GroupOrder<M>>) -> Self {
        self.order.extend(order.into().terms);
        self
    }

    /// At most this many groups; among equals, and without an order, the first by their keys.
    pub fn limit(mut self, groups: u64) -> Self {
        self.node.limit = Some(groups);
        self
    }

    /// Without the first groups.
    pub fn offset(mut self, groups: u64) -> Self {
        self.node.offset = Some(groups);
        self
    }

    /// What is computed of each group, one value or a tuple of up to eight: the answer is a `Vec` of the group's keys
    /// and these, `((customer_id, status), (rows, sum))`.
    ///
    /// # Errors
    /// When it is awaited: `overflow` where a sum has more digits than its type, `validation` for an order by a column
    /// that is no key.
    pub fn select<S: Select<M>>(self, values: S) -> Aggregated<'a, Vec<(K, S::Output)>> {
        let (Selected { measures, take, .. }, Self { handle, node, keys, having, order, .. }) =
            (values.selected(), self);
        let key = keys.take;
        let take = move |cells: &Cells<'_>| {
            let mut at = 0;
            Ok((key(cells, &mut at)?, take(cells, &mut at)?))
        };
        let receiver = Received::boxed(take);
        let ask = aggregate::Aggregate { node, keys: keys.keys, measures, having, order, receiver };
        Aggregated::new(handle, ask, every::<(K, S::Output)>)
    }
}

/// The different values that a column has, or several together: `db.orders().distinct(order::status())`, awaited.
#[must_use = "nothing runs until it is awaited"]
pub struct Distinct<'a, M, K> {
    groups: Groups<'a, M, K>,
}

impl<M: Model, K> fmt::Debug for Distinct<'_, M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Distinct({})", M::META.name)
    }
}

impl<'a, M: Model, K: Send + Sync + 'static> Distinct<'a, M, K> {
    /// Only of rows that match; given twice, both must.
    pub fn filter(mut self, condition: Condition<M>) -> Self {
        self.groups.node.filter(condition.expr);
        self
    }

    /// Only of rows that match, if there is a value to match with.
    pub fn filter_if<T>(self, value: Option<T>, condition: impl FnOnce(T) -> Condition<M>) -> Self {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// In this order of the columns; by another one it is `validation`.
    pub fn order_by(self, order: impl Into<OrderBy<M>>) -> Self {
        Self { groups: self.groups.order_by(order.into()) }
    }

    /// At most this many; without an order, the first ones.
    pub fn limit(self, values: u64) -> Self {
        Self { groups: self.groups.limit(values) }
    }

    /// Without the first ones.
    pub fn offset(self, values: u64) -> Self {
        Self { groups: self.groups.offset(values) }
    }

    /// The statement that it would run; runs nothing.
    pub fn explain(self) -> Vec<Statement> {
        self.aggregated().explain()
    }

    fn aggregated(self) -> Aggregated<'a, Vec<K>> {
        let Groups { handle, node, keys, having, order, .. } = self.groups;
        let take = keys.take;
        let receiver = Received::boxed(move |cells: &Cells<'_>| take(cells, &mut 0));
        let ask = aggregate::Aggregate { node, keys: keys.keys, measures: Vec::new(), having, order, receiver };
        Aggregated::new(handle, ask, every::<K>)
    }

    fn operation(self) -> Operation<'a, Vec<K>> {
        self.aggregated().operation()
    }
}

/// Values that the database computes when it is awaited.
#[must_use = "nothing runs until it is awaited"]
pub struct Aggregated<'a, T> {
    handle: &'a Handle,
    ask: Box<aggregate::Aggregate>,
    finish: fn(Answer) -> Result<T>,
}

impl<T> fmt::Debug for Aggregated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aggregated({})", self.ask.node.model.name)
    }
}

impl<'a, T> Aggregated<'a, T> {
    fn new(handle: &'a Handle, ask: aggregate::Aggregate, finish: fn(Answer) -> Result<T>) -> Self {
        Self { handle, ask: Box::new(ask), finish }
    }

    /// The statement that it would run; runs nothing.
    pub fn explain(self) -> Vec<Statement> {
        explain(self.handle, Task::Aggregate(self.ask))
    }

    fn operation(self) -> Operation<'a, T> {
        Operation::new(self.handle, Task::Aggregate(self.ask), self.finish)
    }
}

awaitable!(impl['a, T] Aggregated<'a, T> => T);
awaitable!(impl['a, M: Model, K: Send + Sync + 'static] Distinct<'a, M, K> => Vec<K>);

/// Groups as they are read.
struct Received<T, F> {
    groups: Vec<T>,
    take: F,
}

impl<T, F> Received<T, F>
where
    T: Send + Sync + 'static,
    F: Fn(&Cells<'_>) -> Result<T> + Send + Sync + 'static,
{
    fn boxed(take: F) -> Box<dyn Receiver> {
        Box::new(Self { groups: Vec::new(), take })
    }
}

impl<T, F> Receiver for Received<T, F>
where
    T: Send + Sync + 'static,
    F: Fn(&Cells<'_>) -> Result<T> + Send + Sync + 'static,
{
    fn push(&mut self, cells: &Cells<'_>) -> Result<()> {
        self.groups.push((self.take)(cells)?);
        Ok(())
    }

    fn take(&mut self) -> Box<dyn Any + Send> {
        Box::new(std::mem::take(&mut self.groups))
    }
}

#[allow(clippy::unnecessary_wraps, reason = "the type of every finish")]
fn every<T: 'static>(answer: Answer) -> Result<Vec<T>> {
    let Answer::Computed(groups) = answer else { unreachable!("what is computed is answered") };
    Ok(*groups.downcast::<Vec<T>>().expect("groups are received as what they are asked for"))
}

fn only<T: 'static>(answer: Answer) -> Result<T> {
    every(answer).map(|groups: Vec<T>| groups.into_iter().next().expect("without keys there is one group"))
}

impl<'a, M: Model> Repository<'a, M> {
    /// Values computed of many rows: how many, sums, averages, least and greatest, of all or of groups.
    pub fn aggregate(&self) -> Aggregation<'a, M> {
        Aggregation::new(self.handle(), Node::new(M::META))
    }

    /// The different values of a column, or of several together, a tuple of up to four. NULL is one of them, as `None`.
    pub fn distinct<K: GroupKeys<M>>(&self, columns: K) -> Distinct<'a, M, K::Output> {
        Distinct { groups: self.aggregate().group_by(columns) }
    }
}

macro_rules! on_related {
    ($type:ident, $relation:ident) => {
        impl<'a, R: $relation<Target: Model + Shape>> $type<'a, R> {
            /// Values computed of the related rows: how many, sums, averages, least and greatest, of all or of groups.
            pub fn aggregate(&self) -> Aggregation<'a, R::Target> {
                let (handle, node) = self.find().into_rows();
                Aggregation::new(handle, node)
            }

            /// The different values of a column of the related rows, or of several together, a tuple of up to four.
            pub fn distinct<K: GroupKeys<R::Target>>(&self, columns: K) -> Distinct<'a, R::Target, K::Output> {
                Distinct { groups: self.aggregate().group_by(columns) }
            }
        }
    };
}

on_related!(HasMany, Constrained);
on_related!(Through, LinkedBy);
