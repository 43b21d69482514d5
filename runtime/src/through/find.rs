//! Finds of linked rows together with the links that lead to them, of one source row.

use std::fmt;
use std::marker::PhantomData;

use super::{Linked, LinkedBy};
use crate::Result;
use crate::across::explain::{Statement, explain};
use crate::condition::{Condition, OrderBy};
use crate::db::Handle;
use crate::find::{Quantity, Rows};
use crate::key::KeyValues;
use crate::model::{Joined, Relation};
use crate::observe::Via;
use crate::operation::{Operation, awaitable};
use crate::query::node::Node;
use crate::query::{Answer, Task};
use crate::scope::Scope;
use crate::shape::{Cardinality, IncludeIn, Many, Shape};

/// The rows that one source row is linked to, each with its link: `db.physicians().patients(1).with_link()`, awaited.
/// One statement, as long as nothing to many is included.
///
/// Links that lead to no row, or to a deleted one, are left out.
#[must_use = "nothing runs until it is awaited"]
pub struct FindLinked<'a, R: Relation, S, Q> {
    handle: &'a Handle,
    key: KeyValues,
    scope: Scope<R, S, Many>,
    of: PhantomData<fn() -> Q>,
}

impl<R: Relation, S, Q> fmt::Debug for FindLinked<'_, R, S, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FindLinked({})", R::meta().name)
    }
}

impl<'a, R: LinkedBy + Joined, Q> FindLinked<'a, R, Linked<R::Target, R::Link>, Q> {
    /// Of the source row with that key.
    pub(super) fn new(handle: &'a Handle, key: KeyValues) -> Self {
        Self { handle, key, scope: Scope::<R>::whole().turn::<R::Target, Many>().with_link(), of: PhantomData }
    }
}

impl<'a, R: LinkedBy + Joined, S: Shape<Model = R::Target>, Q: Quantity> FindLinked<'a, R, S, Q> {
    fn change<T>(self, change: impl FnOnce(Scope<R, S, Many>) -> Scope<R, T, Many>) -> FindLinked<'a, R, T, Q> {
        FindLinked { handle: self.handle, key: self.key, scope: change(self.scope), of: PhantomData }
    }

    /// Only rows that match; given twice, both must.
    pub fn filter(self, condition: Condition<R::Target>) -> Self {
        self.change(|scope| scope.filter(condition))
    }

    /// Only rows that match, if there is a value to match with.
    pub fn filter_if<T>(self, value: Option<T>, condition: impl FnOnce(T) -> Condition<R::Target>) -> Self {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// Only by links that match; given twice, both must.
    pub fn filter_link(self, condition: Condition<R::Link>) -> Self {
        self.change(|scope| scope.filter_link(condition))
    }

    /// With a relation of the rows, as a plain field of each.
    #[allow(clippy::type_complexity, reason = "the type is the result: the row with one more place filled")]
    pub fn include<I, C, L>(
        self,
        scope: Scope<I, C, L>,
    ) -> FindLinked<'a, R, <I as IncludeIn<S::Full>>::Output<L::Field<C>>, Q>
    where
        I: IncludeIn<S::Full>,
        C: Shape<Model = I::Target>,
        L: Cardinality,
    {
        self.change(|rows| rows.include(scope))
    }

    /// The statements that it would run, in their order; runs nothing.
    pub fn explain(self) -> Vec<Statement> {
        let handle = self.handle;
        explain(handle, self.task())
    }

    fn task(self) -> Task {
        Task::Load(self.into_rows().1)
    }

    /// The links that it would look through, and where.
    pub(crate) fn into_rows(self) -> (&'a Handle, Node) {
        let mut links = self.scope.into_include().node;
        links.filter(R::through().from(self.key));
        (self.handle, links.via(Via::of::<R>))
    }

    fn operation(self) -> Operation<'a, Q::Output<S>> {
        let handle = self.handle;
        Operation::new(handle, self.task(), finish::<S, Q>)
    }
}

fn finish<S: Shape, Q: Quantity>(answer: Answer) -> Result<Q::Output<S>> {
    let Answer::Loaded(loaded) = answer else { unreachable!("a find loads rows") };
    S::assemble(loaded).map(Q::output)
}

impl<R: LinkedBy + Joined, S: Shape<Model = R::Target>> FindLinked<'_, R, S, Rows> {
    /// In this order; given twice, the second decides among equals, also after
    /// [`order_by_link`](Self::order_by_link).
    pub fn order_by(self, order: impl Into<OrderBy<R::Target>>) -> Self {
        self.change(|scope| scope.order_by(order))
    }

    /// At most this many links.
    pub fn limit(self, links: u64) -> Self {
        self.change(|scope| scope.limit(links))
    }

    /// Without the first links.
    pub fn offset(self, links: u64) -> Self {
        self.change(|scope| scope.offset(links))
    }
}

impl<R: LinkedBy + Joined, S: Shape<Model = R::Target>> FindLinked<'_, R, Linked<S, R::Link>, Rows> {
    /// In this order of the links; given twice, the second decides among equals.
    pub fn order_by_link(self, order: impl Into<OrderBy<R::Link>>) -> Self {
        self.change(|scope| scope.order_by_link(order))
    }
}

awaitable!(
    impl['a, R: LinkedBy + Joined, S: Shape<Model = R::Target>, Q: Quantity] FindLinked<'a, R, S, Q> => Q::Output<S>
);
