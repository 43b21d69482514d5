//! The rules of one property, each applied to one value.

use std::fmt::Display;

use crate::meta::{Kind, PropertyMeta};
use crate::value::Value;
#[cfg(feature = "chrono")]
use crate::value::time;

/// Where a broken rule is reported, worded to follow the property's name.
type Fail<'f> = &'f mut dyn FnMut(String);

/// Checks a value that is given and not null, and brings it to the form in which it is stored.
pub(super) fn check(property: &PropertyMeta, value: &mut Value<'static>, fail: Fail<'_>) {
    match value {
        Value::Int(number) => integer(property, *number, fail),
        Value::Text(string) => text(property, string, fail),
        Value::Real(number) => real(property, number, fail),
        Value::Bytes(bytes) => length(property, bytes.len(), "byte", fail),
        #[cfg(feature = "decimal")]
        Value::Decimal(number) => decimal(property, number, fail),
        #[cfg(feature = "chrono")]
        Value::Date(date) => {
            year(*date, fail);
            limits(property, date, |text| time::date(text.as_bytes()), fail);
        }
        #[cfg(feature = "chrono")]
        Value::Time(of_day) => {
            *of_day = time::to_micros(*of_day);
            limits(property, of_day, time::given_time, fail);
        }
        #[cfg(feature = "chrono")]
        Value::DateTime(instant) => {
            *instant = instant.date_naive().and_time(time::to_micros(instant.time())).and_utc();
            year(instant.date_naive(), fail);
            limits(property, instant, time::given_datetime, fail);
        }
        #[cfg(feature = "json")]
        Value::Json(json) if tree::is_deeper(json, tree::LEVELS) => {
            fail(format!("is nested deeper than {} levels", tree::LEVELS));
        }
        #[cfg(feature = "json")]
        Value::Json(json) => tree::check(property, json, fail),
        #[cfg(feature = "uuid")]
        Value::Uuid(_) => {}
        Value::Unset | Value::Null | Value::Bool(_) => {}
    }
}

fn integer(property: &PropertyMeta, number: i64, fail: Fail<'_>) {
    if matches!(property.kind, Kind::Int32) && i32::try_from(number).is_err() {
        fail("is out of the range of 32 bits".to_owned());
    }
    limits(property, &number, |text| text.parse().ok(), fail);
}

fn real(property: &PropertyMeta, number: &mut f64, fail: Fail<'_>) {
    // There is one zero: a database may not keep the sign of the other.
    *number += 0.0;
    if number.is_finite() {
        limits(property, number, |text| text.parse().ok(), fail);
    } else {
        fail("is not a finite number".to_owned());
    }
}

fn text(property: &PropertyMeta, string: &str, fail: Fail<'_>) {
    if string.as_bytes().contains(&0) {
        fail("contains a NUL character".to_owned());
    }
    if let Kind::Enum(meta) = property.kind
        && !meta.values.contains(&string)
    {
        fail(format!("is none of {}", meta.values.join(", ")));
    }
    if !property.models.is_empty() && !property.models.contains(&string) {
        fail(format!("names none of {}", property.models.join(", ")));
    }
    // A character has one to four bytes: mostly, the bytes settle it.
    let bytes = string.len() as u64;
    let settled = property.max_length.is_none_or(|most| bytes <= most)
        && property.min_length.is_none_or(|least| bytes / 4 >= least);
    if !settled {
        length(property, string.chars().count(), "character", fail);
    }
    if let Some(expression) = property.pattern {
        pattern(expression, string, fail);
    }
}

fn length(property: &PropertyMeta, length: usize, unit: &str, fail: Fail<'_>) {
    let length = length as u64;
    if let Some(most) = property.max_length.filter(|&most| length > most) {
        fail(if most == 0 { "is not empty".to_owned() } else { format!("is longer than {}", counted(most, unit)) });
    }
    if let Some(least) = property.min_length.filter(|&least| length < least) {
        fail(if least == 1 { "is empty".to_owned() } else { format!("is shorter than {}", counted(least, unit)) });
    }
}

/// `1 character`, `2 characters`.
fn counted(number: u64, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// `minimum` and `maximum`, read and compared as the type itself.
fn limits<T: PartialOrd + Display>(property: &PropertyMeta, value: &T, parse: fn(&str) -> Option<T>, fail: Fail<'_>) {
    let mut limit = |text: Option<&'static str>, broken: fn(&T, &T) -> bool, words: &str| {
        let Some(text) = text else { return };
        match parse(text) {
            Some(limit) if broken(value, &limit) => fail(format!("is {words} {text}")),
            Some(_) => {}
            None => fail(format!("has the limit {text}, which is not of its type")),
        }
    };
    limit(property.minimum, |value, least| value < least, "less than");
    limit(property.maximum, |value, most| value > most, "greater than");
}

