//! Bound values in PostgreSQL's binary form, as the type that the server asks for.

use std::error::Error as StdError;
use std::fmt;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type};

use super::numeric;
use crate::driver::{Bind, Key};
use crate::meta::PropertyMeta;
use crate::sql::bind::property_of;
use crate::value::{Mismatch, Value, type_name};

type Written = Result<IsNull, Box<dyn StdError + Sync + Send>>;

/// One parameter of a statement.
pub(super) enum Parameter<'a> {
    Bind(&'a Bind<'a>),
    /// The values at that position of several rows, as an array.
    Column(&'a [Vec<Value<'static>>], usize, &'static PropertyMeta),
}

impl fmt::Debug for Parameter<'_> {
    /// Drivers log what they bind: never a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Parameter<'_> {
    #[inline]
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Written {
        match self {
            Self::Bind(Bind::Value(value, property)) => write(value, property, ty, out),
            Self::Bind(Bind::Free(value, number)) => write_free(value, *number, ty, out),
            Self::Bind(Bind::List(values, property)) => {
                array(values.len(), values.iter(), ty, out, |value, ty, out| write(value, property, ty, out))
            }
            Self::Bind(Bind::Text(text)) => {
                write_text(text, ty, out).map(|()| IsNull::No).ok_or_else(|| unfit("a text", ty))
            }
            Self::Bind(Bind::Keys(keys)) => array(keys.len(), keys.iter(), ty, out, write_key),
            Self::Bind(Bind::KeyValue(None)) => Ok(IsNull::Yes),
            Self::Bind(Bind::KeyValue(Some(key))) => write_key(key, ty, out),
            Self::Bind(Bind::KeyPart(keys, part)) => {
                array(keys.len(), keys.iter(), ty, out, |key: &Key, ty, out| match key {
                    Key::Composite(parts) => write_key(&parts[*part], ty, out),
                    key => write_key(key, ty, out),
                })
            }
            Self::Column(rows, at, property) => {
                array(rows.len(), rows.iter(), ty, out, |row, ty, out| write(&row[*at], property, ty, out))
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Written {
        self.to_sql(ty, out)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }
}

/// A value that the server's type cannot hold; it completes "the value of …".
#[derive(Debug)]
pub(super) struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Unfit {}

#[cold]
fn unfit(what: &str, ty: &Type) -> Box<dyn StdError + Sync + Send> {
    Box::new(Unfit(format!(
        "{what} is bound where the database has the type {}; was the table made by this schema's `create_tables`?",
        ty.name()
    )))
}

#[cold]
fn mismatched(property: &PropertyMeta, mismatch: &Mismatch) -> Box<dyn StdError + Sync + Send> {
    let (name, expected, found) = (property.name, mismatch.expected(), mismatch.found());
    Box::new(Unfit(format!("`{name}` is {expected}, and was given {found}")))
}

#[inline]
fn write(value: &Value<'_>, property: &PropertyMeta, ty: &Type, out: &mut BytesMut) -> Written {
    match written(value, property, ty, out)? {
        Some(null) => Ok(null),
        None => Err(unfit(&format!("`{}` ({})", property.name, type_name(property)), ty)),
    }
}

/// A value that is of no property, as a number or text of any kind.
fn write_free(value: &Value<'_>, number: u32, ty: &Type, out: &mut BytesMut) -> Written {
    let property = property_of(value);
    if let Some(null) = written(value, &property, ty, out)? {
        return Ok(null);
    }
    let alike = match value {
        Value::Int(value) => write_alike(*value, ty, out),
        #[expect(clippy::cast_possible_truncation, reason = "as the server does with a literal")]
        Value::Real(value) => (*ty == Type::FLOAT4).then(|| out.put_f32(*value as f32)),
        // The first byte is the version of the form.
        Value::Text(text) if *ty == Type::JSONB => {
            out.put_u8(1);
            out.put_slice(text.as_bytes());
            Some(())
        }
        Value::Text(text) => (*ty == Type::JSON || ty.name() == "citext").then(|| out.put_slice(text.as_bytes())),
        #[cfg(feature = "chrono")]
        Value::DateTime(instant) if *ty == Type::TIMESTAMP => {
            write_instant(instant.timestamp_micros(), &Type::TIMESTAMPTZ, out)
        }
        _ => None,
    };
    alike.map(|()| IsNull::No).ok_or_else(|| {
        let message = format!(
            "value {number} is {}, and the database takes the type {name} there; `CAST(? AS …)` says which type is meant",
            value.kind(),
            name = ty.name()
        );
        Box::new(Unfit(message)) as _
    })
}

/// An integer where other numbers are taken.
fn write_alike(value: i64, ty: &Type, out: &mut BytesMut) -> Option<()> {
    /// Beyond, not every integer is a number of double precision.
    const EXACT: std::ops::RangeInclusive<i64> = -(1 << 53)..=1 << 53;
    match *ty {
        Type::NUMERIC => numeric::write(i128::from(value), 0, out),
        Type::OID => {
            out.put_u32(u32::try_from(value).ok()?);
            Some(())
        }
        #[expect(clippy::cast_precision_loss, reason = "none is lost in this range")]
        Type::FLOAT8 if EXACT.contains(&value) => {
            out.put_f64(value as f64);
            Some(())
        }
        #[expect(clippy::cast_precision_loss, reason = "none is lost in this range")]
        Type::FLOAT4 if value.unsigned_abs() <= 1 << 24 => {
            out.put_f32(value as f32);
            Some(())
        }
        _ => None,
    }
}

/// `None` where the server's type is another one.
#[inline]
fn written(
    value: &Value<'_>,
    property: &PropertyMeta,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<Option<IsNull>, Box<dyn StdError + Sync + Send>> {
    let written = match value {
        Value::Null => return Ok(Some(IsNull::Yes)),
        Value::Unset => return Err(mismatched(property, &Mismatch::given(value, property))),
        Value::Int(value) => write_int(*value, ty, out),
        Value::Text(text) => write_text(text, ty, out),
        Value::Bool(value) => (*ty == Type::BOOL).then(|| out.put_u8(u8::from(*value))),
        Value::Real(value) => (*ty == Type::FLOAT8).then(|| out.put_f64(*value)),
        Value::Bytes(bytes) => (*ty == Type::BYTEA).then(|| out.put_slice(bytes)),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => (*ty == Type::UUID).then(|| out.put_slice(value.as_bytes())),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => {
            // The server would round.
            let units = crate::value::decimal::unscaled(*value, property).ok_or_else(|| {
                mismatched(property, &Mismatch::unfit(property, "more digits than its precision and scale"))
            })?;
            write_exact(units, u32::from(property.scale), ty, out)
        }
        #[cfg(feature = "chrono")]
        Value::Date(date) => write_day(of_date(*date, property)?, ty, out),
        #[cfg(feature = "chrono")]
        Value::Time(time) => write_clock(crate::value::time::micros_of_day(*time), ty, out),
        #[cfg(feature = "chrono")]
        Value::DateTime(instant) => {
            of_date(instant.date_naive(), property)?;
            write_instant(instant.timestamp_micros(), ty, out)
        }
        #[cfg(feature = "json")]
        Value::Json(value) => write_json(value, ty, out)?,
    };
    Ok(written.map(|()| IsNull::No))
}

/// Days since 1970-01-01.
#[cfg(feature = "chrono")]
fn of_date(date: chrono::NaiveDate, property: &PropertyMeta) -> Result<i32, Box<dyn StdError + Sync + Send>> {
    if !crate::value::time::in_range(date) {
        return Err(mismatched(property, &Mismatch::unfit(property, "a year outside 0001–9999")));
    }
    Ok(date.to_epoch_days())
}

fn write_key(key: &Key, ty: &Type, out: &mut BytesMut) -> Written {
    let written = match key {
        Key::Int(value) if *ty == Type::BOOL => {
            out.put_u8(u8::from(*value != 0));
            Some(())
        }
        Key::Int(value) => write_int(*value, ty, out),
        Key::Text(text) => write_text(text, ty, out),
        Key::Bytes(bytes) => {
            (*ty == Type::BYTEA || (*ty == Type::UUID && bytes.len() == 16)).then(|| out.put_slice(bytes))
        }
        Key::Day(days) => write_day(*days, ty, out),
        Key::Clock(micros) => write_clock(*micros, ty, out),
        Key::Instant(micros) => write_instant(*micros, ty, out),
        Key::Exact(units, scale) => write_exact(*units, *scale, ty, out),
        Key::Composite(_) => None,
    };
    written.map(|()| IsNull::No).ok_or_else(|| unfit("a key", ty))
}

fn write_int(value: i64, ty: &Type, out: &mut BytesMut) -> Option<()> {
    match *ty {
        Type::INT8 => out.put_i64(value),
        Type::INT4 => out.put_i32(i32::try_from(value).ok()?),
        Type::INT2 => out.put_i16(i16::try_from(value).ok()?),
        _ => return None,
    }
    Some(())
}

fn write_text(text: &str, ty: &Type, out: &mut BytesMut) -> Option<()> {
    let fits = matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
        || matches!(ty.kind(), Kind::Enum(_));
    fits.then(|| out.put_slice(text.as_bytes()))
}

fn write_day(days: i32, ty: &Type, out: &mut BytesMut) -> Option<()> {
    let days = days.checked_sub(super::decode::EPOCH_DAYS)?;
    (*ty == Type::DATE).then(|| out.put_i32(days))
}

fn write_clock(micros: i64, ty: &Type, out: &mut BytesMut) -> Option<()> {
    (*ty == Type::TIME).then(|| out.put_i64(micros))
}

fn write_instant(micros: i64, ty: &Type, out: &mut BytesMut) -> Option<()> {
    let micros = micros.checked_sub(super::decode::EPOCH_MICROS)?;
    (*ty == Type::TIMESTAMPTZ).then(|| out.put_i64(micros))
}

fn write_exact(units: i128, scale: u32, ty: &Type, out: &mut BytesMut) -> Option<()> {
    if *ty == Type::NUMERIC { numeric::write(units, scale, out) } else { None }
}

#[cfg(feature = "json")]
fn write_json(
    value: &serde_json::Value,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<Option<()>, Box<dyn StdError + Sync + Send>> {
    match *ty {
        // The version of the form.
        Type::JSONB => out.put_u8(1),
        Type::JSON => {}
        _ => return Ok(None),
    }
    serde_json::to_writer(out.writer(), value)?;
    Ok(Some(()))
}

/// An array of one dimension.
fn array<T>(
    len: usize,
    elements: impl Iterator<Item = T>,
    ty: &Type,
    out: &mut BytesMut,
    write: impl Fn(T, &Type, &mut BytesMut) -> Written,
) -> Written {
    let Kind::Array(element) = ty.kind() else { return Err(unfit("a list", ty)) };
    if len == 0 {
        out.put_slice(&[0; 8]);
        out.put_u32(element.oid());
        return Ok(IsNull::No);
    }
    out.put_i32(1);
    let nulls = out.len();
    out.put_i32(0);
    out.put_u32(element.oid());
    out.put_i32(i32::try_from(len)?);
    out.put_i32(1);
    for value in elements {
        let at = out.len();
        out.put_i32(-1);
        match write(value, element, out)? {
            IsNull::Yes => out[nulls + 3] = 1,
            IsNull::No => {
                let size = i32::try_from(out.len() - at - 4)?;
                out[at..at + 4].copy_from_slice(&size.to_be_bytes());
            }
        }
    }
    Ok(IsNull::No)
}
