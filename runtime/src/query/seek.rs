//! Reads that go on from a place in their order: what comes after a row whose values are known.
//!
//! NULL comes before every value, as in every order here; descending, after.

use super::count::NUMBER;
use super::expr::{Comparison, Expr, Order};
use super::loaded::Loaded;
use super::node::Node;
use super::sql::Sql;
use crate::driver::Bind;
use crate::meta::{Kind, ModelMeta, PropertyMeta};
use crate::row::{Cells, decode_error};
use crate::value::{Value, decode};
use crate::{Error, Result};

/// A place in a total order.
#[derive(Debug, Clone)]
pub(crate) struct Beyond {
    pub(crate) terms: Vec<Order>,
    /// Of each term, that of the row at the place.
    pub(crate) values: Vec<Value<'static>>,
    /// The row at the place is meant too.
    pub(crate) with_it: bool,
}

impl Order {
    /// The other way round; NULL too is then at the other end.
    #[cfg_attr(not(feature = "pages"), allow(dead_code, reason = "for pages backwards"))]
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Property { property, descending } => Self::Property { property, descending: !descending },
            Self::Count { count, descending } => Self::Count { count, descending: !descending },
            Self::Related { relation, node, present, term } => {
                Self::Related { relation, node, present, term: Box::new(term.reversed()) }
            }
        }
    }

    /// What its values are, and whose.
    pub(crate) fn of(&self, model: &'static ModelMeta) -> (&'static ModelMeta, &'static PropertyMeta) {
        match self {
            Self::Property { property, .. } => (model, &model.properties[*property]),
            Self::Count { .. } => (model, &NUMBER),
            Self::Related { relation, term, .. } => term.of(relation.target),
        }
    }

    /// Whether it is by a property of the rows themselves.
    fn is_own(&self) -> bool {
        matches!(self, Self::Property { .. })
    }
}

impl Node {
    /// Makes the order total by the primary key, and rows known by their place in it.
    ///
    /// # Errors
    /// `invalid_filter`: values of a term cannot be compared.
    pub(crate) fn order_totally(&mut self) -> Result<()> {
        let model = self.model;
        let rest = model.key.iter().filter(|&&key| !self.order.iter().any(|term| term.is_by(key)));
        let rest: Vec<_> = rest.map(|&property| Order::Property { property, descending: false }).collect();
        self.order.extend(rest);
        for term in &self.order {
            let (owner, property) = term.of(model);
            if property.list || matches!(property.kind, Kind::Json | Kind::Embedded(_)) {
                return Err(Error::filter(
                    "order",
                    format!(
                        "values of {}.{} have no order to go on in: order by another property",
                        owner.name, property.name
                    ),
                ));
            }
        }
        self.told = self.order.iter().filter(|term| !self.holds(term)).cloned().collect();
        Ok(())
    }

    /// Whether rows hold its values themselves: a view has those that it reads.
    fn holds(&self, term: &Order) -> bool {
        match term {
            Order::Property { property, .. } => self.view.is_none_or(|view| view.position(*property).is_some()),
            Order::Count { .. } | Order::Related { .. } => false,
        }
    }

    /// Only the rows after that place.
    pub(crate) fn go_on(&mut self, values: Vec<Value<'static>>, with_it: bool) {
        let terms = self.order.clone();
        self.filter(Expr::Beyond(Box::new(Beyond { terms, values, with_it })));
    }

    /// The place of a row that was loaded so.
    pub(crate) fn place(&self, loaded: &Loaded, row: usize) -> Vec<Value<'static>> {
        let mut told = loaded.told.get(row).into_iter().flatten().cloned();
        let value = |term: &Order| match term {
            Order::Property { property, .. } if self.holds(term) => loaded.rows.value(row, *property).into_static(),
            _ => told.next().unwrap_or(Value::Null),
        };
        self.order.iter().map(value).collect()
    }
}

