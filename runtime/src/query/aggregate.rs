//! Values computed of many rows: of all that match, or of each group of rows that have the same keys.

use std::any::Any;
use std::fmt;

use super::count::NUMBER;
use super::expr::{Comparison, Order};
use super::node::Node;
use super::sql::{Sql, Statement};
use crate::driver::Wanted::More;
use crate::driver::{Bind, Capabilities, Fault, Session};
use crate::meta::{Kind, ModelMeta, PropertyMeta};
use crate::row::Cells;
use crate::value::Value;
use crate::value::fit::{Fit, fit};
use crate::{Error, Failure, Result};

/// A value that is computed of a group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// How many rows there are.
    Rows,
    /// How many of them have a value, or how many different ones they have.
    Values {
        property: usize,
        distinct: bool,
    },
    Sum(usize),
    Average(usize),
    Least(usize),
    Greatest(usize),
}

/// What is asked of groups, and who receives the answers.
#[derive(Debug)]
pub(crate) struct Aggregate {
    /// The rows; limit and offset are those of the groups.
    pub(crate) node: Node,
    /// What the rows of a group have in common. Without keys, all rows are one group.
    pub(crate) keys: Vec<usize>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) having: Having,
    pub(crate) order: Vec<GroupOrder>,
    pub(crate) receiver: Box<dyn Receiver>,
}

/// Keeps what is computed, in types that nobody here knows.
pub(crate) trait Receiver: Send + Sync {
    /// Takes one group: its keys, then its measures.
    fn push(&mut self, cells: &Cells<'_>) -> Result<()>;

    /// What was taken, for the downcast; nothing is left.
    fn take(&mut self) -> Box<dyn Any + Send>;
}

impl fmt::Debug for dyn Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receiver")
    }
}

/// A condition on groups.
#[derive(Debug, Clone)]
pub(crate) enum Having {
    All,
    Compare { measure: Measure, comparison: Comparison, value: Value<'static>, property: &'static PropertyMeta },
    And(Vec<Having>),
    Or(Vec<Having>),
    Not(Box<Having>),
}

/// One term of an order of groups.
#[derive(Debug, Clone)]
pub(crate) enum GroupOrder {
    /// By a key, or what is none: that is refused before a statement runs.
    Key(Order),
    Measure {
        measure: Measure,
        descending: bool,
    },
}

/// How a database computes what not all of them do alike. `column` is an expression of SQL.
pub(crate) trait Aggregates: fmt::Debug + Sync {
    /// The exact sum; of integers too large for one, if it can tell.
    fn sum(&self, column: &str, _: &PropertyMeta) -> String {
        format!("SUM({column})")
    }

    /// What the sum of a property is compared with, from a mark.
    fn of_sum(&self, mark: &str, _: &PropertyMeta) -> String {
        mark.to_owned()
    }

    /// The average as a number of double precision: the sum, rounded once, by the number of values.
    fn average(&self, column: &str) -> String;

    /// The least value, or the greatest.
    fn extreme(&self, column: &str, _: &PropertyMeta, greatest: bool) -> String {
        format!("{}({column})", if greatest { "MAX" } else { "MIN" })
    }
}

/// A number of double precision.
static REAL: PropertyMeta = PropertyMeta { name: "average", kind: Kind::Number, required: true, ..PropertyMeta::EMPTY };

/// The sums of decimals, by their scale: as many digits as a decimal has anywhere.
static SUMS: [PropertyMeta; 29] = {
    let mut sums = [PropertyMeta { name: "sum", kind: Kind::Decimal, precision: DIGITS, ..PropertyMeta::EMPTY }; 29];
    let mut scale: u8 = 0;
    while scale <= DIGITS {
        sums[scale as usize].scale = scale;
        scale += 1;
    }
    sums
};

/// The most digits of a decimal.
pub(crate) const DIGITS: u8 = 28;

/// What the sum of that property is.
pub(crate) fn of_sum(property: &PropertyMeta) -> &'static PropertyMeta {
    match property.kind {
        Kind::Decimal => &SUMS[usize::from(property.scale.min(DIGITS))],
        Kind::Number => &REAL,
        _ => &NUMBER,
    }
}

