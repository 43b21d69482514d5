//! What every repository does, whatever its model.

use std::fmt;
use std::marker::PhantomData;

use crate::Result;
use crate::change::{Change, IntoChange};
use crate::condition::Condition;
use crate::create::{Create, NewRow, many};
use crate::db::Handle;
use crate::filter::Filter;
use crate::find::{ById, Find, FindWith, First, Rows, flag, number};
use crate::key::{IntoKey, KeyValues};
use crate::model::Model;
use crate::operation::Operation;
use crate::query::expr::Expr;
use crate::query::node::Node;
use crate::query::write::{Delete, Update, Which};
use crate::query::{Answer, Task};
use crate::shape::Shape;
use crate::value::Value;

/// The rows of model `M`. Emitted repositories deref to it and add the model's relations.
pub struct Repository<'a, M> {
    handle: &'a Handle,
    of: PhantomData<fn() -> M>,
}

impl<M> Clone for Repository<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Repository<'_, M> {}

impl<M: Model> fmt::Debug for Repository<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Repository({})", M::META.name)
    }
}

impl<'a, M: Model> Repository<'a, M> {
    /// The rows that `handle` reaches; emitted code calls this.
    pub fn new(handle: &'a Handle) -> Self {
        Self { handle, of: PhantomData }
    }

    /// What the repository works with.
    pub fn handle(&self) -> &'a Handle {
        self.handle
    }

    /// Rows by condition, with order, limit, offset and included relations.
    pub fn find(&self) -> Find<'a, M, Rows> {
        Find::new(self.handle, Node::new(M::META))
    }

    /// Rows by a filter from outside, with what it includes: at most as many as
    /// [`Builder::filter_limits`](crate::Builder::filter_limits) says.
    ///
    /// `invalid_filter` with all that is wrong with it, before any statement.
    pub fn find_with(&self, filter: Filter<M>) -> FindWith<'a, M> {
        FindWith::new(self.find(), filter)
    }

    /// The row with that id, or `not_found`.
    pub fn get(&self, id: impl IntoKey<M::Id, M>) -> Find<'a, M, ById> {
        Find::new(self.handle, by_key::<M>(id.into_key()))
    }

    /// The row with that id, if there is one.
    pub fn find_by_id(&self, id: impl IntoKey<M::Id, M>) -> Find<'a, M, First> {
        Find::new(self.handle, by_key::<M>(id.into_key()))
    }

    /// How many rows match.
    pub fn count(&self, condition: Condition<M>) -> Operation<'a, u64> {
        self.find().filter(condition).count()
    }

    /// Whether a row has that id.
    pub fn exists(&self, id: impl IntoKey<M::Id, M>) -> Operation<'a, bool> {
        Operation::new(self.handle, Task::Exists(by_key::<M>(id.into_key())), flag)
    }

    /// Stores a new row and gives it as stored; with new rows of its relations by
    /// [`with`](Create::with).
    pub fn create(&self, new: M::New) -> Create<'a, M> {
        Create::new(self.handle, new, None)
    }

    /// Stores new rows, all or none, and gives them as stored, in the order given. Any number.
    pub fn create_many(&self, new: impl IntoIterator<Item = M::New>) -> Operation<'a, Vec<M>> {
        many(self.handle, new, None)
    }

    /// Stores new rows with new rows of their relations, all or none: what [`create_many`](Self::create_many) takes,
    /// each row in a tuple with what belongs to it, `(new, customer::orders().create([…]))`.
    pub fn create_nested<T>(&self, new: impl IntoIterator<Item = T>) -> Operation<'a, Vec<T::Row>>
    where
        T: NewRow<Input = M::New>,
    {
        many(self.handle, new, None)
    }

    /// Changes what the patch says of the row with that id, and gives it as stored. An empty patch reads.
    ///
    /// A change is a patch, what becomes of a column (`order::quantity().add(1)`), or a tuple of these.
    pub fn patch_by_id(&self, id: impl IntoKey<M::Id, M>, change: impl IntoChange<M>) -> Operation<'a, M> {
        self.update(Which::Key(id.into_key()), change.into_change(), one::<M>)
    }

    /// Replaces the row with this row's id by this row, and gives it as stored. When it was made stays as it is.
    #[allow(clippy::needless_pass_by_value, reason = "the row given is no longer the stored one")]
    pub fn replace(&self, row: M) -> Operation<'a, M> {
        let value = |property| row.value(property).into_static();
        let key = KeyValues::many(M::META.key.iter().copied().map(value).collect());
        let stays = |property| M::META.key.contains(&property) || M::META.is_kept(property);
        let values = (0..M::META.properties.len())
            .map(|property| if stays(property) { Value::Unset } else { value(property) })
            .collect();
        self.update(Which::Key(key), Change::new(values), one::<M>)
    }

    /// Changes every row that matches, and says how many: by a patch, or by what [`patch_by_id`](Self::patch_by_id)
    /// takes.
    pub fn patch_where(&self, condition: Condition<M>, change: impl IntoChange<M>) -> Operation<'a, u64> {
        self.update(Which::All(condition.expr), change.into_change(), number)
    }

    fn update<T>(self, which: Which, change: Change<M>, finish: fn(Answer) -> Result<T>) -> Operation<'a, T> {
        let Change { values, computed, .. } = change;
        let update = Update { schema: self.handle.schema(), model: M::META, which, values, computed, through: None };
        Operation::new(self.handle, Task::Update(update), finish)
    }

    /// Deletes the row with that id; a miss is `not_found`.
    pub fn delete_by_id(&self, id: impl IntoKey<M::Id, M>) -> Operation<'a, ()> {
        self.delete(Which::Key(id.into_key()), |_| Ok(()))
    }

    /// Deletes every row that matches, and says how many; every row there is with `all()`.
    pub fn delete_where(&self, condition: Condition<M>) -> Operation<'a, u64> {
        self.delete(Which::All(condition.expr), number)
    }

    fn delete<T>(self, which: Which, finish: fn(Answer) -> Result<T>) -> Operation<'a, T> {
        let delete = Delete { schema: self.handle.schema(), model: M::META, which };
        Operation::new(self.handle, Task::Delete(delete), finish)
    }
}

/// Rows of `M` with that primary key.
pub(crate) fn by_key<M: Model>(values: KeyValues) -> Node {
    let condition = Expr::Key { properties: M::META.key, values, select: Some(&M::META.sql.select_by_key) };
    Node::matching(M::META, condition)
}

pub(crate) fn all<M: Model>(answer: Answer) -> Result<Vec<M>> {
    let Answer::Loaded(loaded) = answer else { unreachable!("a write gives the rows as stored") };
    M::assemble(loaded)
}

pub(crate) fn one<M: Model>(answer: Answer) -> Result<M> {
    all(answer).map(|rows: Vec<M>| rows.into_iter().next().expect("a row that was written is given back"))
}
