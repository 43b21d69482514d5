//! Accessors of embedded values: what lies in a row, read and changed by itself.
//!
//! What is changed by what is stored is read, changed, checked and written in one transaction, the row locked.

use std::fmt;
use std::marker::PhantomData;

use crate::condition::Column;
use crate::db::Handle;
use crate::key::{Id, IntoKey, KeyValues};
use crate::meta::PropertyMeta;
use crate::model::Model;
use crate::operation::Operation;
use crate::query::property::{Modify, Property};
use crate::query::write::{Update, Which};
use crate::query::{Answer, Task};
use crate::row::decode_error;
use crate::shape::{Cardinality, Maybe, One};
use crate::value::{Type, Value};
use crate::{Embedded, Error, Result};

/// The property of one row.
struct Place<'a, M> {
    handle: &'a Handle,
    key: KeyValues,
    property: usize,
    of: PhantomData<fn() -> M>,
}

impl<'a, M: Model> Place<'a, M> {
    fn new(handle: &'a Handle, key: impl IntoKey<M::Id, Id<M>>, property: usize) -> Self {
        Self { handle, key: key.into_key(), property, of: PhantomData }
    }

    fn meta(&self) -> &'static PropertyMeta {
        &M::META.properties[self.property]
    }

    fn at(&self) -> Property {
        Property { model: M::META, key: self.key.clone(), property: self.property }
    }

    fn read<T: Type>(&self) -> Operation<'a, T> {
        Operation::new(self.handle, Task::Read(self.at()), value::<M, T>)
    }

    fn write(&self, value: Value<'static>) -> Operation<'a, ()> {
        let mut values = vec![Value::Unset; M::META.properties.len()];
        values[self.property] = value;
        let which = Which::Key(self.key.clone());
        let update =
            Update { schema: self.handle.schema(), model: M::META, which, values, computed: Vec::new(), through: None };
        Operation::new(self.handle, Task::Update(update), done)
    }

    /// Stores what `change` makes of the stored value, and answers what it gives.
    fn modify<T: Type, A>(
        &self,
        finish: fn(Answer) -> Result<A>,
        change: impl FnOnce(&mut T) -> Result<Value<'static>> + Send + 'static,
    ) -> Operation<'a, A> {
        let at = self.at();
        let (property, meta) = (self.property, self.meta());
        let change = move |stored: Value<'static>| {
            let mut value = T::from_value(stored, meta).map_err(|wrong| decode_error(M::META, &wrong.at(property)))?;
            let answer = change(&mut value)?;
            Ok((value.into_value(), answer))
        };
        let modify = Modify { schema: self.handle.schema(), at, given: None, change: Some(Box::new(change)) };
        Operation::new(self.handle, Task::Modify(modify), finish)
    }

    #[cold]
    fn refuse(property: usize, rule: impl Into<String>) -> Error {
        Error::validation(M::META.name, M::META.properties[property].name, rule)
    }

    fn debug(&self, kind: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{kind}({}.{})", M::META.name, self.meta().name)
    }
}

/// What a property holds, or what a change answers.
fn value<M: Model, T: Type>(answer: Answer) -> Result<T> {
    let Answer::Value(value, property) = answer else { unreachable!("a property is answered by its value") };
    T::from_value(value, &M::META.properties[property]).map_err(|wrong| decode_error(M::META, &wrong.at(property)))
}

#[allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the type of every finish")]
fn done(_: Answer) -> Result<()> {
    Ok(())
}

/// The embedded values of one row, in their order: `db.customers().addresses(1)`.
///
/// A row that is not there is `not_found`; a value that breaks a rule, or an index that the list does not have, is
/// `validation`.
pub struct EmbedsMany<'a, M, E> {
    place: Place<'a, M>,
    of: PhantomData<fn() -> E>,
}

impl<M: Model, E> fmt::Debug for EmbedsMany<'_, M, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.debug("EmbedsMany", f)
    }
}

impl<'a, M: Model, E: Embedded + Type> EmbedsMany<'a, M, E> {
    /// Of the row with that id; emitted code calls this.
    pub fn new<K>(handle: &'a Handle, row: impl IntoKey<M::Id, Id<M>>, column: Column<M, Vec<E>, K>) -> Self {
        Self { place: Place::new(handle, row, column.property), of: PhantomData }
    }

