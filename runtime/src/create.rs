//! New rows, with new rows of their relations in the same call: `create(new).with(customer::orders().create([…]))`.

use std::fmt;
use std::marker::PhantomData;

use crate::db::Handle;
use crate::meta::ThroughMeta;
use crate::model::{CreatedWith, Input, Joined, Model, Relation};
use crate::operation::{Operation, awaitable};
use crate::query::insert::{Batch, Insert, Through};
use crate::query::{Answer, Task};
use crate::scope::Scope;
use crate::shape::{IncludeIn, Many, Maybe, Shape, Slot};
use crate::through::LinkedWith;
use crate::value::Value;
use crate::{Error, Result};

/// A new row, stored when it is awaited: alone, or in one transaction with new rows of its relations.
///
/// Every row is checked before the first is stored; all are stored or none. There is one insert for each relation
/// and level, however many rows it has.
#[must_use = "nothing runs until it is awaited"]
pub struct Create<'a, S> {
    handle: &'a Handle,
    insert: Insert,
    of: PhantomData<fn() -> S>,
}

impl<S> fmt::Debug for Create<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Create({})", self.insert.model.name)
    }
}

impl<'a, M: Model> Create<'a, M> {
    pub(crate) fn new(handle: &'a Handle, new: impl Input<Model = M>, through: Option<Through>) -> Self {
        Self::of(handle, Insert { model: M::META, batch: Batch::one(new.into_values()), through })
    }

    pub(crate) fn of(handle: &'a Handle, insert: Insert) -> Self {
        Self { handle, insert, of: PhantomData }
    }
}

impl<'a, S: Shape> Create<'a, S> {
    /// With new rows of a relation, which the answer has as a plain field.
    pub fn with<R, N>(mut self, rows: NewRows<R, N>) -> Create<'a, <R as IncludeIn<S::Full>>::Output<N::Field>>
    where
        R: IncludeIn<S::Full>,
        N: NewRelated,
    {
        rows.join(&mut self.insert.batch);
        Create { handle: self.handle, insert: self.insert, of: PhantomData }
    }

    fn operation(self) -> Operation<'a, S> {
        Operation::new(self.handle, Task::Insert(self.insert), |answer| {
            let row = stored::<S>(answer)?.into_iter().next();
            Ok(row.expect("a row that was stored is given back"))
        })
    }
}

awaitable!(impl['a, S: Shape] Create<'a, S> => S);

fn stored<S: Shape>(answer: Answer) -> Result<Vec<S>> {
    let Answer::Loaded(loaded) = answer else { unreachable!("an insert gives the rows as stored") };
    S::assemble(loaded)
}

/// Any number of new rows.
pub(crate) fn many<T: NewRow>(
    handle: &Handle,
    new: impl IntoIterator<Item = T>,
    through: Option<Through>,
) -> Operation<'_, Vec<T::Row>> {
    let insert = Insert { model: <T::Input as Input>::Model::META, batch: batch(new).listed(), through };
    Operation::new(handle, Task::Insert(insert), stored::<T::Row>)
}

fn batch<T: NewRow>(new: impl IntoIterator<Item = T>) -> Batch {
    let new = new.into_iter();
    let mut batch = Batch::with_room(new.size_hint().0);
    new.for_each(|row| row.push(&mut batch));
    batch
}

/// New rows of a relation; through a link model, each with a link that says nothing of its own.
fn related<R: Relation, T: NewRow>(new: impl IntoIterator<Item = T>) -> Batch {
    match R::meta().through() {
        Some(through) => linked(through, new.into_iter().map(|row| (row, through.blank()))),
        None => batch(new),
    }
}

/// New rows, each with the link that leads to it.
pub(crate) fn linked<T: NewRow>(
    through: &'static ThroughMeta,
    new: impl IntoIterator<Item = (T, Vec<Value<'static>>)>,
) -> Batch {
    let mut batch = Batch::default();
    for (row, link) in new {
        row.push(&mut batch);
        batch.link(through, link);
    }
    batch
}

/// New rows of relation `R`, to be stored together with the row that they belong to: what `create` on a relation
/// gives. `N` is how they are given: `NewRows<customer::orders, Vec<customer::NewOrder>>`.
#[must_use = "they are stored by `create(…).with(…)`"]
pub struct NewRows<R, N> {
    batch: Batch,
    of: PhantomData<fn() -> (R, N)>,
}

impl<R: Relation, N> fmt::Debug for NewRows<R, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewRows({})", R::meta().name)
    }
}

impl<R: Relation, N> NewRows<R, N> {
    fn new<K>(scope: &Scope<R, R::Target, K>, mut batch: Batch) -> Self {
        if !scope.is_whole() {
            let rule = "is created without filter, order, limit, offset and deleted rows";
            batch.refuse(Error::validation(R::Source::META.name, R::meta().name, rule));
        }
        Self { batch, of: PhantomData }
    }

