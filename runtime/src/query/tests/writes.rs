//! What is written by keys and by what is stored: upserts, and properties that are computed.

use super::super::write::{Update, Which};
use super::read::is_bob;
use super::schema::{Anything, BOARD, SCHEMA, SHIFT, property};
use super::*;
use crate::key::KeyValues;
use crate::meta::{Dialects, Generated, Kind, ModelSql, PropertyMeta, UniqueMeta};
use crate::query::computing::{Compute, Computed};
use crate::query::upsert::{Given, Upsert};

/// Numbered by the database, with a version, and deleted softly.
static LABEL: ModelMeta = ModelMeta {
    name: "Label",
    table: "labels",
    qualified: Some(("store", "labels")),
    datasource: 0,
    properties: &[
        PropertyMeta { generated: Generated::Database, ..property("id", Kind::Integer, true) },
        property("text", Kind::String, true),
        PropertyMeta { minimum: Some("0"), maximum: Some("9"), ..property("stock", Kind::Integer, false) },
        PropertyMeta { precision: 6, scale: 2, ..property("price", Kind::Decimal, false) },
        PropertyMeta { precision: 28, scale: 2, ..property("worth", Kind::Decimal, false) },
        PropertyMeta { maximum: Some("1.5"), ..property("ratio", Kind::Number, false) },
        property("count", Kind::Int32, false),
        PropertyMeta { generated: Generated::Version, ..property("version", Kind::Integer, true) },
        property("deleted_at", Kind::DateTime, false),
    ],
    key: &[0],
    key_name: "labels_pkey",
    version: Some(7),
    soft_delete: Some(8),
    relations: &[],
    uniques: &[UniqueMeta { name: "labels_text_key", properties: &[1], live: true }],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql {
        select: Dialects::same("SELECT … FROM labels AS t0"),
        select_by_key: Dialects::same("SELECT … FROM labels AS t0 WHERE id = …"),
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

fn upsert(model: &'static ModelMeta, by: Option<usize>, rows: Vec<Given>) -> Task {
    let mut task = Task::Upsert(Upsert::new(&SCHEMA, model, by, rows, true));
    task.prepare().expect("such rows are allowed");
    task
}

/// A row of labels with that text, and what else is given.
fn labelled(text: &'static str, others: &[(usize, i64)]) -> Given {
    let mut values = vec![Value::Unset; LABEL.properties.len()];
    values[1] = Value::Text(text.into());
    for (property, value) in others {
        values[*property] = Value::Int(*value);
    }
    Given::new(values)
}

fn whole(text: &'static str) -> Given {
    Given::whole(&LABEL, |property| match property {
        0 | 7 => Value::Int(7),
        1 => Value::Text(text.into()),
        _ => Value::Null,
    })
}

fn compute(which: Which, computed: Vec<Computed>) -> Task {
    let mut values = vec![Value::Unset; LABEL.properties.len()];
    values[1] = text("a");
    let mut task = Task::Update(Update { schema: &SCHEMA, model: &LABEL, which, values, computed, through: None });
    task.prepare().expect("such a change is allowed");
    task
}

pub(super) fn tasks() -> Asked {
    let decimal = |units| Value::Decimal(rust_decimal::Decimal::new(units, 2));
    let shift = |id: i64| {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("it is a day");
        Given::new(vec![Value::Int(id), Value::Date(day)])
    };
    let all = vec![
        Computed::new(2, Compute::Add(Value::Int(1))),
        Computed::new(3, Compute::Subtract(decimal(150))),
        Computed::new(4, Compute::Add(decimal(1))),
        Computed::new(5, Compute::Subtract(Value::Real(0.5))),
        Computed::new(6, Compute::Add(Value::Int(1))),
    ];
    let one = || vec![Computed::new(2, Compute::Add(Value::Int(1)))];
    vec![
        ("store or change a row, by its id", upsert(&LABEL, None, vec![whole("a")])),
        (
            "store or change a row, by a unique key of live rows",
            upsert(&LABEL, Some(0), vec![labelled("a", &[(2, 3)])]),
        ),
        (
            "store or change many, of which some give more",
            upsert(&LABEL, Some(0), vec![labelled("a", &[]), labelled("b", &[]), labelled("c", &[(2, 3), (6, 4)])]),
        ),
        ("store what is nothing but its key", upsert(&SHIFT, None, vec![shift(1), shift(2)])),
        (
            "store or change a row whose key others follow",
            upsert(&BOARD, None, vec![Given::new(vec![Value::Int(1), text("b")])]),
        ),
        ("compute of one row", compute(Which::Key(KeyValues::many(vec![Value::Int(7)])), one())),
        ("compute numbers of every type", compute(Which::All(is_bob()), all)),
    ]
}
