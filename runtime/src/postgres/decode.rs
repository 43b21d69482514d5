//! Columns as they arrive, read in place from PostgreSQL's binary form.

use std::error::Error as StdError;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Kind, Type};

use super::numeric;
use crate::value::Raw;

/// Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
pub(super) const EPOCH_DAYS: i32 = 10_957;

/// The same in microseconds.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The stored value at `index` of a row.
#[inline]
pub(crate) fn raw(row: &Row, index: usize) -> Raw<'_> {
    // A column that the statement does not have reads as NULL, as in an outer join.
    row.try_get::<_, Cell<'_>>(index).map_or(Raw::Null, |cell| cell.0)
}

/// A column of any type.
struct Cell<'a>(Raw<'a>);

impl<'a> FromSql<'a> for Cell<'a> {
    #[inline]
    fn from_sql(ty: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(read(ty, bytes).unwrap_or(Raw::Other)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(Raw::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// `None` for what no property can hold.
#[inline]
fn read<'a>(ty: &Type, bytes: &'a [u8]) -> Option<Raw<'a>> {
    Some(match *ty {
        Type::INT8 => Raw::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
        Type::INT4 => Raw::Int(i64::from(i32::from_be_bytes(bytes.try_into().ok()?))),
        Type::INT2 => Raw::Int(i64::from(i16::from_be_bytes(bytes.try_into().ok()?))),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::JSON => Raw::Text(bytes),
        Type::BOOL => Raw::Int(i64::from(*bytes.first()? != 0)),
        Type::FLOAT8 => Raw::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        Type::FLOAT4 => Raw::Real(f64::from(f32::from_be_bytes(bytes.try_into().ok()?))),
        Type::NUMERIC => {
            let (units, scale) = numeric::read(bytes)?;
            Raw::Exact { units, scale }
        }
        Type::TIMESTAMPTZ | Type::TIMESTAMP => {
            // Infinity is the last number there is, and stays one that is no instant.
            Raw::Instant(i64::from_be_bytes(bytes.try_into().ok()?).saturating_add(EPOCH_MICROS))
        }
        Type::DATE => Raw::Day(i32::from_be_bytes(bytes.try_into().ok()?).saturating_add(EPOCH_DAYS)),
        Type::TIME => Raw::Clock(i64::from_be_bytes(bytes.try_into().ok()?)),
        Type::UUID | Type::BYTEA => Raw::Bytes(bytes),
        // The first byte is the version of the form, of which there is one.
        Type::JSONB => Raw::Text(bytes.strip_prefix(&[1])?),
        _ if matches!(ty.kind(), Kind::Enum(_)) => Raw::Text(bytes),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debug(ty: &Type, bytes: &[u8]) -> String {
        format!("{:?}", read(ty, bytes))
    }

    #[test]
    fn types_that_count_from_2000_are_counted_from_1970() {
        assert_eq!(debug(&Type::DATE, &0_i32.to_be_bytes()), "Some(Day(10957))");
        assert_eq!(debug(&Type::DATE, &(-10_957_i32).to_be_bytes()), "Some(Day(0))");
        assert_eq!(debug(&Type::TIMESTAMPTZ, &(-EPOCH_MICROS).to_be_bytes()), "Some(Instant(0))");
        assert_eq!(debug(&Type::DATE, &i32::MAX.to_be_bytes()), format!("Some(Day({}))", i32::MAX), "infinity");
        assert_eq!(debug(&Type::TIMESTAMPTZ, &i64::MAX.to_be_bytes()), format!("Some(Instant({}))", i64::MAX));
    }

    #[test]
    fn what_is_cut_off_or_unknown_is_no_value() {
        for ty in [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::FLOAT8, Type::DATE, Type::NUMERIC, Type::JSONB]
        {
            assert_eq!(debug(&ty, &[]), "None", "{ty}");
        }
        assert_eq!(debug(&Type::POINT, &[0; 16]), "None");
        assert_eq!(debug(&Type::INTERVAL, &[0; 16]), "None");
        assert_eq!(debug(&Type::JSONB, b"\x02{}"), "None");
    }
}
