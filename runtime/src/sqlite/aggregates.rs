//! What SQLite computes of many rows, and what is computed for it: sums of decimals, which it does not know.

use crate::meta::{Kind, PropertyMeta};
use crate::query::aggregate::Aggregates;

/// SQLite's own functions, and `relata_sum`.
#[derive(Debug)]
pub(super) struct Functions;

impl Aggregates for Functions {
    fn sum(&self, column: &str, property: &PropertyMeta) -> String {
        match property.kind {
            Kind::Decimal => format!("{SUM}({column}, {}, {})", property.precision, property.scale),
            _ => format!("SUM({column})"),
        }
    }

    fn average(&self, column: &str) -> String {
        format!("AVG({column})")
    }
}

/// The sum of decimals of that precision and scale, in the stored form of one of the most digits there are.
const SUM: &str = "relata_sum";

/// Makes the function known.
#[cfg(feature = "decimal")]
pub(super) fn add_functions(sqlite: &rusqlite::Connection) -> rusqlite::Result<()> {
    use rusqlite::functions::{Aggregate, Context, FunctionFlags};
    use rusqlite::types::{Value, ValueRef};

    use crate::query::aggregate::DIGITS;
    use crate::value::decimal::{from_unscaled, parse, store};

    /// So many units of 10^-scale.
    struct Sum(i128, u8);

    struct Sums;

    fn refusal(message: &str) -> rusqlite::Error {
        rusqlite::Error::UserFunctionError(message.into())
    }

    impl Aggregate<Option<Sum>, Option<Value>> for Sums {
        fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Option<Sum>> {
            Ok(None)
        }

        fn step(&self, context: &mut Context<'_>, sum: &mut Option<Sum>) -> rusqlite::Result<()> {
            let (precision, scale) = (context.get(1)?, context.get(2)?);
            let property = PropertyMeta { kind: Kind::Decimal, precision, scale, ..PropertyMeta::EMPTY };
            let units = match context.get_raw(0) {
                ValueRef::Null => return Ok(()),
                ValueRef::Integer(units) => Some(i128::from(units)),
                ValueRef::Text(text) => parse(text, &property),
                _ => None,
            };
            let units = units.ok_or_else(|| refusal("a value that is no decimal cannot be added up"))?;
            let Sum(before, _) = sum.get_or_insert(Sum(0, scale));
            *before = before.checked_add(units).ok_or_else(|| refusal(super::fault::OVERFLOW))?;
            Ok(())
        }

        fn finalize(&self, _: &mut Context<'_>, sum: Option<Option<Sum>>) -> rusqlite::Result<Option<Value>> {
            let Some(Sum(units, scale)) = sum.flatten() else { return Ok(None) };
            let property = PropertyMeta { kind: Kind::Decimal, precision: DIGITS, scale, ..PropertyMeta::EMPTY };
            let stored = from_unscaled(units, &property).and_then(|sum| store(sum, &property));
            stored.map(|stored| Some(stored.into())).ok_or_else(|| refusal(super::fault::OVERFLOW))
        }
    }

    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    sqlite.create_aggregate_function(SUM, 3, flags, Sums)
}
