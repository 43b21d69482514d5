//! The rows that a source row is linked to: a repository whose constraint cannot be lifted.

use std::fmt;
use std::marker::PhantomData;

use super::{Back, FindLinked, Linked, LinkedBy, LinkedPlainly, LinkedWith};
use crate::Result;
use crate::change::{Change, IntoChange};
use crate::condition::Condition;
use crate::create::{Create, linked};
use crate::db::Handle;
use crate::filter::Filter;
use crate::find::{Find, FindWith, First, Rows, number};
use crate::key::{IntoKey, KeyValues};
use crate::model::{Input, Joined, Model};
use crate::observe::Via;
use crate::operation::Operation;
use crate::query::expr::Expr;
use crate::query::insert::{Insert, Through as Source};
use crate::query::linking::{Act, Linking};
use crate::query::node::Node;
use crate::query::write::{Delete, Update, Which};
use crate::query::{Answer, Task};
use crate::repository::{all, by_key, one};
use crate::value::Value;

/// The rows that one source row is linked to: `db.physicians().patients(1)`.
///
/// Every find, count, patch and delete holds for those only, each of them once, however many links lead there. An
/// unset key is linked to nothing.
pub struct Through<'a, R> {
    pub(super) handle: &'a Handle,
    pub(super) key: KeyValues,
    of: PhantomData<fn() -> R>,
}

