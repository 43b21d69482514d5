//! Accessors of lists of keys: the rows that they lead to, and the keys themselves.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use crate::across::explain::Statement;
use crate::db::Handle;
use crate::filter::Filter;
use crate::find::{Find, FindWith};
use crate::key::{IntoKey, KeyValues};
use crate::model::{Keyed, Model, Relation};
use crate::operation::{Operation, awaitable};
use crate::query::Task;
use crate::query::apart::logical;
use crate::query::node::Node;
use crate::query::property::{Modify, Property};
use crate::query::references::{Given, KeyList};
use crate::row::decode_error;
use crate::value::{Type, Value};

/// A relation whose source holds a list of keys.
pub trait References: Relation<Target: Model> {
    /// The type of a key.
    type Element: Type;
}

/// The key by which a relation's target is listed: `impl IntoKey<i64, Listed<user::tags>>` takes `7` and `&tag`.
#[derive(Debug)]
pub struct Listed<R>(PhantomData<fn() -> R>);

impl<R: References> Keyed for Listed<R> {
    type Source = R::Target;
    type Key = R::Element;

    fn properties() -> &'static [usize] {
        R::meta().to
    }
}

/// The rows that a list of keys in one row leads to, and the list: `db.users().tags(1)`.
///
/// Awaited, it gives a row for each key of the list, in its order; keys that lead nowhere are left out.
#[must_use = "nothing runs until it is awaited"]
pub struct ReferencesMany<'a, R> {
    handle: &'a Handle,
    key: KeyValues,
    of: PhantomData<fn() -> R>,
}

impl<R: Relation> fmt::Debug for ReferencesMany<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReferencesMany({}.{})", R::Source::META.name, R::meta().name)
    }
}

impl<'a, R: References> ReferencesMany<'a, R> {
    /// Of the row of the source with that id; emitted code calls this.
    pub fn new(handle: &'a Handle, source: impl IntoKey<R::Key, R>) -> Self {
        Self { handle, key: source.into_key(), of: PhantomData }
    }

    /// The rows by condition, with order, limit, offset and included relations; in the order of the list where none
    /// is asked for. To count them, they are read.
    pub fn find(&self) -> Find<'a, R::Target> {
        let list = KeyList { source: R::Source::META, relation: R::meta(), key: self.key.clone() };
        Find::among(self.handle, list, Node::new(R::Target::META))
    }

    /// The rows by a filter from outside, with what it includes: at most as many as
    /// [`Builder::filter_limits`](crate::Builder::filter_limits) says.
    ///
    /// `invalid_filter` with all that is wrong with it, before any statement.
    pub fn find_with(&self, filter: Filter<R::Target>) -> FindWith<'a, R::Target> {
        FindWith::new(self.find(), filter)
    }

    /// Adds a key at the end of the list, unless it has it. One that leads to no row is `foreign_key`.
    pub fn add(&self, key: impl IntoKey<R::Element, Listed<R>>) -> Operation<'a, ()> {
        let key = only(&key.into_key());
        let given = vec![key.clone()];
        self.modify(given, move |list| {
            if !list.iter().any(|other| same(other, &key)) {
                list.push(key);
            }
        })
    }

    /// Removes a key from the list, wherever it stands; what is not there need not be removed.
    pub fn remove(&self, key: impl IntoKey<R::Element, Listed<R>>) -> Operation<'a, ()> {
        let key = only(&key.into_key());
        self.modify(Vec::new(), move |list| list.retain(|other| !same(other, &key)))
    }

    /// Stores these keys in place of all that were there. One that leads to no row is `foreign_key`.
    pub fn set<K: IntoKey<R::Element, Listed<R>>>(&self, keys: impl IntoIterator<Item = K>) -> Operation<'a, ()> {
        let keys: Vec<_> = keys.into_iter().map(|key| only(&key.into_key())).collect();
        let mut known = HashSet::new();
        let given = keys.iter().filter(|key| known.insert(logical(std::slice::from_ref(*key)))).cloned().collect();
        self.modify(given, move |list| *list = keys)
    }

    fn modify(
        &self,
        given: Vec<Value<'static>>,
        change: impl FnOnce(&mut Vec<Value<'static>>) + Send + 'static,
    ) -> Operation<'a, ()> {
        let (source, relation) = (R::Source::META, R::meta());
        let property = relation.from[0];
        let change = move |stored: Value<'static>| {
            let wrong = |wrong: crate::Mismatch| decode_error(source, &wrong.at(property));
            let mut list = crate::json::elements(&stored, &source.properties[property]).map_err(wrong)?;
            change(&mut list);
            let list = list.into_iter().map(crate::json::from_value).collect();
            Ok((Value::Json(std::borrow::Cow::Owned(serde_json::Value::Array(list))), Value::Null))
        };
        let modify = Modify {
            schema: self.handle.schema(),
            at: Property { model: source, key: self.key.clone(), property },
            given: (!given.is_empty()).then_some(Given { source, relation, keys: given }),
            change: Some(Box::new(change)),
        };
        Operation::new(self.handle, Task::Modify(modify), |_| Ok(()))
    }
}

/// Whether two keys lead to the same row.
fn same(one: &Value<'_>, other: &Value<'_>) -> bool {
    logical(std::slice::from_ref(one)) == logical(std::slice::from_ref(other))
}

/// The value of a key of one part.
fn only(key: &KeyValues) -> Value<'static> {
    let [value] = key.as_slice() else { unreachable!("keys in a list have one part") };
    value.clone()
}

impl<'a, R: References> ReferencesMany<'a, R> {
    /// The statements that it would run, in their order; runs nothing.
    #[must_use]
    pub fn explain(self) -> Vec<Statement> {
        self.find().explain()
    }

    fn operation(self) -> Operation<'a, Vec<R::Target>> {
        self.find().operation()
    }
}

awaitable!(impl['a, R: References] ReferencesMany<'a, R> => Vec<R::Target>);
