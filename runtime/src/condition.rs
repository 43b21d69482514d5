//! Columns, conditions and orders as a caller writes them: typed faces over untyped expressions.

use std::fmt;
use std::marker::PhantomData;

use crate::change::Kept;
use crate::key::Operand;
use crate::model::{Model, Record};
use crate::query::expr::{Comparison, Expr, Order as Term};
use crate::value::Type;

/// A property of model or embedded value `M` whose values are of type `T`: `order::quantity()`. What changes may make of
/// it is in `K`: [`Required`](crate::Required), [`Optional`](crate::Optional), or [`Kept`] where they leave it alone.
pub struct Column<M, T, K = Kept> {
    pub(crate) property: usize,
    of: Of<M, T, K>,
}

/// What a column is of; it holds none of them.
type Of<M, T, K> = PhantomData<fn() -> (M, T, K)>;

impl<M, T, K> Clone for Column<M, T, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, K> Copy for Column<M, T, K> {}

impl<M: Record, T, K> fmt::Debug for Column<M, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", M::name(), M::properties()[self.property].name)
    }
}

impl<M, T, K> Column<M, T, K> {
    /// The property at that position; emitted code calls this.
    pub const fn new(property: usize) -> Self {
        Self { property, of: PhantomData }
    }

    /// No value is stored.
    pub fn is_null(self) -> Condition<M> {
        Condition::new(Expr::Null { property: self.property, negated: false })
    }

    /// A value is stored.
    pub fn is_not_null(self) -> Condition<M> {
        Condition::new(Expr::Null { property: self.property, negated: true })
    }
}

impl<M: Model, T, K> Column<M, T, K> {
    /// Smallest first; NULL before all.
    pub fn asc(self) -> OrderBy<M> {
        OrderBy::new(Term::Property { property: self.property, descending: false })
    }

    /// Largest first; NULL after all.
    pub fn desc(self) -> OrderBy<M> {
        OrderBy::new(Term::Property { property: self.property, descending: true })
    }
}

/// Types whose values have an order.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` cannot be compared",
    label = "not compared, ordered or grouped by",
    note = "of lists and embedded values ask for what is in them; an average of decimals can be selected only"
)]
pub trait Comparable: Type {}

macro_rules! comparable {
    ($($type:ty),*) => { $(impl Comparable for $type {})* };
}

comparable!(i64, i32, f64, bool, String);
#[cfg(feature = "uuid")]
comparable!(uuid::Uuid);
#[cfg(feature = "decimal")]
comparable!(rust_decimal::Decimal);
#[cfg(feature = "chrono")]
comparable!(chrono::NaiveDate, chrono::NaiveTime, chrono::DateTime<chrono::Utc>);

impl<M: Record, T: Comparable, K> Column<M, T, K> {
    fn compare(self, comparison: Comparison, value: impl Operand<T>) -> Condition<M> {
        Condition::new(Expr::compare(M::properties(), self.property, comparison, value.into_operand()))
    }

    /// Equal. NULL is equal to nothing.
    pub fn eq(self, value: impl Operand<T>) -> Condition<M> {
        self.compare(Comparison::Eq, value)
    }

    /// Not equal. NULL does not match.
    pub fn ne(self, value: impl Operand<T>) -> Condition<M> {
        self.compare(Comparison::Ne, value)
    }

    /// Greater.
    pub fn gt(self, value: impl Operand<T>) -> Condition<M> {
        self.compare(Comparison::Gt, value)
    }

    /// Greater or equal.
    pub fn ge(self, value: impl Operand<T>) -> Condition<M> {
        self.compare(Comparison::Ge, value)
    }

    /// Less.
    pub fn lt(self, value: impl Operand<T>) -> Condition<M> {
        self.compare(Comparison::Lt, value)
    }

    /// Less or equal.
    pub fn le(self, value: impl Operand<T>) -> Condition<M> {
        self.compare(Comparison::Le, value)
    }

    /// From `low` to `high`, both included; nothing when `low` is greater.
    pub fn between(self, low: impl Operand<T>, high: impl Operand<T>) -> Condition<M> {
        self.ge(low).and(self.le(high))
    }

    /// One of these; of an empty list, nothing. Lists of any length.
    pub fn is_in<I>(self, values: I) -> Condition<M>
    where
        I: IntoIterator,
        I::Item: Operand<T>,
    {
        self.list(values, false)
    }

    /// None of these; of an empty list, everything. NULL does not match a list that has values.
    pub fn not_in<I>(self, values: I) -> Condition<M>
    where
        I: IntoIterator,
        I::Item: Operand<T>,
    {
        self.list(values, true)
    }

