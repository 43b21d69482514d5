//! Conditions on what lies within a column, as a caller writes them: embedded values, and elements of lists.

use crate::condition::{Column, Comparable, Condition};
use crate::key::Operand;
use crate::model::Record;
use crate::query::expr::Expr;
#[cfg(feature = "json")]
use crate::{Embedded, query::expr::Quantifier};

#[cfg(feature = "json")]
impl<M: Record, E: Embedded + Record, K> Column<M, E, K> {
    /// The value is there and matches: `customer::address().matches(address::city().eq("Asgard"))`.
    pub fn matches(self, condition: Condition<E>) -> Condition<M> {
        embedded(self.property, Quantifier::Any, condition)
    }
}

#[cfg(feature = "json")]
impl<M: Record, E: Embedded + Record, K> Column<M, Vec<E>, K> {
    /// At least one value of the list matches.
    pub fn any(self, condition: Condition<E>) -> Condition<M> {
        embedded(self.property, Quantifier::Any, condition)
    }

    /// No value of the list matches.
    pub fn none(self, condition: Condition<E>) -> Condition<M> {
        embedded(self.property, Quantifier::None, condition)
    }

    /// Every value of the list matches, also when there is none.
    pub fn all(self, condition: Condition<E>) -> Condition<M> {
        embedded(self.property, Quantifier::All, condition)
    }
}

#[cfg(feature = "json")]
fn embedded<M, E>(property: usize, quantifier: Quantifier, condition: Condition<E>) -> Condition<M> {
    Condition::new(Expr::Embedded { property, quantifier, condition: Box::new(condition.expr) })
}

impl<M: Record, T: Comparable, K> Column<M, Vec<T>, K> {
    /// The list has this element.
    pub fn has(self, value: impl Operand<T>) -> Condition<M> {
        Condition::new(Expr::Has { property: self.property, value: value.into_operand() })
    }
}
