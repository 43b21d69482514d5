//! Relations through a link model: what emitted code says of them, and what their accessors give.
//!
//! Reading is that of every relation; what is here is told apart by the link: rows are linked and unlinked, and a link
//! may say something of its own.

mod find;
mod linked;
mod many;
mod one;
mod several;

use std::fmt;

use crate::meta::{RelationMeta, ThroughMeta};
use crate::model::{Input, Model, Relation};
use crate::shape::Many;

pub use find::FindLinked;
pub use linked::Linked;
pub use many::Through;
pub use one::ThroughOne;
pub use several::{LinkedPlainlyTo, LinkedTo, LinkedWithTo, ThroughOf, ThroughOneOf};

/// A relation through a link model.
pub trait LinkedBy: Relation<Target: Model> {
    /// The link model.
    type Link: Model;
    /// What a link holds of a target: the type of its key's property, or a tuple of several.
    type TargetKey;

    /// The plain relations that lead along the link.
    ///
    /// # Panics
    /// When the relation is none through a link model: emitted code does not say so of others.
    fn through() -> &'static ThroughMeta {
        Self::meta().through().expect("emitted code says so only of relations through a link model")
    }
}

/// A relation whose links need nothing but their keys.
#[diagnostic::on_unimplemented(
    message = "a link of `{Self}` needs more than its keys",
    label = "the link model has a property that must be given",
    note = "give it: `create_with(new, link)` and `link_with(row, link)` take the link's own properties"
)]
pub trait LinkedPlainly: LinkedBy {}

/// A relation whose links can say something beside their keys.
#[diagnostic::on_unimplemented(
    message = "a link of `{Self}` has nothing but its keys",
    label = "the link model has no property to be given",
    note = "use `create(new)` and `link(row)`"
)]
pub trait LinkedWith: LinkedBy {
    /// What a link says: the link model's `New…` without the keys of both sides.
    type Data: Input<Model = Self::Link>;
}

/// The way back from a target of `R` to its links: it says what is a key of a target.
pub struct Back<R>(std::marker::PhantomData<fn() -> R>);

impl<R> fmt::Debug for Back<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Back")
    }
}

impl<R: LinkedBy> Relation for Back<R> {
    type Source = R::Target;
    type Target = R::Link;
    type Cardinality = Many;
    type Key = R::TargetKey;
    // Not one of the target's own relations: it is named by no scope.
    const INDEX: usize = usize::MAX;

    fn meta() -> &'static RelationMeta {
        &R::through().back
    }
}
