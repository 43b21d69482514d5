//! Views: shapes of a model's rows that the schema names, of which only what they show is read.

use std::fmt;
use std::marker::PhantomData;

use crate::condition::{Column, Condition};
use crate::db::Handle;
use crate::default::literal;
use crate::filter::Filter;
use crate::find::{ById, Find, FindWith, First, Quantity, Rows as All, Shown};
use crate::key::IntoKey;
use crate::meta::ViewMeta;
use crate::model::{Model, Record, Relation};
use crate::operation::Operation;
use crate::query::node::{Include, Node};
use crate::repository::by_key;
use crate::row::{Row, Rows};
use crate::scope::Scope;
use crate::shape::{Cardinality, Shape};
use crate::value::{Mismatch, Type, Value};

/// A shape of a model's rows that the schema names: some of their properties, counts of related rows, and related rows
/// in shapes of their own.
pub trait View: Shape<Model: Model, Full = Self> {
    /// The properties that are read, as a tuple.
    type Fields: Send + 'static;

    /// The view's description.
    const META: &'static ViewMeta;

    /// Decodes a row by position.
    ///
    /// # Errors
    /// When a cell does not fit the schema.
    fn fields(row: &mut Row<'_>) -> Result<Self::Fields, Mismatch>;

    /// The value of the model's property at that position, of those that are read.
    fn value(fields: &Self::Fields, property: usize) -> Value<'_>;

    /// What is shown of related rows, in the order of their places.
    fn parts() -> Vec<Part>;
}

/// What a view shows of a relation.
#[derive(Debug)]
pub struct Part(Include);

/// What is read of a view's rows.
struct Fields<V: View>(Vec<V::Fields>);

impl<V: View> Rows for Fields<V> {
    fn push(&mut self, row: &mut Row<'_>) -> Result<(), Mismatch> {
        self.0.push(V::fields(row)?);
        Ok(())
    }

    fn value(&self, row: usize, property: usize) -> Value<'_> {
        V::value(&self.0[row], property)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
        Box::new(self.0)
    }
}

/// An empty list of what is read of a view's rows, with room for so many; emitted metadata points here.
pub fn view_rows<V: View>(room: usize) -> Box<dyn Rows> {
    Box::new(Fields::<V>(Vec::with_capacity(room)))
}

impl Node {
    /// The same rows in the shape of a view.
    fn shape<V: View>(&mut self) {
        self.show(V::META);
        self.includes =
            V::parts().into_iter().enumerate().map(|(index, Part(part))| Include { index, ..part }).collect();
    }
}

impl<'a, M: Model, Q: Quantity> Find<'a, M, Q> {
    /// In the shape of a view of the model: `db.customers().orders(1).find().view::<OrderCard>()`.
    pub fn view<V: View<Model = M>>(mut self) -> Find<'a, V, Q> {
        self.node.shape::<V>();
        self.turn()
    }
}

impl<'a, M: Model> FindWith<'a, M> {
    /// In the shape of a view of the model, which says what is shown: a filter with `fields` or `include` is
    /// `invalid_filter` then.
    pub fn view<V: View<Model = M>>(self) -> FindWith<'a, M, V> {
        self.shown(Shown { name: V::META.name, shape: Node::shape::<V> })
    }
}

impl<R: Relation<Target: Model>, K: Cardinality> Scope<R, R::Target, K> {
    /// The related rows in the shape of a view of their model: `customer::orders().limit(3).view::<OrderCard>()`.
    #[must_use]
    pub fn view<V: View<Model = R::Target>>(mut self) -> Scope<R, V, K> {
        self.node.shape::<V>();
        self.turn()
    }
}

impl<R: Relation, S, K: Cardinality> Scope<R, S, K> {
    /// As a part of a view; emitted code calls this.
    #[doc(hidden)]
    pub fn part(self) -> Part {
        Part(self.into_include())
    }
}

impl<M: Record, T: Type, K> Column<M, T, K> {
    /// A value of the column as a schema writes it, in JSON; emitted code calls this with what the compiler has checked.
    ///
    /// # Panics
    /// When it is not of the column's type: compiler and runtime then disagree.
    #[doc(hidden)]
    pub fn literal(self, json: &'static str) -> T {
        let property = &M::properties()[self.property];
        let value = literal(json, property).ok().and_then(|value| T::from_value(value, property).ok());
        value.expect("the compiler has checked the literal")
    }
}

/// The rows of a model in the shape of a view: `db.order_cards()`.
///
/// Conditions and orders are of the model's columns, also of those that the view does not show.
pub struct Views<'a, V> {
    handle: &'a Handle,
    of: PhantomData<fn() -> V>,
}

impl<V> Clone for Views<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Views<'_, V> {}

impl<V: View> fmt::Debug for Views<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Views({})", V::META.name)
    }
}

impl<'a, V: View> Views<'a, V> {
    /// The rows that `handle` reaches; emitted code calls this.
    pub fn new(handle: &'a Handle) -> Self {
        Self { handle, of: PhantomData }
    }

    /// Rows by condition, with order, limit and offset.
    pub fn find(&self) -> Find<'a, V, All> {
        Find::new(self.handle, Node::new(V::Model::META)).view()
    }

    /// Rows by a filter from outside, which says which rows and in which order; what is shown of them says the view.
    ///
    /// `invalid_filter` with all that is wrong with it, before any statement.
    pub fn find_with(&self, filter: Filter<V::Model>) -> FindWith<'a, V::Model, V> {
        FindWith::new(Find::new(self.handle, Node::new(V::Model::META)), filter).view()
    }

    /// The row with that id, or `not_found`.
    pub fn get(&self, id: impl IntoKey<<V::Model as Model>::Id, V::Model>) -> Find<'a, V, ById> {
        Find::new(self.handle, by_key::<V::Model>(id.into_key())).view()
    }

    /// The row with that id, if there is one.
    pub fn find_by_id(&self, id: impl IntoKey<<V::Model as Model>::Id, V::Model>) -> Find<'a, V, First> {
        Find::new(self.handle, by_key::<V::Model>(id.into_key())).view()
    }

    /// How many rows match.
    pub fn count(&self, condition: Condition<V::Model>) -> Operation<'a, u64> {
        self.find().filter(condition).count()
    }
}