/// The values of these terms, in columns from `first` on.
pub(super) fn told(
    model: &'static ModelMeta,
    terms: &[Order],
    cells: &Cells<'_>,
    first: usize,
) -> Result<Vec<Value<'static>>> {
    let value = |(n, term): (usize, &Order)| {
        let (owner, property) = term.of(model);
        decode(cells.raw(first + n), property).map_err(|mismatch| {
            let at = owner.properties.iter().position(|other| other.name == property.name).unwrap_or_default();
            decode_error(owner, &mismatch.at(at))
        })
    };
    terms.iter().enumerate().map(value).collect()
}

impl<'a> Sql<'a> {
    /// The row comes after the place, by all terms.
    pub(super) fn beyond(&mut self, model: &'static ModelMeta, alias: usize, beyond: &'a Beyond) {
        let Beyond { terms, values, with_it } = beyond;
        self.push("(");
        if self.capabilities.compares_rows && is_one_row(model, terms, values) {
            self.push("(");
            for (n, term) in terms.iter().enumerate() {
                self.comma(n);
                self.term(model, alias, term);
            }
            self.push(")");
            self.push(operator(terms[0].is_descending(), *with_it));
            self.push("(");
            for (n, (term, value)) in terms.iter().zip(values).enumerate() {
                self.comma(n);
                self.bind(Bind::Value(value, term.of(model).1));
            }
            self.push(")");
        } else {
            self.beyond_by(model, alias, terms, values, *with_it);
        }
        self.push(")");
    }

    /// The same by the first term, and by the others where it is equal. A bound on it alone goes before: by that, an
    /// index finds where to begin.
    fn beyond_by(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        terms: &'a [Order],
        values: &'a [Value<'static>],
        with_it: bool,
    ) {
        let ([term, terms @ ..], [value, values @ ..]) = (terms, values) else { return self.push("TRUE") };
        let (descending, last) = (term.is_descending(), terms.is_empty());
        if matches!(value, Value::Null) {
            // Ascending, whatever has a value comes after what has none; descending, nothing does.
            return match (last, descending) {
                (true, false) if with_it => self.push("TRUE"),
                (true, true) if !with_it => self.push("FALSE"),
                (true, _) => self.null(model, alias, term, !descending),
                (false, _) => {
                    self.null(model, alias, term, !descending);
                    self.push(if descending { " AND (" } else { " OR (" });
                    self.beyond_by(model, alias, terms, values, with_it);
                    self.push(")");
                }
            };
        }
        if last {
            self.compared(model, alias, term, value, with_it);
        } else {
            self.push("(");
            self.compared(model, alias, term, value, true);
            self.push(" AND (");
            self.compared(model, alias, term, value, false);
            self.push(" OR (");
            self.beyond_by(model, alias, terms, values, with_it);
            self.push(")))");
        }
        if descending && term.is_nullable(model) {
            self.push(" OR ");
            self.null(model, alias, term, false);
        }
    }

    fn null(&mut self, model: &'static ModelMeta, alias: usize, term: &'a Order, negated: bool) {
        self.term(model, alias, term);
        self.push(if negated { " IS NOT NULL" } else { " IS NULL" });
    }

    fn compared(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        term: &'a Order,
        value: &'a Value<'static>,
        with_it: bool,
    ) {
        self.term(model, alias, term);
        self.push(operator(term.is_descending(), with_it));
        let property = term.of(model).1;
        let sorted_by = self.sorted_by(property);
        self.push(if sorted_by.is_some() { "LEFT(" } else { "" });
        self.bind(Bind::Value(value, property));
        if let Some(characters) = sorted_by {
            self.write(format_args!(", {characters})"));
        }
    }
}

/// Whether the terms compare as one: the row's own values, never NULL, all in one direction.
fn is_one_row(model: &'static ModelMeta, terms: &[Order], values: &[Value<'static>]) -> bool {
    let first = terms[0].is_descending();
    let is_same = |term: &Order| term.is_own() && !term.is_nullable(model) && term.is_descending() == first;
    terms.len() > 1 && terms.iter().all(is_same) && !values.contains(&Value::Null)
}

fn operator(descending: bool, with_it: bool) -> &'static str {
    let comparison = match (descending, with_it) {
        (false, false) => Comparison::Gt,
        (false, true) => Comparison::Ge,
        (true, false) => Comparison::Lt,
        (true, true) => Comparison::Le,
    };
    comparison.operator()
}
