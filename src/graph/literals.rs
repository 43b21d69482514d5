//! Defaults: what a schema writes as a literal, read as a value of the property's type.

use std::collections::BTreeSet;

use super::{Default, Enum, EnumId, Literal, Scalar, Type};
use crate::syntax::{Kind, Node};

/// Why a literal is not one of its type.
pub(super) struct Unfit {
    pub(super) expected: String,
    /// What was meant, as schema text.
    pub(super) meant: Option<String>,
    /// The enum that has a value like it, perhaps.
    pub(super) one_of: Option<EnumId>,
}

impl Unfit {
    fn new(expected: impl Into<String>) -> Self {
        Self { expected: expected.into(), meant: None, one_of: None }
    }
}

/// Each enum's name and values.
pub(super) struct Enums(Vec<(String, BTreeSet<String>)>);

impl Enums {
    pub(super) fn new(enums: &[Enum]) -> Self {
        let values = |item: &Enum| item.variants.iter().map(|variant| variant.value.clone()).collect();
        Self(enums.iter().map(|item| (item.name.clone(), values(item))).collect())
    }

    pub(super) fn values(&self, id: EnumId) -> impl Iterator<Item = &str> {
        self.0[id.0 as usize].1.iter().map(String::as_str)
    }

    /// Whether it has the value; of an enum that could not be read, any may be one.
    fn has(&self, id: EnumId, value: &str) -> bool {
        let values = &self.0[id.0 as usize].1;
        values.is_empty() || values.contains(value)
    }
}

/// What the number of decimal digits may be.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    pub(super) precision: u8,
    pub(super) scale: u8,
}

/// Reads the default of a property.
pub(super) fn default(node: &Node, ty: Type, digits: Digits, enums: &Enums) -> Result<Default, Unfit> {
    if ty.list {
        let Kind::List(items) = &node.kind else {
            return Err(Unfit::new("a list"));
        };
        for item in items {
            literal(item, ty.scalar, digits, enums)
                .map_err(|unfit| Unfit::new(format!("each element to be {}", unfit.expected)))?;
        }
        return json(node).map(|text| Default::Literal(Literal::Json(text)));
    }
    if let Kind::String(word) = &node.kind {
        match (word.as_str(), ty.scalar) {
            ("now", Scalar::Date | Scalar::DateTime) => return Ok(Default::Now),
            ("uuid", Scalar::Uuid) => return Ok(Default::Uuid),
            _ => {}
        }
    }
    literal(node, ty.scalar, digits, enums).map(Default::Literal).map_err(|unfit| {
        let word = match &node.kind {
            Kind::String(word) => word.to_lowercase(),
            _ => return unfit,
        };
        Unfit {
            meant: function(word.trim_start_matches('$'), ty.scalar).map(ToOwned::to_owned).or(unfit.meant),
            ..unfit
        }
    })
}

/// What databases and other tools call `now` and `uuid`.
fn function(word: &str, scalar: Scalar) -> Option<&'static str> {
    let call = word.split('(').next().unwrap_or_default();
    match scalar {
        Scalar::Date | Scalar::DateTime => {
            let now =
                ["now", "current_timestamp", "current_date", "today", "getdate", "sysdate", "utcnow", "localtimestamp"];
            now.contains(&call).then_some("now")
        }
        Scalar::Uuid => {
            let uuid = ["uuid", "guid", "uuidv4", "uuidv7", "uuid_generate_v4", "gen_random_uuid", "newid", "cuid"];
            uuid.contains(&call).then_some("uuid")
        }
        _ => None,
    }
}

pub(super) fn literal(node: &Node, scalar: Scalar, digits: Digits, enums: &Enums) -> Result<Literal, Unfit> {
    match scalar {
        Scalar::String | Scalar::Text => match &node.kind {
            Kind::String(text) => Ok(Literal::String(text.clone())),
            Kind::Number(text) => Err(Unfit { meant: Some(format!("\"{text}\"")), ..Unfit::new("a string") }),
            Kind::Bool(value) => Err(Unfit { meant: Some(format!("\"{value}\"")), ..Unfit::new("a string") }),
            _ => Err(Unfit::new("a string")),
        },
        Scalar::Integer => number(node, "a whole number of 64 bits", |text| whole(text) && text.parse::<i64>().is_ok()),
        Scalar::Int32 => number(node, "a whole number of 32 bits", |text| whole(text) && text.parse::<i32>().is_ok()),
        Scalar::Number => number(node, "a finite number", |text| text.parse().is_ok_and(f64::is_finite)),
        Scalar::Decimal => {
            let expected =
                format!("a decimal with at most {} digits, {} of them after the point", digits.precision, digits.scale);
            match &node.kind {
                Kind::Number(text) | Kind::String(text) if decimal_fits(text, digits) => {
                    Ok(Literal::Number(text.clone()))
                }
                _ => Err(Unfit::new(expected)),
            }
        }
        Scalar::Boolean => match &node.kind {
            Kind::Bool(value) => Ok(Literal::Boolean(*value)),
            Kind::String(word) => {
                let meant = match word.to_lowercase().as_str() {
                    "yes" | "on" | "true" => Some("true".to_owned()),
                    "no" | "off" | "false" => Some("false".to_owned()),
                    _ => None,
                };
                Err(Unfit { meant, ..Unfit::new("`true` or `false`") })
            }
            _ => Err(Unfit::new("`true` or `false`")),
        },
        Scalar::Date => string(node, "a date such as 2026-02-28, or `now`", is_date),
        Scalar::Time => string(node, "a time such as 17:30:00", is_time),
        Scalar::DateTime => string(node, "an instant such as '2026-02-28T17:30:00Z', or `now`", is_instant),
        Scalar::Uuid => string(node, "a uuid such as 01890a5d-ac96-774b-bcce-b302099a8057, or `uuid`", is_uuid),
        Scalar::Bytes => string(node, "bytes in base64", is_base64),
        Scalar::Json => json(node).map(Literal::Json),
        Scalar::Embedded(_) => match node.kind {
            Kind::Map(_) => json(node).map(Literal::Json),
            _ => Err(Unfit::new("a map")),
        },
        Scalar::Enum(id) => match &node.kind {
            Kind::String(text) if enums.has(id, text) => Ok(Literal::String(text.clone())),
            kind => Err(Unfit {
                one_of: matches!(kind, Kind::String(_)).then_some(id),
                ..Unfit::new(format!("a value of `{}`", enums.0[id.0 as usize].0))
            }),
        },
    }
}

