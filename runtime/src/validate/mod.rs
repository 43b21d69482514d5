//! Checks a record against the rules of its model before anything is written, and completes new ones.
//!
//! Every failure of a record is reported at once. A record that is valid costs no allocation. Knows nothing
//! of databases; what it lets through can be stored on each of them.

use crate::default::{self, Moment};
use crate::meta::{Generated, ModelMeta, PropertyMeta};
use crate::value::Value;
use crate::{Error, Failure, Result};

mod rules;

/// Checks the values of a record, one for each property of the model.
///
/// A new record gets its defaults and generated values, those of one `moment`, and must be complete. Of a patch,
/// which comes without, only what is given is checked. Decimals are brought to the property's scale, times cut to
/// microseconds.
///
/// # Errors
/// [`Error::Validation`] with every property that breaks a rule.
pub(crate) fn record(model: &'static ModelMeta, values: &mut [Value<'static>], new: Option<&mut Moment>) -> Result<()> {
    check(model, values, new, |_| true)
}

/// Checks these properties of a record.
///
/// # Errors
/// As [`record`].
pub(crate) fn only(model: &'static ModelMeta, values: &mut [Value<'static>], late: &[usize]) -> Result<()> {
    check(model, values, Some(&mut Moment::default()), |property| late.contains(&property))
}

/// Brings what is added to a property to its scale, and notes what the property's type cannot hold: its limits are
/// those of the sum.
pub(crate) fn operand(property: &'static PropertyMeta, value: &mut Value<'static>, failures: &mut Vec<Failure>) {
    let limitless = PropertyMeta { minimum: None, maximum: None, ..*property };
    rules::check(&limitless, value, &mut |rule| fail(failures, property, rule));
}

/// Notes the rules that a value breaks.
pub(crate) fn one(property: &'static PropertyMeta, value: &mut Value<'static>, failures: &mut Vec<Failure>) {
    rules::check(property, value, &mut |rule| fail(failures, property, rule));
}

/// Failures that are known already, with those of a check.
///
/// # Errors
/// [`Error::Validation`] with all of them.
pub(crate) fn also(model: &'static ModelMeta, mut failures: Vec<Failure>, checked: Result<()>) -> Result<()> {
    match checked {
        Err(Error::Validation { failures: more, .. }) => failures.extend(more),
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    if failures.is_empty() { Ok(()) } else { Err(Error::Validation { model: model.name, failures }) }
}

/// How many failures of a call are told: a list of rows may have any number.
pub(crate) const MOST: usize = 100;

/// Where a row is among those that are given: `[3]`, if they are a list.
pub(crate) fn place(row: usize, listed: bool) -> String {
    if listed { format!("[{row}]") } else { String::new() }
}

fn check(
    model: &'static ModelMeta,
    values: &mut [Value<'static>],
    new: Option<&mut Moment>,
    is_checked: impl Fn(usize) -> bool,
) -> Result<()> {
    let mut failures = Vec::new();
    complete(model, values, is_checked, new, &mut failures);
    if failures.is_empty() { Ok(()) } else { Err(Error::Validation { model: model.name, failures }) }
}

/// As [`record`], of some of the properties, whatever is the matter with others: notes what breaks a rule.
pub(crate) fn complete(
    model: &'static ModelMeta,
    values: &mut [Value<'static>],
    is_checked: impl Fn(usize) -> bool,
    mut new: Option<&mut Moment>,
    failures: &mut Vec<Failure>,
) {
    for (n, (property, value)) in model.properties.iter().zip(values).enumerate() {
        if !is_checked(n) {
            continue;
        }
        if let Value::Unset = value {
            let Some(moment) = new.as_deref_mut() else { continue };
            match default::value(property, moment) {
                Ok(fresh) => *value = fresh,
                Err(reason) => fail(failures, property, reason),
            }
        }
        match value {
            Value::Unset if property.generated == Generated::Database => {}
            Value::Unset => fail(failures, property, "is required"),
            Value::Null if property.required || property.list => fail(failures, property, "must not be null"),
            Value::Null => {}
            value => rules::check(property, value, &mut |rule| fail(failures, property, rule)),
        }
    }
}

#[cold]
fn fail(failures: &mut Vec<Failure>, property: &'static PropertyMeta, rule: impl Into<String>) {
    let rule = rule.into();
    failures.push(match rule.split_once(' ') {
        // A part of the value breaks it, and stands before the rule.
        Some((part, rule)) if part.starts_with(['[', '.']) => {
            Failure { part: part.to_owned(), ..Failure::new(property.name, rule) }
        }
        _ => Failure::new(property.name, rule),
    });
}

#[cfg(test)]
mod tests;
