//! The one row that a source row is linked to, if there is one.

use std::fmt;

use super::{Back, FindLinked, Linked, LinkedBy, LinkedPlainly, LinkedWith, Through};
use crate::change::IntoChange;
use crate::condition::Condition;
use crate::create::Create;
use crate::db::Handle;
use crate::find::{Find, First};
use crate::key::IntoKey;
use crate::model::{Joined, Model};
use crate::operation::Operation;

/// The row that one source row is linked to, if it is: `db.suppliers().account(1)`.
pub struct ThroughOne<'a, R> {
    many: Through<'a, R>,
}

impl<R: LinkedBy> fmt::Debug for ThroughOne<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThroughOne({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: LinkedBy> ThroughOne<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self::of(Through::new(handle, key))
    }

    pub(super) fn of(many: Through<'a, R>) -> Self {
        Self { many }
    }

    /// The linked row, if there is one.
    pub fn get(&self) -> Find<'a, R::Target, First> {
        self.many.find().first()
    }

    /// The linked row with the link that leads to it, a [`Linked`], if there is one.
    pub fn with_link(&self) -> FindLinked<'a, R, Linked<R::Target, R::Link>, First>
    where
        R: Joined,
    {
        FindLinked::new(self.many.handle, self.many.key.clone())
    }

    /// Stores the row and links it; gives it as stored. Where there is one already, `conflict`.
    pub fn create(&self, new: <R::Target as Model>::New) -> Create<'a, R::Target>
    where
        R: LinkedPlainly,
    {
        self.many.create(new)
    }

    /// Stores the row and links it by a link that says this; gives the row as stored. Where there is one already,
    /// `conflict`.
    pub fn create_with(&self, new: <R::Target as Model>::New, link: R::Data) -> Create<'a, R::Target>
    where
        R: LinkedWith,
    {
        self.many.create_with(new, link)
    }

    /// Links a row, by the row or its key, if it is not linked yet. Where another one is, `conflict`.
    pub fn link(&self, target: impl IntoKey<R::TargetKey, Back<R>>) -> Operation<'a, ()>
    where
        R: LinkedPlainly,
    {
        self.many.link(target)
    }

    /// Links a row, by the row or its key, by another link that says this, and gives the link as stored. Where another
    /// row is linked, `conflict`.
    pub fn link_with(&self, target: impl IntoKey<R::TargetKey, Back<R>>, link: R::Data) -> Operation<'a, R::Link>
    where
        R: LinkedWith,
    {
        self.many.link_with(target, link)
    }

    /// Removes every link, and says how many there were.
    pub fn unlink(&self) -> Operation<'a, u64> {
        self.many.unlink_all()
    }

    /// Changes the linked row; says 1, or 0 where there is none. The relation's key cannot be changed.
    pub fn patch(&self, change: impl IntoChange<R::Target>) -> Operation<'a, u64> {
        self.many.patch(Condition::all(), change)
    }

    /// Deletes the linked row with every link to it; says 1, or 0 where there is none.
    pub fn delete(&self) -> Operation<'a, u64> {
        self.many.delete(Condition::all())
    }
}
