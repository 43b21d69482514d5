//! Properties one by one: what their keys say fits their type.

use super::patterns::{Patterns, Refusal};
use super::refused::is_refused;
use super::view::{ModelView, PropertyView};
use crate::ast::Name;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::graph::{Default, Literal, Origin, Property, Scalar, is_decimal, whole};
use crate::patch::Value;
use crate::source::{Span, Spanned};

/// Digits that a decimal has at most.
const MAX_PRECISION: u64 = 28;

/// Part of a primary key is never absent.
pub(super) fn identity_is_required(property: PropertyView<'_>, findings: &mut Diagnostics) {
    if let Some(written) = property.decl.required.as_ref().filter(|required| property.data.id && !required.value) {
        findings.push(
            Diagnostic::new(
                &codes::INVALID_ID,
                format!("`{}` is part of the primary key and cannot be optional", property.data.name),
            )
            .primary(written.span, "an identity is always there")
            .fix_if(property.remove_key("required", true)),
        );
    }
}

/// The database counts the only id of a table; the library makes uuids; nothing else is generated.
pub(super) fn generated_values_can_be_generated(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let Some(written) = property.decl.generated.as_ref().filter(|generated| generated.value) else { return };
    // A `number` that is to be an `integer` can be generated then.
    if is_refused(property.data) {
        return;
    }
    let refuse = |reason: String| {
        Diagnostic::new(&codes::INVALID_GENERATED, format!("`{}` cannot be generated", property.data.name))
            .primary(written.span, reason)
    };
    let finding = match property.data.ty.scalar {
        _ if property.data.ty.list => refuse("a list cannot be generated".into()),
        Scalar::Integer | Scalar::Int32 if !property.data.id => {
            refuse("the database generates primary keys only".into())
                .note("a number that is raised by every update is `version: true`")
        }
        Scalar::Integer | Scalar::Int32 if property.model.data.key.len() > 1 => {
            refuse(format!("the primary key has {} properties", property.model.data.key.len()))
                .note("the database generates a number only where it is the whole key")
        }
        Scalar::Integer | Scalar::Int32 | Scalar::Uuid => match &property.decl.default {
            Some(default) => refuse("it is generated".into())
                .label(default.span, "and has a default; one of the two is never used")
                .fix_if(property.remove_key("default", false)),
            None => return,
        },
        _ => refuse("only `integer`, `int32` and `uuid` can be generated".into()),
    };
    findings.push(finding.fix_if(property.remove_key("generated", false)));
}

/// A key that the database counts stays the whole key of every heir.
pub(super) fn inherited_counters_stay_whole(model: ModelView<'_>, findings: &mut Diagnostics) {
    let inherited = model.data.properties.iter().find(|property| {
        let counted = matches!(property.ty.scalar, Scalar::Integer | Scalar::Int32);
        property.generated && counted && property.id && property.origin != Origin::Declared
    });
    let own = model.own_properties().find(|property| property.data.id);
    let (Some(inherited), Some(own)) = (inherited, own) else { return };
    findings.push(
        Diagnostic::new(&codes::INVALID_GENERATED, format!("`{}` cannot be generated", inherited.name))
            .primary(own.data.span, format!("`{}` adds this to the primary key", model.name()))
            .label(inherited.span, "inherited, and generated")
            .note("the database generates a number only where it is the whole key"),
    );
}

/// A version is a number that the library counts.
pub(super) fn version_is_a_counter(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let Some(written) = property.decl.version.as_ref().filter(|version| version.value) else { return };
    let refuse = |place: Span, reason: &str| {
        Diagnostic::new(&codes::INVALID_VERSION, format!("`{}` cannot be the version", property.data.name))
            .primary(place, reason)
    };
    let decl = property.decl;
    let integer = matches!(property.data.ty.scalar, Scalar::Integer | Scalar::Int32) && !property.data.ty.list;
    let finding = if !integer {
        let patches = property.model.book.patches;
        let edit = decl
            .ty
            .as_ref()
            .filter(|_| !property.data.ty.list)
            .and_then(|ty| patches.replace(ty.span, &Value::word("integer")));
        refuse(decl.ty.as_ref().map_or(written.span, |ty| ty.span), "a version is an `integer`")
            .fix_if(patches.likely("write `integer`", [edit]))
    } else if property.data.id {
        refuse(written.span, "an identity does not change").fix_if(property.remove_key("version", false))
    } else if let Some(default) = &decl.default {
        refuse(default.span, "the library starts it at 1").fix_if(property.remove_key("default", true))
    } else if let Some(required) = decl.required.as_ref().filter(|required| !required.value) {
        refuse(required.span, "a version is always there").fix_if(property.remove_key("required", true))
    } else {
        return;
    };
    findings.push(finding);
}