    fn join(self, rows: &mut Batch) {
        rows.branch(R::Source::META, R::INDEX, R::meta(), self.batch);
    }
}

impl<R: Joined> Scope<R, R::Target, Many> {
    /// New rows of the relation, for `create(…).with(…)`: the relation's `New…`, each alone or in a tuple with what
    /// belongs to it, `(new, order::items().create([…]))`. Through a link model it is the target's `New…`, and each row
    /// is linked.
    pub fn create<T>(self, new: impl IntoIterator<Item = T>) -> NewRows<R, Vec<T>>
    where
        R: CreatedWith,
        T: NewRow<Input = R::New>,
    {
        NewRows::new(&self, related::<R, T>(new))
    }

    /// New rows of the relation, each in a tuple with what its link says, for `create(…).with(…)`:
    /// `physician::patients().create_with([(new, physician::PatientLink::new(day))])`. The row itself is given as
    /// [`create`](Self::create) takes it.
    pub fn create_with<T>(self, new: impl IntoIterator<Item = (T, R::Data)>) -> NewRows<R, Vec<T>>
    where
        R: LinkedWith,
        T: NewRow<Input = <R::Target as Model>::New>,
    {
        let new = new.into_iter().map(|(row, link)| (row, link.into_values()));
        NewRows::new(&self, linked(R::through(), new))
    }
}

impl<R: Joined> Scope<R, R::Target, Maybe> {
    /// The new row of the relation, for `create(…).with(…)`: the relation's `New…`, alone or in a tuple with what
    /// belongs to it, `(new, invoice::reminders().create([…]))`. Through a link model it is the target's `New…`, and the
    /// row is linked.
    pub fn create<T>(self, new: T) -> NewRows<R, T>
    where
        R: CreatedWith,
        T: NewRow<Input = R::New>,
    {
        NewRows::new(&self, related::<R, T>([new]))
    }

    /// The new row of the relation and what its link says, for `create(…).with(…)`:
    /// `supplier::account().create_with(new, supplier::AccountLink::new(year))`. The row itself is given as
    /// [`create`](Self::create) takes it.
    pub fn create_with<T>(self, new: T, link: R::Data) -> NewRows<R, T>
    where
        R: LinkedWith,
        T: NewRow<Input = <R::Target as Model>::New>,
    {
        NewRows::new(&self, linked(R::through(), [(new, link.into_values())]))
    }
}

/// The new rows of one relation as they are given: a list of them, or the one.
pub trait NewRelated {
    /// What stands in the relation's place in the answer.
    type Field: Slot;
}

impl<N: NewRow> NewRelated for N {
    type Field = N::Row;
}

impl<N: NewRow> NewRelated for Vec<N> {
    type Field = Vec<N::Row>;
}

/// A new row as it is given: `New…`, or a tuple of it and new rows of its relations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a new row",
    label = "expected the relation's `New…`, or a tuple of it and new rows of relations of its own, each once",
    note = "new rows of a relation are made by `create`: `(new, order::items().create([…]))`"
)]
pub trait NewRow {
    /// The `New…` of the row itself.
    type Input: Input;
    /// The row as stored, with what was made with it.
    type Row: Shape<Model = <Self::Input as Input>::Model>;

    #[doc(hidden)]
    fn push(self, rows: &mut Batch);
}

impl<I: Input> NewRow for I {
    type Input = I;
    type Row = I::Model;

    fn push(self, rows: &mut Batch) {
        rows.push(self.into_values());
    }
}

impl<N, R, L> NewRow for (N, NewRows<R, L>)
where
    N: NewRow,
    R: IncludeIn<<N::Row as Shape>::Full, Output<L::Field>: Shape<Model = <N::Input as Input>::Model>>,
    L: NewRelated,
{
    type Input = N::Input;
    type Row = R::Output<L::Field>;

    fn push(self, rows: &mut Batch) {
        let (new, related) = self;
        new.push(rows);
        related.join(rows);
    }
}

/// A tuple of more is one of two, nested.
macro_rules! new_row_tuples {
    ($(($($first:ident),+) $last:ident)*) => {$(
        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<$($first,)+ $last> NewRow for ($($first,)+ $last)
        where
            (($($first,)+), $last): NewRow,
        {
            type Input = <(($($first,)+), $last) as NewRow>::Input;
            type Row = <(($($first,)+), $last) as NewRow>::Row;

            fn push(self, rows: &mut Batch) {
                let ($($first,)+ $last) = self;
                (($($first,)+), $last).push(rows);
            }
        }
    )*};
}

new_row_tuples!((N, A) B (N, A, B) C (N, A, B, C) D);
