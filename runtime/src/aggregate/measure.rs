//! Values that are computed of many rows, as a caller names them: `order::quantity().sum()`.

use std::fmt;
use std::marker::PhantomData;

use super::Having;
use crate::condition::{Column, Comparable};
use crate::key::Operand;
use crate::meta::ModelMeta;
use crate::model::Model;
use crate::query::aggregate::{self, GroupOrder, Measure, of_sum};
use crate::query::count::signed;
use crate::query::expr::Comparison;
use crate::row::{Cells, decode_error};
use crate::value::{Mismatch, Raw, Type, Value};
use crate::{Error, Result};

/// Reads what was computed, from that column on.
pub(super) type Read<V> = fn(&Cells<'_>, usize, &'static ModelMeta, Measure) -> Result<V>;

/// A value that is computed of many rows of model `M`: [`count()`], `order::quantity().sum()`. It is read as a `V`, and
/// compared with a `T`.
pub struct Aggregate<M, V, T = NotCompared> {
    pub(super) measure: Measure,
    pub(super) read: Read<V>,
    of: PhantomData<fn() -> (M, T)>,
}

/// What an average of decimals is compared with: nothing. Databases divide decimals to different numbers of digits.
#[derive(Debug)]
pub enum NotCompared {}

impl<M, V, T> Clone for Aggregate<M, V, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, V, T> Copy for Aggregate<M, V, T> {}

impl<M, V, T> fmt::Debug for Aggregate<M, V, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aggregate({:?})", self.measure)
    }
}

impl<M, V, T> Aggregate<M, V, T> {
    fn new(measure: Measure, read: Read<V>) -> Self {
        Self { measure, read, of: PhantomData }
    }
}

/// How many rows there are: `db.orders().aggregate().select(relata::count())`.
pub fn count<M: Model>() -> Aggregate<M, u64, u64> {
    Aggregate::new(Measure::Rows, number)
}

/// Types whose values can be added up.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` cannot be added up",
    label = "`sum()` and `avg()` are of integers, numbers and decimals"
)]
pub trait Summable: Comparable {
    /// What their sum is: as wide as there is.
    type Sum: Comparable + Send + Sync + 'static;
    /// What their average is.
    type Average: Type + Send + Sync + 'static;
    /// What their average is compared with.
    type Compared;

    #[doc(hidden)]
    fn sum(raw: Raw<'_>, scale: &'static crate::meta::PropertyMeta) -> Option<Self::Sum>;

    #[doc(hidden)]
    fn average(raw: Raw<'_>, values: Raw<'_>, scale: &'static crate::meta::PropertyMeta) -> Option<Self::Average>;
}

macro_rules! summable {
    ($($type:ty => $sum:ty, $read:ident;)*) => {$(
        impl Summable for $type {
            type Sum = $sum;
            type Average = f64;
            type Compared = f64;

            fn sum(raw: Raw<'_>, _: &'static crate::meta::PropertyMeta) -> Option<$sum> {
                $read(raw)
            }

            fn average(raw: Raw<'_>, _: Raw<'_>, _: &'static crate::meta::PropertyMeta) -> Option<f64> {
                finite(raw)
            }
        }
    )*};
}

summable! {
    i64 => i64, whole;
    i32 => i64, whole;
    f64 => f64, finite;
}

#[cfg(feature = "decimal")]
impl Summable for rust_decimal::Decimal {
    type Sum = Self;
    type Average = Self;
    type Compared = NotCompared;

    fn sum(raw: Raw<'_>, scale: &'static crate::meta::PropertyMeta) -> Option<Self> {
        Self::from_raw(raw, scale).ok()
    }

    fn average(raw: Raw<'_>, values: Raw<'_>, scale: &'static crate::meta::PropertyMeta) -> Option<Self> {
        let Raw::Int(values) = values else { return None };
        let average = Self::from_raw(raw, scale).ok()?.checked_div(Self::from(values))?;
        // As many zeros at the end as division leaves are no digits.
        Some(average.normalize())
    }
}

/// The sum of integers: databases answer in types that are wider.
fn whole(raw: Raw<'_>) -> Option<i64> {
    match raw {
        Raw::Int(value) => Some(value),
        Raw::Exact { units, scale: 0 } => i64::try_from(units).ok(),
        _ => None,
    }
}

fn finite(raw: Raw<'_>) -> Option<f64> {
    match raw {
        Raw::Real(value) => Some(value).filter(|value| value.is_finite()),
        #[expect(clippy::cast_precision_loss, reason = "what is computed of numbers of double precision is one")]
        Raw::Int(value) => Some(value as f64),
        _ => None,
    }
}

impl<M: Model, T, V> Column<M, T, V> {
    /// How many rows have a value.
    pub fn count(self) -> Aggregate<M, u64, u64> {
        Aggregate::new(Measure::Values { property: self.property, distinct: false }, number)
    }
}

impl<M: Model, T: Comparable + Send + Sync + 'static, V> Column<M, T, V> {
    /// How many different values there are; NULL is none.
    pub fn count_distinct(self) -> Aggregate<M, u64, u64> {
        Aggregate::new(Measure::Values { property: self.property, distinct: true }, number)
    }

    /// The least value; `None` where no row has one.
    pub fn min(self) -> Aggregate<M, Option<T>, T> {
        Aggregate::new(Measure::Least(self.property), extreme)
    }

    /// The greatest value; `None` where no row has one.
    pub fn max(self) -> Aggregate<M, Option<T>, T> {
        Aggregate::new(Measure::Greatest(self.property), extreme)
    }
}