#[cfg(feature = "decimal")]
fn decimal(property: &PropertyMeta, number: &mut rust_decimal::Decimal, fail: Fail<'_>) {
    use crate::value::decimal::{from_unscaled, unscaled};

    if let Some(scaled) = unscaled(*number, property).and_then(|unscaled| from_unscaled(unscaled, property)) {
        *number = scaled;
    } else {
        let (precision, scale) = (property.precision, property.scale);
        fail(format!("has more than {precision} digits, or more than {scale} after the point"));
    }
    limits(property, number, |text| text.parse().ok(), fail);
}

#[cfg(feature = "chrono")]
fn year(date: chrono::NaiveDate, fail: Fail<'_>) {
    if !time::in_range(date) {
        fail("is not in the years 0001–9999".to_owned());
    }
}

#[cfg(not(feature = "pattern"))]
fn pattern(expression: &'static str, _: &str, fail: Fail<'_>) {
    fail(format!("has the pattern `{expression}`, which needs the feature `pattern` of `relata`"));
}

#[cfg(feature = "pattern")]
fn pattern(expression: &'static str, string: &str, fail: Fail<'_>) {
    match compiled(expression) {
        Ok(regex) if regex.is_match(string) => {}
        Ok(_) => fail(format!("does not match `{expression}`")),
        Err(_) => fail(format!("has the pattern `{expression}`, which is not a regular expression")),
    }
}

/// A schema's expression, compiled the first time it is needed.
#[cfg(feature = "pattern")]
fn compiled(expression: &'static str) -> Result<regex::Regex, regex::Error> {
    use std::collections::HashMap;
    use std::sync::{PoisonError, RwLock};

    static COMPILED: RwLock<Option<HashMap<&'static str, regex::Regex>>> = RwLock::new(None);

    let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.as_ref().and_then(|known| known.get(expression)) {
        return Ok(regex.clone());
    }
    drop(known);
    let regex = regex::Regex::new(expression)?;
    let mut known = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(expression, regex.clone());
    Ok(regex)
}

/// JSON, lists and embedded values.
#[cfg(feature = "json")]
mod tree {

    use serde::de::DeserializeSeed;
    use serde_json::Value as Tree;

    use super::{Fail, PropertyMeta};
    use crate::json::{self, Given};
    use crate::meta::Kind;

    /// How deep lists and objects may lie in one another: no deeper, or MariaDB takes them for no JSON.
    pub(super) const LEVELS: u32 = 31;

    /// Whether lists and objects lie in one another deeper than that.
    pub(super) fn is_deeper(value: &Tree, levels: u32) -> bool {
        let inner = |value: &Tree| is_deeper(value, levels - 1);
        match value {
            Tree::Array(elements) => levels == 0 || elements.iter().any(inner),
            Tree::Object(members) => levels == 0 || members.values().any(inner),
            Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::String(_) => false,
        }
    }

    pub(super) fn check(property: &PropertyMeta, json: &Tree, fail: Fail<'_>) {
        match json {
            Tree::Array(elements) if property.list => {
                let property = json::element(property);
                for (n, value) in elements.iter().enumerate() {
                    element(&property, value, &mut |rule| fail(within(&format!("[{n}]"), &rule)));
                }
            }
            _ if property.list => fail("is not a list".to_owned()),
            value => element(property, value, fail),
        }
    }

    /// One element of a list, or a value that is JSON itself.
    fn element(property: &PropertyMeta, value: &Tree, fail: Fail<'_>) {
        match (property.kind, value) {
            (Kind::Json, value) => {
                if has_nul(value) {
                    fail("contains a NUL character".to_owned());
                }
            }
            (Kind::Embedded(meta), Tree::Object(members)) => {
                for property in meta.properties {
                    let mut fail = |rule: String| fail(within(&format!(".{}", property.name), &rule));
                    match members.get(property.name) {
                        None | Some(Tree::Null) if property.required || property.list => fail("is missing".to_owned()),
                        None | Some(Tree::Null) => {}
                        Some(value) if property.list => check(property, value, &mut fail),
                        Some(value) => element(property, value, &mut fail),
                    }
                }
            }
            (Kind::String | Kind::Text | Kind::Enum(_), Tree::String(string)) => super::text(property, string, fail),
            (_, value) => match Given(property).deserialize(value) {
                Ok(mut value) => super::check(property, &mut value, fail),
                Err(_) => fail("is not of its type".to_owned()),
            },
        }
    }

    /// A rule that a part of the value breaks: `[1].street is empty`.
    fn within(part: &str, rule: &str) -> String {
        let blank = if rule.starts_with(['[', '.']) { "" } else { " " };
        format!("{part}{blank}{rule}")
    }

    fn has_nul(value: &Tree) -> bool {
        match value {
            Tree::String(string) => string.contains('\0'),
            Tree::Array(elements) => elements.iter().any(has_nul),
            Tree::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
            Tree::Null | Tree::Bool(_) | Tree::Number(_) => false,
        }
    }
}
