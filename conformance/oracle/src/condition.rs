//! Conditions made at random, over properties, embedded values and related rows.

use fastrand::Rng;
use serde_json::{Value as Json, json};

use crate::schema::{Cardinality, Model, Schema, Type};

/// A condition on rows of one model, or on embedded values.
#[derive(Debug)]
pub enum Condition {
    /// A property beside a value.
    Compare(String, Comparison, Json),
    /// A property among values, or not.
    In(String, Vec<Json>, bool),
    /// Text that begins with a text, taken literally.
    StartsWith(String, String),
    /// Null; with `true`, not null.
    Null(String, bool),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// One or both.
    Or(Box<Condition>, Box<Condition>),
    /// The negation; of what is neither, neither.
    Not(Box<Condition>),
    /// Rows of the relation at that position, of the target at that one.
    Related(usize, usize, Quantifier, Box<Condition>),
    /// How many rows the relation at that position has.
    Count(usize, Comparison, u64),
    /// An embedded value matches.
    Value(String, Box<Condition>),
    /// Embedded values match.
    Values(String, Quantifier, Box<Condition>),
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// How many must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Quantifier {
    Any,
    None,
    All,
}

const COMPARISONS: &[Comparison] =
    &[Comparison::Eq, Comparison::Ne, Comparison::Gt, Comparison::Ge, Comparison::Lt, Comparison::Le];
const QUANTIFIERS: &[Quantifier] = &[Quantifier::Any, Quantifier::None, Quantifier::All];

/// Texts that are told apart by case, blanks and accents, or mean something in a pattern.
pub(crate) const TEXTS: &[&str] = &["", "a", "A", "ab", "b", "b ", "é", "%", "_a"];

/// One of these.
pub(crate) fn pick<'t, T>(rng: &mut Rng, from: &'t [T]) -> &'t T {
    &from[rng.usize(0..from.len())]
}

/// A value of that type that rows may have.
pub(crate) fn value(rng: &mut Rng, ty: Type) -> Json {
    match ty {
        Type::Integer => json!(rng.i64(-2..=3)),
        Type::Text => json!(pick(rng, TEXTS)),
        Type::Flag => json!(rng.bool()),
        Type::Point => point(rng),
        Type::Points => (0..rng.usize(0..3)).map(|_| point(rng)).collect(),
    }
}

fn point(rng: &mut Rng) -> Json {
    let s = if rng.bool() { json!(pick(rng, TEXTS)) } else { Json::Null };
    json!({ "x": rng.i64(-2..=3), "s": s })
}

/// A condition on rows of that model, nested so deep at most.
pub(crate) fn condition(rng: &mut Rng, schema: &Schema, model: usize, depth: usize) -> Condition {
    let of = schema.model(model);
    match rng.u8(0..12) {
        0 | 1 if depth > 0 => {
            let both = [0, 1].map(|_| Box::new(condition(rng, schema, model, depth - 1)));
            let [first, second] = both;
            if rng.bool() { Condition::And(first, second) } else { Condition::Or(first, second) }
        }
        2 if depth > 0 => Condition::Not(Box::new(condition(rng, schema, model, depth - 1))),
        3..=7 if depth > 0 && !of.relations.is_empty() => related(rng, schema, of, depth),
        _ => on_property(rng, of, depth),
    }
}

fn related(rng: &mut Rng, schema: &Schema, model: &Model, depth: usize) -> Condition {
    let at = rng.usize(0..model.relations.len());
    let relation = &model.relations[at];
    let many = relation.cardinality == Cardinality::Many;
    if many && rng.u8(0..4) == 0 {
        return Condition::Count(at, *pick(rng, COMPARISONS), rng.u64(0..3));
    }
    let arm = rng.usize(0..relation.targets.len());
    let quantifier = if many { *pick(rng, QUANTIFIERS) } else { Quantifier::Any };
    Condition::Related(at, arm, quantifier, Box::new(condition(rng, schema, relation.targets[arm], depth - 1)))
}

fn on_property(rng: &mut Rng, model: &Model, depth: usize) -> Condition {
    let property = pick(rng, &model.properties);
    let name = property.name.clone();
    match property.ty {
        Type::Point if depth > 0 && rng.bool() => Condition::Value(name, Box::new(on_point(rng))),
        Type::Point => Condition::Null(name, rng.bool()),
        Type::Points => Condition::Values(name, *pick(rng, QUANTIFIERS), Box::new(on_point(rng))),
        ty => on_value(rng, name, ty),
    }
}

fn on_point(rng: &mut Rng) -> Condition {
    match rng.u8(0..4) {
        0 => Condition::And(Box::new(on_x(rng)), Box::new(on_value(rng, "s".to_owned(), Type::Text))),
        1 => on_value(rng, "s".to_owned(), Type::Text),
        2 => Condition::Not(Box::new(on_value(rng, "s".to_owned(), Type::Text))),
        _ => on_x(rng),
    }
}

fn on_x(rng: &mut Rng) -> Condition {
    on_value(rng, "x".to_owned(), Type::Integer)
}

fn on_value(rng: &mut Rng, name: String, ty: Type) -> Condition {
    match rng.u8(0..6) {
        0 => Condition::Null(name, rng.bool()),
        1 => {
            let values = (0..rng.usize(0..3)).map(|_| value(rng, ty)).collect();
            Condition::In(name, values, rng.bool())
        }
        2 if ty == Type::Text => Condition::StartsWith(name, (*pick(rng, TEXTS)).to_owned()),
        _ => {
            let comparison = if ty == Type::Flag { *pick(rng, &COMPARISONS[..2]) } else { *pick(rng, COMPARISONS) };
            Condition::Compare(name, comparison, value(rng, ty))
        }
    }
}
