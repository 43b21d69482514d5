//! What a row gets where its caller says nothing: the schema's literal, the moment, a fresh UUID.

use std::borrow::Cow;

#[cfg(feature = "chrono")]
use chrono::SubsecRound as _;

use crate::json::from_text;
use crate::meta::{DefaultMeta, Generated, Kind, PropertyMeta};
use crate::value::Value;

/// The instant of one call, to the microsecond: however often it is asked for, by however many rows, it is the same.
#[derive(Debug, Default)]
pub(crate) struct Moment {
    #[cfg(feature = "chrono")]
    at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Moment {
    /// As a value of the property.
    ///
    /// # Errors
    /// When the property is neither a date nor a datetime, or the feature that has them is off, in words.
    #[cfg(feature = "chrono")]
    pub(crate) fn value(&mut self, property: &PropertyMeta) -> Result<Value<'static>, String> {
        let now = *self.at.get_or_insert_with(|| chrono::Utc::now().trunc_subsecs(6));
        match property.kind {
            Kind::DateTime => Ok(Value::DateTime(now)),
            Kind::Date => Ok(Value::Date(now.date_naive())),
            _ => Err("has the default `now`, which is for dates and datetimes".to_owned()),
        }
    }

    /// As a value of the property.
    ///
    /// # Errors
    /// Always: the feature that has instants is off.
    #[cfg(not(feature = "chrono"))]
    #[expect(clippy::unused_self, reason = "with the feature it is asked")]
    pub(crate) fn value(&mut self, _: &PropertyMeta) -> Result<Value<'static>, String> {
        Err("needs the feature `chrono` of `relata`".to_owned())
    }
}

/// The value of a property in a new row that does not give it; `Unset` where the database makes it or
/// nobody does.
///
/// # Errors
/// When the schema's literal is not of the property's type or needs a feature that is off, in words.
pub(crate) fn value(property: &PropertyMeta, moment: &mut Moment) -> Result<Value<'static>, String> {
    match (property.generated, property.default) {
        (Generated::Database, _) => Ok(Value::Unset),
        (Generated::Version, _) => Ok(Value::Int(1)),
        (Generated::Uuid, _) | (_, DefaultMeta::Uuid) => uuid(),
        (Generated::CreatedAt | Generated::UpdatedAt, _) | (Generated::No, DefaultMeta::Now) => moment.value(property),
        (Generated::No, DefaultMeta::Json(text)) => literal(text, property),
        #[cfg(feature = "json")]
        (Generated::No, DefaultMeta::None) if property.list => {
            Ok(Value::Json(Cow::Owned(serde_json::Value::Array(Vec::new()))))
        }
        (Generated::No, DefaultMeta::None) if property.required => Ok(Value::Unset),
        (Generated::No, DefaultMeta::None) => Ok(Value::Null),
    }
}

#[cfg(feature = "uuid")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it fails")]
fn uuid() -> Result<Value<'static>, String> {
    Ok(Value::Uuid(uuid::Uuid::now_v7()))
}

#[cfg(not(feature = "uuid"))]
fn uuid() -> Result<Value<'static>, String> {
    Err("needs the feature `uuid` of `relata`".to_owned())
}

/// A literal in the type's JSON notation.
pub(crate) fn literal(literal: &'static str, property: &PropertyMeta) -> Result<Value<'static>, String> {
    let inner = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if !property.list && !matches!(property.kind, Kind::Json | Kind::Embedded(_)) {
        match (inner, property.kind) {
            (Some(text), Kind::String | Kind::Text) if !text.contains('\\') => {
                return Ok(Value::Text(Cow::Borrowed(text)));
            }
            (Some(text), Kind::String | Kind::Text) => {
                let text = unescape(text).ok_or("a string with a broken escape")?;
                return Ok(Value::Text(Cow::Owned(text)));
            }
            (Some(text), _) => return from_text(text, property).map_err(str::to_owned),
            (None, _) => return from_text(literal, property).map_err(str::to_owned),
        }
    }
    #[cfg(feature = "json")]
    return crate::json::read(literal.as_bytes(), crate::json::Given(property)).map_err(|error| error.to_string());
    #[cfg(not(feature = "json"))]
    Err("JSON, which needs the feature `json`".to_owned())
}

/// A JSON string without its quotes; `None` where an escape is broken.
fn unescape(text: &str) -> Option<String> {
    let mut units = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let plain = match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    units.push(u16::from_str_radix(characters.as_str().get(..4)?, 16).ok()?);
                    characters.nth(3);
                    continue;
                }
                itself => itself,
            },
            plain => plain,
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(property: &PropertyMeta) -> Result<Value<'static>, String> {
        value(property, &mut Moment::default())
    }

    fn given(kind: Kind, text: &'static str) -> Result<Value<'static>, String> {
        fresh(&PropertyMeta { kind, default: DefaultMeta::Json(text), ..PropertyMeta::EMPTY })
    }

    #[test]
    fn literals_are_read_by_the_type() {
        assert_eq!(given(Kind::Integer, "-5"), Ok(Value::Int(-5)));
        assert_eq!(given(Kind::Boolean, "true"), Ok(Value::Bool(true)));
        assert_eq!(given(Kind::Number, "1e3"), Ok(Value::Real(1000.0)));
        assert_eq!(given(Kind::Text, "\"plain\""), Ok(Value::Text("plain".into())));
        assert_eq!(given(Kind::Text, r#""a\n\"\u00e9\ud83d\ude00\/""#), Ok(Value::Text("a\n\"é😀/".into())));
        assert!(given(Kind::Text, r#""\ud83d""#).is_err());
        assert!(given(Kind::Text, r#""\u00""#).is_err());
        assert!(given(Kind::Int32, "2147483648").is_err());
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(given(Kind::String, "\"pending\""), Ok(Value::Text(Cow::Borrowed("pending")))));
    }

    #[test]
    fn what_is_not_given_and_has_no_default_is_null_or_missing() {
        assert_eq!(fresh(&PropertyMeta::EMPTY), Ok(Value::Null));
        assert_eq!(fresh(&PropertyMeta { required: true, ..PropertyMeta::EMPTY }), Ok(Value::Unset));
        assert_eq!(fresh(&PropertyMeta { generated: Generated::Version, ..PropertyMeta::EMPTY }), Ok(Value::Int(1)));
    }

    #[test]
    #[cfg(feature = "chrono")]
    fn all_of_one_call_has_one_instant() {
        let mut moment = Moment::default();
        let of = |generated, default| PropertyMeta { generated, default, kind: Kind::DateTime, ..PropertyMeta::EMPTY };
        let created = value(&of(Generated::CreatedAt, DefaultMeta::None), &mut moment);
        std::thread::sleep(std::time::Duration::from_micros(10));
        assert_eq!(value(&of(Generated::UpdatedAt, DefaultMeta::None), &mut moment), created);
        assert_eq!(value(&of(Generated::No, DefaultMeta::Now), &mut moment), created);
    }
}
