//! Finds: rows by condition, with what is included in them.

use std::fmt;
use std::marker::PhantomData;

use crate::Result;
use crate::across::explain::{Statement, explain};
use crate::across::inclusion::Inclusion;
use crate::condition::{Condition, OrderBy};
use crate::db::Handle;
use crate::filter::{Filter, FilterLimits, resolve};
use crate::model::Model;
use crate::observe::CallName;
use crate::operation::{Operation, awaitable};
use crate::query::node::Node;
#[cfg(feature = "json")]
use crate::query::references::{KeyList, Reach};
#[cfg(feature = "json")]
use crate::query::task::only;
use crate::query::{Answer, Task};
use crate::scope::Scope;
#[cfg(feature = "json")]
use crate::shape::Slot;
use crate::shape::{Cardinality, IncludeIn, Shape};
use crate::with_relations::WithRelations;

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
    pub(crate) handle: &'a Handle,
    pub(crate) node: Node,
    pub(crate) among: Among,
    of: PhantomData<fn() -> (S, Q)>,
}

/// What a find looks through.
pub(crate) enum Among {
    Table,
    /// The rows that a list of keys leads to.
    #[cfg(feature = "json")]
    List(Box<KeyList>),
}

impl<S, Q> fmt::Debug for Find<'_, S, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Find({})", self.node.model.name)
    }
}

impl<'a, M: Model, Q> Find<'a, M, Q> {
    pub(crate) fn new(handle: &'a Handle, node: Node) -> Self {
        Self { handle, node, among: Among::Table, of: PhantomData }
    }

    /// Among the rows that a list of keys leads to.
    #[cfg(feature = "json")]
    pub(crate) fn among(handle: &'a Handle, list: KeyList, node: Node) -> Self {
        Self { handle, node, among: Among::List(Box::new(list)), of: PhantomData }
    }
}

impl<'a, S: Shape, Q: Quantity> Find<'a, S, Q> {
    pub(crate) fn turn<T, P>(self) -> Find<'a, T, P> {
        Find { handle: self.handle, node: self.node, among: self.among, of: PhantomData }
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

    fn task(self) -> Task {
        self.task_of(match Q::asks() {
            Asks::Any => Task::Load,
            Asks::ById => Task::Get,
            Asks::One => Task::One,
        })
    }

    /// That one of the table; the rows of a list are read in any case.
    fn task_of(self, task: fn(Node) -> Task) -> Task {
        match self.among {
            Among::Table => task(self.node),
            #[cfg(feature = "json")]
            Among::List(list) => Task::Reach(Reach { list: *list, node: self.node }),
        }
    }

    /// What it would look through, and where.
    pub(crate) fn into_rows(self) -> (&'a Handle, Node) {
        (self.handle, self.node)
    }

    /// The statements that it would run, in their order; runs nothing.
    pub fn explain(self) -> Vec<Statement> {
        explain(self.handle, self.task())
    }

    pub(crate) fn operation(self) -> Operation<'a, Q::Output<S>> {
        Operation::new(self.handle, self.task(), finish::<S, Q>)
    }
}

fn finish<S: Shape, Q: Quantity>(answer: Answer) -> Result<Q::Output<S>> {
    match answer {
        Answer::Loaded(loaded) => S::assemble(loaded).map(Q::output),
        #[cfg(feature = "json")]
        Answer::Reached(reached) => {
            let model = reached.relation.target;
            let rows = Vec::<S>::fill(Some(reached), 1)?.next();
            if matches!(Q::asks(), Asks::One) {
                only(model, rows.len())?;
            }
            Ok(Q::output(rows))
        }
        _ => unreachable!("a find loads rows"),
    }
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
        self.node.cut_to(1);
        self.turn()
    }

    /// The only row: none is `not_found`, several are `conflict`.
    pub fn one(self) -> Find<'a, S, Exactly> {
        self.turn()
    }

    /// How many rows match, limit and offset considered.
    pub fn count(self) -> Operation<'a, u64> {
        Operation::new(self.handle, self.task_of(Task::Count), number)
    }

    /// Whether a row matches.
    pub fn exists(self) -> Operation<'a, bool> {
        Operation::new(self.handle, self.task_of(Task::Exists), flag)
    }
}