fn number(node: &Node, expected: &str, fits: impl Fn(&str) -> bool) -> Result<Literal, Unfit> {
    match &node.kind {
        Kind::Number(text) if fits(text) => Ok(Literal::Number(text.clone())),
        _ => Err(Unfit::new(expected)),
    }
}

fn string(node: &Node, expected: &str, fits: fn(&str) -> bool) -> Result<Literal, Unfit> {
    match &node.kind {
        Kind::String(text) if fits(text) => Ok(Literal::String(text.clone())),
        _ => Err(Unfit::new(expected)),
    }
}

/// Decimal digits with an optional sign, no leading zeros.
pub(crate) fn whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

fn decimal_fits(text: &str, digits: Digits) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (integral, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    whole(integral)
        && !integral.starts_with('-')
        && !unsigned.ends_with('.')
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && fraction.len() <= usize::from(digits.scale)
        && (integral == "0" || integral.len() <= usize::from(digits.precision.saturating_sub(digits.scale)))
}

/// Whether the text is a number that a decimal of these digits can hold.
pub(crate) fn is_decimal(text: &str, precision: u8, scale: u8) -> bool {
    decimal_fits(text, Digits { precision, scale })
}

/// Reads exactly `width` digits from the front.
fn digits(text: &str, width: usize) -> Option<(u32, &str)> {
    let head = text.get(..width).filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some((head.parse().ok()?, &text[width..]))
}

pub(crate) fn is_date(text: &str) -> bool {
    let read = || {
        let (year, rest) = digits(text, 4)?;
        let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
        let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        Some(year >= 1 && (1..=last).contains(&day) && rest.is_empty())
    };
    read().unwrap_or(false)
}

pub(crate) fn is_time(text: &str) -> bool {
    let read = || {
        let (hour, rest) = digits(text, 2)?;
        let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let fraction = rest.is_empty()
            || rest
                .strip_prefix('.')
                .is_some_and(|part| (1..=6).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
        Some(hour < 24 && minute < 60 && second < 60 && fraction)
    };
    read().unwrap_or(false)
}

pub(crate) fn is_instant(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let Some(zone) = time.find(['Z', '+', '-']) else {
        return false;
    };
    let (time, zone) = time.split_at(zone);
    let offset = || {
        let (hour, rest) = digits(&zone[1..], 2)?;
        let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
        Some(hour < 24 && minute < 60 && rest.is_empty())
    };
    is_date(date) && is_time(time) && (zone == "Z" || (!zone.starts_with('Z') && offset().unwrap_or(false)))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_base64(text: &str) -> bool {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    text.len().is_multiple_of(4)
        && padding <= 2
        && text
            .bytes()
            .take(text.len() - padding)
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// The value as JSON text, numbers in their own spelling.
fn json(node: &Node) -> Result<String, Unfit> {
    let mut out = String::new();
    write_json(node, &mut out)?;
    Ok(out)
}

fn write_json(node: &Node, out: &mut String) -> Result<(), Unfit> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(text) if serde_json::from_str::<serde_json::Number>(text).is_ok() => {
            out.push_str(text);
        }
        Kind::Number(_) => return Err(Unfit::new("numbers as JSON writes them")),
        Kind::String(text) => out.push_str(&quoted(text)),
        Kind::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json(item, out)?;
            }
            out.push(']');
        }
        Kind::Map(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(&entry.key.value));
                out.push(':');
                write_json(&entry.value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendars_and_clocks() {
        assert!(is_date("2024-02-29") && !is_date("2023-02-29") && !is_date("0000-01-01") && !is_date("2024-2-9"));
        assert!(is_time("23:59:59.123456") && !is_time("24:00:00") && !is_time("12:00"));
        assert!(is_instant("2026-01-01T00:00:00Z") && is_instant("2026-01-01T00:00:00+02:00"));
        assert!(!is_instant("2026-01-01T00:00:00") && !is_instant("2026-01-01T00:00:00Z1"));
    }

    #[test]
    fn decimals_keep_to_their_digits() {
        assert!(is_decimal("12.50", 4, 2) && is_decimal("-0.5", 2, 1) && is_decimal("7", 3, 2));
        assert!(!is_decimal("123.5", 4, 2) && !is_decimal("1.234", 9, 2) && !is_decimal("1e3", 9, 2));
        assert!(!is_decimal("1.", 9, 2) && !is_decimal("007", 9, 0));
    }
}
