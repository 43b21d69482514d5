//! The types of rows with what was included: assembled from what the executor loaded.
//!
//! The only generic part of a read. Rows arrive decoded, children arrive grouped; here they are put
//! together by moving them.

use std::fmt;

use crate::model::{Model, Relation};
use crate::query::loaded::{Links, Loaded, LoadedRelation, meant};
use crate::{Error, Result};

/// A row of a model, with or without included relations.
pub trait Shape: Sized + Clone + Send + 'static {
    /// The model of the row itself; of one of several models, the enum of them.
    type Model;
    /// This shape with a place for each relation: what `include` fills.
    type Full: Shape<Model = Self::Model>;

    /// Takes apart what was loaded.
    ///
    /// # Errors
    /// When a required relation led nowhere.
    fn assemble(loaded: Loaded) -> Result<Vec<Self>>;
}

impl<M: Model> Shape for M {
    type Model = M;
    type Full = M::With;

    fn assemble(mut loaded: Loaded) -> Result<Vec<Self>> {
        Ok(loaded.rows())
    }
}

/// What stands in a relation's place: [`NotIncluded`], `Vec<C>`, `Option<C>` or `C`.
pub trait Slot: Sized + Clone + Send + 'static {
    /// Whether the relation was included.
    const INCLUDED: bool = true;

    /// One value for each of `parents` rows.
    ///
    /// # Errors
    /// When a required relation led nowhere.
    fn fill(relation: Option<LoadedRelation>, parents: usize) -> Result<Slots<Self>>;
}

/// The values of one relation, in the order of the rows that they belong to.
#[derive(Debug)]
pub struct Slots<T>(std::vec::IntoIter<T>);

impl<T> Slots<T> {
    /// The next row's value.
    ///
    /// # Panics
    /// When it is called more often than there are rows.
    #[allow(clippy::should_implement_trait, reason = "there is one for every row: no end to test for")]
    pub fn next(&mut self) -> T {
        self.0.next().expect("there is one value for each row")
    }
}

impl<T> From<Vec<T>> for Slots<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values.into_iter())
    }
}

/// A relation that was not included. It has no fields and no methods: reading it does not compile.
pub struct NotIncluded<R>(std::marker::PhantomData<fn() -> R>);

impl<R> Clone for NotIncluded<R> {
    fn clone(&self) -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<R> PartialEq for NotIncluded<R> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<R> fmt::Debug for NotIncluded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotIncluded")
    }
}

impl<R: 'static> Slot for NotIncluded<R> {
    const INCLUDED: bool = false;

    fn fill(_: Option<LoadedRelation>, parents: usize) -> Result<Slots<Self>> {
        Ok(vec![Self(std::marker::PhantomData); parents].into())
    }
}

impl<C: Shape> Slot for Vec<C> {
    fn fill(relation: Option<LoadedRelation>, parents: usize) -> Result<Slots<Self>> {
        let Some(LoadedRelation { loaded, links, .. }) = relation else {
            return Ok(vec![Vec::new(); parents].into());
        };
        let rows = C::assemble(loaded)?;
        if let Some(lists) = &links.lists {
            return Ok(Links::pick(rows, lists).into());
        }
        let mut groups = links.empty_groups::<C>();
        for (row, group) in rows.into_iter().zip(links.group_of_row()) {
            groups[group].push(row);
        }
        Ok(links.hand_out(groups, parents, Vec::new).into())
    }
}

impl<C: Shape> Slot for Option<C> {
    fn fill(relation: Option<LoadedRelation>, parents: usize) -> Result<Slots<Self>> {
        let Some(LoadedRelation { loaded, links, .. }) = relation else {
            return Ok(vec![None; parents].into());
        };
        Ok(one_each(C::assemble(loaded)?, &links, parents).into())
    }
}

/// A relation whose rows were counted.
impl Slot for u64 {
    fn fill(relation: Option<LoadedRelation>, parents: usize) -> Result<Slots<Self>> {
        Ok(relation.map_or_else(|| vec![0; parents], |mut counted| counted.loaded.rows()).into())
    }
}