impl<M: Model, T, V> Column<M, T, V> {
    /// The sum: of integers an `i64`, of decimals exact, of numbers in whatever order the database adds them up. `None`
    /// where no row has a value; `overflow` where the sum has more digits than its type.
    pub fn sum(self) -> Aggregate<M, Option<T::Sum>, T::Sum>
    where
        T: Summable,
    {
        Aggregate::new(Measure::Sum(self.property), sum::<T>)
    }

    /// The average: of integers and numbers an `f64`, of decimals a decimal of up to 28 digits. `None` where no row has
    /// a value.
    pub fn avg(self) -> Aggregate<M, Option<T::Average>, T::Compared>
    where
        T: Summable,
    {
        Aggregate::new(Measure::Average(self.property), average::<T>)
    }
}

fn number(cells: &Cells<'_>, at: usize, _: &'static ModelMeta, _: Measure) -> Result<u64> {
    match cells.raw(at) {
        Raw::Int(value) => Ok(value.cast_unsigned()),
        _ => Err(Error::Driver { message: "a count was answered by something else than an integer".to_owned() }),
    }
}

fn extreme<T: Type>(cells: &Cells<'_>, at: usize, model: &'static ModelMeta, measure: Measure) -> Result<Option<T>> {
    let property = summed(measure);
    Option::from_raw(cells.raw(at), &model.properties[property])
        .map_err(|mismatch: Mismatch| decode_error(model, &mismatch.at(property)))
}

fn sum<T: Summable>(
    cells: &Cells<'_>,
    at: usize,
    model: &'static ModelMeta,
    measure: Measure,
) -> Result<Option<T::Sum>> {
    let property = &model.properties[summed(measure)];
    match cells.raw(at) {
        Raw::Null => Ok(None),
        raw => T::sum(raw, of_sum(property)).map(Some).ok_or_else(|| overflow(model, property.name)),
    }
}

fn average<T: Summable>(
    cells: &Cells<'_>,
    at: usize,
    model: &'static ModelMeta,
    measure: Measure,
) -> Result<Option<T::Average>> {
    let property = &model.properties[summed(measure)];
    match cells.raw(at) {
        Raw::Null => Ok(None),
        raw => {
            let average = T::average(raw, cells.raw(at + 1), of_sum(property));
            average.map(Some).ok_or_else(|| overflow(model, property.name))
        }
    }
}

/// The property that it is computed of.
fn summed(measure: Measure) -> usize {
    match measure {
        Measure::Sum(property)
        | Measure::Average(property)
        | Measure::Least(property)
        | Measure::Greatest(property)
        | Measure::Values { property, .. } => property,
        Measure::Rows => unreachable!("rows are counted, and not one of their properties"),
    }
}

#[cold]
fn overflow(model: &'static ModelMeta, property: &str) -> Error {
    Error::Overflow { model: model.name, property: property.to_owned() }
}

impl<M: Model, V, T> Aggregate<M, V, T> {
    fn compare(self, comparison: Comparison, value: Value<'static>) -> Having<M> {
        Having::new(aggregate::Having::compare(M::META, self.measure, comparison, value))
    }

    fn order(self, descending: bool) -> super::GroupOrder<M> {
        super::GroupOrder::new(GroupOrder::Measure { measure: self.measure, descending })
    }
}

/// What a computed value is compared with: a value of its type, and a count with a `u64`.
pub trait Compared: Sized {}

impl Compared for u64 {}

impl<T: Comparable> Compared for T {}

impl<M: Model, V, T: Compared> Aggregate<M, V, T> {
    /// Groups with the least of it first; those without a value before all.
    pub fn asc(self) -> super::GroupOrder<M> {
        self.order(false)
    }

    /// Groups with the most of it first; those without a value after all.
    pub fn desc(self) -> super::GroupOrder<M> {
        self.order(true)
    }
}

impl<M: Model, V, T: Compared> From<Aggregate<M, V, T>> for super::GroupOrder<M> {
    fn from(aggregate: Aggregate<M, V, T>) -> Self {
        aggregate.asc()
    }
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident $comparison:ident)*) => {
        impl<M: Model, V> Aggregate<M, V, u64> {
            $(
                $(#[$doc])*
                pub fn $name(self, number: u64) -> Having<M> {
                    self.compare(Comparison::$comparison, Value::Int(signed(number)))
                }
            )*
        }

        impl<M: Model, V, T: Comparable> Aggregate<M, V, T> {
            $(
                $(#[$doc])*
                pub fn $name(self, value: impl Operand<T>) -> Having<M> {
                    self.compare(Comparison::$comparison, value.into_operand())
                }
            )*
        }
    };
}

comparisons! {
    /// Groups that have exactly that.
    eq Eq
    /// Groups that have another.
    ne Ne
    /// Groups that have more.
    gt Gt
    /// Groups that have that or more.
    ge Ge
    /// Groups that have less.
    lt Lt
    /// Groups that have that or less.
    le Le
}

impl<M: Model, V> Aggregate<M, V, u64> {
    /// From `low` to `high`, both included.
    pub fn between(self, low: u64, high: u64) -> Having<M> {
        self.ge(low).and(self.le(high))
    }
}

impl<M: Model, V, T: Comparable> Aggregate<M, V, T> {
    /// From `low` to `high`, both included.
    pub fn between(self, low: impl Operand<T>, high: impl Operand<T>) -> Having<M> {
        self.ge(low).and(self.le(high))
    }
}
