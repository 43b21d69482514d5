//! Finds: rows by condition, with what is included in them.

use std::fmt;
use std::marker::PhantomData;

use crate::Result;
use crate::condition::{Condition, OrderBy};
use crate::db::Handle;
use crate::model::Model;
use crate::operation::{Operation, awaitable};
use crate::query::node::Node;
use crate::query::{Answer, Task};
use crate::scope::Scope;
use crate::shape::{Cardinality, IncludeIn, Shape};

/// How many rows a find gives.
pub trait Quantity: Send + Sync + 'static {
    /// The rows of a find.
    type Output<S>;

    #[doc(hidden)]
    fn output<S>(rows: Vec<S>) -> Self::Output<S>;

    #[doc(hidden)]
    fn asks() -> Asks;
}

/// What a find asks for; of no use outside this crate.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Asks {
    Any,
    ById,
    One,
}

/// All rows: a `Vec`.
#[derive(Debug)]
pub struct Rows;

/// The first row: an `Option`.
#[derive(Debug)]
pub struct First;

/// Exactly one row; none is `not_found`, several are `conflict`.
#[derive(Debug)]
pub struct Exactly;

/// The row with an id; none is `not_found`.
#[derive(Debug)]
pub struct ById;

impl Quantity for Rows {
    type Output<S> = Vec<S>;

    fn output<S>(rows: Vec<S>) -> Vec<S> {
        rows
    }

    fn asks() -> Asks {
        Asks::Any
    }
}

impl Quantity for First {
    type Output<S> = Option<S>;

    fn output<S>(rows: Vec<S>) -> Option<S> {
        rows.into_iter().next()
    }

    fn asks() -> Asks {
        Asks::Any
    }
}

impl Quantity for Exactly {
    type Output<S> = S;

    fn output<S>(rows: Vec<S>) -> S {
        rows.into_iter().next().expect("the executor refuses to answer no row where one is asked for")
    }

    fn asks() -> Asks {
        Asks::One
    }
}

impl Quantity for ById {
    type Output<S> = S;

    fn output<S>(rows: Vec<S>) -> S {
        Exactly::output(rows)
    }

    fn asks() -> Asks {
        Asks::ById
    }
}

/// A find, built step by step: `.filter(…).order_by(…).limit(20).include(…)`.
#[must_use = "nothing runs until it is awaited"]
pub struct Find<'a, S, Q = Rows> {
    handle: &'a Handle,
    node: Node,
    of: PhantomData<fn() -> (S, Q)>,
}

impl<S, Q> fmt::Debug for Find<'_, S, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Find({})", self.node.model.name)
    }
}

impl<'a, M: Model, Q> Find<'a, M, Q> {
    pub(crate) fn new(handle: &'a Handle, node: Node) -> Self {
        Self { handle, node, of: PhantomData }
    }
}

impl<'a, S: Shape, Q: Quantity> Find<'a, S, Q> {
    fn turn<T, P>(self) -> Find<'a, T, P> {
        Find { handle: self.handle, node: self.node, of: PhantomData }
    }

    /// With a relation, as a plain field of each row: `.include(customer::orders())`.
    #[allow(clippy::type_complexity, reason = "the type is the result: the row with one more place filled")]
    pub fn include<R, C, K>(
        mut self,
        scope: Scope<R, C, K>,
    ) -> Find<'a, <R as IncludeIn<S::Full>>::Output<K::Field<C>>, Q>
    where
        R: IncludeIn<S::Full>,
        C: Shape<Model = R::Target>,
        K: Cardinality,
    {
        self.node.include(scope.into_include());
        self.turn()
    }

    pub(crate) fn operation(self) -> Operation<'a, Q::Output<S>> {
        let task = match Q::asks() {
            Asks::Any => Task::Load(self.node),
            Asks::ById => Task::Get(self.node),
            Asks::One => Task::One(self.node),
        };
        Operation::new(self.handle, task, finish::<S, Q>)
    }
}

fn finish<S: Shape, Q: Quantity>(answer: Answer) -> Result<Q::Output<S>> {
    let Answer::Loaded(loaded) = answer else { unreachable!("a find loads rows") };
    S::assemble(loaded).map(Q::output)
}

impl<'a, S: Shape> Find<'a, S, Rows> {
    /// Only rows that match; given twice, both must.
    pub fn filter(mut self, condition: Condition<S::Model>) -> Self {
        self.node.filter(condition.expr);
        self
    }

    /// Only rows that match, if there is a value to match with.
    pub fn filter_if<T>(self, value: Option<T>, condition: impl FnOnce(T) -> Condition<S::Model>) -> Self {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// In this order; given twice, the second decides among equals. NULL is before everything.
    pub fn order_by(mut self, order: impl Into<OrderBy<S::Model>>) -> Self {
        self.node.order.extend(order.into().terms);
        self
    }

    /// At most this many rows. Without one there is no limit.
    pub fn limit(mut self, rows: u64) -> Self {
        self.node.limit = Some(rows);
        self
    }

    /// Without the first rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.node.offset = Some(rows);
        self
    }

    /// The first row, if there is one.
    pub fn first(mut self) -> Find<'a, S, First> {
        let limit = self.node.limit.map_or(1, |limit| limit.min(1));
        self.node.limit = Some(limit);
        self.turn()
    }

    /// The only row: none is `not_found`, several are `conflict`.
    pub fn one(self) -> Find<'a, S, Exactly> {
        self.turn()
    }

    /// How many rows match, limit and offset considered.
    pub fn count(self) -> Operation<'a, u64> {
        Operation::new(self.handle, Task::Count(self.node), number)
    }

    /// Whether a row matches.
    pub fn exists(self) -> Operation<'a, bool> {
        Operation::new(self.handle, Task::Exists(self.node), flag)
    }
}

#[allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the type of every finish")]
pub(crate) fn flag(answer: Answer) -> Result<bool> {
    let Answer::Flag(flag) = answer else { unreachable!("a question is answered with yes or no") };
    Ok(flag)
}

#[allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the type of every finish")]
pub(crate) fn number(answer: Answer) -> Result<u64> {
    let Answer::Number(number) = answer else { unreachable!("a count is a number") };
    Ok(number)
}

awaitable!(impl['a, S: Shape, Q: Quantity] Find<'a, S, Q> => Q::Output<S>);
