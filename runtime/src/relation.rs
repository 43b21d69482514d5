//! Accessors and constrained repositories: what a repository's relation methods give.

use std::fmt;
use std::marker::PhantomData;

use crate::Result;
use crate::condition::Condition;
use crate::db::Handle;
use crate::find::{Find, First, Rows, number};
use crate::key::{IntoKey, KeyValues};
use crate::model::{Constrained, Input, Model, Relation};
use crate::operation::{Operation, awaitable};
use crate::query::expr::Expr;
use crate::query::node::Node;
use crate::query::write::{Delete, Insert, Through, Update, Which};
use crate::query::{Answer, Task};
use crate::repository::{all, by_key, one};
use crate::scope::Scope;
use crate::shape::{Cardinality, IncludeIn, Maybe, One, Shape, dangling};

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
        Self { handle, key: source.into_key(), node: Node::new(R::Target::META), of: PhantomData }
    }
}

impl<R: Relation, S> fmt::Debug for BelongsTo<'_, R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BelongsTo({}.{})", R::Source::META.name, R::meta().name)
    }
}

/// What a belongsTo accessor gives: the row, or an `Option` of it where the key is optional.
pub trait Accessible: Cardinality {
    /// The answer.
    type Output<S>;

    #[doc(hidden)]
    fn output<R: Relation, S>(row: Option<S>, unset: bool) -> Result<Self::Output<S>>;
}

impl Accessible for One {
    type Output<S> = S;

    fn output<R: Relation, S>(row: Option<S>, _: bool) -> Result<S> {
        row.ok_or_else(|| dangling(R::Source::META, R::meta()))
    }
}

impl Accessible for Maybe {
    type Output<S> = Option<S>;

    fn output<R: Relation, S>(row: Option<S>, unset: bool) -> Result<Option<S>> {
        if row.is_none() && !unset { Err(dangling(R::Source::META, R::meta())) } else { Ok(row) }
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
}

impl<'a, R, S> BelongsTo<'a, R, S>
where
    R: Relation<Cardinality: Accessible>,
    S: Shape<Model = R::Target>,
{
    fn operation(self) -> Operation<'a, <R::Cardinality as Accessible>::Output<S>> {
        let Self { handle, key, node, .. } = self;
        let task = Task::Access { source: R::Source::META, relation: R::meta(), key, node };
        Operation::new(handle, task, |answer| {
            let Answer::Accessed(accessed) = answer else { unreachable!("an accessor answers what it led to") };
            let row = S::assemble(accessed.loaded)?.into_iter().next();
            R::Cardinality::output::<R, S>(row, accessed.unset)
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
        Expr::Key { properties: relation.to, values: self.key.clone(), select: Some(&relation.sql) }
    }

    /// The related rows by condition, with order, limit, offset and included relations.
    pub fn find(&self) -> Find<'a, R::Target, Rows> {
        Find::new(self.handle, Node::matching(R::Target::META, self.related()))
    }

    /// The related row with that id, if there is one.
    pub fn find_by_id(&self, id: impl IntoKey<<R::Target as Model>::Id, R::Target>) -> Find<'a, R::Target, First> {
        let mut node = by_key::<R::Target>(id.into_key());
        node.filter(self.related());
        Find::new(self.handle, node)
    }

    /// How many related rows match.
    pub fn count(&self, condition: Condition<R::Target>) -> Operation<'a, u64> {
        self.find().filter(condition).count()
    }

    /// Stores a new related row and gives it as stored.
    pub fn create(&self, new: R::New) -> Operation<'a, R::Target> {
        self.insert(vec![new], one::<R::Target>)
    }

    /// Stores new related rows, all or none, and gives them as stored, in the order given.
    pub fn create_many(&self, new: impl IntoIterator<Item = R::New>) -> Operation<'a, Vec<R::Target>> {
        self.insert(new, all::<R::Target>)
    }

    fn insert<T>(&self, new: impl IntoIterator<Item = R::New>, finish: fn(Answer) -> Result<T>) -> Operation<'a, T> {
        let rows = new.into_iter().map(Input::into_values).collect();
        let through = Through { source: R::Source::META, relation: R::meta(), key: self.key.clone() };
        let insert = Insert { model: R::Target::META, rows, through: Some(through) };
        Operation::new(self.handle, Task::Insert(insert), finish)
    }

    /// Changes the related rows that match, and says how many. The relation's key cannot be changed.
    pub fn patch(&self, condition: Condition<R::Target>, patch: <R::Target as Model>::Patch) -> Operation<'a, u64> {
        let update = Update {
            schema: self.handle.schema(),
            model: R::Target::META,
            which: Which::All(self.related().and(condition.expr)),
            values: patch.into_values(),
            through: Some(R::meta()),
        };
        Operation::new(self.handle, Task::Update(update), number)
    }

    /// Deletes the related rows that match, and says how many.
    pub fn delete(&self, condition: Condition<R::Target>) -> Operation<'a, u64> {
        let which = Which::All(self.related().and(condition.expr));
        let delete = Delete { schema: self.handle.schema(), model: R::Target::META, which };
        Operation::new(self.handle, Task::Delete(delete), number)
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
    pub fn create(&self, new: R::New) -> Operation<'a, R::Target> {
        self.many.create(new)
    }

    /// Changes the related row; says 1, or 0 where there is none.
    pub fn patch(&self, patch: <R::Target as Model>::Patch) -> Operation<'a, u64> {
        self.many.patch(Condition::all(), patch)
    }

    /// Deletes the related row; says 1, or 0 where there is none.
    pub fn delete(&self) -> Operation<'a, u64> {
        self.many.delete(Condition::all())
    }
}