/// Two versions would have to be raised together.
pub(super) fn one_version_at_most(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut versions = model.data.properties.iter().filter(|property| property.version);
    if let (Some(first), Some(second)) = (versions.next(), versions.next()) {
        let patches = model.book.patches;
        let place = patches.below(second.span).and_then(|place| place.remove("version"));
        let edit = patches.likely(format!("let `{}` be none", second.name), [place]);
        findings.push(
            Diagnostic::new(&codes::INVALID_VERSION, format!("`{}` has two versions", model.name()))
                .primary(second.span, "this is the second")
                .label(first.span, "this is the first")
                .fix_if(edit),
        );
    }
}

/// Lengths are counted in characters of strings.
pub(super) fn lengths_belong_to_strings(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let decl = property.decl;
    let is_text = matches!(property.data.ty.scalar, Scalar::String | Scalar::Text);
    if !is_text {
        for (written, key) in [(&decl.min_length, "minLength"), (&decl.max_length, "maxLength")] {
            if let Some(written) = written {
                findings.push(
                    refuse(property, key, written.span, "only `string` and `text` have a length")
                        .fix_if(property.remove_key(key, false)),
                );
            }
        }
        return;
    }
    if let Some(max) = decl.max_length.as_ref().filter(|max| max.value == 0 || max.value > u64::from(u32::MAX)) {
        let reason = if max.value == 0 { "nothing would fit" } else { "longer than any database can store" };
        findings.push(refuse(property, "maxLength", max.span, reason));
        return;
    }
    if let (Some(min), Some(max)) = (&decl.min_length, property.data.max_length)
        && min.value > max
    {
        let finding =
            refuse(property, "minLength", min.span, &format!("longer than the {max} characters allowed at most"));
        findings.push(match &decl.max_length {
            Some(max) => finding.label(max.span, "the most is given here"),
            None => finding.note("a `string` has `maxLength: 255` where it is silent"),
        });
    }
}

/// A pattern is a regular expression for text.
pub(super) fn pattern_compiles(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let Some(pattern) = &property.decl.pattern else { return };
    if !matches!(property.data.ty.scalar, Scalar::String | Scalar::Text) {
        findings.push(
            refuse(property, "pattern", pattern.span, "only `string` and `text` have a pattern")
                .fix_if(property.remove_key("pattern", false)),
        );
        return;
    }
    let finding = match property.model.book.patterns.compiled(&pattern.value) {
        Ok(_) | Err(Refusal::Later) => return,
        Err(Refusal::Wrong(reason)) => refuse(property, "pattern", pattern.span, &reason)
            .note("patterns are written in the syntax of the `regex` crate"),
        Err(Refusal::First) => {
            refuse(property, "pattern", pattern.span, "with this, the patterns of the schema are too large together")
                .note("in a pattern, `{n}` repeats what is before it n times; `minLength` and `maxLength` cost nothing")
        }
    };
    findings.push(finding);
}

/// Bounds are numbers of the property's own type, the lower one below the upper one.
pub(super) fn bounds_belong_to_numbers(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let decl = property.decl;
    let mut all_fit = true;
    for (written, key) in [(&decl.minimum, "minimum"), (&decl.maximum, "maximum")] {
        if let Some(written) = written
            && let Err(reason) = bound_fits(property, written)
        {
            all_fit = false;
            findings.push(refuse(property, key, written.span, &reason));
        }
    }
    if let (true, Some(minimum), Some(maximum)) = (all_fit, &decl.minimum, &decl.maximum)
        && less(&maximum.value, &minimum.value)
    {
        findings.push(
            refuse(property, "minimum", minimum.span, "above the maximum")
                .label(maximum.span, "the maximum is given here"),
        );
    }
}

fn bound_fits(property: PropertyView<'_>, written: &Name) -> Result<(), String> {
    let text = written.value.as_str();
    let (fits, expected) = match property.data.ty.scalar {
        Scalar::Integer => (whole(text) && text.parse::<i64>().is_ok(), "a whole number"),
        Scalar::Int32 => (whole(text) && text.parse::<i32>().is_ok(), "a whole number of 32 bits"),
        Scalar::Number => (text.parse().is_ok_and(f64::is_finite), "a finite number"),
        Scalar::Decimal => {
            (is_decimal(text, property.data.precision, property.data.scale), "a decimal that the property can hold")
        }
        _ => return Err("only numbers have bounds".into()),
    };
    if fits { Ok(()) } else { Err(format!("expected {expected}")) }
}

/// Compares two numbers in decimal notation without rounding either; exponents fall back to floats.
fn less(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    if !plain(a) || !plain(b) {
        return a.parse::<f64>().ok() < b.parse::<f64>().ok();
    }
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (Some(a), Some(b)) => magnitude(b) < magnitude(a),
        (Some(a), None) => magnitude(a) != magnitude("0") || magnitude(b) != magnitude("0"),
        (None, Some(_)) => false,
        (None, None) => magnitude(a) < magnitude(b),
    }
}