impl Measure {
    /// What it is a value of.
    fn property(self, model: &'static ModelMeta) -> &'static PropertyMeta {
        match self {
            Self::Rows | Self::Values { .. } => &NUMBER,
            Self::Sum(property) => of_sum(&model.properties[property]),
            Self::Average(_) => &REAL,
            Self::Least(property) | Self::Greatest(property) => &model.properties[property],
        }
    }

    /// How many columns it takes. The average of decimals is their sum by their number, divided where all digits are
    /// kept: databases differ in how many they keep.
    pub(crate) fn columns(self, model: &ModelMeta) -> usize {
        match self {
            Self::Average(property) if matches!(model.properties[property].kind, Kind::Decimal) => 2,
            _ => 1,
        }
    }

    /// Whether there may be no value, as of the greatest of no rows.
    fn is_nullable(self) -> bool {
        !matches!(self, Self::Rows | Self::Values { .. })
    }
}

impl Having {
    /// A comparison with any value of the measure's type, also one that no value of it can be.
    pub(crate) fn compare(
        model: &'static ModelMeta,
        measure: Measure,
        comparison: Comparison,
        value: Value<'static>,
    ) -> Self {
        let property = measure.property(model);
        let than = |comparison, value| Self::Compare { measure, comparison, value, property };
        let (above, below, limit) = match fit(&value, property) {
            Fit::Stored => return than(comparison, value),
            Fit::After(limit) => (Comparison::Gt, Comparison::Le, limit),
            Fit::BeforeAll(limit) => (Comparison::Ge, Comparison::Lt, limit),
        };
        match comparison {
            Comparison::Gt | Comparison::Ge => than(above, limit),
            Comparison::Lt | Comparison::Le => than(below, limit),
            Comparison::Eq => than(above, limit.clone()).and(than(below, limit)),
            Comparison::Ne => than(above, limit.clone()).or(than(below, limit)),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, having) | (having, Self::All) => having,
            (first, second) => Self::And(vec![first, second]),
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (first, second) => Self::Or(vec![first, second]),
        }
    }
}

impl Aggregate {
    /// Refuses an order by what groups do not have.
    ///
    /// # Errors
    /// `validation`.
    pub(crate) fn prepare(&self) -> Result<()> {
        let model = self.node.model;
        let mut failures = Vec::new();
        for term in &self.order {
            let GroupOrder::Key(order) = term else { continue };
            let property = match order {
                Order::Property { property, .. } if self.keys.contains(property) => continue,
                Order::Property { property, .. } => model.properties[*property].name,
                Order::Count { count, .. } => count.relation.name,
                Order::Related { relation, .. } => relation.name,
            };
            let rule = "is none of the keys that the rows are grouped by: order by one of them, or by what is computed";
            failures.push(Failure::new(property, rule));
        }
        if failures.is_empty() { Ok(()) } else { Err(Error::Validation { model: model.name, failures }) }
    }

    /// The properties that are summed up.
    fn summed(&self) -> String {
        let summed = self.measures.iter().filter_map(|measure| match measure {
            Measure::Sum(property) | Measure::Average(property) => Some(self.node.model.properties[*property].name),
            _ => None,
        });
        let mut summed: Vec<_> = summed.collect();
        summed.dedup();
        summed.join(",")
    }
}

