//! Relations through a link model to several models: the rows that a source row is linked to, and the same narrowed to
//! one model.
//!
//! A link says which model it leads to. One of a model that the relation does not name leads nowhere.

use std::fmt;
use std::marker::PhantomData;

use super::{LinkedBy, LinkedPlainly, LinkedWith, Through, ThroughOne};
use crate::arm::{Arm, Variant};
use crate::db::Handle;
use crate::find::number;
use crate::key::{IntoKey, KeyValues};
use crate::model::{Input, Model, Relation};
use crate::one_of::OneOf;
use crate::operation::Operation;
use crate::query::Task;
use crate::query::insert::Through as Source;
use crate::query::linking::{Act, Linking};

/// A relation through a link model to several models, of which `T` is one; see [`LinkedBy`].
pub trait LinkedTo<T: Model>: Relation<Target: Variant<T>> {
    /// The link model.
    type Link: Model;
    /// What a link holds of a `T`: the type of its key's property, or a tuple of several.
    type TargetKey;
}

/// A relation to several models whose links need nothing but their keys; see [`LinkedPlainly`].
#[diagnostic::on_unimplemented(
    message = "a link of `{Self}` needs more than its keys",
    label = "the link model has a property that must be given",
    note = "give it: `create_with(new, link)` and `link_with(row, link)` take the link's own properties"
)]
pub trait LinkedPlainlyTo<T: Model>: LinkedTo<T> {}

/// A relation to several models whose links can say something beside their keys; see [`LinkedWith`].
#[diagnostic::on_unimplemented(
    message = "a link of `{Self}` has nothing but its keys",
    label = "the link model has no property to be given",
    note = "use `create(new)` and `link(row)`"
)]
pub trait LinkedWithTo<T: Model>: LinkedTo<T> {
    /// What a link says: the link model's `New…` without the keys of both sides and the target's name.
    type Data: Input<Model = Self::Link>;
}

impl<R: LinkedTo<T>, T: Model> LinkedBy for Arm<R, T> {
    type Link = R::Link;
    type TargetKey = R::TargetKey;
}

impl<R: LinkedPlainlyTo<T>, T: Model> LinkedPlainly for Arm<R, T> {}

impl<R: LinkedWithTo<T>, T: Model> LinkedWith for Arm<R, T> {
    type Data = R::Data;
}

/// The rows of several models that one source row is linked to: `db.customers().promotions(1)`.
pub struct ThroughOf<'a, R> {
    handle: &'a Handle,
    key: KeyValues,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for ThroughOf<'_, R> {
    fn clone(&self) -> Self {
        Self { handle: self.handle, key: self.key.clone(), of: PhantomData }
    }
}

impl<R: Relation> fmt::Debug for ThroughOf<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThroughOf({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: Relation> ThroughOf<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self { handle, key: key.into_key(), of: PhantomData }
    }

    /// The linked rows of every model, as an enum of them: model by model in the order of the schema, each row once.
    pub fn find(&self) -> OneOf<'a, R> {
        OneOf::from_key(self.handle, self.key.clone())
    }

    /// Deletes the linked rows of every model, with every link to them, and says how many rows there were.
    pub fn delete(&self) -> Operation<'a, u64> {
        let through = Source { source: R::Source::META, relation: R::meta(), key: self.key.clone() };
        let linking = Linking { schema: self.handle.schema(), through, act: Act::DeleteAll };
        Operation::new(self.handle, Task::Linking(linking), number)
    }

    /// The same, of one of the models; emitted code calls this.
    pub fn narrowed<T: Model>(&self) -> Through<'a, Arm<R, T>>
    where
        R: LinkedTo<T>,
    {
        Through::from_key(self.handle, self.key.clone())
    }
}

/// The one row of several models that a source row is linked to, if it is: `db.customers().reward(1)`.
pub struct ThroughOneOf<'a, R> {
    many: ThroughOf<'a, R>,
}

impl<R> Clone for ThroughOneOf<'_, R> {
    fn clone(&self) -> Self {
        Self { many: self.many.clone() }
    }
}

impl<R: Relation> fmt::Debug for ThroughOneOf<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThroughOneOf({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: Relation> ThroughOneOf<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self { many: ThroughOf::new(handle, key) }
    }

    /// The linked row, if there is one, as the enum of the models.
    pub fn get(&self) -> OneOf<'a, R> {
        self.many.find()
    }

    /// Deletes the linked row, of whatever model, with every link to it; says 1, or 0 where there is none.
    pub fn delete(&self) -> Operation<'a, u64> {
        self.many.delete()
    }

    /// The same, of one of the models; emitted code calls this.
    pub fn narrowed<T: Model>(&self) -> ThroughOne<'a, Arm<R, T>>
    where
        R: LinkedTo<T>,
    {
        ThroughOne::of(self.many.narrowed())
    }
}
