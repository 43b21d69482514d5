//! Checks a record against the rules of its model before anything is written, and completes new ones.
//!
//! Every failure of a record is reported at once. A record that is valid costs no allocation. Knows nothing
//! of databases; what it lets through can be stored on each of them.

use crate::default;
use crate::meta::{Generated, ModelMeta, PropertyMeta};
use crate::value::Value;
use crate::{Error, Failure, Result};

mod rules;

/// Checks the values of a record, one for each property of the model.
///
/// A new record gets its defaults and generated values, and must be complete. Of a patch, only what is given
/// is checked. Decimals are brought to the property's scale, times cut to microseconds.
///
/// # Errors
/// [`Error::Validation`] with every property that breaks a rule.
pub(crate) fn record(model: &'static ModelMeta, values: &mut [Value<'static>], new: bool) -> Result<()> {
    let mut failures = Vec::new();
    for (property, value) in model.properties.iter().zip(values) {
        if let Value::Unset = value {
            if !new {
                continue;
            }
            match default::value(property) {
                Ok(fresh) => *value = fresh,
                Err(reason) => fail(&mut failures, property, reason),
            }
        }
        match value {
            Value::Unset if property.generated == Generated::Database => {}
            Value::Unset => fail(&mut failures, property, "is required"),
            Value::Null if property.required || property.list => fail(&mut failures, property, "must not be null"),
            Value::Null => {}
            value => rules::check(property, value, &mut |rule| fail(&mut failures, property, rule)),
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Error::Validation { model: model.name, failures }) }
}

#[cold]
fn fail(failures: &mut Vec<Failure>, property: &'static PropertyMeta, rule: impl Into<String>) {
    failures.push(Failure { property: property.name, rule: rule.into() });
}

#[cfg(test)]
mod tests;