/// The values of every group, or of the only one.
pub(crate) async fn aggregate(session: &mut dyn Session, aggregate: &mut Aggregate) -> Result<Box<dyn Any + Send>> {
    let mut receiver = std::mem::replace(&mut aggregate.receiver, Box::new(Nobody));
    let statement = statement(session.capabilities(), aggregate);
    let asked =
        session.query(&statement.text, &statement.binds, &mut |cells| receiver.push(&cells).map(|()| More)).await;
    // Emptied, and there again for another run where this one came to no end.
    let taken = receiver.take();
    drop(statement);
    aggregate.receiver = receiver;
    match asked {
        Ok(()) => Ok(taken),
        Err(Fault::Range { .. }) => {
            Err(Error::Overflow { model: aggregate.node.model.name, property: aggregate.summed() })
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Stands where a receiver was.
struct Nobody;

impl Receiver for Nobody {
    fn push(&mut self, _: &Cells<'_>) -> Result<()> {
        Ok(())
    }

    fn take(&mut self) -> Box<dyn Any + Send> {
        Box::new(())
    }
}

pub(crate) fn statement<'a>(capabilities: &'static Capabilities, aggregate: &'a Aggregate) -> Statement<'a> {
    let Aggregate { node, keys, measures, having, order, .. } = aggregate;
    let model = node.model;
    let mut sql = Sql::new(capabilities, 1);
    sql.push("SELECT ");
    sql.properties(model, 0, keys);
    for (n, &measure) in measures.iter().enumerate() {
        sql.comma(keys.len() + n);
        if measure.columns(model) == 2
            && let Measure::Average(property) = measure
        {
            sql.measure(model, Measure::Sum(property));
            sql.push(", ");
            sql.measure(model, Measure::Values { property, distinct: false });
        } else {
            sql.measure(model, measure);
        }
    }
    sql.push(" FROM ");
    sql.table(model, 0);
    sql.filter(model, 0, &node.condition);
    if !keys.is_empty() {
        sql.push(" GROUP BY ");
        sql.properties(model, 0, keys);
    }
    if !matches!(having, Having::All) {
        sql.push(" HAVING ");
        sql.having(model, having);
    }
    sql.groups_in_order(model, keys, order, node.is_cut());
    sql.cut(node.limit, node.offset);
    sql.finish()
}

impl<'a> Sql<'a> {
    fn measure(&mut self, model: &'static ModelMeta, measure: Measure) {
        let aggregates = self.capabilities.aggregates;
        let text = match measure {
            Measure::Rows => "COUNT(*)".to_owned(),
            Measure::Values { property, distinct } => {
                let distinct = if distinct { "DISTINCT " } else { "" };
                format!("COUNT({distinct}{})", self.text_of(model, property))
            }
            Measure::Sum(property) => aggregates.sum(&self.text_of(model, property), &model.properties[property]),
            Measure::Average(property) => aggregates.average(&self.text_of(model, property)),
            Measure::Least(property) | Measure::Greatest(property) => {
                let greatest = matches!(measure, Measure::Greatest(_));
                aggregates.extreme(&self.text_of(model, property), &model.properties[property], greatest)
            }
        };
        self.push(&text);
    }

    /// The column by itself.
    fn text_of(&mut self, model: &ModelMeta, property: usize) -> String {
        let end = self.text.len();
        self.column(model, 0, property);
        self.text.split_off(end)
    }

    fn having(&mut self, model: &'static ModelMeta, having: &'a Having) {
        match having {
            Having::All => self.push("TRUE"),
            Having::Compare { measure, comparison, value, property } => {
                self.measure(model, *measure);
                self.push(comparison.operator());
                let end = self.text.len();
                self.bind(Bind::Value(value, property));
                if let Measure::Sum(summed) = measure {
                    let mark = self.text.split_off(end);
                    self.push(&self.capabilities.aggregates.of_sum(&mark, &model.properties[*summed]));
                }
            }
            Having::And(all) => self.groups(model, all, " AND "),
            Having::Or(any) => self.groups(model, any, " OR "),
            Having::Not(inner) => {
                self.push("NOT (");
                self.having(model, inner);
                self.push(")");
            }
        }
    }

    fn groups(&mut self, model: &'static ModelMeta, parts: &'a [Having], word: &str) {
        self.push("(");
        for (n, part) in parts.iter().enumerate() {
            if n > 0 {
                self.push(word);
            }
            self.having(model, part);
        }
        self.push(")");
    }

    /// ` ORDER BY …`; where groups are cut, by every key at last, so that their order is total.
    fn groups_in_order(&mut self, model: &'static ModelMeta, keys: &[usize], order: &'a [GroupOrder], cut: bool) {
        let mut word = " ORDER BY ";
        for term in order {
            self.push(word);
            word = ", ";
            match term {
                GroupOrder::Key(order) => self.order_term(model, 0, order),
                GroupOrder::Measure { measure, descending } => {
                    self.measure(model, *measure);
                    self.direction(*descending, measure.is_nullable());
                }
            }
        }
        let is_key = |key: usize| move |term: &GroupOrder| matches!(term, GroupOrder::Key(order) if order.is_by(key));
        for &key in keys.iter().filter(|&&key| cut && !order.iter().any(is_key(key))) {
            self.push(word);
            word = ", ";
            self.column(model, 0, key);
            self.direction(false, !model.properties[key].required);
        }
    }
}
