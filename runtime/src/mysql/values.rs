//! Values in MySQL's binary protocol: bound ones on their way in, and the cells of a row on their way out.
//!
//! Dates, times and decimals are columns of their own types here. Knows nothing of statements.

use mysql_async::Value as Wire;
use mysql_async::consts::ColumnType;

use super::calendar;
use crate::meta::PropertyMeta;
use crate::value::{Mismatch, Raw, Value};

/// The character set that says: bytes, and no text.
const BINARY: u16 = 63;

/// A value as a statement takes it.
///
/// # Errors
/// When no value of the property can be stored so: not given, a year or digits out of range.
pub(super) fn encode(value: &Value<'_>, property: &PropertyMeta) -> Result<Wire, Mismatch> {
    Ok(match value {
        Value::Null => Wire::NULL,
        Value::Bool(value) => Wire::Int(i64::from(*value)),
        Value::Int(value) => Wire::Int(*value),
        Value::Real(value) => Wire::Double(*value),
        Value::Text(value) => Wire::Bytes(value.as_bytes().to_vec()),
        Value::Bytes(value) => Wire::Bytes(value.to_vec()),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => Wire::Bytes(value.as_bytes().to_vec()),
        Value::Unset => return Err(Mismatch::given(value, property)),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => Wire::Bytes(decimal(*value, property)?.into_bytes()),
        #[cfg(feature = "chrono")]
        Value::Date(value) => {
            let (year, month, day) = of_date(*value, property)?;
            Wire::Date(year, month, day, 0, 0, 0, 0)
        }
        #[cfg(feature = "chrono")]
        Value::Time(value) => {
            let (hour, minute, second, micros) = of_time(*value);
            Wire::Time(false, 0, hour, minute, second, micros)
        }
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => {
            let (year, month, day) = of_date(value.date_naive(), property)?;
            let (hour, minute, second, micros) = of_time(value.time());
            Wire::Date(year, month, day, hour, minute, second, micros)
        }
        #[cfg(feature = "json")]
        Value::Json(value) => Wire::Bytes(value.to_string().into_bytes()),
    })
}

/// In digits, as many after the point as the property has.
///
/// # Errors
/// When it has more digits than the property.
#[cfg(feature = "decimal")]
pub(super) fn decimal(value: rust_decimal::Decimal, property: &PropertyMeta) -> Result<String, Mismatch> {
    let units = crate::value::decimal::unscaled(value, property)
        .ok_or_else(|| Mismatch::unfit(property, "more digits than its precision and scale"))?;
    Ok(exact(units, u32::from(property.scale)))
}

/// So many units of 10^-scale, in digits.
pub(super) fn exact(units: i128, scale: u32) -> String {
    let scale = scale as usize;
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if units < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(feature = "chrono")]
pub(super) fn of_date(date: chrono::NaiveDate, property: &PropertyMeta) -> Result<(u16, u8, u8), Mismatch> {
    use chrono::Datelike;

    if !crate::value::time::in_range(date) {
        return Err(Mismatch::unfit(property, "a year outside 0001–9999"));
    }
    let small = |part: u32| u8::try_from(part).expect("months and days have two digits");
    let year = u16::try_from(date.year()).expect("a year of four digits");
    Ok((year, small(date.month()), small(date.day())))
}

#[cfg(feature = "chrono")]
pub(super) fn of_time(time: chrono::NaiveTime) -> (u8, u8, u8, u32) {
    use chrono::Timelike;

    let small = |part: u32| u8::try_from(part).expect("hours, minutes and seconds have two digits");
    // A leap second is counted as nanoseconds past the end of second 59.
    let micros = (time.nanosecond() / 1_000).min(999_999);
    (small(time.hour()), small(time.minute()), small(time.second()), micros)
}

/// The stored value at `index` of a row.
#[inline]
pub(crate) fn raw(row: &mysql_async::Row, index: usize) -> Raw<'_> {
    match row.as_ref(index) {
        // A column that the statement does not have reads as NULL, as in an outer join.
        None | Some(Wire::NULL) => Raw::Null,
        Some(Wire::Int(value)) => Raw::Int(*value),
        Some(Wire::UInt(value)) => {
            i64::try_from(*value).map_or(Raw::Exact { units: i128::from(*value), scale: 0 }, Raw::Int)
        }
        Some(Wire::Float(value)) => Raw::Real(f64::from(*value)),
        Some(Wire::Double(value)) => Raw::Real(*value),
        Some(Wire::Bytes(bytes)) => {
            let column = &row.columns_ref()[index];
            of_bytes(bytes, column.column_type(), column.character_set())
        }
        Some(&Wire::Date(year, month, day, hour, minute, second, micros)) => {
            match row.columns_ref()[index].column_type() {
                // What is no day at all, as a server that is not strict may hold.
                _ if month == 0 || day == 0 => Raw::Text(b"0000-00-00"),
                ColumnType::MYSQL_TYPE_DATE => Raw::Day(calendar::days(year, month, day)),
                _ => {
                    let of_day = clock(0, hour, minute, second, micros);
                    Raw::Instant(i64::from(calendar::days(year, month, day)) * calendar::DAY + of_day)
                }
            }
        }
        Some(&Wire::Time(negative, days, hour, minute, second, micros)) => {
            let micros = clock(days, hour, minute, second, micros);
            Raw::Clock(if negative { -micros } else { micros })
        }
    }
}

fn clock(days: u32, hour: u8, minute: u8, second: u8, micros: u32) -> i64 {
    let seconds = (i64::from(days) * 24 + i64::from(hour)) * 3600 + i64::from(minute) * 60 + i64::from(second);
    seconds * 1_000_000 + i64::from(micros)
}

/// Text, bytes and decimals arrive alike, and are told apart by the column.
fn of_bytes(bytes: &[u8], kind: ColumnType, character_set: u16) -> Raw<'_> {
    match kind {
        ColumnType::MYSQL_TYPE_NEWDECIMAL | ColumnType::MYSQL_TYPE_DECIMAL => parse(bytes).unwrap_or(Raw::Text(bytes)),
        // MySQL sends JSON as binary.
        ColumnType::MYSQL_TYPE_JSON => Raw::Text(bytes),
        _ if character_set == BINARY => Raw::Bytes(bytes),
        _ => Raw::Text(bytes),
    }
}

/// A decimal out of its digits; `None` where they are too many.
fn parse(text: &[u8]) -> Option<Raw<'static>> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, text),
    };
    let (mut units, mut scale, mut fraction) = (0_i128, 0, false);
    for &digit in digits {
        match digit {
            b'.' if !fraction => fraction = true,
            b'0'..=b'9' => {
                units = units.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
                scale += u32::from(fraction);
            }
            _ => return None,
        }
    }
    Some(Raw::Exact { units: if negative { -units } else { units }, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_digit() {
        for (text, units, scale) in [
            ("0", 0, 0),
            ("-0.01", -1, 2),
            ("123.450", 123_450, 3),
            ("9999999999999999999999999999", 9_999_999_999_999_999_999_999_999_999, 0),
            ("-0.9999999999999999999999999999", -9_999_999_999_999_999_999_999_999_999, 28),
        ] {
            assert_eq!(exact(units, scale), text);
            let Some(Raw::Exact { units: read, scale: of }) = parse(text.as_bytes()) else { panic!("{text}") };
            assert_eq!((read, of), (units, scale));
        }
        for text in ["", "1.2.3", "1e5", "--1", &"9".repeat(60)] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
