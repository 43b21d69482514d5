//! Accessors and constrained repositories: what a repository's relation methods give.

use std::fmt;
use std::marker::PhantomData;

use crate::Result;
use crate::across::explain::{Statement, explain};
use crate::change::{Change, IntoChange};
use crate::condition::Condition;
use crate::create::{Create, NewRow, many};
use crate::db::Handle;
use crate::filter::Filter;
use crate::find::{Find, FindWith, First, Rows, number};
use crate::key::{IntoKey, KeyValues};
use crate::meta::{Form, Named, Side};
use crate::model::{Constrained, Model, Relation};
use crate::observe::Via;
use crate::operation::{Operation, awaitable};
use crate::query::expr::Expr;
use crate::query::insert::Through;
use crate::query::node::Node;
use crate::query::write::{Delete, Update, Which};
use crate::query::{Answer, Task};
use crate::repository::by_key;
use crate::scope::Scope;
use crate::shape::{Cardinality, IncludeIn, Many, Maybe, One, Shape, dangling};

/// What a belongsTo leads to: `db.orders().customer(7)`, awaited. One statement.
#[must_use = "nothing runs until it is awaited"]
pub struct BelongsTo<'a, R: Relation, S = <R as Relation>::Target> {
    handle: &'a Handle,
    key: KeyValues,
    node: Node,
    of: PhantomData<fn() -> (R, S)>,
}

impl<'a, R: Relation> BelongsTo<'a, R> {
    /// From the row of the source with that id; emitted code calls this.
    pub fn new(handle: &'a Handle, source: impl IntoKey<R::Key, R>) -> Self {
        Self { handle, key: source.into_key(), node: Node::new(R::meta().target), of: PhantomData }
    }
}

impl<R: Relation, S> fmt::Debug for BelongsTo<'_, R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BelongsTo({}.{})", R::Source::META.name, R::meta().name)
    }
}

/// What an accessor gives: the row, an `Option` of it where there may be none, or a `Vec` of several.
pub trait Accessible: Cardinality {
    /// The answer.
    type Output<S>;

    #[doc(hidden)]
    fn output<R: Relation, S>(rows: Vec<S>, unset: bool) -> Result<Self::Output<S>>;
}

impl Accessible for One {
    type Output<S> = S;

    fn output<R: Relation, S>(rows: Vec<S>, _: bool) -> Result<S> {
        rows.into_iter().next().ok_or_else(|| dangling(R::Source::META, R::meta()))
    }
}

impl Accessible for Maybe {
    type Output<S> = Option<S>;

    fn output<R: Relation, S>(rows: Vec<S>, unset: bool) -> Result<Option<S>> {
        let row = rows.into_iter().next();
        if row.is_none() && !unset { Err(dangling(R::Source::META, R::meta())) } else { Ok(row) }
    }
}

impl Accessible for Many {
    type Output<S> = Vec<S>;

    fn output<R: Relation, S>(rows: Vec<S>, _: bool) -> Result<Vec<S>> {
        Ok(rows)
    }
}

impl<'a, R: Relation, S: Shape<Model = R::Target>> BelongsTo<'a, R, S> {
    /// With a relation of the target, as a plain field.
    #[allow(clippy::type_complexity, reason = "the type is the result: the row with one more place filled")]
    pub fn include<Q, C, K>(
        mut self,
        scope: Scope<Q, C, K>,
    ) -> BelongsTo<'a, R, <Q as IncludeIn<S::Full>>::Output<K::Field<C>>>
    where
        Q: IncludeIn<S::Full>,
        C: Shape<Model = Q::Target>,
        K: Cardinality,
    {
        self.node.include(scope.into_include());
        BelongsTo { handle: self.handle, key: self.key, node: self.node, of: PhantomData }
    }

    fn task(self) -> Task {
        let Self { key, node, .. } = self;
        Task::Access { source: R::Source::META, relation: R::meta(), key, node }
    }

    /// The statements that it would run, in their order; runs nothing.
    pub fn explain(self) -> Vec<Statement> {
        explain(self.handle, self.task())
    }
}

impl<'a, R, S> BelongsTo<'a, R, S>
where
    R: Relation<Cardinality: Accessible>,
    S: Shape<Model = R::Target>,
{
    fn operation(self) -> Operation<'a, <R::Cardinality as Accessible>::Output<S>> {
        let handle = self.handle;
        Operation::new(handle, self.task(), |answer| {
            let Answer::Accessed(accessed) = answer else { unreachable!("an accessor answers what it led to") };
            R::Cardinality::output::<R, S>(S::assemble(accessed.loaded)?, accessed.unset)
        })
    }
}

awaitable!(
    impl['a, R: Relation<Cardinality: Accessible>, S: Shape<Model = R::Target>] BelongsTo<'a, R, S>
        => <R::Cardinality as Accessible>::Output<S>
);

/// The rows that belong to one source row: a repository whose constraint cannot be lifted.
///
/// `db.customers().orders(1)`: every find, count, patch and delete holds for that customer's orders only, and
/// what is created belongs to it. An unset key matches nothing.
pub struct HasMany<'a, R> {
    handle: &'a Handle,
    key: KeyValues,
    of: PhantomData<fn() -> R>,
}

