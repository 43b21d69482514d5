//! Properties that a statement computes from what is stored: `SET q = q + 1`.
//!
//! No value is known before, so the limits of the property stand in the statement: what would leave them refuses the
//! whole of it, on every database. Which property it was is asked only then.

use std::borrow::Cow;

use super::dependents;
use super::expr::Expr;
use super::sql::Sql;
use super::write::{Update, Which};
use crate::default::Moment;
use crate::driver::{Bind, Fault, Session, Wanted};
use crate::json::from_text;
use crate::meta::{Kind, ModelMeta, PropertyMeta};
use crate::value::{Raw, Type as _, Value};
use crate::{Error, Failure, validate};

/// A property, and what becomes of it.
#[derive(Debug, Clone)]
pub(crate) struct Computed {
    property: usize,
    compute: Compute,
    /// The least and the greatest value of the property, as the schema says, and as its type can hold.
    declared: Limits,
    held: Limits,
}

/// What becomes of a property.
#[derive(Debug, Clone)]
pub(crate) enum Compute {
    Add(Value<'static>),
    Subtract(Value<'static>),
    /// The moment of the call.
    Now,
    /// A value beside another one, which is refused.
    Set(Value<'static>),
}

/// The least and the greatest value.
type Limits = [Option<Value<'static>>; 2];

impl Computed {
    pub(crate) fn new(property: usize, compute: Compute) -> Self {
        Self { property, compute, declared: [None, None], held: [None, None] }
    }

    /// What is added or subtracted, and whether it is subtracted.
    fn operand(&self) -> (&Value<'static>, bool) {
        match &self.compute {
            Compute::Add(value) | Compute::Set(value) => (value, false),
            Compute::Subtract(value) => (value, true),
            Compute::Now => (&Value::Null, false),
        }
    }

    fn property(&self, model: &'static ModelMeta) -> &'static PropertyMeta {
        &model.properties[self.property]
    }

    /// Looks up the limits; what the schema says of them was checked when it was compiled.
    fn set_limits(&mut self, property: &PropertyMeta) {
        let declared = |text: Option<&str>| text.and_then(|text| from_text(text, property).ok());
        self.declared = [declared(property.minimum), declared(property.maximum)];
        let [least, most] = held(property);
        let [declared_least, declared_most] = self.declared.clone();
        self.held = [declared_least.or(least), declared_most.or(most)];
    }
}

/// The least and the greatest value of a type; of 64 bits, a column holds no others.
fn held(property: &PropertyMeta) -> Limits {
    match property.kind {
        Kind::Int32 => [Some(Value::Int(i32::MIN.into())), Some(Value::Int(i32::MAX.into()))],
        Kind::Number => [Some(Value::Real(f64::MIN)), Some(Value::Real(f64::MAX))],
        #[cfg(feature = "decimal")]
        Kind::Decimal => {
            let most = 10_i128.pow(u32::from(property.precision.min(28))) - 1;
            let end = |units| crate::value::decimal::from_unscaled(units, property).map(Value::Decimal);
            [end(-most), end(most)]
        }
        _ => [None, None],
    }
}

impl Update {
    /// Whether something of a row is computed.
    pub(super) fn computes(&self) -> bool {
        !self.computed.is_empty()
    }

    /// Puts values where they are known by now, and says what cannot be computed.
    pub(super) fn prepare_computed(&mut self) -> Vec<Failure> {
        let Self { model, values, computed, .. } = self;
        let mut failures = Vec::new();
        let mut moment = Moment::default();
        let mut left: Vec<Computed> = Vec::with_capacity(computed.len());
        for mut one in computed.drain(..) {
            let property = one.property(model);
            let mut fail = |rule: &str| failures.push(Failure::new(property.name, rule));
            if values[one.property] != Value::Unset || left.iter().any(|other| other.property == one.property) {
                fail("is changed twice");
                continue;
            }
            match &mut one.compute {
                Compute::Set(value) => values[one.property] = value.clone(),
                Compute::Now => match moment.value(property) {
                    Ok(now) => values[one.property] = now,
                    Err(reason) => fail(&reason),
                },
                Compute::Add(operand) | Compute::Subtract(operand) => {
                    // Those who follow a key are given its new value.
                    if dependents::follow_change(model, one.property) {
                        fail("is followed by keys of other rows, and is given a value");
                    }
                    validate::operand(property, operand, &mut failures);
                    one.set_limits(property);
                    left.push(one);
                }
            }
        }
        *computed = left;
        failures
    }

    /// The properties that are computed.
    pub(super) fn computed_properties(&self) -> impl Iterator<Item = usize> {
        self.computed.iter().map(|computed| computed.property)
    }

    /// `SET …` of the computed properties, after so many others.
    pub(super) fn set_computed<'a>(&'a self, sql: &mut Sql<'a>, table: &str, others: usize) {
        for (n, computed) in self.computed.iter().enumerate() {
            sql.comma(others + n);
            let column = sql.column_of(table, computed.property(self.model).column);
            sql.push(&column);
            sql.push(" = ");
            let guarded = guarded(sql, self.model, computed, &column);
            sql.push(&guarded);
        }
    }

    /// What a refusal of a number out of range means in the schema's words.
    #[cold]
    pub(super) async fn out_of_range(&self, session: &mut dyn Session, fault: Fault) -> Error {
        let model = self.model;
        let row = match &self.which {
            Which::Key(key) => self.one(key),
            Which::All(condition) => condition.clone(),
        };
        let mut failures = Vec::new();
        for computed in &self.computed {
            if let Some(rule) = Box::pin(broken(session, model, computed, &row)).await {
                failures.push(Failure::new(computed.property(model).name, rule));
            }
        }
        if failures.is_empty() { fault.into() } else { Error::Validation { model: model.name, failures } }
    }
}

/// The sum, by its terms as SQL.
fn sum<'a>(sql: &mut Sql<'a>, model: &'static ModelMeta, computed: &'a Computed, column: &str) -> String {
    let (operand, minus) = computed.operand();
    let property = computed.property(model);
    let arithmetic = sql.capabilities.arithmetic;
    let mark = sql.mark(Bind::Value(operand, property));
    arithmetic.sum(column, &arithmetic.bound(mark, property), minus, property)
}

/// The sum, or what no column can store where that is out of the limits. NULL is within all of them.
fn guarded<'a>(sql: &mut Sql<'a>, model: &'static ModelMeta, computed: &'a Computed, column: &str) -> String {
    let arithmetic = sql.capabilities.arithmetic;
    let property = computed.property(model);
    let [least, most] = if arithmetic.keeps_ranges() { &computed.declared } else { &computed.held };
    let mut broken = Vec::new();
    for (limit, comparison) in [(least, "<"), (most, ">")] {
        let Some(limit) = limit else { continue };
        let sum = sum(sql, model, computed, column);
        let mark = sql.mark(Bind::Value(limit, property));
        broken.push(format!("{sum} {comparison} {}", arithmetic.bound(mark, property)));
    }
    if broken.is_empty() {
        return sum(sql, model, computed, column);
    }
    let (broken, refusal) = (broken.join(" OR "), arithmetic.refusal(column, property));
    let sum = sum(sql, model, computed, column);
    format!("CASE WHEN {broken} THEN {refusal} ELSE {sum} END")
}

/// The rule that a computed value breaks in one of the rows.
async fn broken(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    computed: &Computed,
    rows: &Expr,
) -> Option<String> {
    let property = computed.property(model);
    let mut sql = Sql::new(session.capabilities(), 1);
    let column = sql.column_of("t0.", property.column);
    sql.push("SELECT ");
    let sum = sum(&mut sql, model, computed, &column);
    sql.push(&sum);
    sql.push(" FROM ");
    sql.table(model, 0);
    sql.filter(model, 0, rows);
    let statement = sql.finish();
    let mut found = None;
    let asked = session
        .query(&statement.text, &statement.binds, &mut |cells| {
            found = rule(cells.raw(0), property);
            Ok(if found.is_some() { Wanted::Enough } else { Wanted::More })
        })
        .await;
    match asked {
        Ok(()) => found,
        Err(Fault::Range { .. }) => Some(past(property).into_owned()),
        Err(_) => None,
    }
}

/// The rule that a computed value breaks.
fn rule(raw: Raw<'_>, property: &'static PropertyMeta) -> Option<String> {
    if matches!(raw, Raw::Null) {
        return None;
    }
    let Some(mut value) = decoded(raw, property) else { return Some(past(property).into_owned()) };
    let mut failures = Vec::new();
    validate::one(property, &mut value, &mut failures);
    failures.into_iter().next().map(|failure| failure.rule)
}

/// The number as the property's type; `None` where that does not hold it.
fn decoded(raw: Raw<'_>, property: &'static PropertyMeta) -> Option<Value<'static>> {
    match property.kind {
        Kind::Integer | Kind::Int32 => i64::from_raw(raw, property).ok().map(Value::Int),
        Kind::Number => f64::from_raw(raw, property).ok().map(Value::Real),
        #[cfg(feature = "decimal")]
        Kind::Decimal => rust_decimal::Decimal::from_raw(raw, property).ok().map(Value::Decimal),
        _ => None,
    }
}

/// What is said of a number that the type does not hold.
fn past(property: &PropertyMeta) -> Cow<'static, str> {
    match property.kind {
        Kind::Integer => "is out of the range of 64 bits".into(),
        Kind::Int32 => "is out of the range of 32 bits".into(),
        Kind::Decimal => {
            let (precision, scale) = (property.precision, property.scale);
            format!("has more than {precision} digits, or more than {scale} after the point").into()
        }
        _ => "is not a finite number".into(),
    }
}
