//! Conditions and orders by property position.

use super::node::Node;
use super::seek::Beyond;
use crate::driver::Key;
use crate::key::KeyValues;
use crate::meta::{Dialects, ModelMeta, PropertyMeta, RelationMeta};
use crate::value::Value;
use crate::value::fit::{Fit, fit};

/// A condition on the rows of a model, or on embedded values, that the context knows.
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
    /// The key is one of these, as stored.
    Among {
        properties: &'static [usize],
        keys: Vec<Key>,
    },
    Like {
        property: usize,
        pattern: String,
        fold: bool,
        negated: bool,
    },
    /// Text in which a regular expression matches.
    Regexp {
        property: usize,
        pattern: String,
        /// Where it stands in the filter from outside.
        path: Box<str>,
    },
    Null {
        property: usize,
        negated: bool,
    },
    /// The row is live: the property that says when it was deleted is NULL.
    Live {
        property: usize,
    },
    /// The discriminator names this model.
    Named {
        property: usize,
        value: &'static str,
    },
    /// The row is one that the relation leads to from the source row whose key has these values.
    Led {
        source: &'static ModelMeta,
        relation: &'static RelationMeta,
        values: KeyValues,
    },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Related {
        relation: &'static RelationMeta,
        quantifier: Quantifier,
        /// Which of the related rows are looked at.
        among: Box<Expr>,
        condition: Box<Expr>,
    },
    /// The relation leads from one of the related rows that match: what "any" says of rows that are few and easily
    /// found, so that the others need not be looked at.
    Reached {
        relation: &'static RelationMeta,
        from: Box<Expr>,
    },
    /// An embedded value is there and matches, or so many of a list of them do.
    Embedded {
        property: usize,
        quantifier: Quantifier,
        condition: Box<Expr>,
    },
    /// A list has this element.
    Has {
        property: usize,
        value: Value<'static>,
    },
    /// The number of rows of a relation.
    Count {
        count: Box<Count>,
        comparison: Comparison,
        number: Value<'static>,
    },
    /// The row comes after a place in an order.
    Beyond(Box<Beyond>),
}

impl Expr {
    /// A comparison with any value of the property's type, also one that the property cannot store: what is
    /// greater than 1.005 among values of two digits is what is greater than 1.00.
    pub(crate) fn compare(
        properties: &[PropertyMeta],
        property: usize,
        comparison: Comparison,
        value: Value<'static>,
    ) -> Self {
        let than = |comparison, value| Self::Compare { property, comparison, value };
        let (above, below, limit) = match fit(&value, &properties[property]) {
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
        properties: &[PropertyMeta],
        property: usize,
        values: impl Iterator<Item = Value<'static>>,
        negated: bool,
    ) -> Self {
        let values = values.filter(|value| fit(value, &properties[property]) == Fit::Stored).collect();
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

/// How many of the related rows, or of the elements of a list, must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    None,
    All,
    /// One that does not match.
    NotAll,
}

impl Quantifier {
    /// What is asked of the rows that [`is_of_others`](Self::is_of_others) speaks of.
    pub(super) fn exists(self) -> &'static str {
        match self {
            Self::Any | Self::NotAll => "EXISTS (SELECT 1 FROM ",
            Self::None | Self::All => "NOT EXISTS (SELECT 1 FROM ",
        }
    }

    /// Whether it asks for rows that do not match: those for which the condition is neither true nor false are among
    /// them.
    pub(super) fn is_of_others(self) -> bool {
        matches!(self, Self::All | Self::NotAll)
    }
}

/// How many rows a relation gives: those of the node, after limit and offset.
#[derive(Debug, Clone)]
pub(crate) struct Count {
    pub(crate) relation: &'static RelationMeta,
    pub(crate) node: Node,
}

/// One term of an order.
#[derive(Debug, Clone)]
pub(crate) enum Order {
    Property {
        property: usize,
        descending: bool,
    },
    Count {
        count: Box<Count>,
        descending: bool,
    },
    /// By a term of the one row that the relation leads to, of those of the node.
    Related {
        relation: &'static RelationMeta,
        node: Box<Node>,
        /// There is such a row.
        present: bool,
        term: Box<Order>,
    },
}

impl Order {
    /// Whether it is by that property.
    pub(crate) fn is_by(&self, wanted: usize) -> bool {
        matches!(self, Self::Property { property, .. } if *property == wanted)
    }
}