/// A required to-one relation: there is a row for each parent, or the key dangles.
impl<C: Shape> Slot for C {
    fn fill(relation: Option<LoadedRelation>, parents: usize) -> Result<Slots<Self>> {
        let Some(LoadedRelation { loaded, links, source, relation }) = relation else {
            return Ok(Vec::new().into());
        };
        let arms = loaded.first_groups();
        let rows = C::assemble(loaded)?;
        if links.is_one_each() && rows.len() == parents {
            return Ok(rows.into());
        }
        let rows = one_each(rows, &links, parents);
        if let Some(parent) = rows.iter().position(Option::is_none) {
            let meant = links.of_parent.get(parent).and_then(|&group| meant(&arms, group));
            return Err(dangling(source, meant.unwrap_or(relation)));
        }
        Ok(rows.into_iter().flatten().collect::<Vec<_>>().into())
    }
}

fn one_each<C: Shape>(rows: Vec<C>, links: &Links, parents: usize) -> Vec<Option<C>> {
    if let Some(lists) = &links.lists {
        return Links::pick(rows, lists).into_iter().map(|own| own.into_iter().next()).collect();
    }
    let mut groups = vec![None; links.groups()];
    for (row, group) in rows.into_iter().zip(links.group_of_row()) {
        groups[group].get_or_insert(row);
    }
    links.hand_out(groups, parents, || None)
}

pub(crate) fn dangling(source: &'static crate::meta::ModelMeta, relation: &'static crate::meta::RelationMeta) -> Error {
    let names: Vec<_> = relation.from.iter().map(|&property| source.properties[property].name).collect();
    Error::Dangling { model: source.name, property: names.join(","), target: relation.target.name }
}

/// How many rows a relation gives, and the type of its place.
pub trait Cardinality: Send + Sync + 'static {
    /// What stands in the relation's place when it is included.
    type Field<C: Shape>: Slot;
    /// What stands there where it is known only at run time whether it is included, and under which filter.
    type Loose<C: Shape>: Slot;
    /// The same relation under a filter: a required one may then give nothing.
    type Filtered: Cardinality;
    /// The same relation, to several models, of which one is given as `L`.
    type Of<L: Cardinality>: Cardinality;

    #[doc(hidden)]
    const COUNTED: bool = false;
}

/// The relation's rows, and not their number.
pub trait OfRows: Cardinality {}

impl OfRows for Many {}
impl OfRows for Maybe {}
impl OfRows for One {}

/// To-many: a `Vec`, empty when there is none.
#[derive(Debug)]
pub struct Many;

/// To-one that may be absent: an `Option`.
#[derive(Debug)]
pub struct Maybe;

/// To-one that is required: the row itself.
#[derive(Debug)]
pub struct One;

/// How many: a `u64`.
#[derive(Debug)]
pub struct Count;

impl Cardinality for Count {
    type Field<C: Shape> = u64;
    type Loose<C: Shape> = u64;
    type Filtered = Self;
    type Of<L: Cardinality> = Self;

    const COUNTED: bool = true;
}

impl Cardinality for Many {
    type Field<C: Shape> = Vec<C>;
    type Loose<C: Shape> = Vec<C>;
    type Filtered = Self;
    type Of<L: Cardinality> = Self;
}

impl Cardinality for Maybe {
    type Field<C: Shape> = Option<C>;
    type Loose<C: Shape> = Option<C>;
    type Filtered = Self;
    type Of<L: Cardinality> = Self;
}

impl Cardinality for One {
    type Field<C: Shape> = C;
    type Loose<C: Shape> = Option<C>;
    type Filtered = Maybe;
    type Of<L: Cardinality> = L;
}

/// A relation that can be included in rows of type `S`; emitted once for each relation.
#[diagnostic::on_unimplemented(
    message = "relation `{Self}` cannot be included in `{S}`",
    label = "not a relation of this row, or included already",
    note = "each relation of a model can be included once in a query; the scope given last does not replace the first"
)]
pub trait IncludeIn<S>: Relation {
    /// `S` with the relation's place filled by `F`.
    type Output<F: Slot>: Shape;
}

/// The type of `S` with relation `R` included, its rows of type `C`: `relata::With<Order, order::items>`.
pub type With<S, R, C = <R as Relation>::Target> =
    <R as IncludeIn<<S as Shape>::Full>>::Output<<<R as Relation>::Cardinality as Cardinality>::Field<C>>;

/// The type of `S` with the number of rows of relation `R`: `relata::WithCount<Customer, customer::orders>`.
pub type WithCount<S, R> = <R as IncludeIn<<S as Shape>::Full>>::Output<u64>;
