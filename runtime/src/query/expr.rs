//! Conditions and orders by property position.

use crate::key::KeyValues;
use crate::meta::{Dialects, ModelMeta, RelationMeta};
use crate::value::Value;
use crate::value::fit::{Fit, fit};

/// A condition on the rows of a model that the context knows.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// Every row.
    All,
    Compare {
        property: usize,
        comparison: Comparison,
        value: Value<'static>,
    },
    /// The key has these values; a null among them matches nothing. `select` is the emitted statement that
    /// reads the rows of one key, where there is one.
    Key {
        properties: &'static [usize],
        values: KeyValues,
        select: Option<&'static Dialects<&'static str>>,
    },
    List {
        property: usize,
        values: Vec<Value<'static>>,
        negated: bool,
    },
    Like {
        property: usize,
        pattern: String,
        fold: bool,
        negated: bool,
    },
    Null {
        property: usize,
        negated: bool,
    },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Related {
        relation: &'static RelationMeta,
        quantifier: Quantifier,
        condition: Box<Expr>,
    },
}

impl Expr {
    /// A comparison with any value of the property's type, also one that the property cannot store: what is
    /// greater than 1.005 among values of two digits is what is greater than 1.00.
    pub(crate) fn compare(
        model: &'static ModelMeta,
        property: usize,
        comparison: Comparison,
        value: Value<'static>,
    ) -> Self {
        let than = |comparison, value| Self::Compare { property, comparison, value };
        let (above, below, limit) = match fit(&value, &model.properties[property]) {
            Fit::Stored => return than(comparison, value),
            Fit::After(limit) => (Comparison::Gt, Comparison::Le, limit),
            Fit::BeforeAll(limit) => (Comparison::Ge, Comparison::Lt, limit),
        };
        match comparison {
            Comparison::Gt | Comparison::Ge => than(above, limit),
            Comparison::Lt | Comparison::Le => than(below, limit),
            // Never, and always, but for NULL: neither.
            Comparison::Eq => than(above, limit.clone()).and(than(below, limit)),
            Comparison::Ne => than(above, limit.clone()).or(than(below, limit)),
        }
    }

    /// One of these values, or none of them; what the property cannot store is no one's value.
    pub(crate) fn list(
        model: &'static ModelMeta,
        property: usize,
        values: impl Iterator<Item = Value<'static>>,
        negated: bool,
    ) -> Self {
        let values = values.filter(|value| fit(value, &model.properties[property]) == Fit::Stored).collect();
        Self::List { property, values, negated }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, expr) | (expr, Self::All) => expr,
            (Self::And(mut all), expr) => {
                all.push(expr);
                Self::And(all)
            }
            (first, second) => Self::And(vec![first, second]),
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::Or(mut any), expr) => {
                any.push(expr);
                Self::Or(any)
            }
            (first, second) => Self::Or(vec![first, second]),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// How many of the related rows must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    None,
    All,
}

/// One term of an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    pub(crate) property: usize,
    pub(crate) descending: bool,
}
