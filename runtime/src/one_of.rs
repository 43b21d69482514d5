//! Accessors of relations to several models.

use std::fmt;
use std::marker::PhantomData;

use crate::across::explain::{Statement, explain};
use crate::arm::{Arm, Variant};
use crate::db::Handle;
use crate::key::{IntoKey, KeyValues};
use crate::model::{Model, Relation};
use crate::operation::{Operation, awaitable};
use crate::query::node::Node;
use crate::query::{Answer, Task};
use crate::relation::Accessible;
use crate::scope::Scope;
use crate::shape::Shape;

/// What a relation to several models leads to: `db.comments().subject(3)`, awaited. One statement for the row, and one
/// for each model that it may lead to; where the row says which is meant, for that.
#[must_use = "nothing runs until it is awaited"]
pub struct OneOf<'a, R: Relation, S = <R as Relation>::Target> {
    handle: &'a Handle,
    key: KeyValues,
    node: Node,
    of: PhantomData<fn() -> (R, S)>,
}

impl<'a, R: Relation> OneOf<'a, R> {
    /// From the row of the source with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, source: impl IntoKey<R::Key, R>) -> Self {
        Self::from_key(handle, source.into_key())
    }

    pub(crate) fn from_key(handle: &'a Handle, key: KeyValues) -> Self {
        Self { handle, key, node: Node::of(R::meta()), of: PhantomData }
    }
}

impl<R: Relation, S> fmt::Debug for OneOf<'_, R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OneOf({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: Relation, S: Shape<Model = R::Target>> OneOf<'a, R, S> {
    /// What is wanted of one of the models: `comment::subject::post().include(…)`.
    pub fn of<T, C>(mut self, arm: Scope<Arm<R, T>, C>) -> OneOf<'a, R, S::With<C>>
    where
        R: Relation<Target: Variant<T>>,
        S: Variant<T>,
        T: Model,
        C: Shape<Model = T>,
    {
        self.node.narrow(S::AT, arm.into_include());
        OneOf { handle: self.handle, key: self.key, node: self.node, of: PhantomData }
    }
}

impl<'a, R, S> OneOf<'a, R, S>
where
    R: Relation<Cardinality: Accessible>,
    S: Shape<Model = R::Target>,
{
    /// The statements that it would run, without running them.
    #[must_use]
    pub fn explain(self) -> Vec<Statement> {
        let Self { handle, key, node, .. } = self;
        explain(handle, Task::Access { source: R::Source::META, relation: R::meta(), key, node })
    }

    fn operation(self) -> Operation<'a, <R::Cardinality as Accessible>::Output<S>> {
        let Self { handle, key, node, .. } = self;
        let task = Task::Access { source: R::Source::META, relation: R::meta(), key, node };
        Operation::new(handle, task, |answer| {
            let Answer::Accessed(accessed) = answer else { unreachable!("an accessor answers what it led to") };
            R::Cardinality::output::<R, S>(S::assemble(accessed.loaded)?, accessed.unset)
        })
    }
}

awaitable!(
    impl['a, R: Relation<Cardinality: Accessible>, S: Shape<Model = R::Target>] OneOf<'a, R, S>
        => <R::Cardinality as Accessible>::Output<S>
);