    /// All of them.
    pub fn get(&self) -> Operation<'a, Vec<E>> {
        self.place.read()
    }

    /// Stores these in place of all that were there.
    pub fn set(&self, values: impl IntoIterator<Item = E>) -> Operation<'a, ()> {
        self.place.write(values.into_iter().collect::<Vec<_>>().into_value())
    }

    /// Removes all of them.
    pub fn clear(&self) -> Operation<'a, ()> {
        self.set([])
    }

    /// Adds one at the end.
    pub fn push(&self, value: E) -> Operation<'a, ()> {
        self.place.modify(done, move |list: &mut Vec<E>| {
            list.push(value);
            Ok(Value::Null)
        })
    }

    /// Adds one before the one at `index`; at the end where it is their number.
    pub fn insert(&self, index: usize, value: E) -> Operation<'a, ()> {
        let property = self.place.property;
        self.place.modify(done, move |list: &mut Vec<E>| {
            if index > list.len() {
                return Err(Self::out_of(property, index, list));
            }
            list.insert(index, value);
            Ok(Value::Null)
        })
    }

    /// Changes the one at `index`, and gives it as stored.
    pub fn update(&self, index: usize, change: impl FnOnce(&mut E) + Send + 'static) -> Operation<'a, E> {
        let property = self.place.property;
        self.place.modify(value::<M, E>, move |list: &mut Vec<E>| match list.get_mut(index) {
            Some(element) => {
                change(element);
                Ok(element.to_value().into_static())
            }
            None => Err(Self::out_of(property, index, list)),
        })
    }

    /// Removes the one at `index`, and gives it.
    pub fn remove(&self, index: usize) -> Operation<'a, E> {
        let property = self.place.property;
        self.place.modify(value::<M, E>, move |list: &mut Vec<E>| {
            if index >= list.len() {
                return Err(Self::out_of(property, index, list));
            }
            Ok(list.remove(index).into_value())
        })
    }

    #[cold]
    fn out_of(property: usize, index: usize, list: &[E]) -> Error {
        Place::<M>::refuse(property, format!("has no element {index}; its length is {}", list.len()))
    }
}

/// Whether an embedded value is always there.
pub trait Presence: Cardinality {
    /// What is read: the value, or an `Option` of it.
    type Value<E: Type>: Type;
}

impl Presence for One {
    type Value<E: Type> = E;
}

impl Presence for Maybe {
    type Value<E: Type> = Option<E>;
}

/// The embedded value of one row: `db.customers().address(1)`.
///
/// A row that is not there is `not_found`; a value that breaks a rule is `validation`.
pub struct EmbedsOne<'a, M, E, K> {
    place: Place<'a, M>,
    of: PhantomData<fn() -> (E, K)>,
}

impl<M: Model, E, K> fmt::Debug for EmbedsOne<'_, M, E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.debug("EmbedsOne", f)
    }
}

impl<'a, M: Model, E: Embedded + Type, K: Presence> EmbedsOne<'a, M, E, K> {
    /// Of the row with that id; emitted code calls this.
    pub fn new<C>(handle: &'a Handle, row: impl IntoKey<M::Id, Id<M>>, column: Column<M, E, C>) -> Self {
        Self { place: Place::new(handle, row, column.property), of: PhantomData }
    }

    /// The value; an `Option` where it may be absent.
    pub fn get(&self) -> Operation<'a, K::Value<E>> {
        self.place.read()
    }

    /// Stores this value in place of what was there.
    pub fn set(&self, value: E) -> Operation<'a, ()> {
        self.place.write(value.into_value())
    }

    /// Changes the value, and gives it as stored. Where there is none, `validation`.
    pub fn update(&self, change: impl FnOnce(&mut E) + Send + 'static) -> Operation<'a, E> {
        let property = self.place.property;
        self.place.modify(value::<M, E>, move |stored: &mut Option<E>| match stored {
            Some(value) => {
                change(value);
                Ok(value.to_value().into_static())
            }
            None => Err(Place::<M>::refuse(property, "is absent: there is nothing to change")),
        })
    }
}

impl<'a, M: Model, E: Embedded + Type> EmbedsOne<'a, M, E, Maybe> {
    /// Removes the value, if there is one.
    pub fn clear(&self) -> Operation<'a, ()> {
        self.place.write(Value::Null)
    }
}