/// A number without its sign as something that compares like it.
fn magnitude(text: &str) -> (usize, &str, &str) {
    let (integral, fraction) = text.split_once('.').unwrap_or((text, ""));
    let integral = integral.trim_start_matches('0');
    (integral.len(), integral, fraction.trim_end_matches('0'))
}

/// Precision and scale are the digits of a decimal.
pub(super) fn digits_belong_to_decimals(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let decl = property.decl;
    if property.data.ty.scalar != Scalar::Decimal {
        for (written, key) in [(&decl.precision, "precision"), (&decl.scale, "scale")] {
            if let Some(written) = written {
                findings.push(
                    refuse(property, key, written.span, "only `decimal` has it")
                        .fix_if(property.remove_key(key, false)),
                );
            }
        }
        return;
    }
    let outside = |written: &Option<Spanned<u64>>, least: u64| {
        written.as_ref().filter(|digits| !(least..=MAX_PRECISION).contains(&digits.value)).map(|digits| digits.span)
    };
    if let Some(place) = outside(&decl.precision, 1) {
        findings.push(refuse(property, "precision", place, "from 1 to 28 digits"));
    } else if let Some(place) = outside(&decl.scale, 0) {
        findings.push(refuse(property, "scale", place, "from 0 to 28 digits"));
    } else if property.data.scale > property.data.precision
        && let Some(scale) = &decl.scale
    {
        let reason = format!("more than the {} digits there are", property.data.precision);
        let finding = refuse(property, "scale", scale.span, &reason);
        findings.push(match &decl.precision {
            Some(precision) => finding.label(precision.span, "all digits, before and after the point"),
            None => finding.note("a decimal has `precision: 18` where it is silent"),
        });
    }
}

/// A default that no write could use is a mistake.
pub(super) fn default_keeps_the_constraints(property: PropertyView<'_>, findings: &mut Diagnostics) {
    let (Some(node), Some(Default::Literal(literal))) = (&property.decl.default, &property.data.default) else {
        return;
    };
    let data = property.data;
    let text_breaks = |text: &str| text_breaks(data, text, &property.model.book.patterns);
    let broken = match literal {
        Literal::String(text) => text_breaks(text),
        Literal::Number(text) => number_breaks(data, text),
        Literal::Json(text) if data.ty.list => {
            let elements: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
            elements.iter().find_map(|element| match element {
                serde_json::Value::String(text) => text_breaks(text),
                serde_json::Value::Number(number) => number_breaks(data, &number.to_string()),
                _ => None,
            })
        }
        Literal::Json(_) | Literal::Boolean(_) => None,
    };
    if let Some(reason) = broken {
        findings.push(
            Diagnostic::new(
                &codes::INVALID_DEFAULT,
                format!("the default of `{}` breaks its own constraints", data.name),
            )
            .primary(node.span, reason),
        );
    }
}

fn text_breaks(property: &Property, text: &str, patterns: &Patterns) -> Option<&'static str> {
    if !matches!(property.ty.scalar, Scalar::String | Scalar::Text) {
        return None;
    }
    let length = text.chars().count() as u64;
    let pattern = property.pattern.as_ref().and_then(|pattern| patterns.compiled(pattern).ok());
    if property.max_length.is_some_and(|max| length > max) {
        Some("longer than `maxLength` allows")
    } else if property.min_length.is_some_and(|min| length < min) {
        Some("shorter than `minLength` allows")
    } else if pattern.is_some_and(|pattern| !pattern.is_match(text)) {
        Some("does not match the `pattern`")
    } else {
        None
    }
}

fn number_breaks(property: &Property, text: &str) -> Option<&'static str> {
    if property.minimum.as_ref().is_some_and(|minimum| less(text, minimum)) {
        Some("below the `minimum`")
    } else if property.maximum.as_ref().is_some_and(|maximum| less(maximum, text)) {
        Some("above the `maximum`")
    } else {
        None
    }
}

fn refuse(property: PropertyView<'_>, key: &str, place: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(&codes::INVALID_CONSTRAINT, format!("`{key}` does not fit `{}`", property.data.name))
        .primary(place, reason)
}

#[cfg(test)]
mod tests {
    use super::less;

    #[test]
    fn numbers_compare_exactly() {
        assert!(less("1", "2") && less("-2", "1") && less("-2", "-1") && less("9", "10") && less("1.05", "1.5"));
        assert!(!less("2", "2.0") && !less("-0", "0") && !less("1", "-1") && less("1e2", "1e3"));
        assert!(less("9007199254740992", "9007199254740993"));
    }
}