impl<R: Relation> fmt::Debug for HasMany<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HasMany({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: Constrained> HasMany<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self { handle, key: key.into_key(), of: PhantomData }
    }

    fn related(&self) -> Expr {
        let relation = R::meta();
        let (properties, values) = (relation.to, self.key.clone());
        match relation.form {
            Form::Named(Named { side: Side::Target, property, value }) => {
                Expr::Key { properties, values, select: None }.and(Expr::Named { property, value })
            }
            _ => Expr::Key { properties, values, select: Some(&relation.sql) },
        }
    }

    /// The related rows by condition, with order, limit, offset and included relations.
    pub fn find(&self) -> Find<'a, R::Target, Rows> {
        let node = Node::matching(R::Target::META, self.related());
        Find::new(self.handle, node.via(Via::of::<R>))
    }

    /// The related rows by a filter from outside, with what it includes: at most as many as
    /// [`Builder::filter_limits`](crate::Builder::filter_limits) says.
    ///
    /// `invalid_filter` with all that is wrong with it, before any statement.
    pub fn find_with(&self, filter: Filter<R::Target>) -> FindWith<'a, R::Target> {
        FindWith::new(self.find(), filter)
    }

    /// The related row with that id, if there is one.
    pub fn find_by_id(&self, id: impl IntoKey<<R::Target as Model>::Id, R::Target>) -> Find<'a, R::Target, First> {
        let mut node = by_key::<R::Target>(id.into_key());
        node.filter(self.related());
        Find::new(self.handle, node.via(Via::of::<R>))
    }

    /// How many related rows match.
    pub fn count(&self, condition: Condition<R::Target>) -> Operation<'a, u64> {
        self.find().filter(condition).count()
    }

    /// Stores a new related row and gives it as stored; with new rows of its relations by
    /// [`with`](Create::with).
    pub fn create(&self, new: R::New) -> Create<'a, R::Target> {
        Create::new(self.handle, new, Some(self.through()))
    }

    /// Stores new related rows, all or none, and gives them as stored, in the order given.
    pub fn create_many(&self, new: impl IntoIterator<Item = R::New>) -> Operation<'a, Vec<R::Target>> {
        many(self.handle, new, Some(self.through()))
    }

    /// Stores new related rows with new rows of their relations, all or none: each in a tuple with what belongs to
    /// it, `(new, order::items().create([…]))`.
    pub fn create_nested<T>(&self, new: impl IntoIterator<Item = T>) -> Operation<'a, Vec<T::Row>>
    where
        T: NewRow<Input = R::New>,
    {
        many(self.handle, new, Some(self.through()))
    }

    fn through(&self) -> Through {
        Through { source: R::Source::META, relation: R::meta(), key: self.key.clone() }
    }

    /// Changes the related rows that match, and says how many. The relation's key cannot be changed.
    pub fn patch(&self, condition: Condition<R::Target>, change: impl IntoChange<R::Target>) -> Operation<'a, u64> {
        let Change { values, computed, .. } = change.into_change();
        let update = Update {
            schema: self.handle.schema(),
            model: R::Target::META,
            which: Which::All(self.related().and(condition.expr)),
            values,
            computed,
            through: Some(R::meta()),
        };
        Operation::new(self.handle, Task::Update(update), number).via(Via::of::<R>)
    }

    /// Deletes the related rows that match, and says how many.
    pub fn delete(&self, condition: Condition<R::Target>) -> Operation<'a, u64> {
        let which = Which::All(self.related().and(condition.expr));
        let delete = Delete { schema: self.handle.schema(), model: R::Target::META, which };
        Operation::new(self.handle, Task::Delete(delete), number).via(Via::of::<R>)
    }
}

/// The one row that belongs to a source row, if it is there: `db.customers().invoice(1)`.
pub struct HasOne<'a, R> {
    many: HasMany<'a, R>,
}

impl<R: Relation> fmt::Debug for HasOne<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HasOne({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: Constrained> HasOne<'a, R> {
    /// Of the source row with that key; emitted code calls this.
    pub fn new(handle: &'a Handle, key: impl IntoKey<R::Key, R>) -> Self {
        Self { many: HasMany::new(handle, key) }
    }

    /// The related row, if there is one.
    pub fn get(&self) -> Find<'a, R::Target, First> {
        self.many.find().first()
    }

    /// Stores the related row and gives it as stored; where there is one already, `conflict`.
    pub fn create(&self, new: R::New) -> Create<'a, R::Target> {
        self.many.create(new)
    }

    /// Changes the related row; says 1, or 0 where there is none.
    pub fn patch(&self, change: impl IntoChange<R::Target>) -> Operation<'a, u64> {
        self.many.patch(Condition::all(), change)
    }

    /// Deletes the related row; says 1, or 0 where there is none.
    pub fn delete(&self) -> Operation<'a, u64> {
        self.many.delete(Condition::all())
    }
}
