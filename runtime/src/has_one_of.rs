//! hasOne relations to one of several models: what a source row leads to, and the same narrowed to one model.

use std::fmt;
use std::marker::PhantomData;

use crate::arm::{Arm, ConstrainedTo, Variant};
use crate::change::{Change, IntoChange};
use crate::db::Handle;
use crate::find::{Find, First, number};
use crate::key::{IntoKey, KeyValues};
use crate::meta::RelationMeta;
use crate::model::{Input, Model, Relation};
use crate::observe::Via;
use crate::one_of::OneOf;
use crate::operation::Operation;
use crate::query::Task;
use crate::query::choice::{Choose, Chooser, Unchoose};
use crate::query::expr::Expr;
use crate::query::insert::{Batch, Insert, Through};
use crate::query::node::Node;
use crate::query::write::{Update, Which};
use crate::repository::one;

/// The one row of several models that belongs to a source row, if it is there: `db.customers().payment_method(1)`.
pub struct HasOneOf<'a, R> {
    handle: &'a Handle,
    key: KeyValues,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for HasOneOf<'_, R> {
    fn clone(&self) -> Self {
        Self { handle: self.handle, key: self.key.clone(), of: PhantomData }
    }
}

impl<R: Relation> fmt::Debug for HasOneOf<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HasOneOf({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: Relation> HasOneOf<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self { handle, key: key.into_key(), of: PhantomData }
    }

    /// The row, if there is one, as the enum of the models.
    pub fn get(&self) -> OneOf<'a, R> {
        OneOf::from_key(self.handle, self.key.clone())
    }

    /// Deletes what belongs to the source row, of every model, and says how many rows.
    pub fn delete(&self) -> Operation<'a, u64> {
        let task = Task::Unchoose(Unchoose { chooser: self.chooser(), arm: None });
        Operation::new(self.handle, task, number)
    }

    /// The same, of one of the models; emitted code calls this.
    pub fn narrowed<T: Model>(&self) -> HasOneAs<'a, R, T>
    where
        R::Target: Variant<T>,
    {
        HasOneAs { whole: self.clone(), of: PhantomData }
    }

    fn chooser(&self) -> Chooser {
        let (source, relation) = (R::Source::META, R::meta());
        Chooser { schema: self.handle.schema(), source, relation, key: self.key.clone() }
    }
}

/// The one row that belongs to a source row, where it is a `T`: `db.customers().payment_method(1).credit_card()`.
pub struct HasOneAs<'a, R, T> {
    whole: HasOneOf<'a, R>,
    of: PhantomData<fn() -> T>,
}

impl<R: Relation, T: Model> fmt::Debug for HasOneAs<'_, R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HasOneAs({}.{}, {})", R::Source::META.name, R::meta().name, T::META.name)
    }
}

impl<'a, R: Relation<Target: Variant<T>>, T: Model> HasOneAs<'a, R, T> {
    fn arm() -> &'static RelationMeta {
        Arm::<R, T>::meta()
    }

    fn led(&self) -> Expr {
        self.whole.chooser().led(Self::arm())
    }

    /// The row, if there is one and it is of this model.
    pub fn get(&self) -> Find<'a, T, First> {
        let node = Node::matching(T::META, self.led());
        Find::new(self.whole.handle, node.via(Via::of::<R>)).first()
    }

    /// Stores the row, which the source row then leads to, and gives it as stored; where the source row leads to one
    /// already, of any of the models, `conflict`.
    pub fn create(&self, new: <R as ConstrainedTo<T>>::New) -> Operation<'a, T>
    where
        R: ConstrainedTo<T>,
    {
        let (source, relation) = (R::Source::META, Self::arm());
        let through = Some(Through { source, relation, key: self.whole.key.clone() });
        let insert = Insert { model: T::META, batch: Batch::one(new.into_values()), through };
        let task = Task::Choose(Choose { chooser: self.whole.chooser(), arm: relation, insert });
        Operation::new(self.whole.handle, task, one::<T>)
    }

    /// Changes the row; says 1, or 0 where there is none of this model.
    pub fn patch(&self, change: impl IntoChange<T>) -> Operation<'a, u64> {
        let Change { values, computed, .. } = change.into_change();
        let update = Update {
            schema: self.whole.handle.schema(),
            model: T::META,
            which: Which::All(self.led()),
            values,
            computed,
            through: Some(Self::arm()),
        };
        Operation::new(self.whole.handle, Task::Update(update), number).via(Via::of::<R>)
    }

    /// Deletes the row; says 1, or 0 where there is none of this model. The source row then leads to none.
    pub fn delete(&self) -> Operation<'a, u64> {
        let task = Task::Unchoose(Unchoose { chooser: self.whole.chooser(), arm: Some(Self::arm()) });
        Operation::new(self.whole.handle, task, number)
    }
}