#[allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the type of every finish")]
pub(crate) fn flag(answer: Answer) -> Result<bool> {
    match answer {
        Answer::Flag(flag) => Ok(flag),
        #[cfg(feature = "json")]
        Answer::Reached(reached) => Ok(reached.listed() > 0),
        _ => unreachable!("a question is answered with yes or no"),
    }
}

#[allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the type of every finish")]
pub(crate) fn number(answer: Answer) -> Result<u64> {
    match answer {
        Answer::Number(number) => Ok(number),
        #[cfg(feature = "json")]
        Answer::Reached(reached) => Ok(reached.listed() as u64),
        _ => unreachable!("a count is a number"),
    }
}

awaitable!(impl['a, S: Shape, Q: Quantity] Find<'a, S, Q> => Q::Output<S>);

/// A find by a filter from outside: of whole rows with what the filter includes, or of a view.
#[must_use = "nothing runs until it is awaited"]
pub struct FindWith<'a, M, S = WithRelations<M>> {
    pub(crate) find: Find<'a, M>,
    pub(crate) filter: Filter<M>,
    view: Option<Shown>,
    of: PhantomData<fn() -> S>,
}

/// The view that is given, whatever it is.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// As in the schema.
    pub(crate) name: &'static str,
    /// Makes rows those of the view.
    pub(crate) shape: fn(&mut Node),
}

impl<M: Model, S> fmt::Debug for FindWith<'_, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FindWith({})", M::META.name)
    }
}

impl<'a, M: Model> FindWith<'a, M> {
    pub(crate) fn new(find: Find<'a, M>, filter: Filter<M>) -> Self {
        Self { find, filter, view: None, of: PhantomData }
    }

    /// The same in the shape of a view.
    pub(crate) fn shown<V>(self, view: Shown) -> FindWith<'a, M, V> {
        FindWith { find: self.find, filter: self.filter, view: Some(view), of: PhantomData }
    }
}

impl<'a, M: Model, S: Shape<Model = M>> FindWith<'a, M, S> {
    /// Only rows that match too, whatever the filter says: what is the program's to decide. Given twice, both must.
    ///
    /// ```ignore
    /// let public = db.posts().find_with(filter).filter(post::state().eq(PostState::Published)).await?;
    /// ```
    pub fn filter(mut self, condition: Condition<M>) -> Self {
        self.find = self.find.filter(condition);
        self
    }

    /// The find that the filter means.
    pub(crate) fn resolved(self) -> Result<Find<'a, S>> {
        let Self { mut find, filter, view, .. } = self;
        let inclusion = find.handle.inclusion();
        let unsaid = FilterLimits::default();
        let limits = inclusion.and_then(Inclusion::limits).unwrap_or(&unsaid);
        resolve(&filter.tree, &mut find.node, limits, inclusion, view.map(|view| view.name))?;
        if let Some(view) = view {
            (view.shape)(&mut find.node);
        }
        Ok(find.turn())
    }

    /// The statements that it would run, in their order; runs nothing.
    ///
    /// # Errors
    /// Those of the filter.
    pub fn explain(self) -> Result<Vec<Statement>> {
        self.resolved().map(Find::explain)
    }

    fn operation(self) -> Operation<'a, Vec<S>> {
        let handle = self.find.handle;
        match self.resolved() {
            Ok(find) => find.operation(),
            Err(error) => Operation::refused(handle, CallName::new("find", Some(M::META)), error),
        }
    }
}

awaitable!(impl['a, M: Model, S: Shape<Model = M>] FindWith<'a, M, S> => Vec<S>);