impl<R: LinkedBy> fmt::Debug for Through<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Through({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: LinkedBy> Through<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self::from_key(handle, key.into_key())
    }

    pub(super) fn from_key(handle: &'a Handle, key: KeyValues) -> Self {
        Self { handle, key, of: PhantomData }
    }

    pub(super) fn linked(&self) -> Expr {
        let through = R::through();
        through.reached(through.from(self.key.clone()))
    }

    /// The linked rows by condition, with order, limit, offset and included relations.
    pub fn find(&self) -> Find<'a, R::Target, Rows> {
        let node = Node::matching(R::Target::META, self.linked());
        Find::new(self.handle, node.via(Via::of::<R>))
    }

    /// The linked rows with the links that lead to them, a [`Linked`] for each link.
    pub fn with_link(&self) -> FindLinked<'a, R, Linked<R::Target, R::Link>, Rows>
    where
        R: Joined,
    {
        FindLinked::new(self.handle, self.key.clone())
    }

    /// The linked rows by a filter from outside, with what it includes: at most as many as
    /// [`Builder::filter_limits`](crate::Builder::filter_limits) says.
    ///
    /// `invalid_filter` with all that is wrong with it, before any statement.
    pub fn find_with(&self, filter: Filter<R::Target>) -> FindWith<'a, R::Target> {
        FindWith::new(self.find(), filter)
    }

    /// The linked row with that id, if there is one.
    pub fn find_by_id(&self, id: impl IntoKey<<R::Target as Model>::Id, R::Target>) -> Find<'a, R::Target, First> {
        let mut node = by_key::<R::Target>(id.into_key());
        node.filter(self.linked());
        Find::new(self.handle, node.via(Via::of::<R>))
    }

    /// How many linked rows match.
    pub fn count(&self, condition: Condition<R::Target>) -> Operation<'a, u64> {
        self.find().filter(condition).count()
    }

    /// Stores a new row and links it; gives it as stored. Where one of both is refused, neither is stored.
    pub fn create(&self, new: <R::Target as Model>::New) -> Create<'a, R::Target>
    where
        R: LinkedPlainly,
    {
        Create::of(self.handle, self.insert([(new, R::through().blank())]))
    }

    /// Stores a new row and links it by a link that says this; gives the row as stored.
    pub fn create_with(&self, new: <R::Target as Model>::New, link: R::Data) -> Create<'a, R::Target>
    where
        R: LinkedWith,
    {
        Create::of(self.handle, self.insert([(new, link.into_values())]))
    }

    /// Stores new rows and links each, all or none; gives them as stored, in the order given.
    pub fn create_many(&self, new: impl IntoIterator<Item = <R::Target as Model>::New>) -> Operation<'a, Vec<R::Target>>
    where
        R: LinkedPlainly,
    {
        let insert = self.insert_all(new.into_iter().map(|new| (new, R::through().blank())));
        Operation::new(self.handle, Task::Insert(insert), all::<R::Target>)
    }

    /// Stores new rows, each with what its link says, all or none; gives the rows as stored, in the order given.
    pub fn create_many_with(
        &self,
        new: impl IntoIterator<Item = (<R::Target as Model>::New, R::Data)>,
    ) -> Operation<'a, Vec<R::Target>>
    where
        R: LinkedWith,
    {
        let insert = self.insert_all(new.into_iter().map(|(new, link)| (new, link.into_values())));
        Operation::new(self.handle, Task::Insert(insert), all::<R::Target>)
    }

    fn insert(&self, new: impl IntoIterator<Item = (<R::Target as Model>::New, Vec<Value<'static>>)>) -> Insert {
        let through = R::through();
        let started = |(new, mut link): (_, Vec<_>)| {
            through.start(&mut link, &self.key);
            (new, link)
        };
        let batch = linked(through, new.into_iter().map(started));
        Insert { model: R::Target::META, batch, through: Some(self.source()) }
    }

    /// The same, of a list.
    fn insert_all(&self, new: impl IntoIterator<Item = (<R::Target as Model>::New, Vec<Value<'static>>)>) -> Insert {
        let insert = self.insert(new);
        Insert { batch: insert.batch.listed(), ..insert }
    }

    fn source(&self) -> Source {
        Source { source: R::Source::META, relation: R::meta(), key: self.key.clone() }
    }

    /// Links a row, by the row or its key, if it is not linked yet.
    pub fn link(&self, target: impl IntoKey<R::TargetKey, Back<R>>) -> Operation<'a, ()>
    where
        R: LinkedPlainly,
    {
        let act = Act::Link { target: target.into_key(), link: R::through().blank(), once: true };
        self.change(act, |_| Ok(()))
    }

    /// Links a row, by the row or its key, by another link that says this, and gives the link as stored.
    pub fn link_with(&self, target: impl IntoKey<R::TargetKey, Back<R>>, link: R::Data) -> Operation<'a, R::Link>
    where
        R: LinkedWith,
    {
        let act = Act::Link { target: target.into_key(), link: link.into_values(), once: false };
        self.change(act, one::<R::Link>)
    }

    fn change<T>(&self, act: Act, finish: fn(Answer) -> Result<T>) -> Operation<'a, T> {
        let linking = Linking { schema: self.handle.schema(), through: self.source(), act };
        Operation::new(self.handle, Task::Linking(linking), finish)
    }

    /// Links exactly these rows, by the rows or their keys: what is not among them is unlinked, what is linked already
    /// keeps its links.
    pub fn set<K>(&self, targets: impl IntoIterator<Item = K>) -> Operation<'a, ()>
    where
        R: LinkedPlainly,
        K: IntoKey<R::TargetKey, Back<R>>,
    {
        self.change(Act::Set(targets.into_iter().map(IntoKey::into_key).collect()), |_| Ok(()))
    }

    /// Removes every link to a row, by the row or its key; of a row that is not linked there is none.
    pub fn unlink(&self, target: impl IntoKey<R::TargetKey, Back<R>>) -> Operation<'a, ()> {
        let key = Expr::Key { properties: R::through().target.from, values: target.into_key(), select: None };
        self.remove(key, |_| Ok(()))
    }

    /// Removes every link, and says how many there were.
    pub fn unlink_all(&self) -> Operation<'a, u64> {
        self.remove(Expr::All, number)
    }

    fn remove<T>(&self, links: Expr, finish: fn(Answer) -> Result<T>) -> Operation<'a, T> {
        let which = Which::All(R::through().from(self.key.clone()).and(links));
        let delete = Delete { schema: self.handle.schema(), model: R::Link::META, which };
        Operation::new(self.handle, Task::Delete(delete), finish).via(Via::of::<R>)
    }

    /// Changes the linked rows that match, and says how many. The relation's key cannot be changed.
    pub fn patch(&self, condition: Condition<R::Target>, change: impl IntoChange<R::Target>) -> Operation<'a, u64> {
        let Change { values, computed, .. } = change.into_change();
        let update = Update {
            schema: self.handle.schema(),
            model: R::Target::META,
            which: Which::All(self.linked().and(condition.expr)),
            values,
            computed,
            through: Some(R::meta()),
        };
        Operation::new(self.handle, Task::Update(update), number).via(Via::of::<R>)
    }

    /// Deletes the linked rows that match, with every link to them, and says how many rows there were.
    pub fn delete(&self, condition: Condition<R::Target>) -> Operation<'a, u64> {
        self.change(Act::Delete(condition.expr), number)
    }
}