    fn list<I>(self, values: I, negated: bool) -> Condition<M>
    where
        I: IntoIterator,
        I::Item: Operand<T>,
    {
        let values = values.into_iter().map(Operand::into_operand);
        Condition::new(Expr::list(M::properties(), self.property, values, negated))
    }
}

impl<M, K> Column<M, String, K> {
    fn pattern(self, pattern: String, fold: bool, negated: bool) -> Condition<M> {
        Condition::new(Expr::Like { property: self.property, pattern, fold, negated })
    }

    /// SQL LIKE, case-sensitive: `%` is any text, `_` any character, `\` takes the next one literally.
    pub fn like(self, pattern: impl Into<String>) -> Condition<M> {
        self.pattern(pattern.into(), false, false)
    }

    /// Not LIKE. NULL does not match.
    pub fn not_like(self, pattern: impl Into<String>) -> Condition<M> {
        self.pattern(pattern.into(), false, true)
    }

    /// LIKE that takes ASCII letters of both cases as equal.
    pub fn ilike(self, pattern: impl Into<String>) -> Condition<M> {
        self.pattern(pattern.into(), true, false)
    }

    /// Begins with this text, taken literally.
    pub fn starts_with(self, text: impl AsRef<str>) -> Condition<M> {
        self.pattern(format!("{}%", escape(text.as_ref())), false, false)
    }

    /// Ends with this text, taken literally.
    pub fn ends_with(self, text: impl AsRef<str>) -> Condition<M> {
        self.pattern(format!("%{}", escape(text.as_ref())), false, false)
    }

    /// Has this text in it, taken literally.
    pub fn contains(self, text: impl AsRef<str>) -> Condition<M> {
        self.pattern(format!("%{}%", escape(text.as_ref())), false, false)
    }
}

/// `text` as a LIKE pattern that matches only itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A condition on rows of model `M`, or on embedded values of type `M`.
pub struct Condition<M> {
    pub(crate) expr: Expr,
    of: PhantomData<fn() -> M>,
}

impl<M> Condition<M> {
    pub(crate) fn new(expr: Expr) -> Self {
        Self { expr, of: PhantomData }
    }

    /// Every row; emitted as `order::all()`.
    pub fn all() -> Self {
        Self::new(Expr::All)
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.expr.and(other.expr))
    }

    /// One or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::new(self.expr.or(other.expr))
    }

    /// The rows for which this is false; where it is neither true nor false (a comparison with NULL), the
    /// negation is neither, as in SQL.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "reads as the SQL word beside `and` and `or`; `!` works too")]
    pub fn not(self) -> Self {
        Self::new(Expr::Not(Box::new(self.expr)))
    }
}

impl<M> std::ops::Not for Condition<M> {
    type Output = Self;

    fn not(self) -> Self {
        Condition::not(self)
    }
}

impl<M> Clone for Condition<M> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<M> fmt::Debug for Condition<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values are left out: conditions end up in logs.
        f.write_str("Condition")
    }
}

/// One term of an order, or several: `(a.desc(), b.asc())`.
pub struct OrderBy<M> {
    pub(crate) terms: Vec<Term>,
    of: PhantomData<fn() -> M>,
}

impl<M> OrderBy<M> {
    pub(crate) fn new(term: Term) -> Self {
        Self::several(vec![term])
    }

    pub(crate) fn several(terms: Vec<Term>) -> Self {
        Self { terms, of: PhantomData }
    }
}

impl<M> Clone for OrderBy<M> {
    fn clone(&self) -> Self {
        Self { terms: self.terms.clone(), of: PhantomData }
    }
}

impl<M> fmt::Debug for OrderBy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A count may have a condition: its values are left out.
        f.write_str("OrderBy")
    }
}

impl<M: Model, T, K> From<Column<M, T, K>> for OrderBy<M> {
    fn from(column: Column<M, T, K>) -> Self {
        column.asc()
    }
}

macro_rules! order_tuples {
    ($(($($name:ident),+))*) => {$(
        #[allow(non_snake_case, reason = "a tuple is taken apart by the names of its types")]
        impl<M, $($name: Into<OrderBy<M>>),+> From<($($name,)+)> for OrderBy<M> {
            fn from(($($name,)+): ($($name,)+)) -> Self {
                let mut terms = Vec::new();
                $(terms.extend($name.into().terms);)+
                Self::several(terms)
            }
        }
    )*};
}

order_tuples!((A, B)(A, B, C)(A, B, C, D));
