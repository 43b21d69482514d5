//! Numbers as SQLite computes them: integers of 64 bits and numbers by itself, decimals of more digits than these
//! hold by a function.

use crate::driver::Arithmetic;
use crate::meta::{Kind, PropertyMeta};

/// What is stored as integers, numbers, or text of a fixed width, in `STRICT` tables.
#[derive(Debug)]
pub(super) struct Stored;

/// What is stored of a decimal as text, a second one, whether that is subtracted, precision and scale.
const SUM: &str = "relata_sum";

/// The most digits that are stored as an integer.
const INTEGER_DIGITS: u8 = 18;

impl Arithmetic for Stored {
    fn sum(&self, column: &str, operand: &str, minus: bool, property: &PropertyMeta) -> String {
        if matches!(property.kind, Kind::Decimal) && property.precision > INTEGER_DIGITS {
            let PropertyMeta { precision, scale, .. } = property;
            return format!("{SUM}({column}, {operand}, {}, {precision}, {scale})", u8::from(minus));
        }
        format!("{column} {} {operand}", if minus { '-' } else { '+' })
    }

    /// Bytes, which no column of numbers or text takes.
    fn refusal(&self, _: &str, _: &PropertyMeta) -> String {
        "x''".to_owned()
    }

    fn keeps_ranges(&self) -> bool {
        false
    }
}

/// Makes the function known that adds decimals.
#[cfg(feature = "decimal")]
pub(super) fn add_functions(sqlite: &rusqlite::Connection) -> rusqlite::Result<()> {
    use rusqlite::functions::FunctionFlags;
    use rusqlite::types::Value;
    use rust_decimal::Decimal;

    use crate::value::decimal::store;
    use crate::value::{Raw, Type as _};

    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    sqlite.create_scalar_function(SUM, 5, flags, |arguments| {
        let property = PropertyMeta {
            kind: Kind::Decimal,
            precision: arguments.get(3)?,
            scale: arguments.get(4)?,
            ..PropertyMeta::EMPTY
        };
        let (Some(stored), Some(operand)) = (arguments.get::<Option<String>>(0)?, arguments.get::<Option<String>>(1)?)
        else {
            return Ok(Value::Null);
        };
        let number = |text: &str| Decimal::from_raw(Raw::Text(text.as_bytes()), &property).ok();
        let minus: bool = arguments.get(2)?;
        let sum = number(&stored).zip(number(&operand)).and_then(|(stored, operand)| {
            if minus { stored.checked_sub(operand) } else { stored.checked_add(operand) }
        });
        // What has too many digits is stored by no column of text, and is greater than all of them.
        Ok(sum.and_then(|sum| store(sum, &property)).map_or_else(|| Value::Blob(Vec::new()), Value::from))
    })
}
