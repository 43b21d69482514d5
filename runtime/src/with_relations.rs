//! Rows with relations that are known only at run time: what a filter from outside includes.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::ser::{Serialize, Serializer};

use crate::Result;
use crate::model::{Model, Relation};
use crate::query::loaded::{Loaded, LoadedRelation};
use crate::record::Object;
use crate::scope::Scope;
use crate::shape::{Cardinality, Shape, Slot, Slots};

/// A row with the relations that a filter included; reads as the row itself.
///
/// Serialised, it is LoopBack's JSON: relations that were included are members beside the row's own, where the filter
/// names `fields` with those only.
pub struct WithRelations<M> {
    row: M,
    /// Which properties are serialised: all, unless said.
    fields: Option<Arc<[usize]>>,
    /// By position among the model's relations, rising.
    relations: Vec<(usize, Box<dyn Held>)>,
}

/// A relation that was included, or not: an empty one is not mistaken for one that nobody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Related<T> {
    /// The filter did not ask for it: whether there are rows is not known.
    NotIncluded,
    /// What it gives: a `Vec`, or an `Option` of one row.
    Included(T),
}

impl<T> Related<T> {
    /// What was included.
    pub fn included(&self) -> Option<&T> {
        match self {
            Self::NotIncluded => None,
            Self::Included(rows) => Some(rows),
        }
    }
}

impl<T: Serialize> Serialize for Related<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.included().serialize(serializer)
    }
}

/// What relations lead to, with relations that are known only at run time.
pub trait Dynamic: Sized + 'static {
    /// [`WithRelations`] of a model; of several models, the enum of these.
    type WithRelations: Shape<Model = Self> + Serialize + fmt::Debug + Sync;
}

impl<M: Model> Dynamic for M {
    type WithRelations = WithRelations<M>;
}

/// What stands in a relation's place at run time: a `Vec`, or an `Option`.
pub type RelatedRows<R> =
    <<R as Relation>::Cardinality as Cardinality>::Loose<<<R as Relation>::Target as Dynamic>::WithRelations>;

/// A relation's place, whatever the relation.
trait Held: fmt::Debug + Send + Sync {
    fn copy(&self) -> Box<dyn Held>;
    fn as_any(&self) -> &dyn Any;
    fn as_serialize(&self) -> &dyn erased_serde::Serialize;
}

impl<T: Clone + fmt::Debug + Serialize + Send + Sync + 'static> Held for Related<T> {
    fn copy(&self) -> Box<dyn Held> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_serialize(&self) -> &dyn erased_serde::Serialize {
        self
    }
}

/// What fills a relation's place at run time; emitted for each relation of a model, in their order.
#[derive(Clone, Copy)]
pub struct Fill(fn(LoadedRelation, usize) -> Result<Slots<Place>>);

/// A place that is filled.
struct Place(Box<dyn Held>);

impl fmt::Debug for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fill")
    }
}

impl Fill {
    /// That of a relation; emitted code calls this.
    pub const fn of<R>() -> Self
    where
        R: Relation<Target: Dynamic>,
        RelatedRows<R>: Slot + Serialize + fmt::Debug + Sync,
    {
        Self(|relation, parents| {
            let mut rows = RelatedRows::<R>::fill(Some(relation), parents)?;
            let place = |_| Place(Box::new(Related::Included(rows.next())));
            Ok((0..parents).map(place).collect::<Vec<_>>().into())
        })
    }
}

impl<M: Model> WithRelations<M> {
    /// What the filter included of a relation: `row.related(order::items())`.
    ///
    /// What the scope says besides the relation is of no matter: it is the filter that was asked.
    pub fn related<R>(&self, _: Scope<R>) -> &Related<RelatedRows<R>>
    where
        R: Relation<Source = M, Target: Dynamic>,
        RelatedRows<R>: 'static,
    {
        let found = self.relations.iter().find(|(index, _)| *index == R::INDEX);
        found.and_then(|(_, held)| held.as_any().downcast_ref()).unwrap_or(&Related::NotIncluded)
    }

    /// The row alone.
    pub fn into_row(self) -> M {
        self.row
    }
}

impl<M> Deref for WithRelations<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.row
    }
}

impl<M> DerefMut for WithRelations<M> {
    fn deref_mut(&mut self) -> &mut M {
        &mut self.row
    }
}

impl<M: Clone> Clone for WithRelations<M> {
    fn clone(&self) -> Self {
        let Self { row, fields, relations } = self;
        let relations = relations.iter().map(|(index, held)| (*index, held.copy())).collect();
        Self { row: row.clone(), fields: fields.clone(), relations }
    }
}

impl<M: Model> fmt::Debug for WithRelations<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("WithRelations");
        debug.field("row", &self.row);
        for (index, held) in &self.relations {
            debug.field(M::META.relations[*index].name, held);
        }
        debug.finish_non_exhaustive()
    }
}

impl<M: Model> Shape for WithRelations<M> {
    type Model = M;
    type Full = Self;

    fn assemble(mut loaded: Loaded) -> Result<Vec<Self>> {
        let fields = loaded.fields.take();
        let included = std::mem::take(&mut loaded.relations);
        let rows = loaded.rows::<M>();
        let mut places = Vec::with_capacity(included.len());
        for (index, relation) in included {
            places.push((index, M::RELATED[index].0(relation, rows.len())?));
        }
        places.sort_by_key(|(index, _)| *index);
        let with = |row| Self {
            row,
            fields: fields.clone(),
            relations: places.iter_mut().map(|(index, places)| (*index, places.next().0)).collect(),
        };
        Ok(rows.into_iter().map(with).collect())
    }
}

impl<M: Model> Serialize for WithRelations<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::of(&self.row, self.fields.as_deref(), serializer)?;
        for (index, held) in &self.relations {
            object.entry(M::META.relations[*index].name, held.as_serialize())?;
        }
        object.end()
    }
}
