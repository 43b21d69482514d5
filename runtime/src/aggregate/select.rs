//! What is asked of groups, and what they are grouped by: one, or a tuple of several.

use super::measure::Aggregate;
use crate::Result;
use crate::change::Holds;
use crate::condition::{Column, Comparable};
use crate::model::Model;
use crate::query::aggregate::Measure;
use crate::row::{Cells, decode_error};
use crate::value::Type;

/// Takes the columns of a group from that one on, and moves on behind them.
type Take<T> = Box<dyn Fn(&Cells<'_>, &mut usize) -> Result<T> + Send + Sync>;

/// What is selected of a group, and how it is read; of no use outside this crate.
#[doc(hidden)]
pub struct Selected<T> {
    pub(super) keys: Vec<usize>,
    pub(super) measures: Vec<Measure>,
    pub(super) take: Take<T>,
}

/// Values that are computed of each group: an [`Aggregate`], or a tuple of up to eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not computed of rows of `{M}`",
    label = "expected an aggregate such as `count()` or `order::quantity().sum()`, or a tuple of them",
    note = "keys of groups are given with each group: they need not be selected"
)]
pub trait Select<M> {
    /// What is read: the value, or a tuple of them.
    type Output: Send + Sync + 'static;

    #[doc(hidden)]
    fn selected(self) -> Selected<Self::Output>;
}

impl<M: Model, V: Send + Sync + 'static, T> Select<M> for Aggregate<M, V, T> {
    type Output = V;

    fn selected(self) -> Selected<V> {
        let Self { measure, read, .. } = self;
        let take = move |cells: &Cells<'_>, at: &mut usize| {
            let value = read(cells, *at, M::META, measure);
            *at += measure.columns(M::META);
            value
        };
        Selected { keys: Vec::new(), measures: vec![measure], take: Box::new(take) }
    }
}

/// What rows are grouped by: a column, or a tuple of up to four.
#[diagnostic::on_unimplemented(
    message = "rows of `{M}` cannot be grouped by `{Self}`",
    label = "expected a column of that model whose values can be compared, or a tuple of them"
)]
pub trait GroupKeys<M> {
    /// What the rows of a group have in common: an `Option` of a column that may be NULL.
    type Output: Send + Sync + 'static;

    #[doc(hidden)]
    fn keys(self) -> Selected<Self::Output>;
}

impl<M: Model, T: Comparable, K: Holds<T>> GroupKeys<M> for Column<M, T, K> {
    type Output = K::Value;

    fn keys(self) -> Selected<K::Value> {
        let property = self.property;
        let take = move |cells: &Cells<'_>, at: &mut usize| {
            let value = K::Value::from_raw(cells.raw(*at), &M::META.properties[property]);
            *at += 1;
            value.map_err(|mismatch| decode_error(M::META, &mismatch.at(property)))
        };
        Selected { keys: vec![property], measures: Vec::new(), take: Box::new(take) }
    }
}

macro_rules! tuples {
    ($trait:ident $method:ident: $(($($name:ident),+))*) => {$(
        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<M, $($name: $trait<M>),+> $trait<M> for ($($name,)+) {
            type Output = ($($name::Output,)+);

            fn $method(self) -> Selected<Self::Output> {
                let ($($name,)+) = self;
                let (mut keys, mut measures) = (Vec::new(), Vec::new());
                $(
                    let mut $name = $name.$method();
                    keys.append(&mut $name.keys);
                    measures.append(&mut $name.measures);
                    let $name = $name.take;
                )+
                // In the order of the tuple, which is that of the columns.
                let take = move |cells: &Cells<'_>, at: &mut usize| Ok(($($name(cells, at)?,)+));
                Selected { keys, measures, take: Box::new(take) }
            }
        }
    )*};
}

tuples! {
    Select selected:
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
    (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}

tuples! {
    GroupKeys keys:
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
}
