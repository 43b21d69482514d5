//! Rows that were deleted softly, as a caller reaches them: seen on demand, and restored.
//!
//! Everything else sees live rows only; that is decided where queries are made, not here.

use crate::condition::Condition;
use crate::find::{Find, Quantity, number};
use crate::key::IntoKey;
use crate::model::{Model, Relation};
use crate::operation::Operation;
use crate::query::Task;
use crate::query::expr::Order;
use crate::query::write::{Update, Which};
use crate::repository::{Repository, one};
use crate::scope::Scope;
use crate::shape::Shape;
use crate::value::Value;

/// A model with `softDelete: true`: deleting a row sets its `deletedAt`, and the row stays.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no deleted rows",
    label = "what is deleted is gone: its schema does not say `softDelete: true`"
)]
pub trait SoftDelete: Model {}

impl<S: Shape, Q: Quantity> Find<'_, S, Q> {
    /// Deleted rows as well. What is included in them has a `with_deleted` of its own.
    pub fn with_deleted(mut self) -> Self
    where
        S::Model: SoftDelete,
    {
        self.node.with_deleted();
        self
    }
}

impl<R: Relation, S, K> Scope<R, S, K> {
    /// Deleted rows as well; of one row, the live one first. In a condition, deleted rows count too.
    #[must_use]
    pub fn with_deleted(mut self) -> Self
    where
        R::Target: SoftDelete,
    {
        self.node.with_deleted();
        if let Some(property) = self.node.model.soft_delete.filter(|_| !R::meta().is_many()) {
            self.node.order.push(Order::Property { property, descending: false });
        }
        self
    }
}

impl<'a, M: Model> Repository<'a, M> {
    /// Restores the deleted row with that id, and gives it as stored: live again.
    ///
    /// `not_found` where no deleted row has that id; `conflict` where a live row has taken a unique key of it.
    pub fn restore_by_id(&self, id: impl IntoKey<M::Id, M>) -> Operation<'a, M>
    where
        M: SoftDelete,
    {
        let restore = self.restore(Which::Key(id.into_key()));
        Operation::new(self.handle(), restore, one::<M>)
    }

    /// Restores every deleted row that matches, and says how many.
    ///
    /// `conflict` where a live row, or another one that matches, has a unique key of one: then none is restored.
    pub fn restore_where(&self, condition: Condition<M>) -> Operation<'a, u64>
    where
        M: SoftDelete,
    {
        let restore = self.restore(Which::All(condition.expr));
        Operation::new(self.handle(), restore, number)
    }

    fn restore(self, which: Which) -> Task {
        let mut values = vec![Value::Unset; M::META.properties.len()];
        if let Some(property) = M::META.soft_delete {
            values[property] = Value::Null;
        }
        Task::Update(Update {
            schema: self.handle().schema(),
            model: M::META,
            which,
            values,
            computed: Vec::new(),
            through: None,
        })
    }
}
