//! Changes of rows as callers write them: patches, and properties that are computed from what is stored.
//!
//! `(OrderPatch { … }, order::quantity().add(1))`: typed faces over one value for each property, and what is computed
//! in the statement. Nothing is read for it.

use std::fmt;
use std::marker::PhantomData;

use crate::condition::Column;
use crate::key::Operand;
use crate::model::{Input, Model};
use crate::query::computing::{Compute, Computed};
use crate::value::{Type, Value};

/// Marks columns that no change sets: ids, versions, and what is generated.
#[derive(Debug)]
pub enum Kept {}

/// The same, of columns that may be NULL.
#[derive(Debug)]
pub enum KeptOptional {}

/// Marks columns that changes may set, but not to NULL.
#[derive(Debug)]
pub enum Required {}

/// Marks columns that changes may set, and set to NULL.
#[derive(Debug)]
pub enum Optional {}

/// Columns that changes may set.
#[diagnostic::on_unimplemented(
    message = "a change does not set this column",
    label = "ids, versions and what is generated stay as they are"
)]
pub trait Changeable {}

impl Changeable for Required {}
impl Changeable for Optional {}

/// What a row holds of a column of `T`: a `T`, or an `Option` of it.
pub trait Holds<T> {
    /// The field's type.
    type Value: Type + Send + Sync + 'static;
}

impl<T: Type + Send + Sync + 'static> Holds<T> for Kept {
    type Value = T;
}

impl<T: Type + Send + Sync + 'static> Holds<T> for Required {
    type Value = T;
}

impl<T: Type + Send + Sync + 'static> Holds<T> for KeptOptional
where
    Option<T>: Type,
{
    type Value = Option<T>;
}

impl<T: Type + Send + Sync + 'static> Holds<T> for Optional
where
    Option<T>: Type,
{
    type Value = Option<T>;
}

/// Columns that changes may set to NULL.
#[diagnostic::on_unimplemented(
    message = "this column cannot be NULL",
    label = "only what is optional in the schema can be unset"
)]
pub trait Nullable: Changeable {}

impl Nullable for Optional {}

/// Types that are computed with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not computed with",
    label = "numbers are: integer, int32, number and decimal"
)]
pub trait Number: Type {}

impl Number for i64 {}
impl Number for i32 {}
impl Number for f64 {}
#[cfg(feature = "decimal")]
impl Number for rust_decimal::Decimal {}

/// Types that have a value for this moment.
#[diagnostic::on_unimplemented(message = "`{Self}` has no value for this moment", label = "dates and datetimes have")]
pub trait Momentary: Type {}

#[cfg(feature = "chrono")]
impl Momentary for chrono::NaiveDate {}
#[cfg(feature = "chrono")]
impl Momentary for chrono::DateTime<chrono::Utc> {}

/// What becomes of a row of `M`: `order::quantity().add(1)`, a patch, or several of these.
#[must_use = "a change is given to a patch"]
pub struct Change<M> {
    pub(crate) values: Vec<Value<'static>>,
    pub(crate) computed: Vec<Computed>,
    of: PhantomData<fn() -> M>,
}

impl<M> Clone for Change<M> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), computed: self.computed.clone(), of: PhantomData }
    }
}

impl<M> fmt::Debug for Change<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values are left out: changes end up in logs.
        f.write_str("Change")
    }
}

impl<M: Model> Change<M> {
    pub(crate) fn new(values: Vec<Value<'static>>) -> Self {
        Self { values, computed: Vec::new(), of: PhantomData }
    }

    fn computing(property: usize, compute: Compute) -> Self {
        let mut change = Self::new(vec![Value::Unset; M::META.properties.len()]);
        change.computed.push(Computed::new(property, compute));
        change
    }

    fn setting(property: usize, value: Value<'static>) -> Self {
        let mut change = Self::new(vec![Value::Unset; M::META.properties.len()]);
        change.values[property] = value;
        change
    }

    /// Both. What sets a property twice is `validation` when it is run.
    pub fn and(mut self, other: impl IntoChange<M>) -> Self {
        let other = other.into_change();
        self.computed.extend(other.computed);
        for (property, (value, new)) in self.values.iter_mut().zip(other.values).enumerate() {
            match (&*value, new) {
                (_, Value::Unset) => {}
                (Value::Unset, new) => *value = new,
                (_, new) => self.computed.push(Computed::new(property, Compute::Set(new))),
            }
        }
        self
    }
}

/// What is taken where rows are changed: a patch, a change of one column, or a tuple of several of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a change of `{M}`",
    label = "expected the patch of `{M}`, a change of one of its columns, or a tuple of these",
    note = "`order::quantity().add(1)` changes a column, `(patch, order::quantity().add(1))` that and what the patch says"
)]
pub trait IntoChange<M> {
    /// The change.
    fn into_change(self) -> Change<M>;
}

impl<M> IntoChange<M> for Change<M> {
    fn into_change(self) -> Self {
        self
    }
}

impl<M: Model<Patch = P>, P: Input<Model = M>> IntoChange<M> for P {
    fn into_change(self) -> Change<M> {
        Change::new(self.into_values())
    }
}

macro_rules! change_tuples {
    ($(($first:ident, $($rest:ident),+))*) => {$(
        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<M: Model, $first: IntoChange<M>, $($rest: IntoChange<M>),+> IntoChange<M> for ($first, $($rest),+) {
            fn into_change(self) -> Change<M> {
                let ($first, $($rest),+) = self;
                $first.into_change()$(.and($rest))+
            }
        }
    )*};
}

change_tuples!((A, B)(A, B, C)(A, B, C, D)(A, B, C, D, E)(A, B, C, D, E, F));

impl<M: Model, T, K> Column<M, T, K> {
    /// Sets it to this value.
    pub fn set(self, value: impl Operand<T>) -> Change<M>
    where
        K: Changeable,
    {
        Change::setting(self.property, value.into_operand())
    }

    /// Sets it to NULL.
    pub fn set_null(self) -> Change<M>
    where
        K: Nullable,
    {
        Change::setting(self.property, Value::Null)
    }

    /// Sets it to this moment, or to this day: that of the call, the same in every row and property.
    pub fn now(self) -> Change<M>
    where
        K: Changeable,
        T: Momentary,
    {
        Change::computing(self.property, Compute::Now)
    }

    /// Adds this to what is stored, in the statement: no two calls lose each other's. NULL stays NULL; what would
    /// leave the limits of the property is `validation`, and no row is changed.
    #[allow(clippy::should_implement_trait, reason = "a column is not a number; it says what becomes of one")]
    pub fn add(self, value: impl Operand<T>) -> Change<M>
    where
        K: Changeable,
        T: Number,
    {
        Change::computing(self.property, Compute::Add(value.into_operand()))
    }

    /// Subtracts this from what is stored, as [`add`](Self::add) adds.
    #[allow(clippy::should_implement_trait, reason = "a column is not a number; it says what becomes of one")]
    pub fn sub(self, value: impl Operand<T>) -> Change<M>
    where
        K: Changeable,
        T: Number,
    {
        Change::computing(self.property, Compute::Subtract(value.into_operand()))
    }
}
