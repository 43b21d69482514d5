//! What is computed of many rows.

use super::schema::{model, property, select};
use super::*;
use crate::meta::{Dialects, Kind, PropertyMeta};
use crate::query::aggregate::{Aggregate, GroupOrder, Having, Measure, Receiver};

/// Somebody who keeps nothing.
struct Nobody;

impl Receiver for Nobody {
    fn push(&mut self, _: &Cells<'_>) -> crate::Result<()> {
        Ok(())
    }

    fn take(&mut self) -> Box<dyn std::any::Any + Send> {
        Box::new(())
    }
}

static SAMPLE: ModelMeta = model(
    "Sample",
    "samples",
    &[
        property("id", Kind::Uuid, true),
        property("sold", Kind::Boolean, false),
        PropertyMeta { scale: 2, ..property("price", Kind::Decimal, true) },
        property("weight", Kind::Number, false),
        property("pieces", Kind::Integer, true),
    ],
    &[],
    select!("samples"),
);

fn task(keys: &[usize], measures: &[Measure], change: impl FnOnce(&mut Aggregate)) -> Task {
    let mut aggregate = Aggregate {
        node: Node::new(&SAMPLE),
        keys: keys.to_vec(),
        measures: measures.to_vec(),
        having: Having::All,
        order: Vec::new(),
        receiver: Box::new(Nobody),
    };
    change(&mut aggregate);
    Task::Aggregate(Box::new(aggregate))
}

pub(super) fn tasks() -> Asked {
    let [sold, price, weight, pieces] = [1, 2, 3, 4];
    let everything = [
        Measure::Rows,
        Measure::Values { property: weight, distinct: false },
        Measure::Values { property: weight, distinct: true },
        Measure::Sum(price),
        Measure::Sum(pieces),
        Measure::Average(price),
        Measure::Average(pieces),
        Measure::Least(0),
        Measure::Greatest(sold),
        Measure::Greatest(weight),
    ];
    let more = |measure, value| Having::compare(&SAMPLE, measure, Comparison::Gt, value);
    vec![
        ("of all rows", task(&[], &everything, |ask| ask.node.filter(compare(pieces, Comparison::Gt, Value::Int(3))))),
        (
            "of groups that match, the second by their sums",
            task(&[sold, pieces], &[Measure::Rows], |ask| {
                let many = more(Measure::Rows, Value::Int(3)).and(more(Measure::Sum(pieces), Value::Int(9)));
                let heavy = more(Measure::Average(weight), Value::Real(1.5));
                ask.having = many.or(Having::Not(Box::new(heavy)));
                ask.order = vec![
                    GroupOrder::Measure { measure: Measure::Sum(pieces), descending: true },
                    GroupOrder::Key(Order::Property { property: pieces, descending: true }),
                ];
                (ask.node.limit, ask.node.offset) = (Some(1), Some(1));
            }),
        ),
        (
            "different values in their order",
            task(&[weight], &[], |ask| {
                ask.order = vec![GroupOrder::Key(Order::Property { property: weight, descending: false })];
            }),
        ),
    ]
}
